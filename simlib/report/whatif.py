"""What differs now from what was kept? Two organisations tried in the same worlds, as the charts of a workshop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import altair as alt
import pandas as pd

from simlib.decide.compare import compare, zone_in_window
from simlib.decide.levers import State, designed, with_designs
from simlib.decide.verdict import WORLDS_FOR_A_VERDICT
from simlib.org import Organisation, build
from simlib.org.organisation import Position
from simlib.report import charts, findings, pictures
from simlib.report.parts import part_means
from simlib.report.subject import Subject, by_design, distinct
from simlib.report.words import Words
from simlib.runs.bench import Bench
from simlib.runs.results import Results
from simlib.scenario import Scenario
from simlib.scenario.designs import ROLES, SUPPORT, Design

KEPT, NOW = "kept", "now"
"""The two designs of a what-if: the reference, and where the levers stand."""
SHOWN = ("contribution", "revenue", "selling_cost", "conflict_money_direct")
"""Figures of the charts, the judged one first."""
MOST_BOSSES = 12
"""Bosses whose queue is shown, those with the longest first."""


@dataclass(frozen=True, eq=False)
class Trial:
    """An organisation, and what it did in every world of a bench."""

    design: Design
    organisation: Organisation
    figures: pd.DataFrame
    breakdown: pd.DataFrame


def trial(bench: Bench, scenario: Scenario, state: State) -> Trial:
    """Try the organisation that the levers make; SimlibError if it cannot be laid out."""
    design = designed(scenario, state)
    organisation = build(NOW, with_designs(scenario, {NOW: design}))
    figures, breakdown = bench.tried(organisation)
    return Trial(design, organisation, figures[figures["metric"].isin(SHOWN)], breakdown)


def against(now: Trial, kept: Trial, *, bench: Bench, scenario: Scenario, words: Words) -> Subject:
    """The two side by side: paired differences in the same worlds."""
    tried = {KEPT: kept, NOW: now}
    figures, breakdown = (
        pd.concat([table.assign(design=name) for name, table in tables], ignore_index=True)
        for tables in (
            [(name, one.figures) for name, one in tried.items()],
            [(name, one.breakdown) for name, one in tried.items()],
        )
    )
    both = with_designs(scenario, {name: one.design for name, one in tried.items()})
    organisations = {name: replace(one.organisation, name=name) for name, one in tried.items()}
    results = Results(both, bench.seed, len(bench.worlds), figures, breakdown, organisations)
    comparison = compare(results, baseline=KEPT, zone=zone_in_window(both), confidence=both.compare.confidence)
    return Subject(results, comparison, words, named="whatif")


def answer(subject: Subject) -> str:
    """What the change did to the judged figure, or that chance may have done it; with enough worlds, the verdict."""
    w, figure = subject.words, subject.comparison.figure
    row = by_design(subject.differences(figure))[NOW]
    if row["low"] == row["high"] == 0:
        return w("whatif.same")
    if subject.results.replications >= WORLDS_FOR_A_VERDICT:
        return findings.verdict_sentence(subject, NOW)
    beyond = "whatif.chance" if not row["low"] * row["high"] > 0 else "whatif.more" if row["low"] > 0 else "whatif.less"
    return w(
        beyond,
        figure=subject.metric(figure),
        difference=w.signed(row["value"], row["unit"]),
        interval=subject.interval(row["low"], row["high"], row["unit"], show=w.signed),
        n=w.number(subject.results.replications),
    )


def levels(subject: Subject) -> alt.TopLevelMixin:
    """Revenue, cost, conflict and contribution of both, with intervals."""
    panels = pictures.panels_of(subject, SHOWN)
    return charts.intervals(panels, colours=subject.colours, caption=_caption(subject, "whatif.levels"))


def differences(subject: Subject) -> alt.TopLevelMixin:
    """The same as differences, world by world."""
    panels = pictures.panels_of_differences(subject, SHOWN)
    return charts.intervals(panels, colours=subject.colours, caption=_caption(subject, "whatif.differences"))


def hours(subject: Subject) -> alt.TopLevelMixin:
    """Where the reps' hours go in both."""
    return pictures.hours(subject)[0]


def queues(subject: Subject) -> alt.TopLevelMixin | None:
    """How long requests wait at each boss, and how busy the boss is; None where nobody leads."""
    w, organisation = subject.words, subject.results.organisations[NOW]
    bosses = [position for position in organisation.positions if position.role not in (ROLES[0], SUPPORT)]
    if not bosses:
        return None
    names = distinct({position.id: _called(subject, position) for position in bosses})
    waits, busy = _by_boss(subject, names, "approval_wait_hours"), _by_boss(subject, names, "utilisation")
    longest = waits.assign(value=waits["value"].fillna(0.0)).sort_values("value", ascending=False, kind="stable")
    first = list(longest["label"].head(MOST_BOSSES))
    colour = dict.fromkeys(first, subject.colours[subject.name(NOW)])
    unit = w.label("unit", "hours")
    panels = {
        w("axis.unit", figure=subject.metric("approval_wait_hours"), unit=unit): waits,
        w("axis.unit", figure=w("org.legend"), unit="%"): _times(busy, 100),
    }
    shown = {axis: frame.set_index("label").loc[first].reset_index() for axis, frame in panels.items()}
    return charts.intervals(shown, colours=colour, caption=_caption(subject, "whatif.queues"))


def organisation(subject: Subject) -> alt.TopLevelMixin:
    """The org chart as it is now, coloured by load."""
    return pictures.organisation(subject, NOW)


def shown(subject: Subject) -> Iterator[alt.TopLevelMixin]:
    """All charts of a workshop, in order, each made when it is asked for."""
    for chart in (differences, levels, organisation, queues, hours):
        made = chart(subject)
        if made is not None:
            yield made


def _caption(subject: Subject, headline: str) -> charts.Caption:
    w = subject.words
    worlds, confidence = w.number(subject.results.replications), w.percent(subject.comparison.confidence, 0)
    dots = "note.one_world" if subject.one_world else "note.intervals"
    return charts.Caption(w(headline), (w(dots, n=worlds, confidence=confidence),))


def _by_boss(subject: Subject, names: Mapping[str, str], metric: str) -> pd.DataFrame:
    rows = []
    for position, name in names.items():
        means = part_means(subject, level="position", group=position, metric=metric)
        rows.append(means[means["design"] == NOW].assign(label=name))
    return pd.concat(rows, ignore_index=True)


def _called(subject: Subject, boss: Position) -> str:
    w = subject.words
    return w("org.box", who=w.label("role", boss.role), unit=subject.unit(boss.unit) or boss.id)


def _times(frame: pd.DataFrame, factor: float) -> pd.DataFrame:
    return frame.assign(**{end: frame[end] * factor for end in ("value", "low", "high")})
