"""Who holds which seat from when to when, laid out before time starts: people come, learn and go (R, I7).

To the event loop a seat is one `Person` with one calendar, the open days of all who hold it; while it is vacant it is
closed. What is in hand when somebody leaves lies until the replacement comes, who finishes it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from simpy import Environment

from simlib.model.clock import ARRIVAL, Moment
from simlib.model.person import Person
from simlib.model.ramp import Pace
from simlib.org.organisation import Organisation, Stint
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
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Holder:
    """A person's time on a seat."""

    seat: int
    name: str
    key: int
    """Of the person's draws."""
    replaces: bool
    """Whether the seat was another's before."""
    starts: bool
    """Whether a change of designs brought the seat, and this is the first on it."""
    talent: float
    """Log-odds."""
    from_h: float
    to_h: float
    """Not after the end of the run."""
    vacant_h: float
    """Hours for which the seat is vacant afterwards, as far as calendars reach."""


class Staff:
    """All who hold a seat in a run, each by a number: who is there at time zero has the number of the seat."""

    def __init__(self, seats: Sequence[Sequence[Holder]]) -> None:
        """`seats`: by seat, who holds it, in the order of time."""
        self.holders = [seat[0] for seat in seats] + [holder for seat in seats for holder in seat[1:]]
        self._apart = 2 * max(holder.to_h for holder in self.holders)
        from_h = np.array([holder.from_h for holder in self.holders])
        self._to_h = np.array([holder.to_h for holder in self.holders])
        self._seat = np.array([holder.seat for holder in self.holders])
        keys = self._seat * self._apart + from_h
        self._order = np.argsort(keys)
        self._keys = keys[self._order]

    def at_work(self, seat: Ints, starts: Floats) -> Ints:
        """Who holds seats when spells of work begin; -1 where a seat is vacant."""
        last = self._order[np.searchsorted(self._keys, seat * self._apart + starts, side="right") - 1]
        return np.where((starts < self._to_h[last]) & (self._seat[last] == seat), last, -1)

    def latest(self, seat: Ints, at: Floats) -> Ints:
        """Who came to seats last before some instants, or was there from the start; -1 for no seat."""
        came = np.searchsorted(self._keys, np.where(at > 0, seat * self._apart + at, np.inf), side="left") - 1
        last = self._order[np.maximum(came, 0)]
        # Nobody has come yet to a seat that a change will bring: whoever does is meant.
        return np.where(seat < 0, -1, np.where((at > 0) & (self._seat[last] == seat), last, seat))


def seat_people(organisation: Organisation, world: World, mechanisms: Mechanisms) -> tuple[list[Person], Staff]:
    """Who sits where: per role the first persons of the pool, in keyed order, and whoever comes after each.

    All are of equal talent where skill is off, and never absent where queueing is off: then hours are endless.
    """
    seating = _Seating(world, mechanisms)
    found: dict[int, tuple[Person, list[Holder]]] = {}
    stints = organisation.stints
    for role in dict.fromkeys(stint.position.role for stint in stints):
        seats = [seat for seat, stint in enumerate(stints) if stint.position.role == role]
        first = sum(seat < len(organisation.positions) for seat in seats)
        pool = [*world.people(role, first), *range(first, len(seats))]  # seats that come later change nobody's place
        for seat, person in zip(seats, pool, strict=True):
            found[seat] = seating.seat(seat, person, stints[seat])
    people, holders = zip(*(found[seat] for seat in sorted(found)), strict=True)
    return list(people), Staff(holders)


def let_come(env: Environment, people: Sequence[Person], staff: Staff, greet: Callable[[int], None]) -> None:
    """See to it that everybody takes the seat on the first day. `greet`: told the seat of who replaces another."""
    for party, holder in enumerate(staff.holders):
        sit = _Arrival(people[holder.seat], party, holder, greet)
        if holder.from_h > 0:
            Moment(env, holder.from_h, ARRIVAL - 1, sit)
        else:
            sit(None)


class _Arrival:
    """Somebody takes a seat."""

    def __init__(self, person: Person, party: int, holder: Holder, greet: Callable[[int], None]) -> None:
        self._person, self._party, self._holder, self._greet = person, party, holder, greet

    def __call__(self, _: object) -> None:
        person, holder = self._person, self._holder
        person.party, person.talent, person.learned = self._party, holder.talent, 0.0
        person.leaves_h, person.vacant_h = holder.to_h, holder.vacant_h
        if holder.replaces:
            self._greet(holder.seat)


def common_calendar(world: World) -> Calendar:
    """The calendar of somebody who is never absent."""
    spec = world.scenario.calendar
    days = int(run_days(world.scenario)) + SPARE_DAYS
    return working_calendar(first_day(world.scenario), days, spec.hours_per_week, spec.holidays)


