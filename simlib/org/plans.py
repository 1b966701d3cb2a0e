"""What does everybody earn? Statements of pay, exact in fractions and rounded once a line (I1-I3, I6, I7).

In order, for each person and period: credits → result → schedule → share of a fund → rounding (a line each). Then for
each settlement: the lines that fall due → cap → what is owed is taken → claw-back beyond the pay, floor, draw.
docs/pay.md tells the rules with examples.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from simlib.org.chances import Chance
from simlib.org.credits import Credit, Employment, exact
from simlib.org.pay_periods import PayCalendar, days_in, days_within, first_day, months_of
from simlib.org.pay_results import FIRM, Key, Payee, Results, payees_of
from simlib.org.plan_parts import Part, parts_of
from simlib.org.schedule import Schedule
from simlib.scenario.pay import Plan
from simlib.scenario.pay_components import MONTHS_IN
from simlib.units import DAYS_PER_YEAR

BASE, CAP, REPAID, DEFICIT, FLOOR, DRAW = SETTLING = ("base", "cap", "repaid", "deficit", "floor", "draw")
"""Kinds of line beside those of components: fixed pay; what the cap takes off; what is taken for what is owed; what
claw-back took beyond the pay; what is added up to the floor; what is advanced up to the draw."""
ZERO, ONE, YEAR = Fraction(0), Fraction(1), exact(DAYS_PER_YEAR)


class Line(NamedTuple):
    """One amount of a statement, with all that it recomputes from."""

    kind: str
    """The component's kind, or one of `SETTLING`."""
    component: str
    """Name of the component in the plan; empty for what settles."""
    kpi: str
    """Name of the line of a scorecard; empty for all else."""
    first_day: dt.date
    """Of the whole period that is paid, however long one was there."""
    last_day: dt.date
    days: int
    """Days there that count; the whole period where nothing is in proportion to them."""
    of_days: int
    """Days of the period."""
    amount: int
    """In minor units."""
    on: str = ""
    """The measure; empty for what settles."""
    result: Fraction = ZERO
    """In minor units, or a number of deals."""
    target: Fraction | None = None
    """Result that is an attainment of 1; none where nothing goes by attainment."""
    schedule: Schedule | None = None
    share: Fraction = ONE
    """Part of what the schedule pays that is this person's."""
    exact: Fraction = ZERO
    """The amount before rounding."""
    chances: int | None = None
    """Where the result is a share: of how many; of none the target counts as met. None for a sum."""

    @property
    def attainment(self) -> Fraction | None:
        """Result ÷ target; none where nothing is expected."""
        return self.result / self.target if self.target else None


@dataclass(frozen=True)
class Statement:
    """What one person is paid in one settlement, line by line; money in minor units."""

    person: str
    position: str
    plan: str
    first_day: dt.date
    last_day: dt.date
    lines: tuple[Line, ...]
    owed_before: int
    """What was advanced, or taken back beyond the pay, and not yet earned."""
    owed_after: int
    from_h: float
    """When the employment began that it is of, in hours since time zero."""
    to_h: float

    @property
    def total(self) -> int:
        """Sum of the lines."""
        return sum(line.amount for line in self.lines)

    @property
    def variable(self) -> int:
        """All but base pay."""
        return sum(line.amount for line in self.lines if line.kind != BASE)


def statements(
    plans: Mapping[str, Plan],
    employments: Sequence[Employment],
    rows: Iterable[Credit | Chance],
    *,
    calendar: PayCalendar,
    minor_units: int,
) -> list[Statement]:
    """Statements of all who are on a plan, person by person in the order of employments, settlement by settlement.

    A period's pay falls due on the period's last day, or on the person's own last day if that is earlier. What is owed
    goes with a person from one position to the next; what is still owed in the last statement is open.
    Raises KeyError for an employment on a plan that there is not.
    """
    payees = payees_of(plans, employments, calendar)
    payroll = _Payroll(Results(payees, rows, calendar), minor_units)
    by_person: dict[str, list[int]] = {}
    for number, payee in sorted(enumerate(payees), key=lambda item: item[1].employment.from_h):
        by_person.setdefault(payee.employment.person, []).append(number)
    found: list[Statement] = []
    for person in dict.fromkeys(employment.person for employment in employments):
        owed = 0
        for number in by_person[person]:
            for statement in payroll.settled(number, owed):
                found.append(statement)
                owed = statement.owed_after
    return found


