"""Faults in another language: whole or not at all, and every wording of the code has its Chinese."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from simlib.errors import Fault, ScenarioError, SimlibError
from simlib.report.faults import FOLDER, in_words, told
from simlib.scenario.problems import _RULES
from simlib.scenario.wording import choice, did_you_mean, shown
from tests.test_cli import SMALL, simlib

CODE = Path(__file__).parents[2] / "simlib"
FOLDERS = ("scenario", "org", "world", "decide", "claims", "runs", "batch", "cli")
"""Where what a user wrote is refused. The parameters of a yardstick are refused in English only."""
APART = re.compile(r"\{\w*\}|'\{\}'|\bgot |: |, (?=must )|[(\[\]]")
"""What parts a wording into pieces: braces, and where another wording may begin."""
QUOTED = re.compile(r"'[^']*'|`[^`]*`|\"[^\"]*\"")


def pieces() -> Iterator[tuple[str, str]]:
    """Every fixed piece of three words or more of what the code says of what was met or must be, and its module."""
    for path in sorted(path for folder in FOLDERS for path in (CODE / folder).glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        described = docstrings(tree)
        for node in ast.walk(tree):
            constants = node.values if isinstance(node, ast.JoinedStr) else [node] if id(node) not in inside else []
            texts = [c.value for c in constants if isinstance(c, ast.Constant) and isinstance(c.value, str)]
            if re.search(r"(^|[ :;,])(got|must) ", " ".join(texts)) and not described & {*texts}:
                parts = [part.strip(" ,;:.()'") for text in texts for part in APART.split(text)]
                yield from ((path.name, part) for part in parts if len(part.split()) > 2)


def docstrings(tree: ast.AST) -> set[str]:
    """Texts that only say what the code is."""
    bodies = (node.body for node in ast.walk(tree) if isinstance(getattr(node, "body", None), list))
    lines = (line.value for body in bodies for line in body if isinstance(line, ast.Expr))
    return {line.value for line in lines if isinstance(line, ast.Constant) and isinstance(line.value, str)}


def test_every_wording_of_the_code_has_its_chinese() -> None:
    """A new message needs an entry in faults/zh.po: what stands between its braces stands there as the code has it."""
    catalogue = read_po(io.BytesIO((FOLDER / "zh.po").read_bytes()))
    english = "\n".join(re.sub(r"\{\w+\}", "\0", str(entry.id)) for entry in catalogue).replace("{{", "{")
    found = list(pieces())
    assert len(found) > 250
    assert [(module, text) for module, text in found if text not in english.replace("}}", "}")] == []


@pytest.mark.parametrize("kind", sorted(_RULES))
def test_every_rule_of_the_schema_has_its_chinese(kind: str) -> None:
    """With what is met before it and a hint behind it, as the schema's faults are put together."""
    context = dict.fromkeys(("gt", "ge", "lt", "le"), shown(1.0))
    rule = _RULES[kind].format_map(
        {**context, "max_length": 3, "min_length": 3, "expected": choice("abc"), "expected_tags": "'a', 'b'"}
    )
    for met in (-2, "x", "", None, True, [], [1, 2], {"a": 1}, {"a": 1, "b": 2}, {}, 1e301, "x" * 99):
        assert_chinese(f"got {shown(met)}, {rule}{did_you_mean('spam', ['span'])}")


@pytest.mark.parametrize(
    "hint",
    [
        "(written once, used 3 times)",
        "(write 1200, without quotes)",
        "(write digits only, such as 1200.5 or 100000)",
        "(write thousands without a comma: 6000)",
        "(for 40% write 0.4)",
        "(put it in quotes)",
        "(there is ， instead of `, `)",
        "(there is ： instead of `: ` and ， instead of `, `)",
        "(the line has a full-width colon: write `: `)",
        "(opened in line 3)",
    ],
)
def test_every_hint_has_its_chinese(hint: str) -> None:
    """The way out is no use in a language that the reader does not read."""
    assert_chinese(f"got 'x', must be a number {hint}")


