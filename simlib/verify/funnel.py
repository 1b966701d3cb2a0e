"""Yardstick of a deal that passes from team to team: each stage has people of its own, and some deals come back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from simlib.errors import SimlibError
from simlib.ledger import Ledger
from simlib.scenario.schema import Scenario
from simlib.verify.network import Funnel, funnel
from simlib.verify.queueing import CERTAINTY, parts
from simlib.verify.reduction import bare, cell, cohort, cohort_size, only
from simlib.verify.theory import Quantities
from simlib.verify.yardstick import Parameters, Plan, Span, Yardstick

_MOST_PEOPLE = 500


def _funnel(p: Parameters) -> Funnel:
    people = math.fsum(p["servers"])
    if people > _MOST_PEOPLE:
        raise SimlibError(f"servers: got {people:g} in all, must be at most {_MOST_PEOPLE}, a position each")
    return funnel(**parts(p, "arrival_rate", "servers", "service_rates", "pass_probabilities", "returns_to"))


def _staged_funnel(p: Parameters) -> Quantities:
    return _funnel(p).quantities


def _staged_funnel_plan(p: Parameters) -> Plan:
    found = _funnel(p)
    return Plan(
        arrival_rate=p["arrival_rate"],
        fastest=max(p["arrival_rate"], *p["service_rates"]),
        deviations=found.deviations,
        relaxation=found.relaxation,
        drain=CERTAINTY * found.longest_stay,
    )


def _stage(number: int) -> str:
    return f"stage {number}"


def _staged_funnel_scenario(p: Parameters, phases: Span) -> Scenario:
    stages: list[dict[str, Any]] = [
        {"name": _stage(number), "effort_hours": phases.hour / rate, "effort_scv": 1.0, "pass_probability": share}
        for number, (rate, share) in enumerate(zip(p["service_rates"], p["pass_probabilities"], strict=True), start=1)
    ]
    if p["returns_to"]:
        stages[-1]["fails_to"] = _stage(p["returns_to"])
    positions = [
        {"name": f"{_stage(number)}, seat {seat + 1}", "role": "rep", "stages": [_stage(number)]}
        for number, count in enumerate(p["servers"], start=1)
        for seat in range(int(count))
    ]
    return bare(
        "staged_funnel",
        phases,
        cells=[cell(p["arrival_rate"], phases.hour, customers=p["customers"])],
        stages=stages,
        designs={"funnel": {"positions": positions, "pooled": True}},
    )


def _staged_funnel_measure(ledgers: Mapping[str, Ledger], p: Parameters, hour: float) -> Quantities:
    """Of the leads of the window; the number present is the time they spent, by the length of the window."""
    ledger = only(ledgers)
    ended = cohort(ledger)
    if len(ended) != cohort_size(ledger) or not len(ended) or bool(ended["closed_h"].isna().any()):
        return dict.fromkeys(_staged_funnel(p), math.nan)
    gates = ledger.gates[ledger.gates["lead"].isin(ended["lead"]).to_numpy()]
    met = gates["stage"].astype(str).value_counts()
    spent = float((ended["closed_h"] - ended["known_h"]).sum()) / hour
    visits = {
        f"flow_per_lead_{number}": float(met.get(_stage(number), 0)) / len(ended)
        for number in range(1, len(p["servers"]) + 1)
    }
    return {
        **visits,
        "mean_number": spent / (p["customers"] / p["arrival_rate"]),
        "mean_time": spent / len(ended),
        "won_share": float((ended["outcome"] == "won").mean()),
    }


STAGED_FUNNEL = Yardstick(
    name="staged_funnel",
    about="stages with people of their own, the last sends some back (Jackson): traffic equations, Erlang C at each",
    defaults={
        "arrival_rate": 5.0,
        "servers": (3, 5, 1),
        "service_rates": (2.0, 0.5, 1.5),
        "pass_probabilities": (0.4, 0.5, 0.8),
        "returns_to": 2,
    },
    precision=0.10,
    theory=_staged_funnel,
    plan=_staged_funnel_plan,
    scenario=_staged_funnel_scenario,
    measure=_staged_funnel_measure,
)
