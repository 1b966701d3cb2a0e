"""Which charts does the report show? The material of a report in, one chart out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import altair as alt
import pandas as pd

from simlib.ledger import NOWHERE
from simlib.report import charts, findings
from simlib.report.org_chart import Load, org_chart
from simlib.report.parts import by_world, figure_by_world, shares_of
from simlib.report.subject import Subject, distinct
from simlib.report.theme import part_colours

LEVELS = ("revenue", "contribution", "selling_cost")
CONFLICT = ("conflict_money_total", "conflict_money_direct", "conflict_hours")
"""The first that was measured is shown: the total loss takes paired reruns."""
CONFLICT_LOSSES = {"money_direct": "conflict_money_direct", "money_channels": "conflict_money_channels"}
"""Of a breakdown by kind of conflict, and the figure that each adds up to."""
COSTS = ("cost_people", "cost_marketing", "cost_travel", "cost_tools", "cost_training", "cost_other")
WITH_INTERVALS = ("note.intervals", "note.differences")
"""How to read a chart with intervals, which one world does not give."""
LAST_ACTIVITIES = (
    *(
        "call",
        "travel",
        "approval",
        "settling",
        "help",
        "teamwork",
        "briefing",
        "coaching",
        "sponsoring",
        "meeting",
        "moving",
    ),
    *("idle", "absent"),
)
"""Shown after the stages' own activities, in this order."""
Charts = list[alt.TopLevelMixin]
"""What a function here returns: one chart or several, or none where there is nothing to show."""
SMALLEST_PART = 0.004
"""Parts below this share everywhere are put together as `other`, and left out if even that is below."""


def differences(subject: Subject) -> Charts:
    """Paired differences of the judged figure from the baseline, with the zone."""
    if not subject.others:
        return []
    w, comparison = subject.words, subject.comparison
    frame = subject.differences(comparison.figure)
    zone, axis, frame = _scaled(subject, comparison.figure, frame, zone=comparison.zone)
    frame = frame.assign(verdict=[w(findings.VERDICT_IDS[verdict]) for verdict in frame["verdict"]])
    chart = charts.differences(
        frame,
        zone=zone,
        axis=w("axis.difference", figure=axis, baseline=subject.name(comparison.baseline)),
        colours=subject.colours,
        caption=_caption(
            subject, findings.verdicts(subject), "note.differences", w("note.zone", zone=w.money(comparison.zone))
        ),
    )
    return [chart]


def levels(subject: Subject) -> Charts:
    """Revenue, contribution, cost and conflict of every design."""
    panels = panels_of(subject, (*subject.measured(LEVELS), *subject.measured(CONFLICT)[:1]))
    caption = _caption(subject, findings.levels(subject), "note.intervals")
    return [charts.intervals(panels, colours=subject.colours, caption=caption)]


