"""No design is a straw man: tuned in other worlds, and compared at equal heads."""

from types import SimpleNamespace

import pandas as pd
import pytest

from simlib.decide import fair, rerun
from simlib.decide.compare import Comparison, compare
from simlib.decide.fair import at_equal_heads, at_their_best
from simlib.decide.rerun import break_even_by_rerun, challenger
from simlib.org import build
from simlib.runs import run
from simlib.runs.batch import contributions
from simlib.scenario import keep_designs, vary
from simlib.scenario.designs import resolve
from tests.worlds import small


def test_at_equal_heads_every_design_has_the_baselines_reps():
    """Whatever the layers above cost."""
    scenario = at_equal_heads(small())
    assert {len(build(name, scenario).reps) for name in scenario.designs} == {9}


def test_a_tuned_design_is_no_worse_than_the_stated_one_where_it_was_tuned(monkeypatch):
    """The stated span and authority are among those tried: the best contributes at least as much in those worlds."""
    monkeypatch.setattr(fair, "TUNING_WORLDS", 2)
    monkeypatch.setattr(fair, "SPANS", (2, 20))
    scenario = keep_designs(vary(small(), {"compare.baseline": "pyramid"}), ["pyramid", "geographic"])
    tuned = at_their_best(scenario, seed=1)
    assert tuned != scenario
    before, after = (
        contributions(s, ("pyramid", "geographic"), seed=1 + fair._OTHER_WORLDS, replications=2)
        for s in (scenario, tuned)
    )
    assert all(sum(after[name]) >= sum(before[name]) for name in before)


def test_break_even_names_the_inputs_that_could_flip_the_verdict():
    """One row per doubtful input, for the best challenger; what enters money linearly is left to the closed formula."""
    evidence = {
        path: {"source": "x", "grade": "guess"}
        for path in ("costs.rep_per_year", "stages.contact.customer_delay_days", "costs.margin")
    }
    scenario = keep_designs(small(evidence=evidence, mechanisms={}), ["pyramid", "flat"])
    scenario = vary(scenario, {"designs.flat.reps": 14, "costs.rep_per_year": 10.0, "demand.inbound_share": 1.0})
    results = run(scenario, seed=1, replications=2)
    comparison = compare(results, baseline="pyramid", zone=0.0)
    assert challenger(comparison) == "flat"
    table = break_even_by_rerun(results, comparison, worlds=2).set_index("path")
    assert list(table.index) == ["costs.rep_per_year", "stages.contact.customer_delay_days"]
    assert (table["design"] == "flat").all()


def test_tuning_tries_the_stated_design_first_and_never_a_boss_below_a_rep():
    """With the reps' authority at 4 times, a manager's limit below that would be a fault: the line rises with it."""
    scenario = vary(small(), {"organisation.authority": {"rep": 10000.0, "manager": 25000.0, "director": None}})
    choices = fair._choices(scenario, "pyramid")
    assert choices[0] == {}
    assert [vary(scenario, changes) for changes in choices]
    limits = [changes["designs.pyramid.authority"] for changes in choices if "designs.pyramid.authority" in changes]
    assert {"rep": 40000.0, "manager": 100000.0, "director": None} in limits
    assert {"rep": 5000.0, "manager": 25000.0, "director": None} in limits
    spans = {resolve(vary(scenario, c).designs["pyramid"], scenario.organisation).span for c in choices}
    assert spans == {3, *fair.SPANS}


def test_of_equal_choices_the_stated_one_is_kept(monkeypatch):
    """A design that no choice improves stays as it was stated."""
    monkeypatch.setattr(fair, "contributions", lambda *_, **__: {"flat": [1.0]})
    scenario = keep_designs(vary(small(), {"compare.baseline": "flat"}), ["flat"])
    assert at_their_best(scenario, seed=1) == scenario


def test_the_challenger_is_the_best_of_the_others():
    """The highest mean where more is better, the lowest where less is."""
    rows = [(design, metric, mean) for metric in ("contribution", "selling_cost")
            for design, mean in (("a", 1.0), ("b", 5.0), ("c", 9.0))]  # fmt: skip
    figures = pd.DataFrame(rows, columns=["design", "metric", "mean"])
    assert challenger(Comparison("a", "contribution", 0.0, 0.95, figures, figures)) == "c"
    assert challenger(Comparison("a", "selling_cost", 0.0, 0.95, figures, figures)) == "b"


def test_a_share_is_halved_and_doubled_in_its_odds(monkeypatch):
    """A probability of .8 has odds of 4: half is 2/3, double is 8/9, both possible; a share of 1 has no odds."""
    evidence = {path: {"source": "x", "grade": "guess"} for path in ("stages.contact.pass_probability",
                                                                     "demand.sound_share")}  # fmt: skip
    base = small(evidence=evidence, mechanisms={})
    scenario = keep_designs(vary(base, {"demand.sound_share": 1.0, "compare.baseline": "pyramid"}), ["pyramid", "flat"])
    asked = []

    def contributions_of(scenario, names, **_):
        asked.append(scenario.stages[0].pass_probability)
        return {names[0]: [2.0, 3.0], names[1]: [1.0, 1.0]}

    monkeypatch.setattr(rerun, "contributions", contributions_of)
    results = SimpleNamespace(scenario=scenario, seed=1)
    figures = pd.DataFrame([("flat", "contribution", 1.0)], columns=["design", "metric", "mean"])
    comparison = Comparison("pyramid", "contribution", 0.0, 0.95, figures, figures)
    table = break_even_by_rerun(results, comparison, worlds=2).set_index("path")
    assert asked == pytest.approx([0.8, 2 / 3, 8 / 9])
    possible = table[["possible_low", "possible_high"]]
    assert possible.loc["stages.contact.pass_probability"].tolist() == [True, True]
    assert possible.loc["demand.sound_share"].tolist() == [False, False]
