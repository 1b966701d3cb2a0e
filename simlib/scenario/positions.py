"""What one position of a company's own chart may say, and what must hold between the positions of a chart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator

from simlib.scenario.types import Amount, Frozen, Name
from simlib.scenario.wording import LONGEST_CHOICE, choice, did_you_mean, shown, unknown

MOST_CIRCLES = 20
"""Circles in the lines of reporting that are told."""
MOST_HINTS = 40
"""Unknown bosses for whom the nearest name is looked up."""


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[Name, ...], BeforeValidator(_several, json_schema_input_type=Name | tuple[Name, ...])]
"""One name, or a list of them."""


class Seat(Frozen):
    """One position of a company's own chart, as it is written down."""

    name: Name
    """Who sits there, once in the chart."""
    role: Literal["rep", "manager", "director", "executive", "chief", "support"]
    """Reps serve customers, support staff a pool, the others lead."""
    reports_to: Name | None = None
    """Name of the boss; null = nobody."""
    second_boss: Name | None = None
    """Name of a second boss; null = none."""
    region: Names = ()
    """Regions served, the seat's own first; empty = all."""
    product: Names = ()
    """Products served; empty = all."""
    segment: Names = ()
    """Customer types served; empty = all."""
    stages: Names = ()
    """Stages that a rep serves, one behind the other; empty = all."""
    pool: Name | None = None
    """Support pool that a support position belongs to; null = one called `support`."""
    base_salary: Amount | None = None
    """Fixed cost in the scenario's currency a year; null = by role, as `costs` says."""
    authority: Amount | None = None
    """Largest deal value decided alone, in the scenario's currency; null = by role, as the axis `authority` says."""


class Wrong(NamedTuple):
    """One thing wrong with a chart."""

    seat: int | None
    """Number of the position; none if it is the chart as a whole."""
    column: str
    """Field of the position; empty if it is the position as a whole."""
    message: str


Found = Iterator[Wrong]


def faults(seats: Sequence[Seat], known: Mapping[str, Sequence[str]]) -> list[Wrong]:
    """Everything wrong between the positions of a chart, and with the names they use.

    `known`: by field (`region`, `product`, `segment`, `stages`) the names there are; one that is missing is not asked.
    """
    rules = (_people(seats), _bosses(seats), _circles(seats), _places(seats, known), _tasks(seats, known))
    return [wrong for rule in rules for wrong in rule]


def stages_served(seat: Seat, stages: Sequence[str]) -> range:
    """Numbers of the stages that a position serves; what it names must be known and lie one behind the other."""
    served = [stages.index(name) for name in seat.stages] or range(len(stages))
    return range(min(served), max(served) + 1)


def _people(seats: Sequence[Seat]) -> Found:
    for name, times in Counter(seat.name for seat in seats).items():
        if times > 1:
            again = [number for number, seat in enumerate(seats) if seat.name == name][1]
            rule = f"must be there once (tell two people apart: {shown(f'{name} 2')})"
            yield Wrong(again, "name", f"got {shown(name)} {_times(times)}, {rule}")
    if not any(seat.role == "rep" for seat in seats):
        yield Wrong(None, "", f"got no rep among {len(seats):,}, must have at least one: nobody would sell")


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count:,} times"


def _bosses(seats: Sequence[Seat]) -> Found:
    names = {seat.name for seat in seats}
    bosses = dict.fromkeys(boss for seat in seats for boss in (seat.reports_to, seat.second_boss) if boss)
    strangers = [boss for boss in bosses if boss not in names]
    near = {boss: did_you_mean(boss, names) for boss in strangers[:MOST_HINTS]}  # each looks through all names
    for number, seat in enumerate(seats):
        for column, boss in (("reports_to", seat.reports_to), ("second_boss", seat.second_boss)):
            if boss is not None and boss not in names:
                message = f"got {shown(boss)}, must be a name of this chart{near.get(boss, '')}"
                yield Wrong(number, column, message)
        if seat.second_boss is not None and seat.second_boss == seat.reports_to:
            yield Wrong(number, "second_boss", f"got {shown(seat.second_boss)}, must be another than the first boss")


def _circles(seats: Sequence[Seat]) -> Found:
    """Nobody is, over whatever line, above himself."""
    number_of = {seat.name: number for number, seat in reversed(list(enumerate(seats)))}
    above = {
        seat.name: [boss for boss in (seat.reports_to, seat.second_boss) if boss in number_of]
        for seat in reversed(seats)
    }
    for _ in range(MOST_CIRCLES):
        try:
            TopologicalSorter(above).prepare()
        except CycleError as error:
            ring = error.args[1][:0:-1]  # from a person to the boss, each once
            first = min(range(len(ring)), key=lambda at: number_of[ring[at]])
            ring = ring[first:] + ring[:first]
            person, boss = ring[0], ring[1 % len(ring)]
            column = "reports_to" if seats[number_of[person]].reports_to == boss else "second_boss"
            round_trip = " → ".join([*ring[:LONGEST_CHOICE], *(["…"] if len(ring) > LONGEST_CHOICE else []), person])
            message = f"got {shown(boss)}, which closes a circle ({round_trip}), must lead to somebody without a boss"
            yield Wrong(number_of[person], column, message)
            above[person] = [other for other in above[person] if other != boss]
        else:
            return


def _places(seats: Sequence[Seat], known: Mapping[str, Sequence[str]]) -> Found:
    for number, seat in enumerate(seats):
        for column, names in known.items():
            for name in getattr(seat, column):
                if name not in names:
                    yield Wrong(number, column, unknown(name, names))


def _tasks(seats: Sequence[Seat], known: Mapping[str, Sequence[str]]) -> Found:
    """Stages are a rep's, a pool is support staff's."""
    for number, seat in enumerate(seats):
        if seat.pool is not None and seat.role != "support":
            yield Wrong(
                number, "pool", f"got {shown(seat.pool)} for a {seat.role}, must be empty (or the role support)"
            )
        if not seat.stages:
            continue
        if seat.role != "rep":
            met = f"got {', '.join(seat.stages)} for a {seat.role}"
            yield Wrong(number, "stages", f"{met}, must be empty (only reps serve customers)")
        elif set(seat.stages) <= set(known["stages"]):
            reach = [known["stages"][stage] for stage in stages_served(seat, known["stages"])]
            if set(reach) != set(seat.stages):
                message = f"got {', '.join(seat.stages)}, must lie one behind the other (as {choice(reach)})"
                yield Wrong(number, "stages", message)
