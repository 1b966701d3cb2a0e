"""What is done against conflict between channels has its cost and its effect, with the sign that theory gives."""

import dataclasses
from typing import Any

import pandas as pd
import pytest

from simlib.errors import DesignError
from simlib.ledger import SCHEMA, Ledger
from simlib.measure.kpis import contribution, figures
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario, load_scenario, vary
from simlib.scenario.policies import Policies, RulesOfEngagement, Territories, Territory
from simlib.world import draw_world
from tests.runs.test_channel_conflicts import of_kind, showroom
from tests.runs.test_channels import check, ledger_of, likely, market
from tests.worlds import small

POLICIES: dict[str, Any] = {
    "shared_credit": {"share": 0.05, "cost_per_year": 400.0},
    "models": {"unlike": 0.2, "cost_per_year": 500.0},
    "joint_plans": {"every_days": 10.0, "hours": 2.0, "avoided": 0.5, "cost_per_year": 100.0},
    "territories": {"split": [{"regions": ["west"], "channels": ["dealers", "site"]}], "cost_per_year": 200.0},
    "rules_of_engagement": {"leaves": ["small"], "cost_per_year": 100.0},
}


def under(scenario: Scenario, **policies: Any) -> Ledger:
    """The first world, met by the design with some policies."""
    return ledger_of(vary(scenario, {"designs.channels.policies": policies}))


def dues(ledger: Ledger, kind: str) -> pd.Series:
    """What was paid of a kind, in minor units."""
    return ledger.money["amount"][(ledger.money["kind"] == kind).to_numpy()]


def same(one: Ledger, other: Ledger, *but: str) -> None:
    """Two runs have the same tables, but for some."""
    for table in SCHEMA:
        if table not in but:
            pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table))


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_without_effect_only_costs(policy):
    """Every policy at its defaults, with a cost a year: the run is the same to the bit, and the contribution is less by
    the part of the year that the window is."""
    base = ledger_of(small())
    ledger = under(small(), **{policy: {"cost_per_year": 3650.0}})
    same(base, ledger, "money")
    assert dues(ledger, "policies").sum() == pytest.approx(1000 * ledger.frame.end_h / 24)
    assert contribution(base) - contribution(ledger) == pytest.approx(10 * 35)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_acts_and_the_books_balance(policy):
    """With its settings something else happens than without; goods and money go from hand to hand as ever."""
    base, ledger = ledger_of(small()), under(small(), **{policy: POLICIES[policy]})
    assert not (base.choices.equals(ledger.choices) and base.money.equals(ledger.money))
    check(ledger)


def test_no_policy_is_no_policy():
    """An axis that says nothing is the run without it, to the bit."""
    same(ledger_of(small()), under(small()))


def beside_dealers(share: float) -> Ledger:
    """A dealer at 0.6, who keeps 0.1, and an own site at 0.4, of whose sales he gets a share."""
    channels = {
        "dealer": {"price": 0.5, "tiers": [{"markup": 0.2}]},
        "site": {"price": 0.4, "online": True, "acceptance": 0.8},
    }
    return under(market(channels, worth=[0.0, 1.0]), shared_credit={"share": share})


def test_shared_credit_takes_from_what_partners_lose_and_the_firm_pays_it():
    """A tenth of 0.4 is 0.04 of the list price: the dealer loses 0.06 in place of 0.1. The firm pays it for every sale
    online, also those that the dealer would not have had (Sa Vinhas and Anderson 2005: double compensation)."""
    without, ledger = beside_dealers(0.0), beside_dealers(0.1)
    same(without, ledger, "money", "conflicts")
    before, after = of_kind(without, "encroachment"), of_kind(ledger, "encroachment")
    assert list(before.index) == list(after.index)
    assert len(after) > 100
    ratio = after["amount"].sum() / before["amount"].sum()
    assert ratio == pytest.approx(0.6, rel=1e-3)
    online = ledger.choices[(ledger.choices["channel"] == "site").to_numpy()]
    assert dues(ledger, "shared credit").sum() == pytest.approx(online["paid"].sum() * 0.1, rel=1e-3)
    assert len(online) > len(after)
    assert contribution(without) - contribution(ledger) == pytest.approx(dues(ledger, "shared credit").sum() / 100)
    gains = [figures(each).set_index("metric")["value"]["partner_profit"] for each in (without, ledger)]
    assert gains[1] - gains[0] == pytest.approx(dues(ledger, "shared credit").sum() / 100)


def test_credit_is_shared_with_those_who_may_sell_there():
    """Two channels of partners, the first of which a territory closes: every sale online is shared with the second."""
    channels = {
        name: {"price": 0.5, "tiers": [{"markup": 0.2}], "outlets": outlets}
        for name, outlets in (("near", 5), ("far", 1))
    }
    scenario = market(
        {**channels, "site": {"price": 0.4, "online": True, "acceptance": 0.8}}, needs_per_week=50.0, worth=[0.0, 1.0]
    )
    split = {"split": [{"channels": ["far", "site"]}]}
    ledger = under(scenario, shared_credit={"share": 0.1}, territories=split)
    shared = ledger.money[(ledger.money["kind"] == "shared credit").to_numpy()]
    assert len(shared) > 50
    assert set(shared["payee"].astype(str)) == {"far/all/1"}


