"""Management in the report: waits and load layer by layer, what sellers got, and nothing where nothing was measured."""

from dataclasses import replace

import pandas as pd
import pytest

from simlib.report import management
from simlib.report.subject import Subject, open_subject
from simlib.report.theme import themed
from simlib.runs import Results, run
from simlib.scenario import keep_designs, switch_off
from tests.worlds import small

AUTHORITY = {"partition": "region", "layers": 3, "span": 4, "authority": {"rep": 10000.0, "manager": 50000.0}}
ACTIVE = keep_designs(small(organisation=AUTHORITY), ["pyramid", "flat"])


@pytest.fixture(scope="module")
def results() -> Results:
    """Three worlds of a pyramid with a director and of a flat firm without one."""
    return run(ACTIVE, seed=3, replications=3)


@pytest.fixture(scope="module", params=["en", "zh"])
def subject(request: pytest.FixtureRequest, results: Results) -> Subject:
    """The same in each language."""
    return open_subject(results, language=request.param)


def of_part(results: Results, level: str, group: str, metric: str) -> pd.Series:
    """Means over the worlds by design, made by hand."""
    found = results.breakdown
    found = found[(found["level"] == level) & (found["group"] == group) & (found["metric"] == metric)]
    return found.groupby("design")["value"].mean()


def test_every_layer_has_its_wait_and_its_load(subject: Subject, results: Results) -> None:
    """The table's cells are the means of the breakdown; a design without the layer has a dash."""
    w, table = subject.words, management.by_layer(subject)
    rows = {(row[0], row[1]): row[2:] for row in table.rows}
    assert {len(row) for row in table.rows} == {len(table.headers)} == {4}
    wait, load = subject.metric("approval_wait_hours"), w("org.legend")
    for role in ("manager", "director"):
        for name, metric, unit in ((wait, "approval_wait_hours", "hours"), (load, "utilisation", "share")):
            means = of_part(results, "role", role, metric)
            cells = rows[w.label("role", role), name]
            assert cells[0].split("\n")[0] == w.value(means["pyramid"], unit)
            assert cells[1].split("\n")[0] == (w.value(means["flat"], unit) if "flat" in means else "–")
    assert rows[w.label("role", "director"), load][1] == "–"
    assert (w.label("role", "chief"), load) not in rows


def test_meetings_are_counted_by_rep_and_week(subject: Subject, results: Results) -> None:
    """Reps' hours of the window's five weeks, over the reps of the design."""
    hours = of_part(results, "activity", "meeting", "hours")
    reps = {design: len(organisation.reps) for design, organisation in results.organisations.items()}
    (row,) = [row for row in management.by_layer(subject).rows if row[1] == subject.words("management.meetings")]
    shown = [cell.split("\n")[0] for cell in row[2:]]
    assert shown == [subject.words.value(hours[d] / reps[d] / 5, "hours") for d in subject.designs]


def test_the_chart_has_a_panel_for_each_layer_that_is_asked(subject: Subject) -> None:
    """Managers and the director; designs without a director keep their row, without a dot."""
    (chart,) = management.waits(subject)
    spec = themed(chart)
    titles = [panel["layer"][0]["encoding"]["x"]["title"] for panel in spec["concat"]]
    assert [title.split()[0].split("（")[0] for title in titles] == [
        subject.words.label("role", role) for role in ("manager", "director")
    ]


def test_what_was_not_measured_is_not_shown() -> None:
    """Without help, coaching, meetings, approval only the load of bosses stays; without bosses there is no section."""
    quiet = switch_off(ACTIVE, "help", "coaching", "coordination", "approval")
    subject = open_subject(run(quiet, seed=3, replications=2))
    assert {row[1] for row in management.by_layer(subject).rows} == {subject.words("org.legend")}
    assert management.waits(subject) == []
    assert len(management.section(subject)) == 2
    results = subject.results
    nobody = results.breakdown[results.breakdown["level"] != "role"].reset_index(drop=True)
    assert management.section(open_subject(replace(results, breakdown=nobody))) == []
