"""A company's own chart: read from English and Chinese files, its faults, and what is laid out from it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simlib.decide.fair import at_equal_heads
from simlib.errors import DesignError
from simlib.org import Organisation, build
from simlib.org.chart import chart_of
from simlib.org.lists import candidates, holders
from simlib.runs import simulate
from simlib.scenario import Scenario, load_scenario, vary
from simlib.world import draw_world
from tests.runs.test_balance import check
from tests.worlds import small

HEADER = "name,role,reports_to,second_boss,region,product,segment,stages,pool,base_salary,authority"
ALL_STAGES = ["contact", "proposal", "closing"]


def charted(chart: Path | list[dict[str, Any]], **beside: Any) -> Scenario:
    """The small market with a design by a chart, and one laid out from a structure."""
    own = {"chart": str(chart)} if isinstance(chart, Path) else {"positions": chart}
    return small(designs={"base": {"structure": "geographic"}, "ours": {**own, **beside}})


def written(path: Path, rows: Iterable[Iterable[str]], *, encoding: str = "utf-8") -> Path:
    """A CSV file of some rows."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def as_rows(organisation: Organisation) -> list[list[str]]:
    """An organisation as the rows of a chart."""
    cells = organisation.cells
    rows = [HEADER.split(",")]
    for position in organisation.positions:
        mask = np.zeros(cells.needs_per_week.size, dtype=bool)
        mask[[cell for part in position.scope for cell in part.cells]] = True
        inside = mask.reshape(cells.needs_per_week.shape)
        served = [
            "; ".join(
                name
                for number, name in enumerate(cells.names(axis))
                if inside.take(number, axis=("region", "product", "segment").index(axis)).any()
            )
            for axis in ("region", "product", "segment")
        ]
        stages = "; ".join(ALL_STAGES[stage] for stage in position.stages)
        limit = "" if position.authority is None else str(position.authority / 100)
        pay = str(position.pay_per_year / 100)
        bosses = [position.boss or "", position.second_boss or ""]
        rows.append([position.id, position.role, *bosses, *served, stages, "", pay, limit])
    return rows


def owners(organisation: Organisation) -> list[list[str]]:
    """By leg of the way, who owns each of twelve accounts of every cell."""
    cells = np.repeat(np.arange(organisation.cells.needs_per_week.size), 12)
    shares = np.tile((np.arange(12) + 0.37) / 12, organisation.cells.needs_per_week.size)
    return [
        [organisation.positions[seat].id for seat in holders(organisation, leg, cells, shares)[0]]
        for leg in organisation.legs
    ]


@pytest.mark.parametrize(
    "design",
    [
        {"structure": "pyramid", "span": 3},
        {"structure": "geographic", "reps": 7},
        {"structure": "geographic", "reps": 2},
        {"structure": "product_line"},
        {"structure": "customer_type"},
        {"structure": "matrix", "reps": 12},
        {"structure": "functional", "reps": 12},
    ],
    ids=str,
)
def test_a_structure_written_out_and_read_back_is_the_same(design: dict[str, Any], tmp_path: Path) -> None:
    """Same owners on every leg, bosses, pay, authority and stages: the chart loses nothing of who does what."""
    first = build("base", small(designs={"base": design}))
    again = build("ours", charted(written(tmp_path / "ours.csv", as_rows(first))))
    assert owners(again) == owners(first)
    assert again.legs == first.legs
    named = {position.id: position for position in again.positions}
    for position in first.positions:
        other = named[position.id]
        for part in ("role", "boss", "second_boss", "authority", "pay_per_year", "stages"):
            assert getattr(other, part) == getattr(position, part), (position.id, part)
    assert [candidates(again, leg) for leg in again.legs] == [candidates(first, leg) for leg in first.legs]


