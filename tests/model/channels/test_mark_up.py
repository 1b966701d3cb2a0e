"""Prices of those who sell on."""

import pytest

from simlib.model.channels.mark_up import answers, best_price, passed_down


def demand(price: float) -> float:
    """Elastic demand, on which every seller multiplies what he pays."""
    return price**-3.0


def test_on_demand_of_one_elasticity_the_mark_up_is_a_factor():
    """ε/(ε − 1) = 1.5 on what one pays, for each of two sellers (Lerner 1934, Review of Economic Studies 1)."""
    assert best_price(demand, cost=2.0, most=40.0) == pytest.approx(3.0, rel=1e-6)
    first = best_price(passed_down(demand, lowest=2.0, most=40.0), cost=2.0, most=20.0)
    assert first == pytest.approx(3.0, rel=0.01)  # the answers are joined by straight lines
    assert answers(demand, lowest=2.0, most=40.0)(first) == pytest.approx(4.5, rel=0.01)


def test_who_can_sell_to_nobody_asks_what_he_paid():
    """No demand at any price: the lowest price, without a mark-up."""
    assert best_price(lambda price: 0.0, cost=2.0, most=5.0) == 2.0
