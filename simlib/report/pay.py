"""What do designs pay their people, how is it spread, and what comes with it? Kinds of pay, attainment, discounts (I1,
I2, I7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simlib.decide.lead import Series, first_and_last
from simlib.measure.precision import mean_interval
from simlib.report import charts, pictures, prose, tables
from simlib.report.page import Part
from simlib.report.parts import means_of
from simlib.report.subject import Subject, by_design
from simlib.report.table import Table
from simlib.scenario.designs import ROLES

REP = ROLES[0]
FIGURES = (
    *("cost_variable_pay", "pay_per_head", "pay_gini", "pay_fairness", "pay_ratio_top"),
    *("attainment_mean", "quota_reached_share"),
    *("discounts", "discount_mean", "effort_mean", "effort_felt", "quarter_end_ratio", "turnover"),
)
"""Shown in this order, as far as they are measured."""
QUANTILES: Mapping[str, float] = {"bottom": 0.1, "quarter": 0.25, "value": 0.5, "three_quarters": 0.75, "top": 0.9}
"""Points of a spread: share of the people who lie below."""
BASE = "base"
"""The kind of pay that goes by no result."""
IN_TABLE = ("bottom", "value", "top")
LEAST_YEARS = 1 / 12
"""Who was there for less says nothing of a year's pay."""


def section(subject: Subject) -> list[Part]:
    """Heading, charts of the kinds of pay and of its spread, table; nothing where nobody is on a plan."""
    if not paid_by_plan(subject):
        return []
    return [
        prose.paragraph(subject.words, "section.pay"),
        *pictures.pay(subject, most_by_result(subject)),
        *spread(subject),
        by_kind_and_figure(subject),
    ]


def paid_by_plan(subject: Subject) -> list[str]:
    """The designs in which some role is on a plan, at first or in what it becomes."""
    found = []
    for design in subject.designs:
        first = subject.results.organisations[design]
        if any(each.axes.pay for each in (first, *(phase.organisation for phase in first.later))):
            found.append(design)
    return found


def by_kind_and_figure(subject: Subject) -> Table:
    """Kinds of pay, points of the spreads, and figures: a row each, a column per design, with half the interval."""
    w = subject.words
    rows = [
        (name, *(tables.with_half(by_design(frame).get(design), w, w.value) for design in subject.designs))
        for name, frame in _rows(subject)
    ]
    notes = (w("interval.one_world"),) if subject.one_world else ()
    return Table((w("column.metric"), *map(subject.name, subject.designs)), tuple(rows), notes=notes)


def _rows(subject: Subject) -> Iterator[tuple[str, pd.DataFrame]]:
    """Name and values by design, in the columns of `Subject.means`."""
    w = subject.words
    for kind in dict.fromkeys(subject.parts("pay", "amount")["group"]):
        name = w("pay.kind", kind=w.label("payslip.kind", str(kind)))
        yield name, means_of(subject, _amounts(subject, str(kind)), "money")
    for metric, unit in (("pay", "money"), ("attainment", "ratio")):
        worlds = by_world(subject, metric)
        for point in IN_TABLE:
            frame = means_of(subject, {design: each[point] for design, each in worlds.items()}, unit)
            if frame["value"].notna().any():
                yield w("pay.point", figure=w(f"pay.{metric}"), point=w(f"pay.{point}")), frame
    for metric in subject.measured(FIGURES):
        yield subject.metric(metric), subject.means(metric)


def spread(subject: Subject) -> list[Part]:
    """How a rep's pay a year and attainment are spread, a panel each; the title says whose pay differs most."""
    w, panels = subject.words, {}
    for metric, unit in (("pay", "money"), ("attainment", "ratio")):
        frame = _spreads(subject, metric, unit)
        if frame["value"].notna().any():
            size, name = w.money_axis(float(frame["top"].max())) if unit == "money" else (1.0, w("pay.quota_is_1"))
            ends = [*QUANTILES, "low", "high"]
            axis = w("axis.unit", figure=w(f"pay.{metric}"), unit=name)
            panels[axis] = frame.assign(**{end: frame[end] / size for end in ends})
    worlds, confidence = w.number(subject.results.replications), w.percent(subject.comparison.confidence, 0)
    note = w("note.spread_one_world" if subject.one_world else "note.spread", n=worlds, confidence=confidence)
    caption = charts.Caption(widest(subject), (note,))
    return [charts.spreads(panels, colours=subject.colours, caption=caption)] if panels else []


