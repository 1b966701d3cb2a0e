"""Reads a company's own chart, position by position: from the scenario, or from a CSV or XLSX file of it.

Nothing is guessed silently: what a column or a role is called is looked up, what cannot be read is a fault with its row
and column, and all faults are told at once.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simlib.errors import DesignError, ExportError
from simlib.org.coverage import faults as coverage_faults
from simlib.org.coverage import sellers
from simlib.scenario.designs import Design
from simlib.scenario.paths import without
from simlib.scenario.positions import Seat, Wrong, faults
from simlib.scenario.problems import problems
from simlib.scenario.schema import Scenario
from simlib.world.cells import AXES, Cells, cells_of, export_of
from simlib.world.delimited import RowFault, Rows, meanings, plain, read_rows

MOST_POSITIONS = 20_000
"""Positions of a chart; a run with more would not come to its end."""
LARGEST_BYTES = 32 * 2**20
"""A workbook larger than this is no chart."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "员工姓名", "员工", "人员", "fullname", "employee", "employeename", "person"),
    "role": ("角色", "岗位", "职位", "职务", "position", "jobtitle", "title"),
    "reports_to": (
        *("汇报对象", "直接上级", "直属上级", "上级", "上级姓名", "汇报给", "主管"),
        *("manager", "managername", "boss", "supervisor", "linemanager"),
    ),
    "second_boss": ("第二上级", "虚线上级", "虚线汇报", "第二汇报对象", "dottedline", "dottedlinemanager"),
    "region": ("区域", "地区", "大区", "片区", "负责区域", "regions", "territory"),
    "product": ("产品", "产品线", "负责产品", "products", "productline"),
    "segment": ("客户类型", "客户细分", "客户级别", "segments", "customertype", "customersegment"),
    "stages": ("阶段", "销售阶段", "负责阶段", "stage", "stagesserved"),
    "pool": ("支持组", "支持池", "资源池", "supportpool"),
    "base_salary": ("年薪", "底薪", "固定年薪", "基本年薪", "salary", "annualsalary", "payperyear"),
    "authority": ("审批权限", "审批额度", "审批金额", "授权额度", "approvallimit", "approvalauthority"),
}
"""Our name of a column, and what charts call it (as `plain` writes it)."""
REQUIRED = {"name": "姓名", "role": "职位"}
"""Columns that every chart has."""
LISTS = ("region", "product", "segment", "stages")
"""Columns whose cells may hold several names."""
AMOUNTS = ("base_salary", "authority")

ROLE_WORDS: dict[str, tuple[str, ...]] = {
    "rep": (
        *("销售代表", "销售", "销售员", "业务员", "业务代表", "客户经理", "销售顾问", "客户代表", "高级销售代表"),
        *("salesrep", "salesrepresentative", "representative", "salesperson", "seller", "accountexecutive"),
        *("accountmanager", "seniorsalesrep"),
    ),
    "manager": (
        *("经理", "主管", "销售经理", "销售主管", "区域经理", "大区经理", "组长", "团队长"),
        *("salesmanager", "regionalmanager", "areamanager", "teamlead", "teamleader", "supervisor"),
    ),
    "director": ("总监", "销售总监", "区域总监", "salesdirector", "regionaldirector"),
    "executive": ("副总", "副总裁", "副总经理", "销售副总", "高管", "vp", "vicepresident", "vpsales", "salesvp"),
    "chief": ("总经理", "总裁", "首席", "首席执行官", "董事长", "ceo", "cso", "cro", "president", "managingdirector"),
    "support": (
        *("支持", "内勤", "销售支持", "销售内勤", "销售助理", "助理", "售前", "技术支持", "商务"),
        *("salessupport", "presales", "salesassistant", "insidesupport", "technicalsupport"),
    ),
}
"""Our name of a role, and what charts call it (as `plain` writes it)."""
_ROLE_OF = {plain(word): role for role, words in ROLE_WORDS.items() for word in (role, *words)}

_SEVERAL = re.compile(r"[;；/、+＋]")
_NUMBER = re.compile(r"([-−]?[0-9]+(?:\.[0-9]*)?)(万?)")
_SCOPE = ("role", "region", "product", "segment", "stages")
"""Columns that say who serves whom; while one of them is at fault, what nobody serves is not asked."""


