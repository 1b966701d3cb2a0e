"""Every need comes to the market in its time: its customer chooses a way, and what he buys goes through hands. START.

chooses   the best of the open ways that he knows of (`choice.py`)
  the own force   the need goes on as a lead: it is called, routed, pursued (`simlib/model/selling.py`)
  an outlet       he buys: goods and money go from hand to hand, and are written down at once (`supply.py`)
  nowhere         he does not buy
partners  look at prices from time to time: what to ask (`own_prices.py`), where else to sell (`diversion.py`)
"""

from __future__ import annotations

from collections.abc import Callable
from math import nan
from typing import TYPE_CHECKING

from simlib.model.channels.choice import FORCE, NOWHERE, Customers, Regulars
from simlib.model.channels.diversion import Abroad
from simlib.model.channels.outlets import lay_out
from simlib.model.channels.own_prices import Review
from simlib.model.channels.prospect import Prospect
from simlib.model.channels.supply import Prices, ToOrder
from simlib.model.clock import ARRIVAL, Life, Moment, live
from simlib.units import HOURS_PER_DAY, on_grid

if TYPE_CHECKING:
    from simlib.model.firm import Firm
    from simlib.org.organisation import Organisation

_BEFORE_LEADS = 5
"""Of what happens at the same instant, a customer's choice comes before sellers learn of him."""
_BEFORE_CHOICES = _BEFORE_LEADS + 1
"""And after partners have looked at prices."""


class Open:
    """For how long a channel is open."""

    __slots__ = ("channel", "from_h", "to_h")

    def __init__(self, channel: int, from_h: float, to_h: float) -> None:
        self.channel, self.from_h, self.to_h = channel, from_h, to_h


class Marketplace:
    """Channels of one run: which are open, what each asks, and who went elsewhere than to the own force."""

    def __init__(self, firm: Firm) -> None:
        world, rule = firm.world, firm.mechanisms.buying
        self._firm = firm
        self.layout = layout = lay_out(world.scenario.channels, world.cells.regions)
        self.open: list[int] = []
        """Numbers of the channels that are open, in the design's order."""
        self.spells: list[Open] = []
        """When each was open."""
        self.elsewhere: set[int] = set()
        """Needs that the own force will never hear of."""
        self.prices = Prices(layout)
        self._supply = ToOrder(firm, layout, self.prices)
        self._abroad = Abroad(firm, layout, self.prices)
        self._customers = Customers(world, layout, rule, self._abroad.visitors) if rule else Regulars(world, layout)
        self._prospect = Prospect(world, layout, rule) if rule and firm.mechanisms.own_prices else None
        self._outlet = {outlet.number: outlet for outlet in layout.outlets}

    def adopt(self, organisation: Organisation) -> None:
        """Channels that are closed now stop costing; those of an organisation are open from now on."""
        now, end_h = self._firm.env.now, self._firm.end_h
        wanted = [self.layout.channel_names.index(name) for name in organisation.axes.channels or ()]
        for spell in self.spells:
            if spell.to_h > now and spell.channel not in wanted:
                spell.to_h = now
        self.spells += [Open(channel, now, end_h) for channel in wanted if channel not in self.open]
        self.open = wanted

    def price(self, channel: int, outlet: int) -> float:
        """What is asked at an outlet of a channel, relative to the list price."""
        return self.layout.channels[channel].price if outlet == FORCE else self.prices.asked[outlet]

    def live(self) -> Life:
        """Need after need, as they arise; those that were under way at time zero are the own force's."""
        env, needs, organisation = self._firm.env, self._firm.needs, self._firm.organisation
        shapes = organisation, *(phase.organisation for phase in organisation.later)
        if not any(shape.axes.channels for shape in shapes):
            return
        self._begin_reviews()
        for need, (at, opening) in enumerate(zip(needs["at_h"], needs["opening"], strict=True)):
            if opening:
                continue
            if at > env.now:
                yield Moment(env, at, ARRIVAL - _BEFORE_LEADS)
            if self.open:
                self._serve(need)

    def _begin_reviews(self) -> None:
        """Partners look at prices now and again and again, at what to ask before where to offer."""
        own_prices, diversion = self._firm.mechanisms.own_prices, self._firm.mechanisms.diversion
        if own_prices and self._prospect:
            review = Review(self._firm, self.layout, self.prices, self._prospect)
            live(self._again(own_prices.every_days, lambda: review.ask_anew(self.open, self.price), before=1))
        if diversion:
            live(self._again(diversion.every_days, lambda: self._abroad.look_around(self.open), before=0))

    def _again(self, every_days: float, review: Callable[[], None], *, before: int) -> Life:
        """A review now and every so many days; `before`: how far before the others of the same instant."""
        env, every_h = self._firm.env, float(on_grid(every_days * HOURS_PER_DAY))
        while True:
            review()
            yield Moment(env, env.now + every_h, ARRIVAL - _BEFORE_CHOICES - before)

    def _serve(self, need: int) -> None:
        """A customer chooses, and buys unless the own force is to come."""
        region, abroad = self._firm.needs["region"][need], self._abroad.asked

        def price(channel: int, outlet: int) -> float:
            return abroad[region, outlet] if (region, outlet) in abroad else self.price(channel, outlet)

        options = self._customers.options(need, self.open, price)
        best = options[0]
        other = next((option.channel for option in options if option.channel != best.channel), NOWHERE)
        goods, asked, paid, diverted = 0, nan, 0, (region, best.outlet) in abroad
        if best.channel != NOWHERE:
            goods, asked = self._firm.needs["value"][need], price(best.channel, best.outlet)
        if best.outlet in self._outlet:
            paid = self._supply.sell(need, self._outlet[best.outlet], asked)
            if diverted:
                self._abroad.settle(need, self._outlet[best.outlet], options)
        if best.channel == NOWHERE or best.outlet != FORCE:
            self.elsewhere.add(need)
        self._firm.journal.choices.extend(
            (need, self._firm.env.now, best.channel, best.outlet, best.learnt, other, asked, goods, paid, diverted)
        )
