"""Who held which seat from when to when, as the books know it (R, I7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Holder:
    """A person's time on a seat."""

    seat: int
    name: str
    key: int
    """Of the person's draws."""
    party: int
    """Number in a run, whoever else comes and goes: the seat's for the first of all, else that + vacancies before ×
    seats."""
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
        self._number = {holder.party: number for number, holder in enumerate(self.holders)}

    def numbers(self, parties: Floats) -> Ints:
        """Numbers here of people by their numbers in the run."""
        return np.array([self._number[party] for party in parties.astype(int).tolist()], dtype=np.int64)

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
