"""An organisation becomes another one in the middle of a run: nothing is lost on the way but what the rule says."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from simlib.errors import DesignError
from simlib.ledger import EFFECTS, Ledger
from simlib.measure.timeline import contribution_between
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario, switch_off, vary
from simlib.world import draw_world
from tests.org.test_transition import STAYING, changing
from tests.runs.test_balance import check
from tests.worlds import MECHANISMS

DAY_H = 14 * 24.0
"""When the change comes."""


def ledger_of(scenario: Scenario, name: str) -> Ledger:
    """The first world of a seed, met by one design."""
    return simulate(build(name, scenario), draw_world(scenario, seed=6, replication=0))


@pytest.mark.parametrize("name", ["pyramid", "product_line", "functional", "hybrid", "pooled"])
def test_becoming_itself_changes_nothing(name):
    """To the bit, whatever the mechanism costs: nobody has another place, no customer another seller.

    Without the plan, which is paid for; and without reviews, whose clock begins anew with a shape.
    """
    becoming = vary(changing(name, name), {"mechanisms.transition.project_cost": 0.0})
    staying = vary(becoming, {f"designs.{name}.becomes": None})
    one, other = ledger_of(becoming, name), ledger_of(staying, name)
    for table in ("leads", "work", "waits", "gates", "conflicts", "decisions", "handovers", "seats"):
        pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table))
    assert one.money["amount"].sum() == other.money["amount"].sum()


def test_before_the_change_it_is_the_old_design():
    """Who stays, comes and goes on the first days is the same as if nothing were to change."""
    scenario = changing("pyramid", "product_line")
    became = ledger_of(scenario, "pyramid")
    stayed = ledger_of(vary(scenario, {"designs.pyramid.becomes": None}), "pyramid")
    early = [ledger.gates[ledger.gates["at_h"] < DAY_H].astype({"party": str}) for ledger in (became, stayed)]
    pd.testing.assert_frame_equal(*early)
    assert len(early[0]) > 50


PAIRS = [(one, other, waves) for one, other in product(STAYING, STAYING) if one != other for waves in (1, 3)]


@pytest.mark.slow
@pytest.mark.parametrize(("one", "other", "waves"), PAIRS)
def test_any_design_becomes_any_other(one, other, waves):
    """Books balance, and no work on a deal is left at a desk at which nobody serves any more."""
    scenario = changing(one, other, waves)
    try:
        organisation = build(one, scenario)
    except DesignError:
        pytest.skip("a relay cannot be joined half way")
    _nobody_is_left_behind(simulate(organisation, draw_world(scenario, seed=6, replication=0)))


@pytest.mark.parametrize(
    ("one", "other", "waves"),
    [("pyramid", "flat", 1), ("pooled", "geographic", 1), ("backed", "agile", 1), ("matrix", "small_firm", 3)],
)
def test_some_designs_become_others(one, other, waves):
    """As above, for a few: fewer layers, a common queue dealt out, pools given up, two bosses less."""
    scenario = changing(one, other, waves)
    _nobody_is_left_behind(ledger_of(scenario, one))


def _nobody_is_left_behind(ledger: Ledger) -> None:
    check(ledger, DAY_H)
    waits = ledger.waits
    stuck = waits[(waits["end"] == "open").to_numpy() & waits["desk"].astype(str).str.endswith(", leaving").to_numpy()]
    assert not len(stuck[stuck["lead"] >= 0])
    # and everybody who was given work has people: the desks at which it waits at the end are those of the new design
    served = set(waits["desk"][(waits["end"] == "served") & (waits["to_h"] > DAY_H + 30 * 24)].astype(str))
    waiting = waits[(waits["end"] == "open").to_numpy() & (waits["lead"] >= 0).to_numpy()]
    assert (waiting["desk"].astype(str).isin(served) | (waiting["from_h"] > ledger.frame.end_h - 14 * 24)).all()


def test_broken_relationships_and_resistance_fade_with_their_half_life():
    """Every gate of a seller who took the customer over bears most · 2^(−age / half-life); before the change none
    does, and the old sellers, who finish what is in hand, bear none of the first kind."""
    scenario = changing("geographic", "product_line")
    rule = scenario.mechanisms.transition
    gates = ledger_of(scenario, "geographic").gates
    age = gates["at_h"] - DAY_H
    for effect, most, days in (
        ("relationship", rule.broken_log_odds, rule.broken_half_life_days),
        ("resistance", rule.resistance_log_odds, rule.resistance_half_life_days),
    ):
        felt = gates[effect] != 0
        assert felt.sum() > 30
        assert (age[felt] >= 0).all()
        np.testing.assert_allclose(gates[effect][felt], -most * 2 ** (-age[felt] / 24 / days), rtol=1e-12)
    assert (gates["relationship"][age > 0] == 0).any()
    assert set(EFFECTS) <= set(gates)


def test_the_money_of_a_change():
    """The plan once; a fee for each seat filled, months of pay to each who had to go, a course fee for each retrained,
    whose hours are in the books."""
    quiet = switch_off(changing("pyramid", "flat"), "turnover", "ramp", "training")
    ledger, organisation = ledger_of(quiet, "pyramid"), build("pyramid", quiet)
    money = ledger.money.groupby(ledger.money["kind"].astype(str))["amount"]
    sums, counts = money.sum(), money.count()
    rule, pay = quiet.mechanisms.transition, {"manager": 160_000.0, "director": 256_000.0, "executive": 409_600.0}
    gone = [stint.position.role for stint in organisation.stints if stint.to_day is not None]
    new = [stint for stint in organisation.stints if stint.from_day]
    assert gone
    assert new
    assert sums["project"] == round(rule.project_cost * 100)
    assert (counts["hiring"], sums["hiring"]) == (len(new), len(new) * rule.hiring_cost * 100)
    assert sums["severance"] == sum(round(pay[role] * 100 / 12 * rule.severance_months) for role in gone)
    courses = ledger.work[ledger.work["activity"] == "retraining"]
    assert counts["retraining"] == courses["party"].nunique() > 5
    came = ledger.seats[ledger.seats["from_h"] > 0]["from_h"]
    assert set(came) == {DAY_H + rule.hiring_days * 24}
    left = ledger.seats[ledger.seats["to_h"] < ledger.frame.end_h]["to_h"]
    assert set(left) == {DAY_H + 30 * 24}


def test_off_a_change_is_free_and_felt_by_nobody():
    """No money, no hours, no odds; new seats are filled on the day."""
    ledger = ledger_of(switch_off(changing("pyramid", "flat"), "transition", "turnover"), "pyramid")
    assert not set(ledger.money["kind"].astype(str)) & {"project", "severance", "retraining", "hiring"}
    assert not (ledger.work["activity"] == "retraining").any()
    assert (ledger.gates[["relationship", "resistance"]] == 0).all().all()
    assert set(ledger.seats["from_h"]) == {0.0, DAY_H}


@pytest.mark.parametrize("name", ["pyramid", "agile"])
def test_contribution_in_time_is_all_the_money_of_a_run(name):
    """Spell by spell it adds up to margin on sales and renewals less all that is paid; however it is cut."""
    scenario = vary(changing(name, "flat"), {"costs.tools_per_head_per_year": 1000.0, "costs.other_per_year": 5000.0})
    scenario = vary(scenario, {"costs.marketing_per_lead": 20.0})
    ledger = ledger_of(scenario, name)
    end = ledger.frame.end_h
    money, rates = ledger.money, ledger.frame.rates
    sold = money["amount"][money["kind"] == "sale"].sum() / 100
    leads = ledger.leads[(ledger.leads["outcome"] == "won").to_numpy()]
    listed = leads["value"][ledger.needs["sound"][leads["need"]].to_numpy()].sum() / 100
    renewed = rates["margin"] * money["amount"][money["kind"] == "renewal"].sum() / 100
    paid = money["amount"][~money["kind"].isin(["sale", "renewal"])].sum() / 100 - renewed
    years = (ledger.seats["to_h"] - ledger.seats["from_h"]).sum() / 24 / 365
    expected = (
        sold - (1 - rates["margin"]) * listed - paid - 20 * len(ledger.leads) - 1000 * years - 5000 * end / 24 / 365
    )
    for edges in (np.array([0.0, end]), np.linspace(0, end, 12)):
        assert contribution_between(ledger, edges).sum() == pytest.approx(expected, rel=1e-9)


def test_the_mechanism_is_among_those_that_are_tried_everywhere():
    """Neutral is off, on it acts, books balance: the common tests of mechanisms know it."""
    assert "transition" in MECHANISMS
