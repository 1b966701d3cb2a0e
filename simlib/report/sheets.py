"""Which sheets does a workbook have? Tidy rows of typed cells, the same columns whatever was run.

A readme says what each sheet and column holds; then come figures, differences from the baseline, the breakdown, the
designs, the assumptions with their evidence, and what made the numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import pandas as pd

from simlib.measure.precision import mean_interval
from simlib.report import tables
from simlib.report.findings import VERDICT_IDS
from simlib.report.provenance import Provenance
from simlib.report.subject import Subject
from simlib.report.words import Words
from simlib.scenario import value_at
from simlib.units import minor_units


@dataclass(frozen=True)
class Measure:
    """A number with its unit, by which it is written: `money`, `share`, `count`, …, or `probability`."""

    value: float
    """NaN or infinite where it is undefined: the cell stays empty."""
    unit: str
    kind: Literal["level", "difference"] = "level"
    """A difference is written with its sign."""

    @property
    def defined(self) -> bool:
        """Whether there is a number to write."""
        return math.isfinite(self.value)


Cell: TypeAlias = str | int | float | Measure | None
"""Text, a plain number, a number with a unit, or nothing."""


@dataclass(frozen=True)
class Sheet:
    """Rows under columns, with lines above them where a reader must be told something first."""

    name: str
    """Id of its words: `sheet.NAME` is what it is called."""
    columns: tuple[str, ...]
    """Ids of their words: `field.NAME` is the header, `field_means.NAME` what stands there."""
    rows: tuple[tuple[Cell, ...], ...]
    above: tuple[str, ...] = ()


PART_GROUPS: Mapping[str, tuple[str, ...]] = {
    "stage": ("stage",),
    "activity": ("activity", "stage"),
    "conflict": ("conflict",),
    "pay": ("payslip.kind",),
    "role": ("role",),
}
"""By level of the breakdown, the groups of words in which its parts are looked up; others are the user's own names."""


def workbook_sheets(subject: Subject, made: Provenance) -> tuple[Sheet, ...]:
    """All sheets, the readme first."""
    sheets = (
        _figures(subject),
        _differences(subject),
        _breakdown(subject),
        _designs(subject),
        _assumptions(subject),
        _provenance(subject, made),
    )
    return (_readme(subject, sheets), *sheets)


def _readme(subject: Subject, sheets: tuple[Sheet, ...]) -> Sheet:
    """What each sheet and each of its columns holds."""
    w, scenario = subject.words, subject.results.scenario
    rows: list[tuple[Cell, ...]] = []
    for sheet in sheets:
        rows.append((w(f"sheet.{sheet.name}"), None, w(f"sheet_holds.{sheet.name}")))
        rows += [(w(f"sheet.{sheet.name}"), w(f"field.{c}"), w(f"field_means.{c}")) for c in sheet.columns]
    above = (
        scenario.title or scenario.name,
        w(
            "sheets.window",
            days=w.number(scenario.calendar.horizon_days),
            worlds=w.number(subject.results.replications),
            confidence=w.percent(subject.comparison.confidence, 0),
            currency=scenario.currency,
        ),
        w("interval.one_world") if subject.one_world else w("sheets.empty"),
    )
    return Sheet("readme", ("sheet", "column", "holds"), tuple(rows), above)


def _figures(subject: Subject) -> Sheet:
    """A row a design and figure."""
    found = subject.comparison.figures
    rows: list[tuple[Cell, ...]] = []
    for row in found.to_dict("records"):
        unit = str(row["unit"])
        ends = (Measure(row[end], unit) for end in ("mean", "low", "high"))
        names = (subject.name(row["design"]), subject.metric(row["metric"]), unit_word(subject, unit))
        rows.append((*names, *ends, int(row["n"]), str(row["design"]), str(row["metric"])))
    columns = ("design", "figure", "unit", "mean", "low", "high", "worlds", "design_name", "figure_name")
    return Sheet("figures", columns, tuple(rows))


def _differences(subject: Subject) -> Sheet:
    """A row a design and figure: design minus baseline, world by world. The judged figure comes first."""
    w, comparison = subject.words, subject.comparison
    found = comparison.differences
    judged = found["metric"] == comparison.figure
    rows = []
    for row in pd.concat([found[judged], found[~judged]]).to_dict("records"):
        unit = str(row["unit"])
        rows.append(
            (
                subject.name(row["design"]),
                subject.name(row["baseline"]),
                subject.metric(row["metric"]),
                unit_word(subject, "points" if unit == "share" else unit),
                *(Measure(row[end], unit, "difference") for end in ("mean", "low", "high")),
                w(VERDICT_IDS[row["verdict"]]) if row["verdict"] else None,
                Measure(row["probability_better"], "probability"),
                Measure(row["probability_better_single_year"], "probability"),
                Measure(row["confidence"], "share"),
                int(row["n"]),
                str(row["design"]),
                str(row["metric"]),
            )
        )
    columns = (
        *("design", "baseline", "figure", "unit", "difference", "difference_low", "difference_high", "verdict"),
        *("chance_mean", "chance_single", "confidence", "worlds", "design_name", "figure_name"),
    )
    return Sheet("differences", columns, tuple(rows))


