"""Who gets a lead (P3): plain functions that choose among the positions whose scope holds it.

By region, product, customer type or size a lead is routed through the scopes themselves: only positions
that serve its cell are candidates. A rule then chooses one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple


class Choice(NamedTuple):
    """What a rule may know of a lead and of those who could take it."""

    owner: int
    """Position on whose own list the account stands."""
    candidates: Sequence[int]
    """Positions whose scope holds the lead's cell, in the order of their seats."""
    turn: int
    """How many leads these candidates have been given before."""
    u: Callable[[], float]
    """A uniform number of the lead's own."""
    open_deals: Callable[[int], int]
    """Open deals of a position."""
    knowledge: Callable[[int], float]
    """What a position knows of the lead's product, segment and region, in log-odds."""


Rule = Callable[[Choice], int]


def owner(lead: Choice) -> int:
    """The one on whose own list the account stands."""
    return lead.owner


def round_robin(lead: Choice) -> int:
    """Each in turn."""
    return lead.candidates[lead.turn % len(lead.candidates)]


def least_loaded(lead: Choice) -> int:
    """The one with the fewest open deals; the first of equals."""
    return min(lead.candidates, key=lead.open_deals)


def best_fit(lead: Choice) -> int:
    """The one who knows most of the lead's product, segment and region; among equals the fewest open deals."""
    return min(lead.candidates, key=lambda position: (-lead.knowledge(position), lead.open_deals(position)))


def random(lead: Choice) -> int:
    """Any, by the lead's own number."""
    return lead.candidates[int(lead.u() * len(lead.candidates))]


ROUTING: dict[str, Rule] = {
    "owner": owner,
    "round_robin": round_robin,
    "least_loaded": least_loaded,
    "best_fit": best_fit,
    "random": random,
}
