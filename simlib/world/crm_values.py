"""Turns text of a CRM export into dates, amounts and truths.

What cannot be read is a fault with its line. A column that mostly holds something else was mapped wrongly: that is an
error, for a replay without it would answer another question.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from simlib.errors import ExportError
from simlib.scenario.wording import shown
from simlib.world.crm_table import Table
from simlib.world.delimited import RowFault

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""A date outside these years is a fault: CRM systems write 1899 or 9999 for 'none'."""
LARGEST_AMOUNT = 1e12
FEW_ROWS = 3
"""So many values of another kind are faults of their rows, whatever share of the column they are."""
BAD_VALUES_SHOWN = 3
FILLERS = {"null", "none", "nan", "nat", "n/a", "na", "#n/a", r"\n", "-", "--", "无", "空"}
"""What systems write for 'no value': at fault in its row, but no sign of a wrong column."""
YES = {"true", "1", "1.0", "yes", "y", "t", "是", "已关闭", "赢单", "won"}
NO = {"false", "0", "0.0", "no", "n", "f", "否", "未关闭", "输单", "lost"}

YEAR_FIRST = r"^(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
DAY_FIRST = r"^(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})"
MONTH_FIRST = r"^(?P<month>\d{1,2})[-/.](?P<day>\d{1,2})[-/.](?P<year>\d{4})"
TIME = (
    r"(?:[T ]+(?P<hour>\d{1,2})[:时](?P<minute>\d{2})分?(?::?(?P<second>\d{2}(?:\.\d+)?)秒?)?"
    r"\s*(?P<half>[AaPp][Mm])?)?"
)
DATE_LIKE = r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}"
ZONE = r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?$"


@dataclass(frozen=True, eq=False)
class Parsed:
    """A column of values, missing where the text was empty or at fault."""

    values: pd.Series
    faults: tuple[RowFault, ...]


def parse_dates(table: Table, name: str) -> Parsed:
    """The column as local times: ISO, `2026/1/5 9:00`, `2026年1月5日`, day or month first, HubSpot's milliseconds.

    A zone is dropped: the clock time is kept as written. Raises ExportError if day and month cannot be told apart.
    """
    text = table.column(name)
    filled = text[text != ""]
    if filled.empty:
        return Parsed(pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]"), ())
    values = _times(filled, table, name).reindex(text.index)
    rule = f"must be a date from {FIRST_YEAR} to {LAST_YEAR}, as 2026-01-05 09:30"
    _require_kind(filled[values[filled.index].isna() & ~filled.str.match(DATE_LIKE)], table, name, rule)
    return Parsed(values, _faults(filled, values, table, name, rule))


def _times(filled: pd.Series, table: Table, name: str) -> pd.Series:
    by_year = _by_pattern(filled, YEAR_FIRST)
    if by_year.notna().any():
        return by_year
    stamps = filled.where(filled.str.fullmatch(r"\d{12,13}")).astype(float)
    if stamps.notna().any():
        return pd.to_datetime(stamps, unit="ms").astype("datetime64[us]")
    day, month = _by_pattern(filled, DAY_FIRST), _by_pattern(filled, MONTH_FIRST)
    if day.notna().sum() == month.notna().sum() and not day.equals(month):
        value = filled[day != month].iloc[0]
        raise ExportError(
            f"{table.path}: {name}: got '{value}', day and month cannot be told apart: write dates as 2026-01-05"
        )
    return day if day.notna().sum() >= month.notna().sum() else month


def _by_pattern(filled: pd.Series, date: str) -> pd.Series:
    parts = filled.str.extract(date + TIME + ZONE)
    half = parts["half"].str.lower()
    numbers = parts[["year", "month", "day", "hour", "minute", "second"]].astype(float)
    clock = numbers[["hour", "minute", "second"]].fillna(0.0)
    hour = clock["hour"].where(half.isna(), clock["hour"] % 12 + 12.0 * (half == "pm"))
    clock_runs = (hour < 24) & (clock["minute"] < 60) & (clock["second"] < 60)
    valid = numbers["year"].between(FIRST_YEAR, LAST_YEAR) & clock_runs
    days = pd.to_datetime(numbers.loc[valid, ["year", "month", "day"]].astype(int), errors="coerce")
    seconds = (hour * 3600 + clock["minute"] * 60 + clock["second"])[valid]
    return (days + pd.to_timedelta(seconds, unit="s")).reindex(filled.index).astype("datetime64[us]")


