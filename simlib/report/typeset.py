r"""What does a piece of HTML say, in Typst's language? Paragraphs, lists, tables, and every text as a string.

>>> content("<p>1 &lt; 2, <b>always</b></p>")
'#par[#"1 < 2, "#strong[#"always"]]\n'
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TypeAlias

Part: TypeAlias = "str | Element"

WRAPPED: Mapping[str, str] = {
    "strong": "#strong[{}]",
    "b": "#strong[{}]",
    "em": "#emph[{}]",
    "i": "#emph[{}]",
    "code": "#mono[{}]",
    "small": "#small[{}]",
    "sub": "#sub[{}]",
    "sup": "#super[{}]",
    "br": "#linebreak()",
    "p": "#par[{}]\n",
    "div": "#block[{}]\n",
    "pre": "#block(mono[{}])\n",
    "blockquote": "#pad(left: 1em)[{}]\n",
    "ul": "#list({})\n",
    "ol": "#enum({})\n",
    "li": "[{}],",
    **{f"h{level}": f"#heading(level: {level})[{{}}]\n" for level in range(1, 7)},
}
"""What an element becomes; of others only what is inside is set."""
UNSEEN = ("head", "script", "style", "template", "title")
"""Elements whose text nobody is shown."""
ALONE = ("br", "col", "hr", "img", "input", "link", "meta", "wbr")
"""Elements without an end."""
ENDED_BY: Mapping[str, tuple[str, ...]] = {
    "td": ("td", "th"),
    "th": ("td", "th"),
    "tr": ("td", "th", "tr"),
    "li": ("li",),
}
"""Elements that the beginning of another one may end without a word."""
ONLY_PARTS = ("table", "thead", "tbody", "tfoot", "tr", "ul", "ol")
"""Elements in which a text between the parts is only layout."""
LONG_WORD, PIECE = 28, 14
"""A word of more letters than this may be broken after each piece of so many."""


@dataclass
class Element:
    """An HTML element."""

    tag: str
    numeric: bool = False
    """Whether it is a cell that holds a number."""
    columns: int = 1
    """Of a cell: how many columns it spans."""
    rows: int = 1
    """Of a cell: how many rows it spans."""
    parts: list[Part] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator[Element]:
        """The elements with one of these tags in it, outside others of their kind."""
        for part in self.parts:
            if isinstance(part, Element) and part.tag in tags:
                yield part
            elif isinstance(part, Element):
                yield from part.all(*tags)


def content(html: str) -> str:
    """Typst's markup for a piece of HTML."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(map(_set, reader.root.parts))


def literal(text: str) -> str:
    """A text as a string of Typst's."""
    return '"' + re.sub(r'[\\"]', r"\\\g<0>", text) + '"'


class _Reader(HTMLParser):
    """Builds the tree of elements; an end that fits no beginning is passed over."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        while self.open[-1].tag in ENDED_BY.get(tag, ()):
            self.open.pop()
        given = dict(attrs)
        element = Element(tag, ("class", "number") in attrs, _span(given.get("colspan")), _span(given.get("rowspan")))
        self.open[-1].parts.append(element)
        if tag not in ALONE:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in [element.tag for element in self.open]:
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        if data.strip() or self.open[-1].tag not in ONLY_PARTS:
            self.open[-1].parts.append(data)


def _span(stated: str | None) -> int:
    return max(1, int(stated)) if stated and stated.isdecimal() else 1


def _set(part: Part, preserved: bool = False) -> str:
    if isinstance(part, str):
        return _text(part, preserved)
    if part.tag in UNSEEN:
        return ""
    if part.tag == "table":
        return _table(part)
    parts = map(_item, part.parts) if part.tag in ("ul", "ol") else part.parts
    inside = "".join(_set(each, preserved or part.tag == "pre") for each in parts)
    return WRAPPED.get(part.tag, "{}").replace("{}", inside)


def _item(part: Part) -> Part:
    """What stands in a list: an item, or made one."""
    return part if isinstance(part, Element) and part.tag in ("li", *UNSEEN) else Element("li", parts=[part])


def _text(text: str, preserved: bool) -> str:
    if not preserved:
        text = re.sub(r"\s+", " ", text)
    if not text.strip() and not preserved:
        return "#[ ]" if text else ""
    lines = [re.sub(rf"\S{{{LONG_WORD},}}", _with_breaks, line) for line in text.split("\n")]
    return "#linebreak()".join(f"#{literal(line)}" for line in lines)


def _with_breaks(word: re.Match[str]) -> str:
    return "\N{ZERO WIDTH SPACE}".join(word[0][at : at + PIECE] for at in range(0, len(word[0]), PIECE))


def _table(table: Element) -> str:
    """A table whose first rows, if they are headers, stand at the top of every page."""
    rows = [list(row.all("td", "th")) for row in table.all("tr")]
    heads = sum(1 for row in table.all("thead") for _ in row.all("tr"))
    taken = _taken(rows, heads)
    width = max(taken, default=0)
    if not width:
        return ""
    cells = [[*map(_cell, row), *["[]"] * (width - filled)] for row, filled in zip(rows, taken, strict=True)]
    header = f"table.header({', '.join(cell for row in cells[:heads] for cell in row)}), " if heads else ""
    return f"#table(columns: {width}, {header}{', '.join(cell for row in cells[heads:] for cell in row)})\n"


def _taken(rows: list[list[Element]], heads: int) -> list[int]:
    """How many columns each row fills, with what spans from above; a span ends with the head or the body it is in."""
    taken = [0] * len(rows)
    for at, row in enumerate(rows):
        end = heads if at < heads else len(rows)
        for cell in row:
            cell.rows = min(cell.rows, end - at)
            for below in range(at, at + cell.rows):
                taken[below] += cell.columns
    return taken


def _cell(cell: Element) -> str:
    inside = "".join(map(_set, cell.parts))
    shown = f"number[{inside}]" if cell.numeric else f"[{inside}]"
    if cell.columns == cell.rows == 1:
        return shown
    return f"table.cell(colspan: {cell.columns}, rowspan: {cell.rows}, {shown})"
