"""One run: an organisation in a world, from time zero to the end of the drain."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from simpy import Environment

from simlib.ledger import Ledger
from simlib.model.books import close_books
from simlib.model.clock import live
from simlib.model.firm import Firm
from simlib.model.selling import arrivals
from simlib.org.organisation import Organisation
from simlib.scenario.schema import Mechanisms
from simlib.world import World


def simulate(organisation: Organisation, world: World, *, mechanisms: Mechanisms | None = None) -> Ledger:
    """What happens when an organisation meets a world: a pure function of the two.

    `mechanisms`: what acts; by default the mechanisms of the world's scenario.
    """
    env = Environment()
    firm = Firm(env, organisation, world, mechanisms or world.scenario.mechanisms)
    live(arrivals(firm))
    with _rare_collections():
        env.run(until=firm.end_h)
    return close_books(firm)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Keep the cyclic collector from rescanning a growing journal; its settings are restored."""
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()
