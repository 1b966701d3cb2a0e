"""Which deals are closed, and which of them won? Read where the log says it, derived where it does not.

No outcome reaches a run; it tells automatic refusals and what the log's own organisation achieved. So a log may leave
it out, and a reader is told what was derived.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from simlib.world.crm_notes import Note
from simlib.world.crm_table import Table
from simlib.world.crm_values import Columns
from simlib.world.delimited import plain

OUTCOMES = ("is_closed", "is_won", "deal_stage", "close_date")
"""Columns that tell an outcome; a log needs one of them."""
WON_STAGE = r"closedwon|^won$|^已?(?:赢单|成交)$"
LOST_STAGE = r"closedlost|^lost$|^已?(?:输单|丢单|战败)$"
"""Names of stages, as `plain` writes them, at which a deal is closed."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """Outcome by deal, both `boolean` (missing = the log does not tell), and what was derived."""

    is_closed: pd.Series
    won: pd.Series
    """Missing while open, too."""
    notes: tuple[Note, ...]


def read_outcome(columns: Columns, *, created: pd.Series, closing: pd.Series) -> Outcome:
    """The outcome of each deal; `closing` is the column `close_date`, which of an open deal is the expected day.

    What the log states counts. Without `is_closed` the stage tells it; without such stages a deal is closed if it is
    won, or if its close date is not later than the last creation in the log and `is_won` is not empty.
    """
    table = columns.table
    won, won_notes = _won(columns)
    closed, closed_notes = _closed(columns, won, past=closing.notna() & ~(closing > created.max()))
    if table.has("is_won"):
        columns.fault(closed & (table.column("is_won") == ""), "is_won", "is empty, must be said of a closed deal")
        columns.fault(~closed & won, "is_won", "got '{}', but the deal is not closed: read as open")
    return Outcome(closed, won.where(closed.fillna(False)), (*closed_notes, *won_notes))


def _won(columns: Columns) -> tuple[pd.Series, list[Note]]:
    table = columns.table
    if table.has("is_won"):
        return columns.truths("is_won"), []
    at_won, at_lost = _ends(table)
    if (at_won | at_lost).any():
        return at_won.astype("boolean"), [Note("won_from_stage", {"won": int(at_won.sum())})]
    return pd.Series(pd.NA, index=at_won.index, dtype="boolean"), [Note("won_unknown")]


def _closed(columns: Columns, won: pd.Series, *, past: pd.Series) -> tuple[pd.Series, list[Note]]:
    table = columns.table
    if table.has("is_closed"):
        return columns.truths("is_closed"), []
    at_won, at_lost = _ends(table)
    signed = won.fillna(False)
    if (at_won | at_lost).any():
        code, closed = "closed_from_stage", at_won | at_lost | signed
    elif table.has("close_date"):
        code, closed = "closed_from_date", signed | (past & (won.notna() | (not table.has("is_won"))))
    else:
        untold = pd.Series(pd.NA, index=won.index, dtype="boolean")
        return untold, [Note("closed_unknown")] if table.has("is_won") else []
    return closed.astype("boolean"), [Note(code, {"closed": int(closed.sum()), "deals": len(closed)})]


def _ends(table: Table) -> tuple[pd.Series, pd.Series]:
    """Whether a deal is at a stage that is won, and at one that is lost."""
    stages = table.column("deal_stage").map(plain)
    return stages.str.contains(WON_STAGE), stages.str.contains(LOST_STAGE)
