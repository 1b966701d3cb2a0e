"""Figures against a second, straightforward computation from the same ledger, row by row."""

import math
import statistics
from typing import Any

import pandas as pd
import pytest

from simlib.ledger import Ledger
from simlib.measure.breakdown import breakdown
from simlib.measure.kpis import contribution, figures
from simlib.measure.ratios import gini
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import vary
from simlib.world import draw_world
from tests.worlds import MECHANISMS, small

SELLING = {"contact", "proposal", "closing", "call", "care"}


@pytest.fixture(scope="module", params=["pyramid", "product_line", "pooled"])
def ledger(request) -> Ledger:
    """A run of each of three structures, without raises: here pay goes by the role (tests/runs/test_prospects.py)."""
    scenario = vary(small(), {"targets": {"revenue": 500000.0}, "mechanisms.career": "off"})
    return simulate(build(request.param, scenario), draw_world(scenario, seed=11, replication=0))


def held_h(ledger: Ledger, seat: Any) -> float:
    """Calendar hours of the window for which a row of `seats` held the seat."""
    frame = ledger.frame
    return max(min(seat.to_h, frame.window_to_h) - max(seat.from_h, frame.window_from_h), 0.0)


def by_hand(ledger: Ledger) -> dict[str, float]:
    """The contract's definitions, one loop after the other."""
    frame = ledger.frame
    needs = {row.need: row for row in ledger.needs.itertuples() if row.cohort}
    leads = [row for row in ledger.leads.itertuples() if row.need in needs]
    won = [row for row in leads if row.outcome == "won"]
    sound = [row for row in won if needs[row.need].sound]
    given_away = sum(row.value - round(row.value * (1 - row.discount)) for row in sound) / 100
    revenue = sum(row.value for row in sound) / 100 - given_away
    loss = sum(row.value * 0.5 for row in won if not needs[row.need].sound) / 100
    touched = [row for row in leads if row.first_contact_h <= needs[row.need].window_end_h]
    yearly = {"rep": 100000, "manager": 160000, "director": 256000, "executive": 409600}
    pay = sum(yearly[seat.role] * held_h(ledger, seat) / 24 / 365 for seat in ledger.seats.itertuples())
    window = (frame.window_from_h, frame.window_to_h)
    hired = sum(window[0] <= seat.from_h < window[1] for seat in ledger.seats.itertuples() if seat.from_h)
    left = sum(window[0] <= seat.to_h < window[1] for seat in ledger.seats.itertuples())
    courses = sum(
        window[0] <= row.to_h < window[1] and row.kind == "training" and row.end == "served"
        for row in ledger.waits.itertuples()
    )
    seats = len(set(ledger.seats["position"]))
    person_h = sum(held_h(ledger, seat) for seat in ledger.seats.itertuples())
    road = [row for row in ledger.work.itertuples() if row.activity == "travel" and row.lead in needs]
    honours = sum(row.kind == "recognition" and window[0] <= row.at_h < window[1] for row in ledger.money.itertuples())
    people = pay + 2000 * hired + 300 * honours
    cost = people + 300 * courses + sum(row.end_h - row.start_h for row in road) * 50
    cycle = [(row.closed_h - row.first_contact_h) / 24 for row in won]
    response = [
        (frame.end_h if math.isnan(row.first_contact_h) else row.first_contact_h) - row.known_h
        for row in leads
        if needs[row.need].inbound
    ]
    reps = {seat.party for seat in ledger.seats.itertuples() if seat.role == "rep"}
    hours: dict[str, float] = {}
    for row in ledger.work.itertuples():
        inside = min(row.end_h, frame.window_to_h) - max(row.start_h, frame.window_from_h)
        if row.party in reps and inside > 0:
            hours[row.activity] = hours.get(row.activity, 0.0) + inside
    paid = sum(hours.values())
    open_then = sum(
        row.value / 100
        for row in ledger.leads.itertuples()
        if row.known_h <= frame.window_to_h and not row.closed_h <= frame.window_to_h
    )
    opening = {row.need for row in ledger.needs.itertuples() if row.opening}
    book = [row for row in ledger.leads.itertuples() if row.need in opening]
    due = [row for row in ledger.renewals.itertuples() if frame.window_from_h <= row.at_h < frame.window_to_h]
    renewals = sum(row.value for row in due if row.kept) / 100
    return {
        "renewals": renewals, "customers_kept": renewals / (sum(row.value for row in due) / 100),
        "book_kept": sum(row.value for row in book if row.outcome == "won") / sum(row.value for row in book),
        "needs": len(needs), "leads": len(leads), "won": len(won), "revenue": revenue, "loss_unsound": loss,
        "selling_cost": cost, "discounts": given_away,
        "contribution": (revenue + given_away + renewals) * 0.4 - given_away - cost - loss,
        "coverage": sum(row.value for row in touched) / sum(need.value for need in needs.values()),
        "acquisition_cost": cost / len({row.account for row in won}),
        "win_rate": len(won) / sum(row.outcome != "open" for row in leads),
        "cycle_mean_days": statistics.mean(cycle), "cycle_median_days": statistics.median(cycle),
        "response_median_hours": statistics.median(response),
        "productivity": sum(hours.get(name, 0.0) for name in SELLING) / paid,
        "utilisation": (paid - hours.get("idle", 0.0) - hours["absent"]) / (paid - hours["absent"]),
        "pipeline_coverage": open_then / 500000,
        "revenue_per_head": revenue / seats, "heads": seats,
        "turnover": left / (person_h / 24 / 365), "vacancy_share": 1 - person_h / (window[1] - window[0]) / seats,
        "cost_people": people, "cost_training": 300 * courses,
        "conflict_hours": sum(row.hours for row in ledger.conflicts.itertuples() if row.lead in needs),
        "conflict_money_direct": sum(row.amount for row in ledger.conflicts.itertuples() if row.lead in needs) / 100,
    }  # fmt: skip


