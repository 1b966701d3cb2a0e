"""How goods and money come from the firm to a customer, through the hands of a channel (C2, C3)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from simlib.model.channels.outlets import FIRM, Layout, Outlet
from simlib.model.channels.trade import Trade
from simlib.model.clock import Life

if TYPE_CHECKING:
    from simlib.model.firm import Firm

Expected = dict[int, list[float]]
"""What customers are expected to buy a day, by outlet and product, in minor units at list price."""


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
        self.firms = [1.0] * len(layout.names)
        """By party, what the firm asks of whom it sells to on the way to him."""
        for outlet in layout.outlets:
            price = outlet.price
            for party in (outlet.number, *outlet.chain):
                self.firms[party] = price
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


class ToOrder:
    """Goods are made when a customer buys them, and nobody keeps any."""

    def __init__(self, firm: Firm, trade: Trade) -> None:
        self._needs, self._trade = firm.needs, trade
        self._products = range(len(firm.world.cells.products))

    def adopt(self, buying: Collection[int], expected: Callable[[Collection[int]], Expected]) -> None:
        """Partners come and go: nobody has anything to order or to give back."""

    def has(self, need: int, outlet: int) -> bool:
        """Everybody has everything."""
        return True

    def refuse(self, need: int, outlet: int) -> None:
        """A customer comes in vain: nobody does."""

    def sell(self, need: int, outlet: Outlet, price: float) -> int:
        """What a customer buys at a price goes from hand to hand; what he pays, in minor units."""
        goods, bought = self._needs["value"][need], self._needs["product"][need]
        by_product = [goods if product == bought else 0 for product in self._products]
        self._trade.make(goods, need)
        giver = FIRM
        for party in outlet.chain:
            self._trade.pass_on(by_product, giver, party, need=need)
            giver = party
        paid = self._trade.sell(need, outlet, price)
        self._trade.send(goods, outlet.number, need)
        return paid

    def live(self) -> Life:
        """Nobody has anything to look after."""
        yield from ()

    def close(self) -> None:
        """The run has ended: nothing is left anywhere."""
