"""Contribution as it comes and goes in time, whichever need it is from: what a change costs before it pays (S13)."""

from __future__ import annotations

import numpy as np

from simlib.ledger import Ledger
from simlib.measure.channels import net_income
from simlib.measure.cost import OCCASIONAL
from simlib.measure.pay import variable_between
from simlib.measure.view import WON, Floats, Ints, View, codes
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY


def contribution_between(ledger: Ledger, edges_h: Floats) -> Floats:
    """Contribution of each spell between two instants, in whole units of the currency. Shape (edges - 1,).

    Sales and renewals × margin and what channels bring less discounts × (1 − margin), and losses, at their instant;
    salaries, variable pay (over its period) and yearly rates evenly in time; everything else when it is paid. All leads
    count, those of the warm-up and the drain too: over a whole run it is what all its money adds up to, but for goods
    that partners have not sold yet and rebates that are credited and not yet spent.
    """
    view, money, rates = View(ledger), ledger.money, ledger.frame.rates
    at, amount = np.asarray(money["at_h"]), np.asarray(money["amount"]) / ledger.frame.minor_units
    kind = money["kind"].astype(object).to_numpy()

    def paid(*kinds: str) -> Floats:
        mine = np.isin(kind, kinds)
        return np.asarray(np.histogram(at[mine], edges_h, weights=amount[mine])[0], dtype=np.float64)

    leads = np.histogram(np.asarray(ledger.leads["known_h"]), edges_h)[0]
    from_h, to_h = (np.asarray(view.seats[edge], dtype=float) for edge in ("from_h", "to_h"))
    spells = np.clip(edges_h[:, None], from_h, to_h)
    seated = np.diff(spells, axis=0)  # hours on a seat, by spell and person
    salaries = kind == "salary"
    pay = _evenly(codes(money["payee"])[salaries], at[salaries], amount[salaries], (from_h, to_h), edges_h)
    per_head = rates["tools_per_head_per_year"] + rates["training_per_head_per_year"]
    when, net = net_income(ledger)
    years = np.diff(edges_h) / HOURS_PER_DAY / DAYS_PER_YEAR
    return np.asarray(
        paid("sale", "renewal") * rates["margin"]
        + np.histogram(when, edges_h, weights=net)[0]
        - _given_away(view, edges_h) * (1 - rates["margin"])
        - paid("unsound loss", "travel", *OCCASIONAL)
        - leads * rates["marketing_per_lead"]
        - pay
        - variable_between(ledger, edges_h).sum(axis=1)
        - seated.sum(axis=1) / HOURS_PER_DAY / DAYS_PER_YEAR * per_head
        - years * rates["other_per_year"]
    )


def _evenly(who: Ints, at: Floats, amount: Floats, seated: tuple[Floats, Floats], edges_h: Floats) -> Floats:
    """Salaries, each spread over the time for which it is paid: from the person's last one, or first day, to its own
    day or the person's last."""
    order = np.lexsort((at, who))
    who, at, amount = who[order], at[order], amount[order]
    from_h, to_h = seated
    first = np.r_[True, who[1:] != who[:-1]]
    begins = np.where(first, from_h[who], np.r_[0.0, at[:-1]])
    ends = np.minimum(at, to_h[who])
    hours = np.diff(np.clip(edges_h[:, None], begins, np.maximum(ends, begins)), axis=0)
    length = ends - begins
    return np.asarray(hours @ np.divide(amount, length, out=np.zeros(len(length)), where=length > 0))


def _given_away(view: View, edges_h: Floats) -> Floats:
    """Discounts on sound deals at the signature, in whole units of the currency."""
    leads, needs = view.ledger.leads, view.ledger.needs
    need = np.asarray(leads["need"])
    sold = (codes(leads["outcome"]) == WON) & np.asarray(needs["sound"])[need]
    discounts = view.need_value[need] - view.signed_value
    return np.asarray(np.histogram(np.asarray(leads["closed_h"])[sold], edges_h, weights=discounts[sold])[0])
