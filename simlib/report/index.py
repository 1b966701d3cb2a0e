"""How does a batch look at a glance? One page that needs no network: runs, verdicts, figures, failures, reports.

Rows can be filtered by words, state, verdict, scenario and each value tried. Whatever a user named is text.
"""

from __future__ import annotations

import html
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias
from urllib.parse import quote

from babel.core import Locale

from simlib.errors import SimlibError
from simlib.report.faults import told
from simlib.report.page import POLICY
from simlib.report.theme import FONT
from simlib.report.verdicts import KeyFigure
from simlib.report.words import NONE, Words

State: TypeAlias = Literal["done", "failed", "waiting"]
"""Made; gone wrong; not made, or made from other inputs than those asked for now."""
STATES: tuple[State, ...] = ("done", "failed", "waiting")

STYLE = """
* { box-sizing: border-box }
body { font: 14px/1.45 FONT; color: #222; margin: 24px auto; max-width: 1280px; padding: 0 20px }
h1 { font-size: 22px; margin: 0 0 4px; overflow-wrap: anywhere }
p { margin: 4px 0; color: #555; overflow-wrap: anywhere }
form { display: flex; flex-wrap: wrap; gap: 8px 16px; margin: 16px 0 8px; align-items: end }
label { font-size: 12px; color: #555 }
input, select { display: block; font: inherit; padding: 3px 6px; border: 1px solid #999; max-width: 260px }
table { border-collapse: collapse; width: 100% }
th { text-align: left; font-size: 12px; border-bottom: 1.5px solid #666; padding: 4px 10px 4px 0 }
td { padding: 6px 10px 6px 0; vertical-align: top; overflow-wrap: anywhere }
tbody.run + tbody.run > tr:first-child > td { border-top: 1px solid #e3e3e3 }
tr.told > td { padding: 0 }
td.plain, td.plain * { white-space: nowrap }
td table td { padding: 0 10px 2px 0; font-size: 13px }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.failed { color: #A33B00; font-weight: 600 } .waiting { color: #666 } .done { color: #00664A }
.error { margin: 0 0 10px; padding: 6px 10px; background: #FBF0EA; color: #222; white-space: pre-wrap;
  overflow-wrap: anywhere; font: 12px/1.4 ui-monospace, Consolas, monospace; max-height: 16em; overflow: auto }
[hidden] { display: none }
@page { size: A4 landscape; margin: 12mm }
@media print { form { display: none } body { margin: 0; max-width: none; font-size: 9pt } .error { max-height: none } }
"""
FILTER = """
const runs = [...document.querySelectorAll("tbody.run")], choices = [...document.querySelectorAll("select")];
const words = document.querySelector("input"), count = document.querySelector("output");
function filter() {
  const wanted = words.value.trim().toLowerCase();
  const fits = run => {
    const facets = JSON.parse(run.dataset.facets);
    return choices.every(one => !one.value || facets[one.name].includes(one.value))
      && run.textContent.toLowerCase().includes(wanted);
  };
  for (const run of runs) run.hidden = !fits(run);
  count.textContent = `${runs.filter(run => !run.hidden).length} / ${runs.length}`;
}
document.querySelector("form").addEventListener("input", filter);
document.querySelector("form").addEventListener("submit", event => event.preventDefault());
filter();
"""


@dataclass(frozen=True)
class Report:
    """A report of a run in one language. Paths are relative to the index, parts parted by `/`."""

    language: str
    state: State
    seconds: float
    files: Mapping[str, str]
    """What to open, by what it is called (`HTML`)."""
    error: str = ""


@dataclass(frozen=True)
class Run:
    """A scenario with one combination of values."""

    scenario: str
    values: Mapping[str, str]
    """The combination, by path."""
    seconds: float
    """That its simulation took."""
    figures: tuple[KeyFigure, ...]
    reports: tuple[Report, ...]
    error: str = ""
    """Why the simulation failed."""

    @property
    def state(self) -> State:
        """Failed if anything failed, and done only if all is."""
        found = {report.state for report in self.reports}
        return "failed" if "failed" in found else "waiting" if "waiting" in found else "done"

    def errors(self, language: str) -> list[str]:
        """What went wrong, once each; what a user can mend in a language."""
        parts = [("", self.error), *((f"{report.language}: ", report.error) for report in self.reports)]
        return list(dict.fromkeys(f"{of}{told(SimlibError(error), language)}" for of, error in parts if error))


@dataclass(frozen=True)
class Facts:
    """What holds for all runs of a batch."""

    name: str
    notebook: str
    seed: int
    replications: int
    version: str
    """Of simlib."""


def tally(runs: Iterable[Run], w: Words) -> str:
    """How many reports are done, failed, and not made yet, in a sentence."""
    states = [report.state for run in runs for report in run.reports]
    counts = [(state, states.count(state)) for state in STATES]
    told = [w(f"batch.tally.{state}", count=w.number(count)) for state, count in counts if count]
    return w("batch.tally", count=w.number(len(states)), parts=w.listing(told))