def _breakdown(subject: Subject) -> Sheet:
    """A row a design, part and figure of the part."""
    w, replications = subject.words, subject.results.replications
    table = subject.results.breakdown.astype(dict.fromkeys(("design", "level", "group", "metric"), "object"))
    rows: list[tuple[Cell, ...]] = []
    for key, part in table.groupby(["design", "level", "group", "metric", "unit"], sort=False):
        design, level, group, metric, unit = map(str, key)
        values = [float(value) for value in part["value"]]
        if not is_average(metric, unit):
            values += [0.0] * (replications - len(values))  # a world without the part has nothing of it
        found = mean_interval(values, confidence=subject.comparison.confidence)
        ends = (Measure(end, unit) for end in (found.mean, found.low, found.high))
        named = (subject.name(design), w(f"part_of.{level}"), part_name(subject, level, group))
        measured = (w(f"part_figure.{metric}"), unit_word(subject, unit))
        rows.append((*named, *measured, *ends, found.n, design, group))
    columns = ("design", "part_of", "part", "figure", "unit", "mean", "low", "high", "worlds", "design_name")
    return Sheet("breakdown", (*columns, "part_name"), tuple(rows))


def is_average(metric: str, unit: str) -> bool:
    """Whether a figure of a part is undefined, and not zero, in a world in which the part does not occur."""
    return unit in ("share", "ratio") or metric == "approval_wait_hours"


def part_name(subject: Subject, level: str, group: str) -> str:
    """What a part of the breakdown is called; what the user named stays."""
    if level == "unit":
        return subject.unit(group)
    for words in PART_GROUPS.get(level, ()):
        called = subject.words.label(words, group)
        if called != group:
            return called
    return group


def _designs(subject: Subject) -> Sheet:
    """A row a design: its point on the main axes, its people, and what they leave of the budget."""
    w, results, rows = subject.words, subject.results, []
    minor = minor_units(results.scenario.currency)
    for design in subject.designs:
        organisation = results.organisations[design]
        axes = organisation.axes
        rows.append(
            (
                subject.name(design),
                w("value.yes" if design == subject.comparison.baseline else "value.no"),
                w.label("partition", axes.partition) if axes.partition else None,
                axes.layers,
                axes.span,
                Measure(subject.value(design, "reps"), "count"),
                Measure(subject.value(design, "heads"), "count"),
                Measure(organisation.payroll_per_year / minor, "money"),
                Measure((organisation.budget_per_year - organisation.payroll_per_year) / minor, "money"),
                design,
            )
        )
    columns = ("design", "is_baseline", "partition", "layers", "span", "reps", "heads", "payroll", "unspent")
    return Sheet("designs", (*columns, "design_name"), tuple(rows))


def _assumptions(subject: Subject) -> Sheet:
    """A row a parameter whose evidence is stated, the weakest first."""
    w, scenario = subject.words, subject.results.scenario
    graded = sorted(scenario.evidence.items(), key=lambda item: tables.GRADES.index(item[1].grade))
    rows = []
    for path, known in graded:
        value = _stated(w, value_at(scenario, path))
        rows.append((w.parameter(path), value, known.low, known.high, w(f"grade.{known.grade}"), known.source, path))
    columns = ("parameter", "value", "least", "most", "grade", "source", "path")
    return Sheet("assumptions", columns, tuple(rows))


def _stated(w: Words, value: Any) -> Cell:
    """A parameter's value as a cell; one with parts of its own stays empty."""
    if isinstance(value, bool):
        return w("value.yes" if value else "value.no")
    return value if isinstance(value, str | int | float) else None


def _provenance(subject: Subject, made: Provenance) -> Sheet:
    """What made the numbers, and what was asked of them."""
    w, comparison, scenario = subject.words, subject.comparison, subject.results.scenario
    asked: tuple[tuple[str, Cell], ...] = (
        ("currency", scenario.currency),
        ("window", scenario.calendar.horizon_days),
        ("judged", subject.metric(comparison.figure)),
        ("zone", Measure(comparison.zone, "money")),
        ("confidence", Measure(comparison.confidence, "share")),
    )
    stamped = tables.provenance(made, w).rows
    rows = (*stamped, *((w(f"asked.{name}"), cell) for name, cell in asked))
    return Sheet("provenance", ("item", "stated"), rows)


def unit_word(subject: Subject, unit: str) -> str:
    """A unit's name; money by the scenario's currency."""
    return subject.words(f"unit.{unit}", currency=subject.words.currency)
