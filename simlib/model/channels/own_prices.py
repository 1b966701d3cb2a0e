"""At which price each partner sells on who may ask his own: the one that earns most on what he pays (C8, X2)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from simlib.model.channels.mark_up import Demand, answers, best_price
from simlib.model.channels.outlets import Layout, Outlet
from simlib.model.channels.prospect import Offered, Price, Prospect
from simlib.model.channels.supply import Prices

if TYPE_CHECKING:
    from simlib.model.firm import Firm


class Review:
    """Partners review what they ask."""

    def __init__(self, firm: Firm, layout: Layout, prices: Prices, prospect: Prospect) -> None:
        self._firm, self._layout, self._prices, self._prospect = firm, layout, prices, prospect
        self._trees = _trees(layout)
        self._told: dict[int, float] = {}
        """By party, what was written down last."""

    def ask_anew(self, partners: Collection[int], offered: Offered, price: Price) -> None:
        """Some partners, and who buys of the same first partner, ask what is best for each, given what the others have
        asked so far.

        `offered`: channels that may sell. `price`: what is asked now, by channel and outlet.
        """
        asks: list[tuple[Outlet, dict[int, float]]] = []
        sells = self._firm.market.service.sells
        for whole in self._trees:
            tree = [outlet for outlet in whole if sells[outlet.number]]
            low, high = self._layout.channels[whole[0].channel].price_band
            if low < high and any(outlet.number in partners for outlet in tree):
                known = {outlet.number: self._prospect.demand(outlet, offered, price) for outlet in tree}
                chosen = self._chosen(tree, known)
                asks += [(outlet, chosen) for outlet in tree if chosen]
        for outlet, chosen in asks:
            self._prices.ask(outlet, chosen)
            self._write(outlet, chosen)

    def _chosen(self, tree: Sequence[Outlet], known: dict[int, tuple[Demand, float]]) -> dict[int, float]:
        """What every partner of a tree asks, by party, from the firm outwards: each knows what those below make of his
        price (Spengler 1950). Nothing where nobody would buy at what the firm asks."""
        paid, top = tree[0].price, max(most for _, most in known.values())
        if top <= paid:
            return {}
        seen = {party: demand for party, (demand, _) in known.items()}
        below = _below(tree)
        for tier in reversed(list(zip(*(outlet.chain for outlet in tree), strict=True))[:-1]):
            for party in dict.fromkeys(tier):
                seen[party] = self._passed_up(below[party], seen, lowest=paid, top=top)
        asks: dict[int, float] = {}
        for outlet in tree:
            price = paid
            for party in outlet.chain:
                if party not in asks:
                    least, most = self._bounds(party, top)
                    asks[party] = most if price >= most else best_price(seen[party], cost=price, least=least, most=most)
                price = asks[party]
        return asks

    def _passed_up(self, below: Sequence[int], seen: dict[int, Demand], *, lowest: float, top: float) -> Demand:
        """What is bought of somebody, by what he asks of those below, each of whom answers with a price of his own; who
        may ask no more than what the firm asks buys nothing."""
        ways = []
        for party in below:
            least, most = self._bounds(party, top)
            if most > lowest:
                ways.append((seen[party], answers(seen[party], lowest=lowest, most=most, least=least), most))
        return lambda price: sum(demand(min(asked(price), most)) for demand, asked, most in ways)

    def _bounds(self, party: int, top: float) -> tuple[float, float]:
        """The least and the most that a partner may ask; above `top` nobody buys."""
        low, high = self._layout.channels[self._layout.channel_of[party]].price_band
        recommended = self._prices.recommended[party]
        return low * recommended, max(min(high * recommended, top), low * recommended)

    def _write(self, outlet: Outlet, asks: dict[int, float]) -> None:
        for party in outlet.chain:
            if self._told.get(party) != asks[party]:
                self._told[party] = asks[party]
                self._firm.journal.prices.extend((self._firm.env.now, party, asks[party]))


def _trees(layout: Layout) -> list[list[Outlet]]:
    """Outlets whose goods come through the same first partner, tree by tree."""
    found: dict[int, list[Outlet]] = {}
    for outlet in layout.outlets:
        if outlet.chain:
            found.setdefault(outlet.chain[0], []).append(outlet)
    return list(found.values())


def _below(tree: Sequence[Outlet]) -> dict[int, list[int]]:
    """By partner, those who buy of him."""
    found: dict[int, list[int]] = {}
    for outlet in tree:
        for giver, taker in pairwise(outlet.chain):
            if taker not in found.setdefault(giver, []):
                found[giver].append(taker)
    return found
