"""Who reports to whom, and how busy are they? An organisation as boxes from left to right, one row per group of peers.

Peers who report to the same boss in the same unit share a box; if that is still too much for a page, peers of a role
share one, whatever their unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import altair as alt
import pandas as pd

from simlib.report.theme import INK, WIDTH, title
from simlib.report.words import NONE, Words

MOST_ROWS = 26
"""Rows that fit well on a page."""
BOX_HEIGHT, PITCH, GAP, WIDEST = 30, 36, 26, 170


class Position(Protocol):
    """What the chart needs to know of a position."""

    @property
    def id(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def boss(self) -> str | None: ...


@dataclass(frozen=True)
class Load:
    """How busy the positions are, by id; one that is missing is not known."""

    utilisation: Mapping[str, float]
    """Worked share of present hours."""
    leads: Mapping[str, float]
    """Leads handled in a run."""


@dataclass(frozen=True)
class Box:
    """One or more peers, and those who report to them."""

    members: tuple[Position, ...]
    below: tuple[Box, ...]

    @property
    def rows(self) -> int:
        """Rows that the box and what is below it take."""
        return max(1, sum(box.rows for box in self.below))


def boxes(positions: Sequence[Position]) -> tuple[Box, ...]:
    """The tops of an organisation's lines, with peers put together until it fits on a page."""
    below: dict[str | None, list[Position]] = {}
    known = {position.id for position in positions}
    for position in positions:
        below.setdefault(position.boss if position.boss in known else None, []).append(position)

    def alone_unless_leaf(position: Position, key: tuple[str, ...]) -> tuple[str, ...]:
        return (position.id,) if position.id in below else key

    ways: tuple[Callable[[Position], tuple[str, ...]], ...] = (
        lambda p: alone_unless_leaf(p, (p.role, p.unit)),
        lambda p: alone_unless_leaf(p, (p.role,)),
        lambda p: (p.role,),
    )
    found: tuple[Box, ...] = ()
    for way in ways:
        found = _grouped(below.get(None, []), below, way)
        if sum(box.rows for box in found) <= MOST_ROWS:
            break
    return found


def org_chart(positions: Sequence[Position], *, load: Load, headline: str, words: Words) -> alt.TopLevelMixin:
    """Boxes coloured by how busy their people are, with the leads each of them handled."""
    tops = boxes(positions)
    depth = max(_depth(box) for box in tops)
    width = min(WIDEST, (WIDTH - 20 - GAP * (depth - 1)) // depth)
    cells: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    row = 0.0
    for box in tops:
        _place(box, (0, row), (cells, lines), width)
        row += box.rows
    for cell in cells:
        cell |= _texts(cell.pop("box"), load, words)
    # Positions are pixels, written through scales whose domain is the drawing's own size.
    full, height = depth * width + (depth - 1) * GAP, int(row * PITCH)
    x = alt.Scale(domain=[0, full], nice=False, zero=False)
    y = alt.Scale(domain=[height, 0], nice=False, zero=False)
    shades = alt.Scale(scheme="blues", domain=[0, 1], clamp=True)
    legend = alt.Legend(title=words("org.legend"), format="%", gradientLength=160, direction="horizontal", tickCount=4)
    base = alt.Chart(pd.DataFrame(cells))
    corners = alt.Chart(pd.DataFrame(lines, columns=["x", "y", "line", "point"]))
    links = corners.mark_line(color="#999999", strokeWidth=1).encode(
        x=alt.X("x:Q", scale=x, axis=None), y=alt.Y("y:Q", scale=y, axis=None), detail="line:N", order="point:O"
    )
    rects = base.mark_rect(stroke="#888888", strokeWidth=0.7, cornerRadius=3).encode(
        x=alt.X("left:Q", scale=x, axis=None),
        x2="right:Q",
        y=alt.Y("top:Q", axis=None),
        y2="bottom:Q",
        color=alt.Color("utilisation:Q", scale=shades, legend=legend),
        tooltip=[alt.Tooltip("full:N", title=" "), alt.Tooltip("second:N", title=" ")],
    )
    lines_of_text: tuple[tuple[str, float, Literal["bold", "normal"]], ...] = (
        ("first", -6.5, "bold"),
        ("second", 6.5, "normal"),
    )
    texts = [
        base.mark_text(align="left", fontSize=10.5, dy=dy, limit=width - 8, fontWeight=weight).encode(
            x=alt.X("text_x:Q", axis=None),
            y=alt.Y("text_y:Q", axis=None),
            text=f"{name}:N",
            color=alt.condition("datum.utilisation > 0.55", alt.value("#FFFFFF"), alt.value(INK)),
        )
        for name, dy, weight in lines_of_text
    ]
    return alt.layer(links, rects, *texts).properties(width=full, height=height, title=title(headline))


def _grouped(
    peers: Iterable[Position], below: Mapping[str | None, list[Position]], way: Callable[[Position], tuple[str, ...]]
) -> tuple[Box, ...]:
    groups: dict[tuple[str, ...], list[Position]] = {}
    for peer in peers:
        groups.setdefault(way(peer), []).append(peer)
    return tuple(
        Box(tuple(group), _grouped([under for peer in group for under in below.get(peer.id, [])], below, way))
        for group in groups.values()
    )


def _depth(box: Box) -> int:
    return 1 + max((_depth(under) for under in box.below), default=0)


def _place(
    box: Box, at: tuple[int, float], drawn: tuple[list[dict[str, Any]], list[dict[str, Any]]], width: int
) -> float:
    """Draw a box in the middle of its rows and what is below it to its right; returns the middle in pixels."""
    (level, row), (cells, lines) = at, drawn
    left = level * (width + GAP)
    middles, next_row = [], row
    for under in box.below:
        middles.append(_place(under, (level + 1, next_row), drawn, width))
        next_row += under.rows
    middle = (row + box.rows / 2) * PITCH
    for target in middles:
        name = f"{left}:{middle}-{target}"
        bend = left + width + GAP / 2
        corners = ((left + width, middle), (bend, middle), (bend, target), (left + width + GAP, target))
        lines += [{"x": px, "y": py, "line": name, "point": i} for i, (px, py) in enumerate(corners)]
    cells.append(
        {
            "left": left,
            "right": left + width,
            "top": middle - BOX_HEIGHT / 2,
            "bottom": middle + BOX_HEIGHT / 2,
            "text_x": left + 5,
            "text_y": middle,
            "box": box,
        }
    )
    return middle


def _texts(box: Box, load: Load, words: Words) -> dict[str, Any]:
    busy = _mean(load.utilisation.get(member.id) for member in box.members)
    leads = _mean(load.leads.get(member.id) for member in box.members)
    first = box.members[0]
    role = words.label("role", first.role)
    units = list(dict.fromkeys(member.unit for member in box.members))
    unit = units[0] if len(units) == 1 else words("org.units", n=words.number(len(units)))
    head = role if len(box.members) == 1 else words("org.peers", n=words.number(len(box.members)), role=role)
    share = NONE if busy is None else words.percent(busy, 0)
    second = words("org.busy", share=share)
    if leads:
        second = words("org.busy_load", share=share, load=words.number(leads, 2))
    return {
        "first": words("org.box", who=head, unit=unit) if unit else head,
        "second": second,
        "full": words("org.box", who=head, unit=words.listing(units)),
        "utilisation": busy,
    }


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None and value == value]
    return sum(known) / len(known) if known else None
