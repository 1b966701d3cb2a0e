"""Every structure of the field guide (S1-S12) is a point on the axes; each axis does what it says in any mix."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simlib.org import build
from simlib.org.lists import candidates, holders
from simlib.org.review import redivided
from simlib.scenario.designs import PRESETS, ROLES, SUPPORT
from tests.worlds import small


def laid_out(structure="geographic", **axes):
    """A design of the small market, the others left as they are."""
    return build(
        "tried", small(designs={"base": {"structure": "geographic"}, "tried": {"structure": structure, **axes}})
    )


def fully_covered(organisation):
    """On every leg of the way each account of each cell has one owner, who serves it."""
    cells = np.repeat(np.arange(organisation.cells.needs_per_week.size), 12)
    shares = np.tile((np.arange(12) + 0.37) / 12, organisation.cells.needs_per_week.size)
    for leg in organisation.legs:
        owner, serving = holders(organisation, leg, cells, shares)[0], candidates(organisation, leg)
        assert all(seat in serving[cell] for cell, seat in zip(cells, owner, strict=True))
        served = sum(
            organisation.workload(seat)
            for seat in organisation.sellers
            if leg.start in organisation.positions[seat].stages
        )
        assert served == pytest.approx(organisation.cells.needs_per_week)
    assert [stage for leg in organisation.legs for stage in leg] == list(range(3))


@pytest.mark.parametrize("structure", PRESETS)
def test_every_preset_is_laid_out_within_the_budget_and_covers_everybody(structure):
    """S1-S12 from the same fixed people cost."""
    organisation = laid_out(structure)
    fully_covered(organisation)
    assert organisation.payroll_per_year <= organisation.budget_per_year
    assert len({position.id for position in organisation.positions}) == len(organisation.positions)
    assert sorted(seat for desk in organisation.desks for seat in desk.positions) == list(
        range(len(organisation.positions))
    )


AXES = st.fixed_dictionaries(
    {
        "structure": st.sampled_from(sorted(PRESETS)),
        "reps": st.integers(1, 40),
        "partition": st.sampled_from(["region", "product", "segment", "size", "none"]),
        "layers": st.integers(1, 5),
        "span": st.integers(1, 12),
        "second_line": st.sampled_from(["region", "product", "segment", "none"]),
        "relay": st.integers(1, 5),
        "pooled": st.booleans(),
        "bosses_sell": st.sampled_from([0.0, 0.5, 1.0]),
        "list_overlap": st.floats(0, 1),
        "overlays": st.sampled_from(
            [
                {},
                {"key accounts": {"grade": "first"}},
                {"big": {"from_value": 60000.0, "partition": "region"}, "desk": {"grade": "last", "pooled": True}},
                {"all": {"partition": "product"}},
            ]
        ),
        "pools": st.sampled_from([{}, {"a": {"share": 0.2}}, {"a": {"share": 1.0, "shared": False}, "b": {}}]),
    }
)


@given(design=AXES)
@settings(max_examples=150)
def test_any_combination_covers_everybody(design):
    """No axis excludes another: no cell is uncovered, no line runs in a circle, desks seat everybody once."""
    organisation = build("tried", small(designs={"base": {"structure": "geographic"}, "tried": design}))
    fully_covered(organisation)
    for number, position in enumerate(organisation.positions):
        assert len(organisation.line(number)) <= len(ROLES) + 1
        assert len(organisation.bosses(number)) <= 2
        if organisation.axes.bosses_sell == 0:
            assert bool(position.scope) == (position.role == ROLES[0])
    seats = [seat for desk in organisation.desks for seat in desk.positions]
    assert sorted(seats) == list(range(len(organisation.positions)))
    assert sum(position.role == ROLES[0] for position in organisation.positions) == design["reps"]


def test_a_matrix_gives_every_rep_a_boss_by_region_and_one_by_product():
    """S3: a rep works for one product in one region; both bosses answer to the head, who can settle between them."""
    organisation = laid_out("matrix", reps=12)
    product_bosses = {position.second_boss for position in organisation.positions if position.second_boss}
    assert product_bosses == {"machine manager", "service manager"}
    for number in organisation.reps:
        region, product = organisation.bosses(number)
        machine, service = organisation.workload(number).sum(axis=(0, 2, 3))
        assert min(machine, service) == 0
        assert organisation.positions[product].unit == ("machine" if machine else "service")
        assert organisation.positions[organisation.common_boss(region, product)].boss is None


def test_a_second_boss_costs_pay():
    """The matrix buys fewer reps for the same money."""
    one, two = laid_out("geographic"), laid_out("matrix")
    assert len(two.reps) < len(one.reps)


def test_a_relay_cuts_the_way_where_the_hours_are_halved():
    """S7: stages 1 and 2 take about as long as stage 3 with the road; seats follow the hours of each leg."""
    organisation = laid_out("functional", relay=2, reps=12, partition="none")
    first, second = organisation.legs
    assert [*first, *second] == [0, 1, 2]
    assert {position.stages for position in organisation.positions if position.scope} == {first, second}
    assert laid_out("functional", relay=3).legs == (range(1), range(1, 2), range(2, 3))
    assert laid_out("functional", relay=20).legs == (range(1), range(1, 2), range(2, 3))
    assert laid_out("functional", reps=2).legs != laid_out("functional", reps=3).legs


def test_overlays_take_their_customers_out_of_the_base():
    """S8: the large customers go to key accounts, the small ones to a pooled desk, nobody is left for the regions."""
    organisation = laid_out("hybrid", reps=12)
    served = {}
    for number in organisation.reps:
        large, little = organisation.workload(number).sum(axis=(0, 1, 3))
        served.setdefault(organisation.positions[number].unit, set()).add((large > 0, little > 0))
    assert served == {"key accounts": {(True, False)}, "inside desk": {(False, True)}}
    assert any(desk.id == "team inside desk" and len(desk.positions) > 1 for desk in organisation.desks)
    assert organisation.pool_desk("specialists", 0) is not None


def test_a_shared_pool_serves_all_and_an_owned_one_its_units():
    """Support staff cost pay, and sit at one desk or at one per unit."""
    shared = laid_out(pools={"presales": {"share": 0.4}}, reps=10)
    owned = laid_out(pools={"presales": {"share": 0.4, "shared": False}}, reps=10)
    assert len(shared.support) == len(owned.support) == 4
    assert {shared.pool_desk("presales", seat) for seat in shared.reps} == {len(shared.desks) - 1}
    units = {shared.positions[seat].unit for seat in shared.reps}
    assert len({owned.pool_desk("presales", seat) for seat in owned.reps}) == len(units) == 3
    assert shared.pool_desk("nobody", 0) is None
    assert all(shared.positions[seat].role == SUPPORT for seat in shared.support)


def test_a_boss_who_sells_holds_a_smaller_list():
    """S10: half a list beside managing; the accounts are still owned once."""
    organisation = laid_out("small_firm", partition="none", reps=4)
    shares = {position.role: position.scope[0].own for position in organisation.positions}
    assert shares["manager"] == pytest.approx(shares["rep"] / 2)
    assert shares["manager"] + 4 * shares["rep"] == pytest.approx(1)


def test_a_final_word_frees_a_role_and_those_above():
    """Local freedom (S10): managers decide alone, reps as stated."""
    organisation = laid_out(final_word="manager", authority={"rep": 1000.0, "manager": 5000.0})
    limits = {position.role: position.authority for position in organisation.positions}
    assert limits["rep"] == 100_000
    assert limits["manager"] is None


def test_an_overlay_that_takes_everything_leaves_no_empty_base():
    """And where all customers are of one grade, first and last take nobody."""
    organisation = laid_out(overlays={"all": {"partition": "product"}}, reps=6)
    assert {position.unit.split(" / ")[0] for position in organisation.positions if position.scope} == {"all"}
    even = small(
        market={**small().market.model_dump(), "segments": {"large": {}, "small": {}}},
        designs={"tried": {"structure": "hybrid", "reps": 6}},
    )
    assert {position.unit for position in build("tried", even).positions if position.scope} == {"east", "north", "west"}


def test_units_of_one_name_are_told_apart_and_survive_a_review():
    """An overlay called as a region: its sellers keep their desks when customers are divided anew."""
    organisation = laid_out(overlays={"east": {"grade": "first"}}, reps=9, pooled=True)
    units = [desk.id for desk in organisation.desks]
    assert len(units) == len(set(units))
    scenario = small(designs={"base": {"structure": "geographic"}})
    moved = np.roll(organisation.cells.needs_per_week, 1, axis=0) * np.array([9.0, 1.0, 1.0])[:, None, None, None]
    anew = redivided(organisation, scenario, moved)
    assert anew is not None
    assert sorted(seat for desk in anew.desks for seat in desk.positions) == list(range(len(anew.positions)))
    assert sorted(anew.sellers) == sorted(organisation.sellers)
    fully_covered(anew)
