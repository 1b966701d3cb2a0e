"""Pay in the report: kinds, spread and figures of designs on plans, and nothing where nobody is on one."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from simlib.report import pay
from simlib.report.page import Heading, page_of
from simlib.report.subject import Subject, open_subject
from simlib.report.table import Table
from simlib.report.theme import themed
from simlib.runs import Results, run
from simlib.scenario import Scenario, keep_designs, vary
from tests.paid import paid
from tests.report.conftest import HOSTILE
from tests.worlds import small

LONG = "x" * 300


def two() -> Scenario:
    """Two designs on plans and one whose people have their salary only."""
    scenario = paid()
    designs = {
        name: design.model_dump() for name, design in keep_designs(scenario, ["pyramid", "flat"]).designs.items()
    }
    designs["unpaid"] = {**designs["flat"], "pay": {}}
    return vary(scenario, {"designs": designs, "compare.baseline": "pyramid"})


@pytest.fixture(scope="module")
def results() -> Results:
    """Four worlds."""
    return run(two(), seed=3, replications=4)


@pytest.fixture(scope="module", params=["en", "zh"])
def subject(request: pytest.FixtureRequest, results: Results) -> Subject:
    """The same in each language."""
    return open_subject(results, language=request.param)


def test_kinds_of_pay_are_the_means_over_all_worlds(subject: Subject, results: Results) -> None:
    """A world that lacks a kind counts as 0, a design that never has it has a dash."""
    w, parts = subject.words, results.breakdown
    rows = {row[0]: row[1:] for row in pay.by_kind_and_figure(subject).rows}
    parts = parts[parts["level"] == "pay"].astype({"group": "object", "design": "object"})
    kinds = list(dict.fromkeys(parts["group"]))
    assert "commission" in kinds
    for kind in kinds:
        cells = rows[w("pay.kind", kind=w.label("payslip.kind", kind))]
        for design, cell in zip(subject.designs, cells, strict=True):
            mine = parts[(parts["group"] == kind) & (parts["design"] == design)]["value"]
            assert cell.split("\n")[0] == (w.money(mine.sum() / 4) if len(mine) else "–"), (kind, design)
    commission = rows[w("pay.kind", kind=w.label("payslip.kind", "commission"))]
    assert commission[2] == "–"


def test_the_spread_is_that_of_the_reps_who_were_there(results: Results) -> None:
    """By hand, world by world: quantiles of pay ÷ years over reps with a month or more; bosses are left out."""
    found = pay.by_world(open_subject(results), "pay")
    table = results.breakdown
    for design in ("pyramid", "unpaid"):
        for world in range(4):
            rows = table[(table["design"] == design) & (table["replication"] == world) & (table["level"] == "person")]
            people: dict[str, dict[str, float]] = {}
            for row in rows.itertuples():
                people.setdefault(str(row.group), {})[str(row.metric)] = row.value
            yearly = [
                each["pay"] / each["years"]
                for name, each in people.items()
                if name.startswith("rep ") and each["years"] >= 1 / 12
            ]
            for point, share in pay.QUANTILES.items():
                assert found[design][point][world] == pytest.approx(np.quantile(yearly, share))


def test_who_has_no_quota_has_no_attainment(results: Results) -> None:
    """Undefined in every world, so that the chart's panel leaves the row without a dot."""
    found = pay.by_world(open_subject(results), "attainment")
    assert np.isnan(found["unpaid"]["value"]).all()
    assert np.isfinite(found["pyramid"]["value"]).any()


def test_charts_say_what_was_found_and_how_to_read_it(subject: Subject) -> None:
    """Four worlds tell nothing apart, and the titles say so, with the interval; both panels name their unit."""
    heading, kinds, spread, table = pay.section(subject)
    assert subject.words("section.pay") == heading.data
    assert isinstance(table, Table)
    for chart in (kinds, spread):
        spec = themed(chart)
        said = " ".join(spec["title"]["text"])
        assert {"en": "not told apart", "zh": "无法区分"}[subject.words.language] in said.replace("\n", " ")
        assert spec["title"]["subtitle"]
    titles = [panel["layer"][0]["encoding"]["x"]["title"] for panel in themed(spread)["concat"]]
    assert len(titles) == 2
    assert "¥" in titles[0]


def test_what_differs_for_certain_is_said_to_differ(results: Results) -> None:
    """The same people in thirty worlds: where variable pay is nine tenths of all pay it is told apart from a half."""
    rows = [
        (design, world, "pay", kind, "amount", amount + world % 3, "money")
        for world in range(30)
        for design, parts in {"pyramid": (100.0, 900.0), "flat": (500.0, 500.0)}.items()
        for kind, amount in zip(("base", "commission"), parts, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["design", "replication", "level", "group", "metric", "value", "unit"])
    many = replace(open_subject(results), results=replace(results, breakdown=table, replications=30))
    said = pay.most_by_result(many)
    assert "weighs most in pyramid" in said
    assert "89.9%" in said or "90.0%" in said


def test_nothing_where_nobody_is_on_a_plan() -> None:
    """A firm of salaries has no such section."""
    subject = open_subject(run(keep_designs(small(), ["pyramid", "flat"]), seed=3, replications=1))
    assert pay.section(subject) == []


def test_a_design_that_changes_into_a_paid_one_counts() -> None:
    """Its people are on a plan from the change on."""
    scenario = two()
    becomes = {"design": "pyramid", "on_day": 20.0, "waves": 1}
    late = vary(scenario, {"designs.unpaid.becomes": becomes})
    results = run(keep_designs(late, ["unpaid", "pyramid"]), seed=3, replications=1)
    assert set(pay.paid_by_plan(open_subject(results))) == {"pyramid", "unpaid"}


def test_one_world_has_no_interval_and_says_so() -> None:
    """Titles and table."""
    subject = open_subject(run(two(), seed=3, replications=1))
    assert "no interval" in pay.widest(subject)
    assert pay.by_kind_and_figure(subject).notes == (subject.words("interval.one_world"),)


def test_hostile_and_long_names_do_no_harm() -> None:
    """A name that is HTML is text, and one of 300 letters is cut into lines that fit the page."""
    scenario = two()
    named = {HOSTILE: scenario.designs["pyramid"].model_dump(), LONG: scenario.designs["flat"].model_dump()}
    subject = open_subject(run(vary(scenario, {"designs": named, "compare.baseline": HOSTILE}), seed=3, replications=2))
    parts = pay.section(subject)
    page = page_of(parts, heading=Heading(HOSTILE, "en", HOSTILE), library="")
    assert "<script>alert" not in page
    for chart in parts[1:3]:
        assert max(map(len, themed(chart)["title"]["text"])) <= 92  # type: ignore[arg-type]
