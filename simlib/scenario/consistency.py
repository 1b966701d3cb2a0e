"""What must hold between the parts of a scenario: names that refer to each other, and what a design needs."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from simlib.scenario.channel_rules import channel_faults
from simlib.scenario.designs import DEFAULT_AXES, PRESETS, ROLES, Axes, Design
from simlib.scenario.kinds import value_at
from simlib.scenario.paths import PathError
from simlib.scenario.pay_rules import pay_faults
from simlib.scenario.positions import faults as chart_faults
from simlib.scenario.wording import shown, unknown

if TYPE_CHECKING:
    from simlib.scenario.schema import Scenario

Found = Iterator[tuple[str, str]]

RESERVED_STAGES = (
    *("idle", "absent", "travel", "call", "settling", "approval", "moving"),
    *("help", "coaching", "sponsoring", "meeting", "training", "retraining", "care"),
    *("teamwork", "briefing", "complaint", "signing", "onboarding", "partner training", "partner help"),
)
"""Activities of the ledger beside the stages; a stage of that name could not be told from them."""
MOST_NEEDS = 20_000_000
"""Needs of one run; half a million take minutes."""
LARGEST_DEAL = 1e16
"""Deal value in whole units that still leaves room for sums in 64-bit minor units."""


def faults(scenario: Scenario) -> list[tuple[str, str]]:
    """Every (path, message) that breaks a rule between fields; empty if the scenario is consistent.

    Holds for every variation of a scenario too; what only a file is held to stands in `evidence_ranges`.
    """
    rules = (
        *(_baseline, _cells, _amount_of_demand, _factors, _distances, _stages, _mechanisms, _designs),
        *(pay_faults, channel_faults, _evidence),
    )
    return [fault for rule in rules for fault in rule(scenario)]


def evidence_ranges(scenario: Scenario) -> list[tuple[str, str]]:
    """Every (path, message) where a parameter lies outside the 90% range that its evidence states.

    A rule for what is written down: a variation may well leave the range, one draw in ten does.
    """
    return [fault for path, evidence in scenario.evidence.items() for fault in _range(path, evidence, scenario)]


def _range(path: str, evidence: Any, scenario: Scenario) -> Found:
    value = value_at(scenario, path)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    if evidence.low is not None and evidence.low > value:
        yield f"evidence.{path}.low", f"got {shown(evidence.low)}, must be at most {path} ({shown(value)})"
    if evidence.high is not None and evidence.high < value:
        yield f"evidence.{path}.high", f"got {shown(evidence.high)}, must be at least {path} ({shown(value)})"


def _baseline(scenario: Scenario) -> Found:
    named = scenario.compare.baseline
    if named is not None and named not in scenario.designs:
        yield "compare.baseline", unknown(named, scenario.designs)


def _cells(scenario: Scenario) -> Found:
    market = scenario.market
    seen: dict[tuple[str, str], int] = {}
    for index, cell in enumerate(getattr(scenario.demand, "cells", ())):
        path = f"demand.cells.{index}"
        if cell.region not in market.regions:
            yield f"{path}.region", unknown(cell.region, market.regions)
        if cell.segment not in market.segments:
            yield f"{path}.segment", unknown(cell.segment, market.segments)
        if not cell.products:
            yield f"{path}.products", "got no products, must name at least one"
        for product in cell.products:
            if product not in market.products:
                yield f"{path}.products.{product}", unknown(product, market.products)
        first = seen.setdefault((cell.region, cell.segment), index)
        if first != index:
            where = f"region {shown(cell.region)} and segment {shown(cell.segment)}"
            yield path, f"got {where} a second time, must be there once (see demand.cells.{first})"


def _amount_of_demand(scenario: Scenario) -> Found:
    cells = getattr(scenario.demand, "cells", ())
    calendar = scenario.calendar
    weeks = (calendar.warm_up_days + calendar.horizon_days + calendar.drain_days) / 7
    needs = sum(cell.needs_per_week for cell in cells) * weeks
    if needs > MOST_NEEDS:
        yield "demand.cells", f"got about {needs:,.0f} needs in {weeks:,.0f} weeks, must be at most {MOST_NEEDS:,}"
    factor = max(product.value_factor for product in scenario.market.products.values())
    for index, cell in enumerate(cells):
        largest = cell.value.median * factor * math.exp(5 * cell.value.log_sd)
        if largest > LARGEST_DEAL:
            rule = f"must keep them below {LARGEST_DEAL:g} (median × value factor × e^(5·log_sd))"
            yield f"demand.cells.{index}.value", f"got deal values up to {largest:.0e}, {rule}"


def _factors(scenario: Scenario) -> Found:
    demand = scenario.demand
    for name in ("season", "weekday", "month_of_quarter"):
        factors = getattr(demand, name, (1.0,))
        if not any(factors):
            yield f"demand.{name}", "got only zeros, must have a factor above 0"


def _distances(scenario: Scenario) -> Found:
    """Sellers may have to go from any region with customers to any other."""
    regions = scenario.market.regions
    for name, region in regions.items():
        for other in region.travel_hours:
            if other not in regions:
                yield f"market.regions.{name}.travel_hours.{other}", unknown(other, regions)
    if scenario.mechanisms.travel is None:
        return
    served = {cell.region for cell in getattr(scenario.demand, "cells", ())}
    for one, other in itertools.combinations([name for name in regions if name in served], 2):
        if other not in regions[one].travel_hours and one not in regions[other].travel_hours:
            met = f"got no hours between {shown(one)} and {shown(other)} while travel is on"
            yield f"market.regions.{one}.travel_hours", f"{met}, must be stated in one direction at least"


def _stages(scenario: Scenario) -> Found:
    seen: dict[str, int] = {}
    for index, stage in enumerate(scenario.stages):
        first = seen.setdefault(stage.name, index)
        if first != index:
            rule = f"must be there once (see stages.{first})"
            yield f"stages.{index}.name", f"got {shown(stage.name)} a second time, {rule}"
        if stage.name in RESERVED_STAGES:
            rule = "must be another word (it names an activity beside the stages)"
            yield f"stages.{index}.name", f"got {shown(stage.name)}, {rule}"
    yield from _returns(scenario)


def _returns(scenario: Scenario) -> Found:
    """A deal goes back to a stage that it has been through, and the way round takes time."""
    names = [stage.name for stage in scenario.stages]
    for index, stage in enumerate(scenario.stages):
        if stage.fails_to is None:
            continue
        path = f"stages.{index}.fails_to"
        if stage.fails_to not in names[: index + 1]:
            yield path, unknown(stage.fails_to, names[: index + 1])
            continue
        round_trip = scenario.stages[names.index(stage.fails_to) : index + 1]
        if not any(part.effort_hours or part.customer_delay_days for part in round_trip):
            met = f"got {shown(stage.fails_to)}, from where the way back to {shown(stage.name)} takes no time"
            yield path, f"{met}; must pass a stage with effort_hours or customer_delay_days above 0"


def _mechanisms(scenario: Scenario) -> Found:
    mechanisms = scenario.mechanisms
    if mechanisms.approval is not None and not any(stage.approval for stage in scenario.stages):
        message = "got approval, but no stage that asks for it; must be off, or a stage must have `approval: true`"
        yield "mechanisms.approval", message
    if mechanisms.help is not None and not any(stage.problem_probability for stage in scenario.stages):
        rule = "must be off, or a stage must have problem_probability above 0"
        yield "mechanisms.help", f"got help, but no stage in which problems come up; {rule}"
    if mechanisms.sponsor is not None and not any(stage.sponsored for stage in scenario.stages):
        message = "got sponsor, but no stage that the head joins; must be off, or a stage must have `sponsored: true`"
        yield "mechanisms.sponsor", message
    if mechanisms.discount is not None and not any(stage.negotiated for stage in scenario.stages):
        message = "got discount, but no stage at which prices are negotiated; must be off, or a stage must have"
        yield "mechanisms.discount", f"{message} `negotiated: true`"
    if mechanisms.retention is not None and not hasattr(scenario.demand, "cells"):
        rule = "must be off, or demand must be synthetic (a log does not name customers who asked for nothing)"
        yield "mechanisms.retention", f"got retention while demand replays a log, {rule}"
    opening = getattr(scenario.demand, "opening_pipeline", 0)
    if mechanisms.calls is None and scenario.demand.inbound_share == 0 and not opening:
        message = "got 0 while calls are off, must be above 0 (or turn on mechanisms.calls): no need would be known"
        yield "demand.inbound_share", message
    if mechanisms.calls is not None and scenario.demand.window_days is None and scenario.demand.inbound_share < 1:
        rule = "must be stated while calls are on and inbound_share is below 1: a call falls into the window"
        yield "demand.window_days", f"got null, {rule}"


def _designs(scenario: Scenario) -> Found:
    stages = [stage.name for stage in scenario.stages]
    yield from _axes("organisation", scenario.organisation)
    yield from _pools("organisation", scenario.organisation, stages)
    for name, design in scenario.designs.items():
        yield from _axes(f"designs.{name}", design)
        yield from _pools(f"designs.{name}", design, stages)
        if _partition(design, scenario.organisation) == "size" and not scenario.market.size_bands:
            stated = f"designs.{name}.partition" if design.partition else "organisation.partition"
            rule = "must have market.size_bands (deal values that part small from large)"
            yield stated, f"got 'size' for design {shown(name)} without bands, {rule}"

        yield from _positions(f"designs.{name}.positions", design, scenario)
        yield from _becomes(name, design, scenario)


def _becomes(name: str, design: Design, scenario: Scenario) -> Found:
    """A design becomes one that there is, once, while the run lasts."""
    path, change, calendar = f"designs.{name}.becomes", design.becomes, scenario.calendar
    if change is None:
        return
    if change.design not in scenario.designs:
        yield f"{path}.design", unknown(change.design, scenario.designs)
    elif change.design != name and scenario.designs[change.design].becomes:
        rule = "must stay as it is (a change goes from one design to another, once)"
        yield f"{path}.design", f"got {shown(change.design)}, which becomes another design itself; {rule}"
    last = change.on_day + (change.waves - 1) * change.every_days
    days = calendar.horizon_days + calendar.drain_days
    if last >= days:
        met = f"got a last wave on day {last:g} of the {days:g} from the start of the window to the end of the run"
        yield path, f"{met}, must be before their end (fewer waves, or a longer calendar)"


def _positions(path: str, design: Design, scenario: Scenario) -> Found:
    """What the positions written in a scenario must hold to; a file's are asked when the design is laid out."""
    known: dict[str, list[str]] = {"stages": [stage.name for stage in scenario.stages]}
    if scenario.demand.kind == "synthetic":  # a replayed log may know more names
        market = scenario.market
        known |= {"region": [*market.regions], "product": [*market.products], "segment": [*market.segments]}
    for seat, column, message in chart_faults(design.positions, known) if design.positions else ():
        yield ".".join(str(part) for part in (path, seat, column) if part not in (None, "")), message


