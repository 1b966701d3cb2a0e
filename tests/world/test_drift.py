"""Demand moves between cells: as far as stated, with the total unmoved, and not at all by default."""

import numpy as np
import pytest

from simlib.scenario import vary
from simlib.world import draw_world
from simlib.world.draws import Dice
from simlib.world.drift import on_day, product_shares, rate_factors
from tests.worlds import small


def drifting(**by):
    """The small market with drift by dimension."""
    return vary(small(), {f"demand.drift.{dimension}": value for dimension, value in by.items()})


def test_without_drift_every_factor_is_one():
    """And the shares of products are those stated, whatever the day."""
    demand = small().demand
    assert (rate_factors(demand, Dice(1, 0), 50) == 1.0).all()
    assert product_shares(demand.cells[0], demand, Dice(1, 0), 50) == pytest.approx(np.array([[0.6, 1.0]]))


def test_the_total_rate_stays_while_cells_move():
    """By stated rates the factors average one on every day; at time zero each is one."""
    demand = drifting(region=1.0, segment=0.5).demand
    factors = rate_factors(demand, Dice(4, 0), 200)
    rates = np.array([cell.needs_per_week for cell in demand.cells])
    assert rates @ factors == pytest.approx(rates.sum())
    assert factors[:, 0] == pytest.approx(1.0)
    assert factors[:, -1].std() > 0.1


def test_log_weights_spread_as_far_as_stated():
    """The difference of two regions' log weights after a year is normal of variance 2·sd²: over 400 worlds its mean
    square lies in the 99.9% interval of the chi-squared law (±23%)."""
    demand = drifting(region=0.7).demand
    ends = [np.log(rate_factors(demand, Dice(seed, 0), 366)[[0, 2], -1]) for seed in range(400)]
    squares = np.mean([(one - other) ** 2 for one, other in ends])
    assert squares == pytest.approx(2 * 0.7**2, rel=0.24)


def test_products_are_drawn_by_the_shares_of_their_day():
    """A number below the share of the first product on its day chooses it."""
    shares = np.array([[0.5, 1.0], [0.1, 1.0]])
    chosen = on_day(shares, np.array([0, 1, 1, 7]), np.array([0.3, 0.3, 0.05, 0.3]))
    assert chosen.tolist() == [0, 1, 0, 1]


def test_drift_of_one_dimension_leaves_the_others_luck():
    """Products drift: the same needs at the same instants, some for another product."""
    still, moved = (draw_world(scenario, seed=2, replication=0).needs for scenario in (small(), drifting(product=2.0)))
    assert (still.keys == moved.keys).all()
    assert (still.at_h == moved.at_h).all()
    assert (still.gate_u == moved.gate_u).all()
    assert (still.product != moved.product).any()
