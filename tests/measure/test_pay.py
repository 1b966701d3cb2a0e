"""Figures of pay against a second, straightforward computation, line by line."""

import datetime as dt
import math
import statistics

import numpy as np
import pytest

from simlib.measure.breakdown import breakdown
from simlib.measure.kpis import contribution, figures
from simlib.measure.ratios import proportionality
from simlib.measure.timeline import contribution_between
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import switch_off
from simlib.world import draw_world
from tests.paid import give_away, paid
from tests.worlds import UNMOVED, small


@pytest.fixture(scope="module", params=["pyramid", "backed", "reformed"])
def ledger(request):
    """A run in which every deal is signed for 8% less than its value."""
    with pytest.MonkeyPatch.context() as patch:
        give_away(patch, 0.08)
        return simulate(build(request.param, paid()), draw_world(paid(), seed=5, replication=0))


def inside(row, frame) -> float:
    """Hours of a spell within the window."""
    return max(min(row.to_h, frame.window_to_h) - max(row.from_h, frame.window_from_h), 0.0)


def of_window(ledger) -> list[tuple[str, str, float]]:
    """(person, kind, amount) of every line, for the window."""
    return [
        (row.party, row.kind, row.amount / 100 * inside(row, ledger.frame) / (row.to_h - row.from_h))
        for row in ledger.pay.itertuples()
    ]


def base_of_window(ledger) -> dict[str, float]:
    """Salaries of the window by person."""
    salary = ledger.money[(ledger.money["kind"] == "salary").to_numpy()]
    amounts = salary.groupby(salary["payee"].astype(str))["amount"].sum() / 100
    return {
        seat.party: amounts[seat.party] * inside(seat, ledger.frame) / (seat.to_h - seat.from_h)
        for seat in ledger.seats.itertuples()
        if seat.to_h > seat.from_h
    }


def value(ledger, metric: str) -> float:
    """A figure of the run."""
    return figures(ledger).set_index("metric")["value"][metric]


def test_people_cost_their_base_and_variable_pay_and_their_hiring(ledger):
    """Each for the time in the window: a line by the part of its period, as far as the person was there, that lies in
    it."""
    variable, base = sum(amount for *_, amount in of_window(ledger)), sum(base_of_window(ledger).values())
    money, frame = ledger.money, ledger.frame
    occasional = money[money["kind"].isin(["hiring", "severance"]).to_numpy()]
    occasional = occasional[occasional["at_h"].between(frame.window_from_h, frame.window_to_h, inclusive="left")]
    assert value(ledger, "cost_variable_pay") == pytest.approx(variable, rel=1e-9)
    assert value(ledger, "cost_people") == pytest.approx(base + variable + occasional["amount"].sum() / 100, rel=1e-9)
    assert 0 < variable < base


def test_discounts_are_borne_by_the_margin(ledger):
    """Revenue is what is paid; contribution is the margin on the value and on renewals less what was given away and all
    cost."""
    cohort = ledger.needs["cohort"] & ledger.needs["sound"]
    leads = ledger.leads[(ledger.leads["outcome"] == "won").to_numpy()]
    values = leads["value"][cohort[leads["need"]].to_numpy()]
    revenue = sum(round(one * 0.92) for one in values) / 100
    given = sum(values) / 100 - revenue
    assert value(ledger, "revenue") == pytest.approx(revenue, rel=1e-12)
    assert value(ledger, "discounts") == pytest.approx(given, rel=1e-9)
    assert value(ledger, "discount_mean") == pytest.approx(0.08, abs=1e-5)
    earned = (sum(values) / 100 + value(ledger, "renewals")) * 0.4
    expected = earned - given - value(ledger, "selling_cost") - value(ledger, "loss_unsound")
    assert value(ledger, "contribution") == contribution(ledger) == pytest.approx(expected, rel=1e-9)


