"""Existing customers: who renews, what it brings, who is credited, and whom new-customer pay neglects (P8, I6)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simlib.errors import ScenarioError
from simlib.ledger import Ledger
from simlib.measure.breakdown import breakdown
from simlib.measure.kpis import figures
from simlib.model import books
from simlib.model.firm import Firm
from simlib.model.payroll import Payroll, payroll
from simlib.odds import shifted
from simlib.org import build
from simlib.org.credits import Credit
from simlib.org.organisation import Organisation
from simlib.runs import simulate
from simlib.runs.replicate import payroll_of
from simlib.scenario import Scenario, load_scenario, vary
from simlib.world import draw_world
from tests.paid import FIELD, LEAD, paid
from tests.worlds import MECHANISMS, UNMOVED, small

CARE = {**MECHANISMS["retention"], "renewal_probability": 0.8, "neglect_log_odds": 1.5}
Z = 3.29
"""99.9% of a normal distribution lie within so many standard deviations."""


def lived(scenario: Scenario, name: str = "pyramid", replication: int = 0) -> Ledger:
    """The ledger of a design in a world."""
    return simulate(build(name, scenario), draw_world(scenario, seed=7, replication=replication))


def many(queueing: Any, **changes: Any) -> Scenario:
    """Every account of 240 a customer who renews often, and no mechanism but retention and the desks."""
    scenario = small(mechanisms={"queueing": queueing, "retention": CARE})
    return vary(scenario, {"demand.existing_share": 1.0, **changes})


@pytest.mark.parametrize("given", [True, False])
def test_the_share_that_stays_is_its_probability(given):
    """With endless hours all care is given and p = 0.8; with nobody at work none is, and its odds fall by e^1.5.

    The count of those kept lies within the binomial's 99.9%.
    """
    scenario = (
        many("off", **{"people.rep.absence_share": 0.0}) if given else many({}, **{"people.rep.absence_share": 0.99999})
    )
    rows = lived(scenario).renewals
    rows = rows[rows["care_asked"] > 0]
    p = 0.8 if given else shifted(0.8, -1.5)
    assert len(rows) > 200
    assert (rows["care_given"] == (rows["care_asked"] if given else 0)).all()
    np.testing.assert_allclose(rows["p"], p, rtol=1e-12)
    assert abs(rows["kept"].sum() - len(rows) * p) < Z * np.sqrt(len(rows) * p * (1 - p))


@pytest.mark.parametrize("name", ["pyramid", "pooled", "functional", "reformed", "agile"])
def test_a_row_explains_itself(name):
    """p is the base less the care left undone, kept is u < p; who left does not come again; money is what was kept."""
    ledger = lived(small(mechanisms={**MECHANISMS, "retention": CARE}), name)
    rows = ledger.renewals
    asked = rows["care_asked"].to_numpy()
    undone = np.where(asked, 1 - rows["care_given"] / np.maximum(asked, 1), 0.0)
    np.testing.assert_allclose(rows["p"], [shifted(0.8, -1.5 * share) for share in undone], rtol=1e-12)
    assert (rows["kept"] == (rows["u"] < rows["p"])).all()
    assert not rows.duplicated(["account", "at_h"]).any()
    last = rows.groupby("account")["at_h"].transform("max")
    assert (rows["kept"] | (rows["at_h"] == last)).all()
    money = ledger.money[(ledger.money["kind"] == "renewal").to_numpy()]
    kept = rows[rows["kept"]]
    assert money["amount"].tolist() == kept["value"].tolist()
    assert money["at_h"].tolist() == kept["at_h"].tolist()
    inside = rows[(rows["at_h"] >= ledger.frame.window_from_h) & (rows["at_h"] < ledger.frame.window_to_h)]
    values = figures(ledger).set_index("metric")["value"]
    renewed = inside["value"][inside["kept"]].sum()
    assert values["renewals"] == pytest.approx(renewed / 100)
    assert values["customers_kept"] == pytest.approx(renewed / inside["value"].sum())
    assert (ledger.work["activity"] == "care").any()
    assert 0 < values["care_given"] < 1


def test_the_luck_of_a_customer_is_the_same_in_every_design():
    """Dates, values and numbers drawn are the world's: designs differ in care, and in who has left."""
    one, other = (lived(small(), name).renewals.set_index(["account", "at_h"]) for name in ("pyramid", "pooled"))
    both = one.index.intersection(other.index)
    assert len(both) > 50
    for column in ("u", "value"):
        pd.testing.assert_series_equal(one.loc[both, column], other.loc[both, column])
    assert not one.loc[both, "p"].equals(other.loc[both, "p"])


