"""Which pay plan? The same organisation, customers and people under several plans, at equal pay (design 3.4).

A plan that pays less looks better for that alone. So every plan's base pay is moved until the reps cost the same in
all, or until they are as well off in all: the certainty equivalent of a year's pay, less what their effort costs them.
It is moved by what a first run in the same worlds shows: base pay is handed over and decides nothing that is sold, so
that nothing is chosen in the worlds in which it is judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from simlib.errors import Fault, ScenarioError, SimlibError
from simlib.model.outlook import certainty_equivalent_of
from simlib.org.budget import pay_per_year
from simlib.runs.batch import contributions, run
from simlib.runs.results import Results
from simlib.scenario import Scenario, keep_designs, vary
from simlib.scenario.designs import ROLES, resolve
from simlib.scenario.wording import unknown
from simlib.units import DAYS_PER_YEAR

Floats = NDArray[np.float64]
Equal = Literal["cost", "worth", "nothing"]
"""What is made equal: what the reps cost, what their pay is worth to them, or nothing (plans as stated)."""
SELLER = ROLES[0]


@dataclass(frozen=True)
class Paid:
    """What a plan paid its reps, by head and year, in whole units of the currency."""

    cost: float
    """Base and variable pay."""
    worth: float
    """Certainty equivalent of the pay, less what effort cost who made it."""
    base: float
    """Stated or adjusted base pay."""


def under_plans(scenario: Scenario, design: str, plans: Sequence[str]) -> Scenario:
    """The scenario with one design for each plan, called like the plan: `design` with its reps on the plan; the first
    plan is the baseline.

    Raises ScenarioError for a design or a plan that the scenario does not have.
    """
    wanted = list(plans) or _of_reps(scenario)
    wrong = [Fault(unknown(name, scenario.plans), "--plans") for name in wanted if name not in scenario.plans]
    if design not in scenario.designs:
        wrong.append(Fault(unknown(design, scenario.designs), "--design"))
    if not scenario.plans:
        wrong = [Fault("got no plans, must be stated (docs/pay.md tells how)", "plans")]
    if wrong:
        raise ScenarioError(wrong)
    alone = keep_designs(vary(scenario, {"compare.baseline": design}), (design,))
    stated = alone.designs[design].model_dump()
    others = resolve(alone.designs[design], alone.organisation).pay or {}
    designs = {name: {**stated, "pay": {**others, SELLER: name}} for name in dict.fromkeys(wanted)}
    budget: dict[str, Any] = {"designs": {design: stated, **designs}}
    tried = vary(alone, budget)
    return keep_designs(vary(tried, {"compare.baseline": wanted[0]}), tuple(designs))


def _of_reps(scenario: Scenario) -> list[str]:
    """The plans by which some design pays its reps, else all."""
    used = [(resolve(design, scenario.organisation).pay or {}).get(SELLER) for design in scenario.designs.values()]
    return list(dict.fromkeys(filter(None, used))) or list(scenario.plans)


def at_equal_pay(tried: Scenario, equal: Equal, *, seed: int, replications: int, workers: int = 1) -> Scenario:
    """The plans with other base pay, at which all reps cost as much, or are as well off, as under the first plan.

    Where it would take a base below 0 it is 0: that plan then pays more. Raises DesignError if a design cannot be laid
    out, SimlibError for anything else to make equal.
    """
    if equal not in get_args(Equal):
        raise SimlibError(f"equal: got {equal!r}, must be one of {', '.join(get_args(Equal))}")
    if equal == "nothing":
        return tried
    found = paid(run(tried, seed=seed, replications=replications, workers=workers))
    target = getattr(found[tried.baseline], equal)
    changes = {
        f"plans.{name}.base_per_year": round(max(one.base + target - getattr(one, equal), 0.0), 2)
        for name, one in found.items()
    }
    return vary(tried, changes)


def paid(results: Results) -> dict[str, Paid]:
    """By plan, what its reps were paid in the window, a head and year."""
    scenario = results.scenario
    effort = scenario.mechanisms.effort
    averse = effort.risk_aversion if effort else 0.0
    people = results.breakdown[
        (results.breakdown["level"] == "person") & results.breakdown["group"].str.startswith(f"{SELLER} ")
    ]
    found = {}
    for name in scenario.designs:
        mine = people[people["design"] == name]
        pay, years = (mine.loc[mine["metric"] == metric, "value"].to_numpy() for metric in ("pay", "years"))
        cost, felt = (_mean(results, name, metric) for metric in ("pay_per_head", "effort_felt"))
        worth = cost - _premium(pay[years > 0] / years[years > 0], years[years > 0], averse)
        plan = scenario.plans[name]
        base = pay_per_year(SELLER, scenario.costs) if plan.base_per_year is None else plan.base_per_year
        found[name] = Paid(cost, worth - (0.0 if np.isnan(felt) else felt), base)
    return found


def _premium(yearly: Floats, years: Floats, averse: float) -> float:
    """What the risk of so much pay a year costs who is averse to it: mean less certainty equivalent, everybody by the
    time on the seat. Who was there for less than a month says nothing of a year's pay."""
    seen = years >= 1 / 12
    if not seen.any():
        return 0.0
    weeks = np.maximum(np.rint(years[seen] * DAYS_PER_YEAR / 7), 1).astype(int)
    pays = np.repeat(yearly[seen], weeks)
    return float(pays.mean()) - certainty_equivalent_of(pays.tolist(), risk_aversion=averse)


def _mean(results: Results, design: str, metric: str) -> float:
    table = results.figures
    values = table.loc[(table["design"] == design) & (table["metric"] == metric), "value"]
    return float(values.mean()) if values.notna().any() else float("nan")


def cost_of_gaming(results: Results, *, workers: int = 1) -> dict[str, np.ndarray[Any, Any]]:
    """By plan and world, contribution missing against the same run in which nobody moves signatures over the end of a
    pay period: discounts for signing early, and deals that come late."""
    scenario, count = results.scenario, results.replications
    if scenario.mechanisms.timing is None:
        return {name: np.zeros(count) for name in scenario.designs}
    names = tuple(scenario.designs)
    honest = vary(scenario, {"mechanisms.timing": "off"})
    without, with_it = (
        contributions(each, names, seed=results.seed, replications=count, workers=workers)
        for each in (honest, scenario)
    )
    return {name: np.array(without[name]) - np.array(with_it[name]) for name in names}
