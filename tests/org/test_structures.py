"""Designs are laid out fairly: same budget, everybody covered, seats where the work is."""

from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simlib.errors import DesignError, ScenarioError
from simlib.odds import shifted
from simlib.org import build
from simlib.org.budget import layer_sizes, people_budget
from simlib.org.lists import candidates, holders
from simlib.org.territory import allot, expected_hours, joined
from simlib.scenario import vary
from simlib.scenario.designs import PRESETS, SUPPORT, Axes
from simlib.world.cells import cells_of
from tests.worlds import DESIGNS, small


@pytest.mark.parametrize("name", DESIGNS)
def test_every_design_spends_at_most_the_same_budget_and_could_not_pay_one_rep_more(name):
    """Equal payroll; the rest stays as money."""
    scenario = small()
    organisation = build(name, scenario)
    assert organisation.payroll_per_year <= organisation.budget_per_year == round(people_budget(scenario) * 100)
    more = build(name, vary(scenario, {f"designs.{name}.reps": len(organisation.reps) + 1}))
    assert more.payroll_per_year > organisation.budget_per_year


def test_the_baseline_has_the_stated_number_of_reps():
    """The budget follows from it."""
    assert len(build("pyramid", small()).reps) == 9


@given(
    name=st.sampled_from(sorted(DESIGNS)),
    reps=st.integers(1, 40),
    span=st.integers(1, 12),
    layers=st.integers(1, 5),
    overlap=st.floats(0, 1),
    seed=st.integers(0, 1000),
)
@settings(max_examples=60)
def test_no_cell_is_uncovered_and_every_account_has_one_owner(name, reps, span, layers, overlap, seed):
    """For any number of reps, even fewer than groups.

    Each account of each cell has an owner among the cell's candidates, and every boss in the line but its head has one.
    """
    changes = {
        f"designs.{name}.reps": reps,
        f"designs.{name}.span": span,
        f"designs.{name}.layers": layers,
        f"designs.{name}.list_overlap": overlap,
    }
    organisation = build(name, vary(small(), changes))
    cells = np.repeat(np.arange(organisation.cells.needs_per_week.size), 20)
    shares = np.random.default_rng(seed).random(len(cells))
    owner = holders(organisation, organisation.legs[0], cells, shares)[0]
    serving = candidates(organisation, organisation.legs[0])
    assert all(seat in serving[cell] for cell, seat in zip(cells, owner, strict=True))
    assert len(organisation.reps) == reps
    for leg in organisation.legs:
        on_it = [seat for seat in organisation.sellers if leg.start in organisation.positions[seat].stages]
        load = sum(organisation.workload(seat).sum() for seat in on_it)
        assert load == pytest.approx(organisation.cells.needs_per_week.sum())
    beside = {position.second_boss for position in organisation.positions}
    line = [position for position in organisation.positions if position.id not in beside and position.role != SUPPORT]
    assert len({position.role for position in line if position.boss is None}) == 1


@given(loads=st.lists(st.floats(0, 1000), min_size=1, max_size=12), spare=st.integers(0, 40))
def test_seats_are_allotted_in_proportion_at_least_one_each(loads, spare):
    """Largest remainder: all seats given, nobody more than one seat from his quota unless the minimum binds."""
    seats = len(loads) + spare
    given_ = allot(seats, loads)
    assert sum(given_) == seats
    assert min(given_) >= 1
    if sum(loads):
        quota = np.array(loads) / sum(loads) * seats
        if quota.min() >= 1:
            assert (np.abs(np.array(given_) - quota) < 1 + 1e-9).all()


def test_overlap_puts_accounts_on_the_stated_share_of_colleagues_lists():
    """With overlap o among k lists an account stands on 1 + o·(k − 1) of them on average: 1 = on all, 0 = on one."""
    cells, shares = np.zeros(20_000, dtype=np.int64), (np.arange(20_000) + 0.5) / 20_000
    for overlap in (0.0, 0.3, 1.0):
        organisation = build("dealt_out", vary(small(), {"designs.dealt_out.list_overlap": overlap}))
        held = sum((slot >= 0).sum() for slot in holders(organisation, organisation.legs[0], cells, shares)) / len(
            cells
        )
        assert held == pytest.approx(1 + overlap * (len(organisation.reps) - 1), rel=1e-3)


def test_a_team_desk_has_one_list():
    """Colleagues at one desk do not call the same account."""
    organisation = build("pooled", small())
    assert len(holders(organisation, organisation.legs[0], np.zeros(50, dtype=np.int64), np.linspace(0, 0.99, 50))) == 1


def test_seats_are_placed_where_the_work_is():
    """Twice the needs in the west: more seats there than anywhere else."""
    scenario = vary(small(), {"demand.cells.4.needs_per_week": 20.0, "demand.cells.5.needs_per_week": 20.0})
    homes = [position.home for position in build("geographic", scenario).positions if position.scope]
    assert homes.count("west") > max(homes.count("east"), homes.count("north"))


def test_layers_follow_the_span():
    """60 reps at a span of 6: ten managers, two directors, one head; cut at the layers allowed."""
    assert layer_sizes(60, Axes(layers=4, span=6)) == [60, 10, 2, 1]
    assert layer_sizes(60, Axes(layers=2, span=20)) == [60, 3]
    assert layer_sizes(1, Axes(layers=4, span=6)) == [1, 1]


