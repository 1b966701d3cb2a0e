"""When do customers leave between renewals, and which credit do they take back? (P8, I6)

Everybody stays as long as a number drawn by account says, at a constant rate of leaving: existing customers from time
zero, customers won in the run from their first signature on.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simlib.ledger import OUTCOMES
from simlib.org.credits import Credit
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY, on_grid
from simlib.world.draws import Dice, Keys

if TYPE_CHECKING:
    from simlib.model.firm import Firm

Columns = Mapping[str, Any]
Floats = NDArray[np.float64]
CHURN = "churn"
_WON = OUTCOMES.index("won")


def luck_of_leaving(accounts: Keys, dice: Dice) -> Floats:
    """A number by account, the same in every design, that decides how long it stays."""
    return dice.column(accounts, "leaving early")


def stays_h(luck: Floats, rate_per_year: float) -> Floats:
    """How long each stays, in hours: −ln u ÷ rate, exponential; for ever at the rate 0.

    >>> stays_h(np.array([np.exp(-1.0)]), 2.0).tolist()
    [4380.0]
    """
    if not rate_per_year:
        return np.full(len(luck), math.inf)
    return np.asarray(on_grid(-np.log(luck) / rate_per_year * DAYS_PER_YEAR * HOURS_PER_DAY))


def share_there(rate_per_year: float, days: float) -> float:
    """Mean share, over some days, of customers who have not left early: (1 − e^−x) ÷ x, x = rate · time.

    >>> share_there(0.0, 90.0), round(share_there(1.0, 365.0), 4)
    (1.0, 0.6321)
    """
    expected = rate_per_year * days / DAYS_PER_YEAR
    return -math.expm1(-expected) / expected if expected else 1.0


def departures(firm: Firm, leads: Columns, renewals: Columns) -> dict[int, float]:
    """By account, the instant at which it leaves, of all who leave in a run that has ended.

    Customers who renew in the run as `renewals` says; others who are won in it leave early only.
    """
    gone = ~renewals["kept"].astype(bool)
    found: dict[int, float] = dict(
        zip(renewals["account"][gone].tolist(), renewals["at_h"][gone].tolist(), strict=True)
    )
    accounts, there = firm.world.needs.accounts, firm.clientele.there
    stays = stays_h(luck_of_leaving(accounts, firm.world.dice), firm.clientele.rule.leaving_rate_per_year)
    comes = ~np.isin(accounts, there.keys)
    won = leads["outcome"] == _WON
    signed = np.full(len(accounts), math.inf)
    np.minimum.at(signed, leads["account"][won].astype(int), leads["closed_h"][won])
    for account in np.flatnonzero(comes & (signed + stays < firm.end_h)).tolist():
        found[account] = float(signed[account] + stays[account])
    return found


def taken_back(
    given: Iterable[Credit], account_of: Callable[[Credit], int], left: Mapping[int, float]
) -> Iterator[Credit]:
    """Credit that customers take back when they leave, of what they signed before."""
    for credit in given:
        at_h = left.get(account_of(credit), -math.inf)
        if credit.at_h < at_h:
            yield credit._replace(at_h=at_h, signed_h=credit.at_h, turned_bad=CHURN)
