"""What colleagues add to a stage: pools that take work, problems that go up, heads who join."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simlib.ledger import Ledger
from simlib.model.backing import PoolWork
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario, switch_off, vary
from simlib.world import draw_world
from tests.worlds import DESIGNS, STEADY, small, steady

PROBLEMS = {"rep_knows": 0.5, "layer_knows": 1.0, "pool_knows": 2.0, "hours": 0.7, "unsolved": 1.5}
ALONE = {"queueing": "off", "help": PROBLEMS}


def ledger_of(scenario: Scenario, name: str, seed: int = 5) -> Ledger:
    """The first world of a seed, met by one design."""
    return simulate(build(name, scenario), draw_world(scenario, seed=seed, replication=0))


def many(**changes: Any) -> Scenario:
    """Many needs, of which every one has a problem at its only stage, and nobody waits."""
    stages = [{"name": "talk", "effort_hours": 2.0, "pass_probability": 0.5, "problem_probability": 1.0}]
    plans = {"field": {"components": {"commission": {"kind": "commission", "rate": 0.05}}}}
    demand = steady().demand.model_dump()
    cells = [{**cell, "needs_per_week": 60.0} for cell in demand["cells"]]
    demand = {**demand, "cells": cells, "inbound_share": 1.0, "opening_pipeline": 0, "window_days": None}
    answering = {"structure": "geographic", "pools": {"desk": {"share": 0.3, "shared": False, "answers": True},
                                                      "drawing office": {"answers": False}}}  # fmt: skip
    designs = {**DESIGNS, "backed": answering}
    return vary(small(demand=demand, stages=stages, mechanisms=ALONE, designs=designs, plans=plans), changes)


def hours(ledger: Ledger, activity: str) -> float:
    """Hours that everybody together spent on an activity."""
    work = ledger.work[(ledger.work["activity"] == activity).to_numpy()]
    return float((work["end_h"] - work["start_h"]).sum())


def asked_at(ledger: Ledger, role: str) -> int:
    """Problems that came to the desks of a role (or of a pool)."""
    waits = ledger.waits[(ledger.waits["kind"] == "help").to_numpy()]
    return int(waits["desk"].astype(str).str.startswith(role).sum())


def test_each_layer_hears_of_what_those_below_could_not_solve():
    """Difficulties are exponential: a share e^-knowledge of all problems passes each layer, within chance (99.9%)."""
    ledger = ledger_of(many(), "pyramid")
    problems = len(ledger.gates)
    knows = PROBLEMS["rep_knows"]
    for role in ("manager", "director"):
        share = math.exp(-knows)
        assert abs(asked_at(ledger, role) / problems - share) < 3.29 * math.sqrt(share * (1 - share) / problems)
        knows += PROBLEMS["layer_knows"]
    unsolved = ledger.gates["unsolved"]
    assert set(unsolved) == {0.0, -1.5}
    assert abs((unsolved < 0).mean() - math.exp(-knows)) < 0.05


def test_the_pool_that_answers_is_asked_before_the_boss():
    """What the pool knows never reaches a boss, and the same problems stay unsolved in the end."""
    scenario = many()
    with_pool, without = (ledger_of(scenario, name) for name in ("backed", "geographic"))
    problems = len(with_pool.gates)
    assert abs(asked_at(with_pool, "desk") / problems - math.exp(-0.5)) < 0.04
    assert abs(asked_at(with_pool, "manager") / problems - math.exp(-2.0)) < 0.03
    assert asked_at(without, "desk") == asked_at(with_pool, "drawing office") == 0


def test_help_takes_its_hours_and_the_unsolved_their_odds():
    """Every request costs the same hours; where a problem stays unsolved the gate is passed as its shift says."""
    ledger = ledger_of(many(), "flat")
    requests = int((ledger.waits["kind"] == "help").sum())
    assert hours(ledger, "help") == pytest.approx(requests * 0.7, rel=1e-3)  # help in hand when the run ended
    burdened = ledger.gates[(ledger.gates["unsolved"] < 0).to_numpy()]
    assert np.allclose(burdened["p"], 1 / (1 + math.exp(1.5)))
    assert len(burdened) > 50


def test_who_has_nobody_above_fails_alone():
    """No boss at all: nobody is asked, nothing hangs, and what the rep does not know stays unsolved."""
    ledger = ledger_of(vary(many(), {"designs.flat.layers": 1}), "flat")
    assert asked_at(ledger, "") == 0
    assert abs((ledger.gates["unsolved"] < 0).mean() - math.exp(-0.5)) < 0.05
    assert (ledger.leads["outcome"] != "open").mean() > 0.8


def test_specialists_need_less_help():
    """Knowledge of the product is knowledge of its problems: those who sell one product bring fewer of them."""
    weights = {"product": 1.0, "segment": 0.0, "region": 0.0}
    focused = vary(many(), {"mechanisms.focus": {"exponent": 2.0, "weights": weights}})
    by_product, by_region = (asked_at(ledger_of(focused, name), "manager") for name in ("product_line", "geographic"))
    assert by_product < 0.9 * by_region


def test_customers_leave_who_wait_too_long_for_an_answer():
    """Slow helpers: the customer waits at the boss's desk too, and more are gone."""
    base = small(mechanisms={**STEADY, "retention": "off", "interest": {"kind": "exponential", "median_hours": 60.0}})
    for notices in ("leaves_list", "found_at_contact"):
        impatient = vary(base, {"mechanisms.interest.notices": notices, "stages.proposal.problem_probability": 1.0})
        gone = [
            (ledger_of(vary(impatient, {"mechanisms.help.hours": slow}), "flat").leads["outcome"] == "abandoned").sum()
            for slow in (0.0, 20.0)
        ]
        assert gone[1] > gone[0]


