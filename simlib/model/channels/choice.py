"""Where a customer learns and where he buys: the best of all open ways, and what would be the next best (3.5, C11, X7).

All that belongs to the customer is drawn before time starts and is keyed by need or account, and by the channel's name:
the same customer has the same taste whatever is open.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simlib.model.channels.outlets import Layout, Outlet
from simlib.model.channels.service import Service
from simlib.scenario.channels import Buying
from simlib.world import World
from simlib.world.draws import Dice, Keys

Floats = NDArray[np.float64]
NOWHERE = -1
"""Channel of who does not buy."""
FORCE = -1
"""Outlet of who buys of the own force: its sellers come to him."""
_NEIGHBOURS = 2
"""Outlets of a channel that a customer thinks of: whoever is nearest on either side."""


class Option(NamedTuple):
    """One way for a customer."""

    gets: float
    """What he gets of it, as a share of the list price."""
    channel: int
    """-1 = nowhere."""
    outlet: int
    """Number of the party; -1 = nowhere, or the own force."""
    learnt: int
    """Where he learns: the outlet as a rule."""


Asked = Callable[[int, int], float]
"""What is asked by a channel at an outlet, relative to the list price."""
STAYS_AWAY = Option(0.0, NOWHERE, NOWHERE, NOWHERE)


Visitors = dict[tuple[int, int], list[Outlet]]
"""By region and channel, outlets of other regions that offer goods there."""


class Streets:
    """Where customers and outlets are along their regions."""

    def __init__(self, world: World, layout: Layout, service: Service, visitors: Visitors) -> None:
        self._sells, self._visitors = service.sells, visitors
        accounts = world.needs.accounts[world.needs.account]
        self._where: list[float] = world.dice.column(accounts, "place in the region").tolist()
        self._region: list[int] = world.needs.region.tolist()
        regions = range(len(world.cells.regions))
        self._outlets = [
            None if channel.pursued else [layout.of_channel(number, region) for region in regions]
            for number, channel in enumerate(layout.channels)
        ]

    def near(self, need: int, channel: int) -> list[tuple[int, float]]:
        """Outlets of a channel to which a customer may go, the nearest first, each with its distance, and the nearest
        of those that come from elsewhere; the own force comes to him."""
        outlets = self._outlets[channel]
        if outlets is None:
            return [(FORCE, 0.0)]
        where = self._where[need]
        ways = [
            (abs(outlet.place - where) if outlet.region >= 0 else 0.0, outlet.number)
            for outlet in outlets[self._region[need]]
            if self._sells[outlet.number]
        ]
        near = [(number, distance) for distance, number in sorted(ways)[:_NEIGHBOURS]]
        come = self._visitors.get((self._region[need], channel), ())
        visitors = [outlet for outlet in come if self._sells[outlet.number]]
        if visitors:
            distance, number = min((abs(outlet.place - where), outlet.number) for outlet in visitors)
            near.append((number, distance))
        return near


class Regulars:
    """Buying off: everybody comes to the first channel, to the outlet that is nearest."""

    def __init__(self, world: World, layout: Layout, service: Service) -> None:
        self._streets = Streets(world, layout, service, {})

    def options(self, need: int, channels: Sequence[int], price: Asked) -> list[Option]:
        """The one way that is open; none where the first channel is not offered."""
        ways = [(channel, outlet) for channel in channels[:1] for outlet, _ in self._streets.near(need, channel)[:1]]
        return [*(Option(0.0, channel, outlet, outlet) for channel, outlet in ways), STAYS_AWAY]

    def meet(self, *, comparable: float, going: float) -> None:
        """Nobody looks elsewhere, whatever the firm does about it."""


class Customers:
    """Everybody's tastes: which ways are open to a need, and what each is worth."""

    def __init__(self, world: World, layout: Layout, service: Service, rule: Buying, visitors: Visitors) -> None:
        needs, dice = world.needs, world.dice
        self._rule, self._layout, self._service = rule, layout, service
        accounts = needs.accounts[needs.account]
        low, high = rule.worth
        self._worth: list[float] = (low + (high - low) * dice.column(needs.keys, "worth")).tolist()
        self._streets = Streets(world, layout, service, visitors)
        self._ignorance: list[float] = _ignorance(world, rule).tolist()
        """By need, the share of worth that is lost without advice."""
        self._elsewhere: list[float] = dice.column(needs.keys, "looks elsewhere").tolist()
        self._comparable, self._going = 1.0, 1.0
        self._away: list[float] = (rule.noise * _gumbel(dice, needs.keys, "buys nowhere")).tolist()
        named = list(zip(layout.channel_names, layout.channels, strict=True))
        self._taste: list[list[float]] = [
            (rule.noise * _gumbel(dice, needs.keys, f"likes {name}") - rule.waiting * channel.delivery_days).tolist()
            for name, channel in named
        ]
        self._knows: list[list[bool]] = [
            (dice.column(accounts, f"knows {name}") < channel.known).tolist() for name, channel in named
        ]

    def meet(self, *, comparable: float, going: float) -> None:
        """From now on a firm does something about customers who look elsewhere: only a share of them go, and to them a
        good is worth only a share of what it is to others."""
        self._comparable, self._going = comparable, going

    def options(self, need: int, channels: Sequence[int], price: Asked) -> list[Option]:
        """Every way that is open to a need, the best first; of equal ones the first channel, then the nearest.

        `channels`: those that are open. `price`: by channel and outlet, relative to the list price.
        """
        known = (number for number in channels if self._knows[number][need])
        there = {number: places for number in known if (places := self._places(need, number))}
        options = []
        for number, places in there.items():
            taste = self._taste[number][need]
            for outlet, way in places:
                gets = self._good(need, (number, outlet), (number, outlet)) - price(number, outlet) - way + taste
                options.append(Option(gets, number, outlet, outlet))
        if self._elsewhere[need] < self._rule.looks_elsewhere * self._going:
            for (learns, near), (buys, places) in product(there.items(), there.items()):
                if learns == buys or self._layout.channels[learns].pursued:
                    continue
                shop, way = near[0]
                for outlet, further in places:
                    good = self._good(need, (buys, outlet), (learns, shop)) * self._comparable
                    gets = good - price(buys, outlet) - way - further
                    options.append(Option(gets + self._taste[buys][need], buys, outlet, shop))
        options.append(STAYS_AWAY._replace(gets=self._away[need]))
        return sorted(options, key=lambda option: -option.gets)

    def _good(self, need: int, bought: tuple[int, int], learnt: tuple[int, int]) -> float:
        """What a good is worth that is bought in one place by who learnt in another, each a channel and its outlet."""
        channels, service = self._layout.channels, self._service
        (channel, outlet), (adviser, shop) = bought, learnt
        advice = channels[adviser].advice if shop == FORCE else service.advice[shop]
        acceptance = channels[channel].acceptance if outlet == FORCE else service.acceptance[outlet]
        return self._worth[need] * acceptance * (1 - self._ignorance[need] * (1 - advice))

    def _places(self, need: int, channel: int) -> list[tuple[int, float]]:
        """Outlets of a channel that a customer thinks of, the nearest first, and what the way to each costs."""
        near = self._streets.near(need, channel)
        return [(outlet, self._rule.transport * distance) for outlet, distance in near]


def _ignorance(world: World, rule: Buying) -> Floats:
    """By need: k · complexity, not above 1."""
    market = world.scenario.market
    complexity = [market.product(name).complexity for name in world.cells.products]
    return np.asarray(np.minimum(rule.need_of_advice * np.array(complexity), 1.0)[world.needs.product])


def _gumbel(dice: Dice, keys: Keys, purpose: str) -> Floats:
    """Standard Gumbel, by inversion: the largest of two such differ by a logistic."""
    return np.asarray(-np.log(-np.log(dice.column(keys, purpose))))
