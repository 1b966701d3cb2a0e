"""Partners keep stock: orders against closed formulas, rebates that make them rush, and what is not sold yet."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from simlib.ledger import Ledger
from simlib.measure.kpis import contribution, figures
from simlib.measure.timeline import contribution_between
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario, vary
from simlib.verify.theory_of_channels import rebate_order_up_to
from simlib.world import draw_world

SEED = 8
STOCK = {"order_every_days": 7.0, "cover_days": 30.0, "lead_days": 3.0, "holding_per_year": 0.2}
JUMP = {"period": "quarter", "mode": "retroactive"}


def ledger_of(scenario: Scenario, *, replication: int = 0) -> Ledger:
    """A world of the seed."""
    return simulate(build("channels", scenario), draw_world(scenario, seed=SEED, replication=replication))


def dealer(
    tier: dict[str, Any] | None = None, *, days: float = 182.0, needs_per_week: float = 100.0, **changes: Any
) -> Scenario:
    """One dealer, for whom everything is bought that is wanted: about 14 needs of 100 a day, half of the price his."""
    return vary(
        Scenario.model_validate(
            {
                "calendar": {"horizon_days": days, "drain_days": 0.0},
                "demand": {"cells": [{"needs_per_week": needs_per_week, "value": {"median": 100.0}}]},
                "mechanisms": {"buying": {"worth": [9.0, 9.0]}, "stock": STOCK},
                "stages": [{"name": "talk", "effort_hours": 0.0}],
                "costs": {"margin": 0.4, "rep_per_year": 0.0},
                "channels": {"dealers": {"price": 0.8, "tiers": [{"markup": 0.25, **(tier or {})}]}},
                "designs": {
                    "channels": {"structure": "flat", "reps": 1, "layers": 1, "channels": ["dealers"]},
                    "without": {"structure": "flat", "reps": 1, "layers": 1},
                },
            }
        ),
        changes,
    )


def orders(ledger: Ledger) -> pd.Series:
    """Goods ordered, at list price in whole units, by day."""
    rows = ledger.goods[(ledger.goods["kind"] == "moved").to_numpy()]
    return rows.groupby(rows["at_h"] / 24)["goods"].sum() / 100


def surely(values: Any, sign: int) -> bool:
    """Whether the mean over worlds is above 0 (sign 1) or below (-1): the whole 99.9% interval."""
    values = np.asarray(values, dtype=float)
    half = student.ppf(0.9995, len(values) - 1) * values.std(ddof=1) / math.sqrt(len(values))
    return bool(sign * values.mean() > half)


def test_an_order_brings_stock_up_to_what_is_expected_for_the_cover():
    """By hand, from what was sold: r ← 0.7 r + 0.3 · sold ÷ 7, order = 30 r less what he has and what is on its way."""
    ledger = ledger_of(dealer(days=90.0))
    goods = ledger.goods
    kind, day = goods["kind"].astype(str), goods["at_h"] / 24
    opening = goods["goods"][kind == "opening"].sum()
    rate, had = opening / 30, opening
    wanted = ledger.choices["missed"].astype(str) + ledger.choices["outlet"].astype(str)
    asked = ledger.choices["goods"][wanted != ""]
    ordered = goods["goods"][kind == "moved"].groupby(day).sum()
    for review in range(7, 90, 7):
        past = (ledger.choices["at_h"] / 24 >= review - 7) & (ledger.choices["at_h"] / 24 < review)
        sold = goods["goods"][(kind == "sold") & (day >= review - 7) & (day < review)].sum()
        had -= sold
        rate = 0.7 * rate + 0.3 * asked[past].sum() / 7
        expected = max(round(rate * 30) - had, 0)
        assert ordered.get(float(review), 0) == pytest.approx(expected, abs=20)  # the opening stock is rounded
        had += ordered.get(float(review), 0)
    assert len(ordered) > 8


def test_orders_swing_more_than_sales_as_theory_says():
    """Of demand that is alike and independent from week to week, w its weight in what is expected and c the cover in
    weeks: Var(orders) = (1 + 2cw + 2c²w²/(2 − w)) · Var(sales) (Chen, Ryan and Simchi-Levi 2000, Naval Research
    Logistics 47): here 3.5 times. Sales are Poisson: mean and variance are known. Over 20 worlds, 99.9%."""
    weight, cover, mean, variance = 0.2, 30 / 7, 100 * 100.0, 100 * 100.0**2
    scenario = dealer(days=7 * 80.0, **{"mechanisms.stock.smoothing": weight})
    found = []
    for world in range(20):
        ordered = orders(ledger_of(scenario, replication=world))
        found.append(float(((ordered[ordered.index > 7 * 20] - mean) ** 2).sum()) / 59 / variance)
    theory = 1 + 2 * cover * weight + 2 * (cover * weight) ** 2 / (2 - weight)
    half = student.ppf(0.9995, 19) * np.std(found, ddof=1) / math.sqrt(20)
    assert abs(np.mean(found) - theory) < half < 0.3 * theory


def test_who_keeps_little_loses_customers_and_who_keeps_much_pays_for_it():
    """A dealer who covers a week at weekly orders and three days of delivery turns customers away; one who covers two
    months hardly any, and pays for keeping it what a year costs, by days and goods."""
    little, much = (ledger_of(dealer(**{"mechanisms.stock.cover_days": days})) for days in (8.0, 60.0))
    missed = [figures(ledger).set_index("metric")["value"]["out_of_stock"] for ledger in (little, much)]
    assert missed[0] > 0.05 > 0.001 > missed[1]
    away = little.choices[(little.choices["missed"] != "").to_numpy()]
    assert set(away["channel"]) == {"nowhere"}
    assert set(away["missed"]) == {"dealers/all/1"}
    rows = much.goods[(much.goods["kind"].isin(["opening", "moved", "sold"])).to_numpy()]
    change = np.where(rows["kind"] == "sold", -rows["goods"], rows["goods"])
    held = float((change * (much.frame.end_h - rows["at_h"])).sum()) / 24 / 365
    paid = much.money["amount"][(much.money["kind"] == "holding").to_numpy()]
    assert paid.sum() == pytest.approx(held * 0.8 * 0.2, abs=len(paid))


def test_goods_that_are_lost_go_away_at_their_rate():
    """Half a year's rate of ½ a year: at each review 1 − e^(−½ · 7 / 365) of what is in stock."""
    goods = ledger_of(dealer(**{"mechanisms.stock.lost_per_year": 0.5})).goods
    stock, reviews = 0, 0
    for row in goods.itertuples():
        if row.kind == "lost":
            assert row.goods == pytest.approx(stock * -math.expm1(-0.5 * 7 / 365), abs=1)
            reviews += 1
        stock += row.goods * ((row.kind in ("opening", "received")) - (row.kind in ("sold", "lost")))
    assert reviews == 25


