"""Who sits at which desk, as long as people move between them (`review.py`, `transition.py`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simlib.model.desk import Desk, Timesheet
from simlib.model.person import Person
from simlib.org.organisation import Organisation
from simlib.scenario.designs import SUPPORT


class Office:
    """All desks of a run, by number and by name."""

    def __init__(self, people: Sequence[Person], timesheet: Timesheet, kinds: tuple[type[Desk], type[Desk]]) -> None:
        """`people`: by seat. `kinds`: what somebody's own desk is, and one at which several may sit."""
        self._people, self._timesheet = people, timesheet
        self._own, self._common = kinds
        self.desks: list[Desk] = []
        self._number: dict[str, int] = {}
        self.desk_of: dict[int, Desk] = {}
        """By seat."""
        self.gone: set[int] = set()
        """Seats that a change of designs gave up."""
        self._heirs: dict[int, int] = {}
        """By such a seat, the one that does its work now."""
        self._pools: set[Desk] = set()
        self._instead: dict[Desk, Desk] = {}
        """Who takes over from a desk at which nobody is left."""
        self._apart: dict[Desk, Desk] = {}
        """Who does what is asked of those who only finish what they have in hand."""

    @property
    def names(self) -> list[str]:
        """By number of the desk."""
        return list(self._number)

    def numbers(self, organisation: Organisation) -> list[int]:
        """Numbers of an organisation's desks."""
        return [self._number[desk.id] for desk in organisation.desks]

    def seat(self, organisation: Organisation) -> dict[int, Desk]:
        """Everybody sits down where an organisation has them; returned: by seat, the desk that was left for another."""
        left: dict[int, Desk] = {}
        for desk in organisation.desks:
            own = [organisation.positions[seat].id for seat in desk.positions] == [desk.id]
            there = self._desk(desk.id, self._own if own else self._common)
            newcomers = [seat for seat in desk.positions if seat not in self.desk_of]
            there.admit([self._people[seat] for seat in newcomers])
            self.desk_of |= dict.fromkeys(newcomers, there)
            for seat in desk.positions:
                if self.desk_of[seat] is not there:
                    left[seat] = self._move(seat, there)
            if organisation.positions[desk.positions[0]].role == SUPPORT:
                self._pools.add(there)
        return left

    def _move(self, seat: int, there: Desk) -> Desk:
        desk = self.desk_of[seat]
        desk.move(self._people[seat], there)
        self.desk_of[seat] = there
        return desk

    def _desk(self, name: str, kind: type[Desk]) -> Desk:
        """A desk by its name, set up if there is none yet."""
        if name not in self._number:
            self._number[name] = len(self.desks)
            self.desks.append(kind(len(self.desks), [], self._timesheet))
        return self.desks[self._number[name]]

    def send_away(self, seat: int, name: str) -> None:
        """Somebody who has no seat any more goes to a desk apart, to finish what is in hand."""
        self.gone.add(seat)
        self._move(seat, self._desk(f"{name}, leaving", self._own))

    def bequeath(self, heirs: Mapping[int, int]) -> None:
        """Seats that are given up have heirs: what is asked of them, or waits where they finish, is theirs."""
        self._heirs = {seat: heirs.get(heir, heir) for seat, heir in self._heirs.items()} | dict(heirs)
        self._apart = {self.desk_of[seat]: self.desk_of[heir] for seat, heir in self._heirs.items()}

    def heir(self, seat: int) -> int:
        """The seat that does the work of one: itself, unless it was given up."""
        return self._heirs.get(seat, seat)

    def replace(self, by: Mapping[Desk, Desk]) -> None:
        """What is asked of desks at which nobody is left is asked of others from now on."""
        known = {desk: by.get(other, other) for desk, other in self._instead.items() if not desk.people}
        self._instead = {**known, **by}

    def stand_in(self, desk: Desk) -> Desk:
        """The desk that does the work of one: itself, unless nobody is left there."""
        return self._apart.get(desk) or self._instead.get(desk, desk)

    def is_pool(self, desk: Desk) -> bool:
        """Whether support staff sit there."""
        return desk in self._pools and bool(desk.people)
