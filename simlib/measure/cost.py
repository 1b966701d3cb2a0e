"""What selling cost in the window, by kind (K6)."""

from __future__ import annotations

import numpy as np

from simlib.measure.view import View
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY


def cost_figures(view: View) -> dict[str, float]:
    """Cost by kind and in all, in whole units of the currency.

    People and yearly rates are those of the window; travel and marketing are those of the cohort's leads.
    """
    frame, rates = view.frame, view.frame.rates
    money = view.ledger.money
    amount = np.asarray(money["amount"]) / frame.minor_units
    kind = money["kind"].astype(object).to_numpy()
    of_cohort = view.of_cohort(money)
    share_of_run = (frame.window_to_h - frame.window_from_h) / frame.end_h
    years = (frame.window_to_h - frame.window_from_h) / HOURS_PER_DAY / DAYS_PER_YEAR
    heads = len(view.parties)
    cost = {
        "cost_people": float(amount[kind == "salary"].sum()) * share_of_run,
        "cost_marketing": rates["marketing_per_lead"] * len(view.leads["need"]),
        "cost_travel": float(amount[(kind == "travel") & of_cohort].sum()),
        "cost_tools": rates["tools_per_head_per_year"] * heads * years,
        "cost_training": rates["training_per_head_per_year"] * heads * years,
        "cost_other": rates["other_per_year"] * years,
    }
    losses = float(amount[(kind == "unsound loss") & of_cohort].sum())
    return {**cost, "selling_cost": sum(cost.values()), "loss_unsound": losses}
