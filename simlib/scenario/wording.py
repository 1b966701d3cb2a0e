"""How a fault in a scenario is worded: the value met, the nearest name, the choice that is left."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

LONGEST_QUOTE = 60
"""Characters of a text that a message repeats."""
LONGEST_CHOICE = 12
"""Names that a message lists."""


def shown(value: Any) -> str:
    """A value as a message repeats it: as YAML would write it, on one line, abbreviated when long."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _shown_number(value)
    if isinstance(value, str):
        if not value:
            return "an empty text"
        if len(value) <= LONGEST_QUOTE:
            return repr(value)
        return f"{value[: LONGEST_QUOTE // 2]!r}… ({len(value):,} characters)"
    if isinstance(value, Mapping):
        return f"a mapping with {len(value):,} name{'s' if len(value) > 1 else ''}" if value else "an empty mapping"
    if isinstance(value, list | tuple):
        return f"a list of {len(value):,}" if value else "an empty list"
    return f"a {type(value).__name__}"


def _shown_number(value: float) -> str:
    if value != value:  # only NaN is not itself; math.isnan refuses very long integers
        return ".nan"
    if abs(value) == math.inf:
        return ".inf" if value > 0 else "-.inf"
    if abs(value) >= 1e30:
        return f"{float(value):g}" if abs(value) < 1e300 else "a number beyond 1e300"
    return str(value).removesuffix(".0")


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name that a mistyped word most likely stands for, or None."""
    word = word[:LONGEST_QUOTE]
    known = [name for name in names if name]
    by_lower = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), by_lower, 1)
    if close:
        return by_lower[close[0]]
    parts = [part for part in re.split(r"[\W_]+", word.lower()) if len(part) > 2]
    inside = [name for name in known if name.lower() in parts or (len(word) > 2 and word.lower() in name.lower())]
    return max(inside, key=len, default=None)


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """` (did you mean 'span'?)`, or nothing if no name is near."""
    name = nearest(word, names)
    return f" (did you mean {shown(name)}?)" if name is not None and name != word else ""


def choice(names: Iterable[str]) -> str:
    """`'a', 'b' or 'c'`, cut when long."""
    known = [shown(name) for name in names]
    if len(known) > LONGEST_CHOICE:
        return ", ".join(known[:LONGEST_CHOICE]) + f" or one of {len(known) - LONGEST_CHOICE:,} more"
    return " or ".join(part for part in (", ".join(known[:-1]), *known[-1:]) if part)


def unknown(word: str, names: Iterable[str]) -> str:
    """`got 'spam', must be 'span' or 'reps' (did you mean 'span'?)`."""
    known = list(names)
    if not known:
        return f"got {shown(word)}, must not be there"
    return f"got {shown(word)}, must be {choice(known)}{did_you_mean(word, known)}"
