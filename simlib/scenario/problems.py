"""What the schema refuses, in the user's words: `got -2, must be at least 1`."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from simlib.scenario.kinds import names_at
from simlib.scenario.numerals import looks_like_a_number, meant
from simlib.scenario.paths import Loc, at, locate
from simlib.scenario.wording import choice, did_you_mean, nearest, shown

_KIND_OF_COMPONENT = 4
"""Place of the kind in `plans.NAME.components.NAME.KIND`, as the schema counts."""
MOST_PROBLEMS = 100
"""Problems told at once; who has more has probably given the wrong file."""
MOST_TIMES = 10
"""What may be at most so many times something is a share or a factor, in which a percentage is a slip."""

_RULES = {
    "missing": "must be stated",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "finite_number": "must be a finite number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be text",
    "string_unicode": "must be text without broken characters",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "must be three capital letters such as CNY",
    "literal_error": "must be {expected}",
    "mechanism": "must be `on`, `off` or its settings (name: value)",
    "model_type": "must be a mapping (name: value)",
    "model_attributes_type": "must be a mapping (name: value)",
    "dict_type": "must be a mapping (name: value)",
    "mapping_type": "must be a mapping (name: value)",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "too_short": "must have at least {min_length} of them",
    "too_long": "must have at most {max_length} of them",
    "union_tag_invalid": "must be {expected_tags}",
    "union_tag_not_found": "must be a mapping (name: value)",
    "none_required": "must be null",
    "recursion_loop": "must not contain itself",
    "invalid_key": "must have names that are text",
    "date_type": "must be a date such as 2026-01-05",
    "date_parsing": "must be a date such as 2026-01-05",
    "date_from_datetime_parsing": "must be a date such as 2026-01-05",
    "date_from_datetime_inexact": "must be a date such as 2026-01-05",
}
"""The schema's error types and the rule each stands for; a test holds the list complete for the schema."""


def problems(error: ValidationError, root: type[BaseModel], data: Any) -> list[tuple[Loc, str, bool]]:
    """What is wrong with a refused scenario, at most `MOST_PROBLEMS`: (loc, message, whether the name is at fault)."""
    found: list[tuple[Loc, str, bool]] = []
    details = error.errors(include_url=False)
    for detail in details[:MOST_PROBLEMS]:
        loc = _user_loc(detail["loc"], data)
        if _only_follows(detail, loc, data):
            continue
        if detail["type"] == "broken_rule":
            own = at(data, loc)
            for path, message in detail["ctx"]["faults"]:
                found.append(((*loc, *locate(own, path)), message, False))
        elif detail["type"] == "extra_forbidden" and (cut := _cut_by_commas(loc, data)):
            found += [] if cut in found else [cut]
        elif detail["type"] == "extra_forbidden":
            found.append((loc, _unknown_name(str(loc[-1]), names_at(root, loc[:-1], data)), True))
        elif detail["type"] == "union_tag_invalid":
            met = detail["input"].get("kind") if isinstance(detail["input"], Mapping) else detail["input"]
            expected = [tag.strip().strip("'") for tag in detail["ctx"]["expected_tags"].split(",")]
            hint = did_you_mean(met, expected) if isinstance(met, str) else ""
            found.append(((*loc, "kind"), f"got {shown(met)}, must be {choice(expected)}{hint}", False))
        elif detail["type"] == "union_tag_not_found" and isinstance(detail["input"], Mapping):
            found.append(((*loc, "kind"), "got nothing, must be stated", False))
        else:
            found.append((loc, _message(detail, loc), "[key]" in detail["loc"]))
    return found


def _message(detail: Any, loc: Loc) -> str:
    kind, met, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "model_type" and loc[0] == "mechanisms" and len(loc) == 2:
        kind = "mechanism"
    if kind == "missing":
        return "got nothing, must be stated"
    if kind in ("value_error", "assertion_error"):
        return str(context.get("error", "got a value that breaks a rule"))
    rule = _RULES.get(kind, "must be something else here").format_map(context)
    for bound in ("gt", "ge", "lt", "le"):
        if bound in context:
            rule = rule.replace(str(context[bound]), shown(context[bound]))
    if kind == "literal_error" and isinstance(met, str):
        rule += did_you_mean(met, context["expected"].replace(" or ", ", ").replace("'", "").split(", "))
    return f"got {shown(met)}, {rule}{_hint_in_list(kind, met, loc) or _hint(kind, met, context)}"