def test_the_head_joins_large_deals_only():
    """Every gate of a sponsored stage at or above the value has the head's hours and odds, no other has."""
    ledger = ledger_of(
        vary(steady(), {"stages.proposal.sponsored": True, "stages.closing.sponsored": False}),
        "pyramid",
    )
    gates = ledger.gates
    value = ledger.needs["value"].to_numpy()[gates["lead"].to_numpy()]
    large = (gates["stage"] == "proposal").to_numpy() & (value >= 60_000 * 100)
    np.testing.assert_array_equal(gates["sponsor"].to_numpy(), np.where(large, 0.4, 0.0))
    assert 3 < large.sum() < len(large)
    heads = ledger.work[(ledger.work["activity"] == "sponsoring").to_numpy()]["party"].astype(str)
    top = ledger.seats[ledger.seats["boss"].isna().to_numpy()]["party"].astype(str)
    assert set(heads) <= set(top)
    assert not ledger_of(vary(steady(), {"designs.flat.layers": 1}), "flat").gates["sponsor"].any()


def test_a_pool_works_its_share_of_the_sellers_hours():
    """A tenth and 35% of the proposal, all of the contact: the pools' hours, and those that the sellers are spared."""
    scenario = small(mechanisms={"queueing": "off"})
    ledger = ledger_of(scenario, "backed")
    work = ledger.work.assign(hours=ledger.work["end_h"] - ledger.work["start_h"])
    role = ledger.seats.set_index("party")["role"].astype(str)
    pooled = (work["party"].astype(str).map(role) == "support").to_numpy()
    for stage, share in (("contact", 1.0), ("proposal", 0.45), ("closing", 0.0)):
        mine = (work["activity"] == stage).to_numpy()
        done = work["hours"][mine & pooled].sum() / work["hours"][mine].sum()
        assert done == pytest.approx(share, abs=0.02)
    assert (ledger.gates["party"].astype(str).map(role) == "rep").all()


def test_pools_never_take_more_than_there_is():
    """Two halves of any hours, rounded to the grid, are at most the whole: nobody works a negative hour."""
    halves = {"one": {"takes": {"closing": 0.5}}, "two": {"takes": {"closing": 0.5}}}
    scenario = vary(steady(), {"designs.flat.pools": halves})
    organisation = build("flat", scenario)
    pools = PoolWork(organisation, scenario, range(len(organisation.desks)))
    for hours in (3.0, 3 / 2**20, 1 / 2**20, 0.0):
        parts = [part for _, part in pools.shares(0, 2, hours)]
        assert hours - 2 / 2**20 < sum(parts) <= hours
        assert min(parts) >= 0
    assert pools.shares(0, 1, 3.0) == []


def test_a_busy_pool_delays_the_gate():
    """One in the pool for the contacts of all: the sellers have time, and their customers wait."""
    scenario = small(mechanisms={"interest": "off"})
    slow = vary(scenario, {"designs.backed.pools": {"desk": {"share": 0.05, "takes": {"contact": 1.0}}}})
    few = vary(scenario, {"designs.backed.pools": {"desk": {"share": 0.05}}})
    waits = [ledger_of(case, "backed").waits for case in (slow, few)]
    at_pool = waits[0][(waits[0]["desk"] == "desk").to_numpy()]
    assert set(at_pool["kind"]) == {"contact"}
    assert len(at_pool) > 50
    assert (at_pool["to_h"] > at_pool["from_h"]).mean() > 0.5
    assert not (waits[1]["desk"] == "desk").any()


def test_a_pool_goes_to_no_customer():
    """The road is the seller's: support staff work where they are."""
    ledger = ledger_of(steady(), "backed")
    travel = ledger.work[(ledger.work["activity"] == "travel").to_numpy()]
    assert set(travel["party"].astype(str).str.split().str[0]) == {"rep"}


def test_backing_that_adds_nothing_changes_nothing():
    """Pools that take no hours, and answer while help is off, are payroll only."""
    base = switch_off(steady(), "help", "coordination")  # who has a boss meets him
    idle = {"desk": {"share": 0.3, "shared": False, "answers": True, "takes": {"proposal": 0.0}}}
    with_pool = vary(base, {"designs.geographic.pools": idle, "designs.geographic.reps": 9})
    without = vary(base, {"designs.geographic.reps": 9})
    one, other = (ledger_of(case, "geographic") for case in (with_pool, without))
    for table in ("leads", "gates"):  # the words of a column differ: there are more people
        pairs = (getattr(ledger, table).astype(object) for ledger in (one, other))
        pd.testing.assert_frame_equal(*pairs)
