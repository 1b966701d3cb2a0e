"""Which tables does the report show? Each as rows of text, that become HTML in a report and columns in a terminal."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from simlib.decide.breakeven import money_break_even
from simlib.measure.figures import FIGURES, better_direction
from simlib.report.designs import departures
from simlib.report.findings import VERDICT_IDS
from simlib.report.provenance import Provenance
from simlib.report.subject import Subject, by_design
from simlib.report.table import Table
from simlib.report.words import NONE, Words
from simlib.scenario import Scenario, value_at
from simlib.units import minor_units

Row = Mapping[str, Any]
"""One design's row of `Subject.means` or `Subject.differences`."""
Show = Callable[[float, str], str]
"""Writes a value in a unit."""
GRADES = ("guess", "expert", "literature", "data")
"""Grades of evidence, the weakest first."""
SUMMARY = (
    "contribution",
    "revenue",
    "selling_cost",
    "loss_unsound",
    "coverage",
    "productivity",
    "revenue_per_head",
    "acquisition_cost",
    "cycle_mean_days",
    "win_rate",
    "response_median_hours",
    "response_p90_hours",
    "utilisation",
    "utilisation_managers",
    "load_per_rep",
    "load_per_manager",
    "territory_gini_workload",
    "conflict_hours",
    "conflict_money_direct",
    "conflict_money_channels",
    "conflict_money_total",
    "open_share",
    "book_kept",
    "reps",
    "heads",
)
"""Figures of the report's overview; the others are in the saved results."""


def verdicts(subject: Subject) -> Table:
    """A row per design: the judged figure, its difference from the baseline, how sure that is, and the verdict."""
    w, comparison = subject.words, subject.comparison
    levels, judged = by_design(subject.means(comparison.figure)), by_design(subject.differences(comparison.figure))
    rows = []
    for design in subject.designs:
        level = _with_interval(levels[design], w, w.value)
        if design == comparison.baseline:
            rows.append((subject.name(design), w("verdict.baseline"), level, *[NONE] * 4))
            continue
        row = judged[design]
        rows.append(
            (
                subject.name(design),
                w(VERDICT_IDS[row["verdict"]]),
                level,
                _with_interval(row, w, w.signed),
                w.probability(row["probability_better"]),
                w.probability(row["probability_better_single_year"]),
                _ratio(w, row["variance_ratio"]),
            )
        )
    headers = ("design", "verdict", "figure", "difference", "chance_mean", "chance_single", "variance_ratio")
    figure = subject.metric(comparison.figure)
    shown = tuple(w(f"column.{name}", figure=figure) for name in headers)
    return Table(shown, tuple(rows), words_first=2, notes=_no_interval(subject))


def figures(subject: Subject) -> Table:
    """Figures by design, each with half the width of its interval."""
    w, rows = subject.words, []
    for metric in subject.measured(SUMMARY):
        found = by_design(subject.means(metric))
        cells = [with_half(found.get(design), w, w.value) for design in subject.designs]
        rows.append((subject.metric(metric), *cells))
    total = subject.means("conflict_money_total")["value"]
    gain = (w("tables.conflict_negative"),) if (total < 0).any() else ()
    headers = (w("column.metric"), *map(subject.name, subject.designs))
    return Table(headers, tuple(rows), notes=(*_no_interval(subject), *gain))


def differences(subject: Subject) -> Table:
    """Differences from the baseline by figure, each with half the width of its interval."""
    w, rows = subject.words, []
    for metric in subject.measured(SUMMARY) if subject.others else ():
        found = by_design(subject.differences(metric))
        cells = [with_half(found.get(design), w, w.signed) for design in subject.others]
        rows.append((subject.metric(metric), *cells))
    headers = (w("column.metric"), *map(subject.name, subject.others))
    return Table(headers, tuple(rows), notes=_no_interval(subject))


def targets(subject: Subject) -> Table:
    """Targets of the scenario beside the figures; a mark where the target lies inside the interval."""
    w, rows = subject.words, []
    for metric, target in subject.results.scenario.targets.items():
        found = by_design(subject.means(metric))
        unit = FIGURES[metric].unit if metric in FIGURES else "count"
        cells = []
        for design in subject.designs:
            row = found.get(design, {"low": math.nan, "high": math.nan})
            phrase = "target.met" if row["low"] <= target <= row["high"] else "target.missed"
            cells.append(w(phrase, value=with_half(found.get(design), w, w.value)))
        rows.append((subject.metric(metric), w.value(target, unit), *cells))
    return Table((w("column.metric"), w("column.target"), *map(subject.name, subject.designs)), tuple(rows))


def designs(subject: Subject) -> Table:
    """What each design is: its point on the axes of structure, its people, and what they leave of the budget."""
    w, scenario, rows = subject.words, subject.results.scenario, []
    for design in subject.designs:
        organisation = subject.results.organisations[design]
        axes = organisation.axes
        limits = {role: most for role, most in (axes.authority or {}).items() if most is not None}
        unspent = (organisation.budget_per_year - organisation.payroll_per_year) / minor_units(scenario.currency)
        authority = [f"{w.label('role', role)} {w.money(most)}" for role, most in limits.items()]
        rows.append(
            (
                subject.name(design),
                w.label("partition", axes.partition or NONE),
                w("join.apart").join(departures(w, organisation, scenario)) or NONE,
                w("join.parts").join(authority) or w("value.unlimited"),
                w.number(axes.layers) if axes.layers else NONE,
                w.number(axes.span) if axes.span else NONE,
                w.number(subject.value(design, "reps")),
                w.number(subject.value(design, "heads")),
                w.money(unspent),
            )
        )
    headers = ("design", "partition", "apart", "authority", "layers", "span", "reps", "heads", "unspent")
    return Table(tuple(w(f"column.{name}") for name in headers), tuple(rows), words_first=4)


