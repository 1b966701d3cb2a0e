"""Existing customers are owed care by whoever holds them, and renew or leave at their own dates (P8, I6).

All dates and all luck are laid out before time starts, by customer and number of the renewal alone. Care is a task at
the owner's desk: where attention is on it competes with deals by what an hour of it brings, else it comes behind deals
and before calls.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simlib.ledger import CARE
from simlib.model.attention import index
from simlib.model.clock import ARRIVAL, Life, Moment
from simlib.model.desk import Task
from simlib.odds import shifted
from simlib.org.lists import holders
from simlib.org.organisation import Organisation
from simlib.scenario.customers import Retention
from simlib.scenario.reactions import Attention
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY, on_grid
from simlib.world import World
from simlib.world.customers import Customers, nobody
from simlib.world.demand import run_days

if TYPE_CHECKING:
    from simlib.model.firm import Firm

_BEHIND_DEALS = 0.5
"""Class of care among the tasks of a desk where attention is off: behind deals, before calls."""
Floats = NDArray[np.float64]
Row = tuple[float, int, int]
"""Instant, customer, and the number of the renewal, -1 where care is due."""


class Clientele:
    """The existing customers of a run, each by its row in `world.customers`: who holds them, and what care they got."""

    def __init__(self, world: World, rule: Retention | None) -> None:
        self.rule = rule or Retention()
        self.there = there = world.customers if rule else nobody()
        size = len(there)
        years = self.rule.renewal_days / DAYS_PER_YEAR
        self.value: list[int] = np.rint(there.value * years * self.rule.business_per_year).astype(np.int64).tolist()
        """What a renewal of each brings, in minor units."""
        self.agenda = _agenda(there, self.rule, run_days(world.scenario) * HOURS_PER_DAY)
        """All dates, in the order of time."""
        most = max((number for *_, number in self.agenda), default=-1) + 1
        self.luck: list[list[float]] = world.dice.table(there.keys, "renewal", np.arange(most)).tolist()
        """By customer and number of the renewal."""
        self.owners: list[int] = []
        """By customer, the seat on whose list it stands; -1 = nobody's."""
        self.tasks: list[Task | None] = [None] * size
        """Care that is due now."""
        self.asked, self.given = [0] * size, [0] * size
        """Cares since the last renewal, or time zero, whose time is over."""
        self.gone = [False] * size

    def __len__(self) -> int:
        return len(self.value)

    def divide(self, organisation: Organisation) -> None:
        """From now on customers are held as an organisation has it: by who serves the last leg of the way, for who
        signs keeps the customer."""
        if len(self):
            leg, there = organisation.legs[-1], self.there
            self.owners = holders(organisation, leg, there.cell, there.account_share)[0].tolist()

    def settle(self, customer: int) -> None:
        """The time of the care that was due is over: it was begun, or is left undone."""
        task = self.tasks[customer]
        if task is None:
            return
        self.tasks[customer] = None
        self.asked[customer] += 1
        if task.started < inf:
            self.given[customer] += 1
        elif task.desk is not None:
            task.desk.withdraw(task)

    def probability(self, neglected: float) -> float:
        """That a customer renews who went without so much of the care owed: base, less k · share in log-odds."""
        return shifted(self.rule.renewal_probability, -self.rule.neglect_log_odds * neglected)

    def saved(self, customer: int) -> float:
        """What one more care adds to the probability of the next renewal, after those left undone before."""
        cares = max(self.rule.renewal_days / self.rule.every_days, 1.0)
        missed = self.asked[customer] - self.given[customer]
        without, given = min((missed + 1) / cares, 1.0), min(missed / cares, 1.0)
        return self.probability(given) - self.probability(without)


def _agenda(there: Customers, rule: Retention, end_h: float) -> list[Row]:
    renewals = _rounds(there.renewal_u, rule.renewal_days, end_h)
    cares = _rounds(there.care_u if rule.care_hours else there.care_u[:0], rule.every_days, end_h)
    at, customer = (np.concatenate([renewals[column], cares[column]]) for column in (0, 1))
    number = np.concatenate([renewals[2], np.full(len(cares[2]), -1)])
    order = np.lexsort((number, customer, at))
    return list(zip(at[order].tolist(), customer[order].tolist(), number[order].tolist(), strict=True))


def _rounds(first: Floats, every_days: float, end_h: float) -> tuple[Floats, NDArray[np.intp], NDArray[np.intp]]:
    """Instants, customer and number of all that comes round; `first`: when, as a share of a round."""
    count = np.maximum(np.ceil(end_h / (every_days * HOURS_PER_DAY) - first), 0).astype(int)
    customer = np.repeat(np.arange(len(first)), count)
    number = np.arange(len(customer)) - np.repeat(np.cumsum(count) - count, count)
    at = on_grid((first[customer] + number) * every_days * HOURS_PER_DAY)
    within = at < end_h
    return at[within], customer[within], number[within]


def keep_customers(firm: Firm) -> Life:
    """Every customer's care and renewals in their time, until it leaves."""
    env, clientele = firm.env, firm.clientele
    for at, customer, number in clientele.agenda:
        if clientele.gone[customer]:
            continue
        if at > env.now:
            yield Moment(env, at, ARRIVAL - 1)
        if number < 0:
            _ask(firm, customer)
        else:
            _renew(firm, customer, number)


def _ask(firm: Firm, customer: int) -> None:
    """Put care on the owner's list, for as long as no other is due. Nobody's customer goes without."""
    clientele, now = firm.clientele, firm.env.now
    clientele.settle(customer)
    owner = clientele.owners[customer]
    attention = firm.mechanisms.attention
    rank = (_BEHIND_DEALS, now) if attention is None else (0, -_brings(firm, attention, customer), now)
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
        saved * firm.earnings.gain(owner, len(firm.world.needs) + customer, 0.0, firm.env.now),
        company_value=saved * margin,
        discipline=attention.discipline,
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
    if kept:
        firm.earnings.credit(owner, len(firm.world.needs) + customer, 0.0, new_customer=False)
    else:
        clientele.settle(customer)
        clientele.gone[customer] = True
