"""What an organisation is: positions with scopes and bosses, and the desks at which they serve.

Nothing here knows by which structure it was laid out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simlib.scenario.designs import ROLES, SUPPORT, Axes
from simlib.world.cells import Cells


@dataclass(frozen=True)
class Slice:
    """A part of the accounts of some cells: those whose share in [0, 1) falls within, wrapping round at 1."""

    cells: tuple[int, ...]
    """Row-major numbers of the cells."""
    start: float
    own: float
    """Length of the part that is this position's own: its expected share of the work."""
    reach: float
    """Length of the part it may be sent to: more than `own` where lists overlap, all where a team desk serves."""
    turns: tuple[float, float] = (0.0, 1.0)
    """Only the accounts whose turn in a change of designs falls within: the first part of them passes with the first
    wave (`turn_of`). All where nothing changes, or all at once."""

    @property
    def share(self) -> float:
        """Share of the cells' accounts that are this position's own."""
        first, behind = self.turns
        return self.own * (behind - first)


def turn_of(account_share: NDArray[np.float64]) -> NDArray[np.float64]:
    """When accounts pass in a change of designs, as numbers in [0, 1): the later digits of where they fall when a list
    is cut, which know nothing of the first ones."""
    return account_share * 2.0**20 % 1.0


@dataclass(frozen=True)
class Position:
    """A seat: what its holder serves, decides and answers to."""

    id: str
    role: str
    unit: str
    boss: str | None
    """Id of the boss's position; none at the top."""
    home: str
    """Region of the seat."""
    scope: tuple[Slice, ...]
    """Empty for those without customers of their own: most bosses, support staff."""
    authority: int | None
    """Largest deal value decided alone, in minor units; none = unlimited."""
    pay_per_year: int
    """Fixed cost in minor units, as the planner knows it; a world may hold another (doubt) unless it is agreed."""
    pay_agreed: bool = False
    """Whether the pay is this position's own, stated in a chart, and not that of its role."""
    stages: range = range(0)
    """Numbers of the stages that it serves of its customers' deals."""
    second_boss: str | None = None
    """Id of the second boss's position, where there are two lines."""


@dataclass(frozen=True)
class Desk:
    """One queue and the people who serve it."""

    id: str
    positions: tuple[int, ...]
    """Numbers of the positions that sit at it."""
    pool: str = ""
    """Name of the support pool whose desk it is; empty for all others."""
    serves: tuple[str, ...] = ()
    """Units that a support pool's desk serves; empty = all."""


def distinct(desks: Iterable[Desk]) -> tuple[Desk, ...]:
    """Desks by different names, whatever people, units and pools are called."""
    found: dict[str, Desk] = {}
    for desk in desks:
        name, count = desk.id, 1
        while name in found:
            count += 1
            name = f"{desk.id} ({count})"
        found[name] = replace(desk, id=name)
    return tuple(found.values())


GONE = "gone"
"""Role of a position that a design gave up; the seat keeps its number."""


@dataclass(frozen=True)
class Stint:
    """How long a seat exists."""

    position: Position
    """What it is in the end."""
    from_day: float
    """Day of the change that brings it, counted from time zero; 0 = it is there from the start."""
    to_day: float | None
    """Day of the change that gives it up; none = it stays."""


@dataclass(frozen=True)
class Phase:
    """What an organisation is from a day on."""

    day: float
    """Counted from time zero."""
    organisation: Organisation
    """Its seats have the numbers that they had before; seats that are new come behind them."""


