"""Commands for a workshop: `workshop` opens the page with sliders, `handout` writes one file for every participant."""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from simlib.cli.options import LANGUAGE, OVERRIDES, SEED, WORKERS, require_folder, words_of
from simlib.cli.serving import served

SHIPPED = "workshop.yaml"
MOST_ORGANISATIONS = 400
"""Organisations of a handout: some minutes on two cores, and a file that a phone opens."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--port", type=click.IntRange(1, 65535), default=8866, show_default=True, help="Of the page.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.option(
    "--worlds", type=click.IntRange(min=1), default=8, show_default=True, help="Worlds of an answer at first."
)
@SEED
@click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True, help="Processes of a visitor.")
@LANGUAGE
def workshop(file: Path | None, port: int, no_browser: bool, **parameters: Any) -> None:
    """Open a page on which a scenario's organisation is changed by sliders, and answers at once.

    Without FILE: a small firm with dealers and a site. Ctrl-C ends it.
    """
    from simlib.decide.levers import levers, settings
    from simlib.errors import SimlibError
    from simlib.report.notebooks import search_path, with_parameters
    from simlib.scenario.load import load_scenario

    if importlib.util.find_spec("voila") is None:
        way_out = f"{sys.executable} -m pip install voila (or `make setup`)"
        raise SimlibError(f"workshop: got no Voila in this Python, must be installed: {way_out}")
    file = file or _shipped()
    scenario = load_scenario(file)
    settings(scenario, scenario.baseline), levers(scenario)  # what cannot be laid out is told here, not on the page
    with tempfile.TemporaryDirectory() as folder:
        page = with_parameters("workshop", {"scenario": str(file.resolve()), **parameters}, Path(folder))
        options = [f"--port={port}", *(["--no-browser"] if no_browser else [])]
        click.echo(f"http://localhost:{port}/", err=True)
        ended = served([sys.executable, "-m", "voila", str(page), *options], search_path=search_path())
    click.get_current_context().exit(ended)


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--vary", multiple=True, metavar="LEVER=A,B", help="Values of a lever, such as span=4,6,8; may be repeated."
)
@click.option(
    "--replications", type=click.IntRange(min=2), default=20, show_default=True, help="Worlds of each organisation."
)
@click.option(
    "--most", type=click.IntRange(min=1), default=MOST_ORGANISATIONS, show_default=True, help="Organisations allowed."
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=Path("handout.html"), show_default=True)
@SEED
@WORKERS
@OVERRIDES
@LANGUAGE
def handout(file: Path | None, vary: tuple[str, ...], language: str, **options: Any) -> None:
    """Write one HTML file with sliders over organisations that are simulated now, for people without Python or network.

    Levers: design, reps, span, authority, partition, pay, routing, channels, policies, as far as the scenario has them.
    Several channels or policies are joined by +; `none` is no limit, no plan, no policy.
    """
    from tqdm import tqdm

    from simlib.decide.grid import grid, moving, run_grid, size
    from simlib.errors import SimlibError
    from simlib.report.handout import handout as page_of
    from simlib.report.page import chart_library
    from simlib.runs.bench import open_bench
    from simlib.scenario.load import load_scenario

    scenario = load_scenario(file or _shipped(), overrides=options["overrides"])
    w = words_of(language, scenario)
    levers, worlds, most = moving(scenario, _varied(vary)), options["replications"], options["most"]
    count = size(levers)
    click.echo(w("handout.grid", n=w.number(count), worlds=w.number(worlds), runs=w.number(count * worlds)), err=True)
    if count > most:
        rule = f"must be {most:,} at most: fewer values by --vary, or --most {count}"
        raise SimlibError(f"--vary: got a grid of {count:,} organisations, {rule}")
    target: Path = options["out"]
    require_folder(target.parent)
    bench = open_bench(scenario, seed=options["seed"], replications=worlds, workers=options["workers"])
    with tqdm(total=count * worlds, unit="run", file=sys.stderr, desc=scenario.name) as bar:
        tried = run_grid(grid(scenario, levers), scenario, bench, progress=bar.update)
    part = target.with_name(f".{target.name}.part")
    part.write_text(page_of(tried, words=w, library=chart_library()), encoding="utf-8")
    part.replace(target)
    click.echo(target)


def _varied(texts: Sequence[str]) -> dict[str, list[str]]:
    """Values by lever, of all options that state it; SimlibError with every text that is no such statement."""
    from simlib.errors import SimlibError
    from simlib.scenario.wording import shown

    wrong = [text for text in texts if not all(part.strip() for part in text.partition("="))]
    if wrong:
        raise SimlibError("\n".join(f"--vary: got {shown(text)}, must be such as span=4,6,8" for text in wrong))
    found: dict[str, list[str]] = {}
    for name, _, values in (text.partition("=") for text in texts):
        found.setdefault(name.strip(), []).extend(values.split(","))
    return found


def _shipped() -> Path:
    from simlib.errors import SimlibError
    from simlib.report.notebooks import ROOT

    found = ROOT / "scenarios" / SHIPPED
    if not found.is_file():
        raise SimlibError("FILE: got none, must be a scenario where simlib is installed without its scenarios/")
    return found
