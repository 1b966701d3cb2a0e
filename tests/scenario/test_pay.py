"""Pay plans as users write them: what is understood, and every fault at its place."""

# ruff: noqa: E501 - a row of a table of faults is one line

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from simlib.errors import ScenarioError
from simlib.scenario import load_scenario, scenario_hash, vary
from simlib.scenario.designs import resolve
from simlib.scenario.schema import Scenario

PAGE = Path(__file__).parents[2] / "docs" / "pay.md"
PLAN = "plans.field.components"
COMMISSION = {"kind": "commission", "rate": 0.05}
TIERS = {"kind": "commission", "tiers": [[0.0, 0.05], [1.0, 0.1]], "target": 1000.0}
QUOTA = {"quota": {"amount": 5.0}}
KPI = {"weight": 1.0, "target": 1.0, "curve": [[1.0, 1.0]]}


def with_plan(scenario: Scenario, components: dict[str, Any], **terms: Any) -> Scenario:
    """The scenario with one plan, on which reps are."""
    changes = {"plans": {"field": {"components": components, **terms}}, "organisation.pay": {"rep": "field"}}
    return vary(scenario, changes)


FAULTS = [
    ({"c": {"kind": "comission", "rate": 0.1}}, {}, f"{PLAN}.c.kind: got 'comission', must be 'commission', 'bonus', 'scorecard', 'special', 'pool' or 'override' (did you mean 'commission'?)"),
    ({"c": {"rate": 0.1}}, {}, f"{PLAN}.c.kind: got nothing, must be stated"),
    ({"c": {**COMMISSION, "rat": 1}}, {}, f"{PLAN}.c.rat: got the unknown name 'rat', must be a known one (did you mean 'rate'?)"),
    ({"c": {"kind": "commission"}}, {}, f"{PLAN}.c: got neither rate nor tiers, must be one of them"),
    ({"c": {**COMMISSION, "tiers": [[0.0, 0.1]]}}, {}, f"{PLAN}.c.tiers: got rate and tiers together, must be one of them"),
    ({"c": {**TIERS, "tiers": [[1.0, 0.1], [1.0, 0.2]]}}, {}, f"{PLAN}.c.tiers.1: got 1, must be above the one before (1)"),
    ({"c": {**TIERS, "tiers": [[0.0, 5.0]]}}, {}, f"{PLAN}.c.tiers.0: got 5, must be at most 1: a share of revenue (or count `on: deals`)"),
    ({"c": {"kind": "special", "rate": 300.0}}, {}, f"{PLAN}.c.rate: got 300, must be at most 1: a share of revenue"),
    ({"c": {"kind": "special", "rate": 0.1, "first_day": "2026-03-01", "last_day": "2026-02-01"}}, {}, f"{PLAN}.c.last_day: got 2026-02-01, must not be before first_day (2026-03-01)"),
    ({"c": {"kind": "bonus", "target": 1.0, "steps": [[1.0, 5.0], [0.5, 9.0]]}}, {}, f"{PLAN}.c.steps.1: got 0.5, must be above the one before (1)"),
    ({"c": {"kind": "bonus", "target": 1.0, "steps": [[0.0, 5.0]]}}, {}, f"{PLAN}.c.steps.0: got 0, must be above 0"),
    ({"c": {"kind": "scorecard", "pays": 1.0, "kpis": {"k": {**KPI, "weight": 0.9}}}}, {}, f"{PLAN}.c.kpis: got weights of 0.9 together, must sum to 1"),
    ({"c": {"kind": "scorecard", "pays": 1.0, "kpis": {"k": {**KPI, "curve": [[1.0, 1.0], [0.5, 2.0]]}}}}, {}, f"{PLAN}.c.kpis.k.curve.1: got 0.5, must be above the one before (1)"),
    ({"c": {"kind": "scorecard", "pays": 1.0, "kpis": {"k": {**KPI, "target": None}}}}, {}, f"{PLAN}.c.kpis.k.target: got null in a plan without quota, must be stated (or state the plan's quota)"),
    ({"c": {**TIERS, "target": None}}, {}, f"{PLAN}.c.target: got null in a plan without quota, must be stated (or state the plan's quota)"),
    ({"c": {**TIERS, "target": None}}, {"quota": {"on": "margin", "amount": 1.0}}, f"{PLAN}.c.target: got null, but the plan's quota is on margin and not on revenue; must be stated"),
    ({"c": {**TIERS, "target": None, "products": ["machine"]}}, {"quota": {"amount": 1.0}}, f"{PLAN}.c.target: got null, but the plan's quota is on all results and not on some products, customers or stages; must be stated"),
    ({"c": {"kind": "pool", "rate": 0.1, "steps": [[1.0, 1.0]]}}, {}, f"{PLAN}.c.steps: got rate and steps together, must be one of them"),
    ({"c": {"kind": "bonus", "steps": [[100, 1.0], [120, 2.0]]}}, QUOTA, f"{PLAN}.c.steps: got an attainment of 100, must be at most 20: 1 = the quota, for 100% write 1, or state `by: amount`"),
    ({"c": {"kind": "commission", "tiers": [[0, 0.1], [80, 0.2]]}}, QUOTA, f"{PLAN}.c.tiers: got an attainment of 80, must be at most 20: 1 = the quota, for 80% write 0.8"),
    ({"c": {"kind": "pool", "steps": [[95, 1.0]]}}, QUOTA, f"{PLAN}.c.steps: got an attainment of 95"),
    ({"c": {"kind": "bonus", "steps": [[1, 9.0], [1.2, 6.0]]}}, QUOTA, f"{PLAN}.c.steps.1: got 6 from 1.2 on, must be at least what less of it pays (9)"),
    ({"c": {"kind": "scorecard", "pays": 1.0, "kpis": {"k": {**KPI, "curve": [[0.8, 1.0], [1.0, 0.5]]}}}}, {}, f"{PLAN}.c.kpis.k.curve.1: got 0.5 from 1 on, must be at least"),
    ({"c": {"kind": "scorecard", "pays": 1.0, "kpis": {"k": {**KPI, "curve": [[80, 0.5], [100, 1.0]]}}}}, {}, f"{PLAN}.c.kpis.k.curve: got an attainment of 80, must be at most 20: 1 = the quota, for 80% write 0.8"),
    ({"c": {"kind": "scorecard", "pays": 1.0, "kpis": {"k": {**KPI, "curve": [[0.8, 50.0]]}}}}, {}, "must be at most 10 (for 50% write 0.5)"),
    ({}, {"quota": {"amount": 5.0, "stretch": 90.0}}, "quota.stretch: got 90, must be at most 10 (for 90% write 0.9)"),
    ({"c": {"kind": "override"}}, {}, f"{PLAN}.c: got neither rate nor tiers nor steps, must be one of them"),
    ({"c": {**COMMISSION, "products": ["machin"]}}, {}, f"{PLAN}.c.products.0: got 'machin', must be 'machine' or 'service' (did you mean 'machine'?)"),
    ({"c": {**COMMISSION, "segments": ["sme"]}}, {}, f"{PLAN}.c.segments.0: got 'sme', must be 'enterprise'"),
    ({"c": {**COMMISSION, "stages": ["contakt"]}}, {}, f"{PLAN}.c.stages.0: got 'contakt', must be 'contact', 'proposal' or 'close' (did you mean 'contact'?)"),
    ({}, {"quota": {}}, "plans.field.quota.amount: got null, must be stated with the method 'stated'"),
    ({}, {"quota": {"method": "potential", "amount": 5.0}}, "plans.field.quota.amount: got 5, must be null: the potential of the seat is the quota"),
    ({}, {"quota": {"amount": 1.0, "season": [0.0] * 12}}, "plans.field.quota.season: got only zeros, must have a weight above 0"),
    ({}, {"quota": {"method": "potential", "on": "new_customers"}}, "plans.field.quota.method: got 'potential' by potential on new customers, must be 'stated'"),
    ({}, {"cap": 5.0, "floor": 6.0}, "plans.field.floor: got 6, must be at most the cap (5)"),
    ({}, {"cap": 5.0, "draw": {"amount": 6.0}}, "plans.field.draw.amount: got 6, must be at most the cap (5)"),
    ({}, {"crediting": {"owner": 1.0, "helpers": 0.5}}, "plans.field.crediting.helpers: got 1.5 together with the owner's, must be at most 1 (or state `double: true`: credit is then given twice)"),
]  # fmt: skip


