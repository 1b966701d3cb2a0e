"""Whom does a seat ask for consent, and who decides where two bosses disagree (S3, X4)?"""

from __future__ import annotations

from typing import Protocol

from simlib.org.organisation import Organisation
from simlib.scenario.mechanisms import DualReporting


class Disputes(Protocol):
    """Who is asked what exceeds a seat's authority, by seat, and what happens if two do not agree."""

    bosses: list[int | None]
    second_bosses: list[int | None]
    """Asked beside the boss; their consent is needed too."""
    hours: float
    """Of each of the two, to settle a dispute."""

    def arbiter(self, boss: int, second: int) -> int:
        """The seat whose word counts where a boss and a second boss disagree."""


class OneBoss:
    """Dual reporting off: only the boss on the first line is asked."""

    hours = 0.0

    def __init__(self, organisation: Organisation) -> None:
        lines = [organisation.line(seat) for seat in range(len(organisation.positions))]
        self.bosses: list[int | None] = [line[1] if len(line) > 1 else None for line in lines]
        self.second_bosses: list[int | None] = [None] * len(lines)

    def arbiter(self, boss: int, second: int) -> int:
        return boss


class TwoBosses:
    """Dual reporting on. Who has no boss on the first line answers to the second one alone."""

    def __init__(self, organisation: Organisation, dual_reporting: DualReporting) -> None:
        above = [organisation.bosses(seat) for seat in range(len(organisation.positions))]
        self.bosses: list[int | None] = [bosses[0] if bosses else None for bosses in above]
        self.second_bosses: list[int | None] = [bosses[1] if len(bosses) > 1 else None for bosses in above]
        self.hours = dual_reporting.dispute_hours
        self._common_boss = organisation.common_boss

    def arbiter(self, boss: int, second: int) -> int:
        common = self._common_boss(boss, second)
        return boss if common is None else common


def dispute_rules(dual_reporting: DualReporting | None, organisation: Organisation) -> Disputes:
    """The rules of an organisation under a scenario's dual reporting."""
    return TwoBosses(organisation, dual_reporting) if dual_reporting else OneBoss(organisation)
