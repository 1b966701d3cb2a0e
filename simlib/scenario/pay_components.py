"""What a component of a pay plan may say: what counts, in which period, whose result it is, what it pays (I1-I3, I6).

A component is a measure × a filter × a period × a schedule × whose result it is × how it is shared; its kind only
names a common way of saying so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, Strict, model_validator

from simlib.scenario.types import Amount, Day, Frozen, Name, Positive, Share, refuse
from simlib.scenario.wording import shown

Measure = Literal["revenue", "margin", "deals", "new_customers"]
KpiMeasure = Literal["revenue", "margin", "deals", "new_customers", "win_rate", "customers_kept"]
Span = Literal["month", "quarter", "year"]
Rate = Annotated[float, Strict(), Field(ge=0, le=1e9)]
"""Pay for a unit of the result: a share of revenue or margin; currency for each deal or new customer."""
Threshold = Annotated[float, Strict(), Field(ge=0, le=1e12)]
"""A result in whole units (currency, deals), or an attainment (1 = the quota)."""

MONTHS_IN: dict[str, int] = {"month": 1, "quarter": 3, "year": 12}
MONEY_MEASURES = ("revenue", "margin")
"""Measures in money; the others are counts, or shares."""
RATIOS = ("win_rate", "customers_kept")
"""Measures that are shares of what could be won or kept, and no sums; of scorecards only."""
MOST_ATTAINMENT = 20.0
"""A threshold beyond is a percentage: 80, 100 or 120 for 0.8, 1 or 1.2."""
TOTAL_TOLERANCE = 1e-9
"""How far weights written as decimals may miss 1."""
Found = Iterator[tuple[str, str]]


class Filter(Frozen):
    """Which deals count."""

    products: tuple[Name, ...] = ()
    """Only these products; empty = all."""
    segments: tuple[Name, ...] = ()
    """Only these customer types; empty = all."""
    customers: Literal["any", "new", "existing"] = "any"
    """Only deals with customers of this kind."""
    stages: tuple[Name, ...] = ()
    """Credit for passing these stages; empty = for the signature."""

    @property
    def filtered(self) -> bool:
        """Whether anything but the whole of the measure counts."""
        return bool(self.products or self.segments or self.stages or self.customers != "any")


class Counted(Filter):
    """Which credits count, and as what."""

    on: Measure = "revenue"
    """What is counted: revenue, margin (revenue less its cost), deals, or deals with new customers."""


class Component(Counted):
    """What all components of a plan but the scorecard say."""

    period: Span = "quarter"
    """Period whose result is paid."""
    by: Literal["attainment", "amount"] = "attainment"
    """What tiers and steps begin at: attainment (1 = the quota), or an amount (currency, or a number of deals)."""
    target: Positive | None = None
    """Result in a period that is an attainment of 1 (currency, or a number of deals); null = the plan's quota."""
    cap: Amount | None = None
    """Most that the component pays for a period, in the scenario's currency; null = no cap."""


class Scaled(Component):
    """A component that pays a rate."""

    rate: Rate | None = None
    """Pay for each unit of the result: a share of revenue or margin, currency for each deal."""
    tiers: tuple[tuple[Threshold, Rate], ...] = ()
    """[from, rate] each, rising: the rate from that attainment or amount on."""
    mode: Literal["marginal", "retroactive"] = "marginal"
    """`marginal`: a tier's rate holds for what lies in it; `retroactive`: for the whole result once it is reached."""


class Commission(Scaled):
    """A rate on one's own results: flat, or by tiers (progressive, accelerator, decelerator)."""

    kind: Literal["commission"] = "commission"

    @model_validator(mode="after")
    def _one_way(self) -> Commission:
        found = [*_one_of(self, "rate", "tiers"), *_rising("tiers", self.tiers), *_rates(self)]
        refuse([*found, *_percentages(self, "tiers")])
        return self


