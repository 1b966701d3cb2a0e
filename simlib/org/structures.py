"""Lay out a design: positions, scopes, bosses and desks, from the axes of its structure.

Every design spends the same annual fixed people cost (what it cannot spend on a whole seat stays as money), allots
its seats by expected workload and leaves no cell uncovered. A structure's name has done its work in
`scenario.designs.resolve`; here are only axes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simlib.errors import DesignError
from simlib.org.as_charted import as_charted
from simlib.org.budget import heads, people_budget, reps_within
from simlib.org.hierarchy import support, with_bosses, with_second_line
from simlib.org.organisation import Desk, Organisation, Position
from simlib.org.sellers import Crew, crews, seated, slices
from simlib.scenario.designs import ROLES, Design, resolve
from simlib.scenario.schema import Scenario
from simlib.units import minor_units
from simlib.world.cells import cells_of, export_of


def build(design: str | Design, scenario: Scenario) -> Organisation:
    """The organisation of one of the scenario's designs, by its name or itself.

    Raises DesignError if the budget pays for nobody or for more than MOST_REPS, if the demand does not know the
    dimension by which the design divides it, or, with every fault, if its chart cannot be used.
    """
    name, chosen = _named(design, scenario)
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
    positions = _with_scopes(positions, found, axes.bosses_sell or 0.0, axes.list_overlap or 0.0)
    line = Organisation(name, axes, cells, tuple(positions), (), round(budget * minor))
    positions = with_second_line(line, people.second_line, costs, minor)
    staff, pools = support(positions, people, axes, costs, minor)
    desks = (*_desks(positions, found), *pools)
    return replace(line, positions=(*positions, *staff), desks=desks)


def _check_dimensions(name: str, partition: str, second_line: str, refused: dict[str, str]) -> None:
    for axis, dimension in (("partition", partition), ("second line", second_line)):
        if dimension in refused:
            raise DesignError(
                f"designs.{name}: got {axis} {dimension!r}, but {refused[dimension]}; "
                f"choose another {axis} or leave the design out"
            )


def refusals(scenario: Scenario) -> dict[str, str]:
    """Partitions that the scenario's demand cannot bear, with the reason; empty for synthetic demand."""
    export = export_of(scenario)
    return dict(export.refusals) if export else {}


def set_aside(scenario: Scenario) -> dict[str, int]:
    """Rows of a replayed log that are not replayed, by reason; empty for synthetic demand."""
    export = export_of(scenario)
    return dict(export.set_aside) if export else {}


def replay_notes(scenario: Scenario) -> tuple[str, ...]:
    """What a reader of a replay must know; empty for synthetic demand."""
    export = export_of(scenario)
    return tuple(export.notes) if export else ()


def _named(design: str | Design, scenario: Scenario) -> tuple[str, Design]:
    if isinstance(design, Design):
        own = design.structure or "chart"
        return next((name for name, known in scenario.designs.items() if known == design), own), design
    if design not in scenario.designs:
        raise DesignError(f"got design {design!r}, must be one of {', '.join(scenario.designs)}")
    return design, scenario.designs[design]


def _with_scopes(
    positions: Sequence[Position], found: Sequence[Crew], bosses_sell: float, list_overlap: float
) -> list[Position]:
    """Every seller's slice: the reps' of their crews, and a smaller one for each lowest boss who sells (S10), in the
    crew of his first report. A team desk needs no list for its boss."""
    crew_of = [number for number, crew in enumerate(found) for _ in range(crew.team.seats)]
    weights: list[dict[int, float]] = [{} for _ in found]
    for rep, crew in enumerate(crew_of):
        weights[crew][rep] = 1.0
    first_report: dict[str, int] = {}
    for rep in range(len(crew_of)):
        boss = positions[rep].boss
        if boss is not None:
            first_report.setdefault(boss, rep)
    for number, position in enumerate(positions):
        if bosses_sell and position.role == ROLES[1] and position.id in first_report:
            crew = crew_of[first_report[position.id]]
            if not found[crew].pooled:
                weights[crew][number] = bosses_sell
    sellers = list(positions)
    for served, members in zip(found, weights, strict=True):
        for number, part in zip(members, slices(served, list(members.values()), list_overlap), strict=True):
            sellers[number] = replace(sellers[number], scope=(part,), stages=served.stages)
    return sellers


def _desks(positions: Sequence[Position], found: Sequence[Crew]) -> tuple[Desk, ...]:
    """A list for every rep, or a team desk for every crew that pools its work; a desk for every boss."""
    desks, first = [], 0
    for crew in found:
        seats = tuple(range(first, first + crew.team.seats))
        first += crew.team.seats
        if crew.pooled:
            desks.append(Desk(f"team {crew.team.unit or 'all'}", seats))
        else:
            desks += [Desk(positions[seat].id, (seat,)) for seat in seats]
    return (*desks, *(Desk(positions[seat].id, (seat,)) for seat in range(first, len(positions))))
