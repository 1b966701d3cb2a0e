"""What is done for one run? It is simulated once, and presented in each language; both in processes of their own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simlib.errors import SimlibError
from simlib.scenario.schema import Scenario
from simlib.scenario.vary import plain

if TYPE_CHECKING:
    import nbformat

    from simlib.report.page import Heading
    from simlib.report.provenance import Provenance
    from simlib.report.verdicts import KeyFigure

RESULTS = "results"
SCENARIO = "scenario.yaml"
"""The scenario with the run's values; JSON is YAML too."""


@dataclass(frozen=True)
class Simulation:
    """A run to be simulated."""

    folder: Path
    scenario: Scenario
    seed: int
    replications: int


@dataclass(frozen=True)
class Presentation:
    """A run to be presented in one language."""

    folder: Path
    label: str
    """What the files are called."""
    scenario: Scenario
    seed: int
    replications: int
    notebook: Path
    parameters: Mapping[str, Any]
    language: str
    shares_results: bool
    """Whether results lie in the folder; if not, the notebook makes its own."""


def write_scenario(folder: Path, scenario: Scenario) -> None:
    """Write the scenario of a run, with its values, into its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{SCENARIO}.part"
    part.write_text(json.dumps(plain(scenario), default=str, ensure_ascii=False), encoding="utf-8")
    part.replace(folder / SCENARIO)


def simulate_run(job: Simulation) -> None:
    """Simulate a run, and save its results in its folder, whole or not at all."""
    from simlib.runs import run

    results = run(job.scenario, seed=job.seed, replications=job.replications)
    part = _emptied(job.folder / f".{RESULTS}")
    results.save(part)
    _put(part, job.folder / RESULTS)


def present_run(job: Presentation) -> tuple[KeyFigure, ...]:
    """Make a run's report in one language, and all that goes with it, whole or not at all; returns what it found.

    Raises SimlibError if the notebook stops; the run's folder then shows where.
    """
    from simlib.report.notebooks import execute_notebook
    from simlib.report.page import Heading
    from simlib.report.provenance import footer, stamp
    from simlib.report.words import words

    part = _emptied(job.folder / f".{job.language}")
    stopped = job.folder / f"{job.language}-stopped.ipynb"
    stopped.unlink(missing_ok=True)
    copy = part / f"{job.label}.ipynb"
    try:
        notebook = execute_notebook(job.notebook, output=copy, parameters=job.parameters)
    except SimlibError as error:
        if copy.is_file():
            copy.replace(stopped)
            raise SimlibError(str(error).replace(str(copy), stopped.name)) from error
        raise
    w, scenario = words(job.language), job.scenario
    made = stamp(scenario, seed=job.seed, replications=job.replications)
    _export(notebook, part / job.label, Heading(scenario.title or scenario.name, w.tag, footer(made, w)))
    _write_provenance(job, made, part / "provenance.json")
    found = _write_figures(job, part / job.label) if job.shares_results else ()
    _put(part, job.folder / job.language)
    return found


def _export(notebook: nbformat.NotebookNode, file: Path, heading: Heading) -> None:
    """Write the page, the paper and the charts of an executed notebook."""
    from simlib.report.page import chart_library, to_page
    from simlib.report.paper import draw, to_pdf

    page = to_page(notebook, heading=heading, library=chart_library())
    _beside(file, ".html").write_text(page, encoding="utf-8")
    charts = draw(notebook)
    _beside(file, ".pdf").write_bytes(to_pdf(notebook, charts, heading=heading))
    drawings = _emptied(file.parent / "charts")
    for number, chart in enumerate(charts, 1):
        (drawings / f"{number:02}.svg").write_text(chart, encoding="utf-8")


def _write_figures(job: Presentation, file: Path) -> tuple[KeyFigure, ...]:
    """Write the results as an Excel file, compared as the notebook compares them; the figures to remember."""
    from simlib.report.subject import open_results, open_subject
    from simlib.report.verdicts import key_figures
    from simlib.report.workbook import write_workbook

    results = open_results("", folder=str(job.folder / RESULTS), designs=job.parameters.get("designs", ""))
    baseline = job.parameters.get("baseline", "")
    subject = open_subject(results, baseline=baseline, language=job.language)
    write_workbook(subject, _beside(file, ".xlsx"))
    return key_figures(subject)


def _write_provenance(job: Presentation, made: Provenance, file: Path) -> None:
    places = ("results", "scenario")  # where they lie says nothing of what they are
    stated = {name: value for name, value in job.parameters.items() if name not in places}
    told = asdict(made) | {"notebook": job.notebook.name, "parameters": stated}
    file.write_text(json.dumps(told, default=str, ensure_ascii=False, indent=1), encoding="utf-8")


def _beside(file: Path, ending: str) -> Path:
    """The file with an ending more; `with_suffix` would take what follows a dot in its name for one."""
    return file.with_name(file.name + ending)


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _put(part: Path, folder: Path) -> None:
    """Let a finished folder take the place of what was there."""
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.replace(old)
    part.replace(folder)
    shutil.rmtree(old, ignore_errors=True)
