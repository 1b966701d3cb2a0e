"""Notebooks run as reports: parameters refused before anything runs, pages that need no network."""

import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from simlib.errors import SimlibError
from simlib.report.notebooks import check_parameters, execute_notebook, find_notebook, write_report
from simlib.report.page import Heading, to_page
from simlib.report.provenance import footer, stamp
from simlib.report.theme import MIME
from simlib.report.words import words
from simlib.runs.results import Results
from tests.report.browser import opened
from tests.report.conftest import HOSTILE, scenario


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"replication": 3}, "unknown parameter 'replication'; did you mean 'replications'"),
        ({"replications": "3"}, "parameter replications: got '3', must be int"),
        ({"seed": True}, "parameter seed: got True, must be int"),
        ({"language": 1, "xyz": 2}, r"(?s)language: got 1, must be str.*unknown parameter 'xyz'; must be one of scen"),
    ],
)
def test_wrong_parameters_are_refused(parameters: Mapping[str, Any], message: str, tmp_path: Path) -> None:
    """A name that does not exist or a value of another type stops the run before it starts, all faults at once."""
    with pytest.raises(SimlibError, match=message):
        execute_notebook(find_notebook("compare"), output=tmp_path / "out.ipynb", parameters=parameters)
    assert not (tmp_path / "out.ipynb").exists()


def test_the_parameters_of_the_report_are_accepted() -> None:
    """What the report's notebook declares."""
    words = {"scenario": "a.yaml", "results": "", "designs": "", "baseline": "", "language": "zh"}
    check_parameters(find_notebook("compare"), {**words, "replications": 2, "seed": 0, "images": False})


def notebook(folder: Path, *cells: str) -> Path:
    """A notebook whose first cell holds its parameters."""
    made = new_notebook(cells=[new_code_cell(source) for source in cells])
    made.cells[0].metadata["tags"] = ["parameters"]
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, folder / "made.ipynb")
    return folder / "made.ipynb"


def test_a_parameter_without_a_type_is_refused(tmp_path: Path) -> None:
    """A notebook's author is told to annotate; a type that cannot be checked is no type."""
    with pytest.raises(SimlibError, match="parameter x: annotated 'None', must be one of int, float, str, bool"):
        check_parameters(notebook(tmp_path, "x = 3"), {"x": 3})
    with pytest.raises(SimlibError, match="no cell tagged 'parameters'"):
        check_parameters(notebook(tmp_path, "# nothing"), {"x": 3})


def test_a_number_may_be_whole(tmp_path: Path) -> None:
    """An int is a float to a reader; a bool is not."""
    path = notebook(tmp_path, "x: float = 3.5")
    check_parameters(path, {"x": 3})
    with pytest.raises(SimlibError, match="got False, must be float"):
        check_parameters(path, {"x": False})


@pytest.mark.slow
def test_values_arrive_as_they_are_and_failures_are_told(tmp_path: Path) -> None:
    """Quotes, backslashes and Chinese survive the way into the kernel; a cell that stops is named."""
    text = "a'b\"c\\d\n张三"
    path = notebook(tmp_path, "x: str = ''", f"assert x == {text!r}", "1 / 0")
    with pytest.raises(SimlibError, match=r"cell 3 stopped with ZeroDivisionError: division by zero"):
        execute_notebook(path, output=tmp_path / "done.ipynb", parameters={"x": text})