@dataclass(frozen=True)
class Organisation:
    """A design laid out for a scenario."""

    name: str
    axes: Axes
    cells: Cells
    positions: tuple[Position, ...]
    """Reps first, then layer by layer upwards, then the second line and support staff."""
    desks: tuple[Desk, ...]
    budget_per_year: int
    """Fixed people cost that the design may spend, in minor units."""
    later: tuple[Phase, ...] = ()
    """What it becomes, step by step; empty where it stays."""

    @property
    def payroll_per_year(self) -> int:
        """Fixed people cost that it spends; the rest of the budget stays as money."""
        return sum(position.pay_per_year for position in self.positions)

    @property
    def sellers(self) -> tuple[int, ...]:
        """Numbers of the positions that serve customers: the reps, and bosses who sell."""
        return tuple(number for number, position in enumerate(self.positions) if position.scope)

    @property
    def reps(self) -> tuple[int, ...]:
        """Numbers of the reps' positions."""
        return tuple(number for number, position in enumerate(self.positions) if position.role == ROLES[0])

    def number(self, position_id: str) -> int:
        """Number of the position with this id."""
        return self._numbers[position_id]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {position.id: number for number, position in enumerate(self.positions)}

    @cached_property
    def legs(self) -> tuple[range, ...]:
        """The stages, cut wherever somebody's part of the way ends: within a leg a deal need not change hands."""
        served = [position.stages for position in self.positions if position.scope]
        cuts = sorted({edge for stages in served for edge in (stages.start, stages.stop)})
        return tuple(range(first, behind) for first, behind in pairwise(cuts))

    def peers(self, number: int) -> list[int]:
        """Positions of the same role in the same line, this one first, then in order round the table."""
        line = self._line(self.positions[number])
        same = [other for other, position in enumerate(self.positions) if self._line(position) == line]
        at = same.index(number)
        return same[at:] + same[:at]

    def _line(self, position: Position) -> tuple[str, bool]:
        return position.role, position.id in self._second_bosses

    @cached_property
    def _second_bosses(self) -> set[str]:
        return {position.second_boss for position in self.positions if position.second_boss}

    def bosses(self, number: int) -> tuple[int, ...]:
        """Numbers of the positions to which one reports: none, one or two."""
        position = self.positions[number]
        return tuple(self.number(boss) for boss in (position.boss, position.second_boss) if boss)

    def common_boss(self, one: int, other: int) -> int | None:
        """The lowest position at or above both along the first line; none if there is no such position."""
        above = self.line(one)
        return next((boss for boss in self.line(other) if boss in above), None)

    def line(self, number: int) -> list[int]:
        """A position and those above it along the first line, upwards."""
        found = [number]
        while (boss := self.positions[found[-1]].boss) is not None:
            found.append(self.number(boss))
        return found

    def pool_desk(self, pool: str, number: int) -> int | None:
        """Number of the desk of a support pool that serves a position; none if the organisation has no such pool."""
        unit = self.positions[number].unit
        desks = [(at, desk) for at, desk in enumerate(self.desks) if desk.pool == pool]
        return next((at for at, desk in desks if not desk.serves or unit in desk.serves), None)

    @property
    def support(self) -> tuple[int, ...]:
        """Numbers of the positions of support staff."""
        return tuple(number for number, position in enumerate(self.positions) if position.role == SUPPORT)

    @cached_property
    def stints(self) -> tuple[Stint, ...]:
        """Every seat of the run, those that come later included: how long it exists, and what it is at its end."""
        found: dict[int, Stint] = {}
        for day, organisation in ((0.0, self), *((phase.day, phase.organisation) for phase in self.later)):
            for seat, position in enumerate(organisation.positions):
                known = found.get(seat)
                if position.role != GONE:
                    found[seat] = Stint(position, known.from_day if known else day, None)
                elif known and known.to_day is None:
                    found[seat] = replace(known, to_day=day)
        return tuple(found[seat] for seat in range(len(found)))

    def workload(self, number: int) -> NDArray[np.float64]:
        """Expected needs a week of a position's own slices, in the shape of the cells."""
        needs = np.zeros(self.cells.needs_per_week.size)
        flat = self.cells.needs_per_week.ravel()
        for part in self.positions[number].scope:
            needs[list(part.cells)] += part.share * flat[list(part.cells)]
        return needs.reshape(self.cells.needs_per_week.shape)
