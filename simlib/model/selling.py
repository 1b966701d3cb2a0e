"""The life of a deal. START HERE.

chosen       its customer chooses a way to buy; the own force hears of those who choose it (`channels/marketplace.py`)
known        an inbound need announces itself (`arrivals`), or a seller's call finds it (`call`)
routed       a rule chooses among the seats whose scope holds it (P3; `firm.route`); who gets it may pass it on
             (`lead_sharing.py`)
waits        its task lies at the seller's desk, the customer's interest runs down (`desk.py`)
stage by stage (P4-P7), in `pursue`:
  worked on  the seller's hours, the road first; then what pools, those who know more and the head add (`backing.py`)
  gate       it passes with the stage's probability, shifted by skill, focus, coaching, conflict and more (`gate`)
  approved   what exceeds authority climbs the line (`manager.py`)
  considered the customer's own delay
signed       the first signature ends every other pursuit of the lead (`sign`)
"""

from __future__ import annotations

from collections.abc import Generator
from operator import itemgetter
from typing import Any

from simlib.model.backing import backed
from simlib.model.clock import ARRIVAL, Life, Moment, live
from simlib.model.coaching import discipline
from simlib.model.conflict import CREDIT, CROWDING, DUPLICATE, DUTY_GAP, NOBODY, TERRITORY, WASTED_CALL, Met
from simlib.model.deals import ABANDONED, LOST, WON, Deal
from simlib.model.firm import Firm
from simlib.model.manager import approve
from simlib.model.person import Person
from simlib.model.pricing import best_discount
from simlib.model.stakes import Sold
from simlib.odds import shifted
from simlib.scenario.reactions import Discount

BY_GATE, DECLINED, INTEREST, BETWEEN_HANDS = 1, 2, 3, 4
"""Codes of `ledger.REASONS`."""
BY_COLLEAGUE, PLANNED, REPLACED = range(3)
"""Codes of `ledger.HANDOVERS`, as far as a deal changes hands in work."""
Ending = tuple[int, int]
"""Outcome and reason."""


def arrivals(firm: Firm) -> Life:
    """Everything in its time: an inbound need becomes a lead at once, another waits for whoever wants to call.

    Ends when the customers are divided anew: then others call."""
    env, now, agenda = firm.env, firm.env.now, firm.agenda
    for at, need, caller in agenda:
        if at > now:
            now = at
            yield Moment(env, at, ARRIVAL + need)
            if firm.agenda is not agenda:
                return
        if need in firm.market.elsewhere:
            if caller >= 0 and firm.market.border.rival(need, now) != NOBODY:
                live(call_in_vain(firm, need, caller))
            continue
        if caller >= 0:
            live(call(firm, need, caller))
        else:
            lead = firm.known(need, at)
            deal = firm.open_deal(lead, firm.route(need, firm.needs["first_stage"][need]))
            if firm.sharing:
                firm.sharing.share(firm, deal)
            live(pursue(firm, deal))


def call(firm: Firm, need: int, seat: int) -> Life:
    """A seller calls an account in spare hours, while its need is open to sellers."""
    task = firm.ask_caller(need, seat)
    person: Person | None = yield task
    if person is None:
        return
    lead = firm.leads.get(need)
    if lead is None:
        lead = firm.known(need, task.started)
        lead.first_contact_h = task.started
    elif not firm.rules.may_join(lead):
        firm.conflicts.write(Met(WASTED_CALL, person.seat, lead.owner, need), firm.env.now, hours=task.hours)
        return
    deal = firm.open_deal(lead, seat)
    deal.hours += task.hours
    live(pursue(firm, deal))


def call_in_vain(firm: Firm, need: int, seat: int) -> Life:
    """A seller calls an account to which a partner has sold (X1)."""
    partner, task = firm.market.border.rival(need, firm.env.now), firm.ask_caller(need, seat)
    person: Person | None = yield task
    if person is not None:
        firm.conflicts.write(Met(TERRITORY, person.seat, partner, need), firm.env.now, hours=task.hours)


def pursue(firm: Firm, deal: Deal) -> Life:
    """The pursuit of a lead to its end: by one seller, or by several in succession, each on a leg of the way."""
    env, need = firm.env, deal.lead.need
    stage = firm.needs["first_stage"][need]
    while stage < len(firm.way.stages):
        deal.stage = stage
        if not firm.serves(deal.routed_to, stage) and not pass_on(firm, deal, stage):
            end(firm, deal, LOST, BETWEEN_HANDS)
            return
        ending = yield from work_on(firm, deal, stage)
        following = stage + 1
        if ending == (LOST, BY_GATE) and (earlier := firm.way.fails_to[stage]) is not None:
            ending, following = None, earlier
        if ending:
            end(firm, deal, *ending)
        if deal.open:
            ready = env.now + firm.way.customer_delay(deal, stage)
            deal.stage = min(following, len(firm.way.stages) - 1)
            if following == len(firm.way.stages):
                ready = firm.moves.signature(deal, ready)
            yield Moment(env, ready, ARRIVAL + need)
        if not deal.open:
            return
        deal.rounds += following <= stage
        stage = following
    sign(firm, deal)


