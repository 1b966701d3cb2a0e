"""What goes other ways than through the own force: goods, income, cost, and what is left to partners (C1-C8, K5)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simlib.ledger import DUES, FIRM, NOWHERE, SUPPLIERS, Ledger
from simlib.measure.ratios import ratio
from simlib.measure.view import Bools, Floats, View, codes

COST_OF_GOODS = "cost of goods"
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
        "channel_cost_ratio": ratio(amount[cost].sum(), amount[income].sum()),
        "partner_profit": float(amount[got].sum() - amount[gave].sum()),
    }


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


def channel_parts(view: View) -> Iterator[tuple[str, str, str, float, str]]:
    """Rows of the breakdown by channel, with `nowhere` where customers could choose: of those who chose it, how many
    they are, the value of their needs, and the part of it whose customers would else have bought nowhere; and the mean
    price, relative to the list price, weighted by value."""
    table, frame = view.ledger.choices, view.frame
    at = np.asarray(table["at_h"])
    inside = (at >= frame.window_from_h) & (at < frame.window_to_h)
    channel, instead = codes(table["channel"])[inside], codes(table["instead"])[inside]
    value, price = view.need_value[np.asarray(table["need"])[inside]], np.asarray(table["price"])[inside]
    for number, name in enumerate(table["channel"].cat.categories):
        mine = channel == number
        if mine.any():
            whole = float(value[mine].sum())
            yield "channel", str(name), "customers", float(mine.sum()), "count"
            yield "channel", str(name), "value", whole, "money"
        if mine.any() and name != NOWHERE:
            extra = float(value[mine & (instead == 0)].sum())
            yield "channel", str(name), "extra_share", extra / whole, "share"
            yield "channel", str(name), "price", float((price * value)[mine].sum()) / whole, "ratio"


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
