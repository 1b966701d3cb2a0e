"""The cells of a market: region × product × segment × size band, and the work expected in each.

This is what a planner knows when an organisation is laid out; the needs that will really arise are the
world's and unknown to him.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from simlib.scenario.schema import DEFAULT_START, Replay, Scenario, Synthetic

if TYPE_CHECKING:
    import pandas as pd

    from simlib.world.crm import Export

AXES = ("region", "product", "segment", "size")
"""Dimensions of a cell, in the order of the array's axes."""


@dataclass(frozen=True)
class Cells:
    """Names along each dimension, and the mean number of needs a week in each cell."""

    regions: tuple[str, ...]
    products: tuple[str, ...]
    segments: tuple[str, ...]
    sizes: tuple[str, ...]
    """Names of the size bands, the smallest deals first."""
    needs_per_week: NDArray[np.float64]
    """Shape (regions, products, segments, sizes)."""

    def names(self, axis: str) -> tuple[str, ...]:
        """Names along one dimension of `AXES`."""
        return (self.regions, self.products, self.segments, self.sizes)[AXES.index(axis)]

    def present(self, axis: str) -> list[int]:
        """Numbers of the values along one dimension for which needs are expected; all where none are expected."""
        along = AXES.index(axis)
        load = self.needs_per_week.sum(axis=tuple(other for other in range(len(AXES)) if other != along))
        return [int(number) for number in (np.flatnonzero(load) if load.any() else np.arange(len(load)))]


def size_names(bands: tuple[float, ...]) -> tuple[str, ...]:
    """Names of the bands that thresholds part: `below 5000`, `5000 to 15000`, `from 15000`."""
    if not bands:
        return ("all",)
    edges = [f"{band:,.0f}" for band in bands]
    return (
        f"below {edges[0]}",
        *(f"{low} to {high}" for low, high in pairwise(edges)),
        f"from {edges[-1]}",
    )


def cells_of(scenario: Scenario) -> Cells:
    """The cells of a scenario's market, with the expected needs of each.

    Raises ExportError if a replayed export cannot be read.
    """
    if isinstance(scenario.demand, Synthetic):
        return _stated(scenario, scenario.demand)
    export = export_of(scenario)
    assert export is not None
    return _observed(scenario, export)


def export_of(scenario: Scenario) -> Export | None:
    """The CRM export that a scenario replays; None if its demand is synthetic."""
    demand = scenario.demand
    if not isinstance(demand, Replay):
        return None
    from simlib.world.crm import read_export  # reads tables with pandas, which who draws his demand need not wait for

    return read_export(demand.export, demand, start=scenario.calendar.start)


def first_day(scenario: Scenario) -> dt.date:
    """The day whose midnight is time zero."""
    export = export_of(scenario)
    return export.first_day if export else scenario.calendar.start or DEFAULT_START


def _stated(scenario: Scenario, demand: Synthetic) -> Cells:
    market = scenario.market
    regions, products, segments = tuple(market.regions), tuple(market.products), tuple(market.segments)
    sizes = size_names(market.size_bands)
    needs = np.zeros((len(regions), len(products), len(segments), len(sizes)))
    for cell in demand.cells:
        weight = sum(cell.products.values())
        for product, share in cell.products.items():
            median = cell.value.median * market.products[product].value_factor
            bands = _band_shares(np.array(market.size_bands), median, cell.value.log_sd)
            place = regions.index(cell.region), products.index(product), segments.index(cell.segment)
            needs[place] += cell.needs_per_week * share / weight * bands
    return Cells(regions, products, segments, sizes, needs)


def _band_shares(bands: NDArray[np.float64], median: float, log_sd: float) -> NDArray[np.float64]:
    below = ndtr((np.log(bands) - np.log(median)) / log_sd) if log_sd else (bands > median).astype(float)
    return np.diff(np.concatenate([[0.0], below, [1.0]]))


def _observed(scenario: Scenario, export: Export) -> Cells:
    market, leads = scenario.market, export.leads
    sizes = size_names(market.size_bands)
    stated: tuple[Iterable[str], ...] = (market.regions, market.products, market.segments)
    names = [seen_or_stated(leads[axis], known) for axis, known in zip(AXES[:3], stated, strict=True)]
    codes = [_codes(leads[axis], known) for axis, known in zip(AXES[:3], names, strict=True)]
    amounts = leads["amount"].to_numpy(dtype=float)
    codes.append(
        np.where(
            np.isnan(amounts) & (len(sizes) > 1),
            -1,
            np.searchsorted(market.size_bands, amounts, side="right") % len(sizes),
        )
    )
    complete = np.all([code >= 0 for code in codes], axis=0)
    counts = np.zeros([len(row) for row in (*names, sizes)])
    np.add.at(counts, tuple(code[complete] for code in codes), 1.0)
    weeks = max((export.last_day - export.first_day).days + 1, 1) / 7
    needs = counts / max(counts.sum(), 1.0) * len(leads) / weeks
    return Cells(names[0], names[1], names[2], sizes, needs)


def _codes(column: pd.Series, names: tuple[str, ...]) -> NDArray[np.int_]:
    """Places of a log's values among names, -1 where missing; the first of them all where the log has none at all."""
    if not column.notna().any():
        return np.zeros(len(column), dtype=int)
    import pandas as pd

    return np.asarray(pd.Categorical(column, categories=pd.Index(names)).codes, dtype=int)


def seen_or_stated(column: pd.Series, stated: Iterable[str]) -> tuple[str, ...]:
    """The values of a log's column in order, or the names the scenario states where the log has none."""
    return tuple(sorted({str(value) for value in column.dropna()})) or tuple(stated)
