"""Whether a colleague lends a hand: where a pool, or credit for it, pays him more than the same hours of his own work.

Nobody is told to. The seller asks if he gains by it, the colleague agrees if he does; what a plan is called matters to
neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simlib.model.coaching import discipline
from simlib.model.deals import Asking, Deal, attended
from simlib.model.shared_credit import Hope, OwnTime, Prospect, colleagues, gain, pay_for, pays
from simlib.org.organisation import Organisation
from simlib.scenario.reactions import Teamwork as Rule

if TYPE_CHECKING:
    from simlib.model.firm import Firm


class Teamwork:
    """Reps of one unit who may lend each other a hand in the stages that they serve."""

    def __init__(self, organisation: Organisation, rule: Rule) -> None:
        self._rule, self._colleagues = rule, colleagues(organisation)

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
        rule, now, earnings = self._rule, firm.env.now, firm.earnings
        prospect = Prospect(deal.lead.need, deal.discount, firm.is_new(deal.lead.need), now)
        margin = firm.way.margin(prospect.need, prospect.discount)
        alone, joined = firm.way.chance(stage), firm.way.chance(stage, rule.log_odds)
        hands = expected_hands(firm, deal)

        def worth(seat: int, helper: int) -> float:
            kept = Hope(alone, pay_for(earnings, seat, hands, prospect))
            changed = Hope(joined, pay_for(earnings, seat, dict.fromkeys((*hands, helper)), prospect))
            return gain(kept, changed, margin=discipline(firm, seat, rule.discipline) * margin)

        time = OwnTime(firm, rule.discipline)
        for helper in sorted(self._free(firm, deal, stage), key=lambda seat: firm.open_deals[seat]):
            cost = rule.hours * time.worth(helper, now)
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


def expected_hands(firm: Firm, deal: Deal) -> list[int]:
    """Seats among whom the credit for a deal would be divided if it were signed: who is to sign it first, then those
    who have worked on it."""
    return list(dict.fromkeys((firm.assigned.closer(deal.lead.need, deal.seat), deal.seat, *deal.hands)))
