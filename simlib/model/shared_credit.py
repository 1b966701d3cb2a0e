"""What a deal brings somebody, whoever works on it: the own credit, and a part of what others bring.

Several people's credits may go into one pot, such as a unit's pool, so what a colleague is credited with may pay too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from simlib.model.coaching import discipline
from simlib.model.earnings import Earnings
from simlib.org.credits import Counts
from simlib.org.organisation import Organisation
from simlib.scenario.mechanisms import Mechanisms
from simlib.units import HOURS_PER_DAY

if TYPE_CHECKING:
    from simlib.model.firm import Firm

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

    def __init__(self, firm: Firm, cares: float) -> None:
        """`cares`: what the rule says of everybody's discipline."""
        self._firm, self._cares = firm, cares
        self._week_h = firm.world.scenario.calendar.hours_per_week or 7.0 * HOURS_PER_DAY

    def worth(self, seat: int, at_h: float) -> float:
        """Of an hour, in minor units: what his list is expected to bring in a week, by its hours."""
        earnings = self._firm.earnings
        week = math.fsum(stake.gains(at_h)(stake.own(at_h)) for stake in earnings.at_stake(seat))
        if cares := discipline(self._firm, seat, self._cares):
            week += cares * earnings.pot(*_MARGIN, seat).expected(at_h).mean
        return week / self._week_h


def watched(mechanisms: Mechanisms) -> list[tuple[Counts, str]]:
    """Results of every rep that are followed because somebody cares for the firm's margin, and the period."""
    rules, coaching = (mechanisms.teamwork, mechanisms.lead_sharing), mechanisms.coaching
    cares = any(rule and (rule.discipline or (coaching and coaching.discipline)) for rule in rules)
    return [_MARGIN] if cares else []


def colleagues(organisation: Organisation) -> list[list[int]]:
    """By seat, the other reps of its unit."""
    units = [position.unit for position in organisation.positions]
    reps = [seat for seat, position in enumerate(organisation.positions) if position.role == "rep"]
    return [[rep for rep in reps if rep != seat and units[rep] == unit] for seat, unit in enumerate(units)]
