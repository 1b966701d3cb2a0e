"""Dotted paths into a scenario: `designs.flat.span`, `stages.contact.effort_hours`, `demand.cells.0.needs_per_week`.

A list's items go by their `name` or by their index. A name may hold dots itself: the longest name that fits is meant.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from simlib.scenario.wording import did_you_mean, shown

Loc = tuple[str | int, ...]
"""Where a value stands: names of mappings and indices of lists, from the root."""


class PathError(LookupError):
    """A path leads nowhere; the message says at which name, and which names there are."""


def names(here: Any) -> list[str]:
    """The names by which one may go on from a value; empty if it is a single value."""
    if isinstance(here, BaseModel):
        return list(type(here).model_fields)
    if isinstance(here, Mapping):
        return [str(name) for name in here]
    if isinstance(here, list | tuple):
        named = [_member(item, "name") for item in here]
        return [name if isinstance(name, str) else str(index) for index, name in enumerate(named)]
    return []


def first_step(here: Any, path: str) -> tuple[str | int, str] | None:
    """The name (or index) that `path` begins with, and the rest of the path; None if no name of `here` fits."""
    known = names(here)
    if isinstance(here, list | tuple):
        head, _, rest = path.partition(".")
        if head.isascii() and head.isdigit() and len(head) < 8 and int(head) < len(known):
            return int(head), rest
    fitting = [name for name in known if path == name or path.startswith(name + ".")]
    if not fitting:
        return None
    name = max(fitting, key=len)
    return (known.index(name) if isinstance(here, list | tuple) else name), path[len(name) + 1 :]


def at(root: Any, loc: Loc) -> Any:
    """The value at exact steps, in plain values or in frozen ones; None if there is none."""
    for step in loc:
        try:
            root = getattr(root, str(step)) if isinstance(root, BaseModel) else root[step]
        except (AttributeError, KeyError, IndexError, TypeError):
            return None
    return root


def locate(root: Any, path: str) -> Loc:
    """The steps of a path as far as it leads; whatever is left of it becomes the last step."""
    loc: list[str | int] = []
    here, rest = root, path
    while rest:
        step = first_step(here, rest)
        if step is None:
            return (*loc, rest)
        loc.append(step[0])
        here, rest = (getattr(here, str(step[0])) if isinstance(here, BaseModel) else here[step[0]]), step[1]
    return tuple(loc)


def without(here: Any, locs: Collection[Loc]) -> Any:
    """Plain values without what stands at some places; nothing is changed in place."""
    if not isinstance(here, Mapping | list | tuple):
        return here
    gone = {loc[0] for loc in locs if len(loc) == 1}
    below: dict[str | int, list[Loc]] = {}
    for loc in locs:
        if len(loc) > 1:
            below.setdefault(loc[0], []).append(loc[1:])
    if isinstance(here, Mapping):
        return {name: without(item, below.get(name, ())) for name, item in here.items() if name not in gone}
    return [without(item, below.get(index, ())) for index, item in enumerate(here) if index not in gone]


def replaced(here: Any, path: str, value: Any) -> tuple[Any, Loc]:
    """Plain values with one of them replaced or added, and where it stands; nothing is changed in place.

    A mapping takes a new name (whether a scenario may have it is the schema's question); a list takes no new item.
    Raises PathError if the path goes through a list's unknown item or through a single value.
    """
    loc: list[str | int] = []
    inner, rest = here, path
    while rest or not loc:
        step = first_step(inner, rest)
        if step is None and (inner is None or isinstance(inner, Mapping)):
            head, _, after = rest.partition(".")
            step = (head, after) if head else None
        if step is None:
            raise PathError(lost(inner, rest, path[: len(path) - len(rest)]))
        loc.append(step[0])
        inner, rest = at(inner, step[:1]), step[1]
    return put(here, tuple(loc), value), tuple(loc)


def _member(item: Any, name: str) -> Any:
    return item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)


def put(here: Any, loc: Loc, value: Any) -> Any:
    """Plain values with another one at exact steps, which must lead through mappings and lists; a copy."""
    if not loc:
        return value
    if isinstance(here, list | tuple):
        return [put(item, loc[1:], value) if index == loc[0] else item for index, item in enumerate(here)]
    inside = here or {}
    return {**inside, loc[0]: put(inside.get(loc[0]), loc[1:], value)}


def names_a_file(loc: Loc) -> bool:
    """Whether the value at a place is the path of a file or folder, as seen from the file that states it."""
    return loc == ("demand", "export") or (len(loc) == 3 and loc[0] == "designs" and loc[2] == "chart")


def dotted(loc: Loc) -> str:
    """A place as a message names it, on one line, long names cut."""
    return ".".join(_brief(str(step)) for step in loc)


def _brief(name: str) -> str:
    text = name if name.isprintable() else repr(name)[1:-1]
    return text if len(text) <= 100 else f"{text[:60]}…"


def lost(here: Any, rest: str, before: str, *, known: Sequence[str] = ()) -> str:
    """Why `rest` of the path `before + rest` leads nowhere from `here`."""
    head = rest.partition(".")[0]
    at = before.rstrip(".") or "the scenario"
    known = known or names(here)
    if known:
        near = did_you_mean(head, known)
        listed = "" if near else f" ({', '.join(known[:12])}{', …' if len(known) > 12 else ''})"
        return f"got the path {shown(before + rest)}, must use a name that {at} has{near}{listed}"
    if isinstance(here, str) and here == "off":
        return f"got the path {shown(before + rest)}, but {at} is off; must be turned on first ({at}=on)"
    return f"got the path {shown(before + rest)}, but {at} is the single value {shown(here)}; must lead to a value"
