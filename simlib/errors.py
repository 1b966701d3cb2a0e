"""What can go wrong, as one tree.

SimlibError                  everything below; the command line prints it and exits 2
├── ScenarioError            the scenario file (or `--set`) says something it may not: a list of faults
├── ExportError              a CRM export cannot be read or replayed
└── DesignError              a design cannot be built from this scenario, with the reason
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class SimlibError(ValueError):
    """Something a user wrote cannot be used; the message says where, what, the rule and the way out."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a scenario: `file:line:column: path: message`."""

    message: str
    """The value met and the rule: `got -2, must be at least 1`."""
    path: str = ""
    """Dotted path inside the scenario, `designs.flat.span`; empty when the file as a whole is at fault."""
    file: str = ""
    line: int | None = None
    """1-based."""
    column: int | None = None
    """1-based."""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return ": ".join(part for part in (place, self.path, self.message) if part)


class ScenarioError(SimlibError):
    """A scenario that may not be run; `faults` holds every fault found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Fault, ...]]]:
        return ScenarioError, (self.faults,)


class ExportError(SimlibError):
    """A CRM export that cannot be read or replayed."""


class DesignError(SimlibError):
    """A design that cannot be built from this scenario."""
