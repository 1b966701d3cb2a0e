"""What must hold between channels and the rest of a scenario: names that refer to each other, one own force."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from simlib.scenario.designs import Axes
from simlib.scenario.wording import unknown

if TYPE_CHECKING:
    from simlib.scenario.schema import Scenario

NOWHERE = "nowhere"
"""Word of the ledger for not buying."""
Found = Iterator[tuple[str, str]]


def channel_faults(scenario: Scenario) -> Found:
    """Every (path, message) that breaks a rule between channels and the other parts of a scenario."""
    yield from _chosen("organisation.channels", scenario.organisation, scenario)
    yield from _policies("organisation.policies", scenario.organisation, scenario)
    for name, design in scenario.designs.items():
        yield from _chosen(f"designs.{name}.channels", design, scenario)
        yield from _policies(f"designs.{name}.policies", design, scenario)
    if NOWHERE in scenario.channels:
        yield f"channels.{NOWHERE}", f"got {NOWHERE!r}, must be another name: it is that of not buying"
    if scenario.demand.kind == "synthetic":
        yield from _special_products(scenario)
        for name, channel in scenario.channels.items():
            for number, region in enumerate(channel.regions):
                if region not in scenario.market.regions:
                    yield f"channels.{name}.regions.{number}", unknown(region, scenario.market.regions)
            for region in channel.region_prices:
                if region not in scenario.market.regions:
                    yield f"channels.{name}.region_prices.{region}", unknown(region, scenario.market.regions)


def _policies(path: str, axes: Axes, scenario: Scenario) -> Found:
    """Policies name channels and customers that there are."""
    policies, market = axes.policies, scenario.market
    if policies is None:
        return
    names: list[tuple[str, tuple[str, ...], Collection[str]]] = []
    for number, part in enumerate(policies.territories.split if policies.territories else ()):
        place = f"{path}.territories.split.{number}"
        names.append((f"{place}.channels", part.channels, scenario.channels))
        if scenario.demand.kind == "synthetic":
            kinds = ("regions", "products", "segments")
            names += [(f"{place}.{kind}", getattr(part, kind), getattr(market, kind)) for kind in kinds]
    if policies.rules_of_engagement and scenario.demand.kind == "synthetic":
        names.append((f"{path}.rules_of_engagement.leaves", policies.rules_of_engagement.leaves, market.segments))
    for place, chosen, known in names:
        for number, name in enumerate(chosen):
            if name not in known:
                yield f"{place}.{number}", unknown(name, known)


def _special_products(scenario: Scenario) -> Found:
    known = scenario.market.products
    for name, channel in scenario.channels.items():
        for place, tier in enumerate(channel.tiers):
            for number, special in enumerate(tier.specials):
                for index, product in enumerate(special.products):
                    if product not in known:
                        path = f"channels.{name}.tiers.{place}.specials.{number}.products.{index}"
                        yield path, unknown(product, known)


def _chosen(path: str, axes: Axes, scenario: Scenario) -> Found:
    known, seen = scenario.channels, set[str]()
    for number, name in enumerate(axes.channels or ()):
        if name not in known:
            yield f"{path}.{number}", unknown(name, known)
        elif name in seen:
            yield f"{path}.{number}", f"got {name!r} a second time, must be there once"
        seen.add(name)
    pursued = [name for name in seen if name in known and known[name].pursued]
    if len(pursued) > 1:
        yield path, f"got {' and '.join(sorted(pursued))}, must have one channel that the own force pursues at most"
