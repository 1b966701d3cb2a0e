"""How long a run must be: against asymptotic variances and relaxation times worked out by others."""

import math

import pytest

from simlib.verify.planning import Chain, general_relaxation_rate, relaxation_rate
from simlib.verify.theory import erlang_a, erlang_b, erlang_c


@pytest.mark.parametrize("load", [0.1, 0.5, 0.8, 0.95])
def test_asymptotic_variance_of_the_single_server(load: float) -> None:
    """Of the number present in M/M/1 it is 2ρ(1+ρ)/(μ(1-ρ)⁴) per unit of time (Whitt 1992)."""
    chain = Chain(load, service_rate=1.0, servers=1)
    assert chain.deviation(chain.states) ** 2 == pytest.approx(load * 2 * load * (1 + load) / (1 - load) ** 4, rel=1e-6)


def test_steady_states_are_those_of_theory() -> None:
    """The chains of Erlang A, B and C: the same steady state by another way."""
    pool = Chain(8.0, service_rate=1.0, servers=10)
    expected = erlang_c(8.0, service_rate=1.0, servers=10)
    assert pool.mean((pool.states >= 10) * 1.0) == pytest.approx(expected["wait_probability"])
    full = Chain(8.0, service_rate=1.0, servers=10, places=10)
    lost = erlang_b(8.0, service_rate=1.0, servers=10)["lost_share"]
    assert full.mean((full.states == 10) * 1.0) == pytest.approx(lost)
    leaving = Chain(12.0, service_rate=1.0, servers=10, leaving_rate=0.5)
    wait = erlang_a(12.0, service_rate=1.0, servers=10, abandonment_rate=0.5)["mean_wait"]
    assert leaving.mean((leaving.states - 10).clip(0)) / 12 == pytest.approx(wait)


@pytest.mark.parametrize("load", [0.1, 0.8, 0.99])
def test_general_relaxation_meets_the_exponential_one(load: float) -> None:
    """With a squared coefficient of variation of 1 the service is exponential; constant service forgets sooner."""
    general = general_relaxation_rate(load, service_rate=1.0, squared_cv=1.0)
    assert general == pytest.approx((1 - math.sqrt(load)) ** 2)
    assert general == pytest.approx(relaxation_rate(load, service_rate=1.0, servers=1))
    constant, small = (general_relaxation_rate(load, service_rate=1.0, squared_cv=v) for v in (0.0, 1e-5))
    assert general < constant == pytest.approx(small, rel=1e-3)
