"""A change of designs told: how deep it dips, when it is paid back, and its path as a chart."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from simlib.decide.transition import Between, Path, PayBack, Ways, between, followed, pay_back
from simlib.decide.verdict import WORLDS_FOR_A_VERDICT, probabilities_better
from simlib.measure.precision import Interval, mean_interval
from simlib.report import basis, prose
from simlib.report.page import Heading, Part, chart_library, page_of
from simlib.report.provenance import Provenance, footer, stamp
from simlib.report.table import Table
from simlib.report.tables import with_half
from simlib.report.theme import GREY, WAY_COLOURS, WIDTH, title
from simlib.report.words import Words
from simlib.scenario import Scenario

CONFIDENCE = 0.95
STEP_DAYS = 91.0
"""From row to row of the path's table."""


@dataclass(frozen=True)
class Change:
    """All that was found of a change."""

    scenario: Scenario
    seed: int
    ways: Ways
    followed: Sequence[tuple[Path, PayBack]]
    """Each way to change, and when it is paid back."""

    @property
    def replications(self) -> int:
        """Worlds in which it was followed."""
        return len(self.followed[0][0].sums)


def follow(scenario: Scenario, ways: Ways, *, seed: int, replications: int, workers: int = 1) -> Change:
    """Follow each way to change in the same worlds, and find when it is paid back.

    Raises ScenarioError or DesignError if the change does not fit the scenario.
    """
    paths = followed(scenario, ways, seed=seed, replications=replications, workers=workers)
    return Change(scenario, seed, ways, [(path, pay_back(path, seed=seed)) for path in paths])


def told(change: Change, w: Words) -> str:
    """For a terminal: one row for each way to change, and a sentence on each."""
    return "\n".join([f"{table(change, w)}\n", *sentences(change, w)])


def table(change: Change, w: Words) -> Table:
    """Dip, pay-back and gain of each way to change."""
    heads = tuple(w(f"transition.{name}") for name in ("way", "dip", "dip_day", "pay_back", "share", "end", "gain"))
    return Table(heads, tuple(_row(path, found, w) for path, found in change.followed))


def sentences(change: Change, w: Words) -> list[str]:
    """The finding on each way, how the others differ from the first, and that few worlds decide nothing."""
    few = [w("transition.few", worlds=w.number(change.replications))]
    return [
        *(headline(path, found, change.ways, w) for path, found in change.followed),
        *(_between(each, w) for each in between([path for path, _ in change.followed], confidence=CONFIDENCE)),
        *(few if change.replications < WORLDS_FOR_A_VERDICT else []),
    ]


def _between(found: Between, w: Words) -> str:
    """One way against the first, at the end of the run."""
    one = found.interval
    return w(
        "transition.between" if found.told_apart else "transition.between_even",
        way=_way(found.waves, w),
        first=_way(found.against, w),
        difference=w.signed(one.mean, "money"),
        interval=w.interval(one.low, one.high, "money", show=w.signed),
        chance=w.probability(probabilities_better(one, metric="contribution")[0]),
    )


def _row(path: Path, found: PayBack, w: Words) -> tuple[str, ...]:
    low, last = int(path.mean.argmin()), path.interval(-1)
    gain, dip = mean_interval(path.years_gain, confidence=CONFIDENCE), path.interval(low)
    return (
        _way(path.waves, w),
        _with_half(dip, w),
        _day(float(path.days[low]), w),
        f"{_day(found.day, w)}\n{w('interval.from_to', low=_day(found.low, w), high=_day(found.high, w))}",
        w.probability(found.share),
        _with_half(last, w),
        _with_half(gain, w),
    )


def _with_half(found: Interval, w: Words) -> str:
    """A sum of money with its sign and half the width of its interval."""
    return with_half({"value": found.mean, "low": found.low, "high": found.high, "unit": "money"}, w, w.signed)


def path_table(change: Change, w: Words) -> Table:
    """The path of each way, a row for each quarter of a year and the last day."""
    days = change.followed[0][0].days
    steps = [int(np.searchsorted(days, day)) for day in np.arange(STEP_DAYS, days[-1], STEP_DAYS)]
    heads = (w("transition.days_since"), *(_way(path.waves, w) for path, _ in change.followed))
    rows = tuple(
        (_day(float(days[step]), w), *(_with_half(path.interval(step), w) for path, _ in change.followed))
        for step in dict.fromkeys([*steps, len(days) - 1])
    )
    return Table(heads, rows)


def _day(day: float, w: Words) -> str:
    return w("transition.day", day=w.number(round(day))) if math.isfinite(day) else w("transition.never")


def headline(path: Path, found: PayBack, ways: Ways, w: Words) -> str:
    """The finding on one way to change."""
    before, after = (w.label("structure", name) for name in (ways.before, ways.after))
    pair = {"before": before, "after": after, "way": _way(path.waves, w)}
    days = w.number(round(float(path.days[-1])))
    if not math.isfinite(found.day):
        return w("transition.not_paid_back", **pair, days=days, share=w.probability(found.share))
    dip = w.money(-float(path.mean.min()))
    if not found.day:
        return w("transition.no_dip", **pair, days=days)
    span = w("interval.from_to", low=_day(found.low, w), high=_day(found.high, w))
    return w("transition.paid_back", **pair, dip=dip, day=_day(found.day, w), span=span)