@dataclass(frozen=True)
class Chart:
    """A company's own chart as it is written down."""

    seats: tuple[Seat, ...]
    places: tuple[str, ...]
    """Where each position stands, as a fault names it: `our_chart.xlsx:4`."""
    source: str
    """Where the chart stands: the file, or the path in the scenario."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """What the file calls a column."""
    notes: tuple[str, ...] = ()
    """What a reader of the chart must know: an unusual encoding, columns not used."""

    def told(self, wrong: Wrong) -> str:
        """A fault with its place."""
        place = self.source if wrong.seat is None else self.places[wrong.seat]
        column = self.headers.get(wrong.column, wrong.column)
        if not self.headers:
            return f"{'.'.join(part for part in (place, column) if part)}: {wrong.message}"
        return ": ".join(part for part in (f"{place}:{column}" if column else place, wrong.message) if part)


def chart_of(name: str, design: Design, scenario: Scenario) -> Chart:
    """The chart of a design that states one, checked against the market that it serves.

    Raises DesignError with every fault: file, row, column, the value met and the rule.
    """
    cells = cells_of(scenario)
    known = {
        "region": cells.regions,
        "product": cells.products,
        "segment": cells.segments,
        "stages": [stage.name for stage in scenario.stages],
    }
    if design.chart:
        chart, unread = _read(f"designs.{name}.chart", Path(design.chart), known)
    else:
        source = f"designs.{name}.positions"
        places = tuple(f"{source}.{number}" for number in range(len(design.positions)))
        chart, unread = Chart(design.positions, places, source), []
    wrong = [*faults(chart.seats, known), *_refused(chart.seats, scenario)]
    told = unread + [chart.told(each) for each in wrong]
    if not unread and not any(each.column in _SCOPE or each.seat is None for each in wrong):
        told += [chart.told(each) for each in _uncovered(chart, cells, known["stages"])]
    if told:
        raise DesignError("\n".join(told))
    return chart


def _refused(seats: Sequence[Seat], scenario: Scenario) -> Iterator[Wrong]:
    """Divisions of the customers that a replayed log cannot bear, told of the first rep whom each concerns."""
    export = export_of(scenario)
    refusals = export.refusals if export else {}
    for column in (name for name in AXES if name in refusals and name in LISTS):
        stated = (number for number, seat in enumerate(seats) if seat.role == "rep" and getattr(seat, column))
        for number in islice(stated, 1):
            names = ", ".join(getattr(seats[number], column))
            yield Wrong(number, column, f"got {names}, but {refusals[column]}; must be empty for every rep")


def _uncovered(chart: Chart, cells: Cells, stages: Sequence[str]) -> Iterator[Wrong]:
    return coverage_faults(sellers(chart.seats, cells, stages), chart.seats, cells, stages)


def _read(path: str, file: Path, known: Mapping[str, Sequence[str]]) -> tuple[Chart, list[str]]:
    """The chart in a file, and its rows and cells that cannot be read: those are left out, or stood in for.

    `path`: where the scenario names the file.
    """
    try:
        rows = _workbook(file) if file.suffix.lower() in (".xlsx", ".xlsm") else read_rows(file)
        meaning, unused = meanings(rows.header, COLUMNS, {}, file)
    except ExportError as error:
        raise DesignError(f"{path}: {error}") from None
    missing = [f"{name} ({word})" for name, word in REQUIRED.items() if name not in meaning.values()]
    if missing:
        met = ", ".join(repr(header[:40]) for header in rows.header[:12])
        raise DesignError(f"{file.name}:{rows.header_line}: got the columns {met}, must have {' and '.join(missing)}")
    if not 1 <= len(rows.rows) + len(rows.faults) <= MOST_POSITIONS:
        rule = f"must have a row for each position, at most {MOST_POSITIONS:,}"
        raise DesignError(f"{file.name}: got {len(rows.rows):,} rows below the header, {rule}")
    headers = {ours: rows.header[column] for column, ours in meaning.items()}
    seats, places, told = [], [], [str(fault) for fault in rows.faults]
    for line, row in zip(rows.lines, rows.rows, strict=True):
        place = f"{file.name}:{line}"
        texts = {ours: row[column].strip() for column, ours in meaning.items()}
        seat, wrong = _seat({ours: _value(ours, text, known) for ours, text in texts.items() if text})
        told += [f"{place}:{headers.get(column, column)}: {message}" for column, message in wrong]
        if seat is not None:
            seats.append(seat)
            places.append(place)
    notes = (
        *_unusual(file, rows),
        *([f"{file.name}: columns not used: {', '.join(filter(None, unused))}"] if any(unused) else []),
    )
    return Chart(tuple(seats), tuple(places), file.name, headers, notes), told


def _unusual(file: Path, rows: Rows) -> Iterator[str]:
    """How the file was read, where that is not what one would expect."""
    if (rows.encoding, rows.delimiter) != ("utf-8", ","):
        yield f"{file.name}: read as {rows.encoding}, columns parted by {rows.delimiter!r}"
    if len(rows.sheets) > 1:
        yield f"{file.name}: read the sheet {rows.sheets[0]!r}, not {', '.join(rows.sheets[1:])}"


def _seat(data: dict[str, Any]) -> tuple[Seat | None, list[tuple[str, str]]]:
    """A position, and the (column, message) of what is wrong with it and left out; none without a name."""
    try:
        return Seat.model_validate(data), []
    except ValidationError as error:
        found = problems(error, Seat, data)
    sound = {"role": "rep", **without(data, [loc[:1] for loc, _, _ in found])}
    told = [(str(loc[0]), message) for loc, message, _ in found]
    return (Seat.model_validate(sound) if "name" in sound else None), told


def _value(column: str, text: str, known: Mapping[str, Sequence[str]]) -> Any:
    """A cell's text as the schema wants it; what cannot be turned stays, for the schema to refuse."""
    if column == "role":
        return _ROLE_OF.get(plain(text), text)
    if column in LISTS:
        parts = [text] if text in known[column] else [part.strip() for part in _SEVERAL.split(text)]
        return tuple(dict.fromkeys(part for part in parts if part))
    if column in AMOUNTS:
        number = _NUMBER.fullmatch(re.sub(r"[\s,，_¥￥$€元]", "", text))
        return float(number[1].replace("−", "-")) * (10_000 if number[2] else 1) if number else text
    return text


