"""The levers of a workshop: those that a scenario has, and designs that they make."""

from pathlib import Path

import pytest

from simlib.decide import grid as grids
from simlib.decide.grid import Grid, moving, size
from simlib.decide.levers import designed, levers, read, settings, with_designs
from simlib.errors import SimlibError
from simlib.org import build
from simlib.report.faults import told
from simlib.scenario import Scenario, load_scenario
from tests.worlds import small


def grid(scenario: Scenario, asked: dict[str, list[str]]) -> Grid:
    """The grid of what is asked for."""
    return grids.grid(scenario, moving(scenario, asked))


@pytest.fixture(scope="module")
def scenario(root: Path) -> Scenario:
    """The shipped workshop."""
    return load_scenario(root / "scenarios" / "workshop.yaml")


def test_the_workshop_has_every_lever(scenario: Scenario) -> None:
    """Head-count, span, authority, partition, pay mix, routing, channels and policies, and the design to start from."""
    names = [lever.name for lever in levers(scenario)]
    moved = ["reps", "span", "authority", "partition", "pay", "routing", "channels", "policies"]
    assert names == ["design", *moved]


def test_levers_that_are_no_axis_of_a_scenario_are_not_there(root: Path) -> None:
    """Without channels, plans and approval none of their levers; a company's own chart is not laid out anew."""
    firm = load_scenario(root / "scenarios" / "quick_start.yaml", overrides=["mechanisms.approval=off"])
    names = {lever.name for lever in levers(firm)}
    assert {"reps", "span", "partition"} <= names
    assert not names & {"authority", "pay", "channels", "policies"}
    own = load_scenario(root / "scenarios" / "own_chart.yaml")
    charted = next(name for name, design in own.designs.items() if not design.structure)
    assert not set(settings(own, charted)) & {"reps", "span", "partition"}


def test_where_nothing_is_moved_the_design_is_itself(scenario: Scenario) -> None:
    """Every design of the file stands among the levers' values, and its levers make the same organisation."""
    values = {lever.name: lever.values for lever in levers(scenario)}
    for name in scenario.designs:
        state = settings(scenario, name)
        assert all(value in values[lever] for lever, value in state.items())
        made = build(name, with_designs(scenario, {name: designed(scenario, state)}))
        assert made.positions == build(name, scenario).positions
        assert made.axes == build(name, scenario).axes


@pytest.mark.parametrize(
    ("moved", "seen"),
    [
        ({"reps": 9}, lambda found: len(found.reps) == 9),
        ({"span": 12}, lambda found: len(found.positions) == 13),
        ({"authority": None}, lambda found: found.axes.authority["rep"] is None),
        ({"authority": 1e6}, lambda found: found.axes.authority["manager"] == 1e6),
        ({"partition": "product"}, lambda found: found.axes.partition == "product"),
        ({"pay": None}, lambda found: "rep" not in found.axes.pay),
        ({"routing": "best_fit"}, lambda found: found.axes.routing == "best_fit"),
        ({"channels": ("force", "site")}, lambda found: found.axes.channels == ("force", "site")),
        ({"policies": ("shared_credit",)}, lambda found: found.axes.policies.shared_credit.share == 0.08),
    ],
)
def test_a_lever_moves_what_its_name_says(scenario: Scenario, moved: dict, seen: object) -> None:
    """And nothing else: another span leaves the number of reps, authority lifts bosses with the reps."""
    design = designed(scenario, {**settings(scenario, "pyramid"), **moved})
    found = build("now", with_designs(scenario, {"now": design}))
    assert seen(found)
    assert "reps" in moved or len(found.reps) == 12


def test_what_a_lever_cannot_be_is_refused_with_the_rule(scenario: Scenario) -> None:
    """A policy that no design states, a design that is not there, a value that the schema refuses."""
    state = settings(scenario, "pyramid")
    with pytest.raises(SimlibError, match="policies: got 'models', must be"):
        designed(scenario, {**state, "policies": ("models",)})
    with pytest.raises(SimlibError, match="design: got 'flatt', must be"):
        designed(scenario, {**state, "design": "flatt"})
    with pytest.raises(SimlibError, match="span: got 0, must be at least 1"):
        designed(scenario, {**state, "span": 0})


