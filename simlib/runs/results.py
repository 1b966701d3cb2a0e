"""What a batch of runs gave: tidy figures, saved to a folder and read again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from simlib.org import Organisation, build
from simlib.org.structures import replay_notes, set_aside
from simlib.scenario import Scenario, scenario_hash
from simlib.store import read_tables, write_tables
from simlib.world.crm_notes import Note


@dataclass(frozen=True)
class Results:
    """Figures of every design in every world."""

    scenario: Scenario
    seed: int
    replications: int
    figures: pd.DataFrame
    """Tidy: design, replication, metric, value, unit; the same replication is the same world in every design."""
    breakdown: pd.DataFrame
    """Tidy: design, replication, level, group, metric, value, unit."""
    organisations: Mapping[str, Organisation]
    """The designs as they were laid out, by name."""

    @property
    def hash(self) -> str:
        """Hash of the scenario, its export's bytes included."""
        return scenario_hash(self.scenario)

    @property
    def set_aside(self) -> dict[str, int]:
        """Rows of a replayed log that were not replayed, by reason."""
        return set_aside(self.scenario)

    @property
    def notes(self) -> tuple[Note, ...]:
        """What a reader of a replay must know."""
        return replay_notes(self.scenario)

    def save(self, folder: str | Path) -> Path:
        """Write everything into a folder."""
        folder = Path(folder)
        write_tables({"figures": self.figures, "breakdown": self.breakdown}, folder)
        facts = {"seed": self.seed, "replications": self.replications, "hash": self.hash}
        (folder / "run.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
        (folder / "scenario.json").write_text(self.scenario.model_dump_json(indent=1), encoding="utf-8")
        return folder

    @classmethod
    def load(cls, folder: str | Path) -> Results:
        """Read what `save` wrote."""
        folder = Path(folder)
        facts = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        scenario = Scenario.model_validate_json((folder / "scenario.json").read_text(encoding="utf-8"))
        tables = read_tables(("figures", "breakdown"), folder)
        organisations = {name: build(name, scenario) for name in scenario.designs}
        return cls(scenario, facts["seed"], facts["replications"], **tables, organisations=organisations)
