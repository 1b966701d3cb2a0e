"""What money of other countries is worth at home, day by day: the same in every design (C5)."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY
from simlib.world.drift import walk

if TYPE_CHECKING:
    from simlib.model.channels.outlets import Layout
    from simlib.model.firm import Firm


class Exchange:
    """By channel, the rate at which what is asked there is money of the scenario's currency, relative to time zero."""

    def __init__(self, firm: Firm, layout: Layout) -> None:
        world, rule = firm.world, firm.mechanisms.exchange
        self._env, self._layout = firm.env, layout
        days = ceil(firm.end_h / HOURS_PER_DAY) + 1
        spread = rule.sd_per_year if rule else 0.0
        fair = np.arange(days) / DAYS_PER_YEAR * spread**2 / 2
        foreign = {channel.currency for channel in layout.channels} - {None, world.scenario.currency}
        steps = {name: walk(world.dice, "exchange", name, spread, days) - fair for name in foreign if name}
        at_home = [1.0] * days
        self._rates: list[list[float]] = [
            np.exp(steps[channel.currency]).tolist() if channel.currency in steps else at_home
            for channel in layout.channels
        ]

    def rate(self, party: int) -> float:
        """What a unit of money is worth now in the channel where a party sells: 1 at time zero."""
        return self._rates[self._layout.channel_of[party]][int(self._env.now / HOURS_PER_DAY)]
