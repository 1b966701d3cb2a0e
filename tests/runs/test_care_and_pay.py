"""Pay turns attention to existing customers, or away from them: who is paid for renewals, and what care they get."""

from typing import Any

import pytest

from simlib.ledger import Ledger
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


def firm(counted: str = "any", *, reps: int = 6, card: dict[str, Any] | None = None, **mechanisms: Any) -> Scenario:
    """A flat firm, three tenths of whose accounts are customers; paid by what certain customers buy, and by a card."""
    commission = {"kind": "commission", "rate": 0.05, "customers": counted}
    components = {"commission": commission, **({"card": card} if card else {})}
    return small(
        calendar={"start": "2026-01-01", "horizon_days": 181.0, "drain_days": 30.0},
        mechanisms={"retention": RULE, **mechanisms},
        plans={"field": {"components": components}},
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


def share_card(on: str, target: float) -> dict[str, Any]:
    """12,000 a quarter for a share: nothing at half of the target, all of it there, half as much again beyond."""
    kpi = {"weight": 1.0, "on": on, "target": target, "curve": [[0.5, 0.0], [1.0, 1.0], [1.5, 1.5]]}
    return {"kind": "scorecard", "pays": 12000.0, "kpis": {"kpi": kpi}}


@pytest.mark.slow
def test_who_is_paid_by_the_share_kept_gives_more_care():
    """A commission on new customers alone, and the same with a line for customers kept: more care in each of eight
    worlds (I6)."""
    more = []
    for seed in range(8):
        scenarios = (
            firm("new", reps=3, card=card, attention={"discipline": 0.0})
            for card in (share_card("customers_kept", 0.8), None)
        )
        with_it, without = (share_given(met(scenario, seed=seed)) for scenario in scenarios)
        more.append(with_it - without)
    assert min(more) > 0


@pytest.mark.slow
def test_who_is_paid_by_the_share_won_gives_larger_discounts():
    """A win is worth more, and no less at a lower price: larger discounts on what is signed, in each of four worlds."""
    more = []
    for seed in range(4):
        scenarios = (
            firm(card=card, discount={"most": 0.2, "log_odds": 8.0}) for card in (share_card("win_rate", 0.4), None)
        )
        with_it, without = (
            met(scenario, seed=seed).leads.query("outcome == 'won'")["discount"].mean() for scenario in scenarios
        )
        more.append(with_it - without)
    assert min(more) > 0