def index_page(runs: Sequence[Run], facts: Facts, w: Words) -> str:
    """The index of a batch as an HTML page."""
    title = w("batch.title", name=facts.name)
    line = w(
        "batch.facts",
        notebook=facts.notebook,
        seed=str(facts.seed),
        worlds=w.number(facts.replications),
        version=facts.version,
    )
    paths = list(dict.fromkeys(path for run in runs for path in run.values))
    judged = w.listing(dict.fromkeys(w.label("metric", figure.metric) for run in runs for figure in run.figures))
    verdict = w("batch.verdict_on", figure=judged) if judged else w("batch.verdict")
    heads = [w("batch.scenario"), *paths, w("batch.state"), verdict, w("batch.reports"), w("batch.time")]
    bodies = "\n".join(_run(run, paths, w) for run in runs)
    return (
        f'<!DOCTYPE html>\n<html lang="{_text(w.tag)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title)}</title>\n<style>{STYLE.replace('FONT', FONT)}</style>\n</head>\n<body>\n"
        f"<h1>{_own(title)}</h1>\n<p>{_text(tally(runs, w))}</p>\n<p>{_text(line)}</p>\n{_filters(runs, paths, w)}\n"
        f"<table>\n<thead><tr>{''.join(f'<th>{_own(head)}</th>' for head in heads)}</tr></thead>\n{bodies}\n</table>\n"
        f"<script>{FILTER}</script>\n</body>\n</html>\n"
    )


def _filters(runs: Sequence[Run], paths: Sequence[str], w: Words) -> str:
    """A field for words, and a choice for everything in which the runs differ."""
    fields = [("scenario", w("batch.scenario"), {run.scenario: run.scenario for run in runs})]
    for number, path in enumerate(paths):
        values = [run.values[path] for run in runs if path in run.values]
        fields.append((f"value{number}", path, {value: value for value in values}))
    states = {run.state for run in runs}
    fields.append(
        ("state", w("batch.state"), {state: w(f"batch.state.{state}") for state in STATES if state in states})
    )
    verdicts = [figure.verdict for run in runs for figure in run.figures if figure.difference is not None]
    fields.append(("verdict", w("batch.verdict"), {verdict: w(verdict) for verdict in verdicts}))
    choices = "".join(_choice(name, title, options, w) for name, title, options in fields if len(options) > 1)
    words = f'<label>{_text(w("batch.words"))}<input type="search"></label>'
    return f"<form>{words}{choices}<output></output></form>"


def _choice(name: str, title: str, options: Mapping[str, str], w: Words) -> str:
    listed = "".join(f'<option value="{_text(value)}">{_text(shown)}</option>' for value, shown in options.items())
    every = f'<option value="">{_text(w("batch.all"))}</option>'
    return f'<label>{_own(title)}<select name="{name}">{every}{listed}</select></label>'


def _run(run: Run, paths: Sequence[str], w: Words) -> str:
    facets = {
        "scenario": [run.scenario],
        "state": [run.state],
        "verdict": [figure.verdict for figure in run.figures],
        **{f"value{number}": [run.values.get(path, "")] for number, path in enumerate(paths)},
    }
    values = "".join(f"<td>{_own(run.values.get(path, NONE))}</td>" for path in paths)
    errors = "".join(
        f'<tr class="told"><td colspan="{len(paths) + 5}"><div class="error" dir="auto">{_text(error)}</div></td></tr>'
        for error in run.errors(w.language)
    )
    seconds = run.seconds + sum(report.seconds for report in run.reports)
    return (
        f'<tbody class="run" data-facets="{_text(json.dumps(facets, ensure_ascii=False))}">'
        f"<tr><td>{_own(run.scenario)}</td>{values}"
        f'<td class="plain {run.state}">{_text(w(f"batch.state.{run.state}"))}</td>'
        f"<td>{_verdicts(run.figures, w)}</td>"
        f'<td class="plain">{"".join(_links(report, w) for report in run.reports)}</td>'
        f'<td class="number">{_text(w("batch.seconds", seconds=w.number(seconds))) if seconds else NONE}</td></tr>'
        f"{errors}</tbody>"
    )


def _verdicts(figures: Sequence[KeyFigure], w: Words) -> str:
    """The judged figure of each design, its difference from the baseline, and what that proves."""
    rows = []
    for figure in figures:
        speech = replace(w, currency=figure.currency)
        low, high = _number(figure.low), _number(figure.high)
        gap = speech.signed(_number(figure.difference), figure.unit)
        interval = speech.interval(low, high, figure.unit, show=speech.signed)
        cells = (
            f"<td>{_own(w.label('structure', figure.design))}</td>",
            f'<td class="number">{_text(speech.value(_number(figure.value), figure.unit))}</td>',
            f'<td class="number">{_text(gap)}</td><td class="number">{_text(interval)}</td>',
            f'<td class="plain">{_text(w(figure.verdict))}</td>',
        )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(rows)}</table>" if rows else NONE


def _links(report: Report, w: Words) -> str:
    """What can be opened of a report; its state, if that is nothing."""
    language = Locale.parse(report.language).get_language_name(report.language)
    state = f'<span class="{report.state}">{_text(w(f"batch.state.{report.state}"))}</span>'
    links = [f'<a href="{_text(quote(path))}">{_text(name)}</a>' for name, path in report.files.items()]
    shown = [*([] if report.state == "done" else [state]), *links]
    return f"<div>{_text(str(language).capitalize())}: {' · '.join(shown)}</div>"


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _text(text: str) -> str:
    return html.escape(text)


def _own(text: str) -> str:
    """What a user may have named: its direction of writing stays its own affair."""
    return f"<bdi>{html.escape(text)}</bdi>"
