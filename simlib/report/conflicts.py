"""What did conflict take, kind by kind? A table of hours and direct losses, for what happened in some design."""

from __future__ import annotations

import altair as alt
from IPython.display import Markdown

from simlib.ledger import CONFLICTS
from simlib.measure.conflict import FIGURE
from simlib.report import pictures, prose
from simlib.report.parts import part_means
from simlib.report.subject import Subject, by_design
from simlib.report.table import Table
from simlib.report.tables import with_half


def section(subject: Subject) -> list[Markdown | alt.TopLevelMixin | Table]:
    """Heading, chart and table; nothing where nobody was in anybody's way."""
    table = by_kind(subject)
    heading = prose.paragraph(subject.words, "section.conflict")
    return [heading, *pictures.conflict(subject), table] if table.rows else []


def by_kind(subject: Subject) -> Table:
    """A row per kind and measure, a column per design, each with half the width of its interval (X)."""
    w, rows = subject.words, []
    for kind in CONFLICTS:
        for metric, figure in {**FIGURE, "money_total": "conflict_money_total"}.items():
            found = part_means(subject, level="conflict", group=kind, metric=metric)
            if found["value"].abs().gt(0).any():
                cells = by_design(found)
                shown = (with_half(cells[design], w, w.value) for design in subject.designs)
                rows.append((w.label("conflict", kind), subject.metric(figure), *shown))
    headers = (w("column.conflict"), w("column.metric"), *map(subject.name, subject.designs))
    return Table(headers, tuple(rows), words_first=2)
