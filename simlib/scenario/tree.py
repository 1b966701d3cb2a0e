"""What a YAML text says: plain values (YAML 1.2), and the line and column of each.

Built from the parser's events rather than its loader, because a loader expands aliases, follows tags and
recurses before anybody can count. Nothing here knows what a scenario is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from simlib.errors import Fault, ScenarioError
from simlib.scenario.paths import Loc, at
from simlib.scenario.syntax import syntax_fault
from simlib.scenario.wording import shown

DEEPEST = 40
"""Levels of nesting; a scenario needs six."""
MOST_NODES = 15_000
"""Names and values of a text with its aliases expanded; a scenario of 700 cells has as many."""

_HALF = re.compile("[\ud800-\udfff]")
_INTEGER = re.compile(r"[-+]?[0-9][0-9_]*")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?")
_NAMED: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was written; line and column are 1-based, None where the text is not a file's."""

    file: str
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its place. `value` is a scalar, a dict of Entry, or a list of Node."""

    value: Any
    place: Place
    size: int = 1
    """Values in it, itself included, aliases expanded."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A mapping's name with its value."""

    key: Place
    node: Node


@dataclass(frozen=True)
class Tree:
    """Plain values and where each was written."""

    data: Any
    values: Mapping[Loc, Place]
    keys: Mapping[Loc, Place]

    def place(self, loc: Loc, *, of_name: bool = False) -> Place | None:
        """Place of the value at `loc` (or of its name), or of the innermost thing around it that was written."""
        for end in range(len(loc), -1, -1):
            own = loc[:end]
            whole = isinstance(at(self.data, own), dict | list)
            wanted = (self.keys, self.values) if of_name or whole or end < len(loc) else (self.values, self.keys)
            for places in wanted:
                if own in places:
                    return places[own]
        return None


def parse(text: str, file: str) -> tuple[Node, list[Fault]]:
    """The one document of a YAML text, and the faults that leave the rest readable: duplicate names, tags, names that
    are no text, aliases of nothing or of themselves.

    Raises ScenarioError if the text cannot be read to its end.
    """
    reader = _Reader(file, text)
    try:
        return reader.document(), reader.faults
    except ScenarioError:
        raise
    except YAMLError as error:
        raise ScenarioError([*reader.faults, syntax_fault(error, file, text)]) from None
    except AssertionError:
        # The parser asserts that a %YAML directive names a version it knows.
        message = "got a %YAML directive of an unknown version, must be 1.2 or none"
        raise ScenarioError([*reader.faults, Fault(message, file=file, line=1)]) from None
    except (ValueError, OverflowError):
        # The parser turns \U escapes into characters without asking whether there is such a character.
        message = "got an escape that is no character, must be a YAML text"
        raise ScenarioError([*reader.faults, Fault(message, file=file)]) from None


def merged(base: Node, own: Node) -> Node:
    """`own` laid over `base`: mappings are merged name by name, everything else replaces what was there."""
    if not (isinstance(base.value, dict) and isinstance(own.value, dict)):
        return own
    entries: dict[str, Entry] = dict(base.value)
    for name, entry in own.value.items():
        entries[name] = Entry(entry.key, merged(entries[name].node, entry.node)) if name in entries else entry
    return Node(entries, own.place, 1 + sum(entry.node.size for entry in entries.values()))


def flatten(root: Node) -> Tree:
    """Plain dicts, lists and scalars, with the places beside them."""
    values: dict[Loc, Place] = {}
    keys: dict[Loc, Place] = {}

    def plain(node: Node, loc: Loc) -> Any:
        values[loc] = node.place
        if isinstance(node.value, list):
            return [plain(item, (*loc, index)) for index, item in enumerate(node.value)]
        if not isinstance(node.value, dict):
            return node.value
        data = {}
        for name, entry in node.value.items():
            keys[*loc, name] = entry.key
            data[name] = plain(entry.node, (*loc, name))
        return data

    return Tree(plain(root, ()), values, keys)


def plain_scalar(text: str) -> Any:
    """What an unquoted word means in YAML 1.2: null, true, a number (`1_000` too), else text (as `on`)."""
    if text in _NAMED:
        return _NAMED[text]
    if _INTEGER.fullmatch(text):
        digits = text.replace("_", "")
        return int(digits) if len(digits) < 300 else float(digits)
    if _BASED.fullmatch(text) and len(text) < 300:
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text.replace("_", ""))
    return text


