"""Commands for who begins: `new` writes a first scenario, `schema` helps the editor, `lab` opens the notebooks."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simlib.cli.options import LANGUAGE
from simlib.cli.serving import served

if TYPE_CHECKING:
    from simlib.report.words import Words


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--size", metavar="N", help="People who sell.")
@click.option("--regions", metavar="A,B", help="Regions, by name.")
@click.option("--products", metavar="A,B", help="Products or product lines.")
@click.option("--customers", metavar="A,B", help="Types of customer.")
@click.option("--goal", metavar="GOAL", help="What to find out: structure, layers, speed or pay.")
@LANGUAGE
def new(file: Path, language: str, **stated: str | None) -> None:
    """Ask five questions about a firm and write a commented scenario to go on with, FILE.

    What is stated by an option is not asked. A file that is there already is left alone.
    """
    from simlib.errors import SimlibError
    from simlib.report import answers
    from simlib.report.first_scenario import require_new, write_scenario
    from simlib.report.words import words

    require_new(file)
    w, faults = words(language), []
    known: dict[str, Any] = {}
    for name in answers.QUESTIONS:
        text = stated[name]
        try:
            known |= {} if text is None else {name: answers.answer(name, text, w)}
        except SimlibError as error:
            faults.append(f"--{name}: {error}")
    if faults:
        raise SimlibError("\n".join(faults))
    for name in answers.QUESTIONS:
        if name not in known:
            known[name] = _asked(name, w)
    write_scenario(answers.Answers(**known), file, w)
    click.echo(w("new.next", file=str(file)))
    click.echo(f"simlib check {file}\nsimlib compare {file} --replications 4")


def _asked(name: str, w: Words) -> Any:
    """The answer to a question, which is asked until it keeps its rule; SimlibError where nobody answers."""
    from simlib.errors import SimlibError
    from simlib.report import answers
    from simlib.report.faults import told

    while True:
        click.echo(f"{answers.question(name, w)}\n> ", err=True, nl=False)
        try:
            return answers.answer(name, input(), w)
        except EOFError:
            click.echo(err=True)
            raise SimlibError(f"--{name}: got no answer, must be answered, or stated by this option") from None
        except SimlibError as error:
            click.echo(told(error, w.language), err=True)


def _scenario_schema() -> str:
    from simlib.scenario.json_schema import schema_text

    return schema_text()


def _batch_schema() -> str:
    from simlib.batch.asked import batch_schema_text

    return batch_schema_text()


SCHEMAS = {"scenario": _scenario_schema, "batch": _batch_schema}
"""What makes the schema of each kind of file."""


@click.command()
@click.argument("kind", type=click.Choice(list(SCHEMAS)), default="scenario")
@click.option(
    "--out", "file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write it to a file."
)
def schema(kind: str, file: Path | None) -> None:
    """Print the JSON Schema of a scenario, or of a batch, by which an editor completes and checks the file.

    An editor with a YAML language server finds it by the file's first line: # yaml-language-server: $schema=FILE
    """
    from simlib.errors import SimlibError

    text = SCHEMAS[kind]()
    if file is None:
        click.echo(text, nl=False)
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        reason = error.strerror or str(error)
        raise SimlibError(f"--out: got {str(file)!r}, which cannot be written ({reason}), must be a file") from None
    click.echo(file)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[JUPYTER OPTION]...")
def lab(options: tuple[str, ...]) -> None:
    """Open JupyterLab on simlib's notebooks. Options go to JupyterLab, such as --no-browser --port=8899."""
    from simlib.errors import SimlibError

    if importlib.util.find_spec("jupyterlab") is None:
        way_out = f"{sys.executable} -m pip install jupyterlab (or `make setup`)"
        raise SimlibError(f"lab: got no JupyterLab in this Python, must be installed: {way_out}")
    from simlib.report.notebooks import find_notebook, search_path

    folder = find_notebook("compare").parent
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}", *options]
    click.get_current_context().exit(served(command, search_path=search_path()))
