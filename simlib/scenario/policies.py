"""What a firm may do against conflict between its channels: policies, each with its cost and its effect (X1, X5, X7).

That clear roles, different offers and double compensation make channels quarrel less is observed (Sa Vinhas and
Anderson 2005): the sign, not how much. Everything that acts is stated; without it a policy only costs.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict

from simlib.scenario.types import Amount, Frozen, Name, NonNegative, Share


class Policy(Frozen):
    """What every policy has."""

    cost_per_year: Amount = 0.0
    """What it costs the firm a year while it is in force: people, systems, models."""


class SharedCredit(Policy):
    """Own sales online are shared with the partner in whose area the customer is (double compensation, X5, X7). The
    firm pays it whether he has lost anything or not; what he has lost by that sale is so much less."""

    share: Share = 0.0
    """Share of what a customer pays online that the firm pays the nearest open partner of his region."""


class Models(Policy):
    """Each channel has models of its own (X3, X7): who learnt elsewhere knows less of what is sold here."""

    unlike: Share = 0.0
    """Share of a good's worth that is lost to who learnt of another channel's model."""


class JointPlans(Policy):
    """Channels plan together (X7): hours of bosses, and fewer customers who are played off against another channel."""

    every_days: Annotated[float, Strict(), Field(ge=1, le=3660)] = 30.0
    """Days from one meeting to the next."""
    hours: NonNegative = 0.0
    """Hours of every boss at each meeting."""
    avoided: Share = 0.0
    """Share of the conflicts that customers would come to, between channels, and do not."""


class Territory(Frozen):
    """Customers whom some channels have for themselves."""

    channels: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Channels that may sell to them; no other may."""
    regions: tuple[Name, ...] = ()
    """Only these regions; empty = all."""
    products: tuple[Name, ...] = ()
    """Only these products; empty = all."""
    segments: tuple[Name, ...] = ()
    """Only these customer types; empty = all."""


class Territories(Policy):
    """Who may be sold to by whom is split (X1, X3)."""

    split: tuple[Territory, ...] = ()
    """Of several that hold a need the first one does; others are open to all."""


class RulesOfEngagement(Policy):
    """The own force leaves customers of some types to the other channels (X1)."""

    leaves: tuple[Name, ...] = ()
    """Those customer types."""


class DealRegistration(Policy):
    """Who has a need registers it (X1): the own force and partners keep away from what the other side has."""

    window_days: NonNegative = 90.0
    """Days for which a registered need is protected; then it expires."""
    missed: Share = 0.0
    """Probability that the check for duplicates misses it, and it is not protected."""


class Arbitration(Policy):
    """The head of the line that holds the account hears conflicts with partners, each need's once, before other work
    (X1, X5, X7)."""

    hours: NonNegative = 0.0
    """Hours it takes each time."""
    from_amount: Amount = 0.0
    """Only conflicts that took at least so much."""
    eased: Share = 0.0
    """Share of what a conflict that it hears does to those who meet that it takes away from then on: log-odds at a need
    that both are at, and a partner's trust."""


class ComplaintStandard(Policy):
    """Complaints are answered before all other work of customers, by partners too as far as they follow (X8)."""

    partners_follow: Share = 0.0
    """Share of the complaints that partners would leave unanswered to which they answer now."""


class Policies(Frozen):
    """All policies of an organisation; each is null where there is none."""

    shared_credit: SharedCredit | None = None
    models: Models | None = None
    joint_plans: JointPlans | None = None
    territories: Territories | None = None
    rules_of_engagement: RulesOfEngagement | None = None
    deal_registration: DealRegistration | None = None
    arbitration: Arbitration | None = None
    complaint_standard: ComplaintStandard | None = None

    @property
    def cost_per_year(self) -> float:
        """What all of them cost together, beside what goes by sales and hours."""
        parts = (getattr(self, name) for name in type(self).model_fields)
        return float(sum(part.cost_per_year for part in parts if part))
