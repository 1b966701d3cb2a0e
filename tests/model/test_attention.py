"""What is done next, and how hours are shared."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simlib.model.attention import index, shared

ks = st.lists(st.floats(0.01, 100), min_size=1, max_size=8)


def test_own_pay_an_hour_comes_first_and_discipline_weighs_the_firm():
    """Without discipline a deal that pays nothing is never preferred; with enough, it is."""
    paid = {"own_pay": 30.0, "company_value": 100.0, "hours": 3.0}
    unpaid = {"own_pay": 0.0, "company_value": 1000.0, "hours": 2.0}
    assert index(**paid, discipline=0.0) == 10 > index(**unpaid, discipline=0.0) == 0
    assert index(**paid, discipline=0.1) < index(**unpaid, discipline=0.1)
    assert index(5.0, company_value=0.0, discipline=0.0, hours=0.0) == math.inf
    assert index(0.0, company_value=0.0, discipline=0.0, hours=0.0) == 0


@given(ks, st.floats(0, 0.95), st.floats(0.1, 1e4))
def test_the_last_hour_brings_the_same_everywhere(productivities, elasticity, budget):
    """b·k·x^(b−1) is equal, and the budget is spent."""
    found = shared(budget, productivities=productivities, elasticity=elasticity)
    assert math.fsum(found) == pytest.approx(budget)
    if elasticity > 0:
        logs = [
            math.log(k) + (elasticity - 1) * math.log(x) for k, x in zip(productivities, found, strict=True) if x > 0
        ]
        assert max(logs) - min(logs) < 1e-6


def test_the_published_split():
    """3, 2, 1 at elasticity .34: 5.779443, 3.126663, 1.093893 of 10 (Albers et al.)."""
    found = shared(10.0, productivities=[3, 2, 1], elasticity=0.34)
    assert found == pytest.approx([5.779443, 3.126663, 1.093893], abs=5e-7)


def test_corners():
    """Elasticity 0 in proportion, 1 all to the best and evenly among equals, nothing to what brings nothing."""
    assert shared(12.0, productivities=[3, 2, 1], elasticity=0.0) == pytest.approx([6, 4, 2])
    assert shared(12.0, productivities=[3, 2, 3], elasticity=1.0) == [6, 0, 6]
    assert shared(12.0, productivities=[0, 2, 0], elasticity=0.5) == [0, 12, 0]
    assert shared(12.0, productivities=[0, 0], elasticity=0.5) == [6, 6]
    nearly = shared(12.0, productivities=[3, 2.9], elasticity=0.999)
    assert nearly[0] == pytest.approx(12)
