"""The needs that arise: when, at whose account, for what, worth how much, and with what luck.

Every column is a keyed draw (`draws.py`) on an exogenous key: an account is (region, segment, number), a need
is (account, number of the need). Adding an account, a rep or a design changes nobody else's needs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, ndtri

from simlib.scenario.schema import DemandCell, Replay, Scenario, Synthetic
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY, minor_units, on_grid
from simlib.world.cells import AXES, Cells, export_of, first_day
from simlib.world.customers import is_customer
from simlib.world.draws import Dice, Keys, child_keys, key
from simlib.world.drift import on_day, product_shares, rate_factors
from simlib.world.luck import DELAY, EFFORT, GATE, mean_delay_h, unit_gamma

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_OPENING = 1 << 40
"""First need number of an account's opening deals, far from those that arise."""


@dataclass(frozen=True)
class Arrivals:
    """Which needs arise, before any luck is drawn: one row per need, sorted by time."""

    keys: Keys
    """Exogenous key of the need."""
    accounts: Keys
    """Exogenous key of the account."""
    at_h: Floats
    region: Ints
    product: Ints
    segment: Ints
    source: NDArray[Any]
    value: Floats
    """In whole units of the currency."""
    opening: NDArray[np.bool_]
    """Under way at time zero."""


@dataclass(frozen=True)
class Needs:
    """All needs of one world and the customer's luck with each, as columns; a need is a row number."""

    keys: Keys
    accounts: Keys
    """Exogenous key of every account that has a need, by its number; rising."""
    account: Ints
    """Row number of the account among those that have a need."""
    account_share: Floats
    """Where the account falls in [0, 1) when a list is cut into slices."""
    at_h: Floats
    window_end_h: Floats
    region: Ints
    product: Ints
    segment: Ints
    size: Ints
    source: NDArray[Any]
    cell: Ints
    """Row-major number of the cell (region, product, segment, size)."""
    value: Ints
    """In minor units."""
    sound: NDArray[np.bool_]
    inbound: NDArray[np.bool_]
    existing: NDArray[np.bool_]
    """Whether the account was a customer before time zero."""
    opening: NDArray[np.bool_]
    first_stage: Ints
    """Stage at which the deal begins: 0, or later for deals under way at time zero."""
    interest_u: Floats
    """How long the customer's interest lives, as a quantile of its distribution."""
    gate_u: Floats
    """Shape (needs, stages)."""
    effort_h: Floats
    """Seller's hours, shape (needs, stages)."""
    delay_h: Floats
    """Customer's own delay after each gate, shape (needs, stages)."""

    def __len__(self) -> int:
        return len(self.at_h)

    @cached_property
    def lists(self) -> dict[str, list[Any]]:
        """The columns as lists, one list per stage or slot: an event loop reads them ten times faster than arrays."""
        return {
            name: (column.T if column.ndim == 2 else column).tolist()
            for name, column in vars(self).items()
            if isinstance(column, np.ndarray)
        }


@dataclass(frozen=True)
class _Setting:
    """What all draws of one world's needs start from."""

    scenario: Scenario
    cells: Cells
    dice: Dice


def draw_needs(scenario: Scenario, cells: Cells, dice: Dice) -> Needs:
    """Draw all needs of one world."""
    demand, setting = scenario.demand, _Setting(scenario, cells, dice)
    arrivals = _replayed(setting, demand) if isinstance(demand, Replay) else _synthetic(setting, demand)
    return _with_luck(setting, arrivals)


def run_days(scenario: Scenario) -> float:
    """Days from time zero to the end of the drain."""
    calendar = scenario.calendar
    return calendar.warm_up_days + calendar.horizon_days + calendar.drain_days


def _synthetic(setting: _Setting, demand: Synthetic) -> Arrivals:
    days = int(np.ceil(run_days(setting.scenario)))
    calm = _calm_factors(first_day(setting.scenario), days, demand)
    factors = rate_factors(demand, setting.dice, days)
    parts = [
        _cell_arrivals(setting, cell, _clock(calm * factor, cell.region, demand, setting.dice))
        for cell, factor in zip(demand.cells, factors, strict=True)
        if cell.needs_per_week
    ]
    if demand.opening_pipeline:
        parts.append(_opening(setting, demand))
    return _in_time(_joined(parts))


def _joined(parts: Sequence[Arrivals]) -> Arrivals:
    columns = {name: [vars(part)[name] for part in (_nothing(), *parts)] for name in Arrivals.__dataclass_fields__}
    return Arrivals(**{name: np.concatenate(column) for name, column in columns.items()})


