"""What one channel takes from another is what the books say by hand, and is only looked at, never paid again."""

import dataclasses
from typing import Any

import pandas as pd
import pytest

from simlib.ledger import SCHEMA, Ledger
from simlib.measure.breakdown import breakdown
from simlib.measure.kpis import contribution, figures
from simlib.org import build
from simlib.runs import run, simulate
from simlib.scenario import Scenario, vary
from simlib.world import draw_world
from tests.runs.test_channels import ledger_of, market
from tests.worlds import small

SHOP = {"price": 1.5, "advice_hours": 2.0, "advice_hour_cost": 30.0}
SITE = {"price": 1.2, "online": True, "advice": 0.0}


def showroom(*, looks_elsewhere: float = 0.3, **channels: Any) -> Scenario:
    """A shop with advice and a site without, for customers to whom a good is worth 2 with advice and 1 without."""
    worth = {"worth": [2.0, 2.0], "need_of_advice": 1.0, "looks_elsewhere": looks_elsewhere}
    return market({"shop": SHOP, "site": SITE, **channels}, needs_per_week=100.0, **worth)


def of_kind(ledger: Ledger, kind: str) -> pd.DataFrame:
    """Conflicts of a kind, by need, with their parties as plain words."""
    rows = ledger.conflicts[(ledger.conflicts["kind"] == kind).to_numpy()]
    return rows.astype({"party": "object", "other": "object"}).set_index("lead").sort_index()


def test_who_learns_in_the_shop_and_buys_on_the_site_costs_the_shop_its_hours_and_the_sale():
    """Without learning elsewhere he would have bought in the shop, for ½: it loses 1.5 − 0.6 of the list price (margin
    0.4) and two hours at 30."""
    ledger = ledger_of(showroom())
    shown, choices = of_kind(ledger, "showrooming"), ledger.choices.set_index("need")
    on_site = choices[(choices["channel"] == "site").to_numpy()]
    assert list(shown.index) == list(on_site.index)
    assert len(shown) > 100
    assert set(shown["party"]) == {"shop/all/1"}
    assert set(shown["other"]) == {"site/1"}
    assert set(shown["hours"]) == {2.0}
    expected = [round(2 * 30 * 100 + goods * 0.9) for goods in on_site["goods"]]
    assert shown["amount"].tolist() == pytest.approx(expected, abs=1)
    assert not len(of_kind(ledger, "encroachment"))


def test_who_would_not_have_bought_in_the_shop_costs_it_only_its_hours():
    """At 2.5 nobody buys in the shop, and without its advice nobody on the site."""
    shown = of_kind(ledger_of(showroom(shop={**SHOP, "price": 2.5})), "showrooming")
    assert len(shown) > 100
    assert set(shown["amount"]) == {2 * 30 * 100}


def test_a_partners_shop_loses_what_he_would_have_earned():
    """A dealer who buys at 1.2 and asks 1.5 loses 0.3 of the list price; an agent at 1.5 loses his commission."""
    dealer = {**SHOP, "price": 1.2, "tiers": [{"markup": 0.25}], "advice_hours": 0.0}
    agent = {**SHOP, "commission": 0.1, "advice_hours": 0.0}
    for shop, kept in ((dealer, 0.3), (agent, 0.15)):
        ledger = ledger_of(showroom(shop=shop))
        shown = of_kind(ledger, "showrooming")
        goods = ledger.choices.set_index("need")["goods"][shown.index]
        assert len(shown) > 100
        assert shown["amount"].tolist() == pytest.approx((goods * kept).tolist(), abs=1)


