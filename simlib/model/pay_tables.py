"""The payroll as tables of the ledger: who was credited with what, and every amount of variable pay with its reason."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from simlib.ledger import SCHEMA, WORD
from simlib.model.firm import Firm
from simlib.model.payroll import Payroll
from simlib.org.credits import Credit
from simlib.org.plan_parts import OWN, parts_of
from simlib.org.plans import BASE, Line, Statement
from simlib.units import HOURS_PER_DAY, minor_units
from simlib.world.cells import first_day


def credit_table(given: Sequence[Credit], names: Sequence[str]) -> pd.DataFrame:
    """A row for each credit, given or taken back."""
    return _table("credits", [_credit_row(credit) for credit in given], names)


def pay_table(paid: Payroll, firm: Firm) -> pd.DataFrame:
    """A row for each line of each statement but those of base pay, which is paid monthly."""
    start, names = first_day(firm.world.scenario), [holder.name for holder in firm.staff.holders]
    on_quota = set(_on_quota(paid, firm))
    rows = []
    for statement in paid.statements:
        at = settled_h(statement, start, firm.end_h)
        for line in statement.lines:
            if line.kind != BASE:
                by_quota = (statement.plan, line.component, line.kpi) in on_quota
                rows.append({**_pay_row(statement, line, start), "on_quota": by_quota, "settled_h": at})
    return _table("pay", rows, names)


def settled_h(statement: Statement, start: dt.date, end_h: float) -> float:
    """When a statement is paid: at the end of its last day, or of the run."""
    return min(((statement.last_day - start).days + 1) * HOURS_PER_DAY, end_h)


def _credit_row(credit: Credit) -> dict[str, Any]:
    row = credit._asdict()
    signed = credit.at_h if credit.signed_h is None else credit.signed_h
    return {**row, "party": credit.person, "lead": credit.deal, "signed_h": signed, "share": str(credit.share)}


def _pay_row(statement: Statement, line: Line, start: dt.date) -> dict[str, Any]:
    first, behind = (line.first_day - start).days, (line.last_day - start).days + 1
    return {
        **line._asdict(),
        "party": statement.person,
        "position": statement.position,
        "plan": statement.plan,
        "from_h": max(first * HOURS_PER_DAY, statement.from_h),
        "to_h": min(behind * HOURS_PER_DAY, statement.to_h),
        "result": float(line.result),
        "target": math.nan if line.target is None else float(line.target),
        "share": float(line.share),
    }


def _on_quota(paid: Payroll, firm: Firm) -> Iterator[tuple[str, str, str]]:
    """Plan, component and line of a scorecard that go by the person's own quota."""
    scenario = firm.world.scenario
    for name in dict.fromkeys(statement.plan for statement in paid.statements):
        for part in parts_of(scenario.plans[name], minor_units(scenario.currency)):
            if part.needs_quota and part.whose == OWN:
                yield name, part.component, part.kpi


def _table(name: str, rows: Sequence[dict[str, Any]], names: Sequence[str]) -> pd.DataFrame:
    """Rows in the columns and types of a table; people are numbered as everywhere in the books."""
    typed: dict[str, Any] = {}
    for column, kind in SCHEMA[name].items():
        values = [row[column] for row in rows]
        if kind == WORD:
            known = list(names) if column == "party" else list(dict.fromkeys(values))
            number = {word: code for code, word in enumerate(known)}
            codes = np.array([number[value] for value in values], dtype=np.int32)
            typed[column] = pd.Categorical.from_codes(codes, categories=pd.Index(known))
        else:
            typed[column] = np.array(values, dtype=kind)
    return pd.DataFrame(typed, copy=False)
