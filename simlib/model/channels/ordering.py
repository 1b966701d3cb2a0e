"""How much a partner orders: what he lacks, and more where the rebate on a period's purchases pays for it (C2, I8)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from simlib.org.schedule import Schedule


def best_order(need: float, *, bought: float, price: float, rebate: Schedule, left_over: float) -> float:
    """Units that cost a partner least, of those who serve his need: the need, or as many more as reach a tier.

    Cost of x units: price · x − (R(bought + x) − R(bought)) − left_over · (x − need), R the rebate by units bought in
    the period, `left_over` what a unit is worth that is kept for later: its price then less what keeping costs. With
    one all-unit tier Q at rate ρ: up to Q iff p(1 − ρ)Q − left_over · (Q − q) < p·q. Only beginnings of tiers can be
    better than the need; of equal ones the smallest. Raises ValueError where beyond the last tier every unit that is
    kept earns money: then no order is the best.
    """
    least_price = price - float(rebate.pieces[-1].rate)
    if left_over > least_price:
        raise ValueError(f"left_over: got {left_over:g}, must not exceed {least_price:g}, the price beyond all tiers")
    least = bought + need

    def cost(total: float) -> float:
        """Of so many units in the period, beside what all have in common."""
        return price * total - rebate.expected(total) - left_over * (total - least)

    begins = (float(piece.begins) for piece in rebate.pieces)
    return min([least, *(total for total in begins if total > least)], key=cost) - bought


def smoothed(expected: float, *, asked: float, days: float, weight: float) -> float:
    """What is expected a day after so much was asked for in some days: (1 − w) · expected + w · asked ÷ days.

    Brown 1959, 'Statistical forecasting for inventory control'.
    """
    return (1 - weight) * expected + weight * asked / days


def lacking(expected: float, *, cover_days: float, owned: int) -> int:
    """What must be ordered so that what is in stock and on its way covers so many days."""
    return max(round(expected * cover_days) - owned, 0)


def ahead(extra: float, *, prices: Sequence[float], weights: Sequence[float], already: Sequence[int]) -> list[int]:
    """Orders by product: `already` and so much money more, in proportion to the weights (those of what is sold), at the
    least whole number of units that costs it. `already` where nothing is sold."""
    worth = [price * weight for price, weight in zip(prices, weights, strict=True)]
    whole, orders = sum(worth), list(already)
    if not whole:
        return orders
    target = extra + sum(round(goods * price) for goods, price in zip(already, prices, strict=True))
    for product, (price, part) in enumerate(zip(prices, worth, strict=True)):
        orders[product] += math.floor(extra * part / whole / price)
    most = max(range(len(worth)), key=worth.__getitem__)
    while sum(round(goods * price) for goods, price in zip(orders, prices, strict=True)) < target:
        orders[most] += 1
    return orders
