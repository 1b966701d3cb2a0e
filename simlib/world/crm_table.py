"""Reads one table of a CRM export as text: its encoding and delimiter, what its columns mean, which rows are whole.

Nothing is guessed silently: what was detected is said in `Table.notes`, what cannot be read is a fault with its
line, and a file from which nothing can be read is an `ExportError`.
"""

from __future__ import annotations

import csv
import difflib
import gzip
import io
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from simlib.errors import ExportError
from simlib.world.crm_notes import Note

LARGEST_BYTES = 512 * 2**20
"""A table larger than this (unpacked) is refused rather than read into memory."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "deal_id": (
        "id",
        "opportunityid",
        "hsobjectid",
        "recordid",
        "dealnumber",
        "商机编号",
        "商机id",
        "机会编号",
        "线索编号",
        "编号",
    ),
    "create_date": ("createdate", "createddate", "createdat", "createdon", "创建时间", "创建日期", "录入时间"),
    "close_date": ("closedate", "closeddate", "actualclosedate", "关闭时间", "关闭日期", "成交日期", "结单日期"),
    "expected_close_date": ("expectedclosedate", "estimatedclosedate", "预计成交日期", "预计签单日期", "预计结单日期"),
    "deal_stage": ("dealstage", "stage", "stagename", "销售阶段", "商机阶段", "阶段"),
    "is_closed": ("isclosed", "hsisclosed", "dealisclosed", "isdealclosed", "closed", "是否关闭", "是否结束"),
    "is_won": ("iswon", "hsisclosedwon", "isclosedwon", "dealiswon", "won", "是否赢单", "是否成交"),
    "amount": ("dealamount", "dealvalue", "hsdealamount", "金额", "商机金额", "销售金额", "预计金额"),
    "currency": ("currencyisocode", "dealcurrencycode", "currencycode", "币种", "货币"),
    "owner_id": ("ownerid", "hubspotownerid", "dealowner", "owner", "opportunityowner", "负责人", "所有人", "销售人员"),
    "qualifier_id": ("qualifierid", "sdrid", "资格审核人"),
    "company_id": (
        "companyid",
        "accountid",
        "account",
        "accountname",
        "associatedcompanyid",
        "associatedcompany",
        "company",
        "companyname",
        "客户编号",
        "客户",
        "客户名称",
    ),
    "product_id": ("productid", "product", "product2id", "产品编号", "产品", "产品名称"),
    "region": ("territory", "地区", "区域", "大区"),
    "segment": ("customersegment", "customertype", "客户类型", "客户细分", "客户级别"),
    "source": ("leadsource", "hsanalyticssource", "originalsource", "来源", "线索来源", "商机来源"),
    "campaign_id": ("campaignid", "hscampaign", "市场活动"),
    "first_contact_date": (
        "firstcontactdate",
        "hssafirstengagementdate",
        "firstengagementdate",
        "首次联系时间",
        "首次跟进时间",
    ),
    "lost_reason": ("lostreason", "closedlostreason", "lossreason", "输单原因", "丢单原因"),
    "days_to_close": ("daystoclose", "hsdaystoclose", "成交天数"),
    "stage_changes": ("stagechanges",),
    "manager_id": ("managerid", "上级", "主管"),
    "team": ("hubspotteamid", "团队"),
    "role": ("userrole", "角色"),
    "type": ("activitytype", "engagementtype", "活动类型"),
    "start_at": ("startat", "startdatetime", "starttime", "开始时间"),
    "end_at": ("endat", "enddatetime", "endtime", "结束时间"),
}
"""Our name of a column, and what HubSpot, Salesforce and Chinese systems call it (as `plain` writes it); where several
columns of a file mean the same, the one named first here counts."""


def plain(header: str) -> str:
    """A header reduced to what identifies it: lower case, without spaces, punctuation and custom-field suffix."""
    name = re.sub(r"__c$", "", header.strip().lower())
    return re.sub(r"[^0-9a-z\u4e00-\u9fff]", "", name)


COLUMN_NAMES: dict[str, str] = {plain(word): name for name, words in COLUMNS.items() for word in (name, *words)}
"""Plain header -> our name; `replay.columns` of a scenario adds to it."""


@dataclass(frozen=True)
class RowFault:
    """One thing wrong with one row."""

    file: str
    line: int
    """1-based line of the file on which the row begins (the header is line 1)."""
    column: str
    message: str
    """The value met and the rule."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.column}: {self.message}"


@dataclass(frozen=True, eq=False)
class Table:
    """One table as text. `text` has one column per meaning; its index is the line on which the row begins."""

    path: Path
    headers: tuple[str, ...]
    """As written in the file."""
    header_of: Mapping[str, str]
    """Our name of a column -> the header, as written in the file."""
    text: pd.DataFrame
    faults: tuple[RowFault, ...]
    """Rows that could not be split into columns; they are not in `text`."""
    notes: tuple[Note, ...]

    def column(self, name: str) -> pd.Series:
        """The column's text, stripped; empty text where the file has no such column."""
        if name in self.text.columns:
            return self.text[name]
        return pd.Series("", index=self.text.index, dtype=object)

    def has(self, name: str) -> bool:
        """Whether the file has the column and at least one row fills it."""
        return name in self.text.columns and bool((self.text[name] != "").any())


