"""Searches for the highest point, on curves whose top is known."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simlib.model.search import falling_root, highest, peak


@given(st.floats(1e-12, 1e12), st.floats(1.5, 1e6))
def test_a_root_is_found_to_the_last_digits(root, factor):
    """Small or large: within four units in the last place, and on the side that is not yet negative."""
    found = falling_root(lambda x: root - x, 0.0, root * factor)
    assert 0 <= root - found <= 4 * math.ulp(root)
    cubed = falling_root(lambda x: root**3 - x**3, 0.0, root * factor)
    assert cubed == pytest.approx(root, rel=1e-15)
    assert root**3 - cubed**3 >= 0


def test_a_step_is_found_from_its_upper_side():
    """Where a bonus is just met, not just missed."""
    assert falling_root(lambda x: 1.0 if x <= 0.3 else -1.0, 0.0, 1.0) == pytest.approx(0.3, rel=1e-15)
    assert falling_root(lambda x: 1.0 if x <= 0.3 else -1.0, 0.0, 1.0) <= 0.3


def test_a_root_at_nothing_ends():
    """A curve that falls at once: the search shrinks to 0 and stops."""
    assert falling_root(lambda x: -x, 0.0, 1.0) == 0.0


def two_hills(x):
    """Hills of height 1 at 0 and 1.01 at 6, with their slope."""
    parts = [(1.0, 0.0), (1.01, 6.0)]
    value = sum(height * math.exp(-((x - at) ** 2)) for height, at in parts)
    return value, sum(-2 * (x - at) * height * math.exp(-((x - at) ** 2)) for height, at in parts)


def test_the_higher_of_two_hills():
    """Both are seen and compared, whichever of them the first look meets."""
    assert highest(two_hills, [-2.0, 1.0, 3.0, 8.0]) == pytest.approx(6.0, rel=1e-9)
    assert highest(two_hills, [-2.0, 1.0, 3.0]) == pytest.approx(0.0, abs=1e-9)


def test_a_hill_between_two_points_of_the_same_slope_is_seen():
    """The slope falls at both points looked at, and rises between them."""

    def curve(x):
        return 2 * math.exp(-0.5 * (x - 2) ** 2) - 0.5 * x, -2 * (x - 2) * math.exp(-0.5 * (x - 2) ** 2) - 0.5

    assert curve(0.2)[1] > 0 > curve(-1.0)[1]
    found = highest(curve, [-1.0, 3.0])
    assert 1 < found < 2
    assert curve(found)[1] == pytest.approx(0, abs=1e-9)


def test_the_ends_may_be_best():
    """Of a straight line, the upper end; of a falling one, the lower; of one point, that."""
    assert highest(lambda x: (x, 1.0), [0.0, 1.0, 2.0]) == 2.0
    assert highest(lambda x: (-x, -1.0), [0.0, 1.0, 2.0]) == 0.0
    assert highest(lambda x: (x, 1.0), [5.0]) == 5.0


@given(st.floats(0, 1), st.floats(0.01, 100), st.floats(0.1, 10))
def test_the_top_of_a_parabola_is_exact(top, steepness, width):
    """From values alone, whatever the interval; beyond it, its end."""
    found = peak(lambda x: -steepness * (x - top) ** 2, 0.0, width)
    assert found == pytest.approx(min(top, width), abs=1e-9)


def test_a_smooth_top_a_kink_and_a_flat_line():
    """To 1e-8, to 1e-5, and the first place where nothing is better."""
    assert peak(lambda x: x * math.exp(-3 * x), 0.0, 1.0) == pytest.approx(1 / 3, abs=1e-8)
    assert peak(lambda x: -abs(x - 0.4321), 0.0, 1.0) == pytest.approx(0.4321, abs=1e-5)
    assert peak(lambda x: min(x, 0.44 - 0.02 * x), 0.0, 1.0) == pytest.approx(0.44 / 1.02, abs=1e-5)  # one side flat
    assert peak(lambda x: 7.0, 0.25, 1.0) == 0.25
    assert peak(lambda x: x, 0.5, 0.5) == 0.5
