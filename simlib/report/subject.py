"""What is a report about? The results of a run, the comparison made of them, and the language it speaks.

Everything that a chart, a table or a sentence needs is read from here, so that names, colours and the order of
the designs are the same throughout a report.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from simlib.decide.compare import Comparison, compare, zone_in_window
from simlib.report.designs import unit_name
from simlib.report.theme import design_colours
from simlib.report.words import Words, words
from simlib.runs.batch import run
from simlib.runs.results import Results
from simlib.scenario import Scenario, keep_designs, load_scenario

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
"""Where notebooks stand in a checkout."""
BREAK_EVEN_FILE = "break_even.csv"
BREAK_EVEN_COLUMNS = ("design", "path", "nominal", "factor_low", "factor_high", "possible_low", "possible_high")


@dataclass(frozen=True, eq=False)
class Subject:
    """The material of one report."""

    results: Results
    comparison: Comparison
    words: Words
    break_even: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(BREAK_EVEN_COLUMNS)))
    """By rerun: design, path, nominal value, factor below 1 and above 1 at which the verdict's figure changes sides
    (NaN: at none of those tried), and whether the scenario allows such a factor; empty if no reruns were made."""
    named: str = "structure"
    """Group of words in which the designs' names are looked up; those it lacks stay as they are."""

    @property
    def designs(self) -> tuple[str, ...]:
        """Names of the designs, in the order of the scenario."""
        run = set(self.comparison.figures["design"])
        return tuple(name for name in self.results.scenario.designs if name in run)

    @property
    def others(self) -> tuple[str, ...]:
        """The designs that are compared with the baseline."""
        return tuple(name for name in self.designs if name != self.comparison.baseline)

    @property
    def one_world(self) -> bool:
        """Whether a single world was run, so that no figure has an interval."""
        return self.results.replications == 1

    @property
    def colours(self) -> dict[str, str]:
        """Colour by the design's name as shown."""
        return {self.name(design): colour for design, colour in design_colours(self.designs).items()}

    def name(self, design: str) -> str:
        """A design's name as shown: that of its structure in the report's language, or the user's own."""
        return self._names[design]

    def unit(self, unit: str) -> str:
        """A unit's name in the report's language, as far as it is not the user's own."""
        return unit_name(self.words, unit, [stage.name for stage in self.results.scenario.stages])

    def metric(self, metric: str) -> str:
        """A figure's name in the report's language."""
        return self.words.label("metric", metric)

    def means(self, metric: str) -> pd.DataFrame:
        """Mean and interval of one figure, a row per design in order: design, label, value, low, high, unit, text."""
        return self._shown(self._levels.get(metric), self.designs, write=self.words.value)

    def differences(self, metric: str) -> pd.DataFrame:
        """Differences from the baseline in one figure: as `means`, and the columns of the comparison."""
        return self._shown(self._gaps.get(metric), self.others, write=self.words.signed)

    def interval(self, low: float, high: float, unit: str, *, show: Callable[[float, str], str] | None = None) -> str:
        """An interval as `Words.interval` writes it; after one world, that there is none."""
        w = self.words
        return w("interval.one_world") if self.one_world else w.interval(low, high, unit, show=show)

    def value(self, design: str, metric: str) -> float:
        """Mean of a figure over the worlds; NaN if it was not measured."""
        found = self._levels.get(metric)
        return math.nan if found is None or design not in found.index else float(found["mean"][design])

    def measured(self, metrics: Sequence[str]) -> list[str]:
        """Those of the figures that have a value in some design."""
        return [metric for metric in metrics if metric in self._levels and self._levels[metric]["mean"].notna().any()]

    def parts(self, level: str, metric: str) -> pd.DataFrame:
        """Mean over the worlds of a breakdown's metric: design, group, value; what is missing in a world counts 0."""
        found = self.results.breakdown
        found = found[(found["level"] == level) & (found["metric"] == metric)]
        found = found.astype({"design": "object", "group": "object"})
        sums = found.groupby(["design", "group"], sort=False)["value"].sum() / self.results.replications
        return sums.rename("value").reset_index()

    def position_means(self, design: str, metric: str) -> dict[str, float]:
        """Mean of a position's metric over the worlds in which it is defined, by position id."""
        found = self.results.breakdown
        found = found[(found["level"] == "position") & (found["metric"] == metric) & (found["design"] == design)]
        means = found.astype({"group": "object"}).groupby("group", sort=False)["value"].mean().dropna()
        return {str(position): float(value) for position, value in means.items()}

    @cached_property
    def _names(self) -> dict[str, str]:
        return distinct({design: self.words.label(self.named, design) for design in self.results.scenario.designs})

    @cached_property
    def _levels(self) -> dict[str, pd.DataFrame]:
        return _by_metric(self.comparison.figures)

    @cached_property
    def _gaps(self) -> dict[str, pd.DataFrame]:
        return _by_metric(self.comparison.differences)

    def _shown(
        self, found: pd.DataFrame | None, designs: Sequence[str], *, write: Callable[[float, str], str]
    ) -> pd.DataFrame:
        if found is None:
            return pd.DataFrame(columns=["design", "label", "value", "low", "high", "unit", "text"])
        rows = found.loc[[design for design in designs if design in found.index]].reset_index()
        rows = rows.rename(columns={"mean": "value"})
        ends = zip(rows["value"], rows["low"], rows["high"], rows["unit"], strict=True)
        w = self.words
        texts = [
            w("interval.value", value=write(value, unit), interval=self.interval(low, high, unit, show=write))
            for value, low, high, unit in ends
        ]
        return rows.assign(label=[self.name(design) for design in rows["design"]], text=texts)


