"""What the field guide says that structures are good at and what they cost (rows S1-S11), as claims to be tried.

None is true by definition: a design differs from another in its axes only, and what follows must come through the
mechanisms named. The sentences, the mechanisms and the names of levels stand in the words of the report, by id
(`simlib claims --list` prints them).
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
CHANGE_FILE = FILE.with_name("transition.yaml")
"""The same for a year and a half, in which a change of designs is followed."""


def named(ids: Sequence[str], claims: Sequence[Claim] | None = None) -> tuple[Claim, ...]:
    """Claims by their ids, all if none is named; SimlibError with the nearest id for one that is unknown.

    `claims`: among which; those of the field guide if not stated.
    """
    claims = CLAIMS if claims is None else claims
    known = {claim.id: claim for claim in claims}
    for wanted in ids:
        if wanted not in known:
            raise SimlibError(f"claim: {unknown(wanted, known)}")
    return tuple(known[wanted] for wanted in ids) or tuple(claims)


def level(name: str, **values: Any) -> Level:
    """A level that states values; `__` stands for a dot of the path."""
    changes = {path.replace("__", "."): value for path, value in values.items()}
    return Level(name, lambda _: changes)


def _both(name: str, *levels: Level) -> Level:
    """A level that makes the changes of several."""

    def changes(scenario: Scenario) -> Mapping[str, Any]:
        return {path: value for level in levels for path, value in level.changes(scenario).items()}

    return Level(name, changes)


AS_IS = level("as_is")
SMALL = Level("half_size", lambda scenario: of_size(scenario, 0.5))
LARGE = Level("four_times_size", lambda scenario: of_size(scenario, 4.0))
SIMPLE = Level("half_complex", lambda scenario: of_complexity(scenario, 0.5))
COMPLEX = Level("three_times_complex", lambda scenario: of_complexity(scenario, 3.0))
NEAR = Level("half_distance", lambda scenario: of_distance(scenario, 0.5))
FAR = Level("far", lambda scenario: of_distance(scenario, 2.5))
CALM = Level("no_drift", lambda scenario: of_volatility(scenario, 0.0))
VOLATILE = Level("drift", lambda scenario: of_volatility(scenario, 1.5))
LENIENT = level("lenient", mechanisms__approval__pass_bad=0.6)
STRICT = level("strict", mechanisms__approval__pass_bad=0.2)

CLAIMS: tuple[Claim, ...] = (
    Claim("S1a", "pyramid", "flat", "loss_unsound", -1, (LENIENT, STRICT), at_every_level),
    Claim("S1b", "pyramid", "flat", "approval_wait_hours", 1, (SMALL, AS_IS, LARGE), at_every_level),
    Claim("S1c", "agile", "pyramid", "contribution", 1, (CALM, VOLATILE), along_the_sweep),
    Claim("S1d", "pyramid", "flat", "contribution", 1, (SMALL, LARGE), along_the_sweep),
    Claim("S2a", "flat", "pyramid", "cycle_mean_days", -1, (SMALL, AS_IS, LARGE), at_every_level),
    Claim("S2b", "flat", "pyramid", "contribution", 1,
          (_both("undistorted", VOLATILE, level("", mechanisms__review__distortion_per_layer=0.0)),
           _both("distorted", VOLATILE, level("", mechanisms__review__distortion_per_layer=0.8))),
          along_the_sweep),
    Claim("S2c", "flat", "pyramid", "approval_wait_hours", 1, (SMALL, LARGE), along_the_sweep),
    Claim("S2d", "flat", "pyramid", "contribution", 1, (SMALL,), at_every_level),
    Claim("S3a", "matrix", "geographic", "win_rate", 1, (SIMPLE, COMPLEX), along_the_sweep),
    Claim("S3b", "matrix", "geographic", "conflict_hours", 1, (LENIENT, STRICT), at_every_level),
    Claim("S3c", "matrix", "geographic", "time_not_selling", 1, (AS_IS,), at_every_level),
    Claim("S4a", "geographic", "product_line", "travel_hours", -1, (NEAR, AS_IS, FAR), at_every_level),
    Claim("S4b", "geographic", "product_line", "territory_gini_revenue", 1, (AS_IS,), at_every_level),
    Claim("S4c", "geographic", "product_line", "win_rate", 1,
          (level("region_weightless", mechanisms__focus__weights__region=0.0),
           level("region_weighs", mechanisms__focus__weights__region=1.5)), along_the_sweep),
    Claim("S5a", "product_line", "geographic", "contribution", 1, (SIMPLE, COMPLEX), along_the_sweep),
    Claim("S5b", "product_line", "geographic", "conflict_money_direct", 1,
          (level("some_crowding", mechanisms__overlap__crowding=0.3),
           level("more_crowding", mechanisms__overlap__crowding=0.6)), at_every_level),
    Claim("S6a", "customer_type", "geographic", "win_rate", 1,
          (level("type_weightless", mechanisms__focus__weights__segment=0.0),
           level("type_weighs", mechanisms__focus__weights__segment=1.5)), along_the_sweep),
    Claim("S6b", "customer_type", "geographic", "travel_hours", 1, (NEAR, AS_IS, FAR), at_every_level),
    Claim("S7a", "functional", "geographic", "contribution", 1,
          (level("stage_weightless", mechanisms__focus__weights__stage=0.0),
           level("stage_weighs", mechanisms__focus__weights__stage=2.0)), along_the_sweep),
    Claim("S7b", "functional", "geographic", "win_rate", -1,
          (level("few_dropped", mechanisms__hand_off__dropped=0.02),
           level("many_dropped", mechanisms__hand_off__dropped=0.1)), at_every_level),
    Claim("S7c", "functional_with_clear_duties", "functional", "contribution", 1, (AS_IS,), at_every_level),
    Claim("S8a", "hybrid", "geographic", "contribution", 1, (SMALL, LARGE), along_the_sweep),
    Claim("S8b", "hybrid", "geographic", "time_not_selling", 1, (AS_IS,), at_every_level),
    Claim("S9a", "agile", "squads_that_stay", "contribution", 1, (CALM, VOLATILE), along_the_sweep),
    Claim("S10a", "large_enterprise", "small_firm", "contribution", 1, (SMALL, LARGE), along_the_sweep),
    Claim("S10b", "large_enterprise", "small_firm", "response_median_hours", 1, (SMALL, AS_IS, LARGE), at_every_level),
    Claim("S10c", "pyramid_with_free_managers", "pyramid", "approval_wait_hours", -1, (AS_IS, LARGE), at_every_level),
    Claim("S11a", "remote", "geographic", "travel_hours", -1, (NEAR, FAR), at_every_level),
    Claim("S11b", "remote", "geographic", "win_rate", -1,
          (level("remote_easy", mechanisms__travel__remote_log_odds=0.1),
           level("remote_hard", mechanisms__travel__remote_log_odds=0.6)), at_every_level),
    Claim("S11c", "remote", "geographic", "contribution", 1, (NEAR, FAR), along_the_sweep),
)  # fmt: skip

NOT_TRIED = ("S1", "S2", "S4", "S12", "S13")
"""Rows of the S table of which a sentence is without an experiment."""
