"""Reads one table of a CRM export as text: what its columns mean, which rows are whole.

Nothing is guessed silently: what was detected is said in `Table.notes`, what cannot be read is a fault with its
line, and a file from which nothing can be read is an `ExportError`.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from simlib.errors import ExportError
from simlib.world.crm_notes import Note
from simlib.world.delimited import RowFault, meanings, plain, read_rows

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

    `columns` maps further headers to our names; what it says wins over `COLUMNS`.
    Raises ExportError for a file that is unreadable, binary, empty, of no known encoding, or has two columns of one
    meaning.
    """
    read = read_rows(path)
    meaning, unused = _meanings(read.header, columns, path)
    index = pd.Index(read.lines, name="line")
    frame = pd.DataFrame(read.rows, columns=range(len(read.header)), index=index, dtype=object)
    frame = frame[list(meaning)].rename(columns=meaning).apply(lambda column: column.str.strip())
    notes = []
    if (read.encoding, read.delimiter) != ("utf-8", ","):
        values = {"file": path.name, "encoding": read.encoding, "delimiter": repr(read.delimiter)}
        notes.append(Note("encoding", values))
    if unused:
        notes.append(Note("unused_columns", {"file": path.name, "columns": tuple(unused)}))
    return Table(
        path=path,
        headers=tuple(read.header),
        header_of={ours: read.header[position].strip() for position, ours in meaning.items()},
        text=frame,
        faults=read.faults,
        notes=tuple(notes),
    )


def _meanings(header: list[str], columns: Mapping[str, str], path: Path) -> tuple[dict[int, str], list[str]]:
    """Position -> our name of every column that has one, and the headers that have none."""
    for theirs, ours in columns.items():
        if ours not in COLUMNS:
            near = difflib.get_close_matches(ours, COLUMNS, n=1)
            hint = f" (did you mean '{near[0]}'?)" if near else f": one of {', '.join(COLUMNS)}"
            raise ExportError(f"demand.columns.{theirs}: got '{ours}', must be a column of the export format{hint}")
    stated = {plain(theirs): ours for theirs, ours in columns.items()}
    return meanings(header, COLUMNS, stated, path)
