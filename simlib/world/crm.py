"""Reads a CRM export for replay: what no organisation chose goes into the run, what came out of it serves calibration.

The run gets, per lead: time, account, amount, product, region, segment, source. Outcomes and owners never reach it;
they tell automatic refusals (set aside and counted), dimensions that follow from the owner (refused, with the reason)
and the figures in `Export.observed`. Files: `deals.csv`, and where they exist `owners.csv` and `activities.csv`, each
also as `.csv.gz`; `crm_table.COLUMNS` lists the columns and what other systems call them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from simlib.errors import ExportError
from simlib.scenario.schema import Replay
from simlib.world.crm_deals import Deals, read_deals, require
from simlib.world.crm_facts import cut_off, months, observed, owner_evidence, owner_values
from simlib.world.crm_notes import Note, imputed
from simlib.world.crm_table import Table, find_table, read_table
from simlib.world.delimited import RowFault, plain

DIMENSIONS = {"region": "region", "product": "product_id", "segment": "segment"}
"""What a design may divide customers by, and the export's column for it."""
TABLES = ("deals", "owners", "activities")
FAULTS_SHOWN = 5


@dataclass(frozen=True, eq=False)
class Export:
    """A log, read once. Its frames are shared by all who read the same log: copy before changing them."""

    folder: Path
    rows: int
    """Rows of `deals.csv`; rows = leads + all that is set aside."""
    leads: pd.DataFrame
    """What a run gets, sorted by (time, deal_id): deal_id, account (str), at_h (calendar hours since midnight of
    `first_day`), amount (whole units, NaN = unknown), product, region, segment, source (str, None = unknown)."""
    first_day: dt.date
    """Day that holds time zero."""
    last_day: dt.date
    """Day of the last lead."""
    currency: str | None
    """ISO 4217; None if the log does not say."""
    set_aside: Mapping[str, int]
    """Rows that are not replayed: automatic_refusal, before_start, unreadable, duplicate."""
    missing: Mapping[str, int]
    """Leads whose amount, product, region or segment is unknown, where the dimension is not refused."""
    refusals: Mapping[str, str]
    """Dimension (region, product, segment, size) -> why no design may divide customers by it."""
    observed: Mapping[str, float]
    """What the log's own organisation achieved (see `crm_facts.observed`)."""
    months: pd.DataFrame
    """By month of creation: month, leads, decided, won."""
    faults: tuple[RowFault, ...]
    """All that is wrong with single rows; a wrong amount or closing leaves the lead in the replay."""
    notes: tuple[Note, ...]
    """What a reader of the results must know of the log."""


@dataclass(frozen=True)
class Rules:
    """What of a scenario decides how a log is read."""

    columns: tuple[tuple[str, str], ...]
    owner_derived: tuple[str, ...]
    refusal_minutes: float
    start: dt.date | None


def read_export(folder: str | Path, replay: Replay, *, start: dt.date | None = None) -> Export:
    """Read the export in `folder` as `replay` says; reading it again while its files are unchanged costs nothing.

    `start` is the day on which the replay begins, earlier leads are set aside; None = the day of the first lead.
    Raises ExportError where a log cannot be replayed: no file, no dates, a column missing or mistaken, no lead left.
    """
    place = Path(folder)
    paths = {name: path for name in TABLES if (path := find_table(place, name)) is not None}
    if "deals" not in paths:
        raise ExportError(f"{place}: has no deals.csv or deals.csv.gz, must be a folder that holds one (demand.export)")
    stamps = tuple((name, path, path.stat().st_mtime_ns, path.stat().st_size) for name, path in paths.items())
    rules = Rules(tuple(sorted(replay.columns.items())), replay.owner_derived, replay.refusal_minutes, start)
    return _read(place, stamps, rules)


@lru_cache(maxsize=8)
def _read(folder: Path, stamps: tuple[tuple[str, Path, int, int], ...], rules: Rules) -> Export:
    tables = {name: read_table(path, columns=dict(rules.columns)) for name, path, _, _ in stamps}
    owners = tables.get("owners")
    if owners is not None:
        require(owners, "owner_id")
    deals = read_deals(tables["deals"], activities=tables.get("activities"))
    kept, refused, set_aside = _set_aside(deals, rules)
    if kept.empty:
        raise ExportError(_nothing_left(folder, deals, set_aside, rules))
    first_day = rules.start or kept["created"].min().date()
    refusals, dimension_notes = _refusals(deals.frame, kept, owners, rules)
    leads = _leads(kept, first_day, refusals)
    missing = {name: int(leads[name].isna().sum()) for name in ("amount", *DIMENSIONS) if name not in refusals}
    table_notes = [note for table in tables.values() for note in table.notes]
    return Export(
        folder=folder,
        rows=len(deals.frame) + deals.unreadable + deals.duplicate,
        leads=leads,
        first_day=first_day,
        last_day=kept["created"].max().date(),
        currency=deals.currency,
        set_aside=set_aside,
        missing=missing,
        refusals=refusals,
        observed=observed(kept, refused),
        months=months(kept),
        faults=deals.faults,
        notes=(
            *_unknown_headers(tables, rules),
            *table_notes,
            *deals.notes,
            *imputed(leads, missing),
            *dimension_notes,
            *_notes(deals, kept),
        ),
    )


