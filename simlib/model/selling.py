"""The life of a deal. START HERE.

known        an inbound need announces itself (`arrivals`), or a seller's call finds it (`call`)
routed       a rule chooses among the seats whose scope holds it (P3; `firm.route`)
waits        its task lies at the seller's desk, the customer's interest runs down (`desk.py`)
stage by stage (P4-P7), in `pursue`:
  worked on  the seller's hours, the road first
  gate       it passes with the stage's probability, shifted by skill, focus and conflict (`gate`)
  approved   what exceeds authority climbs the line (`manager.py`)
  considered the customer's own delay
signed       the first signature ends every other pursuit of the lead (`sign`)
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from simlib.model.behaviour import shifted
from simlib.model.clock import ARRIVAL, Moment
from simlib.model.conflict import CROWDING, DUPLICATE, WASTED_CALL
from simlib.model.deals import ABANDONED, LOST, WON, Deal, Lead
from simlib.model.desk import Person
from simlib.model.firm import Firm
from simlib.model.manager import approve
from simlib.units import GRID

Life = Generator[Any, Any, None]
BY_GATE, DECLINED, INTEREST = 1, 2, 3
"""Codes of `ledger.REASONS`."""


def arrivals(firm: Firm) -> Life:
    """Every need in its time: an inbound one becomes a lead at once, the others wait for a call."""
    env, needs = firm.env, firm.needs
    wanted = firm.mechanisms.calls
    for need, at in enumerate(needs["at_h"]):
        if at > env.now:
            yield Moment(env, at, ARRIVAL + need)
        if needs["inbound"][need]:
            lead = firm.leads[need] = Lead(need, at)
            env.process(pursue(firm, firm.open_deal(lead, firm.route(need))))
        elif wanted:
            for slot, holder in enumerate(firm.holders if firm.rules.colleagues_call else firm.holders[:1]):
                if holder[need] >= 0 and firm.call_draw("call", need, slot) < wanted.probability:
                    env.process(call(firm, need, slot, holder[need]))


def call(firm: Firm, need: int, slot: int, seat: int) -> Life:
    """A seller calls an account in spare hours, while its need is open to sellers."""
    env, opens, closes = firm.env, firm.needs["at_h"][need], firm.needs["window_end_h"][need]
    window = min(closes, firm.end_h) - opens
    wanted_h = window * firm.call_draw("call time", need, slot)
    yield Moment(env, opens + round(wanted_h * GRID) / GRID, ARRIVAL + need)
    task = firm.ask_caller(need, seat)
    person: Person | None = yield task
    if person is None:
        return
    lead = firm.leads.get(need)
    if lead is None:
        lead = firm.leads[need] = Lead(need, task.started)
        lead.first_contact_h = task.started
    elif not firm.rules.may_join(lead):
        firm.conflicts.write(WASTED_CALL, env.now, (person.seat, lead.owner), need, task.hours)
        return
    yield from pursue(firm, firm.open_deal(lead, seat))


def pursue(firm: Firm, deal: Deal) -> Life:
    """One seller's pursuit of a lead, to its end."""
    env, lead = firm.env, deal.lead
    need = lead.need
    for stage in range(firm.needs["first_stage"][need], len(firm.stages)):
        task = firm.ask_seller(deal, stage)
        person: Person | None = yield task
        deal.waited_h += task.waited
        deal.hours += task.hours
        if person is not None and not lead.first_contact_h <= task.started:
            lead.first_contact_h = task.started
        if not deal.open:
            return
        if person is None or deal.waited_h > firm.interest_h[need]:
            end(firm, deal, ABANDONED, INTEREST)
            return
        hand_over(firm, deal, person)
        if not gate(firm, deal, stage, person):
            end(firm, deal, LOST, BY_GATE)
            return
        if firm.stages[stage].approval:
            granted = yield from approve(firm, deal, person.seat)
            if not deal.open:
                return
            if not granted:
                end(firm, deal, *((ABANDONED, INTEREST) if granted is None else (LOST, DECLINED)))
                return
        yield Moment(env, env.now + firm.needs["delay_h"][stage][need], ARRIVAL + need)
        if not deal.open:
            return
    sign(firm, deal)


def hand_over(firm: Firm, deal: Deal, person: Person) -> None:
    """Note who works on a deal now."""
    if deal.seat not in (-1, person.seat):
        firm.journal.handovers.extend((deal.lead.need, firm.env.now, deal.seat, person.seat, 0))
    deal.seat = deal.lead.owner = person.seat


def gate(firm: Firm, deal: Deal, stage: int, person: Person) -> bool:
    """Whether a deal passes a stage. All pursuits of a need share its draw: two sellers are never two lottery tickets."""
    needs, need, now = firm.needs, deal.lead.need, firm.env.now
    base, u = firm.base_probability[stage], needs["gate_u"][stage][need]
    skill, focus = person.talent, firm.knowledge[person.seat][needs["cell"][need]]
    confusion = firm.rules.confusion(deal.lead)
    met = firm.rules.at_the_door(deal, needs["account"][need], person, now)
    crowding = firm.rules.crowding if met >= 0 else 0.0
    p = shifted(base, skill + focus - confusion - crowding)
    passed: bool = u < p
    firm.journal.gates.extend((need, stage, person.seat, now, u, p, passed, skill, focus, -confusion, -crowding))
    if confusion or crowding:
        rival = met if crowding >= confusion else other_seller(deal)
        kind = CROWDING if crowding >= confusion else DUPLICATE
        write_conflict(
            firm, deal, kind, (person.seat, rival), stage, would_pass=not passed and u < shifted(base, skill + focus)
        )
    return passed


def write_conflict(firm: Firm, deal: Deal, kind: int, sides: tuple[int, int], stage: int, *, would_pass: bool) -> None:
    """A gate was passed or not under a conflict: settle it once, and write down the margin that it lost."""
    need, hours, lost = deal.lead.need, 0.0, 0.0
    if not deal.met:
        deal.met, hours = True, firm.rules.settling_hours
        if hours:
            firm.ask_to_settle(need, sides[0])
    if would_pass:
        lost = firm.margin_at_stake(need, stage)
    if hours or lost:
        firm.conflicts.write(kind, firm.env.now, sides, need, hours, lost)


def other_seller(deal: Deal) -> int:
    """The seat of a colleague who pursues the same lead."""
    return next((other.routed_to for other in deal.lead.deals if other is not deal), -1)


def sign(firm: Firm, deal: Deal) -> None:
    """The customer signs; other pursuits of the lead end."""
    for other in deal.lead.deals:
        if other is not deal and other.open:
            firm.close_deal(other)
    end(firm, deal, WON, 0)


def end(firm: Firm, deal: Deal, outcome: int, reason: int) -> None:
    """A pursuit ends; the lead is decided with its last one, or by a signature."""
    lead = deal.lead
    firm.close_deal(deal)
    if outcome == WON or not lead.open_deals:
        lead.outcome, lead.reason, lead.closed_h = outcome, reason, firm.env.now
        kept = deal if outcome == WON else lead.deals[0]
        for other in lead.deals:
            if other is not kept and other.hours:
                firm.conflicts.write(DUPLICATE, firm.env.now, (other.routed_to, kept.routed_to), lead.need, other.hours)
