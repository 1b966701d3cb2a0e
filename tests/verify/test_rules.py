"""Rules against answers known in advance, and rules with a fault, which the yardsticks must find."""

import dataclasses
import json
from fractions import Fraction
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from simlib import cli
from simlib.errors import SimlibError
from simlib.model import attention, effort, timing
from simlib.model.channels.offers import Offer
from simlib.model.outlook import worth
from simlib.model.search import highest
from simlib.org.schedule import Schedule, tiered
from simlib.verify import channels, contests, efforts, gaming
from simlib.verify.yardsticks import RULES, YARDSTICKS, Check, verify

NAMES = ["linear_effort", "optimal_commission", "team_pool", "quota_bonus_effort", "timing", "accelerator_gaming",
         "delegated_pricing", "effort_allocation",
         "promotion_contest", "double_markup", "hotelling", "own_online_shop", "rebate_order_up_to"]  # fmt: skip
OPTIMA = {"optimal_commission", "team_pool", "delegated_pricing", "promotion_contest", "double_markup", "hotelling",
          "own_online_shop"}  # fmt: skip


def outside(checks: list[Check]) -> set[str]:
    """Quantities that are not the theory's."""
    return {check.quantity for check in checks if not check.inside}


def test_all_rules_are_there() -> None:
    """The names that others call, each marked rule or optimum."""
    assert list(RULES) == NAMES
    assert set(RULES) <= set(YARDSTICKS)
    assert {name for name, rule in RULES.items() if rule.through == "optimum"} == OPTIMA
    assert {rule.through for rule in RULES.values()} == {"rule", "optimum"}


@pytest.mark.parametrize("name", NAMES)
def test_the_rule_gives_the_theory(name: str) -> None:
    """To 1e-9, and a number, no interval."""
    checks = verify(name)
    assert checks
    for check in checks:
        assert check.inside, check
        assert check.precise
        assert check.low == check.mean == check.high
        assert check.mean == pytest.approx(check.theory, rel=1e-9, abs=1e-14)


share, size, amount = st.floats(0, 1), st.floats(0.05, 20), st.floats(-20, 50)
ELSEWHERE = {
    "linear_effort": {"commission_rate": st.floats(0, 5), "effort_cost": size, "sd": st.floats(0, 10)},
    "optimal_commission": {"risk_aversion": st.floats(0, 50), "effort_cost": size, "variance": st.floats(0, 20)},
    "team_pool": {"team_size": st.integers(1, 40), "effort_cost": size},
    "quota_bonus_effort": {
        "bonus": st.floats(0.01, 100),
        "quota": amount,
        "sd": size,
        "effort_cost": size,
        "results": st.lists(amount, min_size=1, max_size=4),
    },
    "timing": {
        "quota": st.floats(-1e4, 1e4),
        "deal": st.floats(1, 1e4),
        "bonus": st.floats(1, 1e6),
        "commission_rate": share,
        "mean": st.floats(-1e3, 1e3),
        "sd": st.floats(1, 1e4),
    },
    "accelerator_gaming": {
        "rate_below": st.floats(0.01, 0.1),
        "rate_above": st.floats(0.1, 1),
        "tier": st.floats(0.1, 100),
        "deal": st.floats(0.1, 100),
        "mean": amount,
        "sd": size,
    },
    "delegated_pricing": {
        "demand_intercept": st.floats(50, 1000),
        "demand_slope": st.floats(0.1, 5),
        "unit_cost": st.floats(0, 9.9),
    },
    "effort_allocation": {
        "productivities": st.lists(st.floats(0.01, 50), min_size=1, max_size=6),
        "elasticity": st.floats(0.01, 0.95),
        "budget": size,
    },
    "double_markup": {
        "demand_intercept": st.floats(50, 1000),
        "demand_slope": st.floats(0.1, 5),
        "unit_cost": st.floats(0, 9.9),
        "tiers": st.integers(1, 6).map(float),
    },
    "hotelling": {"unit_cost": st.floats(0, 50), "transport_cost": st.floats(0.01, 100)},
    "rebate_order_up_to": {
        "price": st.floats(100, 1000),
        "rebate_rate": st.floats(0.001, 0.9),
        "tier": st.floats(1, 1e5),
        "resale": st.floats(0, 9),
        "holding": st.floats(0, 5),
    },
}


