"""Which way do customers go, what do channels bring and cost, and would they have come anyway? (C1-C8, X7)"""

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

FIGURES = ("channel_sales", "channel_income", "channel_cost", "channel_cost_ratio", "partner_profit")
PARTS = ("value", "customers", "extra_share", "price", "diverted_share")
"""Of the breakdown by channel."""


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
