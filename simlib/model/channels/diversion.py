"""Who sells outside the own region because more is asked there, and what comes of it (X3, 窜货)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simlib.ledger import PENALTY
from simlib.model.channels.choice import Option, Visitors
from simlib.model.channels.outlets import FIRM, Layout, Outlet
from simlib.model.channels.supply import Prices
from simlib.model.conflict import DIVERSION, Met, in_channel
from simlib.scenario.channels import Channel
from simlib.scenario.prices import Diversion

if TYPE_CHECKING:
    from simlib.model.firm import Firm


def found_share(channel: Channel, rule: Diversion) -> float:
    """Probability that a sale outside the region is found: 1 − 2^(−e/h), e what policing costs a year. Whoever looks
    comes by at a rate that money buys, and finds what was sold since he came last (no looks: e^(−rate))."""
    return 1 - float(2 ** (-channel.policing_per_year / rule.half_found_per_year))


def asked_abroad(there: float, *, here: float, costs: float) -> float | None:
    """What is asked in a region where the cheapest asks `there` by who asks `here` at home and has `costs` (transport,
    and the penalty that he must expect) for each good: half of what is left below `there`; None where nothing is."""
    left = there - here - costs
    return there - left / 2 if left > 0 else None


class Abroad:
    """What is offered outside the own region now; nothing unless partners look (diversion on)."""

    def __init__(self, firm: Firm, layout: Layout, prices: Prices) -> None:
        self._firm, self._layout, self._prices = firm, layout, prices
        self._rule = firm.mechanisms.diversion or Diversion()
        self._outlet = {outlet.number: outlet for outlet in layout.outlets}
        self.asked: dict[tuple[int, int], float] = {}
        """By region and outlet of another one, the price asked there."""
        self.visitors: Visitors = {}

    def look_around(self, channels: Sequence[int]) -> None:
        """Partners of open channels who sell decide where to offer goods, given what is asked now."""
        self.asked.clear()
        self.visitors.clear()
        asked = self._prices.asked
        for channel in channels:
            there = [outlet for outlet in self._layout.outlets if outlet.channel == channel and outlet.chain]
            outlets = [outlet for outlet in there if self._firm.market.service.sells[outlet.number]]
            for region in sorted({outlet.region for outlet in outlets}):
                cheapest = min(asked[outlet.number] for outlet in outlets if outlet.region == region)
                for outlet in outlets:
                    if outlet.region != region:
                        price = asked_abroad(cheapest, here=asked[outlet.number], costs=self._costs(channel))
                        if price is not None:
                            self.asked[region, outlet.number] = price
                            self.visitors.setdefault((region, channel), []).append(outlet)

    def _costs(self, channel: int) -> float:
        """What a good that is sold elsewhere costs its seller beside what he pays for it."""
        spec = self._layout.channels[channel]
        return self._rule.transport + found_share(spec, self._rule) * spec.penalty

    def settle(self, need: int, outlet: Outlet, options: Sequence[Option]) -> None:
        """A customer bought of somebody from elsewhere: who lost the sale, and whether it is found."""
        firm, region = self._firm, self._firm.needs["region"][need]
        goods = firm.needs["value"][need]
        loser = next(o for o in options if o.outlet != outlet.number and (region, o.outlet) not in self.asked)
        if loser.outlet in self._outlet:
            lost = firm.market.rivalry.margin(need, loser.outlet)
            met = Met(DIVERSION, in_channel(outlet.number), in_channel(loser.outlet), need)
            firm.conflicts.write(met, firm.env.now, lost=lost)
        channel = self._layout.channels[outlet.channel]
        chance = firm.world.dice.draw(firm.needs["keys"][need], "sale outside the region is found")
        penalty = round(goods * channel.penalty)
        if penalty and chance < found_share(channel, self._rule):
            firm.journal.dues.extend((firm.env.now, PENALTY, penalty, outlet.number, FIRM, need))
