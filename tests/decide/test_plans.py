"""Pay plans over the same organisation and worlds, at equal pay."""

import json
import math
import re
from dataclasses import replace

import altair as alt
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from simlib.claims.published import FILE
from simlib.cli import main
from simlib.decide.compare import compare
from simlib.decide.plans import at_equal_pay, cost_of_gaming, paid, under_plans
from simlib.errors import ScenarioError, SimlibError
from simlib.report import plans as telling
from simlib.report.page import Heading, page_of
from simlib.report.provenance import stamp
from simlib.report.theme import themed
from simlib.report.words import words
from simlib.runs import run
from simlib.scenario import Scenario, load_scenario, vary
from tests.report.conftest import HOSTILE

SHORT = {"calendar.horizon_days": 91.0, "calendar.warm_up_days": 0.0, "calendar.drain_days": 30.0}


@pytest.fixture(scope="module")
def market() -> Scenario:
    """The market of the findings, for a quarter."""
    return vary(load_scenario(FILE), SHORT)


def test_one_design_for_each_plan_and_nothing_else_differs(market):
    """Called like the plan; the first is the baseline; the bosses keep their pay."""
    tried = under_plans(market, "salary", ["margin", "pool"])
    assert list(tried.designs) == ["margin", "pool"]
    assert tried.baseline == "margin"
    one, other = tried.designs.values()
    assert (one.pay, other.pay) == ({"rep": "margin"}, {"rep": "pool"})
    assert one.model_copy(update={"pay": other.pay}) == other


def test_nothing_else_can_be_made_equal(market):
    """A word that a notebook's parameter cannot have."""
    tried = under_plans(market, "salary", ["margin", "pool"])
    with pytest.raises(SimlibError, match="equal: got 'wages', must be one of cost, worth, nothing"):
        at_equal_pay(tried, "wages", seed=1, replications=1)


@pytest.mark.parametrize(
    ("design", "plans", "told"),
    [("salary", ["margn"], "did you mean 'margin'"), ("salry", ["pool"], "did you mean 'salary'")],
)
def test_unknown_plans_and_designs_are_refused(market, design, plans, told):
    """With the option and the nearest name."""
    with pytest.raises(ScenarioError, match=told):
        under_plans(market, design, plans)


def test_a_scenario_without_plans_says_what_to_state():
    """And where that is explained."""
    bare = vary(load_scenario("scenarios/quick_start.yaml"), {})
    with pytest.raises(ScenarioError, match=r"docs/pay\.md"):
        under_plans(bare, bare.baseline, [])


def test_at_equal_cost_reps_cost_the_same(market):
    """Base pay moves by the difference found, to the cent a year; base pay moves nobody, so what is sold stays the
    same."""
    tried = under_plans(market, "salary", ["linear", "accelerator"])
    stated, equal = (
        run(each, seed=5, replications=4) for each in (tried, at_equal_pay(tried, "cost", seed=5, replications=4))
    )
    before, after = paid(stated), paid(equal)
    assert abs(before["linear"].cost - before["accelerator"].cost) > 1000
    assert after["linear"].cost == pytest.approx(after["accelerator"].cost, abs=0.1)
    columns = ["design", "replication", "metric"]
    sold = [each.figures[each.figures["metric"] == "revenue"].set_index(columns)["value"] for each in (stated, equal)]
    np.testing.assert_array_equal(sold[0].sort_index(), sold[1].sort_index())
    assert after["linear"].base == before["linear"].base  # the baseline keeps its own


def test_at_equal_worth_the_harder_work_is_paid_for(market):
    """Effort that is felt counts against pay: at equal worth the plan that drives harder costs more."""
    tried = under_plans(market, "salary", ["pool", "linear"])
    equal = paid(run(at_equal_pay(tried, "worth", seed=5, replications=4), seed=5, replications=4))
    assert equal["linear"].worth == pytest.approx(equal["pool"].worth, abs=0.1)
    assert equal["linear"].cost > equal["pool"].cost + 1000


def test_nothing_is_gamed_by_a_linear_plan_and_something_by_a_bonus(market):
    """Signatures move only where the plan pays for it; without the mechanism nothing moves at all."""
    tried = under_plans(market, "salary", ["linear", "bonus"])
    found = cost_of_gaming(run(tried, seed=5, replications=4))
    assert (found["linear"] == 0).all()
    assert (found["bonus"] != 0).any()
    honest = vary(tried, {"mechanisms.timing": "off"})
    assert all((lost == 0).all() for lost in cost_of_gaming(run(honest, seed=5, replications=2)).values())


def laboratory(market: Scenario, plans: list[str], replications: int = 2) -> telling.Laboratory:
    """What `simlib plans` finds of some plans."""
    results = run(under_plans(market, "salary", plans), seed=5, replications=replications)
    found = compare(results, baseline=plans[0], zone=1000.0)
    return telling.Laboratory(results, found, paid(results), cost_of_gaming(results))


