"""People come, learn and go: fates that no design changes, seats with gaps, deals that change hands, courses."""

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simlib.ledger import Ledger
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario, vary
from simlib.world import draw_world
from tests.worlds import DESIGNS, MECHANISMS, small

LEAVING = {"leaving_rate_per_year": 4.0, "vacancy_days": 9.0, "hiring_cost": 2000.0}


def firm(changes: dict[str, Any] | None = None, **mechanisms: Any) -> Scenario:
    """The small firm with turnover and what is stated, half a year long."""
    calendar = {"warm_up_days": 20.0, "horizon_days": 160.0, "drain_days": 0.0}
    return vary(small(mechanisms={"turnover": LEAVING, **mechanisms}, calendar=calendar), changes or {})


def ledger_of(scenario: Scenario, name: str = "pyramid", seed: int = 2) -> Ledger:
    """The first world of a seed, met by one design."""
    return simulate(build(name, scenario), draw_world(scenario, seed=seed, replication=0))


def fates(ledger: Ledger) -> dict[str, tuple[float, float]]:
    """By name, first and last instant on the seat."""
    seats = ledger.seats
    return dict(zip(seats["party"].astype(str), zip(seats["from_h"], seats["to_h"], strict=True), strict=True))


def test_no_design_changes_who_leaves_when():
    """The same reps, the same days, whatever the structure; one rep more changes nobody's fate. Only a change from one
    design into another has people leave."""
    scenario = firm()
    everywhere = {name: fates(ledger_of(scenario, name)) for name in DESIGNS if name != "reformed"}
    more = fates(ledger_of(vary(scenario, {"designs.flat.reps": 10})))
    known: dict[str, tuple[float, float]] = {}
    for found in (more, *everywhere.values()):
        for name, time in found.items():
            assert known.setdefault(name, time) == time
    assert sum("." in name for name in known) > 10


def test_seats_have_one_holder_at_a_time_with_the_vacancy_between():
    """From time zero to the end, each replacement nine days after the leaver, on whole days; a chain of one name."""
    ledger = ledger_of(firm())
    gaps = 0
    for _, spells in ledger.seats.groupby(ledger.seats["position"].astype(str)):
        ordered = spells.sort_values("from_h")
        assert ordered["from_h"].iloc[0] == 0
        for before, after in pairwise(ordered.itertuples()):
            assert after.from_h - before.to_h == 9 * 24
            assert after.party.split(".")[0] == before.party.split(".")[0]
            gaps += 1
        assert ordered["to_h"].iloc[-1] + 9 * 24 >= ledger.frame.end_h
    assert gaps > 5


def test_everybody_works_while_on_the_seat_and_nobody_while_it_is_vacant():
    """Each row of work, and each gate, lies in the time of who is named; a gate may follow in the vacancy."""
    ledger = ledger_of(firm(hand_off=MECHANISMS["hand_off"], approval=MECHANISMS["approval"]), "functional")
    times = fates(ledger)
    for row in ledger.work.itertuples():
        assert times[row.party][0] <= row.start_h < row.end_h <= times[row.party][1]
    for row in ledger.gates.itertuples():
        assert times[row.party][0] <= row.at_h <= times[row.party][1]


def test_salaries_are_paid_for_the_time_on_the_seat():
    """Pay a year × days ÷ 365, to a minor unit each month; hiring is paid on the first day of each replacement."""
    ledger = ledger_of(firm())
    money, times = ledger.money, fates(ledger)
    paid = money[money["kind"] == "salary"].groupby(money["payee"].astype(str))["amount"].sum()
    for seat in ledger.seats.itertuples():
        yearly = {"rep": 100000, "manager": 160000, "director": 256000}[seat.role] * 100
        assert paid[seat.party] == pytest.approx(yearly * (seat.to_h - seat.from_h) / 24 / 365, abs=8)
    hired = money[money["kind"] == "hiring"]
    assert sorted(hired["at_h"]) == sorted(start for start, _ in times.values() if start)
    assert (hired["amount"] == 200000).all()


