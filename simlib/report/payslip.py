"""What is somebody paid, and why? Statements of pay as rows that recompute, in words."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from babel.numbers import format_decimal

from simlib.errors import Fault, ScenarioError
from simlib.model.payroll import Payroll
from simlib.org import build
from simlib.org.plans import BASE, SETTLING, Line, Statement
from simlib.report.table import Table
from simlib.report.words import MINUS, Words
from simlib.runs.replicate import payroll_of
from simlib.scenario.designs import ROLES, SUPPORT
from simlib.scenario.pay_components import MONEY_MEASURES, RATIOS
from simlib.scenario.schema import Scenario
from simlib.scenario.types import FIRST_YEAR, LAST_YEAR
from simlib.scenario.wording import choice, shown, unknown
from simlib.units import minor_units
from simlib.world import draw_world
from simlib.world.cells import first_day

_PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")
_TOTALS = ("person", "position", "plan", "base", "variable", "total", "owed")
_COLUMNS = ("for", "kind", "period", "how", "result", "target", "attainment", "amount")
_WORD_COLUMNS = 4
ALL = "all"
"""The period that leaves nothing out."""


def payslip(statement: Statement, w: Words) -> str:
    """A statement as text: who, when, a row for each amount with what it recomputes from, the total, what is owed."""
    return f"{heading(statement, w)}\n\n{payslip_table(statement, w)}\n"


def payslip_table(statement: Statement, w: Words) -> Table:
    """The rows of a statement; amounts to the minor unit of the currency of `w`."""
    total = ("", w("payslip.kind.total"), *[""] * 5, _money(w, statement.total))
    notes = []
    if statement.owed_before or statement.owed_after:
        before, after = _money(w, statement.owed_before), _money(w, statement.owed_after)
        notes.append(w("payslip.owed", before=before, after=after))
    return Table(
        headers=tuple(w(f"payslip.column.{name}") for name in _COLUMNS),
        rows=(*(_row(line, w) for line in statement.lines), total),
        words_first=_WORD_COLUMNS,
        notes=tuple(notes),
    )


def heading(statement: Statement, w: Words) -> str:
    """Whose statement it is, by which plan, from when to when."""
    days = {"first": w.date(statement.first_day), "last": w.date(statement.last_day)}
    who = {"person": _called(w, statement.person), "position": _called(w, statement.position)}
    return w("payslip.head", plan=statement.plan, **who, **days)


def _row(line: Line, w: Words) -> tuple[str, ...]:
    name = " / ".join(part for part in (line.component, line.kpi) if part)
    settles = line.kind in SETTLING
    attainment = line.attainment
    return (
        name,
        w(f"payslip.kind.{line.kind}"),
        w("payslip.period", first=line.first_day.isoformat(), last=line.last_day.isoformat()),
        _how(line, w),
        "" if settles else _measured(w, line.on, line.result),
        "" if line.target is None else _measured(w, line.on, line.target),
        "" if attainment is None else w.percent(float(attainment)),
        _money(w, line.amount),
    )


def _how(line: Line, w: Words) -> str:
    """From the piece of the schedule in which the result lies to the amount, and the days where not all count."""
    schedule = line.schedule
    days = w("payslip.how.days", days=str(line.days), of_days=str(line.of_days))
    if schedule is None:
        return days if line.kind == BASE else ""
    begins, pays, rate = schedule.piece_at(line.result)
    if not rate:
        how = w("payslip.how.nothing")
        if pays:
            how = w("payslip.how.lump", pays=_money(w, pays), begins=_measured(w, line.on, begins))
    elif pays or begins:
        share = _rate(w, line.on, rate)
        how = w("payslip.how.piece", pays=_money(w, pays), begins=_measured(w, line.on, begins), rate=share)
    else:
        way = "rate" if line.on in MONEY_MEASURES else "each"
        how = w(f"payslip.how.{way}", rate=_rate(w, line.on, rate))
    if line.chances is not None:
        taken = _decimal(w, line.result * line.chances, 2, fixed=False)
        of = w.number(line.chances)
        how = w("payslip.how.of_chances" if line.chances else "payslip.how.no_chance", how=how, taken=taken, of=of)
    if line.share != 1:
        how = w("payslip.how.share", how=how, share=w.percent(float(line.share), 2))
    return how if line.days == line.of_days else w("payslip.how.of_days", how=how, days=days)


def _rate(w: Words, on: str, rate: Fraction) -> str:
    """A share of money, money for each deal, or for each percentage point of a share."""
    if on in RATIOS:
        return w("payslip.how.point", rate=_money(w, rate / 100))
    if on not in MONEY_MEASURES:
        return _money(w, rate)
    return f"{_decimal(w, rate * 100, 4, fixed=False)}%"


def _measured(w: Words, on: str, amount: Fraction) -> str:
    """A result: money to the minor unit, a share, or a number of deals."""
    if on in RATIOS:
        return w.percent(float(amount))
    return _money(w, amount) if on in MONEY_MEASURES else _decimal(w, amount, 2, fixed=False)


def _money(w: Words, amount: int | Fraction) -> str:
    """Minor units as an amount of the currency in full: ¥12,345.67."""
    minor = minor_units(w.currency)
    places = len(str(minor)) - 1
    text = w.symbol + _decimal(w, abs(Fraction(amount)) / minor, places, fixed=True)
    return (MINUS if amount < 0 else "") + text


def _decimal(w: Words, value: Fraction, places: int, *, fixed: bool) -> str:
    """A number with at most so many places, or with exactly so many."""
    digits = ("0" if fixed else "#") * places
    pattern = "#,##0" + ("." + digits if places else "")
    return format_decimal(round(float(value), places + 2), format=pattern, locale=w.locale).replace("-", MINUS)


def _called(w: Words, name: str) -> str:
    """`rep 3` in the words of the language; names of the user's own stay."""
    role, _, rest = name.partition(" ")
    return f"{w.label('role', role)} {rest}" if rest and role in (*ROLES, SUPPORT) else name