def with_ratios(found: telling.Laboratory, ratios: dict[str, list[float]]) -> telling.Laboratory:
    """The same where quarters ended so, a ratio a world."""
    rows = [
        (plan, world, "quarter_end_ratio", value, "ratio")
        for plan, values in ratios.items()
        for world, value in enumerate(values)
    ]
    table = pd.DataFrame(rows, columns=["design", "replication", "metric", "value", "unit"])
    return replace(found, results=replace(found.results, figures=table))


def test_the_title_of_the_quarter_is_as_sure_as_its_interval(market):
    """Told apart from 1 it is said, with the interval; not told apart, few worlds or undefined ratios are said too."""
    w, found = words("en"), laboratory(market, ["linear", "bonus"])

    def title(ratios: dict[str, list[float]]) -> str:
        return " ".join(themed(telling.calendar(with_ratios(found, ratios), w))["title"]["text"])

    said = title({"linear": [0.9, 1.1] * 15, "bonus": [1.8, 2.2] * 15})
    assert "under bonus the last two weeks bring 2 times" in said
    assert "(1.9" in said
    assert "under no plan" in title({"linear": [0.8, 1.3] * 15, "bonus": [0.7, 1.4] * 15})
    assert "under no plan" in title({"linear": [2.0, 2.1], "bonus": [2.0, 2.1]})
    assert "no interval" in title({"linear": [2.0], "bonus": [3.0]})
    assert title({"linear": [math.nan] * 3, "bonus": [math.nan] * 3}) == w("plans.calendar_plain")


def test_plans_keep_their_names_and_do_no_harm(market):
    """A plan called like a structure is not renamed, HTML in a name is text, 300 letters do not widen a chart."""
    names = {"flat": "linear", HOSTILE: "bonus", "x" * 300: "pool"}
    renamed = vary(market, {"plans": {name: market.plans[plan].model_dump() for name, plan in names.items()},
                            "designs": {"salary": {**market.designs["salary"].model_dump(), "pay": {}}},
                            "compare.baseline": "salary"})  # fmt: skip
    found = laboratory(renamed, list(names))
    made = stamp(found.results.scenario, seed=5, replications=2)
    for language in ("en", "zh"):
        shown = telling.parts(found, made, words(language))
        page = page_of(shown, heading=Heading(HOSTILE, "en", HOSTILE), library="")
        assert "<script>alert" not in page
        assert "<td>flat</td>" in page
        assert "扁平" not in page
        for chart in shown:
            if isinstance(chart, alt.TopLevelMixin):
                assert max(map(len, themed(chart)["title"]["text"])) <= 92


def test_the_command_in_both_languages_and_as_json(tmp_path):
    """A table of verdicts and pay, one of behaviour, a page and a table on disk."""
    short = [word for path, value in SHORT.items() for word in ("--set", f"{path}={value}")]
    asked = ["plans", str(FILE), "--design", "salary", "--plans", "linear,bonus", "--replications", "2", *short]
    for language, told in (("en", "cost of gaming"), ("zh", "博弈成本")):
        found = CliRunner().invoke(main, [*asked, "--language", language, "--out", str(tmp_path)])
        assert found.exit_code == 0, found.output
        assert told in found.stdout
        page = (tmp_path / "plans.html").read_text(encoding="utf-8")
        assert "<script src=" not in page
        w = words(language)
        for section in ("verdict", "calendar", "pay", "figures", "doubt", "evidence", "provenance"):
            assert f"<h2>{w(f'section.{section}').removeprefix('## ')}</h2>" in page, section
        assert page.count('<div class="chart">') == 4
        assert len(re.findall(r"\b[0-9a-f]{64}\b", page)) == 1
    rows = json.loads(CliRunner().invoke(main, [*asked, "--json"]).stdout)
    assert [row["plan"] for row in rows] == ["linear", "bonus"]
    assert math.isfinite(rows[1]["difference"]["mean"])
    assert rows[1]["gaming"]["low"] <= rows[1]["gaming"]["mean"] <= rows[1]["gaming"]["high"]
    (ahead,) = [row for row in rows if row["ahead_of"]]
    assert ahead["plan"] != ahead["ahead_of"]["plan"]
    assert ahead["ahead_of"]["mean"] == pytest.approx(abs(rows[1]["difference"]["mean"]))
    assert ahead["ahead_of"]["probability_better"] >= 0.5
    alone = CliRunner().invoke(main, [*asked[:5], "bonus", *asked[6:], "--out", str(tmp_path / "one")])
    assert alone.exit_code == 0, alone.output
    wrong = CliRunner().invoke(main, [*asked[:3], "salry", *asked[4:]])
    assert wrong.exit_code == 2
