"""Yardsticks of deals: calls, revenue (nobody waits for anybody in these), and the books of any run."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from scipy.special import bdtr

from simlib.errors import SimlibError
from simlib.ledger import Ledger
from simlib.scenario.schema import Scenario
from simlib.verify import theory
from simlib.verify.planning import bernoulli
from simlib.verify.reduction import OWN_LISTS, POOL, bare, cell, only
from simlib.verify.theory import Quantities
from simlib.verify.yardstick import Parameters, Plan, Span, Yardstick

_UNIT = 1e6
"""Currency units in one unit of a yardstick's money: deal values are whole units."""
_NO_WORK = [{"name": "signature", "effort_hours": 0.0}]
_AT_ONCE = {"queueing": "off"}
_PER_TIME = 10.0
"""Leads per unit of time where time plays no part."""


# Overlap

_CALL_HOURS = 1e-3
_WINDOW = 0.5
"""Units of time; so short that every call falls into the run."""


def _overlap(p: Parameters) -> Quantities:
    return theory.overlap(p["sellers"], call_probability=p["call_probability"])


def _overlap_plan(p: Parameters) -> Plan:
    expected, k, q = _overlap(p), p["sellers"], p["call_probability"]
    deviations = {name: math.sqrt(bernoulli(expected[name])) for name in ("touched_share", "collision_share")}
    calls = np.arange(k + 1)
    rest = (calls > 0) - (1 - expected["wasted_share"]) * calls
    shares = np.diff(bdtr(calls, k, q), prepend=0.0)
    spread = float(rest**2 @ shares)
    deviations["wasted_share"] = math.sqrt(spread) / (k * q) if q else 0.0
    return Plan(arrival_rate=_PER_TIME, fastest=_PER_TIME, deviations=deviations, drain=10.0)


def _overlap_scenario(p: Parameters, phases: Span) -> Scenario:
    return bare(
        "overlap",
        phases,
        cells=[cell(_PER_TIME, phases.hour, customers=p["customers"])],
        demand={"inbound_share": 0.0, "window_days": _WINDOW * phases.hour / 24},
        mechanisms={
            **_AT_ONCE,
            "calls": {"probability": p["call_probability"], "hours": _CALL_HOURS},
            "overlap": {"account_owner": "per_need"},
        },
        stages=_NO_WORK,
        designs={"one list": {**OWN_LISTS, "reps": p["sellers"], "list_overlap": 1.0}},
    )


def _overlap_measure(ledgers: Mapping[str, Ledger], p: Parameters, hour: float) -> Quantities:
    ledger = only(ledgers)
    # Every call waits, if only for an instant, and once; its work may be written in two parts (overtime).
    waits = ledger.waits
    called = waits["lead"].to_numpy()[((waits["kind"] == "call") & (waits["end"] == "served")).to_numpy()]
    calls = np.bincount(called, minlength=len(ledger.needs))[ledger.needs["cohort"].to_numpy()]
    touched = int((calls > 0).sum())
    return {
        "touched_share": touched / len(calls),
        "collision_share": float((calls > 1).mean()),
        "wasted_share": 1 - touched / int(calls.sum()) if touched else 0.0,
    }


OVERLAP = Yardstick(
    name="overlap",
    about="sellers on one list call an account each with the same probability: touched, met by two, wasted (binomial)",
    defaults={"sellers": 3, "call_probability": 0.4},
    precision=0.03,
    theory=_overlap,
    plan=_overlap_plan,
    scenario=_overlap_scenario,
    measure=_overlap_measure,
)


# Revenue

_TRUST = 25.0
"""Values needed for a mean to be nearly normal, times the squared skewness (Cochran, Sampling Techniques, 2.15)."""


def _compound_revenue(p: Parameters) -> Quantities:
    return theory.compound_revenue(p["arrival_rate"], **{n: p[n] for n in ("mean_value", "squared_cv")})


def _compound_revenue_plan(p: Parameters) -> Plan:
    expected, deals, spread = _compound_revenue(p), p["arrival_rate"], 1 + p["squared_cv"]
    # Squared log-normal values have the skewness (w + 2)√(w - 1), w = spread⁴; the variance needs values to match it.
    skewness = (spread**4 + 2) * math.sqrt(spread**4 - 1)
    relative = math.hypot(math.sqrt(2 * deals + spread**4) / 2, math.sqrt(_TRUST) * skewness * 0.005)
    deviations = {"mean": expected["mean"] * math.sqrt(spread), "sd": expected["sd"] * relative}
    return Plan(arrival_rate=deals, fastest=deals, deviations=deviations)