class _Fund(NamedTuple):
    """What is shared in a period, and among whom."""

    result: Fraction
    target: Fraction | None
    schedule: Schedule
    pays: Fraction
    shares: dict[int, Fraction]
    """By number of the payee; they sum to 1."""


@dataclass
class _Payroll:
    """Lines and settlements of payees; funds are computed once."""

    results: Results
    minor: int
    funds: dict[tuple[str, str, Key, int], _Fund] = field(default_factory=dict)
    parts: dict[str, tuple[Part, ...]] = field(default_factory=dict)

    def settled(self, number: int, owed: int) -> Iterator[Statement]:
        """A payee's statements in order, from what was owed before."""
        payee = self.results.payees[number]
        plan, name = payee.plan, payee.employment.plan
        if plan is None or name is None or not payee.employed:
            return
        if name not in self.parts:
            self.parts[name] = parts_of(plan, self.minor)
        last_month, length = max(payee.employed), MONTHS_IN[plan.settled]
        due: dict[int, list[Line]] = {month // length: [] for month in sorted(payee.employed)}
        for part in self.parts[name]:
            for period in sorted({month // MONTHS_IN[part.period] for month in payee.employed}):
                months = months_of(period, part.period)
                line = self._line(number, plan, part, months)
                due[min(months[-1], last_month) // length].append(line)
        for period, lines in due.items():
            statement = self._settlement(payee, plan, months_of(period, plan.settled), lines, owed)
            yield statement
            owed = statement.owed_after

    def _line(self, number: int, plan: Plan, part: Part, months: range) -> Line:
        """What a part pays for a period."""
        payee = self.results.payees[number]
        chances: int | None = None
        if part.shared:
            fund = self._fund(number, plan, part, months)
            result, target, schedule = fund.result, fund.target, fund.schedule
            share = fund.shares[number]
            pays = fund.pays * share
        else:
            present = _present(plan, payee, months)
            quota = self.results.quota_of(part.counts.on, part.whose, number, months) if part.needs_quota else ZERO
            target, share = part.target_for(present, quota), ONE
            result, chances = self._result(number, part, months, target)
            schedule = part.schedule(present, target)
            pays = schedule.pay(result)
        kind = plan.components[part.component].kind
        # A rate without thresholds pays the same however long one was there; a fund may be shared by days.
        by_days = plan.proration.days and (part.shared in ("equally", "by_pay") or not schedule.linear)
        days = days_within(payee.there, months) if by_days else days_in(months)
        return Line(
            *(kind, part.component, part.kpi, *_dates(months), days, days_in(months)),
            *(ROUNDED[plan.rounding](pays), part.counts.on, result, target, schedule, share, pays),
            chances=chances,
        )

    def _result(self, number: int, part: Part, months: range, target: Fraction | None) -> tuple[Fraction, int | None]:
        """A result, and of how many it is a share; where nothing was to be had the target counts as met."""
        if not part.is_share:
            return self.results.of(part.counts, part.whose, number, months), None
        taken = self.results.taken(part.counts, number, months)
        return (target or ZERO) if taken.share is None else taken.share, taken.of

    def _fund(self, number: int, plan: Plan, part: Part, months: range) -> _Fund:
        employment = self.results.payees[number].employment
        key = employment.unit if part.whose == "unit" else FIRM
        cached = (str(employment.plan), part.component, key, months.start)
        if cached not in self.funds:
            payees = enumerate(self.results.payees)
            members = [
                other
                for other, payee in payees
                if payee.employment.plan == employment.plan
                and (part.whose == "company" or payee.employment.unit == key)
                and days_within(payee.employed, months)
            ]
            self.funds[cached] = self._new_fund(plan, part, months, key, members)
        return self.funds[cached]

    def _new_fund(self, plan: Plan, part: Part, months: range, key: Key, members: Sequence[int]) -> _Fund:
        """A fund by the days of the run in the period, and each member's share of it."""
        run = self.results.calendar.days_there(0, self.results.calendar.days)
        present = Fraction(days_within(run, months), days_in(months)) if plan.proration.days else ONE
        quota = self.results.quota_of(part.counts.on, part.whose, key, months) if part.needs_quota else ZERO
        target = part.target_for(present, quota)
        schedule, result = part.schedule(present, target), self.results.of(part.counts, part.whose, key, months)
        weights = {number: self._weight(number, plan, part, months) for number in members}
        if not any(weights.values()):
            weights = {
                member: Fraction(days_within(self.results.payees[member].employed, months)) for member in members
            }
        whole = sum(weights.values())
        shares = {member: weight / whole for member, weight in weights.items()}
        return _Fund(result, target, schedule, schedule.pay(result), shares)

    def _weight(self, number: int, plan: Plan, part: Part, months: range) -> Fraction:
        """A member's weight in sharing a fund: days, own result, or base pay for the days."""
        payee = self.results.payees[number]
        if part.shared == "by_contribution":
            return max(self.results.of(part.counts, "own", number, months), ZERO)
        days = days_within(payee.there, months) if plan.proration.days else 1
        return days * (ONE if part.shared == "equally" else _base_per_year(plan, payee, self.minor))

    def _settlement(self, payee: Payee, plan: Plan, months: range, lines: Sequence[Line], owed: int) -> Statement:
        """Base pay, the lines that fall due, and what cap, debts, floor and draw make of them."""
        employment, rounded = payee.employment, ROUNDED[plan.rounding]
        dates, days, of_days = _dates(months), days_within(payee.employed, months), days_in(months)
        base = (_base_per_year(plan, payee, self.minor) * days + self._raised(payee, months)) / YEAR
        scale = _present(plan, payee, months) * self.minor
        cap = None if plan.cap is None else rounded(exact(plan.cap) * scale)
        floor = rounded(exact(plan.floor) * scale)
        draw = rounded(exact(plan.draw.amount) * scale) if plan.draw else 0
        earned = sum(line.amount for line in lines)
        over = 0 if cap is None else max(earned - cap, 0)
        left = earned - over
        repaid = min(owed, max(left - max(floor, draw), 0))
        left -= repaid
        deficit = max(-left, 0)
        given = max(floor - max(left, 0), 0)
        advanced = max(draw - max(left, floor), 0)
        changes = {CAP: -over, REPAID: -repaid, DEFICIT: deficit, FLOOR: given, DRAW: advanced}
        carried = plan.claw_back is not None and plan.claw_back.carried
        owed_after = owed - repaid + (deficit if carried else 0)
        owed_after += advanced if plan.draw and plan.draw.recoverable else 0
        there = days_within(payee.there, months)
        return Statement(
            *(employment.person, employment.position, str(employment.plan), *dates),
            lines=(
                Line(BASE, "", "", *dates, days, of_days, rounded(base), exact=base),
                *lines,
                *(Line(kind, "", "", *dates, there, of_days, amount) for kind, amount in changes.items() if amount),
            ),
            owed_before=owed,
            owed_after=owed_after,
            from_h=employment.from_h,
            to_h=employment.to_h,
        )

    def _raised(self, payee: Payee, months: range) -> int:
        """What raises add to base pay in some months, times the days of a year."""
        calendar, total = self.results.calendar, 0
        for given in payee.employment.raises:
            first = max(calendar.months[given.from_day], months.start)
            total += given.per_year * days_within(payee.employed, range(first, months.stop))
        return total


def _present(plan: Plan, payee: Payee, months: range) -> Fraction:
    """Share of a period that counts for what is stated per period."""
    return Fraction(days_within(payee.there, months), days_in(months)) if plan.proration.days else ONE


def _base_per_year(plan: Plan, payee: Payee, minor: int) -> Fraction:
    if plan.base_per_year is None:
        return Fraction(payee.employment.pay_per_year)
    return exact(plan.base_per_year) * minor


def _dates(months: range) -> tuple[dt.date, dt.date]:
    return first_day(months.start), first_day(months.stop) - dt.timedelta(days=1)


def _half_up(amount: Fraction) -> int:
    """To the nearest whole, halves away from zero: what is taken back rounds as what was paid.

    >>> [_half_up(Fraction(half, 2)) for half in (5, 1, -1, -5)]
    [3, 1, -1, -3]
    """
    top, bottom = amount.numerator, amount.denominator
    size = (2 * abs(top) + bottom) // (2 * bottom)
    return size if top >= 0 else -size


ROUNDED: dict[str, Callable[[Fraction], int]] = {"half_up": _half_up, "half_even": round}
"""How an exact amount becomes whole minor units."""
