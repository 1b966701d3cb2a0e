"""The charts of a report: what they show, in which colours, and what their titles say."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simlib.report import findings, pictures
from simlib.report.org_chart import MOST_ROWS, Load, boxes, org_chart, second_reports
from simlib.report.subject import Subject, distinct, only, open_subject
from simlib.report.theme import DESIGN_COLOURS, KNOWN_DESIGNS, WIDTH, design_colours, themed
from simlib.report.width import columns, wrapped
from simlib.report.words import words
from simlib.runs.results import Results
from simlib.scenario.designs import PRESETS

PICTURES = ("differences", "levels", "targets", "funnel", "hours", "costs", "organisations")


@pytest.fixture(scope="module", params=["en", "zh"])
def subject(request: pytest.FixtureRequest, results: Results) -> Subject:
    """The synthetic run in each language."""
    return open_subject(results, language=request.param)


def walk(spec: Any) -> Iterator[dict[str, Any]]:
    """Every mapping inside a specification."""
    if isinstance(spec, dict):
        yield spec
        for value in spec.values():
            yield from walk(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from walk(value)


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_is_a_valid_chart_with_a_headline(subject: Subject, name: str) -> None:
    """Each is accepted by the chart language's schema and says something."""
    charts = getattr(pictures, name)(subject)
    assert charts
    for chart in charts:
        assert "".join(themed(chart)["title"]["text"])


def test_a_design_has_one_colour_throughout(subject: Subject) -> None:
    """The reader learns a colour once."""
    seen: dict[str, set[str]] = {}
    for name in ("differences", "levels", "targets"):
        for part in walk(themed(getattr(pictures, name)(subject)[0])):
            scale = part.get("color", {}).get("scale") if isinstance(part.get("color"), dict) else None
            for label, colour in zip((scale or {}).get("domain", []), (scale or {}).get("range", []), strict=True):
                seen.setdefault(label, set()).add(colour)
    assert seen == {subject.name(d): {DESIGN_COLOURS[i]} for i, d in enumerate(subject.designs)}


def test_differences_show_the_zone_and_the_verdicts(results: Results) -> None:
    """The band is the zone of indifference in the axis's unit: half a million a half-year, in millions."""
    subject = open_subject(results)
    spec = themed(pictures.differences(subject)[0])
    rows = [row for data in spec["datasets"].values() for row in data]
    (band,) = [row for row in rows if "from" in row]
    zone = subject.comparison.zone / 1e6
    assert (band["from"], band["to"]) == (pytest.approx(-zone), pytest.approx(zone))
    verdicts = {row["label"]: row["verdict"] for row in rows if "verdict" in row}
    assert verdicts["flat"] == "better"
    assert verdicts["product line"] == "worse"
    assert verdicts["customer type"] == "no difference that matters"


def test_the_hours_of_a_design_are_a_column_of_shares(subject: Subject) -> None:
    """A heat map with a column per design, whose shares of paid hours add up to the whole, each written in its cell."""
    spec = themed(pictures.hours(subject)[0])
    rows = [row for data in spec["datasets"].values() for row in data]
    sums: dict[str, float] = {}
    for row in rows:
        sums[row["label"]] = sums.get(row["label"], 0.0) + row["value"]
        assert row["inside"] == (subject.words.percent(row["value"], 0) if row["value"] else "")
    assert list(sums) == [subject.name(design) for design in subject.designs]
    assert list(sums.values()) == pytest.approx([1.0] * len(sums), abs=0.005)
    assert spec["width"] <= WIDTH


def test_a_structure_has_the_same_colour_in_every_report() -> None:
    """Whatever stands beside it, as long as another has not taken it; no colour is used twice before all are."""
    first, second = design_colours(["mine", "flat", "pyramid"]), design_colours(["pooled", "pyramid", "theirs", "flat"])
    assert {first[name] == second[name] for name in ("flat", "pyramid")} == {True}
    assert len(set(first.values())) == 3
    assert len(set(second.values())) == 4
    assert set(KNOWN_DESIGNS) == set(PRESETS)
    assert len(set(design_colours(PRESETS).values())) == len(DESIGN_COLOURS)


