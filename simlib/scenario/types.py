"""The kinds of value a scenario is made of, and the frozen base of all its types."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict
from pydantic_core import PydanticCustomError

from simlib.scenario.wording import shown


class Frozen(BaseModel):
    """A value: cannot be changed, refuses unknown keys, infinities and NaN."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)


def broken_rules(faults: Sequence[tuple[str, str]]) -> PydanticCustomError:
    """The error by which a model's own rule refuses it: every (path below the model, message)."""
    text = "; ".join(f"{path}: {message}" if path else message for path, message in faults)
    return PydanticCustomError("broken_rule", "{text}", {"text": text, "faults": list(faults)})


def refuse(faults: Iterable[tuple[str, str]]) -> None:
    """Refuse a model if any of its own rules is broken: every (path below the model, message)."""
    found = list(faults)
    if found:
        raise broken_rules(found)


def _printable(name: str) -> str:
    if not name.strip():
        raise broken_rules([("", f"got {shown(name)}, must hold more than spaces")])
    if not name.isprintable() and any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in name):
        raise broken_rules([("", f"got {shown(name)}, must be one line of printable text")])
    return name


def _day(value: Any) -> Any:
    """A date is written 2026-01-05; a bare number would be read as seconds since 1970."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        day = value
    elif isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
        try:
            day = dt.date.fromisoformat(value.strip())
        except ValueError:
            raise broken_rules([("", f"got {shown(value)}, must be a day that exists")]) from None
    else:
        raise broken_rules([("", f"got {shown(value)}, must be a date such as 2026-01-05")])
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise broken_rules([("", f"got {shown(str(day))}, must be from the years {FIRST_YEAR} to {LAST_YEAR}")])
    return day


FIRST_YEAR, LAST_YEAR = 1970, 2200
"""Between these every day, and a run of eleven years from it, is a valid time stamp of pandas."""

Number = Annotated[float, Strict()]
NonNegative = Annotated[float, Strict(), Field(ge=0, le=1e12)]
Positive = Annotated[float, Strict(), Field(gt=0, le=1e12)]
Share = Annotated[float, Strict(), Field(ge=0, le=1)]
Amount = Annotated[float, Strict(), Field(ge=0, le=1e12)]
"""Money in whole units of the scenario's currency (not minor units)."""
PositiveInt = Annotated[int, Strict(), Field(ge=1, le=1_000_000)]
Count = Annotated[int, Strict(), Field(ge=0, le=10_000_000)]
LogOdds = Annotated[float, Strict(), Field(ge=-50, le=50)]
"""A shift of a gate; 50 already makes it certain."""
Day = Annotated[dt.date, BeforeValidator(_day)]
Name = Annotated[str, Strict(), Field(min_length=1, max_length=300), AfterValidator(_printable)]
