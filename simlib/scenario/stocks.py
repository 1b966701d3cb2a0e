"""What partners keep in stock and when they order, and what the firm gives them for what they buy (C2, I8, I9)."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from simlib.scenario.pay_components import Span, Threshold
from simlib.scenario.types import Day, Frozen, Name, NonNegative, Positive, Share, refuse


class Stock(Frozen):
    """Partners of tiers keep stock, and sell from it (C2). Levers: which way a need goes, where an outlet has nothing
    left; money. Off: goods are made when a customer buys them, and nobody keeps any.

    At each review a partner orders, product by product, what he lacks to r · `cover_days`, r what was asked of him a
    day: r ← (1 − w) · r + w · asked ÷ days, w = `smoothing`.
    """

    order_every_days: Positive = 7.0
    """Days from a partner's review of his stock to the next."""
    cover_days: NonNegative = 30.0
    """Days of expected sales up to which he orders, what is on its way included."""
    lead_days: NonNegative = 3.0
    """Days for which ordered goods are on their way: from the order on they are the buyer's, and paid."""
    smoothing: Share = 0.3
    """Weight of the last interval in what he expects."""
    holding_per_year: Share = 0.2
    """What keeping goods costs a partner a year, as a share of what he pays for them."""
    lost_per_year: Share = 0.0
    """Share of the stock that is stolen, spoiled or out of date in a year."""
    bought_back: Share = 1.0
    """Share of its own price at which the firm takes goods back from who is a partner no more."""


class Rebate(Frozen):
    """What the firm gives a partner at the end of a period for what he bought in it (I8): parts that add up."""

    period: Span = "quarter"
    """Period whose purchases are rewarded."""
    rate: Share = 0.0
    """Share of what he paid for goods in the period."""
    tiers: tuple[tuple[Threshold, Share], ...] = ()
    """[from, rate] each, rising: a further share from so much paid in the period on, in the scenario's currency."""
    mode: Literal["marginal", "retroactive"] = "marginal"
    """`marginal`: a tier's rate holds for what lies in it; `retroactive`: for the whole period once it is reached."""
    growth: Share = 0.0
    """Further share of what he paid beyond what he had paid in the last period."""
    paid_in: Literal["cash", "credit", "fund"] = "cash"
    """`cash`; `credit`: off his next orders; `fund`: he spends it on marketing, so that it does not move his price."""

    @model_validator(mode="after")
    def _rises(self) -> Rebate:
        found = []
        for number in range(1, len(self.tiers)):
            (before, _), (begins, _) = self.tiers[number - 1 : number + 1]
            if begins <= before:
                found.append((f"tiers.{number}", f"got {begins:g}, must be above the one before ({before:g})"))
        most = self.rate + max((rate for _, rate in self.tiers), default=0.0) + self.growth
        if most >= 1:
            found.append(("rate", f"got {most:g} with the best tier and growth, must be less than 1 together"))
        refuse(found)
        return self


class PartnerSpecial(Frozen):
    """A share off a partner's orders, paid with the order: a launch, a sprint (I9)."""

    share: Share
    """Share of what he pays for the goods."""
    products: tuple[Name, ...] = ()
    """Only these products; empty = all."""
    orders: Literal["all", "first"] = "all"
    """`first`: only his first order of each product within the days."""
    first_day: Day | None = None
    """First day on which orders count; null = from the start."""
    last_day: Day | None = None
    """Last day on which orders count; null = to the end."""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> PartnerSpecial:
        first, last = self.first_day, self.last_day
        if first is not None and last is not None and last < first:
            refuse([("last_day", f"got {last}, must not be before first_day ({first})")])
        return self