def test_figures_agree_with_a_straightforward_oracle(ledger):
    """To a billionth, money to a unit (salaries and fares are rounded to the minor unit row by row)."""
    table = figures(ledger).set_index("metric")["value"]
    for metric, expected in by_hand(ledger).items():
        slack = (
            2.0
            if metric in ("selling_cost", "contribution", "loss_unsound", "acquisition_cost", "cost_people")
            else 1e-9 * max(1, abs(expected))
        )
        assert table[metric] == pytest.approx(expected, abs=slack), metric
    assert contribution(ledger) == table["contribution"]


def test_parts_of_the_breakdown(ledger):
    """A funnel never grows, what passes a stage had entered it, the reps' hours are their paid hours of the window."""
    parts = breakdown(ledger)
    stages = (
        parts[parts["level"] == "stage"]
        .pivot(index="group", columns="metric", values="value")
        .loc[list(ledger.frame.stages)]
    )
    assert (stages["passed"] <= stages["entered"]).all()
    hours = parts[parts["level"] == "activity"]["value"].sum()
    window = range(int(ledger.frame.window_from_h / 24), int(ledger.frame.window_to_h / 24))
    held = [
        (day, seat.party)
        for seat in ledger.seats.itertuples()
        for day in window
        if seat.role == "rep" and seat.from_h <= 24 * day < seat.to_h and day % 7 < 5
    ]
    assert hours == pytest.approx(8 * len(held), rel=1e-9)


@pytest.mark.parametrize("design", ["pyramid", "pooled"])
def test_shares_lie_between_0_and_1_with_overtime(design):
    """Queueing off, two reps for the work of nine: more than the paid hours are worked, but shares of paid hours count
    regular hours only, and the excess is overtime."""
    scenario = vary(small(mechanisms={**MECHANISMS, "queueing": "off"}), {f"designs.{design}.reps": 2})
    ledger = simulate(build(design, scenario), draw_world(scenario, seed=1, replication=0))
    table, parts = figures(ledger), breakdown(ledger)
    values = table.set_index("metric")["value"]
    shares = pd.concat([each[each["unit"] == "share"]["value"] for each in (table, parts)]).dropna()
    assert shares.between(0, 1).all()
    assert values["productivity"] + values["time_not_selling"] == pytest.approx(1)
    reps, frame = ledger.seats["role"].eq("rep"), ledger.frame
    paid = ledger.seats["paid_h"][reps].sum() * (frame.window_to_h - frame.window_from_h) / frame.end_h
    worked = parts[(parts["level"] == "activity") & ~parts["group"].isin(["idle", "absent"])]["value"].sum()
    assert values["overtime_hours"] > 0
    assert worked > paid > 0


def test_gini_of_known_distributions():
    """0 where all are equal, (n − 1)/n where one has all, 2/9 for 1, 2, 3; undefined where nobody has anything."""
    import numpy as np

    assert gini(np.array([5.0, 5.0, 5.0])) == 0
    assert gini(np.array([0.0, 0.0, 0.0, 8.0])) == 0.75
    assert gini(np.array([1.0, 2.0, 3.0])) == pytest.approx(2 / 9)
    assert math.isnan(gini(np.zeros(3)))
