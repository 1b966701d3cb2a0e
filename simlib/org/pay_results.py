"""What has been credited to whom, month by month, and what was expected of them: the results that plans pay for."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from simlib.org.chances import WIN_RATE, Chance, Taken, taken_of
from simlib.org.credits import SIGNATURE, Counts, Credit, Employment, exact
from simlib.org.pay_periods import DaysByMonth, PayCalendar, month_number
from simlib.org.quotas import QuotaRule
from simlib.scenario.pay import Plan
from simlib.scenario.pay_components import MONTHS_IN
from simlib.units import HOURS_PER_DAY

Key = int | str
"""Whose results: the number of a payee, or the name of a unit."""
ByMonth = dict[int, Fraction | int]
FIRM = ""
"""Stands for the unit where the whole firm's results count."""


@dataclass(frozen=True)
class Payee:
    """An employment with what its plan makes of its days."""

    employment: Employment
    plan: Plan | None
    employed: DaysByMonth
    """Days on the position within the run."""
    there: DaysByMonth
    """Those of them that count: without absence where the plan says so."""
    hired: int | None
    """Number of the month of hiring."""
    quota: QuotaRule | None

    @property
    def absent(self) -> tuple[int, ...]:
        """Days of absence that do not count."""
        return self.employment.absent_days if self.plan and self.plan.proration.absence else ()


class Credited(NamedTuple):
    """A credit with whom it belongs to; taken back where the share is negative."""

    payee: int
    month: int
    signed: dt.date
    credit: Credit
    share: Fraction | int


def payees_of(plans: Mapping[str, Plan], employments: Iterable[Employment], calendar: PayCalendar) -> list[Payee]:
    """Employments with their plans and days."""
    rules = {name: QuotaRule(plan.quota, plan.proration.days) for name, plan in plans.items() if plan.quota is not None}
    found = []
    for employment in employments:
        plan = plans[employment.plan] if employment.plan is not None else None
        first, behind = employment.first_day, employment.day_behind
        employed = calendar.days_there(first, behind)
        absence = plan is not None and plan.proration.absence and employment.absent_days
        there = calendar.days_there(first, behind, employment.absent_days) if absence else employed
        hired = None
        if employment.hired_day is not None:
            hired = month_number(calendar.start + dt.timedelta(days=employment.hired_day))
        found.append(Payee(employment, plan, employed, there, hired, rules.get(employment.plan or "")))
    return found