@pytest.mark.parametrize("name", ELSEWHERE)
@given(data=st.data())
def test_for_any_parameters(name: str, data: st.DataObject) -> None:
    """The same function gives the theory everywhere that theory has an answer."""
    parameters = data.draw(st.fixed_dictionaries(ELSEWHERE[name]))
    checks = verify(name, parameters=parameters)
    assert outside(checks) == set()


@pytest.mark.slow
@settings(max_examples=8)
@given(acceptance=st.floats(0.501, 0.99))
def test_an_own_shop_for_any_acceptance(acceptance: float) -> None:
    """The maker's prices, the dealer's answer and who gains, for every good that some would rather buy in a shop."""
    checks = verify("own_online_shop", parameters={"acceptance": acceptance})
    assert outside(checks) == set()
    found = {check.quantity: check.mean for check in checks}
    assert found["maker_profit"] > found["maker_alone"]
    if abs(acceptance - 0.75) > 0.01:
        assert (found["dealer_profit"] > found["dealer_alone"]) == (acceptance < 0.75)


def test_a_pay_near_nothing_of_large_terms_is_told_from_rounding() -> None:
    """Far from the quota, where commission and what it begins at nearly cancel, no deal is moved for rounding."""
    far = {"quota": -9734.464373861185, "bonus": 2.0, "commission_rate": 0.30241701328701837, "mean": -87.75}
    assert outside(verify("timing", parameters={**far, "deal": 1.0, "sd": 10.0})) == set()


@settings(max_examples=25)
@given(st.integers(2, 7), st.data(), st.floats(0.05, 1), st.floats(0.1, 10), st.floats(0.1, 5))
def test_a_contest_for_any_number_of_contestants(
    contestants: int, data: st.DataObject, of_most: float, sd: float, cost: float
) -> None:
    """The prize up to the largest for which theory has an equilibrium for sure."""
    winners = data.draw(st.integers(1, contestants - 1))
    prize = of_most * cost * sd**2 * (1 - 1e-12)
    case = {"prize": prize, "contestants": contestants, "winners": winners, "sd": sd, "effort_cost": cost}
    assert outside(verify("promotion_contest", parameters=case)) == set()


# Rules with a fault


