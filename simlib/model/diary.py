"""What was a month like for everybody: hours worked, hours spent in conflict, margin brought in?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simlib.ledger import IDLE, SCHEMA
from simlib.model.deals import WON
from simlib.org.pay_periods import first_day
from simlib.units import HOURS_PER_DAY

if TYPE_CHECKING:
    from simlib.model.firm import Firm

Floats = NDArray[np.float64]


class Month(NamedTuple):
    """What the month that ends now was like, by seat."""

    begins_h: float
    worked_h: Floats
    conflict_h: Floats
    brought: Floats
    """Margin of what was signed, in minor units."""


class Diary:
    """Reads a month off the journal."""

    def __init__(self, firm: Firm) -> None:
        self._firm = firm
        self._work_read = self._conflicts_read = 0
        self._in_hand = np.empty((0, len(SCHEMA["work"]) - 1))
        """Spells that were not over when the last month was."""
        self._since_h = 0.0

    def month(self) -> Month:
        """The month that ends now."""
        calendar, now = self._firm.earnings.calendar, self._firm.env.now
        begins = first_day(calendar.months[int(now // HOURS_PER_DAY)] - 1)
        month = Month(
            (begins - calendar.start).days * HOURS_PER_DAY, self._worked(now), self._conflict(), self._brought(now)
        )
        self._since_h = now
        return month

    def _worked(self, now: float) -> Floats:
        people, journal = self._firm.people, self._firm.journal
        new = np.array(journal.work[self._work_read :]).reshape(-1, self._in_hand.shape[1])
        self._work_read = len(journal.work)
        rows = np.concatenate([self._in_hand, new[new[:, 2] != IDLE]])
        self._in_hand = rows[rows[:, 4] > now]
        starts, ends = np.maximum(rows[:, 3], self._since_h), np.minimum(rows[:, 4], now)
        found = np.zeros(len(people))
        for person in people:
            mine = (rows[:, 0] == person.seat) & (starts < ends)
            _, begins, closes = person.calendar.pieces(starts[mine], ends[mine])
            found[person.seat] = (closes - begins).sum()
        return found

    def _conflict(self) -> Floats:
        journal, columns = self._firm.journal, list(SCHEMA["conflicts"])
        rows = np.array(journal.conflicts[self._conflicts_read :]).reshape(-1, len(columns))
        self._conflicts_read = len(journal.conflicts)
        rows = rows[rows[:, columns.index("party")] >= 0]  # not of parties of channels
        seats, hours = rows[:, columns.index("party")].astype(int), rows[:, columns.index("hours")]
        return np.bincount(seats, hours, minlength=len(self._firm.people)).astype(float)

    def _brought(self, now: float) -> Floats:
        found = np.zeros(len(self._firm.people))
        for lead in self._firm.leads.values():
            if lead.outcome == WON and self._since_h <= lead.closed_h < now:
                found[lead.owner] += self._firm.way.margin(lead.need, lead.discount)
        return found
