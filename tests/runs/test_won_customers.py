"""Customers who are won in the run are looked after and renew in it, as those who were there before (P8)."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simlib.ledger import SCHEMA, Ledger
from simlib.measure.kpis import figures
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario, vary
from simlib.units import GRID, after_discount
from simlib.world import draw_world
from tests.paid import paid
from tests.worlds import MECHANISMS, small

RULE = {**MECHANISMS["retention"], "every_days": 10.0, "first_contract_days": 20.0, "renewal_days": 30.0}
LONG = {"warm_up_days": 0.0, "horizon_days": 150.0, "drain_days": 30.0}
Z = 3.29
"""99.9% of a normal distribution lie within so many standard deviations."""


def firm(**rule: Any) -> Scenario:
    """The small market for half a year without customers to begin with, and with no mechanism but retention."""
    scenario = small(calendar=LONG, mechanisms={"queueing": {}, "retention": {**RULE, **rule}})
    return vary(scenario, {"demand.existing_share": 0.0})


def met(scenario: Scenario, name: str = "pyramid", seed: int = 3) -> Ledger:
    """The first world of a seed, met by one design."""
    return simulate(build(name, scenario), draw_world(scenario, seed=seed, replication=0))


def first_signed(ledger: Ledger) -> pd.Series:
    """When each account signed for the first time."""
    won = ledger.leads[(ledger.leads["outcome"] == "won").to_numpy()]
    return won.groupby("account")["closed_h"].min()


def grid(hours: float) -> float:
    """An instant as the clock has it."""
    return round(hours * GRID) / GRID


@pytest.mark.parametrize("name", ["pyramid", "pooled", "product_line"])
def test_each_renews_after_its_contract_and_then_in_its_rounds(name):
    """20 days after the first signature, and then every 30, until it leaves or the run ends: nobody is forgotten,
    nobody else renews, and of the care that was asked before some was given."""
    ledger = met(firm(), name)
    due = {
        (account, grid(signed + (20 + 30 * number) * 24))
        for account, signed in first_signed(ledger).items()
        for number in range(10)
        if grid(signed + (20 + 30 * number) * 24) < ledger.frame.end_h
    }
    rows = ledger.renewals
    found = set(zip(rows["account"], rows["at_h"], strict=True))
    left = rows[~rows["kept"]].set_index("account")["at_h"]
    assert found == {(account, at) for account, at in due if at <= left.get(account, math.inf)}
    assert len(found) > 100
    assert len(left) > 3
    first = rows.sort_values("at_h").groupby("account").head(1)
    assert set(first["care_asked"]) <= {1, 2}
    assert 0 < rows["care_given"].sum() <= rows["care_asked"].sum()


def test_the_share_that_stays_is_its_probability():
    """With endless hours all care is given: of all renewals nine tenths are kept, within the binomial's 99.9%."""
    scenario = vary(firm(), {"mechanisms.queueing": "off", "people.rep.absence_share": 0.0})
    rows = met(scenario).renewals
    assert (rows["care_given"] == rows["care_asked"]).all()
    np.testing.assert_allclose(rows["p"], 0.9, rtol=1e-12)
    assert abs(rows["kept"].sum() - 0.9 * len(rows)) < Z * math.sqrt(len(rows) * 0.09)


def test_what_is_renewed_is_money_and_contribution():
    """The money of renewals is what was kept; the contribution has its margin beside that of the deals signed."""
    ledger = met(firm())
    money, rows, frame = ledger.money, ledger.renewals, ledger.frame
    assert money.loc[(money["kind"] == "renewal").to_numpy(), "amount"].tolist() == rows["value"][rows["kept"]].tolist()
    values = figures(ledger).set_index("metric")["value"]
    inside = rows["kept"] & (rows["at_h"] >= frame.window_from_h) & (rows["at_h"] < frame.window_to_h)
    assert values["renewals"] == pytest.approx(rows["value"][inside].sum() / 100)
    earned = 0.4 * (values["revenue"] + values["renewals"])
    assert values["contribution"] == pytest.approx(earned - values["selling_cost"] - values["loss_unsound"])


