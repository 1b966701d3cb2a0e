"""Schedules: what a result pays, exactly, capped and floored, and in expectation."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simlib.org.schedule import Schedule, capped, curve, floored, linear, steps, tiered, together

F = Fraction
ACCELERATOR = tiered([(F(0), F("0.05")), (F(1), F("0.12"))])
"""5% of the quota's result, 12% beyond it."""


def exact(*pairs):
    """Points as fractions."""
    return [(F(str(begins)), F(str(value))) for begins, value in pairs]


AMOUNTS = st.fractions(0, 10, max_denominator=20)
BEGINS = st.lists(st.fractions(0, 8, max_denominator=10), min_size=1, max_size=4, unique=True).map(sorted)


@st.composite
def schedules(draw):
    """Any schedule that a plan can make; its rates are not negative."""
    begins = draw(BEGINS)
    points = [(begin, draw(AMOUNTS)) for begin in begins]
    made = [
        lambda: linear(points[0][1]),
        lambda: tiered(points, retroactive=draw(st.booleans())),
        lambda: steps(points),
        lambda: curve(sorted(zip(begins, sorted(amount for _, amount in points), strict=True))),
    ]
    return draw(st.sampled_from(made))()


def test_marginal_tiers_pay_each_part_at_its_own_rate():
    """2% up to 100, 5% to 200, 10% beyond: 250 pays 2 + 5 + 5; the edges themselves belong to either side."""
    pay = tiered(exact((0, 0.02), (100, 0.05), (200, 0.10))).pay
    assert [pay(result) for result in (0, 50, 100, 200, 250)] == [0, 1, 2, 7, 12]


def test_retroactive_tiers_pay_the_whole_result_at_the_rate_reached():
    """4% from 100 on: 99 pays 2%, 100 pays twice as much, and a falling rate pays less for more."""
    pay = tiered(exact((0, 0.02), (100, 0.04)), retroactive=True).pay
    assert [pay(result) for result in (99, 100, 150)] == [F("1.98"), 4, 6]
    falling = tiered(exact((0, 0.04), (100, 0.02)), retroactive=True).pay
    assert falling(99) > falling(100)


def test_nothing_is_paid_below_a_first_tier_above_zero():
    """3% of what exceeds 100; a negative result costs nothing there, but the first rate where that tier begins at 0."""
    assert [tiered(exact((100, 0.03))).pay(result) for result in (-50, 99, 200)] == [0, 0, 3]
    assert tiered(exact((0, 0.02), (100, 0.05))).pay(-50) == -1


def test_steps_pay_the_highest_one_reached():
    """One hundred from 1, 250 from 2: the second replaces the first."""
    assert [steps(exact((1, 100), (2, 250))).pay(F(result)) for result in (0, 1, F(199, 100), 2, 9)] == [
        *(0, 100, 100, 250, 250),
    ]


def test_a_curve_runs_straight_between_its_points():
    """Nothing below 80%, half at 80%, all at 100%, 150% at 120% and no more above."""
    pay = curve(exact((0.8, 50), (1, 100), (1.2, 150))).pay
    assert [pay(F(str(share))) for share in (0.79, 0.8, 0.9, 1, 1.1, 1.2, 3)] == [0, 50, 75, 100, 125, 150, 150]


@given(schedules(), AMOUNTS, st.fractions(-5, 15, max_denominator=30))
def test_a_cap_is_the_lesser_and_a_floor_the_greater(schedule, level, result):
    """At every result, jumps and negative results included, and both are exact."""
    assert capped(schedule, level).pay(result) == min(schedule.pay(result), level)
    assert floored(schedule, level).pay(result) == max(schedule.pay(result), level)


@given(st.lists(schedules(), min_size=1, max_size=3), st.fractions(-5, 15, max_denominator=30))
def test_together_is_the_sum(parts, result):
    """A commission and a bonus on the same result are one schedule."""
    assert together(parts).pay(result) == sum(part.pay(result) for part in parts)


def test_a_falling_rate_has_no_single_place_for_a_cap():
    """It is refused and not computed wrongly."""
    with pytest.raises(ValueError, match="got the falling rate -1, must be at least 0"):
        capped(linear(F(-1)), F(5))


def test_the_accelerator_pays_for_joining_two_deals():
    """Larkin's incentive: two deals of 0.8 in two periods pay .08, in one .122; expected pay of N(1, .3) is .058378."""
    assert ACCELERATOR.pay(F("0.8")) * 2 == F("0.08")
    assert ACCELERATOR.pay(F("1.6")) == F("0.122")
    assert ACCELERATOR.expected(1, 0.3) == pytest.approx(0.058378, abs=5e-7)


@pytest.mark.parametrize(
    ("ahead", "effort"), [(-2, 0.000268), (0, 0.142011), (1, 0.778560), (2, 0.647143), (4, 0.089856)]
)
def test_effort_under_a_quota_bonus(ahead, effort):
    """B φ((y + e − Q) / σ) / σ = c e with B 2, σ 1, Q 2, c 1: the marginal pay of the bonus is the cost of effort."""
    assert steps(exact((2, 2))).marginal(ahead + effort, 1.0) == pytest.approx(effort, abs=2e-6)


@given(schedules(), st.floats(-1, 10), st.floats(0.2, 4))
def test_the_expectation_is_the_mean_of_pay_and_the_marginal_its_slope(schedule, mean, sd):
    """Against a sum over a fine grid of normal results, and against a difference of expectations."""
    z = np.linspace(-9, 9, 36_001)
    weights = np.exp(-0.5 * z**2) / np.exp(-0.5 * z**2).sum()
    paid = _pays(schedule, mean + sd * z)
    largest = max(np.abs(paid).max(), 1.0)
    assert schedule.expected(mean, sd) == pytest.approx(float(weights @ paid), abs=3e-4 * largest)
    slope = (schedule.expected(mean + 1e-4, sd) - schedule.expected(mean - 1e-4, sd)) / 2e-4
    assert schedule.marginal(mean, sd) == pytest.approx(slope, abs=1e-4 * largest)


def _pays(schedule: Schedule, results):
    begins = np.array([float(piece.begins) for piece in schedule.pieces])
    at = np.maximum(np.searchsorted(begins, results, side="right") - 1, 0)
    pays, rates = (
        np.array([float(getattr(piece, name)) for piece in schedule.pieces])[at] for name in ("pays", "rate")
    )
    return pays + rates * (results - begins[at])


def test_without_spread_the_expectation_is_the_pay():
    """A certain result pays what it pays, and one more unit what its piece says."""
    assert ACCELERATOR.expected(1.6) == pytest.approx(0.122)
    assert ACCELERATOR.marginal(1.6, 0.0) == pytest.approx(0.12)
    assert ACCELERATOR.marginal(0.5, 0.0) == pytest.approx(0.05)
