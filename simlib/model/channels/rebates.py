"""What the firm gives partners for what they buy: rebates at the end of a period, specials with the order (I8, I9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from fractions import Fraction
from math import nan
from typing import TYPE_CHECKING

from simlib.ledger import CREDIT, MARKETING, REBATE, REBATES_IN, SPECIAL
from simlib.model.channels.outlets import FIRM, SUPPLIERS, Layout, partners_of
from simlib.model.clock import ARRIVAL, Life, Moment
from simlib.org.credits import exact
from simlib.org.pay_periods import PayCalendar, days_in, first_day, months_of
from simlib.org.schedule import Schedule, linear, tiered, together
from simlib.scenario.pay_components import MONTHS_IN
from simlib.scenario.stocks import PartnerSpecial, Rebate
from simlib.units import HOURS_PER_DAY, minor_units
from simlib.world import cells

if TYPE_CHECKING:
    from simlib.model.firm import Firm

BEFORE_ORDERS = 9
"""Of what happens at the same instant, a period ends before anybody orders."""


def schedule_of(rule: Rebate, *, minor: int, part: Fraction, before: Fraction | None) -> Schedule:
    """The rebate by what was paid for goods in a period, both in minor units, exactly: base + tier + growth.

    `part`: of the period's days in which the partner was there; amounts hold in proportion. `before`: what he paid in
    the last period, were it whole; None = there is none to compare with, and nothing has grown.
    """
    parts = [linear(exact(rule.rate))]
    if rule.tiers:
        tiers = [(exact(begins) * minor * part, exact(rate)) for begins, rate in rule.tiers]
        parts.append(tiered(tiers, retroactive=rule.mode == "retroactive"))
    if rule.growth and before is not None:
        parts.append(tiered([(before * part, exact(rule.growth))]))
    return together(parts)


class Account:
    """What a partner with a rebate has bought in the period."""

    __slots__ = ("before", "bought", "credit", "rule", "since_h")

    def __init__(self, rule: Rebate, now: float) -> None:
        self.rule = rule
        self.since_h = now
        """From when purchases count."""
        self.bought = 0
        """In minor units, as he paid."""
        self.before: Fraction | None = None
        """What he paid in the last period, were it whole."""
        self.credit = 0
        """What the firm owes him off his next orders."""


class Rebates:
    """All partners' rebates and specials."""

    def __init__(self, firm: Firm, layout: Layout) -> None:
        self._firm = firm
        self._minor = minor_units(firm.world.scenario.currency)
        self._start = cells.first_day(firm.world.scenario)
        self._calendar = PayCalendar(self._start, int(-(-firm.end_h // HOURS_PER_DAY)) + 1)
        partners = partners_of(layout)
        self._rules = {p.party: p.tier.rebate for p in partners if p.tier.rebate}
        self._accounts: dict[int, Account] = {}
        """Of those who buy now."""
        self._specials = {partner.party: partner.tier.specials for partner in partners if partner.tier.specials}
        self._had: set[tuple[int, int, int]] = set()
        """Party, number of the special, and product of first orders."""
        self._products = firm.world.cells.products

    def adopt(self, buying: Collection[int]) -> None:
        """These partners buy from now on. For who no longer does the period ends, and all that is owed is paid; whoever
        begins, or begins anew, has no past."""
        now = self._firm.env.now
        for party in [party for party in self._accounts if party not in buying]:
            account = self._accounts.pop(party)
            self._settle(party, account, now)
            self._spend_credit(party, account, account.credit)
        for party, rule in self._rules.items():
            if party in buying and party not in self._accounts:
                self._accounts[party] = Account(rule, now)
        self._had = {first for first in self._had if first[0] in buying}

    def live(self) -> Life:
        """Month after month: the periods that end with it are paid."""
        for day in self._calendar.months_begin():
            yield Moment(self._firm.env, day * HOURS_PER_DAY, ARRIVAL - BEFORE_ORDERS)
            for party, account in self._accounts.items():
                if self._calendar.months[day] % MONTHS_IN[account.rule.period] == 0:
                    self._settle(party, account, self._firm.env.now)

    def close(self) -> None:
        """The run has ended: periods end with it."""
        for party, account in self._accounts.items():
            self._settle(party, account, self._firm.end_h)

    def bought(self, party: int, paid: Sequence[int], need: int) -> None:
        """A partner has bought, and paid so much by product: it counts, credit is spent, specials are given."""
        whole = sum(paid)
        if account := self._accounts.get(party):
            account.bought += whole
            self._spend_credit(party, account, min(account.credit, whole), need)
        for number, special in enumerate(self._specials.get(party, ())):
            counts = [
                each if each and self._counts(party, number, product, special) else 0
                for product, each in enumerate(paid)
            ]
            self._pay(SPECIAL, round(sum(counts) * special.share), party, need)

    def at_stake(self, party: int, next_h: float) -> tuple[float, Schedule, float] | None:
        """What a partner considers who orders for the last time in a period, the next time at `next_h`: what he has
        bought in it, its rebate, and the days of the period. None where it is not the last, or his price does not move.
        """
        account = self._accounts.get(party)
        if account is None or account.rule.paid_in == "fund":
            return None
        months = self._months(account, self._firm.env.now)
        days = days_in(months)
        ends_h = (first_day(months.stop) - self._start).days * HOURS_PER_DAY
        if next_h < ends_h:
            return None
        return float(account.bought), self._schedule(account, ends_h, days), float(days)

    def _counts(self, party: int, number: int, product: int, special: PartnerSpecial) -> bool:
        """Whether an order of a product has a special; a first one is remembered."""
        day = self._start + dt.timedelta(days=self._calendar.day_at(self._firm.env.now))
        if special.products and self._products[product] not in special.products:
            return False
        if day < (special.first_day or day) or day > (special.last_day or day):
            return False
        order = party, number, product
        first = order not in self._had
        self._had.add(order)
        return first or special.orders == "all"

    def _months(self, account: Account, at_h: float) -> range:
        """The months of the period in which an instant lies."""
        span = account.rule.period
        return months_of(self._calendar.months[self._calendar.day_at(at_h)] // MONTHS_IN[span], span)

    def _schedule(self, account: Account, ends_h: float, of_days: int) -> Schedule:
        part = Fraction(ends_h - account.since_h) / Fraction(HOURS_PER_DAY) / of_days
        return schedule_of(account.rule, minor=self._minor, part=part, before=account.before)

    def _settle(self, party: int, account: Account, now: float) -> None:
        """A period ends, or what there is of it. One into which he has come midway is no measure of growth."""
        from_h = account.since_h
        if from_h == now:
            return
        of_days = days_in(self._months(account, from_h))
        schedule = self._schedule(account, now, of_days)
        part = Fraction(now - from_h) / Fraction(HOURS_PER_DAY) / of_days
        amount, paid_in = round(schedule.pay(account.bought)), account.rule.paid_in
        before = nan if account.before is None else float(account.before * part)
        row = party, from_h, now, account.bought, before, REBATES_IN.index(paid_in), amount
        self._firm.journal.rebates.extend(row)
        came_midway = part < 1 and from_h > 0
        account.before = None if came_midway else Fraction(account.bought) / part
        account.bought, account.since_h = 0, now
        if paid_in == "credit":
            account.credit += amount
            return
        self._pay(REBATE, amount, party)
        if paid_in == "fund" and amount:
            self._firm.journal.dues.extend((now, MARKETING, amount, party, SUPPLIERS, -1))

    def _spend_credit(self, party: int, account: Account, amount: int, need: int = -1) -> None:
        account.credit -= amount
        self._pay(CREDIT, amount, party, need)

    def _pay(self, kind: int, amount: int, party: int, need: int = -1) -> None:
        if amount:
            self._firm.journal.dues.extend((self._firm.env.now, kind, amount, FIRM, party, need))
