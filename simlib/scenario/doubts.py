"""What a scenario may say and yet hardly means: a quota that the first deal meets, a plan that nobody is on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from simlib.scenario.pay import Plan
from simlib.scenario.pay_components import MONEY_MEASURES, Counted, Kpi, Scaled, Scorecard
from simlib.scenario.wording import shown

if TYPE_CHECKING:
    from simlib.scenario.schema import Scenario

Found = Iterator[tuple[str, str]]


def doubts(scenario: Scenario) -> list[tuple[str, str]]:
    """Every (path, message) on a value that is allowed, and probably a slip; the run goes on all the same."""
    plans = scenario.plans.items()
    found = [fault for name, plan in plans for fault in (*_small(name, plan, scenario), *_falling(name, plan))]
    return [*found, *_alike(scenario)]


def unused_plans(scenario: Scenario) -> list[tuple[str, str]]:
    """Every (path, message) on a plan that no design puts anybody on."""
    stated = (scenario.organisation.pay if design.pay is None else design.pay for design in scenario.designs.values())
    used = {plan for pay in stated for plan in (pay or {}).values()}
    return [
        (f"plans.{name}", f"no design uses it; whom it pays is said by `pay: {{rep: {name}}}`")
        for name in scenario.plans
        if name not in used
    ]


def _alike(scenario: Scenario) -> Found:
    """Customers who differ in nothing that tells two channels apart."""
    rule, organisation = scenario.mechanisms.buying, scenario.organisation.channels
    opened = [organisation if design.channels is None else design.channels for design in scenario.designs.values()]
    if rule and not rule.noise and any(len(channels or ()) > 1 for channels in opened):
        met = "got 0, so that of two ways all customers who know both take the cheaper one"
        yield "mechanisms.buying.noise", f"{met}; state how far tastes differ (0.15 is a start)"


def _small(name: str, plan: Plan, scenario: Scenario) -> Found:
    """Money that somebody is to reach in a period, and does with the smallest usual deal: 30 for 30万."""
    deal = _smallest_median(scenario)
    for path, on, amount in _amounts(plan):
        one = deal * (scenario.costs.margin if on == "margin" else 1.0)
        if on in MONEY_MEASURES and amount < one:
            met = f"got {shown(amount)}, less than what one deal of the smallest median brings ({one:,.0f})"
            rule = f"amounts are whole {scenario.currency} ({shown(amount)}万 is {shown(amount * 10_000)})"
            yield f"plans.{name}.{path}", f"{met}; {rule}"


def _smallest_median(scenario: Scenario) -> float:
    """Of the deal values that are stated, product by product; 0 in a replay, which states none."""
    products = scenario.market.products
    values = [
        cell.value.median * products[product].value_factor
        for cell in getattr(scenario.demand, "cells", ())
        for product in cell.products
    ]
    return min(values, default=0.0)


def _amounts(plan: Plan) -> Iterator[tuple[str, str, float]]:
    """Place, measure and amount of the quota and of every target."""
    if plan.quota is not None and plan.quota.amount is not None:
        yield "quota.amount", plan.quota.on, plan.quota.amount
    for name, component in plan.components.items():
        counted: dict[str, Counted | Kpi] = {f"components.{name}": component} if isinstance(component, Counted) else {}
        if isinstance(component, Scorecard):
            counted = {f"components.{name}.kpis.{kpi}": line for kpi, line in component.kpis.items()}
        for path, one in counted.items():
            target = getattr(one, "target", None)
            if target is not None:
                yield f"{path}.target", one.on, target


def _falling(name: str, plan: Plan) -> Found:
    """A lower rate for the whole result: at the threshold, one deal more takes pay away."""
    for component_name, component in plan.components.items():
        if not isinstance(component, Scaled) or component.mode != "retroactive":
            continue
        for number, ((_, before), (begins, rate)) in enumerate(pairwise(component.tiers), 1):
            if rate < before:
                met = f"the rate falls from {shown(before)} to {shown(rate)} for the whole result"
                path = f"plans.{name}.components.{component_name}.tiers.{number}"
                yield (
                    path,
                    f"{met}, so that at {shown(begins)} one deal more takes pay away (or state `mode: marginal`)",
                )
