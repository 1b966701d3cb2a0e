"""The page of a workshop: what it answers, what it tells, and that a real drag on a slider changes its charts."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import altair as alt
import nbformat
import pytest
from click.testing import CliRunner

from simlib.cli import main
from simlib.report import live_charts
from simlib.report.live_charts import LiveCharts
from simlib.report.notebooks import check_parameters, execute_notebook, find_notebook
from simlib.report.words import words
from simlib.report.workshop import Workshop, open_workshop
from tests.report.browser import LAPTOP, SECONDS, browser, opened, reading

SCREENS = Path(__file__).parents[2] / "out" / "screens"
"""Pictures of pages, kept beside the tests' results and not in git."""
REFUSED = "This organisation cannot be"


@pytest.fixture(scope="module")
def workshop(root: Path) -> Workshop:
    """The shipped workshop's page with two worlds."""
    return open_workshop(str(root / "scenarios" / "workshop.yaml"), worlds=2)


def told(workshop: Workshop) -> str:
    """What the page says, without its markup."""
    return re.sub("<[^>]*>", "", workshop.said.value)


def test_the_page_answers_against_what_was_kept(workshop: Workshop) -> None:
    """First there is no difference; a lever makes one; kept as reference it is none again; and back."""
    assert "are the same" in told(workshop)
    before = workshop.charts.specs
    assert len(before) == 5
    workshop.controls["span"].value = 12
    assert "+¥" in told(workshop)
    assert workshop.charts.specs != before
    workshop.keep.click()
    assert "are the same" in told(workshop)
    workshop.controls["span"].value = 3
    assert "−¥" in told(workshop)
    workshop.back.click()
    assert workshop.controls["span"].value == 12
    assert "are the same" in told(workshop)


@pytest.mark.slow
def test_another_design_sets_every_lever(workshop: Workshop) -> None:
    """To where the design has it, with one answer."""
    workshop.controls["design"].value = "flat"
    assert workshop.state["span"] == 12
    workshop.controls["design"].value = "pyramid"
    assert workshop.state["span"] == 3
    workshop.keep.click()
    assert "are the same" in told(workshop)


def test_an_organisation_that_cannot_be_is_told_in_words(workshop: Workshop) -> None:
    """Whatever refuses it, the page says why and goes on showing the last one that could."""
    before = workshop.charts.specs
    options = workshop.controls["span"].options
    workshop.controls["span"].options = [("0", 0), *options]
    workshop.controls["span"].value = 0
    assert REFUSED in told(workshop)
    assert "span: got 0, must be at least 1" in told(workshop)
    assert "Traceback" not in told(workshop)
    assert workshop.charts.specs == before
    workshop.controls["span"].value = 3
    assert REFUSED not in told(workshop)


