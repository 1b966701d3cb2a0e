"""Channels in the report: which way customers go, and nothing where no design has channels."""

import pytest

from simlib.report import channels
from simlib.report.page import Heading, page_of
from simlib.report.subject import Subject, open_subject
from simlib.report.table import Table
from simlib.report.theme import themed
from simlib.runs import Results, run
from simlib.scenario import keep_designs, vary
from tests.report.conftest import HOSTILE
from tests.worlds import CHANNELS, small


@pytest.fixture(scope="module")
def results() -> Results:
    """One design without channels and two with, in four worlds."""
    scenario = vary(small(), {"designs.flat.channels": ["force", "dealers"]})
    return run(keep_designs(scenario, ["pyramid", "flat", "channels"]), seed=3, replications=4)


@pytest.fixture(scope="module", params=["en", "zh"])
def subject(request: pytest.FixtureRequest, results: Results) -> Subject:
    """The same in each language."""
    return open_subject(results, language=request.param)


def test_the_table_has_every_open_channel_and_who_buys_nowhere(subject: Subject, results: Results) -> None:
    """Means over worlds, by hand; a dash where a design lacks a channel, or has none."""
    w, parts = subject.words, results.breakdown
    rows = {row[:2]: row[2:] for row in channels.by_channel(subject).rows}
    parts = parts[(parts["level"] == "channel") & (parts["metric"] == "value")].astype({"design": "object"})
    names = {**{name: name for name in CHANNELS}, "nowhere": w("channel.nowhere")}
    for group, name in names.items():
        cells = rows[name, w("channel.value")]
        for design, cell in zip(subject.designs, cells, strict=True):
            mine = parts[(parts["group"] == group) & (parts["design"] == design)]["value"]
            assert cell.split("\n")[0] == (w.money(mine.sum() / 4) if len(mine) else "–"), (group, design)
    assert rows["site", w("channel.value")][:2] == ("–", "–")
    assert (names["nowhere"], w("channel.extra_share")) not in rows


def test_the_chart_compares_designs_that_have_channels(subject: Subject) -> None:
    """Shares of each bar add up to 100, the design without channels has no bar, and the title names two that have."""
    _, chart, _ = channels.section(subject)
    spec = themed(chart)
    cells = max(spec["datasets"].values(), key=len)
    assert {cell["label"] for cell in cells} == {subject.name("flat"), subject.name("channels")}
    for label in {cell["label"] for cell in cells}:
        assert sum(cell["value"] for cell in cells if cell["label"] == label) == pytest.approx(100)


def test_nothing_is_shown_where_nobody_has_channels(results: Results) -> None:
    """No heading over nothing."""
    scenario = vary(keep_designs(small(), ["pyramid", "flat"]), {"channels": {}})
    assert channels.section(open_subject(run(scenario, seed=3, replications=1))) == []


def test_a_channel_may_have_any_name() -> None:
    """Markup in a name is shown, not obeyed."""
    named = {HOSTILE: CHANNELS["site"], "x" * 300: CHANNELS["force"]}
    designs = {"channels": {"structure": "flat", "channels": list(named)}}
    parts = channels.section(open_subject(run(small(channels=named, designs=designs), seed=3, replications=2)))
    page = page_of(parts, heading=Heading("t", "en", "f"), library="")
    assert "<script>alert" not in page
    assert isinstance(parts[-1], Table)
    assert HOSTILE in {row[0] for row in parts[-1].rows}
