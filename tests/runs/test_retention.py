"""Existing customers: with all care given they renew as often as said, with less of it less; pay turns attention."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simlib.ledger import Ledger
from simlib.odds import shifted
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario
from simlib.world import draw_world
from tests.worlds import small

RULE = {
    "care_hours": 2.0,
    "every_days": 10.0,
    "renewal_days": 60.0,
    "renewal_probability": 0.8,
    "neglect_log_odds": 2.0,
}
Z = 3.29
"""Of a two-sided interval of 99.9%."""


def firm(counted: str = "any", *, reps: int = 6, **mechanisms: Any) -> Scenario:
    """A flat firm, three tenths of whose accounts are customers; paid by what certain customers buy."""
    commission = {"kind": "commission", "rate": 0.05, "customers": counted}
    return small(
        calendar={"start": "2026-01-01", "horizon_days": 181.0, "drain_days": 30.0},
        mechanisms={"retention": RULE, **mechanisms},
        plans={"field": {"components": {"commission": commission}}},
        designs={
            "flat": {"structure": "flat", "partition": "none", "reps": reps, "pay": {"rep": "field"}},
            "regions": {"structure": "geographic", "reps": reps},
        },
        organisation={"list_overlap": 0.0},
        people={"rep": {"count": 9}},
    )


def met(scenario: Scenario, name: str = "flat", seed: int = 5) -> Ledger:
    """The first world of a seed, met by one design."""
    return simulate(build(name, scenario), draw_world(scenario, seed=seed, replication=0))


def share_given(ledger: Ledger) -> float:
    """Of the care asked before renewals that is looked at, how much was given."""
    return float(ledger.renewals["care_given"].sum() / ledger.renewals["care_asked"].sum())


def test_with_all_care_given_customers_renew_as_often_as_said():
    """Where hours are endless and nobody is absent no care is left undone, and the base rate remains."""
    rows = met(firm(queueing="off")).renewals
    assert (rows["care_given"] == rows["care_asked"]).all()
    n, p = len(rows), RULE["renewal_probability"]
    assert n > 100
    assert abs(rows["kept"].mean() - p) < Z * math.sqrt(p * (1 - p) / n)


def test_care_left_undone_lowers_the_odds_as_stated():
    """Every row of the books follows from the care that it states, and so does their sum."""
    rows = met(firm(reps=1)).renewals
    asked = rows["care_asked"] > 0
    neglected = np.where(asked, 1 - rows["care_given"] / rows["care_asked"].clip(lower=1), 0.0)
    assert (neglected > 0.5).any()
    expected = [shifted(RULE["renewal_probability"], -RULE["neglect_log_odds"] * share) for share in neglected]
    np.testing.assert_allclose(rows["p"], expected)
    pd.testing.assert_series_equal(rows["kept"], rows["u"] < rows["p"], check_names=False)
    spread = math.sqrt(sum(p * (1 - p) for p in expected))
    assert abs(rows["kept"].sum() - sum(expected)) < Z * spread


def test_every_design_meets_the_same_renewals_until_a_customer_is_gone():
    """Dates, values and luck are those of the world, whoever holds the customer."""
    one, other = (met(firm(reps=2), name).renewals.set_index(["account", "at_h"]) for name in ("flat", "regions"))
    both = one.index.intersection(other.index)
    assert len(both) > 50
    same = ["value", "u", "product", "segment", "region"]
    pd.testing.assert_frame_equal(one.loc[both, same], other.loc[both, same], check_categorical=False)


def test_gone_customers_neither_renew_nor_are_asked_again():
    """Who leaves has no later row."""
    rows = met(firm(reps=1)).renewals
    last = rows.groupby("account", observed=True)["at_h"].transform("max")
    assert (~rows["kept"]).any()
    assert (rows.loc[~rows["kept"], "at_h"] == last[~rows["kept"]]).all()


@pytest.mark.parametrize("counted", ["new", "existing", "any"])
def test_only_plans_that_count_existing_customers_pay_for_renewals(counted):
    """Commission is the rate times what counts, but for the rounding of lines (I6)."""
    scenario = firm(counted)
    ledger = met(scenario)
    given, pay = ledger.credits, ledger.pay
    renewed = (given["lead"] >= len(ledger.needs)) & (given["turned_bad"] == "")
    assert renewed.sum() == ledger.renewals["kept"].sum()
    paid = pay.loc[pay["kind"] == "commission", "amount"].sum()
    counts = {"new": given["new_customer"], "existing": ~given["new_customer"], "any": given["lead"] >= 0}[counted]
    stands = given["turned_bad"] == ""
    base = float((given["revenue"] * given["share"].astype(str).astype(float))[counts & stands].sum())
    assert paid == pytest.approx(0.05 * base, rel=1e-5)


def test_who_is_paid_for_renewals_gives_more_care_than_who_is_paid_for_new_customers():
    """Attention follows pay where hours are scarce: more care in each of eight worlds."""
    more = []
    for seed in range(8):
        scenarios = (firm(counted, reps=3, attention={"discipline": 0.0}) for counted in ("existing", "new"))
        existing, new = (share_given(met(scenario, seed=seed)) for scenario in scenarios)
        more.append(existing - new)
    assert min(more) > 0
