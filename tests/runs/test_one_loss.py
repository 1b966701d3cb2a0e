"""A sale is lost once: whatever channels do to each other at a customer, one of them loses the margin, to one cause."""

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simlib.ledger import Ledger
from simlib.measure.kpis import contribution, figures
from simlib.model.channels.supply import ToOrder
from simlib.scenario import Scenario, switch_off, vary
from tests.runs.test_channel_conflicts import of_kind
from tests.runs.test_channel_policies import under
from tests.runs.test_channels import check, ledger_of, market
from tests.runs.test_complaints import AGENT, AT_ONCE, complaining
from tests.runs.test_partner_prices import DEALERS, regions

COST, TRANSPORT = 0.6, 0.05
SHOP_HOURS = {"advice_hours": 0.5, "advice_hour_cost": 12.0}
TOGETHER: dict[str, Any] = {
    "dealers": {**DEALERS, "advice": 0.3, "delivery_days": 2.0, "penalty": 0.1, "policing_per_year": 20_000.0},
    "agents": {"commission": 0.12, "advice": 0.9, **SHOP_HOURS},
    "shop": {"price": 1.05, "advice": 1.0, **SHOP_HOURS},
    "site": {"online": True, "price": 0.95, "advice": 0.1, "delivery_days": 3.0, "handling": 0.02},
    "force": {"pursued": True, "price": 1.0, "advice": 0.8},
}
"""Dealers who divert, agents and a shop who advise, a site that undercuts them, and the own force."""


def few() -> dict[str, Any]:
    """About 200 needs in each of two regions."""
    return {f"demand.cells.{cell}.needs_per_week": 25.0 for cell in (0, 1)}


def together(changes: dict[str, Any]) -> Scenario:
    """Diversion, showrooming, encroachment, complaints and meetings of the force with partners at once, by few
    accounts: about 600 needs."""
    customers = {"worth": [1.0, 2.2], "noise": 0.1, "need_of_advice": 0.4, "looks_elsewhere": 0.5, "transport": 0.1}
    busy = {
        **{f"demand.cells.{cell}.needs_per_week": 40.0 for cell in (0, 1)},
        **{f"demand.cells.{cell}.accounts": 30 for cell in (0, 1)},
        "mechanisms.complaints": {**AT_ONCE, "probability": 0.4, "soured": 0.5},
        "mechanisms.channel_overlap": {"probability": 0.7, "log_odds": 0.5, "settling_hours": 0.1},
        "stages": [{"name": "talk", "effort_hours": 0.0, "pass_probability": 0.7}],
        "designs.channels.reps": 6,
    }
    return vary(regions(TOGETHER, **customers), {**busy, **changes})


def margins_lost(ledger: Ledger) -> pd.DataFrame:
    """Of every row by which a sale was lost between channels: lead, loser, kind and the margin, without hours of
    advice."""
    rows = ledger.conflicts.astype({"kind": str, "party": str, "other": object})
    people = set(ledger.seats["party"].astype(str))
    rows = rows[rows["kind"].isin(["showrooming", "encroachment", "complaint", "diversion"])]
    rows = rows[~(rows["party"].isin(people) & (rows["hours"] > 0))]  # answers, and hearings by the head
    hours = rows["hours"].where(rows["kind"] == "showrooming", 0.0)
    rows = rows.assign(margin=rows["amount"] - hours * SHOP_HOURS["advice_hour_cost"] * 100)
    return rows[rows["margin"] > 1]


def stake(scenario: Scenario, need: pd.Series, loser: str) -> float:
    """The most that somebody could have kept of a sale at stated prices, in minor units."""
    channel, _, place = loser.partition("/")
    spec = scenario.channels.get(channel, scenario.channels["force"])
    kept = spec.price - COST
    if channel == "dealers":
        north = place.startswith("north")
        paid, home = (0.64, 0.8) if north else (0.8, 1.0)
        kept = (home if need["region"] == place.split("/")[0] else 1.0 - TRANSPORT) - paid
    if channel == "agents":
        kept = spec.commission
    return float(need["value"] * kept)


