"""The Excel file that `--xlsx` writes, read back with openpyxl and, for what openpyxl hides, as the XML that it is."""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from simlib.errors import SimlibError
from simlib.measure.breakdown import breakdown
from simlib.measure.figures import FIGURES
from simlib.report.provenance import stamp
from simlib.report.sheets import Measure, Sheet, is_average, workbook_sheets
from simlib.report.subject import Subject, open_subject
from simlib.report.words import words
from simlib.report.workbook import number_format, require_workbook, writable, write_workbook
from simlib.runs.results import Results
from simlib.scenario.vary import vary
from tests.report.conftest import HOSTILE
from tests.worlds import small

NAMES = ("=1+1", "+SUM(A1:A9)", "-2+3", "@cmd", "الشمال", "x" * 300)
"""What a user may call a design: formulas to Excel, right to left, and as long as a name may be."""
SHEETS = {
    "en": ["Read me", "Figures", "Differences", "Breakdown", "Designs", "Assumptions", "Provenance"],
    "zh": ["说明", "指标", "差异", "分解", "架构方案", "假设", "出处"],
}


def written(subject: Subject, folder: Path) -> dict[str, Worksheet]:
    """The sheets of a workbook, by name."""
    return {page.title: page for page in load_workbook(write_workbook(subject, folder / "book.xlsx")).worksheets}


