"""Hours go to the deals that bring their seller more (P11): the shares of theory come out of whole runs."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from simlib.ledger import Ledger
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario, switch_off, vary
from simlib.world import draw_world
from tests.worlds import small

HOURS, RESPONSE, LOG_ODDS = 2.0, 0.5, 0.3
RULE = {"response": RESPONSE, "log_odds": LOG_ODDS, "discipline": 0.0, "least": 0.01, "most": 10.0}


def firm(component: dict[str, Any], **rule: Any) -> Scenario:
    """A flat firm of six reps who sell in one stage of two hours to customers of two sizes, for 40,000 and 10,000."""
    cells = [
        {"region": region, "segment": segment, "needs_per_week": 6.0, "accounts": 40, "value": {"median": value},
         "products": {"machine": 1.0, "service": 1.0}}
        for region in ("east", "north", "west") for segment, value in (("large", 40000.0), ("small", 10000.0))
    ]  # fmt: skip
    return small(
        calendar={"start": "2026-01-01", "horizon_days": 120.0, "drain_days": 60.0, "hours_per_week": None},
        mechanisms={"account_effort": {**RULE, **rule}},
        demand={"kind": "synthetic", "cells": cells},
        stages=[{"name": "visit", "effort_hours": HOURS, "pass_probability": 0.2, "customer_delay_days": 12.0}],
        plans={"field": {"components": {"c": component}}},
        designs={"flat": {"structure": "flat", "partition": "none", "reps": 6, "pay": {"rep": "field"}}},
        organisation={"list_overlap": 0.0},
    )


def met(scenario: Scenario, replication: int = 0) -> Ledger:
    """A world, met by the firm."""
    return simulate(build("flat", scenario), draw_world(scenario, seed=3, replication=replication))


def given(ledger: Ledger) -> pd.DataFrame:
    """Leads that were worked on, with the hours given and the effect at the gate."""
    work = ledger.work[ledger.work["activity"] == "visit"].groupby("lead").first()
    gates = ledger.gates.set_index("lead")["account_effort"]
    hours = (work["end_h"] - work["start_h"]).rename("span_h")
    return ledger.leads.set_index("lead").join(gates, how="inner").join(hours)


@pytest.mark.parametrize("rate", [0.01, 0.08])
def test_the_last_deals_share_the_usual_hours_as_theory_says(rate):
    """x ∝ k^(1 / (1 − b)) with mean 1 over the last twenty, counted by hand from the books; the rate drops out."""
    leads = given(met(firm({"kind": "commission", "rate": rate})))
    assert len(leads) > 300
    level = np.exp(leads["account_effort"] / LOG_ODDS)
    weights = leads["value"] ** (1 / (1 - RESPONSE))
    for _, mine in leads.sort_values("known_h").groupby("owner", observed=True):
        usual = weights[mine.index].rolling(20, min_periods=1).mean()
        np.testing.assert_allclose(level[mine.index], (weights[mine.index] / usual).clip(0.01, 10.0), rtol=1e-9)
    by_size = level.groupby(leads["segment"], observed=True).mean()
    assert by_size["large"] > 4 * by_size["small"]


def test_the_hours_at_work_are_those_given():
    """A visit takes the usual two hours times the share: the firm is always open."""
    leads = given(met(firm({"kind": "commission", "rate": 0.05})))
    level = np.exp(leads["account_effort"] / LOG_ODDS)
    np.testing.assert_allclose(leads["span_h"], HOURS * level, atol=1e-5)


def test_only_what_the_plan_pays_for_is_given_more():
    """Paid for services alone, a seller who cares for nothing else gives machines the least."""
    scenario = firm({"kind": "commission", "rate": 0.05, "products": ["service"]}, least=0.25)
    leads = given(met(scenario))
    level = np.exp(leads["account_effort"] / LOG_ODDS)
    crowd = leads.groupby("owner", observed=True)["known_h"].rank() > 20  # some services were met by then
    machines = level[crowd & (leads["product"] == "machine")]
    assert len(machines) > 300
    assert np.isclose(machines, 0.25).mean() > 0.99
    assert level[leads["product"] == "service"].mean() > 1


def test_who_gains_nothing_and_cares_for_nothing_works_as_usual():
    """Fixed pay and no discipline: the run is that of the mechanism off, to the bit."""
    scenario = vary(firm({"kind": "commission", "rate": 0.05}), {"designs.flat.pay": {}})
    one, other = met(scenario), met(switch_off(scenario, "account_effort"))
    pd.testing.assert_frame_equal(one.work, other.work)
    pd.testing.assert_frame_equal(one.leads, other.leads)


def test_hours_that_follow_the_value_promise_more_where_hours_tell():
    """Where odds respond as sellers believe, the same hours promise more (Σ k·x^b is largest at those shares)."""
    scenario = firm({"kind": "commission", "rate": 0.05}, response=0.34, log_odds=0.34)
    gains, hours = [], []
    for replication in range(12):
        on, off = (met(one, replication) for one in (scenario, switch_off(scenario, "account_effort")))
        promised, usual = (float((t.gates["p"] * t.leads.set_index("lead")["value"][t.gates["lead"]].array).sum())
                           for t in (on, off))  # fmt: skip
        gains.append(promised / usual - 1)
        hours.append(np.exp(on.gates["account_effort"] / 0.34).mean() - 1)
    half = 4.44 * np.std(gains, ddof=1) / len(gains) ** 0.5  # t of 99.9%, 11 degrees of freedom
    assert np.mean(gains) - half > 0
    assert np.mean(hours) == pytest.approx(0.0, abs=0.05)