@pytest.fixture
def mutant(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Puts a fault into a rule for one test."""
    return monkeypatch


def test_effort_that_ignores_the_jump_is_found(mutant: pytest.MonkeyPatch) -> None:
    """Without the bonus itself nobody would try harder."""
    joints = effort._joints
    mutant.setattr(effort, "_joints", lambda stake: [joint._replace(jump=0.0) for joint in joints(stake)])
    assert outside(verify("quota_bonus_effort")) == {f"effort_{number}" for number in range(1, 6)}


def test_the_nearest_instead_of_the_highest_top_is_found(mutant: pytest.MonkeyPatch) -> None:
    """Where the quota is worth the way, who only looks at the next step stays where he is."""
    mutant.setattr(effort, "highest", lambda curve, points: highest(curve, sorted(points)[:2]))
    case = {"sd": 0.2, "results": [1.0, -2.0]}
    assert outside(verify("quota_bonus_effort", parameters=case)) == {"effort_1"}


def test_a_bonus_taken_as_one_more_piece_rate_is_found(mutant: pytest.MonkeyPatch) -> None:
    """Effort by the mean result alone, without noise, is all or nothing."""
    mutant.setattr(efforts, "effort", lambda stakes, **rest: effort.effort(
        [stake._replace(sd=0.0) for stake in stakes], **rest))  # fmt: skip
    assert outside(verify("quota_bonus_effort")) >= {"effort_2", "effort_3", "effort_4"}


def test_a_search_that_stops_early_is_found(mutant: pytest.MonkeyPatch) -> None:
    """A schedule of two pieces with one rate must give what the closed form gives, to 1e-9."""
    mutant.setattr(effort, "highest", lambda curve, points: highest(curve, points) * (1 + 1e-7))
    assert outside(verify("linear_effort")) == {"effort_by_search"}


def test_risk_felt_twice_is_found(mutant: pytest.MonkeyPatch) -> None:
    """Then the best share would be lower."""
    felt = efforts.certainty_equivalent
    mutant.setattr(efforts, "certainty_equivalent", lambda pay, risk_aversion: felt(
        pay, risk_aversion=2 * risk_aversion))  # fmt: skip
    assert outside(verify("optimal_commission")) == {"commission_rate", "effort", "surplus"}


def test_free_riding_left_out_is_found(mutant: pytest.MonkeyPatch) -> None:
    """If everybody worked as if all were his, a pool would cost nothing."""

    def selfless(stakes: Any, **rest: Any) -> float:
        rate = stakes[0].schedule.pieces[0].rate
        return effort.effort([stakes[0]._replace(per_effort=1 / float(rate))], **rest)

    mutant.setattr(efforts, "effort", selfless)
    assert outside(verify("team_pool")) == {"effort", "efficiency"}


@pytest.mark.parametrize("fault", ["quota just met does not count", "no gain is gain enough", "deal forgotten"])
def test_a_fault_in_pulling_forward_is_found(mutant: pytest.MonkeyPatch, fault: str) -> None:
    """Q − d < y ≤ Q, as if the quota had to be passed; at least as much instead of more; the next period left out."""
    if fault == "quota just met does not count":

        def expected(self: Schedule, mean: float, sd: float = 0.0) -> float:
            piece = max((piece for piece in self.pieces if piece.begins < mean), default=self.pieces[0])
            return float(piece.pays + piece.rate * (Fraction(mean) - piece.begins))

        mutant.setattr(Schedule, "expected", expected)
        assert outside(verify("timing")) == {"pulled_share", "pulled_from", "pulled_below"}
    elif fault == "no gain is gain enough":
        mutant.setattr(gaming, "pulls_in", lambda moves: timing.gain_of_now(*moves[0][:3]) >= -1e-3)
        assert outside(verify("timing")) == {"pulled_share", "pulled_from", "pulled_below", "gain"}
    else:
        mutant.setattr(timing, "worth", lambda outlook, deal: worth(outlook, deal if outlook.mean else 0.0))
        assert "pulled_share" in outside(verify("timing"))


@pytest.mark.parametrize("fault", ["lower rate", "both discounted"])
def test_a_fault_in_the_discount_is_found(mutant: pytest.MonkeyPatch, fault: str) -> None:
    """What the discount costs is lost at the higher rate, and on the deal that is moved only."""

    def lower(now: Any, later: Any, deal: float) -> float:
        gain = timing.gain_of_now(now, later, deal)
        return gain / (float(now.schedule.pieces[0].rate) * deal) if gain > 1e-12 else 0.0

    def both(now: Any, later: Any, deal: float) -> float:
        return timing.largest_discount(now, later, deal) / 2

    mutant.setattr(gaming, "largest_discount", lower if fault == "lower rate" else both)
    assert outside(verify("accelerator_gaming")) == {"largest_discount"}


def test_margin_taken_for_revenue_is_found(mutant: pytest.MonkeyPatch) -> None:
    """If cost did not count, both would ask the same price."""
    best = gaming.best_discount

    def blind(wins: Any, credited: Any, **rest: Any) -> float:
        return best(wins, lambda discount: 1 - discount, **rest)

    mutant.setattr(gaming, "best_discount", blind)
    assert outside(verify("delegated_pricing")) == {"price_on_margin", "profit_on_margin", "loss"}


def test_a_rival_without_luck_is_found(mutant: pytest.MonkeyPatch) -> None:
    """Who takes the others' results as given thinks the bar is nearer, and tries harder than the equilibrium."""
    surely = contests.bar
    mutant.setattr(contests, "bar", lambda own, rivals, winners: surely(
        own, [rival._replace(sd=rival.sd / 2) for rival in rivals], winners=winners))  # fmt: skip
    assert outside(verify("promotion_contest")) == {"effort", "effort_of_two"}


def test_sharing_in_proportion_is_found(mutant: pytest.MonkeyPatch) -> None:
    """Hours in proportion to what an hour brings is not what brings most."""
    shared = attention.shared
    mutant.setattr(efforts, "shared", lambda budget, productivities, elasticity: shared(
        budget, productivities=productivities, elasticity=0.0))  # fmt: skip
    assert outside(verify("effort_allocation")) == {"effort_1", "effort_2", "effort_3"}


def test_an_answer_that_is_no_number_is_outside(mutant: pytest.MonkeyPatch) -> None:
    """A rule that never pulls, so that no edge is found, claims nothing."""
    mutant.setattr(gaming, "pulls_in", lambda moves: False)
    checks = verify("timing")
    assert not any(check.inside or check.precise for check in checks)


# What is refused, and what is shown


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("team_pool", {"teamsize": 3}, r"team_pool.teamsize: .* \(did you mean 'team_size'\?\)"),
        ("team_pool", {"team_size": 2.5}, "whole number"),
        ("quota_bonus_effort", {"results": 3}, "must be a list of numbers such as"),
        ("linear_effort", {"effort_cost": 0}, "effort_cost: got 0"),
        ("timing", {"sd": 1e-9}, "sd: got 1e-09, must be at least 0.00011, .* less is lost in rounding"),
        ("timing", {"bonus": 1e-9}, "bonus: got 1e-09, must be at least"),
        ("promotion_contest", {"winners": 5}, "winners: got 5, must be a whole number from 1, and below contestants"),
        ("promotion_contest", {"contestants": 1}, "contestants: got 1"),
        ("promotion_contest", {"prize": 9}, "prize: got 9, must be at most .* = 1.8"),
        ("effort_allocation", {"elasticity": 1.2}, "elasticity: got 1.2"),
        ("accelerator_gaming", {"rate_above": 0.01}, "an accelerator rises"),
    ],
)
def test_bad_parameters_are_refused(name: str, parameters: dict[str, Any], message: str) -> None:
    """With the rule and the nearest name, as for runs."""
    with pytest.raises(SimlibError, match=message):
        verify(name, parameters=parameters)


