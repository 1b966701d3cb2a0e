"""Worked cases of the field guide (W1-W7), each a scenario with what the documents say came of it.

In every file `before` is the firm as it was and `after` as it became, and other designs are ways to prevent a failure;
nothing in a file is fitted to the outcome. A case that does not come out as the documents say is told so.
"""

from __future__ import annotations

from pathlib import Path

from simlib.claims.field_guide import AS_IS, level
from simlib.claims.trial import Claim, at_every_level
from simlib.errors import SimlibError

FOLDER = Path("scenarios") / "cases"
"""Where the files are, from the root of the project."""
FIRST_QUARTER = level("first_quarter", calendar__horizon_days=91.0)
SECOND_YEAR = level("second_year", calendar__warm_up_days=365.0, calendar__horizon_days=365.0)
CASES: tuple[Claim, ...] = (
    Claim("W1a", "after", "before", "channel_sales", 1, (AS_IS,), at_every_level),
    Claim("W1b", "after", "before", "contribution", 1, (AS_IS,), at_every_level),
    Claim("W2a", "after", "before", "trust_mean", 1, (AS_IS,), at_every_level),
    Claim("W2b", "after", "before", "customer_satisfaction", 1, (AS_IS,), at_every_level),
    Claim("W2c", "after", "before", "contribution", 1, (AS_IS,), at_every_level),
    Claim("W3a", "after", "before", "channel_cost_ratio", -1, (AS_IS,), at_every_level),
    Claim("W3b", "after", "before", "contribution", 1, (AS_IS,), at_every_level),
    Claim("W4a", "after", "before", "channel_sales", 1, (AS_IS,), at_every_level),
    Claim("W4b", "after", "before", "contribution", 1, (AS_IS,), at_every_level),
    Claim("W5a", "after", "before", "channel_sales", -1, (AS_IS,), at_every_level),
    Claim("W5b", "after", "before", "partners_left", 1, (AS_IS,), at_every_level),
    Claim("W5c", "same_price", "after", "partners_left", -1, (AS_IS,), at_every_level),
    Claim("W5d", "shared_credit", "after", "partners_left", -1, (AS_IS,), at_every_level),
    Claim("W5e", "own_models", "after", "partners_left", -1, (AS_IS,), at_every_level),
    Claim("W6a", "after", "before", "channel_sales", 1, (FIRST_QUARTER,), at_every_level),
    Claim("W6b", "after", "before", "channel_sales", -1, (SECOND_YEAR,), at_every_level),
    Claim("W6c", "after", "before", "partner_profit", -1, (FIRST_QUARTER, SECOND_YEAR), at_every_level),
    Claim("W6d", "rebate", "after", "partners_left", -1, (AS_IS,), at_every_level),
    Claim("W7a", "after", "before", "customer_satisfaction", -1, (AS_IS,), at_every_level),
    Claim("W7b", "after", "before", "partners_left", 1, (AS_IS,), at_every_level),
    Claim("W7c", "more_managers", "after", "customer_satisfaction", 1, (AS_IS,), at_every_level),
    Claim("W7d", "more_managers", "after", "partners_left", -1, (AS_IS,), at_every_level),
)


def of_case(ids: tuple[str, ...]) -> tuple[str, ...]:
    """Ids of the claims that are meant: `W1` stands for all of case W1."""
    known = [claim.id for claim in CASES]
    return tuple(claim for wanted in ids for claim in ([c for c in known if case(c) == wanted] or [wanted]))


def case(claim: str) -> str:
    """The case that a claim is about."""
    return claim.rstrip("abcdefgh")


def file_of(claim: Claim, folder: Path) -> Path:
    """The scenario in which a claim is tried; SimlibError with the way out where the folder lacks it."""
    file = folder / f"{case(claim.id)}.yaml"
    if not file.is_file():
        raise SimlibError(f"{file}: not there; run it from the root of the project, or say --folder")
    return file
