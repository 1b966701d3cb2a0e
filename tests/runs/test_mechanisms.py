"""Every mechanism can be off and then vanishes exactly; each on its own does what its rule says."""

import numpy as np
import pandas as pd
import pytest

from simlib.ledger import EFFECTS, Ledger
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario, switch_off, vary
from simlib.world import draw_world
from tests.worlds import DESIGNS, MECHANISMS, STAGES, small


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
    "hand_off": {"mechanisms.hand_off": {"forgotten": 0.0, "dropped": 0.0, "hours": 0.0}},
    "review": {"mechanisms.review": {"weight": 0.0}},
    "help": {"mechanisms.help.rep_knows": 1e6},
    "coaching": {"mechanisms.coaching.every_days": 3660.0},
    "sponsor": {"mechanisms.sponsor.from_value": 1e12},
    "dual_reporting": {"organisation.second_line": "none"},
    "coordination": {"mechanisms.coordination": {"meeting_every_days": 1.0}},
    "credit": {"mechanisms.credit": {"dispute_probability": 0.0, "hours": 5.0}},
    "complaints": {"mechanisms.complaints.probability": 0.0},
    "channel_overlap": {"mechanisms.channel_overlap.probability": 0.0},
    "turnover": {"mechanisms.turnover": {"leaving_rate_per_year": 0.0, "vacancy_days": 30.0, "hiring_cost": 9.0}},
    "ramp": {"mechanisms.ramp": {"days": 50.0, "start_speed": 1.0}},
    "training": {"mechanisms.training": {"hours": 0.0, "cost_per_course": 100.0, "log_odds": 1.0}},
    "effort": {"mechanisms.effort.least": 1.0, "mechanisms.effort.most": 1.0},
    "discount": {"mechanisms.discount.most": 0.0},
    "timing": {"mechanisms.timing.reach_days": 0.0},
    "attention": {
        "designs.paid.pay": {},
        "mechanisms.attention.discipline": 0.0,
        "mechanisms.queueing.next_task": "oldest_first",
        "mechanisms.retention": "off",
    },
    "account_effort": {"mechanisms.account_effort.least": 1.0, "mechanisms.account_effort.most": 1.0},
    "teamwork": {"mechanisms.teamwork.log_odds": 0.0},
    "lead_sharing": {"designs.paid.pay": {}, "mechanisms.lead_sharing.discipline": 0.0},
    "satisfaction": {"mechanisms.satisfaction.weights": {}},
    "recognition": {
        "mechanisms.satisfaction.weights.recognition": 0.0,
        "mechanisms.recognition": {"winners": 0.5, "half_life_days": 9.0},
    },
    "career": {
        "mechanisms.satisfaction.weights.promotion": 0.0,
        "mechanisms.satisfaction.weights.passed_over": 0.0,
        "mechanisms.career": {"review": "month", "raises_per_year": [0.0, 0.0]},
    },
    "buying": {
        "channels.force.reach": 1.0,
        **{f"channels.{name}.reach": 0.0 for name in ("dealers", "agents", "site")},
        "mechanisms.buying.worth": [1e6, 1e6],
    },
    "stock": {
        "mechanisms.stock.cover_days": 1e6,
        # Goods on the shelf are paid for: who looks at what is earned does not do the same.
        **{f"mechanisms.{name}": "off" for name in ("partner_effort", "partner_review", "trust")},
        # Who expects to sell nothing of a product at the prices of time zero keeps none of it: they stay as they are.
        "mechanisms.own_prices.every_days": 3660.0,
    },
    "own_prices": {"channels.dealers.price_band": [1.0, 1.0]},
    "exchange": {"mechanisms.exchange.sd_per_year": 0.0},
    "diversion": {"mechanisms.diversion.transport": 100.0},
    "partner_effort": {"mechanisms.partner_effort.least": 1.0, "mechanisms.partner_effort.most": 1.0},
    "trust": {"mechanisms.trust": {"support": 0.5, "lost_sale": 0.5, "effort": 0.0, "leaves": 0.0}},
    "support": {"mechanisms.support": {"training_every_days": 9.0, "untrained_advice": 0.5, "help_hours": 5.0}},
    "partner_review": {"mechanisms.trust.leaves": 0.0, "mechanisms.partner_review": {"every_days": 9.0}},
    "retention": {"demand.existing_share": 0.0},
    "transition": {"mechanisms.transition": {"project_cost": 9000.0, "severance_months": 3.0}},
}


@pytest.mark.parametrize("mechanism", NEUTRAL)
def test_a_mechanism_at_its_neutral_value_is_the_mechanism_off(mechanism):
    """The same work at the same instants, to the bit, in five designs: nothing of the mechanism is left when off."""
    base = small()
    own = f"mechanisms.{mechanism}"
    base = vary(base, {path: value for path, value in NEUTRAL[mechanism].items() if not path.startswith(own)})
    neutral, off = (
        vary(base, {path: value for path, value in NEUTRAL[mechanism].items() if path.startswith(own)}),
        switch_off(base, mechanism),
    )
    for name in ("pyramid", "product_line", "pooled", "functional", "agile", "reformed", "paid", "channels"):
        one, other = ledger_of(neutral, name), ledger_of(off, name)
        pd.testing.assert_frame_equal(one.work, other.work)
        pd.testing.assert_frame_equal(one.leads, other.leads)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_mechanism_acts(mechanism):
    """On, it changes what happens: else the test above would prove nothing."""
    scenario = small()
    off = switch_off(scenario, mechanism)
    designs = ("pyramid", "product_line", "functional", "agile", "matrix", "reformed", "paid", "channels")
    assert any(
        not (one.work.equals(other.work) and one.leads.equals(other.leads))
        for one, other in ((ledger_of(scenario, name), ledger_of(off, name)) for name in designs)
    )


