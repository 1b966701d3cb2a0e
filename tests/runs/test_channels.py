"""Customers choose where they buy: runs against closed formulas, and what must balance between the parties."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from simlib.ledger import Ledger
from simlib.measure.kpis import contribution, figures
from simlib.measure.timeline import contribution_between
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario, switch_off, vary
from simlib.world import draw_world
from tests.worlds import CHANNELS, small

SEED = 8


def ledger_of(scenario: Scenario, *, design: str = "channels", seed: int = SEED) -> Ledger:
    """The first world of a seed."""
    return simulate(build(design, scenario), draw_world(scenario, seed=seed, replication=0))


def market(channels: dict[str, Any], *, needs_per_week: float = 500.0, **buying: Any) -> Scenario:
    """Nothing but customers and some channels, all open: about 4,000 needs."""
    return Scenario.model_validate(
        {
            "calendar": {"horizon_days": 56.0, "drain_days": 0.0},
            "demand": {"cells": [{"needs_per_week": needs_per_week, "value": {"median": 100.0, "log_sd": 0.5}}]},
            "mechanisms": {"buying": buying},
            "stages": [{"name": "talk", "effort_hours": 0.0}],
            "costs": {"margin": 0.4, "rep_per_year": 1.0},
            "channels": channels,
            "designs": {"channels": {"structure": "flat", "reps": 1, "channels": list(channels)}},
        }
    )


def likely(count: int, of: int, share: float) -> bool:
    """Whether so many of some have what a share has: inside the central 99.9%."""
    low, high = binom.interval(0.999, of, share)
    return bool(low <= count <= high)


def bought(ledger: Ledger) -> dict[str, int]:
    """Customers by channel."""
    return {str(name): int(count) for name, count in ledger.choices["channel"].value_counts().items()}


@pytest.mark.parametrize("spent", [0.0, 1000.0, 2000.0, 1e6])
def test_advertising_tells_half_of_who_would_not_know_with_every_half_told(spent):
    """Of .2 who know a shop: .6 at the cost that tells half, .8 at twice that, all in the end; it is paid by day."""
    ledger = ledger_of(
        market({"shop": {"reach": 0.2, "advertising_per_year": spent, "half_told_per_year": 1000.0, "price": 0.5}})
    )
    known = {0.0: 0.2, 1000.0: 0.6, 2000.0: 0.8, 1e6: 1.0}[spent]
    accounts = ledger.needs["account"].groupby(ledger.needs["account"]).ngroup().max() + 1
    buyers = ledger.needs["account"][(ledger.choices["channel"] == "shop").to_numpy()].nunique()
    assert likely(buyers, int(accounts), known)
    paid = ledger.money[(ledger.money["kind"] == "advertising").to_numpy()]
    assert paid["amount"].sum() == pytest.approx(spent * 100 * 56 / 365, abs=1)
    assert set(paid["payee"].astype(str)) <= {"suppliers"}


def test_more_advertising_adds_customers_and_takes_none_away():
    """The same accounts know of it, and more."""
    shop = {"reach": 0.2, "half_told_per_year": 1000.0, "price": 0.5}
    few, many = (
        ledger_of(market({"shop": {**shop, "advertising_per_year": spent}})).choices["channel"] == "shop"
        for spent in (0.0, 700.0)
    )
    assert few.sum() < many.sum()
    assert not (few & ~many).any()


@pytest.mark.parametrize("price", [0.6, 0.9, 1.4])
def test_of_one_shop_demand_is_a_straight_line_of_its_price(price):
    """Worth evenly between 0.5 and 1.5, nothing else: who buys is whoever it is worth the price."""
    ledger = ledger_of(market({"shop": {"price": price}}, worth=[0.5, 1.5]))
    assert likely(bought(ledger)["shop"], len(ledger.choices), min(1.5 - price, 1.0))


@pytest.mark.parametrize(("retail", "online", "acceptance"), [(0.5, 0.35, 0.8), (0.6, 0.4, 0.7)])
def test_an_own_site_beside_a_dealer_splits_customers_as_theory_says(retail, online, acceptance):
    """Worth evenly between 0 and 1: of the dealer buys who is worth (p − q)/(1 − θ) or more, on the site whoever else
    is worth q/θ or more (Chiang, Chhajed and Hess 2003)."""
    channels = {
        "dealer": {"price": retail, "tiers": [{}]},
        "site": {"price": online, "online": True, "acceptance": acceptance},
    }
    ledger = ledger_of(market(channels, worth=[0.0, 1.0]))
    both = (retail - online) / (1 - acceptance)
    sold = bought(ledger)
    assert likely(sold["dealer"], len(ledger.choices), 1 - both)
    assert likely(sold["site"], len(ledger.choices), both - online / acceptance)


def test_with_other_tastes_shares_are_those_of_multinomial_logit():
    """Worth alike for all: e^(V/s) by channel, over the sum with 1 for staying away (McFadden 1974)."""
    channels = {
        "shop": {"price": 0.9},
        "site": {"price": 0.7, "online": True, "acceptance": 0.9},
        "force": {"pursued": True},
    }
    ledger = ledger_of(market(channels, worth=[1.1, 1.1], noise=0.3))
    weight = {"shop": math.exp(0.2 / 0.3), "site": math.exp(0.29 / 0.3), "force": math.exp(0.1 / 0.3), "nowhere": 1.0}
    sold = bought(ledger)
    for name in weight:
        assert likely(sold[name], len(ledger.choices), weight[name] / sum(weight.values())), name


@pytest.mark.parametrize("outlets", [1, 2, 4])
def test_of_more_outlets_more_customers_are_near_enough(outlets):
    """A line of length 1, outlets evenly along it, worth 1.2, price 1, way 0.8 · distance: who lives within a quarter
    of one buys; two outlets reach all (Hotelling 1929; C7)."""
    ledger = ledger_of(market({"shops": {"outlets": outlets}}, worth=[1.2, 1.2], transport=0.8))
    share = min(outlets * 0.5, 1.0)
    assert likely(bought(ledger).get("shops", 0), len(ledger.choices), share)
    at = ledger.choices["outlet"].astype(str)
    assert set(at[at != ""]) == {f"shops/all/{number + 1}" for number in range(outlets)}


def test_showrooming_learns_where_advice_is_and_buys_where_it_is_cheap():
    """Complexity ½, all advice needed: a good is worth 2 with advice, 1 without. Who looks elsewhere learns in the shop
    and buys on the site for 1.2; who does not buys in the shop for 1.5 and gets ½."""
    channels = {"shop": {"price": 1.5}, "site": {"price": 1.2, "online": True, "advice": 0.0}}
    ledger = ledger_of(market(channels, worth=[2.0, 2.0], need_of_advice=1.0, looks_elsewhere=0.3))
    choices = ledger.choices
    on_site = choices[(choices["channel"] == "site").to_numpy()]
    assert likely(len(on_site), len(choices), 0.3)
    assert (on_site["learnt"] == "shop/all/1").all()
    assert (on_site["instead"] == "shop").all()


def test_one_channel_more_changes_nobodys_taste():
    """Who does not choose the channel that is opened buys as before, at the same prices: its draws are its own."""
    scenario = vary(
        switch_off(small(), "stock", "own_prices"),
        {"designs.flat.channels": ["force", "dealers"], "designs.geographic.channels": ["site", "dealers", "force"]},
    )
    few, more = (ledger_of(scenario, design=name).choices.set_index("need") for name in ("flat", "geographic"))
    kept = (more["channel"] != "site").to_numpy()
    assert 50 < kept.sum() < len(kept) - 10
    for column in ("channel", "outlet", "learnt", "price"):
        pd.testing.assert_series_equal(few[column][kept].astype(object), more[column][kept].astype(object))
    assert (few["channel"].astype(object)[~kept] == more["instead"].astype(object)[~kept]).all()


def test_who_buys_elsewhere_is_no_lead_and_who_chooses_the_force_is_as_ever():
    """Inbound needs of the force, which everybody knows, are its leads, and no call finds any other."""
    ledger = ledger_of(vary(small(), {"channels.force.reach": 1.0}))
    chosen = ledger.choices.set_index("need")["channel"].astype(str)
    came = ledger.leads["need"][~ledger.leads["need"].isin(ledger.needs["need"][ledger.needs["opening"]])]
    assert set(chosen[came]) == {"force"}
    inbound = ledger.needs["need"][ledger.needs["inbound"] & ~ledger.needs["opening"]]
    asked = set(inbound[(chosen[inbound] == "force").to_numpy()])
    assert asked <= set(came)
    assert len(asked) > 20


def test_with_buying_off_everybody_comes_to_the_first_channel():
    """And to the outlet that is nearest; without channels nothing comes to the market at all."""
    off = switch_off(small(), "buying", "stock")
    scenario = vary(off, {"designs.channels.channels": ["dealers", "force"]})
    ledger = ledger_of(scenario)
    assert set(ledger.choices["channel"]) == {"dealers"}
    assert set(ledger.leads["need"]) <= set(ledger.needs["need"][ledger.needs["opening"]])
    assert len(ledger_of(small(), design="geographic").choices) == 0


def test_a_firm_without_channels_may_open_some():
    """Until then every need is the own force's, and no choice is on record."""
    scenario = vary(
        small(),
        {
            "designs.channels.channels": [],
            "designs.flat.channels": ["force", "site"],
            "designs.channels.becomes": {"design": "flat", "on_day": 14.0},
        },
    )
    assert ledger_of(scenario).choices["at_h"].min() > 21 * 24


