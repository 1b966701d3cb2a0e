"""docs/channels.md: its example is a scenario's, and what it names is there."""

import re
from pathlib import Path

from ruamel.yaml import YAML

from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario
from simlib.scenario.mechanisms import Mechanisms
from simlib.scenario.policies import Policies
from simlib.world import draw_world
from tests.worlds import small


def page(root: Path) -> str:
    """The text."""
    return (root / "docs" / "channels.md").read_text(encoding="utf-8")


def test_the_example_runs_and_every_channel_sells(root: Path) -> None:
    """All its channels open together, in the small market, whose prices suit all of them."""
    (example,) = re.findall(r"```yaml\n(.*?)```", page(root), re.DOTALL)
    said = YAML(typ="safe").load(example)
    everything = {"structure": "geographic", "channels": list(said["channels"])}
    scenario: Scenario = small(channels=said["channels"], designs={**said["designs"], "all": everything})
    world = draw_world(scenario, seed=1, replication=0)
    assert {build(name, scenario).name for name in said["designs"]} == {"today", "both"}
    chosen = set(simulate(build("all", scenario), world).choices["channel"].astype(str))
    assert len(chosen & set(said["channels"])) > 4


def test_mechanisms_and_policies_that_it_names_are_there(root: Path) -> None:
    """Every policy stands on the page, and every mechanism of partners."""
    named = set(re.findall(r"`(\w+)`", page(root)))
    assert set(Policies.model_fields) <= named
    partners = {"stock", "own_prices", "partner_effort", "trust", "partner_review", "support", "diversion"}
    assert partners <= named & set(Mechanisms.model_fields)
