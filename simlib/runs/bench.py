"""Try organisations one by one in the same worlds, drawn once: what answers a question while somebody waits.

Conflict's total loss is not among the figures: it takes a second run of every world (`runs.batch`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from simlib.ledger import Ledger
from simlib.measure.breakdown import breakdown
from simlib.measure.kpis import figures
from simlib.org import Organisation
from simlib.runs.replicate import simulate
from simlib.scenario import Scenario
from simlib.world import World, draw_worlds

Measure = Callable[[Ledger], pd.DataFrame]
Tables = tuple[pd.DataFrame, ...]
FIGURES: tuple[Measure, ...] = (figures,)
IDLE_SECONDS = 3600
"""How long helpers wait for the next question: somebody explains a chart for minutes."""


@dataclass(frozen=True, eq=False)
class Bench:
    """Worlds in which organisations of one scenario are tried, which change nothing in them."""

    seed: int
    worlds: tuple[World, ...]
    workers: int = 1
    """Processes among which the worlds are shared out; the result is the same for any number."""

    def tried(self, organisation: Organisation) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Figures and breakdown of an organisation in every world: as in `Results`, the design called by its name."""
        runs = lives(((organisation, world) for world in self.worlds), (figures, breakdown), workers=self.workers)
        parts = [_labelled(run, organisation.name, replication) for replication, run in enumerate(runs)]
        first, second = (pd.concat([part[number] for part in parts], ignore_index=True) for number in range(2))
        return first, second


def open_bench(scenario: Scenario, *, seed: int, replications: int, workers: int = 1) -> Bench:
    """Draw the worlds of the replications 0, 1, ..."""
    return Bench(seed, tuple(draw_worlds(scenario, seed=seed, replications=replications)), workers)


def lives(
    jobs: Iterable[tuple[Organisation, World]], measures: tuple[Measure, ...] = FIGURES, *, workers: int = 1
) -> Iterator[Tables]:
    """What is measured of every organisation in its world, in order, as it comes."""
    from joblib import Parallel, delayed

    pool = Parallel(n_jobs=workers, return_as="generator", idle_worker_timeout=IDLE_SECONDS)
    yield from pool(delayed(_lived)(organisation, world, measures) for organisation, world in jobs)


def _lived(organisation: Organisation, world: World, measures: tuple[Measure, ...]) -> Tables:
    ledger = simulate(organisation, world)
    return tuple(measure(ledger) for measure in measures)


def _labelled(tables: Tables, design: str, replication: int) -> Tables:
    labels = {"design": design, "replication": replication}
    return tuple(pd.concat([pd.DataFrame(labels, index=table.index), table], axis=1) for table in tables)
