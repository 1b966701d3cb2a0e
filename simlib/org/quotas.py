"""What is expected of somebody in a period: season, ramp and days there applied to a quota, and the next one (I2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from simlib.org.credits import Counts, exact
from simlib.org.pay_periods import DaysByMonth, days_in, months_of
from simlib.scenario.pay import Quota
from simlib.scenario.pay_components import MONTHS_IN


@dataclass(frozen=True)
class QuotaRule:
    """A plan's quota, ready to be applied to people and periods; all amounts in the unit of its measure."""

    quota: Quota
    prorated: bool
    """Whether days there matter."""

    @property
    def counts(self) -> Counts:
        """What it counts: all signatures."""
        return Counts(self.quota.on, frozenset(), frozenset(), "any", frozenset())

    def within(self, months: range, bases: Mapping[int, Fraction], there: DaysByMonth, hired: int | None) -> Fraction:
        """The quota for some months that follow each other.

        Σ over months of base · season · days there ÷ days of the month · ramp

        `bases`: by number of the quota period, the quota of a whole one. `hired`: number of the month of hiring, None
        for who was there before; the ramp's share is that of the months since. Raises KeyError for a period without a
        base in which somebody was there.
        """
        parts: dict[int, Fraction] = {}
        for month in months:
            part = self._part(month, there) * self._ramped(month, hired)
            if part:
                period = month // MONTHS_IN[self.quota.period]
                parts[period] = parts.get(period, Fraction(0)) + part
        return sum((bases[period] * part for period, part in parts.items()), Fraction(0))

    def fullness(self, period: int, there: DaysByMonth) -> Fraction:
        """How much of a whole, average quota period the days there are, by season."""
        return sum(
            (self._season(month) * _share(month, there) for month in months_of(period, self.quota.period)), Fraction(0)
        )

    def next_base(self, base: Fraction, result: Fraction, fullness: Fraction) -> Fraction:
        """The quota of the next period after a result: (1 − w) · base + w · (1 + g) · result ÷ fullness, at least 0.

        w is the weight of the method `history`, g its growth. Other methods keep their base, and so does a period in
        which the seat was vacant.
        """
        if self.quota.method != "history" or not fullness:
            return base
        weight, growth = exact(self.quota.weight), exact(self.quota.growth)
        return max((1 - weight) * base + weight * (1 + growth) * result / fullness, Fraction(0))

    def _part(self, month: int, there: DaysByMonth) -> Fraction:
        """A month's part of the base: by season, and by days where they matter."""
        return self._season(month) * (_share(month, there) if self.prorated else 1)

    def _season(self, month: int) -> Fraction:
        return self._seasons[month % 12]

    @cached_property
    def _seasons(self) -> tuple[Fraction, ...]:
        """By month of the year, its part of the quota of a quota period: 1 ÷ its months where all weigh the same."""
        weights = [exact(weight) for weight in self.quota.season]
        each = Fraction(12, MONTHS_IN[self.quota.period]) / sum(weights)
        return tuple(weight * each for weight in weights)

    @cached_property
    def _ramp(self) -> tuple[Fraction, ...]:
        return tuple(exact(share) for share in self.quota.ramp)

    def _ramped(self, month: int, hired: int | None) -> Fraction:
        since = len(self._ramp) if hired is None else month - hired
        return self._ramp[since] if 0 <= since < len(self._ramp) else Fraction(1)


def _share(month: int, there: DaysByMonth) -> Fraction:
    return Fraction(there.get(month, 0), days_in(range(month, month + 1)))
