"""What a deal brings somebody, whoever works on it: the own credit, and a part of what others bring.

Several people's credits may go into one pot, such as a unit's pool, so what a colleague is credited with may pay too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from simlib.model.earnings import Earnings
from simlib.org.credits import Counts
from simlib.org.organisation import Organisation
from simlib.scenario.mechanisms import Mechanisms
from simlib.scenario.schema import CalendarSpec
from simlib.units import HOURS_PER_DAY

_MARGIN = Counts("margin", frozenset(), frozenset(), "any", frozenset()), "year"
_ROUNDING = 1e-6
"""Part of the smallest coin below which a gain is rounding."""


class Prospect(NamedTuple):
    """A deal as it would be signed now."""

    need: int
    discount: float
    new_customer: bool
    at_h: float


class Hope(NamedTuple):
    """A deal as somebody sees it who may be paid for it."""

    chance: float
    """To be signed."""
    pay: float
    """What its signature brings him, in minor units."""


def gain(kept: Hope, changed: Hope, *, margin: float = 0.0) -> float:
    """What it is worth to somebody that others work on a deal: p₁·w₁ − p·w + (p₁ − p)·margin.

    `margin`: the firm's, as far as he cares for it. Where a share s of a linear pool alone pays for it, w₁ = w = s·d:
    its worth falls with the number who share, as that of all effort in teams does (Itoh 1991, Econometrica 59;
    Holmström 1982, Bell Journal of Economics 13).
    """
    return changed.chance * changed.pay - kept.chance * kept.pay + (changed.chance - kept.chance) * margin


def pays(worth: float, *, cost: float = 0.0) -> bool:
    """Whether something is worth more than it costs, beyond rounding."""
    return worth - cost > _ROUNDING


def pay_for(earnings: Earnings, seat: int, hands: Iterable[int], deal: Prospect) -> float:
    """Expected pay of a seat, in minor units, if a deal is signed now by the first of `hands`, and the others have
    worked on it: Σ E W(y + s·d + X) − E W(y + X) over all that the seat has at stake, d what the deal counts, s the
    parts of the credit that go into the result."""
    parts, total = earnings.parts.of(list(hands)), []
    for stake in earnings.at_stake(seat):
        pot = stake.pot
        if not pot.counts.stages and pot.measured.newness in (None, deal.new_customer):
            share = math.fsum(part for hand, part in parts if pot in earnings.fed.get(hand, ()))
            if share:
                total.append(stake.gains(deal.at_h)(share * pot.measured.amount(deal.need, deal.discount)))
    return math.fsum(total)


class OwnTime:
    """What an hour of a rep's own work brings him, and the firm as far as he cares."""

    def __init__(self, earnings: Earnings, calendar: CalendarSpec, discipline: float) -> None:
        self._earnings, self._discipline = earnings, discipline
        self._week_h = calendar.hours_per_week or 7.0 * HOURS_PER_DAY

    def worth(self, seat: int, at_h: float) -> float:
        """Of an hour, in minor units: what his list is expected to bring in a week, by its hours."""
        stakes = self._earnings.at_stake(seat)
        week = math.fsum(stake.gains(at_h)(stake.own(at_h)) for stake in stakes)
        if self._discipline:
            week += self._discipline * self._earnings.pot(*_MARGIN, seat).expected(at_h).mean
        return week / self._week_h


def watched(mechanisms: Mechanisms) -> list[tuple[Counts, str]]:
    """Results of every rep that are followed because somebody cares for the firm's margin, and the period."""
    rules = mechanisms.teamwork, mechanisms.lead_sharing
    return [_MARGIN] if any(rule and rule.discipline for rule in rules) else []


def colleagues(organisation: Organisation) -> list[list[int]]:
    """By seat, the other reps of its unit."""
    units = [position.unit for position in organisation.positions]
    reps = [seat for seat, position in enumerate(organisation.positions) if position.role == "rep"]
    return [[rep for rep in reps if rep != seat and units[rep] == unit] for seat, unit in enumerate(units)]
