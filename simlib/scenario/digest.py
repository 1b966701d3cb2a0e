"""Which scenario a result belongs to: one short text that is the same for the same scenario, wherever its file lies."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from simlib.errors import Fault, ScenarioError
from simlib.scenario.schema import Replay, Scenario

_TABLES = ("deals", "owners", "products", "activities", "stage_history")
"""Tables of an export; what else lies in its folder changes nothing."""


def scenario_hash(scenario: Scenario) -> str:
    """SHA-256 of all that decides the results, in 64 hexadecimal digits.

    Covers every value (defaults too), and of a replayed export and of a chart the bytes instead of the path. Does not
    depend on the order of names, on how a number is written, on the file's place, nor on `name` and `title`; the
    baseline counts, also where it is only the first design.

    Raises ScenarioError if an export or a chart cannot be read.
    """
    data = scenario.model_dump(mode="json", exclude={"name", "title"})
    data["compare"]["baseline"] = scenario.baseline
    _without_pay_not_stated(data)
    if isinstance(scenario.demand, Replay):
        data["demand"]["export"] = _export_digest(Path(scenario.demand.export))
    for name, design in scenario.designs.items():
        if design.chart:
            data["designs"][name]["chart"] = _chart_digest(name, Path(design.chart))
    text = json.dumps(data, sort_keys=True, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _without_pay_not_stated(data: dict[str, Any]) -> None:
    """Where nothing is said of pay plans the text is as it was before there were any: the same results, the same
    hash."""
    if not data["plans"]:
        del data["plans"], data["costs"]["default_after_days"]
    for axes in (data["organisation"], *data["designs"].values()):
        if not axes["pay"]:
            del axes["pay"]


def _chart_digest(design: str, file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        message = f"got {str(file)!r}, which cannot be read ({error.strerror}); must be a CSV or XLSX file"
        raise ScenarioError([Fault(message, f"designs.{design}.chart")]) from None


def _export_digest(folder: Path) -> str:
    digest = hashlib.sha256()
    try:
        files = sorted(file for file in folder.iterdir() if file.name.split(".", 1)[0] in _TABLES and file.is_file())
        for file in files:
            with file.open("rb") as stream:
                content = hashlib.file_digest(stream, "sha256").hexdigest()
            digest.update(f"{file.name}:{content}\n".encode())
    except OSError as error:
        message = f"got {str(folder)!r}, which cannot be read ({error.strerror}); must be a folder with deals.csv"
        raise ScenarioError([Fault(message, "demand.export")]) from None
    return digest.hexdigest()