def test_the_replacement_takes_the_deals_over_and_has_forgotten_part():
    """The seat is the same, the person is not: the deal changes hands, and its next gates are harder."""
    ledger = ledger_of(firm(hand_off={"forgotten": 0.7}))
    replaced = ledger.handovers[ledger.handovers["reason"] == "replaced"]
    assert len(replaced) > 3
    seat_of = dict(zip(ledger.seats["party"].astype(str), ledger.seats["position"].astype(str), strict=True))
    for row in replaced.to_dict("records"):
        assert seat_of[row["from"]] == seat_of[row["to"]]
        assert row["from"] != row["to"]
        gates = ledger.gates[ledger.gates["lead"] == row["lead"]]
        assert (gates["forgotten"][gates["at_h"] >= row["at_h"]] <= -0.7).all()
    untouched = ledger.gates[~ledger.gates["lead"].isin(ledger.handovers["lead"])]
    assert (untouched["forgotten"] == 0).all()


def test_a_replacement_has_a_talent_of_their_own():
    """One talent for each person at all gates; on one seat they differ."""
    gates = ledger_of(firm({"people.rep.skill_sd": 1.0}, skill={})).gates
    talents = gates.groupby(gates["party"].astype(str))["skill"].agg(["nunique", "first"])
    assert (talents["nunique"] == 1).all()
    assert talents["first"].is_unique
    assert talents.index.str.contains(r"\.").sum() > 3


def test_requests_to_a_vacant_boss_wait_for_the_next_one():
    """Nobody stands in: what is asked in the vacancy is served when the replacement has come."""
    approval = {"approval": {"hours": 1.0}}
    ledger = ledger_of(firm({"organisation.authority": {"rep": 0.0}}, **approval), "flat", seed=4)
    bosses = ledger.seats[ledger.seats["role"] != "rep"].sort_values("from_h")
    asked = ledger.waits[ledger.waits["kind"] == "approval"]
    gaps = [
        (str(before.position), before.to_h, after.from_h)
        for _, spells in bosses.groupby(bosses["position"].astype(str))
        for before, after in pairwise(spells.itertuples())
    ]
    met = 0
    for position, left, came in gaps:
        inside = asked[(asked["desk"] == position) & asked["from_h"].between(left, came)]
        assert (inside["to_h"][inside["end"] == "served"] >= came).all()
        met += len(inside)
    assert met > 3


def test_what_is_in_hand_when_somebody_leaves_wears_the_customers_interest():
    """It lies through the vacancy: every customer is gone who would wait for five days, and not for nine."""
    interest = {"kind": "table", "table": [[120.0, 1.0], [121.0, 0.0]], "notices": "found_at_contact"}
    ledger = ledger_of(firm({"mechanisms.turnover.leaving_rate_per_year": 15.0}, interest=interest))
    work = ledger.work[ledger.work["lead"] >= 0]
    parties = work.groupby(["lead", "activity"], observed=True)["party"].agg(["first", "nunique"])
    split = {lead for lead, _ in parties.index[parties["nunique"] > 1]}
    ended = ledger.leads[ledger.leads["lead"].isin(split) & (ledger.leads["outcome"] != "open")]
    assert (ended["outcome"] == "abandoned").all()
    assert len(ended) > 2


