"""What conflict took: an of-which of hours and money already booked (X)."""

from __future__ import annotations

import numpy as np

from simlib.ledger import FIRM
from simlib.measure.view import View, codes, summed

FIGURE = {
    "hours": "conflict_hours",
    "money_direct": "conflict_money_direct",
    "money_channels": "conflict_money_channels",
}
"""What there is of every kind of conflict, and the figure that it is a part of."""


def conflict_figures(view: View) -> dict[str, float]:
    """Hours and direct money of conflicts at the cohort's needs."""
    return {FIGURE[name]: float(sum(kinds.values())) for name, kinds in conflict_by_kind(view).items()}


def conflict_by_kind(view: View) -> dict[str, dict[str, float]]:
    """By name and kind: hours taken, and direct loss in whole units.

    `money_direct` is the firm's, through its people (hours at their cost, and expected margin of deals that failed at a
    gate which they would have passed without the conflict); `money_channels` is lost by those who sell in channels.
    """
    table = view.ledger.conflicts
    mine = view.of_cohort(table)
    kind, party = codes(table["kind"])[mine], codes(table["party"])[mine]
    names = list(table["kind"].cat.categories)
    people = party < list(table["party"].cat.categories).index(FIRM)
    hours = np.asarray(table["hours"])[mine]
    amount = np.asarray(table["amount"])[mine] / view.frame.minor_units
    columns = {"hours": hours, "money_direct": amount * people, "money_channels": amount * ~people}
    totals = {name: summed(kind, values, len(names)).tolist() for name, values in columns.items()}
    return {name: dict(zip(names, values, strict=True)) for name, values in totals.items()}