@pytest.mark.parametrize("tier", [8_000.0, 60_000.0, 120_000.0])
def test_the_last_order_of_a_quarter_is_the_one_that_theory_knows(tier):
    """One review in the quarter (day 60 of a run that begins on 5 January): who needs q orders up to Q iff q > Q·h/(ρ +
    h), h what keeping a unit of price costs for half a quarter: the yardstick `rebate_order_up_to`, through a run.

    Q is 86/90 of the stated tier: four days of the quarter had passed.
    """
    rate, once = 0.08, {"mechanisms.stock.order_every_days": 60.0, "mechanisms.stock.holding_per_year": 0.3}
    given = dealer({"rebate": {**JUMP, "tiers": [[tier, rate]]}}, days=80.0, **once)
    plain = orders(ledger_of(dealer(days=80.0, **once))) * 0.8
    ordered = orders(ledger_of(given)) * 0.8
    need, top = plain[60.0], tier * 86 / 90
    keeping = 0.3 * 45 / 365
    theory = rebate_order_up_to(1.0, rebate_rate=rate, tier=top, resale=1 - rate, holding=keeping)
    rushes = theory["orders_up_from"] < need < top
    assert ordered[60.0] == pytest.approx(top if rushes else need, abs=0.02)
    assert rushes == (tier == 60_000.0)


