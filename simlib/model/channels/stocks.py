"""Partners keep stock: what they sell from, when and how much they order, what keeping it costs them (C2).

at time zero   who sells has what he would order up to (`opening`); who begins later orders it
review         by day and tier, who serves customers first: losses, cost of keeping, then an order of the partner above
order          paid and the buyer's at once, in his stock after some days; who has too little gives what he has
last review    of a rebate's period: as much more as the rebate pays for (`ordering.py`)
leaving        what is on its way arrives, and the firm takes all of it back
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from math import expm1
from typing import TYPE_CHECKING

from simlib.ledger import HOLDING, LOST, OPENING, RECEIVED, RETURNED
from simlib.model.channels.ordering import ahead, best_order, lacking, smoothed
from simlib.model.channels.outlets import FIRM, SUPPLIERS, Outlet, Partner, partners_of
from simlib.model.channels.supply import Expected, ToOrder
from simlib.model.channels.trade import STOCK, Trade
from simlib.model.clock import ARRIVAL, COMPLETION, Life, Moment
from simlib.org.schedule import Schedule
from simlib.scenario import stocks
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY, on_grid

if TYPE_CHECKING:
    from simlib.model.firm import Firm

_BEFORE_CUSTOMERS = 7
"""Of what happens at the same instant, orders come before customers, and after a rebate's period has ended."""


class Shelf:
    """What one partner has, by product, at list price in minor units."""

    __slots__ = ("asked", "coming", "expected", "held", "looked_h", "seen_h", "short", "stock")

    def __init__(self, products: int, now: float) -> None:
        self.expected = [0.0] * products
        """A day."""
        self.stock, self.coming = [0] * products, [0] * products
        self.asked = [0] * products
        """Since the last review, in vain or not."""
        self.short = [0] * products
        """What he asked for and did not get: the partner above knows of it."""
        self.held = 0.0
        """Goods · hours since the last review, those on their way included."""
        self.seen_h = self.looked_h = now
        """Until when `held` counts; when the last review was."""

    def look(self, now: float) -> None:
        """Time has passed in which nothing changed."""
        self.held += (sum(self.stock) + sum(self.coming)) * (now - self.seen_h)
        self.seen_h = now


