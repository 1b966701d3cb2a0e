"""A company's own chart in a scenario: what may stand there, and how every fault is told."""

# ruff: noqa: E501 - a row of a table of faults is one line

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from simlib.errors import ScenarioError
from simlib.scenario import load_scenario, scenario_hash, vary
from simlib.scenario.designs import DEFAULT_AXES, LAYING_OUT, resolve

Write = Callable[..., Path]

PLAN = "  plan: {positions: [{name: Zhang, role: manager}, {name: Li Wei, role: rep, reports_to: Zhang%s}%s]%s}\n"


def with_plan(text: str, *, about_li: str = "", others: str = "", beside: str = "") -> str:
    """The small scenario with a design of two positions."""
    return text.replace("designs:\n", f"designs:\n{PLAN % (about_li, others, beside)}")


def complaint(path: Path) -> str:
    """What is said of a file with faults."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    return str(caught.value)


def test_positions_are_read(small_yaml: str, write: Write) -> None:
    """One name stands for a list of one; what is not stated is null or all."""
    text = with_plan(small_yaml, about_li=", region: east, product: [machine, service], base_salary: 118000")
    boss, rep = load_scenario(write(text)).designs["plan"].positions
    assert (boss.role, boss.reports_to, boss.base_salary, boss.region) == ("manager", None, None, ())
    assert (rep.region, rep.product, rep.segment, rep.base_salary) == (("east",), ("machine", "service"), (), 118000)


FAULTS = [
    ({"about_li": ", region: eats"}, "positions.1.region: got 'eats', must be 'east' or 'north' (did you mean 'east'?)"),
    ({"about_li": ", stages: [contact, close]"}, "1.stages: got contact, close, must lie one behind the other (as 'contact', 'proposal' or 'close')"),
    ({"about_li": ", stages: [demo]"}, "1.stages: got 'demo', must be 'contact', 'proposal' or 'close'"),
    ({"about_li": ", second_boss: Zhang"}, "1.second_boss: got 'Zhang', must be another than the first boss"),
    ({"about_li": ", pool: desk"}, "1.pool: got 'desk' for a rep, must be empty (or the role support)"),
    ({"about_li": ", base_salary: -1"}, "1.base_salary: got -1, must be at least 0"),
    ({"others": ", {name: Wu, role: rep, reports_to: Zang}"}, "2.reports_to: got 'Zang', must be a name of this chart (did you mean 'Zhang'?)"),
    ({"others": ", {name: Li Wei, role: rep}"}, "2.name: got 'Li Wei' twice, must be there once (tell two people apart: 'Li Wei 2')"),
    ({"others": ", {name: Wu, role: manager, stages: [close]}"}, "2.stages: got close for a manager, must be empty (only reps serve customers)"),
    ({"others": ", {name: Wu, role: seller}"}, "2.role: got 'seller', must be 'rep', 'manager', 'director', 'executive', 'chief' or 'support'"),
    ({"others": ", {name: Wu, role: rep, reports_to: Wu}"}, "2.reports_to: got 'Wu', which closes a circle (Wu → Wu), must lead to somebody without a boss"),
    ({"beside": ", span: 4"}, "designs.plan.span: got 4, must not be there: the positions say it, position by position"),
    ({"beside": ", pools: {desk: {}}"}, "designs.plan.pools: got a mapping with 1 name, must not be there: the positions say it, position by position (what its pools do is stated under organisation.pools)"),
    ({"beside": ", reps: 4"}, "designs.plan.reps: got 4, must not be there"),
    ({"beside": ", structure: flat"}, "designs.plan.positions: got structure and positions together, must be one of them (`structure: null` takes back what a base states)"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "expected"), FAULTS)
def test_fault_of_a_chart(parts: dict[str, str], expected: str, small_yaml: str, write: Write) -> None:
    """Every fault names its line, the place, the value met and the rule."""
    said = complaint(write(with_plan(small_yaml, **parts)))
    assert expected in said
    assert "own.yaml:" in said


def test_every_fault_of_a_chart_is_told_at_once(small_yaml: str, write: Write) -> None:
    """An unknown boss, an unknown region and a circle over both lines of reporting; the circle is told once."""
    others = (
        ", {name: Wu, role: director, reports_to: Hu}, {name: Hu, role: chief, second_boss: Wu}"
        ", {name: Xu, role: rep, reports_to: nobody, region: [south, east]}"
    )
    said = complaint(write(with_plan(small_yaml, others=others))).splitlines()
    assert len(said) == 3
    assert "4.reports_to: got 'nobody'" in said[1]
    assert "4.region: got 'south'" in said[2]
    assert "2.reports_to: got 'Hu', which closes a circle (Wu → Hu → Wu)" in said[0]


def test_a_chart_without_a_rep(small_yaml: str, write: Write) -> None:
    """Nobody would sell; the fault is the chart's as a whole."""
    text = small_yaml.replace("designs:\n", "designs:\n  plan: {positions: [{name: Zhang, role: manager}]}\n")
    assert "designs.plan.positions: got no rep among 1, must have at least one" in complaint(write(text))


