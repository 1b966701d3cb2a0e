"""What a scenario may say: frozen types, with meaning, unit and default beside each field.

A default here is neutral (a mechanism off, a factor of one); a value with a claim to truth stands in a
scenario file, with its source and grade under `evidence`.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, Strict, model_validator

from simlib.scenario.channels import Channel
from simlib.scenario.consistency import faults
from simlib.scenario.costs import Costs
from simlib.scenario.designs import Axes, Design
from simlib.scenario.market import Market
from simlib.scenario.mechanisms import Mechanisms
from simlib.scenario.pay import Plan
from simlib.scenario.people import People
from simlib.scenario.types import (
    Amount,
    Count,
    Day,
    Frozen,
    Name,
    NonNegative,
    Number,
    Positive,
    PositiveInt,
    Share,
    broken_rules,
)

MOST_STAGES = 20
DEFAULT_START = dt.date(2026, 1, 5)
"""A Monday; first day of a synthetic scenario that states none."""


class CalendarSpec(Frozen):
    """The simulated time (design 3.6): warm-up, then the window whose needs are counted, then a drain."""

    start: Day | None = None
    """First day; time zero is its midnight. Null = 5 January 2026, in a replay the first day of the log."""
    warm_up_days: Annotated[float, Strict(), Field(ge=0, le=3660)] = 0.0
    """Days simulated before the window; their needs are not counted."""
    horizon_days: Annotated[float, Strict(), Field(gt=0, le=3660)] = 182.0
    """Length of the window; figures follow the needs that arise in it."""
    drain_days: Annotated[float, Strict(), Field(ge=0, le=3660)] = 120.0
    """Days simulated after the window, while arrivals go on, so that its deals can be decided."""
    hours_per_week: Annotated[float, Strict(), Field(ge=1, le=120)] | None = 40.0
    """Paid hours a week, Monday to Friday from 9:00; null = always open."""
    holidays: tuple[Day, ...] = ()
    """Days on which nobody works (customers' own delays run on)."""


class CompareSpec(Frozen):
    """How designs are compared (design 4)."""

    baseline: Name | None = None
    """Design that the others are compared with; null = the first."""
    zone_per_year: Amount = 0.0
    """Zone of indifference: a difference in yearly contribution smaller than this does not matter."""
    confidence: Annotated[float, Strict(), Field(ge=0.5, lt=1)] = 0.95
    doubt: Literal["grades", "none"] = "grades"
    """`grades`: every world also draws the parameters graded expert or guess; `none`: all parameters as stated."""


class Value(Frozen):
    """Log-normal deal value."""

    median: Positive
    log_sd: Annotated[float, Strict(), Field(ge=0, le=5)] = 0.0


class DemandCell(Frozen):
    """Needs of one region and segment."""

    region: Name = "all"
    segment: Name = "all"
    needs_per_week: NonNegative
    """Mean number of needs that arise, before season, weekday and trend."""
    accounts: PositiveInt | None = None
    """Accounts among which the needs arise; null = two needs per account and year."""
    products: dict[Name, Positive] = {"all": 1.0}
    """Share of each product among the needs (weights; they are normalised)."""
    value: Value

    def account_count(self) -> int:
        """Accounts of the cell."""
        return self.accounts or max(1, round(self.needs_per_week * 26))


class Drift(Frozen):
    """How far demand moves between the values of a dimension: standard deviation, after a year, of the logarithm of a
    value's weight (a random walk from time zero); the expected total stays."""

    region: Annotated[float, Strict(), Field(ge=0, le=5)] = 0.0
    segment: Annotated[float, Strict(), Field(ge=0, le=5)] = 0.0
    product: Annotated[float, Strict(), Field(ge=0, le=5)] = 0.0


class Synthetic(Frozen):
    """Demand drawn from stated rates."""

    kind: Literal["synthetic"] = "synthetic"
    cells: Annotated[tuple[DemandCell, ...], Field(min_length=1)]
    dispersion: Annotated[float, Strict(), Field(ge=1, le=100)] = 1.0
    """Variance-to-mean ratio of a region's counts over a day or longer (gamma-mixed Poisson); 1 = Poisson."""
    inbound_share: Share = 1.0
    """Share of needs that announce themselves; the others must be found by a call."""
    sound_share: Share = 1.0
    """Share of needs whose deal is sound; an unsound deal, once signed, loses money."""
    existing_share: Share = 0.0
    """Share of accounts that were customers before time zero; the others are new until they sign."""
    window_days: Positive | None = None
    """Mean of the exponential time a need stays open to sellers; null = for ever."""
    trend_per_year: Annotated[float, Strict(), Field(gt=-1, le=10)] = 0.0
    """Growth of the rate over a year."""
    season: Annotated[tuple[NonNegative, ...], Field(min_length=12, max_length=12)] = (1.0,) * 12
    """Factor by month, January first."""
    weekday: Annotated[tuple[NonNegative, ...], Field(min_length=7, max_length=7)] = (1.0,) * 7
    """Factor by weekday, Monday first."""
    month_of_quarter: Annotated[tuple[NonNegative, ...], Field(min_length=3, max_length=3)] = (1.0,) * 3
    """Factor by month within the quarter."""
    drift: Drift = Drift()
    opening_pipeline: Count = 0
    """Deals already under way at time zero, spread over accounts and stages; never counted in the window."""


class Replay(Frozen):
    """Demand replayed from a CRM export: only what no organisation chose (time, account, amount, product, region,
    segment, source) is replayed."""

    kind: Literal["replay"]
    export: Name
    """Folder with `deals.csv`, relative to the scenario file."""
    columns: dict[Name, Name] = {}
    """Further column names of the export, and what each means (`CreatedOn: create_date`)."""
    owner_derived: tuple[Literal["region", "product", "segment"], ...] = ()
    """Dimensions of the log that follow from the owner: a design by them would be circular and is refused."""
    refusal_minutes: NonNegative = 5.0
    """A lead lost within this time that nobody touched is an automatic refusal: set aside and counted."""
    inbound_share: Share = 1.0
    sound_share: Share = 1.0
    existing_share: Share = 0.0
    window_days: Positive | None = None


Demand = Annotated[Synthetic | Replay, Field(discriminator="kind")]


def _kind_first(value: Any) -> Any:
    return {"kind": "synthetic", **value} if isinstance(value, dict) else value


class Stage(Frozen):
    """One stage of a deal (P5-P7): seller's hours, a gate, then the customer's own delay."""

    name: Name
    effort_hours: NonNegative
    """Mean seller's hours."""
    effort_scv: Annotated[float, Strict(), Field(ge=0, le=100)] = 0.0
    """Squared coefficient of variation of the hours (gamma); 0 = constant, 1 = exponential."""
    pass_probability: Share = 1.0
    """Base probability to pass the gate, before effects."""
    customer_delay_days: NonNegative = 0.0
    """Mean of the customer's exponential delay after the gate."""
    visits: NonNegative = 0.0
    """Visits to the customer (travel)."""
    approval: bool = False
    """Whether a deal above authority needs approval after this gate."""
    fails_to: Name | None = None
    """Earlier stage (or this one) to which a deal that fails the gate goes back; null = it is lost."""
    problem_probability: Share = 0.0
    """Probability that a problem comes up in the seller's work (needs the mechanism `help`)."""
    negotiated: bool = False
    """Whether the price is talked about (needs the mechanism `discount`)."""
    sponsored: bool = False
    """Whether the head of the line joins a large deal before this gate (needs the mechanism `sponsor`)."""


class Evidence(Frozen):
    """Where a parameter comes from, and how far it may be trusted."""

    source: Name
    grade: Literal["data", "literature", "expert", "guess"]
    low: Number | None = None
    """Lower end of a 90% range; null = the grade's default range."""
    high: Number | None = None


class Scenario(Frozen):
    """A market, the people, the mechanisms, and the designs to compare."""

    name: Name = "scenario"
    title: str = ""
    """One line for the head of a report."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"
    """ISO 4217."""
    calendar: CalendarSpec = CalendarSpec()
    compare: CompareSpec = CompareSpec()
    market: Market = Market()
    demand: Annotated[Demand, BeforeValidator(_kind_first)]
    people: People = People()
    mechanisms: Mechanisms = Mechanisms()
    stages: Annotated[tuple[Stage, ...], Field(min_length=1, max_length=MOST_STAGES)]
    costs: Costs = Costs()
    plans: dict[Name, Plan] = {}
    """Pay plans, by name; which role has which is an axis of the organisation (`pay`)."""
    channels: dict[Name, Channel] = {}
    """Ways to the customer, by name; which are open is an axis of the organisation (`channels`)."""
    organisation: Axes = Axes()
    """Axes of all designs, where neither the design nor its preset states them."""
    designs: Annotated[dict[Name, Design], Field(min_length=1)]
    targets: dict[Name, Number] = {}
    """Values wanted for figures (K1, K3, K4, ...), shown beside them."""
    evidence: dict[Name, Evidence] = {}
    """By dotted path: source and grade of a parameter."""

    @property
    def baseline(self) -> str:
        """Name of the design that the others are compared with."""
        return self.compare.baseline or next(iter(self.designs))

    @model_validator(mode="after")
    def _consistent(self) -> Scenario:
        found = faults(self)
        if found:
            raise broken_rules(found)
        return self
