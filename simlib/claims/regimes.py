"""Which structure is best where: a map over company size, product complexity, market volatility and distances."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simlib.errors import SimlibError
from simlib.runs.batch import contributions
from simlib.scenario import Scenario, vary
from simlib.scenario.schema import Synthetic
from simlib.scenario.wording import unknown

RESAMPLES = 2_000
_MOST_COMPLEX = 10.0


def of_size(market: Scenario, factor: float) -> dict[str, Any]:
    """Changes that make the whole company so many times as large: needs, accounts, opening deals, people and money.

    Raises SimlibError for a market whose needs are replayed from a log.
    """
    demand = market.demand
    if not isinstance(demand, Synthetic):
        raise SimlibError(f"demand.kind: got {demand.kind!r}, must be 'synthetic' for a company of another size")
    budget = market.costs.people_per_year
    changes: dict[str, Any] = {"demand.opening_pipeline": round(demand.opening_pipeline * factor)}
    if budget is None:
        changes["people.rep.count"] = max(1, round(market.people.rep.count * factor))
    else:
        changes["costs.people_per_year"] = budget * factor
    for number, cell in enumerate(demand.cells):
        changes[f"demand.cells.{number}.needs_per_week"] = cell.needs_per_week * factor
        changes[f"demand.cells.{number}.accounts"] = max(1, round(cell.account_count() * factor))
    return changes


def of_complexity(market: Scenario, factor: float) -> dict[str, Any]:
    """Changes that make every product so many times as complex."""
    return {
        f"market.products.{name}.complexity": min(spec.complexity * factor, _MOST_COMPLEX)
        for name, spec in market.market.products.items()
    }


def of_volatility(market: Scenario, log_sd_per_year: float) -> dict[str, Any]:
    """Changes that let demand drift so far in a year between regions, customer types and products."""
    return {f"demand.drift.{dimension}": log_sd_per_year for dimension in ("region", "segment", "product")}


def of_distance(market: Scenario, factor: float) -> dict[str, Any]:
    """Changes that make every way so many times as long."""
    return {
        f"market.regions.{name}.travel_hours.{other}": hours * factor
        for name, region in market.market.regions.items()
        for other, hours in region.travel_hours.items()
    }


AXES: Mapping[str, Callable[[Scenario, float], dict[str, Any]]] = {
    "size": of_size,
    "complexity": of_complexity,
    "volatility": of_volatility,
    "distance": of_distance,
}
"""What a regime map may vary; each makes changes from a number."""
GRID: Mapping[str, Sequence[float]] = {
    "size": (0.5, 1.0, 3.0),
    "complexity": (0.5, 2.0),
    "volatility": (0.0, 1.0),
    "distance": (1.0, 2.5),
}
"""Numbers tried by default: factors, and for volatility the log standard deviation after a year."""


MOST_POINTS = 500


def parsed_grid(texts: Sequence[str]) -> dict[str, tuple[float, ...]]:
    """The grid of `AXIS=A,B,…` texts; the default grid if there are none.

    Raises SimlibError for an unknown axis, something that is no number above 0 (volatility: not below), or too many
    points.
    """
    grid: dict[str, tuple[float, ...]] = {}
    for text in texts:
        axis, _, numbers = text.partition("=")
        if axis not in AXES:
            raise SimlibError(f"--vary {text}: {unknown(axis, AXES)}")
        grid[axis] = numbers_of(numbers, axis=axis, place=f"--vary {text}")
    grid = grid or {axis: tuple(values) for axis, values in GRID.items()}
    points = math.prod(len(values) for values in grid.values())
    if points > MOST_POINTS:
        raise SimlibError(f"--vary: got {points:,} points, must be at most {MOST_POINTS}; try fewer numbers")
    return grid


def numbers_of(text: str, *, axis: str, place: str) -> tuple[float, ...]:
    """`0.5,1,2` as the numbers to try on an axis.

    Raises SimlibError, at the place, for something that is no number above 0 (volatility: not below).
    """
    try:
        values = tuple(float(number) for number in text.split(","))
    except ValueError:
        raise SimlibError(f"{place}: got {text!r}, must be numbers parted by commas") from None
    least = 0.0 if axis == "volatility" else 0.01
    wrong = [value for value in values if not least <= value <= 100]
    if wrong:
        raise SimlibError(f"{place}: got {wrong[0]:g}, must be from {least:g} to 100")
    return values


@dataclass(frozen=True)
class Best:
    """The best design of a point, and how certain that is."""

    design: str
    certainty: float
    """Share of resampled sets of worlds in which its mean contribution is higher than that of every other."""
    lead: float
    """Mean contribution ahead of the second."""


def regime_map(
    market: Scenario, grid: Mapping[str, Sequence[float]], *, seed: int, replications: int, workers: int = 1
) -> Iterator[dict[str, Any]]:
    """For every point of a grid, in turn, the best of the market's designs: the point's numbers, design, certainty,
    lead, and the mean contribution of each design as `mean DESIGN`."""
    for point in product(*grid.values()):
        changes: dict[str, Any] = {}
        for axis, value in zip(grid, point, strict=True):
            changes |= AXES[axis](market, value)
        found = contributions(
            vary(market, changes), tuple(market.designs), seed=seed, replications=replications, workers=workers
        )
        best = best_of({name: np.array(values) for name, values in found.items()}, seed=seed)
        means = {f"mean {name}": float(np.mean(values)) for name, values in found.items()}
        yield {**dict(zip(grid, point, strict=True)), **vars(best), **means}


def best_of(contribution: Mapping[str, NDArray[np.float64]], *, seed: int) -> Best:
    """The design with the highest mean over the same worlds, by design an array over worlds.

    Certainty by the bootstrap over worlds (Efron 1979), all designs resampled together.
    """
    names = list(contribution)
    values = np.stack([contribution[name] for name in names])
    means = values.mean(axis=1)
    ranked = np.argsort(-means, kind="stable")
    worlds = np.random.default_rng(seed).integers(0, values.shape[1], (RESAMPLES, values.shape[1]))
    resampled = values[:, worlds].mean(axis=2)
    others = np.delete(resampled, ranked[0], axis=0).max(axis=0, initial=-np.inf)
    lead = float(means[ranked[0]] - means[ranked[1]]) if len(names) > 1 else 0.0
    return Best(names[ranked[0]], float((resampled[ranked[0]] > others).mean()), lead)
