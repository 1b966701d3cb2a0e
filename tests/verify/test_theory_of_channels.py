"""Closed forms about channels, held against what they claim."""

import pytest

from simlib.errors import SimlibError
from simlib.verify.theory_of_channels import (
    prices_on_a_street,
    site_beside_dealer,
    sold_on_a_street,
    street_of_outlets,
)


def sold(mine: int, prices: list[float], *, transport: float) -> float:
    """What one seller sells, counted on 20,001 places of the street, whatever the prices."""
    places = [number / 20_000 for number in range(20_001)]
    count = len(prices)
    asks = [(price, (seller + 0.5) / count) for seller, price in enumerate(prices)]
    chosen = [min((price + transport * abs(there - place), seller) for seller, (price, there) in enumerate(asks))[1]
              for place in places]  # fmt: skip
    return chosen.count(mine) / len(places)


def test_two_on_a_street_ask_as_hotelling_says():
    """k + t at ¼ and ¾, as at the ends."""
    assert prices_on_a_street(2, unit_cost=10.0, transport_cost=4.0) == pytest.approx([14.0, 14.0])


@pytest.mark.parametrize("outlets", [3, 5])
def test_nobody_on_a_street_would_rather_ask_another_price(outlets):
    """From cost on to twice the mark-up, undercutting included: none of 15 other prices earns more, counted."""
    prices = prices_on_a_street(outlets, unit_cost=0.5, transport_cost=0.4)
    formula = sold_on_a_street(prices, transport_cost=0.4)
    assert sum(formula) == pytest.approx(1.0)
    for seller in range((outlets + 1) // 2):
        assert sold(seller, prices, transport=0.4) == pytest.approx(formula[seller], abs=2e-4)
        rests = (prices[seller] - 0.5) * formula[seller]
        for step in range(1, 16):
            other = [*prices]
            other[seller] = 0.5 + (prices[seller] - 0.5) * step / 7.5
            assert (other[seller] - 0.5) * sold(seller, other, transport=0.4) <= rests + 1e-4


def test_prices_that_make_no_sense_are_refused():
    """Place, value, rule."""
    with pytest.raises(SimlibError, match="outlets: got 2, must be from 3 to 20"):
        street_of_outlets(2, unit_cost=1.0, transport_cost=1.0)
    with pytest.raises(SimlibError, match="transport_cost: got 60, must be at most 50"):
        street_of_outlets(3, unit_cost=1.0, transport_cost=60.0)
    with pytest.raises(SimlibError, match="else not both sell"):
        site_beside_dealer(0.8, retail=0.5, online=0.4, wholesale=0.4)
    with pytest.raises(SimlibError, match="must be above 0 and at most"):
        site_beside_dealer(0.75, retail=0.6, online=0.4, wholesale=0.9)
