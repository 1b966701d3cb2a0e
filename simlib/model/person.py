"""Somebody on a seat, as the event loop has them."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from simlib.model.ramp import Pace
from simlib.units import Calendar

if TYPE_CHECKING:
    from simlib.model.desk import Desk


class Person:
    """Somebody on a seat."""

    __slots__ = (
        *("busy", "calendar", "desk", "free_since", "number", "seat", "talent"),
        *("party", "leaves_h", "vacant_h", "until_h", "pace", "learned", "learned_h"),
    )

    def __init__(self, number: int, seat: int, calendar: Calendar, talent: float) -> None:
        """`number`: in the role's pool. `seat`: number of the position held. `talent`: log-odds."""
        self.number, self.seat, self.calendar, self.talent = number, seat, calendar, talent
        self.free_since, self.busy = 0.0, 0
        self.desk: Desk | None = None
        """Where the person sits; set by the desk."""
        self.party = seat
        """Number of who holds the seat now, among all who may in the run (`Holder.party`)."""
        self.leaves_h, self.vacant_h = inf, 0.0
        """When that is over, and for how long the seat is vacant then."""
        self.until_h = 0.0
        """Until when there is something in hand, of all that was ever begun."""
        self.pace: Pace | None = None
        """Where people on the seat begin slowly."""
        self.learned = self.learned_h = 0.0
        """Courses that were not forgotten when the last one ended, and when it did."""
