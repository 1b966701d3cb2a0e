"""Claims on trial in words: what was said, what came out, by how much, and by which mechanism."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from simlib.claims.crossing import Size
from simlib.claims.crossing import crossing as find_crossing
from simlib.claims.trial import Claim, Found
from simlib.decide.verdict import Judgement
from simlib.measure.figures import FIGURES
from simlib.measure.precision import mean_interval
from simlib.report.words import Words

_AT = {
    "better": "yes",
    "worse": "no, the opposite",
    "no difference that matters": "no",
    "not yet known": "not told apart",
}


def listed(claims: Sequence[Claim]) -> str:
    """What would be tried."""
    return "\n".join(f"{claim.id:<5} {claim.says}\n      {_experiment(claim)}" for claim in claims)


def told(claim: Claim, found: Found, w: Words) -> str:
    """One claim with its outcome, level by level."""
    condition = ""
    if found.outcome == "holds only if":
        holds = [label for label, one in zip(found.labels, found.judgements, strict=True) if one.verdict == "better"]
        condition = f" {' or '.join(holds)}"
    lines = [f"{claim.id:<5} {found.outcome.upper()}{condition}: {claim.says}", f"      {_experiment(claim)}"]
    for label, one in zip(found.labels, found.judgements, strict=True):
        lines.append(f"      {label}: {_difference(claim, one, w)}  {_AT[one.verdict]}")
    return "\n".join(lines)


def summary(found: Sequence[Found]) -> str:
    """How many came out how."""
    counts = Counter(one.outcome for one in found)
    return f"{len(found)} claims: " + ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common())


def as_json(claims: Sequence[Claim], found: Sequence[Found]) -> str:
    """Claims and outcomes for other programs; differences are design − against, in the figure's unit."""
    rows: list[dict[str, Any]] = []
    for claim, one in zip(claims, found, strict=True):
        levels = [
            {
                "level": label,
                "mean": _number(claim.sign * each.interval.mean),
                "low": _number(min(claim.sign * each.interval.low, claim.sign * each.interval.high)),
                "high": _number(max(claim.sign * each.interval.low, claim.sign * each.interval.high)),
                "verdict": _AT[each.verdict],
            }
            for label, each in zip(one.labels, one.judgements, strict=True)
        ]
        said = {"id": claim.id, "says": claim.says, "mechanism": claim.mechanism, "outcome": one.outcome}
        pair = {"design": claim.design, "against": claim.against, "figure": claim.figure}
        rows.append({**said, **pair, "unit": FIGURES[claim.figure].unit, "levels": levels})
    return json.dumps(rows, indent=1, ensure_ascii=False)


def one_size(pair: tuple[str, str], factor: float, found: Size, w: Words) -> str:
    """Two designs in a company of one size: heads, and the difference of contribution with its interval."""
    one = mean_interval(found.differences.tolist(), confidence=0.95)
    ends = f"{w.signed(one.low, 'money')} to {w.signed(one.high, 'money')}"
    heads = f"{pair[0]} {found.heads[0]}, {pair[1]} {found.heads[1]} people"
    return f"size ×{factor:g} ({heads}): {w.signed(one.mean, 'money')} ({ends})"


def crossing(pair: tuple[str, str], found: Sequence[Size], *, seed: int) -> str:
    """At how many heads of the second design the two change places, or that they do not in the range tried."""
    heads = [one.heads[1] for one in found]
    at = find_crossing(heads, [one.differences for one in found], seed=seed)
    if at.at is None or at.low is None or at.high is None:
        share = f"; {at.share:.0%} of resampled worlds cross" if at.share else ""
        return f"{pair[0]} and {pair[1]} do not change places between {heads[0]} and {heads[-1]} people{share}"
    interval = f"95% of resampled worlds that cross: {at.low:.0f} to {at.high:.0f}; {at.share:.0%} cross"
    return f"{pair[0]} and {pair[1]} change places at {at.at:.0f} people of {pair[1]} ({interval})"


def _experiment(claim: Claim) -> str:
    sweep = ", ".join(level.label for level in claim.sweep)
    return f"{claim.figure}, {claim.design} − {claim.against}; {sweep}. By {claim.mechanism}."


def _difference(claim: Claim, one: Judgement, w: Words) -> str:
    unit = FIGURES[claim.figure].unit
    ends = sorted((claim.sign * one.interval.low, claim.sign * one.interval.high))
    mean = w.signed(claim.sign * one.interval.mean, unit)
    return f"{mean} ({w.signed(ends[0], unit)} to {w.signed(ends[1], unit)})"


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
