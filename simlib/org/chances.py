"""What could be won or kept, and was it? The rows behind measures that are shares and not sums (I6)."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

WIN_RATE, CUSTOMERS_KEPT = "win_rate", "customers_kept"


class Chance(NamedTuple):
    """A lead that was decided, or a customer that came up for renewal or left before, and whose it was then."""

    of: str
    """The measure that counts it: `win_rate` or `customers_kept`."""
    person: str
    deal: int
    """Number of the lead, as in credits; of a customer, that of its renewal."""
    at_h: float
    """When it was decided."""
    product: str
    segment: str
    new_customer: bool
    taken: bool
    """Whether it was won, or kept."""


class Taken(NamedTuple):
    """How much of what could be had in a period."""

    taken: Fraction
    """Won or kept, less wins that were taken back in the period; never below 0."""
    of: int
    """Decided, or due, in the period."""

    @property
    def share(self) -> Fraction | None:
        """None where nothing was to be had."""
        return self.taken / self.of if self.of else None


def taken_of(chances: Iterable[Chance], taken_back: Fraction) -> Taken:
    """Chances of one period, together. `taken_back`: wins, also of other periods, that were taken back in it.

    >>> lead = Chance("win_rate", "ann", 1, 24.0, "machine", "sme", True, True)
    >>> taken_of([lead, lead._replace(taken=False)], Fraction(0)).share
    Fraction(1, 2)
    """
    known = [chance.taken for chance in chances]
    return Taken(max(sum(known) - taken_back, Fraction(0)), len(known))
