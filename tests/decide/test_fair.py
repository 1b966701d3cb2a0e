"""No design is a straw man: tuned in other worlds, and compared at equal heads."""

from simlib.decide.compare import compare
from simlib.decide.fair import at_equal_heads, at_their_best
from simlib.decide.rerun import break_even_by_rerun, challenger
from simlib.org import build
from simlib.runs import run
from simlib.runs.batch import contributions
from simlib.scenario import keep_designs, vary
from tests.worlds import small


def test_at_equal_heads_every_design_has_the_baselines_reps():
    """Whatever the layers above cost."""
    scenario = at_equal_heads(small())
    assert {len(build(name, scenario).reps) for name in scenario.designs} == {9}


def test_a_tuned_design_is_no_worse_than_the_stated_one_where_it_was_tuned(monkeypatch):
    """The stated span and authority are among those tried: the best contributes at least as much in those worlds."""
    import simlib.decide.fair as fair

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
