"""What a design may say: a structure is a point on independent axes, a preset is such a point with a name.

Axes (field guide S1-S12): partition of the customers, hierarchy (layers, span, authority, panel), pooling.
A preset fixes some axes; what it leaves open comes from the scenario's `organisation`; what a design
states itself wins over both. Nothing after `resolve` knows the preset's name.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, Strict

from simlib.scenario.types import Amount, Frozen, PositiveInt, Share

Partition = Literal["region", "product", "segment", "size", "none"]
Routing = Literal["owner", "round_robin", "least_loaded", "best_fit", "random"]

ROLES = ("rep", "manager", "director", "executive", "chief")
"""Roles from the customer upwards; a hierarchy of n layers uses the first n."""


MOST_PANEL_MEMBERS = 64
"""A request's draws are numbered by layer and place in the panel, with so many places a layer."""


class Panel(Frozen):
    """How many of a layer's people look at one request (Sah and Stiglitz 1986)."""

    members: Annotated[PositiveInt, Field(le=MOST_PANEL_MEMBERS)] = 1
    """People asked, one after the other, until the outcome is certain."""
    needed: PositiveInt = 1
    """Consents needed."""


class Axes(Frozen):
    """The axes of a structure. In `organisation` every axis has a value; in a design, null means 'not stated here'."""

    partition: Partition | None = None
    """By what customers are divided among the lists (S4, S5, S6; `size`: by deal value; `none`: accounts dealt out)."""
    layers: Annotated[int, Strict(), Field(ge=1, le=len(ROLES))] | None = None
    """Layers of people, reps included; a hierarchy that needs fewer at its span has fewer."""
    span: PositiveInt | None = None
    """Span of control: most direct reports a boss has."""
    authority: dict[str, Amount | None] | None = None
    """Largest deal value each role may decide alone, in the scenario's currency; null or absent = unlimited."""
    panel: Panel | None = None
    """Panel that decides on what exceeds authority."""
    pooled: bool | None = None
    """True: one team desk per group serves a common queue; false: everybody has a list of their own."""
    list_overlap: Share | None = None
    """Expected share of each colleague's list (same group) that also stands on one's own (X1); 0 = disjoint lists,
    1 = all share all."""
    routing: Routing | None = None
    """Who among those whose scope holds a lead gets it (P3)."""


DEFAULT_AXES: dict[str, Any] = {
    "partition": "region",
    "layers": 3,
    "span": 8,
    "authority": {},
    "panel": {"members": 1, "needed": 1},
    "pooled": False,
    "list_overlap": 0.0,
    "routing": "owner",
}

PRESETS: dict[str, dict[str, Any]] = {
    "pyramid": {"layers": 4, "span": 6},
    "flat": {"layers": 2, "span": 20},
    "geographic": {"partition": "region"},
    "product_line": {"partition": "product"},
    "customer_type": {"partition": "segment"},
    "pooled": {"partition": "none", "pooled": True},
}
"""Structure names of the field guide (S1, S2, S4, S5, S6 and a team desk) and the axes each one fixes."""

Structure = Literal["pyramid", "flat", "geographic", "product_line", "customer_type", "pooled"]


class Design(Axes):
    """One organisation to compare: a structure's name and the axes on which it departs from the preset."""

    structure: Structure
    """Preset that the design starts from."""
    reps: PositiveInt | None = None
    """Number of reps; null = as many as the people budget pays for (the fair comparison)."""


def resolve(design: Design, organisation: Axes) -> Axes:
    """All axes of a design: what it states, else its preset, else the scenario's `organisation`, else the default."""
    values: dict[str, Any] = dict(DEFAULT_AXES)
    for layer in (organisation.model_dump(), PRESETS[design.structure], design.model_dump()):
        values.update({name: value for name, value in layer.items() if value is not None and name in DEFAULT_AXES})
    return Axes.model_validate(values)