@st.composite
def worlds(draw: Any) -> Scenario:
    """All conflicts between channels, with any policies, prices and stock."""
    share, eased = draw(st.sampled_from([0.0, 0.05, 0.3])), draw(st.sampled_from([0.0, 0.5]))
    policies = {"shared_credit": {"share": share}, "arbitration": {"hours": 0.2, "eased": eased, "from_amount": 20.0}}
    stock = {"cover_days": 6.0, "order_every_days": 5.0, "lead_days": 3.0}
    return together(
        {
            "designs.channels.channels": draw(st.permutations(list(TOGETHER))),
            "designs.channels.policies": draw(st.sampled_from([{}, policies])),
            "channels.site.price": draw(st.sampled_from([0.8, 0.95, 1.1])),
            "mechanisms.buying.noise": draw(st.sampled_from([0.0, 0.1, 0.3])),
            "mechanisms.complaints.soured": draw(st.sampled_from([0.1, 0.5, 100.0])),
            "mechanisms.stock": draw(st.sampled_from(["off", stock])),
        }
    )


@given(scenario=worlds(), seed=st.integers(0, 10**6))
@settings(max_examples=6)
def test_each_margin_is_lost_once_and_never_more_than_was_at_stake(scenario, seed):
    """One loser and one cause for each sale; who lost it lost at most what he would have kept. Goods and money balance
    whatever was written down, and without the table of conflicts the firm has earned the same."""
    ledger = ledger_of(scenario, seed=seed)
    check(ledger)
    lost, needs = margins_lost(ledger), ledger.needs.set_index("need").astype({"region": str})
    assert lost["lead"].is_unique
    for row in lost.itertuples():
        assert row.margin <= stake(scenario, needs.loc[row.lead], row.party) + 1, row
    sold = ledger.choices.set_index("need").astype({"outlet": str})["outlet"]
    assert not (lost.set_index("lead")["party"] == sold[lost["lead"]]).any(), "nobody loses what he has sold"
    assert contribution(dataclasses.replace(ledger, conflicts=ledger.conflicts[:0])) == contribution(ledger)


def test_all_causes_at_once_and_each_is_booked():
    """In one world: customers who stay away for a complaint, who buy of a diverter, who look elsewhere, who come to the
    firm itself; each is the loss of somebody. The figure of what channels lost is those rows and nothing else."""
    ledger = ledger_of(together({}))
    check(ledger)
    lost = margins_lost(ledger)
    counts = lost["kind"].value_counts()
    assert set(counts.index) == {"complaint", "diversion", "showrooming", "encroachment"}
    assert counts.min() >= 10
    people = set(ledger.seats["party"].astype(str))
    mine = ledger.conflicts[~ledger.conflicts["party"].astype(str).isin(people)]
    assert figures(ledger).set_index("metric")["value"]["conflict_money_channels"] == pytest.approx(
        mine["amount"].sum() / 100
    )


def test_of_two_causes_the_one_that_was_there_first_has_the_sale():
    """In the south all learn in a shop at 1.6 (a good is worth 2 with its advice, 1 without) and buy of a northern
    dealer at 0.925. Without those they would have bought of a southern one, having learnt in the shop; without looking
    elsewhere in the shop. The dealer has lost 0.2 to diversion, the shop only its hours; and in the north, where nobody
    diverts, the shop has lost 1.6 − 0.6 to showrooming."""
    shop = {"price": 1.6, **SHOP_HOURS}
    channels = {"shop": shop, "dealers": {**DEALERS, "advice": 0.0, "outlets": 1}}
    scenario = regions(channels, worth=[2.0, 2.0], need_of_advice=1.0, looks_elsewhere=1.0)
    ledger = ledger_of(vary(scenario, few()))
    lost, diverted = margins_lost(ledger), ledger.choices.set_index("need")["diverted"]
    needs = ledger.needs.set_index("need")
    south = (needs["region"] == "south").to_numpy()
    assert diverted.to_numpy().tolist() == south.tolist()
    assert len(of_kind(ledger, "showrooming")) == len(needs)
    for region, kind, party, kept in (
        ("south", "diversion", "dealers/south/1", 0.2),
        ("north", "showrooming", "shop/north/1", 1.0),
    ):
        rows = lost[lost["kind"] == kind].set_index("lead")
        assert set(rows["party"]) == {party}
        assert list(rows.index) == list(needs.index[(needs["region"] == region).to_numpy()])
        assert rows["margin"].tolist() == pytest.approx((needs["value"][rows.index] * kept).tolist(), abs=1)


