"""What a design may say: a structure is a point on independent axes, a preset is such a point with a name.

Axes (field guide S1-S12): partition of the customers, hierarchy (layers, span, authority, panel), reporting (one or two
lines), succession (who serves which stages), overlays and support pools, and how work is pooled. A preset fixes some
axes; what it leaves open comes from the scenario's `organisation`; what a design states itself wins over both. Nothing
after `resolve` knows the preset's name.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, Strict, model_validator

from simlib.scenario.policies import Policies
from simlib.scenario.positions import Seat
from simlib.scenario.types import Amount, Frozen, Name, NonNegative, PositiveInt, Share, broken_rules
from simlib.scenario.wording import shown

Partition = Literal["region", "product", "segment", "size", "none"]
Routing = Literal["owner", "round_robin", "least_loaded", "best_fit", "random"]
Engagement = Literal["keeps", "per_need"]
Role = Literal["rep", "manager", "director", "executive", "chief"]

ROLES = ("rep", "manager", "director", "executive", "chief")
"""Roles from the customer upwards; a hierarchy of n layers uses the first n."""
SUPPORT = "support"
"""Role of those who serve in a support pool: paid as reps, without customers of their own."""


MOST_PANEL_MEMBERS = 64
"""A request's draws are numbered by layer and place in the panel, with so many places a layer."""


class Panel(Frozen):
    """How many of a layer's people look at one request (Sah and Stiglitz 1986)."""

    members: Annotated[PositiveInt, Field(le=MOST_PANEL_MEMBERS)] = 1
    """People asked, one after the other, until the outcome is certain."""
    needed: PositiveInt = 1
    """Consents needed."""


class Overlay(Frozen):
    """Customers taken out of the partition and served by sellers of their own (S8): key accounts, an inside desk."""

    grade: Literal["first", "last"] | None = None
    """Customer types of the first or the last service grade; null = not chosen by grade."""
    regions: tuple[Name, ...] = ()
    """Only these regions; empty = all."""
    products: tuple[Name, ...] = ()
    """Only these products; empty = all."""
    segments: tuple[Name, ...] = ()
    """Only these customer types; empty = all."""
    from_value: Amount = 0.0
    """Only deals of at least this value (one of `market.size_bands`), in the scenario's currency; 0 = all."""
    partition: Partition = "none"
    """How its sellers divide its customers."""
    pooled: bool = False
    """True: its sellers serve a common queue."""


class Pool(Frozen):
    """Support staff without customers of their own: technical pre-sales, a deal desk, inside sales."""

    share: Annotated[float, Strict(), Field(gt=0, le=1)] = 0.1
    """Support staff per rep; at least one."""
    count: PositiveInt | None = None
    """Support staff; null = by `share`."""
    partners: bool = False
    """Whether they are channel managers, of whom partners ask support (needs the mechanism `support`)."""
    shared: bool = True
    """True: one pool for the firm; false: every unit owns one (as far as there are staff)."""
    answers: bool = False
    """Whether sellers take hard problems here and not to their bosses (needs the mechanism `help`)."""
    takes: dict[Name, Share] = {}
    """By stage, the share of the seller's hours that the pool works instead."""


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
    final_word: Role | Literal["none"] | None = None
    """Lowest role that decides everything alone, whatever `authority` says (local freedom, S10); none = as stated."""
    panel: Panel | None = None
    """Panel that decides on what exceeds authority."""
    second_line: Literal["region", "product", "segment", "none"] | None = None
    """Dimension of a second line of bosses, to whom every rep reports too (matrix, S3); none = one boss."""
    relay: Annotated[PositiveInt, Field(le=20)] | None = None
    """Sellers who serve a deal one after the other, the stages divided by expected hours (S7); 1 = one from end to
    end."""
    overlays: dict[Name, Overlay] | None = None
    """Customers served beside the partition, by the name of the unit; where several would take a customer, the first
    does."""
    pools: dict[Name, Pool] | None = None
    """Support pools, by name."""
    bosses_sell: Share | None = None
    """Size of the list that each of the lowest bosses serves beside managing, relative to a rep's (S10); 0 = none."""
    remote_share: Share | None = None
    """Share of visits made remotely (S11); null = as `mechanisms.travel` says."""
    clarity: Share | None = None
    """How far duties, hand-overs and shares of credit are written down (RACI, P18): takes this share off the losses of
    `hand_off` and off the disputes of `credit`."""
    review_days: Annotated[float, Strict(), Field(ge=1, le=3660)] | Literal["never"] | None = None
    """How often customers are divided anew among the seats, by the demand that was seen (S9)."""
    pooled: bool | None = None
    """True: one team desk per group serves a common queue; false: everybody has a list of their own."""
    list_overlap: Share | None = None
    """Expected share of each colleague's list (same group) that also stands on one's own (X1); 0 = disjoint lists,
    1 = all share all."""
    routing: Routing | None = None
    """Who among those whose scope holds a lead gets it (P3)."""
    engagement: Engagement | None = None
    """Who may pursue a need that a colleague already pursues (rules of engagement, X1); null = as `mechanisms.overlap`
    says."""
    pay: dict[str, Name] | None = None
    """Pay plan of each role, by its name under `plans`; a role that is absent has its fixed salary only."""
    channels: tuple[Name, ...] | None = None
    """Ways to the customer that are open, by their names under `channels`; none = the own force alone."""
    terms: dict[Name, dict[str, Any]] | None = None
    """By channel, keys of it that are otherwise here than under `channels`: prices, outlets, rebates, patrols, ..."""
    policies: Policies | None = None
    """What is done against conflict between channels."""


