"""What becomes of customers whom the firm has already: a mechanism that may be `off`, as all others (P8, P11, I6)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict

from simlib.scenario.types import Frozen, NonNegative, Positive, Share


class Retention(Frozen):
    """Who was a customer at time zero, or becomes one, renews at his own dates, the likelier the more care he was given
    (P8, I6). Levers: hours, odds, money. Off: existing customers ask for nothing and bring nothing but their needs."""

    care_hours: NonNegative = 1.0
    """Hours of the owner that each care of a customer takes; 0 = no customer asks for care."""
    every_days: Annotated[float, Strict(), Field(ge=1, le=3660)] = 30.0
    """How often each customer is owed care; what is not begun before the next time is left undone."""
    renewal_days: Annotated[float, Strict(), Field(ge=1, le=36600)] = 365.0
    """Days from one renewal of a customer to the next."""
    first_contract_days: Annotated[float, Strict(), Field(ge=1, le=36600)] | None = None
    """Days from the first signature of a customer won in the run to its first renewal; null = customers won in the run
    are owed no care and do not renew in it."""
    renewal_probability: Share = 0.9
    """Probability that a customer who was given all care renews."""
    neglect_log_odds: Annotated[float, Strict(), Field(ge=0, le=50)] = 0.0
    """Log-odds lost at a renewal by a customer who was given no care since the last one; by others in proportion to
    the care left undone."""
    leaving_rate_per_year: Annotated[float, Strict(), Field(ge=0, le=1000)] = 0.0
    """Rate at which customers leave between renewals, whatever care they were given; those won in the run too, from
    their first signature on. 0 = customers leave at renewals only."""
    business_per_year: Positive = 1.0
    """What a customer buys again in a year, as a multiple of a deal drawn for him from the values of his cell."""
