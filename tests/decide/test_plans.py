"""Pay plans over the same organisation and worlds, at equal pay."""

import json
import math

import numpy as np
import pytest
from click.testing import CliRunner

from simlib.claims.published import FILE
from simlib.cli import main
from simlib.decide.plans import at_equal_pay, cost_of_gaming, paid, under_plans
from simlib.errors import ScenarioError
from simlib.runs import run
from simlib.scenario import Scenario, load_scenario, vary

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


def test_the_command_in_both_languages_and_as_json(tmp_path):
    """A table of verdicts and pay, one of behaviour, a page and a table on disk."""
    short = [word for path, value in SHORT.items() for word in ("--set", f"{path}={value}")]
    words = ["plans", str(FILE), "--design", "salary", "--plans", "linear,bonus", "--replications", "2", *short]
    for language, told in (("en", "cost of gaming"), ("zh", "博弈成本")):
        found = CliRunner().invoke(main, [*words, "--language", language, "--out", str(tmp_path)])
        assert found.exit_code == 0, found.output
        assert told in found.stdout
        assert "<script src=" not in (tmp_path / "plans.html").read_text(encoding="utf-8")
    rows = json.loads(CliRunner().invoke(main, [*words, "--json"]).stdout)
    assert [row["plan"] for row in rows] == ["linear", "bonus"]
    assert math.isfinite(rows[1]["difference"]["mean"])
    alone = CliRunner().invoke(main, [*words[:5], "bonus", *words[6:], "--out", str(tmp_path / "one")])
    assert alone.exit_code == 0, alone.output
    wrong = CliRunner().invoke(main, [*words[:3], "salry", *words[4:]])
    assert wrong.exit_code == 2
