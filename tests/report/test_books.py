"""The notebooks: typed and thin as they lie in the checkout; executed with tiny parameters, in both languages."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nbformat
import pytest

from simlib.report.notebooks import TYPES, execute_notebook, find_notebook
from simlib.report.page import Heading, anchor, to_page
from simlib.report.provenance import stamp
from simlib.report.subject import scenario_file
from simlib.report.theme import MIME
from simlib.report.words import words
from simlib.scenario import Scenario, keep_designs, vary
from tests.paid import paid
from tests.report.browser import opened
from tests.worlds import small

FOLDER = Path(__file__).parents[2] / "notebooks"
BOOKS = tuple(path.stem for path in sorted(FOLDER.glob("*.ipynb")) if path.stem != "workshop")
"""All but the page of sliders, which is read otherwise (`test_workshop.py`)."""
LATIN = re.compile(r"[A-Za-z]{2,}")
CODE = re.compile(r"`[^`]*`|\]\(#[^)]*\)|--[a-z]+|\b[a-z_]+(?:\.[a-z_]+)+\b|\b[0-9a-f]{12,}\b|#[0-9A-F]{6}\b")
"""Code between backticks, what links lead to, options, paths of a scenario, hashes, colours."""
NAMES = {"Holm", "Python", "UTC", "git"}
"""Written alike in every language."""
LINK = re.compile(r"^- \[(.+)\]\(#(.+)\)$", re.MULTILINE)
TINY: Mapping[str, Mapping[str, Any]] = {
    "structures": {"designs": "", "map_worlds": 1, "sizes": "1,2", "complexities": "1"},
    "pay_plans": {"plans": "field,other", "person": "rep 2"},
    "transition": {"waves": "1,2", "every_days": 10.0, "replications": 2},
}
"""Beside two worlds and one process."""


def cells(name: str) -> list[Any]:
    """The cells of a notebook as it lies in the checkout."""
    return list(nbformat.read(find_notebook(name), 4).cells)


@pytest.mark.parametrize("name", BOOKS)
def test_a_notebook_is_typed_and_thin(name: str) -> None:
    """It declares its parameters with types, calls simlib and shows; no logic, no outputs, no prose of its own; and it
    begins with what to look at and what it holds, and ends with what to try next."""
    first, *others = cells(name)
    assert first.metadata["tags"] == ["parameters"]
    declared = {line.target.id: line for line in ast.parse(first.source).body if isinstance(line, ast.AnnAssign)}
    assert {"language", "images", "seed", "replications", "scenario"} <= set(declared)
    assert len(declared) == len(ast.parse(first.source).body)
    assert {ast.unparse(line.annotation) for line in declared.values()} <= set(TYPES)
    for cell in (first, *others):
        assert cell.cell_type == "code"
        assert cell.outputs == []
        assert not re.search(r"^\s*(for|if|while|def|class|try)\b", cell.source, re.MULTILINE)
    text = "\n".join(cell.source for cell in others)
    assert text.index(f'"book.{name}"') < text.index("prose.contents(") < text.rindex(f'"book.{name}.next"')


def test_the_quick_start_has_ten_cells() -> None:
    """From a scenario to a verdict, for somebody who has never seen the tool."""
    assert len(cells("quick_start")) == 10


def test_shipped_scenarios_are_found_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a notebook names them; a file of that name where one is comes first, and a missing one keeps its name."""
    monkeypatch.chdir(tmp_path)
    assert scenario_file("../scenarios/quick_start.yaml").samefile(FOLDER.parent / "scenarios" / "quick_start.yaml")
    assert scenario_file("../scenarios/none.yaml") == Path("../scenarios/none.yaml")
    (tmp_path / "own.yaml").write_text("", encoding="utf-8")
    assert scenario_file("own.yaml") == Path("own.yaml")


@pytest.mark.parametrize("name", BOOKS)
def test_the_scenario_of_a_notebook_is_there(name: str) -> None:
    """What it runs if nothing else is asked for; an empty name is a market of simlib's own."""
    stated = {line.target.id: line for line in ast.parse(cells(name)[0].source).body if isinstance(line, ast.AnnAssign)}
    named = ast.literal_eval(stated["scenario"].value)
    assert not named or scenario_file(named).is_file()


