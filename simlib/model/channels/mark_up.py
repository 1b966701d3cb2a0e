"""At which price somebody sells on who knows what would be bought: the one that earns most on what it costs him."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from simlib.model.search import peak

Demand = Callable[[float], float]
"""What is bought, by price."""
_KNOWN = 33
"""Prices at which a seller knows how the next one down answers."""


def best_price(demand: Demand, *, cost: float, most: float, least: float = 0.0, bends: Iterable[float] = ()) -> float:
    """The price in [cost, most], not below `least`, at which (price − cost) · demand is largest; the lowest of equals.

    `bends`: prices at which others begin or cease to sell, so that demand has a kink: between them the search is as
    exact as `peak` is for what is smooth.
    """

    def earned(price: float) -> float:
        return (price - cost) * demand(price)

    lowest = max(cost, least)
    most = max(lowest, most)
    places = [lowest, *sorted(bend for bend in bends if lowest < bend < most), most]
    return max((peak(earned, low, high) for low, high in pairwise(places)), key=earned)


def passed_down(demand: Demand, *, lowest: float, most: float) -> Demand:
    """What is bought of a seller who asks `best_price`, by the price at which he himself buys: mark-up on mark-up.

    His answers are known at 33 prices from `lowest` to `most` and straight in between, which is exact where demand is a
    straight line (Spengler 1950, Journal of Political Economy 58).
    """
    asked = answers(demand, lowest=lowest, most=most)
    return lambda price: demand(asked(price))


def answers(demand: Demand, *, lowest: float, most: float, least: float = 0.0) -> Callable[[float], float]:
    """The price that a seller asks, not below `least`, by the price at which he buys."""
    costs = [lowest + (most - lowest) * number / (_KNOWN - 1) for number in range(_KNOWN)]
    return _joined(costs, [best_price(demand, cost=cost, most=most, least=least) for cost in costs])


def _joined(places: Sequence[float], heights: Sequence[float]) -> Callable[[float], float]:
    """Straight lines between points, and on beyond the last ones."""
    slopes = [
        (high - low) / (end - start)
        for (start, end), (low, high) in zip(pairwise(places), pairwise(heights), strict=True)
    ]

    def line(place: float) -> float:
        number = min(max(bisect_right(places, place) - 1, 0), len(slopes) - 1)
        return heights[number] + slopes[number] * (place - places[number])

    return line
