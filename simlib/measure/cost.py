"""What selling cost in the window, by kind (K6)."""

from __future__ import annotations

import numpy as np

from simlib.measure.pay import Pay
from simlib.measure.view import View, codes
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY

OCCASIONAL = ("hiring", "severance", "course", "retraining", "project", "recognition")
"""Payments that belong to the time when they are made, and to no lead."""


def cost_figures(view: View, pay: Pay) -> dict[str, float]:
    """Cost by kind and in all, in whole units of the currency.

    Pay, courses and yearly rates are those of the window, variable pay by the part of its period in it; travel and
    marketing are those of the cohort's leads.
    """
    frame, rates = view.frame, view.frame.rates
    money = view.ledger.money
    amount = np.asarray(money["amount"]) / frame.minor_units
    kind = money["kind"].astype(object).to_numpy()
    of_cohort = view.of_cohort(money)
    at = np.asarray(money["at_h"])
    in_window = (at >= frame.window_from_h) & (at < frame.window_to_h)
    years = (frame.window_to_h - frame.window_from_h) / HOURS_PER_DAY / DAYS_PER_YEAR
    heads = float((view.seated_h / (frame.window_to_h - frame.window_from_h)).sum())
    paid = {each: float(amount[(kind == each) & in_window].sum()) for each in OCCASIONAL}
    variable = float(pay.variable.sum())
    cost = {
        "cost_people": _salaries(view) + paid["hiring"] + paid["severance"] + paid["recognition"] + variable,
        "cost_marketing": rates["marketing_per_lead"] * len(view.leads["need"]),
        "cost_travel": float(amount[(kind == "travel") & of_cohort].sum()),
        "cost_tools": rates["tools_per_head_per_year"] * heads * years,
        "cost_training": rates["training_per_head_per_year"] * heads * years + paid["course"] + paid["retraining"],
        "cost_other": rates["other_per_year"] * years + paid["project"],
    }
    losses = float(amount[(kind == "unsound loss") & of_cohort].sum())
    whole = sum(cost.values())
    return {**cost, "selling_cost": whole, "cost_variable_pay": variable, "loss_unsound": losses}


def _salaries(view: View) -> float:
    """Everybody's salaries, by the part of the time on the seat that falls into the window."""
    money = view.ledger.money
    salary = (money["kind"] == "salary").to_numpy()
    amount = np.asarray(money["amount"])[salary] / view.frame.minor_units
    share = view.share_in_window[codes(money["payee"])[salary]]
    # Those with the same part are added up first: without turnover that is everybody.
    return float(sum(float(amount[share == part].sum()) * part for part in np.unique(share)))
