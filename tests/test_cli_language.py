"""`--language zh`: what commands print holds no English word but those that somebody typed or types."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simlib.report.checks import heading, line
from simlib.report.words import words
from simlib.scenario.designs import PRESETS
from simlib.verify.yardsticks import Check
from tests.test_cli import PAID, SMALL, simlib

TYPED = re.compile(
    r"`[^`]*`|'[^']*'|\"[^\"]*\"|[\w/.-]*[/._][\w/.-]*|[0-9a-f]{64}|\b(director|manager) \d+|all manager"
)
"""What is quoted, files, paths with dots, names with underscores, a hash, the names of positions."""


def english(text: str, *names: str) -> list[str]:
    """Words of two Latin letters or more in a text, without what is typed and the names given."""
    bare = TYPED.sub("", text)
    return [word for word in re.findall(r"[A-Za-z]{2,}", bare) if word not in names]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A scenario whose own names are Chinese."""
    path = tmp_path / "一.yaml"
    text = (SMALL + PAID).replace("One region, two designs", "一个区域").replace("tall", "高").replace("field", "外勤")
    path.write_text(text.replace("spare", "备用").replace("contact", "接触"), encoding="utf-8")
    return path


def test_check_is_chinese(file: Path) -> None:
    """Heads of lines, mechanisms, structures, roles, grades, plans and doubts."""
    said = simlib("check", file, "--language", "zh")
    assert said.exit_code == 0, said.stderr
    assert "提示        plans.外勤.quota.amount：得到 30，低于中位数最小的一笔商机所带来的金额（1,000）" in said.stdout
    assert english(said.stdout, "CNY", "pay", "rep") == []


@pytest.mark.parametrize("name", ["channels", "own_chart", "loan_leads", "pay_plans", "cases/W3"])
def test_check_of_what_is_shipped_is_chinese(name: str, root: Path) -> None:
    """Channels, charts, logs: what stands in English there are the names of the scenario."""
    found = root / "scenarios" / f"{name}.yaml"
    said = simlib("check", found, "--language", "zh")
    assert said.exit_code == 0, said.stderr
    own = set(re.findall(r"[A-Za-z]{2,}", found.read_text(encoding="utf-8")))
    base = re.search(r"extends: (\S+)", found.read_text(encoding="utf-8"))
    own |= set(re.findall(r"[A-Za-z]{2,}", (found.parent / base[1]).read_text(encoding="utf-8"))) if base else set()
    assert [word for word in english(said.stdout, "CNY", "EUR", "utf", "simlib", "check") if word not in own] == []


def test_structures_are_listed_by_their_names_and_words() -> None:
    """The name that one types, then what it is called; so are the axes."""
    lines = simlib("structures", "--language", "zh").stdout.splitlines()
    assert [text.split()[0] for text in lines] == list(PRESETS)
    assert lines[0].split() == ["pyramid", "金字塔层级", "layers", "层级数", "4、span", "管理跨度", "6"]


def test_structures_of_a_scenario_are_chinese(file: Path) -> None:
    """Charts, and what keeps one from being laid out."""
    said = simlib("structures", file, "--language", "zh").stdout
    assert "├─ 代表" in said or "└─ 代表" in said
    assert english(said, "CNY", "specialists", *PRESETS) == []
    poor = simlib("structures", file, "--language", "zh", "--set", "costs.people_per_year=10").stdout
    assert "每年 10 的人员预算不足以支付一名销售代表" in poor
    assert english(poor, *PRESETS) == []


def test_verify_is_chinese_and_stays_aligned() -> None:
    """Headings and verdicts; the names of yardsticks and quantities are what one types."""
    said = simlib("verify", "linear_effort", "--language", "zh").stdout
    assert english(said, *re.findall(r"[a-z_]+", simlib("verify", "linear_effort", "--list").stdout)) == []
    w = words("zh")
    check = Check("little", "runs", "mean", {}, theory=1.0, mean=2.0, low=1.9, high=2.1, inside=False, precise=False)
    assert line(check, w).endswith("  区间外")
    assert heading(w).endswith("  结论")


def test_an_unknown_yardstick_is_told_in_chinese() -> None:
    """And bad input of `structures`, whose language is known although nothing was read."""
    assert english(simlib("structures", "nowhere.yaml", "--language", "zh").stderr) == []


def test_interrupt_is_chinese(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C, too."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("simlib.report.summary.summary", interrupted)
    assert simlib("check", file, "--language", "zh").stderr == "已中断\n"
