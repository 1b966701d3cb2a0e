"""What a scenario may say of money (K6)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict

from simlib.scenario.types import Amount, Frozen, NonNegative, Positive, Share


class Costs(Frozen):
    """Money, in the scenario's currency (K6)."""

    rep_per_year: Amount = 0.0
    """Fixed cost of one rep."""
    layer_pay_ratio: Annotated[float, Strict(), Field(gt=0, le=20)] = 1.6
    """What a person costs relative to the layer below."""
    people_per_year: Amount | None = None
    """Annual fixed people cost that every design may spend; null = what the baseline design costs with
    `people.rep.count` reps."""
    margin: Share = 1.0
    """Contribution margin on revenue, before selling cost."""
    visit_hour: Amount = 0.0
    """Cost of one hour of travel (tickets, fuel, nights), beside the person's pay."""
    unsound_loss_share: NonNegative = 1.0
    """Loss on an unsound deal that was signed, as a share of its value."""
    default_after_days: Positive = 60.0
    """Days from its signature until an unsound deal turns bad: when credit for it is taken back."""
    marketing_per_lead: Amount = 0.0
    """Counted, no effect."""
    tools_per_head_per_year: Amount = 0.0
    """Counted, no effect."""
    training_per_head_per_year: Amount = 0.0
    """Counted, no effect."""
    other_per_year: Amount = 0.0
    """Counted, no effect."""
