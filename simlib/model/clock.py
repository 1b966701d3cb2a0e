"""How a life goes on from event to event, and in which order the model takes what happens at the same instant.

Opening time ties a quarter of all work starts, so the order must be part of the model and not of how a heap was
filled: what ends comes first, then what arrives, then those who are free take up work, then patience ends; within
each by the number of the need or desk.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from math import inf
from typing import Any

from simpy import Environment, Event

COMPLETION, ARRIVAL, PICK_UP, EXPIRY = 1 << 40, 2 << 40, 3 << 40, 4 << 40
"""Ranks of simultaneous events; the number of a need or desk is added."""
Life = Generator[Event, Any, None]
"""What a generator function of the model returns: it yields the events that it waits for."""


class _Walk:
    """Goes on with a life at every event that it yields.

    An object, since a function that hands itself on is a cycle: every life that has ended would stay in memory.
    """

    __slots__ = ("_send",)

    def __init__(self, life: Life) -> None:
        self._send = life.send

    def __call__(self, event: Event | None) -> None:
        """`event`: what the life waited for; None at its beginning."""
        try:
            wanted = self._send(event._value if event is not None else None)
        except StopIteration:
            return
        wanted.callbacks.append(self)


def live(life: Life) -> None:
    """Let a life begin now and go on with every event that it yields.

    As `simpy.Process`, without its two events for birth and death: nobody waits for a life of the model to end, and
    they would be a fifth of all events.
    """
    _Walk(life)(None)


class Moment(Event):
    """An event that happens at a stated instant, in its order among those of the same instant."""

    def __init__(
        self, env: Environment, when: float, rank: int, callback: Callable[[Event], Any] | None = None
    ) -> None:
        """`when`: calendar hours, not before now; infinite = never. `rank`: COMPLETION, … or EXPIRY, plus a number."""
        self.env = env
        self.callbacks = [callback] if callback else []
        self._ok = True
        self._value = None
        if when < inf:
            env.schedule(self, rank, when - env.now)  # type: ignore[arg-type]
