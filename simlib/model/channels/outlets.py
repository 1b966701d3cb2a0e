"""Who sells where: the outlets of every channel, and the partners behind them, each with a number and a name (C2, C7).

Which channels are open is the design's, and so may be how many stand there; who has the same name is the same in all
designs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simlib.scenario.channels import Channel, Tier

FIRM, CUSTOMERS, SUPPLIERS = -1, -2, -3
"""Codes of parties beside those who sell in channels, who are numbered from 0."""


@dataclass(frozen=True)
class Outlet:
    """Where customers learn and buy."""

    number: int
    """Among all parties of all channels."""
    channel: int
    region: int
    """-1 = all of them, online."""
    place: float
    """Where along the region, from 0 to 1."""
    chain: tuple[int, ...]
    """Partners through whose hands goods come, from the firm outwards, this one last; none where the firm sells."""
    price: float
    """What the firm asks there, of customers or of the first tier, relative to the list price."""


@dataclass(frozen=True)
class Layout:
    """All outlets, and the names of all parties."""

    channels: tuple[Channel, ...]
    channel_names: tuple[str, ...]
    outlets: tuple[Outlet, ...]
    names: tuple[str, ...]
    """Of every party, outlets and the partners above them, by number."""
    channel_of: tuple[int, ...]
    """By party, the number of the channel."""

    def of_channel(self, channel: int, region: int) -> list[Outlet]:
        """Outlets of a channel that a customer of a region can go to, along the region."""
        return [o for o in self.outlets if o.channel == channel and o.region in (region, -1)]


@dataclass(frozen=True)
class Partner:
    """Who buys and sells on."""

    party: int
    channel: int
    tier: Tier
    depth: int
    """0 = of the firm."""
    above: int
    """Of whom he buys: another partner, or the firm."""


def partners_of(layout: Layout) -> list[Partner]:
    """All partners, those who serve customers first, then those above them, tier by tier: as orders go."""
    found = {}
    for outlet in layout.outlets:
        tiers, above = layout.channels[outlet.channel].tiers, FIRM
        for depth, party in enumerate(outlet.chain):
            found[party] = Partner(party, outlet.channel, tiers[depth], depth, above)
            above = party
    return sorted(found.values(), key=lambda partner: (-partner.depth, partner.party))


def lay_out(channels: Mapping[str, Channel], regions: Sequence[str]) -> Layout:
    """Number and name everybody who sells beside the own force."""
    outlets: list[Outlet] = []
    names: list[str] = []
    channel_of: list[int] = []
    for number, (name, channel) in enumerate(channels.items()):
        here = [region for region, known in enumerate(regions) if not channel.regions or known in channel.regions]
        for region in () if channel.pursued else (-1,) if channel.online else here:
            place = name if region < 0 else f"{name}/{regions[region]}"
            price = channel.price * (1.0 if region < 0 else channel.region_prices.get(regions[region], 1.0))
            chains = _chains(channel, first=len(names))
            parties = sorted({party for chain in chains for party in chain})
            last = [chain[-1] for chain in chains]
            outlets += [
                Outlet(chain[-1], number, region, (index + 0.5) / len(chains), chain if channel.tiers else (), price)
                for index, chain in enumerate(chains)
            ]
            above = [party for party in parties if party not in last]
            names += [f"{place}/{index + 1}" for index in range(len(last))]
            names += [f"{place}/above {index + 1}" for index in range(len(above))]
            channel_of += [number] * len(parties)
    return Layout(tuple(channels.values()), tuple(channels), tuple(outlets), tuple(names), tuple(channel_of))


def _chains(channel: Channel, *, first: int) -> list[tuple[int, ...]]:
    """Of each outlet of a region, the parties from the firm outwards; outlets are numbered first, then who serves them,
    tier by tier."""
    chains: list[tuple[int, ...]] = [(first + index,) for index in range(channel.outlets)]
    places, begins = list(range(channel.outlets)), first + channel.outlets
    for tier in reversed(channel.tiers[:-1]):
        places = [place // tier.serves for place in places]
        chains = [(begins + place, *chain) for place, chain in zip(places, chains, strict=True)]
        begins += places[-1] + 1
    return chains
