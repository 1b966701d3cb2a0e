"""A scenario file laid over the files that it extends."""

from __future__ import annotations

import os.path
from dataclasses import replace
from pathlib import Path
from typing import Any

from simlib.errors import Fault, ScenarioError
from simlib.scenario.paths import Loc, names_a_file
from simlib.scenario.source import label, read_text
from simlib.scenario.tree import Entry, Node, merged, parse
from simlib.scenario.wording import shown

MOST_BASES = 20
"""Files that one scenario may build on."""
NOT_PASSED_ON = ("name", "title")
"""What a base says of itself."""

Chain = tuple[tuple[str, Fault], ...]
"""The files that led to one, and the place of the `extends` in each."""


def with_bases(path: Path, *, chain: Chain = ()) -> tuple[Node, list[Fault]]:
    """The document of a file over those it extends, and the faults of all of them that leave the rest readable.

    Raises ScenarioError if one of the files cannot be read to its end, or extends itself.
    """
    root, faults = parse(read_text(path, asked_by=chain[-1][1] if chain else None), label(path))
    root = _files_from(path.parent, _mechanisms_on(root))
    if not isinstance(root.value, dict) or "extends" not in root.value:
        return root, faults
    entries = dict(root.value)
    asked = entries.pop("extends").node
    own = Node(entries, root.place, root.size)
    here = Fault("", "extends", asked.place.file, asked.place.line, asked.place.column)
    try:
        target = _target(path, asked.value, chain)
        under, more = with_bases(target, chain=(*chain, (os.path.realpath(path), here)))
    except _NoBaseError as error:
        raise ScenarioError([*faults, replace(here, message=str(error))]) from None
    except ScenarioError as error:
        raise ScenarioError([*faults, *error.faults]) from None
    if not isinstance(under.value, dict):
        message = f"got {shown(under.value)}, must be a mapping of settings"
        raise ScenarioError(
            [*faults, *more, Fault(message, "", under.place.file, under.place.line, under.place.column)]
        )
    passed_on = {name: entry for name, entry in under.value.items() if name not in NOT_PASSED_ON}
    if _demand_kind(own) not in (None, _demand_kind(under)):
        passed_on.pop("demand", None)
    return merged(Node(passed_on, under.place, under.size), own), [*more, *faults]


class _NoBaseError(ValueError):
    """What `extends` names cannot be a base."""


def _target(path: Path, base: Any, chain: Chain) -> Path:
    if not isinstance(base, str) or not base:
        raise _NoBaseError(f"got {shown(base)}, must be the path of a scenario file")
    target = Path(os.path.normpath(path.parent / base))
    if os.path.realpath(target) in [os.path.realpath(path), *(file for file, _ in chain)]:
        raise _NoBaseError(f"got {shown(base)}, which is built on this file itself, must be another file")
    if len(chain) >= MOST_BASES:
        raise _NoBaseError(f"got more than {MOST_BASES} files one upon the other, must be fewer")
    return target


def _mechanisms_on(root: Node) -> Node:
    """`on` written as the empty settings that it means, so that it lets the settings of a base stand."""
    if not isinstance(root.value, dict) or "mechanisms" not in root.value:
        return root
    entry = root.value["mechanisms"]
    if not isinstance(entry.node.value, dict):
        return root
    settings = {
        name: Entry(item.key, Node({}, item.node.place)) if _is_on(item.node.value) else item
        for name, item in entry.node.value.items()
    }
    node = Node(settings, entry.node.place, entry.node.size)
    return Node({**root.value, "mechanisms": Entry(entry.key, node)}, root.place, root.size)


def _files_from(folder: Path, node: Node, loc: Loc = ()) -> Node:
    """The paths of an export and of charts made absolute, as seen from the folder of the file that names them."""
    value = node.value
    if names_a_file(loc):
        return (
            Node(os.path.normpath(folder.absolute() / value), node.place) if isinstance(value, str) and value else node
        )
    if not isinstance(value, dict) or loc[:1] not in ((), ("demand",), ("designs",)) or len(loc) > 2:
        return node
    entries = {name: Entry(entry.key, _files_from(folder, entry.node, (*loc, name))) for name, entry in value.items()}
    return Node(entries, node.place, node.size)


def _is_on(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value == "on")


def _demand_kind(root: Node) -> Any:
    demand = root.value.get("demand")
    if demand is None or not isinstance(demand.node.value, dict):
        return None
    kind = demand.node.value.get("kind")
    return kind.node.value if kind is not None else None
