"""What sellers on a pay plan have been credited, and what more is worth to them: the plan as its own people see it.

Nobody here knows what a plan is called. A plan's parts (`org/plan_parts.py`) become stakes: a kind of result in a
period, the schedule by which it pays, and what can still be sold until the period ends, as a normal approximation. What
is paid in the end is computed from the ledger, exactly (`payroll.py`); here it is only expected.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from simlib.model.flows import Flow, Measured, flows, joined
from simlib.model.outlook import Outlook, worth
from simlib.model.retention import Clientele
from simlib.org.credits import Counts
from simlib.org.organisation import Organisation
from simlib.org.pay_periods import PayCalendar, days_in, days_within, first_day, month_number, months_of
from simlib.org.plan_parts import OWN, Part, Stake, parts_of, stakes
from simlib.org.potential import opening_quotas
from simlib.org.quotas import QuotaRule
from simlib.org.schedule import Piece, Schedule
from simlib.scenario.pay import Plan
from simlib.scenario.pay_components import MONTHS_IN
from simlib.units import HOURS_PER_DAY, minor_units
from simlib.world import World
from simlib.world import cells as places
from simlib.world.demand import run_days

WEEK_H = 7 * HOURS_PER_DAY
PRIOR_WEEKS = 13.0
"""Weeks of experience that what the list promises is worth: later a seller trusts what was credited."""
COMPANY = ""
"""Stands for the unit where the whole firm's results count."""
_SEEN = (OWN, "unit", "company")
"""Whose results a seller sells for; results of reports are a boss's."""


class Pot:
    """Results of one kind that are added up: somebody's own, a unit's, the company's."""

    __slots__ = ("counts", "flow", "measured", "period", "result", "since_h", "total")

    def __init__(self, counts: Counts, measured: Measured, period: str) -> None:
        self.counts, self.measured, self.period = counts, measured, period
        self.flow = Flow(0.0, 0.0)
        self.result = self.total = self.since_h = 0.0

    def expected(self, now: float) -> Flow:
        """What a week is expected to bring, after so much experience: (prior · flow + credited) / (prior + weeks)."""
        if not self.flow.mean:
            return self.flow
        weeks = (now - self.since_h) / WEEK_H
        belief = (PRIOR_WEEKS + self.total / self.flow.mean) / (PRIOR_WEEKS + weeks)
        return Flow(self.flow.mean * belief, self.flow.variance * belief)


class Stakeholding:
    """What one seller has at stake in a pot."""

    __slots__ = ("ends_h", "later", "pot", "rate", "schedule")

    def __init__(self, pot: Pot, schedule: Schedule, later: Schedule, ends_h: float) -> None:
        """`later`: the schedule of the next period. `ends_h`: when this one does."""
        self.pot, self.schedule, self.later, self.ends_h = pot, schedule, later, ends_h
        self.rate = float(schedule.pieces[0].rate) if schedule.linear else None

    def outlook(self, now: float) -> Outlook:
        """The period's result as expected now."""
        weeks = max(self.ends_h - now, 0.0) / WEEK_H
        flow = self.pot.expected(now)
        return Outlook(self.schedule, self.pot.result + flow.mean * weeks, math.sqrt(flow.variance * weeks))

    def outlook_later(self, now: float, weeks: float) -> Outlook:
        """The next period's, which has so many weeks."""
        flow = self.pot.expected(now)
        return Outlook(self.later, flow.mean * weeks, math.sqrt(flow.variance * weeks))

    def gain(self, amount: float, now: float) -> float:
        """Expected pay for so much more."""
        return self.rate * amount if self.rate is not None else worth(self.outlook(now), amount)


@dataclass(frozen=True)
class _Payee:
    """A seat on a plan."""

    seat: int
    plan: Plan
    parts: tuple[Part, ...]
    rule: QuotaRule | None
    unit: str
    pay_per_year: int


