"""Reads and runs what a request asks for: doubts about it on stderr, and a bar of the worlds done."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from simlib.cli.options import Request, words_of

if TYPE_CHECKING:
    from simlib.runs import Results
    from simlib.scenario.schema import Scenario


def understood(request: Request) -> Scenario:
    """The scenario of a request; on stderr what in it is allowed and hardly meant."""
    from simlib.report.summary import doubt_summary

    scenario = request.scenario()
    for line in doubt_summary(request.doubts(scenario), words_of(request.language, scenario)):
        click.echo(line, err=True)
    return scenario


def simulated(request: Request, scenario: Scenario) -> Results:
    """The results of a request; on stderr what a replayed log has to say, and a bar of the worlds done."""
    from tqdm import tqdm

    from simlib.report.summary import log_summary
    from simlib.runs import run as run_all

    w = words_of(request.language, scenario)
    for line in log_summary(scenario, w):
        click.echo(line, err=True)
    with tqdm(total=request.replications, unit=w("progress.world"), file=sys.stderr, desc=scenario.name) as bar:
        return run_all(
            scenario, seed=request.seed, replications=request.replications, workers=request.workers, progress=bar.update
        )