def test_a_page_escapes_what_a_notebook_holds() -> None:
    """Names in charts cannot end their script, names in titles and footers are text, HTML in Markdown is shown."""
    spec = {"$schema": "https://example.org/v6.json", "title": f"</script>{HOSTILE}<!--", "mark": "bar"}
    outputs = [
        new_output("display_data", {MIME: spec}),
        new_output("display_data", {"text/markdown": f"**{HOSTILE}** &#60;b&#62; [x](javascript:alert(1))"}),
        new_output("display_data", {"text/plain": HOSTILE}),
        new_output("stream", name="stderr", text="a warning"),
    ]
    cell = new_code_cell("secret_code()", outputs=outputs)
    heading = Heading(title=HOSTILE, tag="zh-CN", footer=f'{HOSTILE} "; }} body {{ display: none')
    page = to_page(new_notebook(cells=[cell]), heading=heading, library="var x = '</script>';")
    assert '<html lang="zh-CN">' in page
    assert "<script>alert" not in page
    assert "&lt;b&gt;" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert page.count("</script>") == page.count("<script") == 3
    assert '"; } body {' not in page.split("</style>")[0]
    for absent in ("example.org", "secret_code", "a warning", 'href="javascript'):
        assert absent not in page
    (text,) = re.findall(r'<script type="application/json">(.*?)</script>', page)
    assert json.loads(text) == {"title": spec["title"], "mark": "bar"}


def test_a_name_turns_no_sentence_around() -> None:
    """Letters from the right stand as they do; a sign that would reverse all after it is left out."""
    arabic = "\u0645\u0631\u062d\u0628\u0627"
    outputs = [new_output("display_data", {kind: f"\u202e{arabic} 12"}) for kind in ("text/markdown", "text/html")]
    heading = Heading(title="", tag="en", footer="")
    page = to_page(new_notebook(cells=[new_code_cell("", outputs=outputs)]), heading=heading, library="")
    assert page.count(arabic) == 2
    assert "\u202e" not in page


def test_a_long_name_leaves_the_foot_of_a_page_its_room() -> None:
    """The hash, the seed and the version are what a printed page must say."""
    made = stamp(scenario(reps=9, designs=["pyramid"]).model_copy(update={"name": "W" * 300}), seed=0, replications=20)
    line = footer(made, words("en"))
    assert len(line) < 170
    assert f"{made.scenario_hash[:16]} · seed 0 · 20 worlds · simlib" in line


class Links(HTMLParser):
    """Collects every attribute that can make a browser fetch something; a place on the same page is none."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fetched = [value for name, value in attrs if name in ("src", "srcset", "href", "data", "action")]
        self.found += [(tag, value) for value in fetched if not (value or "").startswith("#")]
        self.found += [(tag, None)] if tag in ("link", "base", "iframe") else []


@pytest.fixture(scope="module")
def reports(results: Results, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report of the synthetic run in each language."""
    folder = tmp_path_factory.mktemp("报告 a'b")
    return {language: write_report(results, folder=folder, language=language) for language in ("en", "zh")}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_report_names_no_address(reports: dict[str, Path], language: str) -> None:
    """Nothing on the page can be fetched from elsewhere, and it is small enough for an e-mail."""
    page = reports[language].read_text(encoding="utf-8")
    links = Links()
    links.feed(page)
    assert links.found == []
    assert re.search(r"url\(\s*['\"]?https?:", page) is None
    assert re.search(r"@import", page) is None
    assert 'http-equiv="Content-Security-Policy" content="default-src \'none\'' in page
    assert "<script>alert" not in page
    assert len(page.encode()) < 4_000_000
    assert str(reports[language].parent) not in page


@pytest.mark.slow
@pytest.mark.parametrize(("language", "tag", "word"), [("en", "en", "Verdict"), ("zh", "zh-CN", "结论")])
def test_a_browser_draws_every_chart_without_network(
    reports: dict[str, Path], tmp_path: Path, language: str, tag: str, word: str
) -> None:
    """A real browser that can resolve no name draws all charts; the page asks for nothing and runs no name as code."""
    page = reports[language].read_text(encoding="utf-8")
    dom = opened(page, tmp_path)
    root = re.search(r"<html[^>]*>", dom)
    assert root is not None
    assert f'lang="{tag}"' in root[0]
    assert 'data-refused=""' in root[0]
    assert "data-alerted" not in root[0]
    charts = page.count('<div class="chart">')
    assert charts >= 12
    assert f'data-drawn="{charts}/{charts}"' in root[0]
    assert len(re.findall(r"<svg[^>]*class=\"marks\"", dom)) == charts
    assert f"<h2>{word}</h2>" in dom
