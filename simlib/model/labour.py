"""How long a task takes whom: the road, and the work at the pace of whoever does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simlib.ledger import ACTIVITIES, COACHING, MEETING, MOVING, RETRAINING, TRAINING
from simlib.model.behaviour import fixed_hours
from simlib.model.desk import Task
from simlib.model.person import Person
from simlib.units import GRID

if TYPE_CHECKING:
    from simlib.model.firm import Firm

FIRST_STAGE = len(ACTIVITIES)
"""Activity of the first stage; the others follow."""
_ON_THE_CLOCK = frozenset({TRAINING, MEETING, COACHING, MOVING, RETRAINING})
"""Activities that take the same hours however practised somebody is."""


class Labour:
    """Hours of everything that anybody does in a firm."""

    def __init__(self, firm: Firm) -> None:
        self._firm = firm
        self._cell, self._region = firm.needs["cell"], firm.needs["region"]
        self.fixed_hours = fixed_hours(firm.mechanisms) | {RETRAINING: firm.upheaval.retraining_hours}
        """Hours of work, by activity, of what takes everybody the same."""

    def hours(self, task: Task, person: Person) -> tuple[float, float]:
        """Hours on the road and at work that a task takes a person."""
        firm, stage = self._firm, task.activity - FIRST_STAGE
        if stage < 0:
            hours = self.fixed_hours.get(task.activity, task.effort_h)
            return 0.0, hours if task.activity in _ON_THE_CLOCK else self._at_pace(person, 0.0, hours)
        need, seat, assigned = task.need, person.seat, firm.assigned
        labour = task.effort_h * assigned.pace[seat][self._cell[need]] * assigned.craft_pace[seat][stage]
        labour *= firm.drive.pace[seat]
        visits = firm.way.visits[stage]
        road = visits * assigned.road[seat][self._region[need]] if visits else 0.0
        if person.pace:
            labour = self._at_pace(person, road, labour)
        return round(road * GRID) / GRID, round(labour * GRID) / GRID

    def _at_pace(self, person: Person, road: float, labour: float) -> float:
        """Hours of work for so much labour, behind the road, while people on the seat learn."""
        if not person.pace:
            return labour
        worked = person.calendar.hours_between(0.0, self._firm.env.now) + road
        return round(person.pace.hours(worked, labour) * GRID) / GRID
