"""Complaints after a sale are as many as their rule says, take hours of whoever answers, and sour who was left (X8)."""

from typing import Any

import pandas as pd
import pytest

from simlib.ledger import Ledger
from simlib.measure.kpis import contribution
from simlib.odds import shifted
from simlib.org import build
from simlib.runs import run, simulate
from simlib.scenario import Scenario, switch_off, vary
from simlib.world import draw_world
from tests.runs.test_channel_conflicts import of_kind
from tests.runs.test_channel_policies import under
from tests.runs.test_channels import ledger_of, likely, market
from tests.worlds import small

AT_ONCE = {"after_days": 0.0, "response_hours": 0.0, "partners_answer": 0.0}
AGENT = {"commission": 0.1}


def complaining(channels: dict[str, Any], *, accounts: int = 5000, reps: int = 20, **rule: Any) -> Scenario:
    """Customers of some channels, of whom some complain; about 800 needs."""
    return vary(
        market(channels, worth=[9.0, 9.0], noise=0.2, needs_per_week=100.0),
        {
            "mechanisms.complaints": rule,
            "demand.cells.0.accounts": accounts,
            "designs.channels.reps": reps,
            "calendar.drain_days": 30.0,
        },
    )


def unanswered(ledger: Ledger) -> pd.DataFrame:
    """Complaints that nobody answered in time: neither hours nor a sale are lost by that alone."""
    rows = of_kind(ledger, "complaint")
    return rows[((rows["hours"] == 0) & (rows["amount"] == 0)).to_numpy()]


@pytest.mark.parametrize(("advice", "days"), [(1.0, 0.0), (0.5, 4.0), (0.0, 4.0)])
def test_complaints_fall_with_advice_and_rise_with_delivery(advice, days):
    """Odds of 0.3, by 1 less with full advice and by 0.2 more with each day: inside 99.9%, and each is its outlet's."""
    rule = {**AT_ONCE, "probability": 0.3, "advice_log_odds": 1.0, "delivery_log_odds": 0.2}
    ledger = ledger_of(complaining({"agent": {**AGENT, "advice": advice, "delivery_days": days}}, **rule))
    sold = ledger.choices[(ledger.choices["channel"] == "agent").to_numpy()]
    rows = unanswered(ledger)
    assert likely(len(rows), len(sold), shifted(0.3, 0.2 * days - advice))
    assert len(rows) > 50
    assert rows["party"].to_dict() == sold.set_index("need")["outlet"].astype(object)[rows.index].to_dict()


def test_an_answer_takes_hours_of_whoever_holds_the_account_or_has_signed():
    """A site and the force, many sellers, a month's time: every complaint is answered, for an hour and a half of work,
    of a signed deal by its owner; nobody is soured, and customers choose as if nobody complained."""
    channels = {"site": {"online": True}, "force": {"pursued": True}}
    scenario = complaining(channels, probability=0.4, hours=1.5, response_hours=720.0, after_days=2.0)
    ledger = ledger_of(scenario)
    rows = of_kind(ledger, "complaint")
    assert (rows["hours"] == 1.5).all()
    work = ledger.work[(ledger.work["activity"] == "complaint").to_numpy()]
    hours = (work["end_h"] - work["start_h"]).groupby(work["lead"]).sum()
    assert rows["hours"].to_dict() == pytest.approx(hours[rows.index].to_dict())
    owner = ledger.leads.set_index("lead")["owner"].astype(object)
    signed = rows.index.isin(owner.index)
    assert 50 < signed.sum() < len(rows) - 50
    assert rows["party"][signed].to_dict() == owner[rows.index[signed]].to_dict()
    calm = ledger_of(switch_off(scenario, "complaints"))
    pd.testing.assert_frame_equal(ledger.choices, calm.choices)
    assert contribution(ledger) == contribution(calm)
    late, soon = (each.leads["first_contact_h"].sum() for each in (ledger, calm))
    assert late > soon  # the hours of answers are hours that deals wait for


def test_who_was_left_without_an_answer_never_comes_back_to_that_channel():
    """Two agents, few accounts, neither ever answers, and what he sells is worth nothing to the account from then on:
    who would have gone to him goes to the other, and he loses his tenth of the price."""
    scenario = complaining({"near": AGENT, "far": AGENT}, accounts=60, probability=0.1, soured=100.0, **AT_ONCE)
    ledger = ledger_of(scenario)
    account = ledger.needs.set_index("need")["account"]
    choices = ledger.choices.set_index("need").astype({"channel": object})
    left = unanswered(ledger)
    for need, row in left.iterrows():
        later = choices[((choices["at_h"] > row["at_h"]) & (account[choices.index] == account[need])).to_numpy()]
        assert not (later["channel"] == choices["channel"][need]).any()
    calm = ledger_of(switch_off(scenario, "complaints")).choices.set_index("need").astype({"outlet": object})
    rows = of_kind(ledger, "complaint")
    lost = rows[(rows["amount"] > 0).to_numpy()]
    assert len(lost) > 50
    assert lost["party"].to_dict() == calm["outlet"][lost.index].to_dict()
    goods = ledger.needs.set_index("need")["value"][lost.index]
    assert lost["amount"].tolist() == pytest.approx((goods * 0.1).tolist(), abs=0.51)
    moved = choices.index[(choices["channel"] != calm["channel"].astype(object)).to_numpy()]
    assert set(lost.index) == set(moved)


def test_a_standard_brings_partners_to_answer():
    """Of six in ten that a partner leaves, half follow: 0.3 of the complaints stay unanswered."""
    scenario = complaining({"agent": AGENT}, **{**AT_ONCE, "probability": 1.0, "partners_answer": 0.4})
    ledger = ledger_of(scenario)
    assert likely(len(unanswered(ledger)), len(ledger.choices), 0.6)
    assert likely(
        len(unanswered(under(scenario, complaint_standard={"partners_follow": 0.5}))), len(ledger.choices), 0.3
    )


def test_a_standard_puts_answers_before_other_work():
    """Sellers who have far too much to do: behind deals hardly any answer comes in time, before them most do, and deals
    wait longer."""
    scenario = vary(
        small(),
        {
            "designs.channels.reps": 3,
            "mechanisms.complaints": {"probability": 0.9, "response_hours": 72.0, "after_days": 1.0},
        },
    )
    ours = []
    for policies in ({}, {"complaint_standard": {}}):
        rows = of_kind(under(scenario, **policies), "complaint")
        ours.append((rows["hours"] > 0).sum())
    assert ours[1] > 2 * ours[0]


def test_the_total_loss_by_complaints_is_that_of_a_run_without_them():
    """Agent and site: contribution of a calm run less that of this one, by kind beside the direct loss."""
    channels = {"agent": {**AGENT, "price": 1.1}, "site": {"online": True, "acceptance": 0.99}}
    scenario = complaining(channels, accounts=60, probability=0.3, soured=5.0, **AT_ONCE)
    parts = run(scenario, seed=3, replications=1).breakdown
    mine = parts[((parts["level"] == "conflict") & (parts["group"] == "complaint")).to_numpy()]
    here, calm = (
        contribution(simulate(build("channels", each), draw_world(each, seed=3, replication=0)))
        for each in (scenario, switch_off(scenario, "complaints"))
    )
    assert mine.set_index("metric")["value"]["money_total"] == pytest.approx(calm - here)
    assert calm != here
