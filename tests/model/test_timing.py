"""When deals are signed: around quotas, accelerators and caps, and not at all where pay is by the piece."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simlib.model.outlook import Outlook
from simlib.model.timing import Move, gain_of_now, largest_discount, pulls_in, pushes_out
from simlib.org.schedule import Piece, Schedule, capped, linear, steps, tiered

QUOTA, BONUS = 1_000_000, 50_000
PLAN = Schedule(
    (Piece(Fraction(0), Fraction(0), Fraction(1, 20)), Piece(Fraction(QUOTA), Fraction(100_000), Fraction(1, 20)))
)
"""5% of everything, and 50,000 at a million."""
LINEAR = Outlook(linear(Fraction(1, 20)), 0.0)
whole = st.integers(0, 2 * QUOTA).map(float)
deals = st.integers(1, QUOTA).map(float)


@given(whole, deals)
def test_at_the_very_end_if_and_only_if_the_deal_makes_the_quota(result, deal):
    """Q − d ≤ y < Q, to the cent, and the gain is the bonus."""
    makes_it = QUOTA - deal <= result < QUOTA
    now = Outlook(PLAN, result)
    assert pulls_in([Move(now, LINEAR, deal)]) == makes_it
    assert gain_of_now(now, LINEAR, deal) == pytest.approx(BONUS if makes_it else 0, abs=1e-6)
    assert not pushes_out([Move(now, LINEAR, deal)])


@pytest.mark.parametrize(("result", "pulled"), [(899_999, False), (900_000, True), (999_999, True), (1_000_000, False)])
def test_the_edges(result, pulled):
    """The result with which the deal just makes the quota counts, the quota itself does not."""
    assert pulls_in([Move(Outlook(PLAN, result), LINEAR, 100_000.0)]) == pulled


@given(whole, st.floats(0, 500_000), deals, st.floats(0.001, 1))
def test_by_the_piece_nothing_is_moved(result, sd, deal, rate):
    """Alike in both periods, whatever the unit: rounding is no reason."""
    schedule = linear(Fraction(rate))
    now, later = Outlook(schedule, result, sd), Outlook(schedule, 3.0, sd)
    assert not pulls_in([Move(now, later, deal)])
    assert not pushes_out([Move(now, later, deal)])
    assert largest_discount(now, later, deal) == 0


def test_who_has_met_the_quota_keeps_the_next_deal_for_the_next_one():
    """Sandbagging: over the quota now, and in need of it next time; out of reach, the same."""
    bonus = steps([(Fraction(100), Fraction(10))])
    later = Outlook(bonus, 90.0, 10.0)
    assert pushes_out([Move(Outlook(bonus, 105.0), later, 10.0)])
    assert pushes_out([Move(Outlook(bonus, 40.0, 5.0), later, 10.0)])
    assert pulls_in([Move(Outlook(bonus, 95.0), later, 10.0)])
    assert not pushes_out([Move(Outlook(bonus, 105.0), later, 10.0)], cost=10.0)


def test_who_is_at_the_cap_keeps_the_deal():
    """Beyond the cap it would bring nothing."""
    cap = capped(linear(Fraction(1, 10)), Fraction(10))
    assert pushes_out([Move(Outlook(cap, 120.0), Outlook(cap, 0.0), 20.0)])


def test_trouble_is_weighed():
    """Moved only if the gain is more than it costs."""
    now = Outlook(PLAN, 950_000.0)
    assert pulls_in([Move(now, LINEAR, 100_000.0)], cost=BONUS - 1)
    assert not pulls_in([Move(now, LINEAR, 100_000.0)], cost=BONUS + 1)


ACCELERATOR = tiered([(Fraction(0), Fraction(1, 20)), (Fraction(1), Fraction(12, 100))])


def test_the_published_discount():
    """5% and 12% above 1, two deals of .8: .042 more joined than apart, so up to .4375 off."""
    assert largest_discount(Outlook(ACCELERATOR, 0.8), Outlook(ACCELERATOR, 0.0), 0.8) == pytest.approx(0.4375)


@given(st.floats(0.1, 3), st.floats(0, 1), st.floats(0.05, 3), st.floats(0, 0.05))
def test_at_the_largest_discount_both_are_as_good(result, sd, deal, cost):
    """And at any larger one leaving the deal is better."""
    now, later = Outlook(ACCELERATOR, result, sd), Outlook(ACCELERATOR, 0.0, sd)
    found = largest_discount(now, later, deal, cost=cost)
    gain = gain_of_now(now, later, deal, discount=found) - cost
    if found == 0:
        assert gain <= 1e-9
    else:
        assert 0 < found < 1
        assert gain == pytest.approx(0, abs=1e-12)
        assert gain_of_now(now, later, deal, discount=min(found + 0.01, 1.0)) < cost
        assert pulls_in([Move(now, later, deal, 0.99 * found)], cost=cost)
        assert not pulls_in([Move(now, later, deal, min(1.01 * found, 1.0))], cost=cost)


def test_a_bonus_is_still_met_at_the_largest_discount():
    """With certain results: down to the deal that just makes the quota, and not a cent below."""
    bonus = steps([(Fraction(1000), Fraction(10))])
    found = largest_discount(Outlook(bonus, 900.0), Outlook(linear(Fraction(0)), 0.0), 400.0)
    assert found == pytest.approx(0.75)
    assert 900.0 + (1 - found) * 400.0 >= 1000.0


def test_given_away_if_nothing_is_lost():
    """A deal that would bring nothing later may go for next to nothing now."""
    found = largest_discount(Outlook(linear(Fraction(1, 10)), 0.0), Outlook(linear(Fraction(0)), 0.0), 5.0)
    assert found == pytest.approx(1)
