"""What must hold between channels and the rest of a scenario: names that refer to each other, one own force."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simlib.scenario.designs import Axes
from simlib.scenario.wording import unknown

if TYPE_CHECKING:
    from simlib.scenario.schema import Scenario

Found = Iterator[tuple[str, str]]


def channel_faults(scenario: Scenario) -> Found:
    """Every (path, message) that breaks a rule between channels and the other parts of a scenario."""
    yield from _chosen("organisation.channels", scenario.organisation, scenario)
    for name, design in scenario.designs.items():
        yield from _chosen(f"designs.{name}.channels", design, scenario)
    if scenario.demand.kind == "synthetic":
        for name, channel in scenario.channels.items():
            for number, region in enumerate(channel.regions):
                if region not in scenario.market.regions:
                    yield f"channels.{name}.regions.{number}", unknown(region, scenario.market.regions)
            for region in channel.region_prices:
                if region not in scenario.market.regions:
                    yield f"channels.{name}.region_prices.{region}", unknown(region, scenario.market.regions)


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
