"""A handout of a workshop: one file with sliders over a grid of organisations that were simulated beforehand.

It needs no Python and no network. Figures, intervals and verdicts are computed here, as in every comparison; the page
only looks them up.
"""

from __future__ import annotations

import html
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from simlib.decide.compare import compare, zone_in_window
from simlib.decide.grid import Tried
from simlib.decide.levers import Lever
from simlib.report import charts, findings
from simlib.report.faults import told
from simlib.report.levers import SLIDERS, value_name
from simlib.report.page import Heading, embeddable, framed
from simlib.report.provenance import footer, stamp
from simlib.report.subject import Subject, by_design
from simlib.report.theme import design_colours
from simlib.report.whatif import SHOWN
from simlib.report.words import Words

SCRIPT = Path(__file__).with_name("handout.js")
PLACES = 3
"""Places after the point of a value in the axis's unit."""
STYLE = """
body { max-width: 1000px }
.levers label { display: block; margin: 0 0 10px }
.levers span { color: #666; font-size: 13px } .levers output { font-weight: 600; float: right }
.levers input, .levers select { width: 100%; margin: 4px 0 0; min-height: 28px; font: inherit }
.levers select + output { display: none }
#said { padding: 8px 10px; background: #EEF3F8; border-left: 4px solid #666; margin: 12px 0; min-height: 4.5em }
#said.better { border-color: #009E73 } #said.worse { border-color: #D55E00 } #said.refused { background: #FFF1E6 }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 8px 24px }
.panel .plot { width: 100% } .panel .text { font-size: 13px; margin: 0 0 6px }
.note { font-size: 12px; color: #666 } button { font: inherit; padding: 6px 12px }
@media (min-width: 800px) {
  .both { display: grid; grid-template-columns: 280px 1fr; gap: 28px }
  .levers { position: sticky; top: 12px; align-self: start }
}
"""


def handout(tried: Tried, *, words: Words, library: str) -> str:
    """The page. `library`: the JavaScript that draws charts (`page.chart_library`)."""
    results, grid = tried.results, tried.grid
    scenario = results.scenario
    shown = replace(results, figures=results.figures[results.figures["metric"].isin(SHOWN)])
    comparison = compare(
        shown, baseline=str(grid.first), zone=zone_in_window(scenario), confidence=scenario.compare.confidence
    )
    subject = Subject(shown, comparison, words)
    panels = [_difference(subject), *(_level(subject, metric) for metric in SHOWN)]
    data = {
        "levers": [[value_name(words, lever.name, value) for value in lever.values] for lever in grid.levers],
        "first": _places(tried),
        "cells": [_cell(number, tried, subject, panels) for number in range(len(grid.states))],
        "specs": [panel.spec for panel in panels],
    }
    made = stamp(scenario, seed=results.seed, replications=results.replications)
    heading = Heading(scenario.title or scenario.name, words.tag, footer(made, words))
    body = _body(tried, subject, panels, json.dumps(data, separators=(",", ":"), ensure_ascii=False))
    return framed(body, heading=heading, library=library, script=SCRIPT.read_text(encoding="utf-8"), style=STYLE)


@dataclass(frozen=True, eq=False)
class Panel:
    """A chart that waits for its rows, and the rows and text of every organisation, by its number."""

    title: str
    spec: dict[str, Any]
    rows: Mapping[str, list[dict[str, Any]]]
    texts: Mapping[str, str]


def _level(subject: Subject, metric: str) -> Panel:
    """A figure at the start and now."""
    w = subject.words
    means, gaps = by_design(subject.means(metric)), by_design(subject.differences(metric))
    start, now = w("handout.start"), w("handout.now")
    size, unit = w.money_axis(_largest(means))
    first = _row(start, means[subject.comparison.baseline], size)
    rows = {design: [first, _row(now, found, size)] for design, found in means.items()}
    texts = {design: w("handout.against", text=str(gaps[design]["text"])) if design in gaps else "" for design in means}
    spec = charts.awaited(unit, domain=_ends(rows), colours=design_colours((start, now)))
    return Panel(subject.metric(metric), embeddable(spec), rows, texts)


