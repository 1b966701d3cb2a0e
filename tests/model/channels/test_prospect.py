"""What an outlet expects to sell at a price, against what customers choose."""

import numpy as np
import pytest
from scipy.stats import binom

from simlib.model.channels.choice import Customers
from simlib.model.channels.outlets import lay_out
from simlib.model.channels.prospect import Prospect, falling
from simlib.model.channels.service import Service
from simlib.scenario import vary
from simlib.world import draw_world
from tests.worlds import small

WAYS = {
    "as in the small market": {},
    "nothing but worth": {"noise": 0.0, "transport": 0.0, "need_of_advice": 0.0, "looks_elsewhere": 0.0},
    "worth and way": {"noise": 0.0, "need_of_advice": 0.0, "looks_elsewhere": 0.0},
    "everybody looks elsewhere": {"noise": 0.0, "looks_elsewhere": 1.0, "need_of_advice": 1.0},
    "other tastes": {"noise": 0.5, "worth": [1.2, 1.2]},
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_expected_is_what_customers_do(way):
    """About 5,000 customers of three regions and all four channels: of some dealers, at two prices each, the share
    that buys lies inside the central 99.9% of a binomial with the expected share."""
    scenario = vary(
        small(),
        {
            **{f"mechanisms.buying.{name}": value for name, value in WAYS[way].items()},
            "demand.cells": [
                {
                    "region": region,
                    "segment": "large",
                    "needs_per_week": rate,
                    "accounts": 50_000,
                    "products": {"machine": 3.0, "service": 2.0},
                    "value": {"median": 1000.0},
                }
                for region, rate in (("east", 300.0), ("north", 200.0), ("west", 100.0))
            ],
            "demand.opening_pipeline": 0,
            "demand.dispersion": 1.0,
        },
    )
    world = draw_world(scenario, seed=3, replication=0)
    layout = lay_out(scenario.channels, world.cells.regions)
    buying = scenario.mechanisms.buying
    assert buying
    service = Service(layout)
    customers, prospect = Customers(world, layout, service, buying, {}), Prospect(world, layout, buying, service)
    open_ways = range(len(layout.channels))
    dealers = [outlet for outlet in layout.outlets if outlet.chain][::4]
    asked = {outlet.number: 0.95 + 0.02 * outlet.number for outlet in layout.outlets}
    needs, weeks = len(world.needs), world.cells.needs_per_week.sum()
    assert needs > 5000
    for dealer in dealers:
        for mine in (0.805, 1.105):
            prices = {**asked, dealer.number: mine}

            def price(channel, outlet, prices=prices):
                return prices.get(outlet, 1.0)

            demand, most = prospect.demand(dealer, lambda *_: open_ways, price)
            expected = demand(mine) / weeks
            bought = sum(customers.options(need, open_ways, price)[0].outlet == dealer.number for need in range(needs))
            low, high = binom.interval(0.999, needs, expected)
            assert low <= bought <= high, (dealer.number, mine, bought / needs, expected)
            assert demand(most * 1.001) == 0


def test_demand_falls_in_a_straight_line_where_buyers_lie_evenly():
    """Four buyers in the middle of four cells of [0, 1], and one who never buys."""
    demand, most = falling(np.array([0.125, 0.625, 0.375, 0.875, -1.0]), np.full(5, 0.25))
    assert most == 1.0
    assert [demand(price) for price in (0.0, 0.25, 0.5, 1.0)] == pytest.approx([1.0, 0.75, 0.5, 0.0])


def test_buyers_who_are_all_alike_buy_up_to_their_price_and_not_beyond():
    """Demand is a cliff: who sells to them asks all that it is worth."""
    demand, most = falling(np.full(20, 0.7), np.ones(20))
    assert (demand(0.7), demand(0.7001), most) == (20.0, 0.0, 0.7)


def test_where_nobody_ever_buys_nothing_is_expected():
    """Not even as a present."""
    demand, most = falling(np.array([-0.5, -np.inf]), np.ones(2))
    assert (demand(0.0), most) == (0.0, 0.0)


def test_what_is_expected_knows_who_sells_and_to_whom():
    """The first dealer of each region is not there, and large customers of one product may buy of dealers alone: the
    share that the second one expects of the first region's customers is what they do, within the central 99.9%."""
    scenario = vary(small(), {"demand.opening_pipeline": 0, "demand.dispersion": 1.0, "calendar.horizon_days": 350.0})
    world = draw_world(scenario, seed=4, replication=0)
    layout = lay_out(scenario.channels, world.cells.regions)
    service, buying = Service(layout), scenario.mechanisms.buying
    assert buying
    dealers = [outlet for outlet in layout.outlets if outlet.chain and outlet.region == 0]
    service.sells[dealers[0].number] = False
    of_dealers, everything = [dealers[0].channel], list(range(len(layout.channels)))

    def offered(region, product, segment):
        return of_dealers if (product, segment) == (0, 0) else everything

    def price(channel, outlet):
        return 1.0

    prospect, customers = Prospect(world, layout, buying, service), Customers(world, layout, service, buying, {})
    here = np.flatnonzero(world.needs.region == 0)
    assert len(here) > 300
    cells = zip(here, world.needs.product[here], world.needs.segment[here], strict=True)
    first = [customers.options(int(need), offered(0, *cell), price)[0].outlet for need, *cell in cells]
    weeks = world.cells.needs_per_week[0].sum()
    expected = [prospect.demand(dealer, offered, price)[0](1.0) / weeks for dealer in dealers[1:]]
    for dealer, share in zip(dealers[1:], expected, strict=True):
        low, high = binom.interval(0.999, len(here), share)
        assert low <= first.count(dealer.number) <= high, (dealer.number, share, first.count(dealer.number) / len(here))
    assert min(expected) > 0.1
