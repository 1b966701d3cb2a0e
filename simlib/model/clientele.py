"""The customers of a run: who holds them, when care and renewals are due, and what care they got (P8, I6).

Dates of existing customers are laid out before time starts, those of customers won in the run follow from their first
signature; all luck is by customer and number of the renewal alone.
"""

from __future__ import annotations

import math
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
from simlib.world.customers import Customers, draw_prospects, joined, nobody
from simlib.world.demand import run_days

Floats = NDArray[np.float64]
Row = tuple[float, int, int]
"""Instant, customer, and the number of the renewal; `CARE_DUE` for care, `LEAVES` where the customer leaves early."""
CARE_DUE, LEAVES = -1, -2


class Clientele:
    """The customers of a run, each by its row in `there`: who holds them, and what care they got. Existing customers
    come first, as in `world.customers`, then those who may be won, where these renew in the run."""

    def __init__(self, world: World, rule: Retention | None) -> None:
        self.rule = rule or Retention()
        existing = world.customers if rule else nobody()
        to_win = nobody()
        if self.rule.first_contract_days is not None:
            to_win = draw_prospects(world.scenario, world.cells, world.dice, world.needs.accounts)
        self.there = there = joined((existing, to_win))
        size, self._end_h = len(there), run_days(world.scenario) * HOURS_PER_DAY
        years = self.rule.renewal_days / DAYS_PER_YEAR
        self.value: list[int] = np.rint(there.value * years * self.rule.business_per_year).astype(np.int64).tolist()
        """What a renewal of each brings, in minor units."""
        self.luck_of_leaving: list[float] = luck_of_leaving(there.keys, world.dice).tolist()
        """By customer, what decides when it leaves between renewals, if it does."""
        stays = stays_h(np.array(self.luck_of_leaving), self.rule.leaving_rate_per_year)
        self._stays: list[float] = stays.tolist()
        """By customer, hours from when it is one until it leaves between renewals."""
        self.agenda = _agenda(existing, self.rule, stays[: len(existing)], self._end_h)
        """All dates of existing customers, in the order of time."""
        most = max((number for *_, number in self.agenda), default=-1) + 1
        if len(to_win):
            most = max(most, math.ceil(self._end_h / HOURS_PER_DAY / self.rule.renewal_days) + 1)
        self.luck: list[list[float]] = world.dice.table(there.keys, "renewal", np.arange(most)).tolist()
        """By customer and number of the renewal."""
        self.owners: list[int] = []
        """By customer, the seat on whose list it stands; -1 = nobody's."""
        self.tasks: list[Task | None] = [None] * size
        """Care that is due now."""
        self.asked, self.given = [0] * size, [0] * size
        """Cares since the last renewal, or time zero, whose time is over."""
        self.gone = [False] * size
        self.held = np.arange(size) < len(existing)
        """By customer, whether it is one, or was; who may still be won is not."""
        places = np.searchsorted(world.needs.accounts, to_win.keys).tolist()
        self._to_win = {account: len(existing) + row for row, account in enumerate(places)}
        """By number of the account, the row of who may be won."""

    def __len__(self) -> int:
        return len(self.value)

    def divide(self, organisation: Organisation) -> None:
        """From now on customers are held as an organisation has it: by who serves the last leg of the way, for who
        signs keeps the customer."""
        if len(self):
            leg, there = organisation.legs[-1], self.there
            self.owners = holders(organisation, leg, there.cell, there.account_share)[0].tolist()

    def win(self, account: int, now: float) -> list[Row]:
        """An account has signed for the first time: its dates from now on, in the order of time; none where customers
        won in the run do not renew in it."""
        customer, contract_days = self._to_win.pop(account, -1), self.rule.first_contract_days
        if customer < 0 or contract_days is None:
            return []
        self.held[customer] = True
        cares = self._every(now, self.rule.every_days, self.rule.every_days) if self.rule.care_hours else []
        renewals = self._every(now, contract_days, self.rule.renewal_days)
        rows = [(at, customer, CARE_DUE) for at in cares]
        rows += [(at, customer, number) for number, at in enumerate(renewals)]
        leaves_h = now + self._stays[customer]
        if leaves_h < self._end_h:
            rows.append((leaves_h, customer, LEAVES))
        return sorted(rows, key=lambda row: (row[0], row[2]))

    def _every(self, now: float, first_days: float, every_days: float) -> list[float]:
        """Instants after the first one, again and again, as long as the run lasts."""
        days = np.arange(first_days, (self._end_h - now) / HOURS_PER_DAY + every_days, every_days)
        at = on_grid(now + days * HOURS_PER_DAY)
        return [each for each in at.tolist() if each < self._end_h]

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


def _agenda(there: Customers, rule: Retention, stays: Floats, end_h: float) -> list[Row]:
    renewals = _rounds(there.renewal_u, rule.renewal_days, end_h)
    cares = _rounds(there.care_u if rule.care_hours else there.care_u[:0], rule.every_days, end_h)
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
