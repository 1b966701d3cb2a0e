"""Who serves whom: divide the cells of a market among seats by expected workload, leaving none uncovered (S4-S6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from simlib.odds import shifted
from simlib.scenario.designs import Axes
from simlib.scenario.market import Market
from simlib.scenario.mechanisms import Travel
from simlib.scenario.schema import Scenario
from simlib.world.cells import AXES, Cells

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]
Group = tuple[int, ...]
"""Numbers of values along a dimension that are served together."""


@dataclass(frozen=True)
class Team:
    """Seats that share the same cells."""

    unit: str
    cells: Mask
    seats: int


def remote_share(axes: Axes, travel: Travel) -> float:
    """Share of visits made remotely: the design's own, else the mechanism's (S11)."""
    return travel.remote_share if axes.remote_share is None else axes.remote_share


def expected_hours(scenario: Scenario, cells: Cells, stages: range | None = None, axes: Axes | None = None) -> Floats:
    """Expected seller's hours a week in each cell for some of the stages (null = all), before effects: the stages'
    own hours, travel within the region, and with the first stage the calls that look for needs."""
    spec, mechanisms = scenario.stages, scenario.mechanisms
    wanted = range(len(spec)) if stages is None else stages
    reached, effort, visits = 1.0, 0.0, 0.0
    for number, stage in enumerate(spec):
        if number in wanted:
            effort += reached * stage.effort_hours
            visits += reached * stage.visits
        reached *= shifted(stage.pass_probability, scenario.market.win_log_odds)
    if mechanisms.calls and 0 in wanted:
        effort += (1 - scenario.demand.inbound_share) * mechanisms.calls.probability * mechanisms.calls.hours
    travel = mechanisms.travel
    radius = np.array([scenario.market.region(name).travel_hours.get(name, 0.0) for name in cells.regions])
    made = 2 * visits * (1 - remote_share(axes or Axes(), travel)) if travel else 0.0
    on_the_road = made * radius
    return cells.needs_per_week * (effort + on_the_road)[:, None, None, None]


def divide(whole: Team, hours: Floats, cells: Cells, market: Market, by: Sequence[str]) -> list[Team]:
    """Teams of a whole, divided along one dimension after the other as far as there are seats."""
    teams = [whole]
    for dimension in by:
        teams = [part for team in teams for part in _split(team, hours, cells, market, dimension)]
    return teams


def _split(team: Team, hours: Floats, cells: Cells, market: Market, dimension: str) -> list[Team]:
    """Part a team along a dimension: a group of values each, joined where seats are fewer than values."""
    axis = AXES.index(dimension)
    load = np.where(team.cells, hours, 0.0).sum(axis=tuple(other for other in range(4) if other != axis))
    present = team.cells.any(axis=tuple(other for other in range(4) if other != axis))
    groups: list[Group] = [(int(number),) for number in np.flatnonzero(present)]
    names = cells.names(dimension)
    if len(groups) > team.seats:
        ways = _ways(market, [names[number] for (number,) in groups]) if dimension == "region" else None
        groups = joined(groups, load, seats=team.seats, ways=ways)
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


def joined(groups: list[Group], load: Floats, *, seats: int, ways: Floats | None) -> list[Group]:
    """As many groups as seats: again and again the two with the least load between them are joined.

    `ways` (regions only): hours from each group to each other; the strain of a pair is its load times one plus the mean
    way between its members, so that neighbours are joined the rather. Of equal pairs the first is joined.
    """
    loads = np.array([load[list(group)].sum() for group in groups])
    joins = _lightest(loads, len(groups) - seats) if ways is None else _closest(loads, ways, len(groups) - seats)
    for kept, gone in joins:
        groups[kept] = tuple(sorted(groups[kept] + groups[gone]))
        groups[gone] = ()
    return [group for group in groups if group]


def _lightest(loads: Floats, joins: int) -> Iterator[tuple[int, int]]:
    """The pairs to join, by load alone: the two lightest groups, of which the earlier one takes in the other."""
    heap = [(float(load), number) for number, load in enumerate(loads)]
    heapify(heap)
    for _ in range(joins):
        (one, first), (other, second) = heappop(heap), heappop(heap)
        kept, gone = sorted((first, second))
        heappush(heap, (one + other, kept))
        yield kept, gone


def _closest(loads: Floats, ways: Floats, joins: int) -> Iterator[tuple[int, int]]:
    """The pairs to join, by load and way; the earlier group takes in the other."""
    loads, totals, sizes = loads.copy(), ways.copy(), np.ones(len(loads))
    strain = np.add.outer(loads, loads) * (1 + totals)
    strain[np.tril_indices(len(loads))] = np.inf
    for _ in range(joins):
        kept, gone = divmod(int(strain.argmin()), len(loads))
        loads[kept] += loads[gone]
        sizes[kept] += sizes[gone]
        totals[kept] += totals[gone]
        totals[:, kept] += totals[:, gone]
        strain[gone] = strain[:, gone] = np.inf
        load, pairs = loads[kept] + loads, sizes[kept] * sizes
        for part, way in ((strain[kept], totals[kept]), (strain[:, kept], totals[:, kept])):
            open_ = np.isfinite(part)
            part[open_] = (load * (1 + way / pairs))[open_]
        yield kept, gone


def _ways(market: Market, regions: list[str]) -> Floats:
    """Hours one way from each region to each other."""
    return np.array([[market.one_way_hours(one, other) for other in regions] for one in regions])


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
