"""What must hold between pay plans and the rest of a scenario: names that refer to each other, roles that are paid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from simlib.scenario.designs import ROLES, SUPPORT, Axes
from simlib.scenario.pay import Plan, Quota
from simlib.scenario.pay_components import Counted, Kpi, Scorecard
from simlib.scenario.wording import shown, unknown

if TYPE_CHECKING:
    from simlib.scenario.schema import Scenario

Found = Iterator[tuple[str, str]]


def pay_faults(scenario: Scenario) -> Found:
    """Every (path, message) that breaks a rule between pay plans and the other parts of a scenario."""
    yield from _who_is_paid("organisation.pay", scenario.organisation, scenario.plans)
    for name, design in scenario.designs.items():
        yield from _who_is_paid(f"designs.{name}.pay", design, scenario.plans)
    for name, plan in scenario.plans.items():
        yield from _names(f"plans.{name}", plan, scenario)
        yield from _potential(f"plans.{name}.quota.method", plan, scenario)


def _who_is_paid(path: str, axes: Axes, plans: Iterable[str]) -> Found:
    for role, plan in (axes.pay or {}).items():
        if role not in (*ROLES, SUPPORT):
            yield f"{path}.{role}", unknown(role, (*ROLES, SUPPORT))
        if plan not in plans:
            yield f"{path}.{role}", unknown(plan, plans)


def _names(path: str, plan: Plan, scenario: Scenario) -> Found:
    """Products, customer types and stages that there are; a replayed log may know more of the first two."""
    known = {"stages": [stage.name for stage in scenario.stages]}
    if scenario.demand.kind == "synthetic":
        known |= {"products": [*scenario.market.products], "segments": [*scenario.market.segments]}
    for place, counted in _counted(plan):
        for field, names in known.items():
            for number, name in enumerate(getattr(counted, field)):
                if name not in names:
                    yield f"{path}.{place}.{field}.{number}", unknown(name, names)


def _counted(plan: Plan) -> Iterator[tuple[str, Counted | Kpi]]:
    """Whatever counts credits, and where it stands in the plan."""
    for name, component in plan.components.items():
        if isinstance(component, Scorecard):
            yield from ((f"components.{name}.kpis.{kpi}", counted) for kpi, counted in component.kpis.items())
        else:
            yield f"components.{name}", component


def _potential(path: str, plan: Plan, scenario: Scenario) -> Found:
    """The potential of a seat follows from stated deal values, which a log has not, and from no customer's history."""
    quota = plan.quota
    if quota is None or not _by_potential(quota):
        return
    ways = "must be 'stated', 'history' with an amount or 'top_down' with `broken_down: equally`"
    if scenario.demand.kind != "synthetic":
        yield path, f"got {shown(quota.method)} by potential in a replay, {ways}"
    if quota.on == "new_customers":
        yield path, f"got {shown(quota.method)} by potential on new customers, {ways}"


def _by_potential(quota: Quota) -> bool:
    if quota.method == "top_down":
        return quota.broken_down == "potential"
    return quota.method != "stated" and quota.amount is None
