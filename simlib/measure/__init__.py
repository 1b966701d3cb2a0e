"""How a run went: every figure, computed from its `Ledger` and from nothing else.

Start at `figures.py`, the list of all figures with unit and definition; `kpis.py` computes them, `breakdown.py` takes
them apart, `precision.py` says how surely they are known.
"""
