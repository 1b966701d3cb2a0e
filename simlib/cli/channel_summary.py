"""What was understood of channels: where each is open, who sells there, at what price, what that leaves the firm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simlib.model.channels.outlets import Outlet
    from simlib.org import Organisation
    from simlib.scenario.channels import Channel
    from simlib.scenario.schema import Scenario


def channel_summary(scenario: Scenario, organisations: Sequence[Organisation]) -> list[str]:
    """Channels as stated, then the terms on which designs have them, and what is odd about a design."""
    lines = []
    for name in scenario.channels:
        opened = [one.name for one in organisations if name in (one.axes.channels or ())]
        lines += [f"  channel     {name}: {', '.join(opened) or 'open in no design'}", _sold(scenario, name)]
    for one in organisations:
        for name in (one.axes.terms or {}) if one.axes.channels else ():
            if name in (one.axes.channels or ()):
                lines += [f"  terms       {name} in {one.name}:", _sold(scenario, name, one)]
    if any(one.axes.channels for one in organisations) and scenario.mechanisms.buying is None:
        lines.append("  channel     buying is off: every customer comes to the first channel of a design")
    return [*lines, *_idle(scenario, organisations)]


def _sold(scenario: Scenario, name: str, organisation: Organisation | None = None) -> str:
    """Who sells in a channel and at what price, by the engine's own layout."""
    from simlib.model.channels.outlets import lay_out
    from simlib.model.channels.supply import Prices
    from simlib.scenario.terms import on_terms
    from simlib.world.cells import cells_of

    channel = on_terms(scenario.channels, organisation.axes.terms if organisation else None)[name]
    layout = lay_out({name: channel}, cells_of(scenario).regions)
    prices = Prices(layout)
    asked = [prices.asked[outlet.number] for outlet in layout.outlets] or [channel.price]
    kept = [
        price * (1 - channel.commission) - channel.duty * price - channel.handling - (1 - scenario.costs.margin)
        for price in ([outlet.price for outlet in layout.outlets] or [channel.price])
    ]
    partners = len(layout.names) - len(layout.outlets)
    behind = f", {partners} partners above them" if partners else ""
    return (
        f"              {_who(channel, layout.outlets)}{behind}; customers pay {_range(asked)} of the list price, "
        f"the firm keeps {_range(kept)} of it when the good and its way are paid"
    )


def _who(channel: Channel, outlets: Sequence[Outlet]) -> str:
    if channel.pursued:
        return "the own force"
    if channel.online:
        return "one site of a partner" if channel.by_partners else "one site of the firm"
    one, many = (
        ("dealer", "dealers") if channel.tiers else ("agent", "agents") if channel.commission else ("shop", "shops")
    )
    return f"{len(outlets)} {one if len(outlets) == 1 else many}"


def _range(values: Sequence[float]) -> str:
    low, high = min(values), max(values)
    return f"{low:.2f}" if high - low < 0.005 else f"{low:.2f} to {high:.2f}"


def _idle(scenario: Scenario, organisations: Sequence[Organisation]) -> Iterator[str]:
    """Designs whose sellers no customer can come to."""
    for one in organisations:
        channels = one.axes.channels or ()
        reps = sum(position.role == "rep" for position in one.positions)
        if reps and channels and not any(scenario.channels[name].pursued for name in channels):
            rule = "no open channel is `pursued`: they sell nothing but what is under way at time zero, and are paid"
            yield f"  note        designs.{one.name}: {reps} reps, but {rule}"