def _partition(design: Design, organisation: Axes) -> Any:
    if design.structure is None:
        return None
    preset = PRESETS[design.structure].get("partition")
    return design.partition or preset or organisation.partition or DEFAULT_AXES["partition"]


def _axes(path: str, axes: Axes) -> Found:
    if axes.panel is not None and axes.panel.needed > axes.panel.members:
        yield f"{path}.panel.needed", f"got {axes.panel.needed}, must be at most its members ({axes.panel.members})"
    authority = axes.authority or {}
    for role in authority:
        if role not in ROLES:
            yield f"{path}.authority.{role}", unknown(role, ROLES)
    stated = [role for role in ROLES if authority.get(role) is not None]
    for role in stated:
        for lower in ROLES[: ROLES.index(role)]:
            limit = authority.get(lower)
            if limit is None or limit > (authority[role] or 0.0):
                less = "no limit (unlimited)" if limit is None else shown(limit)
                met = f"got {shown(authority[role])}, but {lower} has {less}"
                rule = f"must be at least what a lower role may decide (state {lower})"
                yield f"{path}.authority.{role}", f"{met}; {rule}"
                break


def _pools(path: str, axes: Axes, stages: list[str]) -> Found:
    """What pools take are shares of stages that there are, and together no more than the whole of one."""
    taken = dict.fromkeys(stages, 0.0)
    for name, pool in (axes.pools or {}).items():
        if name in ROLES:
            yield f"{path}.pools.{name}", f"got {shown(name)}, must be another word than a role's ({', '.join(ROLES)})"
        for stage, share in pool.takes.items():
            place = f"{path}.pools.{name}.takes.{stage}"
            if stage not in taken:
                yield place, unknown(stage, stages)
                continue
            left, taken[stage] = 1 - taken[stage], taken[stage] + share
            if taken[stage] > 1 + 1e-9:
                yield place, f"got {shown(share)}, must be at most {left:g}, which other pools leave of the stage"


def _evidence(scenario: Scenario) -> Found:
    for path, evidence in scenario.evidence.items():
        try:
            value = value_at(scenario, path)
        except PathError as error:
            yield f"evidence.{path}", str(error)
            continue
        if _has_parts(value):
            yield f"evidence.{path}", f"got the path of {_named(value)}, must be the path of a single value"
        if evidence.low is not None and evidence.high is not None and evidence.low > evidence.high:
            yield f"evidence.{path}.low", f"got {shown(evidence.low)}, must be at most high ({shown(evidence.high)})"


def _has_parts(value: Any) -> bool:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
    return any(isinstance(part, BaseModel) for part in parts)


def _named(value: Any) -> str:
    if isinstance(value, BaseModel):
        return f"a group ({', '.join(list(type(value).model_fields)[:6])})"
    return shown(value)
