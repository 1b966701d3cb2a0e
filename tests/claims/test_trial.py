"""A claim holds, holds somewhere, fails or stays open as the differences say, and can fail."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from simlib.claims import field_guide
from simlib.claims.crossing import crossing
from simlib.claims.regimes import AXES, best_of, of_size
from simlib.claims.trial import Claim, Level, along_the_sweep, at_every_level, put_on_trial
from simlib.cli import main
from simlib.errors import SimlibError
from simlib.measure.figures import FIGURES
from simlib.org import build
from simlib.scenario import load_scenario, vary
from simlib.world.cells import cells_of
from tests.worlds import small

SCENARIOS = Path(__file__).parents[2] / "scenarios"
LEVELS = (Level("low", lambda _: {}), Level("high", lambda _: {}))
NOISE = np.random.default_rng(3).normal(0, 1, 40)


@pytest.mark.parametrize(
    ("means", "outcome"),
    [
        ((5, 5), "holds"),
        ((5, -5), "holds only if"),
        ((5, 0), "holds only if"),
        ((-5, -5), "does not hold"),
        ((0, -5), "does not hold"),
        ((0, 0), "not told apart"),
    ],
)
def test_a_difference_is_judged_at_every_level(means, outcome):
    """Proved everywhere, somewhere, refuted, or lost in the noise."""
    noise = NOISE - NOISE.mean()
    assert at_every_level(LEVELS, [noise + mean for mean in means]).outcome == outcome


@pytest.mark.parametrize(
    ("ends", "outcome"), [((0, 5), "holds"), ((5, 0), "does not hold"), ((5, 5), "not told apart")]
)
def test_a_movement_is_judged_from_end_to_end(ends, outcome):
    """Differences of the same world are compared, whatever their level."""
    moved = [NOISE + ends[0], NOISE[::-1] + ends[1]]
    assert along_the_sweep(LEVELS, moved).outcome == outcome


def test_fewer_than_twenty_worlds_prove_nothing():
    """However clear they look."""
    assert at_every_level(LEVELS, [NOISE[:19] + 50, NOISE[:19] + 50]).outcome == "not told apart"


def test_a_claim_runs_both_designs_in_the_same_worlds():
    """Boosted distances make the product line travel more than the geographic design: the sign is the claim's."""
    market = vary(small(), {"costs.people_per_year": 1_200_000.0})
    claim = Claim(
        id="S4x", design="geographic", against="dealt_out",
        figure="travel_hours", sign=-1, sweep=(Level("as_is", lambda _: {}),), judged=at_every_level,
    )  # fmt: skip
    found = put_on_trial(claim, market, seed=1, replications=20)
    assert found.outcome == "holds"
    assert found.levels == (("as_is",),)
    assert found.judgements[0].interval.mean > 0


def test_a_company_of_twice_the_size_expects_twice_the_needs_with_twice_the_money():
    """Nothing else changes."""
    market = vary(small(), {"costs.people_per_year": 1_200_000.0})
    twice = vary(market, of_size(market, 2.0))
    assert cells_of(twice).needs_per_week == pytest.approx(2 * cells_of(market).needs_per_week)
    assert twice.costs.people_per_year == 2_400_000.0
    assert twice.demand.cells[0].accounts == 80
    assert vary(market, of_size(market, 1.0)).demand.cells == tuple(
        cell.model_copy(update={"accounts": cell.account_count()}) for cell in market.demand.cells
    )


def test_a_company_whose_reps_are_counted_grows_by_them():
    """Where no sum for people is stated; a replayed log has one size only, which is told."""
    assert vary(small(), of_size(small(), 2.0)).people.rep.count == 18
    with pytest.raises(SimlibError, match=r"demand\.kind: got 'replay', must be 'synthetic'"):
        of_size(load_scenario(SCENARIOS / "loan_leads.yaml"), 2.0)


