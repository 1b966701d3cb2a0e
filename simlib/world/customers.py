"""The accounts that are customers at time zero: where they are, what they buy again, when their rounds begin.

All draws are keyed by the account, which is the same account whose needs arise (`demand.py`); also those of whom no
need arises in the run are customers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from simlib.scenario.schema import DemandCell, Scenario, Synthetic
from simlib.units import minor_units
from simlib.world.cells import Cells
from simlib.world.draws import Dice, Keys, child_keys, key

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Customers:
    """One row per customer, in the order of the demand cells and of the accounts in each."""

    keys: Keys
    """Exogenous key of the account."""
    account_share: Floats
    """Where the account falls in [0, 1) when a list is cut into slices."""
    region: Ints
    product: Ints
    """What the customer buys again."""
    segment: Ints
    cell: Ints
    """Row-major number of the cell (region, product, segment, size)."""
    value: Ints
    """Of a deal drawn for the customer from its cell's values, in minor units."""
    renewal_u: Floats
    """When the first renewal comes, as a share of the time between renewals."""
    care_u: Floats
    """When the first care is due, as a share of the time between cares."""

    def __len__(self) -> int:
        return len(self.keys)


def is_customer(accounts: Keys, existing_share: float, dice: Dice) -> NDArray[np.bool_]:
    """Which accounts were customers before time zero."""
    return np.asarray(dice.column(accounts, "customer") < existing_share)


def draw_customers(scenario: Scenario, cells: Cells, dice: Dice) -> Customers:
    """All customers of one world; none where a log is replayed, which does not name those who ask for nothing."""
    share = scenario.demand.existing_share
    return joined(
        _of_cell(scenario, cell, accounts[is_customer(accounts, share, dice)], cells, dice)
        for cell, accounts in _accounts(scenario)
    )


def draw_prospects(scenario: Scenario, cells: Cells, dice: Dice, arisen: Keys) -> Customers:
    """Those who may become customers in the run: accounts of which some need arises, and that are no customers yet.

    What they would buy again is drawn as that of all customers. `arisen`: keys of the accounts of all needs.
    """
    share = scenario.demand.existing_share
    return joined(
        _of_cell(scenario, cell, accounts[~is_customer(accounts, share, dice) & np.isin(accounts, arisen)], cells, dice)
        for cell, accounts in _accounts(scenario)
    )


def joined(parts: Iterable[Customers]) -> Customers:
    """Customers behind each other."""
    some = list(parts) or [nobody()]
    return Customers(
        **{name: np.concatenate([vars(part)[name] for part in some]) for name in Customers.__dataclass_fields__}
    )


def _accounts(scenario: Scenario) -> Iterator[tuple[DemandCell, Keys]]:
    """The accounts of each cell that is stated."""
    for cell in scenario.demand.cells if isinstance(scenario.demand, Synthetic) else ():
        yield cell, child_keys(key("account", cell.region, cell.segment), np.arange(cell.account_count()))


def _of_cell(scenario: Scenario, cell: DemandCell, keys: Keys, cells: Cells, dice: Dice) -> Customers:
    market = scenario.market
    weights = np.cumsum(list(cell.products.values()))
    chosen = np.searchsorted(weights / weights[-1], dice.column(keys, "customer product"), side="right")
    names = list(cell.products)
    factor = np.array([market.product(name).value_factor for name in names])[chosen]
    spread = np.exp(cell.value.log_sd * ndtri(dice.column(keys, "customer value")))
    value = np.rint(cell.value.median * factor * spread)
    region = np.full(len(keys), cells.regions.index(cell.region))
    product = np.array([cells.products.index(name) for name in names])[chosen]
    segment = np.full(len(keys), cells.segments.index(cell.segment))
    size = np.searchsorted(market.size_bands, value, side="right")
    return Customers(
        keys=keys,
        account_share=dice.column(keys, "list"),
        region=region,
        product=product,
        segment=segment,
        cell=np.ravel_multi_index((region, product, segment, size), cells.needs_per_week.shape),
        value=np.rint(value * minor_units(scenario.currency)).astype(np.int64),
        renewal_u=dice.column(keys, "first renewal"),
        care_u=dice.column(keys, "first care"),
    )


def nobody() -> Customers:
    """No customers."""
    none, numbers = np.empty(0, dtype=np.int64), np.empty(0)
    return Customers(none.astype(np.uint64), numbers, none, none, none, none, none, numbers, numbers)
