"""The own force and partners at one need: what it takes, by hand from the books, and what is done against it (X1)."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from simlib.ledger import EFFECTS, Ledger
from simlib.measure.kpis import contribution
from simlib.odds import shifted
from simlib.org import build
from simlib.runs import run, simulate
from simlib.scenario import Scenario, switch_off, vary
from simlib.world import draw_world
from tests.runs.test_channel_conflicts import of_kind
from tests.runs.test_channel_policies import dues, same, under
from tests.runs.test_channels import ledger_of, likely, market
from tests.worlds import STAGES, small

ALWAYS = {"probability": 1.0, "log_odds": 1.0}


def side_by_side(*, inbound: float = 1.0, **overlap: Any) -> Scenario:
    """A force and an agent, between whom tastes decide evenly; one gate that half of all deals pass, without hours."""
    scenario = market({"force": {"pursued": True}, "agent": {"commission": 0.1}}, worth=[9.0, 9.0], noise=0.3)
    return vary(
        scenario,
        {
            "stages": [{"name": "talk", "effort_hours": 0.0, "pass_probability": 0.5}],
            "mechanisms.channel_overlap": overlap,
            "mechanisms.calls": {"probability": 1.0, "hours": 0.25},
            "demand.inbound_share": inbound,
            "demand.window_days": 20.0,
            "designs.channels.reps": 40,
            "calendar.drain_days": 30.0,
        },
    )


def test_a_partner_who_offers_too_takes_odds_from_the_own_force():
    """Every customer of the force had thought of the agent: half of the deals would be won, and 1/(1 + e) are. What is
    lost is the margin of those whose draw lies between."""
    ledger = ledger_of(side_by_side(**ALWAYS))
    won, gates = (ledger.leads["outcome"] == "won").sum(), ledger.gates
    assert likely(won, len(ledger.leads), shifted(0.5, -1.0))
    assert (gates["contested"] == -1.0).all()
    rows = of_kind(ledger, "territory")
    between = gates[((gates["u"] >= gates["p"]) & (gates["u"] < 0.5)).to_numpy()]
    assert list(rows.index) == sorted(between["lead"])
    assert len(rows) > 200
    assert set(rows["other"]) == {"agent/all/1"}
    assert rows["amount"].tolist() == [round(v * 0.4) for v in ledger.needs["value"][rows.index]]


def test_of_all_needs_the_two_meet_at_so_many():
    """At a probability of 0.3: that share of the gates, inside 99.9%, whoever wins them."""
    gates = ledger_of(side_by_side(probability=0.3, log_odds=1.0)).gates
    assert likely((gates["contested"] != 0).sum(), len(gates), 0.3)


def test_who_was_sold_to_by_a_partner_is_called_in_vain():
    """Nobody announces himself: every account whose need went to the agent is called for its quarter of an hour, and
    nothing comes of it; hours are worked hours, at the seller's pay."""
    ledger = ledger_of(side_by_side(inbound=0.0, probability=1.0))
    rows = of_kind(ledger, "territory")
    gone = set(ledger.choices["need"][(ledger.choices["channel"] == "agent").to_numpy()])
    assert set(rows.index) <= gone
    assert len(rows) > 100
    assert not set(rows.index) & set(ledger.leads["need"])
    calls = ledger.work[(ledger.work["activity"] == "call").to_numpy()]
    hours = (calls["end_h"] - calls["start_h"]).groupby(calls["lead"]).sum()
    assert rows["hours"].to_dict() == pytest.approx(hours[rows.index].to_dict())
    pay_an_hour = 100 / (40 * 365 / 7)
    assert rows["amount"].tolist() == pytest.approx([0.25 * pay_an_hour] * len(rows), abs=0.51)
    assert not set(ledger_of(side_by_side(inbound=0.0, probability=0.0)).work["lead"]) & gone


def test_the_effects_of_a_contested_gate_explain_its_probability():
    """The column is one of those whose sum gives the probability; settling takes its hours."""
    ledger = ledger_of(small())
    gates = ledger.gates
    assert (gates["contested"] < 0).sum() > 20
    base = gates["stage"].astype(str).map({stage["name"]: stage["pass_probability"] for stage in STAGES})
    x = gates[list(EFFECTS)].sum(axis=1)
    np.testing.assert_allclose(gates["p"], base * np.exp(x) / (1 - base + base * np.exp(x)), rtol=1e-12)
    met = of_kind(ledger, "territory")
    assert (met["hours"] == 0.4).sum() > 5
    assert met["other"].str.contains("dealers|agents").all()


def test_without_channels_nobody_meets_a_partner():
    """The mechanism on, a design without channels: to the bit as if it were off."""
    same(
        ledger_of(small(), design="geographic"), ledger_of(switch_off(small(), "channel_overlap"), design="geographic")
    )


def test_the_total_loss_by_territory_is_that_of_a_run_in_which_each_knows_of_the_other():
    """Beside the direct loss: contribution with the mechanism off less that with it."""
    scenario = side_by_side(**ALWAYS)
    parts = run(scenario, seed=3, replications=1).breakdown
    mine = parts[((parts["level"] == "conflict") & (parts["group"] == "territory")).to_numpy()]
    found = mine.set_index("metric")["value"]
    here, calm = (
        contribution(simulate(build("channels", each), draw_world(each, seed=3, replication=0)))
        for each in (scenario, switch_off(scenario, "channel_overlap"))
    )
    assert found["money_total"] == pytest.approx(calm - here)
    assert found["money_direct"] == pytest.approx(found["money_total"], rel=1e-3)
    assert found["money_direct"] > 0


