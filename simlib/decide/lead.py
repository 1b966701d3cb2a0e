"""Which of several comes out first, and is it told apart from the next? Paired over the same worlds.

Who is first and who second is seen in the worlds in which they are judged, so the interval must hold whichever two
they are: all pairs share one error probability.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from simlib.decide.verdict import WORLDS_FOR_A_VERDICT
from simlib.measure.precision import Interval, checked_confidence, defined, mean_interval, paired_interval

Series = Mapping[str, NDArray[np.float64]]
"""By name, one value a world, NaN where undefined."""


@dataclass(frozen=True)
class Lead:
    """How far one is above another."""

    ahead: str
    behind: str
    interval: Interval
    """Of the paired difference, `ahead` less `behind`."""

    @property
    def told_apart(self) -> bool:
        """Whether the interval lies above zero, from enough worlds for a verdict."""
        return self.interval.n >= WORLDS_FOR_A_VERDICT and self.interval.low > 0


def first_and_next(values: Series, *, confidence: float) -> Lead | None:
    """The highest mean against the one that follows; none where fewer than two are defined."""
    ranked = _ranked(values)
    return _lead(values, ranked[0], ranked[1], _shared(confidence, len(ranked))) if len(ranked) > 1 else None


def left_behind(values: Series, *, confidence: float) -> list[str]:
    """Those of whom it is known, from enough worlds, that they lie below the one that comes out first, from above; all
    pairs share one error probability, as in `first_and_next`."""
    ranked = _ranked(values)
    shared = _shared(confidence, len(ranked)) if len(ranked) > 1 else confidence
    return [other for other in ranked[1:] if _lead(values, ranked[0], other, shared).told_apart]


def first_and_last(values: Series, *, confidence: float) -> Lead | None:
    """The highest mean against the lowest; none where fewer than two are defined."""
    ranked = _ranked(values)
    return _lead(values, ranked[0], ranked[-1], _shared(confidence, len(ranked))) if len(ranked) > 1 else None


def widest(parts: Mapping[str, Series], *, confidence: float) -> tuple[str, Lead] | None:
    """The part in which the highest and the lowest mean lie farthest apart, of those in which they are told apart; none
    where there is none. All parts, and the pairs in each, share one error probability (Bonferroni)."""
    level = 1 - (1 - checked_confidence(confidence)) / max(len(parts), 1)
    leads = {part: lead for part, values in parts.items() if (lead := first_and_last(values, confidence=level))}
    apart = [part for part, lead in leads.items() if lead.told_apart]
    most = max(apart, key=lambda part: leads[part].interval.mean, default=None)
    return None if most is None else (most, leads[most])


def farthest_from(centre: float, values: Series, *, confidence: float) -> tuple[str, Interval] | None:
    """Whose mean lies farthest from `centre` (above 0) as a factor, among those told apart from it if there are any;
    none where none is defined.

    The intervals of all share one error probability (Bonferroni).
    """
    known = _ranked(values)
    if not known:
        return None
    level = 1 - (1 - checked_confidence(confidence)) / len(known)
    found = {name: mean_interval(values[name], confidence=level) for name in known}
    apart = [name for name in known if found[name].n >= WORLDS_FOR_A_VERDICT and not found[name].contains(centre)]
    most = max(apart or known, key=lambda name: _factor(found[name].mean / centre))
    return most, found[most]


def _factor(ratio: float) -> float:
    """How many times more or less; infinite for nothing at all."""
    return max(ratio, 1 / ratio) if ratio > 0 else float("inf")


def _ranked(values: Series) -> list[str]:
    """Those defined in some world, the highest mean first."""
    means = {name: float(np.mean(kept)) for name, each in values.items() if len(kept := defined(each))}
    return sorted(means, key=lambda name: -means[name])


def _shared(confidence: float, count: int) -> float:
    """The confidence of each pair at which all pairs of so many hold together (Bonferroni)."""
    return 1 - (1 - checked_confidence(confidence)) / comb(count, 2)


def _lead(values: Series, ahead: str, behind: str, confidence: float) -> Lead:
    return Lead(ahead, behind, paired_interval(values[ahead], values[behind], confidence=confidence))
