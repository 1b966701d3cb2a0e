"""What a plan's components reduce to: which credits count, whose, in which period, paid by which schedule, how shared.

The payroll and whoever is paid look at the same parts; neither asks for a component's kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from simlib.org.credits import Counts, counts_of, exact
from simlib.org.schedule import Schedule, capped, curve, floored, linear, steps, tiered, together
from simlib.scenario.pay import Plan
from simlib.scenario.pay_components import (
    RATIOS,
    AnyComponent,
    Commission,
    Component,
    Override,
    Pool,
    Scorecard,
    Special,
)

WHOSE = ("own", "unit", "company", "direct", "all")
"""Whose results count: one's own, those of one's unit or of the firm, of one's direct reports or of all below."""
OWN = WHOSE[0]
ZERO = Fraction(0)
Points = tuple[tuple[Fraction, Fraction], ...]


@dataclass(frozen=True)
class Part:
    """One thing that a plan pays for; money in minor units."""

    component: str
    """Name of the component in the plan."""
    counts: Counts
    period: str
    """`month`, `quarter` or `year`."""
    kpi: str = ""
    """Name of the line of a scorecard; empty for all else."""
    whose: str = OWN
    """One of `WHOSE`."""
    shared: str = ""
    """How a fund is divided among those on the plan: `equally`, `by_contribution` or `by_pay`; empty where all of it is
    the person's."""
    rate: Fraction | None = None
    """One rate for everything; none where there are thresholds."""
    attained: bool = False
    """Whether thresholds are attainments; else they are results."""
    target: Fraction | None = None
    """Result of a whole period that is an attainment of 1; none = the quota of those whose results count."""
    tiers: Points = ()
    """(From, rate), each rate marginal, or for the whole result."""
    retroactive: bool = False
    steps: Points = ()
    """(From, lump sum)."""
    points: Points = ()
    """(From, pay), with straight lines between."""
    cap: Fraction | None = None

    @property
    def is_share(self) -> bool:
        """Whether the result is a share of what could be won or kept, and not a sum."""
        return self.counts.on in RATIOS

    @property
    def needs_quota(self) -> bool:
        """Whether the schedule depends on the quota of those whose results count."""
        return self.attained and self.target is None

    def target_for(self, present: Fraction, quota: Fraction) -> Fraction | None:
        """Result that is an attainment of 1 in a period; none where nothing goes by attainment.

        `present`: share of the period that counts. `quota`: of those whose results count, for the same days.
        """
        if not self.attained:
            return None
        if self.target is None:
            return quota
        return self.target if self.is_share else self.target * present

    def schedule(self, present: Fraction, target: Fraction | None) -> Schedule:
        """What a period's result pays, in minor units.

        `present` scales thresholds that are amounts, lump sums and the cap; `target` (of `target_for`) scales
        thresholds that are attainments. Where nothing is expected (0) the first tier's rate holds for everything, and
        no lump sum is paid.
        """
        found = self._scaled(present if target is None else target, present)
        return found if self.cap is None else capped(found, self.cap * present)

    def _scaled(self, scale: Fraction, present: Fraction) -> Schedule:
        if self.rate is not None:
            return linear(self.rate)
        if not scale:
            return linear(self.tiers[0][1] if self.tiers and not self.tiers[0][0] else ZERO)
        if self.tiers:
            return tiered([(begins * scale, rate) for begins, rate in self.tiers], retroactive=self.retroactive)
        lumps = [(begins * scale, pays * present) for begins, pays in self.steps or self.points]
        return steps(lumps) if self.steps else curve(lumps)


class _Unit:
    """How amounts as they are written become those that are computed with."""

    def __init__(self, minor_units: int, counts: Counts, *, attained: bool) -> None:
        self.minor, self.result = minor_units, counts.unit(minor_units)
        self.threshold = 1 if attained else self.result

    def rate(self, rate: float) -> Fraction:
        """Minor units of pay for a unit of the result."""
        return exact(rate) * self.minor / self.result

    def pay(self, amount: float) -> Fraction:
        return exact(amount) * self.minor

    def begins(self, threshold: float) -> Fraction:
        return exact(threshold) * self.threshold

    def target(self, target: float | None) -> Fraction | None:
        return None if target is None else exact(target) * self.result


