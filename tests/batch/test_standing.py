"""What is there and still holds: a report counts as made only from what is asked for now, with all its files."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from simlib.batch.asked import read_batch
from simlib.batch.conduct import Conduct
from simlib.batch.crew import Crew
from simlib.batch.standing import Inputs, Outcome, Record, code_hash, inputs_of, read_record
from simlib.report.verdicts import KeyFigure
from simlib.report.words import words
from tests.batches import writer

FIGURE = KeyFigure("flat", "contribution", "money", "CNY", 1e6, None, None, None, "verdict.baseline")


@pytest.fixture
def batch_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a batch file, a small scenario and a quick notebook."""
    return writer(tmp_path)


def inputs(file: Path, *, code: str = "a") -> Inputs:
    """What the only run of a batch is made from."""
    asked = read_batch(file)
    return inputs_of(asked, asked.points[0], code=code)


def edited(file: Path, old: str, new: str) -> None:
    """A file in which something was changed."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("stated", [{"seed": 0}, {"replications": 2}, {"grid": {"people.rep.count": [10]}}])
def test_what_decides_the_simulation_decides_the_report(
    batch_file: Callable[..., Path], stated: dict[str, Any]
) -> None:
    """Seed (0 is one), worlds and values of the grid."""
    before, after = inputs(batch_file()), inputs(batch_file(**stated))
    assert before.simulation != after.simulation
    assert before.reports["en"] != after.reports["en"]


def test_scenario_and_code_decide_both_and_the_notebook_only_reports(
    batch_file: Callable[..., Path], tmp_path: Path
) -> None:
    """A value or the title in the scenario's file, simlib's code; the notebook's text, its parameters, the language."""
    file = batch_file(languages=["en", "zh"])
    first = inputs(file)
    assert first.reports["en"] != first.reports["zh"]
    assert inputs(file) == first
    assert inputs(file, code="b").simulation != first.simulation
    edited(tmp_path / "quick.ipynb", "# {lang", "## {lang")
    with_notebook = inputs(file)
    assert (with_notebook.simulation, with_notebook.reports) != (first.simulation, first.reports)
    assert with_notebook.simulation == first.simulation
    with_parameter = inputs(batch_file(parameters={"baseline": "pooled"}))
    assert with_parameter.simulation == first.simulation
    assert with_parameter.reports["en"] != with_notebook.reports["en"]
    edited(tmp_path / "tiny.yaml", '"title": ""', '"title": "Other"')
    assert inputs(file).simulation != first.simulation
    assert code_hash() == code_hash()


def test_a_report_holds_as_long_as_its_inputs_and_its_files(batch_file: Callable[..., Path], tmp_path: Path) -> None:
    """Made from other inputs, failed, or with a file lost: missing; and the index calls it so."""
    asked = read_batch(batch_file())
    point = asked.points[0]
    own = inputs_of(asked, point, code=code_hash())
    folder = tmp_path / point.folder
    (folder / "en").mkdir(parents=True)
    files = [folder / "en" / f"{point.label}{ending}" for ending in (".html", ".pdf", ".ipynb")]
    for file in files:
        file.write_text("", encoding="utf-8")

    def missing(outcome: Outcome) -> tuple[int, str]:
        Record(reports={"en": outcome}).save(folder)
        conduct = Conduct(asked, tmp_path, words("en"))
        return len(conduct.missing()), next(conduct.runs()).state

    made = Outcome(own.reports["en"], 1.0, figures=(FIGURE,))
    assert missing(made) == (0, "done")
    assert missing(Outcome("other", 1.0)) == (1, "waiting")
    assert missing(Outcome(own.reports["en"], 1.0, error="stopped")) == (1, "failed")
    files[1].unlink()
    assert missing(made) == (1, "waiting")


def test_an_interruption_leaves_no_new_files_under_an_old_record(
    batch_file: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is put to work anew is forgotten first: with the seed set back it is not believed."""
    asked = read_batch(batch_file())
    point = asked.points[0]
    folder = tmp_path / point.folder
    Record(Outcome("other seed", 1.0), {"en": Outcome("other seed", 1.0)}).save(folder)
    told: list[Record] = []

    def interrupted(*_: object) -> None:
        told.append(read_record(folder))
        raise KeyboardInterrupt

    monkeypatch.setattr(Crew, "submit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Conduct(asked, tmp_path, words("en")).carry_out(workers=1, progress=lambda _: None)
    assert told[0].simulation is None
    own = inputs_of(asked, point, code=code_hash())
    (folder / "results").mkdir()
    (folder / "results" / "run.json").write_text("", encoding="utf-8")
    Record(Outcome(own.simulation, 1.0), {"en": Outcome("other seed", 1.0)}).save(folder)
    with pytest.raises(KeyboardInterrupt):
        Conduct(asked, tmp_path, words("en")).carry_out(workers=1, progress=lambda _: None)
    assert told[1] == Record(Outcome(own.simulation, 1.0))


def test_a_notebook_that_simulates_itself_fails_with_no_simulation(
    batch_file: Callable[..., Path], tmp_path: Path
) -> None:
    """A simulation that failed under another notebook says nothing of it."""
    asked = read_batch(batch_file())
    point = asked.points[0]
    own = inputs_of(asked, point, code=code_hash())
    Record(Outcome(own.simulation, 1.0, "stopped")).save(tmp_path / point.folder)
    assert next(Conduct(asked, tmp_path, words("en")).runs()).state == "failed"
    alone = replace(asked, declared={"language": "str", "scenario": "str"})
    run = next(Conduct(alone, tmp_path, words("en")).runs())
    assert (run.state, run.error, run.seconds) == ("waiting", "", 0.0)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"simulation": null}', '{"simulation": {}, "reports": {"en": 3}}'])
def test_a_record_that_cannot_be_read_counts_as_none(tmp_path: Path, text: str) -> None:
    """Whatever stopped its writing: the run is made again."""
    (tmp_path / "run.json").write_text(text, encoding="utf-8")
    assert read_record(tmp_path) == Record()


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Figures included."""
    record = Record(Outcome("a", 1.5), {"zh": Outcome("b", 2.0, "stopped", (FIGURE,))})
    record.save(tmp_path / "run")
    assert read_record(tmp_path / "run") == record
    assert json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))["simulation"]["seconds"] == 1.5
