"""Yardsticks: answers known in advance, held against what the engine gives.

Most are scenarios that reduce to a formula by their settings alone, and are run; some are rules, whose very functions
are called (`rule.py`) and whose answer is exact.

`verify("erlang_c")` draws worlds, builds, simulates, reads the quantities off the ledgers and says whether the theory
lies in their 99.9% interval, and whether the interval is narrow enough to mean something. A run is laid out from
theory (`planning.py`): so many customers that the stated precision is reached, after a warm-up of seven relaxation
times. Where that would take too many customers the interval is widened by what theory says of the run's own chance
and of the empty start, and the check is imprecise, never falsely inside.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simlib.errors import SimlibError
from simlib.measure.precision import mean_interval, student_quantile
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario.schema import Scenario
from simlib.scenario.wording import unknown
from simlib.verify.channels import DOUBLE_MARKUP, HOTELLING, OWN_ONLINE_SHOP, REBATE_ORDER_UP_TO
from simlib.verify.contests import PROMOTION_CONTEST
from simlib.verify.deals import COMPOUND_REVENUE, LITTLE, OVERLAP
from simlib.verify.efforts import EFFORT_ALLOCATION, LINEAR_EFFORT, OPTIMAL_COMMISSION, QUOTA_BONUS_EFFORT, TEAM_POOL
from simlib.verify.funnel import STAGED_FUNNEL
from simlib.verify.gaming import ACCELERATOR_GAMING, DELEGATED_PRICING, TIMING
from simlib.verify.hierarchy import KNOWLEDGE_HIERARCHY
from simlib.verify.lines import COBHAM, POLLACZEK_KHINCHINE, POOLED_OR_TERRITORIES, ROUND_ROBIN
from simlib.verify.partners import CHAIN_OF_PARTNERS, SITE_BESIDE_DEALER, STREET_OF_OUTLETS
from simlib.verify.pools import ERLANG_A, ERLANG_B, ERLANG_C, RESPONSE_DECAY
from simlib.verify.rule import Rule, called
from simlib.verify.rushes import REBATE_RUSH
from simlib.verify.screens import HIERARCHY_POLYARCHY, SCREENING
from simlib.verify.staffing import RAMP_TURNOVER_SHARE
from simlib.verify.theory import Quantities
from simlib.verify.yardstick import LEAST_CUSTOMERS, MOST_CUSTOMERS, Parameters, Plan, Yardstick, span
from simlib.world import draw_world

RUNS = {
    yardstick.name: yardstick
    for yardstick in (
        ERLANG_C,
        ERLANG_A,
        ERLANG_B,
        COBHAM,
        POLLACZEK_KHINCHINE,
        LITTLE,
        RESPONSE_DECAY,
        ROUND_ROBIN,
        POOLED_OR_TERRITORIES,
        SCREENING,
        OVERLAP,
        COMPOUND_REVENUE,
        KNOWLEDGE_HIERARCHY,
        HIERARCHY_POLYARCHY,
        RAMP_TURNOVER_SHARE,
        STAGED_FUNNEL,
        REBATE_RUSH,
        CHAIN_OF_PARTNERS,
        STREET_OF_OUTLETS,
        SITE_BESIDE_DEALER,
    )
}
RULES = {
    yardstick.name: yardstick
    for yardstick in (
        LINEAR_EFFORT,
        OPTIMAL_COMMISSION,
        TEAM_POOL,
        QUOTA_BONUS_EFFORT,
        TIMING,
        ACCELERATOR_GAMING,
        DELEGATED_PRICING,
        EFFORT_ALLOCATION,
        PROMOTION_CONTEST,
        DOUBLE_MARKUP,
        HOTELLING,
        OWN_ONLINE_SHOP,
        REBATE_ORDER_UP_TO,
    )
}
YARDSTICKS: Mapping[str, Yardstick | Rule] = {**RUNS, **RULES}
CONFIDENCE = 0.999
REPLICATIONS = 32
IDENTITY = 1e-9
_MOST_IN_ALL = 1_200_000
"""Customers measured in all replications of a yardstick, if the user does not say how many."""
_MARGIN = 1.6
"""Customers beyond those with which the interval would be just narrow enough on average: its width is chance too."""
_USUAL_CUSTOMERS = 2_000
"""Customers of a replication where precision does not depend on them."""


@dataclass(frozen=True)
class Check:
    """One quantity of one yardstick: what theory says and what the runs gave."""

    name: str
    through: str
    quantity: str
    parameters: Parameters
    theory: float
    mean: float
    low: float
    high: float
    inside: bool
    """The theory lies in the interval."""
    precise: bool
    """The interval's half-width is within the yardstick's precision."""


@dataclass(frozen=True)
class Job:
    """What all replications of a check have in common."""

    name: str
    parameters: Parameters
    scenario: Scenario
    hour: float
    """Hours in one unit of the rates' time."""


