"""Partners ask their own prices, and sell where others are dearer: runs against closed formulas, and the books."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from simlib.ledger import Ledger
from simlib.measure.breakdown import breakdown
from simlib.scenario import Scenario, switch_off, vary
from simlib.verify.theory_of_channels import prices_on_a_street
from tests.runs.test_channels import check, ledger_of, likely, market
from tests.worlds import small

FREE = [0.0, 100.0]


def asked(ledger: Ledger) -> dict[str, float]:
    """What each partner asked last."""
    return {
        str(party): float(price)
        for party, price in ledger.prices.groupby("party", observed=True)["price"].last().items()
    }


def own_prices(channels: dict[str, Any], *, every_days: float = 2.0, **buying: Any) -> Scenario:
    """A market in which partners ask their own prices; making a good costs 0.1 of the list price."""
    return vary(market(channels, **buying), {"mechanisms.own_prices": {"every_days": every_days}, "costs.margin": 0.9})


@pytest.mark.parametrize("tiers", [1, 2, 3])
def test_partners_behind_each_other_put_mark_up_on_mark_up(tiers):
    """Worth evenly between 0 and 1, the firm asks w: the first asks (1 + w)/2, each next one goes half of what is left
    to 1, and (1 − w)/2ⁿ of the customers buy (Spengler 1950)."""
    dealers = {"price": 0.4, "tiers": [{}] * tiers, "price_band": FREE}
    ledger = ledger_of(own_prices({"dealers": dealers}, worth=[0.0, 1.0]))
    steps = [1 - 0.6 / 2**step for step in range(1, tiers + 1)]
    found = asked(ledger)
    above = [found[f"dealers/all/above {number}"] for number in range(tiers - 1, 0, -1)]
    assert [*above, found["dealers/all/1"]] == pytest.approx(steps, abs=1e-6)
    assert likely(int((ledger.choices["outlet"] != "").sum()), len(ledger.choices), 0.6 / 2**tiers)


@pytest.mark.parametrize("outlets", [2, 3, 4, 7])
def test_neighbours_on_a_street_come_to_rest_at_the_prices_of_theory(outlets):
    """Each answers the others' last prices; from low prices on they rise to where nobody would change his."""
    dealers = {"price": 0.5, "outlets": outlets, "tiers": [{}], "price_band": FREE}
    ledger = ledger_of(own_prices({"dealers": dealers}, worth=[9.0, 9.0], transport=0.4))
    found = asked(ledger)
    wanted = prices_on_a_street(outlets, unit_cost=0.5, transport_cost=0.4)
    assert wanted == pytest.approx([0.9, 0.9]) or outlets > 2
    assert [found[f"dealers/all/{number + 1}"] for number in range(outlets)] == pytest.approx(wanted, abs=1e-3)


def test_a_dealer_beside_the_firms_site_asks_what_theory_says():
    """The maker's own prices of Chiang, Chhajed and Hess (2003), θ = 0.8: wholesale and site θ/2. The dealer asks ½,
    just so that nobody prefers the site."""
    channels = {
        "dealer": {"price": 0.4, "tiers": [{}], "price_band": FREE},
        "site": {"price": 0.4, "online": True, "acceptance": 0.8},
    }
    ledger = ledger_of(own_prices(channels, worth=[0.0, 1.0]))
    assert asked(ledger)["dealer/all/1"] == pytest.approx(0.5, abs=2e-3)
    assert likely(int((ledger.choices["channel"] == "dealer").sum()), len(ledger.choices), 0.5)
    assert (ledger.choices["channel"] == "site").mean() < 0.01


@pytest.mark.parametrize("band", [[1.0, 1.0], [0.9, 1.1], [0.0, 0.95], [1.2, 1.3]])
def test_the_firms_policy_bounds_what_every_tier_asks(band):
    """Whatever would earn most: each price lies in the band around what the stated mark-ups give."""
    ledger = ledger_of(vary(small(), {"channels.dealers.price_band": band, "mechanisms.own_prices.every_days": 5.0}))
    below = ledger.prices["party"].astype(str).str.contains("above").to_numpy()
    for rows, recommended in ((below, 0.8 * 1.1), (~below, 0.8 * 1.1 * 1.15)):
        prices = ledger.prices["price"][rows] / recommended
        north = ledger.prices["party"].astype(str).str.contains("north").to_numpy()[rows]
        prices = prices / np.where(north, 0.75, 1.0)
        assert (prices >= band[0] - 1e-12).all()
        assert (prices <= band[1] + 1e-12).all()
    assert (len(ledger.prices) == 0) == (band == [1.0, 1.0])


