"""Doubt: every draw is a value that a scenario may have, and only what is the world's is drawn."""

import numpy as np
import pytest

from simlib.scenario import Scenario, value_at, vary
from simlib.world import draw_worlds
from simlib.world.doubt import doubted, drawn_paths
from simlib.world.draws import Dice
from tests.worlds import small

WORLDS = 200


def guess(**ends: float) -> dict[str, object]:
    """Evidence graded guess."""
    return {"source": "x", "grade": "guess", **ends}


def drawn(scenario: Scenario, path: str) -> np.ndarray:
    """A parameter in many worlds."""
    return np.array([value_at(doubted(scenario, Dice(7, world)), path) for world in range(WORLDS)])


def doubtful(path: str, stated: object, **ends: float) -> Scenario:
    """A scenario with one doubtful parameter."""
    return vary(small(compare={"doubt": "grades"}), {path: stated, "evidence": {path: guess(**ends)}})


@pytest.mark.parametrize(
    ("path", "stated", "low", "high"),
    [
        ("mechanisms.calls.probability", 0.7, 0.5, 1.0),
        ("mechanisms.calls.probability", 0.3, 0.0, 0.5),
        ("mechanisms.calls.probability", 0.3, -1.0, 2.0),
        ("people.rep.absence_share", 0.1, 0.0, 0.3),
        ("people.rep.skill_sd", 0.3, 0.0, 0.6),
        ("mechanisms.focus.exponent", 1.5, 0.5, 2.0),
        ("demand.window_days", 40.0, 0.0, 60.0),
        ("market.win_log_odds", -0.2, -1e300, 40.0),
        ("demand.trend_per_year", -0.5, -1.0, 0.1),
    ],
)
def test_ends_at_and_beyond_the_bounds_of_the_schema_are_drawn(path: str, stated: float, low: float, high: float):
    """Every world is drawn; the stated value is the median, and both sides move (99.9% interval)."""
    values = drawn(doubtful(path, stated, low=low, high=high), path)
    assert abs((values < stated).mean() - 0.5) < 3.3 * 0.5 / np.sqrt(WORLDS)
    assert (values != stated).all()
    assert (values > high).mean() < 0.11
    assert (values < low).mean() < 0.11


@pytest.mark.parametrize(("stated", "low", "high"), [(0.0, 0.0, 0.2), (1.0, 0.6, 1.0)])
def test_a_share_of_0_or_1_with_a_range_is_drawn_towards_its_inside(stated: float, low: float, high: float):
    """Linear in z: half of the worlds keep it, the others lie evenly inside, 5% beyond the end."""
    values = drawn(
        doubtful("mechanisms.travel.remote_share", stated, low=low, high=high), path="mechanisms.travel.remote_share"
    )
    assert abs((values == stated).mean() - 0.5) < 3.3 * 0.5 / np.sqrt(WORLDS)
    inside = (values >= low) & (values <= high)
    assert abs(inside.mean() - 0.95) < 3.3 * np.sqrt(0.95 * 0.05 / WORLDS)


def test_zero_with_a_range_is_drawn_and_without_one_stays():
    """A log-odds of 0 between -0.5 and 0.9: 90% of the draws inside, both signs; without a range 0 has no scale."""
    values = drawn(doubtful("market.win_log_odds", 0.0, low=-0.5, high=0.9), "market.win_log_odds")
    assert abs((values < 0).mean() - 0.5) < 3.3 * 0.5 / np.sqrt(WORLDS)
    assert abs(((values > -0.5) & (values < 0.9)).mean() - 0.9) < 3.3 * 0.3 / np.sqrt(WORLDS)
    assert drawn_paths(doubtful("market.win_log_odds", 0.0)) == ()
    assert drawn_paths(doubtful("mechanisms.calls.probability", 1.0)) == ()


def test_a_default_range_does_not_pass_a_bound():
    """An exponent of 1.9 guessed without a range would be drawn up to 3; the schema allows 2, which so is its end."""
    values = drawn(doubtful("mechanisms.focus.exponent", 1.9), "mechanisms.focus.exponent")
    assert values.max() <= 2
    assert abs((values > 1.9).mean() - 0.5) < 3.3 * 0.5 / np.sqrt(WORLDS)


def test_a_negative_value_with_one_end_has_its_default_range_on_the_other_side():
    """-1 with the low end -2: the other end is -1/1.6, above it, so half of the draws are above."""
    values = drawn(doubtful("market.win_log_odds", -1.0, low=-2.0), "market.win_log_odds")
    assert abs((values > -1.0).mean() - 0.5) < 3.3 * 0.5 / np.sqrt(WORLDS)


def test_what_the_user_chooses_is_never_drawn():
    """Horizon, confidence, designs, axes, targets and the budget's people stay; the margin beside them is drawn."""
    chosen = (
        "calendar.horizon_days",
        "compare.confidence",
        "compare.zone_per_year",
        "organisation.list_overlap",
        "organisation.authority.rep",
        "people.rep.count",
        "costs.people_per_year",
        "market.size_bands.0",
        "targets.revenue",
    )
    scenario = small(
        compare={"doubt": "grades", "zone_per_year": 1000.0},
        targets={"revenue": 5.0},
        costs={"rep_per_year": 100000.0, "margin": 0.4, "people_per_year": 900000.0},
        evidence={path: guess() for path in (*chosen, "costs.margin")},
    )
    assert drawn_paths(scenario) == ("costs.margin",)
    worlds = [world.scenario for world in draw_worlds(scenario, seed=3, replications=3)]
    for path in chosen:
        assert {value_at(world, path) for world in worlds} == {value_at(scenario, path)}
    assert len({world.costs.margin for world in worlds}) == 3
    assert drawn_paths(vary(scenario, {"compare.doubt": "none"})) == ()


def test_a_draw_that_breaks_a_rule_between_parameters_leaves_its_parameter_as_stated():
    """Below 1, `inbound_share` needs a window that is not stated here; the margin is drawn all the same."""
    scenario = vary(
        small(compare={"doubt": "grades"}),
        {
            "demand.inbound_share": 1.0,
            "demand.window_days": None,
            "evidence": {"demand.inbound_share": guess(low=0.5), "costs.margin": guess()},
        },
    )
    assert set(drawn(scenario, "demand.inbound_share")) == {1.0}
    assert len(set(drawn(scenario, "costs.margin"))) == WORLDS
