"""Customers take the best offer; shares are counted exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simlib.model.channels.offers import STAY_AWAY, Offer, shares, taken

LINES = st.lists(st.builds(Offer, st.floats(-5, 5), st.floats(-5, 5)), min_size=1, max_size=5)


@given(offers=LINES)
def test_shares_are_those_of_customers_asked_one_by_one(offers):
    """All customers are counted once; a fine grid of customers, asked one by one, gives the same shares."""
    found = shares(offers)
    assert sum(found) == pytest.approx(1.0)
    asked = [taken((number + 0.5) / 2000, offers) for number in range(2000)]
    for number, share in enumerate(found):
        assert asked.count(number) / 2000 == pytest.approx(share, abs=0.003)


def test_who_values_the_good_less_than_its_price_stays_away():
    """Values lie evenly up to 10: at a price of 4 the upper 60% buy."""
    assert shares([Offer(-4.0, 10.0), STAY_AWAY]) == pytest.approx([0.6, 0.4])


def test_of_equal_offers_the_first_is_taken():
    """No customer is split, and none counted twice."""
    assert shares([Offer(1.0, 1.0), Offer(1.0, 1.0)]) == [1.0, 0.0]
