"""How do a notebook's outputs, or parts put together, become one page that needs no network?

A page is what they show, the chart library and a style sheet.

The page's own policy forbids every request. Code is left out, and so is whatever a library wrote to stderr.
"""

from __future__ import annotations

import html
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, TypeAlias

import altair as alt
import mistune
import nbformat
from IPython.display import Markdown
from platformdirs import user_cache_path

from simlib.report.table import Table
from simlib.report.theme import FONT, MIME, themed

Part: TypeAlias = Markdown | Table | alt.TopLevelMixin
"""What a page is put together from."""

VEGA_LITE = "6.4"
"""Version of the chart language that altair writes."""
SCHEMA_KEY = "$schema"
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Characters that order a direction of writing until they are taken back, or the paragraph ends."""
POLICY = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:"
STYLE = """
@page { size: A4; margin: 15mm 15mm 18mm }
* { box-sizing: border-box }
html { -webkit-print-color-adjust: exact; print-color-adjust: exact }
body { font: 14px/1.5 FONT; color: #222; max-width: 700px; margin: 24px auto; padding: 0 16px }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 8px }
h2 { font-size: 18px; margin: 32px 0 8px; padding-top: 8px; border-top: 1px solid #ccc }
h1, h2, h3 { break-after: avoid }
p, li { overflow-wrap: anywhere }
.chart { margin: 12px 0 20px; break-inside: avoid }
.chart svg { max-width: 100%; height: auto }
.scroll { overflow-x: auto; margin: 10px 0 18px }
table { border-collapse: collapse; font-size: 12px; line-height: 1.35; width: 100% }
table + table { margin-top: 16px }
th { text-align: left; vertical-align: bottom; border-bottom: 1.5px solid #666; padding: 3px 6px; font-weight: 600 }
td { vertical-align: top; border-bottom: 1px solid #e3e3e3; padding: 3px 6px }
th, td { overflow-wrap: break-word; word-break: keep-all; max-width: 320px }
th.number { word-break: normal }
td:first-child { min-width: 80px }
td:not(:first-child):not(.number) { min-width: 72px }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
td.number { white-space: nowrap }
td small { color: #666; font-size: 10px }
tr, thead { break-inside: avoid }
pre { white-space: pre-wrap; font-size: 11px }
footer { margin-top: 32px; padding-top: 6px; border-top: 1px solid #ccc; font-size: 11px; color: #666 }
footer { overflow-wrap: anywhere }
@media print {
  body { margin: 0; padding: 0; max-width: none; font-size: 10.5pt }
  .scroll { overflow: visible }
  table { font-size: 7.5pt } td, th { padding: 2px 3px } td small { font-size: 6.5pt }
  footer { display: none }
  @page {
    @bottom-left { content: "FOOTER"; font: 7pt FONT; color: #666 }
    @bottom-right { content: counter(page) " / " counter(pages); font: 7pt FONT; color: #666 }
  }
}
"""
DRAW = """
(async () => {
  const holders = [...document.querySelectorAll(".chart")];
  let drawn = 0;
  for (const holder of holders) {
    const spec = JSON.parse(holder.querySelector("script").textContent);
    const place = document.createElement("div");
    holder.append(place);
    try { await vegaEmbed(place, spec, {mode: "vega-lite", actions: false, renderer: "svg"}); drawn += 1; }
    catch (error) { place.textContent = String(error); }
  }
  document.documentElement.dataset.drawn = drawn + "/" + holders.length;
})();
"""


@dataclass(frozen=True)
class Heading:
    """What stands on the page beside the notebook's outputs."""

    title: str
    tag: str
    """Language tag: `en`, `zh-CN`."""
    footer: str
    """One line that says what made the page; at the foot of every printed page."""


def to_page(notebook: nbformat.NotebookNode, *, heading: Heading, library: str) -> str:
    """An executed notebook as one HTML page. `library`: the JavaScript that draws charts (`chart_library`)."""
    return _page(outputs(notebook), heading, library)


def page_of(parts: Iterable[Part], *, heading: Heading, library: str) -> str:
    """Paragraphs, charts and tables as the same page, without a notebook."""
    return _page(map(_bundle, parts), heading, library)


def _bundle(part: Part) -> dict[str, Any]:
    """A part under the type that a notebook would show it by."""
    if isinstance(part, Table):
        return {"text/html": part._repr_html_()}
    return {"text/markdown": part.data} if isinstance(part, Markdown) else {MIME: themed(part)}


def _page(shown: Iterable[dict[str, Any]], heading: Heading, library: str) -> str:
    body = "\n".join(map(_shown, shown))
    return framed(body, heading=heading, library=library, script=DRAW)


def framed(body: str, *, heading: Heading, library: str, script: str, style: str = "") -> str:
    """A page around a body of HTML, with the policy that forbids every request. `script` draws what is in the body."""
    style = STYLE.replace("FOOTER", _css_text(heading.footer)).replace("FONT", FONT) + style
    charts = library.replace("</script", "<\\/script")
    return (
        f'<!DOCTYPE html>\n<html lang="{html.escape(heading.tag)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(heading.title)}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n"
        f"<footer>{html.escape(heading.footer)}</footer>\n"
        f"<script>(() => {{{charts}}})();</script>\n<script>{script}</script>\n</body>\n</html>\n"
    )


def embeddable(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """The specification of a chart as a page holds it: themed, without the address of its schema."""
    return _addressless(themed(chart))


def _addressless(spec: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in spec.items() if key != SCHEMA_KEY}


def chart_library() -> str:
    """The JavaScript that draws charts, with all it depends on. Bundling takes seconds, so the result is kept in the
    user's cache folder, by version."""
    import vl_convert  # loading and bundling take long; only an export needs it

    kept = user_cache_path("simlib") / f"vega-{VEGA_LITE}-{version('vl-convert-python')}.js"
    if kept.is_file():
        return kept.read_text(encoding="utf-8")
    bundle: str = vl_convert.javascript_bundle(vl_version=VEGA_LITE)  # type: ignore[call-arg]  # it has a default
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(f".{os.getpid()}.part")
        part.write_text(bundle, encoding="utf-8")
        part.replace(kept)
    except OSError:
        pass  # without a cache folder it only takes longer
    return bundle


def anchor(title: str) -> str:
    """What a link to a heading names: its text with hyphens for spaces, as JupyterLab names it too."""
    return title.replace(" ", "-")


def outputs(notebook: nbformat.NotebookNode) -> Iterator[dict[str, Any]]:
    """What an executed notebook shows, each by its types."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type in ("display_data", "execute_result"):
                yield output.data


class _Prose(mistune.HTMLRenderer):
    """Markdown in which raw HTML is shown, not obeyed, and character references mean their character."""

    def text(self, text: str) -> str:
        return html.escape(html.unescape(text))

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        return f'<a id="{anchor(text)}"></a>\n{super().heading(text, level, **attrs)}'


def prose(data: dict[str, Any]) -> str:
    """What is shown and is no chart, as HTML. A name cannot turn the direction in which the rest is written."""
    return TURNS.sub("", _as_html(data))


def _as_html(data: dict[str, Any]) -> str:
    if "text/html" in data:
        return str(data["text/html"])
    if "text/markdown" in data:
        return str(mistune.create_markdown(renderer=_Prose(escape=True))(data["text/markdown"]))
    return f"<pre>{html.escape(str(data.get('text/plain', '')))}</pre>"


def _shown(data: dict[str, Any]) -> str:
    if MIME in data:
        # The address of the schema is not needed, and `<` is written so that nothing can end the script.
        text = json.dumps(_addressless(data[MIME]), separators=(",", ":")).replace("<", "\\u003c")
        return f'<div class="chart"><script type="application/json">{text}</script></div>'
    return f'<div class="scroll">{prose(data)}</div>' if "text/html" in data else prose(data)


def _css_text(text: str) -> str:
    """A text inside a CSS string: what is not a letter or digit as a code point."""
    return "".join(letter if letter.isalnum() or letter in " .,:" else f"\\{ord(letter):x} " for letter in text)
