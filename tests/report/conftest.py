"""A synthetic run for the report's tests: real organisations, figures made up by a fixed rule, hostile names."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simlib.measure.figures import FIGURES
from simlib.org import build
from simlib.runs.results import Results
from simlib.scenario.schema import Scenario

HOSTILE = "<script>alert(1)</script>"
NAMES = ("pyramid", "flat", "product_line", "customer_type", "pooled", HOSTILE)
LEVEL = {
    "money": 1.2e7,
    "money_per_head": 8e5,
    "money_per_customer": 2500.0,
    "share": 0.5,
    "ratio": 3.0,
    "hours": 300.0,
    "days": 45.0,
    "count": 400.0,
}
KNOWN = {
    "contribution": 6e6,
    "selling_cost": 4.3e6,
    "cost_people": 3.8e6,
    "cost_travel": 3e5,
    "cost_tools": 1e5,
    "cost_training": 1e5,
    "cost_marketing": 5e4,
    "cost_other": 0.0,
    "conflict_money_direct": 4e5,
    "coverage": 0.85,
    "needs": 4000.0,
    "leads": 3000.0,
    "won": 800.0,
    "loss_unsound": 9e4,
    "load_per_rep": 22.0,
    "load_per_manager": 6.0,
    "conflict_hours": 120.0,
}
ACTIVITIES = {
    "contact": 0.2,
    "proposal": 0.2,
    "close": 0.1,
    "call": 0.15,
    "travel": 0.12,
    "settling": 0.01,
    "idle": 0.18,
    "absent": 0.04,
}
SHIFTS = (0.0, 0.25, -0.4, 0.004, 0.05, 0.3)
"""Relative difference of each design's contribution from the first's."""


def scenario(*, reps: int = 60, designs: Sequence[str] = NAMES) -> Scenario:
    """A market with hostile names, in which every preset is a design."""
    structures = {HOSTILE: {"structure": "geographic", "span": 7}}
    regions = ("华东", "华北", "华南", "西南", "west & <b>", "north")
    cells = [
        {
            "region": region,
            "segment": segment,
            "needs_per_week": 20.0,
            "products": {"machine": 0.6, "service": 0.4},
            "value": {"median": 60000.0, "log_sd": 0.8},
        }
        for region in regions
        for segment in ("enterprise", "small")
    ]
    return Scenario.model_validate(
        {
            "name": "synthetic",
            "title": f"Six ways to sell {HOSTILE}",
            "market": {
                "regions": {region: {} for region in regions},
                "products": {"machine": {"complexity": 0.7}, "service": {}},
                "segments": {"enterprise": {}, "small": {}},
            },
            "demand": {"kind": "synthetic", "cells": cells},
            "people": {"rep": {"count": reps}},
            "mechanisms": {"focus": {"exponent": 0.1}},
            "stages": [
                {"name": name, "effort_hours": 2.0, "pass_probability": 0.7}
                for name in ("contact", "proposal", "close")
            ],
            "costs": {"rep_per_year": 112000.0, "margin": 0.4},
            "organisation": {"authority": {"rep": 50000.0}},
            "compare": {"baseline": designs[0], "zone_per_year": 1000000.0},
            "designs": {name: structures.get(name, {"structure": name}) for name in designs},
            "targets": {"coverage": 0.85, "cycle_mean_days": 45.0, "acquisition_cost": 2500.0},
            "evidence": {
                "mechanisms.focus.exponent": {
                    "source": "power law of practice",
                    "grade": "guess",
                    "low": 0.0,
                    "high": 0.3,
                },
                "costs.rep_per_year": {"source": f"payroll {HOSTILE}", "grade": "data"},
                "stages.proposal.effort_hours": {"source": "interviews | two *managers*", "grade": "expert"},
            },
        }
    )


def figures(designs: Sequence[str], *, replications: int, seed: int) -> pd.DataFrame:
    """Figures around known levels; designs differ by SHIFTS, worlds by a shock that all designs share."""
    dice, rows = np.random.default_rng(seed), []
    for replication in range(replications):
        world = dice.normal()
        for number, design in enumerate(designs):
            own = dice.normal()
            for metric, spec in FIGURES.items():
                level = KNOWN.get(metric, LEVEL[spec.unit])
                shift = (
                    0.0
                    if metric == "needs"
                    else SHIFTS[number % len(SHIFTS)] * (1.0 if metric == "contribution" else 0.3)
                )
                value = level * (1 + shift + 0.03 * world + 0.02 * own)
                rows.append((design, replication, metric, value, spec.unit))
    frame = pd.DataFrame(rows, columns=["design", "replication", "metric", "value", "unit"])
    frame.loc[frame["metric"] == "conflict_money_total", "value"] = np.nan  # needs paired reruns
    return frame


def breakdown(organisations: dict[str, Any], *, replications: int) -> pd.DataFrame:
    """Stages, hours and positions; travel grows from design to design."""
    rows: list[tuple[Any, ...]] = []
    for number, (design, organisation) in enumerate(organisations.items()):
        for replication in range(replications):
            key = (design, replication)
            for step, stage in enumerate(("contact", "proposal", "close")):
                rows.append((*key, "stage", stage, "entered", 2600 * 0.7**step * (1 + 0.03 * number), "count"))
                rows.append((*key, "stage", stage, "passed", 2600 * 0.7 ** (step + 1), "count"))
            for activity, share in ACTIVITIES.items():
                more = 1 + 0.4 * number if activity == "travel" else 1.0
                rows.append((*key, "activity", activity, "hours", 60000 * share * more, "hours"))
            for place, position in enumerate(organisation.positions):
                rows.append(
                    (
                        *key,
                        "position",
                        position.id,
                        "utilisation",
                        0.4 + 0.6 * ((place * 7 + number) % 11) / 10,
                        "share",
                    )
                )
                rows.append((*key, "position", position.id, "leads", 20.0 + place % 9, "count"))
    return pd.DataFrame(rows, columns=["design", "replication", "level", "group", "metric", "value", "unit"])


@pytest.fixture(scope="session")
def make_results() -> Callable[..., Results]:
    """Builds a synthetic run: `make_results(reps=60, replications=24, seed=1, designs=NAMES)`."""

    def make(*, reps: int = 60, replications: int = 24, seed: int = 1, designs: Sequence[str] = NAMES) -> Results:
        asked = scenario(reps=reps, designs=designs)
        organisations = {name: build(name, asked) for name in designs}
        return Results(
            scenario=asked,
            seed=seed,
            replications=replications,
            figures=figures(designs, replications=replications, seed=seed),
            breakdown=breakdown(organisations, replications=replications),
            organisations=organisations,
        )

    return make


@pytest.fixture(scope="session")
def results(make_results: Callable[..., Results]) -> Results:
    """24 worlds of six designs of about 60 reps."""
    return make_results()
