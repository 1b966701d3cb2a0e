"""What acts in a run: every mechanism with its parameters; each may be `off` and then vanishes exactly (design 3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, Strict, model_validator

from simlib.scenario.channels import Buying
from simlib.scenario.customers import Retention
from simlib.scenario.honours import Career, Recognition
from simlib.scenario.partners import PartnerEffort, PartnerReview, Support, Trust
from simlib.scenario.prices import Diversion, Exchange, OwnPrices
from simlib.scenario.reactions import (
    AccountEffort,
    Attention,
    Discount,
    Effort,
    LeadSharing,
    Satisfaction,
    Teamwork,
    Timing,
)
from simlib.scenario.rivals import ChannelOverlap, Complaints
from simlib.scenario.staffing import Coaching, Ramp, Training, Transition, Turnover
from simlib.scenario.stocks import Stock
from simlib.scenario.types import Amount, Frozen, NonNegative, Share, broken_rules


def _switched(value: Any) -> Any:
    """`off` is no mechanism, `on` is one with its defaults; null (from Python) is off."""
    if value is False or value == "off":
        return None
    return {} if value is True or value == "on" else value


class Queueing(Frozen):
    """Finite hours: tasks wait at a desk. Lever: delay. Off: tasks overlap, excess hours are booked as overtime."""

    next_task: Literal["oldest_first", "new_leads_first", "by_grade", "highest_value_first"] = "new_leads_first"
    """Rule by which a desk takes its next task; calls always come last."""


class Interest(Frozen):
    """A budget of waiting for us. Off: unlimited."""

    kind: Literal["exponential", "log_logistic", "table"] = "log_logistic"
    median_hours: NonNegative = 200.0
    """Median lifetime in calendar hours of waiting; 0 = gone at once (not used by `table`)."""
    shape: Annotated[float, Strict(), Field(ge=0.05, le=100)] = 1.5
    """Shape of the log-logistic."""
    table: tuple[tuple[NonNegative, Share], ...] = ()
    """Points (hours, share still interested), hours rising and shares falling; linear between, and the last share
    never dies."""
    notices: Literal["leaves_list", "found_at_contact"] = "found_at_contact"
    """`leaves_list`: the task goes when interest dies; `found_at_contact`: the hours are spent all the same."""

    @model_validator(mode="after")
    def _table(self) -> Interest:
        if self.kind == "table":
            hours = [h for h, _ in self.table]
            shares = [s for _, s in self.table]
            if len(hours) < 2 or hours != sorted(set(hours)) or shares != sorted(shares, reverse=True):
                met = ", ".join(f"[{hour:g}, {share:g}]" for hour, share in self.table[:6]) or "no points"
                raise broken_rules([("table", f"got {met}, must be two or more points, hours rising, shares falling")])
        return self


class Skill(Frozen):
    """Talent of the person. Lever: odds. Off: all equal."""


class Weights(Frozen):
    """Weight of each dimension of knowledge in `focus`."""

    product: Annotated[float, Strict(), Field(ge=0, le=10)] = 1.0
    """Multiplied by the product's complexity."""
    segment: Annotated[float, Strict(), Field(ge=0, le=10)] = 0.3
    region: Annotated[float, Strict(), Field(ge=0, le=10)] = 0.3
    stage: Annotated[float, Strict(), Field(ge=0, le=10)] = 0.0
    """Weight of being practised in a stage's work (S7)."""


class Focus(Frozen):
    """Knowledge by the expected share of one's work (power law of practice). Levers: hours, odds. Off: exponent 0."""

    exponent: Annotated[float, Strict(), Field(ge=0, le=2)] = 0.1
    """Hours are multiplied by share^-exponent, odds by share^exponent, each share weighted by `weights`."""
    weights: Weights = Weights()


class Travel(Frozen):
    """Visits take hours by distance (S4, S5, S11). Levers: hours, money. Off: 0."""

    remote_share: Share = 0.0
    """Share of visits made remotely, without travel."""
    remote_log_odds: Annotated[float, Strict(), Field(ge=0, le=50)] = 0.0
    """Log-odds lost at a stage's gate for each of its visits that is made remotely (other skills and tools, S11)."""


class Approval(Frozen):
    """What exceeds authority climbs the line and is screened (Sah and Stiglitz 1986). Levers: delay, odds, money.
    Off: authority unlimited."""

    hours: NonNegative = 0.5
    """Hours a boss spends on one request."""
    pass_good: Share = 1.0
    """Probability that a boss passes a sound deal."""
    pass_bad: Share = 1.0
    """Probability that a boss passes an unsound deal."""


class Calls(Frozen):
    """Sellers look for needs that did not announce themselves (P1). Off: only inbound needs become leads."""

    probability: Share = 0.5
    """Probability that a seller whose list holds the account wants to call in time."""
    hours: NonNegative = 0.5
    """Hours a call takes, fruitless dials included."""