def test_presets_are_points_on_axes_only():
    """A pyramid by region is a geographic structure with a tall hierarchy: stated so, the same organisation."""
    scenario = small(designs={"a": {"structure": "pyramid"}, "b": {"structure": "geographic", **PRESETS["pyramid"]}})
    a, b = build("a", scenario), build("b", scenario)
    assert a.positions == b.positions
    assert a.desks == b.desks


def test_a_budget_for_nobody_is_refused_with_the_way_out():
    """Place, value, rule, way out."""
    with pytest.raises(DesignError, match=r"designs.flat: .*does not pay for one rep.*raise costs.people_per_year"):
        build("flat", vary(small(), {"costs.people_per_year": 1000.0}))
    with pytest.raises(DesignError, match="must be one of pyramid"):
        build("matrices", small())


def test_a_budget_for_a_world_full_of_reps_is_refused_at_once():
    """Counting down from a billion reps would take hours; a stated number is bounded likewise."""
    scenario = small(costs={"people_per_year": 1e12, "rep_per_year": 1.0})
    with pytest.raises(DesignError, match=r"designs.flat: .*for more than 20,000 reps.*lower costs.people"):
        build("flat", scenario)
    with pytest.raises(DesignError, match=r"designs.flat.reps: got 20,001, must be at most 20,000"):
        build("flat", vary(small(), {"designs.flat.reps": 20_001}))


def joined_word_for_word(groups, load, *, seats, ways):
    """Of all pairs the one with the least load times one plus the mean way is joined, of equals the first."""

    def strain(one, other):
        return load[list(one + other)].sum() * (1 + np.mean([ways[a, b] for a in one for b in other]))

    while len(groups) > seats:
        pairs = [(i, j) for i in range(len(groups)) for j in range(i + 1, len(groups))]
        i, j = min(pairs, key=lambda pair: (strain(groups[pair[0]], groups[pair[1]]), pair))
        groups[i] = tuple(sorted(groups[i] + groups.pop(j)))
    return groups


@given(
    loads=st.lists(st.integers(0, 6), min_size=2, max_size=9),
    seats=st.integers(1, 8),
    seed=st.integers(0, 1000),
    regions=st.booleans(),
)
def test_groups_are_joined_by_load_and_way(loads, seats, seed, regions):
    """The quick joining finds what trying every pair finds, ties included; a way need not be as long back."""
    count, load = len(loads), np.array(loads, dtype=float)
    hours = np.random.default_rng(seed).integers(0, 4, (count, count)).astype(float) if regions else None
    single = [(number,) for number in range(count)]
    ways = np.zeros((count, count)) if hours is None else hours
    expected = joined_word_for_word(list(single), load, seats=seats, ways=ways)
    assert joined(single, load, seats=seats, ways=hours) == expected


@pytest.mark.parametrize("dimension", ["region", "product"])
def test_a_thousand_values_are_joined_in_seconds(dimension):
    """An export has as many products as its catalogue; trying every pair at every join would take hours."""
    count = 600
    load = np.arange(1.0, count + 1)
    ways = np.ones((count, count)) if dimension == "region" else None
    start = perf_counter()
    groups = joined([(number,) for number in range(count)], load, seats=7, ways=ways)
    assert perf_counter() - start < 5
    assert len(groups) == 7
    assert sorted(number for group in groups for number in group) == list(range(count))


def test_expected_hours_count_the_odds_of_the_market():
    """Where deals are lost early, the later stages take fewer hours: the same shift of odds as in the run."""
    scenario = vary(small(), {"market.win_log_odds": -1.5, "mechanisms.travel": "off", "mechanisms.calls": "off"})
    cells = cells_of(scenario)
    first, second = shifted(0.8, -1.5), shifted(0.7, -1.5)
    hours = 2.0 + first * 6.0 + first * second * 3.0
    assert expected_hours(scenario, cells) == pytest.approx(cells.needs_per_week * hours)
    assert expected_hours(scenario, cells, range(1, 2)) == pytest.approx(cells.needs_per_week * first * 6.0)


def test_expected_hours_count_the_calls_of_who_makes_them():
    """With calls on, 70% of the 40% of needs that do not announce themselves take half an hour before the first
    stage, and only those who serve it."""
    scenario = vary(small(), {"mechanisms.travel": "off"})
    cells = cells_of(scenario)
    quiet = vary(scenario, {"mechanisms.calls": "off"})
    more = expected_hours(scenario, cells, range(1)) - expected_hours(quiet, cells, range(1))
    assert more == pytest.approx(cells.needs_per_week * 0.4 * 0.7 * 0.5)
    assert (expected_hours(scenario, cells, range(1, 3)) == expected_hours(quiet, cells, range(1, 3))).all()


def test_positions_are_found_by_their_id():
    """Each id leads back to its number, also after another organisation was laid out."""
    for name in ("pyramid", "pooled"):
        organisation = build(name, small())
        numbers = [organisation.number(position.id) for position in organisation.positions]
        assert numbers == list(range(len(organisation.positions)))


def test_a_panel_has_at_most_as_many_members_as_a_layer_has_draws():
    """Beyond 64 places a panel would share its draws with the layer above."""
    assert vary(small(), {"organisation.panel": {"members": 64, "needed": 2}})
    with pytest.raises(ScenarioError, match=r"organisation.panel.members: got 65, must be at most 64"):
        vary(small(), {"organisation.panel": {"members": 65, "needed": 2}})
