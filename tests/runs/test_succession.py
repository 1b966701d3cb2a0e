"""A boss leaves, the best seller of the reports takes the seat, and somebody new takes the seller's (I5)."""

import math
from typing import Any

import pandas as pd
import pytest
from scipy.stats import binom

from simlib.ledger import SCHEMA, Ledger
from simlib.measure.kpis import figures
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario
from simlib.world import draw_world
from tests.runs.test_balance import check
from tests.worlds import MECHANISMS, small

CALENDAR = {"start": "2026-01-01", "horizon_days": 300.0, "drain_days": 60.0}
TURNOVER = {"leaving_rate_per_year": 2.0, "vacancy_days": 6.0, "hiring_cost": 1000.0}
RULE = {"to_boss": 1.0, "review": "year"}


def firm(career: dict[str, Any] | None, **mechanisms: Any) -> Scenario:
    """Nine reps under three bosses and a director, of whom two in a year leave."""
    on = {"queueing": {}, "skill": {}, "turnover": TURNOVER, **mechanisms, **({"career": career} if career else {})}
    return small(calendar=CALENDAR, mechanisms=on)


def met(scenario: Scenario, seed: int = 1, name: str = "pyramid") -> Ledger:
    """The first world of a seed."""
    return simulate(build(name, scenario), draw_world(scenario, seed=seed, replication=0))


def seats_of(ledger: Ledger) -> pd.DataFrame:
    """Who sat where, by name."""
    return ledger.seats.set_index(ledger.seats["party"].astype(str))


def test_the_best_seller_of_the_reports_rises_and_is_replaced():
    """By hand from the books: of the reps who report to the seat on the first day of its next holder, who signed most
    since the year began; he leaves his seat within days, which is vacant for six days like any other; everybody else
    who came new, and nobody who rose, cost a fee."""
    ledger = met(firm(RULE))
    seats, rose = seats_of(ledger), ledger.promotions
    won = ledger.leads[(ledger.leads["outcome"] == "won").to_numpy()]
    assert len(rose) > 3
    assert set(rose["reason"]) == {"vacancy"}
    for row in rose.itertuples(index=False):
        at, party, was, to, becomes, _ = row
        boss, rep = seats.loc[str(becomes)], seats.loc[str(party)]
        assert (boss["position"], boss["from_h"], rep["position"], rep["role"]) == (to, at, was, "rep")
        there = seats[(seats["boss"] == to) & (seats["role"] == "rep") & (seats["from_h"] <= at) & (seats["to_h"] > at)]
        sold = {
            name: won.loc[((won["owner"] == name) & (won["closed_h"] < at)).to_numpy(), "value"].sum()
            for name in there.index
        }
        leaving = {name for name in there.index if there.loc[name, "to_h"] - at < 15 * 24}
        assert all(sold[party] >= sold[name] for name in sold if name not in leaving)
        assert at < rep["to_h"] < at + 15 * 24
        after = seats[(seats["position"] == was) & (seats["from_h"] > at)]
        if len(after):
            assert after["from_h"].min() == rep["to_h"] + 6 * 24
    fees = ledger.money[(ledger.money["kind"] == "hiring").to_numpy()]
    new = seats[(seats["from_h"] > 0) & ~seats.index.isin(rose["becomes"].astype(str))]
    assert sorted(fees["at_h"]) == sorted(new["from_h"])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pyramid", "matrix", "reformed", "small_firm"])
def test_hours_balance_for_who_rises_and_who_comes_after(name):
    """With every mechanism on the books balance; each one's paid hours are worked, idle or absent, and nobody sits on a
    seat before who held it has left."""
    career = {**MECHANISMS["career"], "to_boss": 1.0}
    ledger = met(small(calendar=CALENDAR, mechanisms={**MECHANISMS, "career": career}), name=name)
    check(ledger, 14 * 24.0 if name == "reformed" else math.inf)
    work = ledger.work[~ledger.work["overtime"].to_numpy()]
    hours = (work["end_h"] - work["start_h"]).groupby(work["party"].astype(str)).sum()
    for party, seat in seats_of(ledger).iterrows():
        assert hours.get(party, 0.0) == pytest.approx(seat["paid_h"], abs=1e-6)
    spells = seats_of(ledger).sort_values(["position", "from_h"])
    for _, mine in spells.groupby("position"):
        assert (mine["from_h"].to_numpy()[1:] >= mine["to_h"].to_numpy()[:-1]).all()
    if name != "small_firm":
        assert "vacancy" in set(ledger.promotions["reason"])


@pytest.mark.parametrize("turnover", [TURNOVER, "off"])
def test_where_nobody_rises_to_boss_everything_is_as_without(turnover):
    """A share of 0, or nobody who leaves: to the bit the run without career."""
    share = 0.0 if turnover != "off" else 1.0
    with_it, without = met(firm({**RULE, "to_boss": share}, turnover=turnover)), met(firm(None, turnover=turnover))
    for table in SCHEMA:
        pd.testing.assert_frame_equal(getattr(with_it, table), getattr(without, table), check_exact=True)


@pytest.mark.slow
def test_a_share_of_the_seats_is_filled_from_below():
    """Of all seats with reps below that a boss took over, three in ten, within the binomial's 99.9%."""
    filled, all_seats = 0, 0
    for seed in range(12):
        every, some = met(firm(RULE), seed), met(firm({**RULE, "to_boss": 0.3}), seed)
        all_seats, filled = all_seats + len(every.promotions), filled + len(some.promotions)
    low, high = binom.interval(0.999, all_seats, 0.3)
    assert all_seats > 40
    assert low <= filled <= high


def test_who_rises_has_not_left():
    """Turnover counts seats given up in the window less those of who took a boss's."""
    ledger = met(firm(RULE))
    seats, frame = seats_of(ledger), ledger.frame
    rose = set(ledger.promotions["party"].astype(str))
    ended = seats[(seats["to_h"] >= frame.window_from_h) & (seats["to_h"] < frame.window_to_h)]
    inside = (seats["to_h"].clip(upper=frame.window_to_h) - seats["from_h"].clip(lower=frame.window_from_h)).clip(
        lower=0
    )
    left = [name for name in ended.index if name not in rose]
    assert 0 < len(left) < len(ended)
    turnover = figures(ledger).set_index("metric")["value"]["turnover"]
    assert turnover == pytest.approx(len(left) / (inside.sum() / 24 / 365))
