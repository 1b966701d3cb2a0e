"""What sellers on a pay plan have been credited, and what more is worth to them: the plan as its own people see it.

Nobody here knows what a plan is called. A plan's parts (`org/plan_parts.py`) become stakes: a kind of result in a
period, the schedule by which it pays, and what can still be sold until the period ends, as a normal approximation. What
is paid in the end is computed from the ledger, exactly (`payroll.py`); here it is only expected.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from simlib.model.clientele import Clientele
from simlib.model.flows import Flow, Ints, Measured, Parts, flows, joined
from simlib.model.stakes import Pot, SeatOnPlan, Sold, Stakeholding
from simlib.model.tallies import Tallies
from simlib.org.credits import Counts
from simlib.org.organisation import Organisation
from simlib.org.pay_periods import DaysByMonth, PayCalendar, days_in, days_within, first_day, month_number, months_of
from simlib.org.plan_parts import OWN, Part, Stake, parts_of, stakes
from simlib.org.potential import opening_quotas
from simlib.org.quotas import QuotaRule
from simlib.org.schedule import from_nothing, part_of
from simlib.scenario.pay import Crediting
from simlib.scenario.pay_components import MONTHS_IN
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY, minor_units
from simlib.world import World
from simlib.world import cells as places
from simlib.world.demand import run_days

COMPANY = ""
"""Stands for the unit where the whole firm's results count."""
_SEEN = (OWN, "unit", "company")
"""Whose results a seller sells for; results of reports are a boss's."""


