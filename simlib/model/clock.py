"""When things happen at the same instant: the order in which the model takes them.

Opening time ties a quarter of all work starts, so the order must be part of the model and not of how a heap was
filled: what ends comes first, then what arrives, then those who are free take up work, then patience ends; within
each by the number of the need or desk.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

from simpy import Environment, Event

COMPLETION, ARRIVAL, PICK_UP, EXPIRY = 1 << 40, 2 << 40, 3 << 40, 4 << 40
"""Ranks of simultaneous events; the number of a need or desk is added."""


class Moment(Event):
    """An event that happens at a stated instant, in its order among those of the same instant."""

    def __init__(
        self, env: Environment, when: float, rank: int, callback: Callable[[Event], Any] | None = None
    ) -> None:
        """`when`: calendar hours, not before now; infinite = never. `rank`: COMPLETION, ARRIVAL, PICK_UP or EXPIRY plus a number."""
        self.env = env
        self.callbacks = [callback] if callback else []
        self._ok = True
        self._value = None
        if when < inf:
            env.schedule(self, rank, when - env.now)  # type: ignore[arg-type]
