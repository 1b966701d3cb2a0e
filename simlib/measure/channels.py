"""What goes other ways than through the own force: goods, income, cost, and what is left to partners (C1-C8, K5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from simlib.ledger import DUES, FIRM, NOWHERE, SUPPLIERS, Ledger
from simlib.measure.bookings import quarter_end_ratio
from simlib.measure.ratios import ratio
from simlib.measure.view import Bools, Floats, View, codes
from simlib.units import HOURS_PER_DAY

COST_OF_GOODS = "cost of goods"
Row = tuple[str, str, str, float, str]
TRADE = ("goods", COST_OF_GOODS, *DUES)
"""Payments that channels cause, whoever makes them."""
REBATES = ("rebate", "credit")
"""Payments of rebates, which cost the firm over the period for which they are given, whenever they are paid."""


class Hands(NamedTuple):
    """Goods that come into partners' hands from the firm, and leave them, by row."""

    at_h: Floats
    goods: Floats
    """At list price, in whole units; negative where they leave."""
    bought: Bools
    """Whether they were bought of the firm in the run, and not there at time zero."""
    kept: Bools
    """Whether somebody keeps them; not where they go from hand to hand at once to a customer who has asked."""
    earned: Floats
    """What the firm earns on them, price less cost of goods, in whole units; negative where they leave."""


def channel_figures(view: View) -> dict[str, float]:
    """Goods, income, cost, and what is left to partners, in the window, in whole units of the currency."""
    ledger, frame = view.ledger, view.frame
    window = frame.window_from_h, frame.window_to_h
    at = np.asarray(ledger.money["at_h"])
    last = window[1] if window[1] < frame.end_h else np.inf  # what is settled as the run ends is of its last day
    inside = (at >= window[0]) & (at < last)
    amount = np.asarray(ledger.money["amount"]) / frame.minor_units
    kind, payer, payee = (ledger.money[name].astype(object).to_numpy() for name in ("kind", "payer", "payee"))
    trade = inside & np.isin(kind, TRADE)
    sells = _sells_in_channels(ledger)
    income = trade & (payee == FIRM)
    cost = trade & (payer == FIRM) & ~np.isin(kind, (COST_OF_GOODS, *REBATES))
    got, gave = trade & np.isin(payee, sells), trade & np.isin(payer, sells)
    when, owed = _rebates(ledger)
    rebates = float(owed[(when >= window[0]) & (when < window[1])].sum())
    hands = in_partners_hands(ledger)
    bought = hands.bought & (hands.at_h >= window[0]) & (hands.at_h < window[1])
    return {
        "channel_sales": float(_sold(view).sum()),
        "channel_income": float(amount[income].sum()),
        "channel_cost": float(amount[cost].sum()) + rebates,
        "channel_rebates": rebates,
        "channel_cost_ratio": ratio(float(amount[cost].sum()) + rebates, amount[income].sum()),
        "partner_profit": float(amount[got].sum() - amount[gave].sum()),
        "sell_in": float(hands.goods[bought].sum()),
        "stock_at_partners": float(hands.goods[hands.at_h < window[1]].sum()),
        "out_of_stock": _out_of_stock(view),
        "sell_in_end_ratio": quarter_end_ratio(frame, hands.at_h[bought], hands.goods[bought]),
    }


def covered_by_channels(view: View) -> float:
    """Value of the cohort's needs whose customers bought elsewhere than of the own force, in whole units."""
    return float(_sold(view)[view.cohort[np.asarray(view.ledger.choices["need"])]].sum())


def net_income(ledger: Ledger) -> tuple[Floats, Floats]:
    """When channels brought the firm something, and how much, in whole units of the currency: negative what it paid,
    for the goods and beside them. What it earns on goods counts when they leave partners' hands; rebates count day by
    day."""
    money = ledger.money
    kind = money["kind"].astype(object).to_numpy()
    trade = np.isin(kind, TRADE) & ~np.isin(kind, REBATES)
    payer, payee = (money[name].astype(object).to_numpy()[trade] for name in ("payer", "payee"))
    sign = (payee == FIRM).astype(float) - (payer == FIRM)
    at, amount = np.asarray(money["at_h"])[trade], np.asarray(money["amount"])[trade] / ledger.frame.minor_units
    when, owed = _rebates(ledger)
    hands = in_partners_hands(ledger)
    later = hands.kept & (hands.bought | (hands.goods < 0))
    return (
        np.concatenate([at, when, hands.at_h[later]]),
        np.concatenate([sign * amount, -owed, -hands.earned[later]]),
    )