def _difference(subject: Subject) -> Panel:
    """The judged figure now less at the start, over the zone in which a difference does not matter."""
    w, figure = subject.words, subject.comparison.figure
    now, zone = w("handout.now"), subject.comparison.zone
    gaps = by_design(subject.differences(figure))
    nothing = {"value": 0.0, "low": 0.0, "high": 0.0, "text": ""}
    gaps = {subject.comparison.baseline: nothing, **gaps}
    size, unit = w.money_axis(max(_largest(gaps), zone))
    rows = {design: [_row(now, found, size)] for design, found in gaps.items()}
    title = w("handout.difference", figure=subject.metric(figure))
    low, high = _ends(rows)
    domain = (min(low, -zone / size), max(high, zone / size))
    colours = {now: design_colours((w("handout.start"), now))[now]}
    spec = charts.awaited(unit, domain=domain, colours=colours, zone=zone / size)
    return Panel(title, embeddable(spec), rows, {design: str(found["text"]) for design, found in gaps.items()})


def _cell(number: int, tried: Tried, subject: Subject, panels: Sequence[Panel]) -> dict[str, Any]:
    """What the page shows of an organisation."""
    w, design = subject.words, str(number)
    if number in tried.refused:
        return {"says": w("handout.cannot", why=told(tried.refused[number], w.language)), "verdict": "refused"}
    says, verdict = w("handout.same"), ""
    if number != tried.grid.first:
        row = by_design(subject.differences(subject.comparison.figure))[design]
        says = findings.told(subject, row, (w("handout.now"), w("handout.start")))
        verdict = {"better": "better", "worse": "worse"}.get(row["verdict"], "")
    return {
        "says": says,
        "verdict": verdict,
        "rows": [panel.rows[design] for panel in panels],
        "texts": [panel.texts[design] for panel in panels],
    }


def _row(label: str, found: Mapping[str, Any], size: float) -> dict[str, Any]:
    ends = {end: round(float(found[end]) / size, PLACES) for end in ("value", "low", "high")}
    return {"label": label, "text": str(found["text"]), **{k: v if math.isfinite(v) else None for k, v in ends.items()}}


def _largest(found: Mapping[str, Mapping[str, Any]]) -> float:
    ends = [abs(float(row[end])) for row in found.values() for end in ("value", "low", "high")]
    return max((end for end in ends if math.isfinite(end)), default=0.0)


def _ends(rows: Mapping[str, list[dict[str, Any]]]) -> tuple[float, float]:
    """Lowest and highest end over all organisations, so that an axis stays where it is while a lever moves."""
    ends = [row[end] for found in rows.values() for row in found for end in ("value", "low", "high")]
    known = [end for end in ends if end is not None]
    return min(known, default=0.0), max(known, default=0.0)


def _places(tried: Tried) -> list[int]:
    """Which value of each lever the start has."""
    start = tried.grid.states[tried.grid.first]
    return [lever.values.index(start[lever.name]) for lever in tried.grid.levers]


def _body(tried: Tried, subject: Subject, panels: Sequence[Panel], data: str) -> str:
    w, scenario = subject.words, subject.results.scenario
    worlds, confidence = w.number(subject.results.replications), w.percent(subject.comparison.confidence, 0)
    count = w.number(len(tried.grid.states))
    zone = w.money(subject.comparison.zone)
    places = zip(tried.grid.levers, _places(tried), strict=True)
    levers = "\n".join(_control(lever, place, w) for lever, place in places)
    plots = "\n".join(
        f'<div class="panel"><h3>{_text(panel.title)}</h3><div class="plot"></div><p class="text"></p></div>'
        for panel in panels
    )
    held = data.replace("<", "\\u003c")
    return f"""<h1>{_text(scenario.title or scenario.name)}</h1>
<p>{_text(w("handout.how", n=count, worlds=worlds))}</p>
<div class="both">
<div class="levers">
{levers}
<button id="reset" type="button">{_text(w("handout.reset"))}</button>
</div>
<div>
<p id="said" role="status"></p>
<div class="panels">
{plots}
</div>
</div>
</div>
<p class="note">{_text(w("handout.note", confidence=confidence, n=count, zone=zone))}</p>
<script type="application/json" id="grid">{held}</script>"""


def _control(lever: Lever, place: int, w: Words) -> str:
    """A slider for values in an order, a list for others."""
    name = _text(w(f"lever.{lever.name}"))
    if lever.name in SLIDERS:
        top = len(lever.values) - 1
        asked = f'<input type="range" data-lever="{lever.name}" min="0" max="{top}" step="1" value="{place}">'
        return f"<label><span>{name}</span> <output></output>{asked}</label>"
    choices = "".join(
        f'<option value="{number}"{" selected" * (number == place)}>{_text(value_name(w, lever.name, value))}</option>'
        for number, value in enumerate(lever.values)
    )
    return f'<label><span>{name}</span><select data-lever="{lever.name}">{choices}</select><output></output></label>'


def _text(text: str) -> str:
    return html.escape(text)
