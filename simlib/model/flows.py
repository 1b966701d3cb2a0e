"""What a seller can expect of his customers in a week: means of results that plans count, and their spread.

Known to whoever knows the list: its needs over the run, each with the chance that it becomes known and passes all
stages before effects. Which of them come when, and which pass, nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simlib.model.churn import share_there
from simlib.model.clientele import Clientele
from simlib.odds import shifted
from simlib.org.credits import Counts
from simlib.scenario.pay_components import MONEY_MEASURES
from simlib.units import HOURS_PER_DAY
from simlib.world import World
from simlib.world.customers import Customers
from simlib.world.demand import Needs, run_days

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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
        taken = counted(counts, world, needs)
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
            credited = counted(counts, world, clientele.there) & (not self.newness and not counts.stages)
            self.full += np.where(credited, renewals, 0.0).tolist()
            self.given += [0.0] * len(clientele)

    def amount(self, need: int, discount: float) -> float:
        """What a deal counts at a discount, if its customer does."""
        return self.full[need] - discount * self.given[need]


def counted(counts: Counts, world: World, rows: Needs | Customers) -> NDArray[np.bool_]:
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


class Parts(NamedTuple):
    """How the credit for a deal is divided, by seat of who signs it."""

    owner: list[float]
    """Of who signs, where others served the deal before."""
    helpers: list[float]
    """Of those others together."""

    def of(self, hands: Sequence[int]) -> list[tuple[int, float]]:
        """Each one's part where the first of `hands` signs and the others worked on the deal."""
        owner, *others = hands
        if not others:
            return [(owner, 1.0)]
        part = self.helpers[owner] / len(others)
        return [(owner, self.owner[owner]), *((seat, part) for seat in others)]


def known_chance(world: World) -> Floats:
    """By need, the chance that it arises in the run and becomes known."""
    needs, calls = world.needs, world.scenario.mechanisms.calls
    chance = np.where(needs.inbound, 1.0, calls.probability if calls else 0.0)
    return np.where(needs.at_h < run_days(world.scenario) * HOURS_PER_DAY, chance, 0.0)


def flows(measured: Measured, counts: Counts, world: World, lists: Sequence[Ints], parts: Parts) -> list[Flow]:
    """By seat, what its customers are expected to bring in a week.

    `lists`: by stage, the seat on whose list each need's account stands, -1 where on none. A signature is credited to
    who serves the last stage and, in part, to those who serve others; a stage to who serves it.
    """
    needs, scenario = world.needs, world.scenario
    chance = known_chance(world)
    last = len(scenario.stages) - 1
    for number, stage in enumerate(scenario.stages):
        chance = chance * shifted(stage.pass_probability, scenario.market.win_log_odds)
        if stage.name in counts.stages:
            last = number
            break
    if measured.newness is not None:
        chance = chance * (needs.existing != measured.newness)
    amounts, seats, weeks = np.array(measured.full), len(parts.owner), run_days(scenario) / 7
    amount, renewed = amounts[: len(needs)], amounts[len(needs) :]
    mean, variance = np.zeros(seats), np.zeros(seats)
    for seat, share in _credited([lists[last]] if counts.stages else lists, parts):
        mine = seat >= 0
        part = (share * amount)[mine]
        mean += np.bincount(seat[mine], chance[mine] * part, minlength=seats)
        variance += np.bincount(seat[mine], chance[mine] * part**2, minlength=seats)
    clientele = measured.clientele
    owner = np.asarray(clientele.owners, dtype=np.int64)
    rule, days = clientele.rule, run_days(scenario)
    mine, times = owner >= 0, days / rule.renewal_days * rule.renewal_probability
    times *= share_there(rule.leaving_rate_per_year, days)
    mean += np.bincount(owner[mine], times * renewed[mine], minlength=seats)
    variance += np.bincount(owner[mine], times * renewed[mine] ** 2, minlength=seats)
    return [Flow(*pair) for pair in zip((mean / weeks).tolist(), (variance / weeks).tolist(), strict=True)]


def _credited(lists: Sequence[Ints], parts: Parts) -> Iterator[tuple[Ints, Floats]]:
    """By need, a seat that is credited and its share: who serves the last stage first, then the others, each once."""
    *others, closer = dict.fromkeys(map(tuple, lists)) if len(lists) > 1 else [tuple(lists[0])]
    signs = np.array(closer, dtype=np.int64)  # empty where nothing arises
    helping: list[Ints] = []
    for row in others:
        seat = np.array(row, dtype=np.int64)
        again = np.any([seat == other for other in (signs, *helping)], axis=0)
        helping.append(np.where(again, -1, seat))
    count = np.sum([seat >= 0 for seat in helping], axis=0) if helping else np.zeros(len(signs))
    owner, helpers = np.array(parts.owner)[signs], np.array(parts.helpers)[signs]
    yield signs, np.where(count > 0, owner, 1.0)
    for seat in helping:
        yield seat, helpers / np.maximum(count, 1)
