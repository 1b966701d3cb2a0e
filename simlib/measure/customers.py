"""What existing customers brought in the window, and how well they were looked after (P8, P11, I6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np

from simlib.ledger import CARE, WAIT_ENDS
from simlib.measure.ratios import ratio
from simlib.measure.view import Bools, Floats, View, codes, summed
from simlib.units import HOURS_PER_DAY

SERVED, OPEN = WAIT_ENDS.index("served"), WAIT_ENDS.index("open")


def customer_figures(view: View) -> dict[str, float]:
    """Renewals of the window in whole units of the currency, the share by value that was kept, the share of care given.

    Care that is asked in the window is followed to its end, unless the run ends before.
    """
    frame, table, waits = view.frame, view.ledger.renewals, view.ledger.waits
    due, kept = _in_window(view, np.asarray(table["at_h"])), np.asarray(table["kept"])
    value = np.asarray(table["value"]) / frame.minor_units
    ends = codes(waits["end"])
    owed = (codes(waits["kind"]) == CARE) & (ends != OPEN) & _in_window(view, np.asarray(waits["from_h"]))
    renewed = float(value[due & kept].sum())
    return {
        "renewals": renewed,
        "customers_kept": ratio(renewed, value[due].sum()),
        "care_given": ratio((ends[owed] == SERVED).sum(), owed.sum()),
    }


def renewal_parts(view: View) -> Iterator[tuple[str, str, str, float, str]]:
    """Value renewed in the window by month and by owner, as rows of the breakdown; none where no customer came up for
    renewal in the whole run (retention off)."""
    table = view.ledger.renewals
    if table.empty:
        return
    at_h, owner = np.asarray(table["at_h"]), codes(table["owner"])
    renewed = np.asarray(table["kept"]) & _in_window(view, at_h)
    value = np.where(renewed, np.asarray(table["value"]) / view.frame.minor_units, 0.0)
    start = dt.date.fromisoformat(view.frame.start)
    months = np.array([(start + dt.timedelta(days=int(at // HOURS_PER_DAY))).isoformat()[:7] for at in at_h], dtype=str)
    for month in months_of_window(view):
        yield "month", month, "renewals", float(value[months == month].sum()), "money"
    of_people = summed(owner[owner >= 0], value[owner >= 0], len(view.parties))
    for person, sum_ in zip(view.parties, of_people, strict=True):
        yield "person", person, "renewals", float(sum_), "money"


def months_of_window(view: View) -> list[str]:
    """Months of the calendar that the window touches, as `2026-03`."""
    frame, start = view.frame, dt.date.fromisoformat(view.frame.start)
    days = range(int(frame.window_from_h / HOURS_PER_DAY), int(np.ceil(frame.window_to_h / HOURS_PER_DAY)))
    return list(dict.fromkeys((start + dt.timedelta(days=day)).isoformat()[:7] for day in days))


def _in_window(view: View, at_h: Floats) -> Bools:
    return np.asarray((at_h >= view.frame.window_from_h) & (at_h < view.frame.window_to_h))