class Earnings:
    """The state of all who are paid by results; empty where everybody has a fixed salary only."""

    def __init__(self, world: World, pay_per_year: Sequence[int], seats: int, clientele: Clientele) -> None:
        """`pay_per_year`: fixed pay by seat, in minor units. `clientele`: whose renewals are credited like deals, as
        needs numbered behind the last one."""
        self._clientele = clientele
        self._world, self._pay, self._seats = world, pay_per_year, seats
        self._minor = minor_units(world.scenario.currency)
        self.calendar = PayCalendar(places.first_day(world.scenario), math.ceil(run_days(world.scenario)))
        self._payees: dict[int, _Payee] = {}
        self._bases: dict[int, Fraction] = {}
        """By seat, the quota of a whole period."""
        self._measured: dict[Counts, Measured] = {}
        self._pots: dict[tuple[Counts, str, str | int], Pot] = {}
        """By what counts, period, and whose: a seat, a unit, or the company."""
        self._fed: dict[int, list[Pot]] = {}
        """By seat, the pots into which its credits go."""
        self.stakes: dict[int, list[Stakeholding]] = {}
        """By seat on a plan."""
        self.stages: frozenset[str] = frozenset()
        """Stages whose passing is credited."""

    def adopt(self, organisation: Organisation, owners: Sequence[int], now: float) -> None:
        """From now on people are paid, and customers divided, as an organisation has it. `owners`: by need."""
        scenario, pay = self._world.scenario, organisation.axes.pay or {}
        self._payees = {}
        for name in dict.fromkeys(pay.values()):
            plan = scenario.plans[name]
            seats = [seat for seat, position in enumerate(organisation.positions) if pay.get(position.role) == name]
            rule = QuotaRule(plan.quota, plan.proration.days) if plan.quota else None
            opening = opening_quotas(plan.quota, organisation, scenario, seats) if plan.quota else {}
            for seat in seats:
                unit = organisation.positions[seat].unit
                self._payees[seat] = _Payee(seat, plan, parts_of(plan, self._minor), rule, unit, self._pay[seat])
                self._bases.setdefault(seat, opening.get(seat, Fraction(0)))
        self._lay_out_pots(organisation, owners, now)
        self.turn(now)

    def _lay_out_pots(self, organisation: Organisation, owners: Sequence[int], now: float) -> None:
        """Pots for all that somebody is paid by; what was credited before stays."""
        self._fed = {}
        wanted: dict[tuple[Counts, str, str | int], None] = {}
        for payee in self._payees.values():
            for part in payee.parts:
                if part.whose in _SEEN:
                    wanted[part.counts, part.period, self._key(payee, part.whose)] = None
            if payee.rule is not None:
                wanted[_all_of(payee.rule), payee.rule.quota.period, payee.seat] = None
        self.stages = frozenset(stage for counts, *_ in wanted for stage in counts.stages)
        by_seat: dict[Counts, list[Flow]] = {}
        for counts, period, whose in wanted:
            measured = self._measured.setdefault(counts, Measured(counts, self._world, self._clientele))
            if counts not in by_seat:
                by_seat[counts] = flows(measured, counts, self._world, [*owners, *self._clientele.owners], self._seats)
            pot = self._pots.get((counts, period, whose))
            if pot is None:
                pot = self._pots[counts, period, whose] = Pot(counts, measured, period)
                pot.since_h = now
            members = list(self._members(organisation, whose))
            pot.flow = joined(by_seat[counts][seat] for seat in members)
            for seat in members:
                self._fed.setdefault(seat, []).append(pot)

    @staticmethod
    def _key(payee: _Payee, whose: str) -> str | int:
        return payee.seat if whose == OWN else payee.unit if whose == "unit" else COMPANY

    @staticmethod
    def _members(organisation: Organisation, whose: str | int) -> Iterator[int]:
        """Seats whose credits go into a pot."""
        for seat, position in enumerate(organisation.positions):
            if whose in (seat, COMPANY) or (isinstance(whose, str) and position.unit == whose):
                yield seat

    def turn(self, now: float) -> None:
        """A month begins, or people are paid in another way: new schedules; what ends with the month is paid."""
        month = self._month(now)
        self.stakes = {seat: list(self._held(payee, month)) for seat, payee in self._payees.items()}

    def close(self, now: float) -> None:
        """The month that ends now ends its periods: results begin anew, and quotas by history follow them."""
        month = self._month(now)
        for payee in self._payees.values():
            self._next_quota(payee, month)
        for pot in self._pots.values():
            if not month % MONTHS_IN[pot.period]:
                pot.result = 0.0

    def _next_quota(self, payee: _Payee, month: int) -> None:
        rule = payee.rule
        if rule is None or rule.quota.method != "history" or month % MONTHS_IN[rule.quota.period]:
            return
        period = month // MONTHS_IN[rule.quota.period] - 1
        pot = self._pots[_all_of(rule), rule.quota.period, payee.seat]
        full = rule.fullness(period, self._there())
        self._bases[payee.seat] = rule.next_base(self._bases[payee.seat], Fraction(round(pot.result)), full)

    def _there(self) -> dict[int, int]:
        """Days of the run by month: a seller expects to stay."""
        return self.calendar.days_there(0, self.calendar.days)

    def _month(self, now: float) -> int:
        """Number of the month in which an instant falls."""
        return month_number(self.calendar.start + dt.timedelta(days=int(now // HOURS_PER_DAY)))

    def _held(self, payee: _Payee, month: int) -> Iterator[Stakeholding]:
        """Everything at stake for somebody in the periods to which a month belongs."""
        seen = [part for part in payee.parts if part.whose in _SEEN]
        now, later = (self._scheduled(payee, seen, month, ahead) for ahead in (0, 1))
        for stake, following in zip(now, later, strict=True):
            pot = self._pots[stake.counts, stake.period, self._key(payee, stake.whose)]
            months = months_of(month // MONTHS_IN[stake.period], stake.period)
            ends_h = (first_day(months.stop) - self.calendar.start).days * HOURS_PER_DAY
            share = self._share(payee, stake.shared, stake.whose)
            yield Stakeholding(pot, _part_of(stake.schedule, share), _part_of(following.schedule, share), ends_h)

    def _scheduled(self, payee: _Payee, parts: Iterable[Part], month: int, ahead: int) -> list[Stake]:
        """Stakes with the schedules of the running periods, or of those that follow."""
        scheduled = []
        for part in parts:
            months = months_of(month // MONTHS_IN[part.period] + ahead, part.period)
            present = self._present(payee.plan, months, whole=bool(ahead))
            quota = self._quota(payee, part.whose, months, whole=bool(ahead))
            scheduled.append((part, part.schedule(present, part.target_for(present, quota))))
        settled = months_of(month // MONTHS_IN[payee.plan.settled] + ahead, payee.plan.settled)
        present = self._present(payee.plan, settled, whole=bool(ahead))
        return stakes(payee.plan, scheduled, self._minor, present)

    def _present(self, plan: Plan, months: range, *, whole: bool) -> Fraction:
        """Part of a period that lies in the run; of the next one all, for nobody plans for the end of the run."""
        if whole or not plan.proration.days:
            return Fraction(1)
        return Fraction(days_within(self._there(), months), days_in(months))

    def _quota(self, payee: _Payee, whose: str, months: range, *, whole: bool) -> Fraction:
        """The quota of those whose results count."""
        key = self._key(payee, whose)
        members = [one for one in self._payees.values() if key in (one.seat, one.unit, COMPANY)]
        there = {month: days_in(range(month, month + 1)) for month in months} if whole else self._there()
        total = Fraction(0)
        for member in members:
            if member.rule is not None:
                length = MONTHS_IN[member.rule.quota.period]
                bases = dict.fromkeys({month // length for month in months}, self._bases[member.seat])
                total += member.rule.within(months, bases, there, None)
        return total

    def _share(self, payee: _Payee, shared: str, whose: str) -> Fraction:
        """What somebody expects of a fund: an equal part, or one by pay or by what the customers promise."""
        if not shared:
            return Fraction(1)
        key = self._key(payee, whose)
        members = [one for one in self._payees.values() if key in (one.unit, COMPANY) and one.plan is payee.plan]
        weights: Mapping[int, float] = {one.seat: 1.0 for one in members}
        if shared == "by_pay":
            weights = {one.seat: float(one.pay_per_year) for one in members}
        elif shared == "by_contribution":
            weights = {one.seat: sum(p.flow.mean for p in self._fed.get(one.seat, [])[:1]) for one in members}
        total = sum(weights.values())
        return Fraction(weights[payee.seat] / total) if total else Fraction(1, len(members))

    def gain(self, seat: int, need: int, discount: float, now: float) -> float:
        """Expected pay of a seller for signing a deal now, in minor units; 0 for who is on no plan."""
        total = 0.0
        for stake in self.stakes.get(seat, ()):
            if not stake.pot.counts.stages:
                total += stake.gain(stake.pot.measured.amount(need, discount), now)
        return total

    def begin_anew(self, seat: int, now: float) -> None:
        """Somebody else holds a seat: nothing is credited yet."""
        for (_, _, whose), pot in self._pots.items():
            if whose == seat:
                pot.result, pot.total, pot.since_h = 0.0, 0.0, now

    def credit(self, seat: int, need: int, discount: float, *, new_customer: bool, stage: str = "") -> None:
        """A deal was signed, or passed a stage, by somebody."""
        for pot in self._fed.get(seat, ()):
            counted = stage in pot.counts.stages if stage else not pot.counts.stages
            if counted and pot.measured.newness in (None, new_customer):
                amount = pot.measured.amount(need, discount)
                pot.result += amount
                pot.total += amount


def _all_of(rule: QuotaRule) -> Counts:
    """What a quota counts: all signatures."""
    return Counts(rule.quota.on, frozenset(), frozenset(), "any", frozenset())


def _part_of(schedule: Schedule, share: Fraction) -> Schedule:
    if share == 1:
        return schedule
    return Schedule(tuple(Piece(begins, pays * share, rate * share) for begins, pays, rate in schedule.pieces))
