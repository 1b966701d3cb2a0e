"""What all tests share: how Hypothesis searches, and that benchmarks run only when named, and
that whatever users are told of their mistakes has its Chinese."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import settings

from simlib.errors import DesignError, ExportError, Fault, ScenarioError, SimlibError
from simlib.report.faults import told

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


@pytest.fixture(autouse=True)
def every_fault_has_its_chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever is refused in a test can be told in Chinese; else a wording is missing in simlib/report/faults/zh.po."""
    met: list[SimlibError] = []
    made = ScenarioError.__init__

    def noted(error: ScenarioError, faults: Sequence[Fault]) -> None:
        made(error, faults)
        met.extend(SimlibError(fault.message) for fault in faults)

    def noted_message(error: DesignError | ExportError, message: str) -> None:
        ValueError.__init__(error, message)
        met.append(error)

    monkeypatch.setattr(ScenarioError, "__init__", noted)
    for kind in (DesignError, ExportError):
        monkeypatch.setattr(kind, "__init__", noted_message)
    yield
    assert [str(error) for error in met if told(error, "zh") == str(error)] == []
