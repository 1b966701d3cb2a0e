"""How contribution adds up under each plan, customers and people with paired differences, and what is said of care."""

import math
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from simlib.report import plan_sums
from simlib.report.words import words
from simlib.runs import run
from simlib.runs.results import Results
from simlib.scenario import Scenario, load_scenario, vary

SHORT = {"calendar.horizon_days": 91.0, "calendar.drain_days": 60.0}
EN = words("en")


@pytest.fixture(scope="module")
def scenario(root) -> Scenario:
    """Plans where care and leavers differ, for a quarter; the margin is drawn anew in every world."""
    return vary(load_scenario(root / "scenarios" / "pay_plans_care.yaml"), SHORT)


@pytest.fixture(scope="module")
def results(scenario) -> Results:
    """Three worlds of it."""
    return run(scenario, seed=3, replications=3)


def test_the_terms_add_up_to_the_contribution_in_every_world(results):
    """All terms but the last sum to it, and each is what the figures say: discounts, people, and what else costs."""
    found = plan_sums.terms(results)
    for plan in results.scenario.designs:
        parts = [values[plan] for name, values in found.items() if name != "contribution"]
        np.testing.assert_allclose(sum(parts), found["contribution"][plan], rtol=1e-12)
        figures = results.figures[results.figures["design"] == plan]
        by_metric = {metric: rows["value"].to_numpy() for metric, rows in figures.groupby("metric")}
        np.testing.assert_allclose(found["discounts"][plan], -by_metric["discounts"])
        costs = sum(found[name][plan] for name in ("fixed_pay", "variable_pay", "other_cost"))
        np.testing.assert_allclose(costs, -by_metric["selling_cost"])
        rates = found["margin_renewals"][plan] / by_metric["renewals"]
        listed = by_metric["revenue"] + by_metric["discounts"]
        np.testing.assert_allclose(found["margin_deals"][plan], rates * listed)
        assert ((rates >= 0.3) & (rates <= 0.4)).all()
        assert len(set(rates.round(6))) == 3


def test_a_reader_can_add_a_column_up(results):
    """The printed means of each column sum to the printed contribution but for half a unit a line."""
    table = plan_sums.contribution(results, EN, confidence=0.95)
    assert len(table.headers) == 4
    for column in range(1, 4):
        shown = [row[column].split("\n")[0] for row in table.rows]
        amounts = [int(re.sub(r"[^\d]", "", cell)) * (-1 if cell.startswith("−") else 1) for cell in shown]
        assert abs(sum(amounts[:-1]) - amounts[-1]) <= len(amounts) / 2
        assert amounts[-1] != 0


def with_figure(results: Results, metric: str, values: dict[str, list[float]]) -> Results:
    """The same where a figure is so in each world."""
    kept = results.figures[results.figures["metric"] != metric]
    rows = [(plan, world, metric, value, "share") for plan, each in values.items() for world, value in enumerate(each)]
    columns = ["design", "replication", "metric", "value", "unit"]
    return replace(results, figures=pd.concat([kept[columns], pd.DataFrame(rows, columns=columns)]))


def test_customers_and_leavers_stand_with_paired_differences(results):
    """81% and 80% in three worlds that differ by 10 points: the difference of exactly one point is seen."""
    plans = list(results.scenario.designs)
    kept = {plan: [0.7, 0.8, 0.9] for plan in plans} | {plans[1]: [0.71, 0.81, 0.91]}
    found = with_figure(results, "customers_kept", kept)
    gaming = {plan: np.zeros(3) for plan in plans} | {plans[2]: np.array([100.0, 200.0, 300.0])}
    table = plan_sums.customers_and_people(found, gaming, EN, confidence=0.95)
    rows = {row[0]: row for row in table.rows}
    assert "81.0%\n+1.0 pp\n+1.0 pp to +1.0 pp" in rows[EN("metric.customers_kept")]
    assert rows[EN("plans.gaming")][3] == "¥200\n+¥200\n−¥48.4 to +¥448"
    assert {EN(f"metric.{name}") for name in plan_sums.FIGURES} <= set(rows)


@pytest.mark.parametrize(
    ("given", "busy", "says"),
    [
        ([0.99, 0.99, 0.985], 0.6, "there is little for care to be crowded out by"),
        ([0.8, 0.8, 0.805], 0.95, "differs too little"),
        ([0.9, 0.8, 0.7], 0.6, ""),
    ],
)
def test_it_is_said_where_care_cannot_differ(results, given, busy, says):
    """With reps idle, or busy and still alike; nothing is said where plans differ in thirty worlds."""
    plans, shock = list(results.scenario.designs), np.tile([0.001, -0.001], 15)
    found = replace(results, replications=30)
    for metric, values in (("care_given", given), ("utilisation", [busy] * 3)):
        found = with_figure(found, metric, {plan: list(one + shock) for plan, one in zip(plans, values, strict=True)})
    told = " ".join(plan_sums.care(found, EN, confidence=0.95))
    assert says in told
    assert bool(told) == bool(says)


def test_nothing_is_said_of_care_without_customers(scenario):
    """Retention off: no row of renewals, no note on care; one world has no interval."""
    alone = run(vary(scenario, {"mechanisms.retention": "off"}), seed=3, replications=1)
    gaming = {plan: np.zeros(1) for plan in alone.scenario.designs}
    table = plan_sums.customers_and_people(alone, gaming, EN, confidence=0.95)
    assert EN("metric.renewals") not in {row[0] for row in table.rows}
    assert plan_sums.care(alone, EN, confidence=0.95) == []
    assert table.notes == (EN("interval.one_world"),)
    assert not any(math.isnan(value) for value in plan_sums.terms(alone)["contribution"]["revenue"])