class Stocks:
    """What partners keep; outlets without partners have goods made to order."""

    def __init__(self, firm: Firm, rule: stocks.Stock, trade: Trade, to_order: ToOrder) -> None:
        self._firm, self._rule, self._trade, self._to_order = firm, rule, trade, to_order
        self._partners = partners_of(trade.layout)
        self._below: dict[int, list[int]] = {}
        """By partner, who buys of him."""
        for partner in self._partners:
            self._below.setdefault(partner.above, []).append(partner.party)
        self._serve = {outlet.number for outlet in trade.layout.outlets}
        """Those who serve customers."""
        self._shelves: dict[int, Shelf] = {}
        """By party, of those who buy now."""
        self._products = len(firm.world.cells.products)

    def adopt(self, buying: Collection[int], expected: Callable[[Collection[int]], Expected]) -> None:
        """These partners buy from now on. Who no longer does gives back what he has; who begins takes in his first
        goods. Those above expect so much less, and so much more. `expected`: what customers would buy a day of some."""
        now, rates = self._firm.env.now, {}
        for partner in self._partners:
            if partner.party in self._shelves and partner.party not in buying:
                gone = self._give_back(partner)
                if partner.party in self._serve:
                    rates[partner.party] = [-rate for rate in gone.expected]
        come = [p for p in self._partners if p.party in buying and p.party not in self._shelves]
        self._shelves |= {partner.party: Shelf(self._products, now) for partner in come}
        if come:
            rates |= expected(self._serve.intersection(partner.party for partner in come))
        for party, change in _up_the_tiers(rates, self._partners).items():
            if shelf := self._shelves.get(party):
                shelf.expected = [max(rate + more, 0.0) for rate, more in zip(shelf.expected, change, strict=True)]
        for partner in come:
            if now:
                self._order_first(partner)
            else:
                self._begin(partner)

    def has(self, need: int, outlet: int) -> bool:
        """Whether an outlet has what a customer wants."""
        shelf, needs = self._shelves.get(outlet), self._firm.needs
        return shelf is None or bool(shelf.stock[needs["product"][need]] >= needs["value"][need])

    def refuse(self, need: int, outlet: int) -> None:
        """A customer comes in vain."""
        needs = self._firm.needs
        self._shelves[outlet].asked[needs["product"][need]] += needs["value"][need]

    def sell(self, need: int, outlet: Outlet, price: float) -> int:
        """A customer gets his goods from stock; what he pays, in minor units."""
        if not outlet.chain:
            return self._to_order.sell(need, outlet, price)
        shelf, needs = self._shelves[outlet.number], self._firm.needs
        product, goods = needs["product"][need], needs["value"][need]
        shelf.look(self._firm.env.now)
        shelf.stock[product] -= goods
        shelf.asked[product] += goods
        return self._trade.sell(need, outlet, price)

    def live(self) -> Life:
        """Review after review."""
        reviews = 0
        while True:
            reviews += 1
            yield Moment(self._firm.env, self._review_h(reviews), ARRIVAL - _BEFORE_CUSTOMERS)
            for partner in self._partners:
                if shelf := self._shelves.get(partner.party):
                    self._review(partner, shelf, self._review_h(reviews + 1))

    def close(self) -> None:
        """The run has ended: what keeping cost since the last review is paid."""
        for party, shelf in self._shelves.items():
            self._pay_for_keeping(party, shelf)

    def _review_h(self, number: int) -> float:
        return float(on_grid(number * self._rule.order_every_days * HOURS_PER_DAY))

    def _review(self, partner: Partner, shelf: Shelf, next_h: float) -> None:
        now = self._firm.env.now
        days = (now - shelf.looked_h) / HOURS_PER_DAY
        if not days:
            return
        self._pay_for_keeping(partner.party, shelf)
        self._lose(partner.party, shelf, days)
        weight = self._rule.smoothing
        shelf.expected = [
            smoothed(rate, asked=asked, days=days, weight=weight)
            for rate, asked in zip(shelf.expected, shelf.asked, strict=True)
        ]
        shelf.asked, shelf.looked_h = [0] * len(shelf.asked), now
        self._order(partner, self._for_rebate(partner.party, self._lacks(partner.party, shelf), next_h))

    def _pay_for_keeping(self, party: int, shelf: Shelf) -> None:
        now = self._firm.env.now
        shelf.look(now)
        yearly = shelf.held / HOURS_PER_DAY / DAYS_PER_YEAR * self._trade.pays(party)
        cost, shelf.held = round(yearly * self._rule.holding_per_year), 0.0
        if cost:
            self._firm.journal.dues.extend((now, HOLDING, cost, party, SUPPLIERS, STOCK))

    def _lose(self, party: int, shelf: Shelf, days: float) -> None:
        """Of what is in stock so much is lost as in so many days: 1 − e^(−rate · years)."""
        share = -expm1(-self._rule.lost_per_year * days / DAYS_PER_YEAR)
        lost = [round(goods * share) for goods in shelf.stock]
        shelf.stock = [goods - gone for goods, gone in zip(shelf.stock, lost, strict=True)]
        self._write(LOST, party, SUPPLIERS, sum(lost))

    def _begin(self, partner: Partner) -> None:
        """At time zero he has what he would order up to."""
        shelf = self._shelves[partner.party]
        shelf.stock = [lacking(rate, cover_days=self._rule.cover_days, owned=0) for rate in shelf.expected]
        price = self._trade.firm_asks(partner.party)
        self._write(OPENING, FIRM, partner.party, sum(shelf.stock), round(sum(shelf.stock) * price))

    def _order_first(self, partner: Partner) -> None:
        """His first goods, which are no sign of what customers want: whoever is above knows why he asks."""
        shelf = self._shelves[partner.party]
        shelf.short = self._lacks(partner.party, shelf)
        self._order(partner, shelf.short)

    def _lacks(self, party: int, shelf: Shelf) -> list[int]:
        """What is missing to what he covers and to what those below could not get of him, by product."""
        below = [self._shelves[buyer].short for buyer in self._below.get(party, ()) if buyer in self._shelves]
        return [
            lacking(rate, cover_days=self._rule.cover_days, owned=stock + coming - sum(shorts))
            for rate, stock, coming, *shorts in zip(shelf.expected, shelf.stock, shelf.coming, *below, strict=True)
        ]

    def _order(self, partner: Partner, wanted: list[int]) -> None:
        """He orders of the partner above, or of the firm."""
        shelf = self._shelves[partner.party]
        shelf.look(self._firm.env.now)
        given = self._given(partner, shelf, wanted)
        if any(given):
            self._trade.pass_on(given, partner.above, partner.party)
            shelf.coming = [old + new for old, new in zip(shelf.coming, given, strict=True)]
            arrives_h = float(on_grid(self._firm.env.now + self._rule.lead_days * HOURS_PER_DAY))
            Moment(
                self._firm.env, arrives_h, COMPLETION + partner.party, lambda _: self._receive(partner, shelf, given)
            )

    def _for_rebate(self, party: int, wanted: list[int], next_h: float) -> list[int]:
        """What is wanted, or as much more as the rebate pays for at the last review of its period.

        He looks at tiers that he reaches with what he sells in a period. What he buys ahead he would else buy in the
        next one, at the best of their rates, and keeps for half of it.
        """
        stake = self._trade.rebates.at_stake(party, next_h)
        if stake is None:
            return wanted
        bought, rebate, days = stake
        price = self._trade.pays(party)
        need = float(sum(round(goods * price) for goods in wanted))
        expected = self._shelves[party].expected
        reach = bought + need + sum(expected) * price * days
        rebate = Schedule(tuple(piece for piece in rebate.pieces if piece.begins <= reach))
        keeping = (self._rule.holding_per_year + self._rule.lost_per_year) * days / 2 / DAYS_PER_YEAR
        left_over = 1.0 - float(rebate.pieces[-1].rate) - keeping
        order = best_order(need, bought=bought, price=1.0, rebate=rebate, left_over=left_over)
        prices = [price] * len(wanted)
        return ahead(order - need, prices=prices, weights=expected, already=wanted)

    def _given(self, partner: Partner, shelf: Shelf, wanted: list[int]) -> list[int]:
        """What he gets of it: the firm has all made, a partner gives what he has. What he asks for again, and did not
        get, is no news."""
        if partner.above == FIRM:
            if any(wanted):
                self._trade.make(sum(wanted))
                self._trade.send(sum(wanted), partner.party)
            return wanted
        above = self._shelves[partner.above]
        above.look(self._firm.env.now)
        given = [min(goods, has) for goods, has in zip(wanted, above.stock, strict=True)]
        above.stock = [has - goods for has, goods in zip(above.stock, given, strict=True)]
        news = [max(goods - known, 0) for goods, known in zip(wanted, shelf.short, strict=True)]
        above.asked = [old + new for old, new in zip(above.asked, news, strict=True)]
        shelf.short = [goods - got for goods, got in zip(wanted, given, strict=True)]
        return given

    def _receive(self, partner: Partner, shelf: Shelf, goods: list[int]) -> None:
        """Goods arrive, unless he has left and they went back."""
        if self._shelves.get(partner.party) is shelf:
            self._put_in(partner.party, shelf, goods)

    def _put_in(self, party: int, shelf: Shelf, goods: list[int]) -> None:
        shelf.stock = [old + new for old, new in zip(shelf.stock, goods, strict=True)]
        shelf.coming = [old - new for old, new in zip(shelf.coming, goods, strict=True)]
        self._write(RECEIVED, party, party, sum(goods))

    def _give_back(self, partner: Partner) -> Shelf:
        """He leaves: all is turned round, and the firm pays a share of its own price."""
        party, shelf = partner.party, self._shelves.pop(partner.party)
        self._pay_for_keeping(party, shelf)
        self._put_in(party, shelf, shelf.coming)
        goods = sum(shelf.stock)
        share = self._trade.firm_asks(partner.party) * self._rule.bought_back
        self._write(RETURNED, party, FIRM, goods, round(goods * share))
        return shelf

    def _write(self, kind: int, giver: int, taker: int, goods: int, paid: int = 0) -> None:
        if goods:
            self._firm.journal.goods.extend((self._firm.env.now, kind, giver, taker, goods, paid, STOCK))


def _up_the_tiers(rates: Expected, partners: Sequence[Partner]) -> Expected:
    """What some who serve customers expect, and those above them for it."""
    found = dict(rates)
    for partner in partners:  # those who serve customers come first
        if partner.above != FIRM and partner.party in found:
            mine, above = found[partner.party], found.get(partner.above, [0.0] * len(found[partner.party]))
            found[partner.above] = [one + other for one, other in zip(mine, above, strict=True)]
    return found
