"""How goods and money come from the firm to a customer, through the hands of a channel (C2, C3)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from simlib.ledger import COMMISSION, DUTY, HANDLING, MADE, MOVED, SOLD
from simlib.model.channels.outlets import CUSTOMERS, FIRM, SUPPLIERS, Layout, Outlet

if TYPE_CHECKING:
    from simlib.model.firm import Firm


class Prices:
    """What is asked now, relative to the list price."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self.asked = [1.0] * len(layout.names)
        """By outlet, of customers."""
        self.paid_by = [1.0] * len(layout.names)
        """By party that buys and sells on, of that party."""
        self.recommended = [1.0] * len(layout.names)
        """By party that buys and sells on, what the stated mark-ups have him ask."""
        for outlet in layout.outlets:
            price = outlet.price
            for party, tier in zip(outlet.chain, layout.channels[outlet.channel].tiers, strict=False):  # an agent: none
                self.paid_by[party] = price
                price *= 1 + tier.markup
                self.recommended[party] = price
            self.asked[outlet.number] = price

    def ask(self, outlet: Outlet, asks: Mapping[int, float]) -> None:
        """From now on the partners behind an outlet ask what they ask, by party."""
        for giver, taker in pairwise(outlet.chain):
            self.paid_by[taker] = asks[giver]
        self.asked[outlet.number] = asks[outlet.number]

    def kept(self, outlet: Outlet, *, unit_cost: float) -> float:
        """What whoever sells at an outlet keeps of a sale, relative to the list price: a partner what he does not pay
        himself, an agent his commission, the firm what making costs it less."""
        asked, commission = self.asked[outlet.number], self._layout.channels[outlet.channel].commission
        if outlet.chain:
            return asked - self.paid_by[outlet.number]
        return asked * commission if commission else asked - unit_cost


class ToOrder:
    """Goods are made when a customer buys them, and nobody keeps any."""

    def __init__(self, firm: Firm, layout: Layout, prices: Prices) -> None:
        self._firm, self._layout, self._prices = firm, layout, prices
        self._unit_cost = 1 - firm.world.scenario.costs.margin

    def sell(self, need: int, outlet: Outlet, price: float) -> int:
        """What a customer buys at a price goes from hand to hand; what he pays, in minor units."""
        now = self._firm.env.now
        goods: int = self._firm.needs["value"][need]
        hands = self._firm.journal.goods
        hands.extend((now, MADE, SUPPLIERS, FIRM, goods, round(goods * self._unit_cost), need))
        giver = FIRM
        for party in outlet.chain:
            hands.extend((now, MOVED, giver, party, goods, round(goods * self._prices.paid_by[party]), need))
            giver = party
        paid = round(goods * price)
        hands.extend((now, SOLD, giver, CUSTOMERS, goods, paid, need))
        self._pay_dues(need, outlet, paid)
        return paid

    def _pay_dues(self, need: int, outlet: Outlet, paid: int) -> None:
        """What the firm pays beside the goods."""
        now, channel = self._firm.env.now, self._layout.channels[outlet.channel]
        goods = self._firm.needs["value"][need]
        dues = (
            (COMMISSION, paid * channel.commission, outlet.number),
            (DUTY, goods * outlet.price * channel.duty, SUPPLIERS),
            (HANDLING, goods * channel.handling, SUPPLIERS),
        )
        for kind, amount, payee in dues:
            if amount:
                self._firm.journal.dues.extend((now, kind, round(amount), FIRM, payee, need))
