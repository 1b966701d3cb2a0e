"""Statistics of runs against answers known in advance (the books' own, or worked out beside the test)."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simlib.errors import SimlibError
from simlib.measure.precision import (
    holm,
    mean_interval,
    order_coverage,
    paired_interval,
    quantile_interval,
    ratio_interval,
    replications_needed,
    stop_when_precise,
    student_below,
    warm_up_cut,
)

numbers = st.floats(-1e6, 1e6)


def test_mean_interval_known() -> None:
    """1..10: mean 5.5, half-width t(9, .975) √(9.1667/10) = 2.165851."""
    found = mean_interval(range(1, 11))
    assert found.mean == 5.5
    assert found.half_width == pytest.approx(2.165851, abs=5e-7)
    assert found.contains(5.5)
    assert not found.contains(8)


def test_mean_interval_of_none() -> None:
    """Nothing defined: no mean, no interval, and it contains nothing."""
    found = mean_interval([math.nan, math.nan])
    assert found.n == 0
    assert all(map(math.isnan, (found.mean, found.low, found.high)))
    assert not found.contains(0)


def test_mean_interval_of_one() -> None:
    """One value has a mean, but tells nothing of its spread; the undefined one beside it does not count."""
    found = mean_interval([7, math.nan])
    assert (found.n, found.mean) == (1, 7)
    assert math.isnan(found.low)
    assert not found.contains(7)


def test_mean_interval_of_equals() -> None:
    """Equal values give exactly that point, although summing 0.1 ten times does not give 1."""
    found = mean_interval([0.1] * 10)
    assert (found.mean, found.low, found.high) == (0.1, 0.1, 0.1)


@pytest.mark.parametrize("confidence", [0, 1, 1.5, math.nan, 95])
def test_confidence_is_checked(confidence: float) -> None:
    """95 for 0.95 is a common slip: refused by name."""
    with pytest.raises(SimlibError, match="confidence: got"):
        mean_interval([1, 2], confidence=confidence)


def test_infinite_is_refused() -> None:
    """An infinite value is a fault upstream (a division by zero), not something to average."""
    with pytest.raises(SimlibError, match="infinite"):
        mean_interval([1, math.inf])


def test_interval_covers() -> None:
    """Of 4000 intervals at 90% from normal samples of 5, 90% contain the true mean: within 4 binomial errors."""
    rng = np.random.default_rng(7)
    hits = sum(mean_interval(row, confidence=0.9).contains(0) for row in rng.normal(size=(4000, 5)))
    assert abs(hits / 4000 - 0.9) < 4 * math.sqrt(0.9 * 0.1 / 4000)


@given(st.lists(numbers, min_size=2, max_size=30), st.floats(0.1, 0.9))
def test_more_confidence_is_wider(values: list[float], confidence: float) -> None:
    """A more confident interval contains the less confident one, whose middle is the mean."""
    narrow = mean_interval(values, confidence=confidence)
    wide = narrow.at((1 + confidence) / 2)
    assert wide.low <= narrow.low <= narrow.mean <= narrow.high <= wide.high


@given(st.lists(numbers, min_size=2, max_size=30))
def test_turned_sign(values: list[float]) -> None:
    """Turning every value's sign turns the interval."""
    turned, found = -mean_interval(values), mean_interval([-value for value in values])
    assert (turned.low, turned.mean, turned.high) == pytest.approx((found.low, found.mean, found.high))


def test_paired_known() -> None:
    """d = 2, 1, 3, 0, 4: 2 ± 1.963243, and P(mean > 0) one-sided .976290."""
    base = [10.0, 20.0, 30.0, 40.0, 50.0]
    found = paired_interval([12, 21, 33, 40, 54], base)
    assert found.mean == 2
    assert found.half_width == pytest.approx(1.963243, abs=5e-7)
    assert student_below(4, found.mean / found.standard_error) == pytest.approx(0.976290, abs=5e-7)


def test_paired_leaves_out_half_pairs() -> None:
    """A world in which one side is undefined has no difference."""
    assert paired_interval([1, math.nan, 5], [0, 1, math.nan]).n == 1


def test_paired_must_match() -> None:
    """Values that cannot be paired are refused."""
    with pytest.raises(SimlibError, match="one for each world"):
        paired_interval([1, 2], [1])


def test_quantile_known() -> None:
    """Median of 20 between order statistics 6 and 15: coverage .958611."""
    assert order_coverage(20, low_rank=6, high_rank=15) == pytest.approx(0.958611, abs=5e-7)
    found = quantile_interval([float(value) for value in range(20, 0, -1)])
    assert (found.low, found.quantile, found.high) == (6, 10.5, 15)
    assert found.coverage == pytest.approx(0.958611, abs=5e-7)


def test_quantile_needs_enough() -> None:
    """Of 5 values even the extremes cover the median with 93.75% only: no interval at 95%, but one at 90%."""
    assert math.isnan(quantile_interval([1, 2, 3, 4, 5]).low)
    found = quantile_interval([1, 2, 3, 4, 5], confidence=0.9)
    assert (found.low, found.high, found.coverage) == (1, 5, 0.9375)
    assert quantile_interval([]).n == 0


