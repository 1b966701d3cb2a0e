"""Closed forms about channels: prices of those who sell on, of neighbours, of an own shop; orders for a rebate.

Nothing here calls the engine's rules. Parameters that make no sense are refused (SimlibError).
"""

from __future__ import annotations

from simlib.errors import SimlibError
from simlib.verify.theory import Quantities, at_least_zero, positive

MOST_TIERS = 20


def double_markup(demand_intercept: float, *, demand_slope: float, unit_cost: float, tiers: float) -> Quantities:
    """Demand a − b·p, unit cost k, n sellers one behind the other, each of whom puts his own mark-up on what he pays:
    `price` of the last, v − (v − k)/2ⁿ with v = a/b; `first_price` of the maker, (v + k)/2; the `profit` of all,
    b(v − p)(p − k), and `maker_profit` of that; `efficiency`: profit ÷ that of one who did it all.

    With q = 2^−(n−1): efficiency 1 − (1 − q)². Spengler 1950, 'Vertical integration and antitrust policy', Journal of
    Political Economy 58.
    """
    a, b, k = positive("demand_intercept", demand_intercept), positive("demand_slope", demand_slope), unit_cost
    at_least_zero("unit_cost", k)
    if tiers != int(tiers) or not 1 <= tiers <= MOST_TIERS:
        raise SimlibError(f"tiers: got {tiers:g}, must be a whole number from 1 to {MOST_TIERS}")
    top = a / b
    if k >= top:
        raise SimlibError(f"unit_cost: got {k:g}, must be less than {top:g}, the price at which nobody buys")
    part = 0.5 ** int(tiers)
    bought = b * (top - k) * part
    return {
        "price": top - (top - k) * part,
        "first_price": (top + k) / 2,
        "profit": bought * (top - k) * (1 - part),
        "maker_profit": bought * (top - k) / 2,
        "efficiency": 1 - (1 - 2 * part) ** 2,
    }


def hotelling(unit_cost: float, *, transport_cost: float) -> Quantities:
    """Two sellers at the ends of a street of length 1 along which one customer for each unit lies evenly; each has the
    `price` k + t and the `profit` t/2 (Hotelling 1929, 'Stability in competition', Economic Journal 39)."""
    price = at_least_zero("unit_cost", unit_cost) + positive("transport_cost", transport_cost)
    return {"price": price, "profit": transport_cost / 2}


def own_online_shop(acceptance: float) -> Quantities:
    """A maker sells through a dealer, and in an own online shop in which the good is worth θ of its value to customers;
    values lie evenly between 0 and 1, nothing costs anything, the dealer could buy in the shop too. `wholesale` and
    `online` price θ/2, `retail` price ½; `maker_profit` θ/4, `dealer_profit` (1 − θ)/4, `online_share` of the customers
    0; with the dealer alone `maker_alone` ⅛ and `dealer_alone` 1/16. Both gain iff ½ < θ < ¾.

    Chiang, Chhajed and Hess 2003, 'Direct marketing, indirect profits', Management Science 49.
    """
    if not 0.5 < acceptance < 1:
        raise SimlibError(
            f"acceptance: got {acceptance:g}, must lie between 0.5 and 1: below, the shop changes nothing"
        )
    return {
        "wholesale": acceptance / 2,
        "online": acceptance / 2,
        "retail": 0.5,
        "online_share": 0.0,
        "maker_profit": acceptance / 4,
        "dealer_profit": (1 - acceptance) / 4,
        "maker_alone": 0.125,
        "dealer_alone": 0.0625,
    }


def rebate_order_up_to(price: float, *, rebate_rate: float, tier: float, resale: float, holding: float) -> Quantities:
    """A rebate ρ on all units from the tier Q on: who needs q < Q orders Q iff p(1 − ρ)Q − (v − h)(Q − q) < p·q, v what
    a unit left over fetches and h what keeping it costs: iff q > `orders_up_from`, Q·(p(1 − ρ) − v + h)/(p − v + h).
    `order_above`, `order_below`: what is ordered one per mille of Q above and below that.
    """
    p, top = positive("price", price), positive("tier", tier)
    if not 0 < rebate_rate < 1:
        raise SimlibError(f"rebate_rate: got {rebate_rate:g}, must lie between 0 and 1")
    keeps = at_least_zero("resale", resale) - at_least_zero("holding", holding)
    if keeps > p * (1 - rebate_rate):
        rule = f"must not exceed {p * (1 - rebate_rate):g}, the price less the rebate"
        raise SimlibError(f"resale less holding: got {keeps:g}, {rule}: else no order is the best")
    edge = top * (p * (1 - rebate_rate) - keeps) / (p - keeps)
    step = top / 1000
    below = edge - step
    return {"orders_up_from": edge, "order_above": max(top, edge + step), "order_below": below if below > 0 else top}
