"""What was understood of channels: where each is open, who sells there, at what price, what that leaves the firm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simlib.model.channels.outlets import Outlet, lay_out
from simlib.model.channels.supply import Prices
from simlib.org import Organisation
from simlib.report.summary import item, line
from simlib.report.words import Words
from simlib.scenario.channels import Channel
from simlib.scenario.schema import Scenario
from simlib.scenario.terms import on_terms
from simlib.world.cells import cells_of


def channel_summary(scenario: Scenario, organisations: Sequence[Organisation], w: Words) -> list[str]:
    """Channels as stated, then the terms on which designs have them, and what is odd about a design."""
    lines = []
    for name in scenario.channels:
        opened = [one.name for one in organisations if name in (one.axes.channels or ())]
        lines.append(line(w("check.channel"), item(w, name, w("join.parts").join(opened) or w("check.no_design"))))
        lines.append(line("", _sold(scenario, name, None, w)))
    for one in organisations:
        for name in (one.axes.terms or {}) if one.axes.channels else ():
            if name in (one.axes.channels or ()):
                lines.append(line(w("check.terms"), w("check.terms_in", channel=name, design=one.name)))
                lines.append(line("", _sold(scenario, name, one, w)))
    if any(one.axes.channels for one in organisations) and scenario.mechanisms.buying is None:
        lines.append(line(w("check.channel"), w("check.no_buying")))
    return [*lines, *_idle(scenario, organisations, w)]


def _sold(scenario: Scenario, name: str, organisation: Organisation | None, w: Words) -> str:
    """Who sells in a channel and at what price, by the engine's own layout."""
    channel = on_terms(scenario.channels, organisation.axes.terms if organisation else None)[name]
    layout = lay_out({name: channel}, cells_of(scenario).regions)
    prices = Prices(layout)
    asked = [prices.asked[outlet.number] for outlet in layout.outlets] or [channel.price]
    kept = [
        price * (1 - channel.commission) - channel.duty * price - channel.handling - (1 - scenario.costs.margin)
        for price in ([outlet.price for outlet in layout.outlets] or [channel.price])
    ]
    who, above = _who(channel, layout.outlets, w), len(layout.names) - len(layout.outlets)
    return w(
        "check.sold",
        who=w("check.with_partners", who=who, count=str(above)) if above else who,
        asked=_range(asked, w),
        kept=_range(kept, w),
    )


def _who(channel: Channel, outlets: Sequence[Outlet], w: Words) -> str:
    if channel.pursued:
        return w("check.own_force")
    if channel.online:
        return w("check.site_of_partner" if channel.by_partners else "check.site_of_firm")
    kind = "dealer" if channel.tiers else "agent" if channel.commission else "shop"
    return w(f"check.{kind}{'' if len(outlets) == 1 else 's'}", count=str(len(outlets)))


def _range(values: Sequence[float], w: Words) -> str:
    low, high = min(values), max(values)
    return f"{low:.2f}" if high - low < 0.005 else w("interval.from_to", low=f"{low:.2f}", high=f"{high:.2f}")


def _idle(scenario: Scenario, organisations: Sequence[Organisation], w: Words) -> Iterator[str]:
    """Designs whose sellers no customer can come to."""
    for one in organisations:
        channels = one.axes.channels or ()
        reps = sum(position.role == "rep" for position in one.positions)
        if reps and channels and not any(scenario.channels[name].pursued for name in channels):
            yield line(w("check.note"), item(w, f"designs.{one.name}", w("check.idle_reps", count=str(reps))))
