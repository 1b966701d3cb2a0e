"""Conservation laws, on random scenarios and organisations (design 1.3)."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simlib.ledger import SCHEMA, Ledger
from simlib.measure.breakdown import breakdown
from simlib.measure.kpis import figures
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario, load_scenario, vary
from simlib.units import HOURS_PER_DAY
from simlib.world import draw_world
from tests.worlds import DESIGNS, MECHANISMS, small


@st.composite
def scenarios(draw: Any) -> tuple[Scenario, str]:
    """A small scenario with any mechanisms on, any calendar and any of the designs at any size."""
    name = draw(st.sampled_from(sorted(DESIGNS)))
    on = draw(st.sets(st.sampled_from(sorted(MECHANISMS))))
    mechanisms = {key: (value if key in on else "off") for key, value in MECHANISMS.items()}
    if "overlap" in on:
        mechanisms["overlap"] = {**MECHANISMS["overlap"], "account_owner": draw(st.sampled_from(["keeps", "per_need"]))}
    if "interest" in on:
        mechanisms["interest"] = {
            **MECHANISMS["interest"],
            "notices": draw(st.sampled_from(["leaves_list", "found_at_contact"])),
            "median_hours": draw(st.sampled_from([0.0, 5.0, 150.0])),
        }
    if "turnover" in on:
        mechanisms["turnover"] = {
            **MECHANISMS["turnover"],
            "leaving_rate_per_year": draw(st.sampled_from([1.0, 6.0, 300.0])),
            "vacancy_days": draw(st.sampled_from([0.0, 6.0, 200.0])),
        }
    if "ramp" in on:
        mechanisms["ramp"] = {
            "days": draw(st.sampled_from([5.0, 60.0])),
            "start_speed": draw(st.sampled_from([0.0, 0.7])),
        }
    changes = {
        f"designs.{name}.reps": draw(st.integers(1, 25)),
        f"designs.{name}.span": draw(st.integers(1, 8)),
        f"designs.{name}.layers": draw(st.integers(1, 5)),
        f"designs.{name}.panel": {"members": draw(st.integers(1, 3)), "needed": 1},
        f"designs.{name}.second_line": draw(st.sampled_from(["region", "product", "segment", "none"])),
        f"designs.{name}.engagement": draw(st.sampled_from(["keeps", "per_need", None])),
        "calendar.hours_per_week": draw(st.sampled_from([40.0, 37.5, 36.0, 100.0, None])),
        "people.rep.absence_share": draw(st.sampled_from([0.0, 0.1, 0.9])),
    }
    return vary(small(mechanisms=mechanisms), changes), name


def hours(work: pd.DataFrame) -> pd.Series:
    """Hours of work by party."""
    return (work["end_h"] - work["start_h"]).groupby(work["party"].astype(str)).sum()


def check(ledger: Ledger, changes_h: float = math.inf) -> None:
    """Assert every conservation law on one ledger. `changes_h`: when the design becomes another one, with seats that it
    did not have."""
    needs, leads, work, seats = ledger.needs, ledger.leads, ledger.work, ledger.seats
    assert leads["need"].is_unique
    assert set(leads["need"]) <= set(needs["need"])
    outcome = leads["outcome"].value_counts()
    assert len(needs) == (len(needs) - len(leads)) + outcome[["won", "lost", "abandoned", "open"]].sum()
    assert leads["closed_h"].isna().equals(leads["outcome"] == "open")
    assert not (leads["first_contact_h"] < leads["known_h"]).any()
    assert not (leads["closed_h"] < leads["known_h"]).any()

    regular = work[~work["overtime"]].sort_values(["party", "start_h"])
    paid = hours(regular).reindex(seats["party"].astype(str), fill_value=0.0).to_numpy()
    np.testing.assert_array_equal(paid, seats["paid_h"].to_numpy())
    same = (regular["party"].cat.codes.diff() == 0).to_numpy()
    overlap = (regular["end_h"].shift() > regular["start_h"]).to_numpy()
    assert not (same & overlap).any()
    assert (work["end_h"] > work["start_h"]).all()
    spells = seats.sort_values(["position", "from_h"])
    again = spells["position"].astype(str) == spells["position"].astype(str).shift()
    assert (spells["from_h"] >= spells["to_h"].shift())[again].all()
    assert spells["from_h"][~again].map(lambda first: first == 0 or first >= changes_h).all()
    assert work["end_h"].max() <= ledger.frame.end_h

    money = ledger.money
    sold = money[money["kind"] == "sale"].set_index("lead")["amount"]
    sound = needs["sound"].to_numpy()[leads["need"]]
    signed = leads[(leads["outcome"] == "won").to_numpy() & sound].set_index("lead")
    won = (signed["value"] * (1 - signed["discount"])).round().astype(int)
    assert sold.sort_index().to_dict() == won.sort_index().to_dict()
    road = work[work["activity"] == "travel"]
    assert abs(
        money[money["kind"] == "travel"]["amount"].sum() - (road["end_h"] - road["start_h"]).sum() * 50 * 100
    ) <= len(road)

    gates = ledger.gates
    assert (gates["passed"] == (gates["u"] < gates["p"])).all()
    assert not gates.groupby(["lead", "stage"], observed=True)["u"].nunique().gt(1).any()
    served = ledger.waits[ledger.waits["end"] == "served"]
    assert (served["to_h"] >= served["from_h"]).all()


@given(case=scenarios(), seed=st.integers(0, 10**6))
@settings(max_examples=40)
def test_books_balance(case, seed):
    """Needs = never known + leads; leads = won + lost + abandoned + open; paid hours = worked + idle + absent, of each
    person who held a seat, one after the other.

    Idle and absence are recorded, so a person's hours balance to the last bit; nobody does two things at once but in
    overtime; every sale is a sound signature; a gate's record explains its outcome, and all pursuits of a need share
    its draw.
    """
    scenario, name = case
    organisation = build(name, scenario)
    changes_h = min((phase.day * HOURS_PER_DAY for phase in organisation.later), default=math.inf)
    check(simulate(organisation, draw_world(scenario, seed=seed, replication=0)), changes_h)


def test_with_queueing_off_excess_hours_are_overtime():
    """One rep for the work of nine: all is done at once, and the hours beyond the calendar are booked apart."""
    scenario = vary(small(mechanisms={**MECHANISMS, "queueing": "off"}), {"designs.pooled.reps": 1})
    ledger = simulate(build("pooled", scenario), draw_world(scenario, seed=1, replication=0))
    assert ledger.work["overtime"].any()
    check(ledger)


def test_a_road_that_does_not_end_before_the_calendar_does():
    """Somebody who is nearly always absent sets out and never arrives: the books close all the same."""
    scenario = vary(small(), {"people.rep.absence_share": 0.97, "market.regions.west.travel_hours": {"west": 900.0}})
    ledger = simulate(build("pyramid", scenario), draw_world(scenario, seed=1, replication=0))
    assert (ledger.work["activity"] == "travel").any()
    check(ledger)


def test_a_ledger_survives_parquet(tmp_path):
    """Written and read again: the same values, types and order of words, so the same figures and the same parts."""
    scenario = small()
    ledger = simulate(build("product_line", scenario), draw_world(scenario, seed=3, replication=1))
    ledger.to_parquet(tmp_path / "it's")
    again = Ledger.from_parquet(tmp_path / "it's")
    assert again.frame == ledger.frame
    for name in SCHEMA:
        one, other = getattr(ledger, name), getattr(again, name)
        assert list(one.columns) == list(other.columns)
        for column in one:
            assert one[column].astype(object).equals(other[column].astype(object)), (name, column)
            assert one[column].dtype == other[column].dtype, (name, column)
            if one[column].dtype == "category":
                assert list(one[column].cat.categories) == list(other[column].cat.categories), (name, column)
    pd.testing.assert_frame_equal(figures(again), figures(ledger), check_exact=True)
    pd.testing.assert_frame_equal(breakdown(again), breakdown(ledger), check_exact=True)


NOTHING = {
    "coverage", "win_rate", "open_share", "acquisition_cost", "book_kept", "cycle_mean_days", "cycle_median_days",
    "response_median_hours", "response_p90_hours", "territory_gini_workload", "territory_gini_revenue",
    "pipeline_coverage", "approval_wait_hours", "unsolved_share", "discount_mean",
    "attainment_mean", "quota_reached_share", "effort_mean", "effort_felt", "quarter_end_ratio",
    "customers_kept", "care_given", "out_of_stock", "sell_in_end_ratio", "channel_cost_ratio",
    "partner_effort_mean", "trust_mean", "customer_satisfaction", "pay_fairness",
}  # fmt: skip


def undefined(ledger: Ledger) -> set[str]:
    """Names of the figures that are NaN; all others are finite."""
    values = figures(ledger).set_index("metric")["value"]
    assert not np.isinf(values).any()
    assert values["needs"] == values["leads"] == values["revenue"] == values["utilisation"] == 0
    assert values["contribution"] == -values["selling_cost"] < 0
    return set(values.index[values.isna()])


@pytest.mark.parametrize("name", ["pyramid", "pooled"])
def test_a_world_without_needs_is_a_run_without_sales(name):
    """Nothing arises: people idle and are paid; ratios of nothing are undefined, and nothing else is."""
    demand = small().demand.model_dump()
    cells = [{**cell, "needs_per_week": 0.0} for cell in demand["cells"]]
    mechanisms = {**MECHANISMS, "coordination": "off", "training": "off", "retention": "off"}
    scenario = small(demand={**demand, "opening_pipeline": 0, "cells": cells}, mechanisms=mechanisms)
    ledger = simulate(build(name, scenario), draw_world(scenario, seed=1, replication=0))
    assert len(ledger.needs) == 0
    empty = undefined(ledger)
    assert empty <= NOTHING | {"utilisation_managers"}
    assert empty >= NOTHING
    parts = breakdown(ledger).set_index(["level", "metric"])["value"]
    assert (parts[["stage"]] == 0).all()
    assert (parts[["month"]] == 0).all()
    assert parts[("activity", "hours")].sum() > 0


def test_deals_under_way_need_no_rates():
    """With all rates zero only the opening deals remain; they are spread over the cells, and none is of the cohort."""
    demand = small().demand.model_dump()
    cells = [{**cell, "needs_per_week": 0.0} for cell in demand["cells"]]
    scenario = small(demand={**demand, "opening_pipeline": 40, "cells": cells})
    ledger = simulate(build("pyramid", scenario), draw_world(scenario, seed=1, replication=0))
    assert len(ledger.needs) == len(ledger.leads) == 40
    assert ledger.needs["region"].nunique() == 3
    assert not ledger.needs["cohort"].any()
    assert len(breakdown(ledger))


def test_a_replay_before_its_first_lead_is_a_run_without_sales(root):
    """The run ends before the log's first lead: nothing is replayed, and the figures stand."""
    scenario = load_scenario(root / "scenarios" / "loan_leads.yaml", overrides=["calendar.start=2010-01-04"])
    ledger = simulate(build("pooled", scenario), draw_world(scenario, seed=1, replication=0))
    assert len(ledger.needs) == 0
    assert "win_rate" in undefined(ledger)
    assert len(breakdown(ledger))