def parts_of(plan: Plan, minor_units: int) -> tuple[Part, ...]:
    """All that a plan pays for beside base pay, in its order; a scorecard is a part for each of its lines."""
    return tuple(part for name, component in plan.components.items() for part in _parts(name, component, minor_units))


def _parts(name: str, component: AnyComponent, minor: int) -> Iterator[Part]:
    if isinstance(component, Scorecard):
        yield from _scorecard(name, component, minor)
    elif isinstance(component, Special):
        counts = counts_of(component, component.first_day, component.last_day)
        unit = _Unit(minor, counts, attained=False)
        cap = None if component.cap is None else unit.pay(component.cap)
        yield Part(name, counts, component.period, rate=unit.rate(component.rate), cap=cap)
    else:
        part = _scaled(name, component, minor)
        if isinstance(component, Pool):
            part = replace(part, whose=component.result_of, shared=component.shared)
        elif isinstance(component, Override):
            part = replace(part, whose=component.reports)
        yield part


def _scaled(name: str, component: Component, minor: int) -> Part:
    """A component that pays a rate, by tiers or by steps."""
    counts = counts_of(component)
    rate = getattr(component, "rate", None)
    attained = rate is None and component.by == "attainment"
    unit = _Unit(minor, counts, attained=attained)
    scaled = component if isinstance(component, Commission | Pool | Override) else None
    return Part(
        name,
        counts,
        component.period,
        rate=None if rate is None else unit.rate(rate),
        attained=attained,
        target=unit.target(component.target),
        tiers=tuple((unit.begins(begins), unit.rate(share)) for begins, share in scaled.tiers) if scaled else (),
        retroactive=scaled is not None and scaled.mode == "retroactive",
        steps=tuple((unit.begins(begins), unit.pay(lump)) for begins, lump in getattr(component, "steps", ())),
        cap=None if component.cap is None else unit.pay(component.cap),
    )


def _scorecard(name: str, card: Scorecard, minor: int) -> Iterator[Part]:
    for kpi_name, kpi in card.kpis.items():
        counts = counts_of(kpi)
        unit = _Unit(minor, counts, attained=True)
        most = unit.pay(card.pays) * exact(kpi.weight)
        yield Part(
            name,
            counts,
            card.period,
            kpi=kpi_name,
            attained=True,
            target=unit.target(kpi.target),
            points=tuple((exact(begins), most * exact(share)) for begins, share in kpi.curve),
        )


@dataclass(frozen=True)
class Stake:
    """What one kind of result pays in one period: the sum of the parts that look at it."""

    counts: Counts
    whose: str
    period: str
    shared: str
    schedule: Schedule


def stakes(plan: Plan, scheduled: Iterable[tuple[Part, Schedule]], minor_units: int, present: Fraction) -> list[Stake]:
    """What somebody can earn, result by result, with the plan's cap and guarantees as far as they belong to one result.

    `scheduled`: each part with its schedule for the period that runs. Where all own pay is on one kind of result and
    period, and that period is settled by itself, cap, floor and a draw that is given are in its schedule, exactly;
    where there are several, each is capped by the whole cap, the least that the cap can mean. A recoverable draw is a
    loan and changes no schedule. `present`: share of the settlement period that counts.
    """
    groups: dict[tuple[Counts, str, str, str], list[Schedule]] = {}
    for part, schedule in scheduled:
        groups.setdefault((part.counts, part.whose, part.period, part.shared), []).append(schedule)
    found = [Stake(*group, together(schedules)) for group, schedules in groups.items()]
    return [_within_plan(plan, stake, minor_units, present, alone=len(found) == 1) for stake in found]


def _within_plan(plan: Plan, stake: Stake, minor: int, present: Fraction, *, alone: bool) -> Stake:
    if stake.period != plan.settled or stake.shared:
        return stake
    schedule, scale = stake.schedule, minor * (present if plan.proration.days else 1)
    if plan.cap is not None:
        schedule = capped(schedule, exact(plan.cap) * scale)
    if alone:
        given = plan.draw.amount if plan.draw and not plan.draw.recoverable else 0.0
        schedule = floored(schedule, exact(max(plan.floor, given)) * scale)
    return replace(stake, schedule=schedule)