class Bonus(Component):
    """A lump sum for what one has reached."""

    kind: Literal["bonus"] = "bonus"
    steps: Annotated[tuple[tuple[Threshold, Amount], ...], Field(min_length=1)]
    """[from, amount] each, rising: the lump sum of the highest step reached, in the scenario's currency."""

    @model_validator(mode="after")
    def _steps_rise(self) -> Bonus:
        found = [*_rising("steps", self.steps), *_above_zero(self.steps), *_falling("steps", self.steps)]
        refuse([*found, *_percentages(self, "steps")])
        return self


class Kpi(Filter):
    """One line of a scorecard."""

    on: KpiMeasure = "revenue"
    """What is counted: revenue, margin (revenue less its cost), deals, deals with new customers; or a share: won of
    leads decided (win_rate), or kept of existing customers who came up for renewal (customers_kept)."""
    weight: Share
    """Its share of the scorecard's pay."""
    target: Positive | None = None
    """Result in a period that is an attainment of 1 (currency, a number of deals, or a share); null = the plan's
    quota."""
    curve: Annotated[tuple[tuple[Threshold, Annotated[float, Strict(), Field(ge=0, le=10)]], ...], Field(min_length=1)]
    """[attainment, share paid] each, rising: straight lines between; nothing below the first, no more above the
    last."""

    @model_validator(mode="after")
    def _curve_rises(self) -> Kpi:
        beyond = [("curve", _beyond(begins)) for begins, _ in self.curve if begins > MOST_ATTAINMENT]
        refuse([*_rising("curve", self.curve), *_falling("curve", self.curve), *_share(self), *beyond[:1]])
        return self


class Scorecard(Frozen):
    """Several measures with weights (I6)."""

    kind: Literal["scorecard"] = "scorecard"
    pays: Amount
    """What it pays where every measure pays its full share, in the scenario's currency a period."""
    period: Span = "quarter"
    """Period whose result is paid."""
    kpis: Annotated[dict[Name, Kpi], Field(min_length=1)]

    @model_validator(mode="after")
    def _weights_sum_to_one(self) -> Scorecard:
        total = sum(kpi.weight for kpi in self.kpis.values())
        wrong = abs(total - 1) > TOTAL_TOLERANCE
        refuse([("kpis", f"got weights of {total:g} together, must sum to 1")] if wrong else [])
        return self


class Special(Counted):
    """A sprint for a while: so much for each deal, or a rate (SPIFF)."""

    kind: Literal["special"] = "special"
    rate: Rate
    """Pay for each unit of the result: a share of revenue or margin, currency for each deal."""
    first_day: Day | None = None
    """First day on which signatures count; null = from the start."""
    last_day: Day | None = None
    """Last day on which signatures count; null = to the end."""
    period: Span = "quarter"
    """Period whose result is paid."""
    cap: Amount | None = None
    """Most that the component pays for a period, in the scenario's currency; null = no cap."""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Special:
        first, last = self.first_day, self.last_day
        found = list(_rates(self))
        if first is not None and last is not None and last < first:
            found.append(("last_day", f"got {last}, must not be before first_day ({first})"))
        refuse(found)
        return self


class Pool(Scaled):
    """A fund on the result of a unit or of the firm, shared by those of the unit who are on the plan (I3)."""

    kind: Literal["pool"] = "pool"
    steps: tuple[tuple[Threshold, Amount], ...] = ()
    """[from, amount] each, rising: the lump sum of the highest step reached, in the scenario's currency."""
    result_of: Literal["unit", "company"] = "unit"
    """Whose result fills the fund."""
    shared: Literal["equally", "by_contribution", "by_pay"] = "equally"
    """How it is shared: by days, by own result, or by base pay."""

    @model_validator(mode="after")
    def _one_way(self) -> Pool:
        refuse(_any_scale(self, self.steps))
        return self


class Override(Scaled):
    """What a boss earns on the results of those who report to him."""

    kind: Literal["override"] = "override"
    steps: tuple[tuple[Threshold, Amount], ...] = ()
    """[from, amount] each, rising: the lump sum of the highest step reached, in the scenario's currency."""
    reports: Literal["direct", "all"] = "all"
    """Whose results count: of direct reports, or of all below."""

    @model_validator(mode="after")
    def _one_way(self) -> Override:
        refuse(_any_scale(self, self.steps))
        return self


