"""What a run's books have of its channels: customers' choices, goods from hand to hand, and what channels cost."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simlib.ledger import ADVERTISING, GOODS, NOWHERE, OUTLETS, POLICIES, POLICING, REBATES_IN, SCHEMA, SET_UP
from simlib.model.channels.outlets import FIRM, SUPPLIERS
from simlib.model.channels.partner_books import partner_tables
from simlib.model.conflict import NOBODY, in_channel
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY, minor_units

if TYPE_CHECKING:
    from simlib.model.channels.marketplace import Open
    from simlib.model.firm import Firm

Columns = dict[str, Any]
Floats = NDArray[np.float64]


def channel_tables(firm: Firm, parties: list[str]) -> dict[str, tuple[Columns, dict[str, Any]]]:
    """By name of a table, its columns and the words of their codes. `parties`: all parties of the books."""
    return {
        "choices": (choices(firm), choice_words(firm)),
        "prices": (asked_prices(firm), {"party": parties}),
        "goods": (hands(firm), {"kind": GOODS, "giver": parties, "taker": parties}),
        "rebates": (rebates(firm), {"party": parties, "paid_in": REBATES_IN}),
        **partner_tables(firm),
    }


def choices(firm: Firm) -> Columns:
    """The table of customers' choices; words by number, those of channels and outlets one higher, 0 for none."""
    columns = _columns("choices", firm.journal.choices)
    return {**columns, **{name: columns[name] + 1 for name in ("channel", "outlet", "learnt", "instead", "missed")}}


def choice_words(firm: Firm) -> dict[str, list[str]]:
    """The words of that table, by column."""
    channels, outlets = [NOWHERE, *firm.market.layout.channel_names], ["", *firm.market.layout.names]
    return {"channel": channels, "instead": channels, **dict.fromkeys(("outlet", "learnt", "missed"), outlets)}


def hands(firm: Firm) -> Columns:
    """The table of goods."""
    columns = _columns("goods", firm.journal.goods)
    return {**columns, **{name: _party(firm, columns[name]) for name in ("giver", "taker")}}


def rebates(firm: Firm) -> Columns:
    """The table of rebates."""
    columns = _columns("rebates", firm.journal.rebates)
    return {**columns, "party": _party(firm, columns["party"])}


def asked_prices(firm: Firm) -> Columns:
    """The table of prices."""
    columns = _columns("prices", firm.journal.prices)
    return {**columns, "party": _party(firm, columns["party"])}


def dues(firm: Firm) -> Columns:
    """What was due beside the goods, as the table of money, `kind` counted from the first of `ledger.DUES`."""
    columns = _columns("money", firm.journal.dues)
    standing = dict(zip(SCHEMA["money"], _standing(firm), strict=True))
    joined = {name: np.concatenate([columns[name], standing[name]]) for name in columns}
    return {**joined, **{name: _party(firm, joined[name]) for name in ("payer", "payee")}}


def conflicts(firm: Firm) -> Columns:
    """The table of conflicts, between people and those who sell in channels."""
    columns = _columns("conflicts", firm.journal.conflicts)
    return {**columns, **{name: _met(firm, columns[name], columns["at_h"]) for name in ("party", "other")}}


def _met(firm: Firm, codes: Floats, at: Floats) -> NDArray[np.int64]:
    """Numbers among all parties of the books: of who held a seat last before an instant, or who sells in a channel."""
    numbers = codes.astype(np.int64)
    held = firm.staff.latest(np.maximum(numbers, NOBODY), at)
    return np.where(numbers < NOBODY, _party(firm, in_channel(0) - codes), held)


def _columns(name: str, journal: Any) -> Columns:
    columns = list(SCHEMA[name])
    table = np.array(journal, dtype=float).reshape(-1, len(columns))
    return dict(zip(columns, table.T, strict=True))


def _party(firm: Firm, codes: Floats) -> NDArray[np.int64]:
    """Numbers among all parties of the books: people, then firm, customer, suppliers, then those of channels."""
    heads, numbers = len(firm.staff.holders), codes.astype(np.int64)
    return np.where(numbers < 0, heads - 1 - numbers, heads + 3 + numbers)


def _standing(firm: Firm) -> Floats:
    """What channels cost while they are open, day by day, and what opening them cost. Shape (6, rows)."""
    market, minor, rows = firm.market, minor_units(firm.world.scenario.currency), [np.empty((0, 6))]
    for spell in market.spells:
        channel = market.layout.channels[spell.channel]
        outlets = Counter(_spans(firm, spell))
        yearly = {span: channel.outlet_per_year * number * minor for span, number in outlets.items()}
        whole = spell.from_h, spell.to_h
        yearly[whole] = (channel.fixed_per_year + channel.outlet_per_year * outlets[whole]) * minor
        days = np.arange(*whole, HOURS_PER_DAY)
        edges = np.append(days[:1], np.minimum(days + HOURS_PER_DAY, spell.to_h))
        spent = np.rint(
            sum(
                (np.clip(edges, *span) - span[0]) / HOURS_PER_DAY / DAYS_PER_YEAR * cost
                for span, cost in yearly.items()
            )
        )
        rows.append(_rows(days, OUTLETS, np.diff(spent)))
        for kind, per_year in ((POLICING, channel.policing_per_year), (ADVERTISING, channel.advertising_per_year)):
            days, spent = _by_day(spell.from_h, spell.to_h, per_year * minor)
            rows.append(_rows(days, kind, spent))
        opens = np.maximum(days[:1], firm.world.scenario.calendar.warm_up_days * HOURS_PER_DAY)
        rows.append(_rows(opens, SET_UP, np.full(len(opens), round(channel.set_up * minor))))
    for each in market.accords.spells:
        days, spent = _by_day(each.from_h, each.to_h, each.per_year * minor)
        rows.append(_rows(days, POLICIES, spent))
    table = np.concatenate(rows)
    return np.asarray(table[table[:, 2] > 0].T)


def _by_day(from_h: float, to_h: float, yearly: float) -> tuple[Floats, Floats]:
    """When days begin between two instants, and what is spent on each, at so much a year."""
    days = np.arange(from_h, to_h, HOURS_PER_DAY)
    ends = np.minimum(days + HOURS_PER_DAY, to_h)
    spent = np.rint((np.append(days[:1], ends) - from_h) / HOURS_PER_DAY / DAYS_PER_YEAR * yearly)
    return days, np.diff(spent)


def _spans(firm: Firm, spell: Open) -> list[tuple[float, float]]:
    """From when to when each outlet costs something while its channel is open: one of a partner while it is one."""
    market = firm.market
    own = [o for o in market.layout.outlets if o.channel == spell.channel and o.number not in market.partners.keys]
    there = [
        (each.from_h, min(each.to_h, spell.to_h))
        for each in market.partners.spells
        if market.layout.channel_of[each.party] == spell.channel and spell.from_h <= each.from_h < spell.to_h
    ]
    return [(spell.from_h, spell.to_h)] * len(own) + there


def _rows(at: Floats, kind: int, amount: Floats) -> Floats:
    return np.column_stack([at, np.full(len(at), kind), amount, *(np.full(len(at), c) for c in (FIRM, SUPPLIERS, -1))])
