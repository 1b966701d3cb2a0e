"""Who sells: sections of the market, legs of the way, teams of sellers, and each seller's slice of the accounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from simlib.org.budget import pay_per_year
from simlib.org.organisation import Position, Slice
from simlib.org.territory import Floats, Mask, Team, allot, divide, expected_hours
from simlib.scenario.designs import ROLES, Axes, Overlay
from simlib.scenario.schema import Scenario
from simlib.units import minor_units
from simlib.world.cells import AXES, Cells


@dataclass(frozen=True)
class Section:
    """A part of the market with a division of its own: what an overlay takes, or the rest."""

    unit: str
    cells: Mask
    by: tuple[str, ...]
    """Dimensions that divide it, in order."""
    pooled: bool


@dataclass(frozen=True)
class Crew:
    """A team at work: its sellers share cells and serve the same stages."""

    team: Team
    stages: range
    pooled: bool

    @property
    def scope(self) -> tuple[int, ...]:
        """Numbers of its cells."""
        return tuple(np.flatnonzero(self.team.cells.ravel()).tolist())


def crews(axes: Axes, scenario: Scenario, cells: Cells, seats: int) -> list[Crew]:
    """All teams, with their seats by expected workload: section by section, leg by leg, then divided.

    With too few seats the last overlays are served by the rest, then sellers serve more of the way.
    """
    parts = sections(axes, cells, scenario)
    kept = min(len(parts), seats) - 1
    parts = [*parts[:kept], _rest(parts[kept:])]
    way = legs(scenario, cells, axes, min(axes.relay or 1, max(seats // len(parts), 1)))
    groups = [(part, leg) for part in parts for leg in way]
    hours = {leg: expected_hours(scenario, cells, leg, axes) for leg in way}
    given = allot(seats, [float(hours[leg][part.cells].sum()) for part, leg in groups])
    found = []
    for (part, leg), count in zip(groups, given, strict=True):
        label = " / ".join(word for word in (part.unit, _stage_names(scenario, leg) if len(way) > 1 else "") if word)
        whole = Team(label, part.cells, count)
        found += [Crew(team, leg, part.pooled) for team in divide(whole, hours[leg], cells, scenario.market, part.by)]
    return _named_apart(found)


def _named_apart(found: Sequence[Crew]) -> list[Crew]:
    """Crews by different names, whatever overlays, regions and products are called."""
    taken: set[str] = set()
    apart = []
    for crew in found:
        name, count = crew.team.unit or "all", 1
        while name in taken:
            count += 1
            name = f"{crew.team.unit or 'all'} ({count})"
        taken.add(name)
        apart.append(replace(crew, team=replace(crew.team, unit=name)))
    return apart


def sections(axes: Axes, cells: Cells, scenario: Scenario) -> list[Section]:
    """What each overlay takes, in their order, and the rest by the partition; sections without cells are left out."""
    left = np.ones(cells.needs_per_week.shape, dtype=bool)
    found = []
    for unit, overlay in (axes.overlays or {}).items():
        taken = left & _taken(overlay, cells, scenario)
        left &= ~taken
        found.append(Section(unit, taken, _dimensions(overlay.partition, "none"), overlay.pooled))
    by = _dimensions(str(axes.partition), str(axes.second_line))
    found.append(Section("", left, by, bool(axes.pooled)))
    return [section for section in found if section.cells.any()]


def _dimensions(partition: str, second_line: str) -> tuple[str, ...]:
    """By the partition, then by the second line's dimension, then, near the customers, by region."""
    if partition == "none":
        return () if second_line == "none" else (second_line,)
    return tuple(dict.fromkeys(name for name in (partition, second_line, "region") if name != "none"))


def _rest(parts: Sequence[Section]) -> Section:
    """Sections put together, divided as the last of them."""
    return replace(parts[-1], cells=np.logical_or.reduce([part.cells for part in parts]))


