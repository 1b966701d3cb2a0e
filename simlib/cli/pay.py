"""Commands on pay: `payslip` and the laboratory of `plans`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from simlib.cli.options import (
    AS_JSON,
    LANGUAGE,
    OVERRIDES,
    SEED,
    Request,
    require_designs,
    require_folder,
    scenario_options,
    words_of,
)
from simlib.cli.simulated import simulated, understood


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--design", help="Whose people; the baseline's if not stated.")
@click.option("--person", metavar="NAME", help="In full, such as 'rep 3'; everybody's totals if not stated.")
@click.option(
    "--period",
    metavar="PERIOD",
    help="Only statements of 2026, 2026-Q1 or 2026-03; `all` = of the whole run; else of the window.",
)
@SEED
@click.option("--replication", type=click.IntRange(min=0), default=0, show_default=True, help="Number of the world.")
@OVERRIDES
@LANGUAGE
@AS_JSON
def payslip(file: Path, overrides: tuple[str, ...], language: str, as_json: bool, **chosen: Any) -> None:
    """Run one world and print what people are paid, and why."""
    from simlib.report import payslip as telling
    from simlib.scenario import load_scenario

    scenario = load_scenario(file, overrides=overrides)
    require_designs("--design", [chosen["design"]] if chosen["design"] else [], scenario)
    asked = telling.Asked(**{**chosen, "design": chosen["design"] or scenario.baseline})
    w = words_of(language, scenario)
    found = telling.statements_asked_for(scenario, asked, w)
    click.echo(telling.as_json(found, asked, scenario) if as_json else telling.told(found, asked, w))


@click.command()
@scenario_options
@click.option(
    "--plans",
    "wanted",
    metavar="A,B",
    help="Only these plans, the first as the baseline; else all that reps are on.",
)
@click.option("--design", help="Design whose reps are paid by them; the baseline if not stated.")
@click.option(
    "--equal", type=click.Choice(["cost", "worth", "nothing"]), default="cost", show_default=True,
    help="What base pay makes equal: what a rep costs, what the pay is worth to him, or nothing.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="As JSON; writes no file.")
def plans(request: Request, wanted: str | None, design: str | None, equal: Any, as_json: bool) -> None:
    """Compare pay plans over the same organisation and worlds: contribution, pay, behaviour, cost of gaming."""
    from simlib.decide.plans import at_equal_pay, under_plans
    from simlib.report import plans as telling

    if not as_json:
        require_folder(request.out)
    scenario = understood(request)
    effort = scenario.mechanisms.effort
    if effort and not effort.log_odds and not effort.pace:
        click.echo(words_of(request.language, scenario)("check.no_effort"), err=True)
    names = [name.strip() for name in wanted.split(",")] if wanted else []
    tried = under_plans(scenario, design or scenario.baseline, names)
    tried = at_equal_pay(tried, equal, seed=request.seed, replications=request.replications, workers=request.workers)
    found = telling.laboratory(simulated(request, tried), workers=request.workers)
    if as_json:
        click.echo(telling.as_json(found))
        return
    w = words_of(request.language, tried)
    click.echo(f"{telling.told(found, w)}\n\n{telling.saved(found, request.out, w)}")
