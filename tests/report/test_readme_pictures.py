"""The pictures of the README: small, the ones that the README shows, and those that `make pictures` draws."""

import re
from pathlib import Path

import pytest

from scripts.pictures import CHARTED, drawn
from simlib.runs.results import Results

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "pictures"
LARGEST = 80_000
"""Bytes: a clone stays small."""


def test_the_readme_shows_small_pictures_that_are_there() -> None:
    """None is missing, none is left over, each is a PNG file below 80 kB."""
    shown = set(re.findall(r"\]\(docs/pictures/([\w-]+\.png)\)", (ROOT / "README.md").read_text(encoding="utf-8")))
    there = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    assert set(there) == shown
    assert all(content.startswith(b"\x89PNG") and len(content) < LARGEST for content in there.values())


@pytest.mark.slow
def test_the_command_draws_those_pictures(results: Results) -> None:
    """The same names, from any run that has the design."""
    assert CHARTED in results.scenario.designs
    pictures = drawn(results)
    assert {f"{name}.png" for name in pictures} == {path.name for path in FOLDER.iterdir()}
    assert all(content.startswith(b"\x89PNG") for content in pictures.values())
