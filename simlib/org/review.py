"""Divide the customers anew among the seats when demand has moved (S9): who moves, and to which crew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from simlib.org.organisation import Organisation, distinct
from simlib.org.scopes import sellers_desks, with_scopes
from simlib.org.sellers import Crew, crews, homes
from simlib.org.territory import expected_hours
from simlib.scenario.schema import Scenario


def redivided(
    organisation: Organisation, scenario: Scenario, needs_per_week: NDArray[np.float64]
) -> Organisation | None:
    """The organisation with its seats allotted to other expected needs; None if nobody would move.

    Who sits in a crew that keeps its seats stays; surplus reps, the last seated first, go where seats are wanted, and
    keep their bosses. `needs_per_week`: in the shape of the cells.
    """
    cells = replace(organisation.cells, needs_per_week=needs_per_week)
    found = crews(organisation.axes, scenario, cells, len(organisation.reps))
    units = {rep: organisation.positions[rep].unit for rep in organisation.reps}
    members = _members(organisation, found, units)
    moved = {rep for crew, reps in zip(found, members, strict=True) for rep in reps if units[rep] != _unit(crew)}
    if not moved:
        return None
    positions = list(organisation.positions)
    for crew, reps in zip(found, members, strict=True):
        new = [rep for rep in reps if rep in moved]
        for rep, home in zip(new, _homes_for(new, crew, scenario, organisation), strict=True):
            positions[rep] = replace(positions[rep], unit=_unit(crew), home=home)
    positions = with_scopes(
        [replace(seat, scope=(), stages=range(0)) for seat in positions], found, members, organisation.axes
    )
    pools = tuple(desk for desk in organisation.desks if desk.pool)
    desks = distinct((*sellers_desks(positions, found, members), *pools))
    return replace(organisation, cells=cells, positions=tuple(positions), desks=desks)


def _unit(crew: Crew) -> str:
    return crew.team.unit or "all"


def _members(organisation: Organisation, found: list[Crew], units: dict[int, str]) -> list[list[int]]:
    """By crew, who sits in it: those of its unit first, then who is left over elsewhere."""
    sitting: dict[str, list[int]] = {}
    for rep in organisation.reps:
        sitting.setdefault(units[rep], []).append(rep)
    members = [sitting.get(_unit(crew), [])[: crew.team.seats] for crew in found]
    left = sorted(set(organisation.reps) - {rep for reps in members for rep in reps})
    for crew, reps in zip(found, members, strict=True):
        wanted = crew.team.seats - len(reps)
        reps += left[:wanted]
        del left[:wanted]
    return [sorted(reps) for reps in members]


def _homes_for(reps: list[int], crew: Crew, scenario: Scenario, organisation: Organisation) -> list[str]:
    """Where newcomers sit: in the regions of the crew's work."""
    hours = expected_hours(scenario, organisation.cells, crew.stages, organisation.axes)
    regions = homes(len(reps), np.where(crew.team.cells, hours, 0.0).sum(axis=(1, 2, 3))) if reps else []
    return [organisation.cells.regions[region] for region in regions]
