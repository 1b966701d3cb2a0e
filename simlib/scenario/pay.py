"""What a pay plan may say: base pay, components, quota, and what holds for them together (I1-I3, I6).

`simlib/org/plans.py` computes what it pays; docs/pay.md explains it with examples.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, Strict, model_validator

from simlib.scenario.pay_components import (
    TOTAL_TOLERANCE,
    AnyComponent,
    Component,
    Counted,
    Kpi,
    Measure,
    Scorecard,
    Span,
)
from simlib.scenario.types import Amount, Frozen, Name, Positive, PositiveInt, Share, refuse
from simlib.scenario.wording import shown

Months = Annotated[tuple[Annotated[float, Strict(), Field(ge=0, le=1e6)], ...], Field(min_length=12, max_length=12)]
Found = Iterator[tuple[str, str]]


class Quota(Frozen):
    """What somebody on the plan is expected to reach."""

    method: Literal["stated", "potential", "history", "top_down"] = "stated"
    """`stated`: the amount; `potential`: what the seat's customers are expected to sign; `history`: moved by the last
    period's result; `top_down`: the firm's amount, broken down region, unit, person."""
    on: Measure = "revenue"
    """What is counted: revenue, margin (revenue less its cost), deals, or deals with new customers."""
    amount: Positive | None = None
    """For a period (currency, or a number of deals): each one's, with `top_down` the firm's; with `history` the first
    one, null = the potential."""
    period: Span = "quarter"
    """Period for which it is set."""
    stretch: Annotated[float, Strict(), Field(gt=0, le=10)] = 1.0
    """Multiplies what the method gives; 0.9 asks for a tenth less."""
    season: Months = (1.0,) * 12
    """Weights by month, January first; a year's quota is spread by them."""
    ramp: tuple[Share, ...] = ()
    """Share of the quota that a new hire has in the month of hiring and those that follow; then the whole."""
    broken_down: Literal["potential", "equally"] = "potential"
    """How `top_down` divides at every level."""
    weight: Share = 0.5
    """`history`: weight of the last result against the last quota."""
    growth: Annotated[float, Strict(), Field(ge=-1, le=10)] = 0.0
    """`history`: growth asked for on the last result."""

    @model_validator(mode="after")
    def _amount_fits(self) -> Quota:
        found = []
        if self.amount is None and self.method in ("stated", "top_down"):
            found.append(("amount", f"got null, must be stated with the method {shown(self.method)}"))
        if self.amount is not None and self.method == "potential":
            rule = "must be null: the potential of the seat is the quota (or choose the method 'stated')"
            found.append(("amount", f"got {shown(self.amount)}, {rule}"))
        if not any(self.season):
            found.append(("season", "got only zeros, must have a weight above 0"))
        refuse(found)
        return self


class Draw(Frozen):
    """Variable pay that is advanced in every settlement."""

    amount: Amount
    """Variable pay of a settlement is at least this, in the scenario's currency."""
    recoverable: bool = True
    """True: what was advanced is owed, and taken from later variable pay; false: it is given."""


class ClawBack(Frozen):
    """Credit that is taken back when a deal turns bad."""

    within_days: PositiveInt = 90
    """Days after the signature within which a deal that turns bad is taken back."""
    causes: tuple[Literal["default", "churn"], ...] = ("default", "churn")
    """`default`: the customer does not pay; `churn`: the customer leaves."""
    share: Share = 1.0
    """Share of the credit that is taken back."""
    carried: bool = True
    """Whether what exceeds a settlement's variable pay is owed, and taken from later variable pay."""


class Crediting(Frozen):
    """How the credit for a deal is split among those who worked on it."""

    owner: Share = 1.0
    """Share of who signed it, where others helped; alone, the whole."""
    helpers: Share = 0.0
    """Share of the others together."""
    split: Literal["equally", "by_hours"] = "by_hours"
    """How the others divide theirs."""
    double: bool = False
    """Whether owner and helpers may have more than the whole together."""

    @model_validator(mode="after")
    def _not_over_the_whole(self) -> Crediting:
        total = self.owner + self.helpers
        wrong = total > 1 + TOTAL_TOLERANCE and not self.double
        rule = "must be at most 1 (or state `double: true`: credit is then given twice)"
        refuse([("helpers", f"got {total:g} together with the owner's, {rule}")] if wrong else [])
        return self


class Proration(Frozen):
    """What shrinks for who was there for a part of a period only."""

    days: bool = True
    """Whether what is stated per period (quotas, targets, thresholds of amounts, lump sums, caps, floors, draws) holds
    in proportion to the days employed."""
    absence: bool = False
    """Whether days of absence count as not employed."""


class Plan(Frozen):
    """A pay plan: base pay, components, and what holds for them together."""

    base_per_year: Amount | None = None
    """Fixed pay, in the scenario's currency a year; null = the seat's fixed cost, as `costs` says."""
    components: dict[Name, AnyComponent] = {}
    quota: Quota | None = None
    settled: Span = "quarter"
    """Period over which cap, floor and draw hold: what falls due in it is settled together."""
    cap: Amount | None = None
    """Most variable pay of a settlement, in the scenario's currency; null = no cap."""
    floor: Amount = 0.0
    """Least variable pay of a settlement, in the scenario's currency; given, not owed."""
    draw: Draw | None = None
    claw_back: ClawBack | None = None
    crediting: Crediting = Crediting()
    proration: Proration = Proration()
    rounding: Literal["half_up", "half_even"] = "half_up"
    """How every line of a statement is rounded to the minor unit."""

    @model_validator(mode="after")
    def _fits_together(self) -> Plan:
        refuse([*_guarantees(self), *_attainments(self)])
        return self


def _guarantees(plan: Plan) -> Found:
    cap = plan.cap
    if cap is not None and plan.floor > cap:
        yield "floor", f"got {shown(plan.floor)}, must be at most the cap ({shown(cap)})"
    if cap is not None and plan.draw is not None and plan.draw.amount > cap:
        yield "draw.amount", f"got {shown(plan.draw.amount)}, must be at most the cap ({shown(cap)})"


def _attainments(plan: Plan) -> Found:
    """What goes by attainment has a target, or the plan's quota of the very same measure."""
    for name, component in plan.components.items():
        if isinstance(component, Scorecard):
            for kpi_name, kpi in component.kpis.items():
                yield from _needs_quota(f"components.{name}.kpis.{kpi_name}", kpi, kpi.target, plan.quota)
        elif isinstance(component, Component) and component.by == "attainment" and _has_thresholds(component):
            yield from _needs_quota(f"components.{name}", component, component.target, plan.quota)


def _has_thresholds(component: Component) -> bool:
    return bool(getattr(component, "tiers", ()) or getattr(component, "steps", ()))


def _needs_quota(path: str, counted: Counted | Kpi, target: float | None, quota: Quota | None) -> Found:
    if target is not None:
        return
    if quota is None:
        yield f"{path}.target", "got null in a plan without quota, must be stated (or state the plan's quota)"
    elif quota.on != counted.on:
        met = f"got null, but the plan's quota is on {quota.on} and not on {counted.on}"
        yield f"{path}.target", f"{met}; must be stated"
    elif counted.filtered:
        met = "got null, but the plan's quota is on all results and not on some products, customers or stages"
        yield f"{path}.target", f"{met}; must be stated"
