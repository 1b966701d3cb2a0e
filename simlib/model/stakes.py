"""What somebody has at stake: results that are added up, and the schedule by which they pay."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from simlib.model.flows import Flow, Measured
from simlib.model.outlook import Outlook
from simlib.org.credits import Counts
from simlib.org.plan_parts import Part
from simlib.org.quotas import QuotaRule
from simlib.org.schedule import Schedule
from simlib.scenario.pay import Plan
from simlib.units import HOURS_PER_DAY

WEEK_H = 7 * HOURS_PER_DAY
PRIOR_WEEKS = 13.0
"""Weeks of experience that what the list promises is worth: later a seller trusts what was credited."""


class SeatOnPlan(NamedTuple):
    """A seat whose holder is paid by a plan."""

    seat: int
    name: str
    """Of the plan."""
    plan: Plan
    parts: tuple[Part, ...]
    """Those whose results are sums."""
    rule: QuotaRule | None
    """By which quotas follow; none = no quota."""
    unit: str
    pay_per_year: int
    """Fixed, in minor units."""


class Sold(NamedTuple):
    """A deal that was signed or passed a stage."""

    at_h: float
    need: int
    discount: float
    new_customer: bool
    stage: str = ""
    """Empty for the signature."""


class Pot:
    """Results of one kind that are added up: somebody's own, a unit's, the company's."""

    __slots__ = ("_closes_h", "_opens_h", "counts", "flow", "measured", "period", "result", "since_h", "total")

    def __init__(self, counts: Counts, measured: Measured, period: str, open_h: tuple[float, float]) -> None:
        """`open_h`: from when to when signatures count, as in a sprint."""
        self.counts, self.measured, self.period = counts, measured, period
        self._opens_h, self._closes_h = open_h
        self.flow = Flow(0.0, 0.0)
        self.result = self.total = self.since_h = 0.0

    def open_at(self, at_h: float) -> bool:
        """Whether what is signed at an instant counts."""
        return self._opens_h <= at_h < self._closes_h

    def open_weeks(self, from_h: float, to_h: float) -> float:
        """Weeks of a time in which signatures count."""
        return max(min(to_h, self._closes_h) - max(from_h, self._opens_h), 0.0) / WEEK_H

    def follow(self, flow: Flow) -> None:
        """Another flow is expected from now on; experience of how far promises hold stays."""
        if self.flow.mean and flow.mean:
            self.total *= flow.mean / self.flow.mean
        self.flow = flow

    def add(self, sold: Sold, share: float) -> None:
        """A share of a deal is credited, if it counts."""
        counted = sold.stage in self.counts.stages if sold.stage else not self.counts.stages
        if counted and self.open_at(sold.at_h) and self.measured.newness in (None, sold.new_customer):
            amount = share * self.measured.amount(sold.need, sold.discount)
            self.result += amount
            self.total += amount

    def belief(self, now: float) -> float:
        """What experience makes of the flow: (prior · flow + credited) / ((prior + weeks) · flow)."""
        if not self.flow.mean:
            return 1.0
        return (PRIOR_WEEKS + self.total / self.flow.mean) / (PRIOR_WEEKS + (now - self.since_h) / WEEK_H)

    def expected(self, now: float) -> Flow:
        """What a week is expected to bring."""
        belief = self.belief(now)
        return Flow(self.flow.mean * belief, self.flow.variance * belief)


class Stakeholding:
    """What one seller has at stake in a pot."""

    __slots__ = ("_own", "ends_h", "later", "pot", "rate", "schedule")

    def __init__(self, pot: Pot, schedules: tuple[Schedule, Schedule], ends_h: float, own: float) -> None:
        """`schedules`: of this period and the next. `ends_h`: when this one does. `own`: what of the pot's flow in a
        week the seller's own customers bring."""
        self.pot, self.ends_h, self._own = pot, ends_h, own
        self.schedule, self.later = schedules
        schedule = self.schedule
        self.rate = float(schedule.pieces[0].rate) if schedule.linear else None

    def own(self, now: float) -> float:
        """What the seller alone is expected to bring in a week: effort moves no more than that."""
        return self._own * self.pot.belief(now)

    def outlook(self, now: float) -> Outlook:
        """The period's result as expected now."""
        weeks = self.pot.open_weeks(now, self.ends_h)
        flow = self.pot.expected(now)
        return Outlook(self.schedule, self.pot.result + flow.mean * weeks, math.sqrt(flow.variance * weeks))

    def outlook_later(self, now: float, weeks: float) -> Outlook:
        """The next period's, which has so many weeks."""
        weeks = self.pot.open_weeks(self.ends_h, self.ends_h + weeks * WEEK_H)
        flow = self.pot.expected(now)
        return Outlook(self.later, flow.mean * weeks, math.sqrt(flow.variance * weeks))

    def gains(self, now: float) -> Callable[[float], float]:
        """Expected pay for so much more of the result, by the amount; what does not depend on it is looked up once."""
        if not self.pot.open_at(now):
            return lambda amount: 0.0
        if (rate := self.rate) is not None:
            return lambda amount: rate * amount
        schedule, mean, sd = self.outlook(now)
        expected, without = schedule.expected, schedule.expected(mean, sd)
        return lambda amount: expected(mean + amount, sd) - without