def test_luck_and_value_are_the_accounts_own_in_every_design():
    """Whoever wins an account: what it renews, and what decides its first renewal, are the same."""
    one, other = (met(firm(), name).renewals.groupby("account").first() for name in ("pyramid", "pooled"))
    both = one.index.intersection(other.index)
    assert len(both) > 20
    assert not one.loc[both, "at_h"].equals(other.loc[both, "at_h"])
    for column in ("u", "value", "product"):
        assert one.loc[both, column].tolist() == other.loc[both, column].tolist()


def test_who_leaves_early_does_so_on_the_day_on_which_he_would_without_renewals():
    """The stay is drawn by account, whether or not it renews: what was signed is taken back at the same instants."""
    plans = {"field": {"components": {"c": {"kind": "commission", "rate": 0.1}}, "claw_back": {"within_days": 3650}}}
    rule = {**RULE, "leaving_rate_per_year": 3.0, "care_hours": 0.0, "renewal_probability": 1.0}
    pay = {"structure": "pyramid", "pay": {"rep": "field"}}

    def churn(**changes: Any) -> dict[int, float]:
        scenario = small(calendar=LONG, plans=plans, designs={"pyramid": pay},
                         mechanisms={"queueing": {}, "retention": {**rule, **changes}})  # fmt: skip
        found = met(vary(scenario, {"demand.existing_share": 0.0})).credits
        signed = found[((found["turned_bad"] == "churn") & (found["signed_h"] < found["at_h"])).to_numpy()]
        return signed.groupby("lead")["at_h"].first().to_dict()

    without, with_it = churn(first_contract_days=None), churn()
    assert len(without) > 20
    assert without.items() <= with_it.items()


@pytest.mark.parametrize("name", ["pyramid", "reformed"])
def test_a_contract_that_outlasts_the_run_changes_nothing(name):
    """To the bit, with every mechanism on, where no care is owed either; and so does none."""
    base = {**MECHANISMS["retention"], "care_hours": 0.0}
    one, other = (
        met(small(mechanisms={**MECHANISMS, "retention": {**base, "first_contract_days": days}}), name)
        for days in (None, 36600.0)
    )
    for table in SCHEMA:
        pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table), check_exact=True)


def test_books_balance_with_customers_before_and_customers_won():
    """Of all that is won, sold is value less discount; an account renews only once it is a customer, and never again
    after it left; what is credited is what was kept with an owner."""
    scenario = paid(mechanisms={**MECHANISMS, "retention": {**RULE, "leaving_rate_per_year": 1.0}})
    ledger = met(scenario, "backed")
    rows, signed = ledger.renewals, first_signed(ledger)
    world = draw_world(scenario, seed=3, replication=0)
    before = set(ledger.needs["account"][world.needs.existing])
    new = rows[~rows["account"].isin(before) & rows["account"].isin(signed.index)]
    assert len(new) > 10
    assert (new["at_h"].to_numpy() > signed.loc[new["account"]].to_numpy()).all()
    left = rows[~rows["kept"]].set_index("account")["at_h"]
    assert left.index.is_unique
    assert (rows["at_h"] <= rows["account"].map(left).fillna(math.inf)).all()
    given = ledger.credits[(ledger.credits["turned_bad"] == "").to_numpy()]
    renewed = given[(given["lead"] >= len(ledger.needs)).to_numpy()]
    kept = rows.reset_index(drop=True)[(rows["kept"] & rows["owner"].notna()).to_numpy()]
    assert sorted(renewed["lead"] - len(ledger.needs)) == kept.index.tolist()
    assert renewed["revenue"].sum() == kept["value"].sum()
    won = ledger.leads[(ledger.leads["outcome"] == "won").to_numpy()]
    sound = ledger.needs["sound"][won["need"]].to_numpy()
    sold = after_discount(won["value"].to_numpy(), won["discount"].to_numpy())[sound]
    assert ledger.money.loc[(ledger.money["kind"] == "sale").to_numpy(), "amount"].sum() == sold.sum()