DEFAULT_AXES: dict[str, Any] = {
    "partition": "region",
    "layers": 3,
    "span": 8,
    "authority": {},
    "final_word": "none",
    "panel": {"members": 1, "needed": 1},
    "second_line": "none",
    "relay": 1,
    "overlays": {},
    "pools": {},
    "bosses_sell": 0.0,
    "remote_share": None,
    "clarity": 0.0,
    "review_days": "never",
    "pooled": False,
    "list_overlap": 0.0,
    "routing": "owner",
    "engagement": None,
    "pay": {},
    "channels": (),
    "terms": {},
    "policies": {},
}

PRESETS: dict[str, dict[str, Any]] = {
    "pyramid": {"layers": 4, "span": 6},
    "flat": {"layers": 2, "span": 20},
    "matrix": {"second_line": "product"},
    "geographic": {"partition": "region"},
    "product_line": {"partition": "product"},
    "customer_type": {"partition": "segment"},
    "functional": {"relay": 3},
    "hybrid": {
        "partition": "region",
        "overlays": {"key accounts": {"grade": "first"}, "inside desk": {"grade": "last", "pooled": True}},
        "pools": {"specialists": {"share": 0.1, "answers": True}},
    },
    "agile": {"layers": 2, "pooled": True, "review_days": 14.0},
    "small_firm": {"layers": 2, "span": 12, "bosses_sell": 0.5},
    "large_enterprise": {"layers": 5, "span": 3, "final_word": "director"},
    "remote": {"remote_share": 0.9},
    "grouped_regions": {"partition": "region", "layers": 4},
    "pooled": {"partition": "none", "pooled": True},
}
"""Structure names of the field guide (S1-S12, and a team desk) and the axes each one fixes."""

Structure = Literal[
    "pyramid",
    "flat",
    "matrix",
    "geographic",
    "product_line",
    "customer_type",
    "functional",
    "hybrid",
    "agile",
    "small_firm",
    "large_enterprise",
    "remote",
    "grouped_regions",
    "pooled",
]


LAYING_OUT = (
    *("partition", "layers", "span", "second_line", "relay", "overlays", "pools", "bosses_sell", "reps"),
    "review_days",
)
"""What lays a structure out; a company's own chart says it itself, position by position."""


class Becomes(Frozen):
    """A change into another design, with the same people as far as it has seats for them (S13)."""

    design: Name
    """The other design, by its name."""
    on_day: NonNegative = 0.0
    """Day of the change, or of its first wave, counted from the start of the window."""
    waves: Annotated[int, Strict(), Field(ge=1, le=24)] = 1
    """Steps in which the customers pass: 1 = all at once; people sit, report and decide as in the other design from
    the first wave on."""
    every_days: Annotated[float, Strict(), Field(ge=1, le=3660)] = 30.0
    """Days from one wave to the next."""


class Design(Axes):
    """One organisation to compare: a structure's name and the axes on which it departs from the preset, or a company's
    own chart with the axes that a chart does not tell."""

    structure: Structure | None = None
    """Preset that the design starts from; null = a chart or positions are stated."""
    chart: Name | None = None
    """File (CSV or XLSX) of a company's own chart, a row for each position, relative to the scenario file."""
    positions: tuple[Seat, ...] = ()
    """The same, written here."""
    reps: PositiveInt | None = None
    """Number of reps; null = as many as the people budget pays for (the fair comparison)."""
    becomes: Becomes | None = None
    """Another design of the scenario into which it changes during the run; null = it stays."""

    @model_validator(mode="after")
    def _laid_out_once(self) -> Design:
        ways = [way for way in ("structure", "chart", "positions") if getattr(self, way)]
        if not ways:
            message = "got nothing, must be stated (or `chart` or `positions`: a company's own chart)"
            raise broken_rules([("structure", message)])
        if len(ways) > 1:
            rule = "must be one of them (`structure: null` takes back what a base states)"
            raise broken_rules([(ways[-1], f"got {' and '.join(ways)} together, {rule}")])
        beside = [axis for axis in LAYING_OUT if getattr(self, axis) is not None]
        if not self.structure and beside:
            rule = f"must not be there: the {ways[0]} say{'s' if ways == ['chart'] else ''} it, position by position"
            hints = {"pools": " (what its pools do is stated under organisation.pools)"}
            raise broken_rules(
                [(axis, f"got {shown(getattr(self, axis))}, {rule}{hints.get(axis, '')}") for axis in beside]
            )
        return self


def resolve(design: Design, organisation: Axes) -> Axes:
    """All axes of a design: what it states, else its preset, else the scenario's `organisation`, else the default.

    Those that lay a structure out are null where a company's own chart does.
    """
    values: dict[str, Any] = dict(DEFAULT_AXES)
    preset = PRESETS[design.structure] if design.structure else {}
    for layer in (organisation.model_dump(), preset, design.model_dump()):
        values.update({name: value for name, value in layer.items() if value is not None and name in DEFAULT_AXES})
    if not design.structure:
        values.update({name: None for name in LAYING_OUT if name in DEFAULT_AXES})
    return Axes.model_validate(values)
