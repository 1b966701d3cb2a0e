"""What all tests share: how Hypothesis searches, and that benchmarks run only when named."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A deadline measures the machine, not the code. On CI the same examples every time: a red run can be repeated.
settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

BENCHMARKS = Path(__file__).parent / "benchmarks"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Skip the benchmarks unless the command line names them (`make bench`)."""
    named = any("benchmarks" in Path(str(argument)).parts for argument in config.args)
    return True if collection_path == BENCHMARKS and not named else None


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the checkout, where `scenarios/` and `notebooks/` are."""
    return Path(__file__).resolve().parent.parent
