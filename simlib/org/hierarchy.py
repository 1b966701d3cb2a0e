"""Who answers to whom: the line above the sellers, a second line beside it, and support pools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from simlib.org.budget import Heads, pay_per_year
from simlib.org.organisation import Desk, Organisation, Position
from simlib.org.sellers import limit
from simlib.scenario.costs import Costs
from simlib.scenario.designs import ROLES, SUPPORT, Axes
from simlib.world.cells import AXES


def with_bosses(reps: Sequence[Position], sizes: Sequence[int], axes: Axes, costs: Costs, minor: int) -> list[Position]:
    """The line above: each layer's people in order, divided evenly among the bosses of the next.

    `sizes`: people in each layer, reps first.
    """
    everybody: list[Position] = []
    below = list(reps)
    for layer, size in enumerate(sizes[1:], start=1):
        role = ROLES[layer]
        bosses = []
        for number, chunk in enumerate(np.array_split(np.arange(len(below)), size), start=1):
            boss = Position(
                id=f"{role} {number}",
                role=role,
                unit=joint_unit([below[i].unit for i in chunk]),
                boss=None,
                home=below[chunk[0]].home,
                scope=(),
                authority=limit(axes, role, minor),
                pay_per_year=round(pay_per_year(role, costs) * minor),
            )
            bosses.append(boss)
            everybody.extend(replace(below[i], boss=boss.id) for i in chunk)
        below = bosses
    return everybody + below


def joint_unit(units: Sequence[str]) -> str:
    """One name for several units: theirs if they are few, else the names of what they are parts of."""
    names = list(dict.fromkeys(part for unit in units for part in unit.split(" + ")))
    wholes = list(dict.fromkeys(name.split(" / ")[0] for name in names))
    return next((" + ".join(few) for few in (names, wholes) if len(few) < 4), "all")


def with_second_line(line: Organisation, count: int, costs: Costs, minor: int) -> list[Position]:
    """A second boss for every rep (S3): one for each value of the second line's dimension, to whom those report who
    do most of their work there. They answer to the head of the first line, if it has one.

    `line`: the organisation so far. `count`: second bosses, at most one per rep.
    """
    if not count:
        return list(line.positions)
    dimension = str(line.axes.second_line)
    axis = AXES.index(dimension)
    along = tuple(other for other in range(len(AXES)) if other != axis)
    sellers = line.reps
    work = np.array([line.workload(number).sum(axis=along) for number in sellers])
    values = np.sort(np.argsort(-work.sum(axis=0), kind="stable")[:count])
    work = work[:, values]
    chosen = work.argmax(axis=1)
    for value in range(count):  # nobody is a boss of nobody
        if value not in chosen:
            spare = np.array([(chosen == chosen[row]).sum() > 1 for row in range(len(sellers))])
            chosen[np.where(spare, work[:, value] / work.sum(axis=1).clip(1e-300), -1.0).argmax()] = value
    heads = [position for position in line.positions if position.boss is None]
    top = heads[0].id if len(heads) == 1 and heads[0].role != ROLES[0] else None
    names = [line.cells.names(dimension)[int(value)] for value in values]
    role = ROLES[1]
    axes, home = line.axes, heads[0].home
    bosses = [
        Position(
            id=f"{name} {role}",
            role=role,
            unit=name,
            boss=top,
            home=home,
            scope=(),
            authority=limit(axes, role, minor),
            pay_per_year=round(pay_per_year(role, costs) * minor),
        )
        for name in names
    ]
    second = {number: bosses[int(value)].id for number, value in zip(sellers, chosen, strict=True)}
    return [
        replace(position, second_boss=second.get(number)) for number, position in enumerate(line.positions)
    ] + bosses


def support(
    line: Sequence[Position], heads: Heads, axes: Axes, costs: Costs, minor: int
) -> tuple[list[Position], list[Desk]]:
    """Support staff and the desks of their pools, numbered on behind the positions of the line.

    A shared pool answers to the head; one that units own to the boss of their first seller.
    """
    top = next((position.id for position in line if position.boss is None and position.role != ROLES[0]), None)
    positions: list[Position] = []
    desks: list[Desk] = []
    for pool, count in heads.pools.items():
        owners = [()] if (axes.pools or {})[pool].shared else _owners(line, count)
        for units, staff in zip(owners, np.array_split(np.arange(count), len(owners)), strict=True):
            served = next(position for position in line if position.stages and (not units or position.unit in units))
            name = f"{pool} / {joint_unit(units)}" if units else pool
            first = len(line) + len(positions)
            positions += [
                Position(
                    id=f"{pool} {number + 1}",
                    role=SUPPORT,
                    unit=name,
                    boss=(served.boss or top) if units else top,
                    home=served.home,
                    scope=(),
                    authority=None,
                    pay_per_year=round(pay_per_year(SUPPORT, costs) * minor),
                )
                for number in staff
            ]
            desks.append(Desk(name, tuple(range(first, first + len(staff))), pool=pool, serves=units))
    return positions, desks


def _owners(line: Sequence[Position], count: int) -> list[tuple[str, ...]]:
    """The units that own each part of a pool: one each, or several where there are fewer staff than units."""
    units = list(dict.fromkeys(position.unit for position in line if position.stages))
    parts = np.array_split(np.arange(len(units)), min(count, len(units)))
    return [tuple(units[number] for number in part) for part in parts]
