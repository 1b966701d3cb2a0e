"""The existing customers of a run: who holds them, when care and renewals are due, and what care they got (P8, I6).

All dates and all luck are laid out before time starts, by customer and number of the renewal alone.
"""

from __future__ import annotations

from math import inf

import numpy as np
from numpy.typing import NDArray

from simlib.model.churn import luck_of_leaving, stays_h
from simlib.model.desk import Task
from simlib.odds import shifted
from simlib.org.lists import holders
from simlib.org.organisation import Organisation
from simlib.scenario.customers import Retention
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY, on_grid
from simlib.world import World
from simlib.world.customers import Customers, nobody
from simlib.world.demand import run_days

Floats = NDArray[np.float64]
Row = tuple[float, int, int]
"""Instant, customer, and the number of the renewal; `CARE_DUE` for care, `LEAVES` where the customer leaves early."""
CARE_DUE, LEAVES = -1, -2


class Clientele:
    """The existing customers of a run, each by its row in `world.customers`: who holds them, and what care they got."""

    def __init__(self, world: World, rule: Retention | None) -> None:
        self.rule = rule or Retention()
        self.there = there = world.customers if rule else nobody()
        size = len(there)
        years = self.rule.renewal_days / DAYS_PER_YEAR
        self.value: list[int] = np.rint(there.value * years * self.rule.business_per_year).astype(np.int64).tolist()
        """What a renewal of each brings, in minor units."""
        self.luck_of_leaving: list[float] = luck_of_leaving(there.keys, world.dice).tolist()
        """By customer, what decides when it leaves between renewals, if it does."""
        self.agenda = _agenda(there, self.rule, self.luck_of_leaving, run_days(world.scenario) * HOURS_PER_DAY)
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

    def let_go(self, customer: int) -> None:
        """A customer has left for good, and is owed no more care."""
        self.settle(customer)
        self.gone[customer] = True

    def probability(self, neglected: float) -> float:
        """That a customer renews who went without so much of the care owed: base, less k · share in log-odds."""
        return shifted(self.rule.renewal_probability, -self.rule.neglect_log_odds * neglected)

    def saved(self, customer: int) -> float:
        """What one more care adds to the probability of the next renewal, after those left undone before."""
        cares = max(self.rule.renewal_days / self.rule.every_days, 1.0)
        missed = self.asked[customer] - self.given[customer]
        without, given = min((missed + 1) / cares, 1.0), min(missed / cares, 1.0)
        return self.probability(given) - self.probability(without)


def _agenda(there: Customers, rule: Retention, luck_of_leaving: list[float], end_h: float) -> list[Row]:
    renewals = _rounds(there.renewal_u, rule.renewal_days, end_h)
    cares = _rounds(there.care_u if rule.care_hours else there.care_u[:0], rule.every_days, end_h)
    stays = stays_h(np.array(luck_of_leaving), rule.leaving_rate_per_year)
    early = np.flatnonzero(stays < end_h)
    at = np.concatenate([renewals[0], cares[0], stays[early]])
    customer = np.concatenate([renewals[1], cares[1], early])
    number = np.concatenate([renewals[2], np.full(len(cares[2]), CARE_DUE), np.full(len(early), LEAVES)])
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