@pytest.mark.parametrize("own", ["site", "force"])
def test_the_firms_own_channel_takes_from_the_dealer_whom_he_would_have_had(own):
    """Dealer at 0.6, of which he keeps 0.1, and an own channel at 0.4 that is worth 0.8 as much: of who choose it,
    whoever the good is worth more than 0.6 would have gone to the dealer (W5)."""
    ways = {"site": {"online": True, "price": 0.4, "acceptance": 0.8}, "force": {"pursued": True, "acceptance": 0.8}}
    chosen = {**ways[own], "price": 0.4}
    scenario = market({"dealer": {"price": 0.5, "tiers": [{"markup": 0.2}]}, own: chosen}, worth=[0.0, 1.0])
    ledger = ledger_of(scenario)
    rows, choices = of_kind(ledger, "encroachment"), ledger.choices.set_index("need")
    taken = choices[((choices["channel"] == own) & (choices["instead"] == "dealer")).to_numpy()]
    assert list(rows.index) == list(taken.index)
    assert len(rows) > 300
    assert set(rows["party"]) == {"dealer/all/1"}
    assert rows["other"].isna().all() if own == "force" else set(rows["other"]) == {"site/1"}
    values = ledger.needs.set_index("need")["value"][rows.index]
    assert rows["amount"].tolist() == pytest.approx((values * 0.1).tolist(), abs=1)
    assert not rows["hours"].any()


def test_without_a_partner_nobody_is_encroached_upon():
    """A shop and a site of the firm share their customers."""
    scenario = market(
        {"shop": {"price": 0.6}, "site": {"price": 0.4, "online": True, "acceptance": 0.8}}, worth=[0.0, 1.0]
    )
    assert not len(ledger_of(scenario).conflicts)


def test_conflict_between_channels_is_an_of_which():
    """Hours of advice and what they cost are written beside a conflict, and nothing else changes, to the bit."""
    one, other = (
        ledger_of(vary(small(), {"channels.dealers.advice_hours": hours, "channels.dealers.advice_hour_cost": 40.0}))
        for hours in (0.0, 3.0)
    )
    assert of_kind(other, "showrooming")["hours"].sum() > 0
    for table in SCHEMA:
        if table != "conflicts":
            pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table))
    assert contribution(one) == contribution(other)
    silent = dataclasses.replace(other, conflicts=other.conflicts[:0])
    assert contribution(silent) == contribution(other)


def test_what_channels_lose_stands_apart_from_what_the_firm_loses_through_its_people():
    """Figures and parts by kind, against the rows of the books."""
    ledger = ledger_of(vary(small(), {"channels.dealers.advice_hours": 1.0, "channels.dealers.advice_hour_cost": 40.0}))
    people = set(ledger.seats["party"].astype(str))
    cohort = set(ledger.needs["need"][ledger.needs["cohort"]])
    mine = [row for row in ledger.conflicts.itertuples() if row.lead in cohort]
    ours = sum(row.amount for row in mine if row.party in people) / 100
    theirs = sum(row.amount for row in mine if row.party not in people) / 100
    assert ours > 0
    assert theirs > 0
    table = figures(ledger).set_index("metric")["value"]
    assert table["conflict_money_direct"] == pytest.approx(ours)
    assert table["conflict_money_channels"] == pytest.approx(theirs)
    assert table["conflict_hours"] == pytest.approx(sum(row.hours for row in mine))
    parts = breakdown(ledger)
    parts = parts[(parts["level"] == "conflict").to_numpy()].groupby("metric")["value"].sum()
    assert parts["money_channels"] == pytest.approx(theirs)
    assert parts["money_direct"] == pytest.approx(ours)


def test_the_total_loss_by_showrooming_is_that_of_a_run_in_which_nobody_looks_elsewhere():
    """Shop and site of one firm: what looking elsewhere takes from the firm itself, beside what the shop lost."""
    scenario = vary(showroom(), {"calendar.drain_days": 1.0})
    parts = run(scenario, seed=3, replications=1).breakdown
    found = parts[((parts["group"] == "showrooming") & (parts["metric"] == "money_total")).to_numpy()]["value"].item()
    here, calm = (
        contribution(simulate(build("channels", each), draw_world(each, seed=3, replication=0)))
        for each in (scenario, vary(scenario, {"mechanisms.buying.looks_elsewhere": 0.0}))
    )
    assert found == pytest.approx(calm - here)
    assert found > 0