@pytest.mark.parametrize("inbound", [0.0, 1.0])
def test_registered_needs_are_left_alone(inbound):
    """Every need registered, none missed, for longer than the run: as if each knew of the other, but for what the
    policy costs."""
    scenario = side_by_side(inbound=inbound, **ALWAYS)
    ledger = under(scenario, deal_registration={"window_days": 1000.0, "cost_per_year": 365.0})
    calm = ledger_of(switch_off(scenario, "channel_overlap"))
    same(ledger, calm, "money")
    assert len(of_kind(ledger_of(scenario), "territory")) > 100
    assert contribution(calm) - contribution(ledger) == pytest.approx(56.0)
    assert dues(ledger, "policies").sum() == pytest.approx(100 * ledger.frame.end_h / 24)


def test_registration_that_misses_some_leaves_some():
    """A check that misses two in ten: so many gates are contested, inside 99.9%."""
    policy = {"window_days": 1000.0, "missed": 0.2}
    gates = under(side_by_side(**ALWAYS), deal_registration=policy).gates
    assert likely((gates["contested"] != 0).sum(), len(gates), 0.2)


def test_registration_expires():
    """Protected for ten days: nobody calls before, some do after."""
    scenario = side_by_side(inbound=0.0, probability=1.0)
    ledger = under(scenario, deal_registration={"window_days": 10.0})
    rows = of_kind(ledger, "territory")
    arose = ledger.needs["at_h"][rows.index].to_numpy()
    assert len(rows) > 50
    assert (rows["at_h"].to_numpy() - arose >= 240.0).all()
    assert len(rows) < len(of_kind(ledger_of(scenario), "territory"))


def test_arbitration_eases_and_takes_hours_of_the_head():
    """Half of the lost log-odds remain: wins as 1/(1 + √e). The head hears each need once, and the rows say so."""
    scenario = side_by_side(**ALWAYS)
    ledger = under(scenario, arbitration={"eased": 0.5, "hours": 0.5, "cost_per_year": 0.0})
    assert likely((ledger.leads["outcome"] == "won").sum(), len(ledger.leads), shifted(0.5, -0.5))
    rows = ledger.conflicts.astype({"party": "object", "other": "object"})
    head = ledger.seats["party"][ledger.seats["boss"].isna().to_numpy()].astype(str).tolist()
    heard = rows[rows["party"].isin(head).to_numpy()]
    assert set(heard["kind"]) == {"encroachment"}  # what the agent feels first: the customer chose the force
    assert len(heard) == rows["lead"].nunique() > 1000
    assert (heard["hours"] == 0.5).all()
    assert set(heard["other"]) == {"agent/all/1"}
    settled = ledger.work[(ledger.work["activity"] == "settling").to_numpy()]
    assert set(settled["party"].astype(str)) == set(head)


def test_arbitration_hears_only_what_took_enough():
    """From an amount on: only needs that lost as much are heard."""
    ledger = under(side_by_side(**ALWAYS), arbitration={"hours": 0.1, "from_amount": 60.0})
    rows = of_kind(ledger, "territory")
    heard = rows.index[(rows["hours"] > 0).to_numpy()]
    worth = rows["amount"][(rows["hours"] == 0).to_numpy()]
    assert set(heard) == set(worth.index[(worth >= 6000).to_numpy()])
    assert 0 < len(heard) < len(worth)


def test_arbitration_eases_only_what_it_hears():
    """From 10 on, all of it: the agent's commission of a tenth is heard for needs of 100 and more, and only their gates
    are free of the log-odds."""
    ledger = under(side_by_side(**ALWAYS), arbitration={"eased": 1.0, "from_amount": 10.0})
    gates, value = ledger.gates, ledger.needs["value"]
    heard = (value[gates["lead"]] * 0.1).round().to_numpy() >= 1000
    assert ((gates["contested"] == 0.0).to_numpy() == heard).all()
    assert 0.3 < heard.mean() < 0.7


def test_joint_plans_keep_their_share_of_meetings_away():
    """Half of the meetings are avoided: half of the gates are contested, inside 99.9%."""
    gates = under(side_by_side(**ALWAYS), joint_plans={"avoided": 0.5}).gates
    assert likely((gates["contested"] != 0).sum(), len(gates), 0.5)


def test_where_the_force_may_not_sell_it_does_not_call():
    """A split that gives all to the agent: nothing is left to meet at."""
    split = {"split": [{"channels": ["agent"]}]}
    ledger = under(side_by_side(inbound=0.0, probability=1.0), territories=split)
    assert not len(ledger.conflicts)
    assert not (ledger.work["activity"] == "call").any()


def gates_by_lead(ledger: Ledger) -> pd.Series:
    """The draw of every lead's gate."""
    return ledger.gates.set_index("lead")["u"].sort_index()


def test_a_meeting_changes_no_draw():
    """The luck of a need is its own, whoever else is there."""
    scenario = side_by_side(**ALWAYS)
    pd.testing.assert_series_equal(
        gates_by_lead(ledger_of(scenario)), gates_by_lead(ledger_of(switch_off(scenario, "channel_overlap")))
    )
