"""How channels get into each other's way at a customer: what a scenario may say of it (X1)."""

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
