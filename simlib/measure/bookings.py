"""When in the quarter deals are signed: what pay periods do to the calendar of bookings (I2)."""

from __future__ import annotations

import datetime as dt

import numpy as np

from simlib.ledger import Frame
from simlib.measure.ratios import ratio
from simlib.measure.view import WON, Floats, View, codes
from simlib.units import HOURS_PER_DAY

EDGE_DAYS = 14
"""Days at the end, and at the start, of a quarter that are held against each other."""


def booking_figures(view: View) -> dict[str, float]:
    """Value signed in the last two weeks of the calendar's quarters ÷ value signed in the first two, in the window."""
    won, closed = codes(view.ledger.leads["outcome"]) == WON, np.asarray(view.ledger.leads["closed_h"])
    return {"quarter_end_ratio": quarter_end_ratio(view.frame, closed[won], view.signed_value[won])}


def quarter_end_ratio(frame: Frame, at_h: Floats, value: Floats) -> float:
    """What the last two weeks of the calendar's quarters have of something ÷ what the first two have, in the window."""
    inside = (at_h >= frame.window_from_h) & (at_h < frame.window_to_h)
    start = dt.date.fromisoformat(frame.start)
    days = range(int(frame.window_from_h // HOURS_PER_DAY), int(np.ceil(frame.window_to_h / HOURS_PER_DAY)))
    place = {day: _place(start + dt.timedelta(days=day)) for day in days}
    at = np.array([place[int(day)] for day in at_h[inside] // HOURS_PER_DAY], dtype=int)
    return ratio(float(value[inside][at > 0].sum()), float(value[inside][at < 0].sum()))


def _place(date: dt.date) -> int:
    """-1 in the first days of a quarter, 1 in the last, 0 between."""
    first = date.replace(month=(date.month - 1) // 3 * 3 + 1, day=1)
    behind = (first + dt.timedelta(days=93)).replace(day=1)
    if (date - first).days < EDGE_DAYS:
        return -1
    return int((behind - date).days <= EDGE_DAYS)
