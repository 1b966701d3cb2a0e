"""What did a run find, in a few figures to keep beside it? The judged figure of each design, and its verdict."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from simlib.report.findings import VERDICT_IDS
from simlib.report.subject import Subject, by_design


@dataclass(frozen=True)
class KeyFigure:
    """The judged figure of one design."""

    design: str
    metric: str
    unit: str
    currency: str
    value: float | None
    """Mean over the worlds; None where it is undefined, as below."""
    difference: float | None
    """From the baseline; None for the baseline itself."""
    low: float | None
    high: float | None
    verdict: str
    """Id of its words: `verdict.better`; `verdict.baseline` for the baseline."""


def key_figures(subject: Subject) -> tuple[KeyFigure, ...]:
    """The judged figure of every design, the baseline first."""
    return tuple(sorted(_figures(subject), key=lambda figure: figure.verdict != "verdict.baseline"))


def _figures(subject: Subject) -> Iterator[KeyFigure]:
    metric = subject.comparison.figure
    judged = by_design(subject.differences(metric))
    for design, level in by_design(subject.means(metric)).items():
        row = judged.get(design, {})
        yield KeyFigure(
            design=design,
            metric=metric,
            unit=str(level["unit"]),
            currency=subject.words.currency,
            value=_known(level["value"]),
            difference=_known(row.get("value", math.nan)),
            low=_known(row.get("low", math.nan)),
            high=_known(row.get("high", math.nan)),
            verdict=VERDICT_IDS[row["verdict"]] if row else "verdict.baseline",
        )


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