@pytest.mark.parametrize(("components", "terms", "expected"), FAULTS)
def test_a_broken_rule_of_a_plan(components: Any, terms: Any, expected: str, small: Scenario) -> None:
    """Its place, the value met, the rule and the way out."""
    with pytest.raises(ScenarioError) as caught:
        with_plan(small, components, **terms)
    assert expected in str(caught.value)


def test_all_faults_of_plans_are_told_at_once_with_their_lines(small_yaml: str, write: Callable[..., Path]) -> None:
    """Two in a plan's own parts, one between plan and market, one between design and plan."""
    text = small_yaml + (
        "plans:\n"
        "  field:\n"
        "    components:\n"
        "      one: {kind: commission, rate: 0.1, products: [machin]}\n"
        "      two: {kind: bonus, target: 1.0, steps: [[1, 2], [1, 3]]}\n"
        "      three: {kind: commission, rate: 2}\n"
    )
    with pytest.raises(ScenarioError) as caught:
        load_scenario(write(text.replace("structure: flat,", "structure: flat, pay: {rep: fild},")))
    found = str(caught.value)
    for place in ("components.two.steps.1", "components.three.rate"):
        assert re.search(rf":\d+:\d+: plans\.field\.{re.escape(place)}: ", found), place


def test_roles_and_plans_that_there_are_not(small: Scenario) -> None:
    """A role or a plan that nobody named is a mistake, with the nearest name; support staff may be on a plan."""
    one = with_plan(small, {"c": COMMISSION})
    vary(one, {"organisation.pay": {"support": "field"}})
    with pytest.raises(ScenarioError) as caught:
        vary(one, {"organisation.pay": {"repp": "field"}, "designs.flat.pay": {"rep": "feild"}})
    assert "organisation.pay.repp: got 'repp', must be 'rep', 'manager'" in str(caught.value)
    assert "designs.flat.pay.rep: got 'feild', must be 'field'" in str(caught.value)