def evidence(scenario: Scenario, w: Words) -> Table:
    """Assumptions with value, grade and source, the weakest first."""
    graded = sorted(scenario.evidence.items(), key=lambda item: GRADES.index(item[1].grade))
    rows = []
    for path, known in graded:
        ends = (known.low, known.high)
        span = NONE if None in ends else w("interval.from_to", low=f"{ends[0]:g}", high=f"{ends[1]:g}")
        rows.append(
            (
                _parameter(w, path),
                w(f"grade.{known.grade}"),
                known.source,
                _plain_value(w, value_at(scenario, path)),
                span,
            )
        )
    headers = ("parameter", "grade", "source", "value", "range")
    return Table(tuple(w(f"column.{name}") for name in headers), tuple(rows), words_first=3)


def money_factors(subject: Subject) -> Table:
    """By what a price or cost must be multiplied for a design to contribute what the baseline does: exact, no rerun."""
    w = subject.words
    means = {d: {metric: subject.value(d, metric) for metric in FIGURES} for d in subject.designs}
    found = {d: money_break_even(means[d], means[subject.comparison.baseline]) for d in subject.others}
    paths = [each.path for each in next(iter(found.values()), ())]
    rows = []
    for number, path in enumerate(paths):
        factors = [found[design][number].factor for design in subject.others]
        if any(factor is not None for factor in factors):
            rows.append(
                (
                    _parameter(w, path),
                    *(
                        _factor(w, math.nan if factor is None else factor, missing=w("value.never"))
                        for factor in factors
                    ),
                )
            )
    return Table((w("column.parameter"), *map(subject.name, subject.others)), tuple(rows))


def rerun_factors(subject: Subject) -> Table:
    """By what an input must be multiplied for a design and the baseline to change sides, found by reruns."""
    w, rows = subject.words, []
    for row in subject.break_even.to_dict(orient="records"):
        design = str(row.get("design", ""))
        rows.append(
            (
                _parameter(w, str(row["path"])),
                subject.name(design) if design else NONE,
                f"{row['nominal']:g}",
                *(
                    _factor(
                        w,
                        float(row[f"factor_{end}"]),
                        missing=NONE if row[f"possible_{end}"] else w("value.not_possible"),
                    )
                    for end in ("low", "high")
                ),
            )
        )
    headers = ("parameter", "design", "value", "factor_low", "factor_high")
    return Table(tuple(w(f"column.{name}") for name in headers), tuple(rows), words_first=2)


def definitions(subject: Subject) -> Table:
    """What each measured figure means, and which way it is better."""
    w = subject.words
    headers = tuple(w(f"column.{name}") for name in ("metric", "meaning", "better"))
    rows = tuple(
        (subject.metric(metric), w(f"definition.{metric}"), w(f"better.{better_direction(metric)}"))
        for metric in subject.measured(list(FIGURES))
    )
    return Table(headers, rows, words_first=3)


def provenance(stamp: Provenance, w: Words) -> Table:
    """What made the numbers."""
    commit = stamp.commit or NONE
    rows = [
        ("made", f"{w.date(stamp.made.date())} {stamp.made:%H:%M} UTC"),
        ("scenario", stamp.scenario),
        ("hash", stamp.scenario_hash),
        ("seed", str(stamp.seed)),
        ("replications", w.number(stamp.replications)),
        ("commit", w("made.changed", commit=commit) if stamp.changed else commit),
        ("python", stamp.python),
        ("packages", w("join.parts").join(f"{name} {version}" for name, version in stamp.packages.items())),
        ("machine", stamp.machine),
    ]
    named = tuple((w(f"made.{name}"), text) for name, text in rows)
    return Table((w("column.item"), w("column.value")), named, words_first=2)


def _parameter(w: Words, path: str) -> str:
    """A parameter's name and, below, its path."""
    return f"{w.parameter(path)}\n{path}"


def _plain_value(w: Words, value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return NONE if value is None else w("value.yes" if value else "value.no")
    if isinstance(value, int | float):
        return f"{value:g}"
    return value if isinstance(value, str) else NONE


def _no_interval(subject: Subject) -> tuple[str, ...]:
    """Why figures stand alone, where a single world was run."""
    return (subject.words("interval.one_world"),) if subject.one_world else ()


def _with_interval(row: Row, w: Words, show: Show) -> str:
    """A figure and, below, its interval; only the figure if it never varies."""
    text = show(row["value"], row["unit"])
    return (
        f"{text}\n{w.interval(row['low'], row['high'], row['unit'], show=show)}" if row["low"] < row["high"] else text
    )


def with_half(row: Row | None, w: Words, show: Show) -> str:
    """A figure and, below, half the width of its interval, which lies evenly about the mean."""
    if row is None:
        return NONE
    text, half = show(row["value"], row["unit"]), (row["high"] - row["low"]) / 2
    return f"{text}\n{w.half(half, row['unit'])}" if half > 0 else text


def _factor(w: Words, factor: float, *, missing: str) -> str:
    return w("value.times", factor=w.number(factor)) if math.isfinite(factor) else missing


def _ratio(w: Words, ratio: float) -> str:
    return "∞" if math.isinf(ratio) else w.number(ratio, 2)
