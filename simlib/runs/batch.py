"""Many worlds, every design in each: the figures of all runs, whatever the number of workers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from simlib.ledger import Ledger
from simlib.measure.breakdown import breakdown
from simlib.measure.kpis import contribution, figures
from simlib.measure.timeline import contribution_between
from simlib.measure.view import Floats
from simlib.org import Organisation, build
from simlib.runs.replicate import simulate
from simlib.runs.results import Results
from simlib.scenario import Scenario
from simlib.scenario.mechanisms import Mechanisms
from simlib.world import World, draw_world

Tables = tuple[pd.DataFrame, pd.DataFrame]


def run(
    scenario: Scenario,
    *,
    seed: int,
    replications: int,
    workers: int = 1,
    progress: Callable[[int], object] | None = None,
) -> Results:
    """Let every design of a scenario meet the same worlds.

    `workers`: processes to spread the worlds over; the result is the same for any number. `progress` is called with 1
    after each world. Raises DesignError if a design cannot be laid out.
    """
    from joblib import Parallel, delayed

    organisations = {name: build(name, scenario) for name in scenario.designs}
    jobs = (delayed(meet)(scenario, organisations, seed, replication) for replication in range(replications))
    parts: list[Tables] = []
    for part in Parallel(n_jobs=workers, return_as="generator")(jobs):
        parts.append(part)
        if progress:
            progress(1)
    rows, broken_down = (pd.concat([part[number] for part in parts], ignore_index=True) for number in range(2))
    return Results(scenario, seed, replications, rows, broken_down, organisations)


def write_ledgers(results: Results, folder: Path) -> None:
    """Write the ledger of every run of some results into `folder/<number of the design>-<its name>/<replication>`."""
    for replication in range(results.replications):
        world = draw_world(results.scenario, seed=results.seed, replication=replication)
        for number, (name, organisation) in enumerate(results.organisations.items()):
            label = "".join(sign if sign.isalnum() else "_" for sign in name)[:40]
            simulate(organisation, world).to_parquet(folder / f"{number}-{label}" / str(replication))


def contributions(
    scenario: Scenario, designs: Sequence[str], *, seed: int, replications: int, workers: int = 1
) -> dict[str, list[float]]:
    """Contribution of some designs in the same worlds and nothing else, by design, in the order of the replications."""
    from joblib import Parallel, delayed

    organisations = {name: build(name, scenario) for name in designs}
    jobs = (delayed(_contributions)(scenario, organisations, seed, replication) for replication in range(replications))
    rows = list(Parallel(n_jobs=workers)(jobs))
    return {name: [row[name] for row in rows] for name in designs}


def _contributions(
    scenario: Scenario, organisations: Mapping[str, Organisation], seed: int, replication: int
) -> dict[str, float]:
    world = draw_world(scenario, seed=seed, replication=replication)
    return {name: contribution(simulate(organisation, world)) for name, organisation in organisations.items()}


def timelines(
    scenario: Scenario, edges_h: Floats, *, seed: int, replications: int, workers: int = 1
) -> dict[str, Floats]:
    """Contribution of each design in the same worlds between instants, by design. Shape (worlds, edges - 1)."""
    from joblib import Parallel, delayed

    organisations = {name: build(name, scenario) for name in scenario.designs}
    jobs = (delayed(_timelines)(scenario, organisations, edges_h, (seed, number)) for number in range(replications))
    rows = list(Parallel(n_jobs=workers)(jobs))
    return {name: np.stack([row[name] for row in rows]) for name in organisations}


def _timelines(
    scenario: Scenario, organisations: Mapping[str, Organisation], edges_h: Floats, which: tuple[int, int]
) -> dict[str, Floats]:
    world = draw_world(scenario, seed=which[0], replication=which[1])
    return {name: contribution_between(simulate(one, world), edges_h) for name, one in organisations.items()}


def meet(scenario: Scenario, organisations: Mapping[str, Organisation], seed: int, replication: int) -> Tables:
    """All designs in the world of one replication: figures and breakdown."""
    world = draw_world(scenario, seed=seed, replication=replication)
    rows, parts = [], []
    for name, organisation in organisations.items():
        ledger = simulate(organisation, world)
        figure = pd.concat([figures(ledger), _total_conflict(ledger, organisation, world)], ignore_index=True)
        rows.append(_labelled(figure, name, replication))
        part = pd.concat([breakdown(ledger), _totals_between_channels(ledger, organisation, world)], ignore_index=True)
        parts.append(_labelled(part, name, replication))
    return pd.concat(rows, ignore_index=True), pd.concat(parts, ignore_index=True)


def _total_conflict(ledger: Ledger, organisation: Organisation, world: World) -> pd.DataFrame:
    """Contribution that is missing against the same run with every conflict off (design 3.5)."""
    mechanisms = world.scenario.mechanisms
    missing = 0.0
    if mechanisms.without_conflict is not mechanisms:
        missing = _missing(ledger, organisation, world, mechanisms.without_conflict)
    return pd.DataFrame({"metric": ["conflict_money_total"], "value": [missing], "unit": ["money"]})


def _totals_between_channels(ledger: Ledger, organisation: Organisation, world: World) -> pd.DataFrame:
    """The same for each kind of conflict between channels that is on, as rows of the breakdown."""
    meets = len(ledger.choices) > 0
    rows = [
        ("conflict", kind, "money_total", _missing(ledger, organisation, world, calm) if meets else 0.0, "money")
        for kind, calm in world.scenario.mechanisms.without_each.items()
    ]
    return pd.DataFrame(rows, columns=["level", "group", "metric", "value", "unit"]).astype({"value": "float64"})


def _missing(ledger: Ledger, organisation: Organisation, world: World, calm: Mechanisms) -> float:
    """Contribution that is missing against the same run with calmer mechanisms."""
    return contribution(simulate(organisation, world, mechanisms=calm)) - contribution(ledger)


def _labelled(table: pd.DataFrame, design: str, replication: int) -> pd.DataFrame:
    return pd.concat([pd.DataFrame({"design": design, "replication": replication}, index=table.index), table], axis=1)