def test_over_a_whole_run_the_timeline_is_all_the_money(ledger):
    """Margin on the value and on renewals less discounts, less everything that the firm paid (there are no rates)."""
    end = ledger.frame.end_h
    money = ledger.money.groupby("kind", observed=True)["amount"].sum() / 100
    leads = ledger.leads[(ledger.leads["outcome"] == "won").to_numpy()]
    sold = leads["value"][ledger.needs["sound"][leads["need"]].to_numpy()].sum() / 100
    expected = money["sale"] - 0.6 * sold + 0.4 * money["renewal"] - money.drop(["sale", "renewal"]).sum()
    parts = contribution_between(ledger, np.linspace(0.0, end, 14))
    assert parts.sum() == pytest.approx(expected, rel=1e-9)
    assert contribution_between(ledger, np.array([0.0, end])) == pytest.approx([expected], rel=1e-9)


def test_reps_pay_a_year(ledger):
    """Mean, inequality and the highest to the median; the holders of a seat together, for the time it was held."""
    pay = base_of_window(ledger)
    for person, _, amount in of_window(ledger):
        pay[person] = pay.get(person, 0.0) + amount
    earned: dict[str, float] = {}
    years: dict[str, float] = {}
    for seat in ledger.seats.itertuples():
        if seat.role == "rep":
            earned[seat.position] = earned.get(seat.position, 0.0) + pay.get(seat.party, 0.0)
            years[seat.position] = years.get(seat.position, 0.0) + inside(seat, ledger.frame) / 24 / 365
    yearly = [earned[seat] / years[seat] for seat in earned if years[seat]]
    assert value(ledger, "pay_per_head") == pytest.approx(sum(earned.values()) / sum(years.values()), rel=1e-9)
    assert value(ledger, "pay_ratio_top") == pytest.approx(max(yearly) / statistics.median(yearly), rel=1e-9)
    gaps = sum(abs(one - other) for one in yearly for other in yearly)
    assert value(ledger, "pay_gini") == pytest.approx(gaps / (2 * len(yearly) * sum(yearly)), rel=1e-9)


def test_fairness_of_reps_pay(ledger):
    """1 − ½ Σ |share of the pay − share of the margin brought in|: of deals at their price less the cost, sound or not,
    and of renewals, in the window, each the owner's; the holders of a seat together."""
    pay, brought = base_of_window(ledger), dict.fromkeys(ledger.seats["party"], 0.0)
    for person, _, amount in of_window(ledger):
        pay[person] = pay.get(person, 0.0) + amount
    for deal in ledger.leads.itertuples():
        if deal.outcome == "won" and ledger.frame.window_from_h <= deal.closed_h < ledger.frame.window_to_h:
            brought[deal.owner] += (round(deal.value * 0.92) - 0.6 * deal.value) / 100
    for renewal in ledger.renewals.itertuples():
        if renewal.kept and ledger.frame.window_from_h <= renewal.at_h < ledger.frame.window_to_h:
            brought[renewal.owner] += 0.4 * renewal.value / 100
    seats: dict[str, list[float]] = {}
    for seat in ledger.seats.itertuples():
        if seat.role == "rep":
            both = seats.setdefault(seat.position, [0.0, 0.0])
            both[0] += pay.get(seat.party, 0.0)
            both[1] += brought[seat.party]
    paid_out, worth = (sum(column) for column in zip(*seats.values(), strict=True))
    gaps = sum(abs(earned / paid_out - each / worth) for earned, each in seats.values())
    assert value(ledger, "pay_fairness") == pytest.approx(1 - gaps / 2, rel=1e-9)
    assert 0.3 < value(ledger, "pay_fairness") < 0.95


@pytest.mark.parametrize(("shares", "claims", "found"), [
    ([10.0, 20.0, 30.0], [1.0, 2.0, 3.0], 1.0),
    ([30.0, 30.0], [1.0, 3.0], 0.75),
    ([30.0, 30.0], [-5.0, 3.0], 0.5),
    ([0.0, 8.0], [3.0, 0.0], 0.0),
])  # fmt: skip
def test_shares_in_proportion_to_claims(shares, claims, found):
    """By hand; who brought in less than nothing has no claim."""
    assert proportionality(np.array(shares), np.array(claims)) == pytest.approx(found)


@pytest.mark.parametrize(("shares", "claims"), [([5.0], [5.0]), ([1.0, 2.0], [0.0, -1.0]), ([0.0, 0.0], [1.0, 1.0])])
def test_where_nothing_can_be_compared_fairness_is_undefined(shares, claims):
    """One person alone, nobody with a claim, nothing to divide."""
    assert math.isnan(proportionality(np.array(shares), np.array(claims)))


