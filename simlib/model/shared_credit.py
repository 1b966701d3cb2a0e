"""What signing a deal would bring somebody, whoever has worked on it: the own credit, and a part of what others bring.

Several people's credits may go into one pot, such as a unit's pool, so what a colleague is credited with may pay too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from simlib.model.earnings import Earnings


class Prospect(NamedTuple):
    """A deal as it would be signed now."""

    need: int
    discount: float
    new_customer: bool
    at_h: float


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


def pay_of_a_week(earnings: Earnings, seat: int, at_h: float) -> float:
    """Expected pay of a seat, in minor units, for what it is itself expected to bring in a week."""
    return math.fsum(stake.gains(at_h)(stake.own(at_h)) for stake in earnings.at_stake(seat))
