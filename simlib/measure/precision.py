"""How sure a figure is: intervals over independent runs, when to stop, what to cut off, several questions at once.

A value that is NaN is undefined in its run and is left out; `n` counts what remains. From no value
there is neither mean nor interval (NaN); from one there is a mean and no interval; if all values are
exactly equal the interval is that point.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, stdtr, stdtrit

from simlib.errors import SimlibError

Values: TypeAlias = Sequence[float] | NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """A mean and the ends of its interval, in the unit of the values."""

    mean: float
    low: float
    high: float
    n: int
    """Values it rests on."""
    standard_error: float
    confidence: float

    @property
    def half_width(self) -> float:
        """Half of the distance between the ends."""
        return (self.high - self.low) / 2

    def contains(self, value: float) -> bool:
        """Whether the value lies between the ends; never, if there is no interval."""
        return self.low <= value <= self.high

    def __neg__(self) -> Interval:
        """The interval of the values with their sign turned."""
        return Interval(-self.mean, -self.high, -self.low, self.n, self.standard_error, self.confidence)

    def at(self, confidence: float) -> Interval:
        """The same mean with the ends of another confidence."""
        half = student_quantile(self.n - 1, (1 + checked_confidence(confidence)) / 2) * self.standard_error
        return Interval(self.mean, self.mean - half, self.mean + half, self.n, self.standard_error, confidence)


@dataclass(frozen=True)
class QuantileInterval:
    """A quantile and the order statistics around it."""

    quantile: float
    low: float
    high: float
    n: int
    coverage: float
    """Exact probability that the ends cover the quantile of a continuous distribution; NaN without an interval."""


def checked_confidence(confidence: float) -> float:
    """The confidence itself; SimlibError unless it lies strictly between 0 and 1."""
    if not 0 < confidence < 1:
        raise SimlibError(f"confidence: got {confidence}, must lie between 0 and 1, such as 0.95")
    return confidence


def defined(values: Values) -> NDArray[np.float64]:
    """The values that are not NaN; SimlibError if one is infinite."""
    array = np.asarray(values, dtype=np.float64)
    array = array[~np.isnan(array)]
    if np.isinf(array).any():
        raise SimlibError("values: got an infinite one, must be finite, or NaN where undefined")
    return array


def student_quantile(freedom: float, probability: float) -> float:
    """Quantile of Student's t; NaN below one degree of freedom."""
    return float(stdtrit(freedom, probability)) if freedom >= 1 else math.nan


def student_below(freedom: float, statistic: float) -> float:
    """P(T <= statistic) of Student's t; NaN below one degree of freedom."""
    return float(stdtr(freedom, statistic)) if freedom >= 1 else math.nan


def mean_interval(values: Values, *, confidence: float = 0.95) -> Interval:
    """Mean of independent values with Student's t interval.

    Source: Law, *Simulation Modeling and Analysis*, replication/deletion approach. Raises SimlibError
    for an infinite value or a confidence outside (0, 1).
    """
    data = defined(values)
    n = len(data)
    if n == 0:
        mean = error = math.nan
    elif n == 1:
        mean, error = float(data[0]), math.nan
    elif data.min() == data.max():
        # Summing equal floats may leave a rounding error, and with it a variance that is not there.
        mean, error = float(data[0]), 0.0
    else:
        mean, error = float(data.mean()), float(data.std(ddof=1)) / math.sqrt(n)
    return Interval(mean, math.nan, math.nan, n, error, confidence).at(confidence)


def paired_interval(values: Values, others: Values, *, confidence: float = 0.95) -> Interval:
    """Mean of `values - others` over the same worlds, with the paired t interval.

    The k-th value and the k-th other belong to the same world; a world in which either is undefined is
    left out. Raises SimlibError if they differ in number.
    """
    first, second = np.asarray(values, dtype=np.float64), np.asarray(others, dtype=np.float64)
    if first.shape != second.shape:
        raise SimlibError(f"others: got {second.size} values for {first.size}, must be one for each world")
    return mean_interval(first - second, confidence=confidence)


def order_coverage(n: int, *, low_rank: int, high_rank: int, quantile: float = 0.5) -> float:
    """P(order statistic `low_rank` <= quantile < order statistic `high_rank`) of n values; ranks count from 1.

    Ranks 0 and n + 1 stand for minus and plus infinity.
    """
    upper = 1.0 if high_rank > n else float(bdtr(high_rank - 1, n, quantile))
    lower = 0.0 if low_rank < 1 else float(bdtr(low_rank - 1, n, quantile))
    return upper - lower


def quantile_interval(values: Values, *, quantile: float = 0.5, confidence: float = 0.95) -> QuantileInterval:
    """A quantile with the narrowest order statistics that leave at most (1 - confidence)/2 out on either side.

    Free of any distribution (Conover, *Practical Nonparametric Statistics*, 3.2). Too few values for
    the confidence: the ends are NaN.
    """
    if not 0 < quantile < 1:
        raise SimlibError(f"quantile: got {quantile}, must lie between 0 and 1")
    tail = (1 - checked_confidence(confidence)) / 2
    data = np.sort(defined(values))
    n = len(data)
    if n == 0:
        return QuantileInterval(math.nan, math.nan, math.nan, 0, math.nan)
    below = bdtr(np.arange(n), n, quantile)
    low_rank = int(np.searchsorted(below, tail, side="right"))
    high_rank = int(np.searchsorted(below, 1 - tail, side="left")) + 1
    point = float(np.quantile(data, quantile))
    if low_rank < 1 or high_rank > n:
        return QuantileInterval(point, math.nan, math.nan, n, math.nan)
    coverage = order_coverage(n, low_rank=low_rank, high_rank=high_rank, quantile=quantile)
    return QuantileInterval(point, float(data[low_rank - 1]), float(data[high_rank - 1]), n, coverage)


