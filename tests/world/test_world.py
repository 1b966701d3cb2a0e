"""The world does not depend on what we choose, and adding something changes nobody else's luck."""

import numpy as np
import pytest

from simlib.model.behaviour import interest_hours
from simlib.scenario import vary
from simlib.world import World, draw_world, draw_worlds
from simlib.world.demand import Needs
from tests.worlds import small


def rows(needs: Needs) -> dict[int, tuple[object, ...]]:
    """Every need with all that was drawn for it, by its exogenous key."""
    names = (
        "at_h",
        "window_end_h",
        "value",
        "sound",
        "inbound",
        "interest_u",
        "gate_u",
        "effort_h",
        "delay_h",
        "account_share",
    )
    columns = [getattr(needs, name) for name in names]
    return {
        int(key): tuple(np.asarray(column[row]).tobytes() for column in columns) for row, key in enumerate(needs.keys)
    }


def world(scenario) -> World:
    """One world, the same for every test."""
    return draw_world(scenario, seed=4, replication=2)


def test_the_same_seed_gives_the_same_world_and_zero_is_a_seed():
    """To the bit; and neighbours differ."""
    scenario = small()
    first, again = (rows(draw_world(scenario, seed=0, replication=0).needs) for _ in range(2))
    assert first == again
    assert first != rows(draw_world(scenario, seed=1, replication=0).needs)


def test_a_replication_does_not_depend_on_how_many_are_drawn():
    """World 2 of 3 is world 2 of 5."""
    scenario = small()
    short = [rows(w.needs) for w in draw_worlds(scenario, seed=9, replications=3)]
    long = [rows(w.needs) for w in draw_worlds(scenario, seed=9, replications=5)]
    assert short == long[:3]


@pytest.mark.parametrize(
    "changes",
    [
        {"people.rep.count": 10},
        {"designs.pooled.span": 2},
        {"designs.flat.reps": 4},
        {"mechanisms.calls": "off"},
        {"organisation.span": 9},
    ],
    ids=str,
)
def test_one_rep_or_design_more_changes_no_need(changes):
    """Needs know nothing of people and designs."""
    scenario = small()
    assert rows(world(scenario).needs) == rows(world(vary(scenario, changes)).needs)


def test_one_account_more_at_the_same_rate_per_account_changes_nobody_elses_needs():
    """40 accounts with 4 needs a week, 50 with 5: the same rate per account, so the first 40 keep all they had."""
    scenario = small()
    calm = vary(scenario, {"demand.opening_pipeline": 0, "demand.dispersion": 1.0})
    more = vary(calm, {"demand.cells.0.accounts": 50, "demand.cells.0.needs_per_week": 5.0})
    before, after = rows(world(calm).needs), rows(world(more).needs)
    assert len(after) > len(before)
    assert before.items() <= after.items()


def test_one_person_more_changes_nobody_elses_talent_and_larger_firms_hold_the_smaller_ones_people():
    """A pool of people in keyed order: nested prefixes."""
    w = world(small())
    assert set(w.people("rep", 9)) < set(w.people("rep", 10)) == set(range(10))
    assert w.talent("rep", 3) == world(small(people={"rep": {"count": 30, "skill_sd": 0.3}})).talent("rep", 3)
    assert w.people("rep", 9) != list(range(9))


def test_counts_have_the_stated_mean_and_dispersion():
    """Gamma-mixed Poisson: over 300 worlds of 4 weeks a region's count has mean m and variance-to-mean ratio D = 3.

    99.9% intervals (chi-square for the variance, widened by the excess of a gamma-mixed count).
    """
    cells = [
        {
            "region": "east",
            "segment": "large",
            "needs_per_week": 20.0,
            "accounts": 50,
            "products": {"machine": 1.0},
            "value": {"median": 1.0},
        }
    ]
    scenario = small(
        demand={"kind": "synthetic", "dispersion": 3.0, "cells": cells},
        calendar={"warm_up_days": 0.0, "horizon_days": 28.0, "drain_days": 0.0},
    )
    counts = np.array([len(w.needs) for w in draw_worlds(scenario, seed=1, replications=300)])
    assert abs(counts.mean() - 80) < 3.3 * np.sqrt(240 / 300)
    assert 3 * 0.72 < counts.var(ddof=1) / counts.mean() < 3 * 1.32


def test_values_windows_and_lifetimes_have_their_medians():
    """Value, window (mean·ln 2) and interest: half of the needs lie below the median, within 3.3 standard errors."""
    needs = [w.needs for w in draw_worlds(small(), seed=2, replications=40)]
    segment = np.concatenate([n.segment for n in needs])
    value = np.concatenate([n.value for n in needs])[segment == 0] / 100
    interest = interest_hours(np.concatenate([n.interest_u for n in needs]), small().mechanisms.interest)
    window = np.concatenate([n.window_end_h - n.at_h for n in needs])
    for column, median in ((value, 50000), (interest, 150), (window, 40 * 24 * np.log(2))):
        assert abs((column < median).mean() - 0.5) < 3.3 * 0.5 / np.sqrt(len(column))


def test_doubt_draws_guesses_around_the_stated_value_and_leaves_data_alone():
    """The median drawn is the stated value; 90% of draws lie inside the range; a parameter graded data never moves."""
    evidence = {
        "mechanisms.calls.probability": {"source": "x", "grade": "guess", "low": 0.5, "high": 0.8},
        "market.win_log_odds": {"source": "x", "grade": "expert", "low": -0.5, "high": 0.9},
        "costs.margin": {"source": "x", "grade": "data"},
    }
    scenario = vary(small(evidence=evidence, compare={"doubt": "grades"}), {"market.win_log_odds": 0.2})
    drawn = [w.scenario for w in draw_worlds(scenario, seed=5, replications=200)]
    calls = np.array([s.mechanisms.calls.probability for s in drawn])
    assert {s.costs.margin for s in drawn} == {0.4}
    assert abs((calls < 0.7).mean() - 0.5) < 3.3 * 0.5 / np.sqrt(200)
    assert abs(((calls > 0.5) & (calls < 0.8)).mean() - 0.9) < 3.3 * 0.3 / np.sqrt(200)
    assert calls.max() < 1
    odds = np.array([s.market.win_log_odds for s in drawn])
    assert abs(((odds > -0.5) & (odds < 0.9)).mean() - 0.9) < 3.3 * 0.3 / np.sqrt(200)
    certain = vary(scenario, {"compare.doubt": "none"})
    assert draw_world(certain, seed=5, replication=0).scenario == certain
