"""Closed forms about channels: prices of those who sell on, of neighbours, of an own shop; orders for a rebate.

Nothing here calls the engine's rules. Parameters that make no sense are refused (SimlibError).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

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


def prices_on_a_street(outlets: int, *, unit_cost: float, transport_cost: float) -> list[float]:
    """Prices at which n sellers rest who stand at (i + ½)/n of a street of length 1, d = 1/n apart, each knowing those
    of the others; everybody on the street buys, of whom price and way are least.

    The border between two neighbours lies where price and way are even: in the middle, moved by (p' − p)/2t. One
    between two others sells d + (p₋ + p₊ − 2p)/2t, and loses 1/t for each unit of price: his best is p = k + t · sold,
    that is 2p = k + td + (p₋ + p₊)/2. One at an end sells d/2 to his own side whatever he asks, d + (p' − p)/2t in all,
    and loses 1/2t: p = k + 2t · sold, 2p = k + 2td + p'. Two rest at k + t, as at the ends of the street (Hotelling
    1929, Economic Journal 39), but only just: nearer than ¼ and ¾ each would rather take the other's customers too
    (d'Aspremont, Gabszewicz and Thisse 1979, Econometrica 47).
    """
    n, k, t = outlets, at_least_zero("unit_cost", unit_cost), positive("transport_cost", transport_cost)
    rows, right = 2 * np.eye(n), np.full(n, k + t / n)
    for seller in range(n):
        beside = [other for other in (seller - 1, seller + 1) if 0 <= other < n]
        rows[seller, beside] = -1 / len(beside)
        right[seller] += t / n * (2 - len(beside))
    found: list[float] = np.linalg.solve(rows, right).tolist()
    return found


def sold_on_a_street(prices: Sequence[float], *, transport_cost: float) -> list[float]:
    """What each of those sellers sells at some prices, of one unit in all."""
    n = len(prices)
    borders = [
        (seller + 1) / n + (prices[seller + 1] - prices[seller]) / (2 * transport_cost) for seller in range(n - 1)
    ]
    return [right - left for left, right in pairwise([0.0, *borders, 1.0])]


def street_of_outlets(outlets: int, *, unit_cost: float, transport_cost: float) -> Quantities:
    """Of n ≥ 3 sellers along a street: the mean `price` that is paid, and the `edge_share` of customers who buy at the
    two ends."""
    if not 3 <= outlets <= MOST_TIERS:
        raise SimlibError(f"outlets: got {outlets}, must be from 3 to {MOST_TIERS}: two rest, but only just")
    if transport_cost > 50 * unit_cost:
        raise SimlibError(f"transport_cost: got {transport_cost:g}, must be at most {50 * unit_cost:g}, 50 · unit_cost")
    prices = prices_on_a_street(outlets, unit_cost=unit_cost, transport_cost=transport_cost)
    sold = sold_on_a_street(prices, transport_cost=transport_cost)
    paid = sum(price * share for price, share in zip(prices, sold, strict=True))
    return {"price": paid, "edge_share": sold[0] + sold[-1]}


def site_beside_dealer(acceptance: float, *, retail: float, online: float, wholesale: float) -> Quantities:
    """The two channels of `own_online_shop` at any prices at which both sell: who values the good at (p − q)/(1 − θ) or
    more buys of the dealer at p, `dealer_share` of all; whoever else values it at q/θ or more in the shop at q,
    `online_share`. The maker gets w of what the dealer sells, and q (Chiang, Chhajed and Hess 2003)."""
    if not 0 < acceptance < 1:
        raise SimlibError(f"acceptance: got {acceptance:g}, must lie between 0 and 1")
    both, least = (retail - online) / (1 - acceptance), online / acceptance
    if not 0 < least < both < 1:
        raise SimlibError(
            f"online: got {online:g}, must be so that 0 < q/θ < (p − q)/(1 − θ) < 1, got {least:g} and {both:g}: else "
            "not both sell"
        )
    if not 0 < wholesale <= retail:
        raise SimlibError(f"wholesale: got {wholesale:g}, must be above 0 and at most {retail:g}, the retail price")
    sold, direct = 1 - both, both - least
    return {
        "dealer_share": sold,
        "online_share": direct,
        "maker_profit": wholesale * sold + online * direct,
        "dealer_profit": (retail - wholesale) * sold,
    }


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
