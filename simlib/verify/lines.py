"""Yardsticks of how leads are lined up: by grade, by the spread of the work, in turn, by territory."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from simlib.errors import SimlibError
from simlib.ledger import Ledger
from simlib.scenario.schema import Scenario
from simlib.verify import theory
from simlib.verify.planning import general_relaxation_rate
from simlib.verify.queueing import CERTAINTY, mmc, one_pool, parts, queue_plan, slack, wait_deviation
from simlib.verify.reduction import OWN_LISTS, POOL, cell, only, waits
from simlib.verify.theory import Quantities
from simlib.verify.yardstick import Parameters, Plan, Span, Yardstick

# Cobham


def _cobham(p: Parameters) -> Quantities:
    return theory.cobham(p["rates"], service_rate=p["service_rate"], servers=p["servers"])


def _cobham_plan(p: Parameters) -> Plan:
    expected = _cobham(p)
    total = {**p, "arrival_rate": math.fsum(p["rates"])}
    found = theory.erlang_c(**mmc(total))
    if not found["mean_wait"]:
        return queue_plan(total, dict.fromkeys(expected, 0.0))
    relative = wait_deviation(total) / found["mean_wait"]
    deviations = {}
    for grade, rate in enumerate(p["rates"], start=1):
        own = 3 / found["wait_probability"] * total["arrival_rate"] / rate
        deviations[f"mean_wait_{grade}"] = expected[f"mean_wait_{grade}"] * math.sqrt(relative**2 + own)
    plan = queue_plan(total, deviations)
    # The last grade is overtaken: whoever waits at the end may wait for the whole queue to empty.
    return Plan(plan.arrival_rate, plan.fastest, deviations, plan.relaxation, 15 * plan.relaxation + plan.drain)


def _cobham_scenario(p: Parameters, phases: Span) -> Scenario:
    total = math.fsum(p["rates"])
    grades = range(1, len(p["rates"]) + 1)
    cells = [
        cell(rate, phases.hour, customers=p["customers"] * rate / total, segment=f"grade {grade}")
        for grade, rate in zip(grades, p["rates"], strict=True)
    ]
    return one_pool(
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


_LARGEST_SCV = 100


def _pollaczek_khinchine(p: Parameters) -> Quantities:
    if p["squared_cv"] > _LARGEST_SCV:
        raise SimlibError(
            f"pollaczek_khinchine.squared_cv: got {p['squared_cv']:g}, must be at most {_LARGEST_SCV}, as for any stage"
        )
    return theory.pollaczek_khinchine(**parts(p, "arrival_rate", "service_rate", "squared_cv"))


def _pollaczek_khinchine_plan(p: Parameters) -> Plan:
    one, scv = {**p, "servers": 1}, p["squared_cv"]
    relative = wait_deviation(one) / theory.erlang_c(**mmc(one))["mean_wait"] * math.sqrt((1 + scv) / 2)
    rates = parts(p, "arrival_rate", "service_rate", "squared_cv")
    return Plan(
        arrival_rate=p["arrival_rate"],
        fastest=max(p["arrival_rate"], p["service_rate"]),
        deviations={"mean_wait": relative * _pollaczek_khinchine(p)["mean_wait"]},
        relaxation=1 / general_relaxation_rate(**rates),
        drain=CERTAINTY * (1 + scv) * (1 / slack(one) + 1 / p["service_rate"]),
    )


def _pollaczek_khinchine_scenario(p: Parameters, phases: Span) -> Scenario:
    return one_pool("pollaczek_khinchine", p, phases)


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


# Round robin


def _round_robin(p: Parameters) -> Quantities:
    return theory.round_robin(**mmc(p))


def _lists_plan(p: Parameters, deviations: Quantities) -> Plan:
    """Plan of c lists with one server each."""
    one = {**p, "arrival_rate": p["arrival_rate"] / p["servers"], "servers": 1}
    plan = queue_plan(one, deviations)
    fastest = max(p["arrival_rate"], p["service_rate"])
    return Plan(p["arrival_rate"], fastest, deviations, plan.relaxation, plan.drain)


def _round_robin_plan(p: Parameters) -> Plan:
    expected, k = _round_robin(p), p["servers"]
    relative = wait_deviation(p, servers=1) / expected["mean_wait_random"]
    in_turn = relative * expected["mean_wait"] * math.sqrt((1 + 1 / k) / 2)
    return _lists_plan(p, {"mean_wait": in_turn, "mean_wait_random": relative * expected["mean_wait_random"]})


def _round_robin_scenario(p: Parameters, phases: Span) -> Scenario:
    lists = {**OWN_LISTS, "reps": p["servers"]}
    designs = {"in turn": {**lists, "routing": "round_robin"}, "random": {**lists, "routing": "random"}}
    return one_pool("round_robin", p, phases, designs=designs)


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


_MOST_TERRITORIES = 500


def _pooled_or_territories(p: Parameters) -> Quantities:
    if p["servers"] > _MOST_TERRITORIES:
        raise SimlibError(
            f"pooled_or_territories.servers: got {p['servers']}, must be at most {_MOST_TERRITORIES}, a region each"
        )
    return theory.pooled_or_territories(**mmc(p))


def _pooled_or_territories_plan(p: Parameters) -> Plan:
    pooled, apart = wait_deviation(p), wait_deviation(p, servers=1)
    return _lists_plan(p, {"mean_wait_pooled": pooled, "mean_wait_territories": apart})


def _pooled_or_territories_scenario(p: Parameters, phases: Span) -> Scenario:
    c = p["servers"]
    regions = [f"region {number + 1}" for number in range(c)]
    cells = [
        cell(p["arrival_rate"] / c, phases.hour, customers=p["customers"] / c, region=region) for region in regions
    ]
    return one_pool(
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
