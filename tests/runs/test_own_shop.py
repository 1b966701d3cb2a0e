"""Whether an own online shop helps or hurts the dealers beside it, in runs: as theory says, by acceptance and margin.

Dealers react here: they ask what earns most. The maker's two prices are those that are best for him, by theory.
"""

import math
from typing import Any

import pytest

from simlib.ledger import Ledger
from simlib.scenario import vary
from simlib.verify.theory_of_channels import own_online_shop, site_beside_dealer
from tests.runs.test_channel_conflicts import of_kind
from tests.runs.test_channel_policies import under
from tests.runs.test_channels import bought, ledger_of, likely, market
from tests.runs.test_partner_prices import FREE, asked

WORTH = [0.0, 1.0]


def beside(wholesale: float, site: dict[str, Any] | None = None) -> Ledger:
    """A dealer who asks what earns most, alone or beside a site; a good is worth evenly from 0 to 1, and costs nothing
    to make."""
    channels: dict[str, Any] = {"dealer": {"price": wholesale, "tiers": [{}], "price_band": FREE}}
    if site:
        channels["site"] = {"online": True, **site}
    scenario = vary(
        market(channels, worth=WORTH), {"mechanisms.own_prices": {"every_days": 3660.0}, "costs.margin": 1.0}
    )
    return ledger_of(scenario)


def profit(ledger: Ledger, party: str) -> float:
    """What a party got for goods less what it paid for them, for each customer and relative to the list price."""
    money = ledger.money[ledger.money["kind"].isin(["goods", "shared credit"])]
    got, gave = (money["amount"][(money[column] == party).to_numpy()].sum() for column in ("payee", "payer"))
    return float(got - gave) / ledger.needs["value"].sum()


@pytest.mark.parametrize(
    ("acceptance", "helps"),
    [
        (0.68, True),
        (0.82, False),
        pytest.param(0.6, True, marks=pytest.mark.slow),
        pytest.param(0.9, False, marks=pytest.mark.slow),
    ],
)
def test_an_own_site_helps_dealers_where_customers_like_it_little_and_hurts_them_where_they_like_it_much(
    acceptance, helps
):
    """Chiang, Chhajed and Hess (2003): beside a site that is accepted at θ the dealer's best price falls from ¾ to ½,
    and his profit goes from 1/16 to (1 − θ)/4: up iff θ < ¾, though the site sells nothing. The maker gains, from ⅛ to
    θ/4. Shares inside 99.9%, profits within a tenth of theory; and profits move the way that theory says."""
    known = own_online_shop(acceptance)
    alone = beside(0.5)
    ledger = beside(known["wholesale"], {"price": known["online"], "acceptance": acceptance})
    assert asked(alone)["dealer/all/1"] == pytest.approx(0.75, abs=2e-3)
    assert asked(ledger)["dealer/all/1"] == pytest.approx(known["retail"], abs=2e-3)
    assert likely(bought(alone)["dealer"], len(alone.choices), 0.25)
    assert likely(bought(ledger)["dealer"], len(ledger.choices), 0.5)
    assert bought(ledger).get("site", 0) < 0.01 * len(ledger.choices)
    before, after = (profit(each, "dealer/all/1") for each in (alone, ledger))
    assert before == pytest.approx(known["dealer_alone"], rel=0.1)
    assert after == pytest.approx(known["dealer_profit"], rel=0.1)
    assert (after > before) == helps
    assert profit(alone, "firm") == pytest.approx(known["maker_alone"], rel=0.1)
    assert profit(ledger, "firm") == pytest.approx(known["maker_profit"], rel=0.1)
    assert profit(ledger, "firm") > profit(alone, "firm")


@pytest.mark.parametrize("acceptance", [0.6, pytest.param(0.9, marks=pytest.mark.slow)])
def test_at_an_unchanged_price_of_the_maker_the_same_site_only_hurts(acceptance):
    """What helps dealers is the lower price that they pay: at ½ as before, a site at θ/2 takes customers, and a dealer
    who asks less earns less on each. His best is p = (w + q + 1 − θ)/2, of which he keeps (1 − θ − w + q)²/4(1 − θ), if
    that is above 0."""
    ledger = beside(0.5, {"price": acceptance / 2, "acceptance": acceptance})
    left = max(1 - acceptance - 0.5 + acceptance / 2, 0.0)
    theory = left**2 / (4 * (1 - acceptance))
    assert profit(ledger, "dealer/all/1") == pytest.approx(theory, rel=0.15)
    assert profit(ledger, "dealer/all/1") < profit(beside(0.5), "dealer/all/1")


def test_double_compensation_makes_dealers_whole_from_the_share_that_theory_gives():
    """Prices as stated (retail 0.6, wholesale and site 0.4, θ = 0.75): of the dealer's 0.4 of the customers 0.2 stay,
    and he loses 0.2 · 0.2. The site sells to 0.2667 for 0.4: he is whole from a share s on with s · 0.4 · 0.2667 =
    0.04, s = 0.375. That firms pay both channels for one sale to have peace is observed (Sa Vinhas and Anderson 2005);
    here it costs more than the shop brings: all that is sold is worth 0.24 without the shop and 0.2267 with it."""
    prices = {"retail": 0.6, "online": 0.4, "wholesale": 0.4}
    known = site_beside_dealer(0.75, **prices)
    dealer = {"price": 0.4, "tiers": [{"markup": 0.5}]}
    site = {"price": 0.4, "online": True, "acceptance": 0.75}
    alone = ledger_of(vary(market({"dealer": dealer}, worth=WORTH), {"costs.margin": 1.0}))
    both = vary(market({"dealer": dealer, "site": site}, worth=WORTH), {"costs.margin": 1.0})
    whole = (0.2 * 0.4 - known["dealer_profit"]) / (0.4 * known["online_share"])
    assert whole == pytest.approx(0.375)
    before = profit(alone, "dealer/all/1")
    assert before == pytest.approx(0.08, rel=0.1)
    paid = {share: under(both, shared_credit={"share": share}) for share in (0.0, whole - 0.08, whole + 0.08)}
    none, less, more = (profit(each, "dealer/all/1") for each in paid.values())
    assert none == pytest.approx(known["dealer_profit"], rel=0.1)
    assert none < less < before < more
    firm = [profit(each, "firm") for each in paid.values()]
    assert firm[0] > profit(alone, "firm") > firm[2]


@pytest.mark.parametrize("noise", [0.1, pytest.param(0.3, marks=pytest.mark.slow), 0.8])
def test_the_more_customers_differ_the_less_a_shop_takes_from_dealers(noise):
    """That firms run channels beside each other where customers' ways of buying differ, for there is less to quarrel
    about, is the finding of Sa Vinhas and Anderson (2005). Here it has a size: tastes of scale s, a good worth 1.3 at
    the dealer's price of 1. Of the shop's customers a share 1/(1 + e^(−0.3/s)) would have gone to the dealer
    (independence of irrelevant alternatives), 95% at s = 0.1 and 59% at 0.8; so many rows of encroachment, inside
    99.9%."""
    channels = {"dealer": {"price": 0.8, "tiers": [{"markup": 0.25}]}, "site": {"price": 1.0, "online": True}}
    ledger = ledger_of(market(channels, worth=[1.3, 1.3], noise=noise))
    share = 1 / (1 + math.exp(-0.3 / noise))
    assert likely(len(of_kind(ledger, "encroachment")), bought(ledger)["site"], share)