def parse_amounts(table: Table, name: str) -> Parsed:
    """The column as numbers ≥ 0: `1234.5`, `1,234.50`, `1.234,50`, with or without a currency sign."""
    text = table.column(name)
    filled = text[text != ""]
    if filled.empty:
        return Parsed(pd.Series(float("nan"), index=text.index), ())
    bare = filled.str.replace(r"[\s'¥€$£￥]", "", regex=True)
    grouped = bare.str.fullmatch(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
    comma = bare.str.fullmatch(r"-?(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2}")
    swapped = bare.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    number = bare.mask(grouped, bare.str.replace(",", "", regex=False)).mask(comma, swapped)
    amounts = number.where(number.str.fullmatch(r"-?[0-9]{1,15}(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,2})?")).astype(float)
    values = amounts.where(amounts.between(0, LARGEST_AMOUNT)).reindex(text.index)
    rule = f"must be a number from 0 to {LARGEST_AMOUNT:.0e}"
    _require_kind(filled[amounts.isna()], table, name, rule)
    return Parsed(values, _faults(filled, values, table, name, rule))


def parse_truths(table: Table, name: str) -> Parsed:
    """The column as true, false or missing (dtype `boolean`)."""
    text = table.column(name)
    filled = text[text != ""]
    words = filled.str.lower()
    known = words[words.isin(YES | NO)]
    values = known.isin(YES).astype("boolean").reindex(text.index)
    _require_kind(filled[~words.isin(YES | NO)], table, name, "must be true or false (stages belong under deal_stage)")
    return Parsed(values, _faults(filled, values, table, name, "must be true or false"))


def _require_kind(alien: pd.Series, table: Table, name: str, rule: str) -> None:
    """Raises ExportError if most of a column, `alien`, is not of its kind at all."""
    alien = alien[~alien.str.lower().isin(FILLERS)]
    filled = int((table.column(name) != "").sum())
    if len(alien) <= max(FEW_ROWS, filled / 2):
        return
    met = ", ".join(shown(value[:40]) for value in alien.drop_duplicates().head(BAD_VALUES_SHOWN))
    raise ExportError(
        f"{table.path}:{alien.index[0]}: column '{table.header_of[name]}', read as {name}: got {met} "
        f"and so on in {len(alien):,} of {filled:,} filled rows, {rule}: "
        f"say under demand.columns which header means {name} or what this one means, or take it out of the export"
    )


def _faults(filled: pd.Series, values: pd.Series, table: Table, name: str, rule: str) -> tuple[RowFault, ...]:
    bad = filled[values.reindex(filled.index).isna()]
    file = table.path.name
    return tuple(
        RowFault(file, line, name, f"got {value[:40]!r}, {rule}")
        for line, value in zip(bad.index.tolist(), bad, strict=True)
    )


class Columns:
    """Typed columns of one table; gathers the faults met on the way. Each raises ExportError as its parser does."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.faults = list(table.faults)

    def fault(self, rows: pd.Series, column: str, message: str) -> None:
        """A fault on every row where `rows` is true; `{}` in the message is the text met."""
        rows = rows.fillna(False)
        if not rows.any():
            return
        text = self.table.column(column)[rows]
        name = self.table.path.name
        met = zip(text.index.tolist(), text, strict=True)
        self.faults += [RowFault(name, line, column, message.format(value[:40])) for line, value in met]

    def dates(self, column: str) -> pd.Series:
        return self._with_faults(parse_dates(self.table, column))

    def numbers(self, column: str) -> pd.Series:
        return self._with_faults(parse_amounts(self.table, column))

    def truths(self, column: str) -> pd.Series:
        return self._with_faults(parse_truths(self.table, column))

    def words(self, column: str) -> pd.Series:
        text = self.table.column(column)
        return text.mask(text == "", None)

    def _with_faults(self, parsed: Parsed) -> pd.Series:
        self.faults += parsed.faults
        return parsed.values
