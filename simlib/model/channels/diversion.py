"""Who sells outside the own region because more is asked there, and what comes of it (X3, 窜货)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simlib.ledger import PENALTY
from simlib.model.channels.choice import Visitors
from simlib.model.channels.outlets import FIRM, Layout, Outlet
from simlib.model.channels.supply import Prices
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

    def offers(self, region: int, outlet: int) -> bool:
        """Whether an outlet of another region offers goods in this one now."""
        return (region, outlet) in self.asked

    def costs(self, region: int, outlet: Outlet) -> float:
        """What a good that is sold in a region costs its seller beside what he pays for it; nothing at home."""
        return self._costs(outlet.channel) if self.offers(region, outlet.number) else 0.0

    def _costs(self, channel: int) -> float:
        """What it costs to sell a good elsewhere: the way, and the penalty that must be expected."""
        spec = self._layout.channels[channel]
        return self._rule.transport + found_share(spec, self._rule) * spec.penalty

    def police(self, need: int, outlet: Outlet) -> None:
        """A customer has bought of somebody from elsewhere: who pays the penalty if it is found."""
        firm, channel = self._firm, self._layout.channels[outlet.channel]
        chance = firm.world.dice.draw(firm.needs["keys"][need], "sale outside the region is found")
        penalty = round(firm.needs["value"][need] * channel.penalty)
        if penalty and chance < found_share(channel, self._rule):
            firm.journal.dues.extend((firm.env.now, PENALTY, penalty, outlet.number, FIRM, need))
