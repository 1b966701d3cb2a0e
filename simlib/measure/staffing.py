"""How people come and go (R, I7)."""

from __future__ import annotations

import numpy as np

from simlib.measure.view import View
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY


def staffing_figures(view: View) -> dict[str, float]:
    """Leavers by person-year, and the share of time in which a seat was vacant, in the window.

    Who rises to a boss's seat leaves his own, and not the firm.
    """
    frame = view.frame
    left = np.asarray(view.seats["to_h"], dtype=float)
    rose = view.ledger.promotions.query("reason == 'vacancy'")["party"].astype(str)
    stays = view.seats["party"].astype(str).isin(rose).to_numpy()
    leavers = (left >= frame.window_from_h) & (left < frame.window_to_h) & ~stays
    held_h = float(view.seated_h.sum())
    seat_h = len(np.unique(view.seat)) * (frame.window_to_h - frame.window_from_h)
    return {
        "turnover": float(leavers.sum()) / (held_h / HOURS_PER_DAY / DAYS_PER_YEAR) if held_h else np.nan,
        "vacancy_share": 1 - held_h / seat_h,
    }