def test_potential_needs_stated_values(small_yaml: str, write: Callable[..., Path]) -> None:
    """Of a log nobody has stated what a need is worth."""
    write("x\n", "leads/deals.csv")
    text = "demand: {kind: replay, export: leads}\n" + small_yaml[small_yaml.index("stages:") :]
    plan = "plans: {field: {quota: {method: potential}, components: {c: {kind: commission, rate: 0.1, products: [any]}}}}\n"
    with pytest.raises(
        ScenarioError, match=r"quota\.method: got 'potential' by potential in a replay, must be 'stated'"
    ):
        load_scenario(write(text + plan))
    load_scenario(write(text + plan.replace("method: potential", "amount: 5")))


def test_a_design_states_who_is_on_which_plan(small: Scenario) -> None:
    """As any axis: the design's own, else the organisation's, else fixed salaries; an empty mapping takes it back."""
    one = vary(with_plan(small, {"c": COMMISSION}), {"designs.flat.pay": {}})
    paid = {name: resolve(design, one.organisation).pay for name, design in one.designs.items()}
    assert paid == {"pyramid": {"rep": "field"}, "flat": {}, "product_line": {"rep": "field"}}
    assert resolve(small.designs["flat"], small.organisation).pay == {}


def test_plans_can_be_varied(small: Scenario) -> None:
    """A path leads into a component, whatever its kind."""
    one = with_plan(small, {"c": COMMISSION, "b": {"kind": "bonus", "target": 10.0, "steps": [[1.0, 5.0]]}})
    other = vary(one, {"plans.field.components.c.rate": 0.07, "plans.field.components.b.steps": [[1.0, 9.0]]})
    assert other.plans["field"].components["c"].rate == 0.07  # type: ignore[union-attr]
    assert vary(one, {"plans.field.cap": 100.0}).plans["field"].cap == 100


def test_who_states_no_pay_keeps_his_hash(small: Scenario) -> None:
    """Nothing said of pay is the same scenario as before there were plans; a plan or who is on it is another."""
    plain = scenario_hash(small)
    assert scenario_hash(vary(small, {"designs.flat.pay": {}, "plans": {}})) == plain
    one = with_plan(small, {"c": COMMISSION})
    assert len({plain, scenario_hash(one), scenario_hash(vary(one, {"organisation.pay": None}))}) == 3


def examples() -> list[Any]:
    """The examples of the page on pay."""
    return re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("example", examples())
def test_the_examples_of_the_page_are_understood(example: str, small: Scenario) -> None:
    """Each is plans, components of one that has a quota of revenue, or mechanisms."""
    said = YAML(typ="safe").load(example)
    if "mechanisms" in said:
        vary(small, {f"mechanisms.{name}": value for name, value in said["mechanisms"].items()})
    elif "plans" in said:
        vary(small, {"plans": said["plans"], "organisation.pay": said.get("organisation", {}).get("pay")})
    else:
        terms = {name: value for name, value in said.items() if name != "components"}
        with_plan(small, said.get("components", {}), **{"quota": {"amount": 1000.0}, **terms})


def test_the_page_has_an_example_of_each_kind() -> None:
    """And of every term of a plan."""
    text = "".join(examples())
    for word in ("commission", "bonus", "scorecard", "special", "pool", "override"):
        assert f"kind: {word}" in text
    for word in ("quota:", "cap:", "floor:", "draw:", "claw_back:", "crediting:", "proration:", "rounding:"):
        assert word in text
