"""New hires begin slowly: the hours that work takes on a seat whose people come, learn and go."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from simlib.model.behaviour import ramp_hours, ramp_labour


class Pace:
    """What a seat has done after so many hours of work, at full speed but for the ramp of each replacement.

    A task takes until the work done has grown by its labour, whoever does it: one that a leaver did not finish is
    finished at the replacement's speed.
    """

    def __init__(self, begins: Sequence[float], start_speed: float, ramp: float) -> None:
        """`begins`: by replacement, hours worked on the seat before. `ramp`: hours of work until full speed."""
        self._start_speed, self._ramp = start_speed, ramp
        self._begins = [0.0, *begins]
        self._done = [0.0]
        """Work done before each of them, in hours at full speed."""
        for before, (begin, end) in enumerate(zip(self._begins, self._begins[1:], strict=False)):
            self._done.append(self._done[-1] + self._labour(before, end - begin))

    def hours(self, worked: float, labour: float) -> float:
        """Hours that work of so much labour takes, begun after so many hours of work on the seat."""
        one = bisect_right(self._begins, worked) - 1
        wanted = self._done[one] + self._labour(one, worked - self._begins[one]) + labour
        one = max(bisect_right(self._done, wanted) - 1, one)
        return self._begins[one] + self._hours(one, wanted - self._done[one]) - worked

    def _labour(self, one: int, hours: float) -> float:
        """Work done by the seat's n-th person in the first so many hours; the first of all has learned before."""
        return ramp_labour(hours, self._start_speed, self._ramp) if one else hours

    def _hours(self, one: int, labour: float) -> float:
        return ramp_hours(labour, self._start_speed, self._ramp) if one else labour
