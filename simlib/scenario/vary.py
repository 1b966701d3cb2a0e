"""Scenarios from scenarios: vary a value, switch mechanisms off, keep some designs. Nothing is changed in place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simlib.errors import Fault, ScenarioError
from simlib.scenario import kinds
from simlib.scenario.mechanisms import Mechanisms
from simlib.scenario.paths import Loc, PathError, at, dotted, locate, names, names_a_file, put, replaced
from simlib.scenario.problems import problems
from simlib.scenario.schema import Scenario
from simlib.scenario.wording import choice, did_you_mean, shown, unknown


def vary(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """The scenario with values replaced, re-validated: `vary(base, {"designs.flat.span": 12})`.

    A path leads through names and, in lists, through an item's name or index (`stages.contact.effort_hours`); changes
    are made in their order. `"off"` and `"on"` switch a mechanism (`"on"` keeps the settings it has). The path of
    an export or a chart is relative to the current folder.

    Raises ScenarioError with every fault: an unknown path (with the nearest name), a value that the schema refuses.
    """
    data = plain(scenario)
    found: list[Fault] = []
    for path, value in changes.items():
        try:
            data = with_change(data, path, value)[0]
        except PathError as error:
            found.append(Fault(str(error), path))
    if found:
        raise ScenarioError(found)
    try:
        return Scenario.model_validate(data)
    except ValidationError as error:
        raise ScenarioError([Fault(text, dotted(loc)) for loc, text, _ in problems(error, Scenario, data)]) from None


def value_at(scenario: Scenario, path: str) -> Any:
    """The value at a path; None for the parameters of a mechanism that is off.

    Raises ScenarioError with the nearest name.
    """
    try:
        return kinds.value_at(scenario, path)
    except PathError as error:
        raise ScenarioError([Fault(str(error), path)]) from None


def is_share(scenario: Scenario, path: str) -> bool:
    """Whether the schema bounds the value at a path to 0..1.

    Raises ScenarioError for an unknown path.
    """
    value_at(scenario, path)
    return kinds.bounds_at(Scenario, locate(scenario, path), scenario) == (0, 1)


def switch_off(scenario: Scenario, *mechanisms: str) -> Scenario:
    """The scenario without these mechanisms (without any if none is named).

    Raises ScenarioError for an unknown mechanism, or if nothing could run without it.
    """
    known = tuple(Mechanisms.model_fields)
    wrong = [Fault(unknown(name, known), f"mechanisms.{name}") for name in mechanisms if name not in known]
    if wrong:
        raise ScenarioError(wrong)
    return vary(scenario, {f"mechanisms.{name}": "off" for name in mechanisms or known})


def keep_designs(scenario: Scenario, names: Iterable[str]) -> Scenario:
    """The scenario with some of its designs, in the order named, and without the evidence on the others.

    Raises ScenarioError for an unknown design, or if the baseline is not among them.
    """
    kept = list(dict.fromkeys(names))
    wrong = [Fault(unknown(name, scenario.designs), f"designs.{name}") for name in kept if name not in scenario.designs]
    if wrong:
        raise ScenarioError(wrong)
    if not kept:
        raise ScenarioError([Fault(f"got no design, must be {choice(scenario.designs)}", "designs")])
    if scenario.baseline not in kept and scenario.compare.baseline is not None:
        message = f"got {shown(scenario.baseline)}, which is left out; must be {choice(kept)}, or be kept too"
        raise ScenarioError([Fault(message, "compare.baseline")])
    data = plain(scenario)
    gone = {("designs", name) for name in scenario.designs if name not in kept}
    designs = {name: data["designs"][name] for name in kept}
    evidence = {path: about for path, about in data["evidence"].items() if locate(data, path)[:2] not in gone}
    return vary(scenario, {"designs": designs, "evidence": evidence})


def plain(scenario: Scenario) -> dict[str, Any]:
    """The scenario as mappings, lists and single values, as a file would state it; validates to the same scenario."""
    data = scenario.model_dump()
    data["mechanisms"] = {name: "off" if value is None else value for name, value in data["mechanisms"].items()}
    return data


def with_change(data: Any, path: str, value: Any) -> tuple[Any, Loc]:
    """Plain values with one of them replaced as `vary` and `--set` mean it, and where that one stands.

    Raises PathError if the path goes through something that has no parts, or through a name of the user's own (a plan,
    a design, ...) that is not there: what is new is stated whole, lest a mistyped name makes another one.
    """
    if hasattr(value, "item") and hasattr(value, "dtype"):
        value = value.item()  # a number of numpy's, which the schema's strict integers refuse
    parts = path.split(".")
    if len(parts) == 2 and parts[0] == "mechanisms" and (value is True or (isinstance(value, str) and value == "on")):
        settings = (data.get("mechanisms") or {}).get(parts[1])
        value = settings if isinstance(settings, Mapping) else {}
    changed, loc = replaced(data, path, value)
    _require_known(data, loc, path)
    if names_a_file(loc) and isinstance(value, str) and value:
        changed = put(changed, loc, str(Path(value).absolute()))
    return changed, loc


def _require_known(data: Any, loc: Loc, path: str) -> None:
    """Raises PathError where a path goes on from a name of the user's own that is not there."""
    for end, step in enumerate(loc[:-1]):
        around, name = at(data, loc[:end]), str(step)
        if isinstance(around, list) or name in (*names(around), *kinds.names_at(Scenario, loc[:end], data)):
            continue
        if not kinds.is_named_freely(Scenario, loc[:end], data):
            return  # the schema says which names there are
        known = names(around)
        near = did_you_mean(name, known)
        one = f"a known one{near}" if near else choice(known) or "there before"
        whole = dotted(loc[: end + 1])
        raise PathError(
            f"got the unknown name {shown(name)} in {path}, must be {one}, or be stated whole: {whole}={{…}}"
        )
