"""Time and money: the grid of times, working calendars, and what a minor unit is."""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_right
from collections.abc import Collection, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
GRID = 2.0**20
"""Times are multiples of 1/GRID hours (3.4 ms): sums and differences of such times are exact, so that
two events meant for the same instant meet in it."""
OPENING_HOUR = 9.0
HOURS_PER_DAY = 24.0
DAYS_PER_YEAR = 365.0


def on_grid(hours: Any) -> Any:
    """Hours (a number or an array) rounded to the grid of times."""
    return np.rint(np.asarray(hours, dtype=float) * GRID) / GRID


def minor_units(currency: str) -> int:
    """Minor units in one unit of an ISO 4217 currency: 100 for CNY, 1 for JPY."""
    from babel.numbers import get_currency_precision

    return int(10 ** get_currency_precision(currency))


def after_discount(value: Any, discount: Any) -> Any:
    """What a deal is signed for, in whole minor units: its value less the share given away (numbers or arrays)."""
    return np.rint(np.asarray(value) * (1.0 - np.asarray(discount))).astype(np.int64)


class Calendar(Protocol):
    """When somebody works, in calendar hours since time zero."""

    def is_open(self, at: float) -> bool:
        """Whether work can begin at this instant."""

    def next_open(self, at: float) -> float:
        """The first instant at or after `at` when work can begin."""

    def finish(self, start: float, hours: float) -> float:
        """When work of so many hours, begun at `start`, ends."""

    def hours_between(self, start: float, end: float) -> float:
        """Working hours between two instants."""

    def pieces(self, starts: Floats, ends: Floats) -> tuple[NDArray[np.intp], Floats, Floats]:
        """The working parts of spells: for each part the index of its spell, its start, its end."""


class AlwaysOpen:
    """A calendar without nights: working hours are calendar hours."""

    def is_open(self, at: float) -> bool:
        return True

    def next_open(self, at: float) -> float:
        return at

    def finish(self, start: float, hours: float) -> float:
        return start + hours

    def hours_between(self, start: float, end: float) -> float:
        return end - start

    def pieces(self, starts: Floats, ends: Floats) -> tuple[NDArray[np.intp], Floats, Floats]:
        return np.arange(len(starts)), starts, ends


class OfficeHours:
    """A calendar of open days: a table of when each opens, and of the hours worked before it."""

    def __init__(self, day_numbers: Sequence[int], hours_per_day: float) -> None:
        """`day_numbers`: the days, counted from time zero, on which there is work."""
        self._hours = float(on_grid(hours_per_day))
        opening = min(OPENING_HOUR, HOURS_PER_DAY - self._hours)
        self._opens = [HOURS_PER_DAY * day + opening for day in day_numbers]
        self._closes = [opens + self._hours for opens in self._opens]
        last = day_numbers[-1] if day_numbers else -1
        self._number_on = np.searchsorted(day_numbers, np.arange(last + 1)).tolist()

    def _today(self, at: float) -> int:
        """Number of the open day on which `at` falls, or of the first one after it."""
        day = int(at // HOURS_PER_DAY)
        return self._number_on[day] if day < len(self._number_on) else len(self._opens)

    def _worked(self, at: float) -> float:
        day = bisect_right(self._opens, at)
        if not day:
            return 0.0
        return (day - 1) * self._hours + min(at - self._opens[day - 1], self._hours)

    def is_open(self, at: float) -> bool:
        today = self._today(at)
        return today < len(self._opens) and self._opens[today] <= at < self._closes[today]

    def next_open(self, at: float) -> float:
        today = self._today(at)
        if today < len(self._opens) and at >= self._closes[today]:
            today += 1
        return max(self._opens[today], at) if today < len(self._opens) else math.inf

    def finish(self, start: float, hours: float) -> float:
        today = self._today(start)
        if today < len(self._opens) and self._opens[today] <= start and start + hours <= self._closes[today]:
            return start + hours
        if hours <= 0.0:
            return start
        worked = self._worked(start) + hours
        day = math.ceil(worked / self._hours) - 1
        if day >= len(self._opens):
            return math.inf
        return self._opens[day] + (worked - day * self._hours)

    def hours_between(self, start: float, end: float) -> float:
        return self._worked(end) - self._worked(start)

    def pieces(self, starts: Floats, ends: Floats) -> tuple[NDArray[np.intp], Floats, Floats]:
        opens, closes = np.array(self._opens), np.array(self._closes)
        first = np.searchsorted(closes, starts, side="right")
        count = np.maximum(np.searchsorted(opens, ends, side="left") - first, 0)
        spell = np.repeat(np.arange(len(starts)), count)
        day = np.arange(len(spell)) - np.repeat(np.cumsum(count) - count, count) + first[spell]
        return spell, np.maximum(starts[spell], opens[day]), np.minimum(ends[spell], closes[day])


def working_days(start: dt.date, days: int, holidays: Collection[dt.date]) -> list[int]:
    """Numbers of the days, counted from `start`, that are Monday to Friday and no holiday."""
    closed = {(holiday - start).days for holiday in holidays}
    return [day for day in range(days) if (start.weekday() + day) % 7 < 5 and day not in closed]


def working_calendar(
    start: dt.date, days: int, hours_per_week: float | None, holidays: Collection[dt.date]
) -> Calendar:
    """The calendar of somebody who is never absent; `hours_per_week` null = always open."""
    if hours_per_week is None:
        return AlwaysOpen()
    return OfficeHours(working_days(start, days, holidays), hours_per_week / 5)
