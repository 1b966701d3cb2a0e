"""The scenario that `simlib new` writes: it loads, every design can be built, and no name a user has breaks it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from simlib.cli import main
from simlib.errors import SimlibError
from simlib.org import build
from simlib.report.answers import GOALS, LONGEST_NAME, MOST_NAMES, QUESTIONS, Answers, answer, question
from simlib.report.first_scenario import quoted, scenario_text, write_scenario
from simlib.report.words import words
from simlib.scenario import Scenario, load_scenario
from simlib.scenario.json_schema import scenario_schema
from simlib.scenario.tree import flatten, parse

FIRM = Answers(9, ("east", "north"), ("machine", "service"), ("enterprise", "small"), "structure")
SMALLEST = Answers(2, ("all",), ("thing",), ("anybody",), "structure")
LARGEST = Answers(
    1000,
    *(tuple(f"{kind} {number}" for number in range(MOST_NAMES[kind])) for kind in ("regions", "products", "customers")),
    goal="structure",
)
THINLY_SPREAD = replace(LARGEST, size=2)
"""Two reps for twelve regions: most seats there could be are not."""
STATED = ("--size", "6", "--regions", "east,north", "--products", "machine", "--customers", "small")


def loaded(answers: Answers, folder: Path, language: str = "en") -> Scenario:
    """The scenario as somebody would read it, every design of it laid out."""
    file = folder / "firm.yaml"
    file.unlink(missing_ok=True)
    write_scenario(answers, file, words(language))
    scenario = load_scenario(file)
    for design in scenario.designs:
        build(design, scenario)
    return scenario


@pytest.mark.parametrize("firm", [FIRM, SMALLEST, LARGEST, THINLY_SPREAD], ids=["usual", "smallest", "largest", "thin"])
@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_answers_are_in_the_scenario(tmp_path: Path, firm: Answers, goal: str, language: str) -> None:
    """Size, names and a comparison for the goal; a scenario by the rules of `check` and by those of the editor."""
    scenario = loaded(replace(firm, goal=goal), tmp_path, language)
    assert scenario.people.rep.count == firm.size
    assert tuple(scenario.market.regions) == firm.regions
    assert tuple(scenario.market.products) == firm.products
    assert tuple(scenario.market.segments) == firm.customers
    assert len(scenario.designs) >= 3
    assert scenario.baseline == next(iter(scenario.designs))
    assert {each.grade for each in scenario.evidence.values()} == {"guess"}
    data = flatten(parse((tmp_path / "firm.yaml").read_text(encoding="utf-8"), "firm.yaml")[0]).data
    assert [error.message for error in Draft7Validator(scenario_schema()).iter_errors(data)] == []


def test_designs_by_a_dimension_need_more_than_one_value(tmp_path: Path) -> None:
    """One region makes no geographic structure; several do."""
    assert list(loaded(SMALLEST, tmp_path).designs) == ["pyramid", "flat", "pooled"]
    assert {"geographic", "product_line", "customer_type"} <= set(loaded(FIRM, tmp_path).designs)


def test_a_salary_is_a_guess_unless_it_is_the_question(tmp_path: Path) -> None:
    """What plans pay is never drawn; a salary that is would be compared with them by luck. The same people in each."""
    paid = loaded(replace(FIRM, goal="pay"), tmp_path)
    assert "costs.rep_per_year" not in paid.evidence
    assert len({len(build(design, paid).positions) for design in paid.designs}) == 1
    assert "costs.rep_per_year" in loaded(FIRM, tmp_path).evidence


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("goal", GOALS)
def test_every_section_has_a_comment_in_the_language(goal: str, language: str) -> None:
    """And none is left to fill in."""
    text = scenario_text(replace(FIRM, goal=goal), "firm.yaml", words(language))
    assert "$" not in text
    comments = [line.partition("# ")[2] for line in text.splitlines() if "# " in line]
    assert len(comments) > 25
    chinese = [any("一" <= letter <= "鿿" for letter in comment) for comment in comments]
    assert all(chinese) if language == "zh" else not any(chinese)
    assert all(len(line) <= 160 for line in text.splitlines())


NAMES = st.text(min_size=1, max_size=LONGEST_NAME).map(str.strip).filter(lambda text: text and text.isprintable())


@given(name=NAMES)
@example("on")
@example("No")
@example("1e3")
@example("0x1F")
@example("~")
@example("- a")
@example("a: b")
@example("a #b")
@example("{x}")
@example('"')
@example("'")
@example("*guess")
@example("$size")
@example("$$note_head")
@example("الشمال")
@example("null")
@example("2026-01-01")
def test_any_name_is_read_back_as_it_was_written(name: str) -> None:
    """As a name of a mapping and as a value, in YAML's flow and block; in the scenario as a whole."""
    written = quoted(name)
    assert flatten(parse(f"a: {{{written}: {written}}}\nb:\n  {written}: 1\n", "a")[0]).data == {
        "a": {name: name},
        "b": {name: 1},
    }
    text = scenario_text(replace(FIRM, regions=(name, "another")), "firm.yaml", words("en"))
    data = flatten(parse(text, "a")[0]).data
    assert list(data["market"]["regions"]) == [name, "another"]
    assert {cell["region"] for cell in data["demand"]["cells"]} == {name, "another"}
    Scenario.model_validate({"name": "a", **data})


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("size", "many", "must be a whole number from 2 to 1,000"),
        ("size", "1", "got '1', must be a whole number"),
        ("size", "1001", "must be a whole number"),
        ("size", "2.5", "must be a whole number"),
        ("size", "²", "must be a whole number"),
        ("regions", ",", "must be 1 to 12 different names"),
        ("regions", "east, east", "different names"),
        ("products", "x" * 61, "at most 60"),
        ("customers", "a,b,c,d,e,f,g", "must be 1 to 6"),
        ("customers", "a\x07b", "printable"),
        ("goal", "profit", "must be one of structure, layers, speed, pay, or its number"),
        ("goal", "5", "or its number"),
    ],
)
def test_a_bad_answer_is_met_with_the_rule(name: str, text: str, rule: str) -> None:
    """What was got, and what it must be."""
    with pytest.raises(SimlibError, match=r"got .*must be") as raised:
        answer(name, text, words("en"))
    assert rule in str(raised.value)
    with pytest.raises(SimlibError, match="须为"):
        answer(name, text, words("zh"))


