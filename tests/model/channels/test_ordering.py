"""A partner orders what costs him least: what he needs, or up to a tier."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simlib.model.channels.ordering import best_order
from simlib.org.schedule import Schedule, linear, tiered

PRICE = 100.0
TIERS = [(Fraction(0), Fraction(0)), (Fraction(500), Fraction(3)), (Fraction(1000), Fraction(8))]
ALL_UNITS, MARGINAL, SMOOTH = tiered(TIERS, retroactive=True), tiered(TIERS), linear(Fraction(8))


def cost(rebate: Schedule, *, units: float, need: float, bought: float, left_over: float) -> float:
    """What an order of so many units costs, written down once more."""
    received = float(rebate.pay(Fraction(bought + units)) - rebate.pay(Fraction(bought)))
    return PRICE * units - received - left_over * (units - need)


@given(
    need=st.integers(0, 1500),
    bought=st.integers(0, 1500),
    left_over=st.floats(0, 92),
    rebate=st.sampled_from([ALL_UNITS, MARGINAL, SMOOTH]),
)
def test_no_other_order_costs_less(need, bought, left_over, rebate):
    """Beside all whole orders up to beyond the last tier."""
    given_order = best_order(float(need), bought=float(bought), price=PRICE, rebate=rebate, left_over=left_over)
    assert given_order >= need
    best = cost(rebate, units=given_order, need=need, bought=bought, left_over=left_over)
    for units in (*range(need, need + 1600, 7), *(edge - bought for edge in (500, 1000) if edge - bought > need)):
        assert best <= cost(rebate, units=units, need=need, bought=bought, left_over=left_over) + 1e-6


def test_only_a_rebate_that_jumps_makes_anybody_buy_ahead():
    """I8: who needs 900 rushes to the tier of 1,000 of an all-unit rebate; for a smooth one nobody buys more."""
    for rebate, ordered in ((ALL_UNITS, 1000.0), (SMOOTH, 900.0)):
        assert best_order(900.0, bought=0.0, price=PRICE, rebate=rebate, left_over=89.0) == ordered


def test_stock_that_earns_by_itself_is_refused():
    """Else the best order would have no end."""
    with pytest.raises(ValueError, match="left_over: got 93, must not exceed 92, the price beyond all tiers"):
        best_order(1.0, bought=0.0, price=PRICE, rebate=SMOOTH, left_over=93.0)