class Earnings:
    """The state of all who are paid by results; empty where everybody has a fixed salary only."""

    def __init__(
        self, world: World, pay_per_year: Sequence[int], seats: int, clientele: Clientele,
        *, watched: Sequence[tuple[Counts, str]] = (),
    ) -> None:  # fmt: skip
        """`pay_per_year`: fixed pay by seat, in minor units. `clientele`: whose renewals are credited like deals, as
        needs numbered behind the last one. `watched`: own results of reps that are added up whatever plans count."""
        self._clientele, self._watched = clientele, watched
        self._world, self._pay, self._seats = world, pay_per_year, seats
        self._minor = minor_units(world.scenario.currency)
        self.calendar = PayCalendar(places.first_day(world.scenario), math.ceil(run_days(world.scenario)))
        self.shares = Tallies(world, clientele, self.calendar)
        self._payees: dict[int, SeatOnPlan] = {}
        self._bases: dict[int, Fraction] = {}
        """By seat, the quota of a whole period."""
        self._terms: dict[int, tuple[object, ...]] = {}
        """By seat: plan, opening quota, unit and bosses."""
        self._since_day: dict[int, int] = {}
        """By seat, the day on which these began."""
        self._measured: dict[Counts, Measured] = {}
        self._pots: dict[tuple[Counts, str, str | int], Pot] = {}
        """By what counts, period, and whose: a seat, a unit, or the company."""
        self._flows: dict[Counts, list[Flow]] = {}
        """By what counts and seat, what its customers are expected to bring in a week."""
        self.fed: dict[int, list[Pot]] = {}
        """By seat, the pots into which its credits go."""
        self._stakes: dict[int, list[Stakeholding]] = {}
        """By seat, in the month that runs, as far as somebody has asked."""
        self._turned_h = 0.0
        """When the month began, or the terms that hold in it."""
        self._known: dict[tuple[Any, ...], list[Stake]] = {}
        """What plans pay, by plan and terms."""
        self.stages: frozenset[str] = frozenset()
        """Stages whose passing is credited."""

    def adopt(self, organisation: Organisation, lists: Sequence[Ints], now: float) -> None:
        """From now on people are paid, and customers divided, as an organisation has it. `lists`: by stage, the seat on
        whose list each need's account stands."""
        scenario, pay = self._world.scenario, organisation.axes.pay or {}
        self._payees = {}
        for name in dict.fromkeys(pay.values()):
            plan = scenario.plans[name]
            seats = [seat for seat, position in enumerate(organisation.positions) if pay.get(position.role) == name]
            rule = QuotaRule(plan.quota, plan.proration.days) if plan.quota else None
            parts = tuple(part for part in parts_of(plan, self._minor) if not part.is_share)
            opening = opening_quotas(plan.quota, organisation, scenario, seats) if plan.quota else {}
            for seat in seats:
                position = organisation.positions[seat]
                self._payees[seat] = SeatOnPlan(seat, name, plan, parts, rule, position.unit, self._pay[seat])
                terms = (name, opening.get(seat, Fraction(0)), position.unit, position.boss, position.second_boss)
                if self._terms.get(seat) != terms:  # as the payroll: a new employment
                    self._terms[seat], self._bases[seat] = terms, terms[1]
                    self._since_day[seat] = int(now // HOURS_PER_DAY)
                    self.begin_anew(seat, now)
        self._days = {day: self.calendar.days_there(day, self.calendar.days) for day in set(self._since_day.values())}
        self.parts = self._credit_parts(organisation)
        self.shares.adopt({seat: payee.plan for seat, payee in self._payees.items()}, lists[-1])
        if self._payees or self._watched:
            self._lay_out_pots(organisation, lists, now)
        self.turn(now)

    def _credit_parts(self, organisation: Organisation) -> Parts:
        """How credit is divided by the plan of each seat; who is on none has the usual terms."""
        terms = [
            self._payees[seat].plan.crediting if seat in self._payees else Crediting() for seat in range(self._seats)
        ]
        legs = max(len(organisation.legs), 1)
        last = len(self._world.scenario.stages) - 1
        self._expects = [1.0] * self._seats
        """By seat, its part of the credit for a deal of its own."""
        if legs > 1:
            for seat, position in enumerate(organisation.positions):
                crediting = terms[seat]
                closes = last in position.stages
                self._expects[seat] = crediting.owner if closes else crediting.helpers / (legs - 1)
        return Parts([one.owner for one in terms], [one.helpers for one in terms])

    def _lay_out_pots(self, organisation: Organisation, lists: Sequence[Ints], now: float) -> None:
        """Pots for all that somebody is paid by; what was credited before stays."""
        self.fed = {}
        wanted: dict[tuple[Counts, str, str | int], None] = {}
        for payee in self._payees.values():
            for part in payee.parts:
                if part.whose in _SEEN:
                    wanted[part.counts, part.period, self._key(payee, part.whose)] = None
            if payee.rule is not None:
                wanted[payee.rule.counts, payee.rule.quota.period, payee.seat] = None
        for counts, period in self._watched:
            reps = (seat for seat, position in enumerate(organisation.positions) if position.role == "rep")
            wanted |= dict.fromkeys((counts, period, seat) for seat in reps)
        self.stages = frozenset(stage for counts, *_ in wanted for stage in counts.stages)
        by_seat = self._flows = {}
        for counts, period, whose in wanted:
            measured = self._measured.setdefault(counts, Measured(counts, self._world, self._clientele))
            if counts not in by_seat:
                by_seat[counts] = flows(measured, counts, self._world, lists, self.parts)
            pot = self._pots.get((counts, period, whose))
            if pot is None:
                pot = self._pots[counts, period, whose] = Pot(counts, measured, period, self._open(counts))
                pot.since_h = now
            members = list(self._members(organisation, whose))
            pot.follow(joined(by_seat[counts][seat] for seat in members))
            for seat in members:
                self.fed.setdefault(seat, []).append(pot)

    def _open(self, counts: Counts) -> tuple[float, float]:
        """From when to when signatures count, in hours."""
        start = self.calendar.start
        first = 0.0 if counts.first_day is None else (counts.first_day - start).days * HOURS_PER_DAY
        last = math.inf if counts.last_day is None else ((counts.last_day - start).days + 1) * HOURS_PER_DAY
        return first, last

    @staticmethod
    def _key(payee: SeatOnPlan, whose: str) -> str | int:
        return payee.seat if whose == OWN else payee.unit if whose == "unit" else COMPANY

    @staticmethod
    def _members(organisation: Organisation, whose: str | int) -> Iterator[int]:
        """Seats whose credits go into a pot."""
        for seat, position in enumerate(organisation.positions):
            if whose in (seat, COMPANY) or (isinstance(whose, str) and position.unit == whose):
                yield seat

    def turn(self, now: float) -> None:
        """A month begins, or people are paid in another way: new schedules."""
        self._turned_h, self._stakes = now, {}
        self.shares.turn(self._month(now))

    @property
    def paid(self) -> Iterable[int]:
        """Seats on a plan."""
        return self._payees.keys()

    def at_stake(self, seat: int) -> Sequence[Stakeholding]:
        """Everything at stake for somebody in the periods that run; nothing for who is on no plan."""
        if seat not in self._stakes:
            payee = self._payees.get(seat)
            self._stakes[seat] = list(self._held(payee, self._month(self._turned_h))) if payee else []
        return self._stakes[seat]

    def close(self, now: float) -> None:
        """The month that ends now ends its periods: results begin anew, and quotas by history follow them."""
        month = self._month(now)
        for payee in self._payees.values():
            self._next_quota(payee, month)
        for pot in self._pots.values():
            if not month % MONTHS_IN[pot.period]:
                pot.result = 0.0
        self.shares.close(month)

    def _next_quota(self, payee: SeatOnPlan, month: int) -> None:
        rule = payee.rule
        if rule is None or rule.quota.method != "history" or month % MONTHS_IN[rule.quota.period]:
            return
        period = month // MONTHS_IN[rule.quota.period] - 1
        pot = self._pots[rule.counts, rule.quota.period, payee.seat]
        full = rule.fullness(period, self._there(payee.seat))
        self._bases[payee.seat] = rule.next_base(self._bases[payee.seat], Fraction(round(pot.result)), full)

    def _month(self, now: float) -> int:
        """Number of the month in which an instant falls."""
        return month_number(self.calendar.start + dt.timedelta(days=int(now // HOURS_PER_DAY)))

    def _held(self, payee: SeatOnPlan, month: int) -> Iterator[Stakeholding]:
        """Everything at stake for somebody in the periods to which a month belongs."""
        seen = [part for part in payee.parts if part.whose in _SEEN]
        now, later = (self._scheduled(payee, seen, month, ahead) for ahead in (0, 1))
        for stake, following in zip(now, later, strict=True):
            pot = self._pots[stake.counts, stake.period, self._key(payee, stake.whose)]
            months = months_of(month // MONTHS_IN[stake.period], stake.period)
            ends_h = (first_day(months.stop) - self.calendar.start).days * HOURS_PER_DAY
            share = self._share(payee, stake.shared, stake.whose)
            both = part_of(from_nothing(stake.schedule), share), part_of(from_nothing(following.schedule), share)
            yield Stakeholding(pot, both, ends_h, self._flows[stake.counts][payee.seat].mean)

    def _scheduled(self, payee: SeatOnPlan, parts: Iterable[Part], month: int, ahead: int) -> list[Stake]:
        """Stakes with the schedules of the running periods, or of those that follow."""
        terms = []
        for part in parts:
            months = months_of(month // MONTHS_IN[part.period] + ahead, part.period)
            present = self._present(payee, months, whole=bool(ahead))
            quota = self._quota(payee, part.whose, months, whole=bool(ahead)) if part.needs_quota else Fraction(0)
            terms.append((part, present, part.target_for(present, quota)))
        settled = months_of(month // MONTHS_IN[payee.plan.settled] + ahead, payee.plan.settled)
        present = self._present(payee, settled, whole=bool(ahead))
        key = (payee.name, present, *((share, target) for _, share, target in terms))
        if key not in self._known:
            scheduled = [(part, part.schedule(share, target)) for part, share, target in terms]
            self._known[key] = stakes(payee.plan, scheduled, self._minor, present)
        return self._known[key]

    def _there(self, seat: int) -> DaysByMonth:
        """Days by month on the terms that hold: a seller expects them to last to the end of the run."""
        return self._days[self._since_day[seat]]

    def _present(self, payee: SeatOnPlan, months: range, *, whole: bool) -> Fraction:
        """Part of a period for which the terms hold; of the next one all, for nobody plans for the end of the run."""
        if whole or not payee.plan.proration.days:
            return Fraction(1)
        return Fraction(days_within(self._there(payee.seat), months), days_in(months))

    def _quota(self, payee: SeatOnPlan, whose: str, months: range, *, whole: bool) -> Fraction:
        """The quota of those whose results count."""
        key = self._key(payee, whose)
        members = [one for one in self._payees.values() if key in (one.seat, one.unit, COMPANY)]
        all_days = {month: days_in(range(month, month + 1)) for month in months}
        total = Fraction(0)
        for member in members:
            if member.rule is not None:
                length = MONTHS_IN[member.rule.quota.period]
                bases = dict.fromkeys({month // length for month in months}, self._bases[member.seat])
                there = all_days if whole else self._there(member.seat)
                total += member.rule.within(months, bases, there, None)
        return total

    def _share(self, payee: SeatOnPlan, shared: str, whose: str) -> Fraction:
        """What somebody expects of a fund: an equal part, or one by pay or by what the customers promise."""
        if not shared:
            return Fraction(1)
        key = self._key(payee, whose)
        members = [one for one in self._payees.values() if key in (one.unit, COMPANY) and one.plan is payee.plan]
        weights: Mapping[int, float] = {one.seat: 1.0 for one in members}
        if shared == "by_pay":
            weights = {one.seat: float(one.pay_per_year) for one in members}
        elif shared == "by_contribution":
            weights = {one.seat: sum(p.flow.mean for p in self.fed.get(one.seat, [])[:1]) for one in members}
        total = sum(weights.values())
        return Fraction(weights[payee.seat] / total) if total else Fraction(1, len(members))

    def pay_a_year(self, seat: int, now: float) -> float:
        """What somebody can expect to be paid in a year, in minor units: fixed pay, and for each stake what the running
        period is expected to bring, E W(y + X), over the time in which results count, and what shares are."""
        payee = self._payees.get(seat)
        stated = payee.plan.base_per_year if payee is not None else None
        total = float(self._pay[seat] if stated is None else stated * self._minor) + self.shares.pay_a_year(seat, now)
        for stake in self.at_stake(seat):
            begins = first_day(self._month(stake.ends_h) - MONTHS_IN[stake.pot.period])
            since_h = max((begins - self.calendar.start).days * HOURS_PER_DAY, stake.pot.since_h)
            schedule, mean, sd = stake.outlook(now)
            total += schedule.expected(mean, sd) * DAYS_PER_YEAR * HOURS_PER_DAY / (stake.ends_h - since_h)
        return total

    def pot(self, counts: Counts, period: str, whose: str | int) -> Pot:
        """Where results are added up; KeyError if nobody is interested in them."""
        return self._pots[counts, period, whose]

    def expects(self, seat: int) -> float:
        """A seller's part of the credit for a deal of his own."""
        return self._expects[seat]

    def gains(self, seat: int, need: int, now: float, *, new_customer: bool) -> Callable[[float], float]:
        """Expected pay of a seller for signing a deal now, not losing it, in minor units, by the discount; 0 for who is
        on no plan, or on one that does not count such customers."""
        part, taken = self._expects[seat], self.shares.gain(seat, need, now, new_customer=new_customer)
        held = [
            (stake.pot.measured, stake.gains(now))
            for stake in self.at_stake(seat)
            if not stake.pot.counts.stages and stake.pot.measured.newness in (None, new_customer)
        ]
        return lambda discount: taken + sum(gain(part * measured.amount(need, discount)) for measured, gain in held)

    def sign(self, hands: Sequence[int], sold: Sold) -> None:
        """A deal was signed: credit for who signed it, the first of `hands`, and the others who worked on it."""
        for seat, share in self.parts.of(hands):
            self.credit(seat, sold, share)

    def begin_anew(self, seat: int, now: float) -> None:
        """Somebody else holds a seat: nothing is credited yet."""
        for (_, _, whose), pot in self._pots.items():
            if whose == seat:
                pot.result, pot.total, pot.since_h = 0.0, 0.0, now
        self.shares.begin_anew(seat)

    def credit(self, seat: int, sold: Sold, share: float = 1.0) -> None:
        """Somebody is credited with a share of a deal."""
        for pot in self.fed.get(seat, ()):
            pot.add(sold, share)
