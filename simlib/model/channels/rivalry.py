"""What one channel takes from another: advice that is used elsewhere, and sales beside a partner (X7, C6; W5).

Showrooming: a customer learns at an outlet and buys elsewhere. The outlet has given its hours of advice, and has lost
the sale if the customer would have bought there as one who buys where he learns. Encroachment: one of the firm's own
channels gets a customer whom a partner would have had without them. A sale is lost once: to showrooming, if that
explains it. Nothing is paid here: what the hours cost is part of what the outlet costs already.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simlib.model.channels.accords import Credit
from simlib.model.channels.choice import FORCE, NOWHERE, Option
from simlib.model.channels.outlets import Layout
from simlib.model.channels.supply import Prices
from simlib.model.conflict import ENCROACHMENT, NOBODY, SHOWROOMING, Met, in_channel
from simlib.units import minor_units

if TYPE_CHECKING:
    from simlib.model.firm import Firm


class Rivalry:
    """Writes down what channels take from each other as customers choose."""

    def __init__(self, firm: Firm, layout: Layout, prices: Prices) -> None:
        self._firm, self._layout, self._prices = firm, layout, prices
        self._outlet = {outlet.number: outlet for outlet in layout.outlets}
        self._unit_cost = 1 - firm.world.scenario.costs.margin
        self._minor = minor_units(firm.world.scenario.currency)

    def note(self, need: int, options: Sequence[Option], shared: Credit) -> None:
        """A customer has chosen the first of his options, which are sorted. `shared`: who got what of the sale."""
        best = options[0]
        if best.channel == NOWHERE:
            return
        if best.learnt != best.outlet and self._shown(need, options, shared):
            return
        if not self._layout.channels[best.channel].by_partners:
            self._encroached(need, options, shared)

    def _shown(self, need: int, options: Sequence[Option], shared: Credit) -> bool:
        """An outlet has advised a customer who buys elsewhere; whether it lost the sale by that."""
        best, outlet = options[0], self._outlet[options[0].learnt]
        channel = self._layout.channels[outlet.channel]
        lost = next(option for option in options if option.learnt == option.outlet).outlet == outlet.number
        margin = self.lost(need, outlet.number, shared) if lost else 0.0
        spent = channel.advice_hours * channel.advice_hour_cost * self._minor
        met = Met(SHOWROOMING, in_channel(outlet.number), _seller(best), need)
        self._firm.conflicts.write(met, self._firm.env.now, hours=channel.advice_hours, lost=spent + margin)
        return lost

    def _encroached(self, need: int, options: Sequence[Option], shared: Credit) -> None:
        """One of the firm's own channels has got a customer: whether a partner would have had him without them."""
        other = next(option for option in options if self._without_own(option))
        if other.channel == NOWHERE:
            return
        met = Met(ENCROACHMENT, in_channel(other.outlet), _seller(options[0]), need)
        lost = self.lost(need, other.outlet, shared)
        if shared.party != other.outlet or lost:  # who got as much as he lost has no quarrel
            self._firm.conflicts.write(met, self._firm.env.now, lost=lost)

    def _without_own(self, option: Option) -> bool:
        """Whether a way would be there without the firm's own channels: to learn and to buy."""
        channels = self._layout.channels
        places = (option.channel, self._layout.channel_of[option.learnt]) if option.learnt >= 0 else (option.channel,)
        return all(place == NOWHERE or channels[place].by_partners for place in places)

    def lost(self, need: int, number: int, shared: Credit) -> float:
        """What an outlet has lost, in minor units, if a customer bought elsewhere who would have bought there; nothing
        where it would have lost money on him."""
        return max(_less(self.margin(need, number), number, shared), 0.0)

    def margin(self, need: int, number: int) -> float:
        """What whoever sells at an outlet keeps of a sale, in minor units: a partner what he earns, an outlet of the
        firm what the firm does."""
        outlet = self._outlet[number]
        channel, asked = self._layout.channels[outlet.channel], self._prices.asked[number]
        goods: int = self._firm.needs["value"][need]
        if outlet.chain:
            return goods * (asked - self._prices.paid_by[number])
        if channel.commission:
            return goods * asked * channel.commission
        return goods * (asked - self._unit_cost - self._prices.firms[outlet.number] * channel.duty - channel.handling)


def _less(margin: float, party: int, shared: Credit) -> float:
    """What a party has lost of a sale, less what it got of it: no more than all."""
    return max(margin - shared.amount, 0.0) if shared.party == party else margin


def _seller(option: Option) -> int:
    """Who gets a customer, as a party of a conflict; nobody yet where the own force is to come."""
    return NOBODY if option.outlet == FORCE else in_channel(option.outlet)
