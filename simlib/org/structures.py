"""Lay out a design: positions, scopes, bosses and desks, from the axes of its structure.

Every design spends the same annual fixed people cost (what it cannot spend on a whole seat stays as money), allots
its seats by expected workload and leaves no cell uncovered. A structure's name has done its work in
`scenario.designs.resolve`; here are only axes.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from simlib.errors import DesignError
from simlib.org.organisation import Desk, Organisation, Position, Slice
from simlib.org.territory import Floats, Team, allot, divide, expected_hours
from simlib.scenario.designs import ROLES, Axes, Design, resolve
from simlib.scenario.schema import Costs, Scenario
from simlib.units import minor_units
from simlib.world.cells import Cells, cells_of, export_of
from simlib.world.crm_notes import Note, other_currency, outside_log

MOST_REPS = 20_000
"""Reps that a design may have: a world with more would not be run to its end."""


def build(design: str | Design, scenario: Scenario) -> Organisation:
    """The organisation of one of the scenario's designs, by its name or itself.

    Raises DesignError if the budget pays for nobody or for more than MOST_REPS, or if the demand does not know the
    dimension by which the design divides it.
    """
    name, chosen = _named(design, scenario)
    axes = resolve(chosen, scenario.organisation)
    partition = axes.partition or "none"
    refusal = refusals(scenario).get(partition)
    if refusal:
        raise DesignError(
            f"designs.{name}: got partition {partition!r}, but {refusal}; "
            "choose another partition or leave the design out"
        )
    cells = cells_of(scenario)
    budget = people_budget(scenario)
    reps = chosen.reps or _affordable(axes, budget, scenario.costs)
    if reps < 1:
        raise DesignError(
            f"designs.{name}: the people budget of {budget:,.0f} a year does not pay for one rep with the layers "
            "above; raise costs.people_per_year or lower costs.rep_per_year"
        )
    if reps > MOST_REPS:
        raise DesignError(_too_many(name, chosen, budget))
    hours = expected_hours(scenario, cells)
    teams = divide(hours, cells, scenario.market, seats=reps, partition=partition)
    minor = minor_units(scenario.currency)
    positions = _staff(teams, axes, scenario, cells, hours)
    positions = _with_bosses(positions, axes, scenario.costs, minor)
    return Organisation(
        name, axes, cells, tuple(positions), _desks(positions, reps, pooled=bool(axes.pooled)), round(budget * minor)
    )


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


def people_budget(scenario: Scenario) -> float:
    """Annual fixed people cost that every design may spend, in the scenario's currency."""
    costs = scenario.costs
    if costs.people_per_year is not None:
        return costs.people_per_year
    axes = resolve(scenario.designs[scenario.baseline], scenario.organisation)
    return _payroll(scenario.people.rep.count, axes, costs)


def _named(design: str | Design, scenario: Scenario) -> tuple[str, Design]:
    if isinstance(design, Design):
        return next((name for name, known in scenario.designs.items() if known == design), design.structure), design
    if design not in scenario.designs:
        raise DesignError(f"got design {design!r}, must be one of {', '.join(scenario.designs)}")
    return design, scenario.designs[design]


def layer_sizes(reps: int, axes: Axes) -> list[int]:
    """People in each layer, reps first: bosses as the span demands, up to the layers allowed or a single head."""
    sizes, span = [reps], axes.span or 1
    while len(sizes) < (axes.layers or 1) and (len(sizes) == 1 or sizes[-1] > 1):
        sizes.append(math.ceil(sizes[-1] / span))
    return sizes


def _payroll(reps: int, axes: Axes, costs: Costs) -> float:
    return sum(people * pay_per_year(role, costs) for role, people in zip(ROLES, layer_sizes(reps, axes), strict=False))


def pay_per_year(role: str, costs: Costs) -> float:
    """Fixed cost of one person of a role, in whole units of the currency."""
    return costs.rep_per_year * costs.layer_pay_ratio ** ROLES.index(role)


def _affordable(axes: Axes, budget: float, costs: Costs) -> int:
    """Most reps whose payroll, bosses included, the budget pays for; one more than MOST_REPS stands for any more."""
    if not costs.rep_per_year:
        raise DesignError(
            "costs.rep_per_year: got 0 with no number of reps, must be above 0; or state designs.NAME.reps"
        )
    # The payroll rises with every rep, so the last one paid for is found by halving.
    return bisect_right(range(1, MOST_REPS + 2), budget * (1 + 1e-12), key=lambda reps: _payroll(reps, axes, costs))


