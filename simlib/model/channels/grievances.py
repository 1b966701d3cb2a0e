"""What of the conflicts on record partners hold against the firm: it costs their trust.

lost sale   the firm itself got a customer whom the partner would have had
undercut    and asked less of him than the partner would have
diversion   a partner from another region got him: the firm lets it happen
conflict    the own force and the partner met at a customer, once for each need

What a partner lost because it left a complaint unanswered it lost by itself; what another partner took fairly is
competition. Where arbitration has heard a conflict, only the share of it that it leaves is felt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simlib.ledger import CONFLICT, DIVERSION, LOST_SALE, UNDERCUT
from simlib.model import conflict
from simlib.model.channels.rivalry import Choice, Loss
from simlib.model.conflict import Row, in_channel

if TYPE_CHECKING:
    from simlib.model.channels.marketplace import Marketplace
    from simlib.model.firm import Firm


class Grievances:
    """Tells partners' trust of what the books of conflict say."""

    def __init__(self, firm: Firm, market: Marketplace) -> None:
        self._market = market
        self._quarrels: set[tuple[int, int]] = set()
        """Partners and needs over which they have met the own force."""
        firm.conflicts.listeners.append(self.met)

    def lost(self, choice: Choice, loss: Loss) -> None:
        """A sale was lost."""
        won, party = choice.ways[0], loss.way.outlet
        if not loss.amount:
            return
        if loss.kind == conflict.DIVERSION:
            self._tell(party, choice.need, DIVERSION)
        elif loss.kind != conflict.COMPLAINED and won.channel in self._market.own:
            cheaper = choice.asked(loss.way.channel, party) - choice.asked(won.channel, won.outlet)
            self._tell(party, choice.need, LOST_SALE)
            self._tell(party, choice.need, UNDERCUT, max(100 * cheaper, 0.0))

    def met(self, row: Row) -> None:
        """A conflict was written down."""
        party, need = in_channel(row.met.other), row.met.need
        if row.met.kind == conflict.TERRITORY and (party, need) not in self._quarrels:
            self._quarrels.add((party, need))
            self._tell(party, need, CONFLICT)

    def _tell(self, party: int, need: int, cause: int, times: float = 1.0) -> None:
        if party in self._market.partners.now:
            self._market.trust.wronged(party, cause, times * self._market.accords.felt(need))
