"""Reads delimited text as an office program wrote it: encoding, rows with their lines, and what its headers mean."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from simlib.errors import ExportError

LARGEST_BYTES = 512 * 2**20
"""A table larger than this (unpacked) is refused rather than read into memory."""


def plain(header: str) -> str:
    """A header reduced to what identifies it: lower case, without spaces, punctuation and custom-field suffix."""
    name = re.sub(r"__c$", "", header.strip().lower())
    return re.sub(r"[^0-9a-z\u4e00-\u9fff]", "", name)


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


@dataclass(frozen=True)
class Rows:
    """A file's header and rows as text."""

    header: list[str]
    """As written in the file."""
    rows: list[list[str]]
    """Each as long as the header."""
    lines: list[int]
    """1-based line on which each row begins."""
    faults: tuple[RowFault, ...]
    """Rows that could not be split into columns; they are not in `rows`."""
    encoding: str = "utf-8"
    delimiter: str = ","
    sheets: tuple[str, ...] = ()
    """Sheets of a workbook; the first was read."""
    header_line: int = 1
    """1-based line of the header."""


def read_rows(path: Path) -> Rows:
    """Reads a CSV file (or .gz), its encoding and delimiter detected.

    Raises ExportError for a file that is unreadable, binary, empty or of no known encoding.
    """
    text, encoding = _decode(_read_bytes(path), path)
    header_line = next((line for line in text.splitlines() if line.strip()), "")
    if not header_line:
        raise ExportError(f"{path}: is empty, must have a header line with column names")
    delimiter = max(",;\t", key=header_line.count)
    header, rows, lines, faults = _split(text, delimiter, path)
    return Rows(header, rows, lines, tuple(faults), encoding, delimiter)


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


def meanings(
    header: Sequence[str], known: Mapping[str, Sequence[str]], stated: Mapping[str, str], path: Path
) -> tuple[dict[int, str], list[str]]:
    """Position -> our name of every column that has one, and the headers that have none.

    `known`: our names, each with what else it is called (as `plain` writes it); where several columns mean the same,
    the one named first counts. `stated`: further plain headers with our names; what it says wins.
    Raises ExportError if two columns have an equal claim to one meaning.
    """
    names = {plain(word): name for name, words in known.items() for word in (name, *words)}
    claims: dict[str, list[tuple[int, int]]] = {}
    for position, title in enumerate(header):
        word = plain(title)
        meaning = stated.get(word) or names.get(word)
        if meaning:
            rank = -1 if word in stated else (plain(meaning), *known[meaning]).index(word)
            claims.setdefault(meaning, []).append((rank, position))
    chosen: dict[int, str] = {}
    for meaning, ranked in claims.items():
        best = [position for rank, position in ranked if rank == min(ranked)[0]]
        if len(best) > 1:
            both = " and ".join(f"'{header[p][:40]}'" for p in best)
            raise ExportError(f"{path}:1: got {both}, both mean {meaning}: rename the one that does not")
        chosen[best[0]] = meaning
    return chosen, [name for position, name in enumerate(header) if position not in chosen]
