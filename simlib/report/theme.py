"""How does everything look? Font, colours, and a renderer that works offline, in JupyterLab and through papermill.

Altair's own renderers either load from a network address or emit a type that nbformat refuses.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

import altair as alt

from simlib.report.width import wrapped

MIME = "application/vnd.vegalite.v5+json"
"""Type under which a chart stands in a notebook: JupyterLab shows it, nbformat accepts it."""
FONT = "Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, PingFang SC, WenQuanYi Zen Hei, Helvetica, Arial, sans-serif"
WIDTH = 660
"""Width of the widest chart in pixels: an A4 page less its margins."""
LETTER = 6.0
"""Width of a Latin letter in small print, in pixels, rather too much than too little."""

DESIGN_COLOURS = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#B58900",
    "#4D4D4D",
    "#882255",
    "#44AA99",
    "#332288",
)
"""Told apart with any colour vision (after Okabe and Ito 2008, Tol 2021), dark enough for print."""
KNOWN_DESIGNS = (
    *("pyramid", "flat", "product_line", "customer_type", "pooled", "geographic", "functional", "matrix"),
    *("hybrid", "agile", "small_firm", "large_enterprise", "remote", "grouped_regions"),
)
"""Structures in the order in which they take their colours; from the eleventh on they start again."""
PART_COLOURS = (
    "#332288",
    "#88CCEE",
    "#44AA99",
    "#DDCC77",
    "#CC6677",
    "#AA4499",
    "#117733",
    "#882255",
    "#999933",
    "#6699CC",
    "#661100",
    "#C8A2C8",
)
"""Parts of a whole (Tol's muted scheme), apart from the designs' colours."""
WAY_COLOURS = ("#332288", "#CC6677", "#117733", "#AA4499", "#661100", "#999933")
"""Ways to go about something, drawn as lines: parts' colours that are dark enough for a line."""
QUIET = {"idle": "#C9C9C9", "absent": "#E6E6E6"}
"""Parts that are no work stay grey."""
DARK = 0.65
"""Share of the way through the blue shades from which white can be read better than ink (WCAG 2)."""
INK, GREY, BAND = "#222222", "#666666", "#E3E3E3"


def design_colours(designs: Iterable[str]) -> dict[str, str]:
    """The colour of each design: a structure of the field guide has the same one in every chart of every report, unless
    another has taken it, and other names take in turn what is left; from the eleventh design on colours repeat."""
    names = list(dict.fromkeys(designs))
    found: dict[str, str] = {}
    for name in sorted(names, key=lambda each: (each not in KNOWN_DESIGNS, names.index(each))):
        home = KNOWN_DESIGNS.index(name) if name in KNOWN_DESIGNS else 0
        turned = [DESIGN_COLOURS[(home + step) % len(DESIGN_COLOURS)] for step in range(len(DESIGN_COLOURS))]
        used = [*found.values()]
        found[name] = min(turned, key=used.count)
    return {name: found[name] for name in names}


def part_colours(parts: Iterable[str]) -> dict[str, str]:
    """The colour of each part of a whole; idle and absent are grey."""
    busy = [part for part in parts if part not in QUIET]
    return {part: PART_COLOURS[i % len(PART_COLOURS)] for i, part in enumerate(busy)} | QUIET


def ink_on(fill: str) -> str:
    """Black or white, whichever can be read on a fill `#RRGGBB` (relative luminance, WCAG 2)."""
    red, green, blue = (int(fill[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return INK if 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2 > 0.25 else "#FFFFFF"


def title(text: str, *subtitles: str) -> alt.TitleParams:
    """What the chart says, and below it, smaller, how to read it."""
    below = [line for subtitle in subtitles if subtitle for line in _fitted(subtitle, 108)]
    return alt.TitleParams(text=_fitted(text, 92), subtitle=below)


def _fitted(text: str, most: int) -> list[str]:
    """A text in lines that a chart has room for; a word longer than a line is cut, or the chart would shrink."""
    return [line[at : at + most] for line in wrapped(text, most) for at in range(0, len(line), most)]


def enable(*, images: bool) -> None:
    """Make this theme and renderer the ones that altair uses; `images` adds pictures for viewers without JavaScript."""
    alt.theme.register("simlib", enable=True)(_theme)
    alt.renderers.register("simlib", _with_picture if images else _plain)
    alt.renderers.enable("simlib")


def themed(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """The chart's specification with this theme, whatever theme is enabled.

    It is not checked against the schema of the chart language, which takes longer than all else: a browser draws it.
    """
    alt.theme.register("simlib", enable=True)(_theme)
    spec: dict[str, Any] = chart.to_dict(validate=False)
    return spec


def png(spec: dict[str, Any], *, scale: float) -> bytes:
    """A chart's specification drawn, `scale` pixels for each of the chart's own."""
    import vl_convert  # loading it takes long, and only pictures need it

    return bytes(vl_convert.vegalite_to_png(spec, scale=scale))


def _theme() -> alt.theme.ThemeConfig:
    return alt.theme.ThemeConfig(
        config={
            "font": FONT,
            "background": "#FFFFFF",
            "padding": 4,
            "view": {"stroke": None},
            "title": {
                "anchor": "start",
                "frame": "bounds",
                "fontSize": 14,
                "fontWeight": "bold",
                "color": INK,
                "lineHeight": 18,
                "subtitleFontSize": 11,
                "subtitleColor": GREY,
                "subtitleLineHeight": 15,
                "subtitlePadding": 4,
                "offset": 10,
            },
            "axis": {
                "labelFontSize": 11,
                "titleFontSize": 11,
                "labelColor": INK,
                "titleColor": GREY,
                "titleFontWeight": "normal",
                "gridColor": "#EBEBEB",
                "domainColor": "#AAAAAA",
                "tickColor": "#AAAAAA",
                "labelLimit": 150,
            },
            "axisX": {"labelAngle": 0, "tickCount": 5, "labelOverlap": True},
            "axisY": {"grid": False, "ticks": False, "domain": False, "labelPadding": 6},
            "legend": {
                "labelFontSize": 11,
                "titleFontSize": 11,
                "labelColor": INK,
                "titleColor": GREY,
                "titleFontWeight": "normal",
                "orient": "bottom",
                "columns": 6,
                "symbolType": "square",
                "labelLimit": 140,
            },
            "concat": {"spacing": 18},
        }
    )


def _plain(spec: dict[str, Any], **_: Any) -> dict[str, Any]:
    return {MIME: spec, "text/plain": f"<chart: {_headline(spec)}>"}


def _with_picture(spec: dict[str, Any], **_: Any) -> dict[str, Any]:
    # A notebook holds binary data as base64 text.
    return _plain(spec) | {"image/png": base64.b64encode(png(spec, scale=2)).decode()}


def _headline(spec: dict[str, Any]) -> str:
    text = spec.get("title", "")
    text = text.get("text", "") if isinstance(text, dict) else text
    return " ".join(text) if isinstance(text, list) else str(text)