def in_partners_hands(ledger: Ledger) -> Hands:
    """What partners bought of the firm or had at time zero, and what they sold, lost and gave back.

    The firm earns on a unit of a channel's goods what its partners paid it, on average of the run and of what they had
    at time zero, less what goods cost.
    """
    goods, minor = ledger.goods, ledger.frame.minor_units
    kind, giver, taker = (goods[name].astype(object).to_numpy() for name in ("kind", "giver", "taker"))
    sells = _sells_in_channels(ledger)
    opening = kind == "opening"
    comes = opening | ((kind == "moved") & (giver == FIRM))
    leaves = np.isin(giver, sells) & ~np.isin(taker, sells)
    amount, paid = np.asarray(goods["goods"]) / minor, np.asarray(goods["paid"]) / minor
    channel_of = {party: _channel(party, ledger) for party in sells}
    channel = pd.Series(np.where(comes, taker, giver)).map(channel_of).to_numpy()
    earned = np.zeros(len(goods))
    for name in dict.fromkeys(channel_of.values()):
        mine = channel == name
        price = ratio(paid[mine & comes].sum(), amount[mine & comes].sum())
        earned[mine] = price - (1 - ledger.frame.rates["margin"])
    need, moves = np.asarray(goods["lead"]), comes | leaves
    kept = ~np.isin(need, need[(kind == "moved") & (need >= 0)])
    signed = np.where(leaves, -amount, amount)[moves]
    return Hands(
        at_h=np.asarray(goods["at_h"])[moves],
        goods=signed,
        bought=(comes & ~opening)[moves],
        kept=kept[moves],
        earned=signed * earned[moves],
    )


def _channel(party: str, ledger: Ledger) -> str:
    """Name of the channel of a party, which is called `channel/…`."""
    names = [str(name) for name in ledger.choices["channel"].cat.categories]
    return max((name for name in names if party.startswith(f"{name}/")), key=len)


def _rebates(ledger: Ledger) -> tuple[Floats, Floats]:
    """What the firm owes for rebates, each spread over the days of its period: when a day, or what there is of it,
    begins, and how much, in whole units."""
    at, owed = [np.empty(0)], [np.empty(0)]
    for from_h, to_h, amount in np.asarray(ledger.rebates[["from_h", "to_h", "amount"]], dtype=float):
        edges = np.append(np.arange(from_h, to_h, HOURS_PER_DAY), to_h)
        at.append(edges[:-1])
        owed.append(np.diff(edges) / (to_h - from_h) * amount / ledger.frame.minor_units)
    return np.concatenate(at), np.concatenate(owed)


def _out_of_stock(view: View) -> float:
    """Share of the window's customers who came to an outlet that had not enough."""
    table, frame = view.ledger.choices, view.frame
    at = np.asarray(table["at_h"])
    inside = (at >= frame.window_from_h) & (at < frame.window_to_h)
    return ratio(float(((table["missed"] != "").to_numpy() & inside).sum()), float(inside.sum()))


def channel_parts(view: View) -> Iterator[Row]:
    """Rows of the breakdown by channel, with `nowhere` where customers could choose: of those who chose it, how many
    they are, the value of their needs, and the part of it whose customers would else have bought nowhere; and the mean
    price, relative to the list price, and the share sold outside the seller's region, both weighted by value."""
    table, frame = view.ledger.choices, view.frame
    at = np.asarray(table["at_h"])
    inside = (at >= frame.window_from_h) & (at < frame.window_to_h)
    channel, instead = codes(table["channel"])[inside], codes(table["instead"])[inside]
    value, price = view.need_value[np.asarray(table["need"])[inside]], np.asarray(table["price"])[inside]
    diverted = np.asarray(table["diverted"])[inside]
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
            yield "channel", str(name), "diverted_share", float((diverted * value)[mine].sum()) / whole, "share"


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
