"""What bosses and support pools did for the sellers: approvals, answers, coaching (R, S1)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simlib.ledger import COACHING
from simlib.measure.view import View
from simlib.units import HOURS_PER_DAY


def manager_figures(view: View) -> dict[str, float]:
    """Mean wait for a boss; problems brought and coaching received, by rep and week; gates with a problem unsolved."""
    frame, waits, gates = view.frame, view.ledger.waits, view.ledger.gates
    asked = np.asarray(waits["from_h"])
    inside = (asked >= frame.window_from_h) & (asked < frame.window_to_h)
    problems = int((inside & (waits["kind"] == "help").to_numpy()).sum())
    work = view.work
    coached = float(work["hours"][work["activity"] == COACHING].sum())
    rep_weeks = float(view.seated_h[view.sells].sum()) / (7 * HOURS_PER_DAY)
    waited = approval_waits(view)["hours"]
    unsolved = np.asarray(gates["unsolved"])[view.of_cohort(gates)] < 0
    return {
        "approval_wait_hours": float(waited.mean()) if len(waited) else np.nan,
        "help_requests": problems / rep_weeks if rep_weeks else np.nan,
        "coaching_hours": coached / rep_weeks if rep_weeks else np.nan,
        "unsolved_share": float(unsolved.mean()) if len(unsolved) else np.nan,
    }


def approval_waits(view: View) -> pd.DataFrame:
    """One row per request for approval of the cohort's leads: the desk, and calendar hours until somebody looked at it
    or nobody would any more."""
    table = view.ledger.waits
    mine = table[(table["kind"] == "approval").to_numpy() & view.of_cohort(table)]
    return pd.DataFrame({"desk": mine["desk"].astype(str), "hours": mine["to_h"] - mine["from_h"]})
