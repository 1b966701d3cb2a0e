"""How it goes with partners: how many there are and leave, how hard they work, what they think, how customers fare."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simlib.measure.view import View


def partner_figures(view: View) -> dict[str, float]:
    """Figures of partners with an outlet in the window; NaN where the mechanism is off, or nothing happened."""
    ledger, frame = view.ledger, view.frame
    partners, service = ledger.partners, _inside(view, ledger.service)
    to_h, closed_h = np.asarray(partners["to_h"]), min(frame.window_to_h, frame.end_h)
    why = partners["why"].astype(object).to_numpy()
    began, ended = np.asarray(partners["sells_h"]) < closed_h, (to_h >= frame.window_from_h) & (to_h < closed_h)
    satisfied = service["trained"] & (service["helped"] | ~service["asked"])
    trust = _inside(view, ledger.trust)
    return {
        "partners": float((began & (to_h >= closed_h)).sum()),
        "partners_left": float((ended & np.isin(why, ("score", "profit", "trust"))).sum()),
        "partner_effort_mean": float(_inside(view, ledger.partner_efforts)["level"].mean()),
        "trust_mean": float(trust["level"][(trust["cause"] == "look").to_numpy()].mean()),
        "customer_satisfaction": float(satisfied.mean()) if len(satisfied) else np.nan,
    }


def _inside(view: View, table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the window's days."""
    at = np.asarray(table["at_h"])
    return table[(at >= view.frame.window_from_h) & (at < view.frame.window_to_h)]