def panels_of(subject: Subject, metrics: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Means of figures with intervals for `charts.intervals`, by the axis's title."""
    scaled = (_scaled(subject, metric, subject.means(metric)) for metric in metrics)
    return {axis: frame for _, axis, frame in scaled}


def panels_of_differences(subject: Subject, metrics: Iterable[str]) -> dict[str, pd.DataFrame]:
    """The same of differences from the baseline, with a mark at none."""
    scaled = (_scaled(subject, metric, subject.differences(metric)) for metric in metrics)
    return {axis: frame.assign(mark=0.0) for _, axis, frame in scaled}


def targets(subject: Subject) -> Charts:
    """The figures for which the scenario states a target, with the target as a dashed line."""
    wanted, panels = subject.results.scenario.targets, {}
    for metric in subject.measured(list(wanted)):
        mark, axis, frame = _scaled(subject, metric, subject.means(metric), zone=wanted[metric])
        panels[axis] = frame.assign(mark=mark)
    if not panels:
        return []
    caption = _caption(subject, findings.targets(subject), "note.intervals", subject.words("note.targets"))
    return [charts.intervals(panels, colours=subject.colours, caption=caption)]


def funnel(subject: Subject) -> Charts:
    """From needs to signatures, a funnel per design, mean numbers per world."""
    w = subject.words
    entered = subject.parts("stage", "entered")
    names = distinct({stage.name: w.label("stage", stage.name) for stage in subject.results.scenario.stages})
    rows = []
    for design in subject.designs:
        own = entered[entered["design"] == design].set_index("group")["value"]
        steps = [(subject.metric(metric), subject.value(design, metric)) for metric in ("needs", "leads")]
        steps += [(names[stage], float(own[stage])) for stage in names if stage in own.index]
        steps.append((subject.metric("won"), subject.value(design, "won")))
        before = None
        for step, value in steps:
            text = w.number(value)
            if before:
                text = w("bar.of_before", n=text, share=w.percent(value / before, 0))
            rows.append({"design": design, "label": subject.name(design), "step": step, "value": value, "text": text})
            before = value
    frame = pd.DataFrame(rows).dropna(subset=["value"])
    caption = _caption(subject, findings.funnel(subject, frame), "note.funnel")
    return [charts.funnels(frame, colours=subject.colours, caption=caption)]


def hours(subject: Subject) -> Charts:
    """Where the reps' hours go: a heat map of shares, a row per activity and a column per design."""
    w = subject.words
    found = subject.parts("activity", "hours")
    found["value"] /= found.groupby("design")["value"].transform("sum")
    stages = [stage.name for stage in subject.results.scenario.stages]
    largest = found.groupby("group")["value"].max()
    first = [name for name in dict.fromkeys([*stages, *largest.index]) if name not in LAST_ACTIVITIES]
    order = [name for name in (*first, *LAST_ACTIVITIES) if name in largest.index]
    shown = [name for name in order if largest[name] >= SMALLEST_PART]
    shares = {(str(row["design"]), str(row["group"])): float(row["value"]) for row in found.to_dict("records")}
    rest = {d: sum(shares.get((d, name), 0.0) for name in order if name not in shown) for d in subject.designs}
    if max(rest.values()) >= SMALLEST_PART:
        shown.append("other")
        shares |= {(design, "other"): share for design, share in rest.items()}
    names = distinct({group: w.label("stage" if group in stages else "activity", group) for group in shown})
    rows: list[dict[str, Any]] = []
    for group in shown:
        for design in subject.designs:
            share = shares.get((design, group), 0.0)
            cell = {"label": subject.name(design), "part": names[group], "value": share}
            rows.append({**cell, "text": w.percent(share), "inside": w.percent(share, 0) if share else ""})
    worlds = shares_of(by_world(subject, level="activity", metric="hours"))
    named = {names[group]: by_design for group, by_design in worlds.items() if group in names}
    headline = findings.widest_part(subject, named, phrase="find.hours", unit="share")
    caption = _caption(subject, headline, "note.hours")
    return [charts.heat(pd.DataFrame(rows), legend=w("axis.hours"), caption=caption)]


def costs(subject: Subject) -> Charts:
    """What the selling cost consists of, in money, a bar per design."""
    shown = [cost for cost in subject.measured(COSTS) if subject.means(cost)["value"].abs().max() > 0]
    parts = {cost: {design: subject.value(design, cost) for design in subject.designs} for cost in shown}
    frame = _parts(subject, parts, {cost: subject.metric(cost) for cost in shown})
    worlds = {subject.metric(cost): figure_by_world(subject.results, cost) for cost in shown}
    headline = findings.widest_part(subject, shares_of(worlds), phrase="find.costs", unit="share")
    return _money_bars(subject, frame, "selling_cost", headline, "note.costs")


def conflict(subject: Subject) -> Charts:
    """What conflict takes, by kind, in money, a bar per design: directly, and of outlets and partners."""
    drawn: Charts = []
    for metric, figure in CONFLICT_LOSSES.items():
        parts: dict[str, dict[str, float]] = {}
        for row in subject.parts("conflict", metric).to_dict("records"):
            parts.setdefault(str(row["group"]), {})[str(row["design"])] = float(row["value"])
        parts = {kind: by_design for kind, by_design in parts.items() if any(by_design.values())}
        frame = _parts(subject, parts, {kind: subject.words.label("conflict", kind) for kind in parts})
        worlds = by_world(subject, level="conflict", metric=metric)
        named = {subject.words.label("conflict", kind): worlds[kind] for kind in parts}
        headline = findings.widest_part(subject, named, phrase="find.conflict_kinds", unit="money")
        drawn += _money_bars(subject, frame, figure, headline, f"note.{metric}")
    return drawn


def pay(subject: Subject, headline: str) -> Charts:
    """What pay is for, in money, a bar per design; what lowers it (caps, claw-backs) has no bar."""
    found, w = subject.parts("pay", "amount"), subject.words
    parts = {
        str(kind): {str(row["design"]): max(float(row["value"]), 0.0) for row in rows.to_dict("records")}
        for kind, rows in found.groupby("group", sort=False)
    }
    parts = {kind: by_design for kind, by_design in parts.items() if any(by_design.values())}
    frame = _parts(subject, parts, distinct({kind: w.label("payslip.kind", kind) for kind in parts}))
    return _money_bars(subject, frame, "pay", headline, "note.pay_kinds")


def channels(subject: Subject) -> Charts:
    """Which way customers go, by the value of their needs, as shares, a bar per design that has channels."""
    w = subject.words
    parts: dict[str, dict[str, float]] = {}
    for row in subject.parts("channel", "value").to_dict("records"):
        parts.setdefault(str(row["group"]), {})[str(row["design"])] = float(row["value"])
    with_channels = {subject.name(design) for by_design in parts.values() for design in by_design}
    order = sorted(parts, key=lambda name: name == NOWHERE)
    names = {name: w("channel.nowhere") if name == NOWHERE else name for name in order}
    frame = _parts(subject, {name: parts[name] for name in order}, names)
    if frame.empty:
        return []
    frame = frame[frame["label"].isin(with_channels)]
    worlds = shares_of(by_world(subject, level="channel", metric="value"))
    named = {names[name]: by_design for name, by_design in worlds.items()}
    headline = findings.widest_part(subject, named, phrase="find.channels", unit="share")
    chart = charts.stacked(
        frame.assign(value=100 * frame["share"]).drop(columns="total"),
        axis=w("axis.channels"),
        colours=part_colours(dict.fromkeys(frame["part"])),
        caption=_caption(subject, headline, "note.channels"),
    )
    return [chart]


def _parts(subject: Subject, parts: Mapping[str, Mapping[str, float]], names: Mapping[str, str]) -> pd.DataFrame:
    """Money by part and design as rows: label, part (by name), value, share of the design's sum, and texts."""
    w = subject.words
    rows: list[dict[str, Any]] = []
    for design in subject.designs:
        values = {part: by_design.get(design, 0.0) for part, by_design in parts.items()}
        total = sum(values.values())
        for part, value in values.items():
            share = value / total if total else 0.0
            cell = {"label": subject.name(design), "part": names[part], "value": value, "share": share}
            rows.append({**cell, "text": w.money(value), "inside": w.percent(share, 0), "total": w.money(total)})
    return pd.DataFrame(rows)


def _money_bars(subject: Subject, frame: pd.DataFrame, figure: str, headline: str, note: str) -> Charts:
    """A sum of money cut into parts, a bar per design; nothing where there are none."""
    if frame.empty:
        return []
    w = subject.words
    size, unit = w.money_axis(float(frame.groupby("label")["value"].sum().max()))
    chart = charts.stacked(
        frame.assign(value=frame["value"] / size),
        axis=w("axis.unit", figure=subject.metric(figure), unit=unit),
        colours=part_colours(dict.fromkeys(frame["part"])),
        caption=_caption(subject, headline, note),
    )
    return [chart]


def organisation(subject: Subject, design: str) -> alt.TopLevelMixin:
    """One design's lines of reporting, coloured by how busy its people are."""
    positions = subject.results.organisations[design].positions
    return org_chart(
        [replace(position, unit=subject.unit(position.unit)) for position in positions],
        load=Load(subject.position_means(design, "utilisation"), subject.position_means(design, "leads")),
        headline=findings.organisation(subject, design),
        words=subject.words,
    )


def organisations(subject: Subject) -> Charts:
    """`organisation` of every design."""
    return [organisation(subject, design) for design in subject.designs]


def _caption(subject: Subject, headline: str, note: str, *further: str) -> charts.Caption:
    """A headline, and how to read the chart: a phrase that tells the worlds and the confidence, and what else."""
    w = subject.words
    if subject.one_world and note in WITH_INTERVALS:
        note = "note.one_world"
    worlds, confidence = w.number(subject.results.replications), w.percent(subject.comparison.confidence, 0)
    return charts.Caption(headline, (w(note, n=worlds, confidence=confidence), *further))


def _scaled(
    subject: Subject, metric: str, frame: pd.DataFrame, *, zone: float = 0.0
) -> tuple[float, str, pd.DataFrame]:
    """Values in the axis's unit: the zone or mark, the axis title with the unit, and the frame."""
    w, unit = subject.words, str(frame["unit"].iloc[0]) if len(frame) else "count"
    ends = ["value", "low", "high"]
    size, name = 1.0, "" if unit == "count" else w.label("unit", unit)
    if unit.startswith("money"):
        size, name = w.money_axis(max([abs(zone), *frame[ends].abs().max().dropna()]))
    elif unit == "share":
        size, name = 0.01, "%"
    axis = w("axis.unit", figure=subject.metric(metric), unit=name) if name else subject.metric(metric)
    return zone / size, axis, frame.assign(**{end: frame[end] / size for end in ends})
