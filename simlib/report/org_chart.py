"""Who reports to whom, and how busy are they? An organisation as boxes from left to right, one row per group of peers.

Peers who report to the same boss in the same unit share a box; if that is still too much for a page, peers of a role
share one, whatever their unit. Who is a second boss (dashed) and who serves in a support pool (dotted) keep boxes of
their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Literal, Protocol

import altair as alt
import pandas as pd

from simlib.report.theme import DARK, INK, LETTER, WIDTH, title
from simlib.report.width import columns
from simlib.report.words import NONE, Words
from simlib.scenario.designs import SUPPORT

MOST_ROWS = 26
"""Rows that fit well on a page."""
BOX_HEIGHT, PITCH, GAP, NARROWEST = 30, 36, 26, 104
MOST_LETTERS = 34
"""Columns of a unit's name in a box."""
AND, WITHIN = " + ", " / "
"""What joins the parts of a unit's name: several units, and one within another."""
DASHES: Mapping[str, Sequence[float]] = {"second": (6, 3), "pool": (1.5, 2.5)}
"""Outline of the boxes that stand beside the line of bosses: second bosses, support pools."""


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
    @property
    def second_boss(self) -> str | None: ...


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
    beside = second_reports(positions)

    def alone_unless_leaf(position: Position, key: tuple[str, ...]) -> tuple[str, ...]:
        return (position.id,) if position.id in below or beside[position.id] else key

    ways: tuple[Callable[[Position], tuple[str, ...]], ...] = (
        lambda p: alone_unless_leaf(p, (p.role, p.unit)),
        lambda p: alone_unless_leaf(p, (p.role, p.unit if p.role == SUPPORT else "")),
        lambda p: (p.role, "second" if beside[p.id] else ""),
    )
    found: tuple[Box, ...] = ()
    for way in ways:
        found = _grouped(below.get(None, []), below, way)
        if sum(box.rows for box in found) <= MOST_ROWS:
            break
    return found


def second_reports(positions: Iterable[Position]) -> Counter[str]:
    """By position id, how many report to it as their second boss."""
    return Counter(position.second_boss for position in positions if position.second_boss)


def org_chart(positions: Sequence[Position], *, load: Load, headline: str, words: Words) -> alt.TopLevelMixin:
    """Boxes coloured by how busy their people are, with the leads each of them handled, or how many a second boss
    has."""
    tops, beside = boxes(positions), second_reports(positions)
    across = _across([[_texts(box, load, beside, words) for box in level] for level in _levels(tops)])
    cells: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    row = 0.0
    for box in tops:
        _place(box, (0, row), (cells, lines), across)
        row += box.rows
    for cell in cells:
        cell |= _texts(cell.pop("box"), load, beside, words)
    kinds = {cell["kind"] for cell in cells}
    how = [words(f"org.{kind}") for kind in DASHES if kind in kinds]
    # Positions are pixels, written through scales whose domain is the drawing's own size.
    full, height = across[-1][1], int(row * PITCH)
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
    outlines = [
        base.transform_filter(f"datum.kind == '{kind}'")
        .mark_rect(fill=None, stroke=INK, strokeWidth=1.6, strokeDash=list(dash))
        .encode(x=alt.X("left:Q", axis=None), x2="right:Q", y=alt.Y("top:Q", axis=None), y2="bottom:Q")
        for kind, dash in DASHES.items()
        if kind in kinds
    ]
    lines_of_text: tuple[tuple[str, float, Literal["bold", "normal"]], ...] = (
        ("first", -6.5, "bold"),
        ("second", 6.5, "normal"),
    )
    limit = alt.ExprRef("datum.right - datum.left - 8")
    texts = [
        base.mark_text(align="left", fontSize=10.5, dy=dy, limit=limit, fontWeight=weight).encode(
            x=alt.X("text_x:Q", axis=None),
            y=alt.Y("text_y:Q", axis=None),
            text=f"{name}:N",
            color=alt.condition(f"datum.utilisation > {DARK}", alt.value("#FFFFFF"), alt.value(INK)),
        )
        for name, dy, weight in lines_of_text
    ]
    return alt.layer(links, rects, *outlines, *texts).properties(width=full, height=height, title=title(headline, *how))


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


