"""What we do not know: a world also draws the parameters whose evidence is an expert's word or a guess.

More replications shrink the error of the dice, not ignorance; with doubt drawn into the worlds, the
interval of a comparison holds both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from scipy.special import ndtri

from simlib.errors import ScenarioError
from simlib.scenario.kinds import bounds_at
from simlib.scenario.paths import locate
from simlib.scenario.schema import Evidence, Scenario
from simlib.scenario.vary import value_at, vary
from simlib.world.draws import Dice, key

DOUBTED = {"expert": 1.25, "guess": 1.6}
"""Grades whose parameters are drawn, and the factor from the stated value to either end of its 90% range (for a
share: of its odds) where the scenario gives no range. A convention, graded guess itself."""
CHOSEN = (
    "calendar",
    "compare",
    "organisation",
    "designs",
    "plans",
    "targets",
    "people.rep.count",
    "costs.people_per_year",
    "market.size_bands",
)
"""What lies here is never drawn, whatever its grade: it is the user's question, or what organisations are laid out
from, and who plans does not know the world. Evidence on it only documents."""
_SHARE: tuple[float, float] = (0.0, 1.0)
"""The schema's bounds of a share."""
_NORMAL_95 = 1.6448536269514722
_INSET = 1e-9
"""Part of the way from a bound of the schema to the stated value that a draw keeps from that bound, which may itself
be forbidden."""
_LARGEST_EXPONENT = 600.0
"""Of e; more is beyond any bound, and would overflow."""


class _Range(NamedTuple):
    """Stated value and ends of the 90% range, both inside the schema's bounds."""

    stated: float
    low: float
    high: float
    bounds: tuple[float, float]


def drawn_paths(scenario: Scenario) -> tuple[str, ...]:
    """Paths of the parameters that every world draws, in the order of the evidence."""
    return tuple(_ranges(scenario))


def doubted(scenario: Scenario, dice: Dice) -> Scenario:
    """The scenario with its doubtful parameters drawn; unchanged where `compare.doubt` is `none`.

    Where a draw would break a rule between parameters, that parameter stays as stated.
    """
    changes = {
        path: _drawn(doubt, float(ndtri(dice.draw(key("parameter", path), "doubt"))))
        for path, doubt in _ranges(scenario).items()
    }
    if not changes:
        return scenario
    try:
        return vary(scenario, changes)
    except ScenarioError:
        return _as_far_as_allowed(scenario, changes)


def _as_far_as_allowed(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    for path, value in changes.items():
        try:
            scenario = vary(scenario, {path: value})
        except ScenarioError:
            continue
    return scenario


def _ranges(scenario: Scenario) -> dict[str, _Range]:
    """By path, what is drawn: graded so, a real number that is the world's, with room on one side at least."""
    if scenario.compare.doubt == "none":
        return {}
    found: dict[str, _Range] = {}
    for path, evidence in scenario.evidence.items():
        value = value_at(scenario, path)
        if evidence.grade not in DOUBTED or _is_chosen(path) or not isinstance(value, float):
            continue
        lowest, highest = bounds_at(Scenario, locate(scenario, path), scenario)
        bounds = (-math.inf if lowest is None else lowest, math.inf if highest is None else highest)
        doubt = _range(value, evidence, bounds)
        if not doubt.low == value == doubt.high:
            found[path] = doubt
    return found


def _is_chosen(path: str) -> bool:
    return any(path == prefix or path.startswith(prefix + ".") for prefix in CHOSEN)


def _range(stated: float, evidence: Evidence, bounds: tuple[float, float]) -> _Range:
    """Each end as the evidence states it, else by the grade; a value without scale (0, or a share of 1) has no end by
    its grade and stays on that side."""
    factor = DOUBTED[evidence.grade]
    if bounds != _SHARE:
        ends = sorted((stated / factor, stated * factor))
    elif 0.0 < stated < 1.0:
        ends = [_share(_odds(stated) / factor), _share(_odds(stated) * factor)]
    else:
        ends = [stated, stated]
    low = ends[0] if evidence.low is None else evidence.low
    high = ends[1] if evidence.high is None else evidence.high
    return _Range(stated, _within(low, bounds), _within(high, bounds), bounds)


def _drawn(doubt: _Range, z: float) -> float:
    """The value at standard normal z: the stated one at 0, the ends of its range at -1.645 and 1.645, and beyond them
    in the same manner up to the schema's bounds.

    By the logarithm of the value (of a share: of its odds); linear where that has no logarithm.
    """
    stated, end = doubt.stated, doubt.low if z < 0 else doubt.high
    steps = abs(z) / _NORMAL_95
    if doubt.bounds == _SHARE and 0.0 < stated < 1.0 and 0.0 < end < 1.0:
        drawn = _share(_scaled(_odds(stated), _odds(end), steps))
    elif doubt.bounds != _SHARE and stated * end > 0.0:
        drawn = _scaled(stated, end, steps)
    else:
        drawn = stated + (end - stated) * steps
    lowest, highest = doubt.bounds
    nearest = (
        lowest + _INSET * (stated - lowest) if math.isfinite(lowest) else lowest,
        highest - _INSET * (highest - stated) if math.isfinite(highest) else highest,
    )
    return _within(drawn, nearest)


def _scaled(stated: float, end: float, steps: float) -> float:
    exponent = (math.log(abs(end)) - math.log(abs(stated))) * steps
    return stated * math.exp(min(exponent, _LARGEST_EXPONENT))


def _within(value: float, bounds: tuple[float, float]) -> float:
    return min(max(value, bounds[0]), bounds[1])


def _odds(share: float) -> float:
    return share / (1 - share)


def _share(odds: float) -> float:
    return 1.0 if math.isinf(odds) else odds / (1 + odds)
