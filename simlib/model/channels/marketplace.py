"""Every need comes to the market in its time: its customer chooses a way, and what he buys goes through hands. START.

chooses   the best of the open ways that he knows of (`choice.py`)
  the own force   the need goes on as a lead: it is called, routed, pursued (`simlib/model/selling.py`)
  an outlet       he buys: goods and money go from hand to hand, and are written down at once (`supply.py`)
  nowhere         he does not buy
who comes to an outlet that has not enough in stock (`stocks.py`) goes on to the next best way
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

from simlib.model.channels.accords import NO_CREDIT, Accords
from simlib.model.channels.border import border
from simlib.model.channels.choice import FORCE, NOWHERE, Customers, Regulars
from simlib.model.channels.complaints import service
from simlib.model.channels.outlets import lay_out
from simlib.model.channels.rebates import Rebates
from simlib.model.channels.rivalry import Rivalry
from simlib.model.channels.stocks import Stocks
from simlib.model.channels.supply import Expected, Prices, ToOrder
from simlib.model.channels.trade import Trade
from simlib.model.clock import ARRIVAL, Life, Moment, live
from simlib.scenario.policies import Policies
from simlib.units import HOURS_PER_DAY

if TYPE_CHECKING:
    from simlib.model.firm import Firm
    from simlib.org.organisation import Organisation
    from simlib.scenario.stocks import Stock

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
        self._rebates = Rebates(firm, layout)
        self._trade = Trade(firm, layout, self.prices, self._rebates)
        self._supply = self._keeping(firm.mechanisms.stock)
        self.accords = Accords(firm, layout)
        self.border = border(firm, layout, self.accords)
        self.rivalry = Rivalry(firm, layout, self.prices)
        self.service = service(firm, self._customers)
        self._outlet = {outlet.number: outlet for outlet in layout.outlets}

    def _keeping(self, rule: Stock | None) -> Stocks | ToOrder:
        """Who keeps what."""
        to_order = ToOrder(self._firm, self._trade)
        if rule is None:
            return to_order
        return Stocks(self._firm, rule, self._trade, to_order)

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
        self._rebates.adopt(wanted)
        self._supply.adopt(wanted, self._expected)

    def close(self) -> None:
        """The run has ended."""
        self._supply.close()
        self._rebates.close()

    def _expected(self) -> Expected:
        """What customers would buy a day over the whole run, were nothing ever out of stock and everything as it is
        now: what who has been there for years would know, but not when."""
        needs, products = self._firm.needs, len(self._firm.world.cells.products)
        days = self._firm.end_h / HOURS_PER_DAY
        found = {outlet: [0.0] * products for outlet in self._outlet}
        for need, (opening, product, goods) in enumerate(
            zip(needs["opening"], needs["product"], needs["value"], strict=True)
        ):
            channels = self.accords.may_sell(need, self.open)
            outlet = NOWHERE if opening else self._customers.options(need, channels, self.price)[0].outlet
            if outlet in found:
                found[outlet][product] += goods / days
        return found

    def price(self, channel: int, outlet: int) -> float:
        """What is asked at an outlet of a channel, relative to the list price."""
        return self.layout.channels[channel].price if outlet == FORCE else self.prices.asked[outlet]

    def live(self) -> Life:
        """Need after need, as they arise; those that were under way at time zero are the own force's."""
        env, needs, organisation = self._firm.env, self._firm.needs, self._firm.organisation
        shapes = organisation, *(phase.organisation for phase in organisation.later)
        if not any(shape.axes.channels for shape in shapes):
            return
        live(self._rebates.live())
        live(self._supply.live())
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
        there = [option for option in options if self._supply.has(need, option.outlet)]
        best = there[0]
        in_vain = options[: options.index(best)]
        for outlet in dict.fromkeys(option.outlet for option in in_vain):
            self._supply.refuse(need, outlet)
        self.border.note(need, there, channels)
        missed = in_vain[0].outlet if in_vain else NOWHERE
        other = next((option.channel for option in there if option.channel != best.channel), NOWHERE)
        goods, price, paid, shared = 0, nan, 0, NO_CREDIT
        if best.channel != NOWHERE:
            goods, price = self._firm.needs["value"][need], self.price(best.channel, best.outlet)
        if best.outlet in self._outlet:
            paid = self._supply.sell(need, self._outlet[best.outlet])
            shared = self.accords.share(need, best, paid)
        self.rivalry.note(need, there, shared)
        self.service.chosen(need, best)
        if best.channel == NOWHERE or best.outlet != FORCE:
            self.elsewhere.add(need)
        self._firm.journal.choices.extend(
            (need, self._firm.env.now, best.channel, best.outlet, best.learnt, other, price, goods, paid, missed)
        )
