"""What is written down, and what the firm pays, when goods change hands, whoever keeps how many of them (C2-C5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simlib.ledger import COMMISSION, DUTY, HANDLING, MADE, MOVED, SOLD
from simlib.model.channels.exchange import Exchange
from simlib.model.channels.outlets import CUSTOMERS, FIRM, SUPPLIERS, Layout, Outlet
from simlib.model.channels.rebates import Rebates

if TYPE_CHECKING:
    from simlib.model.channels.supply import Prices
    from simlib.model.firm import Firm

STOCK = -1
"""Need for which goods change hands that nobody has asked for yet."""


class Trade:
    """Goods and money on their way from the firm to customers."""

    def __init__(self, firm: Firm, layout: Layout, prices: Prices, rebates: Rebates) -> None:
        self._firm, self.layout, self.prices, self.rebates = firm, layout, prices, rebates
        self.exchange = Exchange(firm, layout)
        self._unit_cost = 1 - firm.world.scenario.costs.margin

    def pays(self, party: int) -> float:
        """What a partner pays for goods now, in money of the scenario's currency, relative to the list price."""
        return self.prices.paid_by[party] * self.exchange.rate(party)

    def firm_asks(self, party: int) -> float:
        """What the firm asks now of whom it sells to on the way to a party, in the same money."""
        return self.prices.firms[party] * self.exchange.rate(party)

    def make(self, goods: int, need: int = STOCK) -> None:
        """The firm has goods made."""
        paid = round(goods * self._unit_cost)
        self._firm.journal.goods.extend((self._firm.env.now, MADE, SUPPLIERS, FIRM, goods, paid, need))

    def pass_on(self, goods: list[int], giver: int, taker: int, *, need: int = STOCK) -> None:
        """A partner buys of the firm, or of the partner above, goods by product."""
        now, price = self._firm.env.now, self.pays(taker)
        paid = [round(each * price) for each in goods]
        self._firm.journal.goods.extend((now, MOVED, giver, taker, sum(goods), sum(paid), need))
        self.rebates.bought(taker, paid, need)

    def sell(self, need: int, outlet: Outlet, price: float) -> int:
        """A customer buys at an outlet, at a price relative to the list price; what he pays, in minor units."""
        goods: int = self._firm.needs["value"][need]
        giver = outlet.chain[-1] if outlet.chain else FIRM
        paid = round(goods * price * self.exchange.rate(outlet.number))
        self._firm.journal.goods.extend((self._firm.env.now, SOLD, giver, CUSTOMERS, goods, paid, need))
        commission = paid * self.layout.channels[outlet.channel].commission
        if commission:
            self.due(COMMISSION, commission, outlet.number, need)
        return paid

    def send(self, goods: int, party: int, need: int = STOCK) -> None:
        """What goods cost the firm on their way to who sells in a channel."""
        rule = self.layout.channels[self.layout.channel_of[party]]
        price = self.firm_asks(party)
        for kind, amount in ((DUTY, goods * price * rule.duty), (HANDLING, goods * rule.handling)):
            if amount:
                self.due(kind, amount, SUPPLIERS, need)

    def due(self, kind: int, amount: float, payee: int, need: int = STOCK) -> None:
        """The firm pays something beside the goods."""
        self._firm.journal.dues.extend((self._firm.env.now, kind, round(amount), FIRM, payee, need))