def most_by_result(subject: Subject) -> str:
    """In which of the designs on a plan the largest part of pay goes by results, against the one with the smallest."""
    w, kinds = subject.words, list(dict.fromkeys(subject.parts("pay", "amount")["group"]))
    amounts = {kind: _amounts(subject, str(kind)) for kind in kinds}
    shares = {}
    for design in paid_by_plan(subject):
        by_kind = {kind: each[design] for kind, each in amounts.items() if len(each[design])}
        total = sum(by_kind.values(), np.zeros(subject.results.replications))
        shares[design] = 1 - by_kind[BASE] / np.where(total > 0, total, np.nan) if BASE in by_kind else total * np.nan
    found = first_and_last(shares, confidence=subject.comparison.confidence)
    if found is None:
        return w("find.by_result_plain")
    return w(
        "find.by_result" if found.told_apart else "find.by_result_even",
        high=subject.name(found.ahead),
        most=w.percent(float(np.nanmean(shares[found.ahead]))),
        low=subject.name(found.behind),
        least=w.percent(float(np.nanmean(shares[found.behind]))),
        difference=w.signed(found.interval.mean, "share"),
        interval=subject.interval(found.interval.low, found.interval.high, "share", show=w.signed),
    )


def widest(subject: Subject) -> str:
    """In which design reps' pay differs most, and whether that is told apart from where it differs least."""
    w = subject.words
    widths: Series = {design: points["top"] - points["bottom"] for design, points in by_world(subject, "pay").items()}
    found = first_and_last(widths, confidence=subject.comparison.confidence)
    if found is None:
        return w("find.pay_spread_plain")
    most, least = (float(np.nanmean(widths[design])) for design in (found.ahead, found.behind))
    return w(
        "find.pay_spread" if found.told_apart else "find.pay_spread_even",
        high=subject.name(found.ahead),
        most=w.money(most),
        low=subject.name(found.behind),
        least=w.money(least),
        difference=w.signed(found.interval.mean, "money"),
        interval=subject.interval(found.interval.low, found.interval.high, "money", show=w.signed),
    )


def _spreads(subject: Subject, metric: str, unit: str) -> pd.DataFrame:
    """A row per design: the mean over the worlds of each point of the spread, and the interval of the middle one."""
    worlds = by_world(subject, metric)
    points = {
        name: [mean_interval(worlds[design][name]).mean for design in subject.designs]
        for name in QUANTILES
        if name != "value"
    }
    return means_of(subject, {design: each["value"] for design, each in worlds.items()}, unit).assign(**points)


def _amounts(subject: Subject, kind: str) -> dict[str, NDArray[np.float64]]:
    """By design, pay of a kind in every world: 0 in one that lacks it, none where the design has it in no world."""
    table = subject.results.breakdown
    table = table[(table["level"] == "pay") & (table["group"] == kind)]
    found = {}
    for design in subject.designs:
        mine = table[table["design"] == design].set_index("replication")["value"]
        every = mine.reindex(range(subject.results.replications), fill_value=0.0) if len(mine) else mine
        found[design] = every.to_numpy(dtype=float)
    return found


def by_world(subject: Subject, metric: str) -> dict[str, dict[str, NDArray[np.float64]]]:
    """By design and point of the spread among its reps, the value in every world; NaN where nobody has one.

    `metric`: `pay` (a year, everybody by the own time on the seat) or `attainment`.
    """
    table = subject.results.breakdown
    people = table[(table["level"] == "person") & table["group"].astype(str).str.startswith(f"{REP} ")]
    people = people[people["metric"].isin(["pay", "years", "attainment"])]
    keys = ["design", "replication", "group"]
    wide = people.astype({"design": "object", "group": "object", "metric": "object"})
    wide = wide.pivot(index=keys, columns="metric", values="value").reindex(columns=["pay", "years", "attainment"])
    wide = wide[wide["years"] >= LEAST_YEARS]
    values = (wide["pay"] / wide["years"] if metric == "pay" else wide["attainment"]).dropna()
    by = values.groupby(level=["design", "replication"])
    every = pd.MultiIndex.from_product([subject.designs, range(subject.results.replications)])
    points = {name: by.quantile(share).reindex(every) for name, share in QUANTILES.items()}
    return {
        design: {name: each.loc[design].to_numpy(dtype=float) for name, each in points.items()}
        for design in subject.designs
    }
