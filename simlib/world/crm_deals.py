"""Deals of a CRM export as typed rows: created, closed, outcome, amount, who touched them and when.

An open deal's close date is the expected one in every CRM: here `closed` and `won` are empty until a deal is closed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from simlib.errors import ExportError
from simlib.world.crm_notes import Note
from simlib.world.crm_outcome import OUTCOMES, read_outcome
from simlib.world.crm_table import Table
from simlib.world.crm_values import Columns
from simlib.world.delimited import RowFault

WORDS = {
    "owner": "owner_id",
    "company": "company_id",
    "product": "product_id",
    "region": "region",
    "segment": "segment",
    "source": "source",
}
"""Our column of words, and the export's."""
ZONED = re.compile(r"\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$")


@dataclass(frozen=True, eq=False)
class Deals:
    """The readable deals of a log, one row each."""

    frame: pd.DataFrame
    """deal_id, created, closed (NaT while open), is_closed, won (both `boolean`), amount, owner, company, product,
    region, segment, source (None where empty), first_contact (NaT = never), touched (a person acted before it closed).
    The index is the line of `deals.csv`."""
    currency: str | None
    faults: tuple[RowFault, ...]
    unreadable: int
    """Rows without whole fields, an id or a creation date; they are not in `frame`."""
    duplicate: int
    """Rows that repeat an earlier id; they are not in `frame`."""
    has_clock: bool
    """Whether creation is known to the minute; false = to the day."""
    tells_refusals: bool
    """Whether the log knows closing to the minute, and whether a person touched a deal."""
    notes: tuple[Note, ...]


def read_deals(table: Table, *, activities: Table | None) -> Deals:
    """Type the deals of a log.

    Raises ExportError if a required column is missing, one holds something else, or nothing in the log has a date.
    """
    require(table, "deal_id")
    if not any(name in table.text.columns for name in OUTCOMES):
        raise ExportError(_lacks(table, f"none of the columns {', '.join(OUTCOMES)}", "deal_stage"))
    columns = Columns(table)
    frame = pd.DataFrame({"deal_id": table.column("deal_id")})
    created, closing = columns.dates("create_date"), columns.dates("close_date")
    outcome = read_outcome(columns, created=created, closing=closing)
    frame["is_closed"], frame["won"] = outcome.is_closed, outcome.won
    frame["closed"] = closing.where(frame["is_closed"].fillna(False))
    frame["created"] = created if table.has("create_date") else _created(columns, frame["closed"])
    frame["closed"] = _in_order(columns, frame)
    frame["amount"], currency = _amounts(columns)
    for name, column in WORDS.items():
        frame[name] = columns.words(column)
    people = _by_people(activities, columns.faults).reindex(frame["deal_id"]).set_axis(frame.index)
    frame["first_contact"] = pd.concat([columns.dates("first_contact_date"), people], axis=1).min(axis=1)
    frame["touched"] = frame["first_contact"].notna() & ~(frame["first_contact"] > frame["closed"])
    columns.fault(frame["deal_id"] == "", "deal_id", "is empty, must name the deal")
    columns.fault(
        frame["created"].isna() & (table.column("create_date") == ""), "create_date", "is empty, must be a date"
    )
    readable = (frame["deal_id"] != "") & frame["created"].notna()
    repeated = readable & frame["deal_id"].where(readable).duplicated()
    columns.fault(repeated, "deal_id", "got '{}' again, must be there once: the first row counts")
    return Deals(
        frame=frame[readable & ~repeated],
        currency=currency,
        faults=tuple(sorted(set(columns.faults), key=lambda fault: (fault.file, fault.line, fault.column))),
        unreadable=int((~readable).sum()) + len(table.faults),
        duplicate=int(repeated.sum()),
        has_clock=_has_clock(frame["created"]),
        tells_refusals=_has_clock(frame["created"])
        and _has_clock(frame["closed"])
        and bool(frame["won"].notna().any())
        and (activities is not None or table.has("first_contact_date")),
        notes=(*outcome.notes, *_notes(table, frame)),
    )


def require(table: Table, *names: str) -> None:
    """Raises ExportError if the table lacks one of the columns."""
    missing = [name for name in names if name not in table.text.columns]
    if missing:
        raise ExportError(_lacks(table, f"no column {', '.join(missing)}", missing[0]))


def _lacks(table: Table, what: str, example: str) -> str:
    return (
        f"{table.path}:1: has {what}: rename one, or say under demand.columns which header means it "
        f"(YOUR_HEADER: {example}); it has {_list(table.headers)}"
    )


def _list(headers: tuple[str, ...]) -> str:
    return ", ".join(header.strip()[:40] for header in headers[:30]) + (", ..." if len(headers) > 30 else "")


def _created(columns: Columns, closed: pd.Series) -> pd.Series:
    """Creation of a log that has only closing and days to close: the difference."""
    table = columns.table
    if not (table.has("close_date") and table.has("days_to_close")):
        raise ExportError(
            f"{table.path}: has no dates: whatever needs time cannot be identified from it; "
            "use it for channel and region shares, or add the column create_date"
        )
    return closed - pd.to_timedelta(columns.numbers("days_to_close").clip(upper=36_600), unit="D")


def _in_order(columns: Columns, frame: pd.DataFrame) -> pd.Series:
    """Closing, empty where it would lie before creation; a closing known to the day counts as that day's end."""
    created, closed = frame["created"], frame["closed"]
    early = closed < (created if _has_clock(closed) else created.dt.normalize())
    columns.fault(early, "close_date", "got '{}', before the deal's creation: read as unknown")
    return closed.mask(early)


def _amounts(columns: Columns) -> tuple[pd.Series, str | None]:
    """Amounts in the log's main currency; an amount in another one is unknown to us."""
    amount, words = columns.numbers("amount"), columns.words("currency").str.upper()
    counts = words.value_counts()
    if counts.empty:
        return amount, None
    main = str(min(counts[counts == counts.iloc[0]].index))
    if not re.fullmatch(r"[A-Z]{3}", main):
        raise ExportError(f"{columns.table.path}: currency: got '{main[:40]}', must be a code of three letters, as EUR")
    other = words.notna() & (words != main)
    columns.fault(other, "currency", f"got '{{}}', but most of the log is in {main}: the amount is read as unknown")
    return amount.mask(other), main


def _by_people(activities: Table | None, faults: list[RowFault]) -> pd.Series:
    """First time a person acted on each deal, by deal_id; rows without an owner are the system's own."""
    if activities is None:
        return pd.Series(dtype="datetime64[us]")
    require(activities, "deal_id", "owner_id", "start_at")
    columns = Columns(activities)
    start = columns.dates("start_at")
    faults += columns.faults
    rows = pd.DataFrame({"deal_id": activities.column("deal_id"), "start": start})[activities.column("owner_id") != ""]
    return rows.groupby("deal_id")["start"].min()


def _has_clock(times: pd.Series) -> bool:
    known = times.dropna()
    return bool((known != known.dt.normalize()).any())


def _notes(table: Table, frame: pd.DataFrame) -> list[Note]:
    notes = []
    if table.column("create_date").str.contains(ZONED).any():
        notes.append(Note("zoned_dates"))
    dated = int(((~frame["is_closed"]).fillna(False) & (table.column("close_date") != "")).sum())
    if dated:
        notes.append(Note("expected_close", {"count": dated}))
    alone = int(frame["company"].isna().sum())
    if alone:
        notes.append(Note("no_company", {"count": alone, "deals": len(frame)}))
    return notes
