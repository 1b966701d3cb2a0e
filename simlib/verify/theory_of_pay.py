"""Closed forms about people who are paid by results, and independent numerics where there is none.

Nothing here calls the engine's rules. Effort costs ½·c·e² and brings e; φ and Φ are the standard normal density and
distribution. Parameters that make no sense are refused (SimlibError).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.optimize import brentq
from scipy.special import log_ndtr, ndtr

from simlib.errors import SimlibError
from simlib.verify.theory import Quantities, at_least_zero, positive

MOST_IN_A_TEAM = 10_000
MOST_LISTED = 100
"""Results or productivities in a list."""
_LOOKS = 20_001
_FINEST = 1e-300


def linear_effort(commission_rate: float, *, effort_cost: float, sd: float = 0.0) -> Quantities:
    """Paid β of what effort brings, e = β/c, whatever the noise `sd`: `effort`.

    Holmström and Milgrom 1987, 'Aggregation and linearity in the provision of intertemporal incentives', Econometrica
    55. `effort_by_search`: the same from a schedule of two pieces with one rate, which has to be searched.
    """
    at_least_zero("sd", sd)
    effort = at_least_zero("commission_rate", commission_rate) / positive("effort_cost", effort_cost)
    return {"effort": effort, "effort_by_search": effort}


def optimal_commission(risk_aversion: float, *, effort_cost: float, variance: float) -> Quantities:
    """The share β* = 1/(1 + rcσ²) at which output less cost of effort and of risk, e - ½ce² - ½rβ²σ², is largest
    (`commission_rate`), the `effort` β*/c that it brings, and that `surplus`, β*/(2c) (Holmström and Milgrom 1987).
    """
    cost = positive("effort_cost", effort_cost)
    rate = 1 / (1 + at_least_zero("risk_aversion", risk_aversion) * cost * at_least_zero("variance", variance))
    return {"commission_rate": rate, "effort": rate / cost, "surplus": rate / (2 * cost)}


def team_pool(team_size: float, *, effort_cost: float) -> Quantities:
    """N share what they bring together evenly: `effort` 1/(Nc) of each, instead of `best_effort` 1/c; `efficiency`,
    the surplus relative to the best one, (2N - 1)/N² (Holmström 1982, 'Moral hazard in teams', Bell Journal 13)."""
    cost = positive("effort_cost", effort_cost)
    if team_size != int(team_size) or not 1 <= team_size <= MOST_IN_A_TEAM:
        raise SimlibError(f"team_size: got {team_size:g}, must be a whole number from 1 to {MOST_IN_A_TEAM:,}")
    return {
        "effort": 1 / (team_size * cost),
        "best_effort": 1 / cost,
        "efficiency": (2 * team_size - 1) / team_size**2,
    }


def quota_bonus_effort(
    bonus: float, *, quota: float, sd: float, effort_cost: float, results: Sequence[float]
) -> Quantities:
    """A bonus B is paid if the result reaches the quota Q; y was sold so far, y + e + noise of sd σ will be:
    `effort_1`, `effort_2`, … for each y of `results`.

    The highest of the solutions of B·φ((y + e - Q)/σ)/σ = c·e by the utility B·Φ((y + e - Q)/σ) - ½ce². There are at
    most three; all lie below B/(cσ√(2π)) and are found as changes of sign on a grid of 20,001 points, closed in on by
    Brent's method. Between two grid points lies no pair of them unless both are alike to 1e-4 of that range.
    """
    cost, spread, prize = positive("effort_cost", effort_cost), positive("sd", sd), positive("bonus", bonus)
    if not 1 <= len(results) <= MOST_LISTED:
        raise SimlibError(f"results: got {len(results)}, must be from 1 to {MOST_LISTED}")
    return {
        f"effort_{number}": _bonus_effort(prize, (result - quota) / spread, spread, cost)
        for number, result in enumerate(results, start=1)
    }


def _bonus_effort(bonus: float, ahead: float, sd: float, cost: float) -> float:
    """`ahead`: the result so far beyond the quota, in standard deviations."""

    def slope(e: float) -> float:
        z = ahead + e / sd
        return bonus * math.exp(-z * z / 2) / (sd * math.sqrt(2 * math.pi)) - cost * e

    def utility(e: float) -> float:
        return bonus * math.exp(float(log_ndtr(ahead + e / sd))) - cost * e * e / 2

    most = bonus / (sd * math.sqrt(2 * math.pi)) / cost
    # The quota, too, must be met on the grid: where the noise is small beside the effort, all happens near it.
    near = (np.linspace(-40, 40, _LOOKS) - ahead) * sd
    grid = np.unique(np.concatenate([np.linspace(0, most, _LOOKS), near[(near > 0) & (near < most)]]))
    z = ahead + grid / sd
    falls = bonus * np.exp(-z * z / 2) / (sd * math.sqrt(2 * math.pi)) - cost * grid < 0
    tops = [0.0] if falls[0] or slope(0.0) <= 0 else []
    for number in np.flatnonzero(~falls[:-1] & falls[1:]):
        low, high = float(grid[number]), float(grid[number + 1])
        if slope(low) > 0 > slope(high):
            tops.append(float(brentq(slope, low, high, xtol=_FINEST, rtol=4 * np.finfo(float).eps, maxiter=2000)))
        else:
            tops.append(low if slope(low) <= 0 else high)
    return max(tops or [most], key=utility)


def timing(quota: float, *, deal: float, bonus: float, mean: float, sd: float) -> Quantities:
    """At the end of a period with a bonus at quota Q, before one that pays by the piece, a deal of value d is pulled
    forward if and only if Q - d ≤ y < Q: from the result `pulled_from` Q - d up to, and without, `pulled_below` Q. Of
    results y ~ N(mean, sd²) it is the `pulled_share` Φ((Q - μ)/σ) - Φ((Q - d - μ)/σ). `gain`: the bonus.
    """
    value, spread = positive("deal", deal), positive("sd", sd)
    low, high = (quota - value - mean) / spread, (quota - mean) / spread
    share = ndtr(-low) - ndtr(-high) if low > 0 else ndtr(high) - ndtr(low)
    return {
        "pulled_share": float(share),
        "pulled_from": quota - value,
        "pulled_below": quota,
        "gain": positive("bonus", bonus),
    }


def accelerator_gaming(rate_below: float, *, rate_above: float, tier: float, deal: float) -> Quantities:
    """Two deals d, paid at r₁ up to the tier T of a period's result and at r₂ beyond, w(x) = r₁x + (r₂ - r₁)(x - T)⁺:
    `pay_apart` 2w(d) in two periods, `pay_joined` w(2d) in one, and the `largest_discount` on one of them that its
    seller would give for that, (w(2d) - 2w(d))/(r₂d). `largest_discount_linear`: 0, where one rate holds throughout.

    Larkin 2014, 'The cost of high-powered incentives', Journal of Labor Economics 32.
    """
    low, high = positive("rate_below", rate_below), positive("rate_above", rate_above)
    if high < low:
        raise SimlibError(f"rate_above: got {high:g}, must be at least rate_below = {low:g}: an accelerator rises")
    begins, value = positive("tier", tier), positive("deal", deal)

    def pay(result: float) -> float:
        return low * result + (high - low) * max(result - begins, 0.0)

    # The same as w(2d) - 2w(d), without the rounding of large terms.
    gain = (high - low) * (max(2 * value - begins, 0.0) - 2 * max(value - begins, 0.0))
    return {
        "pay_apart": 2 * pay(value),
        "pay_joined": pay(2 * value),
        "largest_discount": gain / (high * value),
        "largest_discount_linear": 0.0,
    }


def accelerated_pay(rate_below: float, *, rate_above: float, tier: float, mean: float, sd: float) -> Quantities:
    """`expected_pay` for a result R ~ N(mean, sd²): r₁μ + (r₂ - r₁)·E(R - T)⁺, E(R - T)⁺ = (μ - T)Φ(z) + σφ(z),
    z = (μ - T)/σ (the loss function of a normal result)."""
    spread = positive("sd", sd)
    z = (mean - tier) / spread
    beyond = (mean - tier) * float(ndtr(z)) + spread * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return {"expected_pay": rate_below * mean + (rate_above - rate_below) * beyond}


def delegated_pricing(demand_intercept: float, *, demand_slope: float, unit_cost: float) -> Quantities:
    """Demand D = a - b·p, unit cost k. Who is paid on revenue asks a/(2b), who is paid on margin (a/b + k)/2
    (`price_on_revenue`, `price_on_margin`); `profit_on_revenue` and `profit_on_margin` follow, and the first is less by
    `loss` bk²/4 (Weinberg 1975, 'An optimal commission plan for salesmen's control over price', Management Science 21).
    """
    most, slope = positive("demand_intercept", demand_intercept), positive("demand_slope", demand_slope)
    cost, choke = at_least_zero("unit_cost", unit_cost), most / slope
    if cost >= choke:
        raise SimlibError(
            f"unit_cost: got {cost:g}, must be below demand_intercept / demand_slope = {choke:g}, the price at which "
            "nobody buys; lower it, or raise demand_intercept"
        )
    return {
        "price_on_revenue": choke / 2,
        "price_on_margin": (choke + cost) / 2,
        "profit_on_revenue": most / 2 * (choke / 2 - cost),
        "profit_on_margin": slope * (choke - cost) ** 2 / 4,
        "loss": slope * cost**2 / 4,
    }


def effort_allocation(productivities: Sequence[float], *, elasticity: float, budget: float) -> Quantities:
    """The split of a budget over segments that makes Σ kᵢ·xᵢᵇ largest: `effort_1`, `effort_2`, …

    From Lagrange's condition b·kᵢ·xᵢ^(b-1) = λ, with the λ at which Σ xᵢ is the budget found by Brent's method on its
    logarithm; a segment with kᵢ = 0 gets nothing. Concave, so this is the only maximum.
    """
    if not 0 < elasticity < 1:
        raise SimlibError(f"elasticity: got {elasticity:g}, must be between 0 and 1, without either")
    whole = positive("budget", budget)
    if not 1 <= len(productivities) <= MOST_LISTED:
        raise SimlibError(f"productivities: got {len(productivities)}, must be from 1 to {MOST_LISTED}")
    for number, productivity in enumerate(productivities, start=1):
        at_least_zero(f"productivities, segment {number}", productivity)
    logs = [math.log(elasticity * k) if k > 0 else -math.inf for k in productivities]
    if max(logs) == -math.inf:
        raise SimlibError("productivities: got only 0, must be above 0 in at least one segment")

    def efforts(log_price: float) -> list[float]:
        return [math.exp((log_k - log_price) / (1 - elasticity)) if log_k > -math.inf else 0.0 for log_k in logs]

    # At the first price the best segment alone takes more than the budget, at the last all together take less.
    alone = max(logs) - (1 - elasticity) * math.log(whole) - 1
    together = alone + (1 - elasticity) * math.log(len(logs)) + 2
    price = float(brentq(lambda at: math.log(sum(efforts(at)) / whole), alone, together, xtol=1e-15))
    return {f"effort_{number}": effort for number, effort in enumerate(efforts(price), start=1)}