def test_a_design_that_becomes_another_can_be_moved() -> None:
    """Alone it still becomes the other one, as the scenario lays that out, also beside another baseline."""
    scenario = small()
    state = settings(scenario, "reformed")
    whole = build("reformed", scenario)
    same = build("now", with_designs(scenario, {"now": designed(scenario, state)}))
    assert same.positions == whole.positions
    assert len(whole.later) == 2
    assert [phase.day for phase in same.later] == [phase.day for phase in whole.later]
    then, expected = ([phase.organisation.positions for phase in one.later] for one in (same, whole))
    assert then == expected
    design = designed(scenario, {**state, "span": 4})
    moved = build("now", with_designs(scenario, {"now": design, "kept": designed(scenario, state)}))
    assert moved.axes.span == 4
    assert len(moved.later) == len(whole.later)


def test_a_design_that_becomes_itself_still_does_when_moved() -> None:
    """By the name that it is tried under."""
    designs = {"again": {"structure": "flat", "becomes": {"design": "again", "on_day": 8.0}}}
    scenario = small(designs=designs)
    design = designed(scenario, {**settings(scenario, "again"), "span": 4})
    made = with_designs(scenario, {"now": design})
    assert list(made.designs) == ["now"]
    assert build("now", made).later


def test_a_lever_that_the_baselines_own_chart_settles_is_refused(root: Path) -> None:
    """With those that it has, in Chinese too; an unknown one is offered only those."""
    own = load_scenario(root / "scenarios" / "own_chart.yaml")
    with pytest.raises(SimlibError, match="got 'reps', which the chart of 'ours' settles, must be 'design'") as met:
        moving(own, {"reps": ["5"]})
    assert told(met.value, "zh").startswith("--vary: 得到 'reps'，而它由 'ours' 的组织图决定，必须是")
    with pytest.raises(SimlibError) as unknown:
        moving(own, {"spam": ["5"]})
    assert "span" not in str(unknown.value)


def test_a_grid_is_counted_before_it_is_laid_out(scenario: Scenario) -> None:
    """Every combination, however many they are."""
    many = [str(number) for number in range(1, 1001)]
    levers = moving(scenario, {"reps": many, "span": many, "authority": many})
    assert size(levers) >= 10**9


def test_values_are_read_as_typed(scenario: Scenario) -> None:
    """Numbers beyond the slider too; names with the nearest one."""
    known = {lever.name: lever for lever in levers(scenario)}
    assert read(known["reps"], "30") == 30
    assert read(known["authority"], "none") is None
    assert read(known["authority"], "50000") == 50000.0
    assert read(known["channels"], "force+dealers") == ("force", "dealers")
    for name, text, rule in (
        ("reps", "2.5", "whole number"),
        ("reps", "²", "must be a number"),
        ("authority", "1.²", "must be a number or none"),
        ("authority", "much", "must be a number or none"),
        ("pay", "mix_80_30", "did you mean 'mix_80_20'"),
    ):
        with pytest.raises(SimlibError, match=rule) as met:
            read(known[name], text)
        assert "必须是" in told(met.value, "zh")


def test_a_grid_holds_the_baseline_and_follows_the_design(scenario: Scenario) -> None:
    """Values in order with the baseline's among them; levers that do not move stand where the design has them."""
    found = grid(scenario, {"design": ["flat"], "reps": ["15", "9"]})
    assert [lever.values for lever in found.levers] == [("pyramid", "flat"), (9, 12, 15)]
    assert found.states[found.first] == settings(scenario, "pyramid")
    assert [state["span"] for state in found.states] == [3, 3, 3, 12, 12, 12]


def test_a_grid_that_nobody_asked_for_is_small(scenario: Scenario) -> None:
    """A few values of the first levers."""
    found = grid(scenario, {})
    assert [lever.name for lever in found.levers][:3] == ["reps", "span", "channels"]
    assert 20 < len(found.states) <= 120


def test_all_faults_of_a_grid_are_told_at_once(scenario: Scenario) -> None:
    """Unknown levers with the nearest name, and values that cannot be."""
    with pytest.raises(SimlibError, match=r"(?s)got 'spam', must be.*did you mean 'span'.*pay: got 'x', must be"):
        grid(scenario, {"spam": ["3"], "pay": ["x"]})
