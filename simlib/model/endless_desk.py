"""What remains of a desk where queueing is off: nothing waits for anything else."""

from __future__ import annotations

from collections.abc import Sequence

from simlib.model.clock import EXPIRY, PICK_UP, Moment
from simlib.model.desk import DROPPED, LEFT, STILL_WAITING, WITHDRAWN, Desk, Task, Timesheet
from simlib.model.person import Person


class EndlessDesk(Desk):
    """A desk whose people begin every task as soon as they are at work: tasks overlap, none waits for another."""

    def __init__(self, number: int, people: Sequence[Person], timesheet: Timesheet) -> None:
        super().__init__(number, people, timesheet)
        self._coming: dict[Task, None] = {}
        """Tasks that wait for the next opening, in the order in which they were asked."""

    def submit(self, task: Task) -> Task:
        """Begin a task at the next opening of its person's hours."""
        task.desk = self
        self._coming[task] = None
        person = task.person or self.people[task.need % len(self.people)]
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
            task.callbacks.append(lambda _: self._released(person))
            self.timesheet.begin(task, person, self.number)

    def hand_on(self, task: Task, to: Desk) -> None:
        """Nothing to do: whoever is to begin the task does so at the next opening."""

    def move(self, person: Person, to: Desk) -> None:
        """Somebody goes to another desk."""
        self.people.remove(person)
        to.people.append(person)
        person.desk = to

    def _give_up(self, task: Task, end: int) -> None:
        if task in self._coming:
            del self._coming[task]
            self.timesheet.give_up(task, self.number, end)

    def _released(self, person: Person) -> None:
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