def test_uniform_prices_are_the_stated_ones():
    """No will of their own is left to partners: the same run as with own prices off."""
    uniform = vary(small(), {"channels.dealers.price_band": [1.0, 1.0]})
    one, other = ledger_of(uniform), ledger_of(switch_off(uniform, "own_prices"))
    pd.testing.assert_frame_equal(one.choices, other.choices)
    assert len(one.prices) == 0


def test_neighbours_lower_prices_unless_a_ladder_holds_them():
    """X2: four dealers whose stated mark-up is 80% fight for customers down to Hotelling's prices; a floor at 90% of
    the recommended price ends the war there. The breakdown's mean price of the channel shows both."""
    dealers = {"price": 0.5, "outlets": 4, "tiers": [{"markup": 0.8}], "price_band": FREE}
    scenario = own_prices({"dealers": dealers}, worth=[9.0, 9.0], transport=0.2)
    scenario = vary(scenario, {"calendar.warm_up_days": 42.0})
    floor = vary(scenario, {"channels.dealers.price_band": [0.9, 100.0]})
    stated = vary(scenario, {"channels.dealers.price_band": [1.0, 1.0]})
    means = []
    for each in (scenario, floor, stated):
        table = breakdown(ledger_of(each)).set_index(["level", "group", "metric"])["value"]
        means.append(table["channel", "dealers", "price"])
    theory = prices_on_a_street(4, unit_cost=0.5, transport_cost=0.2)
    assert min(theory) < means[0] < max(theory)
    assert means[1:] == pytest.approx([0.81, 0.9])


def regions(channels: dict[str, Any], **buying: Any) -> Scenario:
    """North and south alike, about 2,000 needs in each; dealers look around every week."""
    cells = [
        {"region": name, "needs_per_week": 250.0, "accounts": 5000, "value": {"median": 100.0, "log_sd": 0.5}}
        for name in ("north", "south")
    ]
    return vary(
        market({}, **buying),
        {
            "market.regions": {"north": {}, "south": {}},
            "demand.cells": cells,
            "channels": channels,
            "designs.channels.channels": list(channels),
            "mechanisms.diversion": {"every_days": 7.0, "transport": 0.05},
        },
    )


DEALERS = {"price": 0.8, "outlets": 2, "tiers": [{"markup": 0.25}], "region_prices": {"north": 0.8}}
"""In the south the firm asks 0.8 and a dealer 1.0, in the north 0.64 and 0.8."""


def test_cheap_regions_sell_in_dear_ones_if_the_way_is_cheap_and_not_at_one_price():
    """Gap 0.2: with transport 0.05 everybody in the south buys of the north, at 1 − 0.15/2; with transport 0.25, or
    where the firm asks one price, nobody does."""
    gap = regions({"dealers": DEALERS}, worth=[1.0, 2.0])
    diverted, far, uniform = (
        ledger_of(each).choices
        for each in (
            gap,
            vary(gap, {"mechanisms.diversion.transport": 0.25}),
            vary(gap, {"channels.dealers.region_prices": {}}),
        )
    )
    assert set(diverted["price"].round(9)) == {0.8, 0.925}
    assert not far["diverted"].any()
    assert not uniform["diverted"].any()
    assert likely(int(diverted["diverted"].sum()), len(diverted), 0.5)
    assert (diverted["diverted"] == (diverted["price"] > 0.9)).all()


def test_own_prices_that_differ_between_areas_invite_diversion_and_a_uniform_price_does_not():
    """C8: the firm asks the same everywhere. A shop of the firm at 0.85 in the north makes the dealers there lower
    their prices, as far as the band lets them, and sell in the south; with uniform prices they may not."""
    channels = {
        "dealers": {"price": 0.6, "tiers": [{"markup": 0.6}], "outlets": 2, "price_band": [0.5, 1.5]},
        "shop": {"price": 0.85, "regions": ["north"]},
    }
    band = vary(regions(channels, worth=[1.0, 2.0], transport=0.3), {"mechanisms.own_prices": {"every_days": 7.0}})
    uniform = vary(band, {"channels.dealers.price_band": [1.0, 1.0]})
    free, same = (ledger_of(each).choices["diverted"] for each in (band, uniform))
    assert free.mean() > 0.1
    assert not same.any()