class Overlap(Frozen):
    """Two of our sellers meet at a customer (X1). Levers: hours, odds, money. Off: lists disjoint by account, nobody
    confused."""

    account_owner: Literal["keeps", "per_need"] = "per_need"
    """Who may pursue a need that a colleague already pursues: `keeps` = only the first, the second call is wasted;
    `per_need` = both pursue, the first signature ends the rest."""
    confusion: Annotated[float, Strict(), Field(ge=0, le=50)] = 0.0
    """Log-odds lost at each gate while two sellers pursue the same need (duplicate pursuit)."""
    crowding: Annotated[float, Strict(), Field(ge=0, le=50)] = 0.0
    """Log-odds lost at each gate when another of our sellers was at the account's door within the contact window."""
    contact_window_days: NonNegative = 30.0
    settling_hours: NonNegative = 0.0
    """Hours a seller spends to settle with the colleague when a pursuit first meets another."""


class HandOff(Frozen):
    """A deal changes hands (S7, P18, X6). Levers: odds, delay, hours. Off: lossless. A design's `clarity` takes its
    share off all three."""

    forgotten: Annotated[float, Strict(), Field(ge=0, le=50)] = 0.0
    """Log-odds lost at every later gate with each change of hands: what the first seller knew of the customer."""
    dropped: Share = 0.0
    """Probability that a deal falls between the two when it passes to the seller of the next stage."""
    hours: NonNegative = 0.0
    """Hours the next seller takes to take over."""


class Review(Frozen):
    """Customers are divided anew among the seats by the demand that was seen, as often as the design says (S1, S9).
    Levers: delay, hours. Off: as laid out at the start."""

    days_per_layer: NonNegative = 5.0
    """Days that each layer above the reps takes to decide."""
    distortion_per_layer: Annotated[float, Strict(), Field(ge=0, le=5)] = 0.0
    """Standard deviation of the error, in the logarithm, that each layer adds to the demand that is reported."""
    weight: Share = 0.5
    """Weight of the demand seen since the last review against what was expected before."""
    hours: NonNegative = 0.0
    """Hours that a rep spends on changing place."""


class Help(Frozen):
    """Problems that a seller cannot solve go to a pool that answers, or up the line (Garicano 2000). Levers: hours,
    delay, odds. Off: no problems."""

    rep_knows: NonNegative = 1.0
    """Difficulty up to which a rep who knows everything about the need solves a problem; difficulties have mean 1."""
    layer_knows: NonNegative = 1.0
    """What each layer above knows more."""
    pool_knows: NonNegative = 3.0
    """Difficulty up to which a support pool solves a problem."""
    hours: NonNegative = 0.5
    """Hours that each who is asked spends on a problem."""
    unsolved: Annotated[float, Strict(), Field(ge=0, le=50)] = 0.0
    """Log-odds lost at the stage's gate if nobody asked can solve it."""


class Sponsor(Frozen):
    """The head of the seller's line joins large deals (R: the director's big accounts). Levers: hours, delay, odds.
    Off: heads stay away."""

    from_value: Amount = 0.0
    """Deals of at least this value, in the scenario's currency."""
    hours: NonNegative = 1.0
    """Hours of the head at each stage with `sponsored: true`."""
    log_odds: Annotated[float, Strict(), Field(ge=0, le=50)] = 0.0
    """Added at that stage's gate."""


class DualReporting(Frozen):
    """What exceeds authority needs the consent of both bosses, where a seller has two (S3, X4). Levers: delay, odds,
    hours. Off: only the first boss is asked."""

    dispute_hours: NonNegative = 0.0
    """Hours each of the two bosses spends on a dispute, before their common boss decides."""


class Coordination(Frozen):
    """Meetings, one-to-ones and links between sellers of the same accounts (S2, S8, P17). Lever: hours. Off: 0."""

    meeting_hours: NonNegative = 0.0
    """Hours of each boss's meeting with the direct reports, for everybody in it."""
    meeting_every_days: Annotated[float, Strict(), Field(ge=1, le=3660)] = 7.0
    """Calendar days from one meeting to the next."""
    report_hours_per_week: NonNegative = 0.0
    """Hours a week that a boss spends with each direct report, and the report with the boss."""
    link_hours_per_week: NonNegative = 0.0
    """Hours a week that a seller spends on each link with a colleague who serves the same accounts."""


class Credit(Frozen):
    """Those who worked on a won deal quarrel about their shares (X5). Lever: hours. Off: no disputes. A design's
    `clarity` takes its share off the disputes."""

    dispute_probability: Share = 0.0
    """Probability that the shares are disputed where several of our people worked on a lead that is won."""
    hours: NonNegative = 0.0
    """Hours each of them spends on the dispute."""