def assert_chinese(message: str) -> None:
    """Whether a message in Chinese holds no English word that nobody typed."""
    said = in_words(message, "zh")
    words = re.findall("[a-z]{2,}", QUOTED.sub("", said))
    assert set(words) <= {"true", "false", "null", "on", "off"}, said


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("got -2, must be at least 1", "得到 -2，必须至少为 1"),
        ("got nothing, must be stated", "得到空，必须写明"),
        ("got 'c, or d', must be 'a' or 'b'", "得到 'c, or d'，必须是 'a' 或 'b'"),
        ("got 1,500, must be at most 100", "得到 1,500，不得超过 100"),
        (
            "got 'a', must be 'b', 'c', 'd', 'e' or 'f' (did you mean 'e'?)",
            "得到 'a'，必须是 'b'、'c'、'd'、'e' 或 'f'（是否指 'e'？）",
        ),
        ("got no such file '/tmp/x', must be a batch file", "没有文件 '/tmp/x'，必须是批处理文件"),
        ("ours.csv:2: got '王', must be a name of this chart", "ours.csv:2: 得到 '王'，必须是本组织图中的名字"),
        ("got 3 of the wrong sort, must be stated", "got 3 of the wrong sort, must be stated"),
        ("got 3, must be stated by the boss", "got 3, must be stated by the boss"),
        ("the people say so: got 3, must be stated", "the people say so: got 3, must be stated"),
        ("got must, must be stated", "got must, must be stated"),
    ],
)  # fmt: skip
def test_a_message_is_told_whole_or_not_at_all(english: str, chinese: str) -> None:
    """What holds a word that no wording accounts for stays English; in English everything stays."""
    assert in_words(english, "zh") == chinese
    assert in_words(english, "en") == english


def test_a_fault_keeps_its_place() -> None:
    """File, line, column and path are the user's, whatever stands in them."""
    fault = Fault("got nothing, must be stated", "designs.must be stated.span", "--set a: got b=1", 3, 4)
    assert told(ScenarioError([fault]), "en") == str(fault)
    assert told(ScenarioError([fault]), "zh") == "--set a: got b=1:3:4: designs.must be stated.span: 得到空，必须写明"
    several = SimlibError("--waves: got '0', must be whole numbers from 1 to 24 such as 1,3\nwho knows")
    assert told(several, "zh") == "--waves: 得到 '0'，必须是 1 至 24 的整数，如 1,3\nwho knows"


WRONG = """
demand: {inbound_share: 40, cells: [{needs_per_week: five}]}
mechanism: {}
stages: [{name: contact, effort_hours: "1"}, {name: contact}]
designs: {tall: {structure: pyramidd, span: 0}, other: {}, third: {span: true}}
costs: [1, 2]
calendar: {start: 2026-02-30}
evidence: {mechanisms.focus.exponent: {grade: gues}}
"""


def test_the_command_complains_in_the_language_asked_for(tmp_path: Path) -> None:
    """Every line of a file full of faults is Chinese but for what was typed; without the option it is English."""
    file = tmp_path / "wrong.yaml"
    file.write_text(WRONG, encoding="utf-8")
    said = simlib("check", file, "--language", "zh").stderr.splitlines()
    assert len(said) > 8
    for line in said:
        message = line.rpartition(": ")[2]
        assert "得到" in line
        assert not re.search(r"\b(got|must|be|write|did|mean|stated)\b", QUOTED.sub("", message)), line
    assert "must be" in simlib("check", file).stderr


def test_long_complaints_are_cut_in_the_language_asked_for(tmp_path: Path) -> None:
    """The line that counts the rest, too."""
    file = tmp_path / "long.yaml"
    file.write_text(SMALL + "".join(f"zz{i}: 1\n" for i in range(60)), encoding="utf-8")
    assert simlib("check", file, "--language", "zh").stderr.splitlines()[-1] == "……另有 20 条"
