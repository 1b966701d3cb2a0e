"""How far every partner trusts the firm: a number in [0, 1] that events move and time forgets.

Trust comes of support and of what is shared, and is lost to opportunism; it brings effort and a wish to stay (Morgan
and Hunt 1994, 'The commitment-trust theory of relationship marketing', Journal of Marketing 58). Conflict takes it
(Geyskens, Steenkamp and Kumar 1999, 'A meta-analysis of satisfaction in marketing channel relationships', Journal of
Marketing Research 36). Only the directions are theirs; the equation and its weights are assumed.

    good news of weight g   T ← T + g · (1 − T)
    bad news of weight g    T ← T − g · T
    in between              T(t) = base + (T − base) · 2^(−t / half-life)
"""

from __future__ import annotations

from math import exp2, nan
from typing import TYPE_CHECKING, Protocol

from simlib.ledger import CONFLICT, DIVERSION, LOOK, LOST_SALE, PAID, PRICE_CUT, SUPPORT, UNDERCUT
from simlib.model.channels.takings import Takings
from simlib.model.clock import ARRIVAL, Life, Moment
from simlib.scenario import partners
from simlib.units import HOURS_PER_DAY, on_grid

if TYPE_CHECKING:
    from simlib.model.channels.partners import Spell
    from simlib.model.firm import Firm

_BEFORE_CHOICES = 7
"""Of what happens at the same instant, what partners think comes before what customers choose."""


class Trust(Protocol):
    """What partners think of the firm."""

    def begin(self, party: int) -> None:
        """Somebody becomes a partner."""

    def level(self, party: int) -> float:
        """Trust of a partner now; NaN where nobody asks."""

    def lifted(self, party: int, by: float, cause: int) -> None:
        """Good news of a weight from 0 to 1, of a cause of `ledger.TRUST_CAUSES`."""

    def shaken(self, party: int, by: float, cause: int) -> None:
        """Bad news."""

    def supported(self, party: int, *, came: bool) -> None:
        """Support came, or did not come in time."""

    def wronged(self, party: int, cause: int, times: float) -> None:
        """A conflict was to a partner's cost, so many times the weight of its cause."""

    def shift(self, party: int) -> float:
        """Effort beyond the usual that a partner makes for nothing."""

    def leaves(self, party: int) -> float:
        """Probability that a partner leaves for want of trust at a review."""


class NoTrust:
    """Trust off."""

    def begin(self, party: int) -> None:
        pass

    def level(self, party: int) -> float:
        return nan

    def lifted(self, party: int, by: float, cause: int) -> None:
        pass

    def shaken(self, party: int, by: float, cause: int) -> None:
        pass

    def supported(self, party: int, *, came: bool) -> None:
        pass

    def wronged(self, party: int, cause: int, times: float) -> None:
        pass

    def shift(self, party: int) -> float:
        return 0.0

    def leaves(self, party: int) -> float:
        return 0.0


class Trusting:
    """Trust on."""

    def __init__(self, firm: Firm, parties: int, rule: partners.Trust) -> None:
        self._firm, self._rule = firm, rule
        self._half_life_h = rule.half_life_days * HOURS_PER_DAY
        self._was, self._at = [rule.base] * parties, [0.0] * parties
        self._weights = {
            LOST_SALE: rule.lost_sale,
            UNDERCUT: rule.undercut,
            DIVERSION: rule.diversion,
            CONFLICT: rule.conflict,
        }
        """Of what partners hold against the firm (`grievances.py`), by cause."""

    def begin(self, party: int) -> None:
        self._was[party], self._at[party] = self._rule.base, self._firm.env.now

    def level(self, party: int) -> float:
        base, age_h = self._rule.base, self._firm.env.now - self._at[party]
        return base + (self._was[party] - base) * exp2(-age_h / self._half_life_h)

    def lifted(self, party: int, by: float, cause: int) -> None:
        if by:
            level, by = self.level(party), min(by, 1.0)
            self._write(party, level + by * (1 - level), by, cause)

    def shaken(self, party: int, by: float, cause: int) -> None:
        if by:
            by = min(by, 1.0)
            self._write(party, (1 - by) * self.level(party), -by, cause)

    def supported(self, party: int, *, came: bool) -> None:
        (self.lifted if came else self.shaken)(party, self._rule.support, SUPPORT)

    def wronged(self, party: int, cause: int, times: float) -> None:
        self.shaken(party, times * self._weights[cause], cause)

    def look(self, party: int, *, paid: float, fall: float) -> None:
        """A partner looks at which part of its earnings the firm `paid`, and at the `fall` of the firm's own lowest
        price, relative to the list price."""
        self.lifted(party, self._rule.paid * paid, PAID)
        self.shaken(party, self._rule.price_cut * 100 * max(fall, 0.0), PRICE_CUT)
        self._write(party, self.level(party), 0.0, LOOK)

    def shift(self, party: int) -> float:
        return self._rule.effort * (self.level(party) - self._rule.base)

    def leaves(self, party: int) -> float:
        return self._rule.leaves if self.level(party) < self._rule.least else 0.0

    def _write(self, party: int, level: float, by: float, cause: int) -> None:
        """A partner's trust is something from now on."""
        now = self._firm.env.now
        self._was[party], self._at[party] = level, now
        self._firm.journal.trust.extend((party, now, cause, by, level))


def watch(firm: Firm, trust: Trusting, every_days: float) -> Life:
    """Again and again partners look at what they were paid and at the firm's own prices."""
    market, every_h = firm.market, float(on_grid(every_days * HOURS_PER_DAY))
    seen: dict[Spell, Takings] = {}
    price = market.own_price()
    while True:
        yield Moment(firm.env, firm.env.now + every_h, ARRIVAL - _BEFORE_CHOICES)
        before, price = price, market.own_price()
        for party, spell in market.partners.selling().items():
            takings = market.accounts.of(party)
            trust.look(party, paid=paid_part(takings.since(seen.get(spell, spell.before))), fall=before - price)
            seen[spell] = takings


def paid_part(takings: Takings) -> float:
    """Which part of what a partner earned the firm paid, from 0 to 1."""
    if takings.from_firm <= 0:
        return 0.0
    return min(takings.from_firm / takings.profit, 1.0) if takings.profit > 0 else 1.0
