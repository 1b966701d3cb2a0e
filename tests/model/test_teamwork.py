"""What help is worth to who lends a hand, and to whose deal it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simlib.model.teamwork import Hand, gain, pays
from simlib.odds import shifted

chances = st.floats(0.05, 0.95)


@pytest.mark.parametrize("members", [1, 2, 5, 20])
def test_in_a_pool_help_pays_as_far_as_ones_share_of_it(members):
    """A pool of s of revenue for n, a deal of d, hours that bring the helper h: help if (p₁ − p)·s·d / n > h."""
    share, deal, alone, joined = 0.06, 50_000.0, 0.4, 0.5
    part = share / members * deal
    worth = gain(Hand(alone, joined, part, part))
    assert worth == pytest.approx(0.1 * 3000 / members)
    assert pays(worth, cost=299.0 / members)
    assert not pays(worth, cost=301.0 / members)


def test_without_a_share_nobody_helps():
    """Neither pool nor credit: it brings nothing, and does not pay even where it costs nothing."""
    assert gain(Hand(0.4, 0.5, 0.0, 0.0)) == 0
    assert not pays(0.0)


def test_credit_counts_at_the_whole_chance():
    """Who has a fifth of the credit with help, and nothing without, looks at the deal and not at what help adds."""
    assert gain(Hand(0.4, 0.5, 0.0, 200.0)) == pytest.approx(100.0)
    assert gain(Hand(0.4, 0.4, 0.0, 200.0)) == pytest.approx(80.0)


def test_a_seller_shares_the_credit_only_where_help_is_worth_it():
    """Four fifths of p₁ against the whole of p: at p = .4 help must bring .5 or more."""
    assert pays(gain(Hand(0.4, 0.51, 1000.0, 800.0)))
    assert not pays(gain(Hand(0.4, 0.49, 1000.0, 800.0)))


@given(chances, st.floats(0, 3), st.floats(0, 1e6), st.floats(0, 1))
def test_who_cares_for_the_firm_helps_for_what_it_brings_the_firm(chance, log_odds, margin, discipline):
    """(p₁ − p)·discipline·margin, whatever the pay; at log-odds 0 nothing."""
    hand = Hand(chance, shifted(chance, log_odds), 0.0, 0.0)
    worth = gain(hand, margin=discipline * margin)
    assert worth == pytest.approx((hand.joined - chance) * discipline * margin)
    assert log_odds or worth == 0
