"""The tables and paragraphs of a report, and that names are never markup."""

from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import mistune
import numpy as np
import pandas as pd
import pytest

from simlib.report import findings, pictures, prose, tables
from simlib.report.provenance import code_version, stamp
from simlib.report.subject import BREAK_EVEN_COLUMNS, Subject, open_subject
from simlib.report.width import columns
from simlib.report.words import words
from simlib.runs import run
from simlib.runs.results import Results
from simlib.world.crm_notes import Note
from tests.report.conftest import HOSTILE
from tests.worlds import small


@pytest.fixture(scope="module", params=["en", "zh"])
def subject(request: pytest.FixtureRequest, results: Results) -> Subject:
    """The synthetic run in each language, with break-even reruns."""
    reruns = pd.DataFrame(
        [
            ("flat", "mechanisms.focus.exponent", 0.1, float("nan"), 1.7, True, True),
            ("flat", "mechanisms.calls.probability", 1.0, float("nan"), float("nan"), False, True),
        ],
        columns=list(BREAK_EVEN_COLUMNS),
    )
    return replace(open_subject(results, language=request.param), break_even=reruns)


TABLES = ("verdicts", "figures", "differences", "targets", "designs", "evidence", "money_factors", "rerun_factors")


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_well_formed_and_harmless(subject: Subject, name: str) -> None:
    """As many cells as headers in every row, and no tag that the user's names brought along."""
    table = (
        tables.evidence(subject.results.scenario, subject.words)
        if name == "evidence"
        else getattr(tables, name)(subject)
    )
    assert table.rows
    assert {len(row) for row in table.rows} == {len(table.headers)}
    tags: set[str] = set()
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: tags.add(tag)  # type: ignore[method-assign]
    parser.feed(table._repr_html_())
    assert tags <= {"table", "thead", "tbody", "tr", "th", "td", "br", "small", "p"}


def test_a_company_s_own_chart_has_no_axes_of_lay_out(tmp_path: Path) -> None:
    """Dashes where a structure has partition, layers and span; what it costs beyond the budget is below zero. The
    results are read back with the chart, and its lines of reporting drawn.
    """
    boss = {"name": "Zhang", "role": "manager"}
    positions = [boss, {"name": "Li", "role": "rep", "reports_to": "Zhang", "base_salary": 9e6}]
    scenario = small(designs={"base": {"structure": "geographic"}, "ours": {"positions": positions}})
    results = Results.load(run(scenario, seed=1, replications=2).save(tmp_path))
    subject = open_subject(results)
    row = next(row for row in tables.designs(subject).rows if row[0] == "ours")
    assert (row[1], *row[4:8]) == ("–", "–", "–", "1", "2")
    assert row[-1].startswith("−")
    assert pictures.organisation(subject, "ours").to_dict()["layer"]


def test_a_terminal_shows_columns_in_any_script(results: Results) -> None:
    """A Chinese character takes two places, so columns stand under each other."""
    text = str(tables.designs(open_subject(results, language="zh"))).splitlines()
    assert {columns(line) for line in (text[0], *text[2:])} == {columns(text[0])}


def test_a_factor_that_is_forbidden_is_not_called_searched(subject: Subject) -> None:
    """No change of places within the range is a dash; a value that the scenario forbids is said to be impossible."""
    first, second = tables.rerun_factors(subject).rows
    impossible = subject.words("value.not_possible")
    assert first[3:] == ("–", subject.words("value.times", factor=subject.words.number(1.7)))
    assert second[3:] == (impossible, "–")


def test_designs_show_what_they_leave_of_the_budget(results: Results) -> None:
    """Budget less payroll, in whole units of the currency; the baseline, from which the budget follows, leaves none."""
    shown = tables.designs(open_subject(results))
    assert shown.headers[-1] == "unspent, a year"
    w = open_subject(results).words
    for row, organisation in zip(shown.rows, results.organisations.values(), strict=True):
        assert row[-1] == w.money((organisation.budget_per_year - organisation.payroll_per_year) / 100)
    assert shown.rows[0][-1] == w.money(0)
    assert any(row[-1] != w.money(0) for row in shown.rows)


def test_no_mean_without_an_interval(results: Results) -> None:
    """Every figure that varies is shown with half the width of its interval."""
    table = tables.figures(open_subject(results))
    assert all("±" in cell for row in table.rows for cell in row[1:])


def test_targets_are_marked_where_the_interval_holds_them(results: Results) -> None:
    """Coverage of 85% is the level the baseline was made around, not that of product line."""
    (coverage,) = [row for row in tables.targets(open_subject(results)).rows if row[0] == "market coverage"]
    assert coverage[1] == "85.0%"
    assert coverage[2].startswith("✓ ")
    assert not coverage[4].startswith("✓")


def test_evidence_shows_the_weakest_first(results: Results) -> None:
    """What is guessed is read first, with its value from the scenario."""
    rows = tables.evidence(results.scenario, words("en")).rows
    assert [row[1] for row in rows] == ["guess", "expert", "data"]
    assert rows[0][3:] == ("0.1", "0 to 0.3")
    assert rows[1][3] == "2"


def test_many_designs_go_into_several_tables() -> None:
    """A page holds eight columns of numbers; the ninth starts a further table with the same names."""
    table = tables.Table(("name", *map(str, range(9))), (("a", *["x"] * 9),))
    assert table._repr_html_().count("<table>") == 2
    assert table._repr_html_().count("<td>a</td>") == 2
    assert tables.Table(("name", "x"), ())._repr_html_() == ""