def test_newcomers_work_as_much_as_their_speed_says():
    """Hours of a stage, weighted by the speed at which they were worked, are the hours that the need asks for."""
    days, start = 30.0, 0.2
    scenario = firm(ramp={"days": days, "start_speed": start})
    ledger, world = ledger_of(scenario, "flat"), draw_world(scenario, seed=2, replication=0)
    came = {name: time[0] for name, time in fates(ledger).items()}
    ramp_h = days * 40 / 7
    present = ledger.work[ledger.work["activity"] != "absent"].sort_values(["party", "start_h"])
    length = (present["end_h"] - present["start_h"]).to_numpy()
    before = pd.Series(length).groupby(present["party"].astype(str).to_numpy()).cumsum().to_numpy() - length

    def done(hours: Any) -> Any:
        slow = np.minimum(hours, ramp_h)
        return start * slow + (1 - start) * slow**2 / (2 * ramp_h) + hours - slow

    new = present["party"].astype(str).map(came).to_numpy() > 0
    labour = np.where(new, done(before + length) - done(before), length)
    stages = {stage.name: number for number, stage in enumerate(scenario.stages)}
    rows = present.assign(labour=labour, new=new)[present["lead"] >= 0]
    tasks = rows.groupby(["lead", "activity"], observed=True).agg(labour=("labour", "sum"), new=("new", "any"))
    asked = [world.needs.effort_h[lead, stages[str(stage)]] for lead, stage in tasks.index]
    through = np.array([(ledger.gates["lead"] == lead).sum() > stages[str(stage)] for lead, stage in tasks.index])
    opening = np.array([bool(world.needs.opening[lead]) for lead, _ in tasks.index])
    whole = through & ~opening
    np.testing.assert_allclose(tasks["labour"][whole], np.array(asked)[whole], atol=1e-4)
    assert (tasks["new"].to_numpy() & whole).sum() > 20


TRAINING = {"hours": 6.0, "every_days": 25.0, "cost_per_course": 300.0, "log_odds": 0.3, "half_life_days": 40.0}


def test_courses_add_to_the_odds_and_are_forgotten():
    """At each gate 0.3 · Σ 2^(−age / 40 days) over the courses that the person had ended, and no one else's."""
    ledger = ledger_of(firm(training=TRAINING))
    work = ledger.work[ledger.work["activity"] == "training"].sort_values("end_h")
    hours = work.groupby(work["party"].astype(str))
    ends: dict[str, list[float]] = {}
    for party, rows in hours:
        attended = (rows["end_h"] - rows["start_h"]).cumsum()
        ends[str(party)] = list(rows["end_h"][attended % 6.0 == 0])
    split = {name for name, rows in hours if (rows["end_h"] - rows["start_h"]).sum() % 6.0}
    checked = 0
    for gate in ledger.gates.itertuples():
        seat = str(gate.party).split(".")[0]
        if any(name.split(".")[0] == seat for name in split):
            continue  # a course that two persons shared the hours of
        ages = [gate.at_h - end for end in ends.get(str(gate.party), []) if end <= gate.at_h]
        assert gate.training == pytest.approx(0.3 * sum(2 ** (-age / 24 / 40) for age in ages), abs=1e-12)
        checked += len(ages)
    assert checked > 100


def test_courses_come_first_cost_their_fee_and_are_held_for_everybody():
    """Every 25 days one for each who holds a seat, before other work, on the first day of a newcomer."""
    ledger = ledger_of(firm(training=TRAINING))
    courses = ledger.waits[ledger.waits["kind"] == "training"]
    seats = ledger.seats
    for seat in seats.itertuples():
        asked = courses[(courses["desk"].astype(str) == seat.position) & courses["from_h"].between(
            seat.from_h, seat.to_h, inclusive="left")]["from_h"].to_numpy()  # fmt: skip
        assert len(asked) == np.ceil((seat.to_h - (asked[0] if len(asked) else seat.to_h)) / 24 / 25)
        assert not seat.from_h or (asked[0] == seat.from_h)
        assert (np.diff(asked) == 25 * 24).all()
    fees = ledger.money[ledger.money["kind"] == "course"]
    served = courses[courses["end"] == "served"]
    assert sorted(fees["at_h"]) == sorted(served["to_h"])
    assert (fees["amount"] == 30000).all()
    assert set(seats["role"][seats["party"].isin(ledger.work["party"][ledger.work["activity"] == "training"])]) >= {
        "rep",
        "manager",
    }


def test_with_endless_hours_a_vacant_seat_is_closed_too():
    """Queueing off: nobody is absent, tasks overlap, but an empty seat begins nothing."""
    ledger = ledger_of(firm(queueing="off"), "flat")
    times = fates(ledger)
    assert all(times[row.party][0] <= row.start_h < times[row.party][1] for row in ledger.work.itertuples())
    assert "absent" not in set(ledger.work["activity"])
