"""What does a batch file ask for? Every scenario with every combination of values, in every language.

Everything is read and checked before anything runs: names and types of parameters, paths and values of the grid in each
scenario. All faults are told at once, each at its place.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, Strict, ValidationError

from simlib.errors import Fault, ScenarioError, SimlibError
from simlib.report.notebooks import declared, find_notebook, notebook_names, parameter_faults
from simlib.report.subject import names_in
from simlib.scenario.json_schema import schema_of, text_of
from simlib.scenario.load import load_scenario, override_label
from simlib.scenario.paths import Loc, dotted, names_a_file, without
from simlib.scenario.problems import problems
from simlib.scenario.schema import Scenario
from simlib.scenario.source import label, read_text
from simlib.scenario.tree import Tree, flatten, parse
from simlib.scenario.types import Count, Frozen, PositiveInt
from simlib.scenario.wording import shown, unknown

Text = Annotated[str, Strict(), Field(min_length=1)]

MOST_RUNS = 1000
"""Combinations of a scenario and values; who has more has probably a list too many."""
LONGEST_LABEL = 40
"""Letters of a folder's name, and of the files in it, that say what they hold."""


class Batch(Frozen):
    """A batch of reports: every scenario with every combination of the grid's values, in every language."""

    scenarios: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Scenario files, relative to this file."""
    notebook: Text = "compare"
    """The notebook that presents each run: the name of one of simlib's, or a path relative to this file."""
    grid: dict[Text, Annotated[tuple[Any, ...], Field(min_length=1)]] = {}
    """Values to try, by path as for `--set` (`people.rep.count: [12, 18]`); every combination is a run."""
    languages: Annotated[tuple[Literal["en", "zh"], ...], Field(min_length=1)] = ("en",)
    """Languages in which each run is reported."""
    replications: PositiveInt = 20
    """Worlds of each run; a verdict takes at least 20."""
    seed: Count = 1
    """First cause of all draws; the same for every run, so that all of them meet the same worlds."""
    parameters: dict[Text, Any] = {}
    """Further parameters of the notebook, such as `baseline`."""


@dataclass(frozen=True)
class Point:
    """A scenario with one combination of values: what is simulated once, for all languages."""

    file: str
    """The scenario, as the batch file names it."""
    overrides: Mapping[str, Any]
    scenario: Scenario
    """With these values; its title says them."""

    @property
    def values(self) -> dict[str, str]:
        """The combination, as it is read."""
        return {path: shown(value) for path, value in self.overrides.items()}

    @property
    def label(self) -> str:
        """The same in the letters and digits that every file system takes, shortened."""
        stated = [f"{path.rpartition('.')[2]}_{value}" for path, value in self.values.items()]
        text = "-".join([self.scenario.name, *stated])
        plain = "".join(sign if sign.isalnum() or sign in "-." else "_" for sign in text)
        return plain[:LONGEST_LABEL].strip("._-") or "run"

    @property
    def folder(self) -> str:
        """Name of the run's own folder: the same as long as the batch file names the scenario and values so."""
        text = json.dumps([self.file, self.overrides], sort_keys=True, default=str)
        return f"{self.label}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


@dataclass(frozen=True)
class Asked:
    """A batch that may be run."""

    file: Path
    batch: Batch
    notebook: Path
    declared: Mapping[str, str]
    """The notebook's parameters and their types."""
    points: tuple[Point, ...]

    @property
    def shares_results(self) -> bool:
        """Whether the notebook presents results that are there, so that a run is simulated once for all languages."""
        return "results" in self.declared

    def called(self, point: Point) -> str:
        """What a run's scenario is called: by its name, and by its file where another one has that name too."""
        name = point.scenario.name
        files = {other.file for other in self.points if other.scenario.name == name}
        return name if len(files) == 1 else f"{name} ({point.file})"


def read_batch(path: Path) -> Asked:
    """What a batch file asks for. Raises ScenarioError with every fault, each with its file, line and column."""
    tree, batch, faults = _read(path)
    if batch is None:
        raise ScenarioError(faults)
    faults += _repeated(batch, tree)
    points = list(_points(batch, tree, path.parent, faults))
    notebook = _notebook(batch, tree, path.parent, faults)
    if notebook is not None:
        known = _declared(notebook, tree, faults)
        faults += _wrong_parameters(batch, known, _readable(batch, points, path.parent), tree)
    if faults or notebook is None:
        raise ScenarioError(_in_order(faults))
    return Asked(path, batch, notebook, known, tuple(points))


