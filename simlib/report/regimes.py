"""A regime map: at every point the best structure, the more solid the more certain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

from simlib.report.theme import INK, design_colours, title
from simlib.report.words import Words

CELL = 92
"""Side of a cell in pixels."""
UNITS = {"size": "×", "complexity": "×", "distance": "×", "volatility": "±"}
Grid = Mapping[str, Sequence[float]]


def line(row: Mapping[str, Any], grid: Grid, w: Words) -> str:
    """One point for a terminal: where, the best design, how certain, and by how much it leads."""
    place = ", ".join(f"{axis} {UNITS[axis]}{row[axis]:g}" for axis in grid)
    return f"{place}: {row['design']} ({row['certainty']:.0%} sure), ahead by {w.money(row['lead'])}"


def saved(rows: Sequence[Mapping[str, Any]], grid: Grid, out: Path, w: Words) -> str:
    """Write the map as a chart (HTML) and a table (CSV); tells the paths."""
    out.mkdir(parents=True, exist_ok=True)
    frame = pd.DataFrame(list(rows))
    frame.to_csv(out / "regimes.csv", index=False)
    regime_chart(frame, grid, w).save(out / "regimes.html", inline=True)
    return f"{out / 'regimes.html'}\n{out / 'regimes.csv'}"


def regime_chart(frame: pd.DataFrame, grid: Grid, w: Words) -> alt.TopLevelMixin:
    """Cells over the first two axes, small multiples over the others; colour = best design, depth = certainty."""
    axes = list(grid)
    x, y = axes[0], axes[1] if len(axes) > 1 else None
    cells = frame.assign(
        **{f"{axis} as text": [f"{UNITS[axis]}{value:g}" for value in frame[axis]] for axis in axes},
        text=[f"{row.certainty:.0%}" for row in frame.itertuples()],
        lead_text=[w.money(value) for value in frame["lead"]],
    )
    names = [str(column).removeprefix("mean ") for column in frame if str(column).startswith("mean ")]
    colours = design_colours(names)
    won = [name for name in names if name in set(frame["design"])]
    rest = axes[2:]
    cells["panel"] = [
        ", ".join(f"{axis} {row[f'{axis} as text']}" for axis in rest) for row in cells.to_dict("records")
    ]
    base = alt.Chart(cells).encode(x=_place(x, grid), **({"y": _place(y, grid)} if y else {}))
    fills = alt.Scale(domain=won, range=[colours[name] for name in won])
    tiles = base.mark_rect(stroke="#FFFFFF", strokeWidth=2).encode(
        color=alt.Color("design:N", title=None, scale=fills),
        opacity=alt.Opacity("certainty:Q", scale=alt.Scale(domain=[0, 1], range=[0.15, 1]), legend=None),
        tooltip=["design:N", alt.Tooltip("text:N", title="certainty"), alt.Tooltip("lead_text:N", title="lead")],
    )
    texts = base.mark_text(fontSize=13, color=INK).encode(text="text:N")
    width, height = CELL * len(grid[x]), CELL * (len(grid[y]) if y else 1)
    map_ = alt.layer(tiles, texts).properties(width=width, height=height)
    chart: alt.LayerChart | alt.FacetChart = map_
    if rest:
        order = list(dict.fromkeys(cells["panel"]))
        across = len(grid[rest[-1]])
        chart = map_.facet(facet=alt.Facet("panel:N", sort=order, title=None), columns=across)
    return chart.properties(title=title(_headline(frame), "Colour: design with the highest mean contribution. Number "
                                        "and depth: share of resampled worlds in which it is first."))  # fmt: skip


def _headline(frame: pd.DataFrame) -> str:
    """Which designs are best where, counted."""
    counts = frame["design"].value_counts()
    sure = frame[frame["certainty"] >= 0.95]
    first = ", ".join(f"{name} at {count}" for name, count in counts.items())
    return f"Of {len(frame)} markets best: {first}; {len(sure)} of them with 95% certainty or more"


def _place(axis: str, grid: Grid) -> Any:
    order = [f"{UNITS[axis]}{value:g}" for value in grid[axis]]
    named = {"volatility": "volatility (log sd a year)"}.get(axis, f"{axis} (factor)")
    kind = alt.X if axis == next(iter(grid)) else alt.Y
    return kind(f"{axis} as text:N", sort=order, title=named, axis=alt.Axis(labelAngle=0, domain=False, ticks=False))
