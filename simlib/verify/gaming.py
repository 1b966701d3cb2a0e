"""Yardsticks of what pay does to deals: moved over the end of a period, joined, and given away at a discount."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from simlib.errors import SimlibError
from simlib.model.outlook import Outlook, between, worth
from simlib.model.pricing import best_discount
from simlib.model.timing import Move, gain_of_now, largest_discount, pulls_in
from simlib.org.schedule import Piece, Schedule, linear, tiered
from simlib.verify import theory_of_pay
from simlib.verify.rule import Call, Rule
from simlib.verify.theory import Quantities, at_least_zero
from simlib.verify.yardstick import Parameters

_LEAST_DIGITS, _MOST_DIGITS, _MOST_UNITS = 6, 300, 2.0**50
"""Results are counted in whole millionths, or finer where a parameter is, as money is in cents: then sums are exact,
and whether a quota is met or just missed is no matter of rounding."""
_FINEST = 1e-5
"""Smallest part of the largest amount that is told apart well enough for an exact answer."""
_LOOKS = 64
"""Results to look at in the length of a deal."""
_FAR = 4
"""Deals from the quota up to which results are looked at."""


def _units(*amounts: float) -> float:
    """How many of the smallest unit make 1."""
    finest = max(-int(Decimal(repr(amount)).as_tuple().exponent) for amount in amounts)
    digits = min(max(_LEAST_DIGITS, finest), _MOST_DIGITS)
    while digits and 10.0**digits * max(map(abs, amounts)) > _MOST_UNITS:
        digits -= 1
    return 10.0**digits


def _last(asked: Callable[[int], bool], low: int, high: int) -> int:
    """The last number that is answered as `low` is, by halving, where `high` is answered differently."""
    first = asked(low)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if asked(middle) == first else (low, middle)
    return low


def _timing(p: Parameters, call: Call) -> Quantities:
    """Asks the rule at results around the quota and around the mean, and between two that it answers differently ever
    more closely."""
    unit = _units(p["quota"], p["deal"])
    quota, deal = round(p["quota"] * unit), round(p["deal"] * unit)
    rate, bonus = Fraction(p["commission_rate"]), Fraction(p["bonus"] * unit)
    plan = Schedule((
        Piece(Fraction(quota - 1), rate * (quota - 1), rate),
        Piece(Fraction(quota), rate * quota + bonus, rate),
    ))  # fmt: skip
    later = Outlook(linear(rate), 0.0)

    def pulled(result: int) -> bool:
        return call(pulls_in, [Move(Outlook(plan, float(result)), later, float(deal))])

    near = {quota + deal * number // _LOOKS for number in range(-_FAR * _LOOKS, _FAR * _LOOKS + 1)}
    wide = {round((p["mean"] + p["sd"] * number / 8) * unit) for number in range(-_LOOKS, _LOOKS + 1)}
    looks, edges = sorted(near | wide), []
    for low, high in pairwise(looks):
        if pulled(low) != pulled(high):
            edges.append(_last(pulled, low, high) + 1)
    if not edges:
        return dict.fromkeys(("pulled_share", "pulled_from", "pulled_below", "gain"), math.nan)
    ends = [(edge / unit - p["mean"]) / p["sd"] for edge in edges]
    inside = Outlook(plan, float(edges[0]))
    return {
        "pulled_share": sum(between(start, end) for start, end in zip(ends[::2], ends[1::2], strict=False)),
        "pulled_from": edges[0] / unit,
        "pulled_below": edges[-1] / unit,
        "gain": call(gain_of_now, inside, later, float(deal)) / unit,
    }


def _timing_theory(p: Parameters) -> Quantities:
    found = theory_of_pay.timing(**{name: value for name, value in p.items() if name != "commission_rate"})
    size = max(abs(p["quota"]), p["deal"])
    for name in ("deal", "sd"):
        if p[name] < _FINEST * size:
            rule = f"must be at least {_FINEST * size:g}, {_FINEST:g} of the quota and of the deal"
            raise SimlibError(f"{name}: got {p[name]:g}, {rule}: less is lost in rounding")
    least = _FINEST * at_least_zero("commission_rate", p["commission_rate"]) * size
    if p["bonus"] < least:
        rule = f"must be at least {least:g}, {_FINEST:g} of the commission at quota"
        raise SimlibError(f"bonus: got {p['bonus']:g}, {rule}: less is lost in rounding")
    return found


TIMING = Rule(
    name="timing",
    about="a bonus at quota Q, then pay by the piece: a deal d is pulled forward iff Q-d ≤ y < Q; y ~ N(mean, sd²)",
    defaults={"quota": 11.0, "deal": 1.5, "bonus": 1.0, "commission_rate": 0.05, "mean": 10.0, "sd": 2.0},
    theory=_timing_theory,
    answer=_timing,
    parts_of={"pulled_below": "pulled_from", "pulled_from": "pulled_below"},
)


def _accelerator_gaming(p: Parameters, call: Call) -> Quantities:
    low, high = Fraction(p["rate_below"]), Fraction(p["rate_above"])
    plan, deal = tiered([(Fraction(0), low), (Fraction(p["tier"]), high)]), p["deal"]

    def given(schedule: Schedule) -> float:
        """Discount for joining the deal to one that is already credited."""
        return call(largest_discount, Outlook(schedule, deal), Outlook(schedule, 0.0), deal)

    return {
        "pay_apart": 2 * float(call(Schedule.pay, plan, Fraction(deal))),
        "pay_joined": float(call(Schedule.pay, plan, 2 * Fraction(deal))),
        "largest_discount": given(plan),
        "largest_discount_linear": given(linear(high)),
        "expected_pay": call(Schedule.expected, plan, p["mean"], p["sd"]),
    }


def _accelerator_theory(p: Parameters) -> Quantities:
    rates = {name: p[name] for name in ("rate_below", "rate_above", "tier")}
    paid = theory_of_pay.accelerator_gaming(**rates, deal=p["deal"])
    return {**paid, **theory_of_pay.accelerated_pay(**rates, mean=p["mean"], sd=p["sd"])}


ACCELERATOR_GAMING = Rule(
    name="accelerator_gaming",
    about="a rate that rises at a tier: two deals joined in one period pay more, δmax = (w(2d)-2w(d))/(r₂d) (Larkin)",
    defaults={"rate_below": 0.05, "rate_above": 0.12, "tier": 1.0, "deal": 0.8, "mean": 1.0, "sd": 0.3},
    theory=_accelerator_theory,
    answer=_accelerator_gaming,
    parts_of={"expected_pay": "pay_joined"},
)


def _paid_for(measure: Callable[[float], float]) -> Callable[[float], float]:
    """What a deal brings who is paid by the piece on a measure of it, by discount."""
    by_the_piece = Outlook(linear(Fraction(1)), 0.0)

    def gain(discount: float) -> float:
        return worth(by_the_piece, measure(discount))

    gain.__name__ = measure.__name__
    return gain


def _delegated_pricing(p: Parameters, call: Call) -> Quantities:
    """The list price is the one at which nobody buys; with every discount the share of it is the share who buy."""
    listed, cost = p["demand_intercept"] / p["demand_slope"], p["unit_cost"]

    def share_who_buy(discount: float) -> float:
        return discount

    def revenue(discount: float) -> float:
        return float((1 - discount) * listed)

    def margin(discount: float) -> float:
        return float((1 - discount) * listed - cost)

    found: Quantities = {}
    for measure in (revenue, margin):
        discount = call(best_discount, share_who_buy, _paid_for(measure), authority=1.0)
        found[f"price_on_{measure.__name__}"] = revenue(discount)
        found[f"profit_on_{measure.__name__}"] = p["demand_intercept"] * share_who_buy(discount) * margin(discount)
    return {**found, "loss": found["profit_on_margin"] - found["profit_on_revenue"]}


DELEGATED_PRICING = Rule(
    name="delegated_pricing",
    about="demand a-b·p, unit cost k, price set by the seller: paid on revenue a/(2b), which loses bk²/4",
    defaults={"demand_intercept": 100.0, "demand_slope": 2.0, "unit_cost": 10.0},
    theory=lambda p: theory_of_pay.delegated_pricing(**p),
    answer=_delegated_pricing,
    through="optimum",
    parts_of={"loss": "profit_on_margin", "profit_on_revenue": "profit_on_margin"},
)
