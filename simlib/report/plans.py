"""Pay plans side by side: what each brings and costs at equal pay, how it moves people, and what gaming takes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from simlib.decide.compare import Comparison, compare, zone_in_window
from simlib.decide.lead import Lead, farthest_from, first_and_next, left_behind
from simlib.decide.plans import Paid, cost_of_gaming, paid
from simlib.decide.verdict import WORLDS_FOR_A_VERDICT, probabilities_better
from simlib.measure.precision import Interval, mean_interval
from simlib.report import basis, pay, payslip, pictures, plan_sums, prose, tables
from simlib.report.findings import VERDICT_IDS
from simlib.report.page import Heading, Part, chart_library, page_of
from simlib.report.parts import figure_by_world
from simlib.report.provenance import Provenance, footer, stamp
from simlib.report.subject import Subject
from simlib.report.table import Table
from simlib.report.tables import with_half
from simlib.report.theme import WIDTH, design_colours, title
from simlib.report.words import Words
from simlib.runs.results import Results

FIGURES = (
    *("revenue", "discount_mean", "effort_mean", "pay_per_head", "pay_gini", "pay_fairness", "attainment_mean"),
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

    @property
    def lead(self) -> Lead | None:
        """Contribution of the plan that comes out first against the next; none for one plan."""
        return first_and_next(self.by_world("contribution"), confidence=self.comparison.confidence)

    def by_world(self, metric: str) -> dict[str, NDArray[np.float64]]:
        """By plan, a figure in every world."""
        return figure_by_world(self.results, metric)

    def row(self, plan: str, metric: str) -> dict[str, Any] | None:
        """Mean and interval of a figure, in the columns of `Subject.means`; none for one that was not measured."""
        table = self.comparison.figures
        rows = table[(table["design"] == plan) & (table["metric"] == metric)].rename(columns={"mean": "value"})
        return {str(key): value for key, value in rows.iloc[0].items()} if len(rows) else None

    def mean(self, plan: str, metric: str) -> float:
        """Mean of a figure."""
        row = self.row(plan, metric)
        return float("nan") if row is None else float(row["value"])

    def difference(self, plan: str) -> Any:
        """The row of a plan's contribution against the first one's; none for the first one itself."""
        table = self.comparison.differences
        rows = table[(table["design"] == plan) & (table["metric"] == "contribution")]
        return rows.iloc[0] if len(rows) else None


def laboratory(results: Results, *, workers: int = 1) -> Laboratory:
    """What a run of plans shows, each plan a design of its own (`simlib.decide.plans.under_plans`)."""
    scenario = results.scenario
    comparison = compare(
        results, baseline=scenario.baseline, zone=zone_in_window(scenario), confidence=scenario.compare.confidence
    )
    return Laboratory(results, comparison, paid(results), cost_of_gaming(results, workers=workers))


def told(found: Laboratory, w: Words) -> str:
    """For a terminal: the verdicts, which is ahead, pay and behaviour, plan by plan, and what was made equal."""
    lines = [f"{verdicts(found, w)}", *_ahead(found, w), _equal(found, w)]
    level = found.comparison.confidence
    care = plan_sums.care(found.results, w, confidence=level)
    tables_below = (
        plan_sums.contribution(found.results, w, confidence=level),
        plan_sums.customers_and_people(found.results, found.gaming, w, confidence=level),
        behaviour(found, w),
    )
    return "\n\n".join(["\n".join(lines), *map(str, tables_below), *care])


def _equal(found: Laboratory, w: Words) -> str:
    """What a rep has under the plan whose pay the others were made equal to."""
    first = found.plans[0]
    return w("plans.first", plan=first, cost=w.money(found.paid[first].cost), worth=w.money(found.paid[first].worth))


def _ahead(found: Laboratory, w: Words) -> list[str]:
    """The plan that comes out first against the next, with the probability that it is better on average; and, where the
    two are not told apart, which ones it is known to be above."""
    lead = found.lead
    if lead is None:
        return []
    one = lead.interval
    below = left_behind(found.by_world("contribution"), confidence=found.comparison.confidence)
    above = [w("plans.above", ahead=lead.ahead, below=w.listing(below))] if below and not lead.told_apart else []
    return [
        w(
            "plans.lead" if lead.told_apart else "plans.lead_even",
            ahead=lead.ahead,
            behind=lead.behind,
            difference=w.signed(one.mean, "money"),
            interval=_interval(one, w),
            chance=w.probability(probabilities_better(one, metric="contribution")[0]),
            confidence=w.percent(found.comparison.confidence, 0),
        ),
        *above,
    ]


def _interval(one: Interval, w: Words) -> str:
    """The ends of a difference of money, or that there is none."""
    return w("interval.one_world") if one.n < 2 else w.interval(one.low, one.high, "money", show=w.signed)


def verdicts(found: Laboratory, w: Words) -> Table:
    """Contribution against the first plan, what a rep costs and has of it, and what gaming takes."""
    heads = tuple(
        w(f"plans.{name}")
        for name in ("plan", "contribution", "difference", "verdict", "base", "cost", "worth", "gaming")
    )
    rows = []
    for plan in found.plans:
        row, pays = found.difference(plan), found.paid[plan]
        lost = mean_interval(found.gaming[plan], confidence=found.comparison.confidence)
        gaming = {"value": lost.mean, "low": lost.low, "high": lost.high, "unit": "money"}
        against = w.interval(row["low"], row["high"], "money", show=w.signed) if row is not None else ""
        rows.append((
            plan,
            with_half(found.row(plan, "contribution"), w, w.value),
            f"{w.signed(row['mean'], 'money')}\n{against}" if row is not None else "",
            w(VERDICT_IDS[row["verdict"]]) if row is not None else w("plans.baseline"),
            w.money(pays.base), w.money(pays.cost), w.money(pays.worth), with_half(gaming, w, w.signed),
        ))  # fmt: skip
    return Table(heads, tuple(rows))


def behaviour(found: Laboratory, w: Words) -> Table:
    """How people behave under each plan."""
    units = dict(zip(found.comparison.figures["metric"], found.comparison.figures["unit"], strict=True))
    shown = [name for name in FIGURES if any(not np.isnan(found.mean(plan, name)) for plan in found.plans)]
    rows = tuple((plan, *(w.value(found.mean(plan, name), units[name]) for name in shown)) for plan in found.plans)
    return Table((w("plans.plan"), *(w(f"metric.{name}") for name in shown)), rows)


def saved(found: Laboratory, out: Path, w: Words) -> str:
    """Write one page (HTML that opens without a network) and the figures (CSV); tells where."""
    results = found.results
    made = stamp(results.scenario, seed=results.seed, replications=results.replications)
    heading = Heading(results.scenario.title or results.scenario.name, w.tag, footer(made, w))
    page = page_of(parts(found, made, w), heading=heading, library=chart_library())
    out.mkdir(parents=True, exist_ok=True)
    (out / "plans.html").write_text(page, encoding="utf-8")
    found.comparison.figures.to_csv(out / "plans.csv", index=False)
    return f"{out / 'plans.html'}\n{out / 'plans.csv'}"


def parts(found: Laboratory, made: Provenance, w: Words) -> list[Part]:
    """What stands on the page: verdict, figures, the quarter, pay, and what all that rests on."""
    return [
        opening(found, w),
        *verdict_section(found, w),
        *sums_section(found, w),
        *customers_section(found, w),
        *quarter_section(found, w),
        *pay.section(subject_of(found, w)),
        *figures_section(found, w),
        *basis.sections(found.results.scenario, made, w),
    ]


def subject_of(found: Laboratory, w: Words) -> Subject:
    """The plans as what a report is about, each by the name that it has."""
    return Subject(found.results, found.comparison, w, named="plan")


def opening(found: Laboratory, w: Words) -> Part:
    """Title, and what was compared over what time in how many worlds."""
    results = found.results
    return prose.paragraph(
        w,
        "plans.opening",
        title=results.scenario.title or results.scenario.name,
        count=w.number(len(found.plans)),
        worlds=w.number(results.replications),
        days=w.number(results.scenario.calendar.horizon_days),
        currency=results.scenario.currency,
    )


def verdict_section(found: Laboratory, w: Words) -> list[Part]:
    """Each plan against the first, which is ahead, and what was made equal."""
    subject = subject_of(found, w)
    judged: list[Part] = [prose.verdict(subject), *pictures.differences(subject)] if subject.others else []
    said = [prose.plain(line) for line in (*_ahead(found, w), _equal(found, w))]
    return [prose.paragraph(w, "section.verdict"), *judged, *said, verdicts(found, w)]


def sums_section(found: Laboratory, w: Words) -> list[Part]:
    """How each plan's contribution adds up."""
    sums = plan_sums.contribution(found.results, w, confidence=found.comparison.confidence)
    return [prose.paragraph(w, "section.adds_up"), sums]


