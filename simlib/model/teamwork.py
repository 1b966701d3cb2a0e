"""Whether a colleague lends a hand: where a pool, or credit for it, pays him more than the same hours of his own work.

Nobody is told to. The seller asks if he gains by it, the colleague agrees if he does; what a plan is called matters to
neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from simlib.model.deals import Asking, Deal, attended
from simlib.model.shared_credit import Prospect, pay_for, pay_of_a_week
from simlib.org.credits import Counts
from simlib.org.organisation import Organisation
from simlib.scenario.reactions import Teamwork as Rule
from simlib.scenario.schema import CalendarSpec
from simlib.units import HOURS_PER_DAY

if TYPE_CHECKING:
    from simlib.model.firm import Firm

MARGIN = Counts("margin", frozenset(), frozenset(), "any", frozenset()), "year"
"""The result of every rep that is followed where somebody cares for the firm's margin."""
_ROUNDING = 1e-6
"""Part of the smallest coin below which a gain is rounding."""


class Hand(NamedTuple):
    """A deal without a colleague's help and with it, as somebody sees it."""

    chance: float
    """To be signed without."""
    joined: float
    """To be signed with it."""
    pay: float
    """What its signature brings him without."""
    shared: float
    """What it brings him with it: the colleague has a part of the credit then."""


def gain(hand: Hand, *, margin: float = 0.0) -> float:
    """What help for a deal is worth to somebody: p₁·w₁ − p·w + (p₁ − p)·margin.

    `margin`: the firm's, as far as he cares for it. Where a share s of a linear pool alone pays for help, w₁ = w = s·d:
    its worth falls with the number who share, as that of all effort in teams does (Itoh 1991, Econometrica 59;
    Holmström 1982, Bell Journal of Economics 13).
    """
    return hand.joined * hand.shared - hand.chance * hand.pay + (hand.joined - hand.chance) * margin


def pays(worth: float, *, cost: float = 0.0) -> bool:
    """Whether something is worth more than it costs, beyond rounding."""
    return worth - cost > _ROUNDING


class Teamwork:
    """Reps of one unit who may lend each other a hand in the stages that they serve."""

    def __init__(self, organisation: Organisation, rule: Rule, calendar: CalendarSpec) -> None:
        self._rule = rule
        self._week_h = calendar.hours_per_week or 7.0 * HOURS_PER_DAY
        units = [position.unit for position in organisation.positions]
        reps = [seat for seat, position in enumerate(organisation.positions) if position.role == "rep"]
        self._colleagues = [
            [rep for rep in reps if rep != seat and units[rep] == unit] for seat, unit in enumerate(units)
        ]

    def add(self, firm: Firm, deal: Deal, stage: int) -> Asking:
        """Let the first who agrees do it."""
        helper = self._willing(firm, deal, stage)
        if helper is None:
            return True
        there = yield from attended(deal, firm.ask_to_join(deal, helper))
        if there:
            deal.joined = self._rule.log_odds
            if helper not in deal.hands:
                deal.hands.append(helper)
        return there

    def _willing(self, firm: Firm, deal: Deal, stage: int) -> int | None:
        """Who is asked and agrees: of those whose help the seller wants and who gain by it, the one with the fewest
        deals in hand, so that the customer waits least."""
        prospect = Prospect(deal.lead.need, deal.discount, firm.is_new(deal.lead.need), firm.env.now)
        margin = self._rule.discipline * firm.way.margin(prospect.need, prospect.discount)
        chances = firm.way.chance(stage), firm.way.chance(stage, self._rule.log_odds)
        hands = expected_hands(firm, deal)

        def worth(seat: int, helper: int) -> float:
            without, with_it = (
                pay_for(firm.earnings, seat, some, prospect) for some in (hands, dict.fromkeys((*hands, helper)))
            )
            return gain(Hand(*chances, without, with_it), margin=margin)

        for helper in sorted(self._free(firm, deal, stage), key=lambda seat: firm.open_deals[seat]):
            cost = self._rule.hours * self._hour(firm, helper)
            if pays(worth(deal.seat, helper)) and pays(worth(helper, helper), cost=cost):
                return helper
        return None

    def _free(self, firm: Firm, deal: Deal, stage: int) -> Iterator[int]:
        """Colleagues who are there, serve the stage, and do not pursue the lead themselves."""
        rivals = {other.routed_to for other in deal.lead.deals if other.open}
        for seat in self._colleagues[deal.seat]:
            there = firm.people[seat].leaves_h > firm.env.now
            if there and seat not in rivals and firm.serves(seat, stage):
                yield seat

    def _hour(self, firm: Firm, seat: int) -> float:
        """What an hour of his own work brings somebody, and the firm as far as he cares."""
        own, rule = pay_of_a_week(firm.earnings, seat, firm.env.now), self._rule
        if rule.discipline:
            own += rule.discipline * firm.earnings.pot(*MARGIN, seat).expected(firm.env.now).mean
        return own / self._week_h


def expected_hands(firm: Firm, deal: Deal) -> list[int]:
    """Seats among whom the credit for a deal would be divided if it were signed: who is to sign it first, then those
    who have worked on it."""
    seat, last = deal.seat, len(firm.way.stages) - 1
    closer = seat if firm.serves(seat, last) else firm.assigned.leg_of[last].owners[deal.lead.need]
    return list(dict.fromkeys((closer if closer >= 0 else seat, seat, *deal.hands)))
