"""What policing against diversion is worth to the firm: where the best effort lies (X3, docs/trials.md)."""

import math
from collections.abc import Mapping
from typing import Any

import pytest

from simlib.measure.precision import Interval, mean_interval
from simlib.runs.batch import contributions
from simlib.scenario import Scenario, vary

HALF = 40_000.0
"""What policing costs a year that finds half of the diverted sales."""
ENDS = HALF * math.log2(1 / (1 - 0.15 / 0.25))
"""Policing from which on nobody diverts: gap 0.2 − transport 0.05 = found share · penalty 0.25; found share 0.6."""


def two_regions(**changes: Any) -> Scenario:
    """A year, 2,000 needs at 2,000 (median) in two regions; dealers of the north pay a fifth less."""
    scenario = Scenario.model_validate(
        {
            "calendar": {"horizon_days": 364.0, "drain_days": 0.0},
            "compare": {"doubt": "none"},
            "market": {"regions": {"north": {}, "south": {}}},
            "demand": {
                "cells": [
                    {
                        "region": name,
                        "needs_per_week": 20.0,
                        "accounts": 2000,
                        "value": {"median": 2000.0, "log_sd": 0.5},
                    }
                    for name in ("north", "south")
                ]
            },
            "mechanisms": {
                "buying": {"worth": [0.9, 1.9], "noise": 0.1, "transport": 0.1},
                "diversion": {"transport": 0.05, "half_found_per_year": HALF},
            },
            "stages": [{"name": "talk", "effort_hours": 0.0}],
            "costs": {"margin": 0.6, "rep_per_year": 1.0},
            "channels": {
                "dealers": {
                    "price": 0.8,
                    "outlets": 2,
                    "tiers": [{"markup": 0.25}],
                    "region_prices": {"north": 0.8},
                    "penalty": 0.25,
                }
            },
            "designs": {"dealers": {"structure": "flat", "layers": 1, "reps": 1, "channels": ["dealers"]}},
        }
    )
    return vary(scenario, changes)


def gains(scenario: Scenario, policing: Mapping[str, float]) -> dict[str, Interval]:
    """By level of policing, the contribution against none, in the same 20 worlds; 99.9%."""
    levels = {"none": 0.0, **policing}
    found = {
        name: contributions(
            vary(scenario, {"channels.dealers.policing_per_year": money}), ["dealers"], seed=7, replications=20
        )["dealers"]
        for name, money in levels.items()
    }
    return {
        name: mean_interval(
            [one - none for one, none in zip(found[name], found["none"], strict=True)], confidence=0.999
        )
        for name in policing
    }


@pytest.mark.slow
def test_policing_is_best_where_it_just_ends_diversion():
    """The firm loses a fifth of its price on every diverted sale. All dealers are alike, so that policing acts by its
    penalties until nobody diverts any more, and then only costs."""
    found = gains(two_regions(), {"half": HALF, "just not": 0.98 * ENDS, "just": 1.001 * ENDS, "twice": 2 * ENDS})
    assert found["half"].low > 0
    assert found["just not"].high < found["just"].low
    assert found["twice"].high < found["just"].low


@pytest.mark.slow
def test_without_a_penalty_policing_only_costs():
    """What is found costs nobody anything, so nobody stops: the best effort is none."""
    scenario = two_regions(**{"channels.dealers.penalty": 0.0})
    found = gains(scenario, {"half": HALF, "twice": 2 * ENDS})
    assert found["half"].mean == pytest.approx(-HALF * 364 / 365, rel=1e-3)
    assert found["twice"].high < found["half"].low


@pytest.mark.slow
def test_where_diversion_brings_customers_policing_does_harm():
    """Goods cost hardly anything to make, and many are priced out in the south: what is diverted is mostly sold to who
    would not have bought. The best effort is none, though there are penalties to be had."""
    scenario = two_regions(**{"costs.margin": 0.95, "mechanisms.buying.worth": [0.4, 1.2]})
    found = gains(scenario, {"little": HALF / 4, "just": 1.001 * ENDS})
    assert found["little"].high < 0
    assert found["just"].high < found["little"].low
