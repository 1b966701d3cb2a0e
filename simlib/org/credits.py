"""Who has credit for what: the rows that pay plans are computed from, which of them count, and how credit is split."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from simlib.org.chances import Chance
from simlib.scenario.pay import Crediting
from simlib.scenario.pay_components import MONEY_MEASURES, Counted, Kpi
from simlib.units import HOURS_PER_DAY

SIGNATURE = ""
"""What stands as the stage of a signed deal."""


class Credit(NamedTuple):
    """One person's credit for one deal, given, or taken back when the deal turns bad."""

    person: str
    deal: int
    at_h: float
    """When it is given, or taken back."""
    revenue: int
    """The whole deal's, in minor units; not negative where it is taken back."""
    margin: int
    """Revenue less its cost, in minor units."""
    product: str
    segment: str
    new_customer: bool
    stage: str = SIGNATURE
    """The stage that was passed; empty for the signature."""
    share: Fraction = Fraction(1)
    """The person's part of the deal's credit."""
    signed_h: float | None = None
    """When the credit was first given; none = now."""
    turned_bad: str = ""
    """`default` or `churn` where the credit is taken back."""


class Raise(NamedTuple):
    """More fixed pay, for good."""

    from_day: int
    """First day of a month on which it is paid, counted from time zero."""
    per_year: int
    """In minor units."""


@dataclass(frozen=True)
class Employment:
    """Somebody on a position, for a while."""

    person: str
    position: str
    unit: str
    plan: str | None
    """Name of the pay plan; none = fixed salary only."""
    from_h: float
    to_h: float
    bosses: tuple[str, ...] = ()
    """Positions to which it reports directly."""
    above: tuple[str, ...] = ()
    """All positions above it, the direct bosses included."""
    pay_per_year: int = 0
    """The seat's fixed cost, in minor units."""
    quota: Fraction | None = None
    """For a period of the quota, in minor units or a number of deals, before season, ramp and proration."""
    hired_day: int | None = None
    """Day of hiring, counted from time zero, of who came new; none for those who were there before."""
    absent_days: tuple[int, ...] = ()
    """Days of absence, counted from time zero."""
    raises: tuple[Raise, ...] = ()
    """Beside the plan's base pay, or the seat's fixed cost; earlier ones are paid from the first day."""

    @property
    def first_day(self) -> int:
        """First day on the position, counted from time zero."""
        return int(self.from_h // HOURS_PER_DAY)

    @property
    def day_behind(self) -> int:
        """The day after the last one."""
        return int(-(-self.to_h // HOURS_PER_DAY))


class Counts(NamedTuple):
    """Which credits count, and as what; as hashable values."""

    on: str
    products: frozenset[str]
    """Empty = all."""
    segments: frozenset[str]
    customers: str
    stages: frozenset[str]
    """Empty = the signature."""
    first_day: dt.date | None = None
    """Signatures before it do not count."""
    last_day: dt.date | None = None

    def takes(self, credit: Credit) -> bool:
        """Whether a credit counts, whatever its day."""
        at_stage = credit.stage in self.stages if self.stages else credit.stage == SIGNATURE
        return at_stage and self.takes_deal(credit)

    def takes_deal(self, deal: Credit | Chance) -> bool:
        """Whether a deal or customer counts, whatever its stage and day."""
        return (
            (not self.products or deal.product in self.products)
            and (not self.segments or deal.segment in self.segments)
            and (self.customers == "any" or deal.new_customer == (self.customers == "new"))
        )

    def on_day(self, date: dt.date) -> bool:
        """Whether what was signed on a day counts."""
        return (self.first_day is None or date >= self.first_day) and (self.last_day is None or date <= self.last_day)

    def amount(self, credit: Credit) -> int:
        """What a whole deal counts: minor units of money, or 1."""
        if self.on == "revenue":
            return credit.revenue
        if self.on == "margin":
            return credit.margin
        return 1 if self.on == "deals" or credit.new_customer else 0

    def unit(self, minor_units: int) -> int:
        """What a whole unit (of currency, or a deal) counts."""
        return minor_units if self.on in MONEY_MEASURES else 1


def counts_of(counted: Counted | Kpi, first_day: dt.date | None = None, last_day: dt.date | None = None) -> Counts:
    """What a component, or a quota without filter, counts."""
    return Counts(
        counted.on,
        frozenset(counted.products),
        frozenset(counted.segments),
        counted.customers,
        frozenset(counted.stages),
        first_day,
        last_day,
    )


def shares(crediting: Crediting, owner: str, helpers: Mapping[str, float]) -> dict[str, Fraction]:
    """Each one's part of the credit for a deal: the owner's, and the helpers' by hours or equally.

    `helpers`: hours by person, the owner not among them; where none has worked any, the whole is the owner's. Parts sum
    to owner + helpers, and to 1 where nobody helped.
    """
    hours = {person: exact(worked) for person, worked in helpers.items() if worked > 0}
    if not hours:
        return {owner: Fraction(1)}
    weights = hours if crediting.split == "by_hours" else dict.fromkeys(hours, Fraction(1))
    together, whole = exact(crediting.helpers), sum(weights.values())
    return {
        owner: exact(crediting.owner),
        **{person: together * weight / whole for person, weight in weights.items()},
    }


def exact(number: float) -> Fraction:
    """A number as it is written: 0.1 is a tenth, and not the nearest binary fraction.

    >>> exact(0.1)
    Fraction(1, 10)
    """
    return Fraction(str(number))
