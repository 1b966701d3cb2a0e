"""Prices in another currency: the same goods and customers, and money at the day's rate."""

import numpy as np
import pytest

from simlib.scenario import vary
from simlib.world.draws import Dice
from simlib.world.drift import walk
from tests.runs.test_channels import ledger_of, market

CHANNELS = {
    "home": {"online": True, "price": 0.9},
    "site": {"online": True, "price": 0.9, "currency": "USD", "duty": 0.1},
    "dealers": {"tiers": [{"markup": 0.25}], "price": 0.7, "currency": "USD"},
    "euro": {"online": True, "price": 0.9, "currency": "EUR"},
}
BUYING = {"worth": [0.8, 2.0], "noise": 0.3}


def test_what_is_paid_abroad_is_converted_at_the_days_rate() -> None:
    """By each row of the books: goods, duties and what a dealer pays, at one rate a currency and day; home stays 1."""
    still = market(CHANNELS, **BUYING)
    moving = vary(still, {"mechanisms.exchange": {"sd_per_year": 0.3}})
    before, after = ledger_of(still), ledger_of(moving)
    columns = ["need", "channel", "outlet", "price", "goods"]
    assert before.choices[columns].equals(after.choices[columns])
    goods = after.goods.assign(day=after.goods["at_h"] // 24, before=before.goods["paid"])
    goods = goods[goods["goods"] > 2000]  # so that rounding is no matter
    party = goods["taker"].astype(str).where(goods["kind"] == "moved", goods["giver"].astype(str))
    at_firm = goods["kind"].eq("sold") & goods["giver"].eq("firm")
    channel = after.choices.set_index("need")["channel"].astype(str)
    where = goods["lead"].map(channel).where(at_firm, party.str.split("/").str[0])
    rate = goods["paid"] / goods["before"]
    made = goods["kind"] == "made"
    np.testing.assert_allclose(rate[made | (where == "home")], 1.0)
    sold = goods[~made].assign(rate=rate, where=where)
    dollars = sold[sold["where"].isin(["site", "dealers"])]
    spread = dollars.groupby("day")["rate"].agg(np.ptp)
    assert spread.max() < 1e-3
    assert dollars["rate"].std() > 0.02
    euros = sold[sold["where"] == "euro"].groupby("day")["rate"].mean()
    assert abs(np.corrcoef(euros, dollars.groupby("day")["rate"].mean().reindex(euros.index).ffill())[0, 1]) < 0.99
    day = dollars.groupby("day")["rate"].mean()
    duty = after.money[after.money["kind"] == "duty"]
    expected = duty["lead"].map(after.choices.set_index("need")["goods"]) * 0.9 * 0.1 * (duty["at_h"] // 24).map(day)
    np.testing.assert_allclose(duty["amount"], expected, atol=1.0, rtol=1e-3)


def test_a_currency_that_is_the_scenarios_does_not_move() -> None:
    """To state it says nothing."""
    foreign = market(CHANNELS, **BUYING)
    same = vary(foreign, {"mechanisms.exchange": {}, **{f"channels.{name}.currency": "CNY" for name in CHANNELS}})
    assert ledger_of(foreign).money.equals(ledger_of(same).money)


def test_the_rate_is_expected_to_stay_and_spreads_as_stated() -> None:
    """Over 4,000 worlds, after a year: mean 1, standard deviation of the logarithm as stated, both within 99.9%."""
    spread, worlds = 0.2, 4000
    ends = np.array([walk(Dice(0, number), "exchange", "USD", spread, 366)[-1] for number in range(worlds)])
    assert ends.std() == pytest.approx(spread, rel=3.3 / np.sqrt(2 * worlds))
    rates = np.exp(ends - spread**2 / 2)
    assert rates.mean() == pytest.approx(1.0, abs=3.3 * rates.std() / np.sqrt(worlds))
