"""A partner orders what costs him least: what he needs, or up to a tier."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simlib.model.channels.ordering import ahead, best_order, lacking, smoothed
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


def test_what_is_expected_forgets_at_its_weight():
    """With 0 nothing that is asked changes it, with 1 it is the last interval alone."""
    assert smoothed(10.0, asked=140.0, days=7.0, weight=0.0) == 10.0
    assert smoothed(10.0, asked=140.0, days=7.0, weight=1.0) == 20.0
    assert smoothed(10.0, asked=140.0, days=7.0, weight=0.3) == pytest.approx(13.0)


def test_what_is_lacking_counts_what_is_on_its_way():
    """Never less than nothing: nobody gives goods back."""
    assert lacking(10.0, cover_days=30.0, owned=120) == 180
    assert lacking(10.0, cover_days=30.0, owned=301) == 0


@given(
    extra=st.floats(0, 1e6),
    prices=st.lists(st.floats(0.3, 1.5), min_size=3, max_size=3),
    weights=st.lists(st.floats(0, 100), min_size=3, max_size=3),
    already=st.lists(st.integers(0, 10**6), min_size=3, max_size=3),
)
def test_who_buys_ahead_reaches_the_tier_and_no_more(extra, prices, weights, already):
    """What the orders cost reaches what was wanted, and one unit less of the product most sold would not; where nothing
    is sold nothing is bought ahead."""
    orders = ahead(extra, prices=prices, weights=weights, already=already)
    assert all(new >= old for new, old in zip(orders, already, strict=True))

    def cost(units: list[int]) -> int:
        return sum(round(goods * price) for goods, price in zip(units, prices, strict=True))

    if not any(price * weight for price, weight in zip(prices, weights, strict=True)):
        assert orders == already
        return
    assert cost(orders) >= cost(already) + extra
    assert cost(orders) <= cost(already) + extra + 1 + max(prices) + 3 * 0.5
