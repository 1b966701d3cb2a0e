"""How an organisation meets a world: the event loop in SimPy, from the needs that arise to the books of the run.

Start at `selling.py`: its first lines tell the life of a deal. `firm.py` lays out all that it looks up, `desk.py` is
where work meets finite hours, `behaviour.py`, `manager.py` and `conflict.py` hold the rules of the mechanisms, and
`books.py` closes a run into a `Ledger`. docs/model.md states every mechanism with its equation.
"""
