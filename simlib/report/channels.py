"""Which way do customers go, what do channels bring and cost, would they have come anyway, and what do policies change?
(C1-C8, X1, X5, X7)"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from simlib.ledger import NOWHERE
from simlib.report import pictures, prose
from simlib.report.page import Part
from simlib.report.parts import part_means
from simlib.report.subject import Subject, by_design
from simlib.report.table import Table
from simlib.report.tables import with_half
from simlib.report.words import NONE
from simlib.scenario.policies import Policies

FIGURES = ("channel_sales", "channel_income", "channel_cost", "channel_cost_ratio", "partner_profit")
PARTS = ("value", "customers", "extra_share", "price", "diverted_share")
"""Of the breakdown by channel."""
WITH_POLICIES = ("contribution", "conflict_money_channels", "conflict_money_total", "trust_mean", "partners_left")
"""What may be otherwise under a policy, as far as it is measured."""


def section(subject: Subject) -> list[Part]:
    """Heading, chart and table; nothing where no design has channels."""
    table = by_channel(subject)
    heading = prose.paragraph(subject.words, "section.channels")
    return [heading, *pictures.channels(subject), table] if table.rows else []


def by_channel(subject: Subject) -> Table:
    """A row per channel and measure, and figures of all together; a column per design, with half the interval."""
    w = subject.words
    rows = [
        (channel, name, *(with_half(by_design(frame).get(design), w, w.value) for design in subject.designs))
        for channel, name, frame in _rows(subject)
    ]
    headers = (w("column.channel"), w("column.metric"), *map(subject.name, subject.designs))
    notes = (w("note.extra_share"), *((w("interval.one_world"),) if subject.one_world else ()))
    return Table(headers, tuple(rows), words_first=2, notes=notes)


def policies(subject: Subject) -> list[Part]:
    """Heading and table of what each design does against conflict between its channels, and what comes with it; nothing
    where no design does anything."""
    w, rows = subject.words, []
    shown = subject.measured(WITH_POLICIES)
    means = {metric: by_design(subject.means(metric)) for metric in shown}
    for design in subject.designs:
        axes = subject.results.organisations[design].axes
        mine = axes.policies or Policies()
        named = [w(f"path.{name}") for name in Policies.model_fields if getattr(mine, name)]
        cells = [with_half(means[metric].get(design), w, w.value) for metric in shown]
        rows.append((subject.name(design), w.listing(named) or NONE, w.money(mine.cost_per_year), *cells))
    if all(row[1] == NONE for row in rows):
        return []
    headers = (w("column.design"), w("column.policies"), w("column.policy_cost"), *map(subject.metric, shown))
    return [prose.paragraph(w, "section.policies"), Table(headers, tuple(rows), words_first=2)]


def _rows(subject: Subject) -> Iterator[tuple[str, str, pd.DataFrame]]:
    w = subject.words
    groups = list(dict.fromkeys(map(str, subject.parts("channel", "value")["group"])))
    for group in sorted(groups, key=lambda name: name == NOWHERE):
        for metric in PARTS:
            frame = part_means(subject, level="channel", group=group, metric=metric)
            if frame["value"].notna().any():
                name = w("channel.nowhere") if group == NOWHERE else group
                yield name, w(f"channel.{metric}"), frame
    for metric in subject.measured(FIGURES) if groups else ():
        yield w("channel.all"), subject.metric(metric), subject.means(metric)
