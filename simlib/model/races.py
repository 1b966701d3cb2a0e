"""Contests in a run: who takes part, who wins when a period is over, and what winning is worth to each (I4, I5)."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from simlib.model.contest import Expected, bar
from simlib.org.credits import Counts
from simlib.org.pay_periods import first_day, months_of
from simlib.org.schedule import Schedule, steps
from simlib.scenario.honours import Contest
from simlib.scenario.pay_components import MONTHS_IN
from simlib.units import HOURS_PER_DAY

if TYPE_CHECKING:
    from simlib.model.firm import Firm
    from simlib.model.stakes import Pot


class Prize(NamedTuple):
    """What somebody can win by the own result of the running period."""

    schedule: Schedule
    mean: float
    """The result, as expected at the usual effort."""
    coming: float
    """What of it is still to come."""
    sd: float
    """Of its difference from the bar."""
    ends_h: float


class Race:
    """A contest that is held again and again, in every group by itself."""

    def __init__(self, firm: Firm, rule: Contest, every: str, group: Callable[[int], Hashable | None]) -> None:
        """`group`: in which group a seat's holder takes part, beside the unit where that parts them; none = in none."""
        self._firm, self._rule, self._group, self._every = firm, rule, group, every
        self.watched = Counts(rule.on, frozenset(), frozenset(), "any", frozenset()), every
        """Results that must be added up for it, and the period."""

    def over(self, month: int) -> bool:
        """Whether a period is over when a month begins."""
        return not month % MONTHS_IN[self._every]

    def fields(self) -> list[list[int]]:
        """Seats of those who take part, group by group."""
        firm, found = self._firm, dict[Hashable, list[int]]()
        for seat, position in enumerate(firm.organisation.positions):
            if position.role == "rep" and firm.people[seat].leaves_h > firm.env.now:
                group = self._group(seat)
                if group is not None:
                    unit = position.unit if self._rule.among == "unit" else ""
                    found.setdefault((unit, group), []).append(seat)
        return list(found.values())

    def results(self) -> Iterator[tuple[list[int], list[int]]]:
        """Of every group all seats, and those that win: of equals the first; nobody without a result."""
        for field in self.fields():
            sold = [seat for seat in field if self.result(seat) > 0]
            ranked = sorted(sold, key=lambda seat: -self.result(seat))
            yield field, ranked[: places(self._rule.winners, len(field))]

    def result(self, seat: int) -> float:
        """What a rep has been credited with in the running period."""
        return self._pot(seat).result

    def prize(self, seat: int, worth: float) -> Prize | None:
        """What somebody has at stake in the running period; none if nothing is open.

        `worth`: of winning, in minor units. Everybody is expected to work as usual, and to stay.
        """
        field = next((each for each in self.fields() if seat in each), None) if worth else None
        if field is None:
            return None
        ends_h = self._ends_h()
        own, *rivals = (self._expected(each, ends_h) for each in (seat, *(other for other in field if other != seat)))
        met = bar(own, rivals, winners=places(self._rule.winners, len(field)))
        if met is None:
            return None
        coming = own.mean - self.result(seat)
        return Prize(steps([(Fraction(met.at), Fraction(worth))]), own.mean, coming, met.sd, ends_h)

    def _expected(self, seat: int, ends_h: float) -> Expected:
        pot, now = self._pot(seat), self._firm.env.now
        weeks, flow = pot.open_weeks(now, ends_h), pot.expected(now)
        return Expected(pot.result + flow.mean * weeks, math.sqrt(flow.variance * weeks))

    def _pot(self, seat: int) -> Pot:
        return self._firm.earnings.pot(*self.watched, seat)

    def _ends_h(self) -> float:
        calendar = self._firm.earnings.calendar
        month = calendar.months[calendar.day_at(self._firm.env.now)]
        behind = first_day(months_of(month // MONTHS_IN[self._every], self._every).stop)
        return (behind - calendar.start).days * HOURS_PER_DAY


def places(winners: float, contestants: int) -> int:
    """How many win: a number, or a share of those who take part.

    >>> [places(winners, 7) for winners in (1, 2.9, 9, 0.2, 0.01)]
    [1, 2, 7, 2, 1]
    """
    return min(int(winners) if winners >= 1 else math.ceil(winners * contestants), contestants)


class Fading:
    """What happened to everybody, half forgotten after a while: Σ 2^(−age / half-life)."""

    def __init__(self, half_life_days: float = math.inf) -> None:
        self._half_life_h = half_life_days * HOURS_PER_DAY
        self._left: dict[int, tuple[float, float]] = {}
        """By person, how much was left, and when."""

    def add(self, parties: Sequence[int], now: float) -> None:
        """It happens to some people once more."""
        for party in parties:
            self._left[party] = 1 + self.left(party, now), now

    def left(self, party: int, now: float) -> float:
        """What is not forgotten; 0 to whom it never happened."""
        left, since_h = self._left.get(party, (0.0, now))
        return left * math.exp2((since_h - now) / self._half_life_h)
