"""How values compare with each other: ratios, quantiles and inequality, undefined where there is nothing to compare."""

from __future__ import annotations

import numpy as np

from simlib.measure.view import Floats


def ratio(part: float, whole: float) -> float:
    """Part ÷ whole; NaN for a whole of 0."""
    return float(part) / float(whole) if whole else np.nan


def quantile(values: Floats, share: float) -> float:
    """The value below which a share of the values lies; NaN if there are none."""
    return float(np.quantile(values, share)) if len(values) else np.nan


def gini(values: Floats) -> float:
    """Gini coefficient: 0 = all equal, towards 1 = one has all; NaN if nobody has anything."""
    total = values.sum()
    if not total:
        return np.nan
    ranked = np.sort(values)
    n = len(ranked)
    return float((2 * np.arange(1, n + 1) - n - 1) @ ranked / (n * total))
