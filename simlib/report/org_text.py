"""Organisations as plain text, for the console: what a structure fixes, who reports to whom, peers put together."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from simlib.org.organisation import Organisation, Position
from simlib.report.width import columns, padded
from simlib.report.words import Words
from simlib.units import minor_units

_BRANCH, _LAST, _PIPE, _GAP = "├─ ", "└─ ", "│  ", "   "
_EVERYTHING = "all"
"""The unit of who serves everybody."""


def structures_text(presets: Mapping[str, Mapping[str, Any]], w: Words) -> str:
    """A line for each structure and the axes that it fixes: names as they are typed, and what they are called."""
    names = {name: _typed(name, w.word("structure", name)) for name in presets}
    width = max(map(columns, names.values()))
    fixed = {
        name: (f"{_typed(axis, w.word('path', axis))} {json.dumps(value)}" for axis, value in axes.items())
        for name, axes in presets.items()
    }
    return "\n".join(f"{padded(names[name], width)}  {w('join.parts').join(fixed[name])}" for name in presets)


def _typed(name: str, word: str) -> str:
    return name if word == name else f"{name} {word}"


def org_text(organisation: Organisation, w: Words) -> str:
    """Name, people and cost, then the line of bosses as a tree, the second line and the pools."""
    minor = minor_units(w.currency)
    head = w(
        "tree.head",
        name=organisation.name,
        people=str(len(organisation.positions)),
        reps=str(len(organisation.reps)),
        currency=w.currency,
        spent=f"{organisation.payroll_per_year / minor:,.0f}",
        budget=f"{organisation.budget_per_year / minor:,.0f}",
    )
    return "\n".join([head, *_line(organisation, w), *_second_line(organisation, w)])


def _line(organisation: Organisation, w: Words) -> Iterator[str]:
    beside = {position.second_boss for position in organisation.positions}
    line = [position for position in organisation.positions if position.id not in beside]
    yield from _below(None, line, "", w)


def _below(boss: str | None, line: list[Position], indent: str, w: Words) -> Iterator[str]:
    """Those who report to a boss: bosses one by one with their people, the others by role and unit."""
    reports = [position for position in line if position.boss == boss]
    bosses = {position.boss for position in line}
    alone = [position for position in reports if position.id in bosses]
    together = Counter((position.role, position.unit) for position in reports if position.id not in bosses)
    last = len(alone) + len(together) - 1
    for number, position in enumerate(alone):
        said = w("tree.selling_boss" if position.scope else "tree.boss", id=position.id, unit=_unit(position.unit, w))
        yield f"{indent}{_LAST if number == last else _BRANCH}{said}"
        yield from _below(position.id, line, indent + (_GAP if number == last else _PIPE), w)
    for number, ((role, unit), count) in enumerate(together.items(), start=len(alone)):
        said = w("tree.peers", count=str(count), role=w.word("role", role), unit=_unit(unit, w))
        yield f"{indent}{_LAST if number == last else _BRANCH}{said}"


def _unit(unit: str, w: Words) -> str:
    return w("tree.everything") if unit == _EVERYTHING else unit


def _second_line(organisation: Organisation, w: Words) -> Iterator[str]:
    reports = Counter(position.second_boss for position in organisation.positions if position.second_boss)
    for boss, count in reports.items():
        yield w("tree.second_line", boss=boss, count=str(count))
