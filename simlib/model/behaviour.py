"""How effects act: pure functions, each with its equation."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simlib.org.organisation import Organisation
from simlib.scenario.schema import Focus, Market, Travel

_LEAST_SHARE = 1e-3
"""Share of work counted where a seat expects none in a cell of its scope."""


def shifted(p: float, x: float) -> float:
    """Probability p with its log-odds shifted by x: p·eˣ / (1 − p + p·eˣ); exact at p = 0, p = 1 and x = 0."""
    if x == 0.0 or p == 0.0 or p == 1.0:
        return p
    odds = p * math.exp(x)
    return odds / (1.0 - p + odds)


def knowledge(organisation: Organisation, number: int, focus: Focus, market: Market) -> NDArray[np.float64]:
    """Log-odds (at most 0) by cell of what a seat knows, from the expected share of its work in the cell's product,
    segment and region: x = exponent · Σ weight · ln(share), product weighted by its complexity (power law of practice,
    Newell and Rosenbloom 1981; hours are multiplied by e⁻ˣ). Shape of the cells, flattened."""
    cells = organisation.cells
    load = organisation.workload(number)
    total = load.sum()
    log_share = [np.log(np.maximum(load.sum(axis=tuple(o for o in range(4) if o != axis)) / total, _LEAST_SHARE)) if total else
                 np.zeros(load.shape[axis]) for axis in range(3)]  # fmt: skip
    complexity = np.array([market.product(name).complexity for name in cells.products])
    x = (
        (focus.weights.region * log_share[0])[:, None, None]
        + (focus.weights.product * complexity * log_share[1])[None, :, None]
        + (focus.weights.segment * log_share[2])[None, None, :]
    )
    return np.asarray(focus.exponent * np.broadcast_to(x[..., None], load.shape)).ravel()


def road_hours(organisation: Organisation, number: int, travel: Travel, market: Market) -> NDArray[np.float64]:
    """Hours on the road of one visit to each region from a seat: there and back, 2 · (distance + radius · √share), where
    the share is that part of the region's accounts it may be sent to (a compact area's radius grows with the root of
    its size), for the visits that are not made remotely (S4, S5, S11). Shape (regions,)."""
    position, regions = organisation.positions[number], organisation.cells.regions
    reach = max((part.reach for part in position.scope), default=1.0)
    one_way = [
        market.one_way_hours(position.home, name) + market.region(name).travel_hours.get(name, 0.0) * math.sqrt(reach)
        for name in regions
    ]
    return 2 * (1 - travel.remote_share) * np.array(one_way)
