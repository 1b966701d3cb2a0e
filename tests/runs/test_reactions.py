"""How paid people react in a run: what theory says of effort, prices and timing comes out of the engine."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simlib.ledger import Ledger
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario, vary
from simlib.world import draw_world
from tests.worlds import small

COST, RESPONSE = 400.0, 0.34
EFFORT = {"cost_per_week": COST, "response": RESPONSE, "log_odds": 0.5, "most": 10.0, "least": 0.1}


def firm(components: dict[str, Any], *, plan: dict[str, Any] | None = None, **mechanisms: Any) -> Scenario:
    """A flat firm of six reps on one plan, for half a year; nothing acts but what is stated."""
    return small(
        calendar={"start": "2026-01-01", "horizon_days": 181.0, "drain_days": 30.0},
        mechanisms=mechanisms,
        plans={"field": {"components": components, **(plan or {})}},
        designs={"flat": {"structure": "flat", "partition": "none", "reps": 6, "pay": {"rep": "field"}}},
        organisation={"list_overlap": 0.0},
    )


def met(scenario: Scenario, seed: int = 3) -> Ledger:
    """The first world of a seed."""
    return simulate(build("flat", scenario), draw_world(scenario, seed=seed, replication=0))


def promised(scenario: Scenario, seed: int = 3) -> float:
    """What everybody's customers together are expected to bring in a week, in whole units, by hand."""
    world = draw_world(scenario, seed=seed, replication=0)
    chance = math.prod(stage.pass_probability for stage in scenario.stages)
    known = world.needs.inbound
    return float(world.needs.value[known].sum() / 100 * chance / (211 / 7))


def first_efforts(ledger: Ledger) -> pd.Series:
    """What everybody chose at time zero."""
    return ledger.efforts[ledger.efforts["at_h"] == 0].set_index("party")["level"]


@pytest.mark.parametrize("rate", [0.0, 0.02, 0.06])
def test_effort_under_a_linear_plan_is_that_of_theory(rate):
    """e = 1 + rate · flow · response / cost (Holmström and Milgrom 1987), of all reps together: the flows of their
    lists add up to what all customers promise."""
    scenario = firm({"c": {"kind": "commission", "rate": rate}}, effort=EFFORT)
    efforts = first_efforts(met(scenario))
    assert len(efforts) == 6
    assert (efforts - 1).sum() == pytest.approx(rate * promised(scenario) * RESPONSE / COST, rel=1e-6)


def test_in_a_pool_effort_falls_as_one_over_n():
    """Each has a sixth of what effort adds to a pool of six (yardstick team_pool, here through a run)."""
    own, pool = (
        first_efforts(met(firm(components, effort=EFFORT)))
        for components in (
            {"c": {"kind": "commission", "rate": 0.06}},
            {"c": {"kind": "pool", "rate": 0.06, "result_of": "company"}},
        )
    )
    np.testing.assert_allclose(pool - 1, (own - 1) / 6, rtol=1e-6)


def test_effort_acts_at_gates_and_on_hours_as_its_rule_says():
    """Gates: log_odds · ln e of what was chosen last; hours: e^−pace of the usual."""
    components = {"c": {"kind": "commission", "rate": 0.06}}
    usual = met(firm(components))
    ledger = met(firm(components, effort={**EFFORT, "pace": 0.5, "every_days": 300.0}))
    level = first_efforts(ledger)
    gates = ledger.gates
    np.testing.assert_allclose(gates["effort"], 0.5 * np.log(gates["party"].astype(str).map(level)), rtol=1e-12)

    def first_hours(of: Ledger) -> pd.Series:
        work = of.work[(of.work["activity"] == "contact").to_numpy()]
        return (work["end_h"] - work["start_h"]).groupby(work["lead"]).sum()

    both = pd.concat(
        [first_hours(usual), first_hours(ledger), ledger.leads.set_index("lead")["owner"]], axis=1
    ).dropna()
    both.columns = pd.Index(["usual", "driven", "owner"])
    within = both[(both["driven"] > 0.1) & (both["usual"] < 5)]  # the books cut what closing time cuts
    ratio = within["driven"] / within["usual"]
    expected = within["owner"].astype(str).map(level) ** -0.5
    assert np.isclose(ratio, expected, rtol=1e-4).mean() > 0.9


