"""What waits where several people serve one queue, but some of it is only for one of them."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush
from typing import Any

from simlib.model.clock import PICK_UP, Moment
from simlib.model.desk import DROPPED, STILL_WAITING, Desk, Task, Timesheet
from simlib.model.person import Person


class TeamDesk(Desk):
    """A desk at which several may sit: beside the common queue everybody has a list of what nobody else can do, such
    as to meet the boss. Of the two heads the smaller key comes first."""

    def __init__(self, number: int, people: Sequence[Person], timesheet: Timesheet) -> None:
        super().__init__(number, people, timesheet)
        self._own: dict[Person, list[tuple[Any, ...]]] = {}
        """The lists that are not empty; heaps as the queue is."""

    def submit(self, task: Task) -> Task:
        """Queue a task, or put it on its person's own list."""
        if task.person is None:
            return super().submit(task)
        self.take_over(task)
        return task

    def take_over(self, task: Task) -> None:
        """Queue a task that waited elsewhere."""
        if task.person is None:
            super().take_over(task)
            return
        self._count += 1
        task.desk = self
        heappush(self._own.setdefault(task.person, []), (*task.key, self._count, task))
        self._call(task.person)

    def _call(self, person: Person) -> None:
        """See to it that somebody who is free looks at the list."""
        now = self.env.now
        if not person.busy:
            Moment(self.env, person.calendar.next_open(now), PICK_UP + self.number, lambda _: self._look(person))

    def _look(self, person: Person) -> None:
        if person in self._own:  # otherwise it is empty, or went with the person to another desk
            self._take(self.env.now)

    def _take(self, now: float) -> None:
        self._take_own(now)
        super()._take(now)
        self._take_own(now)

    def _take_own(self, now: float) -> None:
        """The idle who are at work take what comes before the queue from their lists."""
        for person in list(self._own):
            if person.calendar.is_open(now):
                own = self._own[person]
                while own and not person.busy and not (self._queue and self._queue[0] < own[0]):
                    self._begin(heappop(own)[-1], person)
                if not own:
                    del self._own[person]

    def _begin(self, task: Task, person: Person) -> None:
        if task.withdrawn:
            return
        if task.deadline < self.env.now:
            self.timesheet.give_up(task, self.number, DROPPED)
            return
        self._idle.remove(person)
        assert task.callbacks is not None
        task.callbacks.append(self._finished)
        self.timesheet.begin(task, person, self.number)

    def _finished(self, task: Any) -> None:
        super()._finished(task)
        if task.value in self._own:
            self._call(task.value)

    def welcome(self, person: Person) -> None:
        """Somebody who is free sits down."""
        super().welcome(person)
        if person in self._own:
            self._call(person)

    def note_hours(self) -> None:
        """The hours of people who sit here have changed."""
        super().note_hours()
        for person in self._own:
            self._call(person)

    def move(self, person: Person, to: Desk) -> None:
        """Somebody goes to another desk, and the own list along."""
        for *_, task in sorted(self._own.pop(person, ())):
            to.take_over(task)
        super().move(person, to)

    def close(self) -> None:
        """The run ends: write down who is idle and what still waits."""
        super().close()
        for own in self._own.values():
            for *_, task in sorted(own):
                if not task.withdrawn:
                    self.timesheet.note_end(task, self.number, STILL_WAITING)