def edges(ledger: Ledger) -> tuple[float, float]:
    """Orders in the last two weeks of March and June, and in the two that follow, less those of two usual weeks."""
    days = orders(ledger)
    usual = days[days.index > 20].sum() / 202 * 14

    def around(end: int) -> tuple[float, float]:
        before, after = ((days.index >= low) & (days.index < low + 14) for low in (end - 14, end))
        return days[before].sum() - usual, days[after].sum() - usual

    ends = [around(end) for end in (86, 177)]  # 1 April and 1 July
    return sum(end[0] for end in ends), sum(end[1] for end in ends)


def test_a_rebate_that_jumps_makes_a_rush_and_a_hole_and_a_smooth_one_does_not():
    """I8: 8% of all from 125% of a usual quarter's purchases on. In the last two weeks of a quarter more is ordered
    than usual, in the two that follow less; with 8% of everything, or 8% beyond the tier, neither, and orders are those
    without any rebate, to the unit. Over 20 worlds, 99.9%."""
    tier = 100 * 100 * 0.8 * 13 * 1.25
    jump, smooth, marginal, none = (
        dealer(tier and {"rebate": tier}, days=222.0)
        for tier in ({**JUMP, "tiers": [[tier, 0.08]]}, {"rate": 0.08}, {"tiers": [[tier, 0.08]]}, None)
    )
    rushing, steady = ([ledger_of(each, replication=world) for world in range(20)] for each in (jump, marginal))
    rush, hole = zip(*map(edges, rushing), strict=True)
    assert surely(rush, 1)
    assert surely(hole, -1)
    for values in zip(*map(edges, steady), strict=True):
        assert not surely(values, 1)
        assert not surely(values, -1)
    for world in range(2):
        without = orders(ledger_of(none, replication=world))
        pd.testing.assert_series_equal(orders(ledger_of(smooth, replication=world)), without)
        pd.testing.assert_series_equal(orders(steady[world]), without)
    ratios = [
        [figures(ledger).set_index("metric")["value"]["sell_in_end_ratio"] for ledger in ledgers]
        for ledgers in (rushing, steady)
    ]
    assert surely(np.log(ratios[0]) - np.log(ratios[1]), 1)


@pytest.mark.parametrize(
    ("rule", "owed"),
    [
        ({"rate": 0.02}, lambda bought, before, part: bought * 0.02),
        (
            {"tiers": [[1000.0, 0.02], [30_000.0, 0.05]], "mode": "retroactive"},
            lambda bought, before, part: bought * (0.05 if bought >= 3_000_000 * part else 0.02),
        ),
        (
            {"rate": 0.01, "tiers": [[0.0, 0.02], [30_000.0, 0.05]]},
            lambda bought, before, part: bought * 0.03 + max(bought - 3_000_000 * part, 0) * 0.03,
        ),
        ({"growth": 0.1}, lambda bought, before, part: max(bought - before, 0) * 0.1),
    ],
)
def test_a_rebate_is_what_its_plan_says(rule, owed):
    """By hand for each month, from the orders in the goods: amounts hold by the days of the month that were there."""
    ledger = ledger_of(dealer({"rebate": {"period": "month", **rule}}, days=100.0))
    moved = ledger.goods[(ledger.goods["kind"] == "moved").to_numpy()]
    previous = None
    assert len(ledger.rebates) == 4
    for row, days in zip(ledger.rebates.itertuples(), (31, 28, 31, 30), strict=True):
        bought = int(moved["paid"][((moved["at_h"] >= row.from_h) & (moved["at_h"] < row.to_h)).to_numpy()].sum())
        part = Fraction(row.to_h - row.from_h) / 24 / days
        before = previous * part if previous is not None else bought
        assert row.bought == bought
        assert row.amount == pytest.approx(float(owed(bought, before, part)), abs=1)
        assert math.isnan(row.before) if previous is None else row.before == pytest.approx(float(before))
        previous = bought / part
    paid = ledger.money[(ledger.money["kind"] == "rebate").to_numpy()]
    assert paid["amount"].sum() == ledger.rebates["amount"].sum() > 0
    assert set(paid["payee"]) == {"dealers/all/1"}


