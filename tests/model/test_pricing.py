"""Discounts: what pay on revenue and on margin makes of the same authority."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simlib.model.outlook import Outlook, worth
from simlib.model.pricing import best_discount
from simlib.odds import shifted
from simlib.org.schedule import linear, steps

BY_THE_PIECE = Outlook(linear(Fraction(1, 20)), 0.0)


def paid(credited, outlook=BY_THE_PIECE):
    """What a deal brings who is paid on a measure of it, by discount."""
    return lambda discount: worth(outlook, credited(discount))


def wins(discount):
    """A third without discount, more with it."""
    return shifted(1 / 3, 4 * discount)


@given(st.floats(0.05, 0.9))
def test_paid_on_revenue_gives_more_than_paid_on_margin(cost_share):
    """And the more, the dearer the product is to make."""
    revenue, margin = (best_discount(wins, paid(lambda d, k=k: 1 - d - k), authority=1.0) for k in (0, cost_share))
    assert margin < revenue
    cheaper = best_discount(wins, paid(lambda d: 1 - d - cost_share / 2), authority=1.0)
    assert margin <= cheaper <= revenue


@given(st.floats(0.1, 0.9), st.floats(0, 0.9))
def test_linear_demand(listed, cost_share):
    """Wins in proportion to the discount beyond what nobody pays: the middle between free and cost."""
    cost = cost_share * listed
    found = best_discount(lambda d: d, paid(lambda d: (1 - d) * listed - cost), authority=1.0)
    assert found == pytest.approx((1 - cost_share) / 2, abs=1e-9)


def test_logit_demand_by_its_first_order_condition():
    """Slope of ln p = 1/(1 − δ − k): with log-odds linear in the discount, 4·(1 − p) = 1/(1 − δ − k)."""
    found = best_discount(wins, paid(lambda d: 0.8 - d), authority=1.0)
    assert 4 * (1 - wins(found)) == pytest.approx(1 / (0.8 - found), rel=1e-7)


def test_authority_bounds():
    """Never more than one may; nothing without authority; all of it where more would be better."""
    assert best_discount(wins, paid(lambda d: 1 - d), authority=0.05) == pytest.approx(0.05)
    assert best_discount(wins, paid(lambda d: 1 - d), authority=0.0) == 0


def test_who_is_not_paid_for_it_gives_nothing():
    """All discounts are alike to who gets a salary: the first, none."""
    assert best_discount(wins, paid(lambda d: 1 - d, Outlook(linear(Fraction(0)), 0.0)), authority=1.0) == 0


def test_near_the_quota_more_is_given():
    """Who lacks a little for the bonus gives away what the quota can spare; who has met it, nothing for a bonus."""
    bonus = steps([(Fraction(100), Fraction(10))])

    def given_at(result):
        return best_discount(wins, paid(lambda d: 20 * (1 - d), Outlook(bonus, result, 1.0)), authority=0.5)

    assert given_at(90.0) > given_at(82.0) > 0.0
    assert given_at(90.0) > 0.2
    assert math.isclose(given_at(300.0), 0.0)
