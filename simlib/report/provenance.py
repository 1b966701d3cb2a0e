"""What made this number? Code, data, packages and machine; works without git and from an installed wheel."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from simlib.report.words import NONE, Words
from simlib.scenario import Scenario, scenario_hash

PACKAGES = ("simlib", "numpy", "scipy", "pandas", "simpy", "altair", "papermill")

LONGEST_NAME = 60
"""Letters of a scenario's name for which the foot of a page has room, beside what must not be cut."""


@dataclass(frozen=True)
class Provenance:
    """What made a report."""

    scenario: str
    scenario_hash: str
    """Covers the bytes of a replayed export."""
    seed: int
    replications: int
    made: dt.datetime
    """When the report was made, UTC."""
    commit: str | None
    """Commit of the simlib code that ran; None if it is not in a git checkout."""
    changed: bool
    """Whether that checkout held changes that were not committed."""
    python: str
    machine: str
    packages: Mapping[str, str]
    """Version by package; one that is not installed is left out."""


def stamp(scenario: Scenario, *, seed: int, replications: int) -> Provenance:
    """The provenance of a report made now from such a run."""
    commit, changed = code_version(Path(__file__).parents[1])
    return Provenance(
        scenario=scenario.name,
        scenario_hash=scenario_hash(scenario),
        seed=seed,
        replications=replications,
        made=dt.datetime.now(dt.UTC),
        commit=commit,
        changed=changed,
        python=platform.python_version(),
        machine=f"{platform.system()} {platform.machine()}",
        packages={name: version for name in PACKAGES if (version := version_of(name))},
    )


def footer(made: Provenance, w: Words) -> str:
    """What made a page, in the line at its foot."""
    name = made.scenario
    return w(
        "page.footer",
        scenario=name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…",
        hash=made.scenario_hash[:16],
        seed=str(made.seed),
        replications=w.number(made.replications),
        version=made.packages.get("simlib", NONE),
    )


def code_version(package: Path) -> tuple[str | None, bool]:
    """Commit of the checkout that a package's code belongs to, and whether tracked files differ from it.

    (None, False) where there is no git, or where the package merely lies inside somebody else's checkout.
    """
    tracked = _git("ls-files", "--error-unmatch", "__init__.py", folder=package)
    commit = _git("rev-parse", "HEAD", folder=package) if tracked else None
    return commit, bool(commit and _git("status", "--porcelain", "--untracked-files=no", folder=package))


def _git(*arguments: str, folder: Path) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def version_of(package: str) -> str | None:
    """Version of an installed package; None if it is not installed."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