def test_credit_comes_off_the_next_orders_and_a_fund_goes_into_marketing():
    """All three cost the firm the same; credit is spent as orders come, a fund leaves the dealer nothing, and does not
    make him rush."""
    rule = {"period": "month", "tiers": [[45_000.0, 0.08]], "mode": "retroactive"}
    cash, credit, fund = (
        ledger_of(dealer({"rebate": {**rule, "paid_in": form}}, days=100.0)) for form in ("cash", "credit", "fund")
    )
    sums = [each.money.groupby("kind", observed=False)["amount"].sum() for each in (cash, credit, fund)]
    pd.testing.assert_series_equal(orders(cash), orders(credit))
    assert sums[0]["rebate"] == credit.rebates["amount"].sum() == sums[1]["credit"] > 0 == sums[1]["rebate"]
    spent = credit.money["at_h"][(credit.money["kind"] == "credit").to_numpy()]
    assert set(spent) < set(orders(credit).index * 24)
    assert contribution(cash) == contribution(credit)
    assert sums[2]["rebate"] == sums[2]["marketing"]
    plain = ledger_of(dealer(days=100.0))
    pd.testing.assert_series_equal(orders(fund), orders(plain))
    assert not orders(cash).equals(orders(plain))
    profits = [figures(each).set_index("metric")["value"]["partner_profit"] for each in (fund, plain)]
    assert profits[0] == profits[1]


def test_a_special_is_off_the_first_order_or_off_those_of_some_days():
    """30% off the first order from 1 February on; or 10% off every order of February (I9)."""
    first = {"share": 0.3, "orders": "first", "first_day": "2026-02-01"}
    sprint = {"share": 0.1, "first_day": "2026-02-01", "last_day": "2026-02-28", "products": ["all"]}
    ledger = ledger_of(dealer({"specials": [first, sprint]}, days=100.0))
    moved = ledger.goods[(ledger.goods["kind"] == "moved").to_numpy()].set_index("at_h")["paid"]
    february = moved[(moved.index >= 27 * 24) & (moved.index < 55 * 24)]
    expected = [round(0.3 * february.iloc[0]), *(round(0.1 * paid) for paid in february)]
    given = ledger.money["amount"][(ledger.money["kind"] == "special").to_numpy()]
    assert sorted(given) == sorted(expected)
    assert len(february) > 3


def test_a_closed_channel_gives_back_what_it_has():
    """On day 70 the firm takes all back at 60% of its price, what is on its way too; nothing is left."""
    change = {"designs.channels.becomes": {"design": "without", "on_day": 70.0}, "mechanisms.stock.bought_back": 0.6}
    ledger = ledger_of(dealer(days=100.0, **change))
    goods = ledger.goods
    by = goods.groupby("kind", observed=False)["goods"].sum()
    back = goods[(goods["kind"] == "returned").to_numpy()]
    assert back["at_h"].to_list() == [70 * 24.0]
    assert back["paid"].sum() == pytest.approx(by["returned"] * 0.8 * 0.6, abs=1)
    assert by["opening"] + by["made"] == by["sold"] + by["returned"]
    assert by["moved"] == by["received"]
    assert goods["at_h"].max() == 70 * 24
    value = figures(ledger).set_index("metric")["value"]
    assert value["stock_at_partners"] == 0
    assert value["channel_cost"] == pytest.approx(back["paid"].sum() / 100)


def test_stuffing_brings_no_contribution():
    """Of two dealers one covers 30 days, one 30 until a rush fills his stock: the firm sells in more, and earns on what
    customers bought and no more. The same customers are served, so that contributions differ by the rebate alone."""
    tier = 100 * 100 * 0.8 * 13 * 1.25
    jump = ledger_of(dealer({"rebate": {**JUMP, "tiers": [[tier, 0.08]]}}, days=88.0))
    none = ledger_of(dealer(days=88.0))
    one, other = (figures(ledger).set_index("metric")["value"] for ledger in (jump, none))
    assert one["sell_in"] > 1.1 * other["sell_in"]
    assert one["channel_sales"] == other["channel_sales"]
    assert one["stock_at_partners"] - other["stock_at_partners"] == pytest.approx(one["sell_in"] - other["sell_in"])
    assert other["contribution"] - one["contribution"] == pytest.approx(one["channel_rebates"])
    assert other["contribution"] == pytest.approx(other["channel_sales"] * (0.8 - 0.6))
    halves = np.array([0.0, 44.0, 88.0]) * 24
    for ledger in (jump, none):
        assert contribution_between(ledger, halves).sum() == pytest.approx(contribution(ledger))
