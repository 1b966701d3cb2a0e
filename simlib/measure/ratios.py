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


def proportionality(shares: Floats, claims: Floats) -> float:
    """1 − ½ Σ |sᵢ/S − cᵢ/C|: the part of a sum S that is where it would be if it were divided in proportion to the
    claims; the rest would have to change hands (Hoover 1936, Review of Economics and Statistics 18).

    1 = in proportion, towards 0 = all with who has no claim; NaN where there is nothing to divide, no claim, or nobody
    to compare with. Claims below 0 are none.

    >>> proportionality(np.array([30.0, 70.0]), np.array([1.0, 1.0]))
    0.8
    """
    claims = np.maximum(claims, 0.0)
    if len(shares) < 2 or not shares.sum() or not claims.sum():
        return np.nan
    return float(1 - np.abs(shares / shares.sum() - claims / claims.sum()).sum() / 2)


def gini(values: Floats) -> float:
    """Gini coefficient: 0 = all equal, towards 1 = one has all; NaN if nobody has anything."""
    total = values.sum()
    if not total:
        return np.nan
    ranked = np.sort(values)
    n = len(ranked)
    return float((2 * np.arange(1, n + 1) - n - 1) @ ranked / (n * total))
