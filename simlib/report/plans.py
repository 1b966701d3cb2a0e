"""Pay plans side by side: what each brings and costs at equal pay, how it moves people, and what gaming takes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from simlib.decide.compare import Comparison
from simlib.decide.plans import Paid
from simlib.measure.precision import mean_interval
from simlib.report.findings import VERDICT_IDS
from simlib.report.table import Table
from simlib.report.theme import GREY, WIDTH, design_colours, themed, title
from simlib.report.words import Words
from simlib.runs.results import Results

FIGURES = (
    *("revenue", "discount_mean", "effort_mean", "pay_per_head", "pay_gini", "attainment_mean"),
    *("quota_reached_share", "quarter_end_ratio", "turnover"),
)
"""Beside contribution, in this order; those that are not defined under any plan are left out."""


@dataclass(frozen=True)
class Laboratory:
    """All that was found of some plans."""

    results: Results
    comparison: Comparison
    paid: Mapping[str, Paid]
    gaming: Mapping[str, Any]
    """By plan and world, contribution lost to moved signatures."""

    @property
    def plans(self) -> list[str]:
        """The first is the one that the others are compared with."""
        return list(self.results.scenario.designs)

    def mean(self, plan: str, metric: str) -> float:
        """Mean of a figure."""
        table = self.comparison.figures
        rows = table[(table["design"] == plan) & (table["metric"] == metric)]
        return float(rows["mean"].iloc[0]) if len(rows) else float("nan")

    def difference(self, plan: str) -> Any:
        """The row of a plan's contribution against the first one's; none for the first one itself."""
        table = self.comparison.differences
        rows = table[(table["design"] == plan) & (table["metric"] == "contribution")]
        return rows.iloc[0] if len(rows) else None


def told(found: Laboratory, w: Words) -> str:
    """For a terminal: the verdicts, pay and behaviour, plan by plan, and what was made equal."""
    first = found.plans[0]
    equal = w("plans.first", plan=first, cost=w.money(found.paid[first].cost), worth=w.money(found.paid[first].worth))
    return f"{verdicts(found, w)}\n{equal}\n\n{behaviour(found, w)}"


def verdicts(found: Laboratory, w: Words) -> Table:
    """Contribution against the first plan, what a rep costs and has of it, and what gaming takes."""
    heads = tuple(
        w(f"plans.{name}")
        for name in ("plan", "contribution", "difference", "verdict", "base", "cost", "worth", "gaming")
    )
    rows = []
    for plan in found.plans:
        row, paid = found.difference(plan), found.paid[plan]
        gaming = mean_interval(np.asarray(found.gaming[plan]).tolist())
        against = w.interval(row["low"], row["high"], "money", show=w.signed) if row is not None else ""
        rows.append((
            plan,
            w.money(found.mean(plan, "contribution")),
            w("interval.value", value=w.signed(row["mean"], "money"), interval=against) if row is not None else "",
            w(VERDICT_IDS[row["verdict"]]) if row is not None else w("plans.baseline"),
            w.money(paid.base), w.money(paid.cost), w.money(paid.worth), w.signed(gaming.mean, "money"),
        ))  # fmt: skip
    return Table(heads, tuple(rows))


def behaviour(found: Laboratory, w: Words) -> Table:
    """How people behave under each plan."""
    units = dict(zip(found.comparison.figures["metric"], found.comparison.figures["unit"], strict=True))
    shown = [name for name in FIGURES if any(not np.isnan(found.mean(plan, name)) for plan in found.plans)]
    rows = tuple((plan, *(w.value(found.mean(plan, name), units[name]) for name in shown)) for plan in found.plans)
    return Table((w("plans.plan"), *(w(f"metric.{name}") for name in shown)), rows)


def saved(found: Laboratory, out: Path, w: Words) -> str:
    """Write the charts on one page (HTML that opens without a network) and the figures (CSV); tells where."""
    import vl_convert  # takes long to load

    out.mkdir(parents=True, exist_ok=True)
    charts = [differences(found, w)] if len(found.plans) > 1 else []
    both = alt.vconcat(*charts, calendar(found, w)).resolve_scale(color="independent")
    page = vl_convert.vegalite_to_html(themed(both), bundle=True)
    (out / "plans.html").write_text(page, encoding="utf-8")
    found.comparison.figures.to_csv(out / "plans.csv", index=False)
    return f"{out / 'plans.html'}\n{out / 'plans.csv'}"


def differences(found: Laboratory, w: Words) -> Any:
    """Each plan's contribution against the first one's, with its interval."""
    rows = [(plan, found.difference(plan)) for plan in found.plans[1:]]
    scale, unit = w.money_axis(max(max(abs(row["low"]), abs(row["high"])) for _, row in rows))
    frame = pd.DataFrame(
        [{"plan": plan, **{end: row[end] / scale for end in ("mean", "low", "high")}} for plan, row in rows]
    )
    colours = design_colours(found.plans)
    plans = alt.Y("plan:N", sort=None, title=None)
    fill = alt.Color("plan:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())), legend=None)
    base = alt.Chart(frame).encode(y=plans, color=fill)
    axis = w("plans.against", plan=found.plans[0], unit=unit)
    bars = base.mark_rule(strokeWidth=3).encode(x=alt.X("low:Q", title=axis), x2="high:Q")
    dots = base.mark_point(filled=True, size=90, opacity=1).encode(x="mean:Q")
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=GREY, strokeDash=[4, 3]).encode(x="zero:Q")
    ahead = [plan for plan, row in rows if row["verdict"] == "better"]
    says = w("plans.none_better", first=found.plans[0])
    if ahead:
        says = w("plans.headline", plans=w.listing(ahead), first=found.plans[0])
    return alt.layer(zero, bars, dots).properties(
        width=WIDTH, height=32 * len(rows), title=title(says, w("plans.how_to_read"))
    )


def calendar(found: Laboratory, w: Words) -> Any:
    """What is signed in each week of the quarter, plan by plan, as a share of the mean week."""
    table = found.results.breakdown
    weeks = table[(table["level"] == "quarter_week") & (table["metric"] == "revenue")]
    means = weeks.groupby(["design", "group"], observed=True)["value"].mean().reset_index()
    means["week"] = means["group"].astype(int)
    means = means[means["week"] <= 13]  # the 14th has a day or two
    means["share"] = means["value"] / means.groupby("design")["value"].transform("mean")
    colours = design_colours(found.plans)
    fill = alt.Color("design:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())), title=None)
    lines = alt.Chart(means[["design", "week", "share"]]).mark_line(point=True).encode(
        x=alt.X("week:O", title=w("plans.week")),
        y=alt.Y("share:Q", title=w("plans.share_of_mean")),
        color=fill,
    )  # fmt: skip
    ends = {plan: found.mean(plan, "quarter_end_ratio") for plan in found.plans}
    known = [plan for plan in found.plans if not np.isnan(ends[plan])]
    most = max(known, key=lambda plan: abs(np.log(ends[plan]))) if known else found.plans[0]
    says = w("plans.calendar", plan=most, ratio=w.number(ends[most]))
    return lines.properties(width=WIDTH, height=240, title=title(says, w("plans.calendar_how")))


def as_json(found: Laboratory) -> str:
    """For other programs."""
    rows = []
    for plan in found.plans:
        row, paid = found.difference(plan), found.paid[plan]
        against = None
        if row is not None:
            against = {name: _finite(row[name]) for name in ("mean", "low", "high")} | {"verdict": row["verdict"]}
        figures = {name: _finite(found.mean(plan, name)) for name in ("contribution", *FIGURES)}
        gaming = float(np.mean(found.gaming[plan]))
        rows.append({"plan": plan, "pay": vars(paid), "difference": against, "gaming": gaming, "figures": figures})
    return json.dumps(rows, indent=1, ensure_ascii=False)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
