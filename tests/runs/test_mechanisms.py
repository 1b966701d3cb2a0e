"""Every mechanism can be off and then vanishes exactly; each on its own does what its rule says."""

import numpy as np
import pandas as pd
import pytest

from simlib.ledger import Ledger
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario, switch_off, vary
from simlib.world import draw_world
from tests.worlds import DESIGNS, MECHANISMS, small


def ledger_of(scenario: Scenario, name: str, seed: int = 5) -> Ledger:
    """The first world of a seed, met by one design."""
    return simulate(build(name, scenario), draw_world(scenario, seed=seed, replication=0))


def wins(ledger: Ledger) -> set[tuple[int, float]]:
    """Needs won, with the time of the signature."""
    won = ledger.leads[ledger.leads["outcome"] == "won"]
    return set(zip(won["need"], won["closed_h"], strict=True))


def test_all_off_every_organisation_wins_exactly_the_same_deals():
    """Structure acts through mechanisms only: without them the designs sign the same deals at the same instants."""
    scenario = vary(switch_off(small()), {"demand.inbound_share": 1.0})
    scenario = vary(scenario, {"people.rep.absence_share": 0.0})
    outcomes = {name: wins(ledger_of(scenario, name)) for name in DESIGNS}
    reference = outcomes.pop("pyramid")
    assert len(reference) > 20
    assert all(other == reference for other in outcomes.values())


NEUTRAL = {
    "skill": {"people.rep.skill_sd": 0.0},
    "focus": {"mechanisms.focus.exponent": 0.0},
    "travel": {"mechanisms.travel.remote_share": 1.0},
    "approval": {"organisation.authority": {}},
    "calls": {"mechanisms.calls.probability": 0.0},
    "interest": {"mechanisms.interest": {"kind": "table", "table": [[1.0, 1.0], [2.0, 1.0]]}},
    "overlap": {
        "mechanisms.overlap.confusion": 0.0,
        "mechanisms.overlap.crowding": 0.0,
        "mechanisms.overlap.settling_hours": 0.0,
        "organisation.list_overlap": 0.0,
    },
}


@pytest.mark.parametrize("mechanism", NEUTRAL)
def test_a_mechanism_at_its_neutral_value_is_the_mechanism_off(mechanism):
    """The same work at the same instants, to the bit, in three designs: nothing of the mechanism is left when off."""
    base = small()
    base = vary(base, {path: value for path, value in NEUTRAL[mechanism].items() if not path.startswith("mechanisms.")})
    neutral, off = (
        vary(base, {p: v for p, v in NEUTRAL[mechanism].items() if p.startswith("mechanisms.")}),
        switch_off(base, mechanism),
    )
    for name in ("pyramid", "product_line", "pooled"):
        one, other = ledger_of(neutral, name), ledger_of(off, name)
        pd.testing.assert_frame_equal(one.work, other.work)
        pd.testing.assert_frame_equal(one.leads, other.leads)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_mechanism_acts(mechanism):
    """On, it changes what happens: else the test above would prove nothing."""
    scenario = small()
    assert any(
        not ledger_of(scenario, name).work.equals(ledger_of(switch_off(scenario, mechanism), name).work)
        for name in ("pyramid", "product_line")
    )


def test_the_run_takes_its_mechanisms_from_the_caller_too():
    """`mechanisms=` replaces the world's own, as explanations need it."""
    scenario = small()
    world, organisation = draw_world(scenario, seed=5, replication=0), build("pyramid", scenario)
    off = switch_off(scenario, "overlap")
    given = simulate(organisation, world, mechanisms=off.mechanisms)
    own = simulate(organisation, draw_world(off, seed=5, replication=0))
    pd.testing.assert_frame_equal(given.leads, own.leads)


def test_the_same_seed_gives_the_same_bytes():
    """A pure function: nothing is left over from an earlier run."""
    scenario = small()
    one, other = ledger_of(scenario, "product_line"), ledger_of(scenario, "product_line")
    for table in ("leads", "work", "waits", "gates", "money", "conflicts", "decisions", "handovers", "seats"):
        pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table))


def test_crowding_comes_from_the_structure_and_duplicates_from_the_lists():
    """With disjoint lists nobody pursues a colleague's lead.

    Sellers by product still meet at an account's door; a seller by customer type never does, for he alone serves it.
    """
    scenario = vary(small(), {"organisation.list_overlap": 0.0})
    by_product, by_customer = (ledger_of(scenario, name).conflicts for name in ("product_line", "customer_type"))
    assert set(by_product["kind"]) == {"crowding"}
    assert len(by_customer) == 0


def test_a_second_seller_is_not_a_second_lottery_ticket():
    """Everybody on everybody's list, without confusion and with endless hours: calls find more needs, and no more.

    No known lead is won that its first pursuit would have lost.
    """
    scenario = vary(
        small(mechanisms={"queueing": "off", "calls": {"probability": 1.0, "hours": 0.5}, "overlap": {}}),
        {"organisation.list_overlap": 1.0},
    )
    alone = switch_off(scenario, "overlap")
    both = [
        set(ledger.leads["need"][ledger.leads["outcome"] == "won"])
        for ledger in (ledger_of(scenario, "dealt_out"), ledger_of(alone, "dealt_out"))
    ]
    world = draw_world(scenario, seed=5, replication=0)
    sure = {
        n
        for n in range(len(world.needs))
        if all(
            world.needs.gate_u[n, k] < scenario.stages[k].pass_probability for k in range(world.needs.first_stage[n], 3)
        )
    }
    assert both[0] <= sure
    assert both[1] <= sure
    assert len(both[0]) > 10


def test_a_lead_that_comes_at_night_waits_until_morning():
    """Calendars: nobody begins work before nine, after five or at the weekend; customers' own delays run on."""
    ledger = ledger_of(vary(small(), {"people.rep.absence_share": 0.0}), "flat")
    work = ledger.work[~ledger.work["activity"].isin(["idle", "absent"])]
    assert (work["start_h"] % 24 >= 9).all()
    assert (work["end_h"] % 24 <= 17).all()
    assert (np.floor(work["start_h"] / 24) % 7 < 5).all()
    night = ledger.leads["known_h"] % 24 < 8
    first = ledger.leads["first_contact_h"][night].dropna()
    assert (first % 24 >= 9).all()
    assert len(first) > 5


def test_approval_screens_and_waits_at_the_managers_desk():
    """Deals above authority are looked at by a boss, those below by nobody; a declined deal is lost for that reason."""
    ledger = ledger_of(small(), "pyramid")
    asked = ledger.decisions
    assert (asked["asked"] > 3_000_000).all()
    assert asked["party"].astype(str).str.match("manager|director|executive").all()
    declined = set(ledger.leads["lead"][ledger.leads["reason"] == "declined"])
    refused = asked.groupby("lead")["granted"].min()
    assert declined == set(refused.index[refused == 0])
    assert declined
