"""Commands on one scenario: `check`, `run`, `compare`, `report`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simlib.cli.channel_summary import channel_summary
from simlib.cli.options import AS_JSON, XLSX, Request, scenario_options
from simlib.cli.simulated import simulated, understood
from simlib.cli.summary import chart_summary, doubt_summary, log_summary, plan_summary, summary

if TYPE_CHECKING:
    from simlib.report.subject import Subject
    from simlib.runs import Results


@click.command()
@scenario_options
def check(request: Request) -> None:
    """Read a scenario and say what was understood, or every fault in it with its line."""
    from simlib.org import build

    scenario = request.scenario()
    lines = summary(scenario)
    # What the budget pays for, a log can bear, or a chart says is only known when it is laid out.
    organisations = [build(name, scenario) for name in scenario.designs]
    charts = [line for organisation in organisations for line in chart_summary(scenario, organisation)]
    plans, channels = plan_summary(scenario, organisations), channel_summary(scenario, organisations)
    doubts = doubt_summary(request.doubts(scenario))
    click.echo("\n".join([*lines, *plans, *channels, *charts, *log_summary(scenario), *doubts]))


@click.command()
@scenario_options
@click.option("--ledgers", is_flag=True, help="Also write what happened in every run, table by table.")
@XLSX
def run(request: Request, ledgers: bool, workbook: Path | None) -> None:
    """Simulate the designs, print their figures, and save them (parquet) under --out."""
    from simlib.report import tables
    from simlib.runs.batch import write_ledgers

    _require(workbook)
    results = simulated(request, understood(request))
    if ledgers:
        write_ledgers(results, request.out / "ledgers")
    saved = results.save(request.out / "results")
    subject = _subject(results, request)
    click.echo(tables.figures(subject))
    click.echo(f"\n{saved}")
    _write(subject, workbook)


@click.command()
@scenario_options
@AS_JSON
@XLSX
@click.option(
    "--tuned", is_flag=True, help="Give every design the span and authority that suit it best, found in other worlds."
)
@click.option("--equal-heads", is_flag=True, help="Give every design as many reps as the baseline, whatever it costs.")
def compare(request: Request, as_json: bool, workbook: Path | None, tuned: bool, equal_heads: bool) -> None:
    """Simulate the designs in the same worlds and print the verdict on each against the baseline."""
    from simlib.decide.compare import RunFacts
    from simlib.decide.fair import at_equal_heads, at_their_best

    _require(workbook)
    scenario = understood(request)
    if equal_heads:
        scenario = at_equal_heads(scenario)
    if tuned:
        scenario = at_their_best(scenario, seed=request.seed, workers=request.workers)
    results = simulated(request, scenario)
    subject = _subject(results, request)
    if as_json:
        facts = RunFacts(scenario.name, results.hash, results.seed, results.replications, scenario.currency)
        click.echo(json.dumps(subject.comparison.to_json(facts), ensure_ascii=False, indent=1))
    else:
        _print_verdict(subject)
    _write(subject, workbook)


@click.command()
@scenario_options
@click.option(
    "--break-even-worlds", type=click.IntRange(min=0), default=4, show_default=True,
    help="Worlds for the reruns that find where the verdict flips; 0 = none.",
)  # fmt: skip
def report(request: Request, break_even_worlds: int) -> None:
    """Compare the designs and write one HTML report that opens without a network."""
    from simlib.decide.rerun import break_even_by_rerun
    from simlib.report.notebooks import write_report

    results = simulated(request, understood(request))
    subject = _subject(results, request)
    reruns = None
    if break_even_worlds:
        reruns = break_even_by_rerun(
            results, subject.comparison, worlds=break_even_worlds, workers=request.workers,
            progress=lambda path: click.echo(f"break-even: {path}", err=True),
        )  # fmt: skip
    page = write_report(
        results,
        folder=request.out,
        language=request.language,
        break_even=reruns,
        progress=lambda step: click.echo(step, err=True),
    )
    _print_verdict(subject)
    click.echo(f"\n{page}")


def _subject(results: Results, request: Request) -> Subject:
    from simlib.report.subject import open_subject

    return open_subject(results, language=request.language)


def _require(workbook: Path | None) -> None:
    """An Excel file that cannot be written is told before a long run, not after it."""
    if workbook:
        from simlib.report.workbook import require_workbook

        require_workbook(workbook)


def _write(subject: Subject, workbook: Path | None) -> None:
    """Write the Excel file, if one is asked for, and say on stderr where it is: stdout may be JSON."""
    if workbook:
        from simlib.report.workbook import write_workbook

        click.echo(write_workbook(subject, workbook), err=True)


def _print_verdict(subject: Subject) -> None:
    from simlib.report import findings, tables

    click.echo(f"{tables.verdicts(subject)}\n")
    for design in subject.others:
        click.echo(findings.verdict_sentence(subject, design))
