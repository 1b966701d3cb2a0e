"""Who wins a contest by results, and how much more likely is it with a little more of them (Lazear and Rosen 1981)?

Everybody's result at the end is expected as a normal one, and those do not depend on each other. Who is among the best
`winners` gets the prize. To who chooses an effort (`effort.py`) a prize is a bonus at a bar, the result of the last who
wins, which is not known: here it becomes a normal bar, with the same chance of winning and the same gain in it for a
little more of the result. With two alike contestants that is exact, and effort is e = W·g(0)/c, g the density of the
difference of their luck (Lazear and Rosen 1981, Journal of Political Economy 89, equation 7).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr, ndtri

_STEP, _REACH = 0.125, 8.5
"""Of one's own luck, in standard deviations. The sums are those of smooth functions that vanish at both ends: the
trapezoid rule is then exact to rounding, as long as nobody's luck is much smaller than one's own."""
_LUCK = np.arange(-_REACH, _REACH + _STEP / 2, _STEP)
_WEIGHTS = np.exp(-(_LUCK**2) / 2) * (_STEP / math.sqrt(2 * math.pi))
_SURE = 1e-9
"""A chance that is nearer than this to 0 or 1 is not fought for."""


class Expected(NamedTuple):
    """A result as it is expected to be in the end."""

    mean: float
    sd: float


class Chance(NamedTuple):
    """Of winning."""

    probability: float
    per_unit: float
    """How much it grows with the mean of one's own result."""


class Bar(NamedTuple):
    """What one must reach to win."""

    at: float
    sd: float
    """Of the difference between it and one's own result."""


def chance(own: Expected, rivals: Sequence[Expected], *, winners: int) -> Chance:
    """The chance to be among the best `winners`: E P(fewer than so many rivals are better), over one's own luck.

    Its growth is E[luck · that] / sd (Stein 1981, Annals of Statistics 9, lemma 1). `own.sd`: above 0.
    """
    fewer = np.zeros((winners, len(_LUCK)))
    fewer[0] = 1.0
    """By how many rivals are better, the probability of it."""
    for rival in rivals:
        better = ndtr((rival.mean - own.mean - own.sd * _LUCK) / max(rival.sd, own.sd * 1e-9))
        stays = fewer * (1 - better)
        stays[1:] += fewer[:-1] * better
        fewer = stays
    wins = _WEIGHTS * fewer.sum(axis=0)
    return Chance(float(wins.sum()), float((_LUCK * wins).sum()) / own.sd)


def bar(own: Expected, rivals: Sequence[Expected], *, winners: int) -> Bar | None:
    """The normal bar that gives the same chance, and the same growth of it; none where nothing is open."""
    if not 0 < winners <= len(rivals) or own.sd <= 0:
        return None
    probability, per_unit = chance(own, rivals, winners=winners)
    if not _SURE < probability < 1 - _SURE or per_unit * own.sd < _SURE:
        return None
    ahead = float(ndtri(probability))
    sd = math.exp(-ahead * ahead / 2) / math.sqrt(2 * math.pi) / per_unit
    return Bar(own.mean - ahead * sd, sd)
