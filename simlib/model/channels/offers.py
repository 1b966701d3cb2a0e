"""Which of several offers a customer takes, and which share of all customers an offer can expect (C4, C11, X7).

What a customer gets of an offer is a straight line in the one thing by which customers differ: what the good is worth
to them (valuation × acceptance − price) or where they are (− price − transport · distance).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple


class Offer(NamedTuple):
    """What a customer at x, from 0 to 1, gets: base + slope · x, in money."""

    base: float
    slope: float


STAY_AWAY = Offer(0.0, 0.0)
"""Buying nowhere."""


def worth_to(customer: float, offer: Offer) -> float:
    """What a customer gets of an offer."""
    return offer.base + offer.slope * customer


def taken(customer: float, offers: Sequence[Offer]) -> int:
    """Number of the offer that is best for a customer; of equal ones the first."""
    return max(range(len(offers)), key=lambda number: (worth_to(customer, offers[number]), -number))


def shares(offers: Sequence[Offer]) -> list[float]:
    """Share of the customers, who lie evenly between 0 and 1, that each offer gets; exact.

    The upper envelope of the lines: between two neighbouring crossings all take the same offer.
    """
    crossings = {0.0, 1.0}
    for number, one in enumerate(offers):
        for other in offers[:number]:
            if one.slope != other.slope:
                crossing = (one.base - other.base) / (other.slope - one.slope)
                if 0 < crossing < 1:
                    crossings.add(crossing)
    found = [0.0] * len(offers)
    for low, high in pairwise(sorted(crossings)):
        found[taken((low + high) / 2, offers)] += high - low
    return found
