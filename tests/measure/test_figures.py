"""The list of figures is complete enough to be read and judged by."""

import re

import pytest

from simlib.measure.figures import FIGURES, better_direction


@pytest.mark.parametrize("name", FIGURES)
def test_definition_names_its_row(name: str) -> None:
    """One line, with the field guide's row that asks for it, so that a reader can look it up."""
    assert re.search(r"\([SRPICXKMW]\d*(, [SRPICXKMW]\d*)*\)$", FIGURES[name].definition)
    assert "\n" not in FIGURES[name].definition


def test_directions() -> None:
    """More contribution is better, more cost is worse, more people are neither, the unknown is not judged."""
    assert better_direction("contribution") == "higher"
    assert {better_direction(name) for name in FIGURES if name.startswith("cost_")} == {"lower"}
    assert better_direction("reps") == "neither"
    assert better_direction("no_such_figure") == "neither"
