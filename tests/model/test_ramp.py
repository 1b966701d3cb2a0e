"""The work a newcomer does, and the hours that it takes: one the inverse of the other."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simlib.model.behaviour import ramp_hours, ramp_labour
from simlib.model.ramp import Pace

hours = st.floats(0, 2000)
speeds = st.floats(0, 1)
ramps = st.floats(0.01, 1000)


@given(hours, speeds, ramps)
def test_hours_are_the_inverse_of_labour(t, speed, ramp):
    """Whatever was done in t hours takes t hours; near standstill to the root of the rounding."""
    slack = 1e-6 + (1e-7 * ramp if speed < 1e-3 else 1e-6 * t)
    assert ramp_hours(ramp_labour(t, speed, ramp), speed, ramp) == pytest.approx(t, abs=slack)


def test_labour_by_hand():
    """From standstill half of the ramp's hours are done in it, a quarter of that in its first half."""
    assert ramp_labour(100.0, 0.0, 100.0) == 50.0
    assert ramp_labour(50.0, 0.0, 100.0) == 12.5
    assert ramp_labour(150.0, 0.0, 100.0) == 100.0
    assert ramp_labour(50.0, 0.4, 100.0) == pytest.approx(50 * (0.4 + 0.7) / 2)
    assert ramp_hours(2.0, 0.0, 100.0) == pytest.approx(math.sqrt(2 * 2 * 100))
    assert ramp_labour(7.0, 0.3, 0.0) == 7.0
    assert ramp_hours(7.0, 0.3, 0.0) == 7.0


@given(hours, st.floats(0, 50), st.floats(0, 50), speeds, ramps)
def test_one_task_or_two_halves_take_the_same(worked, first, second, speed, ramp):
    """Labour adds up along the hours of a seat, across replacements too."""
    pace = Pace([300.0, 310.0, 900.0], speed, ramp)
    begun = pace.hours(worked, first)
    assert begun + pace.hours(worked + begun, second) == pytest.approx(pace.hours(worked, first + second), abs=1e-4)
    assert begun >= first - 1e-6


def test_a_task_across_a_replacement_goes_on_at_the_newcomers_speed():
    """Three of five hours are done by the leaver; the other two take a newcomer at half speed four."""
    pace = Pace([100.0], 0.5, 1e9)
    assert pace.hours(97.0, 5.0) == pytest.approx(3 + 4)
    assert pace.hours(97.0, 3.0) == pytest.approx(3)
    assert pace.hours(100.0, 2.0) == pytest.approx(4)
