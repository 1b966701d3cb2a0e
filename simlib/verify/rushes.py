"""Yardstick of a rebate through a run: what a partner orders for the last time in a quarter, with and without it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from simlib.errors import SimlibError
from simlib.ledger import Ledger
from simlib.scenario.schema import Scenario
from simlib.units import HOURS_PER_DAY
from simlib.verify import theory_of_channels
from simlib.verify.reduction import POOL, bare
from simlib.verify.theory import Quantities
from simlib.verify.yardstick import Parameters, Plan, Span, Yardstick

_DAYS, _REVIEW = 80.0, 60.0
"""Of a run that begins on 5 January 2026, with one review of stock in the quarter."""
_QUARTER, _THERE = 90, 86
"""Days of the quarter, and those of them in which the partner is there: amounts hold in proportion."""
_VALUE, _MINOR = 100.0, 100
_MOST = 2.0
"""Times what he sells until the review: beyond, a tier is more than he would sell in another quarter."""


def _keeping(p: Parameters) -> float:
    """What a unit of price costs that is kept for half a quarter."""
    return float(p["holding_per_year"]) * _QUARTER / 2 / 365


def _tier(p: Parameters) -> float:
    """In currency a quarter."""
    if not 0 < p["tier"] <= _MOST:
        raise SimlibError(f"tier: got {p['tier']:g}, must be above 0 and at most {_MOST:g}")
    return float(round(p["tier"] * p["customers"] * _VALUE * _REVIEW / _DAYS, 2))


def _scenario(p: Parameters, _: Span) -> Scenario:
    partner = {"online": True, "price": 1.0}
    rebate = {"mode": "retroactive", "tiers": [[_tier(p), p["rebate_rate"]]]}
    return bare(
        "rebate_rush",
        Span(1.0, 0.0, _DAYS * HOURS_PER_DAY, 0.0, 0.0),
        cells=[{"needs_per_week": p["customers"] / _DAYS * 7, "value": {"median": _VALUE}}],
        mechanisms={
            "buying": {"worth": [9.0, 9.0]},
            "stock": {
                "order_every_days": _REVIEW,
                "cover_days": _REVIEW,
                "holding_per_year": p["holding_per_year"],
            },
        },
        stages=[{"name": "service", "effort_hours": 0.0}],
        channels={"plain": {**partner, "tiers": [{}]}, "rebated": {**partner, "tiers": [{"rebate": rebate}]}},
        designs={name: {**POOL, "reps": 1, "channels": [name]} for name in ("plain", "rebated")},
    )


def _order(ledger: Ledger) -> float:
    """What was paid for the goods of the review, in whole units."""
    goods = ledger.goods
    mine = ((goods["kind"] == "moved") & (goods["at_h"] == _REVIEW * HOURS_PER_DAY)).to_numpy()
    return float(goods["paid"][mine].sum()) / _MINOR


def _measure(ledgers: Mapping[str, Ledger], p: Parameters, _: float) -> Quantities:
    """What he ordered, and what he should have, who needs what he ordered without a rebate."""
    need, top = _order(ledgers["plain"]), _tier(p) * _THERE / _QUARTER
    rate = p["rebate_rate"]
    known = theory_of_channels.rebate_order_up_to(1.0, rebate_rate=rate, tier=top, resale=1 - rate, holding=_keeping(p))
    rushes = known["orders_up_from"] < need < top
    return {
        "ordered": _order(ledgers["rebated"]),
        "order_by_theory": math.ceil(round(top * _MINOR, 6)) / _MINOR if rushes else need,
    }


REBATE_RUSH = Yardstick(
    name="rebate_rush",
    about="a partner's last order of a quarter, all-unit rebate ρ from Q on: Q iff Q·h/(ρ+h) < q < Q, exact",
    defaults={"rebate_rate": 0.02, "tier": 1.54, "holding_per_year": 0.3},
    precision=1e-9,
    theory=lambda _: {},
    plan=lambda p: Plan(arrival_rate=1.0, fastest=1.0, deviations={}),
    scenario=_scenario,
    measure=_measure,
    identities={"ordered": "order_by_theory"},
)
"""Q is `tier` times what he sells until the review; with the defaults he needs about as much as makes the tier worth
it: some rush, some do not."""
