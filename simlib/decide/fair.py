"""Fair comparisons beside the one at equal cost: every design at its best, or all with as many reps (design 3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np

from simlib.errors import DesignError
from simlib.org import build
from simlib.runs.batch import contributions
from simlib.scenario import Scenario, vary
from simlib.scenario.designs import ROLES, resolve

SPANS = (5, 8, 12, 20)
"""Spans of control tried."""
AUTHORITY_FACTORS = (0.5, 1.0, 4.0)
"""Factors tried on the reps' authority."""
TUNING_WORLDS = 10
_OTHER_WORLDS = 1_000_003
"""Added to the seed for tuning."""


def at_equal_heads(scenario: Scenario) -> Scenario:
    """The scenario with as many reps in every design as in the baseline."""
    reps = len(build(scenario.baseline, scenario).reps)
    return vary(scenario, {f"designs.{name}.reps": reps for name in scenario.designs})


def at_their_best(scenario: Scenario, *, seed: int, workers: int = 1) -> Scenario:
    """The scenario with every design at the span and the reps' authority that contribute most.

    They are found in worlds of their own: a design chosen in the worlds in which it is then compared would look better
    than it is.
    """
    changes: dict[str, Any] = {}
    for name in scenario.designs:
        changes.update(_best(scenario, name, seed=seed + _OTHER_WORLDS, workers=workers))
    return vary(scenario, changes)


def _best(scenario: Scenario, name: str, *, seed: int, workers: int) -> dict[str, Any]:
    trials: list[tuple[float, dict[str, Any]]] = []
    for changes in _choices(scenario, name):
        try:
            found = contributions(
                vary(scenario, changes), (name,), seed=seed, replications=TUNING_WORLDS, workers=workers
            )
        except DesignError:
            continue
        trials.append((float(np.mean(found[name])), changes))
    return max(trials, key=lambda trial: trial[0])[1]


def _choices(scenario: Scenario, name: str) -> list[dict[str, Any]]:
    """Spans times authorities, the design as stated first."""
    axes = resolve(scenario.designs[name], scenario.organisation)
    authority: Mapping[str, float | None] = axes.authority or {}
    own = authority.get(ROLES[0])
    limits = [own] if own is None else [own * factor for factor in AUTHORITY_FACTORS]
    spans = (axes.span, *(span for span in SPANS if span != axes.span))
    return [
        {f"designs.{name}.span": span, f"designs.{name}.authority": {**authority, ROLES[0]: limit}}
        for span, limit in product(spans, limits)
    ]
