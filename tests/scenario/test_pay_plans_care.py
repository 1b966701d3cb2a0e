"""scenarios/pay_plans_care.yaml: plans where care of existing customers competes with selling."""

import pytest

from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario, load_scenario
from simlib.world import draw_world


@pytest.fixture(scope="module")
def scenario(root) -> Scenario:
    """The file."""
    return load_scenario(root / "scenarios" / "pay_plans_care.yaml")


def test_satisfaction_and_retention_are_on_in_the_market_of_the_other_plans(scenario, root):
    """And nothing else of the market differs from pay_plans.yaml but the number of reps."""
    other = load_scenario(root / "scenarios" / "pay_plans.yaml")
    assert scenario.mechanisms.retention is not None
    assert scenario.mechanisms.satisfaction is not None
    assert (scenario.market, scenario.demand, scenario.stages) == (other.market, other.demand, other.stages)
    same = scenario.mechanisms.model_copy(update={"retention": None, "satisfaction": None})
    assert same == other.mechanisms
    assert (scenario.people.rep.count, other.people.rep.count) == (8, 12)


def test_it_shows_a_plan_by_revenue_one_by_new_customers_and_one_with_shares(scenario):
    """Each of them pays in one world, care is given and left undone, and customers leave early."""
    kpis = scenario.plans["balanced"].components["card"].kpis
    assert {kpi.on for kpi in kpis.values()} == {"revenue", "new_customers", "win_rate", "customers_kept"}
    world = draw_world(scenario, seed=0, replication=0)
    for name in scenario.designs:
        ledger = simulate(build(name, scenario), world)
        assert ledger.pay["amount"].sum() > 0
        assert 0 < ledger.renewals["care_given"].sum() < ledger.renewals["care_asked"].sum()
        assert ((ledger.renewals["p"] == 0) & ~ledger.renewals["kept"]).any()
