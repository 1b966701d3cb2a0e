"""How large is one part of a breakdown? Its mean and interval by design, in the columns of `Subject.means`."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from simlib.measure.precision import Values, mean_interval
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
    unit = str(found["unit"].iloc[0]) if len(found) else "count"
    values = {
        design: (found.loc[found["design"] == design, "value"] / (each or {}).get(design, 1.0)).to_numpy(dtype=float)
        for design in subject.designs
    }
    return means_of(subject, values, unit)


def means_of(subject: Subject, values: Mapping[str, Values], unit: str) -> pd.DataFrame:
    """Mean and interval by design of what has a value in every world, in the columns of `Subject.means`."""
    w, rows = subject.words, []
    for design in subject.designs:
        interval = mean_interval(values[design], confidence=subject.comparison.confidence)
        told = subject.interval(interval.low, interval.high, unit)
        text = w("interval.value", value=w.value(interval.mean, unit), interval=told)
        shown = text if math.isfinite(interval.mean) else w.value(interval.mean, unit)
        rows.append((design, subject.name(design), interval.mean, interval.low, interval.high, unit, shown))
    return pd.DataFrame(rows, columns=["design", "label", "value", "low", "high", "unit", "text"])