def _compound_revenue_scenario(p: Parameters, phases: Span) -> Scenario:
    spread = 1 + p["squared_cv"]
    value = {"median": _UNIT / math.sqrt(spread), "log_sd": math.sqrt(math.log(spread))}
    return bare(
        "compound_revenue",
        phases,
        cells=[cell(p["arrival_rate"], phases.hour, customers=p["customers"], value=value)],
        mechanisms=_AT_ONCE,
        stages=_NO_WORK,
        designs={"pool": {**POOL, "reps": 1}},
    )


def _compound_revenue_measure(ledgers: Mapping[str, Ledger], p: Parameters, hour: float) -> Quantities:
    """Mean and variance of the revenue over the run's periods; a part of a period at the end is left out."""
    ledger = only(ledgers)
    sales = ledger.money[(ledger.money["kind"] == "sale").to_numpy()]
    periods = int(ledger.frame.window_to_h / hour * (1 + 1e-12))
    if periods < 2:
        return {"mean": math.nan, "sd": math.nan}
    period = (sales["at_h"].to_numpy() / hour).astype(np.int64)
    revenue = np.bincount(period, weights=sales["amount"].to_numpy(), minlength=periods)[:periods]
    revenue *= p["mean_value"] / ledger.frame.minor_units / _UNIT
    return {"mean": float(revenue.mean()), "sd": float(revenue.var(ddof=1))}


COMPOUND_REVENUE = Yardstick(
    name="compound_revenue",
    about="revenue of a Poisson number of log-normal deals in a period: mean λE[D], sd √(λE[D²])",
    defaults={"arrival_rate": 12.0, "mean_value": 50.0, "squared_cv": 1.0},
    precision=0.03,
    theory=_compound_revenue,
    plan=_compound_revenue_plan,
    scenario=_compound_revenue_scenario,
    measure=_compound_revenue_measure,
    roots=frozenset({"sd"}),
)


# Little

_SEASON_HOURS = 24 * 24.0
"""Length of the month in which leads arrive; it ends before January does."""
_YEARS_REST = 300.0
_QUIET = (1.0,) + (0.0,) * 11


def _little_plan(p: Parameters) -> Plan:
    for name in ("arrival_rate", "service_rate"):
        if p[name] <= 0:
            raise SimlibError(f"little.{name}: got {p[name]:g}, must be above 0")
    load = p["arrival_rate"] / p["service_rate"] / p["servers"]
    if p["servers"] < 1 or load > 10:
        raise SimlibError(f"little.servers: got {p['servers']}, must be at least a tenth of the load of "
                          f"{p['arrival_rate'] / p['service_rate']:g}, or the run never becomes empty")  # fmt: skip
    return Plan(arrival_rate=p["arrival_rate"], fastest=max(p["arrival_rate"], p["service_rate"]), deviations={})


def _little_scenario(p: Parameters, phases: Span) -> Scenario:
    """From empty to empty: leads arrive in one month, and there is time to end them all. Two stages, lost deals and
    customers who leave: whatever went on inside."""
    hour = _SEASON_HOURS / phases.horizon
    return bare(
        "little",
        Span(1.0, 0.0, _SEASON_HOURS, _YEARS_REST * 24, 0.0),
        cells=[cell(p["arrival_rate"], hour, customers=p["customers"])],
        demand={"season": _QUIET},
        mechanisms={"interest": {"median_hours": 20 * hour / p["service_rate"], "notices": "leaves_list"}},
        stages=[
            {"name": name, "effort_hours": hour / p["service_rate"] * 2 / 3, "effort_scv": 1.0, "pass_probability": 0.5}
            for name in ("contact", "closing")
        ],
        designs={"pool": {**POOL, "reps": p["servers"]}},
    )


def _little_measure(ledgers: Mapping[str, Ledger], p: Parameters, hour: float) -> Quantities:
    """L from the waits and the work, λW from the leads: two accounts of the same hours. In the run's hours."""
    ledger = only(ledgers)
    known, closed = (ledger.leads[name].to_numpy() for name in ("known_h", "closed_h"))
    if not len(known) or bool(np.isnan(closed).any()):
        return {"mean_number": math.nan, "rate_times_wait": math.nan}
    waited = ledger.waits["to_h"].to_numpy() - ledger.waits["from_h"].to_numpy()
    work = ledger.work[(ledger.work["lead"] >= 0).to_numpy()]
    worked = work["end_h"].to_numpy() - work["start_h"].to_numpy()
    period = float(closed.max() - known.min())
    return {
        "mean_number": float(waited.sum() + worked.sum()) / period,
        "rate_times_wait": theory.little(known, left=closed)["rate_times_wait"],
    }


LITTLE = Yardstick(
    name="little",
    about="L = λW in a run from empty to empty, exact: L from waits and work, λW from the leads",
    defaults={"arrival_rate": 8.0, "service_rate": 1.0, "servers": 10},
    precision=1e-9,
    theory=lambda _: {},
    plan=_little_plan,
    scenario=_little_scenario,
    measure=_little_measure,
    identities={"mean_number": "rate_times_wait"},
)
