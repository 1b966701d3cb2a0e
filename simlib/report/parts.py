"""How large is one part of a breakdown? Its mean and interval by design, in the columns of `Subject.means`."""

from __future__ import annotations

import math

import pandas as pd

from simlib.measure.precision import mean_interval
from simlib.report.subject import Subject


def part_means(
    subject: Subject, *, level: str, group: str, metric: str, each: dict[str, float] | None = None
) -> pd.DataFrame:
    """A row per design in order: design, label, value, low, high, unit, text; NaN where a design has no such part.

    `each`: by design, what the part is divided by (rep-weeks, say).
    """
    found = subject.results.breakdown
    found = found[(found["level"] == level) & (found["group"] == group) & (found["metric"] == metric)]
    found = found.astype({"design": "object"})
    w, rows = subject.words, []
    for design in subject.designs:
        mine = found[found["design"] == design]
        values = mine["value"] / (each or {}).get(design, 1.0)
        interval = mean_interval(values.tolist(), confidence=subject.comparison.confidence)
        unit = str(found["unit"].iloc[0]) if len(found) else "count"
        told = subject.interval(interval.low, interval.high, unit)
        text = w("interval.value", value=w.value(interval.mean, unit), interval=told)
        shown = text if math.isfinite(interval.mean) else w.value(interval.mean, unit)
        rows.append((design, subject.name(design), interval.mean, interval.low, interval.high, unit, shown))
    return pd.DataFrame(rows, columns=["design", "label", "value", "low", "high", "unit", "text"])
