"""What is somebody paid, and why? A statement of pay as rows that recompute, in words."""

from __future__ import annotations

from fractions import Fraction

from babel.numbers import format_decimal

from simlib.org.plans import BASE, SETTLING, Line, Statement
from simlib.report.table import Table
from simlib.report.words import MINUS, Words
from simlib.scenario.pay_components import MONEY_MEASURES
from simlib.units import minor_units

_COLUMNS = ("for", "kind", "period", "how", "result", "target", "attainment", "amount")
_WORD_COLUMNS = 4


def payslip(statement: Statement, w: Words) -> str:
    """A statement as text: who, when, a row for each amount with what it recomputes from, the total, what is owed."""
    return f"{_head(statement, w)}\n\n{payslip_table(statement, w)}\n"


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


def _head(statement: Statement, w: Words) -> str:
    return w(
        "payslip.head",
        person=statement.person,
        position=statement.position,
        plan=statement.plan,
        first=w.date(statement.first_day),
        last=w.date(statement.last_day),
    )


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
    if line.share != 1:
        how = w("payslip.how.share", how=how, share=w.percent(float(line.share), 2))
    return how if line.days == line.of_days else w("payslip.how.of_days", how=how, days=days)


def _rate(w: Words, on: str, rate: Fraction) -> str:
    """A share of money, or money for each deal."""
    if on not in MONEY_MEASURES:
        return _money(w, rate)
    return f"{_decimal(w, rate * 100, 4, fixed=False)}%"


def _measured(w: Words, on: str, amount: Fraction) -> str:
    """A result: money to the minor unit, or a number of deals."""
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
