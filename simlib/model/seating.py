"""How is a seat laid out: the calendar of all who hold it, the pace of newcomers, and who they are (R, I7)?

To the event loop a seat is one `Person` with one calendar, the open days of all who hold it; while it is vacant it is
closed. What is in hand when somebody leaves lies until the replacement comes, who finishes it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from simlib.model.ramp import Pace
from simlib.model.staff import Holder
from simlib.org.organisation import Stint
from simlib.scenario.mechanisms import Mechanisms
from simlib.units import HOURS_PER_DAY, Calendar, OfficeHours, working_calendar, working_days
from simlib.world import World
from simlib.world.cells import first_day
from simlib.world.demand import run_days
from simlib.world.tenure import Tenure, person_key

NOTICE_DAYS = 30
"""Days that somebody whose seat a change gives up is still there, to finish what is in hand."""
SPARE_DAYS = 30
"""Days of calendar beyond the end of the run; work that would end behind them ends never, and is cut at the end."""


class Place(NamedTuple):
    """A seat, and whose it is at first."""

    seat: int
    role: str
    person: int
    """In the role's pool."""
    stint: Stint


class Layout(NamedTuple):
    """Who is to sit on a seat, and when work is done there."""

    calendar: Calendar
    pace: Pace | None
    holders: list[Holder]
    """In the order of time; at least one."""


def common_calendar(world: World) -> Calendar:
    """The calendar of somebody who is never absent."""
    spec = world.scenario.calendar
    days = int(run_days(world.scenario)) + SPARE_DAYS
    return working_calendar(first_day(world.scenario), days, spec.hours_per_week, spec.holidays)


def last_notice_day(to_day: float) -> int:
    """The day after the last of a month's notice, for a seat that a change gives up on a day."""
    return math.ceil(to_day) + NOTICE_DAYS


class Seating:
    """Lays out one seat after another."""

    def __init__(self, world: World, mechanisms: Mechanisms, seats: int) -> None:
        """`seats`: how many there are in the run."""
        spec = world.scenario.calendar
        self._world, self._mechanisms, self._common = world, mechanisms, common_calendar(world)
        self._seats = seats
        self._end_h = run_days(world.scenario) * HOURS_PER_DAY
        self.days = int(run_days(world.scenario)) + SPARE_DAYS
        office = spec.hours_per_week
        self._hours_per_day = office / 5 if office else HOURS_PER_DAY
        every_day = range(self.days)
        self._open_days = working_days(first_day(world.scenario), self.days, spec.holidays) if office else every_day
        self._may_be_absent = bool(office and mechanisms.queueing)
        ramp = mechanisms.ramp
        change = mechanisms.transition
        self._hiring_days = round(change.hiring_days) if change else 0
        self._start_speed = ramp.start_speed if ramp else 1.0
        self._ramp_h = ramp.days * (office / 7 if office else HOURS_PER_DAY) if ramp else 0.0

    def layout(self, place: Place, tenures: Sequence[Tenure]) -> Layout:
        """A seat on which people sit so long each, as far as the seat exists."""
        stint = place.stint
        first, behind = self._exists(stint)
        tenures = [
            tenure._replace(from_day=max(tenure.from_day, first), to_day=min(tenure.to_day, behind))
            for tenure in tenures
            if tenure.to_day > first and tenure.from_day < (behind if stint.to_day is None else stint.to_day)
        ] or [Tenure(0, self.days, self.days)]
        calendar = self._calendar(place, tenures)
        within = [tenure for tenure in tenures if tenure.from_day * HOURS_PER_DAY < self._end_h] or tenures[:1]
        newcomers = [tenure for tenure in within if tenure.from_day]
        pace = None
        if self._ramp_h and self._start_speed < 1 and newcomers:
            begins = [calendar.hours_between(0.0, tenure.from_day * HOURS_PER_DAY) for tenure in newcomers]
            pace = Pace(begins, self._start_speed, self._ramp_h)
        next_days = [*(tenure.from_day for tenure in tenures[1:]), max(behind, self.days)]
        holders = [self._holder(place, tenure, next_day) for tenure, next_day in zip(within, next_days, strict=False)]
        if stint.from_day:
            holders[0] = replace(holders[0], party=place.seat, replaces=False, starts=True)
        return Layout(calendar, pace, holders)

    def _exists(self, stint: Stint) -> tuple[int, int]:
        """Days from which and to which a seat has people: filled some time after the change that brings it, and kept
        for a month's notice after the one that gives it up."""
        comes = math.ceil(stint.from_day) + self._hiring_days if stint.from_day else 0
        goes = self.days if stint.to_day is None else min(last_notice_day(stint.to_day), self.days)
        return comes, goes

    def _holder(self, place: Place, tenure: Tenure, next_day: int) -> Holder:
        seat, role, person, _ = place
        number = tenure.vacancy
        return Holder(
            seat=seat,
            name=f"{role} {person + 1}.{number}" if number else f"{role} {person + 1}",
            key=person_key(role, person, number),
            party=seat + number * self._seats,
            replaces=number > 0,
            starts=False,
            talent=self._world.talent(role, person, number) if self._mechanisms.skill else 0.0,
            from_h=min(tenure.from_day * HOURS_PER_DAY, self._end_h),
            to_h=min(tenure.to_day * HOURS_PER_DAY, self._end_h),
            vacant_h=(next_day - tenure.to_day) * HOURS_PER_DAY,
        )

    def _calendar(self, place: Place, tenures: Sequence[Tenure]) -> Calendar:
        """The open days of a seat: somebody holds it and is there."""
        closed = {day for left, come in pairwise(tenures) for day in range(left.to_day, come.from_day)}
        closed.update((*range(tenures[0].from_day), *range(tenures[-1].to_day, self.days)))
        if self._may_be_absent:
            for tenure in tenures:
                absent = self._world.absent_days(place.role, place.person, self.days, tenure.vacancy)
                closed.update(day for day in absent if tenure.from_day <= day < tenure.to_day)
        if not closed:
            return self._common
        return OfficeHours([day for day in self._open_days if day not in closed], self._hours_per_day)
