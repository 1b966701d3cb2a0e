"""Pay periods in a run: results begin anew, and signatures move over their ends where the plan pays for it (I2).

A deal that would be signed soon after the end is pulled in for a discount that the customer asks, one that would be
signed just before it is kept for the next period; both only where the seller gains by it (`timing.py` has the rule).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simlib.model.clock import ARRIVAL, Life, Moment
from simlib.model.coaching import discipline
from simlib.model.deals import Deal
from simlib.model.timing import Move, pulls_in, pushes_out
from simlib.scenario import reactions
from simlib.scenario.pay_components import MONTHS_IN
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY, minor_units, on_grid

if TYPE_CHECKING:
    from simlib.model.firm import Firm


def pay_periods(firm: Firm) -> Life:
    """Month after month: what ends with it is paid, and begins anew."""
    for day in firm.earnings.calendar.months_begin():
        yield Moment(firm.env, day * HOURS_PER_DAY, ARRIVAL - 3)  # before a change on the same day
        firm.earnings.close(firm.env.now)
        firm.earnings.turn(firm.env.now)


class Moves:
    """Timing on."""

    def __init__(self, firm: Firm, rule: reactions.Timing) -> None:
        self._firm, self._rule = firm, rule
        self._reach_h = rule.reach_days * HOURS_PER_DAY
        self._trouble = rule.trouble * minor_units(firm.world.scenario.currency)

    def signature(self, deal: Deal, ready_h: float) -> float:
        """When a customer who is ready at an instant signs."""
        firm, now, need = self._firm, self._firm.env.now, deal.lead.need
        ends = sorted({stake.ends_h for stake in firm.earnings.at_stake(deal.seat)})
        near = [end for end in ends if now < end and abs(ready_h - end) <= self._reach_h]
        if not near:
            return ready_h
        end, dice, key = near[0], firm.world.dice, firm.needs["keys"][need]
        spot = HOURS_PER_DAY * dice.draw(key, "signing hour")
        if ready_h >= end:
            asked = -math.log1p(-dice.draw(key, "asked discount")) * self._rule.asked_discount
            whole = deal.discount + asked
            given_away = firm.way.margin(need, deal.discount) - firm.way.margin(need, whole)
            cost = self._trouble + discipline(firm, deal.seat) * given_away
            if whole <= self._rule.most and pulls_in(self._moves(deal, end, whole), cost=cost):
                deal.discount = whole
                return max(float(on_grid(end - spot)), now)
        elif dice.draw(key, "waits") < self._rule.waits and pushes_out(
            self._moves(deal, end, deal.discount), cost=self._trouble
        ):
            return float(on_grid(end + spot))
        return ready_h

    def _moves(self, deal: Deal, end: float, discount: float) -> list[Move]:
        """What signing the deal before a period's end at a discount does to the seller's pay, instead of after it at
        the one that was agreed."""
        now, need = self._firm.env.now, deal.lead.need
        part = self._firm.earnings.expects(deal.seat)
        moves = []
        for stake in self._firm.earnings.at_stake(deal.seat):
            if stake.ends_h != end or stake.pot.counts.stages or not stake.pot.open_at(now):
                continue
            measured = stake.pot.measured
            amount, later = (part * measured.amount(need, given) for given in (discount, deal.discount))
            share = 1 - amount / later if later else 0.0
            moves.append(Move(stake.outlook(now), stake.outlook_later(now, _weeks_of(stake.pot.period)), later, share))
        return moves


def _weeks_of(period: str) -> float:
    return MONTHS_IN[period] * DAYS_PER_YEAR / 12 / 7


class NoMoves:
    """Timing off."""

    def signature(self, deal: Deal, ready_h: float) -> float:
        """Customers sign when they are ready."""
        return ready_h