def _too_many(name: str, design: Design, budget: float) -> str:
    if design.reps:
        return f"designs.{name}.reps: got {design.reps:,}, must be at most {MOST_REPS:,}; state fewer"
    return (
        f"designs.{name}: the people budget of {budget:,.0f} a year pays for more than {MOST_REPS:,} reps, must be for "
        f"at most so many; lower costs.people_per_year or people.rep.count, raise costs.rep_per_year, or state "
        f"designs.{name}.reps"
    )


def _staff(teams: Sequence[Team], axes: Axes, scenario: Scenario, cells: Cells, hours: Floats) -> list[Position]:
    """The reps: each team's accounts cut into equal slices, seats placed where the work is."""
    minor = minor_units(scenario.currency)
    overlap = axes.list_overlap or 0.0
    positions: list[Position] = []
    for team in teams:
        own = 1 / team.seats
        numbers = tuple(np.flatnonzero(team.cells.ravel()).tolist())
        by_region = np.where(team.cells, hours, 0.0).sum(axis=(1, 2, 3))
        for seat, home in enumerate(_homes(team.seats, by_region)):
            part = Slice(numbers, seat * own, own, 1.0 if axes.pooled else own + overlap * (1 - own))
            position = Position(
                id=f"{ROLES[0]} {len(positions) + 1}",
                role=ROLES[0],
                unit=team.unit or "all",
                boss=None,
                home=cells.regions[home],
                scope=(part,),
                authority=_limit(axes, ROLES[0], minor),
                pay_per_year=round(pay_per_year(ROLES[0], scenario.costs) * minor),
            )
            positions.append(position)
    return positions


def _homes(seats: int, load: Floats) -> list[int]:
    """Regions of a team's seats: where the load is, by largest remainder; the heaviest ones where seats are few."""
    regions = np.flatnonzero(load) if load.any() else np.arange(len(load))
    if seats < len(regions):
        return [int(region) for region in np.sort(regions[np.argsort(-load[regions], kind="stable")[:seats]])]
    counts = allot(seats, load[regions].tolist())
    return [int(region) for region, count in zip(regions, counts, strict=True) for _ in range(count)]


def _with_bosses(reps: list[Position], axes: Axes, costs: Costs, minor: int) -> list[Position]:
    """The line above: each layer's people in order, divided evenly among the bosses."""
    everybody: list[Position] = []
    below = reps
    for layer, size in enumerate(layer_sizes(len(reps), axes)[1:], start=1):
        role = ROLES[layer]
        chunks = np.array_split(np.arange(len(below)), size)
        bosses = []
        for number, chunk in enumerate(chunks, start=1):
            units = list(dict.fromkeys(below[i].unit for i in chunk))
            boss = Position(
                id=f"{role} {number}",
                role=role,
                unit=" + ".join(units) if len(units) < 4 else "all",
                boss=None,
                home=below[chunk[0]].home,
                scope=(),
                authority=_limit(axes, role, minor),
                pay_per_year=round(pay_per_year(role, costs) * minor),
            )
            bosses.append(boss)
            everybody.extend(_under(below[i], boss.id) for i in chunk)
        below = bosses
    return everybody + below


def _under(position: Position, boss: str) -> Position:
    return Position(**{**vars(position), "boss": boss})


def _limit(axes: Axes, role: str, minor: int) -> int | None:
    value = (axes.authority or {}).get(role)
    return None if value is None else round(value * minor)


def _desks(positions: Sequence[Position], reps: int, *, pooled: bool) -> tuple[Desk, ...]:
    """A list for every rep, or a team desk for every unit; a desk for every boss."""
    desks: list[Desk] = []
    if pooled:
        units = dict.fromkeys(position.unit for position in positions[:reps])
        desks = [Desk(f"team {unit}", tuple(i for i in range(reps) if positions[i].unit == unit)) for unit in units]
        alone = range(reps, len(positions))
    else:
        alone = range(len(positions))
    return (*desks, *(Desk(positions[i].id, (i,)) for i in alone))
