"""A whole batch of the real report with names that would do harm: pages, paper, Excel files, folders and the index."""

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from simlib.cli import main
from simlib.scenario import keep_designs, switch_off, vary
from simlib.scenario.vary import plain
from tests.report.browser import opened
from tests.report.conftest import HOSTILE
from tests.report.test_index import FORMULA, RIGHT_TO_LEFT
from tests.report.test_paper import pages
from tests.worlds import small

DESIGNS = ("pyramid", HOSTILE, FORMULA, "W" * 300, RIGHT_TO_LEFT)
NAME = f"../../{FORMULA}{'长' * 250}"


def hostile() -> str:
    """A scenario file whose name, title and designs would do harm."""
    scenario = switch_off(keep_designs(small(), ["pyramid"]))
    design = plain(scenario)["designs"]["pyramid"]
    harmful = vary(scenario, {"name": NAME, "designs": dict.fromkeys(DESIGNS, design), "title": f"{NAME} {HOSTILE}"})
    return json.dumps(plain(harmful), default=str, ensure_ascii=False)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The batch of such a scenario in both languages, in a folder with a space and Chinese in its name."""
    folder = tmp_path_factory.mktemp("batch 批 a'b")
    (folder / "firm.yaml").write_text(hostile(), encoding="utf-8")
    asked = {"scenarios": ["firm.yaml"], "languages": ["en", "zh"], "replications": 2}
    (folder / "batch.yaml").write_text(json.dumps(asked), encoding="utf-8")
    command = ["batch", str(folder / "batch.yaml"), "--out", str(folder / "out"), "--workers", "2", "--language", "zh"]
    result = CliRunner().invoke(main, command, catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return folder / "out"


@pytest.mark.slow
def test_folders_and_files_have_names_that_every_system_takes(out: Path) -> None:
    """Letters, digits, `_`, `-` and dots within; short; nothing beyond the folder; each report with all that goes with
    it."""
    made = [path for path in out.rglob("*") if path.name != "index.html"]
    assert all(re.fullmatch(r"[\w-][\w.-]*", path.name) for path in made)
    assert max(len(path.name.encode()) for path in made) < 200
    assert {path.name for path in out.parent.iterdir()} == {"firm.yaml", "batch.yaml", "out"}
    for ending in ("html", "pdf", "xlsx", "ipynb"):
        assert len(list(out.glob(f"*/*/*.{ending}"))) == 2
    assert len(list(out.glob("*/*/charts/*.svg"))) >= 2 * 6
    assert len(list(out.glob("*/results/*.parquet"))) == 2


@pytest.mark.slow
def test_no_name_harms_a_page(out: Path, tmp_path: Path) -> None:
    """The index and a report in a browser without a network: nothing is asked for, no name is run as code, the index's
    links lead to files."""
    index = (out / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'href="([^"]*)"', index)
    assert len(links) == 2 * 3
    assert all((out / unquote(link)).is_file() for link in links)
    assert "<script>alert" not in index
    report = next(out.glob("*/zh/*.html")).read_text(encoding="utf-8")
    for number, page in enumerate((index, report)):
        folder = tmp_path / str(number)
        folder.mkdir()
        root = re.search(r"<html[^>]*>", opened(page, folder))
        assert root is not None
        assert 'lang="zh-CN"' in root[0]
        assert 'data-refused=""' in root[0]
        assert "data-alerted" not in root[0]


@pytest.mark.slow
def test_no_name_is_a_formula_in_the_excel_file(out: Path) -> None:
    """Each that begins like one is marked as text."""
    book = load_workbook(next(out.glob("*/en/*.xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == FORMULA]
    assert cells
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells)


@pytest.mark.slow
def test_papers_are_a4(out: Path) -> None:
    """In both languages, several pages each."""
    for file in out.glob("*/*/*.pdf"):
        sizes = pages(file.read_bytes())
        assert len(sizes) >= 3
        assert {(round(width), round(height)) for width, height in sizes} == {(595, 842)}
