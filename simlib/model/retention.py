"""Existing customers are owed care by whoever holds them, and renew or leave at their own dates (P8, I6).

Care is a task at the owner's desk: where attention is on it competes with deals by what an hour of it brings, else it
comes behind deals and before calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simlib.ledger import CARE
from simlib.model.attention import index
from simlib.model.clientele import CARE_DUE, LEAVES
from simlib.model.clock import ARRIVAL, Life, Moment
from simlib.model.coaching import discipline
from simlib.model.desk import Task
from simlib.model.stakes import Sold
from simlib.scenario.reactions import Attention
from simlib.units import HOURS_PER_DAY

if TYPE_CHECKING:
    from simlib.model.firm import Firm

_BEHIND_DEALS = 0.5
"""Class of care among the tasks of a desk where attention is off: behind deals, before calls."""


def keep_customers(firm: Firm) -> Life:
    """Every customer's care and renewals in their time, until it leaves."""
    env, clientele = firm.env, firm.clientele
    for at, customer, number in clientele.agenda:
        if clientele.gone[customer]:
            continue
        if at > env.now:
            yield Moment(env, at, ARRIVAL - 1)
        if number == CARE_DUE:
            _ask(firm, customer)
        elif number == LEAVES:
            _leave_early(firm, customer)
        else:
            _renew(firm, customer, number)


def _ask(firm: Firm, customer: int) -> None:
    """Put care on the owner's list, for as long as no other is due. Nobody's customer goes without."""
    clientele, now = firm.clientele, firm.env.now
    clientele.settle(customer)
    owner, attention = clientele.owners[customer], firm.mechanisms.attention
    rank: tuple[float, ...] = _BEHIND_DEALS, now
    if attention is not None and owner >= 0:
        rank = 0, -_brings(firm, attention, customer), now
    task = clientele.tasks[customer] = Task(firm.env, -1, CARE, (*rank, customer))
    task.deadline = now + clientele.rule.every_days * HOURS_PER_DAY
    if owner >= 0:
        task.person = firm.people[owner]
        firm.desk_of[owner].submit(task)


def _brings(firm: Firm, attention: Attention, customer: int) -> float:
    """What an hour of care brings its owner, and the firm: the renewal, times the chance of it that the care saves."""
    clientele = firm.clientele
    owner, saved = clientele.owners[customer], clientele.saved(customer)
    margin = clientele.value[customer] * firm.world.scenario.costs.margin
    return index(
        saved * firm.earnings.gains(owner, len(firm.world.needs) + customer, firm.env.now, new_customer=False)(0.0),
        company_value=saved * margin,
        discipline=discipline(firm, owner, attention.discipline),
        hours=clientele.rule.care_hours,
    )


def _renew(firm: Firm, customer: int, number: int) -> None:
    """A customer renews or leaves."""
    clientele = firm.clientele
    asked, given, owner = clientele.asked[customer], clientele.given[customer], clientele.owners[customer]
    p, u = clientele.probability(1 - given / asked if asked else 0.0), clientele.luck[customer][number]
    kept = u < p
    firm.journal.renewals.extend((customer, firm.env.now, asked, given, u, p, kept, owner))
    clientele.asked[customer] = clientele.given[customer] = 0
    number = len(firm.world.needs) + customer
    firm.earnings.shares.decided(owner, number, new_customer=False, taken=kept)
    if kept:
        firm.earnings.credit(owner, Sold(firm.env.now, number, 0.0, new_customer=False))
    else:
        clientele.let_go(customer)


def _leave_early(firm: Firm, customer: int) -> None:
    """A customer leaves before its renewal comes; the row says so by a probability of 0 that it stays."""
    clientele = firm.clientele
    asked, given, owner = clientele.asked[customer], clientele.given[customer], clientele.owners[customer]
    u = clientele.luck_of_leaving[customer]
    firm.journal.renewals.extend((customer, firm.env.now, asked, given, u, 0.0, False, owner))
    firm.earnings.shares.decided(owner, len(firm.world.needs) + customer, new_customer=False, taken=False)
    clientele.let_go(customer)