def test_a_channel_that_a_change_opens_sells_and_costs_from_then_on():
    """A design becomes one with a site on day 14 of the window, three weeks after the start: until then nobody buys
    there, and its rent runs for the rest."""
    scenario = vary(
        switch_off(small(), "own_prices", "diversion"),
        {
            "designs.channels.channels": ["force", "dealers"],
            "designs.flat.channels": ["force", "dealers", "site"],
            "designs.channels.becomes": {"design": "flat", "on_day": 14.0},
            "channels.dealers.region_prices": {},
            "mechanisms.turnover": "off",
            "mechanisms.partner_effort": "off",
        },
    )
    ledger = ledger_of(scenario)
    opened_h = 21 * 24.0
    on_site = ledger.choices["at_h"][(ledger.choices["channel"] == "site").to_numpy()]
    assert on_site.min() > opened_h
    assert len(on_site) > 10
    money = ledger.money
    rent, set_up = (money[(money["kind"] == kind).to_numpy()] for kind in ("outlets", "set-up"))
    years = (ledger.frame.end_h - opened_h) / 24 / 365
    assert rent["amount"].sum() == pytest.approx(900_000 * years, abs=1)
    assert rent["at_h"].min() == opened_h
    assert (set_up["at_h"].to_list(), set_up["amount"].to_list()) == ([opened_h], [70_000])


