"""What we do not know: a world also draws the parameters whose evidence is an expert's word or a guess.

More replications shrink the error of the dice, not ignorance; with doubt drawn into the worlds, the
interval of a comparison holds both.
"""

from __future__ import annotations

import math
from typing import Any

from scipy.special import ndtri

from simlib.scenario.schema import Evidence, Scenario
from simlib.scenario.vary import is_share, value_at, vary
from simlib.world.draws import Dice, key

DOUBTED = {"expert": 1.25, "guess": 1.6}
"""Grades whose parameters are drawn, and the factor from the stated value to either end of its 90% range (for a
share: of its odds) where the scenario gives no range. A convention, graded guess itself."""
_NORMAL_95 = 1.6448536269514722


def doubted(scenario: Scenario, dice: Dice) -> Scenario:
    """The scenario with its doubtful parameters drawn; unchanged where `compare.doubt` is `none`."""
    if scenario.compare.doubt == "none":
        return scenario
    changes: dict[str, Any] = {}
    for path, evidence in scenario.evidence.items():
        value = value_at(scenario, path)
        if evidence.grade in DOUBTED and isinstance(value, float) and value != 0.0:
            z = float(ndtri(dice.draw(key("parameter", path), "doubt")))
            changes[path] = _drawn(value, evidence, z, share=is_share(scenario, path))
    return vary(scenario, changes) if changes else scenario


def _drawn(value: float, evidence: Evidence, z: float, *, share: bool) -> float:
    """The value at standard normal z: the stated one at 0, the ends of its range at -1.645 and 1.645; log-linear
    between and beyond, linear where a sign changes."""
    if share and not 0.0 < value < 1.0:
        return value
    stated = _odds(value) if share else value
    end = evidence.low if z < 0 else evidence.high
    limit = _limit(stated, evidence.grade, z) if end is None else _odds(end) if share else end
    steps = abs(z) / _NORMAL_95
    drawn: float = stated * (limit / stated) ** steps if limit * stated > 0 else stated + (limit - stated) * steps
    return drawn / (1 + drawn) if share else drawn


def _limit(stated: float, grade: str, z: float) -> float:
    """End of the default range of a grade, on the side of z."""
    return float(stated * DOUBTED[grade] ** math.copysign(1.0, z))


def _odds(share: float) -> float:
    return share / (1 - share)
