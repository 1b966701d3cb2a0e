"""What a batch file asks for, and what is refused before anything runs: every fault at once, each at its place."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from simlib.batch.asked import batch_schema_text, given, read_batch
from simlib.errors import ScenarioError
from simlib.scenario.json_schema import MODELINE
from simlib.scenario.tree import flatten, parse
from tests.batches import PARAMETERS, write_notebook, writer

Write = Callable[..., Path]


@pytest.fixture
def batch_file(tmp_path: Path) -> Write:
    """Writes a batch file, a small scenario and a quick notebook."""
    return writer(tmp_path)


def refused(file: Path) -> str:
    """What is said of a batch file that may not be run."""
    with pytest.raises(ScenarioError) as told:
        read_batch(file)
    return str(told.value)


def test_every_scenario_meets_every_combination(batch_file: Write, tmp_path: Path) -> None:
    """Two scenarios, two values of one path and three of another: twelve runs, each with its own folder and title."""
    (tmp_path / "other.yaml").write_text("extends: tiny.yaml", encoding="utf-8")
    grid = {"people.rep.count": [9, 12], "costs.margin": [0.3, 0.4, 0.5]}
    batch_file()
    asked = read_batch(batch_file(scenarios=["tiny.yaml", "other.yaml"], grid=grid))
    assert len(asked.points) == len({point.folder for point in asked.points}) == 12
    point = asked.points[-1]
    assert (point.scenario.people.rep.count, point.scenario.costs.margin) == (12, 0.5)
    assert point.scenario.title.endswith(" · people.rep.count=12 · costs.margin=0.5")
    assert point.label.startswith("other")
    assert asked.points[0].folder == read_batch(batch_file(grid=grid)).points[0].folder


def test_scenarios_of_one_name_are_told_apart_by_their_files(batch_file: Write, tmp_path: Path) -> None:
    """A copy for the next month keeps the name of the first."""
    for month in ("march", "april"):
        (tmp_path / f"{month}.yaml").write_text("extends: tiny.yaml\nname: ours", encoding="utf-8")
    asked = read_batch(batch_file(scenarios=["march.yaml", "april.yaml", "tiny.yaml"]))
    names = [asked.called(point) for point in asked.points]
    assert names == ["ours (march.yaml)", "ours (april.yaml)", asked.points[2].scenario.name]


def test_the_notebook_is_told_what_it_declares(batch_file: Write, tmp_path: Path) -> None:
    """Results, seed and language, not the worlds that it does not ask for; and what the file adds."""
    asked = read_batch(batch_file(seed=0, languages=["zh"], parameters={"baseline": "pooled", "wait": 1}))
    told = given(asked, asked.points[0], folder=tmp_path, language="zh")
    expected = {"language": "zh", "results": str(tmp_path / "results"), "seed": 0, "baseline": "pooled", "wait": 1}
    assert told == expected


WRONG = """\
notebook: quick.ipynb
scenarios: [tiny.yaml, tinny.yaml]
grid:
  people.rep.count: [9, many]
  costs.marginn: [0.4]
  costs.margin: [0.3, 40, 0.3]
languages: [en, fr]
replications: "20"
seeds: 1
parameters:
  baselin: pyramid
  wait: long
  seed: 2
  baseline: pool
"""
FAULTS = """\
2:24: scenarios.1: got no such file 'tinny.yaml', must be a scenario file (did you mean 'tiny.yaml'?)
4:25: people.rep.count: got 'many', must be a whole number
5:19: costs.marginn: got the unknown name 'marginn', must be a known one (did you mean 'margin'?)
6:23: costs.margin: got 40, must be at most 1 (for 40% write 0.4)
6:27: grid.costs.margin.2: got 0.3 a second time, must be there once
7:17: languages.1: got 'fr', must be 'en' or 'zh'
8:15: replications: got '20', must be a whole number (write 20, without quotes)
9:1: seeds: got the unknown name 'seeds', must be a known one (did you mean 'seed'?)
11:3: parameters.baselin: unknown parameter 'baselin'; did you mean 'baseline'?
12:9: parameters.wait: parameter wait: got 'long', must be float
13:3: parameters.seed: got a parameter that the batch itself gives, must be left out here
14:13: parameters.baseline: got 'pool', must be 'pyramid' or 'pooled' (did you mean 'pooled'?), a design of tiny.yaml
"""


def test_all_faults_are_told_at_once(batch_file: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names, types, values of the grid in their scenario, files, parameters of the notebook, each with its place."""
    file = batch_file()
    file.write_text(WRONG, encoding="utf-8")
    monkeypatch.chdir(file.parent)
    told = refused(Path(file.name))
    assert told.splitlines() == [f"monthly.yaml:{fault}" for fault in FAULTS.splitlines()]


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        (["language: str = 'en'\nresults: str = ''\nseed = 1"], "parameter seed: annotated 'None', must be one of int"),
        (["results: str = ''"], "got a notebook without the parameter language, must declare `language: str`"),
        (["language: str = 'en'"], "got a notebook without the parameter results, must declare `language: str` and"),
        (["1 + 1"], "got no cell tagged 'parameters'"),
    ],
)
def test_a_notebook_must_be_fit_for_a_batch(
    batch_file: Write, tmp_path: Path, sources: list[str], message: str
) -> None:
    """It takes a language and a run, and its types can be checked; told at the line that names it."""
    write_notebook(tmp_path / "unfit.ipynb", *sources)
    assert message in refused(batch_file(notebook="unfit.ipynb"))


