"""Which forms of chart are there? Dots with intervals, stacked bars, funnels: tidy data in, one Altair chart out.

Nothing here knows what a figure means: names, units, texts and colours come with the data. Frames have a column
`label` (the row's name as shown) and carry every text that is shown, so that numbers look the same in every language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from simlib.report.theme import BAND, GREY, INK, LETTER, WIDTH, columns, ink_on, title

ROW = 24
"""Height of a row in pixels."""
DRAWN = (
    *("label", "text", "value", "low", "high", "mark"),
    *("bottom", "quarter", "three_quarters", "top"),
)
"""Columns that rows with dots are drawn from."""
MOST_LEGEND = 240
"""Pixels of the longest word in a legend."""


@dataclass(frozen=True)
class Caption:
    """What a chart says, and how to read it."""

    headline: str
    notes: tuple[str, ...] = ()

    def title(self) -> alt.TitleParams:
        """As a title with subtitles, in lines that fit."""
        return title(self.headline, *self.notes)


def intervals(
    panels: Mapping[str, pd.DataFrame], *, colours: Mapping[str, str], caption: Caption, across: int = 2
) -> alt.ConcatChart:
    """Small multiples of dots with intervals, a panel per figure, a row per design.

    A panel's frame has `label, value, low, high, text` and may have `mark` (a value to compare with, drawn as a dashed
    rule); its key in `panels` is the axis title, with the unit.
    """
    across = min(across, len(panels))
    width = (WIDTH - 130) // across - 24
    charts = []
    for i, (axis, frame) in enumerate(panels.items()):
        base = _a_row_each(frame, axis, colours=colours, named=i % across == 0)
        x = alt.X("value:Q", title=axis, scale=alt.Scale(zero=False, nice=True))
        low = alt.X("low:Q", title=axis, scale=alt.Scale(zero=False, nice=True))
        layers = [
            base.mark_rule(strokeWidth=2).encode(x=low, x2="high:Q"),
            base.mark_point(filled=True, size=42, opacity=1).encode(x=x),
        ]
        if "mark" in frame:
            line = alt.Chart(_plain(frame.head(1))).mark_rule(strokeDash=[5, 3], color=INK, strokeWidth=1.5)
            layers.insert(0, line.encode(x=alt.X("mark:Q", title=axis)))
        charts.append(alt.layer(*layers).properties(width=width, height=ROW * len(frame)))
    return alt.concat(*charts, columns=across, title=caption.title())


def awaited(
    axis: str, *, domain: tuple[float, float], colours: Mapping[str, str], zone: float = 0.0
) -> alt.TopLevelMixin:
    """One panel of dots with intervals whose rows come later, as the data named `rows`; as wide as its place.

    `domain`: the ends of the axis; `colours`: by the rows' labels; `zone`: half the width of the band in which a value
    does not matter, 0 = no band and no line at 0.
    """
    rows, margin = list(colours), 0.03 * (domain[1] - domain[0]) or 1.0
    scale = alt.Scale(domain=[domain[0] - margin, domain[1] + margin], nice=False, zero=False)
    names = alt.Axis(labelLimit=60)
    dots = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("label:N", sort=rows, title=None, axis=names, scale=alt.Scale(domain=rows)),
        color=_own_colour(rows, colours),
        tooltip=_tooltip(label=" ", text=axis),
    )
    layers: list[alt.Chart] = [
        dots.mark_rule(strokeWidth=3).encode(x=alt.X("low:Q", title=axis, scale=scale), x2="high:Q"),
        dots.mark_point(filled=True, size=60, opacity=1).encode(x=alt.X("value:Q", title=axis, scale=scale)),
    ]
    if zone:
        band = alt.Chart(alt.InlineData(values=[{"from": -zone, "to": zone, "zero": 0}]))
        x = {name: alt.X(f"{name}:Q", title=axis, scale=scale) for name in ("from", "zero")}
        layers = [
            band.mark_rect(color=BAND).encode(x=x["from"], x2="to:Q"),
            band.mark_rule(color=GREY).encode(x=x["zero"]),
            *layers,
        ]
    fit = alt.AutoSizeParams(type="fit-x", contains="padding")
    return alt.layer(*layers).properties(width="container", height=(ROW + 4) * len(rows), autosize=fit)


def spreads(
    panels: Mapping[str, pd.DataFrame], *, colours: Mapping[str, str], caption: Caption, across: int = 2
) -> alt.ConcatChart:
    """Small multiples of how a figure is spread among people, a panel per figure, a row per design.

    A panel's frame has `label, text`, `bottom, quarter, value, three_quarters, top` (value: the middle one) and `low,
    high`, the interval of the middle; its key in `panels` is the axis title, with the unit.
    """
    across = min(across, len(panels))
    width = (WIDTH - 130) // across - 24
    charts = []
    for i, (axis, frame) in enumerate(panels.items()):
        base = _a_row_each(frame, axis, colours=colours, named=i % across == 0)
        scale = alt.Scale(zero=False, nice=True)
        x = {name: alt.X(f"{name}:Q", title=axis, scale=scale) for name in ("bottom", "quarter", "low", "value")}
        layers = [
            base.mark_rule(strokeWidth=1.5).encode(x=x["bottom"], x2="top:Q"),
            base.mark_bar(height=11, opacity=0.35).encode(x=x["quarter"], x2="three_quarters:Q"),
            base.mark_rule(strokeWidth=4).encode(x=x["low"], x2="high:Q"),
            base.mark_point(filled=True, size=42, opacity=1).encode(x=x["value"]),
        ]
        charts.append(alt.layer(*layers).properties(width=width, height=ROW * len(frame)))
    return alt.concat(*charts, columns=across, title=caption.title())


def differences(
    frame: pd.DataFrame, *, zone: float, axis: str, colours: Mapping[str, str], caption: Caption
) -> alt.TopLevelMixin:
    """Differences from the baseline with intervals, over the band in which a difference does not matter.

    `frame` has `label, value, low, high, text, verdict`; `zone` is half the band's width in the axis's unit.
    """
    rows = list(frame["label"])
    y = alt.Y("label:N", sort=rows, title=None)
    ends = [-zone, zone, 0.0, *frame[["low", "high", "value"]].stack().dropna()]
    margin = 0.06 * (max(ends) - min(ends)) or 1.0
    scale = alt.Scale(domain=[min(ends) - margin, max(ends) + margin], nice=False)
    band = alt.Chart(pd.DataFrame({"from": [-zone], "to": [zone]})).mark_rect(color=BAND)
    base = alt.Chart(frame).encode(
        y=y,
        color=_own_colour(rows, colours),
        tooltip=_tooltip(label=" ", text=axis, verdict=" "),
    )
    width = WIDTH - 330  # the rest is for names and verdicts
    words = alt.Chart(frame).mark_text(align="left", fontSize=11, color=INK, limit=170)
    return alt.layer(
        band.encode(x=alt.X("from:Q", scale=scale, title=axis), x2="to:Q"),
        alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=GREY).encode(x=alt.X("zero:Q", title=axis)),
        base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", title=axis), x2="high:Q"),
        base.mark_point(filled=True, size=50, opacity=1).encode(x=alt.X("value:Q", title=axis)),
        words.encode(y=y, x=alt.value(width + 12), text="verdict:N"),
    ).properties(width=width, height=(ROW + 4) * len(rows), title=caption.title())


def stacked(frame: pd.DataFrame, *, axis: str, colours: Mapping[str, str], caption: Caption) -> alt.TopLevelMixin:
    """Bars cut into parts. `frame` has `label, part, value, text, inside` in the order shown, and may have `total`.

    `inside` is written on a part that is wide enough; `total` behind the bar's end.
    """
    rows, parts = list(dict.fromkeys(frame["label"])), list(dict.fromkeys(frame["part"]))
    cells = frame.assign(end=frame.groupby("label", sort=False)["value"].cumsum())
    cells["start"] = cells["end"] - cells["value"]
    cells["middle"] = (cells["start"] + cells["end"]) / 2
    cells["ink"] = cells["part"].map(colours).map(ink_on)
    longest = float(cells["end"].max()) or 1.0
    y = alt.Y("label:N", sort=rows, title=None)
    x = alt.X("start:Q", title=axis, scale=alt.Scale(domain=[0, longest], nice=False))
    fills = alt.Scale(domain=parts, range=[colours[part] for part in parts])
    bars = (
        alt.Chart(cells)
        .mark_bar(stroke="#FFFFFF", strokeWidth=0.5)
        .encode(
            y=y,
            x=x,
            x2="end:Q",
            color=alt.Color("part:N", sort=parts, scale=fills, legend=_legend(parts)),
            tooltip=_tooltip(label=" ", part=" ", text=axis),
        )
    )
    wide = cells[cells["value"] > 0.055 * longest]
    inside = (
        alt.Chart(wide)
        .mark_text(fontSize=10)
        .encode(y=y, x=alt.X("middle:Q", title=axis), text="inside:N", color=alt.Color("ink:N", scale=None))
    )
    layers = [bars, inside]
    if "total" in frame:
        ends = cells.groupby("label", sort=False).tail(1)
        layers.append(
            alt.Chart(ends)
            .mark_text(align="left", dx=4, fontSize=11, fontWeight="bold")
            .encode(y=y, x=alt.X("end:Q", title=axis), text="total:N")
        )
    return alt.layer(*layers).properties(width=WIDTH - 200, height=ROW * len(rows), title=caption.title())


def funnels(frame: pd.DataFrame, *, colours: Mapping[str, str], caption: Caption, across: int = 3) -> alt.ConcatChart:
    """A funnel per design. `frame` has `label, step, value, text`, steps in order; `text` stands at the bar's end."""
    steps, designs = list(dict.fromkeys(frame["step"])), list(dict.fromkeys(frame["label"]))
    across = min(across, len(designs))
    longest = float(frame["value"].max()) or 1.0
    width = (WIDTH - 110) // across - 22
    charts = []
    for i, design in enumerate(designs):
        bars = alt.Chart(frame[frame["label"] == design]).encode(
            y=alt.Y("step:N", sort=steps, title=None, axis=alt.Axis(labels=i % across == 0, labelLimit=100)),
            # Room behind the longest bar for its number.
            x=alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, longest * 1.55], nice=False)),
            tooltip=_tooltip(step=design, text=" "),
        )
        charts.append(
            alt.layer(
                bars.mark_bar(color=colours[design], height=13),
                bars.mark_text(align="left", dx=4, fontSize=10, color=INK).encode(text="text:N"),
            ).properties(width=width, height=17 * len(steps), title=alt.TitleParams(design, fontSize=11, offset=4))
        )
    return alt.concat(*charts, columns=across, title=caption.title())


def _legend(parts: Sequence[str]) -> alt.Legend:
    """The parts in as many columns as fit on a page."""
    widest = min(MOST_LEGEND, max(columns(part) for part in parts) * LETTER)
    return alt.Legend(title=None, columns=int(min(6, WIDTH // (widest + 30))), labelLimit=MOST_LEGEND)


def _tooltip(**titles: str) -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{field}:N", title=text) for field, text in titles.items()]


def _a_row_each(frame: pd.DataFrame, axis: str, *, colours: Mapping[str, str], named: bool) -> alt.Chart:
    """A panel's frame with a row per design in its own colour; `named`: whether their names stand beside them."""
    rows = list(frame["label"])
    return alt.Chart(_plain(frame)).encode(
        y=alt.Y("label:N", sort=rows, title=None, axis=alt.Axis(labels=named)),
        color=_own_colour(rows, colours),
        tooltip=_tooltip(label=" ", text=axis),
    )


def _plain(frame: pd.DataFrame) -> alt.InlineData:
    """The columns that are drawn, as plain values: altair looks at every column of a frame, which takes longer than to
    draw it. What is undefined is null."""
    drawn = frame[[column for column in DRAWN if column in frame]].astype(object)
    rows = drawn.where(drawn.notna(), None).to_dict("records")
    return alt.InlineData(values=[{str(column): value for column, value in row.items()} for row in rows])


def _own_colour(rows: Sequence[str], colours: Mapping[str, str]) -> alt.Color:
    return alt.Color("label:N", scale=alt.Scale(domain=list(rows), range=[colours[row] for row in rows]), legend=None)
