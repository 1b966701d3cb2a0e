"""Fair comparisons beside the one at equal cost: every design at its best, or all with as many reps (design 3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np

from simlib.errors import DesignError
from simlib.org import build
from simlib.org.budget import people_budget
from simlib.runs.batch import contributions
from simlib.scenario import Scenario, vary
from simlib.scenario.designs import ROLES, resolve

SPANS = (5, 8, 12, 20)
"""Spans of control tried."""
AUTHORITY_FACTORS = (1.0, 0.5, 4.0)
"""Factors tried on the reps' authority, as stated first."""
TUNING_WORLDS = 10
_OTHER_WORLDS = 1_000_003
"""Added to the seed for tuning."""


def at_equal_heads(scenario: Scenario) -> Scenario:
    """The scenario with as many reps in every design as in the baseline; a company's own chart has those it has."""
    reps = len(build(scenario.baseline, scenario).reps)
    laid_out = [name for name, design in scenario.designs.items() if design.structure]
    return vary(scenario, {f"designs.{name}.reps": reps for name in laid_out})


def at_their_best(scenario: Scenario, *, seed: int, workers: int = 1) -> Scenario:
    """The scenario with every design at the span and the reps' authority that contribute most; a company's own chart
    keeps its span.

    They are found in worlds of their own: a design chosen in the worlds in which it is then compared would look better
    than it is. All keep the budget of the baseline as stated: tuned, it would leave the others another one.
    """
    changes: dict[str, Any] = {}
    at_budget = vary(scenario, {"costs.people_per_year": people_budget(scenario)})
    for name in scenario.designs:
        changes.update(_best(at_budget, name, seed=seed + _OTHER_WORLDS, workers=workers))
    return vary(at_budget, changes) if changes else scenario


def _best(scenario: Scenario, name: str, *, seed: int, workers: int) -> dict[str, Any]:
    """The changes that make a design contribute most; none, if none of them makes it contribute more."""

    def mean(changes: Mapping[str, Any]) -> float:
        trial = vary(scenario, changes)
        found = contributions(trial, (name,), seed=seed, replications=TUNING_WORLDS, workers=workers)
        return float(np.mean(found[name]))

    stated, *others = _choices(scenario, name)
    trials = [(mean(stated), stated)]
    for changes in others:
        try:
            trials.append((mean(changes), changes))
        except DesignError:
            continue  # a span at which the budget pays for nobody, say
    return max(trials, key=lambda trial: trial[0])[1]  # of equals the first, which is the stated one


def _choices(scenario: Scenario, name: str) -> list[dict[str, Any]]:
    """Spans times authorities, as changes of the scenario; no change, which is the design as stated, first."""
    axes = resolve(scenario.designs[name], scenario.organisation)
    authority = axes.authority or {}
    factors = AUTHORITY_FACTORS if authority.get(ROLES[0]) is not None else (1.0,)
    spans = (axes.span, *(span for span in SPANS if axes.span not in (None, span)))
    choices = []
    for span, factor in product(spans, factors):
        changes: dict[str, Any] = {} if span == axes.span else {f"designs.{name}.span": span}
        if factor != 1.0:
            changes[f"designs.{name}.authority"] = _scaled(authority, factor)
        choices.append(changes)
    return choices


def _scaled(authority: Mapping[str, float | None], factor: float) -> dict[str, float | None]:
    """Authority with the reps' multiplied; a rise lifts the whole line, so that no boss may decide less than a rep."""
    above = max(1.0, factor)
    return {
        role: None if most is None else most * (factor if role == ROLES[0] else above)
        for role, most in authority.items()
    }
