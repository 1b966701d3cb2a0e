"""Who sells where: numbers, names and chains, region by region."""

import pytest
from pydantic import ValidationError

from simlib.model.channels.outlets import lay_out
from simlib.scenario.channels import Channel


def test_regions_have_the_outlets_that_are_stated_for_them() -> None:
    """Three in the south, as many as usual elsewhere, none where the channel is not offered; two tiers behind them."""
    dealers = Channel(
        tiers=({"serves": 2}, {}), outlets=1, region_outlets={"south": 3, "west": 2}, regions=("north", "south")
    )
    layout = lay_out({"dealers": dealers}, ["north", "south", "west"])
    assert layout.names == (
        *("dealers/north/1", "dealers/north/above 1"),
        *("dealers/south/1", "dealers/south/2", "dealers/south/3", "dealers/south/above 1", "dealers/south/above 2"),
    )
    assert [(o.region, o.place, o.chain) for o in layout.outlets] == [
        (0, 0.5, (1, 0)),
        (1, pytest.approx(1 / 6), (5, 2)),
        (1, 0.5, (5, 3)),
        (1, pytest.approx(5 / 6), (6, 4)),
    ]


def test_a_site_has_one_outlet_wherever_its_customers_are() -> None:
    """What is stated for a region would mean nothing."""
    with pytest.raises(ValidationError, match="must not be there online: one outlet is there for all regions"):
        Channel(online=True, region_outlets={"south": 3})