def left(ledger: Ledger) -> pd.DataFrame:
    """Goods that each party owns, and that it has in stock, after each row of the table, and at the end: by party."""
    goods = ledger.goods
    one = goods[["giver", "taker", "kind", "goods", "lead"]].astype({"giver": str, "taker": str, "kind": str})
    to_order = one["lead"] >= 0
    comes = one[(one["kind"].isin(["opening", "received"]) | ((one["kind"] == "moved") & to_order))]
    ahead = one[(one["kind"] == "moved") & ~to_order]
    leaves = one[one["kind"].isin(["moved", "sold", "lost", "returned"])]
    rows = [
        *((row.Index, row.taker, 0 if row.kind == "received" else row.goods, row.goods) for row in comes.itertuples()),
        *((row.Index, row.taker, row.goods, 0) for row in ahead.itertuples()),
        *((row.Index, row.giver, -row.goods, -row.goods) for row in leaves.itertuples()),
    ]
    table = pd.DataFrame(rows, columns=["row", "party", "owned", "stock"])
    table = table.astype({"party": str, "owned": int, "stock": int}).sort_values("row", kind="stable")
    sells = list(goods["taker"].cat.categories)
    table = table[table["party"].isin(sells[sells.index("suppliers") + 1 :])]
    path = table.groupby("party")[["owned", "stock"]].cumsum()
    assert (path >= 0).all().all(), "nobody gives what he does not have"
    assert (path["owned"] >= path["stock"]).all(), "what is in stock is owned"
    return table.groupby("party")[["owned", "stock"]].sum()


