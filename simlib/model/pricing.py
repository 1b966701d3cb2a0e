"""What discount a seller gives of those within his authority: the one that is best for his own pay.

A discount wins more often and brings less. Who is paid on revenue does not feel what the product costs, and gives more
than is good for the firm; who is paid on margin wants what the firm wants.
"""

from __future__ import annotations

from collections.abc import Callable

from simlib.model.search import peak


def best_discount(
    win_probability: Callable[[float], float], gain: Callable[[float], float], *, authority: float
) -> float:
    """The discount δ in [0, authority] at which p(δ)·g(δ) is highest; 0 if all are alike.

    `win_probability`: p, by discount as a share of the list price. `gain`: g, what the deal brings the seller at that
    discount: E W(y + m(δ) + X) − E W(y + X) for what the plan counts of it, m: revenue (1 − δ)·v, or margin
    (1 − δ)·v − cost; and what he cares for the firm. Demand a − b·price, paid on revenue: price a/(2b), which is
    bk²/4 of profit below the best, k the unit cost (Weinberg 1975, Management Science 21; Bhardwaj 2001, Marketing
    Science 20). Found to rounding where the pay is a parabola, to about 1e-8 where it is smooth.
    """
    return peak(lambda discount: win_probability(discount) * gain(discount), 0.0, authority)
