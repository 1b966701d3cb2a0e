"""What one channel takes from another at a customer, and to which one cause it is laid (X3, X7, X8, C6; W5).

A sale is lost once: of whoever would have had a customer but for a conflict, one loses the margin, to one cause. Each
cause is tried alone: where would he have bought without it? Of several that each explain the sale, it is laid to the
one that was there first:

complaint      his account was left without an answer, and stays away from where he would have bought
diversion      he buys of a partner from another region, and would have bought of an outlet without those
showrooming    he learns at an outlet and buys elsewhere, and would have bought there as one who buys where he learns
encroachment   he buys of the firm itself, and would have bought of a partner without the firm's own channels

Nothing is paid here: what is lost is a part of what others have or nobody has, and the hours of advice are part of what
the outlet costs already.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from simlib.model.channels.accords import Credit
from simlib.model.channels.choice import FORCE, NOWHERE, Asked, Option
from simlib.model.channels.diversion import Abroad
from simlib.model.channels.outlets import Layout
from simlib.model.channels.trade import Trade
from simlib.model.conflict import COMPLAINED, DIVERSION, ENCROACHMENT, NOBODY, SHOWROOMING, Met, in_channel
from simlib.units import minor_units

if TYPE_CHECKING:
    from simlib.model.firm import Firm


class Choice(NamedTuple):
    """What a customer has chosen, and from what."""

    need: int
    ways: Sequence[Option]
    """All that were there, the one that he has chosen first."""
    pleased: Option
    """What he would have chosen, had every complaint of his account been answered."""
    asked: Asked
    """Of him."""
    shared: Credit
    """Who got what of the sale."""


class Loss(NamedTuple):
    """What somebody has lost of a sale, and to what."""

    kind: int
    way: Option
    """How the customer would have bought of him."""
    amount: float
    """His margin, less what he got of the sale, in minor units; 0 where that is as much, or he would have earned
    nothing."""


class Rivalry:
    """Writes down what channels take from each other as customers choose."""

    def __init__(self, firm: Firm, layout: Layout, trade: Trade, abroad: Abroad) -> None:
        self._firm, self._layout, self._abroad = firm, layout, abroad
        self._prices, self._exchange = trade.prices, trade.exchange
        self._outlet = {outlet.number: outlet for outlet in layout.outlets}
        self._unit_cost = 1 - firm.world.scenario.costs.margin
        self._minor = minor_units(firm.world.scenario.currency)
        self._causes = (
            (COMPLAINED, self._but_for_a_complaint),
            (DIVERSION, self._without_visitors),
            (SHOWROOMING, self._without_looking_elsewhere),
            (ENCROACHMENT, self._without_own_channels),
        )
        """Which way a customer would have gone without each of them, the first to be asked first."""

    def note(self, choice: Choice) -> Loss | None:
        """Who has lost the sale to a customer, if anybody has; and all that it took of others is written down."""
        ways = ((kind, without(choice)) for kind, without in self._causes)
        lost = next((Loss(kind, way, self._lost(choice, way)) for kind, way in ways if way), None)
        best = choice.ways[0]
        if best.learnt != best.outlet:
            self._write_advice(choice, lost)
        if lost and lost.kind != SHOWROOMING and lost.amount:
            met = Met(lost.kind, self._party(choice.need, lost.way), _seller(best), choice.need)
            self._firm.conflicts.write(met, self._firm.env.now, lost=lost.amount)
        return lost

    def _write_advice(self, choice: Choice, lost: Loss | None) -> None:
        """An outlet has advised a customer who buys elsewhere: its hours, and the sale if it lost it by that."""
        best = choice.ways[0]
        channel = self._layout.channels[self._layout.channel_of[best.learnt]]
        spent = channel.advice_hours * channel.advice_hour_cost * self._minor
        margin = lost.amount if lost and lost.kind == SHOWROOMING else 0.0
        met = Met(SHOWROOMING, in_channel(best.learnt), _seller(best), choice.need)
        self._firm.conflicts.write(met, self._firm.env.now, hours=channel.advice_hours, lost=spent + margin)

    def _but_for_a_complaint(self, choice: Choice) -> Option | None:
        return choice.pleased if choice.pleased.channel != choice.ways[0].channel else None

    def _without_visitors(self, choice: Choice) -> Option | None:
        region = self._firm.needs["region"][choice.need]
        if not self._abroad.offers(region, choice.ways[0].outlet):
            return None
        way = next(way for way in choice.ways if not self._abroad.offers(region, way.outlet))
        return way if way.outlet in self._outlet else None

    def _without_looking_elsewhere(self, choice: Choice) -> Option | None:
        learnt = choice.ways[0].learnt
        if learnt == choice.ways[0].outlet:
            return None
        way = next(way for way in choice.ways if way.learnt == way.outlet)
        return way if way.outlet == learnt else None

    def _without_own_channels(self, choice: Choice) -> Option | None:
        best = choice.ways[0]
        if best.channel == NOWHERE or self._layout.channels[best.channel].by_partners:
            return None
        way = next(way for way in choice.ways if self._of_partners(way))
        return way if way.channel != NOWHERE else None

    def _of_partners(self, way: Option) -> bool:
        """Whether a way would be there without the firm's own channels: to learn and to buy."""
        channels = self._layout.channels
        places = (way.channel, self._layout.channel_of[way.learnt]) if way.learnt >= 0 else (way.channel,)
        return all(place == NOWHERE or channels[place].by_partners for place in places)

    def _lost(self, choice: Choice, way: Option) -> float:
        margin = self._margin(choice, way)
        got = choice.shared.amount if choice.shared.party == way.outlet else 0
        return max(margin - got, 0.0)

    def _margin(self, choice: Choice, way: Option) -> float:
        """What whoever sells in some way would have kept of the sale, in minor units: a partner what he earns, an
        outlet of the firm what the firm does, the own force what the firm can expect."""
        firm, need = self._firm, choice.need
        goods: int = firm.needs["value"][need]
        if way.outlet == FORCE:
            first: int = firm.needs["first_stage"][need]
            return firm.way.margin_at_stake(need, first) * firm.way.base_probability[first]
        outlet, channel = self._outlet[way.outlet], self._layout.channels[way.channel]
        rate = self._exchange.rate(way.outlet)
        asked = choice.asked(way.channel, way.outlet) * rate
        if outlet.chain:
            brought = self._abroad.costs(firm.needs["region"][need], outlet)
            return goods * (asked - self._prices.paid_by[way.outlet] * rate - brought)
        if channel.commission:
            return goods * asked * channel.commission
        duty = self._prices.firms[way.outlet] * rate * channel.duty
        return goods * (asked - self._unit_cost - duty - channel.handling)

    def _party(self, need: int, way: Option) -> int:
        """Who sells in some way, as a party of a conflict: of the own force whoever has the account on his list."""
        if way.outlet != FORCE:
            return in_channel(way.outlet)
        owner: int = self._firm.assigned.leg_of[0].owners[need]
        return owner


def _seller(way: Option) -> int:
    """Who gets a customer, as a party of a conflict; nobody yet where the own force is to come, or he stays away."""
    return NOBODY if way.outlet == FORCE else in_channel(way.outlet)
