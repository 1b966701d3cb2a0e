"""Which design is better than the baseline: paired differences over the same worlds, and a verdict in words.

Every design meets the same worlds, so each difference is taken world by world. One figure carries the
verdict; all others are shown with their intervals and judge nothing.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simlib.decide.verdict import Judgement, judge, probabilities_better
from simlib.errors import SimlibError
from simlib.measure.figures import better_direction
from simlib.measure.precision import Interval, checked_confidence, mean_interval, paired_interval
from simlib.units import DAYS_PER_YEAR

if TYPE_CHECKING:
    from simlib.scenario.schema import Scenario

Series: TypeAlias = NDArray[np.float64]
"""One value a world, NaN where undefined."""

FIGURE_COLUMNS = ("design", "metric", "unit", "mean", "low", "high", "n")
DIFFERENCE_COLUMNS = (
    *("design", "baseline", "metric", "unit", "mean", "low", "high", "confidence", "n"),
    *("probability_better", "probability_better_single_year", "verdict", "reason", "variance_ratio"),
)
JSON_DIFFERENCE = (
    *("design", "baseline", "metric", "unit", "mean", "low", "high"),
    *("probability_better", "probability_better_single_year", "verdict"),
)


class Runs(Protocol):
    """What `compare` reads of the results of a run."""

    @property
    def figures(self) -> pd.DataFrame:
        """Tidy: design, replication, metric, value, unit; a replication is the same world in every design."""


@dataclass(frozen=True)
class RunFacts:
    """What a reader must know of the run behind a comparison."""

    scenario: str
    hash: str
    seed: int
    replications: int
    currency: str


@dataclass(frozen=True, eq=False)
class Comparison:
    """Every design's figures, and how they differ from the baseline's.

    `figures`: design, metric, unit, mean, low, high, n, at `confidence`.

    `differences` (design minus baseline, one row a design and metric): mean, low, high, the `confidence` of these
    ends, n; `probability_better` that the true mean is better, `probability_better_single_year` that one simulated
    window is (whatever its length), both NaN where no direction is better, a tie counted half; `verdict` and
    `reason` on the judged figure only (None elsewhere); `variance_ratio`, the variance the difference would have
    over different worlds divided by the one it has over the same ones (infinite if the difference never varies).
    """

    baseline: str
    figure: str
    """The figure that carries the verdict."""
    zone: float
    """Differences up to this much either way do not matter, in the figure's own unit, for the window."""
    confidence: float
    figures: pd.DataFrame
    differences: pd.DataFrame

    def to_json(self, facts: RunFacts) -> dict[str, Any]:
        """The object that `compare --json` prints; what is undefined or infinite is None."""
        return {
            "scenario": facts.scenario,
            "hash": facts.hash,
            "seed": facts.seed,
            "replications": facts.replications,
            "confidence": self.confidence,
            "currency": facts.currency,
            "zone": self.zone,
            "figures": _records(self.figures, FIGURE_COLUMNS[:-1]),
            "differences": _records(self.differences, JSON_DIFFERENCE),
        }


def zone_in_window(scenario: Scenario) -> float:
    """The scenario's yearly zone of indifference, in proportion to the length of its window."""
    return scenario.compare.zone_per_year * scenario.calendar.horizon_days / DAYS_PER_YEAR


