"""What makes partners sellers of their own mind: effort, trust, the firm's support, review (C9, C10, I10, W7).

A partner is whoever serves customers at an outlet and is not the firm: the last tier, an agent, a platform. Those above
them pass goods on as ever.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict, model_validator

from simlib.scenario.types import Amount, Frozen, NonNegative, Positive, Share, refuse

Elasticity = Annotated[float, Strict(), Field(ge=0, le=2)]
Days = Annotated[float, Strict(), Field(ge=1, le=3660)]
Weight = Annotated[float, Strict(), Field(ge=0, le=10)]


class PartnerEffort(Frozen):
    """Partners serve customers as hard as it pays them (C9). Lever: which way a need goes. Off: all as usual.

    Effort e is e₀ + response · margin / cost, bounded, of the margin a week that the partner has had of late. At its
    outlet advice is multiplied by e^advice (up to 1), acceptance by e^acceptance.
    """

    cost_per_week: Positive = 1000.0
    """What effort costs a partner, in the scenario's currency: ½ · this · (effort − unpaid)² a week."""
    response: Elasticity = 0.34
    """What partners believe of effort: elasticity of what they sell."""
    unpaid: Annotated[float, Strict(), Field(ge=0, le=10)] = 1.0
    """Effort that a partner makes for nothing; 1 = as usual."""
    least: Annotated[float, Strict(), Field(gt=0, le=1)] = 0.5
    """Least effort that a partner makes; 1 = as usual."""
    most: Annotated[float, Strict(), Field(ge=1, le=10)] = 2.0
    """Most effort that a partner can make."""
    advice: Elasticity = 0.0
    """What effort does to advice: its elasticity."""
    acceptance: Elasticity = 0.0
    """What effort does to what a good is worth that is bought there: its elasticity."""
    every_days: Days = 28.0
    """How often partners think about it, and how far they look back."""


class Trust(Frozen):
    """Partners trust the firm more or less (Morgan and Hunt 1994). Lever: which way a need goes. Off: nobody asks.

    Trust T lies in [0, 1]. Good news of weight g lifts it to T + g · (1 − T), bad news leaves (1 − g) · T; of what sets
    it apart from `base` half is left after `half_life_days`.
    """

    base: Share = 0.5
    """Trust at which partners begin, and to which it comes back."""
    half_life_days: Positive = 180.0
    """Time in which half of what lifted or shook trust is forgotten."""
    support: Share = 0.0
    """Weight of support that came; of help that did not come in time, the same against."""
    paid: Share = 0.0
    """Weight of commission, rebates and bonuses, where they are all that a partner earns; else by their part."""
    lost_sale: Share = 0.0
    """Weight of a customer who would have bought there and bought of the firm itself."""
    undercut: Share = 0.0
    """Weight, beside that, of each hundredth of the list price by which the firm asked less of him."""
    diversion: Share = 0.0
    """Weight of a customer who would have bought there and bought of a partner from another region."""
    conflict: Share = 0.0
    """Weight of a customer at whom the firm's own force and the partner met (needs `channel_overlap`)."""
    price_cut: Share = 0.0
    """Weight of each hundredth of the list price by which the firm's own lowest price falls."""
    effort: Weight = 0.0
    """What a partner with full trust makes for nothing beyond one with none (needs `partner_effort`)."""
    least: Share = 0.0
    """Trust below which a partner thinks of leaving."""
    leaves: Share = 0.0
    """Probability that it then leaves at a review (needs `partner_review`)."""
    every_days: Days = 28.0
    """How often partners look at prices and at what they were paid."""


class Support(Frozen):
    """Channel managers sign, onboard, train and help partners (C9, I10). Levers: delay, hours, which way a need goes.
    Off: partners need nobody."""

    signing_hours: NonNegative = 0.0
    """Hours of a channel manager until a partner has signed."""
    onboarding_hours: NonNegative = 0.0
    """Hours of a channel manager until a partner that has signed sells."""
    training_hours: NonNegative = 0.0
    """Hours of each training; 0 = none is needed."""
    training_every_days: Days = 180.0
    """Days from one training to when the next is due."""
    grace_days: NonNegative = 28.0
    """Days for which a partner can wait for a training that is due."""
    untrained_advice: Share = 1.0
    """What is left of a partner's advice that was not trained in time."""
    help_probability: Share = 0.0
    """Probability that a partner asks for help with a customer who bought."""
    help_hours: NonNegative = 0.0
    """Hours that such help takes."""
    help_within_days: NonNegative = 5.0
    """Days for which a customer waits for it."""


class ScoreWeights(Frozen):
    """Weights of what a partner is reviewed by (C10)."""

    sales: Weight = 1.0
    """Of sales, as a share of the quota."""
    share: Weight = 0.0
    """Of sales, as a multiple of the mean of the channel's partners."""
    new_customers: Weight = 0.0
    """Of the share of customers who had not bought of the firm before."""
    training: Weight = 0.0
    """Of training in time: 1 or 0."""


class Level(Frozen):
    """A rung of the partners' ladder (I10). Support asked by a partner of a higher one comes first."""

    from_score: NonNegative = 0.0
    """Score from which a partner is on it until the next review."""
    bonus: Share = 0.0
    """Share of what was sold since the last review, at list price, that the firm pays."""


class PartnerReview(Frozen):
    """Partners are reviewed, and stay or go (C9, C10). Levers: money, which way a need goes. Off: all stay.

    Score = Σ weight · part / Σ weight, over what happened since the last review.
    """

    every_days: Days = 91.0
    """Days from one review to the next; who began to sell since the last one is not reviewed yet."""
    quota_per_year: Positive = 100_000.0
    """Sales at list price that are an attainment of 1, in the scenario's currency a year."""
    weights: ScoreWeights = ScoreWeights()
    levels: tuple[Level, ...] = ()
    """The ladder, from the lowest rung that pays anything."""
    least_score: NonNegative = 0.0
    """Score below which the firm ends the contract."""
    reservation_per_year: Amount = 0.0
    """What a partner must earn, in the scenario's currency a year, or think of leaving."""
    leaves: Share = 0.0
    """Probability that it then leaves at a review."""

    @model_validator(mode="after")
    def _climbs(self) -> PartnerReview:
        scores = [level.from_score for level in self.levels]
        if scores != sorted(set(scores)):
            refuse([("levels", f"got {scores}, must rise in from_score")])
        return self
