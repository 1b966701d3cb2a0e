"""The people who could be hired: one pool per role, the same whatever we choose (R)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict

from simlib.scenario.types import Frozen, PositiveInt


class Reps(Frozen):
    """The people who could be hired as reps (R)."""

    count: PositiveInt = 10
    """Reps of the baseline design, from which the people budget follows if it is not stated."""
    skill_sd: Annotated[float, Strict(), Field(ge=0, le=10)] = 0.0
    """Standard deviation of talent, in log-odds of passing a stage."""
    absence_share: Annotated[float, Strict(), Field(ge=0, lt=1)] = 0.0
    """Share of working days on which a person is absent, each day by its own draw."""


class Managers(Frozen):
    """The people above the reps."""

    absence_share: Annotated[float, Strict(), Field(ge=0, lt=1)] = 0.0


class People(Frozen):
    """Pools of people, one per role."""

    rep: Reps = Reps()
    manager: Managers = Managers()
    """All roles above the rep."""