def _only_follows(detail: Any, loc: Loc, data: Any) -> bool:
    """Whether a complaint says once more what another one says: a list that is long enough, but for items that are
    told, and the second number of a pair that a full-width comma holds together."""
    if detail["type"] == "too_short":
        return bool(len(detail["input"]) >= detail["ctx"]["min_length"])
    around = at(data, loc[:-1])
    return detail["type"] == "missing" and isinstance(around, list) and any("，" in str(item) for item in around)


def _cut_by_commas(loc: Loc, data: Any) -> tuple[Loc, str, bool] | None:
    """What to say of `{amount: 300,000}`, which YAML reads as 300 and a name 000; None if the name is no such rest."""
    inside = at(data, loc[:-1])
    names = [*inside] if isinstance(inside, Mapping) else []
    while names and names[-1] != loc[-1]:
        names.pop()
    while names and _is_rest(names[-1], inside):
        names.pop()
    if not names or names[-1] == loc[-1]:
        return None
    name, met = names[-1], inside[names[-1]]
    rests = list(itertools.takewhile(lambda other: _is_rest(other, inside), [*inside][len(names) :]))
    number = meant(",".join([str(met), *rests]))
    if number is None or isinstance(met, str):
        return None
    read = f"{shown(met)} and the name {' and the name '.join(map(shown, rests))}"
    message = f"got {','.join([shown(met), *rests])}, which reads as {read}; must be a number without commas"
    return (*loc[:-1], name), f"{message} (write {shown(number)})", False


def _is_rest(name: str, inside: Mapping[str, Any]) -> bool:
    return name.isascii() and name.isdigit() and inside[name] is None


def _hint_in_list(kind: str, met: Any, loc: Loc) -> str:
    """The way out for a comma that parts too much or too little."""
    if isinstance(met, str) and "，" in met and isinstance(loc[-1], int):
        return " (there is ， instead of `, `)"
    numbers = isinstance(met, list) and all(isinstance(item, int | float) for item in met)
    return " (write thousands without a comma: 6000)" if kind == "too_long" and numbers else ""


def _hint(kind: str, met: Any, context: Mapping[str, Any]) -> str:
    """The way out for a value that is nearly right."""
    if kind in ("float_type", "int_type") and isinstance(met, str):
        number = meant(met)
        if number is not None and (kind == "float_type" or number.is_integer()):
            return f" (write {shown(number)}, without quotes)"
        return " (write digits only, such as 1200.5 or 100000)" if looks_like_a_number(met) else ""
    highest = context.get("le", context.get("lt"))
    if isinstance(highest, float) and highest <= MOST_TIMES and 2 < met <= 1000:
        return f" (for {shown(met)}% write {shown(round(met / 100, 12))})"
    if kind == "string_type" and isinstance(met, bool | int | float):
        return " (put it in quotes)"
    if isinstance(met, str) and "：" in met and "a mapping" in _RULES.get(kind, ""):
        return " (the line has a full-width colon: write `: `)"
    return ""


def _unknown_name(name: str, known: list[str]) -> str:
    near = nearest(name, known)
    if near:
        return f"got the unknown name {shown(name)}, must be a known one (did you mean {shown(near)}?)"
    return f"got the unknown name {shown(name)}, must {'be ' + choice(known) if known else 'not be there'}"


def _user_loc(loc: tuple[int | str, ...], data: Any) -> Loc:
    """A place in the data from a place in the schema, which also counts the kind of a demand or of a pay component and
    a name's own check."""
    kept: list[str | int] = []
    here = data
    for number, step in enumerate(loc):
        if step == "[key]":
            continue
        if step in ("synthetic", "replay") and kept == ["demand"]:
            continue
        if number == _KIND_OF_COMPONENT and (loc[0], loc[2]) == ("plans", "components"):
            continue
        kept.append(step)
        here = at(here, (step,))
    return tuple(kept)
