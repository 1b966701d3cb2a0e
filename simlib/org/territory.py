"""Who serves whom: divide the cells of a market among seats by expected workload, leaving none uncovered (S4-S6)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simlib.scenario.schema import Market, Scenario
from simlib.world.cells import AXES, Cells

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Team:
    """Seats that share the same cells."""

    unit: str
    cells: Mask
    seats: int


def expected_hours(scenario: Scenario, cells: Cells) -> Floats:
    """Expected seller's hours a week in each cell, travel within the region included, before effects."""
    reached, effort, visits = 1.0, 0.0, 0.0
    for stage in scenario.stages:
        effort += reached * stage.effort_hours
        visits += reached * stage.visits
        reached *= stage.pass_probability
    travel = scenario.mechanisms.travel
    radius = np.array([scenario.market.region(name).travel_hours.get(name, 0.0) for name in cells.regions])
    on_the_road = 2 * visits * radius * (1 - travel.remote_share) if travel else np.zeros(len(radius))
    return cells.needs_per_week * (effort + on_the_road)[:, None, None, None]


def divide(hours: Floats, cells: Cells, market: Market, *, seats: int, partition: str) -> list[Team]:
    """Teams for one partition: by its dimension first, then, near the customers, by region."""
    whole = Team("", np.ones(hours.shape, dtype=bool), seats)
    if partition == "none":
        return [whole]
    teams = _split(whole, hours, cells, market, partition)
    return [part for team in teams for part in _split(team, hours, cells, market, "region")]


def _split(team: Team, hours: Floats, cells: Cells, market: Market, dimension: str) -> list[Team]:
    """Part a team along a dimension: a group of values each, joined where seats are fewer than values."""
    axis = AXES.index(dimension)
    load = np.where(team.cells, hours, 0.0).sum(axis=tuple(other for other in range(4) if other != axis))
    present = team.cells.any(axis=tuple(other for other in range(4) if other != axis))
    groups: list[tuple[int, ...]] = [(int(number),) for number in np.flatnonzero(present)]
    names = cells.names(dimension)
    while len(groups) > team.seats:
        groups = _join_closest(groups, load, market, names if dimension == "region" else None)
    if len(groups) == 1:
        return [team]
    parts = []
    for group, seats in zip(groups, allot(team.seats, [load[list(group)].sum() for group in groups]), strict=True):
        chosen = np.zeros(hours.shape[axis], dtype=bool)
        chosen[list(group)] = True
        mask = team.cells & chosen.reshape([-1 if other == axis else 1 for other in range(4)])
        label = " + ".join(names[number] for number in group)
        parts.append(Team(f"{team.unit} / {label}" if team.unit else label, mask, seats))
    return parts


def _join_closest(
    groups: list[tuple[int, ...]], load: Floats, market: Market, regions: tuple[str, ...] | None
) -> list[tuple[int, ...]]:
    """Join the two groups with the least load between them, regions the rather the nearer they are."""

    def strain(one: tuple[int, ...], other: tuple[int, ...]) -> float:
        way = 0.0
        if regions is not None:
            way = float(np.mean([market.one_way_hours(regions[a], regions[b]) for a in one for b in other]))
        return float(load[list(one + other)].sum()) * (1 + way)

    pairs = [(strain(a, b), i, j) for i, a in enumerate(groups) for j, b in enumerate(groups) if i < j]
    _, i, j = min(pairs)
    return [
        tuple(sorted(groups[i] + groups[j])) if number == i else group
        for number, group in enumerate(groups)
        if number != j
    ]


def allot(seats: int, loads: list[float]) -> list[int]:
    """Seats in proportion to load, at least one each, by largest remainder; `seats` is at least `len(loads)`."""
    weights = np.array(loads, dtype=float)
    quota = weights / weights.sum() * seats if weights.sum() else np.full(len(loads), seats / len(loads))
    given = np.maximum(np.floor(quota), 1).astype(int)
    while given.sum() < seats:
        given[np.argmax(quota - given)] += 1
    while given.sum() > seats:
        given[np.argmax(np.where(given > 1, given - quota, -np.inf))] -= 1
    return [int(count) for count in given]