class Results:
    """Credits by payee and month; sums are made once for each kind of result."""

    def __init__(self, payees: Sequence[Payee], rows: Iterable[Credit | Chance], calendar: PayCalendar) -> None:
        """`rows`: credits and chances; those of people who are not employed at that time count for nobody."""
        rows = list(rows)
        self.payees, self.calendar = payees, calendar
        self._by_person = _Places(payees, "person")
        self._by_position = _Places(payees, "position")
        self._credited = list(self._attributed(row for row in rows if isinstance(row, Credit)))
        self._chances = self._by_payee([row for row in rows if isinstance(row, Chance)])
        self._wins_back = self._wins_taken_back()
        self._sums: dict[tuple[Counts, str], dict[Key, ByMonth]] = {}
        self._bases: dict[int, dict[int, Fraction]] = {}

    def of(self, counts: Counts, whose: str, key: Key, months: range) -> Fraction:
        """The result in some months: a payee's own (`own`), of his reports (`direct`, `all`), of a `unit`, of the
        `company`."""
        by_month = self.sums(counts, whose).get(key, {})
        return Fraction(sum(by_month.get(month, 0) for month in months))

    def sums(self, counts: Counts, whose: str) -> dict[Key, ByMonth]:
        """Results by whose and month."""
        if (counts, whose) not in self._sums:
            found: dict[Key, ByMonth] = defaultdict(lambda: defaultdict(int))
            for row in self._credited:
                if counts.takes(row.credit) and counts.on_day(row.signed):
                    amount = counts.amount(row.credit) * row.share
                    for key in self._keys(row, whose):
                        found[key][row.month] += amount
            self._sums[counts, whose] = found
        return self._sums[counts, whose]

    def taken(self, counts: Counts, number: int, months: range) -> Taken:
        """How much of what a payee could win or keep in some months was; a win that is taken back is one less in the
        month in which it turns bad."""
        rows = self._chances.get((counts.on, number), [])
        known = [chance for month, chance in rows if month in months and counts.takes_deal(chance)]
        back = [
            -row.share / row.credit.share
            for row in self._wins_back.get(number, [])
            if counts.on == WIN_RATE and row.month in months and counts.takes(row.credit)
        ]
        return taken_of(known, sum(back, Fraction(0)))

    def quota(self, number: int, months: range, there: DaysByMonth) -> Fraction:
        """A payee's quota in some months for some days; 0 without one."""
        payee = self.payees[number]
        if payee.quota is None or payee.employment.quota is None:
            return Fraction(0)
        return payee.quota.within(months, self._bases_of(number), there, payee.hired)

    def quota_of(self, on: str, whose: str, key: Key, months: range) -> Fraction:
        """The sum of the quotas, on a measure, of those whose results count."""
        if whose == "own":
            payee = self.payees[int(key)]
            return (
                self.quota(int(key), months, payee.there) if payee.quota and payee.quota.quota.on == on else Fraction(0)
            )
        total = Fraction(0)
        for number, payee in enumerate(self.payees):
            if payee.quota is not None and payee.quota.quota.on == on:
                there = self._days_that_count(payee, whose, key)
                if there:
                    total += self.quota(number, months, there)
        return total

    def _days_that_count(self, payee: Payee, whose: str, key: Key) -> DaysByMonth:
        """The days on which somebody's results count for a unit, the firm or a boss."""
        employment = payee.employment
        if whose in ("unit", "company"):
            return payee.there if whose == "company" or employment.unit == key else {}
        boss = self.payees[int(key)].employment
        if boss.position not in (employment.bosses if whose == "direct" else employment.above):
            return {}
        first = max(employment.first_day, boss.first_day)
        return self.calendar.days_there(first, min(employment.day_behind, boss.day_behind), payee.absent)

    def _keys(self, row: Credited, whose: str) -> Iterable[Key]:
        """For whom a credit counts."""
        employment = self.payees[row.payee].employment
        if whose == "own":
            return (row.payee,)
        if whose == "unit":
            return (employment.unit,)
        if whose == "company":
            return (FIRM,)
        bosses = employment.bosses if whose == "direct" else employment.above
        found = (self._by_position.at(boss, row.credit.at_h) for boss in bosses)
        return [boss for boss in found if boss is not None]

    def _attributed(self, rows: Iterable[Credit]) -> Iterable[Credited]:
        """Each credit with its payee, and what is taken back by the rule of the payee's plan: by the first cause that
        the plan lists, and once."""
        start, months = self.calendar.start, self.calendar.months
        bad: set[tuple[str, int, str, float]] = set()
        for credit in sorted(rows, key=lambda credit: credit.at_h):
            number = self._by_person.at(credit.person, credit.at_h)
            day = self.calendar.day_at(credit.at_h)
            if number is None or not 0 <= day < len(months):
                continue
            signed_h = credit.at_h if credit.signed_h is None else credit.signed_h
            share, deal = credit.share, (credit.person, credit.deal, credit.stage, signed_h)
            if credit.turned_bad:
                share = Fraction(0) if deal in bad else _taken_back(self.payees[number].plan, credit, signed_h)
                if share:
                    bad.add(deal)
            if share:
                signed = start + dt.timedelta(days=int(signed_h // HOURS_PER_DAY))
                yield Credited(number, months[day], signed, credit, 1 if share == 1 else share)

    def _by_payee(self, chances: Iterable[Chance]) -> dict[tuple[str, int], list[tuple[int, Chance]]]:
        """Chances with their months, by measure and payee."""
        found: dict[tuple[str, int], list[tuple[int, Chance]]] = defaultdict(list)
        for chance in chances:
            number, day = self._by_person.at(chance.person, chance.at_h), self.calendar.day_at(chance.at_h)
            if number is not None and 0 <= day < len(self.calendar.months):
                found[chance.of, number].append((self.calendar.months[day], chance))
        return found

    def _wins_taken_back(self) -> dict[int, list[Credited]]:
        """By payee, what is taken back of the credit for deals that count as won."""
        rows = (chance for (of, _), rows in self._chances.items() if of == WIN_RATE for _, chance in rows)
        won = {(chance.person, chance.deal) for chance in rows if chance.taken}
        found: dict[int, list[Credited]] = defaultdict(list)
        for row in self._credited:
            credit = row.credit
            if credit.turned_bad and credit.stage == SIGNATURE and (credit.person, credit.deal) in won:
                found[row.payee].append(row)
        return found

    def _bases_of(self, number: int) -> dict[int, Fraction]:
        """By number of the quota period, the quota of a whole one; with `history` each follows the last one's result.

        The results are the position's, whoever held it, and so is the quota.
        """
        if number not in self._bases:
            payee = self.payees[number]
            assert payee.quota is not None
            base = payee.employment.quota or Fraction(0)
            length, months = MONTHS_IN[payee.quota.quota.period], self.calendar.months
            periods = range(months[0] // 12 * 12 // length, (months[-1] // 12 + 1) * 12 // length)
            found: dict[int, Fraction] = {}
            for period in periods:
                found[period] = base
                if payee.quota.quota.method == "history":
                    base = self._next_base(payee.employment.position, payee.quota, period, base)
            self._bases[number] = found
        return self._bases[number]

    def _next_base(self, position: str, rule: QuotaRule, period: int, base: Fraction) -> Fraction:
        length = MONTHS_IN[rule.quota.period]
        months = range(period * length, (period + 1) * length)
        held = [number for number, payee in enumerate(self.payees) if payee.employment.position == position]
        result = sum((self.of(rule.counts, "own", number, months) for number in held), Fraction(0))
        there = {month: sum(self.payees[number].there.get(month, 0) for number in held) for month in months}
        return rule.next_base(base, result, rule.fullness(period, there))


class _Places:
    """Who is there by the name of a person or position, and the time."""

    def __init__(self, payees: Sequence[Payee], field: str) -> None:
        spells: dict[str, list[tuple[float, float, int]]] = defaultdict(list)
        for number, payee in enumerate(payees):
            employment = payee.employment
            spells[getattr(employment, field)].append((employment.from_h, employment.to_h, number))
        self._spells = {name: sorted(rows) for name, rows in spells.items()}

    def at(self, name: str, at_h: float) -> int | None:
        """Number of the payee; none where nobody is there."""
        rows = self._spells.get(name, [])
        place = bisect_right(rows, (at_h, float("inf"), 0)) - 1
        return rows[place][2] if place >= 0 and at_h < rows[place][1] else None


def _taken_back(plan: Plan | None, credit: Credit, signed_h: float) -> Fraction:
    """The negative share of a credit that is taken back; 0 where the plan takes nothing back."""
    rule = plan.claw_back if plan else None
    if rule is None or credit.turned_bad not in rule.causes:
        return Fraction(0)
    late = credit.at_h - signed_h > rule.within_days * HOURS_PER_DAY
    return Fraction(0) if late else -credit.share * exact(rule.share)
