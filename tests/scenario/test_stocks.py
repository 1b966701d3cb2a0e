"""What a rebate or a special may not say is refused at its place."""

from typing import Any

import pytest
from pydantic import ValidationError

from simlib.errors import ScenarioError
from simlib.scenario import vary
from simlib.scenario.stocks import PartnerSpecial, Rebate
from tests.worlds import small


def test_tiers_of_a_rebate_rise():
    """Else it is not clear which rate holds."""
    with pytest.raises(ValidationError, match=r"tiers.1: got 100, must be above the one before \(100\)"):
        Rebate(tiers=((100.0, 0.1), (100.0, 0.2)))


def test_a_rebate_gives_back_less_than_was_paid():
    """All parts at their best together: at the whole price any order would cost nothing."""
    with pytest.raises(ValidationError, match="rate: got 1 with the best tier and growth, must be less than 1"):
        Rebate(rate=0.2, tiers=((0.0, 0.1), (1.0, 0.5)), growth=0.3)


def test_a_special_ends_after_it_begins():
    """A last day before the first is a slip."""
    with pytest.raises(ValidationError, match="last_day: got 2026-01-01, must not be before first_day"):
        PartnerSpecial(share=0.1, first_day="2026-02-01", last_day="2026-01-01")


def test_a_special_is_for_products_that_there_are():
    """The name of a product that the market does not have, with its place and the names that it has."""
    tiers: list[dict[str, Any]] = [{"specials": [{"share": 0.1, "products": ["machine", "machin"]}]}]
    with pytest.raises(ScenarioError) as refused:
        vary(small(), {"channels.dealers.tiers": tiers})
    assert "channels.dealers.tiers.0.specials.0.products.1" in str(refused.value)
    assert "machine" in str(refused.value)
