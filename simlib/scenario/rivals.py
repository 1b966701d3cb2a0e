"""How channels get into each other's way at a customer: what a scenario may say of it (X1), and of complaints (X8)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict

from simlib.scenario.types import Frozen, NonNegative, Share


class ChannelOverlap(Frozen):
    """The own force and a partner work on the same need (X1). Levers: hours, odds, money. Off: each knows of the other
    and keeps away."""

    probability: Share = 0.5
    """Probability that neither knows that the other is at a need."""
    log_odds: Annotated[float, Strict(), Field(ge=0, le=50)] = 0.0
    """Log-odds that the own force loses at each gate while a partner offers too."""
    settling_hours: NonNegative = 0.0
    """Hours a seller spends to settle with the partner when a pursuit first meets one."""


class Complaints(Frozen):
    """Customers complain of what they bought and want an answer in time (X8). Levers: hours, and which way later needs
    go. Off: nobody complains."""

    probability: Share = 0.05
    """Probability that a customer complains who was given no advice and got the good at once."""
    advice_log_odds: Annotated[float, Strict(), Field(ge=0, le=50)] = 0.0
    """Log-odds by which full advice, where the customer learnt, makes it less likely."""
    delivery_log_odds: Annotated[float, Strict(), Field(ge=0, le=50)] = 0.0
    """Log-odds by which each day of delivery makes it more likely."""
    after_days: NonNegative = 7.0
    """Days from the sale to the complaint."""
    response_hours: NonNegative = 48.0
    """Calendar hours within which an answer must be begun."""
    hours: NonNegative = 1.0
    """Hours that an answer takes one of our people; partners answer themselves."""
    partners_answer: Share = 1.0
    """Probability that a partner answers in time what was bought of him."""
    soured: NonNegative = 0.0
    """What a good of a channel that did not answer is worth less to the account from then on, as a share of the list
    price."""