def test_a_visitor_loses_what_he_would_have_earned_there():
    """Southern customers buy on the site at 0.9. Without it they would have bought of a northern dealer at 0.925: he
    paid 0.64 and would have had to bring it, for 0.05, with a penalty of 0.1 · ½ to expect; at home he asks 0.8."""
    dealers = {**DEALERS, "penalty": 0.1, "policing_per_year": 40_000.0}
    scenario = regions({"dealers": dealers, "site": {"online": True, "price": 0.9}}, worth=[1.5, 2.0])
    scenario = vary(scenario, {"mechanisms.diversion.half_found_per_year": 40_000.0, **few()})
    ledger = ledger_of(scenario)
    rows = of_kind(ledger, "encroachment")
    assert len(rows) > 100
    assert rows["party"].str.startswith("dealers/north").all()
    values = ledger.needs.set_index("need")["value"][rows.index]
    assert rows["amount"].tolist() == pytest.approx((values * (0.95 - 0.64 - 0.05 - 0.05)).tolist(), abs=1)


def test_nobody_loses_by_a_complaint_what_he_had_not_in_stock(monkeypatch):
    """From the fifth week on the first agent has nothing: who would have gone to him had he answered would have gone on
    all the same."""
    until = 28 * 24.0
    monkeypatch.setattr(
        ToOrder, "has", lambda self, need, outlet: outlet != 0 or self._needs["at_h"][need] < until, raising=True
    )
    scenario = complaining({"near": AGENT, "far": AGENT}, accounts=60, probability=0.5, soured=100.0, **AT_ONCE)
    rows = of_kind(ledger_of(scenario), "complaint")
    rows = rows[(rows["amount"] > 0).to_numpy()]
    assert (rows["party"] == "near/all/1").sum() > 20
    assert rows["at_h"][(rows["party"] == "near/all/1").to_numpy()].max() < until
    assert (rows["at_h"] > until).sum() > 20


def test_complaints_depend_on_what_was_advised_that_day():
    """Full advice makes complaints rarer by 3 in log-odds; an agent whom nobody trains advises nothing from the third
    week on, and of his customers as many complain as of anybody's."""
    rule = {**AT_ONCE, "probability": 0.4, "advice_log_odds": 3.0}
    scenario = vary(
        complaining({"agent": AGENT}, **rule),
        {
            "mechanisms.support": {
                "training_hours": 1.0, "training_every_days": 7.0, "grace_days": 7.0, "untrained_advice": 0.0,
            },
        },
    )  # fmt: skip
    ledger = ledger_of(scenario)
    rows, late = of_kind(ledger, "complaint"), 21 * 24.0
    sold = ledger.choices.set_index("need")["at_h"]
    share = (sold[rows.index] >= late).sum() / (sold >= late).sum()
    assert 0.33 < share < 0.47
    assert (sold[rows.index] < 7 * 24.0).sum() / (sold < 7 * 24.0).sum() < 0.1


def beside_the_firm(**weights: float) -> Scenario:
    """Dealers beside a shop and a site of the firm, whose customers look around: the firm's own channels are often each
    other's second choice."""
    channels = {
        "dealers": {"tiers": [{"markup": 0.2}], "price": 0.8, "outlets": 3},
        "shop": {"price": 1.0, "advice": 0.8},
        "site": {"online": True, "price": 0.9, "advice": 0.3},
    }
    return vary(
        market(channels, needs_per_week=100.0, worth=[1.0, 2.0], noise=0.2, looks_elsewhere=0.4, need_of_advice=0.6),
        {"mechanisms.trust": weights},
    )


def news(ledger: Ledger, cause: str) -> pd.DataFrame:
    """Rows of trust of a cause."""
    return ledger.trust[(ledger.trust["cause"] == cause).to_numpy()].astype({"party": str})


