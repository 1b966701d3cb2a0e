"""Contests against simulation by hand, closed forms, and each other."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simlib.model.contest import Expected, bar, chance

means, sds = st.floats(-3, 3), st.floats(0.5, 2)
people = st.lists(st.builds(Expected, means, sds), min_size=2, max_size=6)


@given(people, st.data())
def test_as_many_win_as_there_are_prizes(field, data):
    """The chances of all add up to the number of winners, whoever is ahead."""
    winners = data.draw(st.integers(1, len(field) - 1))
    total = sum(
        chance(own, field[:number] + field[number + 1 :], winners=winners).probability
        for number, own in enumerate(field)
    )
    assert total == pytest.approx(winners, abs=1e-6)


@given(means, sds, means, sds)
@example(2.0, 0.5, -3.0, 0.5)
def test_of_two_the_difference_decides(mean, sd, other, spread):
    """P = Φ((μ − ν)/√(σ² + τ²)), its growth the density there; and the bar is the rival, unless one of the two is sure
    to win: beyond a chance of 1e-9 nothing is open."""
    own, rival = Expected(mean, sd), Expected(other, spread)
    both = math.hypot(sd, spread)
    z = (mean - other) / both
    found = chance(own, [rival], winners=1)
    assert found.probability == pytest.approx(0.5 * math.erfc(-z / math.sqrt(2)), abs=1e-7)
    assert found.per_unit == pytest.approx(math.exp(-z * z / 2) / math.sqrt(2 * math.pi) / both, abs=1e-7)
    met, beaten = bar(own, [rival], winners=1), 0.5 * math.erfc(abs(z) / math.sqrt(2))
    if beaten > 1.1e-9:
        assert met == pytest.approx((other, both), rel=1e-5, abs=1e-5)
    elif beaten < 0.9e-9:
        assert met is None


@given(people, st.data())
def test_the_growth_is_the_slope_of_the_chance(field, data):
    """By differences."""
    own, *rivals = field
    winners, step = data.draw(st.integers(1, len(rivals))), 1e-4
    low, high = (chance(own._replace(mean=own.mean + by), rivals, winners=winners) for by in (-step, step))
    slope = (high.probability - low.probability) / (2 * step)
    assert chance(own, rivals, winners=winners).per_unit == pytest.approx(slope, abs=1e-5)


def test_against_a_lottery_drawn_by_hand():
    """Five who differ in mean and luck, two prizes, a million draws: within four standard errors."""
    field = [Expected(0.0, 1.0), Expected(0.5, 0.7), Expected(-0.4, 1.5), Expected(0.2, 1.0), Expected(1.0, 2.0)]
    draws = np.random.default_rng(7).normal([one.mean for one in field], [one.sd for one in field], (1_000_000, 5))
    wins = ((draws[:, :1] < draws[:, 1:]).sum(axis=1) < 2).mean()
    assert chance(field[0], field[1:], winners=2).probability == pytest.approx(wins, abs=4 * math.sqrt(0.25 / 1e6))


def test_nothing_is_fought_for_where_nothing_is_open():
    """Prizes for all, none, a rival out of reach, and a result that is known."""
    own, far = Expected(0.0, 1.0), Expected(100.0, 1.0)
    assert bar(own, [own], winners=2) is None
    assert bar(own, [own], winners=0) is None
    assert bar(own, [far], winners=1) is None
    assert bar(far, [own], winners=1) is None
    assert bar(Expected(0.0, 0.0), [own], winners=1) is None
    assert bar(own, [], winners=1) is None
