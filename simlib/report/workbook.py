"""How are sheets written as an Excel file? Every text as text, every number in the format of its unit.

A text that begins like a formula (`=`, `+`, `-`, `@`) is marked as text, so that it is neither computed when the file
is opened nor when its cell is edited. What the format cannot hold is replaced by a sign that can be seen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from simlib.errors import SimlibError
from simlib.report.provenance import stamp
from simlib.report.sheets import Cell, Measure, Sheet, workbook_sheets
from simlib.report.width import columns
from simlib.report.words import Words

if TYPE_CHECKING:
    from openpyxl.cell import Cell as ExcelCell
    from openpyxl.worksheet.worksheet import Worksheet

    from simlib.report.subject import Subject

SUFFIX = ".xlsx"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings by which a spreadsheet takes a text that is typed or pasted for a formula."""
LONGEST = 16_000
"""Characters kept of a text: a cell of Excel holds 32,767, and counts those beyond U+FFFF twice."""
NARROWEST, WIDEST = 9, 60
"""Width of a column in letters; longer texts are broken into lines."""
REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0, of which the file is made, cannot hold."""
ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""Excel reads `_x0041_` as the character with that code."""
FORMATS = {
    "share": "0.0%",
    "probability": "0%",
    "ratio": "0.00",
    "years": "0.00",
    "count": "#,##0.0",
    "hours": "#,##0.0",
    "days": "#,##0.0",
}
"""Number format by unit; those of money follow the currency."""
A4 = 9
"""Its number among Excel's sizes of paper."""


def require_workbook(file: Path) -> None:
    """Raises SimlibError unless an Excel file can be written there; makes its folder if it is missing.

    To be asked before a long run: another program may hold the file open.
    """
    if file.suffix.lower() != SUFFIX:
        raise SimlibError(f"--xlsx: got {str(file)!r}, must be a file whose name ends in {SUFFIX}")
    new = not file.exists()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("ab"):
            pass
        if new:
            file.unlink()
    except OSError as error:
        raise _unwritable(file, error) from None


def write_workbook(subject: Subject, file: Path) -> Path:
    """Write all sheets of a subject into an Excel file, in the subject's language; returns its path.

    Raises SimlibError if the file cannot be written.
    """
    from openpyxl import Workbook

    results, w = subject.results, subject.words
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "simlib"
    book.properties.title = writable(results.scenario.title or results.scenario.name)
    for sheet in workbook_sheets(
        subject, stamp(results.scenario, seed=results.seed, replications=results.replications)
    ):
        _fill(book.create_sheet(w(f"sheet.{sheet.name}")), sheet, w)
    part = file.with_name(f".{file.name}.part")
    try:
        book.save(part)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise _unwritable(file, error) from None
    return file


def writable(text: str) -> str:
    """A text as a cell can hold it: line ends alike, U+FFFD for what XML refuses, at most `LONGEST` characters."""
    plain = REFUSED.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))
    return ESCAPE.sub("_x005F_", plain)[:LONGEST]


def number_format(measure: Measure, symbol: str) -> str:
    """Excel's format of a number: thousands apart, money with its sign, shares in per cent, differences with + or −."""
    if measure.unit.startswith("money"):
        mark = f'"{symbol} "' if symbol.isalpha() else f'"{symbol}"'
        plain, minus = f"{mark}#,##0", f"-{mark}#,##0"
    else:
        plain = FORMATS[measure.unit]
        minus = f"-{plain}"
    return f"+{plain};{minus};{plain}" if measure.kind == "difference" else f"{plain};{minus}"


def _fill(page: Worksheet, sheet: Sheet, w: Words) -> None:
    """Write a sheet: lines above, a header that stays in sight, the rows, a filter, and how it prints."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    symbol, headers = w.symbol, [w(f"field.{name}") for name in sheet.columns]
    for number, line in enumerate(sheet.above, 1):
        _put(page.cell(number, 1), line, symbol)
        page.cell(number, 1).font = Font(bold=number == 1)
        page.cell(number, 1).alignment = Alignment(wrap_text=False)
    head = len(sheet.above) + 1
    for column, header in enumerate(headers, 1):
        cell = page.cell(head, column)
        _put(cell, header, symbol)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E3E3E3")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for number, row in enumerate(sheet.rows, head + 1):
        for column, value in enumerate(row, 1):
            _put(page.cell(number, column), value, symbol)
    for column, header in enumerate(headers):
        width = _width(header, [_shown(row[column], symbol) for row in sheet.rows])
        page.column_dimensions[get_column_letter(column + 1)].width = width
    last = get_column_letter(len(headers))
    page.freeze_panes = f"A{head + 1}"
    page.auto_filter.ref = f"A{head}:{last}{head + len(sheet.rows)}"
    page.print_title_rows = f"{head}:{head}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _put(cell: ExcelCell, value: Cell, symbol: str) -> None:
    """Write a value: a text as text whatever it begins with, a number in its format, nothing where it is undefined."""
    from openpyxl.styles import Alignment

    if isinstance(value, Measure):
        if value.defined:
            cell.value = value.value
            cell.number_format = number_format(value, symbol)
    elif isinstance(value, str):
        cell.value = writable(value)
        cell.data_type = "s"
        # Without the mark a text such as =1+1 would become a formula as soon as somebody edits its cell.
        cell.quotePrefix = value.startswith(FORMULA)
        if columns(value) > WIDEST:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    elif value is not None:
        cell.value = value


def _width(header: str, texts: Sequence[str]) -> int:
    """Letters that a column needs: for its longest text, and for the longest word of the header beside the filter's
    button."""
    lines = [columns(line) for text in texts for line in text.splitlines()]
    words = [columns(word) + 3 for word in header.split()]
    return min(max(*lines, *words, NARROWEST), WIDEST) + 2


def _shown(value: Cell, symbol: str) -> str:
    """About what a reader sees in a cell."""
    if isinstance(value, Measure):
        if not value.defined:
            return ""
        size = f"{value.value:+,.1%}" if value.unit in ("share", "probability") else f"{value.value:+,.1f}"
        return size + symbol * value.unit.startswith("money")
    return "" if value is None else str(value)


def _unwritable(file: Path, error: OSError) -> SimlibError:
    reason = error.strerror or str(error)
    return SimlibError(
        f"--xlsx: got {str(file)!r}, which cannot be written ({reason}), must be a file that no other program has open"
    )
