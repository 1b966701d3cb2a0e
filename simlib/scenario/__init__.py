"""What the user writes: a scenario file, read into frozen values; varied, never changed.

Read: `load_scenario`, `scenario_hash`. Vary: `vary`, `value_at`, `switch_off`, `keep_designs`.
"""

from simlib.scenario.digest import scenario_hash
from simlib.scenario.load import load_scenario
from simlib.scenario.schema import Scenario
from simlib.scenario.vary import keep_designs, switch_off, value_at, vary

__all__ = ["Scenario", "keep_designs", "load_scenario", "scenario_hash", "switch_off", "value_at", "vary"]
