"""How does each plan's contribution add up, and what becomes of customers and people? With paired differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from simlib.decide.lead import Series, first_and_last
from simlib.measure.precision import mean_interval, paired_interval
from simlib.report.parts import figure_by_world
from simlib.report.table import Table
from simlib.report.words import MINUS, Words
from simlib.runs.results import Results

Floats = NDArray[np.float64]
FIGURES = ("renewals", "customers_kept", "care_given", "turnover")
"""Of customers and people; those that are not defined under any plan are left out."""
UNITS = {"renewals": "money", "customers_kept": "share", "care_given": "share", "turnover": "ratio", "gaming": "money"}
CARE_APART = 0.02
"""Share of the care owed by which plans must differ for it to be worth naming."""
BUSY = 0.85
"""Share of their hours beyond which people's work queues for long (ρ in any waiting line), so that care can be crowded
out."""


def terms(results: Results) -> dict[str, dict[str, Floats]]:
    """By term and plan, what it adds to the contribution in every world; the last one is the contribution.

    Contribution = (revenue + renewals) · m − discounts · (1 − m) − cost, where revenue is less discounts; that is
    (revenue + discounts + renewals) · m − discounts − cost: margin on list prices, and discounts in full. The margin m
    may be drawn anew in every world, so it is taken from the books of each.
    """
    found = {name: figure_by_world(results, name) for name in _USED}
    sums: dict[str, dict[str, Floats]] = {name: {} for name in TERMS}
    for plan in results.scenario.designs:
        one = {name: values[plan] for name, values in found.items()}
        listed = one["revenue"] + one["discounts"]
        margin = one["contribution"] + one["selling_cost"] + one["loss_unsound"] + one["discounts"]
        rate = margin / np.where(listed + one["renewals"] > 0, listed + one["renewals"], 1.0)
        values = (
            *(rate * listed, rate * one["renewals"], -one["discounts"], one["cost_variable_pay"] - one["cost_people"]),
            *(-one["cost_variable_pay"], one["cost_people"] - one["selling_cost"], -one["loss_unsound"]),
            one["contribution"],
        )
        for name, value in zip(TERMS, values, strict=True):
            sums[name][plan] = value
    return sums


_USED = (
    *("contribution", "revenue", "renewals", "discounts", "cost_people", "cost_variable_pay", "selling_cost"),
    "loss_unsound",
)
TERMS = (
    *("margin_deals", "margin_renewals", "discounts", "fixed_pay", "variable_pay", "other_cost", "losses"),
    "contribution",
)


def contribution(results: Results, w: Words, *, confidence: float) -> Table:
    """A row for each term, a column for each plan: in whole units, so that each column adds up; below, the paired
    difference from the first plan. Terms that are 0 under all plans are left out."""
    rows = [
        (w(f"plans.term.{name}"), *_cells(values, w, "units", confidence))
        for name, values in terms(results).items()
        if name == TERMS[-1] or any(np.any(value != 0) for value in values.values())
    ]
    return Table((w("column.metric"), *results.scenario.designs), tuple(rows), notes=(_note(results, w, confidence),))


def customers_and_people(results: Results, gaming: Series, w: Words, *, confidence: float) -> Table:
    """Existing customers, leavers and what gaming costs: a row each, a column for each plan, with paired differences
    from the first one."""
    figures: dict[str, Mapping[str, Floats]] = {name: figure_by_world(results, name) for name in FIGURES}
    figures = {
        name: values for name, values in figures.items() if any(np.any(np.isfinite(each)) for each in values.values())
    }
    if results.scenario.mechanisms.retention is None:
        figures.pop("renewals", None)
    rows = [
        *((w(f"metric.{name}"), *_cells(values, w, UNITS[name], confidence)) for name, values in figures.items()),
        (w("plans.gaming"), *_cells(gaming, w, UNITS["gaming"], confidence)),
    ]
    return Table((w("column.metric"), *results.scenario.designs), tuple(rows), notes=(_note(results, w, confidence),))


def care(results: Results, w: Words, *, confidence: float) -> list[str]:
    """That care of existing customers does not differ between the plans, and why it cannot, if so; else nothing."""
    given = figure_by_world(results, "care_given")
    found = first_and_last(given, confidence=confidence)
    if results.scenario.mechanisms.retention is None or found is None:
        return []
    means = {plan: float(np.nanmean(values)) for plan, values in given.items()}
    most, least = means[found.ahead], means[found.behind]
    if found.told_apart and most - least >= CARE_APART:
        return []
    busiest = max(float(np.nanmean(values)) for values in figure_by_world(results, "utilisation").values())
    shown = {"least": w.percent(least), "most": w.percent(most), "busy": w.percent(busiest, 0)}
    return [w("plans.care_idle" if busiest < BUSY else "plans.care_even", **shown)]


def _cells(values: Mapping[str, Floats], w: Words, unit: str, confidence: float) -> list[str]:
    """By plan the mean, with half its interval for the first plan and the paired difference from it for the others."""
    (first, reference), *_ = values.items()
    cells = []
    for plan, each in values.items():
        own = mean_interval(each, confidence=confidence)
        lines = [_mean(own.mean, w, unit)]
        if plan != first:
            gap = paired_interval(each, reference, confidence=confidence)
            ends = w.interval(gap.low, gap.high, _money(unit), show=w.signed)
            lines += [w.signed(gap.mean, _money(unit)), *([ends] if gap.n > 1 else [])]
        elif own.high > own.low:
            lines.append(w.half((own.high - own.low) / 2, _money(unit)))
        cells.append("\n".join(lines))
    return cells


def _money(unit: str) -> str:
    return "money" if unit == "units" else unit


def _mean(value: float, w: Words, unit: str) -> str:
    """In whole units of the currency, where a column is to be added up."""
    if unit != "units" or not np.isfinite(value):
        return w.value(value, unit)
    text = w.symbol + w.number(abs(round(value)))
    return (MINUS if round(value) < 0 else "") + text


def _note(results: Results, w: Words, confidence: float) -> str:
    first: Sequence[str] = list(results.scenario.designs)
    if results.replications < 2:
        return w("interval.one_world")
    return w("plans.sums_how", plan=first[0], confidence=w.percent(confidence, 0))
