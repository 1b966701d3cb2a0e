"""How large is one part of a breakdown? Its mean and interval by design, in the columns of `Subject.means`."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simlib.measure.precision import Values, mean_interval
from simlib.report.subject import Subject
from simlib.runs.results import Results


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


def by_world(subject: Subject, *, level: str, metric: str) -> dict[str, dict[str, NDArray[np.float64]]]:
    """By group and design, a breakdown's metric in every world; 0 in one that lacks the group."""
    found = subject.results.breakdown
    found = found[(found["level"] == level) & (found["metric"] == metric)]
    found = found.astype({"design": "object", "group": "object"})
    sums = found.groupby(["group", "design", "replication"], sort=False)["value"].sum()
    every = pd.MultiIndex.from_product([subject.designs, range(subject.results.replications)])
    return {
        str(group): {
            design: sums.loc[group].reindex(every, fill_value=0.0).loc[design].to_numpy(dtype=float)
            for design in subject.designs
        }
        for group in dict.fromkeys(found["group"])
    }


def figure_by_world(results: Results, metric: str) -> dict[str, NDArray[np.float64]]:
    """By design, a figure in every world."""
    table = results.figures
    rows = table[table["metric"] == metric].sort_values("replication")
    return {name: rows.loc[rows["design"] == name, "value"].to_numpy(dtype=float) for name in results.scenario.designs}


def shares_of(parts: Mapping[str, Mapping[str, NDArray[np.float64]]]) -> dict[str, dict[str, NDArray[np.float64]]]:
    """Each part as a share of the sum of all, by design and world; NaN where the sum is 0."""
    sums: dict[str, NDArray[np.float64]] = {}
    for by_design in parts.values():
        for design, values in by_design.items():
            sums[design] = sums[design] + values if design in sums else values
    return {
        part: {design: values / np.where(sums[design], sums[design], np.nan) for design, values in by_design.items()}
        for part, by_design in parts.items()
    }


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
