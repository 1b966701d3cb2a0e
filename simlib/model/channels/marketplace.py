"""Every need comes to the market in its time: its customer chooses a way, and what he buys goes through hands. START.

chooses   the best of the open ways that he knows of (`choice.py`)
  the own force   the need goes on as a lead: it is called, routed, pursued (`simlib/model/selling.py`)
  an outlet       he buys: goods and money go from hand to hand, and are written down at once (`supply.py`)
  nowhere         he does not buy
"""

from __future__ import annotations

from collections.abc import Iterator
from math import nan
from typing import TYPE_CHECKING

from simlib.model.channels.choice import FORCE, NOWHERE, Customers, Regulars
from simlib.model.channels.outlets import lay_out
from simlib.model.channels.partner_effort import strive
from simlib.model.channels.partner_review import review
from simlib.model.channels.partners import Partners
from simlib.model.channels.service import Service
from simlib.model.channels.supply import Prices, ToOrder
from simlib.model.channels.takings import Accounts
from simlib.model.channels.trust import NoTrust, Trusting, watch
from simlib.model.clock import ARRIVAL, Life, Moment, live

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
        self.service = Service(layout)
        self._own = {number for number, each in enumerate(layout.channels) if not each.tiers and not each.commission}
        """Channels in which the firm sells itself."""
        parties = len(layout.names)
        self._trusting = Trusting(firm, parties, firm.mechanisms.trust) if firm.mechanisms.trust else None
        self.trust = self._trusting or NoTrust()
        """What partners think of the firm: whoever does them harm tells it (`shaken`)."""
        self.accounts = Accounts(firm.journal, layout)
        self.partners = Partners(firm, layout, self)
        self._customers = (
            Customers(world, layout, self.service, rule) if rule else Regulars(world, layout, self.service)
        )
        self.open: list[int] = []
        """Numbers of the channels that are open, in the design's order."""
        self.spells: list[Open] = []
        """When each was open."""
        self.elsewhere: set[int] = set()
        """Needs that the own force will never hear of."""
        self.prices = Prices(layout)
        self._supply = ToOrder(firm, layout, self.prices)
        self._outlet = {outlet.number: outlet for outlet in layout.outlets}

    def adopt(self, organisation: Organisation) -> None:
        """Channels that are closed now stop costing; those of an organisation are open from now on."""
        now, end_h = self._firm.env.now, self._firm.end_h
        wanted = [self.layout.channel_names.index(name) for name in organisation.axes.channels or ()]
        for spell in self.spells:
            if spell.to_h > now and spell.channel not in wanted:
                spell.to_h = now
        before, self.open = self.open, wanted
        self.spells += [Open(channel, now, end_h) for channel in wanted if channel not in before]
        self.partners.adopt(organisation, closed=set(before) - set(wanted), opened=set(wanted) - set(before))

    def price(self, channel: int, outlet: int) -> float:
        """What is asked at an outlet of a channel, relative to the list price."""
        return self.layout.channels[channel].price if outlet == FORCE else self.prices.asked[outlet]

    def own_price(self) -> float:
        """The lowest price that the firm itself asks of customers, relative to the list price; 1 where it asks none."""
        own = [number for number in self.open if number in self._own]
        asked = [self.price(number, FORCE) for number in own if self.layout.channels[number].pursued]
        return min(
            [*asked, *(self.prices.asked[outlet.number] for outlet in self.layout.outlets if outlet.channel in own)],
            default=1.0,
        )

    def live(self) -> Life:
        """Need after need, as they arise; those that were under way at time zero are the own force's."""
        env, needs, organisation = self._firm.env, self._firm.needs, self._firm.organisation
        shapes = organisation, *(phase.organisation for phase in organisation.later)
        if not any(shape.axes.channels for shape in shapes):
            return
        for thought in self._thoughts():
            live(thought)
        for need, (at, opening) in enumerate(zip(needs["at_h"], needs["opening"], strict=True)):
            if opening:
                continue
            if at > env.now:
                yield Moment(env, at, ARRIVAL - _BEFORE_LEADS)
            if self.open:
                self._serve(need)

    def _thoughts(self) -> Iterator[Life]:
        """What partners, and the firm about them, think about again and again."""
        firm, acting = self._firm, self._firm.mechanisms
        if self._trusting and acting.trust:
            yield watch(firm, self._trusting, acting.trust.every_days)
        if acting.partner_effort:
            yield strive(firm, acting.partner_effort)
        if acting.partner_review:
            yield review(firm, acting.partner_review)

    def _serve(self, need: int) -> None:
        """A customer chooses, and buys unless the own force is to come."""
        options = self._customers.options(need, self.open, self.price)
        best = options[0]
        other = next((option.channel for option in options if option.channel != best.channel), NOWHERE)
        goods, price, paid = 0, nan, 0
        if best.channel != NOWHERE:
            goods, price = self._firm.needs["value"][need], self.price(best.channel, best.outlet)
        if best.outlet in self._outlet:
            paid = self._supply.sell(need, self._outlet[best.outlet])
            self.partners.sold(need, best.outlet)
        if best.channel in self._own and len(options) > 1:
            self.partners.lost(options[1].outlet)
        if best.channel == NOWHERE or best.outlet != FORCE:
            self.elsewhere.add(need)
        self._firm.journal.choices.extend(
            (need, self._firm.env.now, best.channel, best.outlet, best.learnt, other, price, goods, paid)
        )