def customers_section(found: Laboratory, w: Words) -> list[Part]:
    """Existing customers, leavers, and the cost of gaming."""
    results, level = found.results, found.comparison.confidence
    return [
        prose.paragraph(w, "section.customers"),
        plan_sums.customers_and_people(results, found.gaming, w, confidence=level),
        *(prose.plain(line) for line in plan_sums.care(results, w, confidence=level)),
    ]


def quarter_section(found: Laboratory, w: Words) -> list[Part]:
    """When in the quarter is signed."""
    return [prose.paragraph(w, "section.calendar"), calendar(found, w)]


def figures_section(found: Laboratory, w: Words) -> list[Part]:
    """Figures by plan."""
    return [prose.paragraph(w, "section.figures"), tables.figures(subject_of(found, w))]


def payslip_section(found: Laboratory, plan: str, person: str, w: Words) -> list[Part]:
    """What one of the reps is paid by a plan in the first world, statement by statement.

    Raises ScenarioError for somebody who is not on it.
    """
    results = found.results
    asked = payslip.Asked(plan, results.seed, 0, person, None)
    statements = payslip.statements_asked_for(results.scenario, asked, w).statements
    slips = [(prose.plain(payslip.heading(one, w)), payslip.payslip_table(one, w)) for one in statements]
    return [prose.paragraph(w, "section.payslip"), *(part for slip in slips for part in slip)]


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
    says = _ends_of_quarters(found, w)
    return lines.properties(width=WIDTH, height=240, title=title(says, w("plans.calendar_how")))


