"""Figures of what bosses did, against sums made by hand from the ledger."""

import numpy as np
import pytest

from simlib.measure.breakdown import breakdown
from simlib.measure.kpis import figures
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import switch_off, vary
from simlib.world import draw_world
from tests.worlds import small

ACTIVE = vary(small(), {"organisation.authority": {"rep": 10000.0, "manager": 50000.0}})


@pytest.fixture(scope="module")
def ledger():
    """One run with three layers that approve."""
    return simulate(build("pyramid", ACTIVE), draw_world(ACTIVE, seed=5, replication=0))


def values(ledger):
    """Figures by name."""
    return figures(ledger).set_index("metric")["value"]


def test_hours_and_requests_are_counted_by_rep_and_week(ledger):
    """The window has five weeks: what began before or behind it does not count."""
    opens, closes = 7 * 24.0, 42 * 24.0
    held = ledger.seats[(ledger.seats["role"] == "rep").to_numpy()]
    weeks = (held["to_h"].clip(opens, closes) - held["from_h"].clip(opens, closes)).sum() / (7 * 24)
    waits, work = ledger.waits, ledger.work
    asked = waits[(waits["kind"] == "help").to_numpy() & waits["from_h"].between(opens, closes, inclusive="left")]
    assert values(ledger)["help_requests"] == pytest.approx(len(asked) / weeks)
    rows = work[(work["activity"] == "coaching").to_numpy()]
    inside = (rows["end_h"].clip(opens, closes) - rows["start_h"].clip(opens, closes)).sum()
    assert values(ledger)["coaching_hours"] == pytest.approx(inside / weeks)
    assert len(asked) > 10
    assert inside > 10


def test_a_request_waits_at_each_layer(ledger):
    """The mean over all requests is the mean of the layers' means, weighted by their requests."""
    parts = breakdown(ledger)
    layers = parts[(parts["level"] == "role") & (parts["metric"] == "approval_wait_hours")].set_index("group")["value"]
    assert set(layers.index) == {"manager", "director"}
    waits = ledger.waits[(ledger.waits["kind"] == "approval").to_numpy()]
    mine = waits[ledger.needs["cohort"].to_numpy()[waits["lead"].to_numpy()]]
    counts = mine["desk"].astype(str).str.split().str[0].value_counts()
    mean = sum(layers[role] * counts[role] for role in layers.index) / counts.sum()
    assert values(ledger)["approval_wait_hours"] == pytest.approx(mean)


def test_unsolved_problems_burden_a_share_of_gates(ledger):
    """Of the gates of the cohort's leads."""
    gates = ledger.gates[ledger.needs["cohort"].to_numpy()[ledger.gates["lead"].to_numpy()]]
    assert values(ledger)["unsolved_share"] == pytest.approx((gates["unsolved"] < 0).mean())
    assert 0 < values(ledger)["unsolved_share"] < 1


def test_without_the_mechanisms_there_is_nothing_to_count():
    """Nobody asks, nobody coaches, and a wait for approval is undefined."""
    scenario = switch_off(ACTIVE, "help", "coaching", "approval")
    found = values(simulate(build("pyramid", scenario), draw_world(scenario, seed=5, replication=0)))
    assert found["help_requests"] == found["coaching_hours"] == found["unsolved_share"] == 0
    assert np.isnan(found["approval_wait_hours"])
