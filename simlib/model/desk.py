"""People who serve a queue: the only place where work meets finite hours.

A task waits at a desk until one of its people is free and at work; then it takes calendar time to the end of its
hours. `Desk` is the mechanism of queueing; `EndlessDesk` is what remains when it is off.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from math import inf
from typing import Any

from simpy import Environment, Event

from simlib.ledger import IDLE, TRAVEL, Journal
from simlib.model.clock import COMPLETION, EXPIRY, PICK_UP, Moment
from simlib.model.ramp import Pace
from simlib.units import Calendar

SERVED, LEFT, DROPPED, WITHDRAWN, STILL_WAITING = range(5)
"""How a wait ends (codes of `ledger.WAIT_ENDS`)."""


class Person:
    """Somebody on a seat."""

    __slots__ = ("busy", "calendar", "free_since", "number", "seat", "talent", *("party", "leaves_h", "vacant_h"),
                 *("pace", "learned", "learned_h"))  # fmt: skip

    def __init__(self, number: int, seat: int, calendar: Calendar, talent: float) -> None:
        """`number`: in the role's pool. `seat`: number of the position held. `talent`: log-odds."""
        self.number, self.seat, self.calendar, self.talent = number, seat, calendar, talent
        self.free_since, self.busy = 0.0, 0
        self.party = seat
        """Number of who holds the seat now, among all who do in the run (`staff.py`)."""
        self.leaves_h, self.vacant_h = inf, 0.0
        """When that is over, and for how long the seat is vacant then."""
        self.pace: Pace | None = None
        """Where people on the seat begin slowly."""
        self.learned = self.learned_h = 0.0
        """Courses that were not forgotten when the last one ended, and when it did."""


Rank = Callable[[float, int, int, int], tuple[float, ...]]
"""A rule that ranks waiting tasks by what is known of each: since when it waits, its stage, the customer's service
grade, the deal's value. The smallest rank is taken first."""


def oldest_first(since: float, stage: int, grade: int, value: int) -> tuple[float, ...]:
    """First come, first served."""
    return (since,)


def new_leads_first(since: float, stage: int, grade: int, value: int) -> tuple[float, ...]:
    """First contacts before everything else, the oldest first (P4)."""
    return (stage > 0, since)


def by_grade(since: float, stage: int, grade: int, value: int) -> tuple[float, ...]:
    """By service grade, 1 first (P2, P12)."""
    return (grade, since)


def highest_value_first(since: float, stage: int, grade: int, value: int) -> tuple[float, ...]:
    """The largest deal first."""
    return (-value, since)


NEXT_TASK: dict[str, Rank] = {
    "oldest_first": oldest_first,
    "new_leads_first": new_leads_first,
    "by_grade": by_grade,
    "highest_value_first": highest_value_first,
}


class Task(Event):
    """Work asked of a desk.

    The event happens when it is done, with the person who did it; or with None if it was given up.
    """

    def __init__(self, env: Environment, need: int, activity: int, key: tuple[float, ...]) -> None:
        """`key`: of the waiting tasks the smallest is taken first."""
        self.env = env
        self.callbacks = []
        self.need, self.activity, self.key = need, activity, key
        self.since = env.now
        self.started = inf
        self.hours = 0.0
        self.effort_h = 0.0
        """Hours of work that a stage asks for, before the pace of whoever does it."""
        self.patience_h = inf
        """Calendar hours in the queue after which the task goes."""
        self.deadline = inf
        """Instant after which the task is no longer worth beginning."""
        self.waited = 0.0
        """Calendar hours from asking to beginning or giving up."""
        self.withdrawn = False
        self.desk: Desk | EndlessDesk | None = None


class Timesheet:
    """Writes down who does what: the idle time before a task, the wait of the task, the road, the work."""

    def __init__(
        self, env: Environment, journal: Journal, hours: Callable[[Task, Person], tuple[float, float]]
    ) -> None:
        """`hours`: hours on the road and hours at work that a task takes a person."""
        self.env, self.journal, self.hours = env, journal, hours

    def begin(self, task: Task, person: Person, desk: int) -> None:
        """A person begins a task now; its event happens when it ends."""
        now, write = self.env.now, self.journal.work.extend
        if not person.busy and person.free_since < now:
            write((person.seat, -1, IDLE, person.free_since, now))
        person.busy += 1
        need, activity, seat, finish = task.need, task.activity, person.seat, person.calendar.finish
        task.started = begun = now
        task.waited = now - task.since
        self.journal.waits.extend((need, desk, activity, task.since, now, SERVED))
        road, labour = self.hours(task, person)
        task.hours = road + labour
        if road:
            begun = finish(now, road)
            write((seat, need, TRAVEL, now, begun))
        end = finish(begun, labour) if begun < inf else inf
        write((seat, need, activity, begun, end))
        if end > person.leaves_h:
            task.waited += person.vacant_h  # it lies until the replacement comes
        task._ok, task._value = True, person
        if end < inf:
            self.env.schedule(task, COMPLETION + need + 1, end - now)  # type: ignore[arg-type]

    def give_up(self, task: Task, desk: int, end: int) -> None:
        """A task leaves the queue undone."""
        self.note_end(task, desk, end)
        task.succeed(None)

    def note_end(self, task: Task, desk: int, end: int) -> None:
        """Write down that a task waits no longer, though nobody has begun it."""
        task.withdrawn = True
        task.waited = self.env.now - task.since
        self.journal.waits.extend((task.need, desk, task.activity, task.since, self.env.now, end))

    def stop(self, people: Sequence[Person]) -> None:
        """The run ends: write down the idle time that runs on."""
        for person in people:
            if not person.busy and person.free_since < self.env.now:
                self.journal.work.extend((person.seat, -1, IDLE, person.free_since, self.env.now))