@dataclass
class _Reader:
    """Reads one document event by event; collects the faults that do not stop it."""

    file: str
    text: str
    faults: list[Fault] = field(default_factory=list)
    anchors: dict[str, Node | None] = field(default_factory=dict)
    """None while the anchored value is still being read."""
    count: int = 0
    events: Iterator[Any] = field(init=False)

    def __post_init__(self) -> None:
        self.events = iter(YAML(typ="safe", pure=True).parse(self.text))

    def document(self) -> Node:
        next(self.events)
        first = next(self.events)
        if isinstance(first, StreamEndEvent):
            message = "got an empty file, must be a scenario (demand, stages, designs)"
            raise ScenarioError([Fault(message, file=self.file)])
        node = self.node(next(self.events), 1)
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                message = "got a second document, must be one document in a file"
                raise ScenarioError([*self.faults, self.fault(event, message)])
        return node

    def node(self, event: Any, depth: int) -> Node:
        """The value that begins with `event`; `depth` levels stand around it, itself included."""
        self.count += 1
        if depth > DEEPEST:
            message = f"got more than {DEEPEST} levels of nesting, must be fewer"
            raise ScenarioError([*self.faults, self.fault(event, message)])
        if isinstance(event, AliasEvent):
            return self.alias(event)
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        if event.tag is not None and event.tag != "!":
            message = f"got the tag {shown(str(event.tag))}, must be a value without a tag"
            self.faults.append(self.fault(event, message))
        if isinstance(event, MappingStartEvent):
            node = self.mapping(event, depth)
        elif isinstance(event, SequenceStartEvent):
            node = self.sequence(event, depth)
        else:
            node = self.scalar(event)
        if node.size > MOST_NODES or self.count > MOST_NODES:
            message = f"got more than {MOST_NODES:,} names and values (aliases expanded), must be fewer"
            raise ScenarioError([*self.faults, self.fault(event, message)])
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def scalar(self, event: Any) -> Node:
        if _HALF.search(event.value):
            self.faults.append(self.fault(event, "got half a character (U+D800 to U+DFFF), must be a whole one"))
            return Node("", self.place(event))
        return Node(plain_scalar(event.value) if event.style is None else event.value, self.place(event))

    def sequence(self, start: Any, depth: int) -> Node:
        items = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            items.append(self.node(event, depth + 1))
        return Node(items, self.place(start), 1 + sum(item.size for item in items))

    def mapping(self, start: Any, depth: int) -> Node:
        entries: dict[str, Entry] = {}
        merges: list[Node] = []
        while not isinstance(event := next(self.events), MappingEndEvent):
            name = self.name(event, depth)
            node = self.node(next(self.events), depth + 1)
            if node.value is None:
                node = Node(None, self.place(event))  # what is not written stands at its name
            if name == "<<" and event.style is None:
                merges.append(node)
            elif name in entries:
                first = f"first in line {entries[name].key.line}"
                self.faults.append(self.fault(event, f"got {shown(name)} a second time, must be there once ({first})"))
            elif name is not None:
                entries[name] = Entry(self.place(event), node)
        for node in merges:
            for source in node.value if isinstance(node.value, list) else [node]:
                if isinstance(source.value, dict):
                    entries = {**source.value, **entries}
                else:
                    message = f"got {shown(source.value)} after <<, must be an alias of a mapping"
                    self.faults.append(self.fault(start, message))
        return Node(entries, self.place(start), 1 + sum(entry.node.size for entry in entries.values()))

    def name(self, event: Any, depth: int) -> str | None:
        """A mapping's name as it is written (`1` and `true` are names too); None if it is none."""
        if isinstance(event, ScalarEvent) and (event.value or event.style is not None):
            self.node(event, depth)
            return str(event.value)
        node = self.node(event, depth + 1)
        if isinstance(event, AliasEvent) and isinstance(node.value, str):
            return node.value
        self.faults.append(self.fault(event, f"got {shown(node.value)} as a name, must be text"))
        return None

    def alias(self, event: Any) -> Node:
        name = event.anchor
        node = self.anchors.get(name)
        if node is None:
            problem = "a value inside which it stands" if name in self.anchors else "nothing (no such anchor)"
            message = f"got *{name}, which stands for {problem}; must stand for an earlier value"
            self.faults.append(self.fault(event, message))
            return Node(None, self.place(event))
        return node

    def place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def fault(self, event: Any, message: str) -> Fault:
        place = self.place(event)
        return Fault(message, file=place.file, line=place.line, column=place.column)
