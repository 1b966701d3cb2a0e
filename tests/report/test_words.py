"""The catalogues of words, and numbers, money and dates in each language's manner."""

import ast
import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from string import Formatter

import nbformat
import pytest

from simlib.errors import SimlibError
from simlib.measure.figures import FIGURES
from simlib.report.words import FOLDER, NONE, languages, words
from simlib.scenario.designs import PRESETS, ROLES
from tests.test_docs import PATHS

CODE = Path(__file__).parents[2] / "simlib" / "report"
NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
ID = re.compile(r"[a-z_]+\.[a-z_.0-9]+")


def sources() -> list[ast.AST]:
    """All code that speaks: the modules of the report and of the command line, and the notebooks' cells."""
    cells = [cell for notebook in NOTEBOOKS for cell in nbformat.read(notebook, 4).cells]
    modules = [*CODE.glob("*.py"), *(CODE.parent / "cli").glob("*.py")]
    texts = [path.read_text(encoding="utf-8") for path in modules] + [cell.source for cell in cells]
    return [ast.parse(text) for text in texts]


def used() -> tuple[set[str], list[str]]:
    """Ids that stand in the code in full, and patterns of those that it puts together."""
    full, patterns = set(), []
    for tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and ID.fullmatch(node.value):
                full.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(p.value) if isinstance(p, ast.Constant) else "[^.]+(?:\\.[^.]+)?" for p in node.values
                ]
                heads = [part.value for part in node.values if isinstance(part, ast.Constant)]
                if any("." in head or "_plain" in head for head in heads) and " " not in "".join(heads):
                    patterns.append("".join(parts))
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "label":
                groups = [n.value for n in ast.walk(node.args[0]) if isinstance(n, ast.Constant)]
                patterns += [rf"{group}\..+" for group in groups]
    return full, patterns


def test_every_phrase_is_in_every_language() -> None:
    """A report in one language never misses a phrase that another has, nor a placeholder in it."""

    def placeholders(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    english = words("en").messages
    assert languages() == ("en", "zh")
    for language in languages():
        other = words(language).messages
        assert set(other) == set(english), language
        differ = [key for key in english if placeholders(english[key]) != placeholders(other[key])]
        assert differ == [], language


def test_no_phrase_is_unused() -> None:
    """What nobody says is no work for a translator."""
    full, patterns = used()
    unused = [
        key for key in words("en").messages if key not in full and not any(re.fullmatch(p, key) for p in patterns)
    ]
    assert unused == []


def test_every_phrase_asked_for_exists() -> None:
    """An id in the code that the catalogue lacks would stop a report."""
    asked = set()
    for tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (isinstance(node.func, ast.Name) and node.func.id in ("w", "words")):
                asked |= {arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)}
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "paragraph":
                asked |= {arg.value for arg in node.args[1:2] if isinstance(arg, ast.Constant)}
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "contents":
                asked |= {each.value for arg in node.args for each in ast.walk(arg) if isinstance(each, ast.Constant)}
    assert len(asked) > 30
    assert asked <= set(words("en").messages)


def test_the_names_of_the_model_have_words() -> None:
    """Every figure, preset structure and role has a name in the catalogue."""
    known = words("zh").messages
    names = [f"metric.{name}" for name in FIGURES] + [f"structure.{name}" for name in PRESETS]
    assert [name for name in [*names, *(f"role.{role}" for role in ROLES)] if name not in known] == []


def test_figures_are_defined_in_every_language() -> None:
    """In English as where they are measured, without the rows of the field guide; a figure's name and its definition
    stand in every catalogue, and a Chinese definition is not the English one."""
    english, chinese = words("en").messages, words("zh").messages
    for name, figure in FIGURES.items():
        assert english[f"definition.{name}"] == re.sub(r" \([^()]*\)$", "", figure.definition)
        assert re.search(r"[\u4e00-\u9fff]", chinese[f"definition.{name}"])
    assert {key.removeprefix("definition.") for key in english if key.startswith("definition.")} == set(FIGURES)


