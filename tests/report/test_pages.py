"""The pages of `simlib plans` and `simlib transition`, and pay in the report, as a reader's browser shows them."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from simlib.cli import main
from simlib.report.notebooks import write_report
from simlib.report.words import words
from simlib.runs import run
from simlib.scenario import Scenario
from tests.paid import FIELD, LEAD, paid
from tests.report.browser import opened
from tests.report.conftest import HOSTILE
from tests.worlds import DESIGNS, small

LONG = "x" * 300


def hostile() -> Scenario:
    """Designs and plans with names that are HTML, or as long as a name may be."""
    plans = {HOSTILE: {**FIELD, "base_per_year": 50000.0}, LONG: FIELD, "lead": LEAD}
    pay = ({"rep": HOSTILE, "manager": "lead"}, {"rep": LONG})
    designs = {HOSTILE: {**DESIGNS["pyramid"], "pay": pay[0]}, LONG: {**DESIGNS["flat"], "pay": pay[1]}}
    organisation = {**small().organisation.model_dump(exclude_unset=True), "pay": {}}
    compared = {"baseline": HOSTILE, "zone_per_year": 10000.0}
    return paid(plans, designs=designs, organisation=organisation, compare=compared, title=f"Pay {HOSTILE}")


def shown(page: str, folder: Path) -> str:
    """The document a browser makes of a page on which all charts are drawn, nothing is fetched and no name is run."""
    dom = opened(page, folder)
    root = re.search(r"<html[^>]*>", dom)
    assert root is not None
    charts = page.count('<div class="chart">')
    assert charts
    assert f'data-drawn="{charts}/{charts}"' in root[0]
    assert 'data-refused=""' in root[0]
    assert "data-alerted" not in root[0]
    return dom


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_browser_draws_the_pages_of_commands(tmp_path: Path, language: str) -> None:
    """Hostile names are text, and every chart is drawn without a network, in either language."""
    file = tmp_path / "hostile.json"
    stated = hostile().model_dump(mode="json", exclude_unset=True)
    stated["mechanisms"] = {name: "off" if one is None else one for name, one in stated["mechanisms"].items()}
    file.write_text(json.dumps(stated), encoding="utf-8")
    common = ["--replications", "2", "--language", language, "--out", str(tmp_path)]
    for name, asked in (
        ("plans", [str(file)]),
        ("transition", [HOSTILE, LONG, str(file), "--waves", "1,2", "--every-days", "10"]),
    ):
        found = CliRunner().invoke(main, [name, *asked, *common])
        assert found.exit_code == 0, found.output
        dom = shown((tmp_path / f"{name}.html").read_text(encoding="utf-8"), tmp_path)
        assert f"<h2>{words(language)('section.evidence').removeprefix('## ')}</h2>" in dom


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_browser_draws_pay_in_the_report(tmp_path: Path, language: str) -> None:
    """The section stands in the main report where somebody is on a plan, whatever designs and plans are called."""
    target = write_report(run(hostile(), seed=1, replications=2), folder=tmp_path, language=language)
    dom = shown(target.read_text(encoding="utf-8"), tmp_path)
    assert f"<h2>{words(language)('section.pay').removeprefix('## ')}</h2>" in dom
