"""Break-even by reruns: how wrong must an input be for the best challenger and the baseline to change places?"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd

from simlib.decide.breakeven import MONEY_PATHS, BreakEven, Estimate, break_even
from simlib.decide.compare import Comparison
from simlib.errors import DesignError, ScenarioError
from simlib.measure.figures import better_direction
from simlib.measure.precision import paired_interval
from simlib.odds import shifted
from simlib.runs.batch import contributions
from simlib.runs.results import Results
from simlib.scenario import Scenario, value_at, vary
from simlib.scenario.vary import is_share
from simlib.world.doubt import DOUBTED

FACTORS = (0.5, 2.0)
"""Half and double: an input that must be more wrong than that is safe enough."""
COLUMNS = ["design", "path", "nominal", "factor_low", "factor_high", "possible_low", "possible_high"]


def challenger(comparison: Comparison) -> str | None:
    """The best design beside the baseline: highest mean of the judged figure, lowest where less is better; None if
    there is no other."""
    figures = comparison.figures
    others = figures[(figures["metric"] == comparison.figure) & (figures["design"] != comparison.baseline)]
    lower = better_direction(comparison.figure) == "lower"
    return str(others.sort_values("mean", ascending=lower, kind="stable")["design"].iloc[0]) if len(others) else None


def break_even_by_rerun(
    results: Results,
    comparison: Comparison,
    *,
    worlds: int,
    workers: int = 1,
    progress: Callable[[str], object] | None = None,
) -> pd.DataFrame:
    """For every input graded expert or guess, but those of `MONEY_PATHS`, the factors at which the two change places.

    The two meet `worlds` worlds again, without other doubt, with the input at half and at double; of a share it is the
    odds that are halved and doubled, so that it remains a share. `progress` is called with each path before its reruns.
    Returns design, path, nominal, factor_low, factor_high (NaN: no change of places) and possible_low, possible_high:
    False where the scenario forbids the factor, so that nothing was searched.
    """
    best = challenger(comparison)
    if best is None:
        return pd.DataFrame(columns=COLUMNS)
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
        value = _scaled(stated, path, factor)
        if value is None:
            return None
        try:
            return estimate(vary(stated, {path: value}))
        except (ScenarioError, DesignError):
            return None  # the scenario forbids it: a budget that pays for nobody, say

    found = break_even(difference, paths, at_one=estimate(stated), ladder=FACTORS) if paths else ()
    rows = [(best, one.path, value_at(stated, one.path), *_ends(one)) for one in found]
    return pd.DataFrame(rows, columns=COLUMNS)


def _ends(found: BreakEven) -> tuple[float, float, bool, bool]:
    tried = [point[0] for point in found.points]
    return (
        math.nan if found.below is None else found.below,
        math.nan if found.above is None else found.above,
        found.below is not None or min(tried) < 1,
        found.above is not None or max(tried) > 1,
    )


def _scaled(scenario: Scenario, path: str, factor: float) -> float | None:
    """The value times the factor; of a share, its odds times the factor. None for a share of 1, which has no odds."""
    value = float(value_at(scenario, path))
    if not is_share(scenario, path):
        return value * factor
    return None if value == 1.0 else shifted(value, math.log(factor))


def _scalable(scenario: Scenario, path: str) -> bool:
    value = value_at(scenario, path)
    return isinstance(value, float) and value != 0.0 and path not in MONEY_PATHS
