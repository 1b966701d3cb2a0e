"""How goods and money come from the firm to a customer, through the hands of a channel (C2, C3)."""

from __future__ import annotations

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
        for outlet in layout.outlets:
            channel = layout.channels[outlet.channel]
            price = channel.price
            for party, tier in zip(outlet.chain, channel.tiers, strict=False):  # an agent's outlet has neither
                self.paid_by[party] = price
                price *= 1 + tier.markup
            self.asked[outlet.number] = price


class ToOrder:
    """Goods are made when a customer buys them, and nobody keeps any."""

    def __init__(self, firm: Firm, layout: Layout, prices: Prices) -> None:
        self._firm, self._layout, self._prices = firm, layout, prices
        self._unit_cost = 1 - firm.world.scenario.costs.margin

    def sell(self, need: int, outlet: Outlet) -> int:
        """What a customer buys goes from hand to hand; what he pays, in minor units."""
        now = self._firm.env.now
        goods: int = self._firm.needs["value"][need]
        hands = self._firm.journal.goods
        hands.extend((now, MADE, SUPPLIERS, FIRM, goods, round(goods * self._unit_cost), need))
        giver = FIRM
        for party in outlet.chain:
            hands.extend((now, MOVED, giver, party, goods, round(goods * self._prices.paid_by[party]), need))
            giver = party
        paid = round(goods * self._prices.asked[outlet.number])
        hands.extend((now, SOLD, giver, CUSTOMERS, goods, paid, need))
        self._pay_dues(need, outlet, paid)
        return paid

    def _pay_dues(self, need: int, outlet: Outlet, paid: int) -> None:
        """What the firm pays beside the goods."""
        now, channel = self._firm.env.now, self._layout.channels[outlet.channel]
        goods = self._firm.needs["value"][need]
        dues = (
            (COMMISSION, paid * channel.commission, outlet.number),
            (DUTY, goods * channel.price * channel.duty, SUPPLIERS),
            (HANDLING, goods * channel.handling, SUPPLIERS),
        )
        for kind, amount, payee in dues:
            if amount:
                self._firm.journal.dues.extend((now, kind, round(amount), FIRM, payee, need))
