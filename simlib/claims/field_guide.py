"""What the field guide says that structures are good at and what they cost (rows S1-S11), as claims to be tried.

None is true by definition: a design differs from another in its axes only, and what follows must come through the
mechanisms named. Sentences without an experiment are in `NOT_TRIED`, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from simlib.claims.regimes import of_complexity, of_distance, of_size, of_volatility
from simlib.claims.trial import Claim, Level, along_the_sweep, at_every_level
from simlib.errors import SimlibError
from simlib.scenario import Scenario
from simlib.scenario.wording import unknown

FILE = Path(__file__).with_name("market.yaml")
"""The market in which claims are tried, as shipped; another needs the same designs and `costs.people_per_year`."""


def named(ids: Sequence[str]) -> tuple[Claim, ...]:
    """Claims by their ids, all if none is named; SimlibError with the nearest id for one that is unknown."""
    known = {claim.id: claim for claim in CLAIMS}
    for wanted in ids:
        if wanted not in known:
            raise SimlibError(f"claim: {unknown(wanted, known)}")
    return tuple(known[wanted] for wanted in ids) or CLAIMS


def _stated(label: str, **values: Any) -> Level:
    """A level that states values; `__` stands for a dot of the path."""
    changes = {path.replace("__", "."): value for path, value in values.items()}
    return Level(label, lambda _: changes)


def _both(label: str, *levels: Level) -> Level:
    """A level that makes the changes of several."""

    def changes(scenario: Scenario) -> Mapping[str, Any]:
        return {path: value for level in levels for path, value in level.changes(scenario).items()}

    return Level(label, changes)


AS_IS = _stated("as is")
SMALL = Level("half the size", lambda scenario: of_size(scenario, 0.5))
LARGE = Level("four times the size", lambda scenario: of_size(scenario, 4.0))
SIMPLE = Level("half as complex", lambda scenario: of_complexity(scenario, 0.5))
COMPLEX = Level("three times as complex", lambda scenario: of_complexity(scenario, 3.0))
NEAR = Level("half the distances", lambda scenario: of_distance(scenario, 0.5))
FAR = Level("2.5 times the distances", lambda scenario: of_distance(scenario, 2.5))
CALM = Level("no drift", lambda scenario: of_volatility(scenario, 0.0))
VOLATILE = Level("drift 1.5 a year", lambda scenario: of_volatility(scenario, 1.5))
LENIENT = _stated("bosses pass 60% of unsound deals", mechanisms__approval__pass_bad=0.6)
STRICT = _stated("bosses pass 20% of unsound deals", mechanisms__approval__pass_bad=0.2)

CLAIMS: tuple[Claim, ...] = (
    Claim("S1a", "A pyramid controls: fewer losses on unsound deals than a flat firm",
          "approval: large deals are screened by every layer that may not decide alone",
          "pyramid", "flat", "loss_unsound", -1, (LENIENT, STRICT), at_every_level),
    Claim("S1b", "A pyramid decides slowly: requests wait longer than in a flat firm",
          "approval, queueing: more layers to climb, against fewer requests at each boss",
          "pyramid", "flat", "approval_wait_hours", 1, (SMALL, AS_IS, LARGE), at_every_level),
    Claim("S1c", "A pyramid adapts late: agile squads gain on it as the market moves",
          "drift, review: days and distortion for every layer above the reps",
          "agile", "pyramid", "contribution", 1, (CALM, VOLATILE), along_the_sweep),
    Claim("S1d", "Pyramids are for large firms: they gain on flat ones with size",
          "coordination, approval, help, coaching: bosses' hours per rep",
          "pyramid", "flat", "contribution", 1, (SMALL, LARGE), along_the_sweep),
    Claim("S2a", "A flat firm is fast: deals are closed sooner than in a pyramid",
          "approval, queueing, interest: fewer layers to wait for",
          "flat", "pyramid", "cycle_mean_days", -1, (SMALL, AS_IS, LARGE), at_every_level),
    Claim("S2b", "In a flat firm information arrives undistorted: it gains on a pyramid as layers distort more",
          "review: each layer's error in the demand reported, in a market that moves",
          "flat", "pyramid", "contribution", 1,
          (_both("no distortion", VOLATILE, _stated("", mechanisms__review__distortion_per_layer=0.0)),
           _both("distortion 0.8", VOLATILE, _stated("", mechanisms__review__distortion_per_layer=0.8))),
          along_the_sweep),
    Claim("S2c", "Control breaks down in a flat firm as it grows: its bosses' queues grow more than a pyramid's",
          "approval, help, coordination: requests per boss",
          "flat", "pyramid", "approval_wait_hours", 1, (SMALL, LARGE), along_the_sweep),
    Claim("S2d", "Flat is for small firms: it earns more than a pyramid of half the market's size",
          "payroll of bosses against what their hours bring",
          "flat", "pyramid", "contribution", 1, (SMALL,), at_every_level),
    Claim("S3a", "In a matrix expertise flows: it gains on geography as products become complex",
          "focus: a rep knows one product in one region",
          "matrix", "geographic", "win_rate", 1, (SIMPLE, COMPLEX), along_the_sweep),
    Claim("S3b", "Two bosses are in conflict: more hours of conflict than with one",
          "dual reporting: bosses disagree and settle",
          "matrix", "geographic", "conflict_hours", 1, (LENIENT, STRICT), at_every_level),
    Claim("S3c", "A matrix loads people with management: less time for selling",
          "coordination: a rep sits in two bosses' meetings",
          "matrix", "geographic", "time_not_selling", 1, (AS_IS,), at_every_level),
    Claim("S4a", "Geography travels less than product lines",
          "travel: seats near their customers, smaller areas",
          "geographic", "product_line", "travel_hours", -1, (NEAR, AS_IS, FAR), at_every_level),
    Claim("S4b", "Geography is uneven: revenue per rep differs more than by product line",
          "seats are whole people and regions differ in value",
          "geographic", "product_line", "territory_gini_revenue", 1, (AS_IS,), at_every_level),
    Claim("S4c", "Geography knows its place: it gains on product lines as local knowledge counts more",
          "focus: share of one's work in the region",
          "geographic", "product_line", "win_rate", 1,
          (_stated("weight of region 0", mechanisms__focus__weights__region=0.0),
           _stated("weight of region 1.5", mechanisms__focus__weights__region=1.5)), along_the_sweep),
    Claim("S5a", "Product lines have depth: they gain on geography as products become complex",
          "focus: share of one's work in the product, times its complexity",
          "product_line", "geographic", "contribution", 1, (SIMPLE, COMPLEX), along_the_sweep),
    Claim("S5b", "Product lines put several reps before one customer: more direct loss by conflict",
          "overlap: crowding at one account's door",
          "product_line", "geographic", "conflict_money_direct", 1,
          (_stated("crowding 0.3", mechanisms__overlap__crowding=0.3),
           _stated("crowding 0.6", mechanisms__overlap__crowding=0.6)), at_every_level),
    Claim("S6a", "Customer types fit: they gain on geography as knowing the customer counts more",
          "focus: share of one's work with the customer type",
          "customer_type", "geographic", "win_rate", 1,
          (_stated("weight of type 0", mechanisms__focus__weights__segment=0.0),
           _stated("weight of type 1.5", mechanisms__focus__weights__segment=1.5)), along_the_sweep),
    Claim("S6b", "Customer types overlap in regions: more travel than by geography",
          "travel: larger areas for each seat",
          "customer_type", "geographic", "travel_hours", 1, (NEAR, AS_IS, FAR), at_every_level),
    Claim("S7a", "Specialised stages pay: functional gains on geography as practice of a stage counts more",
          "focus: share of one's hours in the stage",
          "functional", "geographic", "contribution", 1,
          (_stated("weight of stage 0", mechanisms__focus__weights__stage=0.0),
           _stated("weight of stage 2", mechanisms__focus__weights__stage=2.0)), along_the_sweep),
    Claim("S7b", "Hand-offs cost: functional wins a smaller share of its leads",
          "hand-off: what is forgotten and dropped between hands",
          "functional", "geographic", "win_rate", -1,
          (_stated("2% dropped", mechanisms__hand_off__dropped=0.02),
           _stated("10% dropped", mechanisms__hand_off__dropped=0.1)), at_every_level),
    Claim("S7c", "Clear duties help: with RACI a functional firm earns more",
          "hand-off, credit: clarity takes its share off the losses",
          "functional_with_clear_duties", "functional", "contribution", 1, (AS_IS,), at_every_level),
    Claim("S8a", "A hybrid is for large firms: it gains on geography with size",
          "overlays, pool of specialists: indivisible seats weigh less",
          "hybrid", "geographic", "contribution", 1, (SMALL, LARGE), along_the_sweep),
    Claim("S8b", "A hybrid needs coordination: less time for selling",
          "coordination, hand-off, credit",
          "hybrid", "geographic", "time_not_selling", 1, (AS_IS,), at_every_level),
    Claim("S9a", "Squads that are formed anew gain on squads that stay, as the market moves",
          "review at once against none, in a market that drifts",
          "agile", "squads_that_stay", "contribution", 1, (CALM, VOLATILE), along_the_sweep),
    Claim("S10a", "The small firm's form loses against the large enterprise's with size",
          "layers, local freedom, bosses who sell",
          "large_enterprise", "small_firm", "contribution", 1, (SMALL, LARGE), along_the_sweep),
    Claim("S10b", "A large enterprise answers slowly",
          "fewer reps for the same money, longer lines",
          "large_enterprise", "small_firm", "response_median_hours", 1, (SMALL, AS_IS, LARGE), at_every_level),
    Claim("S10c", "Local freedom is fast: requests wait less where managers have the final word",
          "approval ends at the manager",
          "pyramid_with_free_managers", "pyramid", "approval_wait_hours", -1, (AS_IS, LARGE), at_every_level),
    Claim("S11a", "Remote selling travels less",
          "travel: visits made remotely take no road",
          "remote", "geographic", "travel_hours", -1, (NEAR, FAR), at_every_level),
    Claim("S11b", "Remote selling takes other skills: fewer of its leads are won",
          "travel: log-odds lost with a remote visit, against hours and knowledge gained",
          "remote", "geographic", "win_rate", -1,
          (_stated("0.1 lost a visit", mechanisms__travel__remote_log_odds=0.1),
           _stated("0.6 lost a visit", mechanisms__travel__remote_log_odds=0.6)), at_every_level),
    Claim("S11c", "Remote selling pays where ways are long: it gains on geography with distance",
          "travel hours and money saved against odds lost",
          "remote", "geographic", "contribution", 1, (NEAR, FAR), along_the_sweep),
)  # fmt: skip

NOT_TRIED: Mapping[str, str] = {
    "S1 uniform action, little innovation": "nothing in the model stands for uniformity or for ideas",
    "S2 motivation": "people react to pay and load only once pay plans are there",
    "S4 weak cross-region cooperation": "sellers do not help each other across regions in any design",
    "S12": "regions, groups and leaders are a layout; the field guide claims nothing for it",
    "S13": "moving from one structure to another is not in the model yet",
}
"""Sentences of the S table without an experiment, and why."""
