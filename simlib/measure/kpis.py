"""The figures of one run, computed from its ledger and from nothing else (contract: Figures; K1-K6)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simlib.ledger import TRAVEL, Ledger
from simlib.measure.bookings import booking_figures
from simlib.measure.channels import channel_figures, covered_by_channels, net_income
from simlib.measure.conflict import conflict_figures
from simlib.measure.cost import cost_figures
from simlib.measure.customers import customer_figures
from simlib.measure.figures import FIGURES
from simlib.measure.managers import manager_figures
from simlib.measure.partners import partner_figures
from simlib.measure.pay import Pay, pay_figures
from simlib.measure.ratios import gini, quantile, ratio
from simlib.measure.staffing import staffing_figures
from simlib.measure.view import ABANDONED, LOST, NOT_SELLING, OPEN, WON, View, codes, summed
from simlib.units import HOURS_PER_DAY


def figures(ledger: Ledger) -> pd.DataFrame:
    """Every figure of a run for the firm as a whole: metric, value (NaN where undefined), unit.

    `conflict_money_total` is not among them: it takes a second run (`runs.batch`).
    """
    values = firm_figures(View(ledger))
    rows = [(metric, values[metric], FIGURES[metric].unit) for metric in FIGURES if metric in values]
    return pd.DataFrame(rows, columns=["metric", "value", "unit"])


def contribution(ledger: Ledger) -> float:
    """(Value signed + renewals) × margin − discounts × (1 − margin) + what channels bring net − selling cost − losses
    on unsound deals of a run, in whole units of the currency: margin is a share of the value before the discount."""
    view = View(ledger)
    return _contribution(view, {**_sales(view), **customer_figures(view)}, cost_figures(view, Pay(view)))


def _contribution(view: View, sales: dict[str, float], cost: dict[str, float]) -> float:
    margin, (at, net) = view.frame.rates["margin"], net_income(view.ledger)
    earned = (sales["revenue"] + sales["renewals"]) * margin - sales["discounts"] * (1 - margin)
    through_channels = net[(at >= view.frame.window_from_h) & (at < view.frame.window_to_h)].sum()
    return earned + float(through_channels) - cost["selling_cost"] - cost["loss_unsound"]


def firm_figures(view: View) -> dict[str, float]:
    """Figures by name."""
    pay = Pay(view)
    cost, sales = cost_figures(view, pay), {**_sales(view), **customer_figures(view)}
    channels = channel_figures(view)
    revenue = sales["revenue"] + channels["channel_income"]
    heads, reps = len(np.unique(view.seat)), len(np.unique(view.seat[view.sells]))
    buyers = len(np.unique(view.leads["account"][view.leads["outcome"] == WON]))
    return {
        "contribution": _contribution(view, sales, cost),
        "revenue_per_head": revenue / heads,
        "acquisition_cost": ratio(cost["selling_cost"], buyers),
        "reps": float(reps),
        "heads": float(heads),
        **sales,
        "revenue": revenue,
        **channels,
        **partner_figures(view),
        **cost,
        **_speed(view),
        **_time(view),
        **_load(view),
        **staffing_figures(view),
        **conflict_figures(view),
        **manager_figures(view),
        **pay_figures(view, pay),
        **booking_figures(view),
    }


def _sales(view: View) -> dict[str, float]:
    leads, outcome = view.leads, view.leads["outcome"]
    won = outcome == WON
    needed = view.need_value[view.cohort].sum()
    touched = leads["first_contact_h"] <= leads["window_end_h"]
    decided = outcome != OPEN
    standing = view.ledger.leads
    known, closed = np.asarray(standing["known_h"]), np.asarray(standing["closed_h"])
    standing_value, signed = np.asarray(standing["value"]), codes(standing["outcome"]) == WON
    opening = np.asarray(view.ledger.needs["opening"])[np.asarray(standing["need"])]
    open_then = (known <= view.frame.window_to_h) & ~(closed <= view.frame.window_to_h)
    pipeline = float(standing_value[open_then].sum()) / view.frame.minor_units
    sold = won & leads["sound"]
    revenue, listed = float(leads["signed_value"][sold].sum()), float(leads["value"][sold].sum())
    return {
        "needs": float(view.cohort.sum()),
        "leads": float(len(outcome)),
        "won": float(won.sum()),
        "lost": float((outcome == LOST).sum()),
        "abandoned": float((outcome == ABANDONED).sum()),
        "revenue": revenue,
        "discounts": listed - revenue,
        "discount_mean": ratio(listed - revenue, listed),
        "coverage": ratio(leads["value"][touched].sum() + covered_by_channels(view), needed),
        "win_rate": ratio(won.sum(), decided.sum()),
        "open_share": ratio((~decided).sum(), len(outcome)),
        "book_kept": ratio(standing_value[opening & signed].sum(), standing_value[opening].sum()),
        "pipeline_coverage": ratio(pipeline, view.frame.targets.get("revenue", 0.0)),
    }


def _speed(view: View) -> dict[str, float]:
    leads = view.leads
    won = leads["outcome"] == WON
    cycle = (leads["closed_h"] - leads["first_contact_h"])[won] / HOURS_PER_DAY
    inbound = leads["inbound"]
    first = np.where(np.isnan(leads["first_contact_h"]), view.frame.end_h, leads["first_contact_h"])
    response = (first - leads["known_h"])[inbound]
    return {
        "cycle_mean_days": float(cycle.mean()) if len(cycle) else np.nan,
        "cycle_median_days": quantile(cycle, 0.5),
        "response_median_hours": quantile(response, 0.5),
        "response_p90_hours": quantile(response, 0.9),
    }


def _time(view: View) -> dict[str, float]:
    # Overtime is not paid and stands apart: shares of paid hours leave it out.
    activity = view.hours_by_activity(view.regular, view.sells)
    paid = float(view.paid_h[view.sells].sum())
    selling = float(activity.sum() - activity[list(NOT_SELLING)].sum())
    worked, present = view.hours_by_person(view.regular), view.present_h
    above = ~view.sells
    return {
        "productivity": ratio(selling, paid),
        "time_not_selling": 1 - ratio(selling, paid),
        "utilisation": ratio(worked[view.sells].sum(), present[view.sells].sum()),
        "utilisation_managers": ratio(worked[above].sum(), present[above].sum()),
        "overtime_hours": float(view.work["hours"][view.work["overtime"]].sum()),
        "travel_hours": float(view.hours_by_activity(view.work, view.sells)[TRAVEL]),
    }


def _load(view: View) -> dict[str, float]:
    frame, table = view.frame, view.ledger.leads
    closed = np.asarray(table["closed_h"])
    closed = np.where(np.isnan(closed), frame.end_h, closed)
    held = np.clip(closed, frame.window_from_h, frame.window_to_h) - np.clip(
        np.asarray(table["known_h"]), frame.window_from_h, frame.window_to_h
    )
    window = frame.window_to_h - frame.window_from_h
    at = np.asarray(view.ledger.decisions["at_h"])
    asked = ((at >= frame.window_from_h) & (at < frame.window_to_h)).sum()
    leads = view.leads
    signed = (leads["outcome"] == WON) & leads["sound"]
    revenue = summed(leads["owner"][signed], leads["signed_value"][signed], len(view.parties))
    worked = view.by_seat(view.hours_by_person(view.work), view.sells)
    return {
        "load_per_rep": ratio(held.sum() / window, len(worked)),
        "load_per_manager": ratio(asked / (window / (7 * HOURS_PER_DAY)), len(np.unique(view.seat[~view.sells]))),
        "territory_gini_workload": gini(worked),
        "territory_gini_revenue": gini(view.by_seat(revenue, view.sells)),
    }
