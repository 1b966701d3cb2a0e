"""Organisations tried in worlds that were drawn once."""

from pathlib import Path

import pandas as pd
import pytest

from simlib.decide.levers import designed, settings, with_designs
from simlib.org import build
from simlib.runs import run
from simlib.runs.bench import open_bench
from simlib.scenario import Scenario, load_scenario


@pytest.fixture(scope="module")
def scenario(root: Path) -> Scenario:
    """The shipped workshop."""
    return load_scenario(root / "scenarios" / "workshop.yaml")


def test_worlds_drawn_once_give_what_worlds_drawn_anew_give(scenario: Scenario) -> None:
    """To the bit: what the levers change is no part of a world, be it heads, pay, channels or policies."""
    moved = {"reps": 9, "pay": "mix_40_60", "channels": ("force", "dealers"), "policies": ("deal_registration",)}
    design = designed(scenario, {**settings(scenario, "pyramid"), **moved})
    changed = with_designs(scenario, {"now": design})
    figures, breakdown = open_bench(scenario, seed=3, replications=2).tried(build("now", changed))
    anew = run(changed, seed=3, replications=2)
    second = {"figures": anew.figures, "breakdown": anew.breakdown}
    for name, table in {"figures": figures, "breakdown": breakdown}.items():
        full = second[name][~second[name]["metric"].isin(["conflict_money_total", "money_total"])]
        pd.testing.assert_frame_equal(table, full.reset_index(drop=True), check_dtype=False)


@pytest.mark.slow
def test_helpers_change_nothing(scenario: Scenario) -> None:
    """The same bytes from two processes as from one."""
    organisation = build("flat", scenario)
    alone, shared = (open_bench(scenario, seed=3, replications=3, workers=n).tried(organisation) for n in (1, 2))
    pd.testing.assert_frame_equal(alone[0], shared[0])
    pd.testing.assert_frame_equal(alone[1], shared[1])
