"""Who stays a partner, and on which rung: reviews by a scorecard, a ladder, and two who can end it (C9, C10, I10).

score      Σ weight · part / Σ weight; parts: sales ÷ quota, sales ÷ the mean of the channel's partners under review,
           new customers ÷ customers, 1 if trained in time
the firm   ends the contract below a least score; else pays the bonus of the rung that the score reaches
a partner  leaves with a stated probability if it earned less than it must, and likewise if it trusts too little
Customers of who has gone choose among those who are left.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from simlib.ledger import LOW_PROFIT, LOW_SCORE, LOW_TRUST, PARTNER_BONUS, STAYS
from simlib.model.channels.outlets import FIRM
from simlib.model.channels.partners import Spell
from simlib.model.channels.takings import Takings
from simlib.model.clock import ARRIVAL, Life, Moment
from simlib.scenario.partners import Level, PartnerReview, ScoreWeights
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY, minor_units, on_grid

if TYPE_CHECKING:
    from simlib.model.firm import Firm

_BEFORE_CHOICES = 6
"""Behind what partners think at the same instant, before what customers choose."""


class Parts(NamedTuple):
    """What a partner is reviewed by, each about 1 for one as is wanted."""

    sales: float
    share: float
    new_customers: float
    training: float


class _Period(NamedTuple):
    """What a partner did since the last review."""

    takings: Takings
    deals: int
    new: int


def score(parts: Parts, weights: ScoreWeights) -> float:
    """The weighted mean of the parts; 1 without any weight."""
    weighed = [(getattr(weights, name), value) for name, value in parts._asdict().items()]
    whole = sum(weight for weight, _ in weighed)
    return sum(weight * value for weight, value in weighed) / whole if whole else 1.0


def rung(reached: float, levels: Sequence[Level]) -> int:
    """How many rungs of the ladder a score reaches."""
    return sum(reached >= level.from_score for level in levels)


def review(firm: Firm, rule: PartnerReview) -> Life:
    """Review after review, of everybody who has sold since the last one."""
    partners, accounts = firm.market.partners, firm.market.accounts
    every_h = float(on_grid(rule.every_days * HOURS_PER_DAY))
    seen: dict[Spell, _Period] = {}
    while True:
        yield Moment(firm.env, firm.env.now + every_h, ARRIVAL - _BEFORE_CHOICES)
        done: dict[int, _Period] = {}
        for party, spell in partners.selling().items():
            takings = accounts.of(party)
            before = seen.get(spell, _Period(spell.before, 0, 0))
            seen[spell] = _Period(takings, spell.deals, spell.new)
            if spell.sells_h <= firm.env.now - every_h:
                done[party] = _Period(takings.since(before.takings), spell.deals - before.deals, spell.new - before.new)
        for party, period in done.items():
            peers = [other.takings.sales for who, other in done.items() if _same_channel(firm, who, party)]
            _judge(firm, rule, partners.now[party], (period, sum(peers) / len(peers)))


def _same_channel(firm: Firm, one: int, other: int) -> bool:
    channel_of = firm.market.layout.channel_of
    return channel_of[one] == channel_of[other]


def _judge(firm: Firm, rule: PartnerReview, spell: Spell, found: tuple[_Period, float]) -> None:
    """What a review leads to; written down."""
    (period, mean), market, party = found, firm.market, spell.party
    minor, years = minor_units(firm.world.scenario.currency), rule.every_days / DAYS_PER_YEAR
    sales = period.takings.sales
    parts = Parts(
        sales=sales / (rule.quota_per_year * minor * years),
        share=sales / mean if mean else 1.0,
        new_customers=period.new / period.deals if period.deals else 0.0,
        training=float(market.partners.support.trained(party)),
    )
    reached = score(parts, rule.weights)
    spell.level = rung(reached, rule.levels)
    spell.reviews += 1
    profit = round(period.takings.profit)
    firm.journal.partner_reviews.extend(
        (party, firm.env.now, sales, profit, reached, spell.level, market.trust.level(party))
    )
    why = LOW_SCORE if reached < rule.least_score else _leaves(firm, rule, spell, profit / minor / years)
    if why != STAYS:
        market.partners.leave(party, why)
    elif spell.level:
        bonus = round(sales * rule.levels[spell.level - 1].bonus)
        if bonus:
            firm.journal.dues.extend((firm.env.now, PARTNER_BONUS, bonus, FIRM, party, -1))


def _leaves(firm: Firm, rule: PartnerReview, spell: Spell, profit_per_year: float) -> int:
    """Why a partner leaves by its own will, by draws of its own for each reason."""
    market = firm.market
    key, draw = spell.key, firm.world.dice.draw
    poor = rule.leaves if profit_per_year < rule.reservation_per_year else 0.0
    if draw(key, "partner leaves for its profit", spell.reviews) < poor:
        return LOW_PROFIT
    if draw(key, "partner leaves for want of trust", spell.reviews) < market.trust.leaves(spell.party):
        return LOW_TRUST
    return STAYS
