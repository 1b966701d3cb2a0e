"""What a change of designs costs those who go through it: customers who do not know the seller, and people who do not
like the new way (S13). Both fade with a half-life."""

from __future__ import annotations

from collections.abc import Iterable
from math import exp2
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from simlib.scenario.staffing import Transition
from simlib.units import HOURS_PER_DAY, on_grid

if TYPE_CHECKING:
    from simlib.model.assignment import Assignment, Leg


class Upheaval(Protocol):
    """What has changed for whom."""

    retraining_hours: float
    """Of everybody with another boss, unit or desk."""

    def note(self, before: Assignment, after: Assignment, now: float, moved: Iterable[int]) -> None:
        """Customers were divided anew, and some people (by number) have another boss, unit or desk."""

    def broken(self, need: int, stage: int, seat: int, now: float) -> float:
        """Log-odds that a seller loses at a gate because another one knew the customer."""

    def resistance(self, party: int, now: float) -> float:
        """Log-odds that somebody loses at a gate because of his own place."""


class Smooth:
    """Transition off."""

    retraining_hours = 0.0

    def note(self, before: Assignment, after: Assignment, now: float, moved: Iterable[int]) -> None:
        """Nobody minds."""

    def broken(self, need: int, stage: int, seat: int, now: float) -> float:
        return 0.0

    def resistance(self, party: int, now: float) -> float:
        return 0.0


class Passage(NamedTuple):
    """An account has passed from some sellers to others."""

    knew: frozenset[int]
    """Seats at the desk of its former owner."""
    took: frozenset[int]
    """Seats at the desk of its new one."""
    at_h: float


class Felt:
    """Transition on: most · 2^(−age / half-life), the age that of the change."""

    def __init__(self, rule: Transition) -> None:
        self.retraining_hours = float(on_grid(rule.retraining_hours))
        self._broken, self._resistance = rule.broken_log_odds, rule.resistance_log_odds
        self._broken_half_life_h = rule.broken_half_life_days * HOURS_PER_DAY
        self._resistance_half_life_h = rule.resistance_half_life_days * HOURS_PER_DAY
        self._passages: list[dict[int, Passage]] = []
        """By stage and need."""
        self._moved_h: dict[int, float] = {}
        """By person, when the last change of place was."""

    def note(self, before: Assignment, after: Assignment, now: float, moved: Iterable[int]) -> None:
        self._moved_h |= dict.fromkeys(moved, now)
        self._passages = self._passages or [{} for _ in after.leg_of]
        knew, took = _desk_mates(before), _desk_mates(after)
        for stage, leg in enumerate(after.leg_of):
            self._passages[stage] |= _passages(before.leg_of[stage], leg, (knew, took), now)

    def broken(self, need: int, stage: int, seat: int, now: float) -> float:
        passage = self._passages[stage].get(need) if self._passages else None
        if passage is None or seat in passage.knew or seat not in passage.took:
            return 0.0
        return self._broken * exp2((passage.at_h - now) / self._broken_half_life_h)

    def resistance(self, party: int, now: float) -> float:
        at = self._moved_h.get(party)
        return 0.0 if at is None else self._resistance * exp2((at - now) / self._resistance_half_life_h)


Mates = dict[int, frozenset[int]]
"""By seat, those at the same desk."""


def _desk_mates(assigned: Assignment) -> Mates:
    desks = [frozenset(desk.positions) for desk in assigned.organisation.desks]
    return {seat: mates for mates in desks for seat in mates}


def _passages(before: Leg, after: Leg, mates: tuple[Mates, Mates], now: float) -> dict[int, Passage]:
    """Needs whose account has passed to people at another desk."""
    was, is_now = before.lists[0], after.lists[0]
    pairs, inverse = np.unique(np.stack([was, is_now]), axis=1, return_inverse=True)
    knew, took = mates
    found: list[Passage | None] = []
    for old, new in pairs.T.tolist():
        known, taken = knew.get(old, frozenset()), took.get(new, frozenset())
        found.append(None if taken <= known else Passage(known, taken, now))
    return {need: passage for need, pair in enumerate(np.ravel(inverse)) if (passage := found[pair])}


def upheaval(rule: Transition | None) -> Upheaval:
    """What a change costs under a scenario's transition mechanism."""
    return Felt(rule) if rule else Smooth()
