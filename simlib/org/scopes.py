"""Whose accounts are whose: every seller's slice and desk, from who sits in which crew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simlib.org.organisation import Desk, Position
from simlib.org.sellers import Crew, slices
from simlib.scenario.designs import ROLES, Axes

Members = Sequence[Sequence[int]]
"""By crew, the numbers of the reps who sit in it."""


def consecutive(crews: Sequence[Crew]) -> list[list[int]]:
    """Reps in the order of the crews, as they are first seated."""
    members: list[list[int]] = []
    for crew in crews:
        first = sum(map(len, members))
        members.append(list(range(first, first + crew.team.seats)))
    return members


def with_scopes(positions: Sequence[Position], crews: Sequence[Crew], members: Members, axes: Axes) -> list[Position]:
    """Every seller's slice: the reps' of their crews, and a smaller one for each lowest boss who sells (S10), in the
    crew of his first report. A team desk needs no list for its boss."""
    crew_of = {rep: number for number, reps in enumerate(members) for rep in reps}
    weights: list[dict[int, float]] = [dict.fromkeys(reps, 1.0) for reps in members]
    first_report: dict[str | None, int] = {}
    for rep in sorted(crew_of):
        first_report.setdefault(positions[rep].boss, rep)
    for number, position in enumerate(positions):
        if axes.bosses_sell and position.role == ROLES[1] and position.id in first_report:
            crew = crew_of[first_report[position.id]]
            if not crews[crew].pooled:
                weights[crew][number] = axes.bosses_sell
    sellers = list(positions)
    for crew_served, shares in zip(crews, weights, strict=True):
        parts = slices(crew_served, list(shares.values()), axes.list_overlap or 0.0)
        for number, part in zip(shares, parts, strict=True):
            sellers[number] = replace(sellers[number], scope=(part,), stages=crew_served.stages)
    return sellers


def sellers_desks(positions: Sequence[Position], crews: Sequence[Crew], members: Members) -> tuple[Desk, ...]:
    """A list for every rep, or a team desk for every crew that pools its work; a desk for every boss."""
    desks: list[Desk] = []
    for crew, reps in zip(crews, members, strict=True):
        if crew.pooled:
            desks.append(Desk(f"team {crew.team.unit or 'all'}", tuple(reps)))
        else:
            desks += [Desk(positions[rep].id, (rep,)) for rep in reps]
    bosses = (seat for seat, position in enumerate(positions) if position.role in ROLES[1:])
    return (*desks, *(Desk(positions[seat].id, (seat,)) for seat in bosses))