def _way(waves: int, w: Words) -> str:
    return w("transition.at_once") if waves == 1 else w("transition.in_waves", waves=w.number(waves))


def chart(change: Change, w: Words) -> alt.TopLevelMixin:
    """Difference from staying, added up from the day of the change, with its 95% interval, one line for each way."""
    scale, unit = w.money_axis(max(float(abs(path.sums).max()) for path, _ in change.followed))
    rows = [
        {"way": _way(path.waves, w), "day": float(day), "mean": one.mean / scale, "low": one.low / scale,
         "high": one.high / scale}
        for path, _ in change.followed
        for step, day in enumerate(path.days)
        for one in [path.interval(step)]
    ]  # fmt: skip
    names = [_way(path.waves, w) for path, _ in change.followed]
    colours = alt.Scale(domain=names, range=[WAY_COLOURS[i % len(WAY_COLOURS)] for i in range(len(names))])
    axis = w("transition.axis", unit=unit)
    base = alt.Chart(pd.DataFrame(rows)).encode(
        x=alt.X("day:Q", title=w("transition.days_since")),
        color=alt.Color("way:N", scale=colours, sort=None, title=None, legend=alt.Legend(symbolOpacity=1)),
    )
    band = base.mark_area(opacity=0.18).encode(y=alt.Y("low:Q", title=axis), y2="high:Q")
    line = base.mark_line(strokeWidth=2.5).encode(y=alt.Y("mean:Q", title=axis))
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=GREY, strokeDash=[4, 3]).encode(y="zero:Q")
    first, found = change.followed[0]
    return alt.layer(band, zero, line).properties(
        width=WIDTH, height=300, title=title(headline(first, found, change.ways, w), w("transition.how_to_read"))
    )


def saved(change: Change, out: File, w: Words) -> str:
    """Write one page (HTML that opens without a network) and the paths (CSV); tells where."""
    made = stamp(change.scenario, seed=change.seed, replications=change.replications)
    heading = Heading(change.scenario.title or change.scenario.name, w.tag, footer(made, w))
    page = page_of(parts(change, made, w), heading=heading, library=chart_library())
    out.mkdir(parents=True, exist_ok=True)
    (out / "transition.html").write_text(page, encoding="utf-8")
    rows = [
        {"waves": path.waves, "day": float(day), "mean": one.mean, "low": one.low, "high": one.high}
        for path, _ in change.followed
        for step, day in enumerate(path.days)
        for one in [path.interval(step)]
    ]
    pd.DataFrame(rows).to_csv(out / "transition.csv", index=False)
    return f"{out / 'transition.html'}\n{out / 'transition.csv'}"


def parts(change: Change, made: Provenance, w: Words) -> list[Part]:
    """What stands on the page: the findings in words, path and figures, and what all that rests on."""
    return [
        opening(change, w),
        *verdict_section(change, w),
        *path_section(change, w),
        *basis.sections(change.scenario, made, w),
    ]


def opening(change: Change, w: Words) -> Part:
    """Title, and which change was followed for how long in how many worlds."""
    return prose.paragraph(
        w,
        "transition.opening",
        title=change.scenario.title or change.scenario.name,
        before=w.label("structure", change.ways.before),
        after=w.label("structure", change.ways.after),
        worlds=w.number(change.replications),
        days=w.number(round(float(change.followed[0][0].days[-1]))),
        currency=change.scenario.currency,
    )


def verdict_section(change: Change, w: Words) -> list[Part]:
    """The finding on each way to change, in words and as a table."""
    return [prose.paragraph(w, "section.verdict"), *map(prose.plain, sentences(change, w)), table(change, w)]


def path_section(change: Change, w: Words) -> list[Part]:
    """The path of each way, as a chart and as a table."""
    return [prose.paragraph(w, "section.path"), chart(change, w), path_table(change, w)]


def as_json(change: Change) -> str:
    """For other programs; days since the change, null where it is not paid back within the run; `against` is the first
    way, null beside itself."""
    rows: list[dict[str, Any]] = []
    others = {each.waves: each for each in between([path for path, _ in change.followed], confidence=CONFIDENCE)}
    for path, found in change.followed:
        low, last, other = int(path.mean.argmin()), path.interval(-1), others.get(path.waves)
        back = {"day": _finite(found.day), "low": _finite(found.low), "high": _finite(found.high), "share": found.share}
        end = {"day": float(path.days[-1]), "mean": last.mean, "low": _finite(last.low), "high": _finite(last.high)}
        rows.append({
            "before": change.ways.before, "after": change.ways.after, "waves": path.waves, "pay_back": back,
            "dip": {"day": float(path.days[low]), "mean": float(path.mean[low])}, "end": end,
            "gain_per_year": float(path.years_gain.mean()), "against": None if other is None else _other(other),
        })  # fmt: skip
    return json.dumps(rows, indent=1, ensure_ascii=False)


def _other(found: Between) -> dict[str, Any]:
    one = found.interval
    chance = _finite(probabilities_better(one, metric="contribution")[0])
    ends = {"mean": one.mean, "low": _finite(one.low), "high": _finite(one.high)}
    return {"waves": found.against, **ends, "probability_better": chance}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