@pytest.mark.parametrize("axis", AXES)
def test_every_axis_of_the_map_changes_the_market(axis):
    """By paths that the scenario knows."""
    market = vary(small(), {"costs.people_per_year": 1_200_000.0})
    assert vary(market, AXES[axis](market, 3.0)) != market


def test_the_best_design_is_as_certain_as_its_lead_is_clear():
    """A clear lead is certain, a coin toss is not, and of one design it is; of two that are alike neither is first."""
    noise = np.random.default_rng(1).normal(0, 1, (2, 30))
    clear = best_of({"a": noise[0] + 10, "b": noise[1]}, seed=0)
    assert (clear.design, clear.certainty) == ("a", 1.0)
    tossed = best_of({"a": noise[0] - noise[0].mean(), "b": noise[1] - noise[1].mean()}, seed=0)
    assert 0.3 < tossed.certainty < 0.7
    assert best_of({"a": noise[0]}, seed=0).certainty == 1.0
    assert best_of({"a": noise[0], "b": noise[0]}, seed=0).certainty == 0.0


def test_a_crossing_is_found_with_its_interval():
    """+1 at 10 heads and −1 at 1,000 with no noise cross at the geometric mean, 100; noise widens the interval."""
    exact = crossing([10, 1000], [np.ones(25), -np.ones(25)], seed=0)
    assert exact.at == pytest.approx(100)
    assert (exact.low, exact.high, exact.share) == (pytest.approx(100), pytest.approx(100), 1.0)
    noise = np.random.default_rng(2).normal(0, 1, (2, 25))
    rough = crossing([10, 1000], [1 + noise[0], -1 + noise[1]], seed=0)
    assert rough.low < rough.at < rough.high


def test_no_crossing_is_said_to_be_none():
    """Where one design stays ahead in the stated range."""
    none = crossing([10, 100, 1000], [np.ones(25)] * 3, seed=0)
    assert (none.at, none.low, none.high, none.share) == (None, None, None, 0.0)


def test_the_market_of_the_claims_holds_their_designs():
    """Every claim can be laid out at every level of its sweep, from a stated budget; ids are unique."""
    market = load_scenario(field_guide.FILE)
    assert market.costs.people_per_year
    assert len({claim.id for claim in field_guide.CLAIMS}) == len(field_guide.CLAIMS)
    for claim in field_guide.CLAIMS:
        for level in claim.sweep:
            scenario = vary(market, level.changes(market))
            assert all(build(name, scenario).reps for name in (claim.design, claim.against))
        assert claim.figure in FIGURES


def test_the_command_lines_of_claims():
    """They list, try and refuse; nothing a user writes ends in a traceback."""

    def said(*words):
        result = CliRunner().invoke(main, words)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result.exit_code, result.output

    assert said("claims", "--list")[1].count("\n") == 2 * len(field_guide.CLAIMS)
    code, text = said("claims", "S4a", "--replications", "2")
    assert (code, "NOT TOLD APART" in text) == (0, True)  # two worlds prove nothing
    rows = json.loads(said("claims", "S4a", "--replications", "2", "--json")[1])
    assert rows[0]["levels"][0]["mean"] < 0
    assert said("claims", "S99")[0] == 2
    assert said("regimes", "--vary", "weather=1")[0] == 2
    assert said("regimes", "--vary", "size=big")[0] == 2
    assert said("crossing", "flat", "pyramidd")[0] == 2
    code, text = said("crossing", "flat", "pyramid", "--sizes", "0.25,0.5", "--replications", "2")
    assert code == 0
    assert "change places" in text


def test_a_map_is_saved_as_a_chart_and_a_table(tmp_path):
    """Four points, the best design of each."""
    words = ["regimes", "--vary", "size=0.25,0.5", "--vary", "volatility=0,1", "--designs", "flat,geographic"]
    result = CliRunner().invoke(main, [*words, "--replications", "2", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    table = pd.read_csv(tmp_path / "regimes.csv")
    assert len(table) == 4
    assert set(table["design"]) <= {"flat", "geographic"}
    assert "<html" in (tmp_path / "regimes.html").read_text(encoding="utf-8")
