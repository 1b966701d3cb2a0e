"""What partners may do about prices: ask their own, and sell where others are dearer (C8, X2, X3)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict

from simlib.scenario.types import Frozen, NonNegative, Positive

Days = Annotated[float, Strict(), Field(ge=0.1, le=3660)]


class OwnPrices(Frozen):
    """Partners ask the price that earns most on what they pay, within the band of their channel (C8, X2). Lever: money;
    through that, which way a need goes. Off: the stated mark-ups hold.

    Each knows the market, no customer in particular, and what the others asked at the last review.
    """

    every_days: Days = 30.0
    """How often partners review what they ask."""


class Exchange(Frozen):
    """What money of other countries is worth moves (C5). Lever: money. Off: the rates are those of time zero.

    Of each currency the logarithm of the rate walks from day to day, and the rate is expected to stay.
    """

    sd_per_year: Annotated[float, Strict(), Field(ge=0, le=2)] = 0.1
    """Standard deviation of its logarithm after a year."""


class Diversion(Frozen):
    """Partners sell in another region of their channel where more is asked (X3). Levers: which way a need goes, money.
    Off: everybody sells only in the own region.

    Who asks p at home offers goods where the others ask P or more iff P − p − transport − q · penalty > 0, q the
    probability that such a sale is found, 1 − 2^(−policing a year ÷ `half_found_per_year`); he asks half of that less
    than P.
    """

    every_days: Days = 30.0
    """How often partners look at what is asked elsewhere."""
    transport: NonNegative = 0.1
    """What it costs a partner to bring a good to another region, relative to the list price."""
    half_found_per_year: Positive = 50_000.0
    """What policing must cost a year for half of such sales to be found, in the scenario's currency."""
