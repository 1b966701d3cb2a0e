"""Bosses coach the sellers who report to them, with what is left of their hours (R, P16).

A session is a task behind everything else at the boss's desk, calls included: a boss with many requests, problems and
reports coaches nobody. Who is coached passes gates more often, and looks at the firm's margin beside the own pay.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Protocol

from simpy import Event

from simlib.ledger import COACHING
from simlib.model.clock import ARRIVAL, Life, Moment
from simlib.model.desk import Task
from simlib.model.person import Person
from simlib.scenario import staffing
from simlib.units import HOURS_PER_DAY, on_grid

if TYPE_CHECKING:
    from simlib.model.firm import Firm

_LAST = 2
"""Class of a session among the tasks of a desk: behind calls."""


class Coaching(Protocol):
    """What has come of coaching."""

    every_h: float
    """Calendar hours between the sessions of a report; infinite = none."""

    def coached(self, person: Person, now: float, hours: float) -> None:
        """Somebody was coached for so many hours."""

    def log_odds(self, person: Person, now: float) -> float:
        """What the coaching received so far adds at a gate."""

    def firms_share(self, person: Person, now: float) -> float:
        """Share of the firm's margin, against one's own pay, in what somebody chooses by: at least 0, below 1."""


class Uncoached:
    """Coaching off."""

    every_h = inf

    def coached(self, person: Person, now: float, hours: float) -> None:
        pass

    def log_odds(self, person: Person, now: float) -> float:
        return 0.0

    def firms_share(self, person: Person, now: float) -> float:
        return 0.0


class Coached:
    """Coaching on: a person's stock of hours received halves in `half_life_days`, and brings
    most · stock / (stock + half_hours): log-odds, and in the same way a share of the firm's margin."""

    def __init__(self, rule: staffing.Coaching) -> None:
        self.every_h = float(on_grid(rule.every_days * HOURS_PER_DAY))
        self._most, self._discipline, self._half_hours = rule.most, rule.discipline, rule.half_hours
        self._half_life_h = rule.half_life_days * HOURS_PER_DAY
        self._stocks: dict[int, tuple[float, float]] = {}
        """By person: the stock, and when it was that."""

    def coached(self, person: Person, now: float, hours: float) -> None:
        self._stocks[person.party] = self._stock(person, now) + hours, now

    def log_odds(self, person: Person, now: float) -> float:
        return self._brings(self._most, person, now)

    def firms_share(self, person: Person, now: float) -> float:
        return self._brings(self._discipline, person, now)

    def _brings(self, most: float, person: Person, now: float) -> float:
        stock = self._stock(person, now)
        return most * stock / (stock + self._half_hours)

    def _stock(self, person: Person, now: float) -> float:
        stock, at = self._stocks.get(person.party, (0.0, now))
        return float(stock * 2 ** ((at - now) / self._half_life_h))


def coaching_of(rule: staffing.Coaching | None) -> Coaching:
    """The state of a scenario's coaching mechanism."""
    return Coached(rule) if rule else Uncoached()


def discipline(firm: Firm, seat: int, own: float = 0.0) -> float:
    """Weight of the firm's margin beside a seller's own pay, wherever he chooses by it: d + g / (1 − g).

    d: `own`, what the rule by which he chooses says of everybody. g: the share that coaching brought him; he makes most
    of (1 − g) · (own pay + d · margin) + g · margin, which is (1 − g) times own pay + this weight · margin. At g = 0 it
    is d, to the bit. That who is supervised and coached (behaviour-based control), and not paid by outcome alone, puts
    the firm's goals before the own is Anderson and Oliver 1987, Journal of Marketing 51(4), found again by Oliver and
    Anderson 1994, Journal of Marketing 58(4); how far is a guess.
    """
    share = firm.coaching.firms_share(firm.people[seat], firm.env.now)
    return own + share / (1 - share)


def coach(firm: Firm) -> Life:
    """Again and again a session for every seller with each of his bosses, unless the last one is still to come; ends
    when the firm is organised in another way."""
    every_h, organisation = firm.coaching.every_h, firm.organisation
    pairs = [(boss, seller) for seller in organisation.sellers for boss in organisation.bosses(seller)]
    at = max(-(-firm.env.now // every_h), 1.0) * every_h
    while True:
        yield Moment(firm.env, at, ARRIVAL - 1)
        if firm.organisation is not organisation:
            return
        at += every_h
        for boss, seller in pairs:
            _ask(firm, boss, seller)


def _ask(firm: Firm, boss: int, seller: int) -> None:
    """Put a session on the boss's list; it is dropped if the next one comes before its turn."""
    now = firm.env.now
    if firm.people[seller].leaves_h <= now:
        return  # the seat is vacant
    task = Task(firm.env, -1, COACHING, (_LAST, now, seller))
    task.deadline, task.person = now + firm.coaching.every_h, firm.people[boss]

    def over(_: Event) -> None:  # held, or dropped after no hours at all
        firm.coaching.coached(firm.people[seller], firm.env.now, task.hours)

    assert task.callbacks is not None
    task.callbacks.append(over)
    firm.desk_of[boss].submit(task)
