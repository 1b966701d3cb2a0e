"""Lay out a design: positions, scopes, bosses and desks, from the axes of its structure.

Every design spends the same annual fixed people cost (what it cannot spend on a whole seat stays as money), allots
its seats by expected workload and leaves no cell uncovered. A structure's name has done its work in
`scenario.designs.resolve`; here are only axes.
"""

from __future__ import annotations

from dataclasses import replace

from simlib.errors import DesignError
from simlib.org.as_charted import as_charted
from simlib.org.budget import heads, people_budget, reps_within
from simlib.org.hierarchy import support, with_bosses, with_second_line
from simlib.org.organisation import Organisation, distinct
from simlib.org.scopes import consecutive, sellers_desks, with_scopes
from simlib.org.sellers import crews, seated
from simlib.org.transition import changing
from simlib.scenario.designs import Design, resolve
from simlib.scenario.policies import Policies
from simlib.scenario.schema import Scenario
from simlib.scenario.wording import unknown
from simlib.units import minor_units
from simlib.world.cells import AXES, cells_of, export_of
from simlib.world.crm_notes import Note, other_currency, outside_log


def build(design: str | Design, scenario: Scenario) -> Organisation:
    """The organisation of one of the scenario's designs, by its name or itself.

    Raises DesignError if the budget pays for nobody or for more than MOST_REPS, if the demand does not know the
    dimension by which the design divides it or customers whom its policies name, or, with every fault, if its chart
    cannot be used.
    """
    name, chosen = _named(design, scenario)
    organisation = _laid_out(name, chosen, scenario)
    _check_policies(organisation)
    if chosen.becomes is None:
        return organisation
    other = chosen.becomes.design
    after = _laid_out(other, scenario.designs[other], scenario)
    _check_policies(after)
    return changing(organisation, after, chosen.becomes, first_day=scenario.calendar.warm_up_days)


def _laid_out(name: str, chosen: Design, scenario: Scenario) -> Organisation:
    """A design as it is at first."""
    if chosen.structure is None:
        return as_charted(name, chosen, scenario)
    axes = resolve(chosen, scenario.organisation)
    _check_dimensions(name, axes.partition or "none", axes.second_line or "none", refusals(scenario))
    cells, costs, minor = cells_of(scenario), scenario.costs, minor_units(scenario.currency)
    budget = people_budget(scenario)
    count = reps_within(name, chosen.reps, lambda reps: heads(reps, axes, cells).payroll(costs), budget, costs)
    people = heads(count, axes, cells)
    found = crews(axes, scenario, cells, count)
    positions = with_bosses(list(seated(found, axes, scenario, cells)), people.layers, axes, costs, minor)
    members = consecutive(found)
    positions = with_scopes(positions, found, members, axes)
    line = Organisation(name, axes, cells, tuple(positions), (), round(budget * minor))
    positions = with_second_line(line, people.second_line, costs, minor)
    staff, pools = support(positions, people, axes, costs, minor)
    desks = distinct((*sellers_desks(positions, found, members), *pools))
    return replace(line, positions=(*positions, *staff), desks=desks)


def _check_dimensions(name: str, partition: str, second_line: str, refused: dict[str, str]) -> None:
    for axis, dimension in (("partition", partition), ("second line", second_line)):
        if dimension in refused:
            raise DesignError(
                f"designs.{name}: got {axis} {dimension!r}, but {refused[dimension]}; "
                f"choose another {axis} or leave the design out"
            )


def _check_policies(organisation: Organisation) -> None:
    """Customers whom policies name are there: those of a replayed log are known only now."""
    policies, cells = organisation.axes.policies or Policies(), organisation.cells
    named = [
        (f"territories.split.{number}.{axis}s", getattr(part, f"{axis}s"), cells.names(axis))
        for number, part in enumerate(policies.territories.split if policies.territories else ())
        for axis in AXES[:3]
    ]
    if policies.rules_of_engagement:
        named.append(("rules_of_engagement.leaves", policies.rules_of_engagement.leaves, cells.segments))
    told = [
        f"designs.{organisation.name}.policies.{place}.{number}: {unknown(name, known)}"
        for place, chosen, known in named
        for number, name in enumerate(chosen)
        if name not in known
    ]
    if told:
        raise DesignError("\n".join(told))


def refusals(scenario: Scenario) -> dict[str, str]:
    """Partitions that the scenario's demand cannot bear, with the reason; empty for synthetic demand."""
    export = export_of(scenario)
    return dict(export.refusals) if export else {}


def set_aside(scenario: Scenario) -> dict[str, int]:
    """Rows of a replayed log that are not replayed, by reason; empty for synthetic demand."""
    export = export_of(scenario)
    return dict(export.set_aside) if export else {}


def replay_notes(scenario: Scenario) -> tuple[Note, ...]:
    """What a reader of a replay must know of the log: first what does not suit the scenario; empty for synthetic
    demand."""
    export = export_of(scenario)
    if export is None:
        return ()
    amiss = (
        *outside_log(export.leads, export.first_day, scenario.calendar),
        *other_currency(export.currency, scenario.currency),
    )
    return (*amiss, *export.notes)


def _named(design: str | Design, scenario: Scenario) -> tuple[str, Design]:
    if isinstance(design, Design):
        own = design.structure or "chart"
        return next((name for name, known in scenario.designs.items() if known == design), own), design
    if design not in scenario.designs:
        raise DesignError(f"got design {design!r}, must be one of {', '.join(scenario.designs)}")
    return design, scenario.designs[design]
