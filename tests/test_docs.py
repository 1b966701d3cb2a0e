"""docs/model.md and the code cannot drift apart: every parameter stands in its tables as the schema has it."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from simlib.scenario.designs import DEFAULT_AXES, Axes, Design
from simlib.scenario.mechanisms import Mechanisms
from simlib.scenario.schema import Evidence, Scenario

ROOT = Path(__file__).resolve().parent.parent
NOT_OF_THE_MODEL = {"name", "title", "currency", "targets", "evidence"}
"""Sections of a scenario that the run does not act on."""
GRADES = {*get_args(Evidence.model_fields["grade"].annotation), "neutral", "choice"}
"""What may stand as the grade of a default: how well it is known; or `neutral` (nothing is claimed, nothing is changed)
or `choice` (the user's question, not a fact)."""
PARAMETER = re.compile(r"^\| `(?P<path>[^`]+)` \| (?P<cells>.*) \|$", re.MULTILINE)
REFERENCE = re.compile(r"`((?:simlib|tests|docs|scenarios|scripts)/[\w/.-]+)`")
LONG = 320
"""Lines that 'about 300' allows a module."""


class Parameter(NamedTuple):
    """One row: what the schema says of a field."""

    default: str
    meaning: str
    """The field's docstring; empty where its name says all."""


def models(annotation: Any) -> list[type[BaseModel]]:
    """The schema's models inside an annotation: in unions, lists and mappings."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    parts = get_args(annotation)[:1] if get_origin(annotation) is Annotated else get_args(annotation)
    return [model for part in parts for model in models(part)]


def inside(path: str, annotation: Any) -> str:
    """Path of what lies inside a field: `[]` for a list's items, `.NAME` for a mapping's values."""
    kind = get_origin(annotation)
    if kind in (Union, UnionType, Annotated):
        inner = [part for part in get_args(annotation) if models(part)]
        return inside(path, inner[0])
    return path + {tuple: "[]", dict: ".NAME"}.get(kind, "")


def written(value: Any) -> str:
    """A default as the tables write it, which is as YAML would."""
    if value is PydanticUndefined:
        return "required"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple | list):
        if len(value) > 2 and len(set(value)) == 1:
            return f"{written(value[0])} each"
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {written(item)}" for name, item in value.items()) + "}"
    return str(value)


def walk(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, Parameter]]:
    """Every single value that a scenario may state, with its path."""
    for name, field in model.model_fields.items():
        if (not prefix and name in NOT_OF_THE_MODEL) or (model is Design and name in Axes.model_fields):
            continue
        path, within = f"{prefix}{name}", models(field.annotation)
        default = field.default
        if model is Axes and name != "panel":
            default = DEFAULT_AXES[name]
        if model is Mechanisms:
            yield path, Parameter("off" if default is None else "on", "")
        elif not within:
            yield path, Parameter(written(default), " ".join((field.description or "").split()))
        for part in within:
            yield from walk(part, f"{inside(path, field.annotation)}.")


def fields() -> dict[str, Parameter]:
    """All parameters by path; of the two kinds of demand the synthetic one speaks for what they share."""
    found: dict[str, Parameter] = {}
    for path, parameter in walk(Scenario):
        found.setdefault(path, parameter)
    return found


PATHS = fields()


def model_page() -> str:
    """The text of docs/model.md."""
    return (ROOT / "docs" / "model.md").read_text(encoding="utf-8")


def rows() -> dict[str, list[str]]:
    """Cells of every row of a parameter: meaning, unit, default, source, grade."""
    return {match["path"]: match["cells"].split(" | ") for match in PARAMETER.finditer(model_page())}


def test_the_walk_finds_what_a_scenario_is_made_of():
    """Else the tests below would prove nothing: one path of each kind (mechanism, group, list, mapping, axis)."""
    assert PATHS["mechanisms.interest"].default == "off"
    assert PATHS["mechanisms.focus.weights.segment"].default == "0.3"
    assert PATHS["stages[].effort_hours"].default == "required"
    assert PATHS["market.regions.NAME.travel_hours"].default == "{}"
    assert PATHS["organisation.span"].default == "8"
    assert {"demand.dispersion", "demand.export", "designs.NAME.structure", "costs.margin"} <= set(PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_every_parameter_stands_in_the_model_page_as_the_schema_has_it(path):
    """Same default, same meaning; a unit, a source and a grade beside it."""
    default, meaning = PATHS[path]
    assert path in rows(), f"docs/model.md: no row for `{path}`: | `{path}` | {meaning} | … | `{default}` | … | … |"
    cells = rows()[path]
    assert len(cells) == 5, f"docs/model.md: `{path}` must have meaning, unit, default, source and grade"
    assert cells[2] == f"`{default}`"
    assert not meaning or cells[0] == meaning
    assert all(cell.strip() for cell in cells)
    assert cells[4] in GRADES


def test_the_model_page_names_no_parameter_that_is_gone():
    """A row for every field, and a field for every row, each once."""
    found = [match["path"] for match in PARAMETER.finditer(model_page())]
    assert sorted(found) == sorted(PATHS)


@pytest.mark.parametrize("mechanism", Mechanisms.model_fields)
def test_every_mechanism_has_a_section_with_its_levers_its_rule_and_what_off_means(mechanism):
    """The page's promise, and design 3.3: every mechanism acts through named levers and can be off."""
    section = re.search(rf"^### {heading(mechanism)}\n(.*?)(?=^##)", model_page(), re.MULTILINE | re.DOTALL)
    assert section, f"docs/model.md: no section '### {heading(mechanism)}'"
    for part in ("**Levers:**", "**Rule:**", "**Off:**"):
        assert part in section[1]


def heading(mechanism: str) -> str:
    """`hand_off` as a section is called: Hand-off."""
    return mechanism.replace("_", "-").capitalize()


def pages() -> list[Path]:
    """The pages written by hand that speak of the code."""
    return [ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_files_that_a_page_names_exist(page):
    """A file that was moved takes its mention along."""
    named = set(REFERENCE.findall(page.read_text(encoding="utf-8")))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_contributing_names_every_module_that_is_too_long():
    """No other is long, and none of them has become short: the list of known violations is true."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    entry = re.search(r"^- \*\*Modules of more than (\d+) lines.*?(?=^- )", text, re.MULTILINE | re.DOTALL)
    assert entry
    assert int(entry[1]) == LONG
    long = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "simlib").rglob("*.py")
        if len(path.read_text(encoding="utf-8").splitlines()) > LONG
    }
    assert {name for name in REFERENCE.findall(entry[0]) if name.startswith("simlib/")} == long


@pytest.mark.parametrize("record", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda record: record.stem)
def test_a_decision_record_is_short_and_has_its_three_parts(record):
    """Context, decision, consequence, in 25 lines at most, so that it is read."""
    lines = record.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 25
    assert [line for line in lines if line.startswith("## ")] == ["## Context", "## Decision", "## Consequence"]
