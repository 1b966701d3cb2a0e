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
    """Log-odds (at most 0) by cell of what a seat knows. Shape of the cells, flattened.

    From the expected share of its work in the cell's product, segment and region: x = exponent · Σ weight · ln(share),
    product weighted by its complexity (power law of practice, Newell and Rosenbloom 1981). Hours are multiplied by e⁻ˣ.
    """
    cells = organisation.cells
    load = organisation.workload(number)
    log_share = [_log_shares(load, axis) for axis in range(3)]
    complexity = np.array([market.product(name).complexity for name in cells.products])
    x = (
        (focus.weights.region * log_share[0])[:, None, None]
        + (focus.weights.product * complexity * log_share[1])[None, :, None]
        + (focus.weights.segment * log_share[2])[None, None, :]
    )
    return np.asarray(focus.exponent * np.broadcast_to(x[..., None], load.shape)).ravel()


def _log_shares(load: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """Logarithm of the share of a load along one axis of the cells; zero for a seat that serves nobody."""
    total = load.sum()
    if not total:
        return np.zeros(load.shape[axis])
    shares = load.sum(axis=tuple(other for other in range(load.ndim) if other != axis)) / total
    return np.asarray(np.log(np.maximum(shares, _LEAST_SHARE)))


def road_hours(organisation: Organisation, number: int, travel: Travel, market: Market) -> NDArray[np.float64]:
    """Hours on the road of one visit to each region from a seat (S4, S5, S11). Shape (regions,).

    There and back, 2 · (distance + radius · √share), for the visits that are not made remotely; the share is that part
    of a region's accounts to which the seat may be sent (a compact area's radius grows with the root of its size).
    """
    position, regions = organisation.positions[number], organisation.cells.regions
    reach = max((part.reach for part in position.scope), default=1.0)
    one_way = [
        market.one_way_hours(position.home, name) + market.region(name).travel_hours.get(name, 0.0) * math.sqrt(reach)
        for name in regions
    ]
    return 2 * (1 - travel.remote_share) * np.array(one_way)
