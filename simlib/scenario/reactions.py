"""How those who are paid by a plan react to it: mechanisms that may be `off`, as all others (design 3.4)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict

from simlib.scenario.types import Amount, Frozen, NonNegative, Positive, Share


class Effort(Frozen):
    """Whoever is paid by results works as hard as it pays (I1, I2). Levers: hours, odds. Off: all work as usual."""

    cost_per_week: Positive = 1000.0
    """What effort costs who makes it, in the scenario's currency: ½ · this · (effort − 1)² a week; 1 = as usual."""
    response: Annotated[float, Strict(), Field(ge=0, le=2)] = 0.34
    """What sellers believe of effort: elasticity of what they sell (Albers, Mantrala and Sridhar 2010)."""
    log_odds: Annotated[float, Strict(), Field(ge=0, le=10)] = 0.0
    """What it does at a gate: log-odds for each unit of the logarithm of effort."""
    pace: Annotated[float, Strict(), Field(ge=0, le=2)] = 0.0
    """What it does to hours: sellers' work takes effort^−pace times as long."""
    least: Annotated[float, Strict(), Field(gt=0, le=1)] = 0.5
    """Least effort that anybody makes; 1 = as usual."""
    most: Annotated[float, Strict(), Field(ge=1, le=10)] = 2.0
    """Most effort that anybody can make."""
    risk_aversion: NonNegative = 0.0
    """Coefficient of constant absolute risk aversion, per unit of the scenario's currency."""
    every_days: Annotated[float, Strict(), Field(ge=1, le=366)] = 7.0
    """How often sellers think about it."""


class Discount(Frozen):
    """At a negotiated stage the seller gives the discount that is best for his own pay (P7, I6). Levers: odds, money.
    Off: list prices."""

    most: Annotated[float, Strict(), Field(ge=0, lt=1)] = 0.1
    """Largest discount a seller may give, as a share of the deal's value."""
    log_odds: Annotated[float, Strict(), Field(ge=0, le=500)] = 0.0
    """Log-odds at that stage's gate for a discount of the whole value; a tenth of it for one of 10%."""
    discipline: NonNegative = 0.0
    """Weight of the firm's margin beside one's own pay; 0 = looks only at the pay."""


class Timing(Frozen):
    """Sellers move signatures over the end of a pay period where their plan pays for it (I2). Levers: delay, money.
    Off: customers sign when they are ready."""

    reach_days: NonNegative = 14.0
    """How far a signature can be moved."""
    asked_discount: Annotated[float, Strict(), Field(ge=0, lt=1)] = 0.05
    """Mean of the exponential discount that a customer asks for to sign earlier, as a share of the deal's value."""
    most: Annotated[float, Strict(), Field(ge=0, lt=1)] = 0.2
    """Largest discount a seller may give for it, the one negotiated before included."""
    waits: Share = 1.0
    """Probability that a customer agrees to sign later."""
    trouble: Amount = 0.0
    """What a seller must gain at least, in the scenario's currency."""


class LeavingWeights(Frozen):
    """By how much each reason moves the logarithm of the rate of leaving; 0 = not at all."""

    market: Annotated[float, Strict(), Field(ge=0, le=10)] = 0.0
    """Of pay short of the market's, as a share of it."""
    reference: Annotated[float, Strict(), Field(ge=0, le=10)] = 0.0
    """Of pay short of what one is used to, as a share of it."""
    unfairness: Annotated[float, Strict(), Field(ge=0, le=10)] = 0.0
    """Of pay short of what peers are paid for as much, as a share of it."""
    overload: Annotated[float, Strict(), Field(ge=0, le=10)] = 0.0
    """Of hours worked beyond those that are bearable, as a share of them."""
    conflict: Annotated[float, Strict(), Field(ge=0, le=10)] = 0.0
    """Of the share of the hours spent in conflict."""
    courses: Annotated[float, Strict(), Field(ge=0, le=10)] = 0.0
    """Of courses received, which keep people: n not forgotten count n / (1 + n)."""
    recognition: Annotated[float, Strict(), Field(ge=0, le=10)] = 0.0
    """Of honours received, which keep people: n not forgotten count n / (1 + n)."""
    promotion: Annotated[float, Strict(), Field(ge=0, le=10)] = 0.0
    """Of promotions, which keep people: n not forgotten count n / (1 + n)."""
    passed_over: Annotated[float, Strict(), Field(ge=0, le=10)] = 0.0
    """Of reviews without one, which drive people out: n not forgotten count n / (1 + n)."""


