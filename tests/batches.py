"""Batches small enough for tests: a scenario of two designs, and a notebook that can fail or be killed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from simlib.scenario import keep_designs, switch_off
from simlib.scenario.vary import plain
from tests.worlds import small

PARAMETERS = """\
language: str = "en"
results: str = ""
seed: int = 1
baseline: str = ""
wait: float = 0.0"""
SHOW = """\
import json, os, pathlib, time
from IPython.display import Markdown
run = json.loads((pathlib.Path(results) / "scenario.json").read_text(encoding="utf-8"))
count = run["people"]["rep"]["count"]
if count == 8:
    raise RuntimeError("eight are too few")
if count == 7:
    os.kill(os.getppid(), 9)
time.sleep(wait)
Markdown(f"# {language}: {run['title']}")"""
"""Fails with eight reps; with seven it kills the process that runs it, as the system does when memory runs out."""


def write_notebook(file: Path, *sources: str) -> Path:
    """A notebook whose first cell declares its parameters."""
    made = new_notebook(cells=[new_code_cell(source) for source in sources])
    made.cells[0].metadata["tags"] = ["parameters"]
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, file)
    return file


def writer(folder: Path) -> Callable[..., Path]:
    """Writes a batch file beside a small scenario and a quick notebook; what is stated replaces a default."""
    scenario = switch_off(keep_designs(small(name="tiny"), ["pyramid", "pooled"]))
    text = json.dumps(plain(scenario), default=str, ensure_ascii=False)
    (folder / "tiny.yaml").write_text(text, encoding="utf-8")
    write_notebook(folder / "quick.ipynb", PARAMETERS, SHOW)

    def write(**stated: Any) -> Path:
        batch = {"scenarios": ["tiny.yaml"], "notebook": "quick.ipynb", "replications": 1, **stated}
        file = folder / "monthly.yaml"
        file.write_text(json.dumps(batch, ensure_ascii=False, indent=1), encoding="utf-8")
        return file

    return write
