"""What a review changes besides the lists: whose pool a moved rep asks, and whose turn it is (S9, P3)."""

from itertools import pairwise

import numpy as np
from simpy import Environment

from simlib.model.backing import KnowledgeHierarchy
from simlib.model.firm import Firm
from simlib.model.review import adopt
from simlib.org import build
from simlib.org.organisation import Organisation
from simlib.org.review import redivided
from simlib.scenario import Scenario, vary
from simlib.world import draw_world
from tests.worlds import small

POOLS = {
    "desk": {"share": 0.4, "shared": False, "answers": True, "takes": {"proposal": 0.5}},
}
SQUADS = {"structure": "flat", "partition": "region", "review_days": 7.0, "pools": POOLS, "routing": "round_robin"}


def to_be_reviewed(scenario: Scenario) -> tuple[Firm, Organisation]:
    """A firm at time zero with no lead yet, and its organisation if of three regions the first gained what the last
    lost."""
    scenario = vary(scenario, {"demand.opening_pipeline": 0})
    organisation = build("squads", scenario)
    firm = Firm(Environment(), organisation, draw_world(scenario, seed=2, replication=0), scenario.mechanisms)
    moved = organisation.cells.needs_per_week * np.array([4 / 3, 1.0, 2 / 3]).reshape(3, 1, 1, 1)
    after = redivided(organisation, scenario, moved)
    assert after is not None
    return firm, after


def test_a_moved_rep_asks_the_pool_of_the_unit_he_comes_to():
    """For what it takes of a stage, and for answers; those who stay keep theirs."""
    firm, after = to_be_reviewed(small(designs={"squads": SQUADS}))
    before = firm.organisation
    adopt(firm, after)
    moved = [rep for rep in after.reps if before.positions[rep].unit != after.positions[rep].unit]
    assert moved
    for rep in after.reps:
        own = next(desk for desk in after.desks if desk.pool and after.positions[rep].unit in desk.serves)
        ((number, hours),) = firm.pools.shares(rep, 1, 8.0)
        assert (firm.office.names[number], hours) == (own.id, 4.0)
        (hierarchy,) = (part for part in firm.backing[1] if isinstance(part, KnowledgeHierarchy))
        assert firm.office.names[hierarchy.above[rep][0][0]] == own.id


def test_turns_go_on_after_a_review():
    """In a team that a review leaves as it is the next lead falls to whose turn it was; in another, to who has waited
    longest for one; and then everybody in turn again."""
    firm, after = to_be_reviewed(small(designs={"squads": SQUADS}))
    needs = {}
    for need, cell in enumerate(firm.needs["cell"]):
        needs.setdefault(firm.assigned.leg_of[0].candidates[cell], need)
    given = {team: [firm.route(need, 0) for _ in range(len(team) + 1)] for team, need in needs.items()}
    adopt(firm, after)
    last = {seat: turn for turn, seat in enumerate(seat for seats in given.values() for seat in seats)}
    for need in needs.values():
        team = firm.assigned.leg_of[0].candidates[firm.needs["cell"][need]]
        first = firm.route(need, 0)
        if team in given:
            assert first == team[(team.index(given[team][-1]) + 1) % len(team)]
        assert last[first] == min(last[seat] for seat in team)
        turns = [first, *(firm.route(need, 0) for _ in range(2 * len(team)))]
        assert all(team[(team.index(one) + 1) % len(team)] == following for one, following in pairwise(turns))
    assert {team in given for team in firm.assigned.leg_of[0].candidates} == {True, False}
