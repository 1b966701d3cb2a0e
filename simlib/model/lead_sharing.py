"""Whether who is given a lead keeps it, or passes it on to a colleague who is likelier to win it.

A seller who is paid for his own signatures alone keeps what he is given, however long it must lie: he hoards leads.
Where a pool, or a part of the credit, pays him for what a colleague wins, he looks at who would win it sooner.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simlib.ledger import HANDOVERS
from simlib.model.behaviour import survival
from simlib.model.coaching import discipline
from simlib.model.deals import Deal
from simlib.model.shared_credit import Hope, OwnTime, Prospect, colleagues, gain, pay_for, pays
from simlib.odds import shifted
from simlib.org.organisation import Organisation
from simlib.scenario.reactions import LeadSharing as Rule
from simlib.units import HOURS_PER_DAY

if TYPE_CHECKING:
    from simlib.model.firm import Firm

_PASSED_ON = HANDOVERS.index("passed on")


class LeadSharing:
    """Reps of one unit who may pass on to each other what they are given."""

    def __init__(self, organisation: Organisation, rule: Rule) -> None:
        self._rule, self._colleagues = rule, colleagues(organisation)
        self._reps = {seat for seat, position in enumerate(organisation.positions) if position.role == "rep"}

    def share(self, firm: Firm, deal: Deal) -> None:
        """Let who is given a lead pass it on, if he wants to and somebody takes it."""
        giver, need, now = deal.routed_to, deal.lead.need, firm.env.now
        taker = self._taker(firm, deal) if giver in self._reps else None
        if taker is None:
            return
        firm.reassign(deal, taker)
        firm.journal.handovers.extend((need, now, firm.people[giver].party, firm.people[taker].party, _PASSED_ON))
        if self._rule.hours:
            deal.hands.append(giver)
            firm.ask_to_brief(need, giver, self._rule.hours)

    def _taker(self, firm: Firm, deal: Deal) -> int | None:
        """Of the colleagues who are likelier to win a lead and gain by taking it, the one with whom the giver gains
        most, if it is worth his hours."""
        rule, giver, now = self._rule, deal.routed_to, firm.env.now
        prospect = Prospect(deal.lead.need, deal.discount, firm.is_new(deal.lead.need), now)
        margin = firm.way.margin(prospect.need, prospect.discount)
        kept_chance = winning(firm, giver, deal)

        def worth(seat: int, taker: int, chance: float) -> float:
            hands = [taker, giver] if rule.hours else [taker]
            kept, given = (
                pay_for(
                    firm.earnings, seat, dict.fromkeys((firm.assigned.closer(prospect.need, some[0]), *some)), prospect
                )
                for some in ([giver], hands)
            )
            cares = discipline(firm, seat, rule.discipline)
            return gain(Hope(kept_chance, kept), Hope(chance, given), margin=cares * margin)

        time = OwnTime(firm, rule.discipline)
        best, found = rule.hours * time.worth(giver, now), None
        for taker in self._apart(firm, deal):
            if (chance := winning(firm, taker, deal)) > kept_chance:
                brings = worth(giver, taker, chance)
                if pays(brings, cost=best) and pays(worth(taker, taker, chance)):
                    best, found = brings, taker
        return found

    def _apart(self, firm: Firm, deal: Deal) -> Iterator[int]:
        """Colleagues who serve such customers at the stage at which the lead begins, at desks of their own, and are
        there."""
        need, giver = deal.lead.need, deal.routed_to
        leg = firm.assigned.leg_of[firm.needs["first_stage"][need]]
        for seat in leg.candidates[firm.needs["cell"][need]]:
            apart = firm.desk_of[seat] is not firm.desk_of[giver]
            if apart and seat in self._colleagues[giver] and firm.people[seat].leaves_h > firm.env.now:
                yield seat


def winning(firm: Firm, seat: int, deal: Deal) -> float:
    """Chance that a seller wins a lead: S(wait) · Π p of the stages ahead, with his talent and his knowledge of the
    cell and of the stages that he serves."""
    need = deal.lead.need
    person, known = firm.people[seat], firm.assigned.knowledge[seat][firm.needs["cell"][need]]
    chance = survival(wait_h(firm, seat), firm.mechanisms.interest)
    for stage in range(firm.needs["first_stage"][need], len(firm.way.stages)):
        able = person.talent + known + firm.assigned.craft[seat][stage] if firm.serves(seat, stage) else 0.0
        chance *= shifted(firm.way.base_probability[stage], able)
    return chance


def wait_h(firm: Firm, seat: int) -> float:
    """Calendar hours for which a new customer waits for a seller, as colleagues see it: until all that lies on the desk
    is done, at so many hours a week."""
    desk, week_h = firm.desk_of[seat], 7.0 * HOURS_PER_DAY
    backlog = sum(sum(firm.labour.hours(task, task.person or desk.people[0])) for task in desk.waiting())
    return backlog / len(desk.people) * week_h / (firm.world.scenario.calendar.hours_per_week or week_h)
