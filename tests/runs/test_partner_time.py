"""Partners who come later and leave: what they buy, keep, ask and answer begins and ends with them."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simlib.ledger import Ledger
from simlib.measure.kpis import figures
from simlib.scenario import Scenario, switch_off, vary
from tests.runs.test_channels import check, ledger_of, left, likely, market
from tests.runs.test_complaints import unanswered
from tests.worlds import small

DAY = 24.0
FIRED = {"every_days": 14.0, "weights": {"sales": 1.0}, "quota_per_year": 1e9, "least_score": 1.0}
"""A review that nobody passes: whoever has sold for two weeks is let go."""
STOCK = {"order_every_days": 7.0, "cover_days": 30.0, "lead_days": 3.0, "smoothing": 0.3, "holding_per_year": 0.2}


def dealer(tiers: list[dict[str, Any]] | None = None, **changes: Any) -> Scenario:
    """A dealer at 0.8 and 1.0, beside nobody, for 91 days: 100 needs a week of 100 each, and everybody buys."""
    channels = {"dealers": {"price": 0.8, "tiers": tiers or [{"markup": 0.25}]}}
    scenario = market(channels, needs_per_week=100.0, worth=[9.0, 9.0])
    return vary(scenario, {"calendar.horizon_days": 91.0, "demand.cells.0.value.log_sd": 0.0, **changes})


def moved(ledger: Ledger, giver: str, taker: str) -> dict[float, int]:
    """Goods that one bought of another, by day."""
    rows = ledger.goods[(ledger.goods["kind"] == "moved").to_numpy()]
    rows = rows[(rows["giver"] == giver).to_numpy() & (rows["taker"] == taker).to_numpy()]
    return {float(day): int(goods) for day, goods in rows.groupby(rows["at_h"] / 24)["goods"].sum().items()}


def of(ledger: Ledger, table: str, kind: str) -> Any:
    """Rows of one kind."""
    rows = getattr(ledger, table)
    return rows[(rows["kind"] == kind).to_numpy()]


# Rebates


def test_a_rebate_runs_from_the_first_day_on_which_a_partner_sells():
    """Signed on 4 February: of the month's 28 days he is there for 25, so that a tier from 30,000 a month begins at
    25/28 of it. Growth is paid from April on: a month into which he has come midway is no measure."""
    rule = {"period": "month", "tiers": [[30_000.0, 0.05]], "mode": "retroactive", "growth": 0.1}
    later = {"channels.dealers.signed_from_day": 30.0}
    ledger = ledger_of(dealer([{"markup": 0.25, "rebate": rule}], **later))
    rows = list(ledger.rebates.itertuples())
    assert [(row.from_h / 24, row.to_h / 24) for row in rows] == [(30, 55), (55, 86), (86, 91)]
    assert [math.isnan(row.before) for row in rows] == [True, True, False]
    sold = ledger.goods[(ledger.goods["kind"] == "moved").to_numpy()]
    for row, part in zip(rows, (Fraction(25, 28), 1, Fraction(5, 30)), strict=True):
        inside = ((sold["at_h"] >= row.from_h) & (sold["at_h"] < row.to_h)).to_numpy()
        assert row.bought == sold["paid"][inside].sum() > 0
        grown = 0 if math.isnan(row.before) else max(row.bought - row.before, 0) * 0.1
        tier = row.bought * 0.05 if row.bought >= 3_000_000 * part else 0
        assert row.amount == pytest.approx(float(tier + grown), abs=1)
    assert rows[0].amount > 0
    assert rows[2].before == pytest.approx(rows[1].bought * 5 / 30, abs=1)


def test_who_leaves_has_his_period_closed_and_his_credit_paid():
    """Let go on day 42, 16 February: the period ends then, with the part of its tier, and all credit is paid that
    day; nothing follows."""
    rule = {"period": "month", "tiers": [[20_000.0, 0.05]], "mode": "retroactive", "paid_in": "credit"}
    leave = {"mechanisms.partner_review": {**FIRED, "every_days": 42.0}}
    ledger = ledger_of(dealer([{"markup": 0.25, "rebate": rule}], **leave))
    assert [(row.from_h / 24, row.to_h / 24) for row in ledger.rebates.itertuples()] == [(0, 27), (27, 42)]
    assert (ledger.rebates["bought"] > 20_000 * 100 * np.array([27 / 31, 15 / 28])).all()
    credit = of(ledger, "money", "credit")
    assert credit["amount"].sum() == ledger.rebates["amount"].sum() > 0
    at_exit = credit["amount"][(credit["at_h"] == 42 * DAY).to_numpy()].sum()
    assert at_exit >= ledger.rebates["amount"].iloc[-1] > 0
    assert credit["at_h"].max() == 42 * DAY
    check(ledger)


# Stock


@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_who_is_signed_later_begins_with_an_order_of_what_others_begin_with(smoothing):
    """On day 30 he orders what a dealer has who is there at time zero, 30 days of what customers want; it comes three
    days later, and from then on he sells, whether he ever changes his mind or not."""
    stock = {"mechanisms.stock": {**STOCK, "smoothing": smoothing}}
    there = of(ledger_of(dealer(**stock)), "goods", "opening")["goods"].sum()
    ledger = ledger_of(dealer(**stock, **{"channels.dealers.signed_from_day": 30.0}))
    assert len(of(ledger, "goods", "opening")) == 0
    assert moved(ledger, "firm", "dealers/all/1")[30.0] == there > 10_000
    sold = of(ledger, "goods", "sold")["at_h"]
    assert 33 * DAY <= sold.min() < 34 * DAY
    late = ledger.choices[(ledger.choices["at_h"] >= 33 * DAY).to_numpy()]
    assert (late["channel"] == "dealers").mean() > 0.99
    check(ledger)


def test_dealers_who_begin_together_share_what_customers_want():
    """Two dealers of one street signed on one day each order half of it, not the first one all."""
    stock = {"mechanisms.stock": STOCK, "channels.dealers.outlets": 2, "mechanisms.buying.transport": 0.1}
    there = of(ledger_of(dealer(**stock)), "goods", "opening").set_index("taker")["goods"]
    ledger = ledger_of(dealer(**stock, **{"channels.dealers.signed_from_day": 30.0}))
    for number in (1, 2):
        assert moved(ledger, "firm", f"dealers/all/{number}")[30.0] == there[f"dealers/all/{number}"] > 5_000


def test_who_leaves_gives_his_goods_back():
    """Let go on day 28: what he has and what is on its way goes back that day at 60% of the firm's price; keeping it
    costs nothing from then on."""
    stock = {"mechanisms.stock": {**STOCK, "bought_back": 0.6}}
    ledger = ledger_of(dealer(**stock, **{"mechanisms.partner_review": {**FIRED, "every_days": 28.0}}))
    goods = ledger.goods.groupby("kind", observed=False)["goods"].sum()
    back = of(ledger, "goods", "returned")
    assert back["at_h"].to_list() == [28 * DAY]
    assert goods["opening"] + goods["moved"] == goods["sold"] + goods["returned"]
    assert back["paid"].sum() == pytest.approx(goods["returned"] * 0.8 * 0.6, abs=1)
    assert ledger.goods["at_h"].max() == of(ledger, "money", "holding")["at_h"].max() == 28 * DAY
    assert figures(ledger).set_index("metric")["value"]["stock_at_partners"] == pytest.approx(0, abs=1e-6)
    check(ledger)


def test_those_above_are_there_while_somebody_below_sells():
    """Two tiers, the retailer signed on day 30: the wholesaler orders for himself and for him that day, and what the
    retailer asks again and again until it has come is asked once. Let go on day 84, both give all back."""
    stock = {"mechanisms.stock": {**STOCK, "lead_days": 14.0}, "channels.dealers.signed_from_day": 30.0}
    one = moved(ledger_of(dealer(**stock)), "firm", "dealers/all/1")[30.0]
    two = [{"serves": 1}, {"markup": 0.25}]
    ledger = ledger_of(dealer(two, **stock))
    up, down = moved(ledger, "firm", "dealers/all/above 1"), moved(ledger, "dealers/all/above 1", "dealers/all/1")
    assert up[30.0] == 2 * one
    assert min(down) == 49.0  # the first review after it has come
    assert sum(goods for day, goods in up.items() if day < 49.0) < 2.2 * one
    fired = ledger_of(dealer(two, **stock, **{"mechanisms.partner_review": {**FIRED, "every_days": 28.0}}))
    back = of(fired, "goods", "returned")
    assert set(back["at_h"]) == {84 * DAY}
    assert set(back["giver"]) == {"dealers/all/1", "dealers/all/above 1"}
    for each in (ledger, fired):
        check(each)


def test_what_partners_have_at_time_zero_is_what_sells_at_their_own_price():
    """Who may ask more than the stated price has in stock what a dealer has who is told to ask as much."""
    own = {"mechanisms.own_prices": {"every_days": 30.0}, "channels.dealers.price_band": [1.5, 2.0]}
    base = {"mechanisms.stock": STOCK, "mechanisms.buying.worth": [0.5, 2.0]}
    free = ledger_of(dealer(**base, **own))
    asks = free.prices["price"].iloc[0]
    stated = ledger_of(dealer([{"markup": asks / 0.8 - 1}], **base))
    opening = [of(each, "goods", "opening")["goods"].sum() for each in (free, stated)]
    assert opening[0] == opening[1] < 0.6 * of(ledger_of(dealer(**base)), "goods", "opening")["goods"].sum()


# What others reckon with


def test_partners_reckon_with_who_sells_now():
    """Two dealers on a street, t = 0.4 and goods at 0.5, worth 1.5: who is alone, the other one not signed before day
    30, asks what keeps his farthest customer, three quarters of the street away; later both ask 0.9 (Hotelling)."""
    dealers = {"price": 0.5, "outlets": 2, "tiers": [{}], "price_band": [0.0, 100.0]}
    programme = {"signed_from_day": 0.0, "signed_per_month": 1.0}
    scenario = vary(
        market({"dealers": {**dealers, **programme}}, worth=[1.5, 1.5], transport=0.4, needs_per_week=2.0),
        {"mechanisms.own_prices": {"every_days": 2.0}, "costs.margin": 0.9, "calendar.horizon_days": 140.0},
    )
    prices = ledger_of(scenario).prices
    before = prices["price"][(prices["at_h"] < 365 / 12 * DAY).to_numpy()]
    assert len(set(prices["party"][before.index])) == 1
    assert before.tolist() == pytest.approx([1.5 - 0.3], abs=1e-3)
    assert prices.groupby("party", observed=True)["price"].last().tolist() == pytest.approx([0.9, 0.9], abs=1e-3)


def test_partners_reckon_with_who_may_sell():
    """A dealer beside a cheap site: just below it; where only dealers may sell, all that it is worth."""
    channels = {"dealers": {"price": 0.5, "tiers": [{}], "price_band": [0.0, 100.0]}, "site": {"online": True}}
    scenario = vary(market(channels, worth=[3.0, 3.0], needs_per_week=10.0), {"mechanisms.own_prices": {}})
    split = {"designs.channels.policies": {"territories": {"split": [{"channels": ["dealers"]}]}}}
    asked = [ledger_of(each).prices["price"].iloc[0] for each in (scenario, vary(scenario, split))]
    assert asked == pytest.approx([1.0, 3.0], abs=1e-3)


def test_nobody_diverts_for_the_price_of_who_does_not_sell():
    """North is dear and west dearer; dealers are signed in one region after the other: nothing is diverted into one
    before its own dealer sells."""
    scenario = vary(
        switch_off(small(), "own_prices", "partner_review", "support", "stock"),
        {
            "channels.dealers.region_prices": {"north": 1.3, "west": 1.6},
            "channels.dealers.outlets": 1,
            "channels.dealers.policing_per_year": 0.0,
            "channels.dealers.penalty": 0.0,
            "channels.dealers.signed_from_day": 3.0,
            "channels.dealers.signed_per_month": 4.0,
            "designs.channels.channels": ["dealers"],
        },
    )
    ledger = ledger_of(scenario)
    begins = {str(row.party).split("/")[1]: row.sells_h for row in ledger.partners.itertuples()}
    diverted = ledger.choices[ledger.choices["diverted"].to_numpy()]
    region = ledger.needs.set_index("need")["region"].astype(str)[diverted["need"]]
    assert all(at >= begins[name] for name, at in zip(region, diverted["at_h"], strict=True))
    assert len(diverted) > 20


def test_who_has_left_answers_no_complaint():
    """A partner who answers all, let go on day 14: what is due by then is answered, the rest is not."""
    rule = {"probability": 1.0, "after_days": 3.3, "response_hours": 24.0, "partners_answer": 1.0}
    ledger = ledger_of(dealer(**{"mechanisms.complaints": rule, "mechanisms.partner_review": FIRED}))
    sold = ledger.choices[(ledger.choices["channel"] == "dealers").to_numpy()]
    late = sold[(sold["at_h"] + 4.3 * DAY >= 14 * DAY).to_numpy()]
    assert set(unanswered(ledger).index) == set(late["need"])
    assert len(late) > 30


def overlapping(**changes: Any) -> Scenario:
    """A force and an agent between whom tastes decide, who meet at every need."""
    channels = {"force": {"pursued": True}, "agent": {"commission": 0.1}}
    return vary(
        market(channels, worth=[9.0, 9.0], noise=0.3, needs_per_week=100.0),
        {
            "stages": [{"name": "talk", "effort_hours": 0.0, "pass_probability": 0.5, "customer_delay_days": 20.0}],
            "mechanisms.channel_overlap": {"probability": 1.0, "log_odds": 1.0},
            "designs.channels.reps": 40,
            "calendar.drain_days": 60.0,
            **changes,
        },
    )


def test_who_has_left_is_nobodys_rival():
    """An agent who is let go on day 14: gates before it are contested, later ones are not."""
    gates = ledger_of(overlapping(**{"mechanisms.partner_review": FIRED})).gates
    before = (gates["at_h"] < 14 * DAY).to_numpy()
    assert (gates["contested"][before] == -1.0).all()
    assert (gates["contested"][~before] == 0.0).all()
    assert min(before.sum(), (~before).sum()) > 20


def test_a_partner_whom_the_customer_would_not_buy_of_is_no_rival():
    """Goods are worth 2, the agent asks 3: whoever chooses the force would rather buy nowhere than there."""
    dear = {"channels.agent.price": 3.0, "mechanisms.buying.worth": [2.0, 2.0], "mechanisms.buying.noise": 0.0}
    gates = ledger_of(overlapping(**dear)).gates
    assert len(gates) > 300
    assert (gates["contested"] == 0.0).all()


def test_nobody_is_signed_for_a_channel_that_is_closed():
    """Twenty to be signed at once by one channel manager, eight hours each; on day 10 the channel closes: no hour of
    his is spent on signing from then on but on the one in hand."""
    scenario = vary(
        market(
            {"agents": {"commission": 0.1, "outlets": 20, "signed_from_day": 0.0}, "site": {"online": True}},
            needs_per_week=10.0,
        ),
        {
            "mechanisms.support": {"signing_hours": 8.0},
            "designs.later": {"structure": "flat", "reps": 1, "channels": ["site"]},
            "designs.later.pools": {"channel managers": {"count": 1, "partners": True}},
            "designs.channels.pools": {"channel managers": {"count": 1, "partners": True}},
            "designs.channels.becomes": {"design": "later", "on_day": 10.0},
        },
    )
    ledger = ledger_of(scenario)
    signing = ledger.work[(ledger.work["activity"] == "signing").to_numpy()]
    assert signing["start_h"].max() <= 10 * DAY
    assert 3 <= len(signing) <= 10
    check(ledger)


def test_what_is_settled_as_the_run_ends_counts_in_its_last_window():
    """Without a drain: what keeping cost since the last review, and the last period's rebate, are in what is left to
    partners, which is all that they got less all that they paid."""
    rule = {"period": "quarter", "rate": 0.03}
    stock = {"mechanisms.stock": {**STOCK, "order_every_days": 40.0}}
    ledger = ledger_of(dealer([{"markup": 0.25, "rebate": rule}], **stock))
    money, party = ledger.money, "dealers/all/1"
    got, gave = (money["amount"][(money[side] == party).to_numpy()].sum() for side in ("payee", "payer"))
    assert (of(ledger, "money", "holding")["at_h"] == 91 * DAY).any()
    assert figures(ledger).set_index("metric")["value"]["partner_profit"] == pytest.approx((got - gave) / 100)


def test_who_takes_the_place_of_who_has_left_has_no_past():
    """Let go on day 28 and replaced a week later: he orders what the first one began with, his rebate has nothing to
    grow from, and is reviewed, four weeks after a review that found him at work, by what he himself has sold."""
    rule = {"period": "month", "rate": 0.01, "growth": 0.5}
    scenario = dealer(
        [{"markup": 0.25, "rebate": rule}],
        **{
            "mechanisms.partner_review": {**FIRED, "every_days": 28.0},
            "mechanisms.stock": STOCK,
            "channels.dealers.replaced_after_days": 7.0,
        },
    )
    ledger = ledger_of(scenario)
    assert [(row.sells_h / 24, row.to_h / 24) for row in ledger.partners.itertuples()] == [(0, 28), (35, 84)]
    assert moved(ledger, "firm", "dealers/all/1")[35.0] == of(ledger, "goods", "opening")["goods"].sum()
    spans = [(row.from_h / 24, row.to_h / 24, math.isnan(row.before)) for row in ledger.rebates.itertuples()]
    assert spans == [(0, 27, True), (27, 28, False), (35, 55, True), (55, 84, True)]
    assert of(ledger, "goods", "returned")["at_h"].to_list() == [28 * DAY, 84 * DAY]
    sold = of(ledger, "goods", "sold")
    for review, from_day in zip(ledger.partner_reviews.itertuples(), (0, 56), strict=True):
        mine = ((sold["at_h"] >= from_day * DAY) & (sold["at_h"] < review.at_h)).to_numpy()
        assert review.sales == sold["goods"][mine].sum() > 0
    balanced(ledger)


def test_successors_have_luck_of_their_own():
    """Of 100 who earn too little half leave at the first review, and are replaced at once; of their successors half
    leave at their own first one: not all, as they would with the luck of those before them."""
    rule = {"every_days": 14.0, "reservation_per_year": 1e9, "leaves": 0.5}
    programme = {"channels.dealers.outlets": 100, "channels.dealers.replaced_after_days": 0.0}
    partners = ledger_of(dealer(**programme, **{"mechanisms.partner_review": rule})).partners
    second = partners[(partners["sells_h"] == 14 * DAY).to_numpy()]
    assert likely(len(second), 100, 0.5)
    assert likely(int((second["to_h"] == 28 * DAY).sum()), len(second), 0.5)


# All together


@st.composite
def lives(draw: Any) -> Scenario:
    """The small market with dealers of one to three tiers who come by and by, are reviewed, and leave."""
    rebate = {
        "period": draw(st.sampled_from(["month", "quarter"])),
        "rate": 0.01,
        "tiers": [[5_000.0, 0.02], [60_000.0, 0.05]],
        "mode": draw(st.sampled_from(["marginal", "retroactive"])),
        "growth": draw(st.sampled_from([0.0, 0.05])),
        "paid_in": draw(st.sampled_from(["cash", "credit", "fund"])),
    }
    tier = {"markup": 0.1, "serves": draw(st.integers(1, 3)), "rebate": rebate}
    above = draw(st.integers(0, 2))
    return vary(
        small(),
        {
            "channels.dealers.outlets": draw(st.integers(1, 4)),
            "channels.dealers.tiers": [tier] * above + [{**tier, "serves": 1}],
            "channels.dealers.signed_from_day": draw(st.sampled_from([None, 0.0, 2.3])),
            "channels.dealers.signed_per_month": None,
            "channels.dealers.replaced_after_days": draw(st.sampled_from([None, 0.0, 4.5])),
            "mechanisms.support": draw(st.sampled_from(["off", {"signing_hours": 3.0, "onboarding_hours": 9.0}])),
            "mechanisms.partner_review.every_days": draw(st.sampled_from([5.0, 14.0])),
            "mechanisms.partner_review.least_score": draw(st.sampled_from([0.0, 0.5, 1.0])),
            "mechanisms.stock.smoothing": draw(st.sampled_from([0.0, 0.5])),
            "mechanisms.stock.lead_days": draw(st.sampled_from([0.0, 4.0])),
            "mechanisms.stock.cover_days": draw(st.sampled_from([2.0, 20.0])),
            "designs.flat.channels": draw(st.sampled_from([["force"], ["dealers", "site"]])),
            "designs.channels.becomes": draw(st.sampled_from([None, {"design": "flat", "on_day": 20.0}])),
        },
    )


@given(scenario=lives(), seed=st.integers(0, 10**6))
@settings(max_examples=2)
def test_goods_and_money_balance_whoever_comes_and_goes(scenario, seed):
    """Goods and money balance between all parties; and who has left has no goods, no open credit, and gets no rebate
    for a day on which he did not sell; nor does anybody above him when all below have left."""
    balanced(ledger_of(scenario, seed=seed))


@pytest.mark.slow
@given(scenario=lives(), seed=st.integers(0, 10**6))
@settings(max_examples=60)
def test_goods_and_money_balance_whoever_comes_and_goes_at_length(scenario, seed):
    """The same for more of them."""
    balanced(ledger_of(scenario, seed=seed))


def balanced(ledger: Ledger) -> None:
    """Assert it of one run."""
    check(ledger)
    goods, end_h = ledger.goods, ledger.frame.end_h
    dealers = ledger.partners[ledger.partners["party"].astype(str).str.startswith("dealers").to_numpy()]
    spells = dealers[(~dealers["sells_h"].isna()).to_numpy()]
    for name, times in spells.groupby(spells["party"].astype(str)):
        spans = list(zip(times["sells_h"], times["to_h"], strict=True))
        gone = spans[-1][1] < end_h
        mine = goods[((goods["taker"] == name) | (goods["giver"] == name)).to_numpy()]
        assert all(any(low <= at <= high for low, high in spans) for at in mine["at_h"])
        periods = ledger.rebates[(ledger.rebates["party"] == name).to_numpy()]
        for row in periods.itertuples():
            assert any(low <= row.from_h < row.to_h <= high for low, high in spans)
        assert (periods["to_h"] - periods["from_h"]).sum() == pytest.approx(sum(high - low for low, high in spans))
        of_him = ledger.money[(ledger.money["payee"] == name).to_numpy()]
        paid = of_him["amount"][of_him["kind"].isin(["rebate", "credit"]).to_numpy()].sum()
        owed = periods["amount"].sum()
        assert paid == owed if gone else paid <= owed
        if gone:
            assert mine["goods"][(mine["taker"] == name).to_numpy()].sum() == (
                mine["goods"][(mine["giver"] == name).to_numpy()].sum()
            )
    last = spells.groupby(spells["party"].astype(str))["to_h"].max()
    if len(goods) and (last < end_h).all():
        assert not left(ledger)["owned"].any()
        assert set(ledger.rebates["to_h"]) <= set(spells["to_h"]) | set(ledger.rebates["from_h"])