def test_customers_may_be_stated_for_all_yardsticks_at_once() -> None:
    """A rule has none, and none among its parameters."""
    assert verify("team_pool", parameters={"customers": 400}) == verify("team_pool")
    assert "customers" not in verify("team_pool")[0].parameters


def simlib(*arguments: str) -> Any:
    """Runs `simlib verify` in this process."""
    return CliRunner().invoke(cli.main, ["verify", *arguments])


@pytest.mark.parametrize("name", NAMES)
def test_shows_the_functions_that_are_called(name: str) -> None:
    """Module and name as Python has them, with arguments, and what comes out: the same as the check says."""
    text = simlib(name, "--show").stdout
    assert "simlib.model." in text
    for check in verify(name):
        assert f"-> {check.quantity} {check.mean!r}" in text


def test_shows_arguments_and_counts_the_rest() -> None:
    """A schedule is told piece by piece; of many calls the first few are."""
    lines = simlib("quota_bonus_effort", "--show", "--set", "results=1").stdout
    assert lines == ""  # one number is no list
    text = simlib("accelerator_gaming", "--show").stdout
    assert (
        "simlib.model.timing.largest_discount(Outlook(schedule=Schedule(from 0: 0 + 0.05 for each unit beyond; "
        "from 1: 0.05 + 0.12 for each unit beyond), mean=0.8, sd=0), "
    ) in text
    assert "more calls of simlib.model.timing.pulls_in" in simlib("timing", "--show").stdout


def test_list_and_json_are_those_of_runs() -> None:
    """The same keys; exit 0, for a rule is exact."""
    listed = {entry["name"]: entry for entry in json.loads(simlib("--list", "--json").stdout)}
    runs, rules = (
        {frozenset(listed[name]) for name in listed if (name in RULES) == wanted} for wanted in (False, True)
    )
    assert runs == rules
    assert listed["team_pool"]["through"] == "optimum"
    assert listed["timing"]["parameters"]["quota"] == 11
    result = simlib("timing", "--json", "--set", "quota=12")
    checks = json.loads(result.stdout)
    assert result.exit_code == 0
    assert set(checks[0]) == {field.name for field in dataclasses.fields(Check)}
    assert checks[0]["low"] == checks[0]["mean"] == checks[0]["high"]
    assert checks[0]["parameters"]["quota"] == 12


def test_a_wrong_rule_ends_with_1(mutant: pytest.MonkeyPatch) -> None:
    """As a run whose theory lies outside does."""
    mutant.setattr(efforts, "shared", lambda budget, productivities, elasticity: [budget / 3] * 3)
    result = simlib("effort_allocation")
    assert result.exit_code == 1
    assert "OUTSIDE" in result.stdout


def test_neighbours_whose_customers_do_not_mind_the_way_are_found(mutant: pytest.MonkeyPatch) -> None:
    """Then the cheaper one has all, and nobody earns anything."""
    mutant.setattr(channels, "Offer", lambda base, slope: Offer(base, 0.0))
    assert outside(verify("hotelling")) == {"price", "profit"}


def test_a_rebate_only_for_units_beyond_the_tier_is_found(mutant: pytest.MonkeyPatch) -> None:
    """Nobody would order a unit more for it."""
    mutant.setattr(channels, "tiered", lambda tiers, retroactive: tiered(tiers))
    assert outside(verify("rebate_order_up_to")) == {"orders_up_from", "order_above", "order_below"}