@dataclass(frozen=True)
class Asked:
    """Whose payslips of which run."""

    design: str
    seed: int
    replication: int
    person: str | None
    """None = everybody's totals."""
    period: str | None
    """`2026`, `2026-Q1` or `2026-03`: statements that lie in it; `all`; None = those of the window."""


@dataclass(frozen=True)
class Found:
    """The statements asked for, and what was not asked for."""

    statements: tuple[Statement, ...]
    left_out: int
    """Statements outside the window, where no period was asked for."""
    window: tuple[dt.date, dt.date]
    """First and last day of the window whose needs are counted."""


def statements_asked_for(scenario: Scenario, asked: Asked, w: Words) -> Found:
    """Run one world and choose.

    Where no period is named, statements whose days lie mostly outside the window (in the warm-up or the drain) are left
    out, unless none would be left.

    Raises ScenarioError where nobody is on a plan, for a person who is on none, for a period that is none or has no
    statement; DesignError if the design cannot be laid out.
    """
    span = None if asked.period in (None, ALL) else _days_of(str(asked.period))
    organisation = build(asked.design, scenario)
    payroll = payroll_of(organisation, draw_world(scenario, seed=asked.seed, replication=asked.replication))
    if not payroll.statements:
        way = f"must name a plan for a role: `pay: {{rep: NAME}}` here or under organisation, {_plans(scenario)}"
        raise ScenarioError([Fault(f"got nobody on a pay plan, {way}", f"designs.{asked.design}.pay")])
    found = payroll.statements
    first, last = min(one.first_day for one in found), max(one.last_day for one in found)
    if asked.person is not None:
        person = _person(asked.person, payroll, w)
        found = tuple(one for one in found if one.person == person)
    if span:
        found = tuple(one for one in found if span[0] <= one.first_day and one.last_day <= span[1])
    if not found:
        raise ScenarioError([Fault(f"got {asked.period}, must hold a statement of {first} to {last}", "--period")])
    window, run = _window_and_run(scenario)
    inside = found if asked.period else tuple(one for one in found if _mostly_in(window, run, one)) or found
    return Found(inside, len(found) - len(inside), window)


def _window_and_run(scenario: Scenario) -> tuple[tuple[dt.date, dt.date], tuple[dt.date, dt.date]]:
    """First and last day of the window, and of the run."""
    calendar, start = scenario.calendar, first_day(scenario)
    opens, closes = calendar.warm_up_days, calendar.warm_up_days + calendar.horizon_days
    ends = closes + calendar.drain_days
    days = [start + dt.timedelta(days=day) for day in (int(opens), math.ceil(closes) - 1, math.ceil(ends) - 1)]
    return (days[0], days[1]), (start, days[2])


def _mostly_in(window: tuple[dt.date, dt.date], run: tuple[dt.date, dt.date], one: Statement) -> bool:
    """Whether at least half of a settlement's days in the run lie in the window."""

    def days_in(span: tuple[dt.date, dt.date]) -> int:
        return max((min(span[1], one.last_day) - max(span[0], one.first_day)).days + 1, 0)

    return 2 * days_in(window) >= days_in(run)