def verify(
    name: str,
    *,
    parameters: Mapping[str, Any] | None = None,
    replications: int = REPLICATIONS,
    seed: int = 0,
    workers: int = 1,
) -> list[Check]:
    """Check the engine against a yardstick; one check for each of its quantities.

    `parameters`: those that differ from the defaults (`yardstick(name).defaults`), and `customers` measured in each
    replication; None = as many as the precision needs. The same result for any number of `workers`.
    Raises SimlibError for an unknown name, or parameters without a steady state.
    """
    chosen = yardstick(name)
    settled = settle(chosen, parameters or {}, replications=replications)
    rows = list(replicate(name, settled, seed=seed, replications=replications, workers=workers))
    return checks(chosen, settled, rows)


def yardstick(name: str) -> Yardstick | Rule:
    """A yardstick by name; SimlibError with the nearest name if there is none."""
    if name not in YARDSTICKS:
        raise SimlibError(f"yardstick: {unknown(name, YARDSTICKS)}")
    return YARDSTICKS[name]


def settle(chosen: Yardstick | Rule, stated: Mapping[str, Any], *, replications: int) -> Parameters:
    """All parameters of a check, of a run the number of customers among them. Raises SimlibError if theory refuses
    them."""
    if isinstance(chosen, Rule):
        parameters = chosen.parameters(stated)
        chosen.theory(parameters)
        return parameters
    if replications < 2:
        raise SimlibError(f"replications: got {replications}, must be at least 2: one gives no interval")
    parameters = chosen.parameters(stated)
    expected = chosen.theory(parameters)
    plan = chosen.plan(parameters)
    if parameters["customers"] is None:
        needed = _MARGIN * max((_customers_needed(plan, expected, q, chosen.precision, replications)
                                for q in expected), default=0.0)  # fmt: skip
        fair = math.ceil(min(needed, _MOST_IN_ALL) / replications) if needed else _USUAL_CUSTOMERS
        parameters["customers"] = min(max(fair, LEAST_CUSTOMERS), MOST_CUSTOMERS)
    return parameters


def scenario_of(chosen: Yardstick, parameters: Parameters) -> Scenario:
    """The scenario that a check with settled parameters runs."""
    return chosen.scenario(parameters, span(chosen.plan(parameters), parameters["customers"]))


def replicate(
    name: str, parameters: Parameters, *, seed: int, replications: int, workers: int = 1
) -> Iterator[Quantities]:
    """What each replication measured, in order; what a rule answers, once."""
    if name in RULES:
        yield RULES[name].answer(parameters, called)
        return
    from joblib import Parallel, delayed

    phases = span(RUNS[name].plan(parameters), parameters["customers"])
    job = Job(name, parameters, RUNS[name].scenario(parameters, phases), phases.hour)
    jobs = (delayed(_measured)(job, seed, number) for number in range(replications))
    yield from Parallel(n_jobs=workers, return_as="generator")(jobs)


def _measured(job: Job, seed: int, replication: int) -> Quantities:
    world = draw_world(job.scenario, seed=seed, replication=replication)
    ledgers = {design: simulate(build(design, job.scenario), world) for design in job.scenario.designs}
    return RUNS[job.name].measure(ledgers, job.parameters, job.hour)


