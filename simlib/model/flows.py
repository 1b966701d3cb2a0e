"""What a seller can expect of his customers in a week: means of results that plans count, and their spread.

Known to whoever knows the list: its needs over the run, each with the chance that it becomes known and passes all
stages before effects. Which of them come when, and which pass, nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simlib.model.retention import Clientele
from simlib.odds import shifted
from simlib.org.credits import Counts
from simlib.scenario.pay_components import MONEY_MEASURES
from simlib.units import HOURS_PER_DAY
from simlib.world import World
from simlib.world.customers import Customers
from simlib.world.demand import Needs, run_days

Floats = NDArray[np.float64]


class Flow(NamedTuple):
    """A result's mean and variance in a week, as a compound Poisson flow has them."""

    mean: float
    variance: float
    """Σ chance · amount² a week: λE[D²]."""


def joined(some: Iterable[Flow]) -> Flow:
    """Flows that do not depend on each other, together."""
    parts = list(some)
    return Flow(sum(part.mean for part in parts), sum(part.variance for part in parts))


class Measured:
    """What every need counts by a rule of credit, as the event loop looks it up."""

    def __init__(self, counts: Counts, world: World, clientele: Clientele) -> None:
        needs, margin = world.needs, world.scenario.costs.margin
        self.clientele = clientele
        value = needs.value.astype(float)
        money = counts.on in MONEY_MEASURES
        full = value * (margin if counts.on == "margin" else 1.0) if money else np.ones(len(needs))
        taken = _taken(counts, world, needs)
        self.full: list[float] = np.where(taken, full, 0.0).tolist()
        """By need, at list price, in minor units or a number; then by existing customer, its renewal."""
        self.given: list[float] = np.where(taken & money, value, 0.0).tolist()
        """By need, what a discount of the whole value would take off."""
        self.newness = {"new": True, "existing": False}.get(counts.customers)
        """Which customers count: new ones, known ones, or all."""
        if counts.on == "new_customers":
            self.newness = True
        if len(clientele):
            renewals = np.array(clientele.value) * (margin if counts.on == "margin" else 1.0) if money else 1.0
            counted = _taken(counts, world, clientele.there) & (not self.newness and not counts.stages)
            self.full += np.where(counted, renewals, 0.0).tolist()
            self.given += [0.0] * len(clientele)

    def amount(self, need: int, discount: float) -> float:
        """What a deal counts at a discount, if its customer does."""
        return self.full[need] - discount * self.given[need]


def _taken(counts: Counts, world: World, rows: Needs | Customers) -> NDArray[np.bool_]:
    """Which of the needs, or customers, count by product and segment."""
    cells = world.cells
    taken = np.ones(len(rows), dtype=bool)
    for names, known, column in (
        (counts.products, cells.products, rows.product),
        (counts.segments, cells.segments, rows.segment),
    ):
        if names:
            taken &= np.isin(column, [number for number, name in enumerate(known) if name in names])
    return taken


def flows(measured: Measured, counts: Counts, world: World, owners: Sequence[int], seats: int) -> list[Flow]:
    """By seat, what its customers are expected to bring in a week. `owners`: by need, then by existing customer."""
    needs, scenario = world.needs, world.scenario
    chance = np.where(needs.inbound, 1.0, scenario.mechanisms.calls.probability if scenario.mechanisms.calls else 0.0)
    for stage in scenario.stages:
        chance = chance * shifted(stage.pass_probability, scenario.market.win_log_odds)
        if stage.name in counts.stages:
            break
    if measured.newness is not None:
        chance = chance * (needs.existing != measured.newness)
    weeks, rule = run_days(scenario) / 7, measured.clientele.rule
    times = run_days(scenario) / rule.renewal_days * rule.renewal_probability
    chance = np.append(chance, np.full(len(measured.clientele), times))
    owner, amount = np.asarray(owners), np.array(measured.full)
    mine = owner >= 0
    mine[: len(needs)] &= needs.at_h < run_days(scenario) * HOURS_PER_DAY
    mean = np.bincount(owner[mine], (chance * amount)[mine], minlength=seats) / weeks
    variance = np.bincount(owner[mine], (chance * amount**2)[mine], minlength=seats) / weeks
    return [Flow(*pair) for pair in zip(mean.tolist(), variance.tolist(), strict=True)]