@given(st.integers(1, 200), st.floats(0.05, 0.95), st.floats(0.5, 0.99))
def test_quantile_interval_is_narrowest(n: int, quantile: float, confidence: float) -> None:
    """The ends miss the quantile with at most (1 - confidence)/2 on either side, and one rank closer would not."""
    found = quantile_interval([float(rank) for rank in range(1, n + 1)], quantile=quantile, confidence=confidence)
    if math.isnan(found.low):
        return
    tail = (1 - confidence) / 2
    low, high = int(found.low), int(found.high)
    assert found.coverage >= confidence - 1e-12
    assert order_coverage(n, low_rank=low + 1, high_rank=n + 1, quantile=quantile) < 1 - tail + 1e-12
    assert order_coverage(n, low_rank=0, high_rank=high - 1, quantile=quantile) < 1 - tail + 1e-12


def test_ratio_known() -> None:
    """Jackknife of 24/72 over five runs: .336847 ± .075913."""
    found = ratio_interval([3, 5, 2, 8, 6], [10, 15, 9, 20, 18])
    assert found.mean == pytest.approx(0.336847, abs=5e-7)
    assert found.half_width == pytest.approx(0.075913, abs=5e-7)


def test_ratio_undefined() -> None:
    """Nothing by nothing is undefined; an incomplete pair is left out; one pair has no interval."""
    assert ratio_interval([0, 0], [0, 0]).n == 0
    found = ratio_interval([1, math.nan], [2, 3])
    assert (found.n, found.mean) == (1, 0.5)
    assert math.isnan(ratio_interval([1, 1], [2, 0]).low)


@given(st.lists(st.floats(1, 1e3), min_size=2, max_size=20), st.floats(0.1, 10))
def test_ratio_of_proportional(denominators: list[float], ratio: float) -> None:
    """Where every pair has the same ratio, that is the answer, without doubt."""
    found = ratio_interval([ratio * value for value in denominators], denominators)
    assert found.mean == pytest.approx(ratio)
    assert found.half_width == pytest.approx(0, abs=1e-8 * ratio)


def test_stop_known() -> None:
    """13, 7, 13, ... to 5% of the true mean (4.76% of the sample's): stops at n = 156, half-width .476001."""
    found = stop_when_precise(itertools.cycle([13.0, 7.0]), relative_half_width=0.05, at_least=10)
    assert found is not None
    assert found.n == 156
    assert found.half_width == pytest.approx(0.476001, abs=5e-7)


def test_stop_takes_no_more_than_needed() -> None:
    """The values may come from a simulation: none is taken after the stop; too few give no answer."""
    source = iter([5.0] * 20)
    assert stop_when_precise(source, at_least=10) is not None
    assert len(list(source)) == 10
    assert stop_when_precise([1.0, 100.0, math.nan] * 4) is None


def test_replications_needed() -> None:
    """The number is the smallest whose half-width, at the pilot's spread, is small enough."""
    pilot = [3.0, 5.0, 4.0, 8.0, 5.0]
    deviation = float(np.std(pilot, ddof=1))
    n = replications_needed(pilot, half_width=0.5)
    widths = [mean_interval([0.0] * (k - 1) + [1.0]).half_width for k in (n - 1, n)]
    spreads = [deviation * math.sqrt(k) for k in (n - 1, n)]  # sd of (0, …, 0, 1) is 1/√k
    assert widths[0] * spreads[0] > 0.5 >= widths[1] * spreads[1]
    assert replications_needed([2.0, 2.0], half_width=0.1) == 2
    with pytest.raises(SimlibError, match="at least 2"):
        replications_needed([1.0], half_width=0.1)


def test_warm_up_known() -> None:
    """A decaying start is cut at 35, a step of 100 values exactly at its end."""
    assert warm_up_cut([10 * 0.9**i + (-1) ** i for i in range(1000)]) == 35
    assert warm_up_cut([5.0] * 100 + [(-1.0) ** i for i in range(900)]) == 100


def test_warm_up_limits() -> None:
    """A constant series needs no cut; one that never settles is cut at half; a series with a gap is refused."""
    assert warm_up_cut([3.0] * 50) == 0
    assert warm_up_cut([float(i) for i in range(100)]) == 50
    assert warm_up_cut([]) == 0
    with pytest.raises(SimlibError, match="without gaps"):
        warm_up_cut([1.0, math.nan])


def test_holm_known() -> None:
    """.01 .04 .03 .005 → .03 .06 .06 .02: the .04 is raised to the .06 of its smaller neighbour."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert len(holm([])) == 0
    with pytest.raises(SimlibError, match="between 0 and 1"):
        holm([0.5, math.nan])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=10), st.floats(0.001, 0.5))
def test_holm_is_the_step_down(p_values: list[float], alpha: float) -> None:
    """Adjusted p is at most alpha exactly for those that testing one by one at alpha/(m - k + 1) rejects."""
    adjusted = holm(p_values)
    assume((abs(adjusted - alpha) > 1e-12).all())
    rejected = set()
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    for k, index in enumerate(order):
        if p_values[index] > alpha / (len(order) - k):
            break
        rejected.add(index)
    assert set(np.flatnonzero(adjusted <= alpha)) == rejected
