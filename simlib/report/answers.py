"""What does somebody answer who begins? Five questions about a firm, each with its rule, in the language asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from simlib.errors import SimlibError
from simlib.report.words import Words
from simlib.scenario.wording import shown

LEAST_REPS, MOST_REPS = 2, 1000
MOST_NAMES: Mapping[str, int] = MappingProxyType({"regions": 12, "products": 12, "customers": 6})
"""Names that a question takes: their cells must fit into a file that somebody reads."""
LONGEST_NAME = 60
"""Characters of a name, so that it fits into a line of the file."""
GOALS = ("structure", "layers", "speed", "pay")
"""What one may want to find out; each compares designs of its own."""
APART = re.compile("[,，、;；]")
"""What parts names, on a Western or a Chinese keyboard."""


@dataclass(frozen=True)
class Answers:
    """What is known of a firm to begin with."""

    size: int
    """People who sell."""
    regions: tuple[str, ...]
    products: tuple[str, ...]
    customers: tuple[str, ...]
    """Customer types."""
    goal: str
    """One of `GOALS`."""


def question(name: str, w: Words) -> str:
    """What is asked, with the answer that an empty line gives."""
    lines = [w(f"new.ask.{name}", default=w(f"new.default.{name}"))]
    if name == "goal":
        lines += [f"  {number} {goal}: {w(f'new.goal.{goal}')}" for number, goal in enumerate(GOALS, 1)]
    return "\n".join(lines)


def answer(name: str, text: str, w: Words) -> Any:
    """The answer that a text gives to a question, an empty one the question's default.

    Raises SimlibError with the text and the rule.
    """
    return _READERS[name](name, text.strip() or w(f"new.default.{name}"), w)


def _size(_name: str, text: str, w: Words) -> int:
    digits = text.replace(",", "")
    size = int(digits) if re.fullmatch(r"[0-9]{1,9}", digits) else 0
    if not LEAST_REPS <= size <= MOST_REPS:
        raise SimlibError(w("new.rule.size", got=shown(text), least=str(LEAST_REPS), most=w.number(MOST_REPS)))
    return size


def _names(name: str, text: str, w: Words) -> tuple[str, ...]:
    names = tuple(part.strip() for part in APART.split(text) if part.strip())
    most = MOST_NAMES[name]
    fits = all(each.isprintable() and len(each) <= LONGEST_NAME for each in names)
    if not 1 <= len(names) <= most or len(set(names)) < len(names) or not fits:
        raise SimlibError(w("new.rule.names", got=shown(text), most=str(most), longest=str(LONGEST_NAME)))
    return names


def _goal(_name: str, text: str, w: Words) -> str:
    chosen = {**{str(number): goal for number, goal in enumerate(GOALS, 1)}, **{goal: goal for goal in GOALS}}
    if text.lower() not in chosen:
        raise SimlibError(w("new.rule.goal", got=shown(text), goals=w("join.parts").join(GOALS)))
    return chosen[text.lower()]


_READERS: Mapping[str, Callable[[str, str, Words], Any]] = MappingProxyType(
    {"size": _size, "regions": _names, "products": _names, "customers": _names, "goal": _goal}
)
QUESTIONS = tuple(_READERS)
"""Names of the questions, in the order in which they are asked."""
