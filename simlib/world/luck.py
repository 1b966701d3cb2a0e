"""A customer's luck at a stage: the gate's number, the hours that the work takes, the customer's own delay.

The first time it stands in the table of needs (`demand.py`); a deal that comes back to a stage meets new luck, drawn
by the need, the stage and the round alone, so that it is the same in every organisation.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from simlib.scenario.schema import MOST_STAGES, Scenario, Stage
from simlib.units import HOURS_PER_DAY, on_grid
from simlib.world.draws import Dice

GATE, EFFORT, DELAY = "gate", "effort", "customer delay"
"""Purposes of the draws."""


class Luck(NamedTuple):
    """What is drawn for a need at one stage."""

    gate_u: float
    effort_h: float
    delay_h: float


def luck_again(scenario: Scenario, dice: Dice, need: int, stage: int, rounds: int) -> Luck:
    """The luck of a need (its key) at a stage after it was sent back `rounds` times."""
    spec, number = scenario.stages[stage], stage + rounds * MOST_STAGES
    effort = spec.effort_hours * unit_gamma(np.array([dice.draw(need, EFFORT, number)]), spec.effort_scv)[0]
    delay = -math.log1p(-dice.draw(need, DELAY, number)) * mean_delay_h(scenario, spec)
    return Luck(dice.draw(need, GATE, number), float(on_grid(effort)), float(on_grid(delay)))


def mean_delay_h(scenario: Scenario, stage: Stage) -> float:
    """Mean of the customer's delay after a stage, in calendar hours."""
    return stage.customer_delay_days * HOURS_PER_DAY * scenario.market.customer_delay_factor


def unit_gamma(u: NDArray[np.float64], scv: float) -> NDArray[np.float64]:
    """Gamma of mean 1 and squared coefficient of variation `scv`, by inversion."""
    if scv == 0.0:
        return np.ones_like(u)
    if scv == 1.0:
        return -np.log1p(-u)
    return np.asarray(gammaincinv(1 / scv, u) * scv)
