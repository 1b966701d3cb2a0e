"""What made this number? Code, data, packages and machine; works without git and from an installed wheel."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simlib.runs.results import Results

PACKAGES = ("simlib", "numpy", "scipy", "pandas", "simpy", "altair", "papermill")


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


def stamp(results: Results) -> Provenance:
    """The provenance of a report made now from these results."""
    commit, changed = code_version(Path(__file__).parents[1])
    return Provenance(
        scenario=results.scenario.name,
        scenario_hash=results.hash,
        seed=results.seed,
        replications=results.replications,
        made=dt.datetime.now(dt.UTC),
        commit=commit,
        changed=changed,
        python=platform.python_version(),
        machine=f"{platform.system()} {platform.machine()}",
        packages={name: version for name in PACKAGES if (version := version_of(name))},
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
