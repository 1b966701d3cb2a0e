"""What are the values of levers called? Levers themselves are `lever.*` in the catalogue."""

from __future__ import annotations

from simlib.decide.levers import Value
from simlib.report.words import Words

SLIDERS = ("reps", "span", "authority")
"""Levers whose values are numbers: they slide; the others are chosen from a list."""
_GROUPS = {"design": "structure", "partition": "partition", "routing": "routing", "pay": "plan", "channels": "channel"}
"""In which group of words a lever's values are looked up."""


def value_name(w: Words, lever: str, value: Value) -> str:
    """What a value of a lever is called: `¥80,000`, `by region`, `force + dealers`; names of the user's own stay."""
    if value is None or value == ():
        return w(f"lever.none.{lever}")
    if lever == "policies":
        return w("lever.and").join(w(f"path.{name}") for name in _parts(value))
    if lever in _GROUPS:
        return w("lever.and").join(w.label(_GROUPS[lever], name) for name in _parts(value))
    number = float(value) if isinstance(value, int | float) else 0.0
    return w.money(number) if lever == "authority" else w.number(number)


def _parts(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (str(value),)
