"""From a file to a Scenario: `extends`, overrides, and every fault at its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simlib.errors import Fault, ScenarioError
from simlib.scenario import consistency
from simlib.scenario.bases import with_bases
from simlib.scenario.kinds import stand_in
from simlib.scenario.mechanisms import Mechanisms
from simlib.scenario.paths import Loc, PathError, at, dotted, locate, put, without
from simlib.scenario.problems import MOST_PROBLEMS, problems
from simlib.scenario.schema import Scenario
from simlib.scenario.source import label
from simlib.scenario.tree import Place, Tree, flatten, parse
from simlib.scenario.vary import with_change
from simlib.scenario.wording import nearest, shown

Overrides = Sequence[str] | Mapping[str, Any]
Problem = tuple[Loc, str, bool]
"""Where, what, and whether the name there is at fault rather than its value."""


def load_scenario(path: str | Path, *, overrides: Overrides = ()) -> Scenario:
    """The scenario of a YAML file, with what it `extends` and with overrides laid over it.

    `extends: other.yaml` is relative to the file that says it: mappings are merged name by name, all else is replaced
    (a list as a whole; a demand of another kind as a whole; `name` and `title` are not passed on). Overrides are
    `path=value` texts (value in YAML) or a mapping from path to value; they come last, in their order. `demand.export`
    and a design's `chart` are relative to the file that says it, in an override to the current folder. Without a `name`
    the file's stem is it.

    Raises ScenarioError with every fault found, each with its file, line and column or with the override that made it.
    """
    path = Path(path)
    root, faults = with_bases(path)
    tree = flatten(root)
    if not isinstance(tree.data, dict):
        faults.append(_fault(tree, ((), f"got {shown(tree.data)}, must be a mapping (demand: …, designs: …)", False)))
        raise ScenarioError(faults)
    tree = _overridden(tree, overrides, faults)
    tree.data.setdefault("name", path.stem)
    scenario, found = _validated(tree)
    found += _empty_mechanisms(tree) + _missing_export(tree) + _missing_charts(tree)
    if scenario is not None:
        found += _outside_evidence(scenario, tree)
    if scenario is None or found or faults:
        raise ScenarioError(_in_order(faults, [_fault(tree, problem) for problem in _once(found, tree)]))
    return scenario


def _overridden(tree: Tree, overrides: Overrides, faults: list[Fault]) -> Tree:
    """The tree with overrides laid over it; those that cannot be are added to `faults`."""
    if isinstance(overrides, Mapping):
        pairs = [(key, value, override_label(key, value)) for key, value in overrides.items()]
    else:
        pairs = _parsed([overrides] if isinstance(overrides, str) else overrides, faults)
    for key, value, text in pairs:
        try:
            if key == "extends":
                raise PathError("got extends in an override, must stand in a file")
            data, loc = with_change(tree.data, key, value)
        except PathError as error:
            faults.append(Fault(str(error), dotted((key,)), text))
            continue
        values = {own: place for own, place in tree.values.items() if own[: len(loc)] != loc}
        keys = {own: place for own, place in tree.keys.items() if own[: len(loc)] != loc}
        # Names on the way that were not there before are written by the override too.
        written = {loc[:end]: Place(text) for end in range(1, len(loc) + 1) if end == len(loc) or loc[:end] not in keys}
        tree = Tree(data, {**values, **written}, {**keys, **written})
    return tree


def _parsed(overrides: Sequence[str], faults: list[Fault]) -> list[tuple[str, Any, str]]:
    """(path, value, text) of every `path=value` that can be read."""
    pairs: list[tuple[str, Any, str]] = []
    for override in overrides:
        text = f"--set {_brief(override)}"
        key, equals, value = (part.strip() for part in override.partition("="))
        wrong = [Fault(f"got {shown(override)}, must be path=value")] if not equals or not key else []
        if value and not wrong:
            try:
                node, wrong = parse(value, text)
                pairs.append((key, flatten(node).data, text))
            except ScenarioError as error:
                wrong = list(error.faults)
        elif not wrong:
            pairs.append((key, None, text))
        faults += [Fault(fault.message, dotted((key,)) if equals else "", text) for fault in wrong]
    return pairs


def override_label(path: str, value: Any) -> str:
    """How a fault that an override of a mapping made names its file."""
    return f"--set {_brief(f'{path}={value}')}"


def _brief(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 100 and text.isprintable() else shown(text)


def _validated(tree: Tree) -> tuple[Scenario | None, list[Problem]]:
    """The scenario, or what is wrong with it.

    Rules between fields can only be asked of valid fields. So they are asked once more with what is at fault left out
    or stood in for, and what then breaks a rule is told too, unless it concerns what was changed.
    """
    try:
        return Scenario.model_validate(tree.data), []
    except ValidationError as error:
        found = problems(error, Scenario, tree.data)
        rest = error.error_count() - MOST_PROBLEMS
        if rest > 0:
            return None, [*found, ((), f"got {rest:,} fault{'s' if rest > 1 else ''} more, must be none", False)]
    wrong = [loc for loc, _, _ in found if loc]
    sound = without(tree.data, wrong)
    for loc in wrong:
        instead = stand_in(Scenario, loc, tree.data)
        if instead is not None and isinstance(at(sound, loc[:-1]), dict):
            sound = put(sound, loc, instead)
    try:
        Scenario.model_validate(sound)
    except ValidationError as error:
        if all(detail["type"] == "broken_rule" for detail in error.errors(include_url=False)):
            found += [
                problem
                for problem in problems(error, Scenario, sound)
                if not any(problem[0][: len(loc)] == loc or loc[: len(problem[0])] == problem[0] for loc in wrong)
            ]
    return None, found


def _empty_mechanisms(tree: Tree) -> list[Problem]:
    """A name with nothing behind it could mean on as well as off."""
    mechanisms = tree.data.get("mechanisms")
    if not isinstance(mechanisms, dict):
        return []
    return [
        (("mechanisms", name), "got nothing, must be `on`, `off` or its settings", False)
        for name, value in mechanisms.items()
        if value is None and name in Mechanisms.model_fields
    ]


def _missing_export(tree: Tree) -> list[Problem]:
    loc: Loc = ("demand", "export")
    export = at(tree.data, loc)
    if at(tree.data, ("demand", "kind")) != "replay" or not isinstance(export, str) or not export:
        return []
    if _there(Path(export), Path.is_dir):
        return []
    near = _beside(Path(export), Path.is_dir)
    hint = f" (did you mean {shown(str(Path(export).parent / near))}?)" if near else ""
    return [(loc, f"got {shown(export)}, must be a folder with deals.csv{hint}", False)]


def _missing_charts(tree: Tree) -> list[Problem]:
    found: list[Problem] = []
    designs = tree.data.get("designs")
    for name, design in designs.items() if isinstance(designs, dict) else ():
        chart = at(design, ("chart",))
        if isinstance(chart, str) and chart and not _there(Path(chart), Path.is_file):
            near = _beside(Path(chart), Path.is_file)
            hint = f" (did you mean {shown(near)}?)" if near else ""
            rule = f"must be a CSV or XLSX file in {label(Path(chart).parent)}{hint}"
            found.append((("designs", name, "chart"), f"got {shown(Path(chart).name)}, {rule}", False))
    return found


def _there(path: Path, fits: Callable[[Path], bool]) -> bool:
    try:
        return fits(path)
    except (OSError, ValueError):
        return False


def _beside(path: Path, fits: Callable[[Path], bool]) -> str | None:
    """What lies in the same folder, is of the kind that is wanted, and is nearly so called."""
    try:
        inside = [item.name for item in path.parent.iterdir() if fits(item)] if path.parent.is_dir() else []
    except (OSError, ValueError):
        inside = []
    return nearest(path.name, inside)


def _outside_evidence(scenario: Scenario, tree: Tree) -> list[Problem]:
    """Parameters of the file outside the range that its evidence states; an override may leave it on purpose."""
    found: list[Problem] = []
    for where, message in consistency.evidence_ranges(scenario):
        parameter = locate(scenario, where.removeprefix("evidence.").rpartition(".")[0])
        place = tree.place(parameter)
        if place is None or place.line is not None:
            found.append((locate(tree.data, where), message, False))
    return found


def _fault(tree: Tree, problem: Problem) -> Fault:
    loc, message, of_name = problem
    place = tree.place(loc, of_name=of_name) or Place("")
    return Fault(message, dotted(loc), place.file, place.line, place.column)


def _once(found: list[Problem], tree: Tree) -> list[Problem]:
    """What an alias repeats is told at the first of its places, with their number."""
    copies: list[list[Problem]] = []
    for problem in found:
        same = next((told for told in copies if _is_copy(told[0], problem, tree)), None)
        if same is None:
            copies.append([problem])
        else:
            same.append(problem)
    return [
        (loc, message if len(told) == 1 else f"{message} (written once, used {len(told)} times)", of_name)
        for told in copies
        for loc, message, of_name in told[:1]
    ]


def _is_copy(one: Problem, other: Problem, tree: Tree) -> bool:
    """Whether two problems say the same of the same written value."""
    if one[1:] != other[1:] or one[0] == other[0]:
        return False
    loc, copy = one[0], other[0]
    while True:
        place = tree.values.get(loc)
        if place is not None and place.line is not None and place == tree.values.get(copy):
            return True
        if not loc or not copy or loc[-1] != copy[-1]:
            return False
        loc, copy = loc[:-1], copy[:-1]


def _in_order(faults: list[Fault], found: list[Fault]) -> list[Fault]:
    """By file and line; what overrides made comes last, and what only follows from a fault of the text is left out."""
    taken = {(fault.file, fault.line, fault.column) for fault in faults}
    told = [*faults, *(fault for fault in dict.fromkeys(found) if (fault.file, fault.line, fault.column) not in taken)]
    first = sorted(told, key=lambda fault: (fault.line is None, fault.file, fault.line or 0, fault.column or 0))
    rest = len(first) - MOST_PROBLEMS
    return first[:MOST_PROBLEMS] + ([Fault(f"got {rest:,} faults more, must be none")] if rest > 0 else [])
