"""What goes other ways than through the own force: goods, income, cost, and what is left to partners (C1-C8, K5)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simlib.ledger import DUES, FIRM, SUPPLIERS, Ledger
from simlib.measure.view import Bools, Floats, View, codes, summed

COST_OF_GOODS = "cost of goods"
Row = tuple[str, str, str, float, str]
TRADE = ("goods", COST_OF_GOODS, *DUES)
"""Payments that channels cause, whoever makes them."""


def channel_figures(view: View) -> dict[str, float]:
    """Goods, income, cost, and what is left to partners, in the window, in whole units of the currency."""
    ledger, frame = view.ledger, view.frame
    at = np.asarray(ledger.money["at_h"])
    inside = (at >= frame.window_from_h) & (at < frame.window_to_h)
    amount = np.asarray(ledger.money["amount"]) / frame.minor_units
    kind, payer, payee = (ledger.money[name].astype(object).to_numpy() for name in ("kind", "payer", "payee"))
    trade = inside & np.isin(kind, TRADE)
    sells = _sells_in_channels(ledger)
    income = trade & (payee == FIRM)
    cost = trade & (payer == FIRM) & (kind != COST_OF_GOODS)
    got, gave = trade & np.isin(payee, sells), trade & np.isin(payer, sells)
    return {
        "channel_sales": float(_sold(view).sum()),
        "channel_income": float(amount[income].sum()),
        "channel_cost": float(amount[cost].sum()),
        "partner_profit": float(amount[got].sum() - amount[gave].sum()),
    }


def channel_parts(view: View) -> Iterator[Row]:
    """By channel with outlets that sold in the window: what was asked on average, relative to the list price, weighted
    by goods; and the share of goods that was sold outside the seller's region."""
    table, sold = view.ledger.choices, _sold(view)
    channel, diverted = codes(table["channel"]), np.asarray(table["diverted"])
    names, price = list(table["channel"].cat.categories), np.nan_to_num(np.asarray(table["price"]))
    goods, paid, away = (summed(channel, sold * part, len(names)) for part in (np.ones(len(sold)), price, diverted))
    for number in np.flatnonzero(goods):
        yield "channel", names[number], "price_mean", float(paid[number] / goods[number]), "ratio"
        yield "channel", names[number], "diverted", float(away[number] / goods[number]), "share"


def covered_by_channels(view: View) -> float:
    """Value of the cohort's needs whose customers bought elsewhere than of the own force, in whole units."""
    return float(_sold(view)[view.cohort[np.asarray(view.ledger.choices["need"])]].sum())


def net_income(ledger: Ledger) -> tuple[Floats, Floats]:
    """When channels paid the firm, and how much: negative what the firm paid, for the goods and beside them. In whole
    units of the currency."""
    money = ledger.money
    trade = np.isin(money["kind"].astype(object).to_numpy(), TRADE)
    payer, payee = (money[name].astype(object).to_numpy()[trade] for name in ("payer", "payee"))
    sign = (payee == FIRM).astype(float) - (payer == FIRM)
    at, amount = np.asarray(money["at_h"])[trade], np.asarray(money["amount"])[trade]
    return at, sign * amount / ledger.frame.minor_units


def _sold(view: View) -> Floats:
    """By choice: goods at list price that were bought at an outlet in the window, in whole units."""
    table, frame = view.ledger.choices, view.frame
    at = np.asarray(table["at_h"])
    bought: Bools = (table["outlet"] != "").to_numpy() & (at >= frame.window_from_h) & (at < frame.window_to_h)
    return np.where(bought, np.asarray(table["goods"]), 0) / frame.minor_units


def _sells_in_channels(ledger: Ledger) -> list[str]:
    """All parties of channels: they stand behind the others in the books."""
    parties = list(ledger.goods["taker"].cat.categories)
    return parties[parties.index(SUPPLIERS) + 1 :]
