"""What do bosses and support staff do for the sellers, and at what layer does it wait? Approvals, help, coaching and
meetings (S1, R, P16, P17)."""

from __future__ import annotations

from collections.abc import Iterator

import altair as alt
import pandas as pd
from IPython.display import Markdown

from simlib.report import charts, findings, prose, tables
from simlib.report.parts import part_means
from simlib.report.subject import Subject, by_design
from simlib.report.table import Table
from simlib.scenario.designs import ROLES, SUPPORT

REP, *BOSSES = ROLES
WAIT = "approval_wait_hours"
PER_REP = ("help_requests", "unsolved_share", "coaching_hours")
"""Figures of what sellers got, shown where anything was got."""
_DAYS_PER_WEEK = 7


def section(subject: Subject) -> list[Markdown | alt.TopLevelMixin | Table]:
    """Heading, chart of the waits at each layer, table; nothing where nobody leads and nobody meets."""
    table = by_layer(subject)
    return [prose.paragraph(subject.words, "section.management"), *waits(subject), table] if table.rows else []


def waits(subject: Subject) -> list[alt.TopLevelMixin]:
    """How long requests wait at each layer of bosses, a panel per layer; nothing where nobody is asked."""
    w, confidence = subject.words, subject.comparison.confidence
    measured = {role: frame for role, frame in _by_role(subject, WAIT) if frame["value"].notna().any()}
    if not measured:
        return []
    unit = w.label("unit", "hours")
    panels = {w("axis.unit", figure=w.label("role", role), unit=unit): frame for role, frame in measured.items()}
    dots = w(
        "note.one_world" if subject.one_world else "note.intervals",
        n=w.number(subject.results.replications),
        confidence=w.percent(confidence, 0),
    )
    named = {w.label("role", role): frame for role, frame in measured.items()}
    caption = charts.Caption(findings.longest_wait(subject, named), (w("note.waits"), dots))
    return [charts.intervals(panels, colours=subject.colours, caption=caption)]


def by_layer(subject: Subject) -> Table:
    """Who got or gave what, layer by layer: a row per layer and figure, a column per design."""
    w, rows = subject.words, []
    for role, name, frame in _rows(subject):
        cells = by_design(frame)
        shown = (tables.with_half(cells.get(design), w, w.value) for design in subject.designs)
        rows.append((w.label("role", role), name, *shown))
    headers = (w("column.layer"), w("column.metric"), *map(subject.name, subject.designs))
    notes = (w("interval.one_world"),) if subject.one_world else ()
    return Table(headers, tuple(rows), words_first=2, notes=notes)


def _rows(subject: Subject) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Role, name of the figure, and its values by design, from the sellers upwards; only what was measured."""
    for metric in PER_REP:
        frame = subject.means(metric)
        if frame["value"].abs().gt(0).any():
            yield REP, subject.metric(metric), frame
    met = part_means(subject, level="activity", group="meeting", metric="hours", each=_rep_weeks(subject))
    if met["value"].gt(0).any():
        yield REP, subject.words("management.meetings"), met
    for metric, name in ((WAIT, subject.metric(WAIT)), ("utilisation", subject.words("org.legend"))):
        for role, frame in _by_role(subject, metric):
            if frame["value"].notna().any():
                yield role, name, frame


def _by_role(subject: Subject, metric: str) -> Iterator[tuple[str, pd.DataFrame]]:
    for role in (*BOSSES, SUPPORT):
        yield role, part_means(subject, level="role", group=role, metric=metric)


def _rep_weeks(subject: Subject) -> dict[str, float]:
    weeks = subject.results.scenario.calendar.horizon_days / _DAYS_PER_WEEK
    return {design: len(subject.results.organisations[design].reps) * weeks for design in subject.designs}