def check(ledger: Ledger) -> None:
    """Goods and money balance: between any two parties, and for each of them."""
    goods, money = ledger.goods, ledger.money
    by = goods.groupby("kind", observed=False)["goods"].sum()
    still = left(ledger)
    assert by["made"] + by["opening"] == by["sold"] + still["owned"].sum() + by["returned"] + by["lost"]
    taken = goods.groupby("taker", observed=False)["goods"].sum()
    given_on = goods.groupby("giver", observed=False)["goods"].sum()
    assert taken["firm"] - by["returned"] == given_on["firm"] - by["opening"]
    for party, owned in still["owned"].items():
        assert taken[party] == given_on[party] + owned, party
    on_its_way = goods[((goods["kind"] == "moved") & (goods["lead"] < 0)).to_numpy()]["goods"].sum() - by["received"]
    assert on_its_way == (still["owned"] - still["stock"]).sum()
    paid = money[money["kind"].isin(["goods", "cost of goods"]).to_numpy()]
    changed = goods[(goods["kind"] != "opening").to_numpy()]
    for mine, theirs in (("giver", "payee"), ("taker", "payer")):
        one = changed.groupby(mine, observed=False)["paid"].sum()
        pd.testing.assert_series_equal(one, paid.groupby(theirs, observed=False)["amount"].sum(), check_names=False)
    sold = goods[(goods["kind"] == "sold").to_numpy()].set_index("lead")["paid"]
    chosen = ledger.choices[(ledger.choices["outlet"] != "").to_numpy()].set_index("need")["paid"]
    assert sold.sort_index().to_dict() == chosen.sort_index().to_dict()
    kinds = ["showrooming", "encroachment", "diversion", "complaint"]
    between = ledger.conflicts[ledger.conflicts["kind"].isin(kinds)]
    heard = between["party"].isin(set(ledger.seats["party"].astype(str))).to_numpy()  # by the head of a line
    shown = between[(between["kind"] == "showrooming").to_numpy() & ~heard].set_index("lead")
    elsewhere = ledger.choices.set_index("need").astype({"learnt": str, "outlet": str})
    elsewhere = elsewhere[(elsewhere["learnt"] != elsewhere["outlet"]).to_numpy()]
    assert shown["party"].astype(str).to_dict() == elsewhere["learnt"].to_dict()
    sales = between[((between["amount"] != 0) & (between["hours"] == 0)).to_numpy()]
    assert sales["lead"].is_unique  # a sale is lost once
    owed = ledger.rebates.groupby("paid_in", observed=False)["amount"].sum()
    given = money.groupby("kind", observed=False)["amount"].sum()
    assert given["rebate"] == owed["cash"] + owed["fund"]
    assert given["marketing"] == owed["fund"]
    assert given["credit"] <= owed["credit"]

    served = ledger.choices[(ledger.choices["outlet"] != "").to_numpy()]
    for outlet, mine in served.groupby(served["outlet"].astype(str)):
        spells = ledger.partners[(ledger.partners["party"] == outlet).to_numpy()]
        if len(spells) or outlet.startswith("dealers"):  # what the firm sells itself has no partners
            within = [((spells["sells_h"] <= at) & (at <= spells["to_h"])).any() for at in mine["at_h"]]
            assert all(within), outlet


