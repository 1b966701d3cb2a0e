"""Answers known in advance: closed forms that a run with the other mechanisms off must give.

Pure functions from parameters to quantities by name. Rates are per unit of time, times in that unit,
shares between 0 and 1. Parameters for which no steady state exists are refused (SimlibError).
Notation: λ arrival rate, μ service rate, c servers, a = λ/μ load, ρ = a/c, C Erlang C.
Gross = Gross, Shortle, Thompson & Harris, *Fundamentals of Queueing Theory*, 4th edition.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc, log_ndtr

from simlib.errors import SimlibError

Quantities: TypeAlias = dict[str, float]

MOST_SERVERS = 1_000_000
MOST_STATES = 10_000_000
TAIL = 1e-14
"""Part of the queue that may be cut off a birth-death chain."""


def erlang_b(arrival_rate: float, *, service_rate: float, servers: int) -> Quantities:
    """M/M/c/c: `lost_share`, the share that finds nobody free and is lost at once.

    1/B(c) = 1 + (c/a) / B(c-1), B(0) = 1 (Gross ch. 2). The yardstick of interest with lifetime zero.
    """
    load = positive("arrival_rate", arrival_rate) / positive("service_rate", service_rate)
    return {"lost_share": 1 / _inverse_b(load, _count("servers", servers))}


def erlang_c(arrival_rate: float, *, service_rate: float, servers: int, wait_over: float = 0.5) -> Quantities:
    """M/M/c: `wait_probability` C, `mean_wait` C/(cμ-λ), `wait_over_share` P(W > t) = C exp(-(cμ-λ)t), t = `wait_over`.

    C = B/(1 - ρ(1-B)) (Gross ch. 2). The yardstick of queueing with everything else off.
    """
    slack = _slack(arrival_rate, service_rate=service_rate, servers=servers)
    probability = _wait_probability(arrival_rate / service_rate, servers)
    over = probability * math.exp(-slack * at_least_zero("wait_over", wait_over))
    return {"wait_probability": probability, "mean_wait": probability / slack, "wait_over_share": over}


def erlang_a(arrival_rate: float, *, service_rate: float, servers: int, abandonment_rate: float) -> Quantities:
    """M/M/c+M: `abandoned_share` θ Lq/λ and `mean_wait` Lq/λ of all who arrive (those who leave included).

    Birth-death chain with death rate cμ + jθ when j wait: weights w_j = Π λ/(cμ + iθ), i = 1..j, relative to the state
    in which all servers are busy and nobody waits, the states up to there weighing 1/B; summed until what is left of
    the queue is below 1e-14 of it (Palm 1957; Garnett, Mandelbaum & Reiman 2002).
    The yardstick of interest that leaves the list.
    """
    load = positive("arrival_rate", arrival_rate) / positive("service_rate", service_rate)
    leaving = positive("abandonment_rate", abandonment_rate)
    busy = _count("servers", servers) * service_rate
    total, queue, weight = _inverse_b(load, servers), 0.0, 1.0
    for waiting in range(1, MOST_STATES + 1):
        ratio = arrival_rate / (busy + waiting * leaving)
        weight *= ratio
        total += weight
        queue += waiting * weight
        # What is left of the queue is below a geometric series with this ratio.
        if ratio < 1 and waiting * weight <= TAIL * (1 - ratio) ** 2 * queue:
            mean_wait = queue / total / arrival_rate
            return {"abandoned_share": leaving * mean_wait, "mean_wait": mean_wait}
        if weight > 1e250:
            total, queue, weight = total * 1e-250, queue * 1e-250, weight * 1e-250
    raise SimlibError(
        f"abandonment_rate: got {abandonment_rate:g}, which lets more than {MOST_STATES} customers wait at a time; "
        "raise it, or servers"
    )


def cobham(rates: Sequence[float], *, service_rate: float, servers: int) -> Quantities:
    """M/M/c with service by grade, non-preemptive: `mean_wait_1` (served first), `mean_wait_2`, ...

    W_k = W0/((1-σ_{k-1})(1-σ_k)), W0 = C/(cμ), σ_k = (λ_1 + ... + λ_k)/(cμ) (Cobham 1954; Gross ch. 3).
    `rates` are the arrival rates by grade, the first grade first.
    """
    if len(rates) == 0:
        raise SimlibError("rates: got none, must be the arrival rate of each grade, such as 0.3, 0.5")
    for grade, rate in enumerate(rates, start=1):
        positive(f"rates, grade {grade}", rate)
    total = math.fsum(rates)
    _slack(total, service_rate=service_rate, servers=servers, name="sum of rates")
    busy = servers * service_rate
    base = _wait_probability(total / service_rate, servers) / busy
    sigma = [math.fsum(rates[:grade]) / busy for grade in range(len(rates) + 1)]
    return {
        f"mean_wait_{grade}": base / ((1 - sigma[grade - 1]) * (1 - sigma[grade])) for grade in range(1, len(rates) + 1)
    }


def pollaczek_khinchine(arrival_rate: float, *, service_rate: float, squared_cv: float) -> Quantities:
    """M/G/1: `mean_wait` λE[S²]/(2(1-ρ)) = ρ(1 + scv)/(2μ(1-ρ)).

    `squared_cv` is the variance of the service time over its squared mean: 0 constant, 1 exponential (Gross ch. 5).
    The yardstick of one rep with general effort.
    """
    slack = _slack(arrival_rate, service_rate=service_rate, servers=1)
    return {"mean_wait": arrival_rate / service_rate * (1 + at_least_zero("squared_cv", squared_cv)) / (2 * slack)}


def response_decay(arrival_rate: float, *, service_rate: float, servers: int, decay_rate: float) -> Quantities:
    """M/M/c, first come first served: `interested_share`, those whose interest outlives their wait.

    E[exp(-δW)] = 1 - C + C(cμ-λ)/(cμ-λ+δ): W is 0 with probability 1 - C, else exponential with rate cμ-λ. Interest
    dies at rate δ = `decay_rate` and is noticed only at contact, the hours are spent all the same.
    """
    slack = _slack(arrival_rate, service_rate=service_rate, servers=servers)
    probability = _wait_probability(arrival_rate / service_rate, servers)
    decay = at_least_zero("decay_rate", decay_rate)
    return {"interested_share": 1 - probability + probability * slack / (slack + decay)}


def little(arrived: NDArray[np.float64], *, left: NDArray[np.float64]) -> Quantities:
    """Both sides of L = λW for a system watched from empty to empty: an identity, whatever went on inside.

    `mean_number` L is the integral of the number present over the time from first arrival to last departure,
    divided by that time; `rate_times_wait` is the number of arrivals divided by that time, times the mean stay. The
    k-th entries of `arrived` and `left` belong to the same customer (Little 1961; Stidham 1974).
    """
    arrived, left = np.asarray(arrived, dtype=np.float64), np.asarray(left, dtype=np.float64)
    if arrived.size == 0 or arrived.shape != left.shape or not (left >= arrived).all():
        raise SimlibError(
            f"left: got {left.size} departures for {arrived.size} arrivals, must be one for each, none too early"
        )
    period = float(left.max() - arrived.min())
    if period == 0:
        raise SimlibError("left: got a period of no length, must end after the first arrival")
    times = np.concatenate([arrived, left])
    steps = np.concatenate([np.ones(arrived.size), -np.ones(left.size)])
    order = np.argsort(times, kind="stable")
    present = np.cumsum(steps[order])[:-1]
    area = float((present * np.diff(times[order])).sum())
    rate = arrived.size / period
    return {"mean_number": area / period, "rate_times_wait": rate * float((left - arrived).mean())}


def random_split(arrival_rate: float, *, service_rate: float, servers: int) -> Quantities:
    """Leads dealt at random to c lists of their own: `mean_wait` of M/M/1 with rate λ/c.

    A Poisson stream split at random is Poisson : ρ/(μ(1-ρ)).
    """
    slack = _slack(arrival_rate, service_rate=service_rate, servers=servers) / servers
    return {"mean_wait": arrival_rate / servers / service_rate / slack}


def round_robin(arrival_rate: float, *, service_rate: float, servers: int) -> Quantities:
    """Leads dealt in turn to c lists of their own: `mean_wait` of E_c/M/1, beside `mean_wait_random`.

    Each list gets every c-th lead, so the time between its leads is Erlang with c phases of rate λ; σ is the root in
    (0, 1) of σ = (λ/(λ + μ(1-σ)))^c, and the wait is σ/(μ(1-σ)) (Gross ch. 5, G/M/1).
    """
    random = random_split(arrival_rate, service_rate=service_rate, servers=servers)["mean_wait"]
    # Newton on the convex h(σ) = (...)^c - σ from the left of its smaller root: steps never overshoot.
    sigma = 0.0
    for _ in range(200):
        rest = service_rate * (1 - sigma)
        power = math.exp(-servers * math.log1p(rest / arrival_rate))
        slope = servers * service_rate / (arrival_rate + rest) * power - 1
        step = (power - sigma) / -slope
        sigma += step
        if step <= 1e-16 * sigma:
            break
    return {"mean_wait": sigma / (service_rate * (1 - sigma)), "mean_wait_random": random}


def pooled_or_territories(arrival_rate: float, *, service_rate: float, servers: int) -> Quantities:
    """One pool of c against c territories of one: `mean_wait_pooled` of M/M/c, `mean_wait_territories` of c × M/M/1."""
    pooled = erlang_c(arrival_rate, service_rate=service_rate, servers=servers)["mean_wait"]
    apart = random_split(arrival_rate, service_rate=service_rate, servers=servers)["mean_wait"]
    return {"mean_wait_pooled": pooled, "mean_wait_territories": apart}


def square_root_staffing(load: float, *, safety: float) -> Quantities:
    """Heads that a load needs: `servers` a + β√a (not rounded) and the limiting `wait_probability` 1/(1 + βΦ(β)/φ(β)).

    β = `safety`; Halfin & Whitt (1981). Exact for a finite load: `erlang_c`.
    """
    positive("load", load)
    positive("safety", safety)
    log_density = -(safety**2) / 2 - math.log(2 * math.pi) / 2
    ratio = math.exp(min(700.0, float(log_ndtr(safety)) - log_density))
    return {"servers": load + safety * math.sqrt(load), "wait_probability": 1 / (1 + safety * ratio)}


def panel_pass(pass_probability: float, *, members: int, needed: int) -> float:
    """Probability that at least `needed` of `members` independent screeners say yes."""
    _count("members", members)
    if _count("needed", needed) > members:
        raise SimlibError(f"needed: got {needed}, must be at most members = {members}")
    return float(bdtrc(needed - 1, members, _share("pass_probability", pass_probability)))


def screening(pass_good: float, *, pass_bad: float, prior: float, gain: float = 1.0, loss: float = 1.0) -> Quantities:
    """Approval as a screen: profit per proposal, prior·gain·P(good passes) - (1-prior)·loss·P(bad passes).

    `profit_single` one screener; `profit_both` two who must agree (hierarchy) p²; `profit_either` two of whom one is
    enough (polyarchy) 1-(1-p)²; `profit_majority` two of three. `break_even_prior`: above it `either` beats `both`,
    π* = loss·b/(gain·g + loss·b), g, b = 2p(1-p) of good and bad; NaN if the two never differ.
    Source: Sah & Stiglitz (1986), American Economic Review 76, 716-727.
    """
    _share("pass_good", pass_good)
    _share("pass_bad", pass_bad)
    _share("prior", prior)
    won, given = prior * at_least_zero("gain", gain), (1 - prior) * at_least_zero("loss", loss)

    def profit(members: int, needed: int) -> float:
        good = panel_pass(pass_good, members=members, needed=needed)
        return won * good - given * panel_pass(pass_bad, members=members, needed=needed)

    good_apart, bad_apart = gain * pass_good * (1 - pass_good), loss * pass_bad * (1 - pass_bad)
    apart = good_apart + bad_apart
    return {
        "profit_single": profit(1, 1),
        "profit_both": profit(2, 2),
        "profit_either": profit(2, 1),
        "profit_majority": profit(3, 2),
        "break_even_prior": bad_apart / apart if apart > 0 else math.nan,
    }


def overlap(sellers: int, *, call_probability: float) -> Quantities:
    """k sellers on one list, each calling an account with probability q, independently (X1).

    `touched_share` 1-(1-q)^k; `collision_share` P(two or more call); `wasted_share` of calls after the first,
    1 - touched/(kq), zero if nobody calls. Binomial.
    """
    k, q = _count("sellers", sellers), _share("call_probability", call_probability)
    touched = -math.expm1(k * math.log1p(-q)) if q < 1 else 1.0
    collision = float(bdtrc(1, k, q)) if k > 1 else 0.0
    return {
        "touched_share": touched,
        "collision_share": collision,
        "wasted_share": max(0.0, 1 - touched / (k * q)) if q > 0 else 0.0,
    }


def compound_revenue(arrival_rate: float, *, mean_value: float, squared_cv: float) -> Quantities:
    """Revenue of a Poisson number of independent deals: `mean` λE[D], `sd` √(λE[D²]), E[D²] = mean²(1 + scv).

    `arrival_rate` is the mean number of deals in the period (Ross, *Introduction to Probability Models*, 5.4.2).
    """
    deals, value = positive("arrival_rate", arrival_rate), positive("mean_value", mean_value)
    spread = 1 + at_least_zero("squared_cv", squared_cv)
    return {"mean": deals * value, "sd": value * math.sqrt(deals * spread)}


def _inverse_b(load: float, servers: int) -> float:
    """1/B; infinite where B is smaller than any float."""
    inverse = 1.0
    for server in range(1, servers + 1):
        inverse = 1 + inverse * server / load
    return inverse


def _wait_probability(load: float, servers: int) -> float:
    """Erlang C: B/(1 - ρ(1-B)) = 1/(1/B·(1-ρ) + ρ)."""
    busy = load / servers
    return 1 / (_inverse_b(load, servers) * (1 - busy) + busy)


def _slack(arrival_rate: float, *, service_rate: float, servers: int, name: str = "arrival_rate") -> float:
    """cμ - λ, checked to be positive."""
    positive(name, arrival_rate)
    capacity = _count("servers", servers) * positive("service_rate", service_rate)
    if not arrival_rate < capacity:
        raise SimlibError(
            f"{name}: got {arrival_rate:g}, must be below servers × service_rate = {capacity:g}, or the queue grows "
            "for ever; lower it, or raise servers or service_rate"
        )
    return capacity - arrival_rate


def positive(name: str, value: float) -> float:
    """The value; SimlibError unless it is above 0."""
    if not (math.isfinite(value) and value > 0):
        raise SimlibError(f"{name}: got {value}, must be a number above 0")
    return float(value)


def at_least_zero(name: str, value: float) -> float:
    """The value; SimlibError unless it is 0 or more."""
    if not (math.isfinite(value) and value >= 0):
        raise SimlibError(f"{name}: got {value}, must be a number of 0 or more")
    return float(value)


def _share(name: str, value: float) -> float:
    if not 0 <= value <= 1:
        raise SimlibError(f"{name}: got {value}, must lie between 0 and 1")
    return float(value)


def _count(name: str, value: int) -> int:
    if not 1 <= value <= MOST_SERVERS or value != int(value):
        raise SimlibError(f"{name}: got {value}, must be a whole number from 1 to {MOST_SERVERS}")
    return int(value)