class Desk:
    """A queue with finite hours."""

    def __init__(self, number: int, people: Sequence[Person], timesheet: Timesheet) -> None:
        self.number, self.people, self.timesheet, self.env = number, tuple(people), timesheet, timesheet.env
        self._idle = list(people)
        self._queue: list[tuple[tuple[float, ...], int, Task]] = []
        self._count = 0
        self._wakes_at = inf
        self._hours = people[0].calendar if all(person.calendar is people[0].calendar for person in people) else None

    def submit(self, task: Task) -> Task:
        """Queue a task."""
        self._count += 1
        task.desk = self
        heappush(self._queue, (task.key, self._count, task))
        if task.patience_h < inf:
            Moment(self.env, task.since + task.patience_h, EXPIRY + task.need, lambda _: self._lose_patience(task))
        if self._idle and self._wakes_at == inf:
            self._wake(self.env.now)
        return task

    def _wake(self, now: float) -> None:
        """See to it that the next of the idle who is at work looks at the queue."""
        when = (
            self._hours.next_open(now) if self._hours else min(person.calendar.next_open(now) for person in self._idle)
        )
        if when < self._wakes_at:
            self._wakes_at = when
            Moment(self.env, when, PICK_UP + self.number, self._pick_up)

    def _pick_up(self, _: Event) -> None:
        now = self.env.now
        if now == self._wakes_at:
            self._wakes_at = inf
            self._take(now)

    def _take(self, now: float) -> None:
        """The idle who are at work take what waits."""
        queue, idle = self._queue, self._idle
        while queue and idle:
            task = queue[0][2]
            if task.withdrawn:
                heappop(queue)
            elif task.deadline < now:
                heappop(queue)
                self.timesheet.give_up(task, self.number, DROPPED)
            else:
                present = idle if self._hours else [person for person in idle if person.calendar.is_open(now)]
                if not present:
                    self._wake(now)
                    return
                heappop(queue)
                person = present[0] if len(present) == 1 else self._quickest(task, present)
                idle.remove(person)
                assert task.callbacks is not None
                task.callbacks.append(self._finished)
                self.timesheet.begin(task, person, self.number)

    def _quickest(self, task: Task, present: Sequence[Person]) -> Person:
        """Whom the task takes the least time; among equals who has been idle longest."""
        hours = self.timesheet.hours
        return min(present, key=lambda person: sum(hours(task, person)))

    def _finished(self, task: Any) -> None:
        """A person is free again, and takes the next task: at once if nothing else can happen at this instant. Whoever
        waited for the task has gone on before: this is the last of its callbacks."""
        now, person = self.env.now, task.value
        person.busy = 0
        person.free_since = now
        self._idle.append(person)
        if self._queue:
            if self.env.peek() > now and self._hours and self._hours.is_open(now):
                self._take(now)
            else:
                self._wake(now)

    def withdraw(self, task: Task) -> None:
        """Take back a task that nobody has begun; its event never happens."""
        if task.started == inf and not task.withdrawn:
            self.timesheet.note_end(task, self.number, WITHDRAWN)

    def close(self) -> None:
        """The run ends: write down who is idle and what still waits."""
        self.timesheet.stop(self.people)
        for _, _, task in sorted(self._queue):
            if not task.withdrawn:
                self.timesheet.note_end(task, self.number, STILL_WAITING)

    def _lose_patience(self, task: Task) -> None:
        if task.started == inf and not task.withdrawn:
            self.timesheet.give_up(task, self.number, LEFT)


class EndlessDesk:
    """A desk whose people begin every task as soon as they are at work: tasks overlap, none waits for another."""

    def __init__(self, number: int, people: Sequence[Person], timesheet: Timesheet) -> None:
        self.number, self.people, self.timesheet, self.env = number, tuple(people), timesheet, timesheet.env
        self._coming: dict[Task, None] = {}
        """Tasks that wait for the next opening, in the order in which they were asked."""

    def submit(self, task: Task) -> Task:
        """Begin a task at the next opening of its person's hours."""
        task.desk = self
        self._coming[task] = None
        person = self.people[task.need % len(self.people)]
        starts = person.calendar.next_open(self.env.now)
        left = task.since + task.patience_h
        if left < starts:
            Moment(self.env, left, EXPIRY + task.need, lambda _: self._give_up(task, LEFT))
        else:
            Moment(self.env, starts, PICK_UP + self.number, lambda _: self._begin(task, person))
        return task

    def _begin(self, task: Task, person: Person) -> None:
        if task.deadline < self.env.now:
            self._give_up(task, DROPPED)
        elif task in self._coming:
            del self._coming[task]
            assert task.callbacks is not None
            task.callbacks.append(lambda _: self._finished(person))
            self.timesheet.begin(task, person, self.number)

    def _give_up(self, task: Task, end: int) -> None:
        if task in self._coming:
            del self._coming[task]
            self.timesheet.give_up(task, self.number, end)

    def _finished(self, person: Person) -> None:
        person.busy -= 1
        if not person.busy:
            person.free_since = self.env.now

    def withdraw(self, task: Task) -> None:
        """Take back a task that nobody has begun; its event never happens."""
        if task in self._coming:
            del self._coming[task]
            self.timesheet.note_end(task, self.number, WITHDRAWN)

    def close(self) -> None:
        """The run ends: write down who is idle and what still waits."""
        self.timesheet.stop(self.people)
        for task in self._coming:
            self.timesheet.note_end(task, self.number, STILL_WAITING)