@pytest.mark.parametrize("name", ["pyramid", "backed", "functional"])
def test_the_effects_of_a_gate_explain_its_probability(name):
    """The ledger's columns are all that shifts a gate: their sum, and nothing else, gives the probability."""
    gates = ledger_of(small(), name).gates
    base = gates["stage"].astype(str).map({stage["name"]: stage["pass_probability"] for stage in STAGES})
    x = gates[list(EFFECTS)].sum(axis=1)
    np.testing.assert_allclose(gates["p"], base * np.exp(x) / (1 - base + base * np.exp(x)), rtol=1e-12)
    assert (gates[["unsolved", "coaching", "sponsor"]] != 0).any().all()


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
    """With disjoint lists nobody pursues a colleague's lead, as long as nobody passes leads on.

    Sellers by product still meet at an account's door; a seller by customer type never does, for he alone serves it.
    """
    scenario = vary(small(), {"organisation.list_overlap": 0.0, "mechanisms.lead_sharing": "off"})
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


def test_the_length_of_the_drain_changes_no_call():
    """The edge of the run is a setting of the measurement: what happens before it is the same, soon or late."""
    soon, late = (ledger_of(vary(small(), {"calendar.drain_days": days}), "pyramid").leads for days in (14.0, 100.0))
    edge = (7 + 35) * 24.0
    found = [set(zip(leads["need"], leads["known_h"], strict=True)) for leads in (soon, late)]
    before = [{(need, at) for need, at in each if at < edge} for each in found]
    assert before[0] == before[1]
    assert len(before[0]) > 50


def test_conflict_takes_no_money_from_a_lead_that_was_won():
    """A pursuit that confusion failed is no loss where the colleague signs: direct loss is on lost leads only, once."""
    strong = {**MECHANISMS, "overlap": {"confusion": 2.0, "crowding": 1.0}}
    ledger = ledger_of(vary(small(mechanisms=strong), {"organisation.list_overlap": 0.6}), "dealt_out")
    paid = ledger.conflicts[(ledger.conflicts["hours"] == 0) & (ledger.conflicts["amount"] != 0)]
    lost = set(ledger.leads["lead"][ledger.leads["outcome"].isin(["lost", "abandoned"])])
    assert set(paid["lead"]) <= lost
    assert paid["lead"].is_unique
    assert len(paid) > 3


def test_waiting_for_the_last_approval_wears_interest_too():
    """Slow bosses at the last gate: more customers are gone when the seller comes back with the consent."""
    base = small(mechanisms={**MECHANISMS, "interest": {"kind": "exponential", "median_hours": 40.0}})
    base = vary(
        base,
        {"stages.proposal.approval": False, "stages.closing.approval": True, "organisation.authority": {"rep": 0.0}},
    )
    gone = [
        (ledger_of(vary(base, {"mechanisms.approval.hours": hours}), "flat").leads["outcome"] == "abandoned").sum()
        for hours in (0.0, 12.0)
    ]
    assert gone[1] > gone[0]


def test_the_callers_interest_is_the_one_that_dies():
    """Settings of a mechanism given to `simulate` act, not only whether it is on."""
    scenario = small()
    world, organisation = draw_world(scenario, seed=5, replication=0), build("pyramid", scenario)
    hasty = vary(scenario, {"mechanisms.interest.median_hours": 1.0})
    given = simulate(organisation, world, mechanisms=hasty.mechanisms).leads
    pd.testing.assert_frame_equal(given, simulate(organisation, draw_world(hasty, seed=5, replication=0)).leads)
    assert (given["outcome"] == "abandoned").mean() > 0.5


def test_what_nobody_took_up_is_written_down():
    """One rep for the work of nine: every lead that was never begun has its wait, to the end of the run."""
    scenario = vary(small(mechanisms={}), {"designs.pooled.reps": 1, "people.rep.absence_share": 0.0})
    ledger = ledger_of(scenario, "pooled")
    never = set(ledger.leads["lead"][ledger.leads["first_contact_h"].isna()])
    waiting = ledger.waits[ledger.waits["end"] == "open"]
    assert never
    assert never <= set(waiting["lead"])
    assert (waiting["to_h"] == ledger.frame.end_h).all()


def test_any_hours_stay_on_the_grid():
    """A tenth of an hour is no multiple of the grid: still nobody does two things at once, and no overtime appears."""
    mechanisms = {**MECHANISMS, "calls": {"probability": 0.7, "hours": 0.1}, "approval": {"hours": 0.1}}
    ledger = ledger_of(small(mechanisms=mechanisms), "pyramid")
    assert not ledger.work["overtime"].any()
    assert ((ledger.work["end_h"] * 2**20) % 1 == 0).all()
