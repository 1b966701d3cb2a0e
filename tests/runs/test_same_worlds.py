"""What makes designs comparable: the same customers, people and money for people, whatever the preset."""

import pandas as pd
import pytest

from simlib.ledger import Ledger
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario
from simlib.scenario.designs import PRESETS
from simlib.world import World, draw_world
from tests.worlds import STEADY, small

PLAIN = "geographic"


def tried(structure: str, **axes: object) -> Scenario:
    """The small market with one design, beside the baseline that the budget follows from."""
    designs = {"base": {"structure": PLAIN}, "tried": {"structure": structure, **axes}}
    return small(designs=designs, mechanisms=STEADY)


def world(scenario: Scenario) -> World:
    """Always the same one."""
    return draw_world(scenario, seed=11, replication=3)


def lived(structure: str, **axes: object) -> Ledger:
    """What happens to a design in it, with all mechanisms on."""
    scenario = tried(structure, **axes)
    return simulate(build("tried", scenario), world(scenario))


@pytest.fixture(scope="module")
def plain() -> Ledger:
    """What happens to the baseline."""
    return lived(PLAIN)


def people(ledger: Ledger) -> dict[str, list[int]]:
    """By role, who sits there (numbers in the role's pool), in the order of the seats."""
    number = ledger.seats["party"].astype(str).str.rsplit(" ", n=1).str[1].astype(int) - 1
    return {str(role): list(seated) for role, seated in number.groupby(ledger.seats["role"].astype(str))}


def absences(ledger: Ledger, party: str) -> list[tuple[float, float]]:
    """When somebody is absent."""
    rows = ledger.work[(ledger.work["party"] == party) & (ledger.work["activity"] == "absent")]
    return sorted(zip(rows["start_h"], rows["end_h"], strict=True))


@pytest.mark.parametrize("structure", sorted(PRESETS))
def test_every_design_meets_the_same_needs_to_the_bit(structure: str, plain: Ledger) -> None:
    """Who needs what, when, for how much: nothing of it is an organisation's doing."""
    pd.testing.assert_frame_equal(lived(structure).needs, plain.needs, check_exact=True)


@pytest.mark.parametrize("structure", sorted(PRESETS))
def test_seats_are_taken_by_the_first_persons_in_keyed_order(structure: str, plain: Ledger) -> None:
    """So a larger design holds the people of the smaller one, in the same order, absent on the same days."""
    few, many = lived(structure, reps=5), lived(structure, reps=14)
    for ledger in (few, many):
        for role, seated in people(ledger).items():
            assert sorted(seated) == list(range(len(seated)))
            assert seated == world(tried(structure)).people(role, len(seated))
    larger = people(many)
    for role, seated in people(few).items():
        assert seated == [person for person in larger.get(role, []) if person < len(seated)]
    shared = [f"rep {person + 1}" for person in people(few)["rep"]]
    assert any(absences(plain, party) for party in shared)
    for party in shared:
        assert absences(few, party) == absences(many, party) == absences(plain, party)


@pytest.mark.parametrize("structure", sorted(PRESETS))
def test_the_money_for_people_is_spent_and_not_exceeded(structure: str) -> None:
    """The same fixed cost for every preset: what its people cost lies within it, and one rep more would exceed it."""
    scenario = tried(structure)
    organisation = build("tried", scenario)
    budget = build("base", scenario).payroll_per_year
    assert organisation.budget_per_year == budget
    assert organisation.payroll_per_year <= budget
    one_more = build("tried", tried(structure, reps=len(organisation.reps) + 1))
    assert len(one_more.reps) == len(organisation.reps) + 1
    assert one_more.payroll_per_year > budget
