"""What a way to the customer is: the own force, shops, dealers who sell on, agents, platforms, other countries (C1-C8).

A channel is a point on independent axes: who sells (the force, the firm at a counter, agents on commission, tiers of
partners who buy and sell on), where (outlets along each region, or online), and what a customer gets of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, Strict, model_validator

from simlib.scenario.stocks import PartnerSpecial, Rebate
from simlib.scenario.types import Amount, Frozen, Name, NonNegative, Positive, PositiveInt, Share, refuse

MOST_TIERS, MOST_OUTLETS = 5, 500
Found = Iterator[tuple[str, str]]
Factor = Annotated[float, Strict(), Field(ge=0, le=100)]


_OF_AN_OUTLET = (
    *("tiers", "commission", "online", "delivery_days", "duty", "handling", "outlet_per_year"),
    *("region_prices", "region_outlets", "advice_hours", "advice_hour_cost"),
)


class Tier(Frozen):
    """Partners who buy of the tier above, or of the firm, and sell on (C2)."""

    markup: Factor = 0.0
    """What each puts on the price that he pays, as a share of it."""
    serves: PositiveInt = 1
    """Partners of the next tier that each serves; those of the last tier are the outlets, and serve customers."""
    rebate: Rebate | None = None
    specials: tuple[PartnerSpecial, ...] = ()


class Channel(Frozen):
    """One way to the customer (C1-C6)."""

    pursued: bool = False
    """True: who chooses it is pursued by the firm's own sellers, stage by stage; false: who chooses it buys."""
    tiers: Annotated[tuple[Tier, ...], Field(max_length=MOST_TIERS)] = ()
    """Partners who buy and sell on, from the firm outwards; none = the firm sells, or somebody in its name."""
    commission: Share = 0.0
    """Share of the customer's price that whoever sells in the firm's name keeps: an agent, a platform (C3, C4)."""
    price: Positive = 1.0
    """What the firm asks of customers, or of the first tier, relative to the list price."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    """Currency of its prices (ISO 4217), which at time zero are worth what `price` says; null = the scenario's."""
    price_band: tuple[Factor, Factor] = (1.0, 1.0)
    """Prices that each partner may ask, relative to what the stated mark-ups give; [1, 1] = uniform prices (C8)."""
    region_prices: dict[Name, Positive] = {}
    """What the firm asks in a region, relative to `price`; 1 where a region is not named."""
    policing_per_year: Amount = 0.0
    """What it costs the firm a year to look for goods sold outside their region: patrols, serial numbers (X3)."""
    penalty: Factor = 0.0
    """What a partner pays the firm for goods that are found so, as a share of the list price."""
    online: bool = False
    """True: one outlet for all regions, to which nobody has a way; false: outlets in each region."""
    outlets: Annotated[PositiveInt, Field(le=MOST_OUTLETS)] = 1
    """Outlets in each region, spread evenly along it (intensive, selective, exclusive: C7)."""
    region_outlets: dict[Name, Annotated[PositiveInt, Field(le=MOST_OUTLETS)]] = {}
    """Outlets in a region that has another number of them; in one where the channel is not offered there are none."""
    signed_from_day: NonNegative | None = None
    """Day, counted from the start of the window, on which the first partner is to be signed; null = all are there when
    the channel opens."""
    signed_per_month: Positive | None = None
    """Partners to be signed a month from then on; null = all at once."""
    replaced_after_days: NonNegative | None = None
    """Days after a partner has left on which another one is to be signed in his place; null = nobody is."""
    regions: tuple[Name, ...] = ()
    """Regions where it is offered; empty = all."""
    reach: Share = 1.0
    """Share of the accounts that know of it (traffic), before it is advertised."""
    advertising_per_year: Amount = 0.0
    """What the firm spends a year on making it known, while it is open."""
    half_told_per_year: Positive = 500_000.0
    """What advertising must cost a year for half of those to know of it who else would not."""
    acceptance: Factor = 1.0
    """What a good that is bought here is worth to a customer, relative to one that is bought of the own force."""
    advice: Share = 1.0
    """How much of what must be known of a complex product a customer learns here."""
    advice_hours: NonNegative = 0.0
    """Hours that an outlet spends on a customer who learns there."""
    advice_hour_cost: Amount = 0.0
    """What such an hour costs whoever sells there: a part of what the outlet costs anyway."""
    delivery_days: NonNegative = 0.0
    """Days for which a customer waits for the good."""
    duty: Factor = 0.0
    """Duties and freight that the firm pays, as a share of its own price."""
    handling: Factor = 0.0
    """What storing, packing and sending cost the firm, as a share of the list price."""
    fixed_per_year: Amount = 0.0
    """What the channel costs the firm a year: rent, the shop's people."""
    outlet_per_year: Amount = 0.0
    """What each outlet costs the firm a year; one of a partner as long as it is one."""
    set_up: Amount = 0.0
    """What it costs the firm to open the channel; paid when it opens, not before the window begins."""

    @property
    def by_partners(self) -> bool:
        """Whether somebody sells here who keeps a part of the price: dealers, agents, a platform."""
        return bool(self.tiers or self.commission)

    @property
    def known(self) -> float:
        """Share of the accounts that know of it, advertising included: of those who would not, 1 − 2^(−a ÷ h) do, a =
        `advertising_per_year`, h = `half_told_per_year` (saturation as in Vidale and Wolfe 1957, at rest)."""
        untold = 2 ** (-self.advertising_per_year / self.half_told_per_year)
        return 1 - (1 - self.reach) * untold

    @model_validator(mode="after")
    def _one_seller(self) -> Channel:
        low, high = self.price_band
        falls = [("price_band", f"got [{low:g}, {high:g}], must not fall")] if low > high else []
        refuse([*self._among_partners(), *self._of_the_force(), *self._online(), *falls])
        return self

    def _among_partners(self) -> Found:
        if self.tiers and self.commission:
            rule = "must be 0 where tiers buy and sell on (an agent's channel has no tiers)"
            yield "commission", f"got {self.commission:g}, {rule}"
        if self.tiers and self.tiers[-1].serves > 1:
            rule = "must be 1: the last tier is the outlets, and serves customers"
            yield f"tiers.{len(self.tiers) - 1}.serves", f"got {self.tiers[-1].serves}, {rule}"
        if self.signed_per_month is not None and self.signed_from_day is None:
            rule = "must come with signed_from_day, from which on they are signed"
            yield "signed_per_month", f"got {self.signed_per_month:g}, {rule}"

    def _of_the_force(self) -> Found:
        if not self.pursued:
            return
        rule = "must not be there: the own force sells it, and its hours are those of the stages"
        for name in _OF_AN_OUTLET:
            if name in self.model_fields_set and getattr(self, name):
                yield name, f"got {getattr(self, name)!r}, {rule}"
        rule = "must not be there: the own force sells it, and is nobody's partner"
        for name in ("signed_from_day", "replaced_after_days"):
            day = getattr(self, name)
            if day is not None:
                yield name, f"got {day:g}, {rule}"

    def _online(self) -> Found:
        if not self.online:
            return
        if self.outlets > 1:
            yield "outlets", f"got {self.outlets}, must be 1 online"
        if self.region_prices:
            yield "region_prices", "must not be there online: all regions see the same price"
        if self.region_outlets:
            yield "region_outlets", "must not be there online: one outlet is there for all regions"


