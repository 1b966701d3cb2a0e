"""What must a reader of a replay know of its log? Facts with their values; their words are the report's.

Each sentence stands in the catalogues of `simlib/report/words` as `log.CODE`, so that it can be said in any language.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from simlib.scenario.schema import CalendarSpec

Value = str | int | float | dt.date | tuple[str, ...]
"""What a sentence is filled with: a name of the log's, a number, a day, a list of names."""


@dataclass(frozen=True)
class Note:
    """One fact about a log."""

    code: str
    """Which fact; the catalogues have its sentence under `log.CODE`."""
    values: Mapping[str, Value] = field(default_factory=dict)
    """What stands in the sentence's placeholders. `dimension` is one of amount, region, product, segment."""


def imputed(leads: pd.DataFrame, missing: Mapping[str, int]) -> list[Note]:
    """What the world draws because the log does not say it; without any amount every deal is worth nothing."""
    notes = []
    for name, count in missing.items():
        if name == "amount" and count == len(leads):
            notes.append(Note("no_amounts", {"leads": count}))
        elif count:
            notes.append(Note("imputed", {"dimension": name, "count": count, "leads": len(leads)}))
    return notes


def outside_log(leads: pd.DataFrame, first_day: dt.date, calendar: CalendarSpec) -> list[Note]:
    """Whether the window has days on which nothing can arrive, because the log begins later or ends earlier.

    `leads` are sorted, with `at_h` in hours since midnight of `first_day`.
    """
    first, last = (int(hours // 24) for hours in leads["at_h"].iloc[[0, -1]])
    begin, end = calendar.warm_up_days, calendar.warm_up_days + calendar.horizon_days
    covered = max(0.0, min(end, last + 1) - max(begin, first))
    if covered >= calendar.horizon_days:
        return []
    dates = {"first": first, "last": last, "begin": math.floor(begin), "until": math.ceil(end) - 1}
    days = {"empty": calendar.horizon_days - covered, "days": calendar.horizon_days}
    return [Note("window_outside", {**{name: first_day + dt.timedelta(days=n) for name, n in dates.items()}, **days})]


def other_currency(of_log: str | None, of_scenario: str) -> list[Note]:
    """Whether the log's amounts are in another currency than the scenario's costs: nothing is converted."""
    if of_log in (None, of_scenario):
        return []
    return [Note("other_currency", {"log": str(of_log), "scenario": of_scenario})]
