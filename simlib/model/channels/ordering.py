"""How much a partner orders whose rebate depends on what he buys in a period (I8)."""

from __future__ import annotations

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
