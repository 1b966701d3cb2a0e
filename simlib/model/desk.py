"""People who serve a queue: the only place where work meets finite hours.

A task waits at a desk until one of its people is free and at work; then it takes calendar time to the end of its
hours. `Desk` is the mechanism of queueing (`TeamDesk` where several sit); `EndlessDesk` remains when it is off.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heapify, heappop, heappush
from math import inf
from typing import Any

from simpy import Environment, Event
from simpy.events import PENDING

from simlib.ledger import IDLE, TRAVEL, Journal
from simlib.model.clock import COMPLETION, EXPIRY, PICK_UP, Moment
from simlib.model.person import Person

SERVED, LEFT, DROPPED, WITHDRAWN, STILL_WAITING = range(5)
"""How a wait ends (codes of `ledger.WAIT_ENDS`)."""


class Task(Event):
    """Work asked of a desk: an event, with the person by whom it was done, or with None if it was given up."""

    def __init__(self, env: Environment, need: int, activity: int, key: tuple[float, ...]) -> None:
        """`key`: of the waiting tasks the smallest is taken first."""
        super().__init__(env)
        self._ok, self._value = True, PENDING  # all attributes at once: late ones cost each task a dictionary
        self.need, self.activity, self.key = need, activity, key
        self.person: Person | None = None
        """Who alone can do it; none = whoever sits at the desk."""
        self.since = env.now
        self.started = inf
        self.hours = 0.0
        self.effort_h = 0.0
        """Hours that a stage asks for, before the pace of whoever does it, or that it takes to settle or meet."""
        self.patience_h = inf
        """Calendar hours in the queue after which the task goes."""
        self.deadline = inf
        """Instant after which the task is no longer worth beginning."""
        self.waited = 0.0
        """Calendar hours from asking to beginning or giving up."""
        self.withdrawn = False
        self.desk: Desk | None = None


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
        person.until_h = max(person.until_h, end)
        if end > person.leaves_h:
            task.waited += person.vacant_h  # it lies until the replacement comes
        task._value = person
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
        self.number, self.people, self.timesheet, self.env = number, list(people), timesheet, timesheet.env
        self._idle = list(people)
        self._queue: list[tuple[Any, ...]] = []
        """A heap of (*key, count, task): the count parts equal keys."""
        self._count = 0
        self._wakes_at = inf
        self._seat()

    def _seat(self) -> None:
        """The people have changed."""
        for person in self.people:
            person.desk = self
        calendars = {person.calendar for person in self.people}
        self._hours = calendars.pop() if len(calendars) == 1 else None
        """The hours of all of them, if they are the same."""
        self._wakes_at = inf  # whoever was to look at the queue may be gone

    def submit(self, task: Task) -> Task:
        """Queue a task."""
        self._count += 1
        task.desk = self
        heappush(self._queue, (*task.key, self._count, task))
        if task.patience_h < inf:
            Moment(self.env, task.since + task.patience_h, EXPIRY + task.need, lambda _: lose_patience(task))
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
            task = queue[0][-1]
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
        if person.desk is not self:
            person.desk.welcome(person)
            return
        self._idle.append(person)
        if self._queue:
            if self.env.peek() > now and self._hours and self._hours.is_open(now):
                self._take(now)
            else:
                self._wake(now)

    def welcome(self, person: Person) -> None:
        """Somebody who is free sits down."""
        self._idle.append(person)
        if self._queue:
            self._wake(self.env.now)

    def admit(self, people: Sequence[Person]) -> None:
        """People who sat nowhere before sit down."""
        self.people += people
        self._idle += people
        self.note_hours()

    def note_hours(self) -> None:
        """The hours of people who sit here have changed."""
        self._seat()
        if self._queue and self._idle:
            self._wake(self.env.now)

    def waiting(self) -> list[Task]:
        """Tasks in the queue."""
        return [task for *_, task in sorted(self._queue) if not task.withdrawn]

    def hand_on(self, task: Task, to: Desk) -> None:
        """A task that waits here goes to another desk."""
        self._queue = [row for row in self._queue if row[-1] is not task]
        heapify(self._queue)
        to.take_over(task)
        if to._idle:
            to._wake(self.env.now)

    def move(self, person: Person, to: Desk) -> None:
        """Somebody goes to another desk; a task in hand is finished first. What waits at a desk that nobody is left at
        goes along."""
        self.people.remove(person)
        to.people.append(person)
        self._seat()
        to._seat()
        if not self.people:
            for *_, task in sorted(self._queue):
                if not task.withdrawn:
                    to.take_over(task)
            self._queue.clear()
        if not person.busy:
            self._idle.remove(person)
            to._idle.append(person)
        for desk in (self, to):
            if desk._queue and desk._idle:
                desk._wake(self.env.now)

    def take_over(self, task: Task) -> None:
        """Queue a task that waited elsewhere."""
        self._count += 1
        task.desk = self
        heappush(self._queue, (*task.key, self._count, task))

    def withdraw(self, task: Task) -> None:
        """Take back a task that nobody has begun; its event never happens."""
        if task.started == inf and not task.withdrawn:
            self.timesheet.note_end(task, self.number, WITHDRAWN)

    def close(self) -> None:
        """The run ends: write down who is idle and what still waits."""
        self.timesheet.stop(self.people)
        for *_, task in sorted(self._queue):
            if not task.withdrawn:
                self.timesheet.note_end(task, self.number, STILL_WAITING)


def lose_patience(task: Task) -> None:
    """A task leaves the queue at which it waits by now, unless it has begun or was withdrawn."""
    if task.started == inf and not task.withdrawn and task.desk is not None:
        task.desk.timesheet.give_up(task, task.desk.number, LEFT)
