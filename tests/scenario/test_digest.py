"""The scenario's hash: the same for the same scenario, different for any other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from simlib.errors import ScenarioError
from simlib.scenario import load_scenario, scenario_hash, vary
from simlib.scenario.schema import Scenario

Write = Callable[..., Path]


def test_place_order_and_spelling_do_not_matter(small_yaml: str, write: Write) -> None:
    """The file's name and folder, the order of names and the way a number is written change no result."""
    calendar, rest = small_yaml.splitlines()[2], small_yaml.replace(small_yaml.splitlines()[2] + "\n", "")
    moved = write(rest.replace("margin: 0.4", "margin: 4e-1") + calendar + "\n", "elsewhere/renamed.yaml")
    one = scenario_hash(load_scenario(write(small_yaml)))
    assert one == scenario_hash(load_scenario(moved))
    assert len(one) == 64
    assert set(one) <= set("0123456789abcdef")


def test_any_value_matters(small: Scenario) -> None:
    """A design, a mechanism, the grade of a parameter (doubt is drawn by it), and which design is the baseline."""
    others = [
        vary(small, {"designs.flat.span": 21}),
        vary(small, {"mechanisms.overlap": "on"}),
        vary(small, {"mechanisms.skill": "off"}),
        vary(small, {"evidence.people.rep.skill_sd.grade": "data"}),
        vary(small, {"compare.baseline": "flat"}),
    ]
    assert len({scenario_hash(scenario) for scenario in (small, *others)}) == 6


def test_first_design_is_the_baseline(small: Scenario) -> None:
    """Without a stated baseline the order of designs matters: it names the baseline."""
    assert scenario_hash(vary(small, {"compare.baseline": None})) == scenario_hash(small)
    turned = {name: small.designs[name] for name in reversed(small.designs)}
    assert scenario_hash(vary(small, {"designs": turned})) == scenario_hash(small)
    assert scenario_hash(vary(small, {"designs": turned, "compare.baseline": None})) != scenario_hash(small)


def test_export_counts_by_its_bytes(small_yaml: str, write: Write) -> None:
    """The same export elsewhere is the same scenario; one byte more is another; what is no table does not count."""
    text = "demand: {kind: replay, export: leads}\n" + small_yaml[small_yaml.index("stages:") :]
    hashes = []
    for folder, deals in (("a", "x,y\n"), ("b", "x,y\n"), ("c", "x,y\n\n")):
        write(deals, f"{folder}/leads/deals.csv")
        write(folder, f"{folder}/leads/README.md")
        hashes.append(scenario_hash(load_scenario(write(text, f"{folder}/own.yaml"))))
    assert hashes[0] == hashes[1] != hashes[2]


def test_export_that_is_gone(small_yaml: str, write: Write) -> None:
    """A hash that silently left out the data would lie."""
    deals = write("x\n", "leads/deals.csv")
    text = "demand: {kind: replay, export: leads}\n" + small_yaml[small_yaml.index("stages:") :]
    scenario = load_scenario(write(text))
    deals.unlink()
    deals.parent.rmdir()
    with pytest.raises(ScenarioError, match=r"demand\.export: got .*must be a folder with deals.csv"):
        scenario_hash(scenario)
