"""The command for many reports: `batch`."""

from __future__ import annotations

import time
from pathlib import Path

import click

from simlib.cli.options import LANGUAGE, OUT, WORKERS

EXIT_FAILED = 1


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@OUT
@WORKERS
@LANGUAGE
def batch(file: Path, out: Path, workers: int, language: str) -> None:
    """Make the reports that FILE asks for: scenarios, values to try and languages, each as HTML, PDF and XLSX.

    What is there already and still holds is not made again. A run that fails loses no other; index.html under --out
    lists all, with verdicts and failures. --language is that of the index.
    """
    from simlib.batch.asked import read_batch
    from simlib.batch.conduct import Conduct
    from simlib.report import batch_told
    from simlib.report.index import tally
    from simlib.report.paper import prints_chinese
    from simlib.report.words import words

    asked, w, began = read_batch(file), words(language), time.monotonic()
    if "zh" in asked.batch.languages and not prints_chinese():
        click.echo(w("batch.no_chinese"), err=True)
    conduct, steps = Conduct(asked, out, w), []

    def ended(step: batch_told.Step) -> None:
        steps.append(step)
        click.echo(batch_told.line(step, w), err=True)

    click.echo(batch_told.begins(len(conduct.missing()), conduct.count, workers, w), err=True)
    conduct.carry_out(workers=workers, progress=ended)
    click.echo(batch_told.took(steps, time.monotonic() - began, w), err=True)
    click.echo(f"{tally(conduct.runs(), w)}\n{conduct.write_index()}")
    if any(run.state == "failed" for run in conduct.runs()):
        click.get_current_context().exit(EXIT_FAILED)
