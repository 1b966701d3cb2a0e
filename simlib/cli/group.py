"""The group of all commands, and how every command ends: bad input, Ctrl-C and a closed pipe are one line each."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from simlib.errors import SimlibError

EXIT_BAD_INPUT = 2
EXIT_INTERRUPTED = 130
EXIT_PIPE_CLOSED = 141
"""As the shell counts a program that a closed pipe ended."""
MOST_COMPLAINTS = 40
"""Lines of complaint that are printed."""
_LANGUAGE = "simlib.language"
"""Where the context of a command holds the language asked for; without one, commands complain in English."""


def note_language(ctx: click.Context, _option: click.Parameter, language: str) -> str:
    """Keep the language asked for where the end of a command finds it."""
    ctx.meta[_LANGUAGE] = language
    return language


def _language(ctx: click.Context) -> str:
    language: str = ctx.meta.get(_LANGUAGE, "en")
    return language


class Commands(click.Group):
    """Commands whose expected ends (bad input, Ctrl-C, a reader that closed the pipe) are one line, not a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        from simlib.errors import SimlibError
        from simlib.report.faults import in_words

        _never_fail_on_a_character()
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except SimlibError as error:
            click.echo(_complaint(error, _language(ctx)), err=True)
            ctx.exit(EXIT_BAD_INPUT)
        except KeyboardInterrupt:
            click.echo(in_words("interrupted", _language(ctx)), err=True)
            ctx.exit(EXIT_INTERRUPTED)
        except BrokenPipeError:
            # What is still buffered has no reader; the interpreter would complain when it flushes at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(EXIT_PIPE_CLOSED)
        except OSError as error:
            if error.filename is None:
                raise
            met = f"got a place that cannot be read or written ({error.strerror})"
            said = in_words(f"{met}, must be another one (such as `--out FOLDER`)", _language(ctx))
            click.echo(f"{error.filename}: {said}", err=True)
            ctx.exit(EXIT_BAD_INPUT)
        return result


def _print_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        click.echo(f"simlib {version('simlib')}")
    except PackageNotFoundError:
        click.echo("simlib, not installed (run from its source)")
    ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version."
)
def main() -> None:
    """Put the same customers and the same people into different sales organisations and see which one to choose."""


def _complaint(error: SimlibError, language: str) -> str:
    from simlib.report.faults import in_words, told

    lines = told(error, language).splitlines()
    rest = len(lines) - MOST_COMPLAINTS
    return "\n".join([*lines[:MOST_COMPLAINTS], *([in_words(f"… and {rest:,} more", language)] if rest > 0 else [])])


def _never_fail_on_a_character() -> None:
    """A terminal that cannot show 中文 shows an escape, and the command goes on."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
