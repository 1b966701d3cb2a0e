"""Yardsticks of waiting: one stage of work, leads that arrive at random, and a desk or several that serve them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import pdtr

from simlib.ledger import Ledger
from simlib.scenario.schema import Scenario
from simlib.verify import theory
from simlib.verify.planning import Chain, bernoulli, general_relaxation_rate, relaxation_rate
from simlib.verify.reduction import OWN_LISTS, POOL, bare, cell, only, outcome_share, served_at, waits
from simlib.verify.theory import Quantities
from simlib.verify.yardstick import Parameters, Plan, Span, Yardstick

_CERTAINTY = 30.0
"""Mean times of an exponential after which a drain ends: e⁻³⁰ is left."""


def _mm(p: Parameters) -> dict[str, Any]:
    return {name: p[name] for name in ("arrival_rate", "service_rate", "servers")}


def _slack(p: Parameters) -> float:
    return float(p["servers"] * p["service_rate"] - p["arrival_rate"])


def _queue_plan(p: Parameters, deviations: Quantities) -> Plan:
    """Plan of M/M/c, served in the order of arrival."""
    return Plan(
        arrival_rate=p["arrival_rate"],
        fastest=max(p["arrival_rate"], p["service_rate"]),
        deviations=deviations,
        relaxation=1 / relaxation_rate(p["arrival_rate"], service_rate=p["service_rate"], servers=p["servers"]),
        drain=_CERTAINTY * (1 / _slack(p) + 1 / p["service_rate"]),
    )


def _wait_deviation(p: Parameters, *, servers: int | None = None) -> float:
    """Of the mean wait in M/M/c: the queue's over the arrival rate (Little), and each customer's own chance beside it."""
    c = servers or p["servers"]
    rate = p["arrival_rate"] * c / p["servers"]
    chain = Chain(rate, service_rate=p["service_rate"], servers=c)
    queue = chain.deviation(np.maximum(chain.states - c, 0)) / rate
    found = theory.erlang_c(rate, service_rate=p["service_rate"], servers=c)
    own = found["mean_wait"] * math.sqrt(2 / found["wait_probability"] - 1)
    return math.hypot(queue, own)


def _one_pool(name: str, p: Parameters, phases: Span, **changes: Any) -> Scenario:
    sections = {
        "cells": [cell(p["arrival_rate"], phases.hour, customers=p["customers"])],
        "stages": served_at(p["service_rate"], phases.hour, squared_cv=p.get("squared_cv", 1.0)),
        "designs": {"pool": {**POOL, "reps": p.get("servers", 1)}},
        **changes,
    }
    return bare(name, phases, **sections)


def _interest(rate: float, hour: float, notices: str) -> dict[str, Any]:
    """Interest that dies at a rate per unit of time."""
    return {"interest": {"kind": "exponential", "median_hours": math.log(2) / rate * hour, "notices": notices}}


# Erlang C


def _erlang_c(p: Parameters) -> Quantities:
    return theory.erlang_c(**_mm(p), wait_over=p["wait_over"])


def _erlang_c_plan(p: Parameters) -> Plan:
    chain, c = Chain(**_mm(p)), p["servers"]
    over = pdtr(chain.states - c, c * p["service_rate"] * p["wait_over"])
    expected = _erlang_c(p)
    rewards = {"wait_probability": (chain.states >= c) * 1.0, "wait_over_share": np.where(chain.states >= c, over, 0.0)}
    shares = {q: math.hypot(chain.deviation(f), math.sqrt(bernoulli(expected[q]))) for q, f in rewards.items()}
    return _queue_plan(p, {**shares, "mean_wait": _wait_deviation(p)})


def _erlang_c_scenario(p: Parameters, phases: Span) -> Scenario:
    return _one_pool("erlang_c", p, phases)


def _erlang_c_measure(ledgers: Mapping[str, Ledger], p: Parameters, hour: float) -> Quantities:
    waited_h, _ = waits(only(ledgers))
    wait = waited_h / hour
    known = 0.0 if np.isfinite(wait).all() else np.nan
    return {
        "wait_probability": float((wait > 0).mean()) + known,
        "mean_wait": float(wait.mean()),
        "wait_over_share": float((wait > p["wait_over"]).mean()) + known,
    }


ERLANG_C = Yardstick(
    name="erlang_c",
    about="one pool, nothing else (M/M/c): wait C/(cμ-λ)",
    defaults={"arrival_rate": 8.0, "service_rate": 1.0, "servers": 10, "wait_over": 0.5},
    precision=0.10,
    theory=_erlang_c,
    plan=_erlang_c_plan,
    scenario=_erlang_c_scenario,
    measure=_erlang_c_measure,
)


# Erlang A


def _erlang_a(p: Parameters) -> Quantities:
    return theory.erlang_a(**_mm(p), abandonment_rate=p["abandonment_rate"])


def _erlang_a_plan(p: Parameters) -> Plan:
    leaving, c = p["abandonment_rate"], p["servers"]
    chain = Chain(**_mm(p), leaving_rate=leaving)
    queue = chain.deviation(np.maximum(chain.states - c, 0)) / p["arrival_rate"]
    expected = _erlang_a(p)
    waiting = 1 - chain.mean((chain.states < c) * 1.0)
    own = expected["mean_wait"] * math.sqrt(2 / waiting)
    rate, patience = min(p["service_rate"], leaving), 1 / leaving
    if _slack(p) > 0:
        rate = max(rate, relaxation_rate(p["arrival_rate"], service_rate=p["service_rate"], servers=c))
        patience = min(patience, 1 / _slack(p))
    return Plan(
        arrival_rate=p["arrival_rate"],
        fastest=max(p["arrival_rate"], p["service_rate"], leaving),
        deviations={
            "abandoned_share": math.hypot(leaving * queue, math.sqrt(bernoulli(expected["abandoned_share"]))),
            "mean_wait": math.hypot(queue, own),
        },
        relaxation=1 / rate,
        drain=_CERTAINTY * (patience + 1 / p["service_rate"]),
    )


def _erlang_a_scenario(p: Parameters, phases: Span) -> Scenario:
    return _one_pool("erlang_a", p, phases, mechanisms=_interest(p["abandonment_rate"], phases.hour, "leaves_list"))


def _erlang_a_measure(ledgers: Mapping[str, Ledger], p: Parameters, hour: float) -> Quantities:
    ledger = only(ledgers)
    waited_h, _ = waits(ledger)
    wait = waited_h / hour
    return {"abandoned_share": outcome_share(ledger, "abandoned"), "mean_wait": float(wait.mean())}


ERLANG_A = Yardstick(
    name="erlang_a",
    about="interest that dies while waiting and leaves the list (M/M/c+M): birth-death chain",
    defaults={"arrival_rate": 10.0, "service_rate": 1.0, "servers": 10, "abandonment_rate": 0.5},
    precision=0.05,
    theory=_erlang_a,
    plan=_erlang_a_plan,
    scenario=_erlang_a_scenario,
    measure=_erlang_a_measure,
)


# Erlang B


def _erlang_b(p: Parameters) -> Quantities:
    return theory.erlang_b(**_mm(p))


def _erlang_b_plan(p: Parameters) -> Plan:
    chain = Chain(**_mm(p), places=p["servers"])
    full = chain.deviation((chain.states == p["servers"]) * 1.0)
    own = math.sqrt(bernoulli(_erlang_b(p)["lost_share"]))
    return Plan(
        arrival_rate=p["arrival_rate"],
        fastest=max(p["arrival_rate"], p["service_rate"]),
        deviations={"lost_share": math.hypot(full, own)},
        relaxation=1 / p["service_rate"],
        drain=_CERTAINTY / p["service_rate"],
    )


def _erlang_b_scenario(p: Parameters, phases: Span) -> Scenario:
    gone_at_once = {"interest": {"kind": "exponential", "median_hours": 0.0, "notices": "leaves_list"}}
    return _one_pool("erlang_b", p, phases, mechanisms=gone_at_once)


def _erlang_b_measure(ledgers: Mapping[str, Ledger], p: Parameters, hour: float) -> Quantities:
    return {"lost_share": outcome_share(only(ledgers), "abandoned")}


ERLANG_B = Yardstick(
    name="erlang_b",
    about="interest of lifetime 0, lost unless somebody is free (M/M/c/c): B",
    defaults={"arrival_rate": 8.0, "service_rate": 1.0, "servers": 10},
    precision=0.03,
    theory=_erlang_b,
    plan=_erlang_b_plan,
    scenario=_erlang_b_scenario,
    measure=_erlang_b_measure,
)


# Cobham


def _cobham(p: Parameters) -> Quantities:
    return theory.cobham(p["rates"], service_rate=p["service_rate"], servers=p["servers"])


def _cobham_plan(p: Parameters) -> Plan:
    expected = _cobham(p)
    total = {**p, "arrival_rate": math.fsum(p["rates"])}
    found = theory.erlang_c(**_mm(total))
    relative = _wait_deviation(total) / found["mean_wait"]
    deviations = {}
    for grade, rate in enumerate(p["rates"], start=1):
        own = 3 / found["wait_probability"] * total["arrival_rate"] / rate
        deviations[f"mean_wait_{grade}"] = expected[f"mean_wait_{grade}"] * math.sqrt(relative**2 + own)
    plan = _queue_plan(total, deviations)
    # The last grade is overtaken: whoever waits at the end may wait for the whole queue to empty.
    return Plan(plan.arrival_rate, plan.fastest, deviations, plan.relaxation, 15 * plan.relaxation + plan.drain)


def _cobham_scenario(p: Parameters, phases: Span) -> Scenario:
    total = math.fsum(p["rates"])
    grades = range(1, len(p["rates"]) + 1)
    cells = [
        cell(rate, phases.hour, customers=p["customers"] * rate / total, segment=f"grade {grade}")
        for grade, rate in zip(grades, p["rates"], strict=True)
    ]
    return _one_pool(
        "cobham",
        {**p, "arrival_rate": total},
        phases,
        cells=cells,
        market={"segments": {f"grade {grade}": {"grade": grade} for grade in grades}},
        mechanisms={"queueing": {"next_task": "by_grade"}},
    )


def _cobham_measure(ledgers: Mapping[str, Ledger], p: Parameters, hour: float) -> Quantities:
    ledger = only(ledgers)
    waited_h, rows = waits(ledger)
    wait = waited_h / hour
    grade_of = ledger.needs["segment"].cat.codes.to_numpy()[rows] + 1
    names = list(ledger.needs["segment"].cat.categories)
    found = {}
    for grade in range(1, len(p["rates"]) + 1):
        mine = wait[grade_of == names.index(f"grade {grade}") + 1]
        found[f"mean_wait_{grade}"] = float(mine.mean()) if len(mine) and np.isfinite(wait).all() else np.nan
    return found


COBHAM = Yardstick(
    name="cobham",
    about="service by grade, nobody interrupted: wait W0/((1-σ₋)(1-σ)); rates by grade, the first served first",
    defaults={"rates": (0.3, 0.5), "service_rate": 1.0, "servers": 1},
    precision=0.10,
    theory=_cobham,
    plan=_cobham_plan,
    scenario=_cobham_scenario,
    measure=_cobham_measure,
)


# Pollaczek-Khinchine


def _pollaczek_khinchine(p: Parameters) -> Quantities:
    return theory.pollaczek_khinchine(**p_of(p, "arrival_rate", "service_rate", "squared_cv"))


def _pollaczek_khinchine_plan(p: Parameters) -> Plan:
    one, scv = {**p, "servers": 1}, p["squared_cv"]
    relative = _wait_deviation(one) / theory.erlang_c(**_mm(one))["mean_wait"] * math.sqrt((1 + scv) / 2)
    rates = p_of(p, "arrival_rate", "service_rate", "squared_cv")
    return Plan(
        arrival_rate=p["arrival_rate"],
        fastest=max(p["arrival_rate"], p["service_rate"]),
        deviations={"mean_wait": relative * _pollaczek_khinchine(p)["mean_wait"]},
        relaxation=1 / general_relaxation_rate(**rates),
        drain=_CERTAINTY * (1 + scv) * (1 / _slack(one) + 1 / p["service_rate"]),
    )


def p_of(p: Parameters, *names: str) -> dict[str, Any]:
    """Some of the parameters."""
    return {name: p[name] for name in names}


def _pollaczek_khinchine_scenario(p: Parameters, phases: Span) -> Scenario:
    return _one_pool("pollaczek_khinchine", p, phases)


def _pollaczek_khinchine_measure(ledgers: Mapping[str, Ledger], p: Parameters, hour: float) -> Quantities:
    waited_h, _ = waits(only(ledgers))
    return {"mean_wait": float(waited_h.mean()) / hour}


POLLACZEK_KHINCHINE = Yardstick(
    name="pollaczek_khinchine",
    about="one rep, work of any spread (M/G/1, gamma): wait λE[S²]/(2(1-ρ))",
    defaults={"arrival_rate": 0.8, "service_rate": 1.0, "squared_cv": 0.5},
    precision=0.10,
    theory=_pollaczek_khinchine,
    plan=_pollaczek_khinchine_plan,
    scenario=_pollaczek_khinchine_scenario,
    measure=_pollaczek_khinchine_measure,
)


# Response decay


def _response_decay(p: Parameters) -> Quantities:
    return theory.response_decay(**_mm(p), decay_rate=p["decay_rate"])


def _response_decay_plan(p: Parameters) -> Plan:
    chain, c, decay = Chain(**_mm(p)), p["servers"], p["decay_rate"]
    busy = c * p["service_rate"]
    alive = (busy / (busy + decay)) ** np.maximum(chain.states - c + 1, 0)
    own = math.sqrt(bernoulli(_response_decay(p)["interested_share"]))
    plan = _queue_plan(p, {"interested_share": math.hypot(chain.deviation(alive), own)})
    return Plan(plan.arrival_rate, max(plan.fastest, decay), plan.deviations, plan.relaxation, plan.drain)


def _response_decay_scenario(p: Parameters, phases: Span) -> Scenario:
    dies = _interest(p["decay_rate"], phases.hour, "found_at_contact") if p["decay_rate"] else {}
    return _one_pool("response_decay", p, phases, mechanisms=dies)


def _response_decay_measure(ledgers: Mapping[str, Ledger], p: Parameters, hour: float) -> Quantities:
    return {"interested_share": outcome_share(only(ledgers), "won")}


RESPONSE_DECAY = Yardstick(
    name="response_decay",
    about="interest that dies and is noticed only at contact: share still interested 1-C+C(cμ-λ)/(cμ-λ+δ)",
    defaults={"arrival_rate": 8.0, "service_rate": 1.0, "servers": 10, "decay_rate": 0.5},
    precision=0.03,
    theory=_response_decay,
    plan=_response_decay_plan,
    scenario=_response_decay_scenario,
    measure=_response_decay_measure,
)


# Round robin


def _round_robin(p: Parameters) -> Quantities:
    return theory.round_robin(**_mm(p))


def _lists_plan(p: Parameters, deviations: Quantities) -> Plan:
    """Plan of c lists with one server each."""
    one = {**p, "arrival_rate": p["arrival_rate"] / p["servers"], "servers": 1}
    plan = _queue_plan(one, deviations)
    fastest = max(p["arrival_rate"], p["service_rate"])
    return Plan(p["arrival_rate"], fastest, deviations, plan.relaxation, plan.drain)


def _round_robin_plan(p: Parameters) -> Plan:
    expected, k = _round_robin(p), p["servers"]
    relative = _wait_deviation(p, servers=1) / expected["mean_wait_random"]
    in_turn = relative * expected["mean_wait"] * math.sqrt((1 + 1 / k) / 2)
    return _lists_plan(p, {"mean_wait": in_turn, "mean_wait_random": relative * expected["mean_wait_random"]})


def _round_robin_scenario(p: Parameters, phases: Span) -> Scenario:
    lists = {**OWN_LISTS, "reps": p["servers"]}
    designs = {"in turn": {**lists, "routing": "round_robin"}, "random": {**lists, "routing": "random"}}
    return _one_pool("round_robin", p, phases, designs=designs)


def _round_robin_measure(ledgers: Mapping[str, Ledger], p: Parameters, hour: float) -> Quantities:
    names = {"mean_wait": "in turn", "mean_wait_random": "random"}
    return {quantity: float(waits(ledgers[design])[0].mean()) / hour for quantity, design in names.items()}


ROUND_ROBIN = Yardstick(
    name="round_robin",
    about="leads dealt in turn to own lists (E_c/M/1), and at random (M/M/1); arrival_rate of all together",
    defaults={"arrival_rate": 4.0, "service_rate": 1.0, "servers": 5},
    precision=0.10,
    theory=_round_robin,
    plan=_round_robin_plan,
    scenario=_round_robin_scenario,
    measure=_round_robin_measure,
)


# One pool or territories


def _pooled_or_territories(p: Parameters) -> Quantities:
    return theory.pooled_or_territories(**_mm(p))


def _pooled_or_territories_plan(p: Parameters) -> Plan:
    pooled, apart = _wait_deviation(p), _wait_deviation(p, servers=1)
    return _lists_plan(p, {"mean_wait_pooled": pooled, "mean_wait_territories": apart})


def _pooled_or_territories_scenario(p: Parameters, phases: Span) -> Scenario:
    c = p["servers"]
    regions = [f"region {number + 1}" for number in range(c)]
    cells = [
        cell(p["arrival_rate"] / c, phases.hour, customers=p["customers"] / c, region=region) for region in regions
    ]
    return _one_pool(
        "pooled_or_territories",
        p,
        phases,
        cells=cells,
        market={"regions": {region: {} for region in regions}},
        designs={
            "pool": {**POOL, "reps": c},
            "territories": {"structure": "geographic", "layers": 1, "reps": c},
        },
    )


def _pooled_or_territories_measure(ledgers: Mapping[str, Ledger], p: Parameters, hour: float) -> Quantities:
    names = {"mean_wait_pooled": "pool", "mean_wait_territories": "territories"}
    return {quantity: float(waits(ledgers[design])[0].mean()) / hour for quantity, design in names.items()}


POOLED_OR_TERRITORIES = Yardstick(
    name="pooled_or_territories",
    about="one pool of c (M/M/c) against c territories of one (c × M/M/1); arrival_rate of all together",
    defaults={"arrival_rate": 8.0, "service_rate": 1.0, "servers": 10},
    precision=0.10,
    theory=_pooled_or_territories,
    plan=_pooled_or_territories_plan,
    scenario=_pooled_or_territories_scenario,
    measure=_pooled_or_territories_measure,
)
