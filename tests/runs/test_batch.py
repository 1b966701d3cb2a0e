"""Batches: the same bytes for any number of workers, tidy tables, saved and read again."""

import pandas as pd
import pytest

from simlib.decide.compare import compare, zone_in_window
from simlib.ledger import Ledger
from simlib.measure.figures import FIGURES
from simlib.measure.kpis import contribution
from simlib.org import build
from simlib.runs import Results, run, simulate
from simlib.runs.batch import contributions, write_ledgers
from simlib.scenario import keep_designs, switch_off, vary
from simlib.world import draw_world
from tests.worlds import small


@pytest.fixture(scope="module")
def scenario():
    """Three designs."""
    return keep_designs(small(), ["pyramid", "product_line", "pooled"])


@pytest.fixture(scope="module")
def results(scenario):
    """Four worlds."""
    return run(scenario, seed=7, replications=4)


def test_two_workers_give_the_same_bytes_as_one(scenario, results):
    """In order, too."""
    two = run(scenario, seed=7, replications=4, workers=2)
    pd.testing.assert_frame_equal(results.figures, two.figures)
    pd.testing.assert_frame_equal(results.breakdown, two.breakdown)
    assert results.figures.to_csv() == two.figures.to_csv()


def test_figures_are_tidy_and_complete(scenario, results):
    """One row per design, world and figure; every figure that is defined is measured, in its unit."""
    table = results.figures
    assert list(table.columns) == ["design", "replication", "metric", "value", "unit"]
    assert not table.duplicated(["design", "replication", "metric"]).any()
    assert len(table) == 3 * 4 * table["metric"].nunique()
    assert set(table["metric"]) == set(FIGURES)
    assert all(FIGURES[metric].unit == unit for metric, unit in zip(table["metric"], table["unit"], strict=True))


def test_every_design_meets_the_same_needs(results):
    """World 2 is world 2 in every design."""
    needs = results.figures[results.figures["metric"] == "needs"].pivot(
        index="replication", columns="design", values="value"
    )
    assert needs.nunique(axis=1).eq(1).all()


def test_a_design_alone_has_the_figures_it_has_in_company(scenario, results):
    """One design more changes nothing for the others."""
    alone = run(keep_designs(scenario, ["pyramid"]), seed=7, replications=4).figures
    together = results.figures[results.figures["design"] == "pyramid"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, together)


def test_parts_add_up_to_the_whole(results):
    """Revenue by person, position and unit is the firm's; contribution follows from its parts."""
    parts = results.breakdown[results.breakdown["metric"] == "revenue"]
    sums = parts.groupby(["design", "replication", "level"])["value"].sum().unstack()
    firm = results.figures.pivot(index=["design", "replication"], columns="metric", values="value")
    for level in ("person", "position", "unit"):
        pd.testing.assert_series_equal(sums[level], firm["revenue"], check_names=False)
    kinds = [name for name in firm if name.startswith("cost_")]
    pd.testing.assert_series_equal(firm[kinds].sum(axis=1), firm["selling_cost"], check_names=False)
    contribution = (
        (firm["revenue"] + firm["renewals"]) * 0.4
        - firm["discounts"] * 0.6
        - firm["selling_cost"]
        - firm["loss_unsound"]
    )
    pd.testing.assert_series_equal(contribution, firm["contribution"], check_names=False)
    assert (firm["leads"] == firm["won"] + firm["lost"] + firm["abandoned"] + firm["open_share"] * firm["leads"]).all()


def test_contributions_are_those_of_the_full_run(scenario, results):
    """The short way for searches and reruns gives the very figure."""
    short = contributions(scenario, ("pooled",), seed=7, replications=4)["pooled"]
    table = results.figures
    full = table[(table["design"] == "pooled") & (table["metric"] == "contribution")]["value"].tolist()
    assert short == full


def without(name, scenario, mechanisms, seed=7):
    """Contribution of a design in world 0 with other mechanisms."""
    world = draw_world(scenario, seed=seed, replication=0)
    return contribution(simulate(build(name, scenario), world, mechanisms=mechanisms))


def total(results, name):
    """The figure of a design in world 0."""
    table = results.figures
    mine = (table["design"] == name) & (table["replication"] == 0) & (table["metric"] == "conflict_money_total")
    return table.loc[mine, "value"].item()


def test_the_total_loss_from_conflict_is_that_of_all_its_mechanisms():
    """Contribution with overlap, dual reporting, credit and hand-off off together, less that with them; in a matrix
    every one of them has its part."""
    scenario = keep_designs(vary(small(), {"organisation.relay": 2}), ["matrix"])
    mechanisms = scenario.mechanisms
    off = dict.fromkeys(("overlap", "dual_reporting", "credit", "hand_off"))
    peaceful = without("matrix", scenario, mechanisms.model_copy(update=off))
    loss = total(run(scenario, seed=7, replications=1), "matrix")
    assert loss == pytest.approx(peaceful - without("matrix", scenario, mechanisms))
    for kept in off:
        others = {name: None for name in off if name != kept}
        assert without("matrix", scenario, mechanisms.model_copy(update=others)) != peaceful, kept


def test_the_total_loss_of_overlap_alone_is_that_of_overlap():
    """Where only overlap is on it alone is taken away; where none is, nothing is lost."""
    scenario = keep_designs(switch_off(small(), "dual_reporting", "credit", "hand_off"), ["product_line"])
    mechanisms = scenario.mechanisms
    peaceful = without("product_line", scenario, mechanisms.model_copy(update={"overlap": None}))
    loss = total(run(scenario, seed=7, replications=1), "product_line")
    assert loss == pytest.approx(peaceful - without("product_line", scenario, mechanisms))
    assert loss != 0
    assert total(run(switch_off(scenario, "overlap"), seed=7, replications=1), "product_line") == 0
    calm = switch_off(scenario, "overlap", "buying", "channel_overlap", "complaints", "diversion").mechanisms
    assert calm.without_conflict is calm


def test_parts_are_numbers_where_no_channels_quarrel(scenario):
    """Kinds of conflict that are off add no row, and leave the values what they are."""
    calm = switch_off(keep_designs(scenario, ["pooled"]), "buying", "channel_overlap", "complaints")
    parts = run(calm, seed=7, replications=1).breakdown
    assert parts["value"].dtype == float
    assert not (parts["metric"] == "money_total").any()


def test_results_survive_saving(results, tmp_path):
    """Figures, scenario, seed and hash; organisations are laid out again."""
    again = Results.load(results.save(tmp_path / "out"))
    pd.testing.assert_frame_equal(again.figures, results.figures)
    pd.testing.assert_frame_equal(again.breakdown, results.breakdown)
    assert (again.hash, again.seed, again.replications) == (results.hash, results.seed, results.replications)
    assert again.organisations["pooled"].positions == results.organisations["pooled"].positions


def test_ledgers_can_be_kept(scenario, tmp_path):
    """One folder per design and world, whatever the design is called."""
    few = run(keep_designs(scenario, ["pyramid"]), seed=7, replications=1)
    write_ledgers(few, tmp_path)
    assert len(Ledger.from_parquet(tmp_path / "0-pyramid" / "0").leads) > 10


def test_a_comparison_of_real_results_has_a_verdict_for_every_design(scenario, results):
    """Four worlds: not yet known, and the reason is said."""
    found = compare(results, baseline=scenario.baseline, zone=zone_in_window(scenario)).differences
    judged = found[found["metric"] == "contribution"]
    assert set(judged["design"]) == {"product_line", "pooled"}
    assert (judged["verdict"] == "not yet known").all()
    assert (judged["reason"] == "fewer than 20 worlds").all()
