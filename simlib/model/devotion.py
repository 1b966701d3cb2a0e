"""How much work a deal is given: more of a seller's hours go to those that bring more (P11)."""

from __future__ import annotations

import math
from collections import defaultdict, deque

from simlib.model.attention import shared
from simlib.scenario.reactions import AccountEffort


class Devotion:
    """What each seller has met lately, stage by stage, and gives to the next deal beside that."""

    def __init__(self, rule: AccountEffort) -> None:
        self.rule = rule
        self._met: defaultdict[int, defaultdict[int, deque[float]]] = defaultdict(
            lambda: defaultdict(lambda: deque(maxlen=rule.remembers))
        )
        """By seat and stage, what the last deals promised to bring, in minor units."""

    def begin_anew(self, seat: int) -> None:
        """Somebody else holds a seat: nothing is known yet."""
        self._met.pop(seat, None)

    def level(self, seat: int, stage: int, brings: float) -> float:
        """Work given to a deal in a stage, relative to the usual: the usual hours of the last deals met there, this one
        included, are shared among them so that they bring most.

        `brings`: the seller's own pay and, as far as he cares, the firm's margin, in minor units, if it is signed.
        """
        met = self._met[seat][stage]
        met.append(max(brings, 0.0))
        share = shared(float(len(met)), productivities=met, elasticity=self.rule.response)[-1]
        return min(max(share, self.rule.least), self.rule.most)

    def log_odds(self, level: float) -> float:
        """What so much work does at the stage's gate."""
        return self.rule.log_odds * math.log(level)