def test_renewals_are_credited_to_the_owner_and_taken_back_from_who_loses_the_customer():
    """Every kept renewal once, whole, as a known customer's; whoever renewed and left is churn of the last renewal."""
    ledger = lived(paid())
    first, rows = len(ledger.needs), ledger.renewals.reset_index(drop=True)
    rows_of_pay = ledger.credits[(ledger.credits["lead"] >= first).to_numpy()]
    given = rows_of_pay[(rows_of_pay["turned_bad"] == "").to_numpy()]
    given = given.set_index(given["lead"] - first)
    kept = rows[rows["kept"]]
    assert set(given.index) == set(kept.index)
    assert given.index.is_unique
    for row, credit in given.iterrows():
        assert (credit["party"], credit["revenue"]) == (kept.loc[row, "owner"], kept.loc[row, "value"])
        assert credit["share"] == "1"
        assert not credit["new_customer"]
    back = rows_of_pay[(rows_of_pay["turned_bad"] == "churn").to_numpy()]
    before = [kept[(kept["account"] == lost.account).to_numpy()].index for lost in rows[~rows["kept"]].itertuples()]
    assert sorted(back["lead"] - first) == sorted(index[-1] for index in before if len(index))
    assert len(back) > 0


def renewals_as(changed: Callable[[dict[str, Any]], None]) -> list[Credit]:
    """What is credited for a run whose table of renewals somebody changed before the payroll."""
    scenario = paid()
    with pytest.MonkeyPatch.context() as patch:

        def with_changes(firm: Firm, organisation: Organisation, books_: dict[str, Any]) -> Payroll:
            changed(books_["renewals"])
            return payroll(firm, organisation, books_)

        patch.setattr(books, "payroll", with_changes)
        found = payroll_of(build("pyramid", scenario), draw_world(scenario, seed=7, replication=0))
    first = len(draw_world(scenario, seed=7, replication=0).needs)
    return [credit for credit in found.credits if credit.deal >= first]


def test_a_renewal_with_nobody_is_not_taken_back_from_who_had_the_one_before():
    """A customer renews with an owner, renews again while on nobody's list, and leaves: the last renewal is nobody's,
    and nothing is taken back; where the second one is his too, that one is."""

    def three(owner: int) -> Callable[[dict[str, Any]], None]:
        def change(rows: dict[str, Any]) -> None:
            rows.update({column: np.asarray(values)[:3] for column, values in rows.items()})
            rows.update(account=np.zeros(3, dtype=int), at_h=np.array([240.0, 480.0, 720.0]))
            rows["kept"] = np.array([True, True, False])
            rows["owner"] = np.array([0, owner, owner])

        return change

    mine, nobodys = renewals_as(three(0)), renewals_as(three(-1))
    assert [credit.turned_bad for credit in mine] == ["", "", "churn"]
    assert mine[2].signed_h == 480.0
    assert [credit.turned_bad for credit in nobodys] == [""]


def leaves_early(rate: float = 1.0, **changes: Any) -> Scenario:
    """Customers leave between renewals, which come so seldom that most of them see none."""
    seldom = {**CARE, "renewal_days": 3650.0, "leaving_rate_per_year": rate}
    return paid(mechanisms={**UNMOVED, "retention": seldom}, **changes)


def test_who_leaves_between_renewals_does_so_at_a_constant_rate():
    """Of all customers 1 − exp(−rate · time) have left by any time, those who left at a renewal aside; the count lies
    within the binomial's 99.9%. Whoever leaves early has p = 0 and does not come again."""
    scenario = many(
        {}, **{"mechanisms.retention.renewal_days": 36600.0, "mechanisms.retention.leaving_rate_per_year": 1.5}
    )
    world = draw_world(scenario, seed=7, replication=0)
    rows = simulate(build("pyramid", scenario), world).renewals
    early = rows[(rows["p"] == 0.0).to_numpy()]
    assert not early["kept"].any()
    assert not early["account"].duplicated().any()
    count = len(world.customers) - (rows["p"] > 0).sum()
    for days in (20, 60, 100):
        gone, p = (early["at_h"] < days * 24).sum(), 1 - np.exp(-1.5 * days / 365)
        assert abs(gone - count * p) < Z * np.sqrt(count * p * (1 - p)), days
        assert gone > 0