def _levels(tops: Sequence[Box]) -> Iterator[Sequence[Box]]:
    """The boxes from the tops downwards, level by level."""
    while tops:
        yield tops
        tops = [under for box in tops for under in box.below]


def _across(texts: Sequence[Sequence[Mapping[str, Any]]]) -> list[tuple[int, int]]:
    """Left and right edge of each level's boxes, in pixels. The lowest are as wide as their texts, those above as far
    as the page allows: their units are made of those below."""
    room = WIDTH - 20 - GAP * (len(texts) - 1) - NARROWEST * len(texts)
    widths: list[int] = []
    for level in reversed(texts):
        longest = max(columns(text[line]) for text in level for line in ("first", "second"))
        more = min(max(int(longest * LETTER) + 10 - NARROWEST, 0), room)
        room -= more
        widths.insert(0, NARROWEST + more)
    rights = accumulate(widths, lambda right, width: right + GAP + width)
    return [(right - width, right) for right, width in zip(rights, widths, strict=True)]


def _place(
    box: Box,
    at: tuple[int, float],
    drawn: tuple[list[dict[str, Any]], list[dict[str, Any]]],
    across: Sequence[tuple[int, int]],
) -> float:
    """Draw a box in the middle of its rows and what is below it to its right; returns the middle in pixels."""
    (level, row), (cells, lines) = at, drawn
    left, right = across[level]
    middles, next_row = [], row
    for under in box.below:
        middles.append(_place(under, (level + 1, next_row), drawn, across))
        next_row += under.rows
    middle = (row + box.rows / 2) * PITCH
    for target in middles:
        name = f"{left}:{middle}-{target}"
        bend = right + GAP / 2
        corners = ((right, middle), (bend, middle), (bend, target), (right + GAP, target))
        lines += [{"x": px, "y": py, "line": name, "point": i} for i, (px, py) in enumerate(corners)]
    cells.append(
        {
            "left": left,
            "right": right,
            "top": middle - BOX_HEIGHT / 2,
            "bottom": middle + BOX_HEIGHT / 2,
            "text_x": left + 5,
            "text_y": middle,
            "box": box,
        }
    )
    return middle


def _texts(box: Box, load: Load, beside: Mapping[str, int], words: Words) -> dict[str, Any]:
    busy = _mean(load.utilisation.get(member.id) for member in box.members)
    leads = _mean(load.leads.get(member.id) for member in box.members)
    first = box.members[0]
    role = words.label("role", first.role)
    units = list(dict.fromkeys(member.unit for member in box.members))
    unit = _short(units[0], words) if len(units) == 1 else words("org.units", n=words.number(len(units)))
    head = role if len(box.members) == 1 else words("org.peers", n=words.number(len(box.members)), role=role)
    share = NONE if busy is None else words.percent(busy, 0)
    second = words("org.busy", share=share)
    more = sum(beside[member.id] for member in box.members)
    if more:
        second = words("org.busy_second", share=share, n=words.number(more))
    elif leads:
        second = words("org.busy_load", share=share, load=words.number(leads, 2))
    return {
        "first": words("org.box", who=head, unit=unit) if unit else head,
        "second": second,
        "full": words("org.box", who=head, unit=words.listing(units)),
        "utilisation": busy,
        "kind": "second" if more else "pool" if first.role == SUPPORT else "",
    }


def _short(unit: str, words: Words) -> str:
    """A unit made of several as a box has room for it: what they share once, or only how many they are."""
    parts = [part.rpartition(WITHIN) for part in unit.split(AND)]
    if columns(unit) <= MOST_LETTERS or len(parts) == 1:
        return unit
    if len({head for head, _, _ in parts}) == 1 and parts[0][1]:
        unit = parts[0][0] + WITHIN + AND.join(tail for _, _, tail in parts)
    return unit if columns(unit) <= MOST_LETTERS else words("org.units", n=words.number(len(parts)))


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None and value == value]
    return sum(known) / len(known) if known else None