def test_what_channels_lost_is_drawn_beside_the_direct_loss(results: Results) -> None:
    """One chart for each measure of conflict in which somebody lost something."""
    key = results.breakdown[["design", "replication"]].drop_duplicates()
    lost = key.assign(level="conflict", group="showrooming", metric="money_channels", value=5000.0, unit="money")
    more = replace(results, breakdown=pd.concat([results.breakdown, lost], ignore_index=True))
    assert [len(pictures.conflict(open_subject(each))) for each in (results, more)] == [1, 2]
    chart = themed(pictures.conflict(open_subject(more))[1])
    assert any("outlets and partners lost" in line for line in chart["title"]["subtitle"])


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        ("east", "east"),
        ("machine / east + machine / north + machine / south", "machine / east + north + south"),
        ("machine / east + service / north + service / southwest", "3 units"),
        ("a single unit whose name is longer than any box", "a single unit whose name is longer than any box"),
    ],
)
def test_a_unit_of_several_fits_into_its_box(unit: str, shown: str) -> None:
    """What its parts share is said once; else only how many they are."""
    boss = Seat("boss", "manager", unit, None, None)
    spec = themed(org_chart([boss], load=Load({}, {}), headline="h", words=words("en")))
    (cell,) = [row for data in spec["datasets"].values() for row in data if "first" in row]
    assert cell["first"] == f"manager, {shown}"
    assert cell["full"] == f"manager, {unit}"


@dataclass(frozen=True)
class Seat:
    """A position of a chart."""

    id: str
    role: str
    unit: str
    boss: str | None
    second_boss: str | None


def test_a_large_organisation_fits_on_a_page(make_results: Callable[..., Results]) -> None:
    """Peers share a box: 300 reps take no more rows than a page has, and everybody is in some box."""
    results = make_results(reps=300, replications=1)

    def members(box: Any) -> Iterator[str]:
        yield from (member.id for member in box.members)
        for under in box.below:
            yield from members(under)

    for organisation in results.organisations.values():
        tops = boxes(organisation.positions)
        shown = [member for top in tops for member in members(top)]
        assert sorted(shown) == sorted(position.id for position in organisation.positions)
        assert sum(top.rows for top in tops) <= MOST_ROWS


def test_second_bosses_and_pools_have_boxes_of_their_own(make_results: Callable[..., Results]) -> None:
    """However large the firm, second bosses are never put together with the first line's, nor pools with anybody."""
    results = make_results(reps=200, replications=1, designs=("matrix", "hybrid"))

    def walk_boxes(tops: Any) -> Iterator[Any]:
        for box in tops:
            yield box
            yield from walk_boxes(box.below)

    for organisation in results.organisations.values():
        second = {position.second_boss for position in organisation.positions} - {None}
        for box in walk_boxes(boxes(organisation.positions)):
            assert len({member.id in second for member in box.members}) == 1
            assert len({member.role == "support" for member in box.members}) == 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_second_bosses_and_pools_are_marked_and_said(make_results: Callable[..., Results], language: str) -> None:
    """A dashed outline with the number of those who report too, a dotted one for a pool, and a line that tells."""
    results = make_results(reps=20, replications=2, designs=("matrix", "hybrid", "flat"))
    subject = open_subject(results, language=language)
    w = subject.words
    for design, kind in (("matrix", "second"), ("hybrid", "pool"), ("flat", "")):
        spec = themed(pictures.organisation(subject, design))
        assert spec["title"]["subtitle"] == ([w(f"org.{kind}")] if kind else [])
        dashed = [layer["mark"]["strokeDash"] for layer in spec["layer"] if "strokeDash" in layer["mark"]]
        assert len(dashed) == bool(kind)
        assert spec["width"] <= 660
    cells = [row for data in themed(pictures.organisation(subject, "matrix"))["datasets"].values() for row in data]
    told = [row["second"] for row in cells if row.get("kind") == "second"]
    counts = second_reports(results.organisations["matrix"].positions)
    assert len(told) == len(counts) == 2
    assert sum(counts.values()) == len(results.organisations["matrix"].reps)
    assert all(
        any(text.endswith(w("org.busy_second", share="", n=str(n))[-8:]) for text in told) for n in counts.values()
    )


