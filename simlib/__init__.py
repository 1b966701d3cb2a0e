"""A workbench to simulate and choose sales organisations: the same customers and the same people in each.

>>> import simlib
>>> sorted(simlib.__all__)[:3]
['Comparison', 'Ledger', 'Organisation']

The way of the data: `load_scenario` → `draw_worlds` and `build` → `simulate` → a `Ledger` → `run` gathers figures →
`compare` gives the verdict.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simlib.decide.compare import Comparison, compare
    from simlib.errors import SimlibError
    from simlib.ledger import Ledger
    from simlib.org import Organisation, build
    from simlib.runs import Results, run, simulate
    from simlib.scenario import Scenario, load_scenario, vary
    from simlib.world import World, draw_worlds

_HOMES = {
    "Scenario": "scenario", "load_scenario": "scenario", "vary": "scenario",
    "World": "world", "draw_worlds": "world",
    "Organisation": "org", "build": "org",
    "Ledger": "ledger",
    "Results": "runs", "run": "runs", "simulate": "runs",
    "Comparison": "decide.compare", "compare": "decide.compare",
    "SimlibError": "errors",
}  # fmt: skip
__all__ = [
    "Comparison", "Ledger", "Organisation", "Results", "Scenario", "SimlibError", "World",
    "build", "compare", "draw_worlds", "load_scenario", "run", "simulate", "vary",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """A public name, imported when it is first asked for: `import simlib` loads nothing else."""
    if name not in _HOMES:
        raise AttributeError(f"module 'simlib' has no attribute {name!r}")
    return getattr(import_module(f"simlib.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