def work_on(firm: Firm, deal: Deal, stage: int) -> Generator[Any, Any, Ending | None]:
    """A stage up to the customer's own delay: how the deal ends in it, or None if it goes on or a colleague signed."""
    lead, task = deal.lead, firm.ask_seller(deal, stage)
    person: Person | None = yield task
    deal.done_with(task)
    deal.hours += task.hours
    if person is not None:
        lead.note_contact(task.started)
    if not deal.open:
        return None
    if person is None or firm.lost_interest(deal):
        return ABANDONED, INTEREST
    hand_over(firm, deal, person)
    there = yield from backed(firm, deal, stage)
    if not deal.open:
        return None  # type: ignore[unreachable]  # as below: a colleague's signature closed it meanwhile
    if not there or firm.lost_interest(deal):
        return ABANDONED, INTEREST
    if not gate(firm, deal, stage, person):
        return LOST, BY_GATE
    if not firm.way.needs_approval[stage]:
        return None
    granted = yield from approve(firm, deal, person.seat)
    if not deal.open:
        return None  # type: ignore[unreachable]  # mypy does not see that a colleague's signature closed it
    if granted is None or firm.lost_interest(deal):
        return ABANDONED, INTEREST
    return None if granted else (LOST, DECLINED)


def pass_on(firm: Firm, deal: Deal, stage: int) -> bool:
    """A deal changes hands by plan, to a seller who serves the next stage (S7); False if it falls between the two (X6).

    What the old seller knew of the customer is lost in part when the new one begins (`hand_over`).
    """
    giver, taker = deal.routed_to, firm.route(deal.lead.need, stage)
    firm.reassign(deal, taker)
    rule = firm.hand_off
    if rule.drops and firm.world.dice.draw(firm.needs["keys"][deal.lead.need], "dropped", deal.changes) < rule.drops:
        lost = firm.way.margin_at_stake(deal.lead.need, stage) * firm.way.base_probability[stage]
        deal.lead.missed = Met(DUTY_GAP, taker, giver, deal.lead.need), firm.env.now, lost
        return False
    deal.extra_hours += rule.hours
    return True


def hand_over(firm: Firm, deal: Deal, person: Person) -> None:
    """Note who works on a deal now; if it changed hands, some of what was known of the customer is lost (P18)."""
    if deal.party == person.party:
        return
    if deal.party >= 0:
        way = REPLACED if deal.seat == person.seat else PLANNED if deal.routed_to == person.seat else BY_COLLEAGUE
        firm.journal.handovers.extend((deal.lead.need, firm.env.now, deal.party, person.party, way))
        deal.forgotten += firm.hand_off.forgets
        deal.changes += 1
    deal.seat, deal.party = person.seat, person.party
    if person.seat not in deal.hands:
        deal.hands.append(person.seat)
    if deal.lead.owner < 0:
        deal.lead.owner = person.seat


def gate(firm: Firm, deal: Deal, stage: int, person: Person) -> bool:
    """Whether a deal passes a stage. All pursuits of a need share its draw: two sellers are not two lottery tickets."""
    needs, need, now = firm.needs, deal.lead.need, firm.env.now
    base, u = firm.way.base_probability[stage], firm.way.gate_u(deal, stage)
    seat, assigned = person.seat, firm.assigned
    skill, focus = person.talent, assigned.knowledge[seat][needs["cell"][need]] + assigned.craft[seat][stage]
    forgotten, remote = deal.forgotten, firm.remote[stage]
    confusion = firm.rules.confusion if deal.lead.open_deals > 1 else 0.0
    met = firm.rules.at_the_door(deal, needs["account"][need], person, now)
    crowding = firm.rules.crowding if met >= 0 else 0.0
    partner, contested = firm.market.border.rival(need, now), firm.market.border.log_odds(need, now)
    unsolved, coached, sponsored = deal.unsolved, firm.coaching.log_odds(person, now), deal.sponsored
    trained = firm.training.log_odds(person, now)
    broken, resistance = firm.upheaval.broken(need, stage, seat, now), firm.upheaval.resistance(person.party, now)
    alone = skill + focus - forgotten - remote - unsolved + coached + sponsored + trained - broken - resistance
    driven, devotion, joined = firm.drive.odds[seat], deal.devotion, deal.joined
    alone += driven + devotion
    alone += joined
    rule, given = firm.bargains[stage], 0.0
    if rule:
        given = rule.log_odds * negotiated(firm, deal, rule, seat, (base, alone - confusion - crowding - contested))
        alone += given
    p = shifted(base, alone - confusion - crowding - contested)
    passed: bool = u < p
    effects = skill, focus, -forgotten, -remote, -confusion, -crowding, -contested, -unsolved, coached, sponsored
    later = trained, -broken, -resistance, driven, given, devotion, joined
    firm.journal.gates.extend((need, stage, seat, now, u, p, passed, *effects, *later))
    name = firm.way.stages[stage].name
    if passed and name in firm.earnings.stages and name not in deal.lead.credited:
        deal.lead.credited.append(name)
        new = firm.is_new(need)
        firm.earnings.credit(seat, Sold(now, need, 0.0, new, name))
    meetings = (
        *([(crowding, CROWDING, met)] if met >= 0 else ()),
        *([(confusion, DUPLICATE, other_seller(deal))] if deal.lead.open_deals > 1 else ()),
        *([(contested, TERRITORY, partner)] if partner != NOBODY else ()),
    )
    if meetings:
        _, kind, rival = max(meetings, key=itemgetter(0))
        would_pass = not passed and u < shifted(base, alone)
        write_conflict(firm, deal, Met(kind, person.seat, rival, need), stage, would_pass=would_pass)
    return passed