CHINESE = [
    ["姓名", "职位", "汇报对象", "区域", "产品线", "客户类型", "年薪", "审批权限", "电话"],
    ["张敏", "销售经理", "", "", "", "", "19.5万", "300,000", "1"],
    ["李伟", "销售代表", "张敏", "east、north", "", "large", "¥118,000", "5万", "2"],
    ["王芳", "业务员", "张敏", "east；north", "", "small", "", "", "3"],
    ["刘洋", "客户经理", "张敏", "west", "machine+service", "", "105000元", "", "4"],
    ["徐娜", "内勤", "张敏", "", "", "", "72000", "", "5"],
]


def workbook(path: Path, rows: Iterable[Iterable[Any]], *, others: Iterable[str] = ()) -> Path:
    """A workbook with some rows in its first sheet, and other sheets."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    for name in others:
        book.create_sheet(name)
    book.save(path)
    return path


def read_chinese(path: Path) -> None:
    """Assert that the Chinese chart was understood."""
    scenario = charted(path)
    organisation = build("ours", scenario)
    assert [position.role for position in organisation.positions] == ["rep", "rep", "rep", "manager", "support"]
    li, _, liu, boss, _ = organisation.positions
    assert (li.id, li.boss, li.home, li.pay_per_year, li.authority) == ("李伟", "张敏", "east", 11_800_000, 5_000_000)
    assert (boss.pay_per_year, boss.authority) == (19_500_000, 30_000_000)
    assert liu.pay_per_year == 10_500_000
    assert organisation.workload(0).sum(axis=(0, 1, 3)) == pytest.approx([8, 0])
    notes = chart_of("ours", scenario.designs["ours"], scenario).notes
    assert any("columns not used: 电话" in note for note in notes)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_chinese_csv_is_read(encoding: str, tmp_path: Path) -> None:
    """As Excel in China writes it, or as UTF-8; several values are parted by 、, ；or +."""
    read_chinese(written(tmp_path / "组织.csv", CHINESE, encoding=encoding))


def test_a_chinese_workbook_is_read(tmp_path: Path) -> None:
    """The first sheet, an empty row or two left out; numbers may be numbers, and cells at the end missing."""
    rows: list[list[Any]] = [list(row) for row in CHINESE]
    rows[2][6], rows[3][6] = 118000.0, None
    read_chinese(workbook(tmp_path / "组织.xlsx", [[], rows[0], [], *rows[1:]], others=["说明"]))


def test_a_name_that_holds_a_separator_is_one_name(tmp_path: Path) -> None:
    """Who calls a region `a/b` is understood."""
    path = written(tmp_path / "ours.csv", [["name", "role", "region"], ["Li", "rep", "a/b"], ["Wu", "rep", "c"]])
    scenario = small(
        market={"regions": {"a/b": {}, "c": {}}, "products": {"machine": {}}, "segments": {"all": {}}},
        mechanisms={},
        demand={
            "kind": "synthetic",
            "cells": [
                {"region": region, "needs_per_week": 1.0, "products": {"machine": 1.0}, "value": {"median": 9.0}}
                for region in ("a/b", "c")
            ],
        },
        channels={},
        designs={"ours": {"chart": str(path)}},
    )
    assert build("ours", scenario).positions[0].home == "a/b"


def refused(chart: Path | list[dict[str, Any]], **beside: Any) -> list[str]:
    """The lines of what is said of a chart that cannot be used."""
    with pytest.raises(DesignError) as caught:
        build("ours", charted(chart, **beside))
    return str(caught.value).splitlines()


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    """File, row, the column as the file calls it, the value met and the rule."""
    path = written(
        tmp_path / "ours.csv",
        [
            ["name", "title", "manager", "region", "salary"],
            ["Zhang", "Manager", "Li", "", "lots"],
            ["Li", "Sales rep", "Zhang", "eastt", "-5"],
            ["Li", "rep", "Zang", "", ""],
            ["", "rep", "", "", ""],
            ["Xu", "wizard", "", "", ""],
        ],
    )
    assert refused(path) == [
        "ours.csv:2:salary: got 'lots', must be a number",
        "ours.csv:3:salary: got -5, must be at least 0",
        "ours.csv:5:name: got nothing, must be stated",
        "ours.csv:6:title: got 'wizard', must be 'rep', 'manager', 'director', 'executive', 'chief' or 'support'",
        "ours.csv:4:name: got 'Li' twice, must be there once (tell two people apart: 'Li 2')",
        "ours.csv:4:manager: got 'Zang', must be a name of this chart (did you mean 'Zhang'?)",
        "ours.csv:2:manager: got 'Li', which closes a circle (Zhang → Li → Zhang), "
        "must lead to somebody without a boss",
        "ours.csv:3:region: got 'eastt', must be 'east', 'north' or 'west' (did you mean 'east'?)",
    ]


def row(name: str, role: str = "rep", **columns: Any) -> dict[str, Any]:
    """A position as a scenario states it."""
    return {"name": name, "role": role, **columns}


HOLES = [
    (
        [row("Li", region="east"), row("Wu", region="north", product="machine")],
        "got nobody for north / service / large, north / service / small, west / machine / large and 3 more; "
        "every customer must have a rep at every stage (an empty cell of a chart means all)",
    ),
    (
        [row("Li", stages=["contact", "proposal"]), row("Wu", region=["east", "north"], stages="closing")],
        "got nobody for west / machine / large (closing), west / machine / small (closing), west / service / large "
        "(closing) and 1 more; every customer must have a rep at every stage",
    ),
    (
        [row("Li"), row("Wu", region="north", stages="contact")],
        "ours.positions.1.stages: got contact of customers of whom Li serves contact, proposal, closing, "
        "must be the same stages or none of them",
    ),
]


@pytest.mark.parametrize(("positions", "expected"), HOLES, ids=["customers", "stages", "lists cut twice"])
def test_everybody_must_be_served_from_the_first_stage_to_the_last(
    positions: list[dict[str, Any]], expected: str
) -> None:
    """A customer whom nobody serves, a stage that nobody serves, or lists that cannot be cut once for all stages."""
    (said,) = refused(positions)
    assert expected in said


BROKEN = [
    ("ours.csv", b"", "is empty"),
    ("ours.csv", b"name,place\nLi,rep\n", "ours.csv:1: got the columns 'name', 'place', must have role ("),
    ("ours.csv", b"name,role\n", "got 0 rows below the header, must have a row for each position"),
    ("ours.csv", b"name,role\nLi,rep,east\nWu,rep\n", "ours.csv:2: row: got 3 fields, must be 2 as in the header"),
    ("ours.xlsx", b"name,role\nLi,rep\n", "cannot be read as a workbook"),
    ("ours.xls", b"\xd0\xcf\x11\xe0\x00\x00", "is binary"),
]


@pytest.mark.parametrize(("name", "content", "expected"), BROKEN, ids=str)
def test_a_file_that_is_no_chart(name: str, content: bytes, expected: str, tmp_path: Path) -> None:
    """A clear word on each, and the way out; never a traceback."""
    path = tmp_path / name
    path.write_bytes(content)
    assert expected in "\n".join(refused(path))


def test_an_empty_workbook_is_no_chart(tmp_path: Path) -> None:
    """A workbook without a header, and one with a row that is longer than its header."""
    assert "the sheet 'Sheet' is empty" in refused(workbook(tmp_path / "empty.xlsx", []))[0]
    rows = [["name", "role"], ["Li", "rep", "east"], ["Wu", "rep"]]
    assert "long.xlsx:2: row: got 3 cells, must be 2" in refused(workbook(tmp_path / "long.xlsx", rows))[0]


def test_a_log_that_lacks_a_dimension_bears_no_chart_by_it(root: Path) -> None:
    """As it bears no partition by it; a chart without it is laid out."""
    log = load_scenario(root / "scenarios" / "loan_leads.yaml")
    by_region = vary(log, {"designs.ours": {"positions": [row("Li", region="all"), row("Wu", region="all")]}})
    with pytest.raises(DesignError) as caught:
        build("ours", by_region)
    reason = "the log has no region (column region is missing or empty)"
    expected = f"designs.ours.positions.0.region: got all, but {reason}; must be empty for every rep"
    assert str(caught.value) == expected
    plain = vary(log, {"designs.ours": {"positions": [row("Li"), row("Zhang", "manager", region="all")]}})
    assert len(build("ours", plain).reps) == 1


def test_a_stated_salary_is_paid_in_every_world() -> None:
    """The others follow the world's costs; the run pays what the plan says, to the minor unit."""
    scenario = charted([row("Li", base_salary=118_000.0), row("Wu"), row("Zhang", "manager", base_salary=0.0)])
    organisation = build("ours", scenario)
    assert [position.pay_per_year for position in organisation.positions] == [11_800_000, 10_000_000, 0]
    dearer = vary(scenario, {"costs.rep_per_year": 200_000.0, "mechanisms.turnover": "off", "mechanisms.career": "off"})
    money = simulate(organisation, draw_world(dearer, seed=1, replication=0)).money
    paid = money[money["kind"] == "salary"].groupby("payee", observed=True)["amount"].sum()
    years = sum((7.0, 35.0, 28.0)) / 365
    assert sorted(paid) == pytest.approx([0, 11_800_000 * years, 20_000_000 * years], abs=3)


