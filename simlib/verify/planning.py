"""How long a run must be for its stated precision: from theory alone, before anything is simulated."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOST_STATES = 400_000
_TAIL = 80.0
"""Log of the weight, relative to the largest, at which a chain is cut."""


def relaxation_rate(arrival_rate: float, *, service_rate: float, servers: int) -> float:
    """Rate at which M/M/c forgets its start: (√(cμ) - √λ)², and never faster than μ.

    Exact for M/M/1 and in heavy traffic (Morse 1955; van Doorn 1985).
    """
    capacity = servers * service_rate
    # The difference of the roots, written so that it does not vanish where the two are almost equal.
    apart = (capacity - arrival_rate) / (math.sqrt(capacity) + math.sqrt(arrival_rate))
    return min(service_rate, apart**2)


def general_relaxation_rate(arrival_rate: float, *, service_rate: float, squared_cv: float) -> float:
    """Rate at which M/G/1 with gamma service forgets its start: the decay rate of its busy period.

    sup over θ of θ - λ(M(θ) - 1), M the moment generating function of the service time; at θ = μ(1 - ρ^(v/(1+v)))/v,
    v = `squared_cv`, the slope vanishes. With v = 1 it is (√μ - √λ)² (Abate and Whitt 1997).
    """
    if squared_cv == 1:
        return relaxation_rate(arrival_rate, service_rate=service_rate, servers=1)
    load = arrival_rate / service_rate
    if squared_cv < 1e-6:
        best, grown = -math.log(load), 1 / load
    else:
        base = load ** (squared_cv / (1 + squared_cv))
        best, grown = (1 - base) / squared_cv, base ** (-1 / squared_cv)
    # Almost saturated, the difference is lost in rounding: then the leading term.
    rate = best - load * (grown - 1)
    return service_rate * max(rate, (1 - load) ** 2 / (2 * (1 + squared_cv)) * (1 - 1e-3))


class Chain:
    """A birth-death chain in steady state: state n has n customers, c of them in service."""

    def __init__(self, arrival_rate: float, *, service_rate: float, servers: int, leaving_rate: float = 0.0,
                 places: int = MOST_STATES) -> None:  # fmt: skip
        """`leaving_rate`: of each who waits. `places`: most customers present."""
        most = min(places, MOST_STATES)
        size = min(2 * servers + 100, most)
        while True:
            n = np.arange(1, size + 1)
            deaths = np.minimum(n, servers) * service_rate + np.maximum(n - servers, 0) * leaving_rate
            weights = np.concatenate([[0.0], np.cumsum(np.log(arrival_rate / deaths))])
            weights -= weights.max()
            if size == most or weights[-1] < -_TAIL:
                break
            size = min(4 * size, most)
        kept = int(np.flatnonzero(weights > -_TAIL)[-1]) + 1
        self.states = np.arange(kept)
        self._shares = np.exp(weights[:kept]) / np.exp(weights[:kept]).sum()

    def mean(self, reward: Floats) -> float:
        """Long-run mean of a reward by state."""
        return float(reward @ self._shares)

    def deviation(self, reward: Floats) -> float:
        """Standard deviation of the time average of a monotone reward over a long run, times the root of the customers
        that arrive in it.

        2λ Σ_j (Σ_{i≤j} (f_i - f̄) π_i)² / (λ π_j) (Whitt 1992, 'Asymptotic formulas for Markov processes with
        applications to simulation', Operations Research 40).
        """
        parts = (reward - self.mean(reward)) * self._shares
        below, above = np.cumsum(parts)[:-1], np.cumsum(parts[::-1])[::-1][1:]
        # Of the two equal sums the one whose terms have one sign: the other is rounding error in the tail.
        smaller = np.minimum(np.abs(below), np.abs(above))
        known = self._shares[:-1] > 1e-250
        return math.sqrt(float(2 * (smaller[known] ** 2 / self._shares[:-1][known]).sum()))


def bernoulli(share: float) -> float:
    """Variance of a yes-or-no with this share of yes."""
    return share * (1 - share)
