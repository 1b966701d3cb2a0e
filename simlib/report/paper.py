"""How does a report come onto paper? The same outputs as its page, set by Typst as an A4 PDF; no browser is needed.

Every text reaches Typst as a string, so nothing that a user named can be an order; charts are drawn as SVG.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any

import nbformat

from simlib.report.page import VEGA_LITE, Heading, outputs, prose
from simlib.report.theme import FONT, MIME
from simlib.report.typeset import content, literal

STYLE = files("simlib.report").joinpath("paper.typ")
"""How everything on a page looks."""
FONTS = (*(name for name in FONT.split(", ") if name != "sans-serif"), "Liberation Sans", "DejaVu Sans")
"""Typefaces to try, in order."""
CHINESE = (
    "CJK SC",
    "Noto Sans SC",
    "YaHei",
    "PingFang",
    "WenQuanYi",
    "SimHei",
    "SimSun",
    "Hiragino Sans GB",
    "Heiti SC",
)
"""Parts of names of typefaces that hold Chinese."""
POINTS = 0.75
"""Points of a pixel."""
WIDEST, HIGHEST = 510.0, 690.0
"""Points that a chart may take of an A4 page less its margins."""
SIZE = re.compile(r'<svg[^>]*? width="([\d.]+)" height="([\d.]+)"')


def draw(notebook: nbformat.NotebookNode) -> list[str]:
    """The charts of an executed notebook as SVG, in their order."""
    import vl_convert  # loading it takes long, and only an export needs it

    specs = [data[MIME] for data in outputs(notebook) if MIME in data]
    return [vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE) for spec in specs]


def to_pdf(notebook: nbformat.NotebookNode, charts: Sequence[str], *, heading: Heading) -> bytes:
    """An executed notebook as a PDF of A4 pages, each with the heading's footer and its number. `charts`: `draw`."""
    import typst

    made = typst.compile(_document(outputs(notebook), iter(charts), heading).encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


def prints_chinese() -> bool:
    """Whether a typeface is installed by which Chinese can be printed."""
    import typst

    return any(part in family for family in typst.Fonts().families() for part in CHINESE)


def _document(shown: Iterator[dict[str, Any]], charts: Iterator[str], heading: Heading) -> str:
    language, _, region = heading.tag.partition("-")
    facts = {"title": heading.title, "footer": heading.footer, "language": language, "region": region.lower()}
    stated = [f"#let {name} = {literal(value)}" for name, value in facts.items()]
    fonts = f"#let fonts = ({', '.join(map(literal, FONTS))})"
    parts = [_chart(next(charts)) if MIME in data else content(prose(data)) for data in shown]
    return "\n".join([*stated, fonts, STYLE.read_text(encoding="utf-8"), *parts])


def _chart(svg: str) -> str:
    size = SIZE.match(svg)
    width, height = (float(side) * POINTS for side in size.groups()) if size else (WIDEST, HIGHEST)
    scale = min(1.0, WIDEST / width, HIGHEST / height)
    return f'#chart(image(bytes({literal(svg)}), format: "svg", width: {width * scale:.1f}pt))\n'
