"""What pay is worth before the result is known, against quadrature and closed forms."""

import math
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from simlib.model.outlook import (
    Outlook,
    certainty_equivalent,
    certainty_equivalent_of,
    variance,
    variance_slope,
    worth,
)
from simlib.org.schedule import capped, linear, steps, tiered

TIERS = tiered([(Fraction(0), Fraction(1, 20)), (Fraction(10), Fraction(3, 20)), (Fraction(14), Fraction(1, 10))])
BONUS = steps([(Fraction(10), Fraction(2)), (Fraction(13), Fraction(3))])
CAPPED = capped(linear(Fraction(1, 4)), Fraction(3))
SCHEDULES = [linear(Fraction(1, 5)), TIERS, BONUS, CAPPED]
means, sds = st.floats(4, 20), st.floats(0.3, 6)


def average(function, mean, sd, schedule):
    """Expectation over a normal result, by quadrature between the joints."""
    joints = sorted({mean - 12 * sd, mean + 12 * sd, *(float(piece.begins) for piece in schedule.pieces)})
    density = math.sqrt(2 * math.pi) * sd

    def weighed(x):
        return function(x) * math.exp(-0.5 * ((x - mean) / sd) ** 2) / density

    inside = [place for place in joints if mean - 12 * sd <= place <= mean + 12 * sd]
    return sum(quad(weighed, low, high, epsabs=1e-13, limit=200)[0] for low, high in pairwise(inside))


def paid(schedule):
    """Pay as a function of a float."""
    return lambda x: float(schedule.pay(Fraction(x)))


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize(("mean", "sd"), [(8, 2), (10, 0.5), (13.5, 4)])
def test_variance_and_certainty_equivalent_by_quadrature(schedule, mean, sd):
    """E W² − (E W)², and −ln E exp(−rW) / r, integrated piece by piece."""
    pay = paid(schedule)
    first, second = average(pay, mean, sd, schedule), average(lambda x: pay(x) ** 2, mean, sd, schedule)
    assert variance(schedule, mean, sd) == pytest.approx(second - first**2, abs=1e-9)
    felt = -math.log(average(lambda x: math.exp(-0.7 * pay(x)), mean, sd, schedule)) / 0.7
    assert certainty_equivalent(Outlook(schedule, mean, sd), risk_aversion=0.7) == pytest.approx(felt, abs=1e-9)


@pytest.mark.parametrize("schedule", SCHEDULES)
@given(mean=means, sd=sds)
def test_slope_of_the_variance(schedule, mean, sd):
    """By difference quotient."""
    h = 1e-5
    slope = (variance(schedule, mean + h, sd) - variance(schedule, mean - h, sd)) / (2 * h)
    assert variance_slope(schedule, mean, sd) == pytest.approx(slope, abs=1e-6)


@given(st.floats(0, 3), means, sds, st.floats(0.01, 5))
def test_linear_pay_is_worth_its_mean_less_half_r_times_its_variance(rate, mean, sd, risk_aversion):
    """The case of Holmström and Milgrom, exact for any risk aversion."""
    schedule = linear(Fraction(rate))
    assert variance(schedule, mean, sd) == pytest.approx((rate * sd) ** 2)
    felt = rate * mean - risk_aversion * (rate * sd) ** 2 / 2
    found = certainty_equivalent(Outlook(schedule, mean, sd), risk_aversion=risk_aversion)
    assert found == pytest.approx(felt, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_without_risk_or_aversion_the_mean_counts(schedule):
    """The limits r = 0 and sd = 0; near r = 0 the mean less r·Var/2."""
    outlook = Outlook(schedule, 11.0, 2.0)
    mean = schedule.expected(11.0, 2.0)
    assert certainty_equivalent(outlook, risk_aversion=0) == mean
    assert certainty_equivalent(Outlook(schedule, 11.0), risk_aversion=3) == schedule.expected(11.0, 0)
    assert variance(schedule, 11.0, 0) == variance_slope(schedule, 11.0, 0) == 0
    small = certainty_equivalent(outlook, risk_aversion=1e-4)
    assert mean - small == pytest.approx(1e-4 * variance(schedule, 11.0, 2.0) / 2, rel=1e-3)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20), st.floats(0, 1e-3))
def test_pays_that_came_out(pays, risk_aversion):
    """Never more than their mean, never less than the least of them, equal if all are alike."""
    found = certainty_equivalent_of(pays, risk_aversion=risk_aversion)
    mean = math.fsum(pays) / len(pays)
    assert min(pays) - 1e-6 <= found <= mean + 1e-6
    assert certainty_equivalent_of([pays[0]] * 3, risk_aversion=risk_aversion) == pytest.approx(pays[0])


def test_pays_that_came_out_by_hand():
    """Two equally likely pays 0 and 1 at r = 1: −ln((1 + 1/e) / 2)."""
    assert certainty_equivalent_of([0.0, 1.0], risk_aversion=1) == pytest.approx(-math.log((1 + math.exp(-1)) / 2))


def test_worth_of_a_deal():
    """By the piece its commission; at a quota just before reach, the bonus; far from it, next to nothing."""
    assert worth(Outlook(linear(Fraction(1, 5)), 3.0, 2.0), 10.0) == pytest.approx(2)
    assert worth(Outlook(BONUS, 9.0), 1.0) == 2
    assert worth(Outlook(BONUS, 9.0), 0.5) == 0
    assert worth(Outlook(BONUS, 0.0, 1.0), 1.0) < 1e-9
