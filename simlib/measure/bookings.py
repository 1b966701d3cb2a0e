"""When in the quarter deals are signed: what pay periods do to the calendar of bookings (I2)."""

from __future__ import annotations

import datetime as dt

import numpy as np

from simlib.measure.ratios import ratio
from simlib.measure.view import WON, View, codes
from simlib.units import HOURS_PER_DAY

EDGE_DAYS = 14
"""Days at the end, and at the start, of a quarter that are held against each other."""


def booking_figures(view: View) -> dict[str, float]:
    """Value signed in the last two weeks of the calendar's quarters ÷ value signed in the first two, in the window."""
    frame, leads = view.frame, view.ledger.leads
    closed = np.asarray(leads["closed_h"])
    inside = (codes(leads["outcome"]) == WON) & (closed >= frame.window_from_h) & (closed < frame.window_to_h)
    start = dt.date.fromisoformat(frame.start)
    days = range(int(frame.window_from_h // HOURS_PER_DAY), int(np.ceil(frame.window_to_h / HOURS_PER_DAY)))
    place = {day: _place(start + dt.timedelta(days=day)) for day in days}
    at = np.array([place[int(day)] for day in closed[inside] // HOURS_PER_DAY], dtype=int)
    value = view.signed_value[inside]
    return {"quarter_end_ratio": ratio(float(value[at > 0].sum()), float(value[at < 0].sum()))}


def _place(date: dt.date) -> int:
    """-1 in the first days of a quarter, 1 in the last, 0 between."""
    first = date.replace(month=(date.month - 1) // 3 * 3 + 1, day=1)
    behind = (first + dt.timedelta(days=93)).replace(day=1)
    if (date - first).days < EDGE_DAYS:
        return -1
    return int((behind - date).days <= EDGE_DAYS)
