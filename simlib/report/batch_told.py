"""What is said while a batch goes on? A line as each step ends, and where the time went."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from simlib.report.words import Words


@dataclass(frozen=True)
class Step:
    """A simulation or a report that has ended."""

    scenario: str
    values: Mapping[str, str]
    language: str
    """Of the report; empty for a simulation."""
    seconds: float
    error: str
    """Why it failed; empty if it did not."""


def line(step: Step, w: Words) -> str:
    """How a step ended, on one line."""
    run = " · ".join([step.scenario, *(f"{path}={value}" for path, value in step.values.items())])
    told = {"run": run, "seconds": w.number(step.seconds), "error": step.error.split("\n", 1)[0]}
    if step.language:
        told["language"] = step.language
        return w("batch.not_reported" if step.error else "batch.reported", **told)
    return w("batch.not_simulated" if step.error else "batch.simulated", **told)


def took(steps: list[Step], seconds: float, w: Words) -> str:
    """How long it took, and the share of all work that was not simulation."""
    work = sum(step.seconds for step in steps)
    apart = sum(step.seconds for step in steps if step.language)
    share = apart / work if work else math.nan
    return w("batch.took", minutes=w.number(seconds / 60), share=w.percent(share, 0))


def begins(missing: int, count: int, workers: int, w: Words) -> str:
    """How much there is to do."""
    return w("batch.begins", missing=w.number(missing), count=w.number(count), workers=w.number(workers))
