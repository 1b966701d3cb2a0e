"""Charts on a page that a kernel goes on changing: one widget for all of them, with one copy of the chart library.

Altair's own `JupyterChart` brings the library with every chart, and where five of them take a browser more than two
seconds to read, it draws them once and never again.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import altair as alt
import anywidget
import traitlets

from simlib.report.page import chart_library, embeddable


class LiveCharts(anywidget.AnyWidget):
    """Charts below each other; `show` replaces them."""

    _esm = Path(__file__).with_suffix(".js")
    library = traitlets.Unicode().tag(sync=True)
    waiting = traitlets.Bool(False).tag(sync=True)
    """Whether all but the first chart still show what was before: they are pale then."""
    specs: traitlets.List[Any] = traitlets.List().tag(sync=True)

    def __init__(self) -> None:
        super().__init__(library=chart_library())

    def show(self, charts: Iterable[alt.TopLevelMixin]) -> None:
        """Draw these charts and no others; the first one at once, while the others are still made."""
        made = (embeddable(chart) for chart in charts)
        first = list(islice(made, 1))
        self.waiting = True
        try:
            self.specs = [*first, *self.specs[1:]]
            self.specs = [*first, *made]
        finally:
            self.waiting = False
