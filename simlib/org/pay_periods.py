"""Which days belong to which month, quarter or year of the calendar, and who was there on how many of them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from simlib.scenario.pay_components import MONTHS_IN
from simlib.units import HOURS_PER_DAY

DaysByMonth = dict[int, int]
"""Days somebody was there, by the number of the month (years since the beginning of the calendar × 12 + month − 1)."""


@dataclass(frozen=True)
class PayCalendar:
    """The days of a run, on the calendar."""

    start: dt.date
    """The day whose midnight is time zero."""
    days: int
    """Days of the run; the last one may be begun only."""

    @cached_property
    def months(self) -> tuple[int, ...]:
        """By day of the run, the number of its month."""
        dates = (self.start + dt.timedelta(days=day) for day in range(self.days))
        return tuple(month_number(date) for date in dates)

    def months_begin(self) -> list[int]:
        """Days of the run, but the first, on which a month begins."""
        return [day for day in range(1, self.days) if self.months[day] != self.months[day - 1]]

    def day_at(self, at_h: float) -> int:
        """The day of the run on which an instant falls."""
        return int(at_h // HOURS_PER_DAY)

    def days_there(self, first: int, behind: int, absent: Collection[int] = ()) -> DaysByMonth:
        """Days from `first` until before `behind` (numbers of days of the run) that lie in it and in no absence."""
        away = frozenset(absent)
        inside = range(max(first, 0), min(behind, self.days))
        return dict(Counter(self.months[day] for day in inside if day not in away))


def month_number(date: dt.date) -> int:
    """Number of the month of a date; a quarter's is this // 3, a year's this // 12."""
    return date.year * 12 + date.month - 1


def months_of(period: int, span: str) -> range:
    """The months of a month, quarter or year by its number."""
    length = MONTHS_IN[span]
    return range(period * length, (period + 1) * length)


def first_day(month: int) -> dt.date:
    """First day of a month by its number."""
    return dt.date(month // 12, month % 12 + 1, 1)


def days_in(months: range) -> int:
    """Days of some months that follow each other.

    >>> days_in(months_of(2026 * 4, "quarter"))
    90
    """
    return (first_day(months.stop) - first_day(months.start)).days


def days_within(there: DaysByMonth, months: range) -> int:
    """Days in some months on which somebody was there."""
    return sum(there.get(month, 0) for month in months)
