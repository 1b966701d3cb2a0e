"""An organisation becomes another one in the middle of a run: what goes on by itself begins anew, people sit elsewhere,
customers get other sellers, and some of what was known and liked is lost for a while (S13).

Deals in hand stay with their seller, as long as there is a seat; what waits at a desk that is given up goes to whoever
does that work now. Who has no seat any more is there for a month's notice, to finish what is in hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import TYPE_CHECKING

from simlib.ledger import ACTIVITIES, BRIEFING, CALL, SETTLING, TEAMWORK
from simlib.model.clock import ARRIVAL, Life, Moment, live
from simlib.model.coaching import coach
from simlib.model.coordination import coordinate, rounds
from simlib.model.desk import DROPPED
from simlib.model.review import reviews
from simlib.model.selling import arrivals
from simlib.org.organisation import GONE, Organisation
from simlib.units import HOURS_PER_DAY, on_grid

if TYPE_CHECKING:
    from simlib.model.deals import Deal
    from simlib.model.desk import Task
    from simlib.model.firm import Firm


def begin(firm: Firm) -> None:
    """Let everything begin that goes on by itself while the organisation keeps its shape."""
    live(coach(firm))
    live(arrivals(firm))
    every, review = firm.organisation.axes.review_days, firm.mechanisms.review
    if review and isinstance(every, float) and not _half_way(firm.organisation):
        live(reviews(firm, review, every))
    for every_days, hours in rounds(firm.organisation, firm.mechanisms.coordination):
        live(coordinate(firm, every_days, hours))


def _half_way(organisation: Organisation) -> bool:
    """Whether customers are still passing from one design to another: until they have, they are not divided anew."""
    return any(part.turns != (0.0, 1.0) for position in organisation.positions for part in position.scope)


def transition(firm: Firm, design: Organisation) -> Life:
    """A design becomes what it is to become, phase by phase."""
    for phase in design.later:
        yield Moment(firm.env, float(on_grid(phase.day * HOURS_PER_DAY)), ARRIVAL - 2)
        enter(firm, phase.organisation)


def enter(firm: Firm, new: Organisation) -> None:
    """From now on the firm is organised in another way."""
    before, sat = firm.assigned, dict(firm.desk_of)
    old = before.organisation
    firm.take_shape(new)
    firm.assigned.go_on_from(before)
    gone = list(_given_up(old, new))
    for seat in gone:
        firm.office.send_away(seat, old.positions[seat].id)
    heirs = {seat: _successor(new, seat, old.positions[seat].role) for seat in gone}
    firm.office.bequeath(heirs)
    firm.office.replace({desk: firm.desk_of[heirs.get(seat, seat)] for seat, desk in sat.items() if not desk.people})
    for seat, heir in heirs.items():
        _clear(firm, seat, heir)
    for deal in _open_deals(firm):
        if deal.routed_to in heirs or (_waits(deal.task) and not firm.serves(deal.routed_to, deal.stage)):
            firm.reassign(deal, firm.route(deal.lead.need, deal.stage))
        _see_to(firm, deal)
    moved = [seat for seat in range(len(old.positions)) if _moved(old, new, seat, sat[seat] is not firm.desk_of[seat])]
    firm.upheaval.note(before, firm.assigned, firm.env.now, [firm.people[seat].party for seat in moved])
    begin(firm)
    for seat in moved:
        firm.ask_to_retrain(seat)


def _given_up(old: Organisation, new: Organisation) -> Iterator[int]:
    for seat, position in enumerate(old.positions):
        if position.role != GONE and new.positions[seat].role == GONE:
            yield seat


def _moved(old: Organisation, new: Organisation, seat: int, elsewhere: bool) -> bool:
    """Whether somebody who was there has another boss, unit or desk."""
    was, is_now = old.positions[seat], new.positions[seat]
    if GONE in (was.role, is_now.role):
        return False
    return elsewhere or (was.boss, was.second_boss, was.unit) != (is_now.boss, is_now.second_boss, is_now.unit)


def _successor(organisation: Organisation, seat: int, role: str) -> int:
    """Who does the work of a seat that is given up: somebody of the same role, else a head of the line."""
    there = [(other, position) for other, position in enumerate(organisation.positions) if position.role != GONE]
    peers = [other for other, position in there if position.role == role]
    heads = [other for other, position in there if position.boss is None]
    chosen = peers or heads
    return chosen[seat % len(chosen)]


def _clear(firm: Firm, seat: int, heir: int) -> None:
    """Who only finishes what is in hand calls nobody any more, and heirs settle what was to be settled,
    lend a hand, and tell colleagues, where that was promised."""
    desk = firm.desk_of[seat]
    for task in desk.waiting():
        if task.activity == CALL:
            desk.timesheet.give_up(task, desk.number, DROPPED)
        elif task.activity in (SETTLING, TEAMWORK, BRIEFING):
            task.person = firm.people[heir]
            desk.hand_on(task, firm.desk_of[heir])


def _open_deals(firm: Firm) -> Iterator[Deal]:
    for lead in firm.leads.values():
        for deal in lead.deals:
            if deal.open:
                yield deal


def _waits(task: Task | None) -> bool:
    """Whether something was asked of a desk, and nobody has begun it."""
    return task is not None and task.started == inf and not task.withdrawn


def _see_to(firm: Firm, deal: Deal) -> None:
    """Work on a deal waits at its seller's desk, or at a pool's; what waits at a desk without people goes on to whoever
    took it over."""
    for task in (deal.task, deal.second_request):
        if task is None or task.desk is None or not _waits(task):
            continue
        there = firm.office.stand_in(task.desk)
        if task.activity >= len(ACTIVITIES) and not firm.office.is_pool(task.desk):
            there = firm.desk_of[deal.routed_to]
        if there is not task.desk:
            task.desk.hand_on(task, there)
