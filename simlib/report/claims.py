"""Claims on trial in words: what was said, what came out, by how much, and by which mechanism."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from simlib.claims import field_guide
from simlib.claims.crossing import Size
from simlib.claims.crossing import crossing as find_crossing
from simlib.claims.trial import Claim, Found, Outcome
from simlib.decide.verdict import Judgement, Verdict
from simlib.measure.figures import FIGURES
from simlib.measure.precision import mean_interval
from simlib.report.words import Words

_OUTCOMES: dict[Outcome, str] = {
    "holds": "outcome.holds",
    "holds only if": "outcome.holds_only_if",
    "does not hold": "outcome.does_not_hold",
    "not told apart": "outcome.not_told_apart",
}
_AT: dict[Verdict, str] = {
    "better": "at_level.better",
    "worse": "at_level.worse",
    "no difference that matters": "at_level.same",
    "not yet known": "at_level.unknown",
}


def listed(claims: Sequence[Claim], w: Words) -> str:
    """What would be tried."""
    return "\n".join(f"{claim.id:<5} {w(f'claim.{claim.id}')}\n      {_experiment(claim, w)}" for claim in claims)


def told(claim: Claim, found: Found, w: Words) -> str:
    """One claim with its outcome, level by level."""
    outcome = w(_OUTCOMES[found.outcome]).upper()
    if found.outcome == "holds only if":
        proved = [_level(ids, w) for ids, one in _judged(found) if one.verdict == "better"]
        outcome = w("claims.only_if", outcome=outcome, levels=w("join.or").join(proved))
    head = w("claims.told", id=f"{claim.id:<5}", outcome=outcome, says=w(f"claim.{claim.id}"))
    lines = [head, f"      {_experiment(claim, w)}"]
    for ids, one in _judged(found):
        said = w(
            "claims.level", level=_level(ids, w), difference=_difference(claim, one, w), verdict=w(_AT[one.verdict])
        )
        lines.append(f"      {said}")
    if (published := f"claim.{claim.id}.published") in w.messages:
        here = w("join.parts").join(_relative(claim, found, number, w) for number in range(len(found.judgements)))
        lines.append(f"      {w('claims.published', published=w(published), here=here)}")
    return "\n".join(lines)


def _relative(claim: Claim, found: Found, number: int, w: Words) -> str:
    """The difference as a share of the other design's figure; of shares and ratios the two themselves."""
    difference, base = claim.sign * found.judgements[number].interval.mean, found.against[number]
    unit = FIGURES[claim.figure].unit
    if unit in ("share", "ratio", "count"):
        return w("claims.from_to", low=w.value(base, unit), high=w.value(base + difference, unit))
    return w.signed_percent(difference / base) if base else w.signed(difference, unit)


def summary(found: Sequence[Found], w: Words) -> str:
    """How many came out how."""
    counts = Counter(one.outcome for one in found).most_common()
    told_apart = [w("claims.counted", count=str(count), outcome=w(_OUTCOMES[outcome])) for outcome, count in counts]
    return w("claims.summary", count=str(len(found)), outcomes=w("join.parts").join(told_apart))


def as_json(claims: Sequence[Claim], found: Sequence[Found], w: Words) -> str:
    """All with their numbers; differences as design minus against. What is not defined (one world has no interval) is
    null."""
    rows: list[dict[str, Any]] = []
    for claim, one in zip(claims, found, strict=True):
        levels = [
            {
                "level": _level(ids, w),
                "mean": _number(claim.sign * each.interval.mean),
                "low": _number(min(claim.sign * each.interval.low, claim.sign * each.interval.high)),
                "high": _number(max(claim.sign * each.interval.low, claim.sign * each.interval.high)),
                "verdict": w(_AT[each.verdict]),
            }
            for ids, each in _judged(one)
        ]
        said = {"id": claim.id, "says": w(f"claim.{claim.id}"), "mechanism": w(f"claim.{claim.id}.by")}
        pair = {"design": claim.design, "against": claim.against, "figure": claim.figure}
        unit = FIGURES[claim.figure].unit
        rows.append({**said, "outcome": w(_OUTCOMES[one.outcome]), **pair, "unit": unit, "levels": levels})
    return json.dumps(rows, indent=1, ensure_ascii=False)


def not_tried(w: Words) -> list[tuple[str, str]]:
    """Sentences of the field guide without an experiment, and why."""
    return [(w(f"not_tried.{row}"), w(f"not_tried.{row}.why")) for row in field_guide.NOT_TRIED]


def one_size(pair: tuple[str, str], factor: float, found: Size, w: Words) -> str:
    """Two designs in a company of one size: heads, and the difference of contribution with its interval."""
    one = mean_interval(found.differences.tolist(), confidence=0.95)
    interval = w.interval(one.low, one.high, "money", show=w.signed)
    return w(
        "crossing.size",
        factor=f"{factor:g}",
        **_pair(pair, w),
        heads=str(found.heads[0]),
        other_heads=str(found.heads[1]),
        difference=w("interval.value", value=w.signed(one.mean, "money"), interval=interval),
    )


def crossing(pair: tuple[str, str], found: Sequence[Size], w: Words, *, seed: int) -> str:
    """At how many heads of the second design the two change places, or that they do not in the range tried."""
    heads = [one.heads[1] for one in found]
    at = find_crossing(heads, [one.differences for one in found], seed=seed)
    names, share = _pair(pair, w), f"{at.share:.0%}"
    if at.at is None or at.low is None or at.high is None:
        none = w("crossing.none", **names, low=str(heads[0]), high=str(heads[-1]))
        return w("crossing.some", none=none, share=share) if at.share else none
    interval = w("crossing.interval", low=f"{at.low:.0f}", high=f"{at.high:.0f}", share=share)
    return w("crossing.at", **names, at=f"{at.at:.0f}", interval=interval)


def _pair(pair: tuple[str, str], w: Words) -> dict[str, str]:
    return {"design": w.word("structure", pair[0]), "against": w.word("structure", pair[1])}


def _experiment(claim: Claim, w: Words) -> str:
    return w(
        "claims.experiment",
        figure=w.word("metric", claim.figure),
        pair=w("join.difference", **_pair((claim.design, claim.against), w)),
        levels=w("join.parts").join(w(f"level.{level.id}") for level in claim.sweep),
        by=w(f"claim.{claim.id}.by"),
    )


def _judged(found: Found) -> list[tuple[tuple[str, ...], Judgement]]:
    return list(zip(found.levels, found.judgements, strict=True))


def _level(ids: Sequence[str], w: Words) -> str:
    return w("join.sweep").join(w(f"level.{name}") for name in ids)


def _difference(claim: Claim, one: Judgement, w: Words) -> str:
    unit = FIGURES[claim.figure].unit
    low, high = sorted((claim.sign * one.interval.low, claim.sign * one.interval.high))
    mean = w.signed(claim.sign * one.interval.mean, unit)
    return w("interval.value", value=mean, interval=w.interval(low, high, unit, show=w.signed))


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
