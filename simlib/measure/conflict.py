"""What conflict took: an of-which of hours and money already booked (X)."""

from __future__ import annotations

import numpy as np

from simlib.measure.view import View, codes, summed


def conflict_figures(view: View) -> dict[str, float]:
    """Hours and direct money of conflicts at the cohort's leads."""
    hours, money = conflict_by_kind(view)
    return {"conflict_hours": float(sum(hours.values())), "conflict_money_direct": float(sum(money.values()))}


def conflict_by_kind(view: View) -> tuple[dict[str, float], dict[str, float]]:
    """By kind: hours taken, and direct loss in whole units (hours at their cost, and expected margin of deals that
    failed at a gate which they would have passed without the conflict)."""
    table = view.ledger.conflicts
    mine = view.of_cohort(table)
    kind = codes(table["kind"])[mine]
    names = list(table["kind"].cat.categories)
    hours = summed(kind, np.asarray(table["hours"])[mine], len(names))
    money = summed(kind, np.asarray(table["amount"])[mine], len(names)) / view.frame.minor_units
    return dict(zip(names, hours.tolist(), strict=True)), dict(zip(names, money.tolist(), strict=True))
