"""An organisation's chart as plain text, for the console: who reports to whom, peers of one unit put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from simlib.org.organisation import Organisation, Position
from simlib.units import minor_units

_BRANCH, _LAST, _PIPE, _GAP = "├─ ", "└─ ", "│  ", "   "


def org_text(organisation: Organisation, currency: str) -> str:
    """Name, people and cost, then the line of bosses as a tree, the second line and the pools."""
    minor = minor_units(currency)
    spent, budget = organisation.payroll_per_year / minor, organisation.budget_per_year / minor
    head = (
        f"{organisation.name}: {len(organisation.positions)} people, {len(organisation.reps)} of them reps; "
        f"{currency} {spent:,.0f} of {budget:,.0f} a year"
    )
    return "\n".join([head, *_line(organisation), *_second_line(organisation)])


def _line(organisation: Organisation) -> Iterator[str]:
    beside = {position.second_boss for position in organisation.positions}
    line = [position for position in organisation.positions if position.id not in beside]
    yield from _below(None, line, "")


def _below(boss: str | None, line: list[Position], indent: str) -> Iterator[str]:
    """Those who report to a boss: bosses one by one with their people, the others by role and unit."""
    reports = [position for position in line if position.boss == boss]
    bosses = {position.boss for position in line}
    alone = [position for position in reports if position.id in bosses]
    together = Counter((position.role, position.unit) for position in reports if position.id not in bosses)
    last = len(alone) + len(together) - 1
    for number, position in enumerate(alone):
        sells = ", sells" if position.scope else ""
        yield f"{indent}{_LAST if number == last else _BRANCH}{position.id} ({position.unit}{sells})"
        yield from _below(position.id, line, indent + (_GAP if number == last else _PIPE))
    for number, ((role, unit), count) in enumerate(together.items(), start=len(alone)):
        yield f"{indent}{_LAST if number == last else _BRANCH}{count} {role} ({unit})"


def _second_line(organisation: Organisation) -> Iterator[str]:
    reports = Counter(position.second_boss for position in organisation.positions if position.second_boss)
    for boss, count in reports.items():
        yield f"second line: {boss}, to whom {count} of the reps report too"