def compare(
    results: Runs, *, baseline: str, zone: float, confidence: float = 0.95, figure: str = "contribution"
) -> Comparison:
    """Compare every design with the baseline on every figure, with a verdict on one.

    `zone` is in the figure's own unit, for the window (`zone_in_window`). The verdicts share one error
    probability, 1 - confidence (`judge`); the other figures' intervals each have `confidence` by themselves.

    Raises SimlibError for a design or figure that is not in the results, a negative zone, a confidence
    outside (0, 1), an infinite value, or two values of one figure in one world.
    """
    checked_confidence(confidence)
    if not (math.isfinite(zone) and zone >= 0):
        raise SimlibError(f"zone: got {zone}, must be 0 or more, in the unit of {figure}")
    table = results.figures
    designs, metrics = _names(table, "design"), _names(table, "metric")
    _known("baseline", baseline, designs)
    _known("figure", figure, metrics)
    direction = better_direction(figure)
    if direction == "neither":
        raise SimlibError(
            f"figure: got {figure!r}, must be one of which more, or less, is better, such as contribution"
        )

    values = _by_world(table)
    first = table.drop_duplicates("metric")
    units = {str(metric): str(unit) for metric, unit in zip(first["metric"], first["unit"], strict=True)}
    others = [design for design in designs if design != baseline]
    figure_rows: list[dict[str, Any]] = []
    difference_rows: list[dict[str, Any]] = []
    for metric in metrics:
        series = {design: _column(values, metric, design) for design in designs}
        for design in designs:
            found = mean_interval(series[design], confidence=confidence)
            figure_rows.append({"design": design, "metric": metric, "unit": units[metric], **_ends(found)})
        paired = [paired_interval(series[design], series[baseline], confidence=confidence) for design in others]
        judged: list[Judgement] | None = None
        if metric == figure:
            lower = direction == "lower"
            judged = judge([-each if lower else each for each in paired], zone=zone, confidence=confidence)
            paired = [-each.interval if lower else each.interval for each in judged]
        for index, (design, interval) in enumerate(zip(others, paired, strict=True)):
            mean_better, single_better = probabilities_better(interval, metric=metric)
            difference_rows.append(
                {
                    "design": design,
                    "baseline": baseline,
                    "metric": metric,
                    "unit": units[metric],
                    **_ends(interval),
                    "confidence": interval.confidence,
                    "probability_better": mean_better,
                    "probability_better_single_year": single_better,
                    "verdict": judged[index].verdict if judged else None,
                    "reason": judged[index].reason if judged else None,
                    "variance_ratio": variance_ratio(series[design], series[baseline]),
                }
            )
    differences = pd.DataFrame(difference_rows, columns=list(DIFFERENCE_COLUMNS))
    for column in ("verdict", "reason"):
        # As objects, or pandas would turn None among words into NaN.
        differences[column] = pd.Series([row[column] for row in difference_rows], dtype="object")
    return Comparison(
        baseline=baseline,
        figure=figure,
        zone=zone,
        confidence=confidence,
        figures=pd.DataFrame(figure_rows, columns=list(FIGURE_COLUMNS)),
        differences=differences,
    )


def variance_ratio(values: Series, others: Series) -> float:
    """Variance of the difference had the worlds been different ones, divided by that over the same worlds.

    What pairing saves: so many times as many worlds would be needed without it. Infinite if the
    difference never varies, NaN if the values do not vary either or fewer than two worlds are defined.
    """
    both = ~(np.isnan(values) | np.isnan(others))
    if both.sum() < 2:
        return math.nan
    first, second = values[both], others[both]
    unpaired = _variance(first) + _variance(second)
    paired = _variance(first - second)
    if paired == 0:
        return math.inf if unpaired > 0 else math.nan
    return unpaired / paired


def _variance(values: Series) -> float:
    return 0.0 if values.min() == values.max() else float(values.var(ddof=1))


def _ends(interval: Interval) -> dict[str, Any]:
    return {"mean": interval.mean, "low": interval.low, "high": interval.high, "n": interval.n}


def _names(table: pd.DataFrame, column: str) -> list[str]:
    return [str(name) for name in pd.unique(table[column].astype("object"))]


def _known(place: str, name: str, names: Sequence[str]) -> None:
    if name in names:
        return
    near = difflib.get_close_matches(name, names, n=1)
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    raise SimlibError(
        f"{place}: got {name!r}, must be one of {', '.join(names) or 'none, the results are empty'}{hint}"
    )


def _by_world(table: pd.DataFrame) -> pd.DataFrame:
    """Rows are worlds, columns are (metric, design)."""
    keys = ["replication", "metric", "design"]
    double = table.duplicated(keys)
    if double.any():
        row = table.loc[double].iloc[0]
        raise SimlibError(
            f"figures: got {row['metric']} of {row['design']} twice in replication {row['replication']}, "
            "must be once for each world; were two runs joined?"
        )
    infinite = np.isinf(table["value"].to_numpy(dtype=np.float64))
    if infinite.any():
        row = table.loc[infinite].iloc[0]
        raise SimlibError(
            f"figures: got {row['value']} for {row['metric']} of {row['design']} in replication {row['replication']}, "
            "must be finite, or NaN where undefined"
        )
    plain = table.astype({"metric": "object", "design": "object"})
    return plain.pivot(index="replication", columns=["metric", "design"], values="value")


def _column(values: pd.DataFrame, metric: str, design: str) -> Series:
    if (metric, design) not in values.columns:
        return np.full(len(values), np.nan)
    return values[(metric, design)].to_numpy(dtype=np.float64)


def _records(table: pd.DataFrame, columns: Sequence[str]) -> list[dict[str, Any]]:
    records = table[list(columns)].to_dict(orient="records")
    return [{str(key): _json_value(value) for key, value in record.items()} for record in records]


def _json_value(value: Any) -> Any:
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value
