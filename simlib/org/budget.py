"""How many people a design may have: the same annual fixed people cost for each, the rest stays as money."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from simlib.errors import DesignError
from simlib.org.chart import chart_of
from simlib.org.organisation import Position
from simlib.scenario.costs import Costs
from simlib.scenario.designs import ROLES, SUPPORT, Axes, resolve
from simlib.scenario.positions import Seat
from simlib.scenario.schema import Scenario
from simlib.world.cells import Cells, cells_of

MOST_REPS = 20_000
"""Reps that a design may have: a world with more would not be run to its end."""


@dataclass(frozen=True)
class Heads:
    """How many people a design needs around a number of reps."""

    layers: tuple[int, ...]
    """People in each layer of the line, reps first."""
    second_line: int
    """Bosses of the second line."""
    pools: dict[str, int]
    """Support staff by pool."""

    def payroll(self, costs: Costs) -> float:
        """What they cost a year, in whole units of the currency."""
        line = sum(people * pay_per_year(role, costs) for role, people in zip(ROLES, self.layers, strict=False))
        second = self.second_line * pay_per_year(ROLES[1], costs)
        return line + second + sum(self.pools.values()) * pay_per_year(SUPPORT, costs)


def heads(reps: int, axes: Axes, cells: Cells) -> Heads:
    """The people around a number of reps: bosses as the span demands, one second boss per value, pools by share."""
    second = 0
    if axes.second_line not in (None, "none"):
        second = min(reps, len(cells.present(str(axes.second_line))))
    pools = {name: pool.count or max(1, round(pool.share * reps)) for name, pool in (axes.pools or {}).items()}
    return Heads(tuple(layer_sizes(reps, axes)), second, pools)


def layer_sizes(reps: int, axes: Axes) -> list[int]:
    """People in each layer, reps first: bosses as the span demands, up to the layers allowed or a single head."""
    sizes, span = [reps], axes.span or 1
    while len(sizes) < (axes.layers or 1) and (len(sizes) == 1 or sizes[-1] > 1):
        sizes.append(math.ceil(sizes[-1] / span))
    return sizes


def pay_per_year(role: str, costs: Costs) -> float:
    """Fixed cost of one person of a role, in whole units of the currency."""
    return costs.rep_per_year * costs.layer_pay_ratio ** (0 if role == SUPPORT else ROLES.index(role))


def salary(seat: Seat, costs: Costs) -> float:
    """Fixed cost a year of a position of a company's own chart: as stated there, else by role."""
    return pay_per_year(seat.role, costs) if seat.base_salary is None else seat.base_salary


def fixed_pay(position: Position, costs: Costs, minor: int) -> int:
    """What holding a position is paid a year, in minor units, in the world that has these costs: as agreed in a
    company's own chart, else by role."""
    return position.pay_per_year if position.pay_agreed else round(pay_per_year(position.role, costs) * minor)


def people_budget(scenario: Scenario) -> float:
    """Annual fixed people cost that every design may spend, in the scenario's currency.

    Raises DesignError if it follows from a chart that cannot be read.
    """
    costs, baseline = scenario.costs, scenario.designs[scenario.baseline]
    if costs.people_per_year is not None:
        return costs.people_per_year
    if baseline.structure is None:
        return sum(salary(seat, costs) for seat in chart_of(scenario.baseline, baseline, scenario).seats)
    axes = resolve(baseline, scenario.organisation)
    return heads(scenario.people.rep.count, axes, cells_of(scenario)).payroll(costs)


def reps_within(name: str, stated: int | None, payroll: Callable[[int], float], budget: float, costs: Costs) -> int:
    """The number of reps of a design: the stated one, or the most whose payroll the budget pays for.

    `payroll`: yearly cost of a design by its number of reps, rising. Raises DesignError if the budget pays for nobody
    or for more than MOST_REPS.
    """
    if stated:
        if stated > MOST_REPS:
            raise DesignError(f"designs.{name}.reps: got {stated:,}, must be at most {MOST_REPS:,}; state fewer")
        return stated
    if not costs.rep_per_year:
        raise DesignError(
            "costs.rep_per_year: got 0 with no number of reps, must be above 0; or state designs.NAME.reps"
        )
    # The payroll rises with every rep, so the last one paid for is found by halving.
    reps = bisect_right(range(1, MOST_REPS + 2), budget * (1 + 1e-12), key=payroll)
    if reps < 1:
        raise DesignError(
            f"designs.{name}: the people budget of {budget:,.0f} a year does not pay for one rep with the layers "
            "above; raise costs.people_per_year or lower costs.rep_per_year"
        )
    if reps > MOST_REPS:
        raise DesignError(
            f"designs.{name}: the people budget of {budget:,.0f} a year pays for more than {MOST_REPS:,} reps, must be "
            f"for at most so many; lower costs.people_per_year or people.rep.count, raise costs.rep_per_year, or state "
            f"designs.{name}.reps"
        )
    return reps
