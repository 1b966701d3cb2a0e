"""The index of a batch: what it says of each run, that its filters work, and that no name harms it."""

import json
import re
from pathlib import Path

import pytest

from simlib.report.index import Facts, Report, Run, State, index_page, tally
from simlib.report.verdicts import KeyFigure
from simlib.report.words import words
from tests.report.browser import opened
from tests.report.conftest import HOSTILE

FORMULA = "=cmd|' /C calc'!A0"
RIGHT_TO_LEFT = "\u202e\u0645\u0631\u062d\u0628\u0627"
NAMES = (HOSTILE, FORMULA, "W" * 300, RIGHT_TO_LEFT, '"><img src=x onerror=alert(1)>', "it's & so", "]]></script>")
FACTS = Facts(name=HOSTILE, notebook="compare", seed=0, replications=20, version="0.1.0")


def figures(baseline: str, other: str, verdict: str) -> tuple[KeyFigure, ...]:
    """Contribution of two designs."""
    return (
        KeyFigure(baseline, "contribution", "money", "CNY", 1.2e6, None, None, None, "verdict.baseline"),
        KeyFigure(other, "contribution", "money", "CNY", 1.5e6, 3e5, 1e5, 5e5, verdict),
    )


def run(name: str, state: State, *, count: str = "9", verdict: str = "verdict.better", error: str = "") -> Run:
    """A run in one language."""
    files = {"PDF": f"{name}/en/a b#1.pdf"} if state == "done" else {}
    found = figures("pyramid", name, verdict) if state == "done" else ()
    report = Report("en", state, 12.5, files, error)
    return Run(name, {"people.rep.count": count}, 60.0, found, (report,))


RUNS = [
    run("first", "done", count="9"),
    run("second", "done", count="12", verdict="verdict.worse"),
    run("third", "failed", count="12", error="cell 3 stopped\nKeyError"),
    run("fourth", "waiting"),
]


def test_a_run_is_told_with_verdict_figures_time_and_error() -> None:
    """In the index's language; what failed with its error, what is not there without a link."""
    page = index_page(RUNS, FACTS, words("en"))
    for told in ("4 reports: 2 done, 1 failed, and 1 not made yet", "+¥300K", "+¥100K to +¥500K", "72.5 s", "seed 0"):
        assert told in page
    assert "en: cell 3 stopped\nKeyError" in page
    assert page.count("<a ") == 2
    assert 'href="first/en/a%20b%231.pdf"' in page
    chinese = index_page(RUNS, FACTS, words("zh"))
    assert '<html lang="zh-CN">' in chinese
    for told in ("金字塔层级", "更好", "+¥30万", "尚未生成", "失败"):
        assert told in chinese
    assert tally([], words("en")).startswith("0 reports")


def test_what_a_user_can_mend_is_told_in_the_indexs_language() -> None:
    """Faults in Chinese, what a program says as it is."""
    fault = "designs.flat.span: got 0, must be at least 1"
    page = index_page([run("one", "failed", error=fault), run("two", "failed", error="KeyError")], FACTS, words("zh"))
    assert "en: designs.flat.span: 得到 0，必须至少为 1" in page
    assert "en: KeyError" in page
    assert f"en: {fault}" in index_page([run("one", "failed", error=fault)], FACTS, words("en"))


def test_names_are_text() -> None:
    """Of scenarios, designs, values and errors: nothing ends an attribute or begins an element."""
    runs = [run(name, "done", count=name, error=name) for name in NAMES]
    page = index_page([*runs, run(HOSTILE, "failed", error=HOSTILE)], FACTS, words("en"))
    assert page.count("<script") == page.count("</script>") == 1
    assert "<img" not in page
    facets = re.findall(r'data-facets="([^"]*)"', page)
    assert len(facets) == len(NAMES) + 1
    assert all("<" not in facet for facet in facets)
    assert 'http-equiv="Content-Security-Policy" content="default-src \'none\'' in page
    assert re.search(r"https?://", page) is None


def shown(choices: dict[str, str], folder: Path, *, said: str = "") -> list[str]:
    """The scenarios that a browser without a network still shows once these choices are made."""
    act = "".join(
        f"document.querySelector('select[name={name}]').value = {json.dumps(value)};" for name, value in choices.items()
    )
    act += f"document.querySelector('input').value = {json.dumps(said)};"
    act += "document.querySelector('form').dispatchEvent(new Event('input'));"
    folder.mkdir()
    page = index_page([*RUNS, *(run(name, "done", count="7") for name in NAMES)], FACTS, words("en"))
    dom = opened(page.replace("</body>", f"<script>{act}</script></body>"), folder)
    root = re.search(r"<html[^>]*>", dom)
    assert root is not None
    assert 'data-refused=""' in root[0]
    assert "data-alerted" not in root[0]
    bodies = re.findall(r'<tbody class="run"([^>]*)>.*?<bdi>(.*?)</bdi>', dom, re.DOTALL)
    assert len(bodies) == len(RUNS) + len(NAMES)
    return [name for attributes, name in bodies if not re.search(r'\bhidden=""', attributes)]


@pytest.mark.slow
def test_a_browser_filters_the_index_without_network(tmp_path: Path) -> None:
    """By state, verdict, a value and words; choices add up; nothing is asked of a network and no name runs."""
    assert shown({"state": "failed"}, tmp_path / "a") == ["third"]
    assert shown({"verdict": "verdict.worse"}, tmp_path / "b") == ["second"]
    assert shown({"value0": "12"}, tmp_path / "c") == ["second", "third"]
    assert shown({"value0": "12", "state": "done"}, tmp_path / "d") == ["second"]
    assert shown({}, tmp_path / "e", said="KEYERROR") == ["third"]
    assert len(shown({}, tmp_path / "f")) == len(RUNS) + len(NAMES)
