"""Commands for who begins: `schema` for the editor."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option(
    "--out", "file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write it to a file."
)
def schema(file: Path | None) -> None:
    """Print the JSON Schema of a scenario, by which an editor completes and checks the file while it is written.

    An editor with a YAML language server finds it by the file's first line: # yaml-language-server: $schema=FILE
    """
    from simlib.scenario.json_schema import schema_text

    if file is None:
        click.echo(schema_text(), nl=False)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(schema_text(), encoding="utf-8", newline="\n")
    click.echo(file)
