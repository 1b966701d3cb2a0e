"""Whether the engine is right: results of queueing and decision theory that runs must agree with.

Start at `theory.py`, the closed forms, each with its source; `yardsticks.py` holds the engine against them.
"""
