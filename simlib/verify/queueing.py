"""What the yardsticks of waiting share: one stage of work, leads that arrive at random, a desk or several."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from simlib.scenario.schema import Scenario
from simlib.verify import theory
from simlib.verify.planning import Chain, relaxation_rate
from simlib.verify.reduction import POOL, bare, cell, served_at
from simlib.verify.theory import Quantities
from simlib.verify.yardstick import Parameters, Plan, Span

CERTAINTY = 30.0
"""Mean times of an exponential after which a drain ends: e⁻³⁰ is left."""


def mmc(p: Parameters) -> dict[str, Any]:
    """The parameters that M/M/c has, for its formulas."""
    return {name: p[name] for name in ("arrival_rate", "service_rate", "servers")}


def slack(p: Parameters) -> float:
    """cμ - λ."""
    return float(p["servers"] * p["service_rate"] - p["arrival_rate"])


def queue_plan(p: Parameters, deviations: Quantities) -> Plan:
    """Plan of M/M/c, served in the order of arrival."""
    return Plan(
        arrival_rate=p["arrival_rate"],
        fastest=max(p["arrival_rate"], p["service_rate"]),
        deviations=deviations,
        relaxation=1 / relaxation_rate(p["arrival_rate"], service_rate=p["service_rate"], servers=p["servers"]),
        drain=CERTAINTY * (1 / slack(p) + 1 / p["service_rate"]),
    )


def wait_deviation(p: Parameters, *, servers: int | None = None) -> float:
    """Of the mean wait in M/M/c: of the queue over the arrival rate (Little), beside it each customer's own chance."""
    c = servers or p["servers"]
    rate = p["arrival_rate"] * c / p["servers"]
    chain = Chain(rate, service_rate=p["service_rate"], servers=c)
    queue = chain.deviation(np.maximum(chain.states - c, 0)) / rate
    found = theory.erlang_c(rate, service_rate=p["service_rate"], servers=c)
    if not found["wait_probability"]:
        return 0.0
    own = found["mean_wait"] * math.sqrt(2 / found["wait_probability"] - 1)
    return math.hypot(queue, own)


def one_pool(name: str, p: Parameters, phases: Span, **changes: Any) -> Scenario:
    """One stage of exponential work (or as `squared_cv` says), one pool; `changes` replace whole sections."""
    sections = {
        "cells": [cell(p["arrival_rate"], phases.hour, customers=p["customers"])],
        "stages": served_at(p["service_rate"], phases.hour, squared_cv=p.get("squared_cv", 1.0)),
        "designs": {"pool": {**POOL, "reps": p.get("servers", 1)}},
        **changes,
    }
    return bare(name, phases, **sections)


def parts(p: Parameters, *names: str) -> dict[str, Any]:
    """Some of the parameters."""
    return {name: p[name] for name in names}
