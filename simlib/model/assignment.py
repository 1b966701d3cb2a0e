"""Who serves which need, how well and how far away, as long as the customers are divided in one way.

Laid out before the event loop looks it up, and anew when customers are divided anew (`review.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

import numpy as np
from numpy.typing import NDArray

from simlib.model.behaviour import craft, knowledge, road_hours
from simlib.org.lists import candidates, holders
from simlib.org.organisation import Organisation
from simlib.org.territory import expected_hours
from simlib.scenario.mechanisms import Calls, Mechanisms
from simlib.units import on_grid
from simlib.world import World

Row = tuple[float, int, int]
"""Instant, need, and the seat that wants to call it, -1 if it announces itself."""


class Assignment:
    """An organisation's division of the customers, met by a world."""

    def __init__(self, organisation: Organisation, world: World, mechanisms: Mechanisms) -> None:
        self.organisation = organisation
        self.knowledge, self.craft, self.road = _abilities(organisation, world, mechanisms)
        self.pace = [[exp(-x) for x in row] for row in self.knowledge]
        self.craft_pace = [[exp(-x) for x in row] for row in self.craft]
        self.stages = [position.stages for position in organisation.positions]
        """By seat, the stages that it serves."""
        legs = [Leg(organisation, world, stages) for stages in organisation.legs]
        self.leg_of = [leg for leg, stages in zip(legs, organisation.legs, strict=True) for _ in stages]
        """By stage, the leg of the way that it belongs to."""

    def closer(self, need: int, seat: int) -> int:
        """Who is to sign a deal on which a seat works: itself, unless the last stage is somebody else's."""
        last = len(self.leg_of) - 1
        owner = seat if last in self.stages[seat] else self.leg_of[last].owners[need]
        return owner if owner >= 0 else seat

    def go_on_from(self, before: Assignment) -> None:
        """Take turns as if customers had not been divided anew."""
        for leg in dict.fromkeys(self.leg_of):
            leg.go_on_from(before.leg_of[leg.first_stage])


class Leg:
    """A leg of the way as the event loop looks it up: who serves which need on it."""

    def __init__(self, organisation: Organisation, world: World, stages: range) -> None:
        self.number, self.first_stage = organisation.legs.index(stages), stages.start
        self.candidates = candidates(organisation, stages)
        """By cell, the seats that serve it."""
        self.lists = holders(organisation, stages, world.needs.cell, world.needs.account_share)
        """By slot, the seat on whose list each need's account stands."""
        self.owners: list[int] = self.lists[0].tolist()
        self._teams = {rivals: number for number, rivals in enumerate(dict.fromkeys(self.candidates))}
        self.team = [self._teams[rivals] for rivals in self.candidates]
        """By cell, the number of its candidates' team: who take turns together."""
        self.turns = [0] * len(self._teams)
        """By team, how many leads it has been given; if its first turn is another seat's than its first, more."""
        self.given, self.last_given = 0, [0] * len(organisation.positions)
        """Leads given so far, and by seat which of them was its last; 0 = none."""

    def go_on_from(self, before: Leg) -> None:
        """Whose turn it is, as customers are divided anew: a team that stays goes on, a new one begins with whoever
        was given a lead the longest ago."""
        self.given = before.given
        self.last_given[: len(before.last_given)] = before.last_given  # a change of designs may bring further seats
        for rivals, team in self._teams.items():
            longest = min(range(len(rivals)), key=lambda place: self.last_given[rivals[place]])
            stays = before._teams.get(rivals)
            self.turns[team] = longest if stays is None else before.turns[stays]


def _abilities(
    organisation: Organisation, world: World, mechanisms: Mechanisms
) -> tuple[list[list[float]], list[list[float]], list[list[float]]]:
    """By seat: knowledge in log-odds by cell, craft in log-odds by stage, road hours of a visit by region."""
    focus, travel, scenario = mechanisms.focus, mechanisms.travel, world.scenario
    shape, seats, stages = organisation.cells.needs_per_week.shape, len(organisation.positions), len(scenario.stages)
    known = [[0.0] * int(np.prod(shape))] * seats
    crafts = [[0.0] * stages] * seats
    road = [[0.0] * shape[0]] * seats
    if focus:
        hours = [
            float(expected_hours(scenario, organisation.cells, range(k, k + 1), organisation.axes).sum())
            for k in range(stages)
        ]
        known = [knowledge(organisation, seat, focus, scenario.market).tolist() for seat in range(seats)]
        crafts = [craft(position.stages, hours, focus) for position in organisation.positions]
    if travel:
        road = [road_hours(organisation, seat, travel, scenario.market).tolist() for seat in range(seats)]
    return known, crafts, road


def agenda(
    world: World, lists: Sequence[NDArray[np.int64]], calls: Calls | None, *, from_h: float, end_h: float
) -> list[Row]:
    """What comes by itself from an instant on, in the order of time.

    `lists`: by slot, the seat on whose list each need's account stands, -1 where there is none. A caller wants to call
    at any time while the need is open to sellers; his draws are keyed by need and slot.
    """
    needs = world.needs
    inbound = np.flatnonzero(needs.inbound)
    parts = [(needs.at_h[inbound], inbound, np.full(len(inbound), -1))]
    open_h = needs.window_end_h - needs.at_h
    for slot, seats in enumerate(lists if calls else ()):
        assert calls is not None
        wanted = world.dice.column(needs.keys, "call", slot) < calls.probability
        rows = np.flatnonzero(wanted & ~needs.inbound & (seats >= 0))
        calls_at = needs.at_h[rows] + on_grid(open_h[rows] * world.dice.column(needs.keys[rows], "call time", slot))
        within = calls_at < end_h
        parts.append((calls_at[within], rows[within], seats[rows][within]))
    at, need, seat = (np.concatenate([part[column] for part in parts]) for column in range(3))
    order = np.lexsort((seat, need, at))
    order = order[np.searchsorted(at[order], from_h) :]
    return list(zip(at[order].tolist(), need[order].tolist(), seat[order].tolist(), strict=True))