def _workbook(file: Path) -> Rows:
    """Header and rows of a workbook's first sheet; ExportError if it cannot be read."""
    import openpyxl  # costs tenths of a second

    try:
        size = file.stat().st_size
        if size > LARGEST_BYTES:
            raise ExportError(f"{file}: got {size:,} bytes, must be at most {LARGEST_BYTES:,}")
        with warnings.catch_warnings(), file.open("rb") as stream:
            warnings.simplefilter("ignore")  # of what a workbook holds beside its cells
            workbook = openpyxl.load_workbook(stream, read_only=True, data_only=True)
            sheet = workbook.worksheets[0]
            sheet.reset_dimensions()  # some programs write none, or wrong ones
            table = []
            for line, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                texts = [_text(value) for value in row]
                if any(texts):
                    table.append((line, texts))
                if len(table) > MOST_POSITIONS + 1:
                    break
    except ExportError:
        raise
    except Exception as error:  # a broken workbook can break the reader in any way
        raise ExportError(f"{file}: cannot be read as a workbook ({error}); save it as XLSX or CSV") from None
    return _rows(file, table, [sheet.title for sheet in workbook.worksheets])


def _rows(file: Path, table: Sequence[tuple[int, list[str]]], sheets: Sequence[str]) -> Rows:
    if not table:
        raise ExportError(f"{file}: the sheet {sheets[0]!r} is empty, must have a header line with column names")
    (header_line, header), *body = table
    wide = len(header)
    rows, lines, wrong = [], [], []
    for line, texts in body:
        if any(texts[wide:]):
            wrong.append(RowFault(file.name, line, "row", f"got {len(texts)} cells, must be {wide} as in the header"))
            continue
        rows.append((texts + [""] * wide)[:wide])
        lines.append(line)
    return Rows(header, rows, lines, tuple(wrong), sheets=tuple(sheets), header_line=header_line)


def _text(value: Any) -> str:
    """A cell of a workbook as text; a whole number without its decimal point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