def test_what_cannot_be_is_told_in_the_pages_language(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rule and value in Chinese."""
    monkeypatch.setattr(workshop, "words", words("zh"))
    workshop.controls["span"].options = [("0", 0), *workshop.controls["span"].options]
    workshop.controls["span"].value = 0
    assert "span: 得到 0，必须至少为 1" in told(workshop)
    workshop.controls["span"].value = 3


def test_charts_that_cannot_be_made_leave_nothing_waiting() -> None:
    """The first that could is shown, and none stays pale."""

    def charts() -> Iterator[alt.TopLevelMixin]:
        yield alt.Chart(alt.Data(values=[])).mark_bar()
        raise ValueError("no second chart")

    live = LiveCharts()
    with pytest.raises(ValueError, match="no second chart"):
        live.show(charts())
    assert len(live.specs) == 1
    assert not live.waiting


def test_a_chart_that_fails_leaves_the_others_and_is_drawn_again(tmp_path: Path) -> None:
    """In a browser: its own place says why, and the next one that can be drawn stands there."""
    script = Path(live_charts.__file__).with_suffix(".js").read_text("utf-8").replace("export default {render};", "")
    model = """
    window.vegaEmbed = async (place, spec) => {
      if (spec === "bad") throw new Error("cannot");
      place.textContent = spec;
    };
    const state = {specs: ["one", "bad", "three"], library: ""}, el = document.createElement("div");
    document.body.append(el);
    const draw = drawer({get: (name) => state[name]}, el), seen = () => [...el.children].map((x) => x.textContent);
    draw().then(() => { document.body.dataset.first = seen(); state.specs = ["one", "two", "three"]; return draw(); })
      .then(() => { document.body.dataset.then = seen(); });
    """
    page = opened(f"<html><style></style><body><script>{script}{model}</script></body></html>", tmp_path)
    assert 'data-first="one,Error: cannot,three"' in page
    assert 'data-then="one,two,three"' in page


def test_without_voila_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line, exit 2."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    result = CliRunner().invoke(main, ["workshop"])
    assert result.exit_code == 2
    assert "pip install voila" in result.stderr


def test_a_scenario_with_faults_is_told_before_a_page_is_opened(tmp_path: Path) -> None:
    """Every fault with its line, exit 2, no server."""
    (tmp_path / "bad.yaml").write_text("name: x\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["workshop", str(tmp_path / "bad.yaml")])
    assert result.exit_code == 2
    assert "designs: got nothing, must be stated" in result.stderr


def test_the_notebook_is_thin() -> None:
    """Its parameters are those of the page; it holds no logic and no prose of its own."""
    parameters = {"scenario": "a.yaml", "language": "zh", "worlds": 2, "seed": 0, "workers": 1}
    check_parameters(find_notebook("workshop"), parameters)
    for cell in nbformat.read(find_notebook("workshop"), 4).cells:
        assert cell.cell_type == "code"
        assert cell.outputs == []
        assert not re.search(r"^\s*(for|if|while|def|class|try)\b", cell.source, re.MULTILINE)


@pytest.mark.slow
def test_the_notebook_runs(tmp_path: Path) -> None:
    """As papermill or JupyterLab run it, from its own folder: the page is its last output."""
    parameters = {"worlds": 2, "workers": 1, "language": "zh"}
    done = execute_notebook(find_notebook("workshop"), output=tmp_path / "out.ipynb", parameters=parameters)
    assert "application/vnd.jupyter.widget-view+json" in done.cells[-1].outputs[-1].data


@contextmanager
def served(*options: str) -> Iterator[str]:
    """The page's address, while `simlib workshop` runs; Ctrl-C ends it."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [sys.executable, "-m", "simlib", "workshop", f"--port={port}", "--no-browser", *options]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, start_new_session=True, **quiet) as server:
        try:
            last = time.monotonic() + SECONDS
            while not listens(port) and time.monotonic() < last:
                time.sleep(0.2)
            yield f"http://127.0.0.1:{port}/"
            os.killpg(server.pid, signal.SIGINT)
            server.wait(60)
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGKILL)


def listens(port: int) -> bool:
    """Whether something answers at a port of this machine."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.slow
def test_a_real_drag_changes_the_live_charts(tmp_path: Path) -> None:
    """In a browser, in Chinese: the handle is pulled, and the kernel's answer and charts change."""
    browser()
    with served("--language=zh", "--worlds=2", "--workers=1") as address, reading(tmp_path) as reader:
        reader.open(address, LAPTOP)
        reader.wait("document.querySelector('.simlib-charts')?.dataset.drawn")
        page = reader.see("document.body.innerText")
        assert {"管理跨度", "代表人数", "渠道间政策", "设为参照"} <= set(page.split("\n"))
        drawn = "Number(document.querySelector('.simlib-charts').dataset.drawn)"
        svg = "document.querySelector('.simlib-charts svg').outerHTML"
        before, count = reader.see(svg), reader.see(drawn)
        assert "现在减去参照" in before
        reader.drag("document.querySelectorAll('.noUi-handle')[1]", 70)
        reader.wait(f"{drawn} >= {count} + 2")  # the first chart, then all
        assert reader.see(svg) != before
        assert "+¥" in reader.see("document.body.innerText")
        assert reader.failures == []
        reader.picture(SCREENS / "workshop-zh.png")
