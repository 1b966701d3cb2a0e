"""Building blocks of a yardstick: the bare scenario, and what can be read off a ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from simlib.errors import SimlibError
from simlib.ledger import Ledger
from simlib.scenario.schema import Scenario
from simlib.verify.yardstick import Span

Floats = NDArray[np.float64]
HOURS_PER_WEEK = 168.0
_NEEDS_PER_ACCOUNT = 4
_MOST_ACCOUNTS = 200_000
POOL = {"structure": "pooled", "layers": 1}
OWN_LISTS = {"structure": "flat", "layers": 1, "partition": "none"}


def cell(rate: float, hour: float, *, customers: float, **place: Any) -> dict[str, Any]:
    """Needs at a rate per unit of time. `place`: region, segment or value, where they matter."""
    accounts = int(min(max(customers / _NEEDS_PER_ACCOUNT, 1), _MOST_ACCOUNTS))
    needs = rate / hour * HOURS_PER_WEEK
    return {"needs_per_week": needs, "accounts": accounts, "value": {"median": 100.0}, **place}


def served_at(rate: float, hour: float, *, squared_cv: float = 1.0) -> list[dict[str, Any]]:
    """One stage whose work takes 1/rate units of time on average."""
    return [{"name": "service", "effort_hours": hour / rate, "effort_scv": squared_cv}]


def bare(name: str, phases: Span, **sections: Any) -> Scenario:
    """A scenario in which only what `sections` turn on is on; everybody is always at work, always first come first
    served. A `cells` section is put into the demand."""
    demand = {"cells": sections.pop("cells"), **sections.pop("demand", {})}
    mechanisms = {"queueing": {"next_task": "oldest_first"}, **sections.pop("mechanisms", {})}
    stated = {
        "name": name,
        "calendar": {**phases.days(), "hours_per_week": None},
        "compare": {"doubt": "none"},
        "demand": demand,
        "mechanisms": mechanisms,
        **sections,
    }
    try:
        return Scenario.model_validate(stated)
    except ValidationError as error:
        places = [".".join(str(part) for part in fault["loc"]) for fault in error.errors()]
        rules = [f"{place}: {fault['msg']}" for place, fault in zip(places, error.errors(), strict=True)]
        raise SimlibError(f"{name}: no scenario can have these parameters: {'; '.join(rules)}") from None


def cohort(ledger: Ledger) -> Any:
    """The leads of the needs that arose in the window, one row each."""
    inside = ledger.needs["cohort"].to_numpy()
    return ledger.leads[inside[ledger.leads["need"].to_numpy()]]


def cohort_size(ledger: Ledger) -> int:
    """Needs that arose in the window."""
    return int(ledger.needs["cohort"].sum())


def waits(ledger: Ledger) -> tuple[Floats, NDArray[np.int64]]:
    """Hours that each need of the window waited, and its row number; a single NaN if somebody still waits at the end.

    For leads of one stage and no approval: each waits once.
    """
    inside = ledger.needs["cohort"].to_numpy()
    table = ledger.waits
    rows = table["lead"].to_numpy()
    mine = inside[rows] & table["end"].isin(("served", "left")).to_numpy()
    if int(mine.sum()) != int(inside.sum()) or not mine.any():
        return np.array([np.nan]), np.array([0])
    hours = (table["to_h"] - table["from_h"]).to_numpy()
    return hours[mine], rows[mine].astype(np.int64)


def outcome_share(ledger: Ledger, outcome: str) -> float:
    """Share of the window's needs whose lead ended so; NaN if one is undecided."""
    ended = cohort(ledger)["outcome"]
    if not len(ended) or bool((ended == "open").any()) or len(ended) != cohort_size(ledger):
        return np.nan
    return float((ended == outcome).mean())


def only(ledgers: Mapping[str, Ledger]) -> Ledger:
    """The ledger of the only design."""
    (ledger,) = ledgers.values()
    return ledger
