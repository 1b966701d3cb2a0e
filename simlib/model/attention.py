"""What somebody does next, and how hours are shared: by what an hour brings to oneself, and a little to the firm."""

from __future__ import annotations

import math
from collections.abc import Sequence


def index(own_pay: float, *, company_value: float, discipline: float, hours: float) -> float:
    """Rank of a task, the highest is done first: (own expected pay + discipline · company value) / hours.

    Reward over time is the order that collects most in limited hours (Smith 1956, Naval Research Logistics Quarterly 3;
    the index of a task that is done without a break). `discipline`: weight of the firm's money beside one's own, 0 =
    looks only at the pay; it comes from coaching. `hours`: expected, of what is left to do; 0 = done at once.
    """
    gain = own_pay + discipline * company_value
    if hours <= 0:
        return math.copysign(math.inf, gain) if gain else 0.0
    return gain / hours


def shared(budget: float, *, productivities: Sequence[float], elasticity: float) -> list[float]:
    """Effort by segment (account, product, new or existing customers) that brings most: xᵢ ∝ kᵢ^(1/(1−b)).

    Maximises Σ kᵢ·xᵢᵇ with Σ xᵢ = `budget`; at the optimum every segment's last hour brings the same (Mantrala, Sinha
    and Zoltners 1992, Journal of Marketing Research 29; b about .34, Albers, Mantrala and Sridhar 2010, JMR 47).
    `productivities` kᵢ, at least 0: own expected pay, with discipline times the firm's value. At b = 0, the limit, in
    proportion to kᵢ; at b = 1 all to the most productive, evenly among equals. If nothing brings anything, evenly.
    """
    most = max(productivities)
    if most <= 0:
        return [budget / len(productivities)] * len(productivities)
    power = 1 / (1 - elasticity) if elasticity < 1 else math.inf
    weights = [(productivity / most) ** power for productivity in productivities]
    total = math.fsum(weights)
    return [budget * weight / total for weight in weights]