def test_a_chart_may_cost_more_than_the_budget_and_be_the_budget() -> None:
    """Its people are as they are; as the baseline they set what the other designs may spend."""
    positions = [row("Li", base_salary=9e6), row("Wu", region="east")]
    beside = build("ours", charted(positions))
    assert beside.payroll_per_year > beside.budget_per_year
    as_baseline = vary(charted(positions), {"compare.baseline": "ours"})
    assert build("ours", as_baseline).budget_per_year == build("base", as_baseline).budget_per_year == 910_000_000


def test_pools_homes_and_units() -> None:
    """Support staff sit at their pool's desk; who states no region is where his first report is."""
    positions = [
        row("Hu", "chief"),
        row("Zhang", "manager", reports_to="Hu"),
        row("Li", region=["north", "east"], reports_to="Zhang"),
        row("Wu", region="west", product="machine", reports_to="Zhang"),
        row("Qi", region="west", product="service", reports_to="Zhang"),
        row("Xu", "support", pool="Li"),
        row("Na", "support"),
        row("Yi", "support"),
    ]
    organisation = build("ours", charted(positions))
    named = {position.id: position for position in organisation.positions}
    assert {name: position.unit for name, position in named.items()} == {
        "Li": "north + east",
        "Wu": "west / machine",
        "Qi": "west / service",
        "Xu": "Li",
        "Na": "support",
        "Yi": "support",
        **dict.fromkeys(("Zhang", "Hu"), "north + east + west"),
    }
    assert (named["Hu"].home, named["Wu"].home, named["Na"].home) == ("north", "west", "east")
    desks = {desk.id: desk for desk in organisation.desks}
    assert len(desks) == len(organisation.desks)
    assert len(desks["support"].positions) == 2
    assert desks["Li (2)"].pool == "Li"
    assert organisation.axes.pools is not None
    assert set(organisation.axes.pools) == {"Li", "support"}


