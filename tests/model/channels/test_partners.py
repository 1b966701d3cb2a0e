"""Rules of partners alone: effort, trust, takings, the scorecard and the ladder."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simlib.ledger import (
    COMMISSION,
    CONFLICT,
    DIVERSION,
    LOST,
    MOVED,
    PARTNER_BONUS,
    RECEIVED,
    RETURNED,
    SOLD,
    SUPPORT,
    Journal,
)
from simlib.model.channels.outlets import CUSTOMERS, FIRM, SUPPLIERS, lay_out
from simlib.model.channels.partner_effort import chosen_effort
from simlib.model.channels.partner_review import Parts, rung, score
from simlib.model.channels.service import Service
from simlib.model.channels.takings import Accounts, Takings
from simlib.model.channels.trust import Trusting, paid_part
from simlib.scenario.channels import Channel
from simlib.scenario.partners import Level, PartnerEffort, ScoreWeights, Trust
from simlib.verify.theory_of_pay import linear_effort


@pytest.mark.parametrize("margin", [0.0, 120.0, 900.0])
def test_effort_is_that_of_linear_pay(margin):
    """With nothing made for nothing it is β/c of the yardstick `linear_effort`, β the whole of what effort brings."""
    rule = PartnerEffort(cost_per_week=500.0, response=0.4, unpaid=0.0, least=1e-9, most=10.0)
    theory = linear_effort(margin * 0.4, effort_cost=500.0)["effort"]
    assert chosen_effort(margin, rule) == pytest.approx(max(theory, 1e-9))


def test_effort_is_bounded_and_trust_moves_it_from_its_beginning():
    """e₀ = unpaid + what trust adds, not below 0; a loss makes nobody work less than for nothing."""
    rule = PartnerEffort(cost_per_week=100.0, response=1.0, unpaid=0.8, least=0.5, most=2.0)
    assert chosen_effort(5000.0, rule, minor=100, beyond=0.1) == pytest.approx(0.8 + 0.1 + 0.5)
    assert chosen_effort(-5000.0, rule, minor=100) == pytest.approx(0.8)
    assert chosen_effort(1e9, rule) == 2.0
    assert chosen_effort(0.0, rule, beyond=-3.0) == 0.5


def trusting(rule: Trust) -> tuple[Trusting, Any]:
    """Trust of two parties, and the firm whose clock it reads."""
    firm = SimpleNamespace(env=SimpleNamespace(now=0.0), journal=Journal())
    return Trusting(firm, 2, rule), firm  # type: ignore[arg-type]


def test_trust_moves_as_its_equation_says():
    """From 0.5: good news of weight 0.2 to 0.6; a half-life later 0.55; bad news of weight 0.4 to 0.33. The other party
    knows nothing of it."""
    trust, firm = trusting(Trust(half_life_days=10.0, effort=2.0, least=0.4, leaves=0.7))
    trust.lifted(0, 0.2, SUPPORT)
    assert trust.level(0) == pytest.approx(0.6)
    assert trust.shift(0) == pytest.approx(0.2)
    firm.env.now = 240.0
    assert trust.level(0) == pytest.approx(0.55)
    assert trust.leaves(0) == 0.0
    trust.shaken(0, 0.4, DIVERSION)
    assert trust.level(0) == pytest.approx(0.33)
    assert trust.leaves(0) == 0.7
    assert trust.level(1) == 0.5
    assert list(firm.journal.trust) == pytest.approx([0, 0, SUPPORT, 0.2, 0.6, 0, 240, DIVERSION, -0.4, 0.33])


@given(
    news=st.lists(st.tuples(st.booleans(), st.floats(0, 5), st.floats(0, 1e4)), max_size=30), base=st.floats(0.0, 1.0)
)
def test_trust_stays_between_none_and_full(news, base):
    """Whatever happens, of whatever weight; a weight beyond 1 counts as 1."""
    trust, firm = trusting(Trust(base=base))
    for good, by, later in news:
        firm.env.now += later
        (trust.lifted if good else trust.shaken)(1, by, CONFLICT)
        assert 0.0 <= trust.level(1) <= 1.0


def test_which_part_the_firm_paid():
    """Commission alone: all of it; a rebate beside a margin: its part; with a loss otherwise: all; nothing: none."""
    assert paid_part(Takings(100, 8.0, 8)) == 1.0
    assert paid_part(Takings(100, 20.0, 5)) == 0.25
    assert paid_part(Takings(100, -3.0, 5)) == 1.0
    assert paid_part(Takings(100, 20.0, 0)) == 0.0


def test_takings_cost_goods_at_the_mean_price_of_those_taken():
    """A dealer takes 100 for 80 and 100 for 60, sells 150 for 140 and gets a bonus of 5: profit 140 − 150 · 0.7 + 5. An
    agent brought 40 to the firm for a commission of 4. What is read twice counts once."""
    layout = lay_out({"dealers": Channel(tiers=({"markup": 0.2},)), "agents": Channel(commission=0.1)}, ["all"])
    journal = Journal()
    accounts = Accounts(journal, layout)
    journal.goods.extend((0.0, MOVED, FIRM, 0, 100, 80, 1))
    journal.goods.extend((1.0, MOVED, FIRM, 0, 100, 60, 2))
    assert accounts.of(0) == Takings(0, 0.0, 0)
    before = accounts.of(0)
    journal.goods.extend((2.0, SOLD, 0, CUSTOMERS, 150, 140, 3))
    journal.dues.extend((2.0, PARTNER_BONUS, 5, FIRM, 0, -1))
    journal.goods.extend((3.0, SOLD, FIRM, CUSTOMERS, 40, 40, 4))
    journal.dues.extend((3.0, COMMISSION, 4, FIRM, 1, 4))
    accounts.brought(0, 150)
    accounts.brought(1, 40)
    for _ in range(2):
        assert accounts.of(0).since(before) == Takings(150, pytest.approx(140 - 150 * 0.7 + 5), 5)
        assert accounts.of(1) == Takings(40, 4.0, 4)


def test_goods_that_arrive_are_lost_or_go_back_are_no_sales():
    """Who orders 100 for 80 has earned nothing when they arrive; then 10 are lost, 20 go back for 12, 50 are sold
    for 60: profit 60 + 12 − 80 · 0.8."""
    accounts = Accounts(journal := Journal(), lay_out({"dealers": Channel(tiers=({"markup": 0.2},))}, ["all"]))
    journal.goods.extend((0.0, MOVED, FIRM, 0, 100, 80, -1))
    journal.goods.extend((1.0, RECEIVED, 0, 0, 100, 0, -1))
    assert accounts.of(0) == Takings(0, 0.0, 0)
    journal.goods.extend((2.0, LOST, 0, SUPPLIERS, 10, 0, -1))
    journal.goods.extend((3.0, SOLD, 0, CUSTOMERS, 50, 60, 1))
    journal.goods.extend((4.0, RETURNED, 0, FIRM, 20, 12, -1))
    assert accounts.of(0) == Takings(50, pytest.approx(60 + 12 - 80 * 0.8), 0)


def test_service_is_the_channels_until_somebody_does_otherwise():
    """Effort and knowledge multiply advice, at most to 1; whoever begins anew does as usual, to the bit."""
    layout = lay_out({"dealers": Channel(tiers=({},), advice=0.6, acceptance=0.9, outlets=2)}, ["all"])
    service, rule = Service(layout), PartnerEffort(advice=1.0, acceptance=0.5)
    service.work(0, rule, 1.44)
    service.know(0, 0.5)
    assert service.advice == pytest.approx([0.6 * 1.44 * 0.5, 0.6])
    assert service.acceptance == pytest.approx([0.9 * 1.2, 0.9])
    service.know(0, 1.0)
    service.work(0, rule, 2.0)
    assert service.advice[0] == 1.0
    service.rest(0)
    assert (service.advice, service.acceptance) == ([0.6, 0.6], [0.9, 0.9])


def test_a_score_is_a_weighted_mean_and_a_rung_what_it_reaches():
    """Parts 2, 1, ½, 0 with weights 1, 1, 2, 0: (2 + 1 + 1) / 4; without weights nobody is worse than is wanted."""
    parts = Parts(sales=2.0, share=1.0, new_customers=0.5, training=0.0)
    assert score(parts, ScoreWeights(sales=1.0, share=1.0, new_customers=2.0)) == 1.0
    assert score(parts, ScoreWeights(sales=0.0)) == 1.0
    ladder = [Level(from_score=0.5), Level(from_score=1.0), Level(from_score=1.5)]
    assert [rung(reached, ladder) for reached in (0.4, 0.5, 1.2, 9.0)] == [0, 1, 2, 3]