def test_a_diverted_sale_goes_through_the_hands_of_who_diverts_and_is_a_conflict():
    """By hand, row by row: goods from the firm to a dealer of the north to the customer; the outlet in the south that
    he would have bought of loses its mark-up of 0.2 on goods at list price; an of-which, so no money moves for it."""
    ledger = ledger_of(regions({"dealers": DEALERS}, worth=[1.0, 2.0]))
    check(ledger)
    diverted = ledger.choices[ledger.choices["diverted"]].set_index("need")
    rows = ledger.conflicts.set_index("lead")
    assert set(ledger.conflicts["kind"]) == {"diversion"}
    assert set(ledger.conflicts["cause"]) == {"prices differ between areas"}
    assert sorted(rows.index) == sorted(diverted.index)
    np.testing.assert_array_equal(rows.loc[diverted.index, "amount"], np.rint(diverted["goods"] * 0.2))
    assert (rows.loc[diverted.index, "other"].astype(str) == diverted["outlet"].astype(str)).all()
    assert set(rows["other"].astype(str)) == {"dealers/north/1", "dealers/north/2"}
    assert set(rows["party"].astype(str)) == {"dealers/south/1", "dealers/south/2"}
    sold = ledger.goods[(ledger.goods["kind"] == "sold").to_numpy()].set_index("lead")
    assert (sold.loc[diverted.index, "giver"].astype(str) == diverted["outlet"].astype(str)).all()
    np.testing.assert_array_equal(sold.loc[diverted.index, "paid"], np.rint(diverted["goods"] * 0.925))


def test_policing_finds_its_share_and_the_found_pay():
    """Policing at the money at which half is found, a penalty of 0.1: 0.05 is taken off what is left of the gap, so
    they ask 1 − 0.1/2; half of the sales are found, each pays 0.1 of the goods, and policing costs what it costs."""
    scenario = vary(
        regions({"dealers": {**DEALERS, "penalty": 0.1, "policing_per_year": 40_000.0}}, worth=[1.0, 2.0]),
        {"mechanisms.diversion.half_found_per_year": 40_000.0},
    )
    ledger = ledger_of(scenario)
    check(ledger)
    diverted = ledger.choices[ledger.choices["diverted"]].set_index("need")
    assert set(diverted["price"].round(9)) == {0.95}
    paid = ledger.money[(ledger.money["kind"] == "penalty").to_numpy()].set_index("lead")
    assert likely(len(paid), len(diverted), 0.5)
    np.testing.assert_array_equal(paid["amount"], np.rint(diverted.loc[paid.index, "goods"] * 0.1))
    assert (paid["payer"].astype(str) == diverted.loc[paid.index, "outlet"].astype(str)).all()
    assert set(paid["payee"]) == {"firm"}
    policing = ledger.money[(ledger.money["kind"] == "policing").to_numpy()]
    assert policing["amount"].sum() == pytest.approx(4_000_000 * 56 / 365, abs=1)


def test_enough_policing_or_a_high_penalty_ends_it():
    """Probability × penalty beyond what is left of the gap: ¾ · 0.25 > 0.15, and ½ · 0.25 is not."""
    scenario = regions({"dealers": {**DEALERS, "penalty": 0.25}}, worth=[1.0, 2.0])
    half = {"mechanisms.diversion.half_found_per_year": 40_000.0}
    found = [
        ledger_of(vary(scenario, {**half, "channels.dealers.policing_per_year": money})).choices["diverted"].mean()
        for money in (0.0, 40_000.0, 80_000.0)
    ]
    assert found[0] > 0.4
    assert found[1] > 0.4
    assert found[2] == 0.0


def test_who_would_have_bought_of_nobody_else_is_nobodys_loss():
    """Worth 0.95 to all: in the south nobody buys of the dealers there, at 1; of the north's, at 0.925, everybody does,
    and no conflict is written."""
    ledger = ledger_of(regions({"dealers": DEALERS}, worth=[0.95, 0.95]))
    assert likely(int(ledger.choices["diverted"].sum()), len(ledger.choices), 0.5)
    assert len(ledger.conflicts) == 0
