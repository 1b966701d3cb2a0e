"""What a yardstick of a rule is: an answer known in advance that a function of the engine must give, without a run.

Through `rule` the function gives the answer itself; through `optimum` it is the best choice of many, or what is left
when everybody answers everybody else. Either way nothing is drawn, so the answer must be exact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol, TypeVar

from simlib.org.schedule import Schedule
from simlib.verify.theory import Quantities
from simlib.verify.yardstick import Parameters, settled_parameters

Answer = TypeVar("Answer")

EXACT = 1e-9
"""Difference, relative to the theory, that is rounding."""
_NOTHING = 1e-15
"""A number below this is the rounding of 0."""
_MOST_SHOWN = 4
"""Calls of one function that are written out."""


class Call(Protocol):
    """Calls a function of the engine with its arguments and gives what it gives."""

    def __call__(self, function: Callable[..., Answer], /, *args: Any, **named: Any) -> Answer: ...


@dataclass(frozen=True)
class Rule:
    """An answer known in advance, and the functions of the engine that must give it."""

    name: str
    about: str
    """The case and its formula, in one line."""
    defaults: Mapping[str, Any]
    """Every parameter with its default, which also tells its kind."""
    theory: Callable[[Parameters], Quantities]
    answer: Callable[[Parameters, Call], Quantities]
    """The same quantities from the engine's functions, each called through the second argument."""
    through: str = "rule"
    precision: float = EXACT
    """Difference that is allowed, relative to the theory."""
    parts_of: Mapping[str, str] = field(default_factory=dict)
    """Quantities that come of larger numbers which nearly cancel, with one as large, to which rounding is relative."""

    def exact(self, _quantity: str) -> bool:
        """Nothing is estimated."""
        return True

    def parameters(self, stated: Mapping[str, Any]) -> Parameters:
        """Its parameters with the stated ones put in; SimlibError for an unknown name or a value of another kind.

        `customers` counts what a run measures: it may be stated, for all yardsticks at once, and means nothing here.
        """
        return settled_parameters(self.name, self.defaults, stated)

    def slack(self, quantity: str, expected: Quantities) -> float:
        """Difference from the theory that is allowed for a quantity."""
        size = max(abs(expected[name]) for name in (quantity, self.parts_of.get(quantity, quantity)))
        return self.precision * size + _NOTHING

    def shown(self, parameters: Parameters) -> str:
        """The functions that are called with which arguments, as Python would call them, and what they give."""
        made: list[tuple[str, str]] = []

        def told(function: Callable[..., Answer], /, *args: Any, **named: Any) -> Answer:
            found = function(*args, **named)
            given = [*map(_told, args), *(f"{name}={_told(value)}" for name, value in named.items())]
            called = f"{function.__module__}.{function.__qualname__}"
            made.append((called, f"{called}({', '.join(given)}) = {_told(found)}"))
            return found

        found = self.answer(parameters, told)
        counts, lines = Counter[str](), []
        for function, line in made:
            counts[function] += 1
            if counts[function] <= _MOST_SHOWN:
                lines.append(line)
        rest = [f"… and {count - _MOST_SHOWN:,} more calls of {function}"
                for function, count in counts.items() if count > _MOST_SHOWN]  # fmt: skip
        quantities = [f"-> {name} {value!r}" for name, value in found.items()]
        return "\n".join([f"# {self.name}: {self.about}", *lines, *rest, *quantities]) + "\n"


def called(function: Callable[..., Answer], /, *args: Any, **named: Any) -> Answer:
    """Calls a function, and that is all."""
    return function(*args, **named)


def _told(value: Any) -> str:
    """An argument as the reader would write it."""
    if isinstance(value, Schedule):
        pieces = "; ".join(
            f"from {_told(begins)}: {_told(pays)} + {_told(rate)} for each unit beyond"
            for begins, pays, rate in value.pieces
        )
        return f"Schedule({pieces})"
    if isinstance(value, float | Fraction):
        return f"{float(value):.10g}"
    if isinstance(value, list):
        return f"[{', '.join(map(_told, value))}]"
    if isinstance(value, tuple):
        fields = getattr(value, "_fields", None)
        if fields is None:
            return f"({', '.join(map(_told, value))})"
        named = (f"{name}={_told(part)}" for name, part in zip(fields, value, strict=True))
        return f"{type(value).__name__}({', '.join(named)})"
    return getattr(value, "__name__", None) or str(value)