def test_who_pools_sits_with_those_of_the_very_same_customers() -> None:
    """Two for the east share a desk and all its accounts; who serves more than they sits alone."""
    positions = [row("Li", region="east"), row("Wu", region="east"), row("Qi")]
    organisation = build("ours", charted(positions, pooled=True))
    assert {desk.id: len(desk.positions) for desk in organisation.desks} == {"team east": 2, "Qi": 1}
    alone = build("ours", charted([row("Li"), row("Wu")], pooled=True))
    assert [part.reach for position in alone.positions for part in position.scope] == [1.0, 1.0]
    apart = build("ours", charted([row("Li"), row("Wu")], list_overlap=0.4))
    assert [part.reach for position in apart.positions for part in position.scope] == pytest.approx([0.7, 0.7])


def test_customers_of_whom_none_are_expected_have_a_seller_all_the_same() -> None:
    """Nobody is named for the west, where no needs are expected: whoever comes from there is served."""
    demand = small().demand.model_dump()
    cells = [{**cell, "needs_per_week": 0.0 if cell["region"] == "west" else 4.0} for cell in demand["cells"]]
    scenario = small(
        demand={**demand, "cells": cells},
        designs={"ours": {"positions": [row("Li", region="east"), row("Wu", region="north")]}},
    )
    organisation = build("ours", scenario)
    assert {organisation.positions[seats[0]].id for seats in candidates(organisation, range(3))[24:]} == {"Li"}


