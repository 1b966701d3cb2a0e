"""Scenarios from scenarios: values replaced and re-validated, nothing changed in place."""

# ruff: noqa: E501 - a row of a table of faults is one line

from __future__ import annotations

import numpy as np
import pytest

from simlib.errors import ScenarioError
from simlib.scenario import keep_designs, switch_off, value_at, vary
from simlib.scenario.schema import Scenario
from simlib.scenario.vary import is_share


def test_nothing_varied_is_the_same(small: Scenario) -> None:
    """What `vary` takes apart it puts together again, mechanisms that are off included."""
    assert vary(small, {}) == small


def test_vary_leaves_the_original(small: Scenario) -> None:
    """Paths reach mappings, list items by name and by index; the base keeps its values."""
    changes = {"designs.flat.span": 12, "stages.contact.effort_hours": 2.0, "demand.cells.0.needs_per_week": 3.5}
    varied = vary(small, changes)
    assert [value_at(varied, path) for path in changes] == [12, 2.0, 3.5]
    assert [value_at(small, path) for path in changes] == [20, 1.0, 12.0]


def test_numbers_of_numpy_are_numbers(small: Scenario) -> None:
    """Grids and samples come from numpy; the schema's strict integers would refuse them."""
    varied = vary(small, {"designs.flat.span": np.int64(7), "costs.margin": np.float64(0.5)})
    assert (varied.designs["flat"].span, varied.costs.margin) == (7, 0.5)


def test_longest_name_that_fits_is_meant(small: Scenario) -> None:
    """A design's name may hold dots."""
    two = vary(small, {"designs": {**small.designs, "flat.v2": small.designs["pyramid"]}})
    assert vary(two, {"designs.flat.v2.span": 3}).designs["flat.v2"].span == 3


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("designs.flat.spam", 3, "designs.flat.spam: got the unknown name 'spam', must be a known one (did you mean 'span'?)"),
        ("designs.flat.span", -2, "designs.flat.span: got -2, must be at least 1"),
        ("stages.contract.effort_hours", 3, "must use a name that stages has (did you mean 'contact'?)"),
        ("mechanisms.overlap.confusion", 0.1, "mechanisms.overlap is off; must be turned on first"),
        ("mechanisms.colour", "off", "mechanisms.colour: got the unknown name 'colour', must be"),
        ("", 3, "got the path an empty text"),
        ("designs..span", 3, "got the path"),
    ],
)  # fmt: skip
def test_refused_variation(path: str, value: object, expected: str, small: Scenario) -> None:
    """A variation is held to the same rules as a file, in the same words."""
    with pytest.raises(ScenarioError) as caught:
        vary(small, {path: value})
    assert expected in str(caught.value)


def test_on_and_off(small: Scenario) -> None:
    """`on` keeps settings that are there and takes the defaults where there are none."""
    assert vary(small, {"mechanisms.focus": "off"}).mechanisms.focus is None
    assert vary(small, {"mechanisms.interest": "on"}).mechanisms.interest == small.mechanisms.interest
    overlap = vary(small, {"mechanisms.overlap": "on"}).mechanisms.overlap
    assert overlap is not None
    assert overlap.confusion == 0


def test_switch_off(small: Scenario) -> None:
    """Some mechanisms or, without a name, all of them."""
    some = switch_off(small, "skill", "travel")
    assert (some.mechanisms.skill, some.mechanisms.travel) == (None, None)
    assert some.mechanisms.focus is not None
    assert all(value is None for _, value in switch_off(small).mechanisms)
    with pytest.raises(ScenarioError, match=r"got 'skil', must be .*did you mean 'skill'"):
        switch_off(small, "skil")


def test_value_at(small: Scenario) -> None:
    """A parameter of a mechanism that is off has no value; an unknown one is an error, off or on."""
    assert value_at(small, "mechanisms.focus.exponent") == 0.1
    assert value_at(small, "mechanisms.overlap.confusion") is None
    with pytest.raises(ScenarioError, match="did you mean 'confusion'"):
        value_at(small, "mechanisms.overlap.confuson")
    with pytest.raises(ScenarioError, match="did you mean 'exponent'"):
        value_at(small, "mechanisms.focus.exponnent")


@pytest.mark.parametrize(
    ("path", "share"),
    [
        ("demand.inbound_share", True),
        ("stages.contact.pass_probability", True),
        ("mechanisms.travel.remote_share", True),
        ("designs.flat.list_overlap", True),
        ("people.rep.absence_share", True),
        ("people.rep.skill_sd", False),
        ("designs.flat.span", False),
        ("market.regions.east.travel_hours.north", False),
    ],
)
def test_is_share(path: str, share: bool, small: Scenario) -> None:
    """The schema's bounds, not the present value, say whether a number is a share."""
    assert is_share(small, path) is share


def test_keep_designs(small: Scenario) -> None:
    """What is known about a design that is left out goes with it; the baseline must stay or be named anew."""
    known = vary(small, {"evidence": {"designs.flat.span": {"source": "a book", "grade": "literature"}}})
    kept = keep_designs(known, ["product_line", "pyramid"])
    assert list(kept.designs) == ["product_line", "pyramid"]
    assert kept.evidence == {}
    with pytest.raises(ScenarioError, match=r"designs\.flatt: got 'flatt', must be .*did you mean 'flat'"):
        keep_designs(small, ["flatt"])
    with pytest.raises(ScenarioError, match=r"compare\.baseline: got 'pyramid', which is left out; must be 'flat'"):
        keep_designs(small, ["flat"])
