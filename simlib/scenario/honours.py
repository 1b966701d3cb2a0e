"""Pay that is no money, or not yet: recognition and the ladder of grades (I4, I5); each may be `off`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Strict

from simlib.scenario.pay_components import Measure, Span
from simlib.scenario.types import Amount, Frozen, NonNegative, Positive, Share


class Contest(Frozen):
    """Reps who are ranked by their own credited results when a period is over."""

    on: Measure = "revenue"
    """What is ranked: revenue, margin (revenue less its cost), deals, or deals with new customers."""
    among: Literal["unit", "company"] = "unit"
    """Among whom: the reps of a unit, or all."""
    winners: Positive = 1.0
    """From 1 on, how many of them win, rounded down; below 1, which share of them, rounded up."""


class Recognition(Contest):
    """The best of a period are honoured (I4). Levers: those of Turnover; of Effort, by `worth`; money. Off: nobody is
    honoured."""

    every: Span = "month"
    """Period at whose end they are."""
    cost: Amount = 0.0
    """What the firm spends on each honour, in the scenario's currency."""
    worth: Amount = 0.0
    """What an honour is worth to who chooses an effort for it, in the scenario's currency."""
    half_life_days: Positive = 180.0
    """Time in which half of an honour is forgotten."""


class Career(Contest):
    """Reps rise on an expert track of grades, each with a raise of fixed pay, or to the seat of a boss who left (I5).
    Levers: those of Turnover; of Effort, by the raise; money. Off: everybody stays what he is."""

    raises_per_year: tuple[Amount, ...] = ()
    """Raise with each grade above the first, in the scenario's currency a year; none = there is one grade."""
    to_boss: Share = 0.0
    """Share of the seats of bosses who left that the best of their direct reports takes; others come from outside."""
    review: Span = "year"
    """Period at whose end the best of each grade rise to the next."""
    least_days: NonNegative = 0.0
    """Days that somebody must have been on a grade, or there before the first, to be considered."""
    discount_rate_per_year: Annotated[float, Strict(), Field(ge=0.001, le=100)] = 0.3
    """By which a rep who chooses an effort values a raise: raise / this, interest and the chance of not staying."""
    half_life_days: Positive = 365.0
    """Time in which half of a promotion, or of being passed over, is forgotten."""
