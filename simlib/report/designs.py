"""How is a design told in words? On which axes it departs from the plain one, and what its units are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator

from simlib.org.organisation import Organisation
from simlib.report.words import Words
from simlib.scenario.designs import DEFAULT_AXES, Axes, Overlay
from simlib.scenario.policies import Policies
from simlib.scenario.schema import Scenario

_JOINTS = re.compile(r"( / | \+ )")
_SIZE = re.compile(r"(?P<below>below )?(?P<start>from )?(?P<low>[\d,.]+)(?: to (?P<high>[\d,.]+))?")
"""A size band as `simlib.world.cells` names it."""
RULES = ("remote_share", "clarity", "review_days", "list_overlap", "routing", "engagement")
"""Axes of how people work, told where a design departs from what the scenario says for all."""


def departures(w: Words, organisation: Organisation, scenario: Scenario) -> list[str]:
    """What sets a design apart beside partition, hierarchy and authority: its units and lines, and the rules in which
    it departs from what the scenario says for all; a phrase each."""
    axes = organisation.axes
    found = [
        *_reporting(w, organisation),
        *_units(w, organisation, [stage.name for stage in scenario.stages]),
        *([w("apart.pooled")] if axes.pooled else []),
        *([w("apart.relay", n=w.number(axes.relay))] if axes.relay and axes.relay > 1 else []),
        *_policies(w, axes, scenario.organisation),
        *([w("apart.bosses_sell", share=w.percent(axes.bosses_sell, 0))] if axes.bosses_sell else []),
    ]
    for axis, common in DEFAULT_AXES.items():
        stated = getattr(scenario.organisation, axis)
        value = getattr(axes, axis)
        if axis in RULES and value is not None and value != (common if stated is None else stated):
            found.append(_rule(w, axis, value))
    return found


def _rule(w: Words, axis: str, value: float | str) -> str:
    """A rule in words: its number in a phrase, or its name."""
    if isinstance(value, str):
        return w.label(axis, value)
    number = w.number(value) if axis == "review_days" else w.percent(value, 0)
    return w(f"apart.{axis}", value=number)


def _policies(w: Words, axes: Axes, common: Axes) -> Iterator[str]:
    """What is done against conflict between channels, where it is not what all designs do."""
    mine = axes.policies or Policies()
    if mine != (common.policies or Policies()):
        named = [w(f"path.{name}") for name in Policies.model_fields if getattr(mine, name)]
        yield w("apart.policies", what=w.listing(named)) if named else w("apart.no_policies")


def _reporting(w: Words, organisation: Organisation) -> Iterator[str]:
    """The second line, who has the last word, and panels."""
    axes = organisation.axes
    bosses = len({position.second_boss for position in organisation.positions if position.second_boss})
    if bosses:
        by = axes.second_line or "none"
        told = w("apart.second_bosses") if by == "none" else w("apart.second_line", by=w.label("partition", by))
        yield w("apart.counted", what=told, n=w.number(bosses))
    if axes.final_word not in (None, "none"):
        yield w("apart.final_word", role=w.label("role", str(axes.final_word)))
    if axes.panel and axes.panel.members > 1:
        yield w("apart.panel", needed=w.number(axes.panel.needed), members=w.number(axes.panel.members))


def _units(w: Words, organisation: Organisation, stages: Collection[str]) -> Iterator[str]:
    """Overlays, and pools with their people."""
    for name, overlay in (organisation.axes.overlays or {}).items():
        yield w("apart.overlay", name=unit_name(w, name, stages), how=_overlay(w, overlay))
    staff: Counter[str] = Counter()
    for desk in organisation.desks:
        staff[desk.pool] += len(desk.positions)
    for name in organisation.axes.pools or {}:
        what = w("apart.pool", name=unit_name(w, name, stages))
        yield w("apart.counted", what=what, n=w.number(staff[name]))


def _overlay(w: Words, overlay: Overlay) -> str:
    """Whom an overlay serves: customer types of a grade, and whether its sellers share a queue."""
    served = w(f"apart.grade.{overlay.grade}") if overlay.grade else w.listing(_chosen(w, overlay))
    return w("join.parts").join([part for part in (served, w("apart.pooled") if overlay.pooled else "") if part])


def _chosen(w: Words, overlay: Overlay) -> list[str]:
    named = [*overlay.regions, *overlay.products, *overlay.segments]
    return [*named, w("team.start", low=w.number(overlay.from_value))] if overlay.from_value else named


def unit_name(w: Words, unit: str, stages: Collection[str]) -> str:
    """A unit in the report's language: stages, size bands and the names of presets; what the user named stays."""
    return "".join(part if _JOINTS.fullmatch(part) else _part(w, part, stages) for part in _JOINTS.split(unit))


def _part(w: Words, part: str, stages: Collection[str]) -> str:
    ends = part.split(" to ")
    if all(end in stages for end in ends):
        named = [w.label("stage", end) for end in ends]
        return named[0] if len(named) == 1 else w("interval.from_to", low=named[0], high=named[1])
    band = _SIZE.fullmatch(part)
    if band is None:
        return w.label("team", part)
    if band["high"]:
        return w("interval.from_to", low=band["low"], high=band["high"])
    way = "below" if band["below"] else "start"
    return w(f"team.{way}", low=band["low"]) if band["below"] or band["start"] else part
