"""Claims, crossing and regime map speak one language at a time: no name of the model, no English word in Chinese."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from simlib.claims import cases, field_guide, published
from simlib.claims.crossing import Size
from simlib.claims.regimes import AXES
from simlib.claims.trial import at_every_level
from simlib.cli import main
from simlib.report import claims as telling
from simlib.report.regimes import regime_chart
from simlib.report.words import words
from simlib.scenario import load_scenario

LATIN = re.compile(r"[A-Za-z]{2,}")
TOLD = ("W1a", "W2a", "W3a", "W4a", "W5a", "W6a", "W6b", "W6c", "W7a", "W7b")
"""Of cases, what the documents tell an outcome of."""
ENGLISH, CHINESE = words("en"), words("zh")


def said(*arguments: str) -> str:
    """What a command prints."""
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def test_every_claim_and_level_has_its_words() -> None:
    """What it says, by which mechanism, at which levels; ids that a level is only part of have none."""
    claims = (*field_guide.CLAIMS, *published.FINDINGS, *cases.CASES)
    ids = [f"claim.{claim.id}" for claim in claims] + [f"not_tried.{row}" for row in field_guide.NOT_TRIED]
    told = [*(finding.id for finding in published.FINDINGS), *(case.id for case in cases.CASES if case.id in TOLD)]
    beside = [f"claim.{each}.published" for each in told]
    levels = {level.id for claim in claims for level in claim.sweep}
    for w in (ENGLISH, CHINESE):
        assert {key for key in w.messages if re.match(r"(claim|not_tried)\.", key)} == {
            *ids, *beside, *(f"{key}.{'by' if key.startswith('claim') else 'why'}" for key in ids)
        }  # fmt: skip
        assert {key.removeprefix("level.") for key in w.messages if key.startswith("level.")} == levels


def test_no_english_is_left_where_chinese_is_asked_for() -> None:
    """Lists, outcomes of every kind, both ways a crossing can end, sentences that are not tried."""
    texts = [said("claims", "--list", "--language", "zh")]
    noise = np.linspace(-1, 1, 30)
    claim = field_guide.named(["S1a"])[0]
    outcomes = {}
    for means in ((9, 9), (9, -9), (-9, -9), (0, 0)):
        found = at_every_level(claim.sweep, [noise + mean for mean in means])
        outcomes[found.outcome] = found
        texts.append(telling.told(claim, found, CHINESE))
    assert len(outcomes) == 4
    texts.append(telling.summary(list(outcomes.values()), CHINESE))
    for sign in (1, -1):
        sizes = [Size((4, 5), noise + 2), Size((40, 50), noise + 2 * sign)]
        texts.append(telling.crossing(("flat", "pyramid"), sizes, CHINESE, seed=0))
        texts.append(telling.one_size(("flat", "pyramid"), 0.5, sizes[0], CHINESE))
    texts += [part for row in telling.not_tried(CHINESE) for part in row]
    assert [word for text in texts for word in LATIN.findall(text)] == []


def test_the_market_s_designs_have_names() -> None:
    """All of them may stand in a map, or beside a published finding."""
    for market in (field_guide.FILE, published.FILE):
        designs = load_scenario(market).designs
        assert [name for name in designs if f"structure.{name}" not in CHINESE.messages] == []


def texts_of(spec: Any) -> Iterator[str]:
    """What can be read in a chart: titles, subtitles, labels and the data that its marks show."""
    if isinstance(spec, dict):
        for key, value in spec.items():
            if key in ("title", "text", "subtitle", "domain", "sort", "best", "panel", "lead_text"):
                yield from strings(value)
            yield from texts_of(value)
    elif isinstance(spec, list):
        for part in spec:
            yield from texts_of(part)


def strings(value: Any) -> Iterator[str]:
    """Strings of a value, but for its mappings."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


@pytest.mark.parametrize("axes", [list(AXES), ["volatility"]], ids=["four axes", "one"])
def test_a_map_speaks_one_language(axes: list[str]) -> None:
    """Headline, how to read it, axes, panels, legend and tooltips."""
    grid = dict.fromkeys(axes, (0.5, 2.0))
    points = np.array(np.meshgrid(*grid.values())).reshape(len(grid), -1).T
    rows = [
        {**dict(zip(grid, point, strict=True)), "design": ("flat", "agile")[n % 2], "certainty": 0.5 + n / 40,
         "lead": 1e5 * n, "mean flat": 1.0, "mean agile": 1.0}
        for n, point in enumerate(points.tolist())
    ]  # fmt: skip
    chinese, english = ([*texts_of(regime_chart(pd.DataFrame(rows), grid, w).to_dict())] for w in (CHINESE, ENGLISH))
    assert len(chinese) > 8
    assert [word for text in chinese for word in LATIN.findall(text)] == []
    assert LATIN.search("".join(english))


def test_json_keeps_its_ids_in_every_language() -> None:
    """A program finds design and figure by the same keys and names; sentences are in the language asked for."""
    english, chinese = (
        json.loads(said("claims", "S4a", "--replications", "1", "--json", "--language", language))[0]
        for language in ("en", "zh")
    )
    for key in ("id", "design", "against", "figure", "unit"):
        assert english[key] == chinese[key]
    assert english["says"] == ENGLISH("claim.S4a")
    assert not LATIN.search(chinese["says"] + chinese["mechanism"] + chinese["levels"][0]["level"])
    assert english["outcome"] == "not told apart"


def test_no_sentence_of_a_claim_stands_in_the_code() -> None:
    """The catalogue alone has them."""
    code = "".join(path.read_text(encoding="utf-8") for path in Path(field_guide.__file__).parent.glob("*.py"))
    said_of = [ENGLISH(f"claim.{claim.id}{part}") for claim in field_guide.CLAIMS for part in ("", ".by")]
    assert [sentence for sentence in said_of if sentence in code] == []