def rewards() -> st.SearchStrategy[dict[str, Any]]:
    """What a tier may get for what it buys."""
    rebate = st.fixed_dictionaries(
        {
            "period": st.sampled_from(["month", "quarter"]),
            "rate": st.sampled_from([0.0, 0.02]),
            "tiers": st.sampled_from([[], [[0.0, 0.01], [30000.0, 0.05], [150000.0, 0.1]]]),
            "mode": st.sampled_from(["marginal", "retroactive"]),
            "growth": st.sampled_from([0.0, 0.1]),
            "paid_in": st.sampled_from(["cash", "credit", "fund"]),
        }
    )
    special = st.fixed_dictionaries({"share": st.floats(0.0, 1.0), "orders": st.sampled_from(["all", "first"])})
    return st.fixed_dictionaries({"rebate": st.one_of(st.none(), rebate), "specials": st.lists(special, max_size=2)})


def stocks() -> st.SearchStrategy[dict[str, Any]]:
    """How partners may keep stock."""
    return st.fixed_dictionaries(
        {
            "order_every_days": st.sampled_from([0.5, 5.0, 40.0]),
            "cover_days": st.sampled_from([0.0, 3.0, 20.0, 200.0]),
            "lead_days": st.sampled_from([0.0, 2.0, 50.0]),
            "lost_per_year": st.sampled_from([0.0, 0.9]),
        }
    )


@st.composite
def scenarios(draw: Any) -> Scenario:
    """The small market with any channels open, at any prices."""
    order = draw(st.permutations(sorted(CHANNELS)))
    price, markup = st.floats(0.3, 1.5), st.floats(0.0, 0.5)
    return vary(
        small(),
        {
            "designs.channels.channels": list(order[: draw(st.integers(1, 4))]),
            "channels.site.price": draw(price),
            "channels.dealers.price": draw(price),
            "channels.dealers.outlets": draw(st.integers(1, 7)),
            "channels.dealers.tiers": [
                {"markup": draw(markup), "serves": draw(st.integers(1, 3)), **draw(rewards())}
                for _ in range(draw(st.integers(0, 4)))
            ]
            + [{"markup": draw(markup), **draw(rewards())}],
            "channels.agents.commission": draw(st.floats(0.0, 1.0)),
            "channels.agents.signed_from_day": draw(st.sampled_from([0.0, 12.0])),
            "designs.channels.pools": draw(st.sampled_from([{}, {"channel managers": {"count": 3, "partners": True}}])),
            "mechanisms.buying.noise": draw(st.sampled_from([0.0, 0.2])),
            "mechanisms.stock": draw(st.one_of(st.just("off"), stocks())),
            "designs.flat.channels": list(order[: draw(st.integers(0, 4))]),
            "designs.channels.becomes": draw(st.sampled_from([None, {"design": "flat", "on_day": 14.0}])),
        },
    )


@pytest.mark.slow
@given(scenario=scenarios(), seed=st.integers(0, 10**6))
@settings(max_examples=25)
def test_goods_and_money_balance(scenario, seed):
    """What was made, or there at the beginning, was sold, from hand to hand, is still there, lost or given back; and
    what the one pays the other gets."""
    check(ledger_of(scenario, seed=seed))


def test_the_line_of_time_has_what_channels_bring():
    """A site alone, without anybody to pay: what it brings in two halves of the window is what the firm's money adds up
    to in each."""
    scenario = market({"site": CHANNELS["site"]}, worth=[0.5, 2.0])
    ledger = ledger_of(vary(scenario, {"costs.rep_per_year": 0.0, "designs.channels.layers": 1}))
    halves = np.array([0.0, 28.0, 56.0]) * 24
    sign = (ledger.money["payee"] == "firm").astype(float) - (ledger.money["payer"] == "firm")
    by_hand, _ = np.histogram(ledger.money["at_h"], halves, weights=ledger.money["amount"] * sign / 100)
    np.testing.assert_allclose(contribution_between(ledger, halves), by_hand)
    assert contribution(ledger) == pytest.approx(by_hand.sum())
    assert by_hand.min() > 0