class Mechanisms(Frozen):
    """What acts. Each may be `off` and then vanishes exactly; what is not named is off, except queueing."""

    queueing: Annotated[Queueing | None, BeforeValidator(_switched)] = Queueing()
    interest: Annotated[Interest | None, BeforeValidator(_switched)] = None
    skill: Annotated[Skill | None, BeforeValidator(_switched)] = None
    focus: Annotated[Focus | None, BeforeValidator(_switched)] = None
    travel: Annotated[Travel | None, BeforeValidator(_switched)] = None
    approval: Annotated[Approval | None, BeforeValidator(_switched)] = None
    calls: Annotated[Calls | None, BeforeValidator(_switched)] = None
    overlap: Annotated[Overlap | None, BeforeValidator(_switched)] = None
    hand_off: Annotated[HandOff | None, BeforeValidator(_switched)] = None
    review: Annotated[Review | None, BeforeValidator(_switched)] = None
    help: Annotated[Help | None, BeforeValidator(_switched)] = None
    coaching: Annotated[Coaching | None, BeforeValidator(_switched)] = None
    sponsor: Annotated[Sponsor | None, BeforeValidator(_switched)] = None
    dual_reporting: Annotated[DualReporting | None, BeforeValidator(_switched)] = None
    coordination: Annotated[Coordination | None, BeforeValidator(_switched)] = None
    credit: Annotated[Credit | None, BeforeValidator(_switched)] = None
    turnover: Annotated[Turnover | None, BeforeValidator(_switched)] = None
    ramp: Annotated[Ramp | None, BeforeValidator(_switched)] = None
    training: Annotated[Training | None, BeforeValidator(_switched)] = None
    transition: Annotated[Transition | None, BeforeValidator(_switched)] = None
    effort: Annotated[Effort | None, BeforeValidator(_switched)] = None
    discount: Annotated[Discount | None, BeforeValidator(_switched)] = None
    timing: Annotated[Timing | None, BeforeValidator(_switched)] = None
    attention: Annotated[Attention | None, BeforeValidator(_switched)] = None
    account_effort: Annotated[AccountEffort | None, BeforeValidator(_switched)] = None
    teamwork: Annotated[Teamwork | None, BeforeValidator(_switched)] = None
    lead_sharing: Annotated[LeadSharing | None, BeforeValidator(_switched)] = None
    satisfaction: Annotated[Satisfaction | None, BeforeValidator(_switched)] = None
    recognition: Annotated[Recognition | None, BeforeValidator(_switched)] = None
    buying: Annotated[Buying | None, BeforeValidator(_switched)] = None
    channel_overlap: Annotated[ChannelOverlap | None, BeforeValidator(_switched)] = None
    complaints: Annotated[Complaints | None, BeforeValidator(_switched)] = None
    stock: Annotated[Stock | None, BeforeValidator(_switched)] = None
    own_prices: Annotated[OwnPrices | None, BeforeValidator(_switched)] = None
    exchange: Annotated[Exchange | None, BeforeValidator(_switched)] = None
    diversion: Annotated[Diversion | None, BeforeValidator(_switched)] = None
    partner_effort: Annotated[PartnerEffort | None, BeforeValidator(_switched)] = None
    trust: Annotated[Trust | None, BeforeValidator(_switched)] = None
    support: Annotated[Support | None, BeforeValidator(_switched)] = None
    partner_review: Annotated[PartnerReview | None, BeforeValidator(_switched)] = None
    career: Annotated[Career | None, BeforeValidator(_switched)] = None
    retention: Annotated[Retention | None, BeforeValidator(_switched)] = None

    @property
    def without_conflict(self) -> Mechanisms:
        """The same with every conflict off; itself where none is on."""
        calm: dict[str, Any] = {name: None for name in CONFLICTS if getattr(self, name)}
        return self.without_showrooming.model_copy(update=calm) if calm else self.without_showrooming

    @property
    def without_showrooming(self) -> Mechanisms:
        """The same with customers who buy where they learn; itself where all do."""
        if not self.buying or not self.buying.looks_elsewhere:
            return self
        return self.model_copy(update={"buying": self.buying.model_copy(update={"looks_elsewhere": 0.0})})

    @property
    def without_each(self) -> dict[str, Mechanisms]:
        """By kind of conflict between channels that is on, the same with this one off."""
        named = {"territory": "channel_overlap", "complaint": "complaints"}
        on = {kind: name for kind, name in named.items() if getattr(self, name)}
        each = {kind: self.model_copy(update={name: None}) for kind, name in on.items()}
        shown = {} if self.without_showrooming is self else {"showrooming": self.without_showrooming}
        return {**shown, **each}


CONFLICTS: Mapping[str, str] = MappingProxyType(
    {
        "overlap": "X1",
        "channel_overlap": "X1",
        "diversion": "X3",
        "dual_reporting": "X4",
        "credit": "X5",
        "hand_off": "X6",
        "complaints": "X8",
    }
)
"""Mechanisms through which we stand in each other's way, and the field guide's conflict that each is; X7 is a part of
`buying`."""
