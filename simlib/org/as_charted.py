"""Lay out a company's own chart: its people as they are, their customers shared evenly among those who serve them.

It costs what it costs: nobody is added or left out to meet the people budget.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from graphlib import TopologicalSorter

from simlib.org.budget import people_budget, salary
from simlib.org.chart import chart_of
from simlib.org.coverage import Group, Seller, groups, sellers
from simlib.org.hierarchy import joint_unit
from simlib.org.organisation import Desk, Organisation, Position, Slice, distinct
from simlib.org.sellers import limit
from simlib.scenario.designs import ROLES, SUPPORT, Axes, Design, Pool, resolve
from simlib.scenario.positions import Seat
from simlib.scenario.schema import Scenario
from simlib.units import minor_units
from simlib.world.cells import cells_of

Teams = list[tuple[int, ...]]
"""Numbers of the sellers who sit at one desk."""


def as_charted(name: str, design: Design, scenario: Scenario) -> Organisation:
    """The organisation of a design that states its positions, or the file of them.

    Raises DesignError with every fault of the chart.
    """
    seats = sorted(chart_of(name, design, scenario).seats, key=_rank)
    cells, minor = cells_of(scenario), minor_units(scenario.currency)
    axes = _with_pools(resolve(design, scenario.organisation), seats, scenario)
    found = sellers(seats, cells, [stage.name for stage in scenario.stages])
    teams = _teams(found, pooled=bool(axes.pooled))
    scopes = _scopes(groups(found, cells), teams, axes.list_overlap or 0.0)
    served = {seller.seat: seller.stages for seller in found}
    where = _where(seats, cells.regions[0])
    positions = tuple(
        Position(
            id=seat.name,
            role=seat.role,
            unit=where[seat.name][0],
            boss=seat.reports_to,
            home=where[seat.name][1],
            scope=tuple(scopes.get(number, ())),
            authority=limit(_with_authority(axes, seat), seat.role, minor),
            pay_per_year=round(salary(seat, scenario.costs) * minor),
            pay_agreed=seat.base_salary is not None,
            stages=served.get(number, range(0)),
            second_boss=seat.second_boss,
        )
        for number, seat in enumerate(seats)
    )
    desks = distinct(_desks(positions, seats, teams))
    return Organisation(name, axes, cells, positions, desks, round(people_budget(scenario) * minor))


def _rank(seat: Seat) -> int:
    """Reps first, layer by layer upwards, then support staff."""
    return ROLES.index(seat.role) if seat.role in ROLES else len(ROLES)


def _pool(seat: Seat) -> str:
    return seat.pool or SUPPORT


def _with_pools(axes: Axes, seats: Sequence[Seat], scenario: Scenario) -> Axes:
    """The axes with the pools of the chart; what each does is the scenario's `organisation` to say."""
    stated = scenario.organisation.pools or {}
    names = dict.fromkeys(_pool(seat) for seat in seats if seat.role == SUPPORT)
    return axes.model_copy(update={"pools": {name: stated.get(name, Pool()) for name in names}})


def _with_authority(axes: Axes, seat: Seat) -> Axes:
    """The axes as they hold for a position: what it may decide itself goes before what its role may."""
    return axes if seat.authority is None else axes.model_copy(update={"authority": {seat.role: seat.authority}})


def _teams(found: Sequence[Seller], *, pooled: bool) -> Teams:
    """Sellers who pool their work: those of the very same customers and stages; else everybody alone."""
    together: dict[object, list[int]] = {}
    for seller in found:
        together.setdefault(seller[1:] if pooled else seller.seat, []).append(seller.seat)
    return [tuple(members) for members in together.values()]


def _scopes(served: Iterable[Group], teams: Teams, list_overlap: float) -> dict[int, list[Slice]]:
    """By seller the slices: an equal part of the accounts of every group of customers whom he serves."""
    scopes: dict[int, list[Slice]] = {}
    for group in served:
        own = 1 / len(group.sellers)
        reach = 1.0 if group.sellers in teams else own + list_overlap * (1 - own)
        for number, seller in enumerate(group.sellers):
            scopes.setdefault(seller, []).append(Slice(group.cells, number * own, own, reach))
    return scopes


def _where(seats: Sequence[Seat], region: str) -> dict[str, tuple[str, str]]:
    """By name the unit and the home: as stated, else a rep's of all customers, and a boss's of those who report to him.

    `region`: home of those whose chart says nothing.
    """
    reports: dict[str, list[str]] = {seat.name: [] for seat in seats}
    for seat in seats:
        for boss in filter(None, (seat.reports_to, seat.second_boss)):
            reports[boss].append(seat.name)
    by_name = {seat.name: seat for seat in seats}
    where: dict[str, tuple[str, str]] = {}
    for name in TopologicalSorter(reports).static_order():  # who reports comes before the boss
        seat, below = by_name[name], [where[report] for report in reports[name]]
        unit = _pool(seat) if seat.role == SUPPORT else _unit(seat)
        home = seat.region[0] if seat.region else below[0][1] if below else region
        where[name] = (unit or joint_unit([report for report, _ in below]), home)
    return where


def _unit(seat: Seat) -> str:
    """`east / machine`; of a rep who serves all `all`, of a boss who states nothing nothing."""
    parts = (seat.region, seat.product, seat.segment, seat.stages)
    return " / ".join(" + ".join(part) for part in parts if part) or ("all" if seat.role == ROLES[0] else "")


def _desks(positions: Sequence[Position], seats: Sequence[Seat], teams: Teams) -> Iterator[Desk]:
    """A list for every rep or a team desk, a desk for every boss, and one for every support pool."""
    for team in teams:
        first = positions[team[0]]
        yield Desk(f"team {first.unit}" if len(team) > 1 else first.id, team)
    pools: dict[str, list[int]] = {}
    for number, seat in enumerate(seats):
        if seat.role == SUPPORT:
            pools.setdefault(_pool(seat), []).append(number)
        elif seat.role != ROLES[0]:
            yield Desk(seat.name, (number,))
    yield from (Desk(pool, tuple(staff), pool=pool) for pool, staff in pools.items())