def batch_schema_text() -> str:
    """The JSON Schema of a batch file, by which an editor completes and checks it, as the text of a file."""
    return text_of(schema_of(Batch))


def given(asked: Asked, point: Point, *, folder: Path, language: str) -> dict[str, Any]:
    """What the notebook is told of a run, as far as it declares it. `folder`: the run's own."""
    told = {**_stated_by_the_batch(asked.batch), "language": language}
    told |= {"results": str(folder / "results"), "scenario": str(folder / "scenario.yaml")}
    return {**{name: value for name, value in told.items() if name in asked.declared}, **asked.batch.parameters}


def _stated_by_the_batch(batch: Batch) -> dict[str, Any]:
    """The parameters of a notebook that the batch states and nobody else may."""
    stated = {"replications": batch.replications, "seed": batch.seed, "images": False}
    return {**stated, "language": batch.languages[0], "results": "", "scenario": ""}


def _read(path: Path) -> tuple[Tree, Batch | None, list[Fault]]:
    """The file, the batch it states, and what is wrong with it; of a batch with faults what is sound of it."""
    text = read_text(path, kind="a batch file")
    if not text.strip():
        raise ScenarioError([Fault("got an empty file, must be a batch (scenarios: […])", file=label(path))])
    root, faults = parse(text, label(path))
    tree = flatten(root)
    if not isinstance(tree.data, dict):
        raise ScenarioError([*faults, _fault(tree, (), f"got {shown(tree.data)}, must be a mapping (scenarios: […])")])
    try:
        return tree, Batch.model_validate(tree.data), faults
    except ValidationError as error:
        found = problems(error, Batch, tree.data)
    faults += [_fault(tree, loc, message, of_name=of_name) for loc, message, of_name in found]
    try:
        return tree, Batch.model_validate(without(tree.data, [loc for loc, _, _ in found if loc])), faults
    except ValidationError:
        return tree, None, faults


def _repeated(batch: Batch, tree: Tree) -> Iterator[Fault]:
    lists: dict[Loc, tuple[Any, ...]] = {("scenarios",): batch.scenarios, ("languages",): batch.languages}
    lists |= {("grid", path): values for path, values in batch.grid.items()}
    for loc, values in lists.items():
        written = [json.dumps(value, sort_keys=True) for value in values]
        for number, text in enumerate(written):
            if text in written[:number]:
                yield _fault(tree, (*loc, number), f"got {shown(values[number])} a second time, must be there once")


def _notebook(batch: Batch, tree: Tree, folder: Path, faults: list[Fault]) -> Path | None:
    if batch.notebook.endswith(".ipynb"):
        path = folder / batch.notebook
        if path.is_file():
            return path.resolve()
        faults.append(_fault(tree, ("notebook",), f"got {shown(batch.notebook)}, must be a notebook that is there"))
    elif batch.notebook in notebook_names():
        return find_notebook(batch.notebook)
    else:
        hint = f"{unknown(batch.notebook, notebook_names())}, or the path of an .ipynb file"
        faults.append(_fault(tree, ("notebook",), hint))
    return None


def _declared(notebook: Path, tree: Tree, faults: list[Fault]) -> dict[str, str]:
    """The notebook's parameters; it must take a language, and a scenario or its results."""
    try:
        known = declared(notebook)
    except SimlibError as error:
        faults.append(_fault(tree, ("notebook",), str(error)))
        return {}
    wanted = ["language", "results" if "scenario" not in known else "scenario"]
    missing = [name for name in wanted if name not in known]
    if missing:
        message = f"got a notebook without the parameter {' and '.join(missing)}, must declare `language: str` and "
        faults.append(_fault(tree, ("notebook",), message + "`results: str` or `scenario: str`"))
    return known


