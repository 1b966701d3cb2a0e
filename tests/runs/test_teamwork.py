"""Colleagues lend a hand where a pool, or credit for it, pays them more than their own work: theory in whole runs."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from simlib.ledger import Ledger
from simlib.odds import shifted
from simlib.org import build
from simlib.org.lists import holders
from simlib.runs import simulate
from simlib.scenario import Scenario, switch_off, vary
from simlib.world import draw_world
from tests.worlds import small

P, LOG_ODDS, HOURS, WEEK_H = 0.4, 1.0, 20.0, 168.0
RULE = {"hours": HOURS, "log_odds": LOG_ODDS, "discipline": 0.0}
RATE, POOL = 0.01, 0.06
ADDED = shifted(P, LOG_ODDS) - P
COMMISSION = {"kind": "commission", "rate": RATE}
TEAM = {"kind": "pool", "rate": POOL, "result_of": "unit"}


def firm(
    components: dict[str, Any], *, reps: int = 6, crediting: dict[str, Any] | None = None, **rule: Any
) -> Scenario:
    """A flat firm, always open, that sells in one stage of two hours to customers of very different sizes."""
    cells = [
        {"region": region, "segment": "large", "needs_per_week": 6.0, "accounts": 40,
         "value": {"median": 20000.0, "log_sd": 1.0}, "products": {"machine": 1.0, "service": 1.0}}
        for region in ("east", "north", "west")
    ]  # fmt: skip
    plan = {"components": components, **({"crediting": crediting} if crediting else {})}
    return small(
        calendar={"start": "2026-01-01", "horizon_days": 120.0, "drain_days": 60.0, "hours_per_week": None},
        mechanisms={"teamwork": {**RULE, **rule}},
        demand={"kind": "synthetic", "cells": cells},
        stages=[{"name": "visit", "effort_hours": 2.0, "pass_probability": P, "customer_delay_days": 12.0}],
        plans={"field": plan},
        designs={"flat": {"structure": "flat", "partition": "none", "reps": reps, "pay": {"rep": "field"}}},
        organisation={"list_overlap": 0.0},
        people={"rep": {"count": reps}},
    )


def met(scenario: Scenario) -> Ledger:
    """The first world of a seed, met by the firm."""
    return simulate(build("flat", scenario), draw_world(scenario, seed=3, replication=0))


def helped(ledger: Ledger) -> pd.DataFrame:
    """Leads that came to the gate: value, seller, when the visit was over, and whether a colleague lent a hand."""
    visits = ledger.work[ledger.work["activity"] == "visit"].groupby("lead")["end_h"].max().rename("asked_h")
    joined = ledger.gates.set_index("lead")[["teamwork", "p"]]
    return ledger.leads.set_index("lead")[["value", "owner"]].join(joined, how="inner").join(visits)


def weekly(scenario: Scenario) -> pd.Series:
    """By rep, what the own list promises in a week, in minor units: all needs at the stage's odds."""
    world, organisation = draw_world(scenario, seed=3, replication=0), build("flat", scenario)
    owner = holders(organisation, range(1), world.needs.cell, world.needs.account_share)[0]
    names = met(scenario).seats["party"].astype(str).to_numpy()[owner]
    return pd.Series(P * world.needs.value).groupby(names).sum() / (180 / 7)


def belief(promised: float, sold: float, at_h: float) -> float:
    """Thirteen weeks of what the list promises, and then experience."""
    return (13 + sold / promised) / (13 + at_h / WEEK_H)


@pytest.mark.parametrize(("reps", "rate"), [(3, 0.0), (6, 0.0), (3, RATE), (6, RATE)])
def test_a_team_pool_is_worth_its_share_of_what_help_adds(reps, rate):
    """A hand is lent if and only if somebody gains: (p₁ − p)·s/n·d > hours · (c·own + s/n·own) / week, the own weekly
    results as believed by then. Pool alone: the share drops out, whatever the number."""
    scenario = firm({"team": TEAM, "own": {**COMMISSION, "rate": rate}}, reps=reps)
    ledger = met(scenario)
    own, share = weekly(scenario), POOL / reps
    assert len(own) == reps
    won = ledger.leads[ledger.leads["outcome"] == "won"]
    right = []
    for row in helped(ledger).itertuples():
        sold = won[won["closed_h"] < row.asked_h]
        by = sold.groupby(sold["owner"].astype(str))["value"].sum()
        together = belief(own.sum(), sold["value"].sum(), row.asked_h)
        costs = [
            HOURS / WEEK_H * mine * (rate * belief(mine, by.get(rep, 0.0), row.asked_h) + share * together)
            for rep, mine in own.items()
            if rep != row.owner
        ]
        right.append((row.teamwork > 0) == (ADDED * share * row.value > min(costs)))
    assert len(right) > 200
    assert all(right)
    lent = (helped(ledger)["teamwork"] > 0).mean()
    assert 0.02 < lent < 0.98


