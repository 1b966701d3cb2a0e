"""People who leave for a reason: without one on the day that turnover says, with one sooner, and the books hold."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simlib.ledger import SCHEMA, Ledger
from simlib.model.satisfaction import Memory
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario, switch_off, vary
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY
from simlib.world import draw_world
from simlib.world.tenure import patience, person_key
from tests.runs.test_balance import check
from tests.worlds import MECHANISMS, small

LEAVING = {"leaving_rate_per_year": 1.5, "vacancy_days": 9.0, "hiring_cost": 2000.0}
STARTS = np.cumsum([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31])
"""Days on which months begin in a run from the first of January of a common year."""


def firm(changes: dict[str, Any] | None = None, **mechanisms: Any) -> Scenario:
    """The small firm for a year and a month from New Year, with turnover, satisfaction as stated, and what else is."""
    calendar = {"start": "2027-01-01", "warm_up_days": 31.0, "horizon_days": 365.0, "drain_days": 0.0}
    return vary(small(mechanisms={"turnover": LEAVING, **mechanisms}, calendar=calendar), changes or {})


def ledger_of(scenario: Scenario, name: str = "geographic", seed: int = 2) -> Ledger:
    """The first world of a seed, met by one design."""
    return simulate(build(name, scenario), draw_world(scenario, seed=seed, replication=0))


def leavers(scenario: Scenario, name: str = "geographic", seeds: Sequence[int] = (1, 2, 3)) -> int:
    """Reps who leave before the end of the run, in some worlds."""
    found = 0
    for seed in seeds:
        ledger = ledger_of(scenario, name, seed)
        seats = ledger.seats[ledger.seats["role"] == "rep"]
        found += int((seats["to_h"] < ledger.frame.end_h).sum())
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", ["geographic", "pooled", "paid", "reformed", "functional"])
@pytest.mark.parametrize("notice_days", [1.0, 30.0, 200.0])
def test_without_weights_the_run_is_that_of_turnover_alone(name, notice_days):
    """To the bit, whatever the notice: every table with everything on, for a year with many leavers."""
    turnover = {**LEAVING, "leaving_rate_per_year": 4.0}
    quiet = {"notice_days": notice_days, "market_pay_per_year": 9e5}
    scenario = firm({}, **{**MECHANISMS, "turnover": turnover, "satisfaction": quiet})
    one, other = ledger_of(scenario, name), ledger_of(switch_off(scenario, "satisfaction"), name)
    assert (one.seats["to_h"] < one.frame.end_h).sum() > 10
    for table in SCHEMA:
        pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table))


def stays_as_computed(scenario: Scenario, hurry: float, notice: int, seed: int = 1) -> int:
    """Assert that every rep's last day follows from the same draws by hand, where every month after the first whole one
    is `hurry` times as fast; returned: how many left."""
    ledger, world = ledger_of(scenario, seed=seed), draw_world(scenario, seed=seed, replication=0)
    assert scenario.mechanisms.turnover is not None
    left = 0
    for seat in ledger.seats[ledger.seats["role"] == "rep"].itertuples():
        number, _, vacancy = str(seat.party).removeprefix("rep ").partition(".")
        key = person_key("rep", int(number) - 1, int(vacancy or 0))
        budget = patience(world.dice, key, scenario.mechanisms.turnover)
        first = round(seat.from_h / HOURS_PER_DAY)
        stands, used, speed, day = first + round(budget), 0.0, 1.0, first
        for month, begins in enumerate(STARTS[1:-1], start=1):
            if begins <= first or stands < begins + notice:
                continue
            used, day = used + speed * (begins - day), int(begins)
            if STARTS[month - 1] >= first:
                speed = hurry
            stands = max(first + round(day - first + (budget - used) / speed), day + notice)
        if stands * HOURS_PER_DAY < ledger.frame.end_h:
            assert seat.to_h == max(stands, first + 1) * HOURS_PER_DAY
            left += 1
        else:
            assert seat.to_h == ledger.frame.end_h
    return left


@pytest.mark.parametrize("notice", [1, 30, 90])
@pytest.mark.parametrize("market", [50000.0, 100000.0, 125000.0, 400000.0])
def test_the_last_day_follows_from_the_patience_that_is_left(market, notice):
    """Everybody has a fixed 100,000; beside what the market pays patience is used up exp(2 · shortfall) times as fast
    from the first whole month on. A surplus counts half, and up to twice as much as the market."""
    gap = (market - 100000.0) / market
    hurry = math.exp(2.0 * (gap if gap > 0 else 0.5 * gap))
    rule = {"weights": {"market": 2.0}, "market_pay_per_year": market, "notice_days": float(notice)}
    assert stays_as_computed(firm(satisfaction=rule), hurry, notice) > 5


@pytest.mark.slow
def test_the_rate_of_leaving_is_the_usual_one_times_the_factor():
    """Counted over forty worlds: leavers a year on the seat, against rate · e^(weight · shortfall) within 99.9% of a
    Poisson count. The first month is at the usual rate, and left out with the notice that follows it."""
    rule = {"weights": {"market": 3.0}, "market_pay_per_year": 125000.0, "notice_days": 1.0}
    scenario = firm({"mechanisms.turnover.vacancy_days": 0.0}, satisfaction=rule)
    expected = left = 0.0
    for seed in range(40):
        seats = ledger_of(scenario, "flat", seed).seats
        first = seats[(seats["role"] == "rep") & (seats["from_h"] == 0) & (seats["to_h"] > 32 * HOURS_PER_DAY)]
        end_h = 396 * HOURS_PER_DAY
        days = (first["to_h"].clip(upper=end_h) / HOURS_PER_DAY - 32).sum()
        expected += days / DAYS_PER_YEAR * 1.5 * math.exp(3.0 * 0.2)
        left += (first["to_h"] < end_h).sum()
    assert left > 200
    assert abs(left - expected) < 3.3 * math.sqrt(expected)


def test_pay_below_the_market_raises_turnover_and_pay_above_lowers_it():
    """Griffeth, Hom and Gaertner (2000): satisfaction with pay keeps people. The same people, worlds and draws."""
    counts = [
        leavers(firm(satisfaction={"weights": {"market": 2.0}, "market_pay_per_year": market}))
        for market in (60000.0, 100000.0, 200000.0)
    ]
    assert counts[0] < counts[1] < counts[2]


def test_unfair_pay_raises_turnover():
    """Fixed pay for everybody where contributions differ by chance: fairness weighed, more reps leave than without,
    where being ahead is no relief (Card, Mas, Moretti and Saez 2012). Paid by what each sells, fewer do."""
    weights = {"weights": {"unfairness": 3.0}, "relief": 0.0}
    usual = leavers(firm())
    fixed = leavers(firm(satisfaction=weights))
    plan = {"base_per_year": 0.0, "components": {"c": {"kind": "commission", "on": "margin", "rate": 0.3}}}
    by_result = vary(firm(satisfaction=weights), {"plans.field": plan})
    assert usual < leavers(by_result, "paid") < fixed


def test_overload_raises_turnover():
    """A third of the reps for the same needs: who works more than is bearable leaves sooner, and only that counts."""
    rule = {"weights": {"overload": 5.0}, "bearable_load": 0.6}
    few = {"designs.geographic.reps": 3}
    weighed, alone = leavers(firm(few, satisfaction=rule), seeds=range(6)), leavers(firm(few), seeds=range(6))
    assert weighed > alone
    easy = {"weights": {"overload": 5.0}, "bearable_load": 1.0}
    assert leavers(firm(few, satisfaction=easy), seeds=range(6)) == alone


def test_conflict_raises_turnover():
    """Hours spent to settle with colleagues: with everybody on everybody's list more leave."""
    overlap = {"overlap": {"settling_hours": 4.0}, "calls": {"probability": 0.7, "hours": 0.5}}
    crowded = {"organisation.list_overlap": 1.0}
    rule = {"weights": {"conflict": 10.0}}
    assert leavers(firm(crowded, satisfaction=rule, **overlap)) > leavers(firm(crowded, **overlap))


