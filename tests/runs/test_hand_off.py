"""Deals that change hands: what is forgotten and dropped, as the rule says, and nothing charged on what was won."""

import numpy as np
import pytest

from simlib.ledger import Ledger
from simlib.measure.precision import student_quantile
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario, vary
from simlib.world import draw_world
from tests.worlds import small

RULE = {"forgotten": 0.4, "dropped": 0.3, "hours": 0.5}


def relay(clarity: float, **mechanisms: object) -> Scenario:
    """Three sellers in succession, each on a stage."""
    design = {"structure": "functional", "partition": "none", "reps": 9, "clarity": clarity}
    return small(designs={"relay": design}, mechanisms={"hand_off": RULE, **mechanisms})


def ledger_of(scenario: Scenario, replication: int = 0) -> Ledger:
    """One world of the design."""
    return simulate(build("relay", scenario), draw_world(scenario, seed=8, replication=replication))


@pytest.mark.parametrize("clarity", [0.0, 0.5, 1.0])
def test_every_change_of_hands_forgets_its_share(clarity):
    """At stage k a deal has changed hands k times, one that began there none; clear duties take their share off."""
    ledger = ledger_of(relay(clarity))
    changes = ledger.handovers.groupby("lead").size()
    assert changes.max() == 2
    last = ledger.gates.groupby("lead").tail(1).set_index("lead")
    expected = -0.4 * (1 - clarity) * changes.reindex(last.index).fillna(0)
    assert last["forgotten"].to_numpy() == pytest.approx(expected.to_numpy())


@pytest.mark.parametrize("clarity", [0.0, 0.6])
def test_the_stated_share_falls_between_two(clarity):
    """Of the deals that pass on, (1 − clarity) · dropped are lost between hands: inside 99.9% over 30 worlds."""
    wanted, gaps = 0.3 * (1 - clarity), []
    for replication in range(30):
        ledger = ledger_of(relay(clarity), replication)
        dropped = (ledger.leads["reason"] == "between hands").sum()
        gaps.append(dropped - wanted * (dropped + len(ledger.handovers)))
    low_high = student_quantile(29, 0.9995) * np.std(gaps, ddof=1) / np.sqrt(30)
    assert abs(np.mean(gaps)) < low_high
    assert np.std(gaps) > 0


def test_clear_duties_drop_nothing():
    """With everything written down a hand-off loses nothing."""
    ledger = ledger_of(relay(1.0))
    assert not (ledger.leads["reason"] == "between hands").any()
    assert not len(ledger.conflicts)


def test_a_gap_costs_nothing_where_a_colleague_wins():
    """Duplicate pursuits of one need: only leads that were lost are charged."""
    overlap = {"account_owner": "per_need", "confusion": 0.0, "crowding": 0.0}
    scenario = relay(0.0, calls={"probability": 1.0, "hours": 0.5}, overlap=overlap)
    scenario = vary(scenario, {"designs.relay.list_overlap": 1.0, "demand.inbound_share": 0.0})
    charged = won_after = 0
    for replication in range(5):
        ledger = ledger_of(scenario, replication)
        gaps = ledger.conflicts[(ledger.conflicts["kind"] == "duty_gap").to_numpy()]
        outcome = ledger.leads.set_index("lead")["outcome"].astype(str)
        assert set(outcome.reindex(gaps["lead"])) <= {"lost", "abandoned"}
        charged += len(gaps)
        won_after += int((outcome == "won").sum())
    assert charged > 5
    assert won_after > 5
