"""Published findings on pay as experiments: laid out, different in pay alone, told with the published figure."""

import json
import re

from click.testing import CliRunner

from simlib.claims.published import FILE, FINDINGS
from simlib.cli import main
from simlib.measure.figures import FIGURES
from simlib.org import build
from simlib.scenario import load_scenario, vary

CHINESE_NAMES = re.compile(r"[A-Za-z]{3,}")
AUTHORS = {"Misra", "Nair", "Larkin", "Oyer", "Steenburgh", "Kishore", "Chung", "Sudhir", "HOLDS"}


def test_every_finding_can_be_laid_out_and_differs_in_pay_alone():
    """At every level of its sweep; the two designs are the same but for the plan."""
    market = load_scenario(FILE)
    assert len({finding.id for finding in FINDINGS}) == len(FINDINGS)
    for finding in FINDINGS:
        assert finding.figure in FIGURES
        for level in finding.sweep:
            scenario = vary(market, level.changes(market))
            one, other = (scenario.designs[name] for name in (finding.design, finding.against))
            assert one.model_copy(update={"pay": other.pay}) == other
            assert all(build(name, scenario).reps for name in (finding.design, finding.against))


def test_a_finding_is_told_with_the_published_figure_beside_the_model_s():
    """In both languages, as text and as JSON; an unknown one is one line."""
    run = ["findings", "misra_nair", "--replications", "2", "--set"][:-1]
    english = CliRunner().invoke(main, run).output
    assert re.search(r"published: \+9% revenue at one firm; here: [+−][0-9.]+%", english)
    chinese = CliRunner().invoke(main, [*run, "--language", "zh"]).output
    assert set(CHINESE_NAMES.findall(chinese)) <= AUTHORS | {"misra", "nair"}, chinese
    rows = json.loads(CliRunner().invoke(main, [*run, "--json"]).stdout)
    assert rows[0]["id"] == "misra_nair"
    wrong = CliRunner().invoke(main, ["findings", "misra"])
    assert wrong.exit_code == 2
    assert "did you mean" in wrong.stderr
