"""What an organisation is: positions with scopes and bosses, and the desks at which they serve.

Nothing here knows by which structure it was laid out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simlib.scenario.designs import Axes
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
    """Empty for those who only manage."""
    authority: int | None
    """Largest deal value decided alone, in minor units; none = unlimited."""
    pay_per_year: int
    """Fixed cost in minor units, as the planner knows it; a world may hold another (doubt)."""


@dataclass(frozen=True)
class Desk:
    """One queue and the people who serve it."""

    id: str
    positions: tuple[int, ...]
    """Numbers of the positions that sit at it."""


@dataclass(frozen=True)
class Organisation:
    """A design laid out for a scenario."""

    name: str
    axes: Axes
    cells: Cells
    positions: tuple[Position, ...]
    """Reps first, then layer by layer upwards."""
    desks: tuple[Desk, ...]
    budget_per_year: int
    """Fixed people cost that the design may spend, in minor units."""

    @property
    def payroll_per_year(self) -> int:
        """Fixed people cost that it spends; the rest of the budget stays as money."""
        return sum(position.pay_per_year for position in self.positions)

    @property
    def reps(self) -> tuple[int, ...]:
        """Numbers of the positions that serve customers."""
        return tuple(number for number, position in enumerate(self.positions) if position.scope)

    def number(self, position_id: str) -> int:
        """Number of the position with this id."""
        return self._numbers[position_id]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {position.id: number for number, position in enumerate(self.positions)}

    def peers(self, number: int) -> list[int]:
        """Positions of the same role, this one first, then in order round the table."""
        role = self.positions[number].role
        same = [other for other, position in enumerate(self.positions) if position.role == role]
        at = same.index(number)
        return same[at:] + same[:at]

    def workload(self, number: int) -> NDArray[np.float64]:
        """Expected needs a week of a position's own slices, in the shape of the cells."""
        needs = np.zeros(self.cells.needs_per_week.size)
        flat = self.cells.needs_per_week.ravel()
        for part in self.positions[number].scope:
            needs[list(part.cells)] += part.own * flat[list(part.cells)]
        return needs.reshape(self.cells.needs_per_week.shape)