def _nothing() -> Arrivals:
    none = np.empty(0, dtype=np.int64)
    keys, amounts = none.astype(np.uint64), none.astype(float)
    return Arrivals(keys, keys, amounts, none, none, none, none.astype(object), amounts, none.astype(bool))


def _in_time(arrivals: Arrivals) -> Arrivals:
    order = np.lexsort((arrivals.keys, arrivals.at_h))
    return Arrivals(**{name: column[order] for name, column in vars(arrivals).items()})


def _calm_factors(start: dt.date, days: int, demand: Synthetic) -> Floats:
    """Rate factor of each day: trend, season, weekday, month of quarter."""
    dates = [start + dt.timedelta(days=day) for day in range(days)]
    return np.array([
        (1 + demand.trend_per_year) ** (day / DAYS_PER_YEAR)
        * demand.season[date.month - 1] * demand.weekday[date.weekday()] * demand.month_of_quarter[(date.month - 1) % 3]
        for day, date in enumerate(dates)
    ])  # fmt: skip


def _clock(calm: Floats, region: str, demand: Synthetic, dice: Dice) -> Floats:
    """Mean-rate days that have passed at each midnight: the time change of the region's Poisson processes.

    Gamma factors of squared coefficient of variation (D - 1) / m, one per day, give counts of a day or longer,
    of mean m a day, the variance-to-mean ratio D.
    """
    per_day = sum(cell.needs_per_week for cell in demand.cells if cell.region == region) / 7
    spread = (demand.dispersion - 1) / per_day
    days = child_keys(key("day of a region", region), np.arange(len(calm)))
    shocks = gammaincinv(1 / spread, dice.column(days, "demand")) * spread if spread else 1.0
    return np.concatenate([[0.0], np.cumsum(calm * shocks)])


def _cell_arrivals(setting: _Setting, cell: DemandCell, clock: Floats) -> Arrivals:
    accounts = child_keys(key("account", cell.region, cell.segment), np.arange(cell.account_count()))
    per_day = cell.needs_per_week / 7 / len(accounts)
    alive, last = np.arange(len(accounts)), np.zeros(len(accounts))
    owner: list[Ints] = []
    number: list[Ints] = []
    passed: list[Floats] = []
    block = 4
    while len(alive):
        numbers = np.arange(block) + len(number) * block
        gaps = -np.log1p(-setting.dice.table(accounts[alive], "gap", numbers)) / per_day
        times = last[alive, None] + np.cumsum(gaps, axis=1)
        row, column = np.nonzero(times < clock[-1])
        owner.append(alive[row])
        number.append(numbers[column])
        passed.append(times[row, column])
        last[alive] = times[:, -1]
        alive = alive[times[:, -1] < clock[-1]]
    account = accounts[np.concatenate(owner)]
    keys = child_keys(account, np.concatenate(number))
    at_h = on_grid(np.interp(np.concatenate(passed), clock, np.arange(len(clock)) * HOURS_PER_DAY))
    return _described(setting, cell, keys, account, at_h)


def _described(setting: _Setting, cell: DemandCell, keys: Keys, accounts: Keys, at_h: Floats) -> Arrivals:
    """Product and value of the needs of one demand cell."""
    market, cells, dice = setting.scenario.market, setting.cells, setting.dice
    names = list(cell.products)
    demand = setting.scenario.demand
    assert isinstance(demand, Synthetic)
    shares = product_shares(cell, demand, dice, int(np.ceil(run_days(setting.scenario))))
    chosen = on_day(shares, (at_h / HOURS_PER_DAY).astype(np.int64), dice.column(keys, "product"))
    factor = np.array([market.product(name).value_factor for name in names])[chosen]
    value = np.rint(cell.value.median * factor * np.exp(cell.value.log_sd * ndtri(dice.column(keys, "value"))))
    product = np.array([cells.products.index(name) for name in names])[chosen]
    region, segment = cells.regions.index(cell.region), cells.segments.index(cell.segment)
    return Arrivals(
        keys=keys,
        accounts=accounts,
        at_h=at_h,
        region=np.full(len(keys), region),
        product=product,
        segment=np.full(len(keys), segment),
        source=np.full(len(keys), "", dtype=object),
        value=value,
        opening=np.zeros(len(keys), bool),
    )