def test_a_territory_of_customers_who_are_not_there_holds_nobody():
    """Not all of them: as if there were no such part. Where the names can be known, they are refused."""
    organisation, world = build("channels", small()), draw_world(small(), seed=8, replication=0)
    part = Territory(channels=("site",), regions=("nowhere at all",))
    policies = Policies(
        territories=Territories(split=(part,)), rules_of_engagement=RulesOfEngagement(leaves=("no one",))
    )
    lost = dataclasses.replace(organisation, axes=organisation.axes.model_copy(update={"policies": policies}))
    same(simulate(organisation, world), simulate(lost, world))


def test_a_policy_names_who_is_in_the_log(root):
    """A replayed log's names are known when the design is laid out: every unknown one is told, with the choice."""
    scenario = vary(
        load_scenario(root / "scenarios" / "my_crm.yaml"),
        {
            "channels": {"agents": {"commission": 0.1}},
            "designs.today.channels": ["agents"],
            "designs.today.policies": {
                "territories": {"split": [{"regions": ["wast"], "channels": ["agents"]}]},
                "rules_of_engagement": {"leaves": ["tiny"]},
            },
        },
    )
    with pytest.raises(DesignError) as error:
        build("today", scenario)
    assert "designs.today.policies.territories.split.0.regions.0: got 'wast', must be 'all'" in str(error.value)
    assert "designs.today.policies.rules_of_engagement.leaves.0: got 'tiny', must be 'all'" in str(error.value)


def test_who_gets_as_much_as_he_lost_has_no_quarrel():
    """A third of 0.4 is more than the dealer's 0.1: nothing is on record as taken from him."""
    assert not len(of_kind(beside_dealers(0.33), "encroachment"))


def test_models_of_their_own_keep_customers_from_buying_elsewhere():
    """A good of 2 that was learnt of in the shop (1.5 there, gets ½) gets 2(1 − m) − 1.2 on the site: more than ½ below
    m = 0.15, and less above."""
    few, many = (under(showroom(), models={"unlike": unlike}) for unlike in (0.14, 0.16))
    assert len(of_kind(few, "showrooming")) == len(of_kind(ledger_of(showroom()), "showrooming")) > 100
    assert not len(of_kind(many, "showrooming"))
    assert set(many.choices["channel"]) == {"shop"}


def test_joint_plans_avoid_their_share_of_showrooming_and_take_hours_of_bosses():
    """Of three in ten who would look elsewhere half do not: 0.15 of all; whoever still does had done so before."""
    with_plans, without = under(showroom(), joint_plans={"avoided": 0.5}), ledger_of(showroom())
    some, all_of_them = (set(of_kind(each, "showrooming").index) for each in (with_plans, without))
    assert likely(len(some), len(with_plans.choices), 0.15)
    assert some < all_of_them
    plain = vary(small(), {"mechanisms.coordination": "off"})
    ledger = under(plain, joint_plans={"every_days": 10.0, "hours": 2.0})
    meetings = ledger.work[(ledger.work["activity"] == "meeting").to_numpy()]
    bosses = set(ledger.seats["boss"].dropna())
    position = ledger.seats.set_index("party")["position"].astype(str)
    assert {position[party] for party in meetings["party"].astype(str)} <= bosses
    assert len(meetings) > 5
    assert not (ledger_of(plain).work["activity"] == "meeting").any()


def test_territories_and_rules_of_engagement_say_who_may_sell():
    """In the west only dealers and the site may; the force leaves small customers to others, and never meets them."""
    base = ledger_of(small())
    for policy, mine, allowed in (
        ("territories", base.needs["region"] == "west", {"dealers", "site", "nowhere"}),
        ("rules_of_engagement", base.needs["segment"] == "small", {"dealers", "site", "agents", "nowhere"}),
    ):
        ledger = under(small(), **{policy: POLICIES[policy]})
        held = mine.to_numpy()[ledger.choices["need"]]
        assert "force" in set(base.choices["channel"][held])
        assert set(ledger.choices["channel"][held]) == allowed
        assert "force" in set(ledger.choices["channel"][~held])
        assert not set(ledger.leads["need"]) & set(ledger.choices["need"][held])


def test_policies_hold_from_the_day_of_a_change():
    """A design becomes one with shared credit on day 14 of the window, three weeks after the start: then it begins to
    cost."""
    scenario = vary(
        small(),
        {
            "designs.flat.channels": ["force", "dealers", "agents", "site"],
            "designs.flat.policies": {"shared_credit": {"share": 0.1, "cost_per_year": 3650.0}},
            "designs.channels.becomes": {"design": "flat", "on_day": 14.0},
        },
    )
    ledger = ledger_of(scenario)
    money = ledger.money[ledger.money["kind"].isin(["policies", "shared credit"])]
    assert set(money["kind"]) == {"policies", "shared credit"}
    assert money["at_h"].min() == 21 * 24.0
    assert dues(ledger, "policies").sum() == pytest.approx(1000 * (ledger.frame.end_h / 24 - 21))


def test_a_policy_names_what_there_is():
    """Channels and customers that are not there are refused, each with its place."""
    with pytest.raises(ValueError, match=r"split\.0\.channels\.0: got 'dealer', must be") as error:
        vary(
            small(),
            {
                "designs.channels.policies": {
                    "territories": {"split": [{"regions": ["wast"], "channels": ["dealer"]}]},
                    "rules_of_engagement": {"leaves": ["tiny"]},
                }
            },
        )
    assert "regions.0: got 'wast'" in str(error.value)
    assert "leaves.0: got 'tiny'" in str(error.value)
