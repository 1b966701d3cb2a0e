"""Yardsticks of channels in runs: prices of partners behind and beside each other, and a site beside a dealer.

Partners ask what earns most for each on what they expect (`own_prices`), customers choose by worth and way alone, and
the shares, profits and prices are read off what was bought. Money is relative to the list price, for each customer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from simlib.ledger import FIRM, Ledger
from simlib.scenario.schema import Scenario
from simlib.verify import theory_of_channels
from simlib.verify.planning import bernoulli
from simlib.verify.reduction import bare, cell, only
from simlib.verify.theory import Quantities
from simlib.verify.yardstick import Parameters, Plan, Span, Yardstick

_PER_TIME = 20.0
"""Customers per unit of time."""
_REVIEW = 3.0
"""Units of time from one review of prices to the next."""
_ACCOUNTS_PER_CUSTOMER = 4
_SPREAD = math.sqrt(1 + 1 / _ACCOUNTS_PER_CUSTOMER)
"""By which a share varies more because some needs are of one account, which lives in one place."""
_FREE = [0.0, 100.0]
_VALUE = 1e4
"""List price of every need: prices are told apart to a millionth of it."""


def _market(name: str, phases: Span, p: Parameters, *, channels: Mapping[str, Any], **sections: Any) -> Scenario:
    """Customers and channels, all open, and nothing else."""
    accounts = int(min(_ACCOUNTS_PER_CUSTOMER * p["customers"], 1_000_000))
    return bare(
        name,
        phases,
        cells=[cell(_PER_TIME, phases.hour, customers=p["customers"], accounts=accounts, value={"median": _VALUE})],
        stages=[{"name": "talk", "effort_hours": 0.0}],
        channels=channels,
        designs={"channels": {"structure": "flat", "layers": 1, "reps": 1, "channels": list(channels)}},
        **sections,
    )


def _paid(ledger: Ledger, **where: str) -> float:
    """What was paid for goods of the window's needs, by kind, giver or taker, for each need, relative to its value."""
    inside, goods = ledger.needs["cohort"].to_numpy(), ledger.goods
    mine = inside[goods["lead"].to_numpy()]
    for column, word in where.items():
        mine &= (goods[column] == word).to_numpy()
    return float(goods["paid"].to_numpy()[mine].sum()) / _VALUE / ledger.frame.minor_units / int(inside.sum())


def _share(ledger: Ledger, column: str, names: list[str]) -> float:
    """Share of the window's needs whose customers chose one of some channels or outlets."""
    inside, choices = ledger.needs["cohort"].to_numpy(), ledger.choices
    chosen = choices[column].isin(names).to_numpy()[inside[choices["need"].to_numpy()]]
    return float(chosen.sum()) / int(inside.sum())


def _chain(p: Parameters) -> Quantities:
    named = {"unit_cost": p["unit_cost"], "tiers": p["tiers"]}
    known = theory_of_channels.double_markup(1.0, demand_slope=1.0, **named)
    return {"bought_share": 1 - known["price"], **{n: known[n] for n in ("profit", "maker_profit", "efficiency")}}


def _chain_plan(p: Parameters) -> Plan:
    expected = _chain(p)
    share = expected["bought_share"]
    # All are so much for each who buys.
    deviations = {name: size / share * math.sqrt(bernoulli(share)) for name, size in expected.items()}
    return Plan(arrival_rate=_PER_TIME, fastest=_PER_TIME, deviations=deviations)


def _chain_scenario(p: Parameters, phases: Span) -> Scenario:
    """The maker asks what theory says is best for him; each partner behind finds out himself."""
    channel = {"price": (1 + p["unit_cost"]) / 2, "tiers": [{}] * (int(p["tiers"]) - 1), "price_band": _FREE}
    return _market(
        "chain_of_partners",
        phases,
        p,
        channels={"partners": channel},
        mechanisms={"buying": {"worth": [0.0, 1.0]}, "own_prices": {"every_days": 3660.0}},
        costs={"margin": 1 - p["unit_cost"]},
    )


def _chain_measure(ledgers: Mapping[str, Ledger], p: Parameters, hour: float) -> Quantities:
    ledger = only(ledgers)
    cost = _paid(ledger, kind="made")
    profit = _paid(ledger, kind="sold") - cost
    return {
        "bought_share": _share(ledger, "channel", ["partners"]),
        "profit": profit,
        "maker_profit": _paid(ledger, giver=FIRM) - cost,
        "efficiency": profit * 4 / (1 - p["unit_cost"]) ** 2,
    }


CHAIN_OF_PARTNERS = Yardstick(
    name="chain_of_partners",
    about="double_markup in a run: partners behind a maker ask their own prices, worth even: (1-k)/2ⁿ of all buy",
    defaults={"unit_cost": 0.1, "tiers": 2},
    precision=0.03,
    theory=_chain,
    plan=_chain_plan,
    scenario=_chain_scenario,
    measure=_chain_measure,
)


