"""A lead and the deals that pursue it: the state that the life of a deal changes."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simlib.model.desk import Task

if TYPE_CHECKING:
    from simlib.model.conflict import Met

OPEN, WON, LOST, ABANDONED = 0, 1, 2, 3
"""Outcomes (codes of `ledger.OUTCOMES`)."""
Asking = Generator[Any, Any, bool]
"""Waits for colleagues; returns whether the customer is still there for us."""


class Lead:
    """A need that the organisation knows."""

    __slots__ = (
        *("need", "known_h", "first_contact_h", "closed_h", "outcome", "reason", "owner"),
        *("deals", "open_deals", "missed", "discount", "new_customer", "credited"),
    )

    def __init__(self, need: int, known_h: float) -> None:
        self.need, self.known_h = need, known_h
        self.first_contact_h = self.closed_h = float("nan")
        self.deals: list[Deal] = []
        self.open_deals = 0
        """How many pursue it."""
        self.outcome, self.reason, self.owner = OPEN, 0, -1
        self.missed: tuple[Met, float, float] | None = None
        """Conflict that failed a gate, when, and the expected margin in minor units: lost to it if the lead is lost."""

        self.discount = 0.0
        """Share of its value that was given away when it was signed."""
        self.credited: list[str] = []
        """Stages whose first passing was credited."""
        self.new_customer = False
        """Whether it was signed by an account that was no customer before."""

    def note_contact(self, at: float) -> None:
        """Somebody began to work with the customer; the first time counts."""
        if not self.first_contact_h <= at:
            self.first_contact_h = at

    @property
    def open(self) -> bool:
        """Whether it is undecided."""
        return self.outcome == OPEN


class Deal:
    """One seller's pursuit of a lead."""

    __slots__ = (
        *("lead", "routed_to", "seat", "party", "open", "hours", "waited_h", "met", "task"),
        *("changes", "forgotten", "extra_hours", "rounds"),
        *("pool_hours", "unsolved", "sponsored"),
        *("hands", "second_request", "discount", "devotion", "joined", "stage"),
    )

    def __init__(self, lead: Lead, routed_to: int) -> None:
        self.lead, self.routed_to = lead, routed_to
        self.seat = -1
        """Seat of the person who worked on it last; -1 before the first."""
        self.party = -1
        """That person."""
        self.open = True
        self.hours = 0.0
        self.waited_h = 0.0
        """Calendar hours that the customer waited for us."""
        self.met = False
        """Whether it has met a colleague's, and that was settled."""
        self.task: Task | None = None
        """What it asks of a desk now."""
        self.changes = 0
        """How often it has changed hands."""
        self.forgotten = 0.0
        """Log-odds lost with what earlier hands knew of the customer."""
        self.extra_hours = 0.0
        """Hours that its next task takes beside the stage's own: to take over."""
        self.rounds = 0
        """How often it was sent back to an earlier stage."""
        self.pool_hours: list[tuple[int, float]] = []
        """Desks of support pools that work on the stage in hand, and their hours."""
        self.unsolved = 0.0
        """Log-odds lost at the gate ahead by a problem that nobody could solve."""
        self.sponsored = 0.0
        """Log-odds won at the gate ahead by a head who joined."""
        self.hands: list[int] = []
        """Seats of those who have worked on it, each once."""
        self.second_request: Task | None = None
        """What a second boss is asked while the first one is."""
        self.discount = 0.0
        """Share of the value that the seller has promised to give away."""
        self.devotion = 0.0
        """Log-odds at the gate ahead of more or less than the usual work on the stage in hand."""
        self.joined = 0.0
        """Log-odds won at the gate ahead by a colleague who lent a hand."""
        self.stage = 0
        """The stage that it is in, or that comes when the customer is ready."""
        lead.deals.append(self)
        lead.open_deals += 1

    def done_with(self, task: Task) -> None:
        """What was asked of a desk is done or given up: the customer has waited for it."""
        self.waited_h += task.waited
        self.task = None

    @property
    def hours_spent(self) -> float:
        """Hours of the call and the tasks, the one in hand included."""
        return self.hours + (self.task.hours if self.task else 0.0)


def attended(deal: Deal, task: Task) -> Asking:
    """Wait until a colleague has done what he was asked for a deal, or gives it up."""
    person = yield task
    deal.waited_h += task.waited
    return person is not None and deal.open
