"""On whose list an account stands: the slices of all positions, looked up for many accounts at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simlib.org.organisation import Organisation, turn_of

Ints = NDArray[np.int64]


def candidates(organisation: Organisation, leg: range) -> list[tuple[int, ...]]:
    """For each cell the positions that serve it on a leg of the way, in the order of their seats."""
    serving: list[list[int]] = [[] for _ in range(organisation.cells.needs_per_week.size)]
    for number in _on(organisation, leg):
        for cell in dict.fromkeys(cell for part in organisation.positions[number].scope for cell in part.cells):
            serving[cell].append(number)
    return [tuple(row) for row in serving]


def _on(organisation: Organisation, leg: range) -> list[int]:
    """Sellers who serve a leg."""
    return [number for number in organisation.sellers if leg.start in organisation.positions[number].stages]


def holders(organisation: Organisation, leg: range, cells: Ints, account_shares: NDArray[np.float64]) -> list[Ints]:
    """Positions whose lists hold each account on a leg of the way: the owner first (slot 0), then colleagues at other
    desks on whose lists it stands too, the nearest in the order of slices first.

    `cells`, `account_shares`: one entry per need. Returns one array per slot, -1 where there is no further holder.
    """
    desk_of = {position: number for number, desk in enumerate(organisation.desks) for position in desk.positions}
    slots = [np.full(len(cells), -1, dtype=np.int64)]
    for (numbers, team, turns), (starts, owns, reaches) in _slices_by_cells(organisation, leg).items():
        rows = np.flatnonzero(np.isin(cells, numbers))
        if turns != (0.0, 1.0):
            turn = turn_of(account_shares[rows])
            rows = rows[(turns[0] <= turn) & (turn < turns[1])]
        seats = np.array(team)
        first = np.searchsorted(starts, account_shares[rows], side="right") - 1
        within = account_shares[rows] - starts[first] < owns[first] + 1e-12
        slots[0][rows[within]] = seats[first[within]]
        if len({desk_of[seat] for seat in team}) == 1:
            continue
        for slot in range(1, len(seats)):
            other = (first - slot) % len(seats)
            reached = (account_shares[rows] - starts[other]) % 1.0 < reaches[other]
            if not reached.any():
                break
            if slot == len(slots):
                slots.append(np.full(len(cells), -1, dtype=np.int64))
            slots[slot][rows[reached]] = seats[other[reached]]
    return slots


def _slices_by_cells(
    organisation: Organisation, leg: range
) -> dict[tuple[tuple[int, ...], tuple[int, ...], tuple[float, float]], tuple[NDArray[np.float64], ...]]:
    """Slices of the same cells and turns together, in the order of their starts:
    (cells, positions, turns) -> starts, owns, reaches."""
    teams: dict[tuple[tuple[int, ...], tuple[float, float]], list[tuple[float, float, float, int]]] = {}
    for number in _on(organisation, leg):
        for part in organisation.positions[number].scope:
            teams.setdefault((part.cells, part.turns), []).append((part.start, part.own, part.reach, number))
    found = {}
    for (cells, turns), rows in teams.items():
        rows.sort()
        found[cells, tuple(row[3] for row in rows), turns] = tuple(
            np.array([row[column] for row in rows]) for column in range(3)
        )
    return found