def test_a_notebook_that_is_none_is_told(batch_file: Write, tmp_path: Path) -> None:
    """A name that no notebook has, a path where none is, a file that is something else."""
    assert "got 'comparre', must be" in refused(batch_file(notebook="comparre"))
    assert "must be a notebook that is there" in refused(batch_file(notebook="no.ipynb"))
    (tmp_path / "scenario.ipynb").write_text("demand: 3", encoding="utf-8")
    assert "got a file that is no notebook" in refused(batch_file(notebook="scenario.ipynb"))


def test_too_many_runs_are_no_batch(batch_file: Write) -> None:
    """A list too many multiplies them; nothing is read a thousand times to say so."""
    shares = [n / 100 for n in range(1, 12)]
    grid = dict.fromkeys(["costs.margin", "demand.inbound_share", "demand.sound_share"], shares)
    assert "got 1,331 combinations of scenarios and values, must be at most 1,000" in refused(batch_file(grid=grid))


@pytest.mark.parametrize(("text", "message"), [
    ("", "got an empty file, must be a batch (scenarios: […])"),
    ("[1]", "got a list of 1, must be a mapping"),
    ("notebook: compare", "scenarios: got nothing, must be stated"),
    ("scenarios: [", "got a list or mapping that is not closed"),
])  # fmt: skip
def test_other_texts_are_no_batch(tmp_path: Path, text: str, message: str) -> None:
    """In the words in which a scenario is refused."""
    (tmp_path / "monthly.yaml").write_text(text, encoding="utf-8")
    assert message in refused(tmp_path / "monthly.yaml")


def test_files_are_seen_from_the_batch(batch_file: Write, tmp_path: Path, root: Path) -> None:
    """An export named in the grid is relative to the batch file, as scenarios are, wherever the command is typed."""
    export = tmp_path / "log"
    export.symlink_to(root / "scenarios" / "exports" / "small_leads")
    scenario = str(root / "scenarios" / "my_crm.yaml")
    asked = read_batch(batch_file(scenarios=[scenario], grid={"demand.export": ["log"]}))
    assert asked.points[0].scenario.demand.export == str(export)
    wrong = refused(batch_file(scenarios=[scenario], grid={"demand.export": ["lag"]}))
    assert "monthly.yaml:9:4: demand.export: got " in wrong
    assert "must be a folder with deals.csv (did you mean" in wrong


def test_the_shipped_batch_fits_its_schema(root: Path) -> None:
    """The example can be run as it is, its first line leads an editor to the schema, which is that of the code."""
    file, schema = root / "scenarios" / "batch.yaml", root / "scenarios" / "batch.schema.json"
    text = file.read_text(encoding="utf-8")
    assert schema.read_text(encoding="utf-8") == batch_schema_text()
    assert (file.parent / text.splitlines()[0].removeprefix(MODELINE)) == schema
    validator = Draft7Validator(json.loads(batch_schema_text()))
    data = flatten(parse(text, "batch.yaml")[0]).data
    assert list(validator.iter_errors(data)) == []
    assert list(validator.iter_errors({**data, "seeds": 1})) != []
    assert len(read_batch(file).points) >= 2


def test_a_fault_stands_at_its_own_value_of_the_grid(batch_file: Write) -> None:
    """1, 1.0 and true are equal to Python, not to the one who wrote them."""
    file = batch_file()
    text = "notebook: quick.ipynb\nscenarios: [tiny.yaml]\ngrid:\n  costs.margin: [1, true]\n"
    file.write_text(text, encoding="utf-8")
    assert "monthly.yaml:4:21: costs.margin: got true" in refused(file)


def test_designs_are_parted_by_commas_as_the_notebook_parts_them(batch_file: Write, tmp_path: Path) -> None:
    """A design whose name holds a comma is not found by `designs` there, so neither here."""
    write_notebook(tmp_path / "pick.ipynb", PARAMETERS + '\ndesigns: str = ""')
    batch = batch_file(notebook="pick.ipynb", parameters={"designs": "pyramid,pooled"})
    read_batch(batch)
    edited = (tmp_path / "tiny.yaml").read_text(encoding="utf-8").replace('"pooled": {', '"pyramid,pooled": {')
    (tmp_path / "tiny.yaml").write_text(edited, encoding="utf-8")
    assert "got 'pooled', must be" in refused(batch)