def test_plain_commission_helps_nobody():
    """What a colleague sells brings nothing: the run is that of the mechanism off, to the bit."""
    scenario = firm({"own": COMMISSION})
    one, other = met(scenario), met(switch_off(scenario, "teamwork"))
    pd.testing.assert_frame_equal(one.work, other.work)
    pd.testing.assert_frame_equal(one.leads, other.leads)


def test_on_fixed_pay_only_those_help_who_care_for_the_firm():
    """Without plan and discipline the run is that of the mechanism off; with some a hand is lent where it brings the
    firm more than the same hours of one's own work, and how much one cares drops out."""
    scenario = vary(firm({"own": COMMISSION}), {"designs.flat.pay": {}})
    one, other = met(scenario), met(switch_off(scenario, "teamwork"))
    pd.testing.assert_frame_equal(one.work, other.work)
    little, much = (met(vary(scenario, {"mechanisms.teamwork.discipline": care})) for care in (0.01, 0.5))
    pd.testing.assert_frame_equal(little.work, much.work)
    leads, own = helped(little), weekly(scenario)
    large = ADDED * leads["value"] > 2 * HOURS / WEEK_H * own.max()
    small_ones = ADDED * leads["value"] < 0.5 * HOURS / WEEK_H * own.min()
    assert (leads["teamwork"][large] > 0).all()
    assert (leads["teamwork"][small_ones] == 0).all()
    assert large.sum() > 50
    assert small_ones.sum() > 20


@pytest.mark.parametrize(("owner", "wanted"), [(0.8, True), (0.5, False)])
def test_credit_for_help_is_worth_sharing_or_not(owner, wanted):
    """The seller asks if p₁·owner > p: .64 · .8 is more than .4, .64 · .5 is less. Then both have their part."""
    ledger = met(firm({"own": COMMISSION}, crediting={"owner": owner, "helpers": round(1 - owner, 9)}, hours=1.0))
    leads = helped(ledger)
    assert (leads["teamwork"] > 0).any() == wanted
    if not wanted:
        assert not (ledger.work["activity"] == "teamwork").any()
        return
    parts = ledger.credits.assign(share=ledger.credits["share"].astype(str))
    lent = parts["lead"].isin(leads.index[leads["teamwork"] > 0])
    assert (parts[lent].groupby("lead")["share"].agg(sorted).map(tuple) == ("1/5", "4/5")).all()
    assert (parts["share"][~lent] == "1").all()
    assert lent.sum() > 100


def test_a_helped_deal_by_hand():
    """Another rep's hours after the seller's, in full, then the gate with the log-odds that a hand is worth; others
    neither. The customer waits for the colleague from the end of the visit to the beginning of the help."""
    ledger = met(firm({"team": TEAM}))
    leads, gates = helped(ledger), ledger.gates.set_index("lead")
    joined = leads["teamwork"] > 0
    np.testing.assert_allclose(leads["teamwork"], np.where(joined, LOG_ODDS, 0.0), rtol=1e-9)
    np.testing.assert_allclose(leads["p"], np.where(joined, P + ADDED, P), rtol=1e-9)
    help_given = ledger.work[ledger.work["activity"] == "teamwork"]
    spells = help_given.groupby("lead").agg(
        start_h=("start_h", "min"), end_h=("end_h", "max"), party=("party", "first")
    )
    spells = spells.join(leads[["owner", "asked_h"]], how="inner")
    assert len(spells) == joined.sum() > 100
    assert set(spells.index) == set(leads.index[joined])
    np.testing.assert_allclose(spells["end_h"] - spells["start_h"], HOURS, rtol=1e-9)
    assert (spells["party"].astype(str) != spells["owner"].astype(str)).all()
    np.testing.assert_allclose(gates["at_h"][spells.index], spells["end_h"], rtol=1e-9)
    waits = ledger.waits[(ledger.waits["kind"] == "teamwork").to_numpy()].set_index("lead").loc[spells.index]
    np.testing.assert_allclose(waits["from_h"], spells["asked_h"], rtol=1e-9)
    np.testing.assert_allclose(waits["to_h"], spells["start_h"], rtol=1e-9)
