"""Yardstick of a contest: how hard people work for a prize that the best of them get."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from simlib.model.contest import Expected, bar, chance
from simlib.model.effort import Stake, effort
from simlib.org.schedule import steps
from simlib.verify import theory_of_contests
from simlib.verify.rule import Call, Rule
from simlib.verify.theory import Quantities
from simlib.verify.yardstick import Parameters

_MOST_ROUNDS = 200
"""Of answers to each other, should they not come to rest before."""
_AT_REST = 1e-14


def _efforts(p: Parameters, call: Call, *, contestants: int, winners: int) -> list[float]:
    """Everybody answers the others' efforts, which begin all different, until nobody changes his own."""
    prize, cost, sd = Fraction(p["prize"]), p["effort_cost"], p["sd"]

    def answer(own: float, others: Sequence[float]) -> float:
        found = call(bar, Expected(own, sd), [Expected(other, sd) for other in others], winners=winners)
        if found is None:
            return 0.0
        return call(effort, [Stake(steps([(Fraction(found.at), prize)]), 0.0, 1.0, found.sd)], cost=cost)

    efforts = [p["prize"] / (cost * sd) * number / contestants for number in range(contestants)]
    for _ in range(_MOST_ROUNDS):
        moved = 0.0
        for number, before in enumerate(efforts):
            efforts[number] = answer(before, efforts[:number] + efforts[number + 1 :])
            moved = max(moved, abs(efforts[number] - before))
        if moved <= _AT_REST * max(efforts):
            break
    return efforts


def _promotion_contest(p: Parameters, call: Call) -> Quantities:
    n, k = int(p["contestants"]), int(p["winners"])
    efforts = _efforts(p, call, contestants=n, winners=k)
    own, *others = (Expected(each, p["sd"]) for each in efforts)
    probability, per_unit = call(chance, own, others, winners=k)
    two = _efforts(p, call, contestants=2, winners=1)
    return {
        "effort": sum(efforts) / n,
        "probability": probability,
        "per_unit": per_unit,
        "effort_of_two": sum(two) / 2,
    }


PROMOTION_CONTEST = Rule(
    name="promotion_contest",
    about="the k best of n get W, normal luck (Lazear and Rosen): e = W·m/c; of two for one prize W·g(0)/c = W/(2cσ√π)",
    defaults={"prize": 1.0, "contestants": 5, "winners": 1, "sd": 1.5, "effort_cost": 0.8},
    theory=lambda p: theory_of_contests.promotion_contest(**p),
    answer=_promotion_contest,
    through="optimum",
)
