"""Which organisations does a grid of levers hold, and what does each of them do in the same worlds?"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import pandas as pd

from simlib.decide.levers import DESIGN, Lever, State, Value, designed, levers, read, settings, with_designs
from simlib.errors import SimlibError
from simlib.org import Organisation, build
from simlib.runs.bench import Bench, lives
from simlib.runs.results import Results
from simlib.scenario import Scenario
from simlib.scenario.designs import Design
from simlib.scenario.wording import choice, did_you_mean, shown

BY_DEFAULT = ("reps", "span", "channels", "pay", "policies", "partition", "authority", "routing")
"""Levers of a grid that nobody asked for, as far as it stays small."""
MOST_BY_DEFAULT, VALUES_BY_DEFAULT = 120, 3
"""Organisations of such a grid, and values of a lever."""


@dataclass(frozen=True, eq=False)
class Grid:
    """The levers that move, and every organisation that they make."""

    levers: tuple[Lever, ...]
    states: tuple[dict[str, Value], ...]
    """Where all levers stand in each organisation, the last lever changing fastest."""
    first: int
    """Number of the organisation to start from: the baseline."""


@dataclass(frozen=True, eq=False)
class Tried:
    """A grid that was run: its organisations are designs, called by their numbers."""

    grid: Grid
    results: Results
    """Of the organisations that could be laid out, the one to start from first."""
    refused: Mapping[int, SimlibError]
    """Why others could not, by number."""


def moving(scenario: Scenario, asked: Mapping[str, Sequence[str]]) -> tuple[Lever, ...]:
    """The levers asked for, each with the values asked for and the baseline's; with none asked for, a few.

    Raises SimlibError with every fault: a lever that the scenario or its baseline does not have, a value that it cannot
    take.
    """
    known = {lever.name: lever for lever in levers(scenario)}
    start = settings(scenario, scenario.baseline)
    chosen = [_asked(known, name, texts, start) for name, texts in asked.items()]
    faults = [found for found in chosen if isinstance(found, str)]
    if faults:
        raise SimlibError("\n".join(faults))
    return tuple(found for found in chosen if isinstance(found, Lever)) or _few(known, start)


def size(moved: Sequence[Lever]) -> int:
    """Organisations of a grid of these levers."""
    return math.prod(len(lever.values) for lever in moved)


def grid(scenario: Scenario, moved: Sequence[Lever]) -> Grid:
    """Every organisation that these levers make: `size` of them."""
    names = [lever.name for lever in moved]
    starts = {design: settings(scenario, design) for design in _designs(scenario, moved)}
    combinations = [dict(zip(names, values, strict=True)) for values in product(*(lever.values for lever in moved))]
    states = tuple({**starts[str(one.get(DESIGN, scenario.baseline))], **one} for one in combinations)
    start = starts[scenario.baseline]
    return Grid(tuple(moved), states, combinations.index({name: start[name] for name in names}))


def _designs(scenario: Scenario, moved: Sequence[Lever]) -> list[str]:
    """The designs that a grid starts from, the baseline among them."""
    return [str(value) for lever in moved if lever.name == DESIGN for value in lever.values] or [scenario.baseline]


def _asked(known: Mapping[str, Lever], name: str, texts: Sequence[str], start: State) -> Lever | str:
    """The lever with the values that texts name and where it stands at first, or the complaint."""
    here = [lever for lever in known if lever in start]
    if name in known and name not in here:
        return f"--vary: got {shown(name)}, which the chart of {shown(start[DESIGN])} settles, must be {choice(here)}"
    if name not in known:
        return f"--vary: got {shown(name)}, must be {choice(here)}{did_you_mean(name, here)}"
    values: dict[Value, None] = {start[name]: None}
    try:
        values |= {read(known[name], text.strip()): None for text in texts}
    except SimlibError as error:
        return f"--vary: {error}"
    return Lever(name, in_order(known[name], values))


def in_order(lever: Lever, values: Mapping[Value, Any]) -> tuple[Value, ...]:
    """Values as the lever has them in order, others by their size."""
    place = {value: number for number, value in enumerate(lever.values)}
    numbers = all(isinstance(value, int | float) or value is None for value in values)
    if numbers:
        return tuple(sorted(values, key=lambda value: math.inf if not isinstance(value, int | float) else value))
    return tuple(sorted(values, key=lambda value: place.get(value, len(place))))


def _few(known: Mapping[str, Lever], start: State) -> tuple[Lever, ...]:
    chosen: list[Lever] = []
    for name in BY_DEFAULT:
        if name not in known or name not in start:
            continue
        values = _around(known[name], start[name])
        if len(values) * size(chosen) <= MOST_BY_DEFAULT:
            chosen.append(Lever(name, values))
    return tuple(chosen)


def _around(lever: Lever, now: Value) -> tuple[Value, ...]:
    """A few values: of whole numbers three quarters and five quarters of where it stands, else the ends and others."""
    if isinstance(now, int):
        return in_order(lever, dict.fromkeys((max(round(now * 0.75), 1), now, math.ceil(now * 1.25))))
    few = dict.fromkeys((now, lever.values[0], lever.values[-1], *lever.values))
    return in_order(lever, dict.fromkeys(list(few)[:VALUES_BY_DEFAULT]))


def run_grid(
    found: Grid, scenario: Scenario, bench: Bench, *, progress: Callable[[int], object] = lambda runs: None
) -> Tried:
    """Every organisation of a grid in every world of the bench; `progress` is called with 1 after each run.

    Raises SimlibError if the organisation to start from cannot be laid out.
    """
    order = sorted(range(len(found.states)), key=lambda number: number != found.first)
    laid_out: dict[str, tuple[Design, Organisation]] = {}
    refused: dict[int, SimlibError] = {}
    for number in order:
        try:
            design = designed(scenario, found.states[number])
            organisation = build(str(number), with_designs(scenario, {str(number): design}))
        except SimlibError as error:
            if number == found.first:
                raise
            refused[number] = error
        else:
            laid_out[str(number)] = design, organisation
    jobs = [(name, replication) for name in laid_out for replication in range(len(bench.worlds))]
    runs = lives(((laid_out[name][1], bench.worlds[number]) for name, number in jobs), workers=bench.workers)
    rows = []
    for (name, replication), (figures,) in zip(jobs, runs, strict=True):
        rows.append(figures.assign(design=name, replication=replication))
        progress(1)
    designs = with_designs(scenario, {name: design for name, (design, _) in laid_out.items()})
    organisations = {name: organisation for name, (_, organisation) in laid_out.items()}
    nothing = pd.DataFrame(columns=["design", "replication", "level", "group", "metric", "value", "unit"])
    table = pd.concat(rows, ignore_index=True)
    return Tried(found, Results(designs, bench.seed, len(bench.worlds), table, nothing, organisations), refused)
