"""A table of words and numbers, for a page and for a terminal."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from simlib.report.width import columns, wrapped

MOST_NUMBERS = 8
"""Columns of numbers in a table; more go into a further one below, and so do those that the page has no room for."""
PAGE, WORDS, WIDEST, PADDING = 668, 86, 320, 12
"""Pixels: of the page, of a column of words at least, of any column at most (as the style sheet says), of what stands
round a text."""
DIGIT, SMALL_DIGIT, BOLD_DIGIT = 6.6, 5.5, 7.2
"""Pixels of a Latin letter or digit: in a cell, in its further lines, in a header."""


@dataclass(frozen=True)
class Table:
    """Rows of text under headers; a cell may have a second line, parted by a newline."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words_first: int = 1
    """Columns from the left that hold words; the others hold numbers and stand to the right."""
    notes: tuple[str, ...] = ()
    """What must be known to read it, a line each below."""

    def _repr_html_(self) -> str:
        """HTML in which everything is text; nothing if there are no rows."""
        if not self.rows:
            return ""
        parts = [self._html([*range(self.words_first), *numbers]) for numbers in self._fitting()]
        return "".join([*parts, *(f"<p><small>{html.escape(note)}</small></p>" for note in self.notes)])

    def _fitting(self) -> list[list[int]]:
        """Columns of numbers, in as many tables as the page takes."""
        room = PAGE - sum(map(self._width, range(self.words_first)))
        parts: list[list[int]] = [[]]
        taken = 0.0
        for column in range(self.words_first, len(self.headers)):
            width = self._width(column)
            if parts[-1] and (taken + width > room or len(parts[-1]) == MOST_NUMBERS):
                parts.append([])
                taken = 0.0
            parts[-1].append(column)
            taken += width
        return parts

    def _width(self, column: int) -> float:
        """Pixels that a column needs: of numbers its longest cell, of words its longest word, of both its header."""
        words = column < self.words_first
        cells = [row[column].split("\n") for row in self.rows]
        texts = [(line, SMALL_DIGIT if number else DIGIT) for cell in cells for number, line in enumerate(cell)]
        if words:
            texts = [(word, digit) for line, digit in texts for word in wrapped(line, 1)]
        texts += [(line, BOLD_DIGIT) for line in wrapped(self.headers[column], 8)]
        widest = max(columns(text) * digit for text, digit in texts)
        return min(max(widest + PADDING, WORDS if words else 0), WIDEST)

    def __str__(self) -> str:
        """Columns for a terminal; a Chinese character takes two places."""
        table = [[cell.replace("\n", "  ") for cell in row] for row in (self.headers, *self.rows)]
        widths = [max(columns(row[i]) for row in table) for i in range(len(self.headers))]
        lines = ["  ".join(self._padded(cell, widths[i], i) for i, cell in enumerate(row)).rstrip() for row in table]
        return "\n".join([lines[0], "-" * min(120, columns(lines[0])), *lines[1:], *self.notes])

    def _padded(self, cell: str, width: int, column: int) -> str:
        room = " " * (width - columns(cell))
        return cell + room if column < self.words_first else room + cell

    def _html(self, shown: Sequence[int]) -> str:
        body = "".join(f"<tr>{self._cells('td', row, shown)}</tr>" for row in self.rows)
        head = self._cells("th", self.headers, shown)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def _cells(self, tag: str, row: Sequence[str], shown: Sequence[int]) -> str:
        cells = []
        for column in shown:
            first, *others = (html.escape(line) for line in row[column].split("\n"))
            small = "".join(f"<br><small>{line}</small>" for line in others)
            cells.append(f"<{tag}{'' if column < self.words_first else ' class=number'}>{first}{small}</{tag}>")
        return "".join(cells)
