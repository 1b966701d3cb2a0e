"""Rules between the parts of a scenario: each broken rule is a fault of its own, at its own line."""

# ruff: noqa: E501 - a row of a table of faults is one line

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from simlib.errors import ScenarioError
from simlib.ledger import ACTIVITIES
from simlib.scenario import load_scenario, vary
from simlib.scenario.consistency import RESERVED_STAGES
from simlib.scenario.schema import Scenario

CHANGES = [
    ("baseline: pyramid", "baseline: flatt", "4:21: compare.baseline: got 'flatt', must be 'pyramid', 'flat' or 'product_line' (did you mean 'flat'?)"),
    ("{region: north", "{region: nort", "24:16: demand.cells.1.region: got 'nort', must be 'east' or 'north' (did you mean 'north'?)"),
    ("segment: enterprise\n", "segment: smb\n", "demand.cells.0.segment: got 'smb', must be 'enterprise'"),
    ("{machine: 1}", "{mashine: 1}", "24:83: demand.cells.1.products.mashine: got 'mashine', must be 'machine' or 'service' (did you mean 'machine'?)"),
    ("{machine: 1}", "{}", "demand.cells.1.products: got no products, must name at least one"),
    ("{region: north", "{region: east", "24:7: demand.cells.1: got region 'east' and segment 'enterprise' a second time, must be there once"),
    ("north: 4", "nord: 4", "market.regions.east.travel_hours.nord: got 'nord', must be 'east' or 'north' (did you mean 'north'?)"),
    ("east: 1, north: 4", "east: 1", "7:12: market.regions.east.travel_hours: got no hours between 'east' and 'north' while travel is on"),
    ("name: proposal", "name: contact", "37:12: stages.1.name: got 'contact' a second time, must be there once"),
    ("name: close", "name: idle", "stages.2.name: got 'idle', must be another word"),
    ("name: close", "name: approval", "stages.2.name: got 'approval', must be another word (it names an activity beside the stages)"),
    ("  window_days: 90\n", "", "demand.window_days: got null, must be stated while calls are on and inbound_share is below 1: a call falls into the window"),
    ("hours_per_week: 40", "hours_per_week: 1e-9", "calendar.hours_per_week: got 1e-09, must be at least 1"),
    (", approval: true", "", "32:3: mechanisms.approval: got approval, but no stage that asks for it"),
    ("dispersion: 2", "weekday: [0, 0, 0, 0, 0, 0, 0]", "15:3: demand.weekday: got only zeros, must have a factor above 0"),
    ("needs_per_week: 12", "needs_per_week: 1e9", "demand.cells: got about 23,571,428,713 needs in 24 weeks, must be at most 20,000,000"),
    ("log_sd: 0.8", "log_sd: 5.0", "demand.cells.0.value"),
    ("span: 20", "panel: {members: 2, needed: 3}", "designs.flat.panel.needed: got 3, must be at most its members (2)"),
    ("structure: flat,", "structure: flat, partition: size,", "46:38: designs.flat.partition: got 'size' for design 'flat' without bands, must have market.size_bands"),
    ("rep: 50000, manager: null", "rep: 50000, manager: 40000", "43:69: organisation.authority.manager: got 40000, but rep has 50000; must be at least"),
    ("rep: 50000, manager: null", "director: 40000", "got 40000, but rep has no limit (unlimited)"),
    ("rep: 50000, manager: null", "reps: 50000", "organisation.authority.reps: got 'reps', must be 'rep', 'manager'"),
    ("mechanisms.focus.exponent:", "mechanisms.focus.exponant:", "49:3: evidence.mechanisms.focus.exponant: got the path 'mechanisms.focus.exponant', must use a name that mechanisms.focus has (did you mean 'exponent'?)"),
    ("people.rep.skill_sd:", "people.rep:", "evidence.people.rep: got the path of a group (count, skill_sd, absence_share), must be the path of a single value"),
    ("low: 0.05", "low: 0.15", "49:81: evidence.mechanisms.focus.exponent.low: got 0.15, must be at most mechanisms.focus.exponent (0.1)"),
    ("high: 0.2}", "high: 0.02}", "evidence.mechanisms.focus.exponent.low: got 0.05, must be at most high (0.02)"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), CHANGES)
def test_broken_rule(old: str, new: str, expected: str, small_yaml: str, write: Callable[..., Path]) -> None:
    """Every rule between fields names the place that breaks it, and what there is to choose from."""
    assert old in small_yaml
    text = small_yaml.replace(old, new, 1).replace("median: 60000, log_sd: 5.0", "median: 6e11, log_sd: 5.0")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(write(text))
    assert expected in str(caught.value)


def test_needs_that_nobody_would_ever_know(small: Scenario) -> None:
    """Without calls and without inbound needs there is nothing to simulate."""
    with pytest.raises(ScenarioError, match=r"demand\.inbound_share: got 0 while calls are off, must be above 0"):
        vary(small, {"demand.inbound_share": 0, "mechanisms.calls": "off"})


def test_reserved_names_are_the_ledgers_activities() -> None:
    """Activities and stages share one column of names; the scenario may not import the ledger."""
    assert RESERVED_STAGES == ACTIVITIES


def test_a_window_is_not_needed_without_calls_or_with_every_need_inbound(small: Scenario) -> None:
    """Nobody calls, or about nothing: for ever is a window like any other."""
    vary(small, {"mechanisms.calls": "off", "demand.window_days": None})
    vary(small, {"demand.inbound_share": 1.0, "demand.window_days": None})


def test_distances_do_not_matter_without_travel(small: Scenario) -> None:
    """A mechanism that is off asks for nothing."""
    vary(small, {"mechanisms.travel": "off", "market.regions.east.travel_hours": {}})


def test_evidence_may_concern_a_mechanism_that_is_off(small: Scenario) -> None:
    """Switching a mechanism off leaves what is known about it."""
    assert "mechanisms.focus.exponent" in vary(small, {"mechanisms.focus": "off"}).evidence


def test_a_variation_may_leave_the_range_of_its_evidence(
    small: Scenario, small_yaml: str, write: Callable[..., Path]
) -> None:
    """A 90% range is left by one draw in ten, and on purpose by whoever looks for a break-even."""
    vary(small, {"mechanisms.focus.exponent": 0.5})
    load_scenario(write(small_yaml), overrides=["mechanisms.focus.exponent=0.5"])
    with pytest.raises(ScenarioError, match=r"must be at least mechanisms\.focus\.exponent"):
        load_scenario(write(small_yaml.replace("focus: {exponent: 0.1}", "focus: {exponent: 0.5}")))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"mechanisms.help": "on"}, "mechanisms.help: got help, but no stage in which problems come up; must be off"),
        ({"mechanisms.sponsor": "on"}, "mechanisms.sponsor: got sponsor, but no stage that the head joins"),
        ({"designs.flat.pools": {"aid": {"takes": {"propsal": 0.5}}}}, "designs.flat.pools.aid.takes.propsal: got 'propsal', must be 'contact', 'proposal' or 'close' (did you mean 'proposal'?)"),
        ({"organisation.pools": {"one": {"takes": {"close": 0.7}}, "two": {"takes": {"close": 0.4}}}}, "organisation.pools.two.takes.close: got 0.4, must be at most 0.3, which other pools leave of the stage"),
    ],
)  # fmt: skip
def test_colleagues_add_to_stages_that_there_are(small: Scenario, change: dict[str, object], expected: str) -> None:
    """What nobody would ever be asked for is a mistake, and so are stages that nobody named."""
    with pytest.raises(ScenarioError) as caught:
        vary(small, change)
    assert expected in str(caught.value)
