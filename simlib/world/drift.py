"""Demand moves: the rates of regions, customer types and products walk, while the expected total stays (S1, S2, S9).

Every value of a dimension has a random walk of its own in the logarithm of its weight, one step a day, from zero at
time zero: what the planner knew when the organisation was laid out.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from simlib.scenario.schema import DemandCell, Synthetic
from simlib.units import DAYS_PER_YEAR
from simlib.world.draws import Dice, child_keys, key

Floats = NDArray[np.float64]


def rate_factors(demand: Synthetic, dice: Dice, days: int) -> Floats:
    """Factor of the rate of each demand cell on each day, shape (cells, days): e^(walk of the region + walk of the
    segment), over its mean weighted by the stated rates, so that needs move and their expected total does not."""
    if not demand.drift.region and not demand.drift.segment:
        return np.ones((len(demand.cells), days))
    walks = np.stack([
        walk(dice, "region", cell.region, demand.drift.region, days)
        + walk(dice, "segment", cell.segment, demand.drift.segment, days)
        for cell in demand.cells
    ])  # fmt: skip
    weights = np.exp(walks)
    rates = np.array([cell.needs_per_week for cell in demand.cells])
    return np.asarray(weights * rates.sum() / (rates @ weights))


def product_shares(cell: DemandCell, demand: Synthetic, dice: Dice, days: int) -> Floats:
    """Cumulative shares of a cell's products on each day, shape (days, products); one row where they never change."""
    weights = np.array(list(cell.products.values()))
    if demand.drift.product:
        walks = [walk(dice, "product", name, demand.drift.product, days) for name in cell.products]
        weights = weights * np.exp(np.stack(walks, axis=1))
    weights = np.atleast_2d(weights)
    return np.asarray(np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True))


def walk(dice: Dice, dimension: str, name: str, per_year: float, days: int) -> Floats:
    """A random walk in log weight; standard deviation `per_year` after a year."""
    if not per_year:
        return np.zeros(days)
    steps = ndtri(dice.column(child_keys(key("drift", dimension, name), np.arange(days)), "drift"))
    return np.concatenate([[0.0], np.cumsum(steps)[:-1]]) * per_year / math.sqrt(DAYS_PER_YEAR)


def on_day(shares: Floats, day: NDArray[np.int64], u: Floats) -> NDArray[np.int64]:
    """The product that a uniform number chooses by the cumulative shares of its day."""
    rows = np.minimum(day, len(shares) - 1)
    return np.asarray(np.minimum((shares[rows] <= u[:, None]).sum(axis=1), shares.shape[1] - 1))
