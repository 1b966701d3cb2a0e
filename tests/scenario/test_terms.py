"""A design states keys of a channel anew: the same customers, other prices, outlets or rebates."""

from typing import Any

import pytest

from simlib.errors import ScenarioError
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario
from simlib.scenario.vary import vary
from simlib.world import draw_world
from tests.worlds import small

CHANNELS = {
    "force": {"pursued": True, "reach": 0.8},
    "dealers": {"tiers": [{"markup": 0.2}], "price": 0.8, "outlets": 3},
    "site": {"online": True, "price": 0.95, "reach": 0.5},
}
OPEN = {"structure": "geographic", "channels": ["force", "dealers", "site"]}


def market(terms: dict[str, Any], **more: Any) -> Scenario:
    """Two designs, the second on terms."""
    buying = {"worth": [0.8, 2.0], "noise": 0.1, "transport": 0.1}
    made = small(channels=CHANNELS, designs={"as_stated": OPEN, "on_terms": OPEN})
    return vary(made, {"mechanisms.buying": buying, "designs.on_terms": {**OPEN, "terms": terms, **more}})


@pytest.mark.parametrize(
    ("channel", "key", "value"),
    [
        ("site", "price", 0.7),
        ("dealers", "outlets", 1),
        ("dealers", "tiers", [{"markup": 0.05, "rebate": {"rate": 0.1}}]),
        ("site", "reach", 0.9),
        ("force", "reach", 0.3),
    ],
)
def test_terms_are_what_the_channel_would_be(channel: str, key: str, value: Any) -> None:
    """Stated by the design or under `channels`: the same ledger, table by table; and not the one without terms."""
    scenario = market({channel: {key: value}})
    elsewhere = vary(market({}), {f"channels.{channel}.{key}": value})
    one, other, without = (
        simulate(build(design, each), draw_world(each, seed=3, replication=0))
        for design, each in (("on_terms", scenario), ("on_terms", elsewhere), ("as_stated", scenario))
    )
    assert len(one.choices) > 20
    for table in ("choices", "goods", "money", "leads", "conflicts"):
        assert getattr(one, table).equals(getattr(other, table)), table
    assert not one.choices.equals(without.choices)


def test_what_a_design_leaves_open_is_what_the_organisation_states() -> None:
    """As with every axis: the design's own word wins, and is the whole of it."""
    scenario = vary(market({"site": {"price": 0.7}}), {"organisation.terms": {"dealers": {"price": 0.6}}})
    assert build("as_stated", scenario).axes.terms == {"dealers": {"price": 0.6}}
    assert build("on_terms", scenario).axes.terms == {"site": {"price": 0.7}}


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"sit": {"price": 1.0}}, r"designs.on_terms.terms.sit: got 'sit'.*did you mean 'site'"),
        ({"site": {"prise": 1.0}}, r"designs.on_terms.terms.site.prise: got the unknown name 'prise'"),
        ({"site": {"price": -1.0}}, r"designs.on_terms.terms.site.price: got -1, must be greater than 0"),
        ({"site": {"outlets": 2}}, r"designs.on_terms.terms.site.outlets: got 2, must be 1 online"),
        ({"site": {"pursued": True}}, r"designs.on_terms.terms.site.pursued: got true, must be as the channel has it"),
        ({"dealers": {"commission": 0.1}}, r"designs.on_terms.terms.dealers.commission: got 0.1, must be 0 where"),
        ({"dealers": {"regions": ["mars"]}}, r"designs.on_terms.terms.dealers.regions.0: got 'mars'"),
    ],
)
def test_terms_that_cannot_be_are_refused(terms: dict[str, Any], message: str) -> None:
    """With the place in the design, by the rules of the channel."""
    with pytest.raises(ScenarioError, match=message):
        market(terms)


def test_a_design_that_becomes_another_keeps_its_terms() -> None:
    """Terms hold for a whole run."""
    with pytest.raises(ScenarioError, match=r"designs.on_terms.terms: got other terms for 'site' than 'as_stated'"):
        market({"site": {"price": 0.7}}, becomes={"design": "as_stated", "on_day": 10})
    assert market({}, becomes={"design": "as_stated", "on_day": 10})