def last_notice_day(to_day: float) -> int:
    """The day after the last of a month's notice, for a seat that a change gives up on a day."""
    return math.ceil(to_day) + NOTICE_DAYS


class _Seating:
    """Lays out one seat after another."""

    def __init__(self, world: World, mechanisms: Mechanisms) -> None:
        spec = world.scenario.calendar
        self._world, self._mechanisms, self._common = world, mechanisms, common_calendar(world)
        self._end_h = run_days(world.scenario) * HOURS_PER_DAY
        self._days = int(run_days(world.scenario)) + SPARE_DAYS
        office = spec.hours_per_week
        self._hours_per_day = office / 5 if office else HOURS_PER_DAY
        every_day = range(self._days)
        self._open_days = working_days(first_day(world.scenario), self._days, spec.holidays) if office else every_day
        self._may_be_absent = bool(office and mechanisms.queueing)
        ramp = mechanisms.ramp
        change = mechanisms.transition
        self._hiring_days = round(change.hiring_days) if change else 0
        self._start_speed = ramp.start_speed if ramp else 1.0
        self._ramp_h = ramp.days * (office / 7 if office else HOURS_PER_DAY) if ramp else 0.0

    def seat(self, seat: int, person: int, stint: Stint) -> tuple[Person, list[Holder]]:
        """Who sits on a seat whose first person is stated: as the event loop has it, and as the books do."""
        role, first, behind = stint.position.role, *self._exists(stint)
        tenures = self._world.tenures(role, person, self._mechanisms.turnover, self._days)
        tenures = [
            tenure._replace(from_day=max(tenure.from_day, first), to_day=min(tenure.to_day, behind))
            for tenure in tenures
            if tenure.to_day > first and tenure.from_day < (behind if stint.to_day is None else stint.to_day)
        ] or [Tenure(0, self._days, self._days)]
        calendar = self._calendar(role, person, tenures)
        sitting = Person(person, seat, calendar, 0.0)
        within = [tenure for tenure in tenures if tenure.from_day * HOURS_PER_DAY < self._end_h] or tenures[:1]
        newcomers = [tenure for tenure in within if tenure.from_day]
        if self._ramp_h and self._start_speed < 1 and newcomers:
            begins = [calendar.hours_between(0.0, tenure.from_day * HOURS_PER_DAY) for tenure in newcomers]
            sitting.pace = Pace(begins, self._start_speed, self._ramp_h)
        next_days = [*(tenure.from_day for tenure in tenures[1:]), max(behind, self._days)]
        holders = [
            self._holder(seat, role, person, tenure, next_day)
            for tenure, next_day in zip(within, next_days, strict=False)
        ]
        if stint.from_day:
            sitting.leaves_h = 0.0  # nobody is there before
            holders[0] = replace(holders[0], replaces=False, starts=True)
        return sitting, holders

    def _exists(self, stint: Stint) -> tuple[int, int]:
        """Days from which and to which a seat has people: filled some time after the change that brings it, and kept
        for a month's notice after the one that gives it up."""
        comes = math.ceil(stint.from_day) + self._hiring_days if stint.from_day else 0
        goes = self._days if stint.to_day is None else min(last_notice_day(stint.to_day), self._days)
        return comes, goes

    def _holder(self, seat: int, role: str, person: int, tenure: Tenure, next_day: int) -> Holder:
        number = tenure.vacancy
        return Holder(
            seat=seat,
            name=f"{role} {person + 1}.{number}" if number else f"{role} {person + 1}",
            key=person_key(role, person, number),
            replaces=number > 0,
            starts=False,
            talent=self._world.talent(role, person, number) if self._mechanisms.skill else 0.0,
            from_h=min(tenure.from_day * HOURS_PER_DAY, self._end_h),
            to_h=min(tenure.to_day * HOURS_PER_DAY, self._end_h),
            vacant_h=(next_day - tenure.to_day) * HOURS_PER_DAY,
        )

    def _calendar(self, role: str, person: int, tenures: Sequence[Tenure]) -> Calendar:
        """The open days of a seat: somebody holds it and is there."""
        closed = {day for left, come in pairwise(tenures) for day in range(left.to_day, come.from_day)}
        closed.update((*range(tenures[0].from_day), *range(tenures[-1].to_day, self._days)))
        if self._may_be_absent:
            for tenure in tenures:
                absent = self._world.absent_days(role, person, self._days, tenure.vacancy)
                closed.update(day for day in absent if tenure.from_day <= day < tenure.to_day)
        if not closed:
            return self._common
        return OfficeHours([day for day in self._open_days if day not in closed], self._hours_per_day)
