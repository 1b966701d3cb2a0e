"""Which quota does each seat begin with? Stated, by what its customers are expected to sign, or broken down (I2)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from simlib.odds import shifted
from simlib.org.credits import exact
from simlib.org.organisation import Organisation
from simlib.scenario.pay import Quota
from simlib.scenario.pay_components import MONEY_MEASURES, MONTHS_IN
from simlib.scenario.schema import Scenario, Synthetic
from simlib.units import DAYS_PER_YEAR, minor_units
from simlib.world.cells import Cells

_WEEKS_PER_MONTH = DAYS_PER_YEAR / 7 / 12
Weights = Mapping[int, Fraction]


def opening_quotas(
    quota: Quota, organisation: Organisation, scenario: Scenario, seats: Sequence[int]
) -> dict[int, Fraction]:
    """By number of the seat its quota for a whole period, in minor units or a number of deals, before season and ramp.

    `seats`: the positions on the plan. By potential, seats without customers have none and are left out. `history`
    begins with the stated amount, or else with the potential.
    """
    unit = minor_units(scenario.currency) if quota.on in MONEY_MEASURES else 1
    stretch = exact(quota.stretch)
    stated = None if quota.amount is None else exact(quota.amount) * unit * stretch
    if stated is not None and quota.method != "top_down":
        return dict.fromkeys(seats, stated)
    by_potential = quota.method != "top_down" or quota.broken_down == "potential"
    weights = potentials(quota.on, quota.period, organisation, scenario, seats) if by_potential else {}
    if stated is None:
        return {seat: amount * stretch for seat, amount in weights.items() if amount}
    return broken_down(stated, organisation, seats, weights)


def broken_down(
    amount: Fraction, organisation: Organisation, seats: Sequence[int], weights: Weights
) -> dict[int, Fraction]:
    """The firm's amount divided among regions, in them among units, in them among seats; the parts sum to it.

    At every level by the sums of the weights below, or equally where there are none.
    """
    levels: list[Callable[[int], object]] = [
        lambda seat: organisation.positions[seat].home,
        lambda seat: organisation.positions[seat].unit,
        lambda seat: seat,
    ]
    parts: list[tuple[Fraction, list[int]]] = [(amount, list(seats))]
    for level in levels:
        parts = [part for whole, members in parts for part in _divided(whole, members, level, weights)]
    return {members[0]: part for part, members in parts}


def _divided(
    whole: Fraction, members: Sequence[int], level: Callable[[int], object], weights: Weights
) -> list[tuple[Fraction, list[int]]]:
    groups: dict[object, list[int]] = {}
    for seat in members:
        groups.setdefault(level(seat), []).append(seat)
    sums = [sum((weights.get(seat, Fraction(0)) for seat in group), Fraction(0)) for group in groups.values()]
    if not any(sums):
        sums = [Fraction(1)] * len(groups)
    return [(whole * part / sum(sums), group) for part, group in zip(sums, groups.values(), strict=True)]


def potentials(
    on: str, period: str, organisation: Organisation, scenario: Scenario, seats: Sequence[int]
) -> dict[int, Fraction]:
    """By seat, what its own customers are expected to sign in a period, rounded to the minor unit or a hundredth.

    Σ cells (own share · needs · known · odds) · (1, or mean value · sound, or that · margin)

    known = inbound share, and of the others those whom a call finds; odds = Π of the stages' pass probabilities before
    effects. Only what a planner knows: no trend and season of demand, nobody's talent, no waiting.
    """
    flow = expected_a_week(on, scenario, organisation.cells).ravel()
    weeks = _WEEKS_PER_MONTH * MONTHS_IN[period]
    places = minor_units(scenario.currency) if on in MONEY_MEASURES else 100
    scale = 1 if on in MONEY_MEASURES else places
    found = {}
    for seat in seats:
        share = sum(part.share * flow[list(part.cells)].sum() for part in organisation.positions[seat].scope)
        found[seat] = Fraction(round(float(share) * weeks * places), scale)
    return found


def expected_a_week(on: str, scenario: Scenario, cells: Cells) -> NDArray[np.float64]:
    """What is expected to be signed a week in each cell, in whole units of currency or deals; shape of the cells.

    Raises ValueError for a replayed log, whose values nobody has stated.
    """
    demand = scenario.demand
    if not isinstance(demand, Synthetic):
        raise ValueError("expected_a_week: got a replay, must be stated demand")
    calls = scenario.mechanisms.calls
    known = demand.inbound_share + (1 - demand.inbound_share) * (calls.probability if calls else 0.0)
    odds = math.prod(shifted(stage.pass_probability, scenario.market.win_log_odds) for stage in scenario.stages)
    if on not in MONEY_MEASURES:
        return cells.needs_per_week * (known * odds)
    earned = known * odds * demand.sound_share * (scenario.costs.margin if on == "margin" else 1.0)
    return _values_a_week(scenario, demand, cells) * earned


def _values_a_week(scenario: Scenario, demand: Synthetic, cells: Cells) -> NDArray[np.float64]:
    """Value of the needs that arise in a week: the mean of a log-normal, median · e^(s²/2), of which the part
    Φ((ln b − ln median) / s − s) lies in deals below b."""
    values = np.zeros_like(cells.needs_per_week)
    bands = np.array(scenario.market.size_bands)
    for cell in demand.cells:
        weight = sum(cell.products.values())
        for product, share in cell.products.items():
            median = cell.value.median * scenario.market.products[product].value_factor
            spread = cell.value.log_sd
            below = ndtr(np.log(bands / median) / spread - spread) if spread else (bands > median).astype(float)
            by_size = np.diff(np.concatenate([[0.0], below, [1.0]]))
            place = cells.regions.index(cell.region), cells.products.index(product), cells.segments.index(cell.segment)
            values[place] += cell.needs_per_week * share / weight * median * math.exp(spread**2 / 2) * by_size
    return values
