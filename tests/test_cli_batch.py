"""What a planner types and sees: `simlib batch`, with runs that fail, are killed, or are interrupted."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simlib.cli import main
from tests.batches import write_notebook, writer

Write = Callable[..., Path]
STEP = re.compile(r"^(simulated|reported|failed to simulate|failed to report) ", re.MULTILINE)


@pytest.fixture
def batch_file(tmp_path: Path) -> Write:
    """Writes a batch file, a small scenario and a quick notebook."""
    return writer(tmp_path)


def call(*words: object) -> Result:
    """`simlib batch` with these arguments."""
    return CliRunner().invoke(main, ["batch", *map(str, words)], catch_exceptions=False)


def steps(result: Result) -> list[str]:
    """What was done, in the order in which it ended."""
    return STEP.findall(result.stderr)


def reports(out: Path, ending: str) -> list[str]:
    """Reports that are there, by the name of their run's file and their language."""
    return sorted(f"{file.stem} {file.parent.name}" for file in out.glob(f"*/[a-z]*/*{ending}"))


def test_bad_input_is_told_before_anything_is_made(batch_file: Write, tmp_path: Path) -> None:
    """Exit 2, each fault at its place, and nothing written."""
    result = call(batch_file(grid={"costs.margin": [3]}, parameters={"base": "x"}), "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "monthly.yaml:9:4: costs.margin: got 3, must be at most 1" in result.stderr
    assert "parameters.base: unknown parameter 'base'" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_failing_and_a_killed_run_lose_no_other(batch_file: Write, tmp_path: Path) -> None:
    """Of four runs in two languages one stops in its notebook, another's process is killed by signal 9. The
    others are made; the index names both causes; exit 1. Typed again, only what is missing is tried again."""
    out = tmp_path / "out"
    file = batch_file(grid={"people.rep.count": [7, 8, 9, 10]}, languages=["en", "zh"])
    first = call(file, "--out", out, "--workers", 2)
    assert first.exit_code == 1
    assert sorted(steps(first)) == sorted(["simulated"] * 4 + ["reported"] * 4 + ["failed to report"] * 4)
    made = ["tiny-count_10 en", "tiny-count_10 zh", "tiny-count_9 en", "tiny-count_9 zh"]
    for ending in (".html", ".pdf", ".ipynb", ".xlsx"):
        assert reports(out, ending) == made
    assert first.stdout.startswith("8 reports: 4 done and 4 failed\n")
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "RuntimeError: eight are too few" in page
    assert "was ended from outside (signal 9)" in page
    assert page.count('-stopped.ipynb">') == 2
    before = {path: path.stat().st_mtime_ns for path in out.glob("*/*/*.pdf")}
    again = call(file, "--out", out, "--workers", 2)
    assert (again.exit_code, steps(again)) == (1, ["failed to report"] * 4)
    assert {path: path.stat().st_mtime_ns for path in out.glob("*/*/*.pdf")} == before
    done = call(batch_file(grid={"people.rep.count": [9, 10]}, languages=["en", "zh"]), "--out", out)
    assert (done.exit_code, steps(done)) == (0, [])


@pytest.mark.slow
def test_a_run_is_simulated_once_for_all_languages(batch_file: Write, tmp_path: Path) -> None:
    """One simulation for two reports; a parameter more makes reports anew, not the simulation; and then nothing."""
    out = tmp_path / "out"
    assert steps(call(batch_file(languages=["en", "zh"]), "--out", out)) == ["simulated", "reported", "reported"]
    changed = batch_file(languages=["zh"], parameters={"baseline": "pooled"})
    assert steps(call(changed, "--out", out)) == ["reported"]
    assert steps(call(changed, "--out", out)) == []


@pytest.mark.slow
def test_a_notebook_may_run_the_scenario_itself(batch_file: Write, tmp_path: Path) -> None:
    """One that takes no results gets the scenario, with the run's values, as a file; nothing is simulated before."""
    declared = "language: str = 'en'\nscenario: str = ''\nreplications: int = 20"
    read = "from simlib import load_scenario\nassert load_scenario(scenario).people.rep.count == 11 + replications"
    write_notebook(tmp_path / "own.ipynb", declared, read)
    file = batch_file(notebook="own.ipynb", grid={"people.rep.count": [12]})
    result = call(file, "--out", tmp_path / "out")
    assert (result.exit_code, steps(result)) == (0, ["reported"])
    assert reports(tmp_path / "out", ".pdf") == ["tiny-count_12 en"]
    assert reports(tmp_path / "out", ".xlsx") == []


@pytest.mark.slow
def test_a_runs_folder_holds_all_that_made_it(batch_file: Write, tmp_path: Path) -> None:
    """Executed notebook, data as parquet and XLSX, page and paper, and what made them; a run that cannot be laid out
    fails alone."""
    out = tmp_path / "out"
    grid = {"costs.people_per_year": [None, 1000.0]}
    result = call(batch_file(grid=grid, languages=["zh"], seed=3), "--out", out, "--language", "zh")
    assert result.exit_code == 1
    assert "1 份已完成和1 份失败" in result.stdout.replace(" 和 ", "和")
    (folder,) = (path.parent for path in out.glob("*/results"))
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    label = folder.name.rpartition("-")[0]
    assert names == {
        *(f"zh/{label}{ending}" for ending in (".html", ".pdf", ".ipynb", ".xlsx")),
        *(f"results/{name}" for name in ("figures.parquet", "breakdown.parquet", "run.json", "scenario.json")),
        *("zh/provenance.json", "run.json", "scenario.yaml"),
    }
    told = json.loads((folder / "zh" / "provenance.json").read_text(encoding="utf-8"))
    assert (told["seed"], told["replications"], len(told["scenario_hash"])) == (3, 1, 64)
    assert {"commit", "python", "packages", "made"} <= set(told)
    assert told["parameters"] == {"language": "zh", "seed": 3}
    assert str(tmp_path) not in json.dumps(told)


@pytest.mark.slow
def test_ctrl_c_leaves_what_is_finished_and_a_true_index(batch_file: Write, tmp_path: Path) -> None:
    """Interrupted after the first report: exit 130, one report that is kept, the rest `not made yet`. Typed again, the
    rest is made."""
    out = tmp_path / "out"
    file = batch_file(grid={"people.rep.count": [9, 10, 11]}, parameters={"wait": 3.0})
    command = [sys.executable, "-m", "simlib", "batch", str(file), "--out", str(out)]
    root = Path(__file__).resolve().parent.parent
    with subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": str(root)}, stderr=subprocess.DEVNULL, start_new_session=True
    ) as running:
        last = time.monotonic() + 120
        while not reports(out, ".pdf") and time.monotonic() < last and running.poll() is None:
            time.sleep(0.1)
        time.sleep(1.0)
        os.killpg(running.pid, signal.SIGINT)
        assert running.wait(60) == 130
    kept = reports(out, ".pdf")
    assert kept == ["tiny-count_9 en"]
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "3 reports: 1 done and 2 not made yet" in page
    assert page.count('href="') == 3
    again = call(file, "--out", out)
    assert again.exit_code == 0
    assert steps(again).count("reported") == 2
    assert len(reports(out, ".pdf")) == 3
