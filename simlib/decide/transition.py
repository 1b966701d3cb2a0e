"""Does a change of designs pay, and when? Its path against staying, in the same worlds: the dip, the day of pay-back.

The path of a way to change is what it has contributed since the day of the change, less what staying has, added up
from then on. It is paid back when the path is above zero for good, as far as the run can tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simlib.decide.verdict import WORLDS_FOR_A_VERDICT
from simlib.errors import SimlibError
from simlib.measure.precision import Interval, checked_confidence, mean_interval, paired_interval
from simlib.org import build
from simlib.runs.batch import timelines
from simlib.scenario import Scenario, keep_designs, vary
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY
from simlib.world.demand import run_days

Floats = NDArray[np.float64]
RESAMPLES = 2_000
STEP_DAYS = 7.0
LAST_DAYS = 91.0
"""The end of the run in which it is read off what the new design brings a year."""


@dataclass(frozen=True)
class Ways:
    """A change of one design into another, once for each way to go about it."""

    before: str
    after: str
    on_day: float
    """Of the window."""
    waves: tuple[int, ...]
    """In how many waves customers pass, one number for each way."""
    every_days: float


MOST_WAVES = 24
MOST_LETTERS = 140
"""Of each design's name in the name of a way."""


def waves_of(text: str) -> tuple[int, ...]:
    """`1,3` as numbers of waves, each a way to change; SimlibError for anything else."""
    found = []
    for part in text.split(","):
        if not part.strip().isdecimal() or not 1 <= int(part) <= MOST_WAVES:
            raise SimlibError(
                f"--waves: got {part.strip()!r}, must be whole numbers from 1 to {MOST_WAVES} such as 1,3"
            )
        found.append(int(part))
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Path:
    """What a way to change has brought against staying."""

    way: str
    waves: int
    days: Floats
    """Days since the change, rising from 0."""
    sums: Floats
    """Difference added up from the day of the change, shape (worlds, days)."""
    years_gain: Floats
    """By world: difference a year, as in the last quarter of the run."""

    @property
    def mean(self) -> Floats:
        """Mean over the worlds, by day."""
        return np.asarray(self.sums.mean(axis=0))

    def interval(self, step: int) -> Interval:
        """Mean and interval of one day."""
        return mean_interval(self.sums[:, step].tolist())


@dataclass(frozen=True)
class PayBack:
    """When a change is paid back, in days after it; infinite = not within the run."""

    day: float
    """By the mean over all worlds."""
    low: float
    high: float
    """95% interval over resampled worlds (Efron 1979)."""
    share: float
    """Share of resampled sets of worlds that are paid back within the run."""


def followed(scenario: Scenario, ways: Ways, *, seed: int, replications: int, workers: int = 1) -> list[Path]:
    """The path of each way to change, all in the same worlds.

    Raises ScenarioError or DesignError if the change does not fit the scenario.
    """
    if ways.before == ways.after:
        raise SimlibError(f"TO: got {ways.after!r}, must be another design than FROM")
    names = [_name(ways, waves) for waves in ways.waves]
    try:
        tried = _with_ways(scenario, ways, names)
        for name in names:
            build(name, tried)
    except SimlibError as error:
        raise _at_option(error, ways, names) from None
    start = tried.calendar.warm_up_days + ways.on_day
    days = np.append(np.arange(0.0, run_days(tried) - start, STEP_DAYS), run_days(tried) - start)
    edges_h = (start + days) * HOURS_PER_DAY
    found = timelines(tried, edges_h, seed=seed, replications=replications, workers=workers)
    late = days[:-1] >= max(days[-1] - LAST_DAYS, 0.0)
    paths = []
    for name, waves in zip(names, ways.waves, strict=True):
        difference = found[name] - found[ways.before]
        sums = np.concatenate([np.zeros((replications, 1)), difference.cumsum(axis=1)], axis=1)
        years = np.diff(days)[late].sum() / DAYS_PER_YEAR
        paths.append(Path(name, waves, days, sums, difference[:, late].sum(axis=1) / years))
    return paths


@dataclass(frozen=True)
class Between:
    """How much more one way to change has brought by the end of the run than another."""

    waves: int
    against: int
    interval: Interval
    """Of the paired difference."""

    @property
    def told_apart(self) -> bool:
        """Whether the interval leaves zero out, from enough worlds for a verdict."""
        return self.interval.n >= WORLDS_FOR_A_VERDICT and not self.interval.contains(0.0)


def between(paths: Sequence[Path], *, confidence: float) -> list[Between]:
    """Every further way against the first, world by world; the intervals share one error probability (Bonferroni)."""
    if len(paths) < 2:
        return []
    first, *others = paths
    level = 1 - (1 - checked_confidence(confidence)) / len(others)
    ends = [paired_interval(each.sums[:, -1], first.sums[:, -1], confidence=level) for each in others]
    return [Between(each.waves, first.waves, interval) for each, interval in zip(others, ends, strict=True)]


def _name(ways: Ways, waves: int) -> str:
    """Of the design that changes, no longer than a name may be."""
    return f"{ways.before[:MOST_LETTERS]} to {ways.after[:MOST_LETTERS]}, {waves}"


def _with_ways(scenario: Scenario, ways: Ways, names: Sequence[str]) -> Scenario:
    """The scenario with a design for each way to change, beside the two."""
    stay = {f"designs.{name}.becomes": None for name, design in scenario.designs.items() if design.becomes}
    pair = keep_designs(vary(scenario, stay), dict.fromkeys((ways.before, ways.after)))
    designs: dict[str, Any] = {}
    for name, waves in zip(names, ways.waves, strict=True):
        change = {"design": ways.after, "on_day": ways.on_day, "waves": waves, "every_days": ways.every_days}
        stated: Mapping[str, Any] = pair.designs[ways.before].model_dump()
        designs[name] = {**stated, "becomes": change}
    both = {name: {**design.model_dump(), "becomes": None} for name, design in pair.designs.items()}
    return vary(pair, {"designs": {**both, **designs}})


def _at_option(error: SimlibError, ways: Ways, names: Sequence[str]) -> SimlibError:
    """What is wrong with a way to change, at the option that asked for it."""
    text = str(error)
    for name, waves in zip(names, ways.waves, strict=True):
        text = text.replace(f"designs.{name}.becomes.waves", f"--waves {waves}")
        text = text.replace(f"designs.{name}.becomes", f"--waves {waves}")
    return SimlibError(text)


def pay_back(path: Path, *, seed: int) -> PayBack:
    """When the mean path is above zero for good; linear between its days."""
    count = len(path.sums)
    rows = np.random.default_rng(seed).integers(0, count, (RESAMPLES, count))
    weights = np.stack([np.bincount(row, minlength=count) for row in rows]) / count
    drawn = np.array([_regained(path.days, mean) for mean in weights @ path.sums])
    low, high = np.quantile(drawn, [0.025, 0.975], method="inverted_cdf").tolist()
    return PayBack(_regained(path.days, path.mean), low, high, float(np.isfinite(drawn).mean()))


def _regained(days: Floats, mean: Floats) -> float:
    """The day from which on a path is never below zero; infinite if it ends below."""
    below = np.flatnonzero(mean < 0)
    if not len(below):
        return 0.0
    last = int(below[-1])
    if last + 1 == len(mean):
        return float("inf")
    share = -mean[last] / (mean[last + 1] - mean[last])
    return float(days[last] + share * (days[last + 1] - days[last]))
