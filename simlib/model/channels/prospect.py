"""What share of customers an outlet can expect at a price: what partners know of the market, and of no customer in it.

The market is a fixed sample of kinds of customer, alike in all worlds: what a good is worth to them, where they live,
which product they need, what they know and like. Of each the outlet knows the highest price at which he would still
buy there, given what the others ask; demand at a price is the share of those whose highest price is not below it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from simlib.model.channels.mark_up import Demand
from simlib.model.channels.outlets import Layout, Outlet
from simlib.model.channels.service import Service
from simlib.scenario.channels import Buying
from simlib.world import World

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Price = Callable[[int, int], float]
"""What is asked, by channel and outlet; outlet −1 = the own force."""
Offered = Callable[[int, int, int], Sequence[int]]
"""Channels that may sell now to customers of a region, product and segment."""
_KINDS, _STEP = 4093, 1516
"""Kinds of customer in a region: a prime, and the step of a Korobov lattice of that many points."""
_APART = 8
"""Every so many of them demand is known, and straight in between: closer by, the lattice would show. A best price is
off by at most about one per cent of the mark-up, and by nothing where demand is a straight line."""
_HAIR = 1e-6
"""What an offer must be better than another one to be preferred for sure: of equal ones customers take any."""
_WORTH, _PLACE, _TASTE, _PRODUCT, _LOOKS, _KNOWS = range(6)
_NEIGHBOURS = 2
"""Outlets of a channel that a customer thinks of, as in `choice.py`."""
_NEVER = -np.inf


class Region:
    """The kinds of customer of one region, and the outlets that each thinks of."""

    def __init__(self, world: World, layout: Layout, rule: Buying, sells: Sequence[bool], region: int) -> None:
        needs = world.cells.needs_per_week[region].sum(axis=2)
        self.weight = float(needs.sum()) or 1.0
        self._layout, self._rule, self._sells, self._number = layout, rule, sells, region
        draws = _lattice(_KNOWS + len(layout.channels))
        low, high = rule.worth
        worth = low + (high - low) * draws[_WORTH]
        self._looks = draws[_LOOKS] < rule.looks_elsewhere
        self._knows = [draws[_KNOWS + number] < channel.known for number, channel in enumerate(layout.channels)]
        self._logit = np.log(draws[_TASTE] / (1 - draws[_TASTE]))
        complexity = np.array([world.scenario.market.product(name).complexity for name in world.cells.products])
        self._cells = list(np.ndindex(needs.shape))
        """Product and segment, by number."""
        self._wants = np.searchsorted(np.cumsum(needs)[:-1] / self.weight, draws[_PRODUCT], side="right")
        """By kind, which of them."""
        product = self._wants // needs.shape[1]
        self._worth, self._ignorance = worth, np.minimum(rule.need_of_advice * complexity, 1.0)[product]
        self._outlets = [layout.of_channel(number, region) for number in range(len(layout.channels))]
        self._place = draws[_PLACE]
        self._streets: dict[tuple[int, ...], tuple[NDArray[np.intp], Floats]] = {}

    def _there(self, channel: int) -> list[Outlet]:
        """Outlets of a channel here that sell now."""
        return [outlet for outlet in self._outlets[channel] if self._sells[outlet.number]]

    def _near(self, channel: int) -> tuple[NDArray[np.intp], Floats]:
        """Of a channel, numbers of the outlets that each kind thinks of among those that sell here, and how far they
        are. Shape (outlets, kinds)."""
        there = self._there(channel)
        known = tuple(outlet.number for outlet in there)
        if known not in self._streets:
            self._streets[known] = _nearest(there, self._place)
        return self._streets[known]

    def _ways(self, offered: Offered) -> dict[int, Bools]:
        """By channel in which somebody here may buy, the kinds who know of it and to whom it may sell."""
        may = [offered(self._number, product, segment) for product, segment in self._cells]
        return {
            number: self._knows[number] & np.array([number in channels for channels in may])[self._wants]
            for number in dict.fromkeys(number for channels in may for number in channels)
            if self._layout.channels[number].pursued or self._there(number)
        }

    def highest(self, outlet: Outlet, offered: Offered, price: Price) -> Floats:
        """By kind, the highest price at which he buys at an outlet here; −∞ where he does not think of it.

        With noise s he prefers its channel to all others iff price ≤ what he gets there before paying − s · ln Σ
        e^(V/s) + s · logit(u), V of the others, u even: multinomial logit (McFadden 1974). Between outlets of one
        channel the nearer or the cheaper decides alone.
        """
        mine, open_to = outlet.channel, self._ways(offered)
        found = np.full(_KINDS, _NEVER)
        if mine not in open_to:
            return found
        others = [
            np.where(may, self._gets(number, open_to) - self._cheapest(number, price) + _HAIR, _NEVER)
            for number, may in open_to.items()
            if number != mine
        ]
        best_other = _inclusive([np.zeros(_KINDS), *others], self._rule.noise)
        own = self._gets(mine, open_to) - best_other + self._rule.noise * self._logit
        places, ways = self._near(mine)
        there = self._there(mine)
        index = there.index(outlet)
        asked = np.array([price(mine, each.number) for each in there])
        for place, way in zip(places, ways, strict=True):
            here = (place == index) & open_to[mine]
            limit = own - self._rule.transport * way
            for rival, further in zip(places, ways, strict=True):
                beats = asked[rival] + self._rule.transport * (further - way) - _HAIR
                limit = np.where(rival == index, limit, np.minimum(limit, beats))
            found = np.where(here, limit, found)
        return found

    def _cheapest(self, channel: int, price: Price) -> Floats:
        """By kind, what the best outlet of a channel asks, with the way to it."""
        if self._layout.channels[channel].pursued:
            return np.full(_KINDS, price(channel, -1))
        asked = np.array([price(channel, outlet.number) for outlet in self._there(channel)])
        places, ways = self._near(channel)
        return np.asarray((asked[places] + self._rule.transport * ways).min(axis=0))

    def _gets(self, channel: int, open_to: Mapping[int, Bools]) -> Floats:
        """By kind, what he gets in a channel before paying and going there, wherever he learns."""
        spec = self._layout.channels[channel]
        good = self._good(channel, channel)
        for other, may in open_to.items():
            if other != channel and not self._layout.channels[other].pursued and self._rule.looks_elsewhere:
                _, ways = self._near(other)
                elsewhere = self._good(channel, other) - self._rule.transport * ways[0]
                good = np.where(self._looks & may, np.maximum(good, elsewhere), good)
        return good - self._rule.waiting * spec.delivery_days

    def _good(self, bought: int, learnt: int) -> Floats:
        channels = self._layout.channels
        lost = self._ignorance * (1 - channels[learnt].advice)
        return np.asarray(self._worth * channels[bought].acceptance * (1 - lost))


class Prospect:
    """The market as partners know it."""

    def __init__(self, world: World, layout: Layout, rule: Buying, service: Service) -> None:
        regions = range(len(world.cells.regions))
        self._regions = [Region(world, layout, rule, service.sells, number) for number in regions]

    def demand(self, outlet: Outlet, offered: Offered, price: Price) -> tuple[Demand, float]:
        """Needs a week that an outlet can expect, one that sells, by what it asks, while channels are `offered` and the
        others ask `price`; and the price beyond which nobody would buy.

        Straight between the kinds of customer: exact where one thing alone tells them apart, which lies evenly.
        """
        here = [region for number, region in enumerate(self._regions) if outlet.region in (number, -1)]
        highest = np.concatenate([region.highest(outlet, offered, price) for region in here])
        weight = np.repeat([region.weight / _KINDS for region in here], _KINDS)
        return falling(highest, weight)


def falling(highest: Floats, weight: Floats) -> tuple[Demand, float]:
    """What is bought, by price, by buyers of stated weights who each pay up to a highest price, straight in between;
    and the price beyond which nothing is."""
    buys = highest > 0
    order = np.argsort(highest[buys], kind="stable")
    places = highest[buys][order].tolist()
    weights = weight[buys][order].tolist()
    if not places:
        return (lambda price: 0.0), 0.0
    total = float(sum(weights))
    left = [total - passed + mine / 2 for passed, mine in zip(accumulate(weights), weights, strict=True)]
    last = places[-1] + (places[-1] - places[-2]) / 2 if len(places) > 1 else places[-1]
    first = places[0] - (places[1] - places[0]) / 2 if len(places) > 1 else places[0]
    apart = slice(None, None, _APART)
    places, left = [first, *places[apart], last], [total, *left[apart], 0.0]

    def bought(price: float) -> float:
        number = bisect_left(places, price)
        if number == 0:
            return total
        if number == len(places):
            return 0.0
        low, high = places[number - 1], places[number]
        return float(left[number] + (left[number - 1] - left[number]) * (high - price) / (high - low))

    return bought, last


def _lattice(dimensions: int) -> Floats:
    """Points of a Korobov lattice in the middle of their cells: along each dimension alone they lie evenly. Shape
    (dimensions, kinds)."""
    steps = [pow(_STEP, power, _KINDS) for power in range(dimensions)]
    numbers = np.arange(_KINDS)
    return np.stack([(numbers * step % _KINDS + 0.5) / _KINDS for step in steps])


def _nearest(outlets: Sequence[Outlet], places: Floats) -> tuple[NDArray[np.intp], Floats]:
    """By customer's place, the outlets he thinks of, the nearest first, and how far they are."""
    if not outlets:
        return np.empty((0, len(places)), dtype=np.intp), np.empty((0, len(places)))
    far = np.stack([np.abs(o.place - places) if o.region >= 0 else np.zeros(len(places)) for o in outlets])
    order = np.argsort(far, axis=0, kind="stable")[:_NEIGHBOURS]
    return order, np.take_along_axis(far, order, axis=0)


def _inclusive(values: Sequence[Floats], noise: float) -> Floats:
    """The best of several options, by kind; with noise s the value of all together, s · ln Σ e^(V/s)."""
    best = np.max(values, axis=0)
    if not noise:
        return np.asarray(best)
    return np.asarray(best + noise * np.log(np.exp((np.stack(values) - best) / noise).sum(axis=0)))
