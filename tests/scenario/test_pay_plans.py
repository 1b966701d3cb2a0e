"""scenarios/pay_plans.yaml: six pay plans over the same structure."""

import pytest

from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario, load_scenario
from simlib.world import draw_world


@pytest.fixture(scope="module")
def scenario(root) -> Scenario:
    """The file."""
    return load_scenario(root / "scenarios" / "pay_plans.yaml")


def test_it_shows_every_common_kind_of_plan(scenario):
    """A salary, and a component of each kind but the sprint, which is for a while only."""
    kinds = {component.kind for plan in scenario.plans.values() for component in plan.components.values()}
    assert kinds == {"commission", "bonus", "pool", "scorecard", "override"}
    assert scenario.baseline == "salary_only"
    assert not scenario.designs["salary_only"].pay


def test_designs_differ_by_their_plans_only(scenario):
    """The same seats, bosses and customers in each."""
    laid_out = [build(name, scenario) for name in scenario.designs]
    assert {one.positions for one in laid_out} == {laid_out[0].positions}


def test_every_plan_pays_and_the_salary_does_not(scenario):
    """In one world, all designs but the first have variable pay."""
    world = draw_world(scenario, seed=0, replication=0)
    paid = {name: simulate(build(name, scenario), world).pay["amount"].sum() for name in scenario.designs}
    assert paid.pop("salary_only") == 0
    assert all(amount > 0 for amount in paid.values())


def test_shares_of_a_pool_pay_the_same_for_the_same_sales(root):
    """Own rate and the pool's add up to 4% in each, so that only who gets it differs."""
    plans = load_scenario(root / "scenarios" / "pay_pool_share.yaml").plans
    for name in ("own", "pool_25", "pool_50", "pool_75", "pool_100"):
        components = plans[name].components
        assert sum(component.rate for component in components.values()) == pytest.approx(0.04)
        assert components["team"].rate if name != "own" else "team" not in components
    assert plans["capped"].components == plans["accelerator"].components
    assert plans["capped"].cap
