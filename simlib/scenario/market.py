"""The dimensions that customers and organisations share: regions, products, customer types (S4-S6)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict, model_validator

from simlib.scenario.types import Frozen, LogOdds, Name, NonNegative, Positive, PositiveInt, broken_rules


class Region(Frozen):
    """A region (S4)."""

    travel_hours: dict[Name, NonNegative] = {}
    """One-way hours from this region's seats to the middle of another region; its own entry is the way
    from the middle to the edge. One direction suffices for a pair."""


class Product(Frozen):
    """A product line (S5)."""

    complexity: Annotated[float, Strict(), Field(ge=0, le=10)] = 0.5
    """Weight of product knowledge in `focus`: 0 = anybody can sell it, 1 = takes a specialist."""
    value_factor: Positive = 1.0
    """Multiplies the cell's median deal value."""


class Segment(Frozen):
    """A customer type (S6, P12)."""

    grade: PositiveInt = 1
    """Service grade: 1 is served first where a desk serves by grade (P2)."""


class Market(Frozen):
    """The dimensions that customers and organisations share."""

    regions: dict[Name, Region] = {"all": Region()}
    products: dict[Name, Product] = {"all": Product()}
    segments: dict[Name, Segment] = {"all": Segment()}
    size_bands: tuple[Positive, ...] = ()
    """Deal values that part small from larger deals, rising; for the partition `size`."""
    customer_delay_factor: NonNegative = 1.0
    """Multiplies every stage's customer delay."""
    win_log_odds: LogOdds = 0.0
    """Added to the log-odds of every stage's pass probability."""

    @model_validator(mode="after")
    def _complete(self) -> Market:
        for kind in ("regions", "products", "segments"):
            if not getattr(self, kind):
                raise broken_rules([(kind, f"got no {kind}, must name at least one")])
        if list(self.size_bands) != sorted(set(self.size_bands)):
            met = ", ".join(f"{band:g}" for band in self.size_bands[:12])
            raise broken_rules([("size_bands", f"got {met}, must rise")])
        return self

    def one_way_hours(self, origin: str, target: str) -> float:
        """Travel hours from the middle of one region to the middle of another; zero within a region."""
        if origin == target:
            return 0.0
        there, back = self.region(origin).travel_hours, self.region(target).travel_hours
        return there.get(target, back.get(origin, 0.0))

    def region(self, name: str) -> Region:
        """A region by name; one that only a replayed log names has no distances."""
        return self.regions.get(name, Region())

    def product(self, name: str) -> Product:
        """A product by name; one that only a replayed log names has the default complexity."""
        return self.products.get(name, Product())

    def segment(self, name: str) -> Segment:
        """A segment by name; one that only a replayed log names has the first grade."""
        return self.segments.get(name, Segment())
