"""What existing customers brought in the window, and how well they were looked after (P8, P11, I6)."""

from __future__ import annotations

import numpy as np

from simlib.ledger import CARE, WAIT_ENDS
from simlib.measure.ratios import ratio
from simlib.measure.view import Bools, Floats, View, codes

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


def _in_window(view: View, at_h: Floats) -> Bools:
    return np.asarray((at_h >= view.frame.window_from_h) & (at_h < view.frame.window_to_h))
