"""The page of a workshop: levers as sliders, charts that answer, a reference that is kept.

It works in JupyterLab and as a Voila page. Charts are set, never printed: a Voila page whose kernel was warmed up
beforehand loses what is printed into an output.
"""

from __future__ import annotations

import html
from dataclasses import replace
from typing import Any

import ipywidgets

from simlib.decide.levers import DESIGN, Lever, State, Value, levers, settings
from simlib.errors import SimlibError
from simlib.report import whatif
from simlib.report.faults import told
from simlib.report.levers import SLIDERS, value_name
from simlib.report.live_charts import LiveCharts
from simlib.report.theme import FONT
from simlib.report.words import Words, words
from simlib.runs.bench import Bench, open_bench
from simlib.scenario import Scenario, load_scenario

WORLDS = (8, 20, 40)
"""Numbers of worlds to choose from: the first answers at once, from the second on there is a verdict."""
TEXT = f"font: 14px/1.45 {FONT}"
TOLD, REFUSED = "#EEF3F8", "#FFF1E6"
"""Ground of an answer, and of what cannot be."""


class Workshop:
    """Where the levers stand, what was kept, and the page that shows both."""

    def __init__(self, scenario: Scenario, w: Words, *, seed: int, worlds: int, workers: int) -> None:
        self.scenario, self.words, self.seed, self.workers = scenario, w, seed, workers
        start = settings(scenario, scenario.baseline)
        self.controls = {lever.name: _control(lever, start, w) for lever in levers(scenario)}
        counts = sorted({worlds, *WORLDS})
        self.worlds = ipywidgets.Dropdown(
            options=[(w.number(n), n) for n in counts], value=worlds, description=w("workshop.worlds"), style=_STYLE
        )
        self.keep = ipywidgets.Button(description=w("workshop.keep"))
        self.back = ipywidgets.Button(description=w("workshop.back"))
        self.said, self.reference = ipywidgets.HTML(), ipywidgets.HTML()
        self.charts = LiveCharts()
        self.kept = self.state
        self._benches: dict[int, Bench] = {}
        self._tried: dict[tuple[int, tuple[tuple[str, Value], ...]], whatif.Trial] = {}
        self._listen()
        self.worlds.observe(self._show, "value")
        self.keep.on_click(self._keep)
        self.back.on_click(self._back)
        self._show()

    @property
    def state(self) -> dict[str, Value]:
        """Where the levers stand now."""
        return {name: control.value for name, control in self.controls.items()}

    @property
    def page(self) -> ipywidgets.Widget:
        """Everything, to be shown."""
        w = self.words
        opening = f"<h2>{html.escape(self.scenario.title or self.scenario.name)}</h2><p>{w('workshop.how')}</p>"
        tries = "".join(f"<li>{line}</li>" for line in w("workshop.try").splitlines())
        notes = ipywidgets.HTML(f"<div style='{TEXT}'><b>{w('workshop.tries')}</b><ul>{tries}</ul></div>")
        buttons = ipywidgets.HBox([self.keep, self.back])
        left = [*self.controls.values(), self.worlds, buttons, self.reference, notes]
        narrow, wide = ipywidgets.Layout(flex="0 0 360px"), ipywidgets.Layout(flex="1 1 600px", min_width="0")
        both = [ipywidgets.VBox(left, layout=narrow), ipywidgets.VBox([self.said, self.charts], layout=wide)]
        row = ipywidgets.HBox(both, layout=ipywidgets.Layout(flex_flow="row wrap"))
        return ipywidgets.VBox([ipywidgets.HTML(f"<div style='{TEXT}'>{opening}</div>"), row])

    def _show(self, _change: Any = None) -> None:
        """Try what the levers make, and show it beside what was kept; what cannot be is told in words."""
        w = self.words
        self.said.value = _box(w("workshop.busy"), TOLD)
        try:
            now, kept = self._trial(self.state), self._trial(self.kept)
            subject = whatif.against(now, kept, bench=self._bench(), scenario=self.scenario, words=w)
        except SimlibError as error:
            self.said.value = _box(w("workshop.cannot", why=told(error, w.language)), REFUSED)
            return
        self.said.value = _box(whatif.answer(subject), TOLD)
        stands = [f"{w(f'lever.{name}')} {value_name(w, name, value)}" for name, value in self.kept.items()]
        self.reference.value = _box(w("workshop.reference", what=w("join.apart").join(stands)), TOLD)
        self.charts.show(whatif.shown(subject))

    def _trial(self, state: State) -> whatif.Trial:
        key = self.worlds.value, tuple(state.items())
        if key not in self._tried:
            self._tried[key] = whatif.trial(self._bench(), self.scenario, state)
        return self._tried[key]

    def _bench(self) -> Bench:
        count = self.worlds.value
        if count not in self._benches:
            bench = open_bench(self.scenario, seed=self.seed, replications=count, workers=self.workers)
            self._benches[count] = bench
        return self._benches[count]

    def _listen(self) -> None:
        for name, control in self.controls.items():
            control.observe(self._restart if name == DESIGN else self._show, "value")

    def _set(self, state: State) -> None:
        """Move all levers, and answer once."""
        for name, control in self.controls.items():
            control.unobserve(self._restart if name == DESIGN else self._show, "value")
            control.value = state.get(name, control.value)
        self._listen()
        self._show()

    def _restart(self, change: Any) -> None:
        """Another design to start from: all levers stand where it has them."""
        self._set({**self.state, **settings(self.scenario, change["new"])})

    def _keep(self, _button: Any) -> None:
        self.kept = self.state
        self._show()

    def _back(self, _button: Any) -> None:
        self._set(self.kept)


_STYLE = {"description_width": "120px"}


def _control(lever: Lever, start: State, w: Words) -> ipywidgets.Widget:
    """The widget of a lever; it tells its value when it is let go."""
    options = [(value_name(w, lever.name, value), value) for value in lever.values]
    facts: dict[str, Any] = {
        "options": options,
        "value": start.get(lever.name, lever.values[0]),
        "description": w(f"lever.{lever.name}"),
        "style": _STYLE,
        "layout": ipywidgets.Layout(width="345px"),
    }
    if lever.name in SLIDERS:
        return ipywidgets.SelectionSlider(continuous_update=False, **facts)
    return ipywidgets.Dropdown(**facts)


def _box(text: str, ground: str) -> str:
    inner = html.escape(text)
    return f"<div class='simlib-said' style='{TEXT}; background: {ground}; padding: 6px 10px'>{inner}</div>"


def open_workshop(
    scenario: str, *, language: str = "en", worlds: int = WORLDS[0], seed: int = 1, workers: int = 1
) -> Workshop:
    """The workshop of a scenario file; SimlibError if the scenario cannot be read or its baseline not be laid out."""
    found = load_scenario(scenario)
    w = replace(words(language), currency=found.currency)
    return Workshop(found, w, seed=seed, worlds=worlds, workers=workers)