def test_layers_are_counted_without_support_staff(make_results: Callable[..., Results]) -> None:
    """A pool is no layer of the line."""
    subject = open_subject(make_results(reps=20, replications=1, designs=("hybrid",)))
    assert "in 3 layers" in findings.organisation(subject, "hybrid")


def test_findings_name_the_extremes(results: Results) -> None:
    """Titles are computed: the largest and smallest, the part that differs most, the step that loses most."""
    subject = open_subject(results)
    assert findings.verdicts(subject).startswith("Better than pyramid: flat and ")
    assert "Worse than pyramid: product line." in findings.verdicts(subject)
    assert "product line least (¥3.59M)" in findings.levels(subject)
    assert "travel, 12% of paid hours in pyramid" in "".join(themed(pictures.hours(subject)[0])["title"]["text"])
    funnel = " ".join(themed(pictures.funnel(subject)[0])["title"]["text"])
    assert "most are lost between needs and leads" in funnel


def test_a_contrast_that_luck_explains_is_no_finding(make_results: Callable[..., Results]) -> None:
    """Where all designs spend their hours alike but for luck no part is named, nor is one after one world."""
    made = make_results(replications=30)
    table, luck = made.breakdown.copy(), np.random.default_rng(1)
    hours = (table["level"] == "activity") & (table["metric"] == "hours")
    table.loc[hours, "value"] = luck.uniform(100.0, 200.0, hours.sum())
    subject = open_subject(replace(made, breakdown=table))
    title = " ".join(themed(pictures.hours(subject)[0])["title"]["text"])
    assert title == subject.words("find.hours_even")
    one = open_subject(make_results(replications=1))
    assert themed(pictures.hours(one)[0])["title"]["text"] == [one.words("find.hours_plain")]


def test_a_single_design_has_nothing_to_compare(make_results: Callable[..., Results]) -> None:
    """One design gives a report without differences, not an error."""
    subject = open_subject(make_results(designs=("pyramid",), replications=3))
    assert pictures.differences(subject) == []
    assert findings.verdicts(subject) == "One organisation: there is nothing to compare with."
    assert all(getattr(pictures, name)(subject) for name in PICTURES if name != "differences")


def test_few_worlds_are_said(make_results: Callable[..., Results]) -> None:
    """Fewer than 20 worlds: no verdict, and the reason."""
    subject = open_subject(make_results(replications=5))
    sentence = findings.verdict_sentence(subject, "flat")
    assert "not yet known" in sentence
    assert "Worlds simulated: 5" in sentence


def test_some_designs_of_a_saved_run(results: Results) -> None:
    """Designs can be left out of a report; the others' figures stay."""
    subject = open_subject(only(results, ["pyramid", "flat"]))
    assert subject.designs == ("pyramid", "flat")
    assert subject.value("flat", "revenue") == open_subject(results).value("flat", "revenue")


def test_names_that_would_be_alike_stay_apart() -> None:
    """Two stages that a language calls the same keep the user's names."""
    assert distinct({"propose": "方案", "proposal": "方案", "close": "成交"}) == {
        "propose": "propose",
        "proposal": "proposal",
        "close": "成交",
    }


def test_lines_break_between_words_or_before_a_character() -> None:
    """Titles do not run off the page in any script; nothing is lost."""
    english, chinese = "several short words in a row", "平均利润贡献最高的是扁平化"
    assert wrapped(english, 12) == ["several", "short words", "in a row"]
    assert "".join(wrapped(chinese, 10)) == chinese
    assert all(columns(line) <= 12 for line in wrapped(english, 12) + wrapped(chinese, 12))