def rows_of(page: Worksheet) -> list[dict[str, Any]]:
    """The rows below the frozen header, by header."""
    head = int(re.sub(r"\D", "", page.freeze_panes or "")) - 1
    rows = list(page.iter_rows(min_row=head, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.fixture(scope="module")
def results(make_results: Callable[..., Results]) -> Results:
    """24 worlds of six designs of about nine reps: as the other tests' run, with fewer positions to write."""
    return make_results(reps=9)


@pytest.fixture
def two(make_results: Callable[..., Results]) -> Results:
    """Two worlds of two designs, where only the texts matter."""
    return make_results(reps=2, replications=2, designs=("flat", "pooled"))


@pytest.fixture(params=["en", "zh"])
def subject(request: pytest.FixtureRequest, results: Results) -> Subject:
    """The synthetic run in each language."""
    return open_subject(results, language=request.param)


def test_every_sheet_is_there_and_its_header_stays_in_sight(subject: Subject, tmp_path: Path) -> None:
    """Whatever was run, in the language asked for; each can be filtered, and prints with its header on every page."""
    pages = written(subject, tmp_path)
    assert list(pages) == SHEETS[subject.words.language]
    for page in pages.values():
        assert page.freeze_panes
        assert page.auto_filter.ref
        assert page.print_title_rows
        assert all(8 < dimension.width <= 62 for dimension in page.column_dimensions.values())


def test_the_readme_explains_every_sheet_and_column(subject: Subject, tmp_path: Path) -> None:
    """A row for each header of each other sheet, and none without a meaning."""
    pages = written(subject, tmp_path)
    readme = pages.pop(SHEETS[subject.words.language][0])
    told = [tuple(row.values()) for row in rows_of(readme)]
    assert all(row[2] for row in told)
    for title, page in pages.items():
        head = int(re.sub(r"\D", "", page.freeze_panes or "")) - 1
        headers = [cell.value for cell in page[head]]
        assert [row[1] for row in told if row[0] == title] == [None, *headers]


def test_figures_are_those_of_the_comparison(subject: Subject, tmp_path: Path) -> None:
    """Every design and figure, in full precision; what is undefined is empty."""
    w, found = subject.words, subject.comparison.figures
    rows = rows_of(written(subject, tmp_path)[w("sheet.figures")])
    assert len(rows) == len(found)
    for row, expected in zip(rows, found.to_dict("records"), strict=True):
        assert row[w("field.figure_name")] == expected["metric"]
        assert row[w("field.design_name")] == expected["design"]
        for name in ("mean", "low", "high"):
            value = row[w(f"field.{name}")]
            assert value == (pytest.approx(expected[name]) if math.isfinite(expected[name]) else None)
        assert row[w("field.worlds")] == expected["n"]


def test_differences_begin_with_the_verdicts(subject: Subject, tmp_path: Path) -> None:
    """A verdict on the judged figure of each other design, in words, and on no other figure."""
    w = subject.words
    rows = rows_of(written(subject, tmp_path)[w("sheet.differences")])
    judged = [row for row in rows if row[w("field.verdict")]]
    assert rows[: len(judged)] == judged
    assert [row[w("field.design_name")] for row in judged] == list(subject.others)
    assert {row[w("field.figure_name")] for row in judged} == {"contribution"}
    assert judged[0][w("field.verdict")] == w("verdict.better")
    assert all(0 <= row[w("field.chance_mean")] <= 1 for row in judged)
    assert len(rows) == len(subject.comparison.differences)


def test_numbers_are_written_in_their_unit(results: Results, tmp_path: Path) -> None:
    """Money with its sign, shares in per cent, differences with + or −; the numbers themselves stay numbers."""
    pages = written(open_subject(results), tmp_path)
    formats = {}
    for title in ("Figures", "Differences"):
        headers = [cell.value for cell in pages[title][1]]
        name = headers.index("Name of the figure in simlib")
        column = headers.index("Mean" if title == "Figures" else "Difference")
        for row in pages[title].iter_rows(min_row=2):
            formats[title, row[name].value] = row[column].number_format
            assert row[column].data_type == "n"
    assert formats["Figures", "revenue"] == '"¥"#,##0;-"¥"#,##0'
    assert formats["Differences", "revenue"] == '+"¥"#,##0;-"¥"#,##0;"¥"#,##0'
    assert formats["Figures", "coverage"] == "0.0%;-0.0%"
    assert formats["Differences", "coverage"] == "+0.0%;-0.0%;0.0%"
    assert number_format(Measure(1.0, "money"), "CHF") == '"CHF "#,##0;-"CHF "#,##0'


def test_every_unit_has_a_format() -> None:
    """Those of figures and of the breakdown."""
    for unit in {spec.unit for spec in FIGURES.values()} | {"years", "probability"}:
        assert number_format(Measure(1.0, unit), "€")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_a_user_wrote_is_text_and_never_a_formula(results: Results, tmp_path: Path, language: str) -> None:
    """Names that Excel would compute, one from right to left, one of 300 letters: no cell of the file is a formula,
    each that looks like one is marked as text, and every name is read back as it was written."""
    named = results_called(results, NAMES)
    write_workbook(open_subject(named, language=language), tmp_path / "book.xlsx")
    book = load_workbook(tmp_path / "book.xlsx")
    seen = set()
    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n", "inlineStr"), (page.title, cell.coordinate, cell.value)
                if isinstance(cell.value, str) and cell.value[:1] in tuple("=+-@\t\r"):
                    assert cell.quotePrefix, cell.coordinate
                seen.add(cell.value)
    assert set(NAMES) <= seen
    with zipfile.ZipFile(tmp_path / "book.xlsx") as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        texts = [parts.read(name).decode("utf-8") for name in sheets]
        assert len(sheets) == 7
        assert not any(re.search(r"<f[ >/]", text) for text in texts)
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(parts.read(name))


def results_called(results: Results, names: tuple[str, ...]) -> Results:
    """The same results under other names of designs."""
    old = list(results.scenario.designs)
    called = dict(zip(old, names, strict=True))
    designs = {called[name]: design for name, design in results.scenario.designs.items()}
    scenario = vary(results.scenario, {"designs": {n: d.model_dump() for n, d in designs.items()},
                                       "compare.baseline": names[0]})  # fmt: skip
    tables = {
        name: table.assign(design=[called[design] for design in table["design"]])
        for name, table in (("figures", results.figures), ("breakdown", results.breakdown))
    }
    organisations = {called[name]: one for name, one in results.organisations.items()}
    return replace(results, scenario=scenario, organisations=organisations, **tables)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_title_that_begins_like_a_formula_is_text(two: Results, tmp_path: Path, start: str) -> None:
    """Titles are freer than names: tab and carriage return are a way into a formula too."""
    titled = replace(two, scenario=two.scenario.model_copy(update={"title": f"{start}HYPERLINK(A1)"}))
    cell = written(open_subject(titled), tmp_path)["Read me"]["A1"]
    assert cell.data_type != "f"
    assert cell.quotePrefix
    assert cell.value.endswith("HYPERLINK(A1)")


def test_characters_that_excel_refuses_are_replaced(two: Results, tmp_path: Path) -> None:
    """Control characters, half characters and what is no character would make Excel call the file damaged; `_x0041_`
    would be read as A."""
    title = "a\x00b\x1fc\ufffe\ud800d\r\ne _x0041_ \U0001f600"
    titled = replace(two, scenario=two.scenario.model_copy(update={"title": title}))
    write_workbook(open_subject(titled), tmp_path / "book.xlsx")
    assert writable(title) == "a\ufffdb\ufffdc\ufffd\ufffdd\ne _x005F_x0041_ \U0001f600"
    with zipfile.ZipFile(tmp_path / "book.xlsx") as parts:
        text = "".join(ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml")).itertext())
    assert text.startswith(writable(title))
    assert len(writable("x" * 100_000)) < 32_767


def test_one_world_and_one_design_make_a_workbook(make_results: Callable[..., Results], tmp_path: Path) -> None:
    """No intervals, which the readme says, and no differences: the sheet has its header and no rows."""
    one = open_subject(make_results(replications=1, designs=("flat",)))
    pages = written(one, tmp_path)
    assert rows_of(pages["Differences"]) == []
    assert one.words("interval.one_world") in [cell.value for cell in pages["Read me"]["A"]]
    assert {row["Low"] for row in rows_of(pages["Figures"])} == {None}


def test_assumptions_are_typed_and_the_weakest_first(results: Results, tmp_path: Path) -> None:
    """A value and its range are numbers, grade and source are words, the path is as `--set` takes it."""
    rows = rows_of(written(open_subject(results), tmp_path)["Assumptions"])
    assert [row["Grade"] for row in rows] == ["guess", "expert", "data"]
    assert (rows[0]["Value"], rows[0]["90% range, low"], rows[0]["90% range, high"]) == (0.1, 0.0, 0.3)
    assert rows[0]["Path in the scenario"] == "mechanisms.focus.exponent"
    assert rows[2]["Source"] == f"payroll {HOSTILE}"


def test_provenance_says_what_made_the_numbers(results: Results, tmp_path: Path) -> None:
    """Hash and seed as text (Excel rounds long numbers), and what was asked."""
    rows = {row["Item"]: row["Value"] for row in rows_of(written(open_subject(results), tmp_path)["Provenance"])}
    assert rows["scenario hash"] == results.hash
    assert (rows["seed"], rows["confidence"], rows["currency"]) == ("1", 0.95, "CNY")
    assert rows["zone of indifference, for the window"] == pytest.approx(1e6 * 182 / 365)


def test_a_part_that_a_world_lacks_counts_as_nothing_of_it(results: Results) -> None:
    """Hours of a conflict that came up in half of the worlds are halved; a wait that nobody had is undefined there."""
    table = results.breakdown
    entered = (table["level"] == "stage") & (table["metric"] == "entered") & (table["replication"] % 2 == 0)
    half = replace(results, breakdown=table[~entered])
    sums = [each.loc[each["metric"] == "entered", "value"].sum() for each in (table, half.breakdown)]
    for each, total in zip((results, half), sums, strict=True):
        rows = [row for row in sheet_of(open_subject(each), "breakdown").rows if row[3] == "leads that entered"]
        means = [row[5].value for row in rows if isinstance(row[5], Measure)]
        assert len(means) == 3 * len(results.scenario.designs)
        assert sum(means) == pytest.approx(total / results.replications)
        assert {row[8] for row in rows} == {results.replications}
    assert sums[1] < sums[0]
    assert is_average("utilisation", "share")
    assert is_average("approval_wait_hours", "hours")
    assert not is_average("hours", "hours")


def sheet_of(subject: Subject, name: str) -> Sheet:
    """One sheet of a workbook."""
    made = stamp(subject.results.scenario, seed=1, replications=1)
    return next(sheet for sheet in workbook_sheets(subject, made) if sheet.name == name)


def test_every_part_of_a_breakdown_has_words() -> None:
    """Levels and figures of parts, of a run with every mechanism on, and those of channels."""
    from simlib import build, draw_worlds, simulate

    scenario = small()
    world = next(draw_worlds(scenario, seed=0, replications=1))
    rows = breakdown(simulate(build(next(iter(scenario.designs)), scenario), world))
    known = words("zh").messages
    levels, measured = {*rows["level"], "channel"}, {*rows["metric"], "customers", "value", "extra_share", "price"}
    assert [name for name in levels if f"part_of.{name}" not in known] == []
    assert [name for name in measured if f"part_figure.{name}" not in known] == []
    assert [unit for unit in set(rows["unit"]) if f"unit.{unit}" not in known] == []


@pytest.mark.parametrize(
    ("name", "rule"), [("book.xls", "must be a file whose name ends in .xlsx"), ("folder.xlsx", "cannot be written")]
)
def test_a_file_that_cannot_be_a_workbook_is_refused_before_the_run(tmp_path: Path, name: str, rule: str) -> None:
    """Excel opens no other ending; a folder of that name is no file. Nothing is left behind."""
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(SimlibError, match=rule):
        require_workbook(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.xlsx"]
    require_workbook(tmp_path / "new" / "book.xlsx")
    assert list((tmp_path / "new").iterdir()) == []
