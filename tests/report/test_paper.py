"""Reports on paper: HTML in Typst's language, every text a string, and pages of A4 with their footer."""

import re
import zlib

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from simlib.report.page import Heading
from simlib.report.paper import draw, to_pdf
from simlib.report.theme import MIME
from simlib.report.typeset import content, literal
from tests.report.conftest import HOSTILE

CHART = {"title": HOSTILE, "data": {"values": [{"a": 1}]}, "mark": "bar", "encoding": {"x": {"field": "a"}}}
MARKUP = '#panic("run") $x$ [ ] \\ " @a <b> #{1}'
RIGHT_TO_LEFT = "\u202e\u0645\u0631\u062d\u0628\u0627"


def notebook(*shown: dict[str, object]) -> nbformat.NotebookNode:
    """An executed notebook that shows these."""
    return new_notebook(cells=[new_code_cell("", outputs=[new_output("display_data", data) for data in shown])])


def printed(*shown: dict[str, object], footer: str = "made by simlib") -> bytes:
    """The PDF of what a notebook shows."""
    made = notebook(*shown)
    return to_pdf(made, draw(made), heading=Heading("A title", "zh-CN", footer))


def pages(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of each page in points."""
    text = b"".join(zlib.decompress(part) for part in re.findall(rb"stream\r?\n(x.+?)\r?\nendstream", pdf, re.DOTALL))
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf + text)
    return [(float(width), float(height)) for width, height in boxes]


@pytest.mark.parametrize(
    ("html", "typst"),
    [
        ("<h2>a &amp; b</h2>", '#heading(level: 2)[#"a & b"]\n'),
        ("<ul><li>one<li>two <b>x</b></ul>", '#list([#"one"],[#"two "#strong[#"x"]],)\n'),
        ("x<br>y", '#"x"#linebreak()#"y"'),
        ("<script>alert(1)</script>y</p>", '#"y"'),
        ("<table><thead><tr><th>a</thead><tbody></table>", '#table(columns: 1, table.header([#"a"]), )\n'),
        ("<table><tr><td class=number>1<td>2<tr><td>3</table>",
         '#table(columns: 2, number[#"1"], [#"2"], [#"3"], [])\n'),
        ("<table></table>", ""),
        ("<ul>x <b>y</b><li>z</ul>", '#list([#"x "],[#strong[#"y"]],[#"z"],)\n'),
        ("<table><tr><th rowspan=2>a<th colspan=2>b<tr><td>1<td>2<tr><td>3</table>",
         '#table(columns: 3, table.cell(colspan: 1, rowspan: 2, [#"a"]), table.cell(colspan: 2, rowspan: 1, [#"b"]), '
         '[#"1"], [#"2"], [#"3"], [], [])\n'),
    ],
)  # fmt: skip
def test_html_is_said_in_typst(html: str, typst: str) -> None:
    """Elements as functions, texts as strings; what is left open is closed, what is unknown lets its inside through."""
    assert content(html) == typst


def test_a_text_is_never_an_order() -> None:
    """Quotes and backslashes end no string; the sign of code, of mathematics and of a label stay signs."""
    assert literal('a"b\\c') == '"a\\"b\\\\c"'
    shown = [
        {"text/markdown": MARKUP},
        {"text/html": f"<p>{MARKUP}</p>"},
        {"text/plain": MARKUP},
        {MIME: {**CHART, "title": MARKUP}},
    ]
    assert len(pages(printed(*shown, footer=MARKUP))) == 1


def test_spans_and_stray_parts_of_lists_are_printed() -> None:
    """Spans in the head and beyond its end, a list with no item in it: a page, no fault of syntax."""
    head = "<thead><tr><th rowspan=9>a<th colspan=2>b<tr><th>c<th>d</thead>"
    html = f"<ul>x<b>y</b></ul><ol><p>z</p></ol><table>{head}<tbody><tr><td>1<td class=number colspan=2>2</table>"
    assert len(pages(printed({"text/html": html}))) == 1


def test_long_words_and_other_scripts_find_room() -> None:
    """300 letters without a space are broken, not printed beyond the page; letters from the right do no harm."""
    broken = content("W" * 300)
    assert max(map(len, re.split('[\u200b"]', broken))) <= 14
    assert len(pages(printed({"text/markdown": f"{RIGHT_TO_LEFT} {HOSTILE} {'W' * 300}"}))) == 1


def test_every_page_is_a4() -> None:
    """Long tables and many charts go on on further pages of the same size."""
    rows = "".join(f"<tr><td>{number}</td></tr>" for number in range(200))
    tall = {**CHART, "height": 3000, "width": 2000}
    sizes = pages(printed({"text/html": f"<table>{rows}</table>"}, {MIME: tall}, {MIME: CHART}))
    assert len(sizes) >= 4
    assert {(round(width), round(height)) for width, height in sizes} == {(595, 842)}