def test_partners_hear_of_the_sales_that_the_books_say_they_lost():
    """One counterfactual: the dealers whose trust is shaken are the losers of the conflicts with the firm, at the same
    instant; none for what another dealer took by showrooming."""
    ledger = ledger_of(beside_the_firm(lost_sale=0.01, undercut=0.001))
    lost = margins_lost(ledger)
    lost = lost[lost["party"].str.startswith("dealers") & ~lost["other"].astype(str).str.startswith("dealers")]
    heard = news(ledger, "lost sale")
    assert list(zip(heard["at_h"], heard["party"], strict=True)) == list(zip(lost["at_h"], lost["party"], strict=True))
    assert set(lost["kind"]) == {"encroachment", "showrooming"}
    np.testing.assert_allclose(heard["by"], -0.01)
    instead = ledger.choices.set_index("need").astype({"instead": str})["instead"][lost["lead"]]
    assert (instead != "dealers").sum() > 20


def test_being_undercut_weighs_by_how_much():
    """The dealers ask 0.96 and the site 0.9: six hundredths, each of the weight; the shop at 1 undercuts nobody."""
    ledger = ledger_of(beside_the_firm(undercut=0.002))
    lost = margins_lost(ledger)
    by_site = lost[lost["party"].str.startswith("dealers") & (lost["other"].astype(str) == "site/1")]
    heard = news(ledger, "undercut")
    assert list(zip(heard["at_h"], heard["party"], strict=True)) == list(
        zip(by_site["at_h"], by_site["party"], strict=True)
    )
    assert len(heard) > 50
    np.testing.assert_allclose(heard["by"], -0.012)


def test_who_loses_sales_to_diverters_trusts_less_and_less_where_conflicts_are_heard():
    """A row for each row of diversion, of whoever lost it; arbitration that hears all of them and eases 0.4 leaves 0.6
    of the weight, one that hears none leaves all."""
    scenario = vary(regions({"dealers": DEALERS}, worth=[1.0, 2.0]), {"mechanisms.trust": {"diversion": 0.02}, **few()})
    for policy, by in (({}, 0.02), ({"eased": 0.4}, 0.012), ({"eased": 0.4, "from_amount": 1e6}, 0.02)):
        ledger = under(scenario, arbitration=policy)
        heard, lost = news(ledger, "diversion"), margins_lost(ledger)
        assert list(heard["party"]) == list(lost["party"])
        assert set(lost["party"]) == {"dealers/south/1", "dealers/south/2"}
        np.testing.assert_allclose(heard["by"], -by)


def test_a_meeting_at_a_customer_costs_trust_once():
    """For every need at which the books have the force and an agent meet: one row of his."""
    scenario = vary(together({}), {"mechanisms.trust": {"conflict": 0.05}})
    ledger = ledger_of(scenario)
    met = of_kind(ledger, "territory")
    met = met[~met.index.duplicated()]
    heard = news(ledger, "conflict")
    assert sorted(heard["party"]) == sorted(met["other"])
    assert len(heard) > 20
    assert len(met) < len(of_kind(ledger, "territory"))


def test_what_a_partner_lost_by_its_own_failing_is_no_grievance():
    """Agents who answer no complaint lose customers to the firm's site for that; their trust hears only of those whom
    the site took as such."""
    channels = {"agent": AGENT, "site": {"online": True, "acceptance": 0.95}}
    scenario = vary(
        complaining(channels, accounts=60, probability=0.3, soured=0.5, **AT_ONCE),
        {"mechanisms.trust": {"lost_sale": 0.01}},
    )
    ledger = ledger_of(scenario)
    lost = margins_lost(ledger)
    assert (lost["kind"] == "complaint").sum() > 50
    assert len(news(ledger, "lost sale")) == (lost["kind"] == "encroachment").sum() > 20


def test_calm_markets_have_no_row():
    """Uniform prices, nobody looks elsewhere, complaints off, no channel of the firm: nothing is lost."""
    calm = vary(
        switch_off(together({}), "complaints", "diversion"),
        {"designs.channels.channels": ["dealers", "agents"], "mechanisms.buying.looks_elsewhere": 0.0},
    )
    assert not len(ledger_of(calm).conflicts)