def find_table(folder: Path, name: str) -> Path | None:
    """The file `name.csv` or `name.csv.gz` in the folder, None if there is neither.

    Raises ExportError if both are there: which one counts is not ours to guess.
    """
    found = [path for path in (folder / f"{name}.csv", folder / f"{name}.csv.gz") if path.is_file()]
    if len(found) > 1:
        raise ExportError(f"{folder}: got both {name}.csv and {name}.csv.gz, must be one of them: remove the other")
    return found[0] if found else None


def read_table(path: Path, *, columns: Mapping[str, str]) -> Table:
    """Reads a CSV file (or .gz) into text.

    `columns` maps further headers to our names; what it says wins over `COLUMN_NAMES`.
    Raises ExportError for a file that is unreadable, binary, empty, of no known encoding, or has two columns of one
    meaning.
    """
    raw = _read_bytes(path)
    text, encoding = _decode(raw, path)
    header_line = next((line for line in text.splitlines() if line.strip()), "")
    if not header_line:
        raise ExportError(f"{path}: is empty, must have a header line with column names")
    delimiter = max(",;\t", key=header_line.count)
    header, rows, lines, faults = _split(text, delimiter, path)
    meaning, unused = _meanings(header, columns, path)
    frame = pd.DataFrame(rows, columns=range(len(header)), index=pd.Index(lines, name="line"), dtype=object)
    frame = frame[list(meaning)].rename(columns=meaning).apply(lambda column: column.str.strip())
    notes = []
    if (encoding, delimiter) != ("utf-8", ","):
        notes.append(Note("encoding", {"file": path.name, "encoding": encoding, "delimiter": repr(delimiter)}))
    if unused:
        notes.append(Note("unused_columns", {"file": path.name, "columns": tuple(unused)}))
    return Table(
        path=path,
        headers=tuple(header),
        header_of={ours: header[position].strip() for position, ours in meaning.items()},
        text=frame,
        faults=tuple(faults),
        notes=tuple(notes),
    )


def _read_bytes(path: Path) -> bytes:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            raw = file.read(LARGEST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ExportError(f"{path}: cannot be read ({error})") from None
    if len(raw) > LARGEST_BYTES:
        raise ExportError(f"{path}: must be smaller than {LARGEST_BYTES // 2**20} MB: export a shorter period")
    return raw


def _decode(raw: bytes, path: Path) -> tuple[str, str]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates: tuple[str, ...] = ("utf-16",)
    elif b"\0" in raw:
        raise ExportError(f"{path}: is binary, must be a CSV file (save it as 'CSV UTF-8')")
    else:
        candidates = ("utf-8-sig", "gb18030")
    for encoding in candidates:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text, encoding.removesuffix("-sig")
    raise ExportError(f"{path}: is text of no known encoding, must be UTF-8 or GB18030 (save it as 'CSV UTF-8')")


def _split(text: str, delimiter: str, path: Path) -> tuple[list[str], list[list[str]], list[int], list[RowFault]]:
    """Header, rows, the line each row begins on, and faults of rows with too few or too many fields."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    lines: list[int] = []
    faults: list[RowFault] = []
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return header, rows, lines, faults
        except csv.Error as error:
            if not header:
                raise ExportError(f"{path}:{line}: the header has broken quotes ({error})") from None
            if "unexpected end" in str(error) or "field limit" in str(error):
                raise ExportError(
                    f"{path}:{line}: a quote opened here is never closed: close it, or double it"
                ) from None
            message = f"got broken quotes ({error}), a quote inside a field must be doubled"
            faults.append(RowFault(path.name, line, "row", message))
            continue
        if not any(field.strip() for field in row):
            continue
        if not header:
            header = row
        elif len(row) != len(header):
            message = f"got {len(row)} fields, must be {len(header)} as in the header"
            faults.append(RowFault(path.name, line, "row", message))
        else:
            rows.append(row)
            lines.append(line)


def _meanings(header: list[str], columns: Mapping[str, str], path: Path) -> tuple[dict[int, str], list[str]]:
    """Position -> our name of every column that has one, and the headers that have none."""
    for theirs, ours in columns.items():
        if ours not in COLUMNS:
            near = difflib.get_close_matches(ours, COLUMNS, n=1)
            hint = f" (did you mean '{near[0]}'?)" if near else f": one of {', '.join(COLUMNS)}"
            raise ExportError(f"demand.columns.{theirs}: got '{ours}', must be a column of the export format{hint}")
    stated = {plain(theirs): ours for theirs, ours in columns.items()}
    claims: dict[str, list[tuple[int, int]]] = {}
    for position, name in enumerate(header):
        word = plain(name)
        meaning = stated.get(word) or COLUMN_NAMES.get(word)
        if meaning:
            rank = -1 if word in stated else (plain(meaning), *COLUMNS[meaning]).index(word)
            claims.setdefault(meaning, []).append((rank, position))
    chosen: dict[int, str] = {}
    for meaning, ranked in claims.items():
        best = [position for rank, position in ranked if rank == min(ranked)[0]]
        if len(best) > 1:
            names = " and ".join(f"'{header[p][:40]}'" for p in best)
            raise ExportError(f"{path}:1: got {names}, both mean {meaning}: rename the one that does not")
        chosen[best[0]] = meaning
    return chosen, [name for position, name in enumerate(header) if position not in chosen]