def test_a_contents_list_leads_to_its_headings() -> None:
    """In either language; a section without parts is not in it."""
    from simlib.report import prose

    for language in ("en", "zh"):
        w = words(language)
        listed = prose.contents(
            w, "section.verdict", [], [prose.paragraph(w, "section.conflict")], "section.break_even"
        )
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("")])
        shown = [listed, *(prose.paragraph(w, f"section.{name}") for name in ("verdict", "conflict", "break_even"))]
        notebook.cells[0].outputs = [
            nbformat.v4.new_output("display_data", {"text/markdown": part.data}) for part in shown
        ]
        page = to_page(notebook, heading=Heading("t", w.tag, "f"), library="")
        links = [unquote(unescape(link)) for link in re.findall(r'href="#([^"]+)"', page)]
        assert links == [unescape(name) for name in re.findall(r'<a id="([^"]+)"></a>', page)]
        assert len(links) == 3


def market(name: str) -> Scenario:
    """A tiny market for a notebook: plans for that of plans, channels for that of channels, else three structures."""
    if name == "pay_plans":
        found = paid()
        other = {"base_per_year": 50000.0, "components": {"each": {"kind": "commission", "rate": 0.05}}}
        plans = {**found.model_dump(mode="json", exclude_unset=True)["plans"], "other": other}
        return keep_designs(vary(found, {"plans": plans}), ["paid"])
    if name == "channels_and_conflict":
        policies = {"shared_credit": {"share": 0.1, "cost_per_year": 900.0}}
        both = vary(small(), {"designs.paid.channels": ["force", "dealers"], "designs.channels.policies": policies})
        return keep_designs(both, ["paid", "channels"])
    return keep_designs(small(), ["pyramid", "flat", "matrix"])


def written(scenario: Scenario, folder: Path) -> Path:
    """A scenario as a file."""
    stated = scenario.model_dump(mode="json", exclude_unset=True)
    stated["mechanisms"] = {name: "off" if one is None else one for name, one in stated["mechanisms"].items()}
    file = folder / "tiny.json"
    file.write_text(json.dumps(stated), encoding="utf-8")
    return file


@pytest.fixture(scope="module", params=[(name, language) for name in BOOKS for language in ("en", "zh")], ids="-".join)
def executed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, Any]:
    """Name, language and the executed notebook."""
    name, language = request.param
    folder = tmp_path_factory.mktemp(f"{name}-{language}")
    known = {"scenario": str(written(market(name), folder)), "language": language, "images": False, "replications": 2}
    tiny = {**known, **({} if name == "compare" else {"workers": 1}), **TINY.get(name, {})}
    return name, language, execute_notebook(find_notebook(name), output=folder / "done.ipynb", parameters=tiny)


def shown(notebook: Any, kind: str) -> Iterator[Any]:
    """What an executed notebook shows under a type."""
    for cell in notebook.cells:
        for output in cell.outputs:
            assert output.output_type != "error"
            if kind in getattr(output, "data", {}):
                yield output.data[kind]


def texts_of(spec: Any) -> Iterator[str]:
    """What can be read in a chart: titles, and the fields of its data that some mark or tooltip shows."""
    if isinstance(spec, dict):
        shows = set(re.findall(r'"field": "([^"]+)"', json.dumps(spec)))
        for rows in spec.get("datasets", {}).values():
            yield from (row[field] for row in rows for field in shows & set(row) if isinstance(row[field], str))
        yield from titles_of({key: value for key, value in spec.items() if key not in ("config", "datasets")})


def titles_of(spec: Any) -> Iterator[str]:
    """Strings that stand under `title`, `text` or `subtitle`, in a specification without data."""
    if isinstance(spec, dict):
        for key, value in spec.items():
            if key in ("title", "text", "subtitle") and isinstance(value, str | list):
                yield from [value] if isinstance(value, str) else (line for line in value if isinstance(line, str))
            yield from titles_of(value)
    elif isinstance(spec, list):
        for part in spec:
            yield from titles_of(part)


