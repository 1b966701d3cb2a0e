"""The command that holds the engine to theory: `verify`."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from simlib.cli.options import AS_JSON, LANGUAGE, SEED

if TYPE_CHECKING:
    from simlib.report.words import Words
    from simlib.verify.rule import Rule
    from simlib.verify.yardstick import Parameters, Yardstick
    from simlib.verify.yardsticks import Check


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--set", "parameters", multiple=True, metavar="KEY=VALUE", help="A yardstick's parameter; may be repeated."
)
@click.option("--replications", type=click.IntRange(min=2, max=10_000), help="Worlds to draw; 32 if not stated.")
@SEED
@click.option("--workers", type=click.IntRange(min=1), help="Processes to use; as many as processors if not stated.")
@click.option("--list", "list_only", is_flag=True, help="List the yardsticks and their parameters.")
@click.option("--show", is_flag=True, help="Print the scenario that a yardstick runs.")
@AS_JSON
@LANGUAGE
def verify(names: tuple[str, ...], parameters: tuple[str, ...], **options: Any) -> None:
    """Compare what the engine does with what theory says it must."""
    from simlib.report import checks as telling
    from simlib.report.words import words
    from simlib.verify import listing
    from simlib.verify.yardsticks import REPLICATIONS, YARDSTICKS, settle, yardstick

    chosen = [yardstick(name) for name in names or YARDSTICKS]
    as_json, replications = options["as_json"], options["replications"] or REPLICATIONS
    if options["list_only"]:
        entries = [listing.listed(each) for each in chosen]
        click.echo(json.dumps(entries, indent=1) if as_json else "\n".join(map(listing.described, entries)))
        return
    stated = listing.read_parameters(parameters)
    settled = [(each, settle(each, stated, replications=replications)) for each in chosen]
    shown = [listing.shown(each, values) for each, values in settled]
    if options["show"]:
        click.echo("---\n".join(shown), nl=False)
        return
    w, found = words(options["language"]), []
    runs = {"seed": options["seed"], "workers": options["workers"] or os.cpu_count() or 1, "replications": replications}
    if not as_json:
        click.echo(telling.heading(w))
    for each, values in settled:
        checks = _checks(each, values, w, **runs)
        found += checks
        if not as_json:
            click.echo("\n".join(telling.line(check, w) for check in checks))
    if as_json:
        click.echo(json.dumps([listing.record(check) for check in found], indent=1))
    click.get_current_context().exit(listing.exit_code(found))


def _checks(yardstick: Yardstick | Rule, parameters: Parameters, w: Words, **runs: int) -> list[Check]:
    """The checks of one yardstick, with a progress bar."""
    from tqdm import tqdm

    from simlib.verify.yardsticks import checks, replicate

    rows = replicate(yardstick.name, parameters, **runs)
    with tqdm(
        rows, total=runs["replications"], unit=w("progress.world"), file=sys.stderr, desc=yardstick.name, leave=False
    ) as bar:
        return checks(yardstick, parameters, list(bar))
