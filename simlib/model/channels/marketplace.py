"""Every need comes to the market in its time: its customer chooses a way, and what he buys goes through hands. START.

chooses   the best of the open ways that he knows of (`choice.py`)
  the own force   the need goes on as a lead: it is called, routed, pursued (`simlib/model/selling.py`)
  an outlet       he buys: goods and money go from hand to hand, and are written down at once (`supply.py`)
  nowhere         he does not buy
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

from simlib.model.channels.accords import NO_CREDIT, Accords
from simlib.model.channels.border import border
from simlib.model.channels.choice import FORCE, NOWHERE, Customers, Regulars
from simlib.model.channels.complaints import service
from simlib.model.channels.outlets import lay_out
from simlib.model.channels.rivalry import Rivalry
from simlib.model.channels.supply import Prices, ToOrder
from simlib.model.clock import ARRIVAL, Life, Moment
from simlib.scenario.policies import Policies

if TYPE_CHECKING:
    from simlib.model.firm import Firm
    from simlib.org.organisation import Organisation

_BEFORE_LEADS = 5
"""Of what happens at the same instant, a customer's choice comes before sellers learn of him."""


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
        self._customers = Customers(world, layout, rule) if rule else Regulars(world, layout)
        self.open: list[int] = []
        """Numbers of the channels that are open, in the design's order."""
        self.spells: list[Open] = []
        """When each was open."""
        self.elsewhere: set[int] = set()
        """Needs that the own force will never hear of."""
        self.prices = Prices(layout)
        self._supply = ToOrder(firm, layout, self.prices)
        self.accords = Accords(firm, layout)
        self.border = border(firm, layout, self.accords)
        self.rivalry = Rivalry(firm, layout, self.prices)
        self.service = service(firm, self._customers)
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
        self.accords.adopt(organisation.axes.policies or Policies())
        self._customers.meet(comparable=self.accords.comparable, going=self.accords.unplanned)

    def price(self, channel: int, outlet: int) -> float:
        """What is asked at an outlet of a channel, relative to the list price."""
        return self.layout.channels[channel].price if outlet == FORCE else self.prices.asked[outlet]

    def live(self) -> Life:
        """Need after need, as they arise; those that were under way at time zero are the own force's."""
        env, needs, organisation = self._firm.env, self._firm.needs, self._firm.organisation
        shapes = organisation, *(phase.organisation for phase in organisation.later)
        if not any(shape.axes.channels for shape in shapes):
            return
        for need, (at, opening) in enumerate(zip(needs["at_h"], needs["opening"], strict=True)):
            if opening:
                continue
            if at > env.now:
                yield Moment(env, at, ARRIVAL - _BEFORE_LEADS)
            if self.open:
                self._serve(need)

    def _serve(self, need: int) -> None:
        """A customer chooses, and buys unless the own force is to come."""
        channels = self.accords.may_sell(need, self.open)
        options = self.service.options(need, channels)
        self.border.note(need, options, channels)
        best = options[0]
        other = next((option.channel for option in options if option.channel != best.channel), NOWHERE)
        goods, price, paid, shared = 0, nan, 0, NO_CREDIT
        if best.channel != NOWHERE:
            goods, price = self._firm.needs["value"][need], self.price(best.channel, best.outlet)
        if best.outlet in self._outlet:
            paid = self._supply.sell(need, self._outlet[best.outlet])
            shared = self.accords.share(need, best, paid)
        self.rivalry.note(need, options, shared)
        self.service.chosen(need, best)
        if best.channel == NOWHERE or best.outlet != FORCE:
            self.elsewhere.add(need)
        self._firm.journal.choices.extend(
            (need, self._firm.env.now, best.channel, best.outlet, best.learnt, other, price, goods, paid)
        )
