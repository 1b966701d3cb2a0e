"""Yardsticks of the line above the sellers: whom their problems keep busy."""

from __future__ import annotations

import math
from collections.abc import Mapping

from simlib.errors import SimlibError
from simlib.ledger import Ledger
from simlib.scenario.schema import Scenario
from simlib.units import GRID
from simlib.verify import theory_of_people
from simlib.verify.planning import bernoulli
from simlib.verify.reduction import bare, cell, cohort, cohort_size, only
from simlib.verify.theory import Quantities
from simlib.verify.yardstick import Parameters, Plan, Span, Yardstick

_PER_TIME = 10.0
"""Problems per unit of time, spread over the reps; each comes with one unit of work, and nobody waits for anybody."""
_REPS = 5
_RAREST = 15.0
"""Knowledge beyond which no run would see a problem that the reps cannot solve."""
_LONGEST = 1e4
"""Longest help, in units of a problem's work."""


def _hierarchy(p: Parameters) -> Quantities:
    for name, most in (("knowledge", _RAREST), ("helping_hours", _LONGEST)):
        if p[name] > most:
            raise SimlibError(f"{name}: got {p[name]:g}, must be at most {most:g}, or no run would be long enough")
    return theory_of_people.knowledge_hierarchy(p["helping_hours"], knowledge=p["knowledge"])


def _hierarchy_plan(p: Parameters) -> Plan:
    expected, brought = _hierarchy(p), math.exp(-p["knowledge"])
    relative = math.sqrt(bernoulli(brought)) / brought
    return Plan(
        arrival_rate=_PER_TIME,
        fastest=max(_PER_TIME, 1 / p["helping_hours"]),
        deviations={name: value * relative for name, value in expected.items()},
        drain=2 * (1 + p["helping_hours"]),
    )


def _hierarchy_scenario(p: Parameters, phases: Span) -> Scenario:
    return bare(
        "knowledge_hierarchy",
        phases,
        cells=[cell(_PER_TIME, phases.hour, customers=p["customers"])],
        mechanisms={
            "queueing": "off",
            "help": {"rep_knows": p["knowledge"], "hours": p["helping_hours"] * phases.hour},
        },
        stages=[{"name": "work", "effort_hours": phases.hour, "problem_probability": 1.0}],
        designs={"line": {"structure": "flat", "partition": "none", "layers": 2, "span": _REPS, "reps": _REPS}},
    )


def _hierarchy_measure(ledgers: Mapping[str, Ledger], p: Parameters, hour: float) -> Quantities:
    """The boss's hours of help by hour of the reps' work on the window's leads: what one rep who is always busy takes
    of the boss's time; and the same once more, as the inverse of the span."""
    ledger = only(ledgers)
    ended = cohort(ledger)
    if len(ended) != cohort_size(ledger) or not len(ended) or bool(ended["closed_h"].isna().any()):
        return {"load_per_rep": math.nan, "span": math.nan}
    work = ledger.work[ledger.work["lead"].isin(ended["lead"]).to_numpy()]
    hours = (work["end_h"] - work["start_h"]).groupby(work["activity"].astype(str)).sum()
    asked = int((ledger.waits["lead"].isin(ended["lead"]) & (ledger.waits["kind"] == "help")).sum())
    each = float(hours.get("help", 0.0)) / max(asked, 1)
    if abs(each - p["helping_hours"] * hour) <= 1 / GRID:
        each = p["helping_hours"] * hour  # the run's times are on a grid
    load = asked * each / float(hours["work"])
    return {"load_per_rep": load, "span": load}


KNOWLEDGE_HIERARCHY = Yardstick(
    name="knowledge_hierarchy",
    about="problems beyond a rep's knowledge go to the boss (Garicano): time of the boss h·e^(-z), span its inverse",
    defaults={"helping_hours": 0.2, "knowledge": 1.5},
    precision=0.03,
    theory=_hierarchy,
    plan=_hierarchy_plan,
    scenario=_hierarchy_scenario,
    measure=_hierarchy_measure,
    inverses=frozenset({"span"}),
)
