"""What a yardstick is: a scenario that reduces to a formula by its settings alone, and what to read off its ledgers.

Rates are per unit of time, in whatever unit they are given; a run takes a power of ten of hours for it (`Span`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simlib.errors import SimlibError
from simlib.ledger import Ledger
from simlib.scenario.schema import Scenario
from simlib.scenario.wording import shown, unknown
from simlib.verify.theory import Quantities

Parameters = dict[str, Any]
"""A yardstick's parameters by name: numbers, a list of rates, or a word; `customers` counts those measured in
a replication."""

LEAST_CUSTOMERS, MOST_CUSTOMERS = 100, 1_000_000
"""Customers measured in a replication."""
_MOST_DRAINED = 5_000
"""Customers that may come during the drain, beyond as many as are measured."""
PATIENCE = 7.0
"""Relaxation times of warm-up: what is left of the empty start is below e⁻⁷, and falls on."""
_LONGEST_HOURS, _FASTEST_PER_HOUR = 80_000.0, 100.0


@dataclass(frozen=True)
class Plan:
    """How long a run must be, known from theory before it."""

    arrival_rate: float
    fastest: float
    """The largest of all rates."""
    deviations: Quantities
    """By quantity: its standard deviation over long runs, times the square root of the customers measured."""
    relaxation: float = 0.0
    """Time in which what is left of the start falls to 1/e."""
    drain: float = 0.0
    """Time after which everybody who came before is practically certain to be served."""


@dataclass(frozen=True)
class Span:
    """The phases of one replication."""

    hour: float
    """Hours in one unit of the rates' time."""
    warm_up: float
    """In units of the rates' time, as the next two."""
    horizon: float
    drain: float
    start_up_bias: float
    """Largest part of a figure that may be missing because the run began empty."""

    def days(self) -> dict[str, float]:
        """The phases as a scenario's calendar states them."""
        phases = {"warm_up_days": self.warm_up, "horizon_days": self.horizon, "drain_days": self.drain}
        return {name: phase * self.hour / 24 for name, phase in phases.items()}


def span(plan: Plan, customers: int) -> Span:
    """Phases for so many customers. The warm-up is never longer than the horizon; where that is too short for the
    relaxation, `start_up_bias` says so."""
    horizon = customers / plan.arrival_rate
    warm_up = min(PATIENCE * plan.relaxation, horizon)
    left = math.exp(-warm_up / plan.relaxation) * min(1.0, plan.relaxation / horizon) if plan.relaxation else 0.0
    drain = min(plan.drain, horizon + _MOST_DRAINED / plan.arrival_rate)
    return Span(_hour(max(horizon, drain), plan.fastest), warm_up, horizon, drain, left)


def _hour(longest: float, fastest: float) -> float:
    """A power of ten of hours for the unit of time: one hour, unless the calendar would not hold the run or the grid of
    times would be too coarse for the fastest rate."""
    power = 0
    while fastest / 10.0**power > _FASTEST_PER_HOUR:
        power += 1
    while longest * 10.0**power > _LONGEST_HOURS:
        power -= 1
    return 10.0**power


@dataclass(frozen=True)
class Yardstick:
    """An answer known in advance, and the run that must give it."""

    name: str
    about: str
    """The case and its formula, in one line."""
    defaults: Mapping[str, Any]
    """Every parameter with its default, which also tells its kind."""
    precision: float
    """Half-width of the interval, relative to the theory, at which a quantity counts as measured."""
    theory: Callable[[Parameters], Quantities]
    plan: Callable[[Parameters], Plan]
    scenario: Callable[[Parameters, Span], Scenario]
    measure: Callable[[Mapping[str, Ledger], Parameters, float], Quantities]
    """From the ledgers of one replication, by design, and the hours in a unit of time; NaN where somebody was not
    served before the run ended."""
    roots: frozenset[str] = frozenset()
    """Quantities that are measured squared: the mean of the squares has an interval, and so has its root."""
    inverses: frozenset[str] = frozenset()
    """Quantities that are measured inverted: the mean of the inverses has an interval, and so has its inverse."""
    identities: Mapping[str, str] = field(default_factory=dict)
    """Quantities that must equal another measured one, its theory, in every replication."""
    through: str = "run"
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Words that a parameter may be, where it is one."""

    def exact(self, quantity: str) -> bool:
        """Whether a quantity is an identity rather than an estimate."""
        return quantity in self.identities

    def parameters(self, stated: Mapping[str, Any]) -> Parameters:
        """Its parameters with the stated ones put in; SimlibError for an unknown name or a value of another kind."""
        chosen = settled_parameters(self.name, self.defaults, stated)
        for name, words in self.choices.items():
            if chosen[name] not in words:
                raise SimlibError(f"{self.name}.{name}: {unknown(str(chosen[name]), words)}")
        customers = stated.get("customers")
        return {**chosen, "customers": None if customers is None else _customers(f"{self.name}.customers", customers)}


def settled_parameters(name: str, defaults: Mapping[str, Any], stated: Mapping[str, Any]) -> Parameters:
    """A yardstick's parameters with the stated ones put in, `customers` left out; SimlibError for an unknown name or a
    value of another kind."""
    for key in stated:
        if key not in (*defaults, "customers"):
            raise SimlibError(f"{name}.{key}: {unknown(key, [*defaults, 'customers'])}")
    return {key: _of_kind(f"{name}.{key}", stated.get(key, usual), usual) for key, usual in defaults.items()}


def _of_kind(place: str, value: Any, usual: Any) -> Any:
    """The value in the kind of the default: a word, a list of numbers, a whole number, or a number."""
    if isinstance(usual, str):
        return value
    if isinstance(usual, tuple):
        if not isinstance(value, list | tuple):
            raise SimlibError(f"{place}: got {shown(value)}, must be a list of numbers such as {list(usual)}")
        return [_number(f"{place}.{index}", part) for index, part in enumerate(value)]
    return _whole(place, value) if isinstance(usual, int) else _number(place, value)


def _number(place: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e15 < value < 1e15:
        raise SimlibError(f"{place}: got {shown(value)}, must be a number")
    return float(value)


def _whole(place: str, value: Any) -> int:
    number = _number(place, value)
    if number != int(number):
        raise SimlibError(f"{place}: got {shown(value)}, must be a whole number")
    return int(number)


def _customers(place: str, value: Any) -> int:
    number = _whole(place, value)
    if not LEAST_CUSTOMERS <= number <= MOST_CUSTOMERS:
        raise SimlibError(f"{place}: got {shown(value)}, must be from {LEAST_CUSTOMERS} to {MOST_CUSTOMERS:,}")
    return number