def _set_aside(deals: Deals, rules: Rules) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, int]]:
    """Deals to replay, automatic refusals among the others, and how many rows are set aside for which reason."""
    frame = deals.frame
    early = frame["created"] < pd.Timestamp(rules.start or frame["created"].min())
    quick = frame["closed"] - frame["created"] <= pd.Timedelta(minutes=rules.refusal_minutes)
    lost = (~frame["won"]).fillna(False).astype(bool)
    refused = ~early & lost & quick & ~frame["touched"] & deals.tells_refusals
    counts = {
        "automatic_refusal": int(refused.sum()),
        "before_start": int(early.sum()),
        "unreadable": deals.unreadable,
        "duplicate": deals.duplicate,
    }
    return frame[~early & ~refused], frame[refused], counts


def _nothing_left(folder: Path, deals: Deals, set_aside: dict[str, int], rules: Rules) -> str:
    counts = ", ".join(f"{count:,} {reason}" for reason, count in set_aside.items() if count) or "it has no rows"
    if set_aside["before_start"]:
        first, last = deals.frame["created"].min().date(), deals.frame["created"].max().date()
        place = f"{folder}: no lead is left ({counts}): calendar.start"
        return f"{place}: got {rules.start}, must be between {first} and {last}"
    shown = "".join(f"\n  {fault}" for fault in deals.faults[:FAULTS_SHOWN])
    return f"{folder}: no lead is left to replay ({counts}): mend the rows, or check which column means what{shown}"


def _refusals(
    deals: pd.DataFrame, kept: pd.DataFrame, owners: Table | None, rules: Rules
) -> tuple[dict[str, str], list[Note]]:
    """Why a dimension cannot divide customers, and what should be known of those that can."""
    refusals: dict[str, str] = {}
    notes: list[Note] = []
    for name, column in DIMENSIONS.items():
        if kept[name].isna().all():
            refusals[name] = f"the log has no {name} (column {column} is missing or empty)"
            continue
        evidence = owner_evidence(deals, name, owner_values(owners, column))
        if name in rules.owner_derived or (evidence and evidence.follows):
            reason = evidence or "the scenario says so under demand.owner_derived"
            refusals[name] = f"{name} follows from the owner ({reason}): a design by {name} would be circular"
        elif evidence:
            notes.append(evidence.note())
    if kept["amount"].isna().all():
        refusals["size"] = "the log has no amount (column amount is missing or empty)"
    return refusals, notes


def _leads(kept: pd.DataFrame, first_day: dt.date, refusals: Mapping[str, str]) -> pd.DataFrame:
    """What a run gets; a dimension that is refused is not in it, so that an owner cannot come in by the back door."""
    frame = pd.DataFrame({"deal_id": kept["deal_id"]})
    frame["account"] = kept["company"].where(kept["company"].notna(), "deal " + kept["deal_id"])
    frame["at_h"] = (kept["created"] - pd.Timestamp(first_day)).dt.total_seconds() / 3600
    frame["amount"] = kept["amount"]
    for name in ("product", "region", "segment", "source"):
        frame[name] = None if name in refusals else kept[name]
    frame = frame.astype(dict.fromkeys(("deal_id", "account", "product", "region", "segment", "source"), object))
    return frame.sort_values(["at_h", "deal_id"]).reset_index(drop=True)


def _unknown_headers(tables: Mapping[str, Table], rules: Rules) -> list[Note]:
    """Headers that the scenario maps and no table has: most likely mistyped."""
    known = {plain(header) for table in tables.values() for header in table.headers}
    unknown = tuple(theirs for theirs, _ in rules.columns if plain(theirs) not in known)
    return [Note("unknown_headers", {"columns": unknown})] if unknown else []


def _notes(deals: Deals, kept: pd.DataFrame) -> list[Note]:
    notes = cut_off(kept)
    if not deals.has_clock:
        notes.append(Note("day_only"))
    if not deals.tells_refusals:
        notes.append(Note("refusals_untold"))
    if deals.faults:
        shown = tuple(f"{fault.file}:{fault.line} {fault.column}" for fault in deals.faults[:FAULTS_SHOWN])
        notes.append(Note("row_faults", {"count": len(deals.faults), "places": shown}))
    return notes
