"""What a win or a renewal is worth to who is paid by the share of them, against every way in which the rest may end."""

import itertools
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from simlib.model.clientele import Clientele
from simlib.model.earnings import Earnings
from simlib.model.tallies import Line, Tally, binomial
from simlib.org import build
from simlib.org.plan_parts import parts_of
from simlib.scenario import vary
from simlib.scenario.pay import Plan
from simlib.units import HOURS_PER_DAY
from simlib.world import draw_world
from tests.worlds import small

WEEK_H = 7 * HOURS_PER_DAY
CURVES = {
    "line": [[0.5, 0.0], [1.0, 1.0], [1.5, 1.5]],
    "jump": [[1.0, 1.0]],
    "bend": [[0.8, 0.4], [1.0, 1.0]],
}


def card(curve, on="customers_kept", **more):
    """A plan that pays 1,000 a quarter by one share with a target of .6."""
    kpi = {"weight": 1.0, "on": on, "target": 0.6, "curve": curve, **more}
    return {"base_per_year": 50000.0, "components": {"card": {"kind": "scorecard", "pays": 1000.0, "kpis": {"k": kpi}}}}


def line(curve, *, taken, of, to_come, usual):
    """A share of which so much is decided, with so many more to come in the next four weeks."""
    (part,) = parts_of(Plan.model_validate(card(curve)), 100)
    tally = Tally(part.counts, part.period, [True], usual)
    tally.a_week, tally.ends_h, tally.now = to_come / 4, 4 * WEEK_H, (taken, of)
    return Line(tally, part.schedule(Fraction(1), part.target), part), part


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize(
    ("taken", "of", "to_come", "usual"), [(0, 0, 1, 0.5), (2, 5, 6, 0.7), (7, 8, 9, 0.35), (3, 4, 10, 0.9)]
)
def test_a_gain_is_that_of_every_way_in_which_the_rest_may_end(curve, taken, of, to_come, usual):
    """The mean over all 2^m ways in which the others may be decided of what is paid with this one, less without; each
    paid exactly, as by the payroll."""
    found, part = line(CURVES[curve], taken=taken, of=of, to_come=to_come, usual=usual)
    schedule, others, mean = part.schedule(Fraction(1), part.target), to_come - 1, 0.0
    for ways in itertools.product((0, 1), repeat=others):
        chance = np.prod([usual if one else 1 - usual for one in ways])
        with_it, without = (float(schedule.pay(Fraction(taken + sum(ways) + this, of + 1 + others))) for this in (1, 0))
        mean += chance * (with_it - without)
    assert found.gain(0.0) == pytest.approx(mean, rel=1e-9)
    assert found.gain(0.0) >= 0


def test_the_expected_pay_of_a_year_is_four_quarters_of_every_way():
    """Two of five are kept and six come: W's mean over the 64 ways, four times; with nothing to come it is certain."""
    found, part = line(CURVES["line"], taken=2, of=5, to_come=6, usual=0.7)
    schedule, mean = part.schedule(Fraction(1), part.target), 0.0
    for ways in itertools.product((0, 1), repeat=6):
        mean += np.prod([0.7 if one else 0.3 for one in ways]) * float(schedule.pay(Fraction(2 + sum(ways), 11)))
    assert found.pay_a_year(0.0) == pytest.approx(4 * mean, rel=1e-9)
    assert found.pay_a_year(4 * WEEK_H) == pytest.approx(4 * float(schedule.pay(Fraction(2, 5))), rel=1e-9)


def test_where_the_target_is_out_of_reach_or_safe_one_more_is_worth_nothing():
    """Of ten, one more of the last two cannot lift none to six, nor be missed where eight are taken."""
    for taken in (0, 8):
        found, _ = line(CURVES["jump"], taken=taken, of=8, to_come=2, usual=0.5)
        assert found.gain(0.0) == 0
    found, _ = line(CURVES["jump"], taken=5, of=8, to_come=2, usual=0.5)
    assert found.gain(0.0) == pytest.approx(0.5 * 100_000)