AnyComponent = Annotated[
    Commission | Bonus | Scorecard | Special | Pool | Override,
    Field(discriminator="kind"),
]


def _one_of(component: Scaled | Pool | Override, *ways: str) -> Found:
    """Exactly one way of paying."""
    stated = [way for way in ways if getattr(component, way) not in (None, ())]
    if not stated:
        yield "", f"got neither {' nor '.join(ways)}, must be one of them"
    elif len(stated) > 1:
        yield stated[-1], f"got {' and '.join(stated)} together, must be one of them"


def _any_scale(component: Pool | Override, steps: Sequence[tuple[float, float]]) -> list[tuple[str, str]]:
    return [
        *_one_of(component, "rate", "tiers", "steps"),
        *_rising("tiers", component.tiers),
        *_rising("steps", steps),
        *_above_zero(steps),
        *_falling("steps", steps),
        *_rates(component),
        *_percentages(component, "tiers"),
        *_percentages(component, "steps"),
    ]


def _rising(field: str, points: Sequence[tuple[float, float]]) -> Found:
    """Each begins above the one before."""
    for number in range(1, len(points)):
        if points[number][0] <= points[number - 1][0]:
            rule = f"must be above the one before ({shown(points[number - 1][0])})"
            yield f"{field}.{number}", f"got {shown(points[number][0])}, {rule}"


def _share(kpi: Kpi) -> Found:
    """A share has a target of its own, and is counted when it is decided, not stage by stage."""
    if kpi.on not in RATIOS:
        return
    if kpi.target is None:
        yield "target", f"got null for {kpi.on}, must be stated: a share above 0 and at most 1"
    elif kpi.target > 1:
        yield "target", f"got {shown(kpi.target)}, must be at most 1: {kpi.on} is a share"
    if kpi.stages:
        yield "stages", f"got {len(kpi.stages)} for {kpi.on}, must be empty: it is a share of what was decided"
    if kpi.on == "customers_kept" and kpi.customers == "new":
        yield "customers", "got 'new' for customers_kept, must be 'any' or 'existing': new customers do not renew"


def _rates(component: Scaled | Special) -> Found:
    """A rate on money is a share of it."""
    if component.on not in MONEY_MEASURES:
        return
    rule = f"must be at most 1: a share of {component.on} (or count `on: deals`)"
    if component.rate is not None and component.rate > 1:
        yield "rate", f"got {shown(component.rate)}, {rule}"
    for number, (_, rate) in enumerate(getattr(component, "tiers", ())):
        if rate > 1:
            yield f"tiers.{number}", f"got {shown(rate)}, {rule}"


def _above_zero(steps: Sequence[tuple[float, float]]) -> Found:
    if steps and steps[0][0] == 0:
        yield "steps.0", "got 0, must be above 0 (what is paid whatever is sold is base pay)"


def _falling(field: str, points: Sequence[tuple[float, float]]) -> Found:
    """More result never pays less; a rate may fall, what is paid in all may not."""
    for number, ((_, before), (begins, pays)) in enumerate(pairwise(points), 1):
        if pays < before:
            rule = f"must be at least what less of it pays ({shown(before)})"
            yield f"{field}.{number}", f"got {shown(pays)} from {shown(begins)} on, {rule}"


def _percentages(component: Component, field: str) -> Found:
    """What begins at an attainment begins at a share of the quota, not at a percentage."""
    beyond = [begins for begins, _ in getattr(component, field) if begins > MOST_ATTAINMENT]
    if component.by == "attainment" and beyond:
        yield field, f"{_beyond(beyond[0])}, or state `by: amount`"


def _beyond(begins: float) -> str:
    rule = f"must be at most {shown(MOST_ATTAINMENT)}: 1 = the quota, for {shown(begins)}% write {shown(begins / 100)}"
    return f"got an attainment of {shown(begins)}, {rule}"