def test_at_equal_heads_a_chart_keeps_its_people() -> None:
    """The others get as many reps as the baseline."""
    scenario = at_equal_heads(charted([row("Li"), row("Wu")]))
    assert len(build("ours", scenario).reps) == 2
    assert scenario.designs["base"].reps == len(build("base", scenario).reps)


def test_the_shipped_chart_is_read(root: Path) -> None:
    """The example of the README: eleven people, and what they cost is what the structures may spend."""
    scenario = load_scenario(root / "scenarios" / "own_chart.yaml")
    organisation = build("ours", scenario)
    assert len(organisation.positions) == 11
    assert organisation.payroll_per_year == build("flat", scenario).budget_per_year


@st.composite
def charts(draw: Any) -> list[dict[str, Any]]:
    """A chart that covers everybody: somebody for all, or a relay; others with parts of the market, in any line."""
    chosen = draw(st.integers(1, 2))
    ways = [[ALL_STAGES], [["contact"], ["proposal", "closing"]]][chosen - 1]
    positions = [row(f"first {number}", stages=way) for number, way in enumerate(ways)]
    for number in range(draw(st.integers(0, 8))):
        role = draw(st.sampled_from(["rep", "rep", "manager", "director", "chief", "support"]))
        columns: dict[str, Any] = {}
        if role == "rep":
            columns["stages"] = draw(st.sampled_from(ways))
        for column, names in (("region", ["east", "north", "west"]), ("product", ["machine"]), ("segment", ["large"])):
            columns[column] = draw(st.lists(st.sampled_from(names), unique=True))
        columns["base_salary"] = draw(st.sampled_from([None, 0.0, 90_000.0]))
        columns["authority"] = draw(st.sampled_from([None, 0.0, 40_000.0]))
        positions.append(row(f"person {number}", role, **columns))
    for number, position in enumerate(positions[1:], start=1):
        bosses = draw(st.lists(st.sampled_from(positions[:number]), max_size=2, unique_by=lambda boss: boss["name"]))
        for column, boss in zip(("reports_to", "second_boss"), bosses, strict=False):
            position[column] = boss["name"]
    return draw(st.permutations(positions))


@given(
    positions=charts(),
    pooled=st.booleans(),
    list_overlap=st.sampled_from([0.0, 0.5]),
    routing=st.sampled_from(["owner", "round_robin", "least_loaded", "best_fit", "random"]),
    seed=st.integers(0, 10**6),
)
@settings(max_examples=30)
def test_any_chart_runs_to_the_end_with_balanced_books(
    positions: list[dict[str, Any]], pooled: bool, list_overlap: float, routing: str, seed: int
) -> None:
    """Every account has one owner on every leg, everybody one desk, and the books of a run balance."""
    scenario = charted(positions, pooled=pooled, list_overlap=list_overlap, routing=routing)
    organisation = build("ours", scenario)
    seats = [seat for desk in organisation.desks for seat in desk.positions]
    assert sorted(seats) == list(range(len(positions)))
    for leg in organisation.legs:
        serving = [seat for seat in organisation.sellers if leg.start in organisation.positions[seat].stages]
        assert sum(organisation.workload(seat) for seat in serving) == pytest.approx(organisation.cells.needs_per_week)
    check(simulate(organisation, draw_world(scenario, seed=seed, replication=0)))