def test_figures_of_channels_are_the_books_added_up():
    """Row by row: goods bought elsewhere, what the firm got, what it paid beside goods and for rebates, what is left to
    partners, what they have not sold; and the contribution has them."""
    ledger = ledger_of(small())
    table, frame = figures(ledger).set_index("metric")["value"], ledger.frame
    rows = [row for row in ledger.money.itertuples() if frame.window_from_h <= row.at_h < frame.window_to_h]
    dues = (
        "commission",
        "duty",
        "handling",
        "policing",
        "outlets",
        "set-up",
        "special",
        "partner bonus",
        "advertising",
    )
    income = sum(row.amount for row in rows if row.kind in ("goods", "penalty") and row.payee == "firm") / 100
    goods = sum(row.amount for row in rows if row.kind == "cost of goods") / 100
    bought_back = sum(row.amount for row in rows if row.kind == "goods" and row.payer == "firm") / 100
    cost = sum(row.amount for row in rows if row.kind in dues) / 100 + bought_back
    kinds = ("goods", "commission", "penalty", "special", "rebate", "credit", "holding", "partner bonus")
    through = [row for row in rows if row.kind in kinds]
    partners = {f"{name}/" for name in ("dealers", "agents")}
    left = sum(row.amount for row in through if any(str(row.payee).startswith(name) for name in partners))
    left -= sum(row.amount for row in through if any(str(row.payer).startswith(name) for name in partners))
    elsewhere = [row for row in ledger.choices.itertuples() if row.outlet and frame.window_from_h <= row.at_h]
    rebates = sum(
        row.amount * max(min(row.to_h, frame.window_to_h) - max(row.from_h, frame.window_from_h), 0) / 100
        / (row.to_h - row.from_h)
        for row in ledger.rebates.itertuples()
    )  # fmt: skip
    assert table["channel_sales"] == pytest.approx(
        sum(row.goods for row in elsewhere if row.at_h < frame.window_to_h) / 100
    )
    assert table["channel_income"] == pytest.approx(income)
    assert table["channel_rebates"] == pytest.approx(rebates)
    assert table["channel_cost"] == pytest.approx(cost + rebates)
    assert table["partner_profit"] == pytest.approx(left / 100)
    begun, ended, bought = 0.0, 0.0, 0.0
    for row in ledger.goods.itertuples():
        comes = row.kind in ("opening", "moved") and row.giver == "firm"
        leaves = row.kind in ("sold", "lost", "returned") and str(row.giver).startswith("dealers/")
        change = (comes - leaves) * row.goods / 100
        begun += change * (row.at_h < frame.window_from_h)
        ended += change * (row.at_h < frame.window_to_h)
        bought += change * (row.kind == "moved" and frame.window_from_h <= row.at_h < frame.window_to_h)
    assert table["stock_at_partners"] == pytest.approx(ended)
    assert table["sell_in"] == pytest.approx(bought)
    signed = table["revenue"] - income
    own = (signed + table["renewals"]) * 0.4 - table["discounts"] * 0.6 - table["selling_cost"] - table["loss_unsound"]
    came = [row for row in ledger.goods.itertuples() if row.kind in ("opening", "moved") and row.giver == "firm"]
    mean_price = sum(row.paid for row in came) / sum(row.goods for row in came)
    not_sold_yet = (ended - begun) * (mean_price - 0.6)
    assert table["contribution"] == pytest.approx(own + income - goods - cost - rebates - not_sold_yet)
    assert table["contribution"] == contribution(ledger)
    parts = income, goods, cost, bought_back, rebates, begun, ended, table["channel_sales"], table["out_of_stock"]
    assert min(parts) > 0
