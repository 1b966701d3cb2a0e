"""Yardsticks of effort: how hard people work who are paid by the piece, by a pool, or for a quota."""

from __future__ import annotations

from fractions import Fraction

from simlib.model.attention import shared
from simlib.model.effort import Stake, effort
from simlib.model.outlook import Outlook, certainty_equivalent
from simlib.model.search import peak
from simlib.org.schedule import Schedule, linear, steps, tiered
from simlib.verify import theory_of_pay
from simlib.verify.rule import Call, Rule
from simlib.verify.theory import Quantities
from simlib.verify.yardstick import Parameters

_MOST_ROUNDS = 20
"""Of answers to each other, should they not come to rest before."""


def _linear_effort(p: Parameters, call: Call) -> Quantities:
    """By the closed form, and by the search that a schedule of several pieces takes."""
    rate = Fraction(p["commission_rate"])
    broken = tiered([(Fraction(0), rate), (Fraction(1), rate)])
    plain, searched = (
        call(effort, [Stake(schedule, 0.0, 1.0, p["sd"])], cost=p["effort_cost"]) for schedule in (linear(rate), broken)
    )
    return {"effort": plain, "effort_by_search": searched}


LINEAR_EFFORT = Rule(
    name="linear_effort",
    about="paid a share β of what effort brings (Holmström and Milgrom): e = β/c",
    defaults={"commission_rate": 0.4, "effort_cost": 0.5, "sd": 1.0},
    theory=lambda p: theory_of_pay.linear_effort(p["commission_rate"], effort_cost=p["effort_cost"], sd=p["sd"]),
    answer=_linear_effort,
)


def _optimal_commission(p: Parameters, call: Call) -> Quantities:
    """The firm tries every share from 0 to 1; the salary makes up for the cost of effort and of risk."""
    cost: float = p["effort_cost"]
    risk_aversion, sd = p["risk_aversion"], p["variance"] ** 0.5

    def answer(rate: float) -> float:
        stake = Stake(linear(Fraction(rate)), 0.0, 1.0, sd)
        return call(effort, [stake], cost=cost, risk_aversion=risk_aversion)

    def surplus(rate: float) -> float:
        done = answer(rate)
        pay = Outlook(linear(Fraction(rate)), done, sd)
        felt = call(certainty_equivalent, pay, risk_aversion=risk_aversion) - cost * done**2 / 2
        return done - pay.schedule.expected(done, sd) + felt

    best = peak(surplus, 0.0, 1.0)
    return {"commission_rate": best, "effort": answer(best), "surplus": surplus(best)}


OPTIMAL_COMMISSION = Rule(
    name="optimal_commission",
    about="the share that is best for both, effort against risk (Holmström and Milgrom): β* = 1/(1+rcσ²)",
    defaults={"risk_aversion": 2.0, "effort_cost": 0.5, "variance": 1.5},
    theory=lambda p: theory_of_pay.optimal_commission(**p),
    answer=_optimal_commission,
    through="optimum",
)


def _team_pool(p: Parameters, call: Call) -> Quantities:
    """Everybody answers the others' efforts, which begin all different, until nobody changes his own."""
    size: int = p["team_size"]
    cost: float = p["effort_cost"]

    def answer(schedule: Schedule, others: float) -> float:
        return call(effort, [Stake(schedule, others, 1.0, 1.0)], cost=cost)

    best, pool = answer(linear(Fraction(1)), 0.0), linear(Fraction(1, size))
    efforts = [best * number / size for number in range(size)]
    for _ in range(_MOST_ROUNDS):
        before, together = list(efforts), sum(efforts)
        for number in range(size):
            together -= efforts[number]
            efforts[number] = answer(pool, together)
            together += efforts[number]
        if efforts == before:
            break

    def surplus(done: list[float]) -> float:
        return sum(done) - cost / 2 * sum(e * e for e in done)

    return {
        "effort": sum(efforts) / size,
        "best_effort": best,
        "efficiency": surplus(efforts) / surplus([best] * size),
    }


TEAM_POOL = Rule(
    name="team_pool",
    about="N who share evenly what they bring together (Holmström): e = 1/(Nc) each, efficiency (2N-1)/N²",
    defaults={"team_size": 5, "effort_cost": 0.5},
    theory=lambda p: theory_of_pay.team_pool(p["team_size"], effort_cost=p["effort_cost"]),
    answer=_team_pool,
    through="optimum",
)


def _quota_bonus_effort(p: Parameters, call: Call) -> Quantities:
    bonus = steps([(Fraction(p["quota"]), Fraction(p["bonus"]))])
    return {
        f"effort_{number}": call(effort, [Stake(bonus, result, 1.0, p["sd"])], cost=p["effort_cost"])
        for number, result in enumerate(p["results"], start=1)
    }


QUOTA_BONUS_EFFORT = Rule(
    name="quota_bonus_effort",
    about="a bonus B at quota Q, normal noise: the best of the efforts with Bφ((y+e-Q)/σ)/σ = ce, by result so far",
    defaults={"bonus": 2.0, "quota": 2.0, "sd": 1.0, "effort_cost": 1.0, "results": (-2.0, 0.0, 1.0, 2.0, 4.0)},
    theory=lambda p: theory_of_pay.quota_bonus_effort(**p),
    answer=_quota_bonus_effort,
)


def _effort_allocation(p: Parameters, call: Call) -> Quantities:
    efforts = call(shared, p["budget"], productivities=p["productivities"], elasticity=p["elasticity"])
    return {f"effort_{number}": each for number, each in enumerate(efforts, start=1)}


EFFORT_ALLOCATION = Rule(
    name="effort_allocation",
    about="a budget of effort over segments that bring Σ k·x^b: x in proportion to k^(1/(1-b))",
    defaults={"productivities": (3.0, 2.0, 1.0), "elasticity": 0.34, "budget": 10.0},
    theory=lambda p: theory_of_pay.effort_allocation(**p),
    answer=_effort_allocation,
)
