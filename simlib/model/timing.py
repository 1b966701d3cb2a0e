"""Whether a deal is signed in this period or the next: what the seller gains by moving it, and would give for that.

What is credited now is judged by this period's schedule and by what can still be sold in it, what is credited later by
the next one's. Where both are linear and alike, nothing is gained.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from simlib.model.outlook import Outlook, worth
from simlib.model.search import falling_root

_ROUNDING = 1e-13
"""Part of the terms of the pay below which a gain is their rounding: some hundred times the precision of a float."""


def gain_of_now(now: Outlook, later: Outlook, deal: float, *, discount: float = 0.0) -> float:
    """What the seller gains if a deal is credited in this period instead of the next, given away at a discount.

    E W(y + (1 − δ)d + X) − E W(y + X) − (E V(z + d + Z) − E V(z + Z)), y and W of `now`, z and V of `later`, both seen
    without the deal (Oyer 1998, QJE 113; Larkin 2014, Journal of Labor Economics 32).
    """
    return worth(now, (1 - discount) * deal) - worth(later, deal)


class Move(NamedTuple):
    """What moving a deal over the end of a period does to one part of the seller's pay."""

    now: Outlook
    later: Outlook
    deal: float
    """What it counts if it is credited later."""
    discount: float = 0.0
    """Share of that which is given away if it is credited now."""


def pulls_in(moves: Sequence[Move], *, cost: float = 0.0) -> bool:
    """Whether a deal of the next period is signed in this one: if it pays more than the trouble costs.

    At the very end of the period, with a bonus at quota Q and a linear next period: if and only if Q − d ≤ y < Q.
    """
    return _gain(moves) - cost > _rounding(moves)


def pushes_out(moves: Sequence[Move], *, cost: float = 0.0) -> bool:
    """Whether a deal that could be signed in this period is kept for the next one."""
    return -_gain(moves) - cost > _rounding(moves)


def _gain(moves: Sequence[Move]) -> float:
    """What signing now brings in all parts of the pay."""
    return math.fsum(gain_of_now(now, later, deal, discount=discount) for now, later, deal, discount in moves)


def _rounding(moves: Sequence[Move]) -> float:
    """A gain that is no more than rounding."""
    sizes = (schedule.magnitude(mean + move.deal) for move in moves for schedule, mean, _ in (move.now, move.later))
    return _ROUNDING * math.fsum(sizes)


def largest_discount(now: Outlook, later: Outlook, deal: float, *, cost: float = 0.0) -> float:
    """The largest share of a deal's value that its seller would give away to have it credited in this period.

    The δ at which `gain_of_now` is the cost, or the last one at which moving pays anything if the deal would bring
    nothing later; 0 if moving it does not pay. With two deals d each, joined in a period at whose end rate r₂ holds
    instead of apart: δ = (w(2d) − 2w(d)) / (r₂·d) (Larkin 2014). No schedule may fall; `cost` is at least 0.
    """
    if not pulls_in([Move(now, later, deal)], cost=cost):
        return 0.0
    least = worth(later, deal) + cost + _rounding([Move(now, later, deal)])
    return falling_root(lambda discount: worth(now, (1 - discount) * deal) - least, 0.0, 1.0)
