"""Yardsticks of channels: mark-up on mark-up, neighbours, an own online shop beside a dealer, orders for a rebate."""

from __future__ import annotations

from fractions import Fraction

from simlib.model.channels.mark_up import Demand, answers, best_price, passed_down
from simlib.model.channels.offers import STAY_AWAY, Offer, shares
from simlib.model.channels.ordering import best_order
from simlib.model.search import peak
from simlib.org.schedule import tiered
from simlib.verify import theory_of_channels
from simlib.verify.rule import Call, Rule
from simlib.verify.theory import Quantities
from simlib.verify.yardstick import Parameters

_ROUNDS = 60
"""Of answers of neighbours to each other: each halves what is missing."""
_JOINED = 1e-7
"""What is left of precision where answers to prices are joined by straight lines."""


def _double_markup(p: Parameters, call: Call) -> Quantities:
    """Every tier asks what is best for it, knowing what the tiers below make of its price."""
    top, cost = p["demand_intercept"] / p["demand_slope"], p["unit_cost"]

    customers: float = p["demand_intercept"]

    def bought(price: float) -> float:
        return customers * shares([STAY_AWAY, Offer(-price, top)])[1]

    seen: list[Demand] = [bought]
    for _ in range(int(p["tiers"]) - 1):
        seen.append(call(passed_down, seen[-1], lowest=cost, most=top))
    first = price = call(best_price, seen[-1], cost=cost, most=top)
    for demand in reversed(seen[:-1]):
        price = answers(demand, lowest=cost, most=top)(price)
    alone = best_price(bought, cost=cost, most=top)
    profit = (price - cost) * bought(price)
    return {
        "price": price,
        "first_price": first,
        "profit": profit,
        "maker_profit": (first - cost) * bought(price),
        "efficiency": profit / ((alone - cost) * bought(alone)),
    }


DOUBLE_MARKUP = Rule(
    name="double_markup",
    about="n sellers in a row, each with an own mark-up (Spengler): efficiency 1-(1-2^-(n-1))²",
    defaults={"demand_intercept": 100.0, "demand_slope": 2.0, "unit_cost": 10.0, "tiers": 2.0},
    theory=lambda p: theory_of_channels.double_markup(**p),
    answer=_double_markup,
    through="optimum",
    precision=_JOINED,
)


def _hotelling(p: Parameters, call: Call) -> Quantities:
    """Each answers the other's price until both rest."""
    cost, transport = p["unit_cost"], p["transport_cost"]

    def street(mine: float, other: float) -> float:
        """Customers whom the seller at the near end gets."""
        return shares([Offer(-mine, -transport), Offer(-other - transport, transport)])[0]

    def reply(other: float) -> float:
        return best_price(lambda price: street(price, other), cost=cost, most=other + transport)

    other = cost
    for _ in range(_ROUNDS):
        other = reply(other)
    price = call(best_price, lambda asked: street(asked, other), cost=cost, most=other + transport)
    return {"price": price, "profit": (price - cost) * street(price, other)}


HOTELLING = Rule(
    name="hotelling",
    about="two sellers at the ends of a street, transport cost t (Hotelling): price k+t, profit t/2 each",
    defaults={"unit_cost": 10.0, "transport_cost": 4.0},
    theory=lambda p: theory_of_channels.hotelling(**p),
    answer=_hotelling,
    through="optimum",
    parts_of={"profit": "price"},
)


def _own_online_shop(p: Parameters, call: Call) -> Quantities:
    """The maker tries wholesale and online prices, knowing the dealer's answer."""
    acceptance = p["acceptance"]

    def split(retail: float, online: float) -> list[float]:
        return shares([Offer(-retail, 1.0), Offer(-online, acceptance), STAY_AWAY])

    def reply(wholesale: float, online: float) -> float:
        """Demand bends where the shop begins to sell, and ends where nobody buys of the dealer."""
        most, bends = online + 1 - acceptance, [online / acceptance]
        return best_price(lambda asked: split(asked, online)[0], cost=wholesale, most=most, bends=bends)

    def profit(wholesale: float, online: float) -> float:
        sold, direct, _ = split(reply(wholesale, online), online)
        return wholesale * sold + online * direct

    def best_wholesale(online: float) -> float:
        return peak(lambda wholesale: profit(wholesale, online), 0.0, online)

    online = peak(lambda asked: profit(best_wholesale(asked), asked), 0.0, acceptance)
    wholesale = best_wholesale(online)
    retail = reply(wholesale, online)
    sold, direct, _ = call(shares, [Offer(-retail, 1.0), Offer(-online, acceptance), STAY_AWAY])

    def without_shop(price: float) -> float:
        return shares([Offer(-price, 1.0), STAY_AWAY])[0]

    passed = passed_down(without_shop, lowest=0.0, most=1.0)
    alone = best_price(passed, cost=0.0, most=1.0)
    dealer = answers(without_shop, lowest=0.0, most=1.0)(alone)
    return {
        "wholesale": wholesale,
        "online": online,
        "retail": retail,
        "online_share": direct,
        "maker_profit": wholesale * sold + online * direct,
        "dealer_profit": (retail - wholesale) * sold,
        "maker_alone": alone * without_shop(dealer),
        "dealer_alone": (dealer - alone) * without_shop(dealer),
    }


OWN_ONLINE_SHOP = Rule(
    name="own_online_shop",
    about="an own shop, accepted at θ, beside a dealer (Chiang, Chhajed and Hess): both gain iff ½ < θ < ¾",
    defaults={"acceptance": 0.8},
    theory=lambda p: theory_of_channels.own_online_shop(**p),
    answer=_own_online_shop,
    through="optimum",
    parts_of=dict.fromkeys(("online_share", "maker_profit", "dealer_profit", "dealer_alone"), "retail"),
)


def _rebate_order_up_to(p: Parameters, call: Call) -> Quantities:
    """Asks for orders at needs ever closer to the one from which the tier is worth it."""
    price, tier, keeps = p["price"], p["tier"], p["resale"] - p["holding"]
    rebate = tiered([(Fraction(0), Fraction(0)), (Fraction(tier), Fraction(p["rebate_rate"]) * Fraction(price))],
                    retroactive=True)  # fmt: skip

    def ordered(need: float) -> float:
        return call(best_order, need, bought=0.0, price=price, rebate=rebate, left_over=keeps)

    low, high, edge = 0.0, tier, 0.0
    if ordered(0.0) < tier:
        for _ in range(60):
            edge = (low + high) / 2
            low, high = (low, edge) if ordered(edge) >= tier else (edge, high)
    step = tier / 1000
    return {
        "orders_up_from": edge,
        "order_above": ordered(edge + step),
        "order_below": ordered(max(edge - step, 0.0)),
    }


REBATE_ORDER_UP_TO = Rule(
    name="rebate_order_up_to",
    about="a rebate ρ on all units from tier Q on: who needs q orders Q iff p(1-ρ)Q-(v-h)(Q-q) < pq",
    defaults={"price": 100.0, "rebate_rate": 0.08, "tier": 1000.0, "resale": 92.0, "holding": 3.0},
    theory=lambda p: theory_of_channels.rebate_order_up_to(**p),
    answer=_rebate_order_up_to,
    parts_of=dict.fromkeys(("orders_up_from", "order_below"), "order_above"),
)
