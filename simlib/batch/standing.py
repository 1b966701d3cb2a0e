"""What of a batch is there already, and does it still answer what is asked?

Each run's folder keeps a record: from which inputs it was simulated and reported in each language, how long that took,
what came out or went wrong. A record of other inputs counts as none.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from simlib.batch.asked import Asked, Point
from simlib.report.provenance import PACKAGES, version_of
from simlib.report.verdicts import KeyFigure
from simlib.scenario import scenario_hash

RECORD = "run.json"
PACKAGE = Path(__file__).parents[1]
CODE = (".py", ".po", ".typ")
"""Endings of the files that decide what a report says."""


@dataclass(frozen=True)
class Outcome:
    """How a simulation or a report ended."""

    inputs: str
    """Hash of all that it was made from."""
    seconds: float
    error: str = ""
    """Why it failed; empty if it did not."""
    figures: tuple[KeyFigure, ...] = ()
    """Of a report: what it found."""


@dataclass
class Record:
    """What has been done for one run."""

    simulation: Outcome | None = None
    reports: dict[str, Outcome] = field(default_factory=dict)
    """By language."""

    def save(self, folder: Path) -> None:
        """Write it into the run's folder, whole or not at all."""
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{RECORD}.part"
        part.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), encoding="utf-8")
        part.replace(folder / RECORD)


def read_record(folder: Path) -> Record:
    """The record of a run's folder; an empty one where there is none that can be read."""
    try:
        found = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        simulation = found["simulation"] and _outcome(found["simulation"])
        return Record(simulation, {language: _outcome(told) for language, told in found["reports"].items()})
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Record()


def _outcome(told: Mapping[str, Any]) -> Outcome:
    return Outcome(**{**told, "figures": tuple(KeyFigure(**figure) for figure in told["figures"])})


@dataclass(frozen=True)
class Inputs:
    """Hashes of all that a run's parts are made from."""

    simulation: str
    reports: Mapping[str, str]
    """By language."""


def inputs_of(asked: Asked, point: Point, *, code: str) -> Inputs:
    """What decides a run: the scenario with its values and its title, seed, worlds and code; of a report the notebook,
    its parameters and language besides. `code`: `code_hash`."""
    scenario, batch = point.scenario, asked.batch
    whole = [scenario_hash(scenario), scenario.name, scenario.title, batch.seed, batch.replications, code]
    simulation = _hash(whole)
    notebook = hashlib.sha256(asked.notebook.read_bytes()).hexdigest()
    reports = {str(lang): _hash([simulation, notebook, dict(batch.parameters), lang]) for lang in batch.languages}
    return Inputs(simulation, reports)


def code_hash() -> str:
    """Hash of simlib's code and words and of the versions of what it computes with; takes some milliseconds."""
    digest = hashlib.sha256()
    for path in sorted(path for path in PACKAGE.rglob("*") if path.suffix in CODE):
        digest.update(f"{path.relative_to(PACKAGE).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return _hash([digest.hexdigest(), platform.python_version(), *(version_of(name) for name in PACKAGES)])


def _hash(values: list[Any]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()
