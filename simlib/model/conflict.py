"""Two of ours meet at a customer (X1), pass a deal on (X6), share credit (X5) or disagree as bosses (X4), or channels
take from each other (X7) or leave complaints unanswered (X8): what it takes, and what is written down of it.

Duplicate pursuit: sellers on whose lists the account stands pursue the same need. Crowding: another of our sellers was
at the account's door within the contact window, for another need. Conflict is an of-which of hours and money already
booked, never subtracted again (design 3.5).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from simlib.ledger import Journal
from simlib.model.deals import Deal, Lead
from simlib.model.person import Person
from simlib.scenario.designs import Engagement
from simlib.scenario.mechanisms import Credit, HandOff, Overlap
from simlib.units import HOURS_PER_DAY

DUPLICATE, CROWDING, WASTED_CALL, DUTY_GAP, DUAL_REPORTING, CREDIT, SHOWROOMING, ENCROACHMENT, *_MORE = range(11)
TERRITORY, COMPLAINED, DIVERSION = _MORE
"""Kinds (codes of `ledger.CONFLICTS`)."""
_CAUSE = {DUPLICATE: 0, CROWDING: 1, WASTED_CALL: 0, DUTY_GAP: 2, DUAL_REPORTING: 3, CREDIT: 4,
          SHOWROOMING: 5, ENCROACHMENT: 6, TERRITORY: 7, COMPLAINED: 8, DIVERSION: 9}  # fmt: skip
"""Cause of each kind (codes of `ledger.CAUSES`)."""
NOBODY = -1
"""Where a conflict has no other party."""


def in_channel(party: int) -> int:
    """Who sells in a channel, by number, as the journal has a party of a conflict: below `NOBODY`, so that no seat is
    meant. It is its own inverse.

    >>> [in_channel(0), in_channel(3), in_channel(in_channel(3))]
    [-2, -5, 3]
    """
    return -2 - party


class Rules(Protocol):
    """How sellers who meet at a customer get along."""

    confusion: float
    """Log-odds lost while several pursue a lead."""
    crowding: float
    """Log-odds lost when another seller was at the door."""
    settling_hours: float
    colleagues_call: bool
    """Whether colleagues on whose lists the account stands call it too."""

    def may_join(self, lead: Lead) -> bool:
        """Whether a colleague's call may open another pursuit of a lead."""

    def at_the_door(self, deal: Deal, account: int, person: Person, now: float) -> int:
        """A seller works with an account; the seat of another seller who was there for another need, or -1."""


Doors = dict[int, dict[int, tuple[int, float]]]
"""By account and need: the seat that was at the door last, and when."""


class Peace:
    """Overlap off: lists are disjoint by account, and nobody is confused."""

    confusion = crowding = settling_hours = 0.0
    colleagues_call = False

    def may_join(self, lead: Lead) -> bool:
        return False

    def at_the_door(self, deal: Deal, account: int, person: Person, now: float) -> int:
        return -1


class Meeting:
    """Overlap on."""

    colleagues_call = True

    def __init__(self, overlap: Overlap, engagement: Engagement | None = None, doors: Doors | None = None) -> None:
        """`engagement`: who may join a pursuit, if the design says it. `doors`: who has been at which so far."""
        self.confusion, self.crowding = overlap.confusion, overlap.crowding
        self.settling_hours = overlap.settling_hours
        self._per_need = (engagement or overlap.account_owner) == "per_need"
        self._window_h = overlap.contact_window_days * HOURS_PER_DAY
        self._doors: Doors = {} if doors is None else doors

    def may_join(self, lead: Lead) -> bool:
        return self._per_need and lead.open

    def at_the_door(self, deal: Deal, account: int, person: Person, now: float) -> int:
        seat, need, met = person.seat, deal.lead.need, -1
        door = self._doors.setdefault(account, {})
        door[need] = (seat, now)
        if len(door) > 1:
            for other, (visitor, when) in list(door.items()):
                if now - when > self._window_h:
                    del door[other]
                elif other != need and visitor != seat:
                    met = visitor
        return met


def overlap_rules(overlap: Overlap | None, engagement: Engagement | None, doors: Doors) -> Rules:
    """The rules of a scenario's overlap mechanism, under a design's rules of engagement."""
    return Meeting(overlap, engagement, doors) if overlap else Peace()


class Losses(NamedTuple):
    """What a change of hands costs (P18)."""

    forgets: float
    """Log-odds at every later gate."""
    drops: float
    """Probability that nobody goes on."""
    hours: float
    """Of the one who takes over."""


def losses_between_hands(hand_off: HandOff | None, clarity: float) -> Losses:
    """What a change of hands costs where so much of the duties is written down (RACI)."""
    if hand_off is None:
        return Losses(0.0, 0.0, 0.0)
    unclear = 1 - clarity
    return Losses(hand_off.forgotten * unclear, hand_off.dropped * unclear, hand_off.hours * unclear)


class Claims(NamedTuple):
    """How those who worked on a won deal share its credit (X5)."""

    disputed: float
    """Probability that they quarrel."""
    hours: float
    """Of each, if they do."""


def claims_to_credit(credit: Credit | None, clarity: float) -> Claims:
    """How credit is shared where so much of the shares is written down."""
    return Claims(credit.dispute_probability * (1 - clarity), credit.hours) if credit else Claims(0.0, 0.0)


class Met(NamedTuple):
    """Two who met: people, by seat, or those who sell in channels (`in_channel`)."""

    kind: int
    seller: int
    """The one whose hours, odds or sale it took."""
    other: int
    need: int
    """Number of the seller's need."""


class Row(NamedTuple):
    """A conflict as it was written down."""

    met: Met
    at: float
    hours: float
    amount: int
    """What it took from the first of the two, in minor units."""


class ConflictBook:
    """Writes conflicts down, with the hours and the money they took."""

    def __init__(self, journal: Journal, hour_cost: list[float]) -> None:
        """`hour_cost`: cost of an hour of each seat, in minor units."""
        self._journal, self._hour_cost, self._count = journal, hour_cost, 0
        self.listeners: list[Callable[[Row], object]] = []
        """Whoever is told of each conflict."""

    def write(self, met: Met, at: float, *, hours: float = 0.0, lost: float = 0.0) -> None:
        """`lost`: expected margin lost beside the hours, in minor units; of who sells in a channel, all that was lost.

        Hours of who sells in a channel have no pay here.
        """
        pay = hours * self._hour_cost[met.seller] if met.seller >= 0 else 0.0
        amount = round(pay + lost)
        self._journal.conflicts.extend(
            (self._count, met.kind, at, met.seller, met.other, met.need, _CAUSE[met.kind], hours, amount)
        )
        self._count += 1
        row = Row(met, at, hours, amount)
        for told in self.listeners:
            told(row)
