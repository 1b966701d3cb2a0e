"""How long people stay: exponential, keyed by person, and as many as the days hold."""

from itertools import pairwise

import numpy as np
import pytest

from simlib.measure.precision import mean_interval
from simlib.scenario.staffing import Turnover
from simlib.world.draws import Dice
from simlib.world.tenure import Tenure, person_key, tenures

DICE = Dice(3, 0)


def rule(rate: float, vacancy: float = 0.0) -> Turnover:
    """Turnover with a rate a year and days of vacancy."""
    return Turnover(leaving_rate_per_year=rate, vacancy_days=vacancy)


@pytest.mark.parametrize("turnover", [None, rule(0.0, 30.0)])
def test_nobody_leaves(turnover: Turnover | None) -> None:
    """Off, or at rate zero: one person for all days."""
    assert tenures(DICE, "rep", 3, turnover, 500) == [Tenure(0, 0, 500)]


def test_stays_follow_each_other_with_the_vacancy_between() -> None:
    """Whole days, none overlapping, the last cut at the end."""
    found = tenures(DICE, "rep", 3, rule(5.0, 20.0), 3000)
    assert len(found) > 10
    assert [tenure.vacancy for tenure in found] == list(range(len(found)))
    assert all(after.from_day - before.to_day == 20 for before, after in pairwise(found))
    assert found[-1].to_day <= 3000


def test_stays_are_exponential() -> None:
    """Mean 100 days and the median 100·ln 2, for who is there at time zero and for replacements alike."""
    chains = [tenures(DICE, "rep", person, rule(3.65), 3000) for person in range(3000)]
    for number in (0, 1, 2):
        stays = [chain[number].to_day - chain[number].from_day for chain in chains]
        interval = mean_interval(stays, confidence=0.999)
        assert interval.low < 100 < interval.high
        share = mean_interval([float(stay > 100 * np.log(2)) for stay in stays], confidence=0.999)
        assert share.low < 0.5 < share.high


def test_who_would_stay_for_no_day_does_not_come() -> None:
    """Stays of a day on average: no empty one is listed, and the time on the seat is what the rate says."""
    found = [tenure for person in range(300) for tenure in tenures(DICE, "rep", person, rule(365.0, 4.0), 400)]
    assert min(tenure.to_day - tenure.from_day for tenure in found) >= 1
    assert any(tenure.vacancy > number for number, tenure in enumerate(tenures(DICE, "rep", 0, rule(365.0, 4.0), 400)))


def test_everybody_is_somebody() -> None:
    """Keys differ by role, person and vacancy: no two share their draws."""
    keys = {
        person_key(role, person, number) for role in ("rep", "manager") for person in range(50) for number in range(9)
    }
    assert len(keys) == 2 * 50 * 9
