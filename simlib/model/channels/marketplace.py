"""Every need comes to the market in its time: its customer chooses a way, and what he buys goes through hands. START.

chooses   the best of the open ways that he knows of (`choice.py`)
  the own force   the need goes on as a lead: it is called, routed, pursued (`simlib/model/selling.py`)
  an outlet       he buys: goods and money go from hand to hand, and are written down at once (`supply.py`)
  nowhere         he does not buy
who comes to an outlet that has not enough in stock (`stocks.py`) goes on to the next best way
partners  look at prices from time to time: what to ask (`own_prices.py`), where else to sell (`diversion.py`)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from math import nan
from typing import TYPE_CHECKING

from simlib.model.channels.accords import NO_CREDIT, Accords
from simlib.model.channels.border import border
from simlib.model.channels.choice import FORCE, NOWHERE, Asked, Customers, Regulars
from simlib.model.channels.complaints import after_sales
from simlib.model.channels.diversion import Abroad
from simlib.model.channels.grievances import Grievances
from simlib.model.channels.outlets import lay_out
from simlib.model.channels.own_prices import Review
from simlib.model.channels.partner_effort import strive
from simlib.model.channels.partner_review import review
from simlib.model.channels.partners import Partners
from simlib.model.channels.prospect import Prospect
from simlib.model.channels.rebates import BEFORE_ORDERS, Rebates
from simlib.model.channels.rivalry import Choice, Rivalry
from simlib.model.channels.service import Service
from simlib.model.channels.stocks import Stocks
from simlib.model.channels.supply import Expected, Prices, ToOrder
from simlib.model.channels.takings import Accounts
from simlib.model.channels.trade import Trade
from simlib.model.channels.trust import NoTrust, Trusting, watch
from simlib.model.clock import ARRIVAL, Life, Moment, live
from simlib.scenario.channels import Channel
from simlib.scenario.policies import Policies
from simlib.units import HOURS_PER_DAY, on_grid

if TYPE_CHECKING:
    from simlib.model.firm import Firm
    from simlib.org.organisation import Organisation
    from simlib.scenario.stocks import Stock

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

    def __init__(self, firm: Firm, channels: Mapping[str, Channel]) -> None:
        world, rule = firm.world, firm.mechanisms.buying
        self._firm = firm
        self.layout = layout = lay_out(channels, world.cells.regions)
        self.service = Service(layout)
        self.own = {number for number, each in enumerate(layout.channels) if not each.tiers and not each.commission}
        """Channels in which the firm sells itself."""
        parties = len(layout.names)
        self._trusting = Trusting(firm, parties, firm.mechanisms.trust) if firm.mechanisms.trust else None
        self.trust = self._trusting or NoTrust()
        """What partners think of the firm: whoever does them harm tells it (`shaken`)."""
        self.accounts = Accounts(firm.journal, layout)
        self.partners = Partners(firm, layout, self)
        self.open: list[int] = []
        """Numbers of the channels that are open, in the design's order."""
        self.spells: list[Open] = []
        """When each was open."""
        self.elsewhere: set[int] = set()
        """Needs that the own force will never hear of."""
        self.prices = Prices(layout)
        self._abroad = Abroad(firm, layout, self.prices)
        self._customers = (
            Customers(world, layout, self.service, rule, self._abroad.visitors)
            if rule
            else Regulars(world, layout, self.service)
        )
        prospect = Prospect(world, layout, rule, self.service) if rule and firm.mechanisms.own_prices else None
        self._review = Review(firm, layout, self.prices, prospect) if prospect else None
        self._buying: set[int] = set()
        """Partners who buy and sell on, as all others know of them."""
        self._rebates = Rebates(firm, layout)
        self._trade = Trade(firm, layout, self.prices, self._rebates)
        self._supply = self._keeping(firm.mechanisms.stock)
        self.accords = Accords(firm, layout, self.service)
        self.border = border(firm, layout, self.accords)
        self._rivalry = Rivalry(firm, layout, self._trade, self._abroad)
        self._grievances = Grievances(firm, self)
        self.after_sales = after_sales(firm, self._customers)
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
        before, self.open = self.open, wanted
        self.spells += [Open(channel, now, end_h) for channel in wanted if channel not in before]
        self.accords.adopt(organisation.axes.policies or Policies())
        self._customers.meet(comparable=self.accords.comparable, going=self.accords.unplanned)
        self.partners.adopt(organisation, closed=set(before) - set(wanted), opened=set(wanted) - set(before))
        self.meet()

    def expect_change(self) -> None:
        """Somebody begins to sell now, or leaves: all will know before orders and the next customer, and of all who do
        so at the same instant at once."""
        Moment(self._firm.env, self._firm.env.now, ARRIVAL - BEFORE_ORDERS + 1, lambda _: self.meet())

    def meet(self) -> None:
        """All learn who buys and sells on now: partners' accounts, then their prices, then their stock."""
        before, self._buying = self._buying, self.partners.buying()
        self._rebates.adopt(self._buying)
        if come := self._buying - before:
            self._ask_anew(come)
            self._look_around()
        self._supply.adopt(self._buying, self._expected)

    def close(self) -> None:
        """The run has ended."""
        self._supply.close()
        self._rebates.close()

    def _expected(self, outlets: Collection[int]) -> Expected:
        """What customers would buy a day at some outlets over the whole run, were nothing ever out of stock and
        everything as it is now: what who has been there for years would know, but not when."""
        needs, products = self._firm.needs, len(self._firm.world.cells.products)
        days = self._firm.end_h / HOURS_PER_DAY
        found = {outlet: [0.0] * products for outlet in outlets}
        regions = {self._outlet[outlet].region for outlet in outlets}
        regions |= {region for region, outlet in self._abroad.asked if outlet in found}
        for need, (opening, region, product, goods) in enumerate(
            zip(needs["opening"], needs["region"], needs["product"], needs["value"], strict=True)
        ):
            if opening or regions.isdisjoint((region, -1)):
                continue
            channels = self.accords.may_sell(need, self.open)
            outlet = self._customers.options(need, channels, self._asked_of(need))[0].outlet
            if outlet in found:
                found[outlet][product] += goods / days
        return found

    def price(self, channel: int, outlet: int) -> float:
        """What is asked at an outlet of a channel, relative to the list price."""
        return self.layout.channels[channel].price if outlet == FORCE else self.prices.asked[outlet]

    def _asked_of(self, need: int) -> Asked:
        """What is asked of the customer of a need, by channel and outlet: in his region."""
        region, abroad = self._firm.needs["region"][need], self._abroad.asked
        if not abroad:
            return self.price

        def price(channel: int, outlet: int) -> float:
            return abroad[region, outlet] if (region, outlet) in abroad else self.price(channel, outlet)

        return price

    def own_price(self) -> float:
        """The lowest price that the firm itself asks of customers, relative to the list price; 1 where it asks none."""
        own = [number for number in self.open if number in self.own]
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
        self._begin_reviews()
        live(self._rebates.live())
        live(self._supply.live())
        for thought in self._thoughts():
            live(thought)
        for need, (at, opening) in enumerate(zip(needs["at_h"], needs["opening"], strict=True)):
            if opening:
                continue
            if at > env.now:
                yield Moment(env, at, ARRIVAL - _BEFORE_LEADS)
            if self.open:
                self._serve(need)

    def _begin_reviews(self) -> None:
        """Partners look at prices again and again, at what to ask before where to offer."""
        own_prices, diversion = self._firm.mechanisms.own_prices, self._firm.mechanisms.diversion
        if own_prices:
            live(self._again(own_prices.every_days, lambda: self._ask_anew(self._buying), before=1))
        if diversion:
            live(self._again(diversion.every_days, self._look_around, before=0))

    def _again(self, every_days: float, review: Callable[[], None], *, before: int) -> Life:
        """A review every so many days; `before`: how far before the others of the same instant."""
        env, every_h = self._firm.env, float(on_grid(every_days * HOURS_PER_DAY))
        while True:
            yield Moment(env, env.now + every_h, ARRIVAL - _BEFORE_CHOICES - before)
            review()

    def _ask_anew(self, partners: Collection[int]) -> None:
        """Some partners look at what they ask."""
        if self._review:
            self._review.ask_anew(partners, self._offered, self.price)

    def _look_around(self) -> None:
        """Partners look at where to offer."""
        if self._firm.mechanisms.diversion:
            self._abroad.look_around(self.open)

    def _offered(self, region: int, product: int, segment: int) -> Sequence[int]:
        """Channels that may sell to customers of a region, product and segment now."""
        return self.accords.may_sell_to((region, product, segment), self.open)

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
        price = self._asked_of(need)
        channels = self.accords.may_sell(need, self.open)
        ways, pleased = self.after_sales.ways(need, channels, price)
        there = [way for way in ways if self._supply.has(need, way.outlet)]
        best = there[0]
        would = next(way for way in pleased if self._supply.has(need, way.outlet))
        in_vain = ways[: ways.index(best)]
        for outlet in dict.fromkeys(way.outlet for way in in_vain):
            self._supply.refuse(need, outlet)
        self.border.note(need, there, channels)
        missed = in_vain[0].outlet if in_vain else NOWHERE
        other = next((way.channel for way in there if way.channel != best.channel), NOWHERE)
        goods, asked, paid, shared = 0, nan, 0, NO_CREDIT
        diverted = self._abroad.offers(self._firm.needs["region"][need], best.outlet)
        if best.channel != NOWHERE:
            goods, asked = self._firm.needs["value"][need], price(best.channel, best.outlet)
        if best.outlet in self._outlet:
            paid = self._supply.sell(need, self._outlet[best.outlet], asked)
            shared = self.accords.share(need, best, paid)
            self.partners.sold(need, best.outlet)
        if diverted:
            self._abroad.police(need, self._outlet[best.outlet])
        choice = Choice(need, there, would, price, shared)
        if loss := self._rivalry.note(choice):
            self._grievances.lost(choice, loss)
        self.after_sales.chosen(need, best)
        if best.channel == NOWHERE or best.outlet != FORCE:
            self.elsewhere.add(need)
        self._firm.journal.choices.extend(
            (
                need,
                self._firm.env.now,
                best.channel,
                best.outlet,
                best.learnt,
                other,
                asked,
                goods,
                paid,
                missed,
                diverted,
            )
        )
