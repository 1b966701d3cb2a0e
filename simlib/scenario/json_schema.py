"""What does an editor need to complete and check a scenario file while it is written? Its JSON Schema.

The schema is that of the frozen types, with their docstrings as descriptions, in draft 7, which editors know best. A
file may say less and more than the types: it may build on another one (`extends`), and then needs not state what that
one does; and a mechanism is switched by a word. Rules between fields are left to `simlib check`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TypeAlias

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from simlib.scenario.schema import Scenario

Schema: TypeAlias = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
MODELINE = "# yaml-language-server: $schema="
"""How the first line of a YAML file names its schema to an editor; the path is relative to the file."""
SWITCHES = ["on", "off", True, False]
"""An editor that reads YAML 1.1 takes `on` and `off` for true and false."""
EXTENDS = {
    "type": "string",
    "minLength": 1,
    "description": "Scenario file that this one is laid over, relative to it: mappings are merged name by name, all "
    "else is replaced.",
}


class _Untitled(GenerateJsonSchema):
    """Without a title for every field that only says its name again."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def scenario_schema() -> Schema:
    """The JSON Schema of a scenario file."""
    made = Scenario.model_json_schema(schema_generator=_Untitled)
    kinds = made.pop("$defs")
    merged = set(_merged(made, kinds))
    stated = _stated(made, kinds)
    mechanisms = kinds["Mechanisms"]["properties"]
    for name, switch in mechanisms.items():
        settings = next(each for each in switch["anyOf"] if "$ref" in each)
        default = "off" if switch["default"] is None else "on"
        about = _named(settings, kinds)["description"]
        mechanisms[name] = {"anyOf": [settings, {"enum": SWITCHES}], "default": default, "description": about}
    root = _plain(made, keep_required=False)
    root["properties"] = {"extends": EXTENDS, **root["properties"]}
    return {
        "$schema": DRAFT,
        **root,
        "if": {"not": {"required": ["extends"]}},
        "then": stated,
        "$defs": {name: _plain(kind, keep_required=name not in merged) for name, kind in kinds.items()},
    }


def schema_text() -> str:
    """The schema of a scenario file as the text of a file."""
    return text_of(scenario_schema())


def schema_of(model: type[BaseModel]) -> Schema:
    """The JSON Schema of a file that states a frozen type whole."""
    return {"$schema": DRAFT, **_plain(model.model_json_schema(schema_generator=_Untitled), keep_required=True)}


def text_of(schema: Schema) -> str:
    """A schema as the text of a file."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _plain(schema: Schema, *, keep_required: bool) -> Schema:
    """A schema in words of draft 7 and without what helps nobody in an editor: line ends within descriptions, defaults
    with parts of their own. What must be stated is kept only where no base can state it."""
    plain: Schema = {}
    for key, value in schema.items():
        if key == "properties":
            plain[key] = {name: _plain(each, keep_required=keep_required) for name, each in value.items()}
        elif key in ("anyOf", "oneOf"):
            plain["anyOf"] = [_plain(each, keep_required=keep_required) for each in value]
        elif key == "prefixItems":
            plain["items"] = [_plain(each, keep_required=keep_required) for each in value]
        elif key in ("items", "additionalProperties", "propertyNames") and isinstance(value, dict):
            plain[key] = _plain(value, keep_required=keep_required)
        elif key == "description":
            plain[key] = " ".join(value.split())
        elif key == "required":
            plain |= {key: value} if keep_required else {}
        elif key != "discriminator" and not (key == "default" and isinstance(value, dict | list)):
            plain[key] = value
    return plain


def _named(schema: Schema, kinds: Schema) -> Schema:
    """A schema, or the one that its `$ref` names."""
    reference = schema.get("$ref")
    found: Schema = schema if reference is None else kinds[reference.rpartition("/")[2]]
    return found


def _parts(schema: Schema) -> Iterator[Schema]:
    """What may stand in a place: the schema itself, or each of its alternatives."""
    yield from schema.get("anyOf") or schema.get("oneOf") or (schema,)


def _merged(schema: Schema, kinds: Schema) -> Iterator[str]:
    """Names of the kinds that a file may state in part, since `extends` merges mappings; a list is replaced whole."""
    for part in _parts(schema):
        if "$ref" in part:
            yield part["$ref"].rpartition("/")[2]
        inside = _named(part, kinds)
        values = inside.get("additionalProperties")
        for each in [*inside.get("properties", {}).values(), *([values] if isinstance(values, dict) else [])]:
            yield from _merged(each, kinds)


def _stated(schema: Schema, kinds: Schema) -> Schema:
    """What must be stated, here and in the mappings inside, where no base states it; empty if nothing must."""
    parts = [_named(part, kinds) for part in _parts(schema)]
    if "discriminator" in schema:
        ways = [_stated(part, kinds) for part in parts]
        # Where one kind must say which it is, the other is meant without; else all must.
        told = any("kind" in way.get("required", ()) for way in ways)
        return {"anyOf": ways} if told else {"required": ["kind"]}
    found: Schema = {}
    for part in parts:
        if "required" in part:
            found["required"] = part["required"]
        inside = {name: _stated(each, kinds) for name, each in part.get("properties", {}).items()}
        inside = {name: each for name, each in inside.items() if each}
        if inside:
            found["properties"] = inside
        values = part.get("additionalProperties")
        if isinstance(values, dict) and (each := _stated(values, kinds)):
            found["additionalProperties"] = each
    return found
