"""How is a notebook run as a report? Parameters checked, executed by papermill, exported to one page."""

from __future__ import annotations

import difflib
import logging
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import papermill
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from simlib.errors import SimlibError
from simlib.report.page import Heading, chart_library, to_page
from simlib.report.provenance import footer, stamp
from simlib.report.subject import BREAK_EVEN_FILE
from simlib.report.words import words

if TYPE_CHECKING:
    import pandas as pd

    from simlib.runs.results import Results

TYPES: Mapping[str, tuple[type, ...]] = {"int": (int,), "float": (int, float), "str": (str,), "bool": (bool,)}
"""Types a parameter may be annotated with, and what is accepted for each."""
ROOT = Path(__file__).parents[2]
"""Where the package `simlib` is imported from."""
PLACES = (ROOT / "notebooks", ROOT / "simlib" / "_notebooks")
"""Where notebooks stand: in a checkout, in an installed wheel."""
RESULTS_FOLDER = "results"


def notebook_names() -> list[str]:
    """Names of simlib's notebooks."""
    return sorted(path.stem for place in PLACES for path in place.glob("*.ipynb"))


def find_notebook(name: str) -> Path:
    """Path of one of simlib's notebooks; SimlibError if it was not installed with the code."""
    for place in PLACES:
        if (place / f"{name}.ipynb").is_file():
            return place / f"{name}.ipynb"
    raise SimlibError(f"notebook {name!r}: not found in {' or '.join(str(place) for place in PLACES)}")


def search_path() -> str:
    """`PYTHONPATH` for kernels: they import the simlib that runs here, installed or not."""
    return os.pathsep.join(part for part in (str(ROOT), os.environ.get("PYTHONPATH")) if part)


def check_parameters(notebook: Path, parameters: Mapping[str, Any]) -> None:
    """Refuse what the notebook's parameters cell does not declare, and values of another type than it annotates.

    Raises SimlibError with every fault, a line each.
    """
    faults = parameter_faults(declared(notebook), parameters)
    if faults:
        raise SimlibError("\n".join(f"{notebook}: {fault}" for fault in faults.values()))


def declared(notebook: Path) -> dict[str, str]:
    """The parameters that a notebook declares, each with the type that it is annotated with.

    Raises SimlibError if it declares none, or cannot be read.
    """
    try:
        known = papermill.inspect_notebook(str(notebook))
    except (OSError, ValueError) as error:
        raise SimlibError(f"{notebook}: got a file that is no notebook ({error}), must be one") from None
    if not known:
        raise SimlibError(f"{notebook}: got no cell tagged 'parameters', must have one with annotated values")
    return {name: str(about["inferred_type_name"]) for name, about in known.items()}


def parameter_faults(known: Mapping[str, str], parameters: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the values for parameters of these types, by name; empty if nothing is."""
    faults = {}
    for name, value in parameters.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"must be one of {', '.join(known)}"
            faults[name] = f"unknown parameter {name!r}; {hint}"
        elif known[name] not in TYPES:
            faults[name] = f"parameter {name}: annotated {known[name]!r}, must be one of {', '.join(TYPES)}"
        elif not isinstance(value, TYPES[known[name]]) or (isinstance(value, bool) and known[name] != "bool"):
            faults[name] = f"parameter {name}: got {value!r}, must be {known[name]}"
    return faults


def with_parameters(name: str, parameters: Mapping[str, Any], folder: Path) -> Path:
    """A copy of one of simlib's notebooks, in a folder, that runs with these parameters; SimlibError as above."""
    notebook = find_notebook(name)
    check_parameters(notebook, parameters)
    filled = parameterize_notebook(load_notebook_node(str(notebook)), dict(parameters))
    copy = folder / notebook.name
    nbformat.write(filled, copy)
    return copy


def execute_notebook(notebook: Path, *, output: Path, parameters: Mapping[str, Any]) -> nbformat.NotebookNode:
    """Run a notebook with these parameters, in its own folder, and keep the executed copy at `output`.

    Raises SimlibError before anything runs if a parameter is unknown or of the wrong type, and after a failed
    cell, in which case `output` shows where it stopped.
    """
    check_parameters(notebook, parameters)
    # Papermill's and the kernel client's own remarks say nothing that a user of the report can act on.
    for name in ("papermill", "traitlets"):
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        with _environment(PYTHONPATH=search_path(), PYDEVD_DISABLE_FILE_VALIDATION="1"):
            done: nbformat.NotebookNode = papermill.execute_notebook(
                str(notebook),
                str(output),
                parameters=dict(parameters),
                kernel_name="python3",
                progress_bar=False,
                cwd=str(notebook.parent),
                execution_timeout=600,
                extra_arguments=["--IPKernelApp.log_level=50"],
            )
    except papermill.PapermillExecutionError as error:
        raise SimlibError(
            f"{notebook}: cell {error.cell_index} stopped with {error.ename}: {error.evalue}; see {output}"
        ) from error
    return done


def write_report(
    results: Results,
    *,
    folder: Path,
    language: str = "en",
    break_even: pd.DataFrame | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Path:
    """Save the results in `folder`, and write beside them one HTML page that needs no network; returns its path.

    `break_even`: rows of `Subject.break_even`, if reruns were made. `progress` is told each step before it begins,
    in the report's language. Raises SimlibError for an unknown language, or if the notebook stops.
    """
    w = words(language)
    progress(w("progress.save"))
    saved = folder / RESULTS_FOLDER
    results.save(saved)
    if break_even is not None:
        break_even.to_csv(saved / BREAK_EVEN_FILE, index=False)
    failed = folder / f"report-{language}-stopped.ipynb"
    failed.unlink(missing_ok=True)
    progress(w("progress.execute"))
    parameters = {"results": str(saved.resolve()), "language": language, "images": False}
    with ThreadPoolExecutor(1) as pool, tempfile.TemporaryDirectory() as scratch:
        library = pool.submit(chart_library)  # while the notebook runs in a process of its own
        copy = Path(scratch) / "report.ipynb"
        try:
            notebook = execute_notebook(find_notebook("compare"), output=copy, parameters=parameters)
        except SimlibError as error:
            if copy.is_file():
                failed.write_bytes(copy.read_bytes())
                raise SimlibError(str(error).replace(str(copy), str(failed))) from error
            raise
        progress(w("progress.page"))
        scenario = results.scenario
        made = stamp(scenario, seed=results.seed, replications=results.replications)
        heading = Heading(scenario.title or scenario.name, w.tag, footer(made, w))
        page = to_page(notebook, heading=heading, library=library.result())
    target = folder / f"report-{language}.html"
    target.write_text(page, encoding="utf-8")
    return target


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    """Environment variables for the processes started within."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