def checks(chosen: Yardstick | Rule, parameters: Parameters, rows: Sequence[Quantities]) -> list[Check]:
    """The verdict on every quantity, from what the replications measured, or from a rule's one answer."""
    expected = chosen.theory(parameters)
    if isinstance(chosen, Rule):
        return [_exact(chosen, parameters, quantity, expected, rows[0][quantity]) for quantity in expected]
    plan = chosen.plan(parameters)
    found = [_compared(chosen, parameters, plan, quantity, rows) for quantity in expected]
    return found + [
        _identical(chosen, parameters, quantity, other, rows) for quantity, other in chosen.identities.items()
    ]


def _compared(
    chosen: Yardstick, parameters: Parameters, plan: Plan, quantity: str, rows: Sequence[Quantities]
) -> Check:
    expected = chosen.theory(parameters)[quantity]
    interval = mean_interval([row[quantity] for row in rows], confidence=CONFIDENCE)
    mean, low, high = interval.mean, interval.low, interval.high
    if quantity in chosen.roots:
        mean, low, high = (math.sqrt(max(value, 0.0)) for value in (mean, low, high))
    if quantity in chosen.inverses:
        mean, low, high = (1 / value if value > 0 else math.inf for value in (mean, high, low))
    wanted = chosen.precision * abs(expected)
    chance = student_quantile(len(rows) - 1, (1 + CONFIDENCE) / 2) * plan.deviations[quantity]
    chance /= math.sqrt(parameters["customers"] * len(rows))
    if chance > wanted:
        # Too short for its own spread to be trusted: rare events may not have come up at all.
        low, high = min(low, mean - chance), max(high, mean + chance)
    bias = span(plan, parameters["customers"]).start_up_bias * abs(expected)
    low, high = low - bias, high + bias
    if interval.n < len(rows) or not math.isfinite(mean):
        # Somebody was not served before the end of a replication; without the slow ones a mean says nothing. Nor does
        # the inverse of nothing.
        low, high = -math.inf, math.inf
    return Check(
        chosen.name, chosen.through, quantity, parameters, expected, mean, low, high,
        inside=low <= expected <= high, precise=(high - low) / 2 <= wanted,
    )  # fmt: skip


def _identical(
    chosen: Yardstick, parameters: Parameters, quantity: str, other: str, rows: Sequence[Quantities]
) -> Check:
    """Equal in every replication: the interval is the worst one's difference, give or take 1e-9 of the size."""
    left, right = (np.array([row[name] for row in rows]) for name in (quantity, other))
    differences, size = left - right, float(right.mean())
    worst = float(differences[np.argmax(np.abs(differences))])
    slack = IDENTITY * abs(size)
    low, high = size + worst - slack, size + worst + slack
    return Check(
        chosen.name, chosen.through, quantity, parameters, size, float(left.mean()), low, high,
        inside=abs(worst) <= slack, precise=bool(np.isfinite(differences).all()),
    )  # fmt: skip


def _exact(chosen: Rule, parameters: Parameters, quantity: str, expected: Quantities, found: float) -> Check:
    """A rule's answer is a number, no interval: it is the theory's, give or take the rule's precision."""
    theory = expected[quantity]
    return Check(
        chosen.name, chosen.through, quantity, parameters, theory, found, found, found,
        inside=abs(found - theory) <= chosen.slack(quantity, expected), precise=math.isfinite(found),
    )  # fmt: skip


def _customers_needed(plan: Plan, expected: Quantities, quantity: str, precision: float, replications: int) -> float:
    """Customers in all with which the interval of a quantity is just narrow enough."""
    wanted = precision * abs(expected[quantity])
    width = student_quantile(replications - 1, (1 + CONFIDENCE) / 2) * plan.deviations[quantity]
    if not wanted:
        return math.inf if width else 0.0
    return min(width / wanted, 1e9) ** 2