def test_prices_by_who_is_paid_on_what():
    """A rep on a salary, or on margin, gives what is best for margin (here nothing or less); one paid on revenue more:
    for p = .8 at the gate and log-odds 8 a whole discount, ln p grows by 8 · (1 − p) and ln (1 − δ) falls."""
    discount = {"most": 0.5, "log_odds": 8.0}
    given = {}
    for name, components in (
        ("salary", {}),
        ("revenue", {"c": {"kind": "commission", "rate": 0.05}}),
        ("margin", {"c": {"kind": "commission", "rate": 0.12, "on": "margin"}}),
    ):
        leads = met(firm(components, discount=discount)).leads
        given[name] = leads["discount"][(leads["outcome"] == "won").to_numpy()]
    assert (given["salary"] == 0).all()
    assert given["margin"].max() < given["revenue"].min()
    delta = float(given["revenue"].median())
    odds = 4 * math.exp(8 * delta)
    assert 8 / (1 + odds) == pytest.approx(1 / (1 - delta), rel=1e-6)
    assert np.ptp(given["revenue"]) < 1e-6


def test_a_linear_plan_moves_no_signature():
    """Every day pays alike: timing on is timing off, to the bit."""
    components = {"c": {"kind": "commission", "rate": 0.05}}
    one, other = met(firm(components)), met(firm(components, timing={"asked_discount": 0.01}))
    pd.testing.assert_frame_equal(one.leads, other.leads)


def test_signatures_move_over_the_end_of_the_period_where_a_bonus_pays_for_it():
    """Those pulled in are signed on its last day, with a discount; those kept back on the first day after it. Nothing
    else changes before the period's end."""
    plan = {"quota": {"amount": 60000.0}, "components": {"b": {"kind": "bonus", "steps": [[1, 20000.0]]}}}
    usual = met(firm({}, plan=plan))
    moved = met(firm({}, plan=plan, timing={"reach_days": 20.0, "asked_discount": 0.02}))
    end = 90 * 24.0
    both = usual.leads.set_index("lead").join(moved.leads.set_index("lead").add_suffix("_moved"))
    both = both[(both["outcome"] == "won").to_numpy() & (both["closed_h"] < end + 20 * 24).to_numpy()]
    earlier = both[both["closed_h_moved"] < both["closed_h"]]
    later = both[both["closed_h_moved"] > both["closed_h"]]
    assert len(earlier) + len(later) > 3
    assert earlier["closed_h_moved"].between(end - 24, end).all() or (earlier["closed_h_moved"] <= end).all()
    assert (earlier["discount_moved"] > 0).all()
    assert later["closed_h_moved"].between(end, end + 24).all()
    assert (later["closed_h"] >= end - 20 * 24).all()


def test_who_is_paid_for_one_product_turns_to_it_first():
    """Attention: the product that pays is taken up sooner than the other; without attention both wait alike."""
    components = {"c": {"kind": "commission", "rate": 0.05, "products": ["service"]}}

    def waits(**mechanisms: Any) -> pd.Series:
        ledger = met(vary(firm(components, **mechanisms), {"designs.flat.reps": 2}))
        product = ledger.leads.set_index("lead")["product"].astype(str)
        table = ledger.waits[(ledger.waits["end"] == "served").to_numpy() & (ledger.waits["lead"] >= 0).to_numpy()]
        return (table["to_h"] - table["from_h"]).groupby(table["lead"].map(product)).mean()

    turned, usual = waits(attention={"discipline": 0.0}), waits()
    assert turned["service"] < 0.5 * usual["service"]
    assert turned["machine"] > usual["machine"]


def test_a_newcomer_has_been_credited_nothing():
    """Whoever replaces a leaver begins with the list's promise: at the quota's edge his effort is not his
    predecessor's."""
    scenario = vary(
        firm(
            {"c": {"kind": "commission", "tiers": [[0, 0.0], [1, 0.2]]}},
            plan={"quota": {"amount": 30000.0}},
            effort=EFFORT,
            turnover={"leaving_rate_per_year": 3.0, "vacancy_days": 5.0},
        ),
        {"designs.flat.reps": 6},
    )
    ledger = met(scenario)
    newcomers = ledger.seats[(ledger.seats["from_h"] > 0).to_numpy()]
    assert len(newcomers) > 2
    for row in newcomers.itertuples():
        mine = ledger.efforts[(ledger.efforts["party"].astype(str) == row.party).to_numpy()]
        assert (mine["at_h"] >= row.from_h).all()
