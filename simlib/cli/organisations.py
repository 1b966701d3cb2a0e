"""Commands on organisations: `structures` and the way from one to another, `transition`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simlib.cli.options import (
    AS_JSON,
    LANGUAGE,
    OUT,
    OVERRIDES,
    SEED,
    WORKERS,
    require_designs,
    require_folder,
    words_of,
)

if TYPE_CHECKING:
    from simlib.scenario.designs import Design


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@OVERRIDES
@AS_JSON
@LANGUAGE
def structures(file: Path | None, overrides: tuple[str, ...], as_json: bool, language: str) -> None:
    """List the structures that a design may start from, and the axes that each one fixes.

    With FILE, print the org chart of each structure and of each of the scenario's designs, from the same budget.
    """
    from simlib.scenario.designs import DEFAULT_AXES, PRESETS

    if overrides and file is None:
        raise click.UsageError("--set changes a scenario: state its FILE")
    if as_json:
        listed = [
            {"name": name, "axes": {**DEFAULT_AXES, **axes}, "fixes": list(axes)} for name, axes in PRESETS.items()
        ]
        click.echo(json.dumps({"structures": listed}, indent=1))
    elif file is not None:
        click.echo("\n\n".join(_org_charts(file, overrides, language)))
    else:
        from simlib.report.org_text import structures_text
        from simlib.report.words import words

        click.echo(structures_text(PRESETS, words(language)))


def _org_charts(file: Path, overrides: tuple[str, ...], language: str) -> Iterator[str]:
    """The chart of each of a scenario's designs, then of each structure that none of them starts from."""
    from simlib.errors import DesignError
    from simlib.org import build
    from simlib.report.faults import told
    from simlib.report.org_text import org_text
    from simlib.scenario import load_scenario
    from simlib.scenario.designs import PRESETS, Design

    scenario = load_scenario(file, overrides=overrides)
    started = {design.structure for design in scenario.designs.values()}
    others = [Design.model_validate({"structure": name}) for name in PRESETS if name not in started]
    w = words_of(language, scenario)
    wanted: list[str | Design] = [*scenario.designs, *others]
    for design in wanted:
        try:
            yield org_text(build(design, scenario), w)
        except DesignError as error:
            yield told(error, language)


@click.command()
@click.argument("before", metavar="FROM")
@click.argument("after", metavar="TO")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--waves", default="1,3", show_default=True, help="In how many waves customers pass: ways to compare.")
@click.option("--every-days", type=click.FloatRange(1), default=60.0, show_default=True, help="From wave to wave.")
@click.option("--on-day", type=click.FloatRange(0), default=0.0, show_default=True, help="Day of the window.")
@OVERRIDES
@click.option("--replications", type=click.IntRange(min=2), default=20, show_default=True, help="Worlds to draw.")
@SEED
@WORKERS
@OUT
@LANGUAGE
@click.option("--json", "as_json", is_flag=True, help="As JSON; writes no file.")
def transition(before: str, after: str, file: Path | None, overrides: tuple[str, ...], **asked: Any) -> None:
    """Follow the change from one design to another against staying: the dip, and the day on which it is paid back.

    Without FILE, in the market of the claims, for a year and a half. What a change costs stands in the scenario under
    mechanisms.transition.
    """
    from simlib.claims import field_guide
    from simlib.decide.transition import Ways, waves_of
    from simlib.report import transition as telling
    from simlib.scenario import load_scenario

    scenario = load_scenario(file or field_guide.CHANGE_FILE, overrides=overrides)
    require_designs("FROM", [before], scenario)
    require_designs("TO", [after], scenario)
    if not asked["as_json"]:
        require_folder(asked["out"])
    w = words_of(asked["language"], scenario)
    if scenario.mechanisms.transition is None:
        click.echo(w("check.no_transition"), err=True)
    ways = Ways(before, after, asked["on_day"], waves_of(asked["waves"]), asked["every_days"])
    runs = {name: asked[name] for name in ("seed", "replications", "workers")}
    found = telling.follow(scenario, ways, **runs)
    if asked["as_json"]:
        click.echo(telling.as_json(found))
        return
    click.echo(f"{telling.told(found, w)}\n\n{telling.saved(found, asked['out'], w)}")
