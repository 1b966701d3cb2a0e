"""Runs what a request asks for, with a bar of the worlds done."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from simlib.cli.options import Request
from simlib.cli.summary import log_summary

if TYPE_CHECKING:
    from simlib.runs import Results
    from simlib.scenario.schema import Scenario


def simulated(request: Request, scenario: Scenario | None = None) -> Results:
    """The results of a request; on stderr what a replayed log has to say, and a bar of the worlds done."""
    from tqdm import tqdm

    from simlib.runs import run as run_all

    scenario = scenario or request.scenario()
    for line in log_summary(scenario):
        click.echo(line, err=True)
    with tqdm(total=request.replications, unit="world", file=sys.stderr, desc=scenario.name) as bar:
        return run_all(
            scenario, seed=request.seed, replications=request.replications, workers=request.workers, progress=bar.update
        )
