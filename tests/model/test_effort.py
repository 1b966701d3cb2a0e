"""Effort against its first-order condition, exhaustive search, and common sense."""

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simlib.model.effort import Stake, effort
from simlib.model.outlook import variance
from simlib.org.schedule import Piece, Schedule, capped, linear, steps, tiered

rates = st.floats(0.01, 3)
costs = st.floats(0.05, 20)
sds = st.floats(0.1, 5)
amounts = st.floats(0, 4)


@st.composite
def schedules(draw):
    """One to five pieces, each rate and each jump at least 0."""
    begins, pays = 0.0, 0.0
    pieces = [Piece(Fraction(0), Fraction(0), Fraction(draw(st.floats(0, 1))))]
    for _ in range(draw(st.integers(0, 4))):
        length = draw(st.floats(0.3, 3))
        pays += float(pieces[-1].rate) * length + draw(st.sampled_from([0.0, 0.0, 0.7, 3.0]))
        begins += length
        pieces.append(Piece(Fraction(begins), Fraction(pays), Fraction(draw(st.floats(0, 3)))))
    return Schedule(tuple(pieces))


stakes = st.builds(Stake, schedules(), st.floats(-3, 6), st.floats(0.2, 3), sds)


def utility(parts, cost, usual, e, risk_aversion=0.0):
    """What an effort is worth, from the schedules' own expectations."""
    pay = sum(part.schedule.expected(part.result + part.per_effort * e, part.sd) for part in parts)
    risk = sum(variance(part.schedule, part.result + part.per_effort * e, part.sd) for part in parts)
    return pay - 0.5 * cost * (e - usual) ** 2 - 0.5 * risk_aversion * risk


@given(rates, costs, st.floats(0, 2), st.floats(0.1, 3))
def test_by_the_piece(rate, cost, usual, per_effort):
    """e = e₀ + k·rate/c, whatever was sold, the noise and the aversion to it; and by search where a schedule of two
    pieces with one rate has to be searched."""
    wanted = usual + per_effort * rate / cost
    plain = Stake(linear(Fraction(rate)), 7.0, per_effort, 2.0)
    assert effort([plain], cost=cost, usual=usual) == pytest.approx(wanted, rel=1e-12)
    assert effort([plain], cost=cost, usual=usual, risk_aversion=5) == pytest.approx(wanted, rel=1e-12)
    broken = tiered([(Fraction(0), Fraction(rate)), (Fraction(8), Fraction(rate))])
    assert effort([plain._replace(schedule=broken)], cost=cost, usual=usual) == pytest.approx(wanted, rel=1e-9)


@given(rates, costs)
def test_bounds(rate, cost):
    """Never less than the least effort, never more than the most, with linear and other pay."""
    parts = [Stake(linear(Fraction(rate)), 0.0, 1.0), Stake(steps([(Fraction(1), Fraction(2))]), 0.0, 1.0, 1.0)]
    for chosen in (parts[:1], parts):
        assert effort(chosen, cost=cost, within=(0.0, 0.001)) <= 0.001
        assert effort(chosen, cost=cost, within=(200.0, 300.0)) == 200
        assert effort(chosen, cost=cost, usual=5.0, within=(1.0, 2.0)) == 2


@given(st.lists(stakes, min_size=1, max_size=3), costs, amounts)
def test_nothing_is_better(parts, cost, usual):
    """No effort on a fine grid is worth more: several components, tiers, jumps, near and far."""
    found = effort(parts, cost=cost, usual=usual)
    best = utility(parts, cost, usual, found)
    for e in np.concatenate([np.linspace(0, 2 * found + 20 / cost + 1, 300), found + np.linspace(-0.05, 0.05, 20)]):
        if e >= 0:
            assert utility(parts, cost, usual, float(e)) <= best + 1e-9 * (1 + abs(best))


@given(stakes, costs, st.floats(0.05, 2))
def test_nothing_is_better_for_who_fears_risk(part, cost, risk_aversion):
    """The same with half r·Var(pay) less."""
    found = effort([part], cost=cost, risk_aversion=risk_aversion)
    best = utility([part], cost, 0.0, found, risk_aversion)
    for e in np.linspace(0, 2 * found + 20 / cost + 1, 200):
        assert utility([part], cost, 0.0, float(e), risk_aversion) <= best + 1e-9 * (1 + abs(best))


