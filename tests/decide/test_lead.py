"""Who comes out first, whether it is told apart, and that the interval holds for whoever happens to be first."""

import math

import numpy as np
import pytest

from simlib.decide.lead import farthest_from, first_and_last, first_and_next, left_behind, widest
from simlib.measure.precision import paired_interval

SHOCK = np.random.default_rng(1).normal(size=30)


def worlds(mean: float, spread: float = 0.0) -> np.ndarray:
    """Thirty worlds that share a shock, with a part of their own that has mean 0."""
    own = np.tile([1.0, -1.0], 15)
    return mean + 10 * SHOCK + spread * own


def test_the_first_is_held_against_the_next_world_by_world():
    """The shared shock drops out: 5 against 3 differ by exactly 2 however large it is, and the last is not asked."""
    found = first_and_next({"low": worlds(0), "high": worlds(5), "middle": worlds(3)}, confidence=0.95)
    assert found is not None
    assert (found.ahead, found.behind) == ("high", "middle")
    assert found.interval.mean == pytest.approx(2)
    assert found.told_apart
    ends = first_and_last({"low": worlds(0), "high": worlds(5), "middle": worlds(3)}, confidence=0.95)
    assert ends is not None
    assert (ends.ahead, ends.behind, ends.told_apart) == ("high", "low", True)


def test_all_pairs_share_one_error_probability():
    """Three have three pairs: each interval is that of confidence 1 - 0.05/3 (Bonferroni)."""
    values = {"a": worlds(0, 4.0), "b": worlds(1), "c": worlds(-1)}
    found = first_and_next(values, confidence=0.95)
    assert found is not None
    expected = paired_interval(values["b"], values["a"], confidence=1 - 0.05 / 3)
    assert (found.interval.low, found.interval.high) == (expected.low, expected.high)
    assert not found.told_apart


def test_who_is_known_to_be_below_the_first():
    """A rival that scatters is not told apart, one far below is; with too few worlds nobody is."""
    values = {"a": worlds(0, 4.0), "b": worlds(1), "c": worlds(-9)}
    assert left_behind(values, confidence=0.95) == ["c"]
    assert left_behind({name: each[:19] for name, each in values.items()}, confidence=0.95) == []
    assert left_behind({"b": worlds(1)}, confidence=0.95) == []


def test_the_widest_part_is_one_that_is_told_apart():
    """The largest contrast scatters and is luck; a smaller one that holds in every world is named, else none."""
    loud = {"a": worlds(0, 30.0), "b": worlds(9)}
    still, equal = {"a": worlds(0), "b": worlds(2)}, {"a": worlds(0), "b": worlds(0)}
    found = widest({"loud": loud, "still": still, "equal": equal}, confidence=0.95)
    assert found is not None
    assert found[0] == "still"
    assert (found[1].ahead, found[1].behind) == ("b", "a")
    assert widest({"loud": loud, "equal": equal}, confidence=0.95) is None
    assert widest({}, confidence=0.95) is None


def test_ties_few_worlds_and_nothing_to_compare_prove_nothing():
    """Twins differ by 0 for certain, which is no lead; 19 worlds are too few; one alone has nobody behind it."""
    twins = first_and_next({"a": worlds(1), "b": worlds(1)}, confidence=0.95)
    assert twins is not None
    assert not twins.told_apart
    few = first_and_next({"a": worlds(5)[:19], "b": worlds(1)[:19]}, confidence=0.95)
    assert few is not None
    assert few.interval.low > 0
    assert not few.told_apart
    undefined = np.full(30, np.nan)
    assert first_and_next({"a": worlds(1), "b": undefined}, confidence=0.95) is None
    assert first_and_last({}, confidence=0.95) is None
    assert farthest_from(1.0, {"a": undefined}, confidence=0.95) is None


def test_whoever_is_first_by_luck_alone_is_seldom_told_apart():
    """Five that do not differ: some one is first in every trial, but is told apart in at most 5% of 400 trials.

    The count is held against the binomial's 99.9%; the plain interval of the pair picked would fail this.
    """
    dice = np.random.default_rng(7)
    trials, told, naive = 400, 0, 0
    for _ in range(trials):
        values = {str(number): dice.normal(size=25) for number in range(5)}
        found = first_and_last(values, confidence=0.95)
        assert found is not None
        told += found.told_apart
        naive += paired_interval(values[found.ahead], values[found.behind], confidence=0.95).low > 0
    most = trials * 0.05 + 3.29 * math.sqrt(trials * 0.05 * 0.95)
    assert told <= most < naive


def test_the_farthest_is_a_factor_and_one_that_is_sure_wins():
    """A half is as far from 1 as 2; a ratio that is sure goes before one that is farther and is not."""
    sure, wild = np.tile([0.45, 0.47], 15), np.tile([9.0, -3.0], 15)
    found = farthest_from(1.0, {"half": sure, "near": np.tile([1.4, 1.5], 15), "wild": wild}, confidence=0.95)
    assert found is not None
    assert found[0] == "half"
    unsure = farthest_from(1.0, {"near": np.tile([0.8, 1.3], 15), "wild": wild}, confidence=0.95)
    assert unsure is not None
    assert unsure[0] == "wild"
    assert unsure[1].contains(1.0)
