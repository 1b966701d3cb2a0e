"""The handout: one file for everybody, with sliders, without a network."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simlib.cli import main
from tests.report.browser import LAPTOP, PHONE, reading
from tests.report.test_workshop import SCREENS

VARIED = ("--vary", "span=12", "--vary", "channels=force+dealers")


def written(target: Path, *options: str) -> Result:
    """The command's result for the shipped workshop."""
    return CliRunner().invoke(main, ["handout", "--out", str(target), *options])


def data_of(page: str) -> dict:
    """What the page looks up."""
    (text,) = re.findall(r'<script type="application/json" id="grid">(.*?)</script>', page)
    return json.loads(text)


@pytest.fixture(scope="module")
def handouts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A small handout in each language."""
    folder = tmp_path_factory.mktemp("handout")
    for language in ("en", "zh"):
        result = written(folder / f"{language}.html", *VARIED, "--replications=2", f"--language={language}")
        assert result.exit_code == 0, result.stderr
    return {language: folder / f"{language}.html" for language in ("en", "zh")}


def test_too_large_a_grid_is_refused_before_it_runs(tmp_path: Path) -> None:
    """Its size is said, and both ways out."""
    result = written(tmp_path / "out.html", "--vary", "reps=8,10", "--vary", "span=4,6", "--most", "8")
    assert result.exit_code == 2
    assert "a grid of 9 organisations in 20 worlds each: 180 runs" in result.stderr
    assert "fewer values by --vary, or --most 9" in result.stderr
    assert not (tmp_path / "out.html").exists()


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """A statement without values, an unknown lever, a value that it cannot take."""
    for vary, rule in (("span", "such as span=4,6,8"), ("spam=3", "did you mean 'span'"), ("pay=x", "pay: got 'x'")):
        result = written(tmp_path / "out.html", "--vary", vary)
        assert result.exit_code == 2
        assert rule in result.stderr


def test_a_lever_stated_twice_has_all_its_values(tmp_path: Path) -> None:
    """Those of both statements and the start's."""
    result = written(tmp_path / "out.html", "--vary", "reps=8", "--vary", "reps=10", "--most", "2", "--language=zh")
    assert result.exit_code == 2
    assert "得到 3 个组织的网格，最多为 2" in result.stderr


def test_a_place_that_cannot_be_written_is_told_before_the_run(tmp_path: Path) -> None:
    """A file stands where a folder is needed, or a folder where the file is: one line, and nothing was run."""
    (tmp_path / "taken").write_text("", encoding="utf-8")
    (tmp_path / "folder.html").mkdir()
    for target in (tmp_path / "taken" / "out.html", tmp_path / "folder.html"):
        result = written(target, "--vary", "reps=8", "--replications=2")
        assert result.exit_code == 2
        assert "--out" in result.stderr
        assert "run/s" not in result.stderr
    assert written(tmp_path / "taken" / "out.html", "--vary", "reps=8").stderr.count("which cannot be written") == 1


@pytest.mark.slow
def test_an_organisation_that_cannot_be_is_told_in_chinese(tmp_path: Path) -> None:
    """On the page, with the rule."""
    result = written(tmp_path / "out.html", "--vary", "reps=90000", "--replications=2", "--language=zh")
    assert result.exit_code == 0, result.stderr
    (refused,) = [
        cell for cell in data_of((tmp_path / "out.html").read_text("utf-8"))["cells"] if cell["verdict"] == "refused"
    ]
    assert "reps: 得到 90,000，不得超过 20,000；请写明更少的人数" in refused["says"]
    assert [file.name for file in tmp_path.iterdir()] == ["out.html"]


@pytest.mark.slow
def test_the_page_holds_what_was_computed(handouts: dict[str, Path]) -> None:
    """Small enough for an e-mail, every organisation with all its figures, and no verdict from two worlds."""
    page = handouts["en"].read_text(encoding="utf-8")
    assert len(page.encode()) < 2_000_000
    data = data_of(page)
    assert [len(values) for values in data["levers"]] == [2, 2]
    assert data["first"] == [0, 0]
    assert len(data["cells"]) == 4
    assert "This is the start" in data["cells"][0]["says"]
    assert "a verdict takes at least 20" in data["cells"][3]["says"]
    assert all(len(cell["rows"]) == len(data["specs"]) == 5 for cell in data["cells"])


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_a_real_drag_changes_the_handout_without_network(
    handouts: dict[str, Path], tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    """The handle is pulled and text and charts change; nothing is asked for but the file; nothing is wider than the
    screen; Chinese is written with a font that has it."""
    address = handouts[language].as_uri()
    with reading(tmp_path) as reader:
        reader.open(address, size)
        reader.wait("document.documentElement.dataset.drawn === '0'")
        charts = "[...document.querySelectorAll('.panel svg')].map((one) => one.outerHTML).join('')"
        before = reader.see(charts)
        reader.drag("document.querySelector('input[data-lever=span]')", size[0] / 2, share=0.05)
        reader.wait("document.documentElement.dataset.drawn === '2'")
        assert reader.see(charts) != before
        assert reader.see("document.querySelectorAll('.panel svg').length") == 5
        assert "¥" in reader.see("document.getElementById('said').textContent")
        assert reader.see("document.documentElement.scrollWidth") <= size[0]
        smallest = "Math.min(...[...document.querySelectorAll('.panel svg text')].map((one) =>"
        assert reader.see(f"{smallest} parseFloat(getComputedStyle(one).fontSize)))") >= 11
        assert reader.asked_for == [address]
        assert reader.failures == []
        if language == "zh":
            assert "管理跨度" in reader.see("document.body.innerText")
            assert "Noto Sans CJK" in reader.see("document.fonts.check('12px \"Noto Sans CJK SC\"') && 'Noto Sans CJK'")
        reader.picture(SCREENS / f"handout-{language}-{'phone' if size == PHONE else 'laptop'}.png")
