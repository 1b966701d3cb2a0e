"""What it is worth to somebody that others work on a deal, by pool, by credit, and for the firm's sake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simlib.model.shared_credit import Hope, gain, pays
from simlib.odds import shifted

chances = st.floats(0.05, 0.95)


@pytest.mark.parametrize("members", [1, 2, 5, 20])
def test_in_a_pool_help_pays_as_far_as_ones_share_of_it(members):
    """A pool of s of revenue for n, a deal of d, hours that bring the helper h: help if (p₁ − p)·s·d / n > h."""
    share, deal, alone, joined = 0.06, 50_000.0, 0.4, 0.5
    part = share / members * deal
    worth = gain(Hope(alone, part), Hope(joined, part))
    assert worth == pytest.approx(0.1 * 3000 / members)
    assert pays(worth, cost=299.0 / members)
    assert not pays(worth, cost=301.0 / members)


def test_without_a_share_nobody_helps():
    """Neither pool nor credit: it brings nothing, and does not pay even where it costs nothing."""
    assert gain(Hope(0.4, 0.0), Hope(0.5, 0.0)) == 0
    assert not pays(0.0)


def test_credit_counts_at_the_whole_chance():
    """Who has a fifth of the credit with help, and nothing without, looks at the deal and not at what help adds."""
    assert gain(Hope(0.4, 0.0), Hope(0.5, 200.0)) == pytest.approx(100.0)
    assert gain(Hope(0.4, 0.0), Hope(0.4, 200.0)) == pytest.approx(80.0)


def test_a_seller_shares_the_credit_only_where_help_is_worth_it():
    """Four fifths of p₁ against the whole of p: at p = .4 help must bring .5 or more."""
    assert pays(gain(Hope(0.4, 1000.0), Hope(0.51, 800.0)))
    assert not pays(gain(Hope(0.4, 1000.0), Hope(0.49, 800.0)))


@given(chances, st.floats(0, 3), st.floats(0, 1e6), st.floats(0, 1))
def test_who_cares_for_the_firm_helps_for_what_it_brings_the_firm(chance, log_odds, margin, discipline):
    """(p₁ − p)·discipline·margin, whatever the pay; at log-odds 0 nothing."""
    joined = shifted(chance, log_odds)
    worth = gain(Hope(chance, 0.0), Hope(joined, 0.0), margin=discipline * margin)
    assert worth == pytest.approx((joined - chance) * discipline * margin)
    assert log_odds or worth == 0
