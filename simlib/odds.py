"""Log-odds: the scale on which effects on a probability add up."""

from __future__ import annotations

import math


def shifted(p: float, x: float) -> float:
    """Probability p with its log-odds shifted by x: p·eˣ / (1 − p + p·eˣ); exact at p = 0, p = 1 and x = 0."""
    if x == 0.0 or p == 0.0 or p == 1.0:
        return p
    odds = p * math.exp(x)
    return odds / (1.0 - p + odds)