def _wrong_parameters(
    batch: Batch, known: Mapping[str, str], scenarios: Mapping[str, Scenario], tree: Tree
) -> Iterator[Fault]:
    """Parameters that the notebook does not declare, of another type, stated elsewhere, or naming no design."""
    own = _stated_by_the_batch(batch)
    for message in parameter_faults(known, {name: value for name, value in own.items() if name in known}).values():
        yield _fault(tree, ("notebook",), message)
    wrong = parameter_faults(known, batch.parameters) if known else {}
    for name, value in batch.parameters.items():
        loc: Loc = ("parameters", name)
        if name in own:
            yield _fault(tree, loc, "got a parameter that the batch itself gives, must be left out here", of_name=True)
        elif name in wrong:
            yield _fault(tree, loc, wrong[name], of_name=name not in known)
        elif name in ("baseline", "designs") and isinstance(value, str):
            yield from _no_designs(loc, value, scenarios, tree)


def _no_designs(loc: Loc, value: str, scenarios: Mapping[str, Scenario], tree: Tree) -> Iterator[Fault]:
    """Names among those parted by commas that are no design of a scenario."""
    for file, scenario in scenarios.items():
        designs = scenario.designs
        names = [value.strip()] if loc[-1] == "baseline" else names_in(value)
        for name in dict.fromkeys(names):
            if name and name not in designs:
                yield _fault(tree, loc, f"{unknown(name, designs)}, a design of {file}")


def _readable(batch: Batch, points: Iterable[Point], folder: Path) -> dict[str, Scenario]:
    """A scenario of each file: with values of the grid, or, where none of them fits, without."""
    found = {point.file: point.scenario for point in points}
    for file in batch.scenarios:
        if file not in found:
            with suppress(ScenarioError):
                found[file] = load_scenario(folder / file)
    return found


def _points(batch: Batch, tree: Tree, folder: Path, faults: list[Fault]) -> Iterator[Point]:
    """Every run that is sound; what is wrong with the others is added to `faults`."""
    runs = math.prod(map(len, batch.grid.values())) * len(batch.scenarios)
    if runs > MOST_RUNS:
        message = f"got {runs:,} combinations of scenarios and values, must be at most {MOST_RUNS:,}"
        faults.append(_fault(tree, ("grid",), message))
        return
    combinations = [dict(zip(batch.grid, values, strict=True)) for values in itertools.product(*batch.grid.values())]
    told: set[Fault] = set()
    for number, file in enumerate(batch.scenarios):
        place = _fault(tree, ("scenarios", number), "")
        try:
            read_text(folder / file, asked_by=place)
        except ScenarioError as error:
            faults += error.faults
            continue
        for overrides in combinations:
            seen = {path: _seen_from(folder, path, value) for path, value in overrides.items()}
            try:
                scenario = load_scenario(folder / file, overrides=seen)
            except ScenarioError as error:
                found = [_in_the_grid(fault, overrides, seen, tree) for fault in error.faults]
                new = [fault for fault in found if fault not in told]
                told.update(new)
                faults += new
                continue
            point = Point(file, overrides, scenario)
            stated = [f"{path}={value}" for path, value in point.values.items()]
            title = " · ".join([scenario.title or scenario.name, *stated])
            yield replace(point, scenario=scenario.model_copy(update={"title": title}))


def _seen_from(folder: Path, path: str, value: Any) -> Any:
    """A value of the grid; the path of an export or a chart is relative to the batch file, not to where we are."""
    is_file = names_a_file(tuple(path.split("."))) and isinstance(value, str)
    return str((folder / value).absolute()) if is_file else value


def _in_the_grid(fault: Fault, overrides: Mapping[str, Any], seen: Mapping[str, Any], tree: Tree) -> Fault:
    """A fault that one of the grid's values made, at the place of that value; others stay where they are."""
    for path, value in seen.items():
        if fault.file == override_label(path, value):
            written = [json.dumps(other, sort_keys=True, default=str) for other in tree.data["grid"][path]]
            number = written.index(json.dumps(overrides[path], sort_keys=True, default=str))  # 1 == 1.0 == True
            return _fault(tree, ("grid", path, number), fault.message, path=fault.path)
    return fault


def _fault(tree: Tree, loc: Loc, message: str, *, of_name: bool = False, path: str = "") -> Fault:
    place = tree.place(loc, of_name=of_name)
    where = path or dotted(loc)
    return Fault(message, where, place.file, place.line, place.column) if place else Fault(message, where)


def _in_order(faults: Iterable[Fault]) -> list[Fault]:
    return sorted(faults, key=lambda fault: (fault.file, fault.line or 0, fault.column or 0))
