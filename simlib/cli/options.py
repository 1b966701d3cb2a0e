"""Arguments and options that several commands have in common, and the request that they make together."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simlib.cli.group import note_language

if TYPE_CHECKING:
    from simlib.report.words import Words
    from simlib.scenario.schema import Scenario

LANGUAGES = ("en", "zh")
SEED = click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="First cause of all draws."
)
WORKERS = click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes to use.")
LANGUAGE = click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[0],
    show_default=True,
    is_eager=True,
    callback=note_language,
)
OUT = click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("out"), show_default=True)
OVERRIDES = click.option(
    "--set", "overrides", multiple=True, metavar="PATH=VALUE", help="Replace a value; may be repeated."
)
XLSX = click.option(
    "--xlsx",
    "workbook",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also write figures, differences, breakdown, assumptions and provenance to an Excel file.",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@dataclass(frozen=True)
class Request:
    """What the options that `check`, `run`, `compare` and `report` share ask for."""

    file: Path
    replications: int
    seed: int
    workers: int
    overrides: tuple[str, ...]
    designs: tuple[str, ...]
    baseline: str | None
    confidence: float | None
    out: Path
    language: str

    def scenario(self) -> Scenario:
        """The scenario file with the overrides, designs, baseline and confidence asked for.

        Raises ScenarioError with every fault.
        """
        from simlib.scenario.load import load_scenario
        from simlib.scenario.vary import keep_designs, vary

        scenario = load_scenario(self.file, overrides=self.overrides)
        changes = {"compare.baseline": self.baseline, "compare.confidence": self.confidence}
        changes = {path: value for path, value in changes.items() if value is not None}
        require_designs("--baseline", [self.baseline] if self.baseline else [], scenario)
        if changes:
            scenario = vary(scenario, changes)
        if not self.designs:
            return scenario
        names = [name for text in self.designs for name in ([text] if text in scenario.designs else text.split(","))]
        names = [name if name in scenario.designs else name.strip() for name in names]
        require_designs("--designs", names, scenario)
        return keep_designs(scenario, names)

    def doubts(self, scenario: Scenario) -> list[tuple[str, str]]:
        """What the scenario asked for hardly means; where only some designs are kept, a plan may well be another's."""
        from simlib.scenario.doubts import doubts, unused_plans

        return [*doubts(scenario), *([] if self.designs else unused_plans(scenario))]


def require_designs(option: str, names: list[str], scenario: Scenario) -> None:
    """Raises ScenarioError, at the option's name, for every design that the scenario does not have."""
    from simlib.errors import Fault, ScenarioError
    from simlib.scenario.wording import did_you_mean, shown

    known = scenario.designs
    rule = f"must be one of {', '.join(known)}"
    wrong = [f"got {shown(name)}, {rule}{did_you_mean(name, known)}" for name in names if name not in known]
    if wrong:
        raise ScenarioError([Fault(message, option) for message in wrong])


def require_folder(folder: Path) -> None:
    """Raises SimlibError, at --out, unless files can be written into a folder, which is made if it is missing.

    To be asked before a long run.
    """
    import tempfile

    from simlib.errors import SimlibError

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        met = f"got {str(folder)!r}, which cannot be written ({error.strerror or error})"
        raise SimlibError(f"--out: {met}, must be a folder, or the name of a new one") from None


def scenario_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds FILE and the shared options to a command, which gets them as one `Request`."""

    @functools.wraps(command)
    def with_request(**options: Any) -> Any:
        shared = {name: options.pop(name) for name in Request.__dataclass_fields__}
        return command(Request(**shared), **options)

    marks = (
        click.argument("file", type=click.Path(path_type=Path)),
        click.option(
            "--replications", type=click.IntRange(min=1), default=20, show_default=True, help="Worlds to draw."
        ),
        SEED,
        WORKERS,
        OVERRIDES,
        click.option("--designs", multiple=True, metavar="A,B", help="Only these designs."),
        click.option("--baseline", metavar="DESIGN", help="Design that the others are compared with."),
        click.option(
            "--confidence", type=click.FloatRange(0.5, 1, max_open=True), help="Of the intervals, such as 0.95."
        ),
        OUT,
        LANGUAGE,
    )
    for mark in reversed(marks):
        with_request = mark(with_request)
    return with_request


def words_of(language: str, scenario: Scenario) -> Words:
    """The words of a language, with the scenario's currency."""
    from simlib.report.words import words

    return words(language, scenario.currency)
