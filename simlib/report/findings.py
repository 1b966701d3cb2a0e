"""What do the figures say, in one sentence each? Chart titles and the verdict in words, computed from the data.

Every function returns plain text in the report's language; a figure that nobody measured gives a neutral sentence.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd

from simlib.decide.lead import Series, widest
from simlib.decide.verdict import Reason, Verdict
from simlib.report.subject import Subject, by_design
from simlib.scenario.designs import SUPPORT

VERDICT_IDS: Mapping[Verdict, str] = {
    "better": "verdict.better",
    "worse": "verdict.worse",
    "no difference that matters": "verdict.same",
    "not yet known": "verdict.unknown",
}
REASON_IDS: Mapping[Reason, str] = {
    "fewer than 20 worlds": "reason.too_few",
    "the interval crosses an edge of the zone": "reason.too_wide",
    "undefined": "reason.undefined",
}
TALLIES: Mapping[Verdict, str] = {
    "better": "find.better",
    "worse": "find.worse",
    "no difference that matters": "find.same",
    "not yet known": "find.unknown",
}
"""In what order verdicts are told, and by which phrase."""


def verdicts(subject: Subject) -> str:
    """Which designs are better than the baseline, which worse, and of which it is not known."""
    w = subject.words
    if not subject.others:
        return w("find.one_design")
    judged = subject.differences(subject.comparison.figure)
    parts = []
    for verdict, phrase in TALLIES.items():
        names = list(judged.loc[judged["verdict"] == verdict, "label"])
        if names:
            parts.append(w(phrase, designs=w.listing(names), baseline=subject.name(subject.comparison.baseline)))
    return reduce(lambda first, second: w("join.sentences", first=first, second=second), parts)


def verdict_sentence(subject: Subject, design: str) -> str:
    """One design against the baseline: the difference, how sure it is, and why if it is not known."""
    comparison = subject.comparison
    row = by_design(subject.differences(comparison.figure))[design]
    return told(subject, row, (subject.name(design), subject.name(comparison.baseline)))


def told(subject: Subject, row: Mapping[str, Any], names: tuple[str, str]) -> str:
    """The same of a row of differences, the design and the baseline called by these names."""
    w, comparison = subject.words, subject.comparison
    sentence = w(
        f"{VERDICT_IDS[row['verdict']]}.sentence",
        design=names[0],
        baseline=names[1],
        figure=subject.metric(comparison.figure),
        difference=w.signed(row["value"], row["unit"]),
        interval=subject.interval(row["low"], row["high"], row["unit"], show=w.signed),
        zone=w.value(comparison.zone, row["unit"]),
    )
    if row["reason"]:
        reason = w(REASON_IDS[row["reason"]], n=w.number(row["n"]))
        sentence = w("join.sentences", first=sentence, second=reason)
    if math.isfinite(row["probability_better"]):
        chance = w(
            "verdict.chance",
            mean=w.probability(row["probability_better"]),
            single=w.probability(row["probability_better_single_year"]),
            days=w.number(subject.results.scenario.calendar.horizon_days),
        )
        sentence = w("join.sentences", first=sentence, second=chance)
    return sentence


def levels(subject: Subject) -> str:
    """Which design contributes most and least, and where conflict costs most."""
    w = subject.words
    found = subject.means("contribution").dropna(subset=["value"]).sort_values("value")
    if len(found) < 2:
        return w("find.levels_plain")
    low, high = found.iloc[0], found.iloc[-1]
    sentence = w(
        "find.levels",
        high=high["label"],
        most=w.value(high["value"], high["unit"]),
        low=low["label"],
        least=w.value(low["value"], low["unit"]),
    )
    measured = subject.measured(["conflict_money_total", "conflict_money_direct"])[:1]
    conflict = subject.means("".join(measured)).dropna(subset=["value"]).sort_values("value")
    if len(conflict) and conflict.iloc[-1]["value"] > 0:
        top = conflict.iloc[-1]
        second = w("find.conflict", design=top["label"], amount=w.value(top["value"], top["unit"]))
        sentence = w("join.sentences", first=sentence, second=second)
    return sentence


def funnel(subject: Subject, steps: pd.DataFrame) -> str:
    """Where most needs become signatures, and where the baseline loses most. `steps`: design, step, value."""
    w = subject.words
    ends = steps.groupby("design", sort=False)["value"].agg(["first", "last"])
    share = (ends["last"] / ends["first"]).dropna()
    own = steps[steps["design"] == subject.comparison.baseline].reset_index(drop=True)
    lost = (-own["value"].diff()).iloc[1:]
    if share.empty or lost.empty or not lost.max() > 0:
        return w("find.funnel_plain")
    worst = 1 + int(lost.to_numpy().argmax())
    return w(
        "find.funnel",
        high=subject.name(str(share.idxmax())),
        most=w.percent(float(share.max())),
        low=subject.name(str(share.idxmin())),
        least=w.percent(float(share.min())),
        before=str(own.at[worst - 1, "step"]),
        after=str(own.at[worst, "step"]),
        baseline=subject.name(subject.comparison.baseline),
    )


def widest_part(subject: Subject, parts: Mapping[str, Series], *, phrase: str, unit: str) -> str:
    """The part of a whole that differs most between designs, or that none is told apart.

    `parts`: by the part's name and design, its share of the whole, or its money (`unit`), in every world.
    """
    w = subject.words
    if len(subject.designs) < 2 or subject.one_world or not parts:
        return w(f"{phrase}_plain")
    found = widest(parts, confidence=subject.comparison.confidence)
    if found is None:
        return w(f"{phrase}_even")
    part, lead = found
    least, most = (float(np.nanmean(parts[part][design])) for design in (lead.behind, lead.ahead))
    return w(
        phrase,
        part=part,
        low=subject.name(lead.behind),
        least=w.percent(least, 0) if unit == "share" else w.money(least),
        high=subject.name(lead.ahead),
        most=w.percent(most, 0) if unit == "share" else w.money(most),
    )


def organisation(subject: Subject, design: str) -> str:
    """How many people in how many layers, and the busiest position."""
    w = subject.words
    positions = subject.results.organisations[design].positions
    roles = {position.role for position in positions} - {SUPPORT}
    heads, layers = w.number(len(positions)), w.number(len(roles))
    sentence = w("find.organisation", design=subject.name(design), heads=heads, layers=layers)
    busy = subject.position_means(design, "utilisation")
    named = [position for position in positions if position.id in busy]
    if not named:
        return sentence
    top = max(named, key=lambda position: busy[position.id])
    who = (
        w("org.box", who=w.label("role", top.role), unit=subject.unit(top.unit))
        if top.unit
        else w.label("role", top.role)
    )
    second = w("find.busiest", who=who, share=w.percent(busy[top.id], 0))
    return w("join.sentences", first=sentence, second=second)


def longest_wait(subject: Subject, hours: Mapping[str, pd.DataFrame]) -> str:
    """At which layer of which design a request waits longest. `hours`: by the layer's name, rows of `Subject.means`."""
    w = subject.words
    layer = max(hours, key=lambda name: float(hours[name]["value"].max()))
    top = hours[layer].dropna(subset=["value"]).sort_values("value").iloc[-1]
    return w("find.waits", layer=layer, design=top["label"], hours=w.value(top["value"], top["unit"]))


def targets(subject: Subject) -> str:
    """How many targets lie inside the baseline's interval."""
    w, wanted = subject.words, subject.results.scenario.targets
    shown = subject.measured(list(wanted))
    met = 0
    for metric in shown:
        row = by_design(subject.means(metric))[subject.comparison.baseline]
        met += bool(row["low"] <= wanted[metric] <= row["high"])
    baseline = subject.name(subject.comparison.baseline)
    return w("find.targets", design=baseline, met=w.number(met), of=w.number(len(wanted)))