def _ends_of_quarters(found: Laboratory, w: Words) -> str:
    """Under which plan the ends of quarters differ most from their beginnings, if under any for certain."""
    ratios = found.by_world("quarter_end_ratio")
    most = farthest_from(1.0, ratios, confidence=found.comparison.confidence)
    if most is None:
        return w("plans.calendar_plain")
    plan, one = most
    sure = one.n >= WORLDS_FOR_A_VERDICT and not one.contains(1.0)
    told = w("interval.one_world") if one.n < 2 else w.interval(one.low, one.high, "ratio")
    return w("plans.calendar" if sure else "plans.calendar_even", plan=plan, ratio=w.number(one.mean), interval=told)


def as_json(found: Laboratory) -> str:
    """For other programs; `ahead_of` is the next plan, beside the one that comes out first."""
    rows, lead = [], found.lead
    for plan in found.plans:
        row, pays = found.difference(plan), found.paid[plan]
        against = ahead = None
        if row is not None:
            against = {name: _finite(row[name]) for name in ("mean", "low", "high")} | {"verdict": row["verdict"]}
        if lead is not None and plan == lead.ahead:
            ends = {name: _finite(getattr(lead.interval, name)) for name in ("mean", "low", "high")}
            chance = _finite(probabilities_better(lead.interval, metric="contribution")[0])
            ahead = {"plan": lead.behind, **ends, "probability_better": chance}
        figures = {name: _finite(found.mean(plan, name)) for name in ("contribution", *FIGURES)}
        lost = mean_interval(found.gaming[plan], confidence=found.comparison.confidence)
        gaming = {name: _finite(getattr(lost, name)) for name in ("mean", "low", "high")}
        rows.append({
            "plan": plan, "pay": vars(pays), "difference": against, "ahead_of": ahead, "gaming": gaming,
            "figures": figures,
        })  # fmt: skip
    return json.dumps(rows, indent=1, ensure_ascii=False)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
