"""What the interval of a difference proves, for one comparison and for several at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from simlib.measure.figures import better_direction
from simlib.measure.precision import Interval, checked_confidence, student_below

Verdict = Literal["better", "worse", "no difference that matters", "not yet known"]
Reason = Literal["", "fewer than 20 worlds", "the interval crosses an edge of the zone", "undefined"]
"""Why nothing is known; empty where something is."""

WORLDS_FOR_A_VERDICT = 20
"""Below this the t interval leans on a normality nobody can check (design 4)."""


@dataclass(frozen=True)
class Judgement:
    """The verdict on one difference and the interval it was read from."""

    interval: Interval
    verdict: Verdict
    reason: Reason


def verdict_of(low: float, high: float, zone: float) -> Verdict:
    """What an interval of a difference says, more being better."""
    if low > zone:
        return "better"
    if high < -zone:
        return "worse"
    if low >= -zone and high <= zone:
        return "no difference that matters"
    return "not yet known"


def judge(differences: Sequence[Interval], *, zone: float, confidence: float) -> list[Judgement]:
    """A verdict on each of m differences (more being better), all sharing one error probability a = 1 - confidence.

    Each may prove one of three claims: better (mean > zone), worse (mean < -zone), no difference that matters
    (mean within the zone, by two one-sided tests). Its p is twice the smallest of the claims' one-sided p. Holm's
    step-down: the k-th smallest p is tested at a/(m - k + 1), the first that fails ends the proofs. Testing at a
    level is reading the interval of that confidence, so each judgement carries just that interval (those after the
    first failure carry the failing level's) and `verdict_of` of its ends *is* the verdict, unless the worlds are too
    few.

    Source: Holm (1979); that the direction claimed is covered too: Shaffer (1980), Annals of Statistics 8, 1342-1347,
    for independent differences; differences from a common baseline are checked by simulation in the tests.
    """
    alpha = 1 - checked_confidence(confidence)
    count = len(differences)
    order = sorted(range(count), key=lambda index: _proof(differences[index], zone))
    found: dict[int, Judgement] = {}
    divisor = count
    for index in order:
        judgement = _read(differences[index].at(1 - alpha / divisor), zone)
        found[index] = judgement
        if judgement.verdict != "not yet known":
            divisor = max(divisor - 1, 1)
    return [found[index] for index in range(count)]


def _read(interval: Interval, zone: float) -> Judgement:
    if math.isnan(interval.low):
        return Judgement(interval, "not yet known", "undefined" if interval.n == 0 else "fewer than 20 worlds")
    if interval.n < WORLDS_FOR_A_VERDICT:
        return Judgement(interval, "not yet known", "fewer than 20 worlds")
    verdict = verdict_of(interval.low, interval.high, zone)
    unknown = verdict == "not yet known"
    return Judgement(interval, verdict, "the interval crosses an edge of the zone" if unknown else "")


def _proof(interval: Interval, zone: float) -> tuple[float, float]:
    """Sort key of the step-down: p, then (where p underflows) the proof in standard errors, largest first."""
    freedom, error = interval.n - 1, interval.standard_error
    if interval.n < WORLDS_FOR_A_VERDICT:
        return 2.0, 0.0
    if error == 0:
        return 0.0, -math.inf
    above, below = (interval.mean - zone) / error, (interval.mean + zone) / error
    statistic = max(above, -below, min(-above, below))
    return min(1.0, 2 * student_below(freedom, -statistic)), -statistic


def probabilities_better(difference: Interval, *, metric: str) -> tuple[float, float]:
    """Probability that the true mean difference is better, and that the difference in one further window is.

    Student's t of mean/se, and the predictive t of mean/(sd √(1 + 1/n)), under a flat prior. The second is of *one
    simulated window*: a year only if the window is one. NaN from fewer than two worlds or where neither direction
    is better.
    """
    direction = better_direction(metric)
    if direction == "neither" or difference.n < 2:
        return math.nan, math.nan
    mean = difference.mean if direction == "higher" else -difference.mean
    if difference.standard_error == 0:
        certain = 0.5 if mean == 0 else float(mean > 0)
        return certain, certain
    statistic = mean / difference.standard_error
    # sd √(1 + 1/n) = se √(n + 1)
    single = statistic / math.sqrt(difference.n + 1)
    return student_below(difference.n - 1, statistic), student_below(difference.n - 1, single)