def negotiated(firm: Firm, deal: Deal, rule: Discount, seat: int, odds: tuple[float, float]) -> float:
    """The discount that the seller gives at a stage (`pricing.py`), at least what was given before.

    `odds`: the gate's base probability, and the log-odds of all effects but the discount's.
    """
    need, now, (base, shift) = deal.lead.need, firm.env.now, odds
    own, cares = (
        firm.earnings.gains(seat, need, now, new_customer=firm.is_new(need)),
        discipline(firm, seat, rule.discipline),
    )

    def gain(discount: float) -> float:
        return own(discount) + cares * firm.way.margin(need, discount)

    found = best_discount(lambda d: shifted(base, shift + rule.log_odds * d), gain, authority=rule.most)
    deal.discount = max(deal.discount, found)
    return deal.discount


def write_conflict(firm: Firm, deal: Deal, met: Met, stage: int, *, would_pass: bool) -> None:
    """A gate was met under a conflict: settle it once, and note the margin that it took, should the lead be lost."""
    if not deal.met:
        deal.met = True
        hours = (firm.market.border if met.kind == TERRITORY else firm.rules).settling_hours
        if hours:
            firm.ask_to_settle(met.need, met.seller, hours)
            firm.conflicts.write(met, firm.env.now, hours=hours)
    if would_pass:
        deal.lead.missed = met, firm.env.now, firm.way.margin_at_stake(met.need, stage)


def other_seller(deal: Deal) -> int:
    """The seat of a colleague who pursues the same lead."""
    return next((other.routed_to for other in deal.lead.deals if other is not deal), -1)


def sign(firm: Firm, deal: Deal) -> None:
    """The customer signs; other pursuits of the lead end."""
    for other in deal.lead.deals:
        if other is not deal and other.open:
            firm.close_deal(other)
    deal.lead.discount = deal.discount
    hands, new = dict.fromkeys((deal.seat, *deal.hands)), firm.is_new(deal.lead.need)
    firm.earnings.sign(list(hands), Sold(firm.env.now, deal.lead.need, deal.discount, new))
    end(firm, deal, WON, 0)
    firm.customers.add(firm.needs["account"][deal.lead.need])
    share_credit(firm, deal)
    firm.market.after_sales.signed(deal.lead.need, deal.seat)


def share_credit(firm: Firm, deal: Deal) -> None:
    """All who worked on the lead of a signed deal want their share; they may quarrel about it (X5)."""
    need, claims = deal.lead.need, firm.claims
    hands = list(dict.fromkeys(seat for pursuit in (deal, *deal.lead.deals) for seat in pursuit.hands))
    hands = [seat for seat in hands if seat not in firm.office.gone]
    if len(hands) < 2 or not firm.world.dice.draw(firm.needs["keys"][need], "credit") < claims.disputed:
        return
    for seat in hands:
        if claims.hours:
            firm.ask_to_settle(need, seat, claims.hours)
        other = deal.seat if seat != deal.seat else next(hand for hand in hands if hand != seat)
        firm.conflicts.write(Met(CREDIT, seat, other, need), firm.env.now, hours=claims.hours)


def end(firm: Firm, deal: Deal, outcome: int, reason: int) -> None:
    """A pursuit ends; the lead is decided with its last one, or by a signature."""
    lead = deal.lead
    firm.close_deal(deal)
    if outcome == WON or not lead.open_deals:
        lead.outcome, lead.reason, lead.closed_h = outcome, reason, firm.env.now
        lead.new_customer = firm.is_new(lead.need)
        kept = deal if outcome == WON else lead.deals[0]
        lead.owner = kept.seat
        firm.earnings.shares.decided(lead.owner, lead.need, new_customer=lead.new_customer, taken=outcome == WON)
        for other in lead.deals:
            if other is not kept and (hours := other.hours_spent):
                firm.conflicts.write(
                    Met(DUPLICATE, other.routed_to, kept.routed_to, lead.need), firm.env.now, hours=hours
                )
        if outcome != WON and lead.missed:
            met, at, lost = lead.missed
            firm.conflicts.write(met, at, lost=lost)
