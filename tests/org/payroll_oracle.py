"""The payroll a second time, by plain loops over days and decimals; it shares no code with `simlib.org.plans`.

It takes plans, employments and credits as they are written and returns every amount by person, position, settlement,
component and period. Decimals have sixty digits; before an amount is rounded, and where a result is compared with a
threshold, the last of them are let go, so that a third of three thirds is a whole.
"""

import datetime as dt
import functools
import math
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, getcontext
from itertools import pairwise

getcontext().prec = 60
HAIR = Decimal("1e-25")
LENGTH = {"month": 1, "quarter": 3, "year": 12}


def number(value):
    """A number as it is written."""
    if hasattr(value, "numerator") and not isinstance(value, int):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(str(value))


def period(date, span):
    """Year, and number of the period in it."""
    return date.year, (date.month - 1) // LENGTH[span]


@functools.cache
def dates_of(year_and_number, span):
    """All days of a period."""
    year, which = year_and_number
    day, found = dt.date(year, which * LENGTH[span] + 1, 1), []
    while period(day, span) == year_and_number:
        found.append(day)
        day += dt.timedelta(days=1)
    return found


class Oracle:
    """One payroll."""

    def __init__(self, plans, employments, credit_rows, start, days, minor):
        self.plans, self.staff, self.minor = plans, employments, minor
        self.rows = [row for row in credit_rows if not hasattr(row, "taken")]
        self.chances = [row for row in credit_rows if hasattr(row, "taken")]
        self.run = [start + dt.timedelta(days=day) for day in range(days)]
        self.start = start
        self.employed = functools.cache(self.employed)
        self.there = functools.cache(self.there)

    def date(self, hours):
        return self.start + dt.timedelta(days=math.floor(hours / 24))

    def employed(self, one):
        return [
            date
            for number, date in enumerate(self.run)
            if math.floor(one.from_h / 24) <= number < math.ceil(one.to_h / 24)
        ]

    def there(self, one):
        found = self.employed(one)
        if one.plan and self.plans[one.plan].proration.absence:
            away = {self.start + dt.timedelta(days=day) for day in one.absent_days}
            found = [date for date in found if date not in away]
        return found

    def present(self, one, which, span):
        if not self.plans[one.plan].proration.days:
            return Decimal(1)
        inside = [date for date in self.there(one) if period(date, span) == which]
        return Decimal(len(inside)) / len(dates_of(which, span))

    # results

    def holder(self, row):
        """Whose credit it is; nobody's where its person is not there at that time of the run."""
        there = [one for one in self.staff if one.person == row.person and one.from_h <= row.at_h < one.to_h]
        return there[0] if there and 0 <= row.at_h < 24 * len(self.run) else None

    def before(self, row):
        """Other rows that take the same credit back, and come first."""
        what = (row.person, row.deal, row.stage, row.signed_h)
        for place, other in enumerate(self.rows):
            if other.turned_bad and (other.person, other.deal, other.stage, other.signed_h) == what:
                mine = next(number for number, each in enumerate(self.rows) if each is row)
                if (other.at_h, place) < (row.at_h, mine):
                    yield other

    def signed_share(self, row, holder):
        """The share of the deal's credit, negative where it is taken back, 0 where the rule does not bite."""
        share = self.share_alone(row, holder)
        if row.turned_bad and share:
            for other in self.before(row):
                had_it = self.holder(other)
                if had_it is not None and self.share_alone(other, had_it):
                    return Decimal(0)
        return share

    def share_alone(self, row, holder):
        """The same where nothing had been taken back before."""
        if not row.turned_bad:
            return number(row.share)
        rule = self.plans[holder.plan].claw_back if holder.plan else None
        if rule is None or row.turned_bad not in rule.causes:
            return Decimal(0)
        signed = row.at_h if row.signed_h is None else row.signed_h
        if row.at_h - signed > rule.within_days * 24:
            return Decimal(0)
        return -number(row.share) * number(rule.share)

    def counted(self, row, counted):
        """What the deal counts for a component, 0 where it does not."""
        signed = self.date(row.at_h if row.signed_h is None else row.signed_h)
        stages = list(counted.stages) or [""]
        if row.stage not in stages:
            return 0
        if counted.products and row.product not in counted.products:
            return 0
        if counted.segments and row.segment not in counted.segments:
            return 0
        if counted.customers == "new" and not row.new_customer:
            return 0
        if counted.customers == "existing" and row.new_customer:
            return 0
        first, last = getattr(counted, "first_day", None), getattr(counted, "last_day", None)
        if (first and signed < first) or (last and signed > last):
            return 0
        return {
            "revenue": row.revenue,
            "margin": row.margin,
            "deals": 1,
            "new_customers": 1 if row.new_customer else 0,
        }[counted.on]

    def result(self, counted, which, span, belongs):
        """Sum over credits in a period of those for whom `belongs(holder, hours)`."""
        total = Decimal(0)
        for row in self.rows:
            holder = self.holder(row)
            if holder is not None and period(self.date(row.at_h), span) == which and belongs(holder, row.at_h):
                total += self.counted(row, counted) * self.signed_share(row, holder)
        return total

    def ratio(self, one, kpi, which, span):
        """Won ÷ decided, or kept ÷ due, in a period; none where nothing was."""

        def mine(row):
            fits = (not kpi.products or row.product in kpi.products) and (
                not kpi.segments or row.segment in kpi.segments
            )
            return fits and (kpi.customers == "any" or (kpi.customers == "new") == row.new_customer)

        decided = [row for row in self.chances if row.of == kpi.on and mine(row) and self.holder(row) is one]
        decided = [row for row in decided if period(self.date(row.at_h), span) == which]
        if not decided:
            return None
        taken = Decimal(sum(row.taken for row in decided))
        if kpi.on == "win_rate":
            for row in self.rows:
                if row.turned_bad and not row.stage and mine(row) and self.holder(row) is one:
                    won = any(
                        (each.of, each.person, each.deal, each.taken) == ("win_rate", row.person, row.deal, True)
                        and self.holder(each) is not None
                        for each in self.chances
                    )
                    if won and period(self.date(row.at_h), span) == which:
                        taken += self.signed_share(row, one) / number(row.share)
        return max(taken, Decimal(0)) / len(decided)

    # quotas

    def base(self, one, which):
        """The quota of a whole quota period."""
        quota = self.plans[one.plan].quota
        base = number(one.quota)
        if quota.method != "history":
            return base
        passing = (self.run[0].year, 0)
        while passing != which:
            held = [other for other in self.staff if other.position == one.position]
            full = Decimal(0)
            for date in (date for other in held for date in self.there(other)):
                if period(date, quota.period) == passing:
                    full += self.season(quota, date.month) / len(dates_of(period(date, "month"), "month"))
            if full:
                whole = type(
                    "Whole", (), {"on": quota.on, "products": (), "segments": (), "stages": (), "customers": "any"}
                )
                result = self.result(whole, passing, quota.period, lambda holder, _: holder.position == one.position)
                weight, growth = number(quota.weight), number(quota.growth)
                base = max((1 - weight) * base + weight * (1 + growth) * result / full, Decimal(0))
            year, place = passing
            passing = (year, place + 1) if (place + 1) * LENGTH[quota.period] < 12 else (year + 1, 0)
        return base

    def season(self, quota, month):
        return number(quota.season[month - 1]) * 12 / sum(map(number, quota.season)) / LENGTH[quota.period]

    def quota(self, one, which, span, dates):
        """What is expected of somebody on some dates of a period."""
        quota = self.plans[one.plan].quota if one.plan else None
        if quota is None or one.quota is None:
            return Decimal(0)
        total = Decimal(0)
        for month in sorted({(date.year, date.month) for date in dates_of(which, span)}):
            inside = [date for date in dates if (date.year, date.month) == month]
            day = dt.date(*month, 1)
            part = Decimal(len(inside)) / len(dates_of(period(day, "month"), "month"))
            if not self.plans[one.plan].proration.days:
                part = Decimal(1)
            if one.hired_day is not None:
                hired = self.start + dt.timedelta(days=one.hired_day)
                since = (month[0] - hired.year) * 12 + month[1] - hired.month
                if 0 <= since < len(quota.ramp):
                    part *= number(quota.ramp[since])
            if part:
                total += self.base(one, period(day, quota.period)) * self.season(quota, month[1]) * part
        return total

    def expected(self, on, which, span, dates_that_count):
        """Sum of the quotas on a measure over people, each on the dates that count."""
        total = Decimal(0)
        for one in self.staff:
            plan = self.plans[one.plan] if one.plan else None
            if plan and plan.quota and plan.quota.on == on:
                dates = dates_that_count(one)
                if dates:
                    total += self.quota(one, which, span, dates)
        return total

    # pay

    def paid(self, component, result, present, target):
        """Whatever a component pays for a result."""
        unit = self.minor if component.on in ("revenue", "margin") else 1
        each = Decimal(self.minor) / unit
        by_amount = component.kind == "special" or component.by == "amount"
        scale = present * unit if by_amount else target
        pays = Decimal(0)
        if getattr(component, "rate", None) is not None:
            pays = number(component.rate) * each * result
        elif getattr(component, "tiers", ()):
            pays = self.tiered(component, result, scale, each)
        else:
            for begins, amount in component.steps:
                if scale and result >= number(begins) * scale - HAIR:
                    pays = number(amount) * self.minor * present
        if component.cap is not None:
            pays = min(pays, number(component.cap) * self.minor * present)
        return pays

    def tiered(self, component, result, scale, each):
        tiers = [(number(begins) * scale, number(rate) * each) for begins, rate in component.tiers]
        starts_at_zero = component.tiers[0][0] == 0
        if not scale or result < 0:
            return tiers[0][1] * result if starts_at_zero else Decimal(0)
        if component.mode == "retroactive":
            reached = [rate for begins, rate in tiers if result >= begins - HAIR]
            return reached[-1] * result if reached else Decimal(0)
        total = Decimal(0)
        for place, (begins, rate) in enumerate(tiers):
            ends = tiers[place + 1][0] if place + 1 < len(tiers) else max(result, begins)
            total += max(min(result, ends) - begins, Decimal(0)) * rate
        return total

    def on_curve(self, kpi, attainment):
        points = [(number(a), number(share)) for a, share in kpi.curve]
        if attainment < points[0][0] - HAIR:
            return Decimal(0)
        for (low, at_low), (high, at_high) in pairwise(points):
            if attainment < high - HAIR:
                return at_low + (at_high - at_low) * (attainment - low) / (high - low)
        return points[-1][1]

    def rounded(self, plan, amount):
        clean = amount.quantize(HAIR)
        return int(clean.quantize(Decimal(1), ROUND_HALF_UP if plan.rounding == "half_up" else ROUND_HALF_EVEN))

    def entitled(self, one, plan, name, which):
        """(KPI, exact pay) of a component for a period."""
        component = plan.components[name]
        span = component.period
        present = self.present(one, which, span)
        if component.kind == "scorecard":
            for kpi_name, kpi in component.kpis.items():
                target = self.target(kpi, present, lambda: self.quota(one, which, span, self.there(one)))
                if kpi.on in ("win_rate", "customers_kept"):
                    target = number(kpi.target)
                    found = self.ratio(one, kpi, which, span)
                    result = target if found is None else found
                else:
                    result = self.result(kpi, which, span, lambda holder, _: holder is one)
                share = self.on_curve(kpi, result / target) if target else Decimal(0)
                yield kpi_name, number(component.pays) * self.minor * number(kpi.weight) * share * present
        elif component.kind == "pool":
            yield "", self.of_pool(one, plan, component, which)
        elif component.kind == "override":
            mine = "bosses" if component.reports == "direct" else "above"

            def below(holder, hours):
                return one.position in getattr(holder, mine) and one.from_h <= hours < one.to_h

            def together(other):
                both = set(self.employed(one)) & set(self.there(other))
                return both if one.position in getattr(other, mine) else set()

            target = self.target(component, present, lambda: self.expected(component.on, which, span, together))
            yield "", self.paid(component, self.result(component, which, span, below), present, target)
        else:
            target = self.target(component, present, lambda: self.quota(one, which, span, self.there(one)))
            result = self.result(component, which, span, lambda holder, _: holder is one)
            yield "", self.paid(component, result, present, target)

    def target(self, counted, present, quota):
        if getattr(counted, "target", None) is not None:
            unit = self.minor if counted.on in ("revenue", "margin") else 1
            return number(counted.target) * unit * present
        goes_by = getattr(counted, "by", "attainment") == "attainment" and getattr(counted, "rate", None) is None
        return quota() if goes_by and not hasattr(counted, "first_day") else Decimal(0)

    def of_pool(self, one, plan, pool, which):
        firm = pool.result_of == "company"

        def inside(other):
            return firm or other.unit == one.unit

        whole = len(dates_of(which, pool.period))
        running = Decimal(sum(period(date, pool.period) == which for date in self.run)) / whole
        present = running if plan.proration.days else Decimal(1)
        target = self.target(
            pool,
            present,
            lambda: self.expected(pool.on, which, pool.period, lambda o: self.there(o) if inside(o) else []),
        )
        fund = self.paid(pool, self.result(pool, which, pool.period, lambda holder, _: inside(holder)), present, target)
        here = {"employed": {}, "there": {}}
        for place, other in enumerate(self.staff):
            if other.plan == one.plan and inside(other):
                for how in here:
                    dates = getattr(self, how)(other)
                    here[how][place] = sum(period(date, pool.period) == which for date in dates)
        weights = {}
        for place, days in here["employed"].items():
            if days:
                other = self.staff[place]
                counted = Decimal(here["there"][place]) if plan.proration.days else Decimal(1)
                if pool.shared == "by_contribution":
                    own = self.result(pool, which, pool.period, lambda holder, _, me=other: holder is me)
                    weights[place] = max(own, Decimal(0))
                elif pool.shared == "by_pay":
                    weights[place] = counted * self.base_pay(plan, other)
                else:
                    weights[place] = counted
        if not any(weights.values()):
            weights = {place: Decimal(days) for place, days in here["employed"].items() if days}
        me = next(place for place, other in enumerate(self.staff) if other is one)
        return fund * weights[me] / sum(weights.values())

    def base_pay(self, plan, one):
        if plan.base_per_year is None:
            return Decimal(one.pay_per_year)
        return number(plan.base_per_year) * self.minor

    # settlements

    def payroll(self):
        """{(person, position, first day): ({(component or kind, KPI, (first, last day)): amount}, owed)}."""
        found = {}
        for person in {one.person for one in self.staff}:
            owed = 0
            for one in sorted((o for o in self.staff if o.person == person), key=lambda o: o.from_h):
                if one.plan and self.employed(one):
                    owed = self.employment(one, owed, found)
        return found

    def employment(self, one, owed, found):
        plan, dates = self.plans[one.plan], self.employed(one)
        due = {}
        for name, component in plan.components.items():
            for which in sorted({period(date, component.period) for date in dates}):
                day = min(dates_of(which, component.period)[-1], dates[-1])
                for kpi, pays in self.entitled(one, plan, name, which):
                    lines = due.setdefault(period(day, plan.settled), {})
                    days = dates_of(which, component.period)
                    lines[name, kpi, (days[0], days[-1])] = self.rounded(plan, pays)
        for which in sorted({period(date, plan.settled) for date in dates}):
            inside = [date for date in dates if period(date, plan.settled) == which]
            base = self.base_pay(plan, one) * len(inside) / Decimal(365)
            for given in one.raises:
                begins = self.start + dt.timedelta(days=given.from_day)
                base += Decimal(given.per_year) * sum(date >= begins for date in inside) / Decimal(365)
            lines = due.get(which, {})
            owed = self.settle(plan, lines, self.present(one, which, plan.settled), owed)
            lines["base", "", ""] = self.rounded(plan, base)
            found[one.person, one.position, dates_of(which, plan.settled)[0]] = (lines, owed)
        return owed

    def settle(self, plan, lines, present, owed):
        """Adds what settles to the lines; returns what is owed afterwards."""

        def scaled(amount):
            return self.rounded(plan, number(amount) * self.minor * present)

        pay = sum(lines.values())
        if plan.cap is not None and pay > scaled(plan.cap):
            lines["cap", "", ""] = scaled(plan.cap) - pay
            pay = scaled(plan.cap)
        floor = scaled(plan.floor)
        draw = scaled(plan.draw.amount) if plan.draw else 0
        spare = pay - max(floor, draw)
        if owed > 0 and spare > 0:
            taken = min(owed, spare)
            lines["repaid", "", ""] = -taken
            pay, owed = pay - taken, owed - taken
        if pay < 0:
            lines["deficit", "", ""] = -pay
            if plan.claw_back and plan.claw_back.carried:
                owed += -pay
            pay = 0
        if pay < floor:
            lines["floor", "", ""] = floor - pay
            pay = floor
        if pay < draw:
            lines["draw", "", ""] = draw - pay
            if plan.draw.recoverable:
                owed += draw - pay
        return owed
