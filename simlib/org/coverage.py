"""Who serves whom where a company's own chart says it: whether every customer has somebody at every stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from simlib.scenario.positions import Seat, Wrong, stages_served
from simlib.world.cells import Cells

MOST_HOLES = 3
"""Groups of customers without a seller that are told by name."""


class Seller(NamedTuple):
    """What a rep of a chart serves."""

    seat: int
    cells: tuple[int, ...]
    """Row-major numbers of the cells, of every size band."""
    stages: range


class Group(NamedTuple):
    """Customers whom the same sellers serve on the same stages."""

    cells: tuple[int, ...]
    sellers: tuple[int, ...]
    """Numbers of their seats in the chart, in its order."""
    stages: range


def sellers(seats: Sequence[Seat], cells: Cells, stages: Sequence[str]) -> list[Seller]:
    """The reps of a chart, whose places and stages must be known."""
    return [
        Seller(number, _cells_of(seat, cells), stages_served(seat, stages))
        for number, seat in enumerate(seats)
        if seat.role == "rep"
    ]


def groups(found: Sequence[Seller], cells: Cells) -> list[Group]:
    """The customers, put together where the same sellers serve them on the same stages.

    A cell without a seller, in which no needs are expected, goes to those who serve the first cell that has any.
    """
    serving = _serving(found, cells)
    first = next(row for row in serving if row)
    together: dict[tuple[tuple[int, ...], range], list[int]] = {}
    for cell, row in enumerate(serving):
        for stages, seats in (row or first).items():
            together.setdefault((tuple(seats), stages), []).append(cell)
    return [Group(tuple(members), seats, stages) for (seats, stages), members in together.items()]


def faults(found: Sequence[Seller], seats: Sequence[Seat], cells: Cells, stages: Sequence[str]) -> Iterator[Wrong]:
    """What keeps a deal from being served from its first stage to its last."""
    serving = _serving(found, cells)
    yield from _overlaps(serving, seats, stages)
    needs = cells.needs_per_week.ravel()
    holes: dict[str, str] = {}
    for cell, row in enumerate(serving):
        open_stages = [name for number, name in enumerate(stages) if not any(number in served for served in row)]
        if open_stages and (row or needs[cell] or not any(serving)):
            holes.setdefault(_place(cell, cells), f" ({', '.join(open_stages)})" if row else "")
    if holes:
        told = ", ".join(place + missing for place, missing in [*holes.items()][:MOST_HOLES])
        more = f" and {len(holes) - MOST_HOLES:,} more" if len(holes) > MOST_HOLES else ""
        rule = "every customer must have a rep at every stage (an empty cell of a chart means all)"
        yield Wrong(None, "", f"got nobody for {told}{more}; {rule}")


def _overlaps(
    serving: Sequence[dict[range, list[int]]], seats: Sequence[Seat], stages: Sequence[str]
) -> Iterator[Wrong]:
    """A list is cut once for all stages that its holder serves; so who shares customers shares all stages or none."""
    told: set[int] = set()
    for row in serving:
        for one, other in combinations(row, 2):
            if one.start < other.stop and other.start < one.stop:
                (first, theirs), (second, own) = sorted([(row[one][0], one), (row[other][0], other)], key=itemgetter(0))
                if second not in told:
                    told.add(second)
                    shared = f"of customers of whom {seats[first].name} serves {_named(theirs, stages)}"
                    rule = "must be the same stages or none of them"
                    yield Wrong(second, "stages", f"got {_named(own, stages)} {shared}, {rule}")


def _named(served: range, stages: Sequence[str]) -> str:
    return ", ".join(stages[number] for number in served)


def _serving(found: Sequence[Seller], cells: Cells) -> list[dict[range, list[int]]]:
    """By cell, the seats that serve it by the stages that they serve."""
    serving: list[dict[range, list[int]]] = [{} for _ in range(cells.needs_per_week.size)]
    for seller in found:
        for cell in seller.cells:
            serving[cell].setdefault(seller.stages, []).append(seller.seat)
    return serving


def _cells_of(seat: Seat, cells: Cells) -> tuple[int, ...]:
    mask = np.ones(cells.needs_per_week.shape, dtype=bool)
    for axis, (wanted, names) in enumerate(
        ((seat.region, cells.regions), (seat.product, cells.products), (seat.segment, cells.segments))
    ):
        if wanted:
            served = np.isin(np.array(names, dtype=object), np.array(wanted, dtype=object))
            mask &= served.reshape([-1 if other == axis else 1 for other in range(mask.ndim)])
    return tuple(np.flatnonzero(mask.ravel()).tolist())


def _place(cell: int, cells: Cells) -> str:
    """`east / machine / large`: where a cell lies, the dimensions with one value left out."""
    at = np.unravel_index(cell, cells.needs_per_week.shape)
    names = (cells.regions, cells.products, cells.segments)
    return " / ".join(known[int(number)] for known, number in zip(names, at, strict=False) if len(known) > 1) or "all"