def own_words(scenario: Scenario) -> set[str]:
    """Latin words that a Chinese report may show: what the user named, and what made the numbers."""
    stated = [scenario.name, scenario.title, scenario.currency]
    parts = (scenario.market.regions, scenario.market.products, scenario.market.segments, scenario.channels)
    stated += [word for part in parts for word in part]
    stated += [word for plan, each in scenario.plans.items() for word in (plan, *each.components)]
    stated += [word for plan in scenario.plans.values() for part in plan.components.values() for word in _kpis(part)]
    known = words("zh").messages
    stated += [design for design in scenario.designs if f"structure.{design}" not in known]
    made = stamp(scenario, seed=0, replications=1)
    stated += [made.machine]
    stated += [text for pair in made.packages.items() for text in pair]
    stated += [evidence.source for evidence in scenario.evidence.values()]
    stated += [pool for design in scenario.designs.values() for pool in design.pools or {}]
    return {word for text in stated for word in LATIN.findall(text)}


def _kpis(component: Any) -> list[str]:
    return [*getattr(component, "kpis", {})]


@pytest.mark.slow
def test_plain_papermill_runs_a_notebook_from_anywhere(tmp_path: Path) -> None:
    """Without simlib's command, from another folder, with the scenario that the notebook names."""
    given = ("-p", "replications", "1", "-p", "workers", "1", "-p", "language", "zh", "-p", "images", "False")
    command = [sys.executable, "-m", "papermill", str(FOLDER / "quick_start.ipynb"), "out.ipynb", *given]
    search = {**os.environ, "PYTHONPATH": str(FOLDER.parent)}
    subprocess.run(command, cwd=tmp_path, env=search, check=True, capture_output=True, timeout=300)
    texts = [*shown(nbformat.read(tmp_path / "out.ipynb", 4), "text/markdown")]
    assert words("zh")("section.verdict") in texts


@pytest.mark.slow
def test_every_notebook_runs_and_says_what_it_holds(executed: tuple[str, str, Any], tmp_path: Path) -> None:
    """Charts have titles; contents are the headings, in order, each once; a browser without network draws all."""
    name, language, notebook = executed
    texts = list(shown(notebook, "text/markdown"))
    (contents,) = [text for text in texts if text.startswith(words(language)("contents.title"))]
    headings = [line.removeprefix("## ") for text in texts for line in text.splitlines() if line.startswith("## ")]
    links = LINK.findall(contents)
    assert [title for title, _ in links] == headings[1:]  # the first one is what to look at, above the list
    assert [unquote(link) for _, link in links] == [anchor(title) for title, _ in links]
    charts = list(shown(notebook, MIME))
    assert charts
    assert all("".join(chart["title"]["text"]) for chart in charts)
    page = to_page(notebook, heading=Heading(name, words(language).tag, "f"), library=library())
    root = re.search(r"<html[^>]*>", opened(page, tmp_path))
    assert root is not None
    assert f'data-drawn="{len(charts)}/{len(charts)}"' in root[0]
    assert 'data-refused=""' in root[0]


def library() -> str:
    """The JavaScript that draws charts."""
    from simlib.report.page import chart_library

    return chart_library()


@pytest.mark.slow
def test_a_chinese_notebook_has_no_english_word(executed: tuple[str, str, Any]) -> None:
    """Beside the user's own names, and code."""
    name, language, notebook = executed
    if language != "zh":
        return
    texts = [unescape(text) for text in shown(notebook, "text/markdown")]
    texts += [unescape(re.sub(r"<[^>]+>", " ", text)) for text in shown(notebook, "text/html")]
    texts += [text for chart in shown(notebook, MIME) for text in texts_of(chart)]
    own = own_words(market(name))
    assert sum(map(len, texts)) > 1000
    left = {word for text in texts for word in LATIN.findall(CODE.sub("", text))} - own - NAMES
    assert " ".join(sorted(left)) == ""