@given(st.floats(0.1, 10), st.floats(-4, 8), sds, costs)
def test_at_a_quota_bonus_the_last_effort_pays_what_it_costs(bonus, result, sd, cost):
    """B·φ((y + e − Q)/σ)/σ = c·e at the effort chosen."""
    found = effort([Stake(steps([(Fraction(3), Fraction(bonus))]), result, 1.0, sd)], cost=cost)
    z = (result + found - 3) / sd
    pays = bonus * math.exp(-z * z / 2) / (sd * math.sqrt(2 * math.pi))
    assert pays == pytest.approx(cost * found, rel=1e-9, abs=1e-300)


def test_a_quota_out_of_reach_and_one_safely_met_bring_nothing():
    """Who is far below gives up, who is far above rests, who is near works (Steenburgh 2008)."""
    bonus = steps([(Fraction(100), Fraction(50))])
    efforts = [effort([Stake(bonus, result, 1.0, 4.0)], cost=1.0) for result in (60.0, 85.0, 96.0, 104.0, 130.0)]
    gave_up, far, near, over, safe = efforts
    assert gave_up < 1e-6 > safe
    assert far < over < near


def test_effort_jumps_where_the_quota_comes_into_reach():
    """Two local maxima: a little further away it no longer pays, and effort falls at once, not by degrees."""
    bonus = steps([(Fraction(10), Fraction(5))])
    efforts = [effort([Stake(bonus, 8 - shift / 100, 1.0, 0.3)], cost=1.0) for shift in range(200)]
    falls = [before - after for before, after in pairwise(efforts)]
    assert max(falls) > 2
    assert sorted(falls)[-2] < 0.1


def test_without_noise_just_as_far_as_it_pays():
    """Certain results: up to the quota exactly if the bonus is worth the way, to the cap and no further."""
    bonus = steps([(Fraction(10), Fraction(5))])
    assert effort([Stake(bonus, 8.0, 1.0)], cost=1.0) == pytest.approx(2, rel=1e-7)
    assert effort([Stake(bonus, 6.0, 1.0)], cost=1.0) == 0
    cap = capped(linear(Fraction(1, 2)), Fraction(3))
    assert effort([Stake(cap, 5.5, 1.0)], cost=0.1) == pytest.approx(0.5, rel=1e-7)
    assert effort([Stake(cap, 9.0, 1.0)], cost=0.1) == pytest.approx(0, abs=1e-7)


def test_an_accelerator_draws_who_is_near_and_a_cap_rests_who_is_there():
    """A rate that rises at the quota lifts effort below it; without the cap there would be more."""
    faster = tiered([(Fraction(0), Fraction(1, 10)), (Fraction(10), Fraction(3, 10))])
    near, far = (effort([Stake(faster, result, 1.0, 1.0)], cost=0.1) for result in (9.5, 2.0))
    assert far == pytest.approx(1, abs=0.01)
    assert 1 < near < 3
    stopped = capped(faster, Fraction(11, 10))
    assert effort([Stake(stopped, 9.5, 1.0, 1.0)], cost=0.1) < near


def test_effort_that_does_nothing_is_not_made():
    """A component whose result effort does not move adds nothing, however it pays."""
    idle = Stake(steps([(Fraction(1), Fraction(100))]), 0.5, 0.0, 1.0)
    assert effort([idle], cost=1.0, usual=0.7) == 0.7
    paid = Stake(linear(Fraction(1, 2)), 0.0, 1.0)
    assert effort([idle, paid], cost=1.0) == effort([paid], cost=1.0)


def test_large_amounts_are_no_harder():
    """In cents as in millions: the unit of money changes nothing but the unit of cost."""
    small = effort([Stake(steps([(Fraction(2), Fraction(2))]), 1.0, 1.0, 1.0)], cost=1.0)
    large = effort([Stake(steps([(Fraction(2 * 10**9), Fraction(2 * 10**9))]), 1e9, 1e9, 1e9)], cost=1e9)
    assert large == pytest.approx(small, rel=1e-12)
