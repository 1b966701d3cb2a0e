"""One design becomes another: whose seat is whose, and what the organisation is from wave to wave (S13).

Seats of a role are matched in their order, so that the same people sit on them; what the new design has more is hired,
what it has fewer goes. From the first wave on people sit, report, decide and are supported as in the new design;
customers pass wave by wave, and who has customers to give up keeps the rest until the last one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from simlib.errors import DesignError
from simlib.org.organisation import GONE, Desk, Organisation, Phase, Position, distinct
from simlib.scenario.designs import ROLES, Becomes


def changing(before: Organisation, after: Organisation, change: Becomes, *, first_day: float) -> Organisation:
    """An organisation that becomes another one. `first_day`: start of the window, in days after time zero.

    Raises DesignError if customers are to pass in waves between sellers who would serve two parts of a deal's way, or
    where leads are not routed by account.
    """
    routings = {str(axes.routing) for axes in (before.axes, after.axes)} - {"owner"}
    if change.waves > 1 and routings:
        raise DesignError(
            f"designs.{before.name}.becomes.waves: got {change.waves} with routing {min(routings)!r}, must be 1 where "
            "leads do not go to the owner of the account: no account has a seller of its own to pass from"
        )
    settled = _renumbered(before, after)
    phases = []
    for wave in range(1, change.waves + 1):
        day = first_day + change.on_day + (wave - 1) * change.every_days
        passed = wave / change.waves
        phases.append(Phase(day, settled if wave == change.waves else _half_way(before, settled, passed)))
    return replace(before, later=tuple(phases))


def _renumbered(before: Organisation, after: Organisation) -> Organisation:
    """The new design with the seats' old numbers and names; seats that it has more come behind, those that it has
    fewer are gone."""
    seat_of = _matched(before, after)
    names = [position.id for position in before.positions]
    for number in sorted(seat_of, key=lambda number: seat_of[number]):
        if seat_of[number] >= len(before.positions):
            names.append(_unused(after.positions[number].id, names))
    called = {position.id: names[seat_of[number]] for number, position in enumerate(after.positions)}
    positions = [_gone(position) for position in before.positions] + [None] * (len(names) - len(before.positions))
    for number, position in enumerate(after.positions):
        positions[seat_of[number]] = replace(
            position,
            id=called[position.id],
            boss=called[position.boss] if position.boss else None,
            second_boss=called[position.second_boss] if position.second_boss else None,
        )
    desks = distinct(_desk(desk, after, seat_of, called) for desk in after.desks)
    return replace(after, name=before.name, positions=tuple(filter(None, positions)), desks=desks)


def _matched(before: Organisation, after: Organisation) -> dict[int, int]:
    """By number in the new design, the seat: the n-th of a role is the n-th of that role before."""
    of_role: dict[str, list[int]] = {}
    for seat, position in enumerate(before.positions):
        of_role.setdefault(position.role, []).append(seat)
    seats, met, behind = {}, dict.fromkeys(of_role, 0), len(before.positions)
    for number, position in enumerate(after.positions):
        known, count = of_role.get(position.role, []), met.get(position.role, 0)
        if count < len(known):
            seats[number] = known[count]
        else:
            seats[number], behind = behind, behind + 1
        met[position.role] = count + 1
    return seats


def _unused(name: str, names: list[str]) -> str:
    found, count = name, 1
    while found in names:
        count += 1
        found = f"{name} ({count})"
    return found


def _gone(position: Position) -> Position:
    return Position(position.id, GONE, position.unit, None, position.home, (), None, 0)


def _desk(desk: Desk, after: Organisation, seat_of: Mapping[int, int], called: Mapping[str, str]) -> Desk:
    """A desk of the new design with the seats' numbers; a desk of one's own has the seat's name."""
    name = desk.id
    if len(desk.positions) == 1 and after.positions[desk.positions[0]].id == name:
        name = called[name]
    return replace(desk, id=name, positions=tuple(seat_of[number] for number in desk.positions))


def _half_way(before: Organisation, after: Organisation, passed: float) -> Organisation:
    """The new design when a share of the accounts has passed: old customers are served by whom they had."""
    top = next((p.id for p in after.positions if p.boss is None and p.role in ROLES[1:]), None)
    positions = list(after.positions)
    staying = []
    for seat, old in enumerate(before.positions):
        kept = tuple(replace(part, turns=(passed, 1.0)) for part in old.scope)
        new = after.positions[seat]
        taken = tuple(replace(part, turns=(0.0, passed)) for part in new.scope)
        if kept and taken and old.stages != new.stages:
            raise DesignError(
                f"designs.{before.name}.becomes.waves: got several, but {old.id} serves other stages of a deal then "
                "than now; must be 1 where the way of a deal is divided anew"
            )
        if kept and new.role == GONE:
            positions[seat] = replace(old, scope=kept, boss=top, second_boss=None)
            staying.append(Desk(old.id, (seat,)))
        elif kept or taken:
            positions[seat] = replace(new, scope=taken + kept, stages=new.stages if taken else old.stages)
    for seat, new in enumerate(after.positions[len(before.positions) :], start=len(before.positions)):
        positions[seat] = replace(new, scope=tuple(replace(part, turns=(0.0, passed)) for part in new.scope))
    return replace(after, positions=tuple(positions), desks=distinct((*after.desks, *staying)))
