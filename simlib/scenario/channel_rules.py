"""What must hold between channels and the rest of a scenario: names that refer to each other, one own force."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from simlib.scenario.channels import Channel
from simlib.scenario.designs import Axes, Design, resolve
from simlib.scenario.terms import Terms, on_terms, term_faults
from simlib.scenario.wording import choice, shown, unknown

if TYPE_CHECKING:
    from simlib.scenario.schema import Scenario

NOWHERE = "nowhere"
"""Word of the ledger for not buying."""
Found = Iterator[tuple[str, str]]


def channel_faults(scenario: Scenario) -> Found:
    """Every (path, message) that breaks a rule between channels and the other parts of a scenario."""
    if NOWHERE in scenario.channels:
        yield f"channels.{NOWHERE}", f"got {NOWHERE!r}, must be another name: it is that of not buying"
    for name, channel in scenario.channels.items():
        yield from _places(f"channels.{name}", channel, scenario)
    yield from _axes("organisation", scenario.organisation, scenario.organisation.terms, scenario)
    for name, design in scenario.designs.items():
        terms = scenario.organisation.terms if design.terms is None else design.terms
        yield from _axes(f"designs.{name}", design, terms, scenario)
        yield from _kept(name, design, scenario)


def _axes(path: str, axes: Axes, terms: Terms | None, scenario: Scenario) -> Found:
    """What a design, or what all of them, say of channels. `terms`: those that hold for it, stated here or not."""
    yield from _policies(f"{path}.policies", axes, scenario)
    yield from _terms(f"{path}.terms", axes.terms, scenario)
    if not list(_terms("", terms, scenario)):
        yield from _chosen(f"{path}.channels", axes, on_terms(scenario.channels, terms))


def _terms(path: str, terms: Terms | None, scenario: Scenario) -> Found:
    """Terms are of channels that there are, and leave them channels."""
    for name, stated in (terms or {}).items():
        channel = scenario.channels.get(name)
        if channel is None:
            yield f"{path}.{name}", unknown(name, scenario.channels)
            continue
        if stated.get("pursued", channel.pursued) != channel.pursued:
            yield f"{path}.{name}.pursued", f"got {shown(stated['pursued'])}, must be as the channel has it"
            continue
        found = [(f"{path}.{name}.{key}", message) for key, message in term_faults(channel, stated)]
        yield from found or _places(f"{path}.{name}", on_terms({name: channel}, {name: stated})[name], scenario)


def _kept(name: str, design: Design, scenario: Scenario) -> Found:
    """A design that becomes another one keeps its terms."""
    change = design.becomes
    if change is None or change.design not in scenario.designs:
        return
    its = resolve(scenario.designs[change.design], scenario.organisation).terms or {}
    mine = resolve(design, scenario.organisation).terms or {}
    different = sorted(channel for channel in {*mine, *its} if mine.get(channel) != its.get(channel))
    if different:
        met = f"got other terms for {choice(different)} than {shown(change.design)}, which it becomes"
        yield f"designs.{name}.terms", f"{met}; must be the same in both (or open another channel there)"


def _places(path: str, channel: Channel, scenario: Scenario) -> Found:
    """Regions and products that a channel names are those of the market; a replayed log may know more."""
    if scenario.demand.kind != "synthetic":
        return
    regions, products = scenario.market.regions, scenario.market.products
    names: list[tuple[str, str, Collection[str]]]
    names = [(f"regions.{number}", region, regions) for number, region in enumerate(channel.regions)]
    names += [(f"region_prices.{region}", region, regions) for region in channel.region_prices]
    for place, tier in enumerate(channel.tiers):
        for number, special in enumerate(tier.specials):
            at = f"tiers.{place}.specials.{number}.products"
            names += [(f"{at}.{index}", product, products) for index, product in enumerate(special.products)]
    for key, name, known in names:
        if name not in known:
            yield f"{path}.{key}", unknown(name, known)


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


def _chosen(path: str, axes: Axes, known: Mapping[str, Channel]) -> Found:
    seen = set[str]()
    for number, name in enumerate(axes.channels or ()):
        if name not in known:
            yield f"{path}.{number}", unknown(name, known)
        elif name in seen:
            yield f"{path}.{number}", f"got {name!r} a second time, must be there once"
        seen.add(name)
    pursued = [name for name in seen if name in known and known[name].pursued]
    if len(pursued) > 1:
        yield path, f"got {' and '.join(sorted(pursued))}, must have one channel that the own force pursues at most"
