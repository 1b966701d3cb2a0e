"""What did conflict take, kind by kind? A table of hours and direct losses, for what happened in some design."""

from __future__ import annotations

import numpy as np

from simlib.ledger import CONFLICTS
from simlib.measure.figures import FIGURES
from simlib.measure.precision import mean_interval
from simlib.report.subject import Subject
from simlib.report.table import Table
from simlib.report.words import NONE

PARTS = {"hours": "conflict_hours", "money_direct": "conflict_money_direct"}
"""Metrics of the breakdown by kind, and the figures that each is a part of."""


def by_kind(subject: Subject) -> Table:
    """A row per kind and measure, a column per design, each with half the width of its interval (X)."""
    w, rows = subject.words, []
    found = subject.results.breakdown
    found = found[found["level"] == "conflict"].astype({"design": "object", "group": "object"})
    for kind in CONFLICTS:
        for metric, figure in PARTS.items():
            mine = found[(found["group"] == kind) & (found["metric"] == metric)]
            if mine["value"].any():
                by_design = {str(design): part["value"].to_numpy() for design, part in mine.groupby("design")}
                cells = [_cell(subject, by_design.get(design), FIGURES[figure].unit) for design in subject.designs]
                rows.append((w.label("conflict", kind), subject.metric(figure), *cells))
    headers = (w("column.conflict"), w("column.metric"), *map(subject.name, subject.designs))
    return Table(headers, tuple(rows), words_first=2)


def _cell(subject: Subject, values: np.ndarray | None, unit: str) -> str:
    if values is None:
        return NONE
    interval = mean_interval(values.tolist(), confidence=subject.comparison.confidence)
    text, half = subject.words.value(interval.mean, unit), (interval.high - interval.low) / 2
    return f"{text}\n{subject.words.half(half, unit)}" if half > 0 else text
