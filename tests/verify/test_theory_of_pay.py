"""Closed forms of pay against figures worked out elsewhere, and against each other where they must meet."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simlib.errors import SimlibError
from simlib.verify import theory_of_pay as theory
from simlib.verify.theory import Quantities

PRINTED = 5e-7
"""The known figures are printed to six decimals."""

KNOWN: list[tuple[Callable[[], Quantities], Quantities]] = [
    (lambda: theory.linear_effort(0.4, effort_cost=0.5), {"effort": 0.8, "effort_by_search": 0.8}),
    (
        lambda: theory.optimal_commission(2, effort_cost=0.5, variance=1.5),
        {"commission_rate": 0.4, "effort": 0.8, "surplus": 0.4},
    ),
    (lambda: theory.team_pool(5, effort_cost=0.5), {"effort": 0.4, "best_effort": 2, "efficiency": 0.36}),
    (
        lambda: theory.quota_bonus_effort(2, quota=2, sd=1, effort_cost=1, results=[-2, 0, 1, 2, 4]),
        dict(
            zip([f"effort_{n}" for n in range(1, 6)], [0.000268, 0.142011, 0.778560, 0.647143, 0.089856], strict=True)
        ),
    ),
    (
        lambda: theory.timing(11, deal=1.5, bonus=1, mean=10, sd=2),
        {"pulled_share": 0.290169, "pulled_from": 9.5, "pulled_below": 11, "gain": 1},
    ),
    (
        lambda: theory.accelerator_gaming(0.05, rate_above=0.12, tier=1, deal=0.8),
        {"pay_apart": 0.08, "pay_joined": 0.122, "largest_discount": 0.4375, "largest_discount_linear": 0},
    ),
    (
        lambda: theory.accelerated_pay(0.05, rate_above=0.12, tier=1, mean=1, sd=0.3),
        {"expected_pay": 0.058378},
    ),
    (
        lambda: theory.delegated_pricing(100, demand_slope=2, unit_cost=10),
        {
            "price_on_revenue": 25,
            "price_on_margin": 30,
            "profit_on_revenue": 750,
            "profit_on_margin": 800,
            "loss": 50,
        },
    ),
    (
        lambda: theory.effort_allocation([3, 2, 1], elasticity=0.34, budget=10),
        {"effort_1": 5.779443, "effort_2": 3.126663, "effort_3": 1.093893},
    ),
]


@pytest.mark.parametrize(("formula", "expected"), KNOWN)
def test_known(formula, expected):
    """Every quantity, to the digits printed, and no other."""
    assert formula() == pytest.approx(expected, abs=PRINTED)


@given(st.floats(0, 10), st.floats(0.1, 10), st.floats(0, 10))
def test_no_other_share_is_better(risk_aversion, cost, variance):
    """Effort β/c: β/c − β²/(2c) − ½rβ²σ² is largest at β*, and is the surplus there."""
    found = theory.optimal_commission(risk_aversion, effort_cost=cost, variance=variance)
    shares = np.append(np.linspace(0, 1, 101), found["commission_rate"])
    surplus = shares / cost - shares**2 / (2 * cost) - risk_aversion * variance * shares**2 / 2
    assert surplus.max() == pytest.approx(found["surplus"])
    assert surplus[-1] == pytest.approx(surplus.max())


@given(st.integers(1, 200), st.floats(0.1, 10))
def test_the_surplus_of_a_pool(size, cost):
    """Each brings e at ½ce²; alone there is nobody to ride on."""
    found = theory.team_pool(size, effort_cost=cost)
    surplus, best = (e - cost * e * e / 2 for e in (found["effort"], found["best_effort"]))
    assert surplus / best == pytest.approx(found["efficiency"])
    if size == 1:
        assert found["efficiency"] == 1


@given(st.floats(0.1, 20), st.floats(0.05, 5), st.floats(0.1, 10), st.floats(-10, 15))
def test_no_other_effort_for_a_bonus_is_better(bonus, sd, cost, result):
    """Beside a grid of its own, and the last effort pays what it costs."""
    found = theory.quota_bonus_effort(bonus, quota=4, sd=sd, effort_cost=cost, results=[result])["effort_1"]

    def utility(e):
        return bonus * 0.5 * math.erfc(-(result + e - 4) / sd / math.sqrt(2)) - cost * e * e / 2

    assert all(utility(e) <= utility(found) + 1e-12 for e in np.linspace(0, math.sqrt(2 * bonus / cost), 777))
    z = (result + found - 4) / sd
    assert bonus * math.exp(-z * z / 2) / sd / math.sqrt(2 * math.pi) == pytest.approx(cost * found, rel=1e-9)


@given(st.floats(0.01, 1), st.floats(1, 5), st.floats(0.1, 10), st.floats(0.1, 10))
def test_at_the_largest_discount_joined_pays_as_much_as_apart(low, times, tier, deal):
    """w(2d − δd) = 2w(d)."""
    found = theory.accelerator_gaming(low, rate_above=low * times, tier=tier, deal=deal)
    result = (2 - found["largest_discount"]) * deal
    joined = low * result + low * (times - 1) * max(result - tier, 0)
    assert joined == pytest.approx(found["pay_apart"])
    assert 0 <= found["largest_discount"] <= 1


@given(st.floats(1, 1000), st.floats(0.1, 10), st.floats(0, 0.99))
def test_no_other_price_earns_more(intercept, slope, cost_share):
    """Revenue and profit on a grid of prices; what is lost is the difference."""
    cost = cost_share * intercept / slope
    found = theory.delegated_pricing(intercept, demand_slope=slope, unit_cost=cost)
    prices = np.linspace(0, intercept / slope, 501)
    demand = intercept - slope * prices
    assert (prices * demand).max() <= intercept**2 / (4 * slope) * (1 + 1e-12)
    assert (demand * (prices - cost)).max() <= found["profit_on_margin"] * (1 + 1e-12)
    assert found["profit_on_margin"] - found["profit_on_revenue"] == pytest.approx(found["loss"], rel=1e-6, abs=1e-9)


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=6), st.floats(0.01, 0.95), st.floats(0.1, 1e4))
def test_the_split_is_in_proportion_to_a_power(productivities, elasticity, budget):
    """What Lagrange's condition gives is k^(1/(1−b))."""
    found = list(theory.effort_allocation(productivities, elasticity=elasticity, budget=budget).values())
    logs = np.log(productivities) / (1 - elasticity)
    weights = np.exp(logs - logs.max())
    assert found == pytest.approx(list(budget * weights / weights.sum()), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (lambda: theory.linear_effort(-0.1, effort_cost=1), "commission_rate: got -0.1"),
        (lambda: theory.linear_effort(0.1, effort_cost=0), "effort_cost: got 0"),
        (lambda: theory.linear_effort(0.1, effort_cost=1, sd=-1), "sd: got -1"),
        (lambda: theory.optimal_commission(-1, effort_cost=1, variance=1), "risk_aversion: got -1"),
        (lambda: theory.optimal_commission(1, effort_cost=1, variance=math.inf), "variance: got inf"),
        (lambda: theory.team_pool(0, effort_cost=1), "team_size: got 0, must be a whole number from 1 to 10,000"),
        (lambda: theory.team_pool(2.5, effort_cost=1), "team_size: got 2.5"),
        (lambda: theory.quota_bonus_effort(0, quota=1, sd=1, effort_cost=1, results=[0]), "bonus: got 0"),
        (lambda: theory.quota_bonus_effort(1, quota=1, sd=0, effort_cost=1, results=[0]), "sd: got 0"),
        (
            lambda: theory.quota_bonus_effort(1, quota=1, sd=1, effort_cost=1, results=[]),
            "results: got 0, must be from 1",
        ),
        (lambda: theory.timing(1, deal=0, bonus=1, mean=0, sd=1), "deal: got 0"),
        (
            lambda: theory.accelerator_gaming(0.2, rate_above=0.1, tier=1, deal=1),
            "rate_above: got 0.1, must be at least",
        ),
        (lambda: theory.accelerator_gaming(0.2, rate_above=0.3, tier=0, deal=1), "tier: got 0"),
        (
            lambda: theory.delegated_pricing(100, demand_slope=2, unit_cost=50),
            "unit_cost: got 50, must be below .* = 50",
        ),
        (lambda: theory.delegated_pricing(100, demand_slope=0, unit_cost=5), "demand_slope: got 0"),
        (
            lambda: theory.effort_allocation([1, 2], elasticity=1, budget=1),
            "elasticity: got 1, must be between 0 and 1",
        ),
        (lambda: theory.effort_allocation([1, 2], elasticity=0, budget=1), "elasticity: got 0"),
        (lambda: theory.effort_allocation([1, -2], elasticity=0.5, budget=1), "productivities, segment 2: got -2"),
        (lambda: theory.effort_allocation([0, 0], elasticity=0.5, budget=1), "productivities: got only 0"),
        (lambda: theory.effort_allocation([1], elasticity=0.5, budget=0), "budget: got 0"),
    ],
)
def test_what_makes_no_sense_is_refused(formula, message):
    """By name, with the value and the rule."""
    with pytest.raises(SimlibError, match=rf"^{message}"):
        formula()
