"""What sellers who are paid by shares expect of them: of leads that are won, and of customers who are kept (I6).

A share's denominator moves by itself: what a win or a renewal is worth is not a rate, but the difference that it makes
to a share of all that is decided in the period, of which some is known and the rest still to come.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simlib.model.clientele import Clientele
from simlib.model.flows import counted, known_chance
from simlib.model.stakes import PRIOR_WEEKS, WEEK_H
from simlib.odds import shifted
from simlib.org.chances import WIN_RATE
from simlib.org.credits import Counts, exact
from simlib.org.pay_periods import PayCalendar, first_day, months_of
from simlib.org.plan_parts import Part, parts_of
from simlib.org.schedule import Schedule, capped
from simlib.scenario.pay import Plan
from simlib.scenario.pay_components import MONTHS_IN
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY, minor_units
from simlib.world import World
from simlib.world.demand import run_days

Ints = NDArray[np.int64]


class Tally:
    """What one seller could win or keep, and did: in the period that runs, and since he came."""

    __slots__ = ("a_week", "counts", "ends_h", "ever", "now", "period", "rows", "usual")

    def __init__(self, counts: Counts, period: str, rows: list[bool], usual: float) -> None:
        """`rows`: by need, then by existing customer, whether it counts. `usual`: share taken that anybody expects."""
        self.counts, self.period, self.rows, self.usual = counts, period, rows, usual
        self.a_week = self.ends_h = 0.0
        """How many are expected to be decided in a week; when the period ends."""
        self.now, self.ever = (0, 0), (0, 0)
        """Taken, and decided."""

    def takes(self, number: int, *, new_customer: bool) -> bool:
        """Whether it counts a need, or behind the last need an existing customer."""
        of_kind = self.counts.customers == "any" or (self.counts.customers == "new") == new_customer
        return of_kind and self.rows[number]

    def note(self, *, taken: bool) -> None:
        """One more is decided."""
        self.now, self.ever = ((had + taken, of + 1) for had, of in (self.now, self.ever))

    @property
    def chance(self) -> float:
        """Share that he expects of what is still to come: the usual one, trusted as thirteen weeks of his own."""
        trust, (taken, of) = PRIOR_WEEKS * self.a_week, self.ever
        return (trust * self.usual + taken) / (trust + of) if trust + of else self.usual

    def to_come(self, now: float) -> float:
        """How many more are expected to be decided before the period ends."""
        return self.a_week * max(self.ends_h - now, 0.0) / WEEK_H


class Line:
    """What a share pays one seller."""

    def __init__(self, tally: Tally, schedule: Schedule, part: Part) -> None:
        self.tally, self._schedule, self._target = tally, schedule, float(part.target or 0)
        self._state: tuple[float, ...] = ()
        self._gain = 0.0

    def gain(self, now: float) -> float:
        """What it is worth that one is taken instead of lost, of those still to be decided in the period:
        E W((k + 1 + X) / N) − E W((k + X) / N), in minor units."""
        tally = self.tally
        (taken, of), others = tally.now, max(round(tally.to_come(now)) - 1, 0)
        state = taken, of, others, tally.chance
        if state != self._state:
            with_it, without = (
                expected(self._schedule, had, of + 1, (others, state[-1])) for had in (taken + 1, taken)
            )
            self._state, self._gain = state, with_it - without
        return self._gain

    def pay_a_year(self, now: float) -> float:
        """What it can be expected to pay in a year, if all periods are as this one; where nothing is to be decided the
        target counts as met."""
        tally = self.tally
        (taken, of), others = tally.now, round(tally.to_come(now))
        pay = self._schedule.expected(self._target)
        if of + others:
            pay = expected(self._schedule, taken, of, (others, tally.chance))
        return pay * 12 / MONTHS_IN[tally.period]


def expected(schedule: Schedule, taken: int, of: int, to_come: tuple[int, float]) -> float:
    """Expected pay for a share: E W((k + X) / (n + m)), X binomial of m chances p.

    `taken`, `of`: k of the n that are decided. `to_come`: m and p. Each X with its probability; at most m + 1 terms.
    """
    others, chance = to_come
    return math.fsum(
        probability * schedule.expected((taken + more) / (of + others))
        for more, probability in enumerate(binomial(others, chance))
        if probability
    )


def binomial(count: int, chance: float) -> list[float]:
    """Probability of 0, 1, … `count` of so many.

    >>> [round(probability, 9) for probability in binomial(2, 0.5)]
    [0.25, 0.5, 0.25]
    """
    if chance in (0.0, 1.0):
        return [float(number == count * chance) for number in range(count + 1)]
    all_ways, yes, no = math.lgamma(count + 1), math.log(chance), math.log1p(-chance)
    return [
        math.exp(all_ways - math.lgamma(k + 1) - math.lgamma(count - k + 1) + k * yes + (count - k) * no)
        for k in range(count + 1)
    ]


class Tallies:
    """All sellers' shares; empty where no plan pays for one."""

    def __init__(self, world: World, clientele: Clientele, calendar: PayCalendar) -> None:
        self._world, self._clientele, self._calendar = world, clientele, calendar
        self._minor = minor_units(world.scenario.currency)
        self._known: dict[tuple[Counts, str, int], Tally] = {}
        self._lines: dict[int, list[Line]] = {}
        """By seat."""

    def adopt(self, plans: Mapping[int, Plan], closers: Ints) -> None:
        """From now on people are paid by these plans, by seat, and customers divided so. `closers`: by need, the seat
        on whose list it stands in the last stage. What was counted before stays."""
        lines: dict[int, list[Line]] = defaultdict(list)
        for seat, plan in plans.items():
            for part in parts_of(plan, self._minor):
                if part.is_share:
                    tally = self._tally(part, seat)
                    lines[seat].append(Line(tally, self._schedule(plan, part), part))
        self._lines = dict(lines)
        for counts in {line.tally.counts for mine in lines.values() for line in mine}:
            weekly = self._weekly(counts, closers)
            for (of, _, seat), tally in self._known.items():
                if of == counts:
                    tally.a_week = weekly[seat] if seat < len(weekly) else 0.0

    def _schedule(self, plan: Plan, part: Part) -> Schedule:
        schedule = part.schedule(exact(1), part.target)
        if plan.cap is None or part.period != plan.settled:
            return schedule
        return capped(schedule, exact(plan.cap) * self._minor)

    def _tally(self, part: Part, seat: int) -> Tally:
        key = (part.counts, part.period, seat)
        if key not in self._known:
            rows = self._rows(part.counts)
            self._known[key] = Tally(
                part.counts, part.period, [*rows[0].tolist(), *rows[1].tolist()], self._usual(part)
            )
        return self._known[key]

    def _rows(self, counts: Counts) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """By need, and by existing customer, whether it counts."""
        leads, there = (counted(counts, self._world, rows) for rows in (self._world.needs, self._clientele.there))
        wins = counts.on == WIN_RATE
        return leads & wins, there & (not wins)

    def _usual(self, part: Part) -> float:
        """Of leads, who passes all gates before effects; of customers, who renew at full care and do not leave
        before."""
        scenario, rule = self._world.scenario, self._clientele.rule
        if part.counts.on == WIN_RATE:
            chances = (shifted(stage.pass_probability, scenario.market.win_log_odds) for stage in scenario.stages)
            return math.prod(chances)
        renewals = DAYS_PER_YEAR / rule.renewal_days
        return rule.renewal_probability * renewals / (renewals + rule.leaving_rate_per_year)

    def _weekly(self, counts: Counts, closers: Ints) -> list[float]:
        """By seat, how many are expected to be decided in a week."""
        needs, clientele, days = self._world.needs, self._clientele, run_days(self._world.scenario)
        leads, there = self._rows(counts)
        if counts.on == WIN_RATE:
            chance = np.where(leads, known_chance(self._world), 0.0) / (days / 7)
            if counts.customers != "any":
                chance = chance * (needs.existing == (counts.customers == "existing"))
            return _summed(closers, chance)
        a_week = 7 * (1 / clientele.rule.renewal_days + clientele.rule.leaving_rate_per_year / DAYS_PER_YEAR)
        return _summed(np.asarray(clientele.owners, dtype=np.int64), (there & clientele.held) * a_week)

    def turn(self, month: int) -> None:
        """A month begins, or people are paid in another way."""
        for mine in self._lines.values():
            for line in mine:
                tally = line.tally
                behind = first_day(months_of(month // MONTHS_IN[tally.period], tally.period).stop)
                tally.ends_h = (behind - self._calendar.start).days * HOURS_PER_DAY

    def close(self, month: int) -> None:
        """The month before this one has ended: periods that end with it begin anew."""
        for tally in self._known.values():
            if not month % MONTHS_IN[tally.period]:
                tally.now = (0, 0)

    def begin_anew(self, seat: int) -> None:
        """Somebody else holds a seat: nothing is counted yet."""
        for (*_, whose), tally in self._known.items():
            if whose == seat:
                tally.now = tally.ever = (0, 0)

    def decided(self, seat: int, number: int, *, new_customer: bool, taken: bool) -> None:
        """A lead, or behind the last need an existing customer, is won or lost while it is somebody's."""
        for line in self._lines.get(seat, ()):
            if line.tally.takes(number, new_customer=new_customer):
                line.tally.note(taken=taken)

    def gain(self, seat: int, number: int, now: float, *, new_customer: bool) -> float:
        """What a win or a renewal is worth to somebody beside what it counts in sums, in minor units."""
        lines = self._lines.get(seat, ())
        return math.fsum(line.gain(now) for line in lines if line.tally.takes(number, new_customer=new_customer))

    def pay_a_year(self, seat: int, now: float) -> float:
        """What shares can be expected to pay somebody in a year, in minor units."""
        return math.fsum(line.pay_a_year(now) for line in self._lines.get(seat, ()))


def _summed(seats: Ints, amounts: NDArray[np.floating[Any]]) -> list[float]:
    """Sums by seat; -1 is nobody's."""
    mine = seats >= 0
    sums: list[float] = np.bincount(seats[mine], amounts[mine]).tolist()
    return sums
