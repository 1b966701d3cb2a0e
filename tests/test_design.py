"""The four ideas that everything rests on, where a machine can hold them."""

import re

import pytest

import simlib
from simlib.scenario.designs import PRESETS, ROLES


@pytest.mark.parametrize("package", ["model", "runs", "measure", "world"])
def test_no_structure_is_named_where_it_could_get_a_bonus(root, package):
    """Structure acts through mechanisms: behind the constructors nobody asks for its name."""
    quoted = re.compile("|".join(f"[\"']{name}[\"']" for name in PRESETS))
    for module in sorted((root / "simlib" / package).rglob("*.py")):
        assert not quoted.search(module.read_text(encoding="utf-8")), module


def test_the_public_names_are_few_and_there():
    """Twenty at most, each importable from the root, a function never hidden by a package of the same name."""
    assert len(simlib.__all__) <= 20
    for name in simlib.__all__:
        assert getattr(simlib, name).__name__ == name
    assert callable(simlib.run)
    with pytest.raises(AttributeError, match="has no attribute"):
        _ = simlib.runn


def test_a_role_for_every_layer():
    """Roles are told apart by the layer alone."""
    assert len(set(ROLES)) == len(ROLES) == 5
