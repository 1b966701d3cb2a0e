"""The JSON Schema that editors complete and check scenario files with: that it says what `simlib check` says."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from simlib.errors import ScenarioError
from simlib.scenario import load_scenario
from simlib.scenario.json_schema import MODELINE, scenario_schema, schema_text
from simlib.scenario.mechanisms import Mechanisms
from simlib.scenario.tree import flatten, parse

ROOT = Path(__file__).resolve().parents[2]
SCHEMA_FILE = ROOT / "scenarios" / "scenario.schema.json"
OTHERS = {ROOT / "scenarios" / "batch.yaml"}
"""Files of another kind, with a schema of their own."""
SHIPPED = sorted({*(ROOT / "scenarios").rglob("*.yaml"), *(ROOT / "simlib").rglob("*.yaml")} - OTHERS)
SCHEMA = scenario_schema()
VALIDATOR = Draft7Validator(SCHEMA)


def data_of(text: str) -> Any:
    """Plain values of a YAML text, as the loader reads them."""
    return flatten(parse(text, "a.yaml")[0]).data


def faults(data: Any) -> list[str]:
    """What the schema has to say."""
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(data)]


QUICK = data_of((ROOT / "scenarios" / "quick_start.yaml").read_text(encoding="utf-8"))


def test_the_schema_is_one() -> None:
    """By the rules of its own draft."""
    Draft7Validator.check_schema(SCHEMA)


def test_the_committed_file_is_that_of_the_code() -> None:
    """Else editors complete what is gone: `simlib schema --out scenarios/scenario.schema.json`."""
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_shipped_scenario_fits_and_names_the_schema(path: Path) -> None:
    """Those that extend another one too; the first line leads from the file to the committed schema."""
    text = path.read_text(encoding="utf-8")
    assert faults(data_of(text)) == []
    first = text.splitlines()[0]
    assert first.startswith(MODELINE)
    assert (path.parent / first.removeprefix(MODELINE)).resolve() == SCHEMA_FILE


@pytest.mark.parametrize("mechanism", Mechanisms.model_fields)
@pytest.mark.parametrize("switch", ["on", "off", True, False])
def test_switches_are_words_of_the_schema(mechanism: str, switch: str | bool) -> None:
    """Written as in a file, or as an editor reads it that knows YAML 1.1; another word is none."""
    data = {**QUICK, "mechanisms": {mechanism: switch}}
    assert faults(data) == []
    assert faults({**QUICK, "mechanisms": {mechanism: "onn"}}) != []
    assert faults({**QUICK, "mechanisms": {mechanism: None}}) != []


def test_descriptions_are_the_docstrings_of_the_fields() -> None:
    """On one line, for fields and, at the switch of a mechanism, for what it does."""
    kinds = SCHEMA["$defs"]
    assert kinds["Stage"]["properties"]["effort_hours"]["description"] == "Mean seller's hours."
    focus = kinds["Mechanisms"]["properties"]["focus"]
    assert focus["description"].startswith("Knowledge by the expected share of one's work")
    assert focus["default"] == "off"
    assert "\n" not in "".join(text for text in texts(SCHEMA, "description"))


def texts(schema: Any, key: str) -> list[str]:
    """All texts under a key, at any depth."""
    if isinstance(schema, list):
        return [text for each in schema for text in texts(each, key)]
    if not isinstance(schema, dict):
        return []
    own = [schema[key]] if isinstance(schema.get(key), str) else []
    return own + [text for each in schema.values() for text in texts(each, key)]


WRONG: dict[str, tuple[tuple[str | int, ...], Any]] = {
    "unknown name": (("designs", "pyramid", "spann"), 4),
    "wrong type": (("costs", "margin"), "much"),
    "out of range": (("costs", "margin"), 1.5),
    "no choice": (("designs", "pyramid", "structure"), "pyramidd"),
    "unknown mechanism": (("mechanisms", "magic"), "on"),
    "no date": (("calendar", "start"), 20260105),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_check_refuses_by_type_the_schema_refuses_too(name: str, tmp_path: Path) -> None:
    """Unknown names, wrong types, values out of range: seen while they are typed."""
    loc, value = WRONG[name]
    data = copy.deepcopy(QUICK)
    inside = data
    for step in loc[:-1]:
        inside = inside[step]
    inside[loc[-1]] = value
    assert faults(data) != []
    path = ".".join(map(str, loc))
    with pytest.raises(ScenarioError):
        load_scenario(ROOT / "scenarios" / "quick_start.yaml", overrides={path: value})


@pytest.mark.parametrize("loc", [("demand",), ("stages",), ("designs",), ("demand", "cells"), ("stages", 0, "name"),
                                 ("demand", "cells", 0, "value"), ("evidence", "costs.margin", "grade")])  # fmt: skip
def test_what_must_be_stated_may_only_be_left_to_a_base(loc: tuple[str | int, ...]) -> None:
    """A file that stands alone must state it; one that extends another need not, save in lists, which no base fills."""
    data = copy.deepcopy(QUICK)
    inside = data
    for step in loc[:-1]:
        inside = inside[step]
    del inside[loc[-1]]
    assert faults(data) != []
    in_a_list = any(isinstance(step, int) for step in loc)
    assert bool(faults({"extends": "other.yaml", **data})) == in_a_list


def test_kinds_are_told_apart() -> None:
    """Synthetic demand need not say so, a replay must; a component of a pay plan must always."""
    data = copy.deepcopy(QUICK)
    del data["demand"]["kind"]
    assert faults(data) == []
    assert faults({**data, "demand": {"kind": "replay", "export": "x"}}) == []
    assert faults({**data, "demand": {"export": "x"}}) != []
    assert faults({**data, "plans": {"p": {"components": {"c": {"kind": "commission", "rate": 0.1}}}}}) == []
    assert faults({**data, "plans": {"p": {"components": {"c": {"rate": 0.1}}}}}) != []