class Satisfaction(Frozen):
    """Who is dissatisfied leaves sooner than Turnover says, who is satisfied later (I4, I7). Levers: those of Turnover.
    Off: everybody leaves at the usual rate."""

    weights: LeavingWeights = LeavingWeights()
    market_pay_per_year: Amount | None = None
    """What other firms pay a rep, in the scenario's currency; null = nobody compares."""
    relief: Share = 0.5
    """How much being paid more than a reference counts beside being paid less: 1 = as much, 0 = not at all."""
    memory_days: Positive = 180.0
    """Time in which half of what was paid, and sold, is forgotten."""
    bearable_load: Annotated[float, Strict(), Field(gt=0, le=10)] = 0.9
    """Hours worked, as a share of the hours present, beyond which somebody is overloaded."""
    notice_days: Annotated[float, Strict(), Field(ge=1, le=3660)] = 30.0
    """Days, rounded to whole ones, before the last day on which it is certain."""


class Attention(Frozen):
    """Sellers take next what brings most an hour: to themselves, and to the firm as far as they care (I6). Lever:
    delay. Off: by `queueing.next_task`."""

    discipline: NonNegative = 0.05
    """Weight of the firm's margin beside one's own pay."""


class AccountEffort(Frozen):
    """Sellers give more hours to deals that bring more: to themselves, and to the firm as far as they care (P11).
    Levers: hours, odds. Off: a stage takes the same work whatever the deal brings."""

    response: Annotated[float, Strict(), Field(ge=0, lt=1)] = 0.34
    """What sellers believe of their hours: elasticity of what a deal brings (Albers, Mantrala and Sridhar 2010)."""
    log_odds: Annotated[float, Strict(), Field(ge=0, le=10)] = 0.0
    """What hours do at the stage's gate: log-odds for each unit of the logarithm of hours relative to the usual."""
    discipline: NonNegative = 0.05
    """Weight of the firm's margin beside one's own pay."""
    least: Annotated[float, Strict(), Field(gt=0, le=1)] = 0.5
    """Least work given to a deal; 1 = as usual."""
    most: Annotated[float, Strict(), Field(ge=1, le=10)] = 2.0
    """Most work given to a deal."""
    remembers: Annotated[int, Strict(), Field(ge=1, le=1000)] = 20
    """Deals in the same stage among which a seller shares the usual hours: the last so many, this one included."""


class Teamwork(Frozen):
    """A colleague lends a hand with a stage where a pool, or credit for it, pays him more than his own work (I3).
    Levers: hours, delay, odds. Off: everybody works alone."""

    hours: NonNegative = 1.0
    """Hours of the colleague that it takes, in each stage with which he helps."""
    log_odds: Annotated[float, Strict(), Field(ge=0, le=10)] = 0.0
    """What it does at the stage's gate."""
    discipline: NonNegative = 0.05
    """Weight of the firm's margin beside one's own pay."""


class LeadSharing(Frozen):
    """Who is given a lead passes it on to a colleague who is likelier to win it, where a pool, or a part of the credit,
    brings him more than keeping it (I3, X5). Levers: delay, odds, hours. Off: everybody keeps what he is given."""

    hours: NonNegative = 0.25
    """Hours of who passes a lead on, to brief the colleague; at 0 he has no part of the credit."""
    discipline: NonNegative = 0.05
    """Weight of the firm's margin beside one's own pay."""
