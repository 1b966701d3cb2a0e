"""A run leaves nothing behind but its ledger."""

import gc

from simpy import Event

from simlib.org import build
from simlib.runs import simulate
from simlib.world import draw_world
from tests.worlds import small


def test_runs_leave_no_garbage() -> None:
    """Events, tasks and people refer to each other, so only a collection frees them; many runs in one process must not
    pile them up, and the collector must not have to be called from outside."""
    scenario = small()
    world = draw_world(scenario, seed=1, replication=0)
    organisation = build("flat", scenario)
    for _ in range(3):
        simulate(organisation, world)
    assert sum(isinstance(each, Event) for each in gc.get_objects()) == 0