def _taken(overlay: Overlay, cells: Cells, scenario: Scenario) -> Mask:
    """The cells that an overlay takes."""
    grades = [scenario.market.segment(name).grade for name in cells.segments]
    wanted: dict[str, Sequence[bool]] = {
        "region": [not overlay.regions or name in overlay.regions for name in cells.regions],
        "product": [not overlay.products or name in overlay.products for name in cells.products],
        "segment": [
            (not overlay.segments or name in overlay.segments) and _graded(overlay.grade, grade, grades)
            for name, grade in zip(cells.segments, grades, strict=True)
        ],
        "size": [low >= overlay.from_value for low in (0.0, *scenario.market.size_bands)],
    }
    mask = np.ones(cells.needs_per_week.shape, dtype=bool)
    for axis, name in enumerate(AXES):
        mask &= np.array(wanted[name]).reshape([-1 if other == axis else 1 for other in range(len(AXES))])
    return mask


def _graded(which: str | None, grade: int, grades: Sequence[int]) -> bool:
    """Whether a customer type is of the first or last grade; where all are of one grade none is."""
    if which is None:
        return True
    return min(grades) < max(grades) and grade == (min(grades) if which == "first" else max(grades))


def legs(scenario: Scenario, cells: Cells, axes: Axes, sellers: int) -> list[range]:
    """The stages cut into as many legs as sellers follow each other, of about equal expected hours each."""
    stages = len(scenario.stages)
    count = min(sellers, stages)
    load = [float(expected_hours(scenario, cells, range(stage, stage + 1), axes).sum()) for stage in range(stages)]
    behind = list(accumulate(load))
    cuts = [0]
    for leg in range(1, count):
        # at least one stage for this leg and for each that follows
        possible = range(cuts[-1] + 1, stages - (count - leg) + 1)
        cuts.append(min(possible, key=lambda cut: abs(behind[cut - 1] - behind[-1] * leg / count)))
    return [range(first, last) for first, last in zip(cuts, [*cuts[1:], stages], strict=True)]


def _stage_names(scenario: Scenario, leg: range) -> str:
    first, last = scenario.stages[leg[0]].name, scenario.stages[leg[-1]].name
    return first if first == last else f"{first} to {last}"


def seated(found: Sequence[Crew], axes: Axes, scenario: Scenario, cells: Cells) -> Iterator[Position]:
    """The reps, crew by crew, each where the work is; their scopes follow once it is known who else sells."""
    minor = minor_units(scenario.currency)
    count = 0
    for crew in found:
        hours = np.where(crew.team.cells, expected_hours(scenario, cells, crew.stages, axes), 0.0).sum(axis=(1, 2, 3))
        for home in homes(crew.team.seats, hours):
            count += 1
            yield Position(
                id=f"{ROLES[0]} {count}",
                role=ROLES[0],
                unit=crew.team.unit or "all",
                boss=None,
                home=cells.regions[home],
                scope=(),
                authority=limit(axes, ROLES[0], minor),
                pay_per_year=round(pay_per_year(ROLES[0], scenario.costs) * minor),
                stages=crew.stages,
            )


def slices(crew: Crew, weights: Sequence[float], list_overlap: float) -> list[Slice]:
    """The crew's accounts cut in proportion to the weights of those who serve them."""
    total, cells, start = sum(weights), crew.scope, 0.0
    found = []
    for weight in weights:
        own = weight / total
        found.append(Slice(cells, start, own, 1.0 if crew.pooled else own + list_overlap * (1 - own)))
        start += own
    return found


def limit(axes: Axes, role: str, minor: int) -> int | None:
    """Largest deal value that a role decides alone, in minor units; none = unlimited."""
    if axes.final_word in ROLES and role in ROLES and ROLES.index(role) >= ROLES.index(str(axes.final_word)):
        return None
    value = (axes.authority or {}).get(role)
    return None if value is None else round(value * minor)


def homes(seats: int, load: Floats) -> list[int]:
    """Regions of a team's seats: where the load is, by largest remainder; the heaviest ones where seats are few."""
    regions = np.flatnonzero(load) if load.any() else np.arange(len(load))
    if seats < len(regions):
        return [int(region) for region in np.sort(regions[np.argsort(-load[regions], kind="stable")[:seats]])]
    counts = allot(seats, load[regions].tolist())
    return [int(region) for region, count in zip(regions, counts, strict=True) for _ in range(count)]
