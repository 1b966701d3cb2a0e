"""A regime map: at every point the best structure, the more solid the more certain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

from simlib.report import prose
from simlib.report.page import Part
from simlib.report.theme import design_colours, ink_on, themed, title
from simlib.report.words import Words

CELL = 92
"""Side of a cell in pixels."""
FAINTEST = 0.15
"""Opacity of a cell whose best design is never first in a resampled world."""
UNITS = {"size": "×", "complexity": "×", "distance": "×", "volatility": "±"}
Grid = Mapping[str, Sequence[float]]


def line(row: Mapping[str, Any], grid: Grid, w: Words) -> str:
    """One point for a terminal: where, the best design, how certain, and by how much it leads."""
    best = {"design": w.word("structure", row["design"]), "certainty": f"{row['certainty']:.0%}"}
    return w("regimes.line", place=_place_of(row, grid, w), **best, lead=w.money(row["lead"]))


def _place_of(row: Mapping[str, Any], axes: Iterable[str], w: Words) -> str:
    """A point in words: `size ×0.5, volatility ±1`."""
    return w("join.parts").join(w("regimes.place", axis=w(f"axis.{axis}"), value=_value(axis, row)) for axis in axes)


def _value(axis: str, row: Mapping[str, Any]) -> str:
    return f"{UNITS[axis]}{row[axis]:g}"


def saved(rows: Sequence[Mapping[str, Any]], grid: Grid, out: Path, w: Words) -> str:
    """Write the map as a chart (HTML) and a table (CSV); tells the paths."""
    out.mkdir(parents=True, exist_ok=True)
    frame = pd.DataFrame(list(rows))
    frame.to_csv(out / "regimes.csv", index=False)
    spec = themed(regime_chart(frame, grid, w))
    alt.Chart.from_dict(spec).save(out / "regimes.html", inline=True, embed_options={"actions": False})
    return f"{out / 'regimes.html'}\n{out / 'regimes.csv'}"


def section(rows: Iterable[Mapping[str, Any]], grid: Grid, w: Words) -> list[Part]:
    """Heading and map of the points of a grid (`simlib.claims.regimes.regime_map`)."""
    return [prose.paragraph(w, "section.regimes"), regime_chart(pd.DataFrame(list(rows)), grid, w)]


def regime_chart(frame: pd.DataFrame, grid: Grid, w: Words) -> alt.TopLevelMixin:
    """Cells over the first two axes, small multiples over the others; colour = best design, depth = certainty."""
    axes = list(grid)
    x, y, rest = axes[0], axes[1] if len(axes) > 1 else None, axes[2:]
    rows: list[Any] = frame.to_dict("records")
    cells = frame.assign(
        **{f"{axis} as text": [_value(axis, row) for row in rows] for axis in axes},
        best=[w.word("structure", name) for name in frame["design"]],
        text=[f"{certainty:.0%}" for certainty in frame["certainty"]],
        lead_text=[w.money(value) for value in frame["lead"]],
        panel=[_place_of(row, rest, w) for row in rows],
    )
    names = [str(column).removeprefix("mean ") for column in frame if str(column).startswith("mean ")]
    won, colours = [name for name in names if name in set(frame["design"])], design_colours(names)
    cells["ink"] = [ink_on(_faded(colours[row["design"]], row["certainty"])) for row in rows]
    base = alt.Chart(cells).encode(x=_place(x, grid, w), **({"y": _place(y, grid, w)} if y else {}))
    fills = alt.Scale(domain=[w.word("structure", name) for name in won], range=[colours[name] for name in won])
    tiles = base.mark_rect(stroke="#FFFFFF", strokeWidth=2).encode(
        color=alt.Color("best:N", title=None, scale=fills),
        opacity=alt.Opacity("certainty:Q", scale=alt.Scale(domain=[0, 1], range=[FAINTEST, 1]), legend=None),
        tooltip=[
            alt.Tooltip("best:N", title=w("regimes.design")),
            alt.Tooltip("text:N", title=w("regimes.certainty")),
            alt.Tooltip("lead_text:N", title=w("regimes.lead")),
        ],
    )
    texts = base.mark_text(fontSize=13).encode(text="text:N", color=alt.Color("ink:N", scale=None))
    width, height = CELL * len(grid[x]), CELL * (len(grid[y]) if y else 1)
    map_ = alt.layer(tiles, texts).properties(width=width, height=height)
    chart: alt.LayerChart | alt.FacetChart = map_
    if rest:
        order = list(dict.fromkeys(cells["panel"]))
        across = len(grid[rest[-1]])
        chart = map_.facet(facet=alt.Facet("panel:N", sort=order, title=None), columns=across)
    return chart.properties(title=title(_headline(frame, w), w("regimes.how")))


def _faded(colour: str, certainty: float) -> str:
    """How a colour looks on white, the fainter the less certain."""
    depth = FAINTEST + (1 - FAINTEST) * certainty
    return "#" + "".join(f"{round(255 - depth * (255 - int(colour[i : i + 2], 16))):02X}" for i in (1, 3, 5))


def _headline(frame: pd.DataFrame, w: Words) -> str:
    """Which designs are best where, counted."""
    counts = frame["design"].value_counts()
    sure = frame[frame["certainty"] >= 0.95]
    first = [
        w("regimes.first_at", design=w.word("structure", str(name)), count=str(count)) for name, count in counts.items()
    ]
    best = w("join.parts").join(first)
    return w("regimes.headline", points=str(len(frame)), designs=best, sure=str(len(sure)))


def _place(axis: str, grid: Grid, w: Words) -> Any:
    order = [_value(axis, {axis: value}) for value in grid[axis]]
    unit = "axis_title.volatility" if axis == "volatility" else "axis_title.factor"
    kind = alt.X if axis == next(iter(grid)) else alt.Y
    named = w(unit, axis=w(f"axis.{axis}"))
    return kind(f"{axis} as text:N", sort=order, title=named, axis=alt.Axis(labelAngle=0, domain=False, ticks=False))