def by_design(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """The row of each design, from a table with one row per design."""
    return {str(row["design"]): {str(key): value for key, value in row.items()} for row in table.to_dict("records")}


def distinct(labels: Mapping[str, str]) -> dict[str, str]:
    """Labels by name; two names that would be called the same keep their own."""
    taken = Counter([*labels.values(), *(name for name, label in labels.items() if name != label)])
    return {name: label if taken[label] == 1 else name for name, label in labels.items()}


def _by_metric(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {str(metric): rows.set_index("design") for metric, rows in table.groupby("metric", sort=False)}


def open_subject(results: Results, *, baseline: str = "", language: str = "en", folder: str | Path = "") -> Subject:
    """A report's material from results: compared as their scenario says, `baseline` winning over it.

    `folder`: where the results were saved, for the break-even reruns kept beside them. SimlibError for an unknown
    language or baseline.
    """
    scenario = results.scenario
    comparison = compare(
        results,
        baseline=baseline or scenario.baseline,
        zone=zone_in_window(scenario),
        confidence=scenario.compare.confidence,
    )
    speech = words(language, scenario.currency)
    reruns = Path(folder) / BREAK_EVEN_FILE if folder else None
    if reruns is None or not reruns.is_file():
        return Subject(results, comparison, speech)
    return Subject(results, comparison, speech, pd.read_csv(reruns))


def open_results(
    scenario: str, *, folder: str = "", replications: int = 20, seed: int = 1, designs: str = ""
) -> Results:
    """The results saved in `folder`, or, without one, of a run of the scenario file made now.

    `designs`: names parted by commas, the others are left out; empty = all. SimlibError for a design that is not there,
    or a scenario that cannot be run.
    """
    if folder:
        saved = Results.load(Path(folder))
        return only(saved, names_in(designs)) if names_in(designs) else saved
    return run(load_designs(scenario, designs), seed=seed, replications=replications)


def load_designs(scenario: str, designs: str = "") -> Scenario:
    """A scenario file with the designs named, parted by commas; with all of them if none is.

    SimlibError for a design that is not there, or a scenario that cannot be read.
    """
    found, names = load_scenario(scenario_file(scenario)), names_in(designs)
    return keep_designs(found, names) if names else found


def scenario_file(name: str) -> Path:
    """The file of that name as seen from here or, if there is none, from the folder of the notebooks: so they find the
    shipped scenarios wherever papermill is called."""
    shipped = NOTEBOOKS / name
    return shipped if shipped.is_file() and not Path(name).exists() else Path(name)


def names_in(text: str) -> list[str]:
    """Names that are parted by commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def only(results: Results, designs: Sequence[str]) -> Results:
    """The results of some of the designs, in the order named; SimlibError for one that is not there."""
    kept = keep_designs(results.scenario, designs)
    figures, breakdown = (
        table[table["design"].isin(designs)].reset_index(drop=True) for table in (results.figures, results.breakdown)
    )
    organisations = {name: results.organisations[name] for name in kept.designs}
    return replace(results, scenario=kept, figures=figures, breakdown=breakdown, organisations=organisations)
