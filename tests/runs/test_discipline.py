"""Who is coached looks at the firm's margin beside the own pay: he gives less away, at list prices and period ends."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from simlib.ledger import Ledger
from simlib.model.coaching import Coached, Uncoached, discipline
from simlib.model.person import Person
from simlib.model.pricing import best_discount
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario, vary
from simlib.scenario.staffing import Coaching
from simlib.units import working_calendar
from simlib.world import draw_world
from simlib.world.cells import first_day
from tests.worlds import small, steady

RULE = {"every_days": 7.0, "hours": 1.0, "most": 0.0, "discipline": 0.4, "half_hours": 5.0, "half_life_days": 50.0}
WORLDS = 24


def coached(hours: float, **rule: Any) -> Any:
    """A firm with one person, who was coached for so many hours just now."""
    person = Person(0, 0, working_calendar(first_day(steady()), 10, 40.0, ()), 0.0)
    state = Coached(Coaching.model_validate({**RULE, **rule}))
    state.coached(person, 0.0, hours)
    return SimpleNamespace(coaching=state, people=[person], env=SimpleNamespace(now=0.0))


def firm(share: float = 0.4, *, reps: int = 6, span: int = 6, **mechanisms: Any) -> Scenario:
    """Reps on a commission on revenue, who may give discounts, with bosses who have nothing to do but coach."""
    plan = {"quota": {"amount": 170000.0, "period": "month"},
            "components": {"c": {"kind": "commission", "rate": 0.03}, "b": {"kind": "bonus", "steps": [[1, 8000.0]],
                                                                            "period": "month"}}}  # fmt: skip
    return small(
        calendar={"start": "2026-01-01", "warm_up_days": 30.0, "horizon_days": 120.0, "drain_days": 30.0},
        mechanisms={"coaching": {**RULE, "discipline": share}, **mechanisms},
        plans={"field": plan},
        designs={
            "flat": {"structure": "flat", "partition": "none", "reps": reps, "span": span, "pay": {"rep": "field"}}
        },
        organisation={"list_overlap": 0.0},
    )


def met(scenario: Scenario, seed: int) -> Ledger:
    """The first world of a seed."""
    return simulate(build("flat", scenario), draw_world(scenario, seed=seed, replication=0))


def given_away(ledger: Ledger) -> float:
    """Mean discount of what was signed."""
    return float(ledger.leads["discount"][(ledger.leads["outcome"] == "won").to_numpy()].mean())


def less(one: Scenario, other: Scenario) -> tuple[float, float]:
    """By how much less the second gives away, and half of the 99.9% interval, in pairs of worlds."""
    gaps = [given_away(met(one, seed)) - given_away(met(other, seed)) for seed in range(WORLDS)]
    half = stats.t.ppf(0.9995, WORLDS - 1) * np.std(gaps, ddof=1) / math.sqrt(WORLDS)
    return float(np.mean(gaps)), float(half)


def test_the_weight_follows_the_hours_of_coaching_by_hand():
    """g = .4 · 5 / (5 + 5) = .2, so .2 / .8 beside the rule's own .05; half of the hours forgotten, .4 · 2.5 / 7.5."""
    one = coached(5.0)
    assert discipline(one, 0, 0.05) == pytest.approx(0.05 + 0.25)
    one.env.now = 50 * 24.0
    assert discipline(one, 0) == pytest.approx((1 / 7.5) / (1 - 1 / 7.5))
    assert discipline(coached(0.0), 0, 0.05) == discipline(coached(5.0, discipline=0.0), 0, 0.05) == 0.05
    one.coaching = Uncoached()
    assert discipline(one, 0, 0.3) == 0.3


def test_the_price_chosen_is_that_of_a_mix_of_own_pay_and_the_firms_margin():
    """p(δ) = .3 + 2δ, pay .05 · (1 − δ), margin .4 − δ, a share g of the firm: at the peak of
    p · ((1 − g) · pay + g · margin), by the quadratic's own formula; endless coaching gives the firm's optimum."""
    for hours, rule in ((0.0, {}), (5.0, {}), (45.0, {"discipline": 0.9}), (1e9, {"discipline": 1.0})):
        one = coached(hours, **rule)
        cares, g = discipline(one, 0), one.coaching.firms_share(one.people[0], 0.0)
        found = best_discount(lambda d: 0.3 + 2 * d, lambda d, w=cares: 0.05 * (1 - d) + w * (0.4 - d), authority=0.35)
        level, slope = (1 - g) * 0.05 + g * 0.4, -((1 - g) * 0.05 + g)
        assert found == pytest.approx(min(max((2 * level + 0.3 * slope) / (-4 * slope), 0.0), 0.35), abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize(
    "reaction",
    [
        {"discount": {"most": 0.2, "log_odds": 8.0}},
        {"timing": {"reach_days": 14.0, "asked_discount": 0.05, "most": 0.2}},
    ],
    ids=["prices", "period ends"],
)
def test_a_coached_team_gives_less_away(reaction):
    """Coached just as much, with and without discipline, in 24 worlds: the paired 99.9% interval is above zero."""
    mean, half = less(firm(0.0, **reaction), firm(0.6, **reaction))
    assert mean - half > 0


@pytest.mark.slow
def test_a_boss_of_many_coaches_too_little_to_be_heeded():
    """The same rule, twelve reps: bosses of three have time for each of them every week, one boss of twelve has not."""
    coaching = {**RULE, "hours": 8.0, "discipline": 0.6}
    narrow, wide = (
        vary(firm(reps=12, span=span, discount={"most": 0.2, "log_odds": 8.0}), {"mechanisms.coaching": coaching})
        for span in (3, 12)
    )
    mean, half = less(wide, narrow)
    assert mean - half > 0


def test_where_nobody_chooses_discipline_changes_nothing():
    """Without a reaction to pay a run is the same to the bit, however disciplined."""
    one, other = (met(firm(share), 1) for share in (0.0, 0.9))
    assert one.gates.equals(other.gates)
    assert one.money.equals(other.money)