def test_a_design_states_one_of_three(small_yaml: str, write: Write) -> None:
    """Without a structure, a chart and positions there is no design."""
    said = complaint(write(small_yaml.replace("flat: {structure: flat,", "flat: {")))
    assert (
        "designs.flat.structure: got nothing, must be stated (or `chart` or `positions`: a company's own chart)" in said
    )


def test_a_chart_beside_the_axes_that_it_does_not_tell(small_yaml: str, write: Write) -> None:
    """Routing, overlap, pooling and panel apply; those that lay out are gone, whatever `organisation` says."""
    text = with_plan(small_yaml, beside=", routing: random, list_overlap: 0.5, pooled: true, panel: {members: 2}")
    scenario = load_scenario(write(text))
    axes = resolve(scenario.designs["plan"], scenario.organisation)
    assert (axes.routing, axes.list_overlap, axes.pooled) == ("random", 0.5, True)
    assert axes.panel is not None
    assert axes.panel.members == 2
    assert [name for name in LAYING_OUT if name in DEFAULT_AXES and getattr(axes, name) is not None] == []


@pytest.fixture
def chart_text(small_yaml: str) -> str:
    """The small scenario with a design of a chart in a file."""
    return small_yaml.replace("designs:\n", "designs:\n  ours: {chart: charts/ours.csv}\n")


def test_a_chart_is_seen_from_the_file_that_names_it(
    chart_text: str, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an export: relative to the scenario file, through `extends` too; in an override to the current folder."""
    ours = write("name,role\nLi,rep\n", "one/charts/ours.csv")
    other = write("name,role\nWu,rep\n", "other.csv")
    base = write(chart_text, "one/base.yaml")
    over = write("extends: ../one/base.yaml\n", "two/own.yaml")
    monkeypatch.chdir(tmp_path)
    assert load_scenario(base).designs["ours"].chart == load_scenario(over).designs["ours"].chart == str(ours)
    assert load_scenario(base, overrides=["designs.ours.chart=other.csv"]).designs["ours"].chart == str(other)
    assert vary(load_scenario(base), {"designs.ours.chart": "other.csv"}).designs["ours"].chart == str(other)


def test_a_chart_that_is_not_there(chart_text: str, write: Write) -> None:
    """The fault has its line, and names the file that is nearly so called."""
    write("name,role\n", "charts/our.csv")
    said = complaint(write(chart_text))
    assert "designs.ours.chart: got 'ours.csv', must be a CSV or XLSX file in " in said
    assert said.endswith("charts (did you mean 'our.csv'?)")


def test_the_hash_covers_the_chart_s_bytes(chart_text: str, write: Write) -> None:
    """The same chart elsewhere is the same scenario; one letter more is another; a chart that is gone has no hash."""
    hashes = []
    for folder, chart in (("a", "name,role\nLi,rep\n"), ("b", "name,role\nLi,rep\n"), ("c", "name,role\nLin,rep\n")):
        write(chart, f"{folder}/charts/ours.csv")
        hashes.append(scenario_hash(load_scenario(write(chart_text, f"{folder}/own.yaml"))))
    assert hashes[0] == hashes[1] != hashes[2]
    write("name,role\nLi,rep\n", "charts/ours.csv")
    scenario = load_scenario(write(chart_text))
    Path(scenario.designs["ours"].chart or "").unlink()
    with pytest.raises(ScenarioError, match=r"designs\.ours\.chart: got .*must be a CSV or XLSX file"):
        scenario_hash(scenario)
