"""Put a claim on trial: two designs meet the same worlds at every level of a sweep, and the difference is judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from simlib.decide.verdict import Judgement, judge
from simlib.measure.kpis import figures
from simlib.measure.precision import mean_interval
from simlib.org import build
from simlib.runs.replicate import simulate
from simlib.scenario import Scenario, keep_designs, vary
from simlib.world import draw_world

Outcome = Literal["holds", "holds only if", "does not hold", "not told apart"]
Differences = Sequence[NDArray[np.float64]]
"""By level, one difference per world, signed so that the claim says it is above zero."""


@dataclass(frozen=True)
class Level:
    """One setting of what is swept."""

    id: str
    """The words for it are under `level.ID`."""
    changes: Callable[[Scenario], Mapping[str, Any]]
    """Values by path, made from the market."""


@dataclass(frozen=True)
class Found:
    """What the worlds say of a claim."""

    outcome: Outcome
    judgements: tuple[Judgement, ...]
    """What was judged, in the order of `levels`; differences as the claim signs them."""
    levels: tuple[tuple[str, ...], ...]
    """Ids of the levels that each is about: one, or the first and the last of a movement."""
    against: tuple[float, ...] = ()
    """By level, the mean of the figure with the other design."""


Judge = Callable[[Sequence[Level], Differences], Found]


@dataclass(frozen=True)
class Claim:
    """A sentence of the field guide as an experiment."""

    id: str
    """Row of the field guide, and a letter. What it says is under `claim.ID` in the words of the report, and by which
    mechanisms it could come about, none of which knows a structure's name, under `claim.ID.by`."""
    design: str
    against: str
    figure: str
    """Figure of `measure.figures` that should move."""
    sign: Literal[1, -1]
    """1: the claim says that the figure is higher with `design` than with `against`; -1: lower."""
    sweep: tuple[Level, ...]
    judged: Judge
    """`at_every_level` or `along_the_sweep`."""


def at_every_level(levels: Sequence[Level], differences: Differences) -> Found:
    """The claim is about the difference itself: it holds if it is proved at every level, holds only if one of some
    levels is given when it is proved there and not elsewhere, and does not hold if it is proved nowhere and its
    opposite somewhere."""
    judgements = tuple(judge([mean_interval(d) for d in differences], zone=0.0, confidence=CONFIDENCE))
    proved = [one.verdict == "better" for one in judgements]
    refuted = [one.verdict in ("worse", "no difference that matters") for one in judgements]
    outcome: Outcome = "not told apart"
    if all(proved):
        outcome = "holds"
    elif any(proved):
        outcome = "holds only if"
    elif any(refuted):
        outcome = "does not hold"
    return Found(outcome, judgements, tuple((level.id,) for level in levels))


def along_the_sweep(levels: Sequence[Level], differences: Differences) -> Found:
    """The claim is about how the difference moves: from the first level of the sweep to the last it must grow."""
    (moved,) = judge([mean_interval(differences[-1] - differences[0])], zone=0.0, confidence=CONFIDENCE)
    outcome: Outcome = "not told apart"
    if moved.verdict == "better":
        outcome = "holds"
    elif moved.verdict in ("worse", "no difference that matters"):
        outcome = "does not hold"
    return Found(outcome, (moved,), ((levels[0].id, levels[-1].id),))


CONFIDENCE = 0.95
"""Of each claim's intervals together."""


def put_on_trial(claim: Claim, market: Scenario, *, seed: int, replications: int, workers: int = 1) -> Found:
    """Let a claim's two designs meet the same worlds at every level, and judge.

    Raises DesignError or ScenarioError if a level cannot be laid out in the market.
    """
    from joblib import Parallel, delayed

    pair = keep_designs(vary(market, {"compare.baseline": claim.against}), (claim.design, claim.against))
    levels = [vary(pair, level.changes(pair)) for level in claim.sweep]
    jobs = [delayed(_pair)(claim, level, seed, world) for level in levels for world in range(replications)]
    values = np.array(list(Parallel(n_jobs=workers)(jobs))).reshape(len(levels), replications, 2)
    found = claim.judged(claim.sweep, list(claim.sign * (values[..., 0] - values[..., 1])))
    return replace(found, against=tuple(values[..., 1].mean(axis=1).tolist()))


def _pair(claim: Claim, scenario: Scenario, seed: int, replication: int) -> tuple[float, float]:
    """The figure of both designs in a world."""
    world = draw_world(scenario, seed=seed, replication=replication)
    one, other = (_figure(claim.figure, scenario, name, world) for name in (claim.design, claim.against))
    return one, other


def _figure(name: str, scenario: Scenario, design: str, world: Any) -> float:
    table = figures(simulate(build(design, scenario), world))
    return float(table.loc[table["metric"] == name, "value"].iloc[0])
