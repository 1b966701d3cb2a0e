"""Yardsticks of one pool: leads wait for any of several people, patiently or not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import pdtr

from simlib.ledger import Ledger
from simlib.scenario.schema import Scenario
from simlib.verify import theory
from simlib.verify.planning import Chain, bernoulli, relaxation_rate
from simlib.verify.queueing import CERTAINTY, mmc, one_pool, queue_plan, slack, wait_deviation
from simlib.verify.reduction import only, outcome_share, waits
from simlib.verify.theory import Quantities
from simlib.verify.yardstick import Parameters, Plan, Span, Yardstick


def _interest(rate: float, hour: float, notices: str) -> dict[str, Any]:
    """Interest that dies at a rate per unit of time."""
    return {"interest": {"kind": "exponential", "median_hours": math.log(2) / rate * hour, "notices": notices}}


# Erlang C


def _erlang_c(p: Parameters) -> Quantities:
    return theory.erlang_c(**mmc(p), wait_over=p["wait_over"])


def _erlang_c_plan(p: Parameters) -> Plan:
    chain, c = Chain(**mmc(p)), p["servers"]
    over = pdtr(chain.states - c, c * p["service_rate"] * p["wait_over"])
    expected = _erlang_c(p)
    rewards = {"wait_probability": (chain.states >= c) * 1.0, "wait_over_share": np.where(chain.states >= c, over, 0.0)}
    shares = {q: math.hypot(chain.deviation(f), math.sqrt(bernoulli(expected[q]))) for q, f in rewards.items()}
    return queue_plan(p, {**shares, "mean_wait": wait_deviation(p)})


def _erlang_c_scenario(p: Parameters, phases: Span) -> Scenario:
    return one_pool("erlang_c", p, phases)


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
    return theory.erlang_a(**mmc(p), abandonment_rate=p["abandonment_rate"])


def _erlang_a_plan(p: Parameters) -> Plan:
    leaving, c = p["abandonment_rate"], p["servers"]
    chain = Chain(**mmc(p), leaving_rate=leaving)
    queue = chain.deviation(np.maximum(chain.states - c, 0)) / p["arrival_rate"]
    expected = _erlang_a(p)
    waiting = 1 - chain.mean((chain.states < c) * 1.0)
    own = expected["mean_wait"] * math.sqrt(2 / waiting)
    rate, patience = min(p["service_rate"], leaving), 1 / leaving
    if slack(p) > 0:
        rate = max(rate, relaxation_rate(p["arrival_rate"], service_rate=p["service_rate"], servers=c))
        patience = min(patience, 1 / slack(p))
    return Plan(
        arrival_rate=p["arrival_rate"],
        fastest=max(p["arrival_rate"], p["service_rate"], leaving),
        deviations={
            "abandoned_share": math.hypot(leaving * queue, math.sqrt(bernoulli(expected["abandoned_share"]))),
            "mean_wait": math.hypot(queue, own),
        },
        relaxation=1 / rate,
        drain=CERTAINTY * (patience + 1 / p["service_rate"]),
    )


def _erlang_a_scenario(p: Parameters, phases: Span) -> Scenario:
    return one_pool("erlang_a", p, phases, mechanisms=_interest(p["abandonment_rate"], phases.hour, "leaves_list"))


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
    return theory.erlang_b(**mmc(p))


def _erlang_b_plan(p: Parameters) -> Plan:
    chain = Chain(**mmc(p), places=p["servers"])
    full = chain.deviation((chain.states == p["servers"]) * 1.0)
    own = math.sqrt(bernoulli(_erlang_b(p)["lost_share"]))
    return Plan(
        arrival_rate=p["arrival_rate"],
        fastest=max(p["arrival_rate"], p["service_rate"]),
        deviations={"lost_share": math.hypot(full, own)},
        relaxation=1 / p["service_rate"],
        drain=CERTAINTY / p["service_rate"],
    )


def _erlang_b_scenario(p: Parameters, phases: Span) -> Scenario:
    gone_at_once = {"interest": {"kind": "exponential", "median_hours": 0.0, "notices": "leaves_list"}}
    return one_pool("erlang_b", p, phases, mechanisms=gone_at_once)


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


# Response decay


def _response_decay(p: Parameters) -> Quantities:
    return theory.response_decay(**mmc(p), decay_rate=p["decay_rate"])


def _response_decay_plan(p: Parameters) -> Plan:
    chain, c, decay = Chain(**mmc(p)), p["servers"], p["decay_rate"]
    busy = c * p["service_rate"]
    alive = (busy / (busy + decay)) ** np.maximum(chain.states - c + 1, 0)
    own = math.sqrt(bernoulli(_response_decay(p)["interested_share"]))
    plan = queue_plan(p, {"interested_share": math.hypot(chain.deviation(alive), own)})
    return Plan(plan.arrival_rate, max(plan.fastest, decay), plan.deviations, plan.relaxation, plan.drain)


def _response_decay_scenario(p: Parameters, phases: Span) -> Scenario:
    dies = _interest(p["decay_rate"], phases.hour, "found_at_contact") if p["decay_rate"] else {}
    return one_pool("response_decay", p, phases, mechanisms=dies)


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
