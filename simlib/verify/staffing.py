"""Yardstick of people who come, learn and go: what is left of the time on their seats."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from simlib.errors import SimlibError
from simlib.ledger import Ledger
from simlib.scenario.schema import Scenario
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY
from simlib.verify import theory_of_people
from simlib.verify.reduction import POOL, bare, cell, only
from simlib.verify.theory import Quantities
from simlib.verify.yardstick import Parameters, Plan, Span, Yardstick

_LEAVERS_PER_SEAT = 12
"""So many leave each seat while it is measured; more of them take more seats."""
_DAYS = 700
"""Length of a run; longer where stays would be short, for people come and go on whole days."""
_SHORTEST_STAY_DAYS = 8.0
_MOST_DAYS = 3600.0
"""Of warm-up and of window."""
_TASK_HOURS = 96.0
_SPARE = 1.02
"""Tasks beyond what all seats could do: the queue never empties."""
_MOST_OUT = 50.0
"""Ramp or vacancy, in mean stays, beyond which hardly anything would be done in a run."""


def _share(p: Parameters) -> Quantities:
    found = theory_of_people.ramp_turnover_share(p["leaving_rate"], vacancy=p["vacancy"], ramp=p["ramp"])
    for name in ("vacancy", "ramp"):
        if p[name] * p["leaving_rate"] > _MOST_OUT:
            rule = f"must be at most {_MOST_OUT:g} mean stays ({_MOST_OUT / p['leaving_rate']:g})"
            raise SimlibError(f"{name}: got {p[name]:g}, {rule}, or hardly anybody would work in a run")
    return found


def _cycle(p: Parameters) -> float:
    """Mean time from one replacement's first day to the next one's."""
    return float(1 / p["leaving_rate"] + p["vacancy"])


def _seats(p: Parameters) -> int:
    return max(10, math.ceil((p["customers"] or 0) / _LEAVERS_PER_SEAT))


def _plan(p: Parameters) -> Plan:
    """By renewal reward: the spread of what a cycle brings beyond its length times the share, over stays of every
    length. The start is forgotten in about a cycle, more slowly if stays are short beside vacancies."""
    expected, cycle, ramp = _share(p), _cycle(p), p["ramp"]
    u = (np.arange(100_000) + 0.5) / 100_000
    stay = -np.log1p(-u) / p["leaving_rate"]
    slow = np.minimum(stay, ramp)
    worked = stay - slow + (slow**2 / (2 * ramp) if ramp else 0.0)
    brought = {"seated_share": stay, "productive_share": worked}
    return Plan(
        arrival_rate=_seats(p) / cycle,
        fastest=p["leaving_rate"],
        deviations={name: float(np.std(brought[name] - share * stay)) / cycle for name, share in expected.items()},
        relaxation=cycle * max(1.0, (cycle * p["leaving_rate"]) ** 2 / (2 * math.pi**2)),
    )


def _unit_days(p: Parameters, phases: Span) -> float:
    """Days of the run in a unit of the rates' time, so many that the vacancy takes whole days, if it is not too short
    beside a stay for that: then half a day does not matter."""
    days = max(_DAYS / (phases.warm_up + phases.horizon), _SHORTEST_STAY_DAYS * p["leaving_rate"])
    longest = _MOST_DAYS / max(phases.warm_up, phases.horizon)
    if p["vacancy"] * longest < 1:
        return float(longest if p["vacancy"] else days)
    return float(math.ceil(p["vacancy"] * days) / p["vacancy"])


def _scenario(p: Parameters, phases: Span) -> Scenario:
    day, seats = _unit_days(p, phases), _seats(p)
    own = replace(phases, hour=day * HOURS_PER_DAY)
    hours = seats * (phases.warm_up + phases.horizon) * own.hour
    return bare(
        "ramp_turnover_share",
        own,
        cells=[cell(0.0, own.hour, customers=p["customers"])],
        demand={"opening_pipeline": math.ceil(_SPARE * hours / _TASK_HOURS) + seats},
        mechanisms={
            "turnover": {
                "leaving_rate_per_year": p["leaving_rate"] / day * DAYS_PER_YEAR,
                "vacancy_days": p["vacancy"] * day,
            },
            "ramp": {"days": p["ramp"] * day, "start_speed": 0.0},
        },
        stages=[{"name": "task", "effort_hours": _TASK_HOURS}],
        people={"rep": {"count": seats}},
        designs={"seats": {**POOL, "reps": seats}},
    )


def _measure(ledgers: Mapping[str, Ledger], p: Parameters, hour: float) -> Quantities:
    """Work done in the window, and hours in which seats were held, by hours of all seats."""
    ledger = only(ledgers)
    first, last = ledger.frame.window_from_h, ledger.frame.window_to_h
    seat_h = _seats(p) * (last - first)
    held = np.clip(ledger.seats["to_h"], first, last) - np.clip(ledger.seats["from_h"], first, last)
    return {
        "seated_share": float(held.sum()) / seat_h,
        "productive_share": (_done_by(ledger, last) - _done_by(ledger, first)) / seat_h,
    }


def _done_by(ledger: Ledger, at: float) -> float:
    """Work done up to an instant: the tasks that are done, and the hours spent on those in hand, so that the edges of
    the window do not depend on where in a task they fall."""
    done = ledger.gates["lead"][ledger.gates["at_h"] <= at]
    in_hand = ledger.work[(ledger.work["lead"] >= 0) & ~ledger.work["lead"].isin(done)]
    hours = np.clip(in_hand["end_h"], None, at) - np.clip(in_hand["start_h"], None, at)
    return len(done) * _TASK_HOURS + float(hours.sum())


RAMP_TURNOVER_SHARE = Yardstick(
    name="ramp_turnover_share",
    about="people leave, seats are vacant, newcomers begin slowly: (1/ν)/(1/ν+V) seated, times (1-e^(-νR))/(νR) done",
    defaults={"leaving_rate": 0.27, "vacancy": 4 / 12, "ramp": 5 / 12},
    precision=0.01,
    theory=_share,
    plan=_plan,
    scenario=_scenario,
    measure=_measure,
)