def ratio_interval(numerators: Values, denominators: Values, *, confidence: float = 0.95) -> Interval:
    """Sum of numerators over sum of denominators, by the jackknife, with its t interval.

    For a ratio of means over runs (cost per customer, share of needs touched); the mean of the runs'
    own ratios would be another, biased number. Pairs with an undefined side are left out; a ratio by
    zero is undefined. Source: Law, *Simulation Modeling and Analysis*, 9.5.3 (regenerative form).
    """
    top, bottom = np.asarray(numerators, dtype=np.float64), np.asarray(denominators, dtype=np.float64)
    if top.shape != bottom.shape:
        raise SimlibError(f"denominators: got {bottom.size} values for {top.size}, must be one for each numerator")
    both = ~(np.isnan(top) | np.isnan(bottom))
    top, bottom = defined(top[both]), defined(bottom[both])
    n = len(top)
    if n == 0 or bottom.sum() == 0:
        return mean_interval([], confidence=confidence)
    whole = top.sum() / bottom.sum()
    if n == 1:
        return mean_interval([whole], confidence=confidence)
    left = bottom.sum() - bottom
    if (left == 0).any():
        return Interval(float(whole), math.nan, math.nan, n, math.nan, confidence)
    return mean_interval(n * whole - (n - 1) * (top.sum() - top) / left, confidence=confidence)


def replications_needed(pilot: Values, *, half_width: float, confidence: float = 0.95) -> int:
    """Runs needed for a half-width, judging by the variance of a pilot of at least two runs.

    Source: Law, *Simulation Modeling and Analysis*, 9.4.1 (absolute precision). Never fewer than two.
    """
    found = mean_interval(pilot, confidence=confidence)
    if found.n < 2:
        raise SimlibError(f"pilot: got {found.n} defined values, must be at least 2 to judge their spread")
    if not half_width > 0:
        raise SimlibError(f"half_width: got {half_width}, must be above 0")
    deviation = found.standard_error * math.sqrt(found.n)

    def enough(n: int) -> bool:
        return student_quantile(n - 1, (1 + confidence) / 2) * deviation <= half_width * math.sqrt(n)

    high = 2
    while not enough(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return max(high, 2)


def stop_when_precise(
    values: Iterable[float], *, relative_half_width: float = 0.05, at_least: int = 10, confidence: float = 0.95
) -> Interval | None:
    """Take values one by one until the interval is narrow enough; None if they run out before.

    Stops at the first n >= `at_least` with half-width / |mean| <= g/(1 + g), g = `relative_half_width`:
    then the mean's error is at most g of the *true* mean (Law, *Simulation Modeling and Analysis*,
    9.4.1, sequential procedure). Values may be a generator that simulates: no more are taken than needed.
    """
    if not 0 < relative_half_width < 1:
        raise SimlibError(f"relative_half_width: got {relative_half_width}, must lie between 0 and 1")
    wanted = relative_half_width / (1 + relative_half_width)
    quantile = (1 + checked_confidence(confidence)) / 2
    n, mean, squares = 0, 0.0, 0.0
    for value in values:
        if math.isnan(value):
            continue
        n += 1
        step = value - mean
        mean += step / n
        squares += step * (value - mean)
        if n < max(at_least, 2):
            continue
        error = math.sqrt(squares / (n - 1) / n)
        if student_quantile(n - 1, quantile) * error <= wanted * abs(mean):
            return Interval(mean, math.nan, math.nan, n, error, confidence).at(confidence)
    return None


def warm_up_cut(values: Values, *, batch: int = 5) -> int:
    """How many first values to cut off, so that what remains is least disturbed by the start (MSER-5).

    Minimises, over cuts d of whole batches with d <= n/2, the sum of squared deviations of the batch
    means kept divided by the square of their number; the smallest such d. A result near n/2 says that the run is
    too short to tell. Source: White, Cobb & Spratt (2000), *A comparison of five steady-state truncation heuristics*.
    """
    data = np.asarray(values, dtype=np.float64)
    if not np.isfinite(data).all():
        raise SimlibError("values: got one that is not finite, must be a series without gaps")
    count = len(data) // batch
    means = data[: count * batch].reshape(count, batch).mean(axis=1).tolist()
    longest = len(data) // 2 // batch
    best_cut, best = 0, math.inf
    mean, squares = 0.0, 0.0
    for kept, value in enumerate(reversed(means), start=1):
        cut = count - kept
        step = value - mean
        mean += step / kept
        squares += step * (value - mean)
        score = squares / kept**2
        if cut <= longest and score <= best:
            best_cut, best = cut, score
    return best_cut * batch


def holm(p_values: Values) -> NDArray[np.float64]:
    """p-values adjusted for asking several questions at once, in the order given.

    The k-th smallest of m is multiplied by m - k + 1, made rising, and capped at 1; rejecting where the
    result is at most alpha errs at all with probability at most alpha, however the questions depend on
    each other. Source: Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
    """
    p = np.asarray(p_values, dtype=np.float64)
    if not ((p >= 0) & (p <= 1)).all():
        raise SimlibError(f"p_values: got {p.tolist()}, each must lie between 0 and 1")
    order = np.argsort(p, kind="stable")
    adjusted = np.minimum(1.0, np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)))
    result = np.empty_like(p)
    result[order] = adjusted
    return result