def test_columns_that_find_no_room_go_into_a_further_table() -> None:
    """Long cells take more of the page, and so does a long word beside them: six Chinese shares do not fit where six
    short numbers do, and six amounts not beside a parameter's path."""
    headers = ("name", *map(str, range(6)))
    for cell, tables_needed in (("1.5", 1), ("+39.0 个百分点", 2)):
        page = tables.Table(headers, (("a", *[cell] * 6),))._repr_html_()
        assert page.count("<table>") == tables_needed
        assert page.count(cell) == 6
    path = "mechanisms.coordination.report_hours_per_week"
    for name, tables_needed in (("a", 1), (f"a\n{path}", 2)):
        page = tables.Table(headers, ((name, *["+¥1,234.5K"] * 6),))._repr_html_()
        assert page.count("<table>") == tables_needed


def test_a_long_name_takes_no_more_room_than_the_style_sheet_gives_it() -> None:
    """A name of 300 letters is broken into lines, so that its numbers stand in one table and not in six."""
    table = tables.Table(("name", *map(str, range(6))), (("x" * 300, *["1.5"] * 6),))
    assert table._repr_html_().count("<table>") == 1


PARAGRAPHS: tuple[Callable[[Subject], object], ...] = (
    prose.opening,
    prose.verdict,
    prose.targets,
    lambda subject: prose.doubt(subject.results.scenario, subject.words),
    prose.break_even,
    prose.notes,
)


@pytest.mark.parametrize("paragraph", PARAGRAPHS)
def test_paragraphs_are_harmless(subject: Subject, paragraph: Callable[[Subject], object]) -> None:
    """Even where raw HTML is allowed, a name in Markdown is text."""
    markdown = mistune.create_markdown(escape=False)
    assert "<script" not in str(markdown(paragraph(subject).data))  # type: ignore[attr-defined]


def test_markdown_shows_punctuation_as_it_is() -> None:
    """Stars, pipes and links in a name neither format nor link."""
    name = f"*a* [b](http://c) `d` | {HOSTILE} _e_ $f$"
    assert set("*[]()`|<>_$").isdisjoint(prose.escaped(name))


def test_notes_of_a_replay_are_told(subject: Subject) -> None:
    """What was set aside is counted, what the run says is shown; nothing set aside is not mentioned."""
    notes = (Note("imputed", {"dimension": "amount", "count": 52, "leads": 1043}), Note("day_only"))
    replayed = SimpleNamespace(set_aside={"automatic_refusal": 1234, "duplicate": 0}, notes=notes)
    text = prose.notes(replace(subject, results=replayed)).data  # type: ignore[arg-type]
    w = subject.words
    assert "1&#44;234" in text
    assert prose.escaped(w("log.imputed", dimension=w("dimension.amount"), count="52", leads="1,043")) in text
    assert prose.escaped(w("log.day_only")) in text
    assert text.count("\n- ") == 3


@pytest.mark.parametrize("language", ["en", "zh"])
def test_one_world_is_said_to_have_no_interval(make_results: Callable[..., Results], language: str) -> None:
    """Tables, sentences and the opening say so plainly, and nothing shows a dash where an interval would stand."""
    one = open_subject(make_results(replications=1), language=language)
    said = one.words("interval.one_world")
    for table in (tables.verdicts(one), tables.figures(one), tables.differences(one)):
        assert said in table.notes
        assert said in str(table)
        assert f"<small>{said}</small>" in table._repr_html_()
    sentences = [findings.verdict_sentence(one, design) for design in one.others]
    assert all(said in sentence for sentence in sentences)
    assert "–)" not in "".join(sentences).replace("–）", "–)")
    assert said in one.means("revenue")["text"].iloc[0]
    assert prose.opening(one).data != prose.opening(open_subject(make_results(), language=language)).data


def test_a_negative_total_loss_from_conflict_is_explained(results: Results) -> None:
    """Only where a design has one: overlap then brought in more than it cost."""
    figures = results.figures.copy()
    total = figures["metric"] == "conflict_money_total"
    explained = []
    for loss in (5.0, -5.0):
        figures.loc[total, "value"] = np.where(figures.loc[total, "design"] == "flat", loss, 7.0)
        subject = open_subject(replace(results, figures=figures))
        explained.append(subject.words("tables.conflict_negative") in tables.figures(subject).notes)
    assert explained == [False, True]


def test_parameters_have_a_name_above_their_path(subject: Subject) -> None:
    """Common parts are translated, the path stays in small print, what the user named stays."""
    focus = {"en": "focus of knowledge · exponent", "zh": "知识集中 · 指数"}[subject.words.language]
    assert tables.rerun_factors(subject).rows[0][0] == f"{focus}\nmechanisms.focus.exponent"
    stage = subject.words("stage.proposal")
    assert subject.words.parameter("stages.proposal.effort_hours").split(" · ")[1] == stage
    assert subject.words.parameter("market.products.华东 <b>.complexity").split(" · ")[2] == "华东 <b>"


def test_provenance_tells_what_made_the_numbers(results: Results, tmp_path: object) -> None:
    """Hash, seed, worlds, versions; code outside a checkout has no commit."""
    made = stamp(results.scenario, seed=results.seed, replications=results.replications)
    rows = dict(tables.provenance(made, open_subject(results).words).rows)
    assert rows["scenario hash"] == results.hash
    assert (rows["seed"], rows["worlds"]) == ("1", "24")
    assert "numpy 2" in rows["packages"]
    assert code_version(tmp_path) == (None, False)  # type: ignore[arg-type]
