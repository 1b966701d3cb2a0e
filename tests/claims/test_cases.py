"""Worked cases as scenarios: laid out, the same customers before and after, told with the documents' outcome."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from simlib.claims.cases import CASES, case, file_of, of_case
from simlib.cli import main
from simlib.measure.figures import FIGURES
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import load_scenario
from simlib.world import draw_world

FOLDER = Path(__file__).resolve().parents[2] / "scenarios" / "cases"


def test_every_case_can_be_laid_out_and_every_file_is_a_case():
    """Its designs and its figure are there, and no file is without a claim."""
    assert {file.stem for file in FOLDER.glob("*.yaml")} == {case(claim.id) for claim in CASES}
    for claim in CASES:
        assert claim.figure in FIGURES
        scenario = load_scenario(file_of(claim, FOLDER))
        assert all(build(name, scenario).reps for name in (claim.design, claim.against))


@pytest.mark.parametrize("name", sorted({case(claim.id) for claim in CASES}))
def test_before_and_after_meet_the_same_customers(name: str):
    """The needs are the same, to the bit; what differs is which way they go."""
    scenario = load_scenario(FOLDER / f"{name}.yaml")
    world = draw_world(scenario, seed=1, replication=0)
    before, after = (simulate(build(design, scenario), world) for design in ("before", "after"))
    assert before.needs.equals(after.needs)
    assert not before.choices.equals(after.choices)


def test_a_case_is_told_with_the_documents_outcome_beside_the_model_s():
    """In both languages, as text and as JSON; a case's name stands for all that is said of it."""
    run = ["cases", "W1", "--replications", "2", "--folder", str(FOLDER)]
    english = CliRunner().invoke(main, run).output
    assert re.search(r"published: sales about \+35% in the promotion season; here: [+−][0-9.]+%", english)
    chinese = CliRunner().invoke(main, [*run, "--language", "zh"]).output
    assert set(re.findall(r"[A-Za-z]{3,}", chinese)) <= {"after", "before"}, chinese
    rows = json.loads(CliRunner().invoke(main, [*run, "--json"]).stdout)
    assert [row["id"] for row in rows] == ["W1a", "W1b"]
    assert of_case(("W4", "W1b")) == ("W4a", "W4b", "W1b")


def test_an_unknown_case_or_folder_is_one_line(tmp_path: Path):
    """Name or place, and the way out."""
    wrong = CliRunner().invoke(main, ["cases", "W9", "--folder", str(FOLDER)])
    assert (wrong.exit_code, "must be 'W1a'" in wrong.stderr) == (2, True)
    absent = CliRunner().invoke(main, ["cases", "W1", "--folder", str(tmp_path)])
    assert (absent.exit_code, "say --folder" in absent.stderr) == (2, True)
