"""Does a change pay, and when: the path against staying, and the day from which it is above zero for good."""

import json
import math
import re
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from simlib.cli import main
from simlib.decide.transition import Path, Ways, between, followed, pay_back, waves_of
from simlib.errors import SimlibError
from simlib.report import transition as telling
from simlib.report.page import Heading, page_of
from simlib.report.provenance import stamp
from simlib.report.theme import themed
from simlib.report.words import words
from simlib.scenario import vary
from tests.report.conftest import HOSTILE
from tests.worlds import small

DAYS = np.array([0.0, 10.0, 20.0, 30.0])


def path(*sums: list[float]) -> Path:
    """A path with stated sums by world."""
    return Path("way", 1, DAYS, np.array(sums), np.zeros(len(sums)))


@pytest.mark.parametrize(
    ("mean", "day"),
    [
        ([0, -4, -2, 2], 25.0),  # linear from -2 to 2
        ([0, -4, 4, -1], math.inf),  # ends below
        ([0, -1, 3, 5], 12.5),
        ([0, 1, 2, 3], 0.0),  # never below
        ([0, 5, -1, 1], 25.0),  # the last time counts
    ],
)
def test_paid_back_when_it_is_above_zero_for_good(mean, day):
    """By hand: the last passage from below, linear between the days; the same in every world, so the same interval."""
    found = pay_back(path(mean, mean, mean), seed=1)
    assert (found.day, found.low, found.high) == (day, day, day)
    assert found.share == (0.0 if day == math.inf else 1.0)


def test_worlds_that_do_not_pay_back_stand_in_the_interval():
    """Two worlds, one of which ends below: a quarter of the resampled pairs are twice the bad one, so the upper end is
    beyond the run, and three quarters pay back (0, 2 or 1 of the good one: +6, −3, +1.5 at the end)."""
    found = pay_back(path([0, -2, -1, 6], [0, -2, -3, -3]), seed=1)
    assert found.high == math.inf
    assert found.share == pytest.approx(0.75, abs=3.3 * math.sqrt(0.75 * 0.25 / 2000))


def test_a_change_into_a_twin_differs_by_nothing():
    """The same worlds, the same people: each world's path is zero to the last bit; only the plan has a price."""
    scenario = vary(small(), {"mechanisms.transition.project_cost": 0.0})
    twin = vary(scenario, {"designs.twin": scenario.designs["matrix"].model_dump()})
    (found,) = followed(twin, Ways("matrix", "twin", 7.0, (1,), 30.0), seed=2, replications=3)
    assert (found.sums == 0).all()
    dear = vary(twin, {"mechanisms.transition.project_cost": 700.0})
    (found,) = followed(dear, Ways("matrix", "twin", 7.0, (1,), 30.0), seed=2, replications=2)
    np.testing.assert_allclose(found.sums[:, 1:], -700.0, atol=1e-6)


def test_the_same_for_any_number_of_workers():
    """Worlds are spread over processes and come back in order."""
    ways = Ways("pyramid", "flat", 7.0, (1, 2), 10.0)
    one, two = (followed(small(), ways, seed=3, replications=3, workers=workers) for workers in (1, 2))
    for left, right in zip(one, two, strict=True):
        np.testing.assert_array_equal(left.sums, right.sums)
        np.testing.assert_array_equal(left.years_gain, right.years_gain)


def test_a_change_into_itself_is_refused():
    """It is no change."""
    with pytest.raises(SimlibError, match="must be another design"):
        followed(small(), Ways("flat", "flat", 7.0, (1,), 30.0), seed=2, replications=2)


@pytest.mark.parametrize("text", ["", "0", "1,x", "25", "1.5"])
def test_waves_that_are_none_are_refused(text):
    """The option's name, what was got, and what it must be."""
    with pytest.raises(SimlibError, match=r"waves: got .* must be whole numbers from 1 to 24"):
        waves_of(text)


