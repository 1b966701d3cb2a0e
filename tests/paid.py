"""Small scenarios in which people are on pay plans, for tests of the books, the figures and the payslip."""

import random
from typing import Any

import pytest

from simlib.model.deals import Deal, Lead
from simlib.model.firm import Firm
from simlib.scenario import Scenario
from simlib.world.cells import first_day
from tests.org.pay_cases import random_plan
from tests.worlds import DESIGNS, STEADY, UNMOVED, small

FIELD: dict[str, Any] = {
    "base_per_year": 60000.0,
    "quota": {"method": "potential", "ramp": [0.0, 0.5]},
    "components": {
        "steep": {"kind": "commission", "tiers": [[0.0, 0.02], [0.3, 0.05]]},
        "handed_on": {"kind": "commission", "on": "deals", "rate": 200.0, "stages": ["contact"]},
        "team": {"kind": "pool", "on": "margin", "rate": 0.01, "shared": "by_contribution"},
        "month": {"kind": "bonus", "on": "deals", "by": "amount", "period": "month", "steps": [[2.0, 500.0]]},
    },
    "claw_back": {"within_days": 90},
    "crediting": {"owner": 0.7, "helpers": 0.3},
}
LEAD: dict[str, Any] = {"components": {"below": {"kind": "override", "rate": 0.01}}, "draw": {"amount": 3000.0}}
EVERYBODY = {"rep": "field", "manager": "lead", "support": "field"}
CALENDAR = {"warm_up_days": 20.0, "horizon_days": 80.0, "drain_days": 30.0}


def give_away(patch: pytest.MonkeyPatch, discount: float) -> None:
    """Every deal is signed for so much less than its value."""
    open_deal = Firm.open_deal

    def cheaper(firm: Firm, lead: Lead, seat: int) -> Deal:
        deal = open_deal(firm, lead, seat)
        deal.discount = discount
        return deal

    patch.setattr(Firm, "open_deal", cheaper)


def paid(plans: dict[str, Any] | None = None, **changes: Any) -> Scenario:
    """The small market for four months, with reps and support on the plan `field` and managers on `lead`."""
    base = small()
    return small(
        **{
            "plans": {"field": FIELD, "lead": LEAD} if plans is None else plans,
            "organisation": {**base.organisation.model_dump(exclude_unset=True), "pay": EVERYBODY},
            "costs": {**base.costs.model_dump(exclude_unset=True), "default_after_days": 20.0},
            "calendar": CALENDAR,
            "mechanisms": UNMOVED,
            **changes,
        }
    )


def paid_and_steady() -> Scenario:
    """The same where everybody stays."""
    return paid(mechanisms={name: UNMOVED[name] if STEADY[name] != "off" else "off" for name in STEADY})


def paid_at_random(seed: int) -> Scenario:
    """The same with random plans: all kinds of component, quota, crediting, guarantee and term."""
    dice = random.Random(seed)
    plans = {name: _plan(dice) for name in ("field", "lead")}
    reformed = {**DESIGNS["reformed"], "pay": {"rep": "lead"}}
    demand = {**small().demand.model_dump(), "existing_share": 0.4}
    return paid(plans, designs={**DESIGNS, "reformed": reformed}, demand=demand)


def _plan(dice: random.Random) -> dict[str, Any]:
    plan = _of_this_market(random_plan(dice, first_day(small())))
    if plan["quota"]:
        ways = [{"method": "potential", "amount": None}, {"amount": 30000.0}]
        plan["quota"] |= dice.choice(ways if plan["quota"]["method"] == "stated" else ways[1:])
    helpers = dice.choice([0.0, 0.3, 0.5])
    crediting = {"owner": dice.choice([0.5, 1.0]), "helpers": helpers, "split": dice.choice(["equally", "by_hours"])}
    plan["components"]["shares"] = {
        "kind": "scorecard",
        "pays": 500.0,
        "period": dice.choice(["month", "quarter"]),
        "kpis": {
            "won": {"weight": 0.5, "on": "win_rate", "target": 0.4, "curve": [[0.5, 0.2], [1.0, 1.0], [1.5, 1.3]]},
            "kept": {"weight": 0.5, "on": "customers_kept", "target": 0.9, "curve": [[0.7, 0.0], [1.0, 1.0]]},
        },
    }
    return {**plan, "crediting": {**crediting, "double": True}}


def _of_this_market(value: Any) -> Any:
    """A plan whose customer types are those of the small market."""
    if isinstance(value, dict):
        return {name: _of_this_market(item) for name, item in value.items()}
    if isinstance(value, list):
        return ["small" if item == "sme" else _of_this_market(item) for item in value]
    return value