def test_who_leaves_early_takes_back_the_signatures_before():
    """Whoever has left takes back every signature before that instant, each part of its credit, and nothing that was
    signed after; customers won in the run leave too, from their first signature on, though they renew nothing."""
    ledger = lived(leaves_early(6.0))
    leads = ledger.leads.set_index("lead")
    signed = ledger.credits[((ledger.credits["lead"] < len(ledger.needs)) & (ledger.credits["stage"] == "")).to_numpy()]
    given, back = signed[(signed["turned_bad"] == "").to_numpy()], signed[(signed["turned_bad"] == "churn").to_numpy()]
    accounts = back["lead"].map(leads["account"])
    left = back.groupby(accounts.to_numpy())["at_h"].agg(["min", "max"])
    assert (left["min"] == left["max"]).all()
    assert (back["signed_h"] < back["at_h"]).all()
    expected = given[(given["signed_h"] < given["lead"].map(leads["account"]).map(left["min"])).to_numpy()]
    parts = [
        sorted(zip(rows["party"].astype(str), rows["lead"], rows["share"].astype(str), strict=True))
        for rows in (back, expected)
    ]
    assert parts[0] == parts[1]
    lost = ledger.renewals[(~ledger.renewals["kept"]).to_numpy()].set_index("account")["at_h"]
    known = left.index.isin(lost.index)
    pd.testing.assert_series_equal(
        left["min"][known], lost[left.index[known]], check_names=False, check_index_type=False
    )
    assert known.any()
    assert not known.all()


def test_an_early_leaver_costs_pay_only_where_the_plan_says_so():
    """With renewals ten years apart, `within_days: 90` bites by those who leave early: less pay than for the plan that
    takes back for a default only; and at the rate 0 there is no difference at all."""
    by_default = {"field": {**FIELD, "claw_back": {"within_days": 90, "causes": ["default"]}}, "lead": LEAD}
    for rate, less in ((6.0, True), (0.0, False)):
        both, default = (lived(leaves_early(rate, plans=plans)).pay["amount"].sum() for plans in (None, by_default))
        assert (both < default) == less
        assert less or both == default


def test_renewals_are_broken_down_by_month_and_owner():
    """By hand from the ledger: the month of the calendar and the owner of each renewal in the window; both add up to
    the figure. Nothing of the kind stands where retention is off."""
    ledger = lived(small(mechanisms={**MECHANISMS, "retention": CARE}))
    parts = breakdown(ledger)
    parts = parts[parts["metric"] == "renewals"]
    start, frame = dt.date.fromisoformat(ledger.frame.start), ledger.frame
    months: dict[str, float] = {}
    owners: dict[str, float] = {}
    for row in ledger.renewals.itertuples():
        if row.kept and frame.window_from_h <= row.at_h < frame.window_to_h:
            month = (start + dt.timedelta(hours=row.at_h)).isoformat()[:7]
            months[month] = months.get(month, 0.0) + row.value / 100
            owners[row.owner] = owners.get(row.owner, 0.0) + row.value / 100
    assert len(owners) > 1
    for level, expected in (("month", months), ("person", owners)):
        found = parts[parts["level"] == level].set_index("group")["value"]
        assert found[found > 0].to_dict() == pytest.approx(expected)
    total = figures(ledger).set_index("metric").loc["renewals", "value"]
    assert sum(months.values()) == pytest.approx(total)
    off = breakdown(lived(small(mechanisms={**MECHANISMS, "retention": "off"})))
    assert "renewals" not in set(off["metric"])


def test_off_nobody_is_owed_anything():
    """No care, no renewal, no money; the figures of customers are undefined or nothing."""
    ledger = lived(small(mechanisms={**MECHANISMS, "retention": "off"}))
    assert len(ledger.renewals) == 0
    assert not (ledger.work["activity"] == "care").any()
    values = figures(ledger).set_index("metric")["value"]
    assert values["renewals"] == 0
    assert values[["customers_kept", "care_given"]].isna().all()


def test_a_replay_must_have_it_off(root):
    """A log names those who asked; whoever else is a customer is unknown."""
    with pytest.raises(ScenarioError, match="must be off, or demand must be synthetic"):
        load_scenario(root / "scenarios" / "loan_leads.yaml", overrides=["mechanisms.retention=on"])


def pays(customers: str) -> Scenario:
    """All reps on a commission for some customers, attention by pay alone, two thirds of the people."""
    field = {"components": {"commission": {"kind": "commission", "rate": 0.05, "customers": customers}}}
    mechanisms = {
        "queueing": {}, "skill": {}, "calls": MECHANISMS["calls"], "attention": {"discipline": 0.0}, "retention": CARE,
    }  # fmt: skip
    designs = {"paid": {"structure": "geographic", "pay": {"rep": "field"}, "reps": 6}}
    return small(mechanisms=mechanisms, plans={"field": field}, designs=designs)


def test_pay_for_existing_customers_keeps_more_of_them_than_pay_for_new_ones():
    """I6, in 24 worlds: the paired 99.9% interval of the business that is kept lies above zero."""
    kept = [
        [
            figures(lived(pays(who), "paid", world)).set_index("metric")["value"]["customers_kept"]
            for who in ("new", "existing")
        ]
        for world in range(24)
    ]
    differences = np.diff(kept, axis=1)[:, 0]
    lowest = differences.mean() - 3.77 * differences.std(ddof=1) / np.sqrt(len(differences))
    assert lowest > 0