def test_experience_moves_what_is_expected():
    """Thirteen weeks of two a week at .5 are worth 26 of one's own: ten, all taken, make (13 + 10) / 36."""
    found, _ = line(CURVES["line"], taken=0, of=0, to_come=8, usual=0.5)
    for _ in range(10):
        found.tally.note(taken=True)
    assert found.tally.now == (10, 10)
    assert found.tally.chance == pytest.approx(23 / 36)


def test_many_to_come_are_no_more_trouble_than_few():
    """Probabilities of two thousand sum to 1 and have the mean of the binomial; sure ones are sure."""
    found = binomial(2000, 0.3)
    assert sum(found) == pytest.approx(1, abs=1e-9)
    assert sum(number * chance for number, chance in enumerate(found)) == pytest.approx(600, rel=1e-9)
    assert (binomial(3, 0.0), binomial(3, 1.0)) == ([1, 0, 0, 0], [0, 0, 0, 1])


def earnings(plan):
    """Of nine reps on a plan from New Year on, with the customers and the world that they have."""
    retention = {"renewal_days": 60.0, "leaving_rate_per_year": 0.5}
    scenario = vary(small(), {"plans.field": plan, "calendar.start": "2027-01-01", "mechanisms.retention": retention})
    world, organisation = draw_world(scenario, seed=1, replication=0), build("paid", scenario)
    clientele, seats = Clientele(world, scenario.mechanisms.retention), len(organisation.positions)
    clientele.divide(organisation)
    found = Earnings(world, [10_000_000] * seats, seats, clientele)
    found.adopt(organisation, [np.arange(len(world.needs)) % 9], 0.0)
    return SimpleNamespace(earnings=found, world=world, clientele=clientele, seller=next(iter(found.paid)))


def test_a_renewal_is_worth_what_the_share_kept_pays():
    """A quarter of 90 days, a list of n customers of whom 365 / 60 a year renew and .5 leave: the same gain as that of
    a line with so many to come; a lead counts nothing, and who is on no plan has nothing."""
    one = earnings(card(CURVES["bend"]))
    customer = one.clientele.owners.index(one.seller)
    first = len(one.world.needs)
    held = one.clientele.owners.count(one.seller)
    found = one.earnings.gains(one.seller, first + customer, 0.0, new_customer=False)(0.0)
    a_year = 365 / 60
    like, _ = line(CURVES["bend"], taken=0, of=0, to_come=1, usual=0.9 * a_year / (a_year + 0.5))
    like.tally.a_week, like.tally.ends_h = held * 7 * (a_year + 0.5) / 365, 90 * HOURS_PER_DAY
    assert found == pytest.approx(like.gain(0.0), rel=1e-9)
    assert found > 0
    assert one.earnings.gains(one.seller, 3, 0.0, new_customer=True)(0.0) == 0
    boss = max(one.earnings.paid) + 1
    assert one.earnings.gains(boss, first + customer, 0.0, new_customer=False)(0.0) == 0


def test_a_share_of_new_customers_counts_no_others_and_begins_anew_with_the_quarter():
    """A filter holds for what is decided too; so does the period, and who comes after counts from none."""
    one = earnings(card(CURVES["line"], "win_rate", customers="new"))
    shares, seller = one.earnings.shares, one.seller
    before = one.earnings.gains(seller, 3, 0.0, new_customer=True)(0.0)
    assert before > 0
    assert one.earnings.gains(seller, 3, 0.0, new_customer=False)(0.0) == 0
    shares.decided(seller, 5, new_customer=False, taken=True)
    assert one.earnings.gains(seller, 3, 0.0, new_customer=True)(0.0) == before
    for need in range(20):
        shares.decided(seller, need, new_customer=True, taken=False)
    assert one.earnings.gains(seller, 3, 0.0, new_customer=True)(0.0) != before
    one.earnings.begin_anew(seller, 0.0)
    assert one.earnings.gains(seller, 3, 0.0, new_customer=True)(0.0) == before
    shares.decided(seller, 3, new_customer=True, taken=True)
    one.earnings.close(31 * HOURS_PER_DAY)
    lines = shares._lines[seller]
    assert lines[0].tally.now == (1, 1)
    one.earnings.close(90 * HOURS_PER_DAY)
    assert lines[0].tally.now == (0, 0)
    assert lines[0].tally.ever == (1, 1)
