"""Who is to sign a deal on which somebody works."""

from simlib.model.assignment import Assignment
from simlib.org import build
from simlib.scenario import Scenario
from simlib.world import World, draw_world
from tests.worlds import small


def met(name: str) -> tuple[Assignment, World, Scenario]:
    """A design's division of the customers of a world."""
    scenario = small()
    world = draw_world(scenario, seed=2, replication=0)
    return Assignment(build(name, scenario), world, scenario.mechanisms), world, scenario


def test_where_one_seller_serves_the_whole_way_he_signs():
    """Every seat that serves the last stage signs what it works on, whoever's list it is from."""
    assigned, world, _ = met("pyramid")
    sellers = [seat for seat, stages in enumerate(assigned.stages) if 2 in stages]
    assert len(sellers) >= 9
    assert all(assigned.closer(need, seat) == seat for need in range(len(world.needs)) for seat in sellers)


def test_in_a_relay_whoever_has_the_account_at_the_last_stage_signs():
    """Who opens deals hands them on: the closer is a colleague, the one on whose list the account stands then."""
    assigned, world, scenario = met("functional")
    last = len(scenario.stages) - 1
    openers = [seat for seat, stages in enumerate(assigned.stages) if 0 in stages and last not in stages]
    assert openers
    for need in range(len(world.needs)):
        closer = assigned.closer(need, openers[0])
        assert last in assigned.stages[closer]
        assert closer == assigned.leg_of[last].owners[need]
