"""What happens whatever we choose: needs, people and doubt, drawn before any organisation acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import ndtri

from simlib.scenario.schema import Scenario
from simlib.scenario.staffing import Turnover
from simlib.world.cells import Cells, cells_of
from simlib.world.customers import Customers, draw_customers
from simlib.world.demand import Needs, draw_needs
from simlib.world.doubt import doubted
from simlib.world.draws import Dice, child_keys, key
from simlib.world.luck import Luck, luck_again
from simlib.world.tenure import Tenure, come_and_go, patience, person_key, tenures

__all__ = ["World", "draw_world", "draw_worlds"]


@dataclass(frozen=True)
class World:
    """One possible future: the same for every organisation that meets it."""

    scenario: Scenario
    """The scenario as it holds in this world: doubtful parameters have been drawn."""
    dice: Dice
    cells: Cells
    needs: Needs

    @cached_property
    def customers(self) -> Customers:
        """Who is a customer at time zero, whether or not a need arises."""
        return draw_customers(self.scenario, self.cells, self.dice)

    def people(self, role: str, count: int) -> list[int]:
        """Which person of a role's pool takes each of `count` seats: the first `count` persons in keyed order,
        so that a larger organisation holds the smaller one's people."""
        keys = child_keys(key("person", role), np.arange(count))
        return [int(person) for person in np.argsort(self.dice.column(keys, "seat"), kind="stable")]

    def luck_again(self, need: int, stage: int, rounds: int) -> Luck:
        """The luck of a need, by its row, at a stage after its deal was sent back `rounds` times."""
        return luck_again(self.scenario, self.dice, int(self.needs.keys[need]), stage, rounds)

    def talent(self, role: str, person: int, vacancy: int = 0) -> float:
        """A person's talent in log-odds; zero on average. `vacancy`: the person's replacement after so many."""
        entity = person_key(role, person, vacancy)
        return float(ndtri(self.dice.draw(entity, "talent"))) * self.scenario.people.rep.skill_sd

    def absent_days(self, role: str, person: int, days: int, vacancy: int = 0) -> set[int]:
        """Days, counted from time zero, on which a person, or the replacement after so many vacancies, is absent."""
        people = self.scenario.people
        share = people.rep.absence_share if role == "rep" else people.manager.absence_share
        if not share:
            return set()
        entity = np.array([person_key(role, person, vacancy)], dtype=np.uint64)
        return {int(day) for day in np.flatnonzero(self.dice.table(entity, "absence", np.arange(days))[0] < share)}

    def tenures(self, role: str, person: int, turnover: Turnover | None, days: int) -> list[Tenure]:
        """Who holds the seat of a person of a role's pool in so many days: the person, then each replacement."""
        return tenures(self.dice, role, person, turnover, days)

    def replacements(self, role: str, person: int, turnover: Turnover, after: Tenure) -> Iterator[Tenure]:
        """Who comes to the seat of a person of a role's pool after somebody who leaves on another day than usual."""
        since = after.vacancy + 1, after.to_day + round(turnover.vacancy_days)
        return come_and_go(self.dice, role, person, turnover, since)

    def patience(self, role: str, person: int, vacancy: int, turnover: Turnover) -> float:
        """Days for which a person, or the replacement after so many vacancies, stays at the usual rate of leaving."""
        return patience(self.dice, person_key(role, person, vacancy), turnover)


def draw_world(scenario: Scenario, *, seed: int, replication: int) -> World:
    """The world of one replication."""
    dice = Dice(seed, replication)
    drawn = doubted(scenario, dice)
    cells = cells_of(drawn)
    return World(drawn, dice, cells, draw_needs(drawn, cells, dice))


def draw_worlds(scenario: Scenario, *, seed: int, replications: int) -> Iterator[World]:
    """The worlds of replications 0, 1, ...: each depends on the seed and its own number only."""
    for replication in range(replications):
        yield draw_world(scenario, seed=seed, replication=replication)