def test_the_command_tells_and_saves_in_both_languages(tmp_path):
    """A table, a sentence on each way, a chart and a table on disk; Chinese names of the structures in Chinese."""
    for language, word in (("en", "way to change"), ("zh", "金字塔")):
        found = CliRunner().invoke(
            main,
            ["transition", "pyramid", "flat", "--replications", "2", "--set", "calendar.horizon_days=60", "--out",
             str(tmp_path / language), "--language", language],
        )  # fmt: skip
        assert found.exit_code == 0, found.output
        assert word in found.output
        page = (tmp_path / language / "transition.html").read_text(encoding="utf-8")
        assert "<script src=" not in page
        for section in ("verdict", "path", "doubt", "evidence", "provenance"):
            assert f"<h2>{words(language)(f'section.{section}').removeprefix('## ')}</h2>" in page, section
        assert len(re.findall(r"\b[0-9a-f]{64}\b", page)) == 1
        assert (tmp_path / language / "transition.csv").exists()


def test_json_and_faults(tmp_path):
    """Machine-readable, null for never; an unknown design is one line with the nearest name, exit 2."""
    found = CliRunner().invoke(
        main, ["transition", "pyramid", "flat", "--replications", "2", "--waves", "1", "--json",
               "--set", "calendar.horizon_days=60"],
    )  # fmt: skip
    (row,) = json.loads(found.stdout)
    assert (row["before"], row["after"], row["waves"]) == ("pyramid", "flat", 1)
    assert row["dip"]["mean"] < 0
    assert row["against"] is None
    wrong = CliRunner().invoke(main, ["transition", "pyramid", "flatt", "--replications", "2"])
    assert wrong.exit_code == 2
    assert "did you mean 'flat'?" in wrong.stderr


def test_ways_are_held_against_the_first_world_by_world():
    """What two ways share drops out; two further ways share one error probability; few worlds tell nothing apart."""
    shock = np.random.default_rng(3).normal(scale=50, size=40)
    noise = np.tile([1.0, -1.0], 20)

    def way(waves: int, more: float, own: float = 0.0) -> Path:
        return Path("way", waves, DAYS, np.outer(shock + more + own * noise, [0.0, 1.0, 1.0, 1.0]), np.zeros(40))

    ways = [way(1, 0.0), way(2, -3.0), way(3, 0.5, 6.0)]
    second, third = between(ways, confidence=0.95)
    assert (second.waves, second.against, second.told_apart) == (2, 1, True)
    assert second.interval.mean == pytest.approx(-3.0)
    assert third.interval.confidence == pytest.approx(0.975)
    assert not third.told_apart
    assert between(ways[:1], confidence=0.95) == []
    few = [replace(each, sums=each.sums[:19]) for each in ways[:2]]
    assert not between(few, confidence=0.95)[0].told_apart


def test_names_of_300_letters_and_html_change_and_do_no_harm():
    """Names as long as a scenario allows, and one that is HTML: the change is followed, and its page shows them."""
    scenario = small()
    designs = {HOSTILE: scenario.designs["pyramid"].model_dump(), "x" * 300: scenario.designs["flat"].model_dump()}
    named = vary(scenario, {"designs": designs, "compare.baseline": HOSTILE})
    ways = Ways(HOSTILE, "x" * 300, 7.0, (1, 2), 10.0)
    paths = followed(named, ways, seed=3, replications=2)
    change = telling.Change(named, 3, ways, [(path, pay_back(path, seed=3)) for path in paths])
    shown = telling.parts(change, stamp(named, seed=3, replications=2), words("en"))
    page = page_of(shown, heading=Heading(HOSTILE, "en", HOSTILE), library="")
    assert "<script>alert" not in page
    assert max(map(len, themed(telling.chart(change, words("en")))["title"]["text"])) <= 92
    assert "2 waves against all at once: not told apart" in telling.told(change, words("en"))


def test_every_finding_has_a_sentence():
    """Paid back, not within the run, no dip: in both languages, with the day or the days run."""
    ways = Ways("pyramid", "flat", 0.0, (1,), 30.0)
    for w in (words("en"), words("zh")):
        for sums in ([0, -4, -2, 2], [0, -4, -4, -4], [0, 1, 2, 3]):
            one = path(sums, sums)
            assert telling.headline(one, pay_back(one, seed=0), ways, w)
