"""Leaving: nothing amiss changes nothing, each reason multiplies."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simlib.model.leaving import Reasons, fair_pay, leaving_rate, overload, shortfall

WEIGHTS = Reasons(market=1.5, reference=2.0, unfairness=1.0, overload=0.8, conflict=3.0, courses=0.5)


def test_nothing_amiss_or_nothing_weighed_is_the_usual_rate():
    """Exactly, so that it can be off."""
    assert leaving_rate(0.27, reasons=Reasons(), weights=WEIGHTS) == 0.27
    assert leaving_rate(0.27, reasons=Reasons(0.3, 0.1, 0.2, 0.5, 0.1), weights=Reasons()) == 0.27


@pytest.mark.parametrize("reason", Reasons._fields)
def test_each_reason_multiplies_by_its_own_factor(reason):
    """exp(weight · reason), whatever the others are."""
    others = Reasons(0.1, -0.05, 0.2, 0.3, 0.05)
    more = others._replace(**{reason: getattr(others, reason) + 0.2})
    ratio = leaving_rate(1.0, reasons=more, weights=WEIGHTS) / leaving_rate(1.0, reasons=others, weights=WEIGHTS)
    assert ratio == pytest.approx(math.exp(0.2 * getattr(WEIGHTS, reason)))


def test_shortfall_by_hand():
    """A fifth less is .2, no pay 1, a fifth more −.2, or half of that where gains count half."""
    assert shortfall(80.0, reference=100.0) == pytest.approx(0.2)
    assert shortfall(0.0, reference=100.0) == 1
    assert shortfall(120.0, reference=100.0) == pytest.approx(-0.2)
    assert shortfall(120.0, reference=100.0, relief=0.5) == pytest.approx(-0.1)
    assert shortfall(100.0, reference=100.0) == 0
    assert shortfall(50.0, reference=0.0) == 0


@given(st.floats(1, 1e6), st.floats(0.1, 1e6), st.floats(0.01, 10))
def test_paid_like_the_peers_for_as_much_is_fair(pay, contribution, times):
    """Equity compares ratios: times the contribution for times the pay is fair, and the unit of either is no matter."""
    wanted = fair_pay(contribution * times, peers_pay=pay, peers_contribution=contribution)
    assert shortfall(pay * times, reference=wanted) == pytest.approx(0, abs=1e-9)
    assert fair_pay(contribution, peers_pay=pay, peers_contribution=0.0) == 0


def test_overload_is_hours_beyond_those_paid():
    """A fifth more is .2; who works less is not relieved of anything."""
    assert overload(48.0, hours_paid=40.0) == pytest.approx(0.2)
    assert overload(30.0, hours_paid=40.0) == 0
    assert overload(5.0, hours_paid=0.0) == 0
