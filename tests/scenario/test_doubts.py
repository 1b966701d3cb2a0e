"""What is allowed and hardly meant: told, and not refused."""

# ruff: noqa: E501 - a row of a table is one line

from __future__ import annotations

from typing import Any

import pytest

from simlib.scenario import vary
from simlib.scenario.doubts import doubts, unused_plans
from simlib.scenario.schema import Scenario

TARGET = {"kind": "bonus", "steps": [[1.0, 5.0]], "target": 30.0}
KPI = {"weight": 1.0, "target": 19_999.0, "on": "margin", "curve": [[1.0, 1.0]]}
FALLING = {"kind": "commission", "by": "amount", "tiers": [[0.0, 0.05], [1e6, 0.03]], "mode": "retroactive"}

DOUBTFUL = [
    ({"quota": {"amount": 30.0}}, "plans.field.quota.amount: got 30, less than what one deal of the smallest median brings (50,000); amounts are whole CNY (30万 is 300000)"),
    ({"quota": {"amount": 30.0, "method": "top_down"}}, "plans.field.quota.amount: got 30"),
    ({"components": {"b": TARGET}}, "plans.field.components.b.target: got 30"),
    ({"components": {"s": {"kind": "scorecard", "pays": 9.0, "kpis": {"k": KPI}}}}, "plans.field.components.s.kpis.k.target: got 19999, less than what one deal of the smallest median brings (20,000)"),
    ({"components": {"c": FALLING}}, "plans.field.components.c.tiers.1: the rate falls from 0.05 to 0.03 for the whole result, so that at 1000000 one deal more takes pay away (or state `mode: marginal`)"),
]  # fmt: skip


def on_plan(small: Scenario, plan: dict[str, Any]) -> Scenario:
    """Reps are on it."""
    return vary(small, {"plans": {"field": plan}, "organisation.pay": {"rep": "field"}})


@pytest.mark.parametrize(("plan", "expected"), DOUBTFUL)
def test_a_slip_is_told(plan: dict[str, Any], expected: str, small: Scenario) -> None:
    """Deals have medians of 60,000 and 50,000, and a margin of 0.4: a quota of 30 is 30万."""
    told = [f"{path}: {message}" for path, message in doubts(on_plan(small, plan))]
    assert len(told) == 1
    assert told[0].startswith(expected)


@pytest.mark.parametrize(
    "plan",
    [
        {"quota": {"amount": 50_000.0}},
        {"quota": {"amount": 3.0, "on": "deals"}},
        {"quota": {"method": "potential"}},
        {"components": {"c": {**FALLING, "mode": "marginal"}}},
        {"components": {"s": {"kind": "special", "rate": 0.01}}},
    ],
)
def test_what_may_be_meant_is_not_doubted(plan: dict[str, Any], small: Scenario) -> None:
    """A quota of one deal, a number of deals, a decelerator: all legitimate."""
    assert doubts(on_plan(small, plan)) == []


def test_a_plan_that_nobody_is_on(small: Scenario) -> None:
    """What a design states replaces what the organisation says; `pay: {}` takes it back."""
    plans = {"field": {}, "other": {}}
    everywhere = vary(small, {"plans": plans, "organisation.pay": {"rep": "field"}})
    message = "no design uses it; whom it pays is said by `pay: {rep: other}`"
    assert unused_plans(everywhere) == [("plans.other", message)]
    assert unused_plans(vary(everywhere, {"designs.flat.pay": {"rep": "other"}})) == []
    taken_back = vary(everywhere, {f"designs.{name}.pay": {} for name in small.designs})
    assert [path for path, _ in unused_plans(taken_back)] == ["plans.field", "plans.other"]


def test_customers_who_are_all_alike_are_told(small: Scenario) -> None:
    """Two ways, and nothing in which customers' tastes differ: all take the cheaper; not where only one way is open."""
    channels = {"force": {"pursued": True}, "site": {"online": True}}
    both = vary(small, {"mechanisms.buying": {}, "channels": channels, "organisation.channels": ["force", "site"]})
    ((path, message),) = doubts(both)
    assert path == "mechanisms.buying.noise"
    assert message.startswith("got 0, so that of two ways all customers who know both take the cheaper one")
    assert doubts(vary(both, {"mechanisms.buying.noise": 0.1})) == []
    assert doubts(vary(both, {"organisation.channels": ["force"]})) == []