def test_courses_keep_people():
    """Non-cash (I4): who has been to courses leaves later, by weight · n / (1 + n)."""
    training = {"training": MECHANISMS["training"]}
    rule = {"weights": {"courses": 3.0}}
    assert leavers(firm(satisfaction=rule, **training)) < leavers(firm(**training))
    assert leavers(firm(satisfaction=rule)) == leavers(firm())


def test_a_cut_in_pay_is_felt_until_one_is_used_to_it():
    """The reference is a mean in which the past fades: pay that stays as it is is no reason at all."""
    assert leavers(firm(satisfaction={"weights": {"reference": 10.0}})) == leavers(firm())
    memory = Memory()
    assert memory.mean == 0.0
    for value in (100.0, 50.0, 50.0):
        memory.add(value, 0.5)
    assert memory.mean == pytest.approx((100 * 0.25 + 50 * 0.5 + 50) / 1.75)


def test_without_turnover_nobody_leaves_whatever_the_reasons():
    """The usual rate is turnover's: off, or zero, there is nothing to multiply."""
    rule = {"weights": {"market": 10.0}, "market_pay_per_year": 1e6}
    assert leavers(firm({"mechanisms.turnover": "off"}, satisfaction=rule)) == 0
    assert leavers(firm({"mechanisms.turnover.leaving_rate_per_year": 0.0}, satisfaction=rule)) == 0


@pytest.mark.parametrize("name", ["paid", "pooled", "reformed", "matrix"])
@pytest.mark.parametrize("queueing", ["on", "off"])
def test_books_balance_while_everybody_changes_his_mind(name, queueing):
    """Seats laid out anew every month, for a year, with everything on: paid hours are worked, idle or absent, to the
    last bit, each by who held the seat; hirings are as many as replacements came."""
    scenario = firm({}, **{**MECHANISMS, "queueing": queueing, "turnover": {**LEAVING, "leaving_rate_per_year": 4.0}})
    organisation, world = build(name, scenario), draw_world(scenario, seed=3, replication=0)
    changes_h = min((phase.day * HOURS_PER_DAY for phase in organisation.later), default=math.inf)
    ledger = simulate(organisation, world)
    check(ledger, changes_h)
    hired = ledger.money[ledger.money["kind"] == "hiring"]
    assert (hired["at_h"] > 0).all()
    assert len(hired) > 20


def test_courses_follow_the_days_that_came_out():
    """One every 25 days for each who holds a seat, from the first day of a newcomer on, and none in a vacancy."""
    ledger = ledger_of(firm(training=MECHANISMS["training"], satisfaction=MECHANISMS["satisfaction"]))
    courses = ledger.waits[ledger.waits["kind"] == "training"]
    asked = {}
    for seat in ledger.seats.itertuples():
        mine = courses[(courses["desk"].astype(str) == seat.position) & courses["from_h"].between(
            seat.from_h, seat.to_h, inclusive="left")]["from_h"].to_numpy()  # fmt: skip
        assert len(mine) == np.ceil((seat.to_h - (mine[0] if len(mine) else seat.to_h)) / 24 / 25)
        assert not seat.from_h or (mine[0] == seat.from_h)
        assert (np.diff(mine) == 25 * 24).all()
        asked[seat.party] = len(mine)
    assert sum(asked.values()) == len(courses)
