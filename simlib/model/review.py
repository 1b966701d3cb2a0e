"""Capacity follows demand: a review of who serves whom, decided through the layers, with its lag and its cost (S1, S9).

At each review the firm compares the leads seen in every cell with what it expected. The report climbs the line and is
distorted at each layer; the decision comes back after days for each layer; then those move whom the new division
moves, and the calls to come are theirs.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from simlib.model.clock import ARRIVAL, Life, Moment, live
from simlib.model.firm import Firm
from simlib.model.selling import arrivals
from simlib.org.organisation import Organisation
from simlib.org.review import redivided
from simlib.scenario.mechanisms import Review
from simlib.units import HOURS_PER_DAY, on_grid
from simlib.world.draws import child_keys, key

Floats = NDArray[np.float64]


def reviews(firm: Firm, review: Review, every_days: float) -> Life:
    """Review after review, until the firm is organised in another way; one is decided before the next begins."""
    env, number, organisation = firm.env, 0, firm.organisation
    layers = max(len(organisation.line(rep)) for rep in organisation.reps) - 1
    lag_h = float(on_grid(review.days_per_layer * layers * HOURS_PER_DAY))
    every_h = float(on_grid(every_days * HOURS_PER_DAY))
    expected = organisation.cells.needs_per_week
    while True:
        yield Moment(env, env.now + every_h, ARRIVAL - 1)
        if firm.organisation is not organisation:
            return
        number += 1
        seen = _reported(firm, review, layers, number)
        if seen.sum():
            expected = (1 - review.weight) * expected + review.weight * expected.sum() * seen / seen.sum()
        if lag_h:
            yield Moment(env, env.now + lag_h, ARRIVAL - 1)
        if firm.organisation is not organisation:
            return
        new = redivided(firm.assigned.organisation, firm.world.scenario, expected)
        if new is not None:
            adopt(firm, new)


def _reported(firm: Firm, review: Review, layers: int, number: int) -> Floats:
    """Leads seen by cell since the last review, as they arrive at the top: each layer's error multiplies by e^(σ·z)."""
    seen = np.array(firm.seen, dtype=float).reshape(firm.organisation.cells.needs_per_week.shape)
    firm.seen[:] = [0] * len(firm.seen)
    if not review.distortion_per_layer or not layers:
        return seen
    reports = child_keys(key("report", number), np.arange(seen.size))
    error = ndtri(firm.world.dice.column(reports, "distortion")).reshape(seen.shape)
    return np.asarray(seen * np.exp(error * review.distortion_per_layer * sqrt(layers)))


def adopt(firm: Firm, new: Organisation) -> None:
    """From now on the customers are divided as in `new`; a seller who changes place keeps the deals in hand."""
    divided = firm.assigned
    before = divided.organisation
    firm.assign(new)
    firm.assigned.go_on_from(divided)
    firm.seat(new)
    firm.back(new)
    live(arrivals(firm))
    for rep in before.reps:
        if before.positions[rep].unit != new.positions[rep].unit:
            firm.ask_to_move(rep)
