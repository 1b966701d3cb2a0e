"""How wrong must an input be for the other design to come out ahead?

Two ways: by reruns at several factors of any number (`break_even`), and by a closed formula for the
numbers that enter contribution linearly (`money_break_even`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from simlib.errors import SimlibError

Estimate = tuple[float, float, float]
"""Mean, low and high of a difference between two designs."""

LADDER = (0.5, 0.71, 1.41, 2.0)
"""Half and double, with a step about √2 on the way."""


MONEY_PATHS = (
    *("costs.margin", "costs.visit_hour", "costs.unsound_loss_share"),
    *("costs.marketing_per_lead", "costs.tools_per_head_per_year", "costs.training_per_head_per_year"),
)
"""Parameters that enter contribution linearly: their break-even needs no rerun."""


@dataclass(frozen=True)
class BreakEven:
    """Where the mean difference changes sign when one input is multiplied by a factor."""

    path: str
    below: float | None
    """Nearest factor up to 1 at which it does; None if it does at none of those tried."""
    above: float | None
    """Nearest factor from 1 upwards at which it does; None if it does at none of those tried."""
    points: tuple[tuple[float, float, float, float], ...]
    """Factors tried, rising, factor 1 included: factor, mean, low, high."""

    @property
    def holds(self) -> bool:
        """Whether the same design stays ahead at every factor tried."""
        return self.below is None and self.above is None

    def __str__(self) -> str:
        if self.holds:
            return f"{self.path}: holds from x{self.points[0][0]:g} to x{self.points[-1][0]:g}"
        flips = [f"x{factor:.3g}" for factor in (self.below, self.above) if factor is not None]
        return f"{self.path}: flips at {' and '.join(dict.fromkeys(flips))}"


@dataclass(frozen=True)
class MoneyBreakEven:
    """The factor of a money parameter at which two designs contribute the same."""

    path: str
    factor: float | None
    """None if no factor of 0 or more makes them equal."""


def break_even(
    difference: Callable[[str, float], Estimate | None],
    paths: Sequence[str],
    *,
    at_one: Estimate,
    ladder: Sequence[float] = LADDER,
) -> tuple[BreakEven, ...]:
    """For each input, the factor at which the mean difference crosses zero.

    `difference(path, factor)` reruns both designs, over the same worlds as `at_one` (the difference as things
    are stated), with the number at `path` multiplied by `factor`; None where the scenario forbids the product (a
    probability above 1), which ends that side. From 1 outwards on each side, the first change of sign ends the
    search; between the two factors around it the mean is taken as linear in the logarithm of the factor.
    What lies between two factors without a change of sign is not searched.

    Raises SimlibError for a factor that is not positive, or an undefined difference.
    """
    for factor in ladder:
        if not (math.isfinite(factor) and factor > 0):
            raise SimlibError(f"ladder: got {factor}, each factor must be above 0")
    down = sorted((factor for factor in ladder if factor < 1), reverse=True)
    up = sorted(factor for factor in ladder if factor > 1)
    start = (1.0, *_defined(at_one, "as stated"))
    found = []
    for path in paths:
        below, lower = _walk(difference, path, start=start, factors=down)
        above, upper = _walk(difference, path, start=start, factors=up)
        found.append(BreakEven(path, below, above, (*reversed(lower), start, *upper)))
    return tuple(found)


def _walk(
    difference: Callable[[str, float], Estimate | None],
    path: str,
    *,
    start: tuple[float, float, float, float],
    factors: Sequence[float],
) -> tuple[float | None, list[tuple[float, float, float, float]]]:
    points: list[tuple[float, float, float, float]] = []
    if start[1] == 0:
        return 1.0, points
    last_factor, last_mean = start[0], start[1]
    for factor in factors:
        estimate = difference(path, factor)
        if estimate is None:
            break
        mean, low, high = _defined(estimate, f"{path} x {factor:g}")
        points.append((factor, mean, low, high))
        if mean == 0 or (mean > 0) != (last_mean > 0):
            share = last_mean / (last_mean - mean)
            return last_factor * (factor / last_factor) ** share, points
        last_factor, last_mean = factor, mean
    return None, points


def _defined(estimate: Estimate, place: str) -> Estimate:
    if not math.isfinite(estimate[0]):
        raise SimlibError(f"difference {place}: got a mean of {estimate[0]}, must be a number; run at least one world")
    return estimate


def money_break_even(means: Mapping[str, float], baseline_means: Mapping[str, float]) -> tuple[MoneyBreakEven, ...]:
    """Factors of margin and cost rates at which a design and the baseline contribute the same: exact, without a rerun.

    Contribution is a sum in which each such parameter has its own term T, so f times the parameter changes the
    difference D to D + (f - 1) ΔT, which is zero at f = 1 - D/ΔT. The terms: margin × value of deals
    won (which is contribution + selling cost + losses + discounts), - travel, - losses, - marketing, - tools, -
    training. Exact as long as nobody's behaviour or pay depends on these parameters.

    Takes the mean figures of the two designs by name; SimlibError if one is missing.
    """
    delta = {metric: _mean(means, metric) - _mean(baseline_means, metric) for metric in _MONEY_FIGURES}
    terms = {
        "costs.margin": delta["contribution"] + delta["selling_cost"] + delta["loss_unsound"] + delta["discounts"],
        "costs.visit_hour": -delta["cost_travel"],
        "costs.unsound_loss_share": -delta["loss_unsound"],
        "costs.marketing_per_lead": -delta["cost_marketing"],
        "costs.tools_per_head_per_year": -delta["cost_tools"],
        "costs.training_per_head_per_year": -delta["cost_training"],
    }
    return tuple(MoneyBreakEven(path, _factor(delta["contribution"], terms[path])) for path in MONEY_PATHS)


_MONEY_FIGURES = (
    *("contribution", "selling_cost", "loss_unsound", "discounts"),
    *("cost_travel", "cost_marketing", "cost_tools", "cost_training"),
)


def _mean(means: Mapping[str, float], metric: str) -> float:
    if metric not in means:
        raise SimlibError(f"means: got no {metric}, must hold {', '.join(_MONEY_FIGURES)}")
    return means[metric]


def _factor(difference: float, term: float) -> float | None:
    if term == 0:
        return None
    factor = 1 - difference / term
    return factor if factor >= 0 else None
