"""A change of designs told: how deep it dips, when it is paid back, and its path as a chart."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path as File
from typing import Any

import altair as alt
import pandas as pd

from simlib.decide.transition import Path, PayBack, Ways
from simlib.decide.verdict import WORLDS_FOR_A_VERDICT
from simlib.report.table import Table
from simlib.report.theme import DESIGN_COLOURS, GREY, WIDTH, themed, title
from simlib.report.words import Words

Followed = Sequence[tuple[Path, PayBack]]
"""Each way to change, and when it is paid back."""


def told(followed: Followed, ways: Ways, w: Words) -> str:
    """For a terminal: one row for each way to change, and a sentence on each."""
    heads = tuple(w(f"transition.{name}") for name in ("way", "dip", "dip_day", "pay_back", "share", "end", "gain"))
    table = Table(heads, tuple(_row(path, found, w) for path, found in followed))
    worlds = len(followed[0][0].sums)
    few = [w("transition.few", worlds=w.number(worlds))] if worlds < WORLDS_FOR_A_VERDICT else []
    return "\n".join([f"{table}\n", *(headline(path, found, ways, w) for path, found in followed), *few])


def _row(path: Path, found: PayBack, w: Words) -> tuple[str, ...]:
    low, last = int(path.mean.argmin()), path.interval(-1)
    gain = float(path.years_gain.mean())
    return (
        _way(path.waves, w),
        w.signed(float(path.mean[low]), "money"),
        _day(float(path.days[low]), w),
        f"{_day(found.day, w)} ({w('interval.from_to', low=_day(found.low, w), high=_day(found.high, w))})",
        w.probability(found.share),
        f"{w.signed(last.mean, 'money')} ({w.interval(last.low, last.high, 'money', show=w.signed)})",
        w.signed(gain, "money"),
    )


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


def chart(followed: Followed, ways: Ways, w: Words) -> alt.TopLevelMixin:
    """Difference from staying, added up from the day of the change, with its 95% interval, one line for each way."""
    scale, unit = w.money_axis(max(float(abs(path.sums).max()) for path, _ in followed))
    rows = [
        {"way": _way(path.waves, w), "day": float(day), "mean": one.mean / scale, "low": one.low / scale,
         "high": one.high / scale}
        for path, _ in followed
        for step, day in enumerate(path.days)
        for one in [path.interval(step)]
    ]  # fmt: skip
    names = [_way(path.waves, w) for path, _ in followed]
    colours = alt.Scale(domain=names, range=list(DESIGN_COLOURS[: len(names)]))
    axis = w("transition.axis", unit=unit)
    base = alt.Chart(pd.DataFrame(rows)).encode(
        x=alt.X("day:Q", title=w("transition.days_since")),
        color=alt.Color("way:N", scale=colours, sort=None, title=None, legend=alt.Legend(symbolOpacity=1)),
    )
    band = base.mark_area(opacity=0.18).encode(y=alt.Y("low:Q", title=axis), y2="high:Q")
    line = base.mark_line(strokeWidth=2.5).encode(y=alt.Y("mean:Q", title=axis))
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=GREY, strokeDash=[4, 3]).encode(y="zero:Q")
    first, found = followed[0]
    return alt.layer(band, zero, line).properties(
        width=WIDTH, height=300, title=title(headline(first, found, ways, w), w("transition.how_to_read"))
    )


def saved(followed: Followed, ways: Ways, out: File, w: Words) -> str:
    """Write the chart (HTML that opens without a network) and the paths (CSV); tells where."""
    import vl_convert  # takes long to load

    out.mkdir(parents=True, exist_ok=True)
    page = vl_convert.vegalite_to_html(themed(chart(followed, ways, w)), bundle=True)
    (out / "transition.html").write_text(page, encoding="utf-8")
    rows = [
        {"waves": path.waves, "day": float(day), "mean": one.mean, "low": one.low, "high": one.high}
        for path, _ in followed
        for step, day in enumerate(path.days)
        for one in [path.interval(step)]
    ]
    pd.DataFrame(rows).to_csv(out / "transition.csv", index=False)
    return f"{out / 'transition.html'}\n{out / 'transition.csv'}"


def as_json(followed: Followed, ways: Ways) -> str:
    """For other programs; days since the change, null where it is not paid back within the run."""
    rows: list[dict[str, Any]] = []
    for path, found in followed:
        low, last = int(path.mean.argmin()), path.interval(-1)
        back = {"day": _finite(found.day), "low": _finite(found.low), "high": _finite(found.high), "share": found.share}
        end = {"day": float(path.days[-1]), "mean": last.mean, "low": _finite(last.low), "high": _finite(last.high)}
        rows.append({
            "before": ways.before, "after": ways.after, "waves": path.waves, "pay_back": back,
            "dip": {"day": float(path.days[low]), "mean": float(path.mean[low])}, "end": end,
            "gain_per_year": float(path.years_gain.mean()),
        })  # fmt: skip
    return json.dumps(rows, indent=1, ensure_ascii=False)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
