"""What every party of the channels has sold and earned so far, from the books as far as they are written.

Whoever buys and sells on earns what customers paid less what goods cost that are gone, sold or lost: at list price, at
the mean price of all that were taken so far. Beside it what the firm paid (commission, rebates, bonuses).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from simlib.ledger import MOVED, RECEIVED, SCHEMA, SOLD, Journal
from simlib.model.channels.outlets import FIRM, Layout


class Takings(NamedTuple):
    """Of one party, in minor units."""

    sales: int = 0
    """Goods sold, at list price: one's own, or the firm's."""
    profit: float = 0.0
    """What was earned, own cost aside."""
    from_firm: int = 0
    """What of it the firm paid beside the goods."""

    def since(self, earlier: Takings) -> Takings:
        """What came since."""
        return Takings(*(now - then for now, then in zip(self, earlier, strict=True)))  # type: ignore[arg-type]


class Accounts:
    """Takings of every party; reads each row of the journal once."""

    def __init__(self, journal: Journal, layout: Layout) -> None:
        self._journal = journal
        parties = len(layout.names)
        self._read = {"goods": 0, "money": 0}
        self._given, self._got = [0] * parties, [0] * parties
        """Goods that one no longer has, sold or not, and what was paid for them."""
        self._sold = [0] * parties
        """Those of them that were sold."""
        self._taken, self._paid = [0] * parties, [0] * parties
        self._beside, self._from_firm = [0] * parties, [0] * parties
        self._agents = {outlet.number for outlet in layout.outlets if not outlet.chain}
        """Parties at whose outlets the firm's goods are sold, for a commission."""
        self._brought = [0] * parties

    def brought(self, party: int, goods: int) -> None:
        """A customer bought goods at an outlet, whoever's they were."""
        self._brought[party] += goods

    def of(self, party: int) -> Takings:
        """All so far."""
        self._catch_up()
        given, taken = self._given[party], self._taken[party]
        cost = given * self._paid[party] / taken if taken else 0.0
        sales = self._brought[party] if party in self._agents else self._sold[party]
        return Takings(sales, self._got[party] - cost + self._beside[party], self._from_firm[party])

    def _catch_up(self) -> None:
        for _, kind, giver, taker, goods, paid, _ in self._new("goods", self._journal.goods):
            if kind == RECEIVED:
                continue  # the taker's since they were moved
            if giver >= 0:
                self._given[int(giver)] += int(goods)
                self._sold[int(giver)] += int(goods) if kind in (MOVED, SOLD) else 0
                self._got[int(giver)] += int(paid)
            if taker >= 0:
                self._taken[int(taker)] += int(goods)
                self._paid[int(taker)] += int(paid)
        for _, _, amount, payer, payee, _ in self._new("money", self._journal.dues):
            if payee >= 0:
                self._beside[int(payee)] += int(amount)
                if payer == FIRM:
                    self._from_firm[int(payee)] += int(amount)
            if payer >= 0:
                self._beside[int(payer)] -= int(amount)

    def _new(self, table: str, journal: Sequence[float]) -> list[Sequence[float]]:
        """Rows that were not there before."""
        first, width = self._read[table], len(SCHEMA[table])
        self._read[table] = len(journal)
        return [journal[at : at + width] for at in range(first, len(journal), width)]