def _opening(setting: _Setting, demand: Synthetic) -> Arrivals:
    """Deals under way at time zero, spread over cells by their rates (evenly where nothing else arises)."""
    dice = setting.dice
    deals = child_keys(key("opening"), np.arange(demand.opening_pipeline))
    rates = np.array([cell.needs_per_week for cell in demand.cells])
    rates = rates if rates.any() else np.ones(len(rates))
    edges, u = np.cumsum(rates) / rates.sum(), dice.column(deals, "opening cell")
    cell_of = np.minimum(np.searchsorted(edges, u, side="right"), len(rates) - 1)
    parts = []
    for index, cell in enumerate(demand.cells):
        rows = np.flatnonzero(cell_of == index)
        number = np.floor(dice.column(deals[rows], "opening account") * cell.account_count()).astype(np.uint64)
        accounts = child_keys(key("account", cell.region, cell.segment), number)
        parts.append(_described(setting, cell, child_keys(accounts, _OPENING + rows), accounts, np.zeros(len(rows))))
    return replace(_joined(parts), opening=np.ones(demand.opening_pipeline, bool))


def _replayed(setting: _Setting, demand: Replay) -> Arrivals:
    """The needs of a log; what a row leaves open is drawn from the other rows, by the row's key."""
    scenario, cells, dice = setting.scenario, setting.cells, setting.dice
    export = export_of(scenario)
    assert export is not None
    leads = export.leads
    leads = leads[leads["at_h"] < run_days(scenario) * HOURS_PER_DAY]
    keys = np.array([key("deal", deal) for deal in leads["deal_id"]], dtype=np.uint64)
    accounts = np.array([key("account", account) for account in leads["account"]], dtype=np.uint64)
    amounts = leads["amount"].to_numpy(dtype=float)
    missing = np.isnan(amounts)
    if missing.any():
        known = np.sort(amounts[~missing]) if not missing.all() else np.zeros(1)
        amounts = np.where(missing, known[np.floor(dice.column(keys, "amount") * len(known)).astype(int)], amounts)
    places = {axis: _places(leads[axis], cells.names(axis), dice.column(keys, f"missing {axis}")) for axis in AXES[:3]}
    return Arrivals(
        keys=keys,
        accounts=accounts,
        at_h=on_grid(leads["at_h"].to_numpy(dtype=float)),
        region=places["region"],
        product=places["product"],
        segment=places["segment"],
        source=leads["source"].fillna("").to_numpy(dtype=object),
        value=amounts,
        opening=np.zeros(len(leads), bool),
    )


def _places(column: pd.Series, names: Sequence[str], u: Floats) -> Ints:
    """Number of each row's name; a missing one is drawn from the other rows, or from all names where no row has one."""
    code = np.array([names.index(value) if isinstance(value, str) else -1 for value in column], dtype=int)
    known = np.sort(code[code >= 0]) if (code >= 0).any() else np.arange(len(names))
    return np.where(code < 0, known[np.floor(u * len(known)).astype(int)], code)


def _with_luck(setting: _Setting, arrivals: Arrivals) -> Needs:
    scenario, cells, dice = setting.scenario, setting.cells, setting.dice
    demand, stages, keys = scenario.demand, scenario.stages, arrivals.keys
    numbers = np.arange(len(stages))
    mean_delay = np.array([mean_delay_h(scenario, stage) for stage in stages])
    effort_u = dice.table(keys, EFFORT, numbers)
    effort = np.stack(
        [stage.effort_hours * unit_gamma(effort_u[:, number], stage.effort_scv) for number, stage in enumerate(stages)],
        axis=1,
    )
    window = -np.log1p(-dice.column(keys, "window")) * (demand.window_days or np.inf) * HOURS_PER_DAY
    accounts, account = np.unique(arrivals.accounts, return_inverse=True)
    size = np.searchsorted(scenario.market.size_bands, arrivals.value, side="right")
    place = arrivals.region, arrivals.product, arrivals.segment, size
    begun = np.floor(dice.column(keys, "opening stage") * len(stages)).astype(int)
    return Needs(
        keys=keys,
        accounts=accounts,
        account=account,
        account_share=dice.column(accounts, "list")[account],
        at_h=arrivals.at_h,
        window_end_h=on_grid(arrivals.at_h + window),
        region=arrivals.region,
        product=arrivals.product,
        segment=arrivals.segment,
        size=size,
        source=arrivals.source,
        cell=np.ravel_multi_index(place, cells.needs_per_week.shape),
        value=np.rint(arrivals.value * minor_units(scenario.currency)).astype(np.int64),
        sound=dice.column(keys, "sound") < demand.sound_share,
        inbound=arrivals.opening | (dice.column(keys, "inbound") < demand.inbound_share),
        existing=is_customer(accounts, demand.existing_share, dice)[account],
        opening=arrivals.opening,
        first_stage=np.where(arrivals.opening, begun, 0),
        interest_u=dice.column(keys, "interest"),
        gate_u=dice.table(keys, GATE, numbers),
        effort_h=on_grid(effort),
        delay_h=on_grid(-np.log1p(-dice.table(keys, DELAY, numbers)) * mean_delay),
    )