def _street_parameters(p: Parameters) -> dict[str, Any]:
    return {name: p[name] for name in ("outlets", "unit_cost", "transport_cost")}


def _street_plan(p: Parameters) -> Plan:
    known = _street_parameters(p)
    expected = theory_of_channels.street_of_outlets(**known)
    prices = theory_of_channels.prices_on_a_street(**known)
    sold = theory_of_channels.sold_on_a_street(prices, transport_cost=p["transport_cost"])
    shares = zip(prices, sold, strict=True)
    spread = math.sqrt(sum(share * (price - expected["price"]) ** 2 for price, share in shares))
    deviations = {"price": spread * _SPREAD, "edge_share": math.sqrt(bernoulli(expected["edge_share"])) * _SPREAD}
    # What is missing halves with every round of answers.
    return Plan(arrival_rate=_PER_TIME, fastest=_PER_TIME, deviations=deviations, relaxation=_REVIEW / math.log(2))


def _street_scenario(p: Parameters, phases: Span) -> Scenario:
    """Dealers begin without a mark-up; the good is worth the way to everybody."""
    cost, transport = p["unit_cost"], p["transport_cost"]
    return _market(
        "street_of_outlets",
        phases,
        p,
        channels={"dealers": {"price": cost, "tiers": [{}], "outlets": p["outlets"], "price_band": _FREE}},
        mechanisms={
            "buying": {"worth": [cost + 20 * transport] * 2, "transport": transport},
            "own_prices": {"every_days": _REVIEW * phases.hour / 24},
        },
    )


def _street_measure(ledgers: Mapping[str, Ledger], p: Parameters, hour: float) -> Quantities:
    ledger = only(ledgers)
    ends = ["dealers/all/1", f"dealers/all/{p['outlets']}"]
    return {"price": _paid(ledger, kind="sold"), "edge_share": _share(ledger, "outlet", ends)}


STREET_OF_OUTLETS = Yardstick(
    name="street_of_outlets",
    about="hotelling in a run: n outlets at (i+½)/n answer each other's prices: k+t·sold, at the ends k+2t·sold",
    defaults={"outlets": 3, "unit_cost": 0.5, "transport_cost": 0.4},
    precision=0.03,
    theory=lambda p: theory_of_channels.street_of_outlets(**_street_parameters(p)),
    plan=_street_plan,
    scenario=_street_scenario,
    measure=_street_measure,
)


def _site(p: Parameters) -> Quantities:
    named = {name: p[name] for name in ("retail", "online", "wholesale")}
    return theory_of_channels.site_beside_dealer(p["acceptance"], **named)


def _site_plan(p: Parameters) -> Plan:
    expected = _site(p)
    sold, direct = expected["dealer_share"], expected["online_share"]
    mixed = p["wholesale"] ** 2 * sold + p["online"] ** 2 * direct - expected["maker_profit"] ** 2
    deviations = {
        "dealer_share": math.sqrt(bernoulli(sold)),
        "online_share": math.sqrt(bernoulli(direct)),
        "maker_profit": math.sqrt(max(mixed, 0.0)),
        "dealer_profit": (p["retail"] - p["wholesale"]) * math.sqrt(bernoulli(sold)),
    }
    return Plan(arrival_rate=_PER_TIME, fastest=_PER_TIME, deviations=deviations)


def _site_scenario(p: Parameters, phases: Span) -> Scenario:
    dealer = {"price": p["wholesale"], "tiers": [{"markup": p["retail"] / p["wholesale"] - 1}]}
    site = {"price": p["online"], "online": True, "acceptance": p["acceptance"]}
    return _market(
        "site_beside_dealer",
        phases,
        p,
        channels={"dealer": dealer, "site": site},
        mechanisms={"buying": {"worth": [0.0, 1.0]}},
        costs={"margin": 1.0},
    )


def _site_measure(ledgers: Mapping[str, Ledger], p: Parameters, hour: float) -> Quantities:
    ledger = only(ledgers)
    maker = _paid(ledger, giver=FIRM)
    return {
        "dealer_share": _share(ledger, "channel", ["dealer"]),
        "online_share": _share(ledger, "channel", ["site"]),
        "maker_profit": maker,
        "dealer_profit": _paid(ledger, kind="sold") - maker,
    }


SITE_BESIDE_DEALER = Yardstick(
    name="site_beside_dealer",
    about="own_online_shop in a run, at stated prices: the dealer sells 1-(p-q)/(1-θ), the site (p-q)/(1-θ)-q/θ",
    defaults={"acceptance": 0.75, "retail": 0.6, "online": 0.4, "wholesale": 0.4},
    precision=0.03,
    theory=_site,
    plan=_site_plan,
    scenario=_site_scenario,
    measure=_site_measure,
)