def _person(name: str, payroll: Payroll, w: Words) -> str:
    """Whom a name means, also as the language calls him. Raises ScenarioError for who is not there or on no plan."""
    people = list(dict.fromkeys(one.person for one in payroll.statements))
    known = {**{_called(w, person): person for person in people}, **{person: person for person in people}}
    if name in known:
        return known[name]
    salaried = {spell.employment.person for spell in payroll.spells}
    message = f"got {shown(name)}, who has the fixed salary only; must be {choice(people)}"
    raise ScenarioError([Fault(message if name in salaried else unknown(name, people), "--person")])


def _plans(scenario: Scenario) -> str:
    return f"such as {next(iter(scenario.plans))!r}" if scenario.plans else "and say under plans what it pays"


def _days_of(period: str) -> tuple[dt.date, dt.date]:
    """First and last day of a year, quarter or month as it is written."""
    found = _PERIOD.fullmatch(period)
    if not found or not FIRST_YEAR <= int(found["year"]) <= LAST_YEAR:
        rule = "must be a year, a quarter or a month (2026, 2026-Q1 or 2026-03), or 'all'"
        raise ScenarioError([Fault(f"got {shown(period)}, {rule}", "--period")])
    year, quarter, month = (int(part) if part else None for part in found.groups())
    assert year is not None
    first = month or (1 if quarter is None else 3 * quarter - 2)
    behind = year * 12 + first - 1 + (1 if month else 3 if quarter else 12)
    return dt.date(year, first, 1), dt.date(behind // 12, behind % 12 + 1, 1) - dt.timedelta(days=1)


def told(found: Found, asked: Asked, w: Words) -> str:
    """Everybody's totals, or one person's statements in full; and what is left out."""
    if asked.person is None:
        text = f"{_all_head(found.statements, asked, w)}\n\n{totals(found.statements, w)}"
    else:
        text = "\n".join(payslip(statement, w) for statement in found.statements).rstrip()
    if not found.left_out:
        return text
    first, last = (w.date(day) for day in found.window)
    left_out = w("payslip.left_out", count=w.number(found.left_out), first=first, last=last)
    return f"{text}\n\n{left_out}"


def _all_head(found: Sequence[Statement], asked: Asked, w: Words) -> str:
    first, last = min(one.first_day for one in found), max(one.last_day for one in found)
    world = w.number(asked.replication)
    return w("payslip.all", design=asked.design, world=world, first=w.date(first), last=w.date(last))


def totals(found: Sequence[Statement], w: Words) -> Table:
    """A row for each person, position and plan: base and variable pay, and what is owed in the end."""
    sums: dict[tuple[str, str, str], list[int]] = {}
    for one in found:
        row = sums.setdefault((_called(w, one.person), _called(w, one.position), one.plan), [0, 0, 0])
        row[0] += one.total - one.variable
        row[1] += one.variable
        row[2] = one.owed_after
    rows = [
        (*who, *(_money(w, amount) for amount in (base, variable, base + variable, owed)))
        for who, (base, variable, owed) in sums.items()
    ]
    base, variable = (sum(row[number] for row in sums.values()) for number in range(2))
    whole = (w("payslip.kind.total"), "", "", *(_money(w, each) for each in (base, variable, base + variable)), "")
    return Table(tuple(w(f"payslip.column.{name}") for name in _TOTALS), (*rows, whole), words_first=3)


def as_json(found: Found, asked: Asked, scenario: Scenario) -> str:
    """For other programs: every statement with its lines, money in whole units of the currency; how many are left
    out."""
    minor = minor_units(scenario.currency)
    run = {"design": asked.design, "seed": asked.seed, "replication": asked.replication, "currency": scenario.currency}
    told = {"left_out": found.left_out, "statements": [_told(one, minor) for one in found.statements]}
    return json.dumps({**run, **told}, ensure_ascii=False, indent=1)


def _told(one: Statement, minor: int) -> dict[str, Any]:
    amounts = {"base": one.total - one.variable, "variable": one.variable, "total": one.total}
    owed = {"owed_before": one.owed_before, "owed_after": one.owed_after}
    return {
        "person": one.person,
        "position": one.position,
        "plan": one.plan,
        "first_day": one.first_day.isoformat(),
        "last_day": one.last_day.isoformat(),
        **{name: amount / minor for name, amount in {**amounts, **owed}.items()},
        "lines": [_line(line, minor) for line in one.lines],
    }


def _line(line: Line, minor: int) -> dict[str, Any]:
    unit = minor if line.on in MONEY_MEASURES else 1
    told = {name: getattr(line, name) for name in ("kind", "component", "kpi", "days", "of_days", "on", "chances")}
    return {
        **told,
        "first_day": line.first_day.isoformat(),
        "last_day": line.last_day.isoformat(),
        "result": float(line.result / unit),
        "target": None if line.target is None else float(line.target / unit),
        "attainment": None if line.attainment is None else float(line.attainment),
        "share": float(line.share),
        "amount": line.amount / minor,
    }
