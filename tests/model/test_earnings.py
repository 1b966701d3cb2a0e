"""What somebody can expect to be paid in a year: fixed pay, and what the running period is expected to bring."""

import numpy as np
import pytest

from simlib.model.clientele import Clientele
from simlib.model.earnings import Earnings
from simlib.model.stakes import Sold
from simlib.org import build
from simlib.scenario import vary
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY
from simlib.world import draw_world
from tests.worlds import small

COMMISSION = {
    "base_per_year": 50000.0,
    "components": {"commission": {"kind": "commission", "on": "revenue", "rate": 0.1, "period": "month"}},
}
FIXED = 10_000_000
JANUARY_H = 31 * HOURS_PER_DAY


def earnings(plan=COMMISSION):
    """Of nine reps on a plan and their bosses from New Year on, nothing sold yet; with the values of all needs."""
    scenario = vary(small(), {"plans.field": plan, "calendar.start": "2027-01-01"})
    world, organisation = draw_world(scenario, seed=1, replication=0), build("paid", scenario)
    seats = len(organisation.positions)
    found = Earnings(world, [FIXED] * seats, seats, Clientele(world, None))
    found.adopt(organisation, [np.arange(len(world.needs)) % 9], 0.0)
    boss = next(seat for seat, position in enumerate(organisation.positions) if position.role != "rep")
    seller = next(iter(found.paid))
    return found, world.needs.value, seller, boss


def test_fixed_pay_is_all_where_there_is_no_plan():
    """Whoever sells what."""
    found, _, seller, boss = earnings()
    found.credit(seller, Sold(0.0, 3, 0.0, new_customer=True))
    assert found.pay_a_year(boss, JANUARY_H) == FIXED


def test_at_the_end_of_a_month_pay_is_what_its_results_bring():
    """50,000 and a tenth of what was signed in 31 days, in 365 days; next month begins with what is expected."""
    found, value, seller, _ = earnings()
    for need in (3, 5):
        found.credit(seller, Sold(0.0, need, 0.0, new_customer=True))
    sold = float(value[3] + value[5])
    assert found.pay_a_year(seller, JANUARY_H) == pytest.approx(50000 * 100 + 0.1 * sold * DAYS_PER_YEAR / 31)


def test_before_anything_is_sold_pay_is_what_the_list_promises():
    """A tenth of the expected weekly flow, 365 / 7 weeks long: a linear plan pays the mean of what it counts."""
    found, _, seller, _ = earnings()
    flow = found.at_stake(seller)[0].pot.flow.mean
    assert flow > 0
    assert found.pay_a_year(seller, 0.0) == pytest.approx(50000 * 100 + 0.1 * flow * DAYS_PER_YEAR / 7)


def test_shares_are_expected_to_meet_their_targets():
    """A scorecard of 1,000 a quarter that pays the half at the target brings 2,000 a year; nothing else is at stake."""
    kpi = {"weight": 1.0, "on": "customers_kept", "target": 0.8, "curve": [[1.0, 0.5], [1.2, 1.0]]}
    card = {"kind": "scorecard", "pays": 1000.0, "kpis": {"kept": kpi}}
    found, _, seller, _ = earnings({"base_per_year": 50000.0, "components": {"card": card}})
    assert found.pay_a_year(seller, 0.0) == pytest.approx(52000 * 100)
    assert list(found.at_stake(seller)) == []


def test_a_newcomer_is_paid_for_the_time_since_the_first_day():
    """Who comes on the 21st and sells in ten days what pays 1,000 is paid 36,500 a year besides."""
    found, value, seller, _ = earnings()
    found.begin_anew(seller, 21 * HOURS_PER_DAY)
    found.credit(seller, Sold(0.0, 3, 0.0, new_customer=True))
    expected = 50000 * 100 + 0.1 * float(value[3]) * DAYS_PER_YEAR / 10
    assert found.pay_a_year(seller, JANUARY_H) == pytest.approx(expected)
