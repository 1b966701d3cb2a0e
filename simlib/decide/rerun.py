"""Break-even by reruns: how wrong must an input be for the best challenger and the baseline to change places?"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd

from simlib.decide.breakeven import MONEY_PATHS, Estimate, break_even
from simlib.decide.compare import Comparison
from simlib.errors import DesignError, ScenarioError
from simlib.measure.precision import paired_interval
from simlib.runs.batch import contributions
from simlib.runs.results import Results
from simlib.scenario import Scenario, value_at, vary
from simlib.world.doubt import DOUBTED

FACTORS = (0.5, 2.0)
"""Half and double: an input that must be more wrong than that is safe enough."""


def challenger(comparison: Comparison) -> str | None:
    """The best design beside the baseline, by the judged figure's mean; None if there is no other."""
    figures = comparison.figures
    others = figures[(figures["metric"] == comparison.figure) & (figures["design"] != comparison.baseline)]
    return str(others.sort_values("mean", ascending=False)["design"].iloc[0]) if len(others) else None


def break_even_by_rerun(
    results: Results,
    comparison: Comparison,
    *,
    worlds: int,
    workers: int = 1,
    progress: Callable[[str], object] | None = None,
) -> pd.DataFrame:
    """For every input graded expert or guess, but those of `MONEY_PATHS`, the factors at which the two change places.

    The two meet `worlds` worlds again, without other doubt, with the input at half and at double. `progress` is called
    with each path before its reruns. Returns design, path, nominal, factor_low, factor_high (NaN: at neither).
    """
    columns = ["design", "path", "nominal", "factor_low", "factor_high"]
    best = challenger(comparison)
    if best is None:
        return pd.DataFrame(columns=columns)
    stated = vary(results.scenario, {"compare.doubt": "none"})
    paths = [
        path for path, evidence in stated.evidence.items() if evidence.grade in DOUBTED and _scalable(stated, path)
    ]

    def estimate(scenario: Scenario) -> Estimate:
        pair = contributions(
            scenario, (best, comparison.baseline), seed=results.seed, replications=worlds, workers=workers
        )
        found = paired_interval(np.array(pair[best]), np.array(pair[comparison.baseline]))
        return found.mean, found.low, found.high

    def difference(path: str, factor: float) -> Estimate | None:
        if progress:
            progress(path)
        try:
            return estimate(vary(stated, {path: value_at(stated, path) * factor}))
        except (ScenarioError, DesignError):
            return None  # the scenario forbids it: a share above 1, say

    found = break_even(difference, paths, at_one=estimate(stated), ladder=FACTORS) if paths else ()
    rows = [(best, one.path, value_at(stated, one.path), one.below or math.nan, one.above or math.nan) for one in found]
    return pd.DataFrame(rows, columns=columns)


def _scalable(scenario: Scenario, path: str) -> bool:
    value = value_at(scenario, path)
    return isinstance(value, float) and value != 0.0 and path not in MONEY_PATHS
