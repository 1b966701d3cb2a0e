"""Bosses coach with what is left of their hours; what was learnt fades."""

import math

import numpy as np
import pytest

from simlib.ledger import Ledger
from simlib.model.coaching import Coached
from simlib.model.person import Person
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario, switch_off, vary
from simlib.scenario.staffing import Coaching
from simlib.units import working_calendar
from simlib.world import draw_world
from simlib.world.cells import first_day
from tests.worlds import STEADY, small, steady

WEEKLY = {"every_days": 7.0, "hours": 1.0, "most": 1.0, "half_hours": 5.0, "half_life_days": 50.0}


def ledger_of(scenario: Scenario, name: str, seed: int = 5) -> Ledger:
    """The first world of a seed, met by one design."""
    return simulate(build(name, scenario), draw_world(scenario, seed=seed, replication=0))


def coached_hours(ledger: Ledger) -> float:
    """Hours of coaching that all received."""
    work = ledger.work[(ledger.work["activity"] == "coaching").to_numpy()]
    return float((work["end_h"] - work["start_h"]).sum())


def somebody(seat: int = 0) -> Person:
    """A person to be coached."""
    return Person(0, seat, working_calendar(first_day(steady()), 10, 40.0, ()), 0.0)


def test_coaching_saturates_and_fades():
    """most · stock / (stock + half_hours), the stock halving in its half-life: worked out by hand."""
    state, person = Coached(Coaching.model_validate(WEEKLY)), somebody()
    assert state.log_odds(person, 0.0) == 0.0
    state.coached(person, 0.0, 5.0)
    assert state.log_odds(person, 0.0) == 0.5
    day = 24.0
    assert state.log_odds(person, 50 * day) == pytest.approx(2.5 / 7.5)
    state.coached(person, 50 * day, 2.5)
    assert state.log_odds(person, 100 * day) == pytest.approx(2.5 / 7.5)
    assert state.log_odds(somebody(seat=1), 100 * day) == 0.0


def test_a_boss_with_time_coaches_every_report_every_week():
    """Nobody waits for anybody: a session for every seller and week of the run, and odds that grow from zero."""
    scenario = small(mechanisms={"coaching": WEEKLY, "queueing": {"next_task": "oldest_first"}})
    scenario = vary(scenario, {"people.manager.absence_share": 0.0})
    ledger = ledger_of(scenario, "pyramid")
    reps = int((ledger.seats["role"] == "rep").sum())
    weeks = math.ceil(ledger.frame.end_h / (7 * 24)) - 1
    assert coached_hours(ledger) == pytest.approx(reps * weeks)
    gates = ledger.gates.sort_values("at_h")
    assert (gates["coaching"][gates["at_h"] < 7 * 24] == 0).all()
    stock = sum(0.5 ** (7 * k / 50) for k in range(weeks))
    assert 0.3 < gates["coaching"].max() <= stock / (stock + 5) + 1e-12


def test_a_busy_boss_coaches_nobody():
    """Coaching is what is left: the more requests and the more reports a boss has, the less of it each report gets."""

    def per_rep(**changes: float) -> float:
        ledger = ledger_of(vary(steady(), {path.replace("__", "."): value for path, value in changes.items()}), "flat")
        return coached_hours(ledger) / int((ledger.seats["role"] == "rep").sum())

    free = per_rep(designs__flat__span=5, mechanisms__coaching__hours=4.0)
    wide = per_rep(designs__flat__span=20, mechanisms__coaching__hours=4.0)
    busy = per_rep(designs__flat__span=20, mechanisms__coaching__hours=4.0, mechanisms__help__hours=10.0)
    assert wide < 0.8 * free
    assert busy < 0.5 * wide


def test_what_is_not_begun_before_the_next_time_is_dropped():
    """A day's coaching a day for each of nine: the boss takes turns, and the list does not grow for ever."""
    mechanisms = {**STEADY, "coaching": {**WEEKLY, "every_days": 1.0, "hours": 6.0}}
    ledger = ledger_of(small(mechanisms=mechanisms), "flat")
    sessions = ledger.waits[(ledger.waits["kind"] == "coaching").to_numpy()]
    waited = sessions["to_h"] - sessions["from_h"]
    assert (sessions["end"] == "dropped").mean() > 0.5
    assert (waited[(sessions["end"] == "served").to_numpy()] <= 24.0).all()
    assert (sessions["lead"] == -1).all()


def test_coaching_waits_for_everything_else():
    """A session never begins while a request that was asked before still waits at the boss's desk."""
    quiet = switch_off(steady(), "coordination")
    ledger = ledger_of(vary(quiet, {"mechanisms.help.hours": 4.0, "stages.proposal.problem_probability": 1.0}), "flat")
    waits = ledger.waits[ledger.waits["desk"].astype(str).str.startswith("manager").to_numpy()]
    sessions = waits[((waits["kind"] == "coaching") & (waits["end"] == "served")).to_numpy()]
    requests = waits[(waits["kind"] != "coaching").to_numpy()]
    passed_over = [
        ((requests["desk"] == desk) & (requests["from_h"] < begun) & (requests["to_h"] > begun)).any()
        for desk, begun in zip(sessions["desk"], sessions["to_h"], strict=True)
    ]
    assert len(passed_over) > 20
    assert not any(passed_over)
    assert (requests["to_h"] - requests["from_h"]).mean() > 1


def test_two_bosses_coach_twice_and_no_boss_not_at_all():
    """In a matrix both lines coach; where nobody is above there is no coaching."""
    scenario = small(mechanisms={"coaching": WEEKLY})
    matrix, line = (ledger_of(scenario, name) for name in ("matrix", "geographic"))
    reps = [int((ledger.seats["role"] == "rep").sum()) for ledger in (matrix, line)]
    assert coached_hours(matrix) / reps[0] == pytest.approx(2 * coached_hours(line) / reps[1])
    alone = ledger_of(vary(scenario, {"designs.flat.layers": 1}), "flat")
    assert coached_hours(alone) == 0
    assert not np.any(alone.gates["coaching"])


def test_a_newcomer_has_not_been_coached():
    """What the person before on the seat was taught leaves with him."""
    state = Coached(Coaching(**WEEKLY))
    person = somebody()
    state.coached(person, 10.0, 2.0)
    assert state.log_odds(person, 10.0) > 0
    person.party = 99
    assert state.log_odds(person, 10.0) == 0