def note_codes() -> dict[str, set[str]]:
    """Every code of a note that the reader of logs makes, with the names of its values where they stand beside it."""
    found: dict[str, set[str]] = {}
    for path in (CODE.parent / "world").glob("crm*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Note":
                names = {key.value for arg in node.args[1:] for key in getattr(arg, "keys", ()) if key is not None}
                found |= {c.value: names for c in ast.walk(node.args[0]) if isinstance(c, ast.Constant)}
    return found


def test_every_note_of_a_log_has_a_sentence() -> None:
    """Its code is in the catalogue, its sentence asks for no value that the note lacks; and no sentence is unused."""
    codes, messages = note_codes(), words("en").messages
    spoken = {key.removeprefix("log.") for key in messages if key.startswith("log.")}
    assert len(codes) > 15
    assert spoken - set(codes) == {"closed_from_stage", "closed_from_date"}  # put together by a variable
    for code in set(codes) & spoken:
        asked = {name for _, name, _, _ in Formatter().parse(messages[f"log.{code}"]) if name}
        assert asked == codes[code] or not codes[code], code
    assert set(codes) <= spoken


def test_every_part_of_a_parameters_path_has_a_word() -> None:
    """A table of assumptions never mixes words with the names of the schema."""
    parts = {part.removesuffix("[]") for path in PATHS for part in path.split(".")} - {"NAME", "mechanisms"}
    assert [part for part in sorted(parts) if f"path.{part}" not in words("en").messages] == []


def test_an_unknown_phrase_or_language_is_refused() -> None:
    """Nothing is shown half translated, and a wrong language names the right ones."""
    with pytest.raises(KeyError, match=r"zh\.po has no 'no\.such'"):
        words("zh")("no.such")
    with pytest.raises(KeyError):
        words("en")("column.figure")
    with pytest.raises(SimlibError, match="got 'fr', must be one of en, zh"):
        words("fr")


def test_the_users_own_names_stay() -> None:
    """A design that the user named is shown by that name; braces in it mean nothing."""
    w = words("zh")
    assert w.label("structure", "pyramid") == "金字塔层级"
    assert w.label("structure", "our {way}") == "our {way}"
    assert w("column.figure", figure="{x}") == "{x}"


@pytest.mark.parametrize(
    ("amount", "english", "chinese"),
    [
        (123456789.0, "¥123M", "¥1.23亿"),
        (12345678.0, "¥12.3M", "¥1,235万"),
        (123456.0, "¥123K", "¥12.3万"),
        (2514.7, "¥2,515", "¥2,515"),
        (-881.0, "−¥881", "−¥881"),
        (0.0, "¥0", "¥0"),
        (float("nan"), NONE, NONE),
    ],
)
def test_money(amount: float, english: str, chinese: str) -> None:
    """Three significant digits in the units in which a language counts money: thousands, or 万 and 亿."""
    assert (words("en").money(amount), words("zh").money(amount)) == (english, chinese)


def test_other_currencies_have_their_sign() -> None:
    """The scenario's currency is written, not always ¥."""
    assert replace(words("en"), currency="USD").money(2.5e6) == "$2.50M"
    assert replace(words("zh"), currency="EUR").money(2.5e6) == "€250万"


def test_money_axis_names_its_unit() -> None:
    """An axis is divided by the unit in its title."""
    assert words("en").money_axis(4.2e6) == (1e6, "¥ million")
    assert words("zh").money_axis(-4.2e6) == (1e4, "¥万")


def test_values_and_differences() -> None:
    """Shares in per cent, their differences in percentage points; what rounds to zero has no direction."""
    w = words("en")
    assert w.value(0.853, "share") == "85.3%"
    assert w.signed(-0.0141, "share") == "−1.4 pp"
    assert w.signed(0.0001, "share") == "±0.0 pp"
    assert w.signed(1.3e6, "money") == "+¥1.30M"
    assert w.signed(-5.0, "days") == "−5 days"
    assert w.interval(1e6, 2e6, "money") == "¥1M to ¥2M"
    assert w.interval(float("nan"), 2e6, "money") == NONE
    assert words("zh").value(45.25, "days") == "45.2 天"


def test_probabilities_are_never_certain() -> None:
    """A simulation proves no 0% or 100%."""
    w = words("en")
    assert [w.probability(p) for p in (0.0, 0.004, 0.5, 0.996, 1.0)] == ["< 1%", "< 1%", "50%", "> 99%", "> 99%"]


def test_dates() -> None:
    """Dates in the language's manner."""
    day = dt.date(2026, 3, 5)
    assert (words("en").date(day), words("zh").date(day)) == ("March 5, 2026", "2026年3月5日")
    assert (words("en").tag, words("zh").tag) == ("en", "zh-CN")


@pytest.mark.parametrize("language", languages())
def test_every_phrase_stands_once_in_its_catalogue(language: str) -> None:
    """Of two entries only the last would count, and who mends the other one sees no change."""
    ids = re.findall(r'^msgid "(.+)"$', (FOLDER / f"{language}.po").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(ids) > 1000
    assert sorted({name for name in ids if ids.count(name) > 1}) == []