def test_a_commission_on_margin_alone_is_fair_and_a_salary_is_not():
    """Who is paid a share of the margin is paid in proportion to it; who has a salary, whatever he brings in. The
    window is a whole quarter, so that what is paid for it was signed in it, and nobody leaves deals behind."""
    base = {"base_per_year": 0.0, "components": {"c": {"kind": "commission", "on": "margin", "rate": 0.1}}}
    fixed = {"components": {"c": {"kind": "commission", "on": "margin", "rate": 0.0}}}
    changes = {"calendar": {"start": "2026-01-01", "horizon_days": 90.0, "drain_days": 30.0}}
    found = []
    for plan in (base, fixed):
        plans = {"field": plan, "lead": {"components": {"c": {"kind": "override", "rate": 0.0}}}}
        scenario = paid(plans, mechanisms={**UNMOVED, "turnover": "off"}, **changes)
        ledger = simulate(build("geographic", scenario), draw_world(scenario, seed=5, replication=0))
        found.append(value(ledger, "pay_fairness"))
    assert found[0] == pytest.approx(1.0, abs=1e-4)
    assert found[1] < 0.9


def test_attainment_of_reps(ledger):
    """Result ÷ quota, each period by its hours in the window; reached from 1 on."""
    reps = set(ledger.seats["party"][(ledger.seats["role"] == "rep").to_numpy()])
    found = {
        (row.party, row.from_h): (row.result / row.target, inside(row, ledger.frame))
        for row in ledger.pay.itertuples()
        if row.party in reps and row.component == "steep" and row.target > 0
    }
    hours = sum(spent for _, spent in found.values())
    mean = sum(reached * spent for reached, spent in found.values()) / hours
    above = sum(spent for reached, spent in found.values() if reached >= 1) / hours
    assert value(ledger, "attainment_mean") == pytest.approx(mean, rel=1e-9)
    assert value(ledger, "quota_reached_share") == pytest.approx(above, rel=1e-9, abs=1e-12)


def test_parts_of_pay(ledger):
    """Kinds of pay sum to base and variable pay, people's pay to the same, and every signature has its week of the
    quarter."""
    parts = breakdown(ledger)
    kinds = parts[parts["level"] == "pay"].set_index("group")["value"]
    people = parts[(parts["level"] == "person") & (parts["metric"] == "pay")].set_index("group")["value"]
    expected: dict[str, float] = {"base": sum(base_of_window(ledger).values())}
    for _, kind, amount in of_window(ledger):
        expected[kind] = expected.get(kind, 0.0) + amount
    assert kinds.to_dict() == pytest.approx(expected)
    assert people.sum() == pytest.approx(kinds.sum())
    weeks = parts[(parts["level"] == "quarter_week") & (parts["metric"] == "won")].set_index("group")["value"]
    start, frame, won = (
        dt.date.fromisoformat(ledger.frame.start),
        ledger.frame,
        dict.fromkeys(map(str, range(1, 15)), 0),
    )
    for row in ledger.leads.itertuples():
        if row.outcome == "won" and frame.window_from_h <= row.closed_h < frame.window_to_h:
            date = start + dt.timedelta(hours=row.closed_h)
            quarter = dt.date(date.year, {1: 1, 2: 4, 3: 7, 4: 10}[(date.month + 2) // 3], 1)
            won[str(1 + (date - quarter).days // 7)] += 1
    assert weeks.to_dict() == won


def test_without_plans_pay_is_the_salary_and_no_quota_is_reached():
    """Everybody earns the same; attainment is undefined."""
    scenario = switch_off(small(), "career")
    ledger = simulate(build("pyramid", scenario), draw_world(scenario, seed=1, replication=0))
    assert value(ledger, "cost_variable_pay") == value(ledger, "discounts") == 0
    assert value(ledger, "pay_per_head") == pytest.approx(100000, abs=1)
    assert value(ledger, "pay_gini") == pytest.approx(0, abs=1e-5)
    assert value(ledger, "pay_ratio_top") == pytest.approx(1, abs=1e-5)
    assert math.isnan(value(ledger, "attainment_mean"))
    assert math.isnan(value(ledger, "quota_reached_share"))