class Buying(Frozen):
    """Customers choose where they learn and where they buy (design 3.5; C11, X7). Lever: which way a need goes. Off:
    every customer comes to the first of a design's channels.

    What a customer gets of a channel, as a share of the list price: worth · acceptance · (1 − k · complexity · (1 −
    advice)) − price − transport · distance − waiting · days + noise · Gumbel(need, channel), k = `need_of_advice`.
    """

    worth: tuple[NonNegative, NonNegative] = (1.0, 2.0)
    """What a good is worth to customers, relative to its list price: evenly between these two."""
    noise: NonNegative = 0.0
    """Scale of what else makes a customer prefer a channel (Gumbel); 0 = nothing does."""
    transport: NonNegative = 0.0
    """What the way to an outlet at the other end of the region costs a customer, relative to the list price."""
    waiting: NonNegative = 0.0
    """What a day of waiting for the good costs a customer, relative to the list price."""
    need_of_advice: Share = 0.0
    """Share of a good's worth that is lost to a customer without advice if the product's complexity is 1."""
    looks_elsewhere: Share = 0.0
    """Share of customers who may learn in one channel and buy in another (showrooming)."""

    @model_validator(mode="after")
    def _rises(self) -> Buying:
        low, high = self.worth
        if low > high:
            refuse([("worth", f"got [{low:g}, {high:g}], must not fall")])
        return self