def test_answers_are_read_as_people_write_them() -> None:
    """Thousands apart, Chinese commas, a number or the name of a goal, nothing for what is proposed."""
    w = words("en")
    assert answer("size", " 1,000 ", w) == 1000
    assert answer("regions", "华东，华北、 华南, ", w) == ("华东", "华北", "华南")
    assert [answer("goal", text, w) for text in ("2", "Layers", "")] == ["layers", "layers", "structure"]
    for name, language in itertools.product(QUESTIONS, ("en", "zh")):
        assert answer(name, "", words(language))
        assert words(language)(f"new.default.{name}") in question(name, words(language))


def simlib(*arguments: object, typed: str = "") -> Result:
    """Runs a command, with what is typed at its questions."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=typed)


@pytest.mark.parametrize("goal", GOALS)
def test_new_writes_what_check_and_compare_take(tmp_path: Path, goal: str) -> None:
    """By options alone, nothing is asked; the firm of six reps is compared in two worlds."""
    file = tmp_path / "deeper" / "firm.yaml"
    made = simlib("new", file, *STATED, "--goal", goal)
    assert (made.exit_code, made.stderr) == (0, "")
    assert f"simlib check {file}" in made.stdout
    assert simlib("check", file).exit_code == 0
    compared = simlib("compare", file, "--replications", 2)
    assert compared.exit_code == 0
    assert "not yet known" in compared.stdout


def test_what_is_not_stated_is_asked_until_it_keeps_the_rule(tmp_path: Path) -> None:
    """Questions and rules go to stderr, in the language asked for; an empty line takes what is proposed."""
    file = tmp_path / "firm.yml"
    made = simlib("new", file, "--products", "设备", "--language", "zh", typed="许多\n8\n\n企业客户\n9\n3\n")
    assert made.exit_code == 0
    assert made.stderr.count("有多少人从事销售") == 2
    assert "输入为 '许多'，须为 2 至 1,000 的整数" in made.stderr
    assert "须为 structure, layers, speed, pay 之一或其编号" in made.stderr.replace("、", ", ")
    assert "哪些产品" not in made.stderr
    scenario = load_scenario(file)
    assert (scenario.people.rep.count, list(scenario.market.regions)) == (8, ["华东", "华北"])
    assert scenario.baseline == "flat"


def test_new_never_overwrites(tmp_path: Path) -> None:
    """Not a file, not a folder, not a link to nowhere; it is told before anything is asked."""
    file, folder, link = tmp_path / "firm.yaml", tmp_path / "folder.yaml", tmp_path / "link.yaml"
    file.write_text("mine", encoding="utf-8")
    folder.mkdir()
    link.symlink_to(tmp_path / "nowhere.yaml")
    for taken in (file, folder, link):
        made = simlib("new", taken, *STATED, "--goal", "pay")
        assert (made.exit_code, made.stdout) == (2, "")
        assert "which is there already, must be the name of a new file" in made.stderr
    assert file.read_text(encoding="utf-8") == "mine"
    with pytest.raises(SimlibError, match="there already"):
        write_scenario(FIRM, file, words("en"))


def test_all_bad_options_are_told_at_once(tmp_path: Path) -> None:
    """Each at its option; nothing is asked, nothing is written."""
    made = simlib("new", tmp_path / "firm.yaml", "--size", "0", "--goal", "fun", "--regions", "a,a")
    assert made.exit_code == 2
    assert [line.partition(":")[0] for line in made.stderr.splitlines()] == ["--size", "--regions", "--goal"]
    assert list(tmp_path.iterdir()) == []


def test_nobody_who_answers_is_told_the_option(tmp_path: Path) -> None:
    """In a script a missing option ends the command, it does not wait."""
    made = simlib("new", tmp_path / "firm.yaml", "--size", "5")
    assert made.exit_code == 2
    assert "--regions: got no answer, must be answered, or stated by this option" in made.stderr
    assert simlib("new", tmp_path / "firm.txt").stderr.count("must be a file whose name ends in .yaml or .yml") == 1
