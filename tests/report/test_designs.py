"""How designs are told in words: what sets them apart, and what their units are called."""

import pytest

from simlib.org import build
from simlib.report.designs import departures, unit_name
from simlib.report.words import words
from simlib.scenario import vary
from simlib.scenario.designs import DEFAULT_AXES, PRESETS, Design
from tests.worlds import small

SCENARIO = small(designs={name: {"structure": name} for name in PRESETS})
STAGES = [stage.name for stage in SCENARIO.stages]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_presets_are_told_apart(language: str) -> None:
    """What a preset fixes beside partition and hierarchy is said, and nothing of those that fix nothing else."""
    w = words(language)
    told = {name: departures(w, build(name, SCENARIO), SCENARIO) for name in PRESETS}
    plain = {name for name, phrases in told.items() if not phrases}
    assert plain == {"pyramid", "flat", "geographic", "product_line", "customer_type", "grouped_regions"}
    assert told["matrix"] == [w("apart.counted", what=w("apart.second_line", by=w("partition.product")), n="2")]
    assert told["functional"] == [w("apart.relay", n="3")]
    assert told["agile"] == [w("apart.pooled"), w("apart.review_days", value="14")]
    assert told["remote"] == [w("apart.remote_share", value=w.percent(0.9, 0))]
    assert len(told["hybrid"]) == 3
    assert told["hybrid"][2] == w("apart.counted", what=w("apart.pool", name=w("team.specialists")), n="1")


def test_every_rule_has_words_in_both_languages() -> None:
    """A design that departs in all rules is told without a code."""
    rules = {
        "remote_share": 0.3,
        "clarity": 0.4,
        "review_days": 30.0,
        "list_overlap": 0.6,
        "routing": "best_fit",
        "engagement": "keeps",
    }
    panel = {"members": 3, "needed": 2}
    design = Design.model_validate({"structure": "flat", **rules, "panel": panel, "final_word": "manager"})
    for language in ("en", "zh"):
        told = departures(words(language), build(design, SCENARIO), SCENARIO)
        assert len(told) == len(rules) + 2
        assert not set(told) & {"best_fit", "keeps"}


def test_what_holds_for_all_is_not_repeated() -> None:
    """A rule that the scenario states for all designs does not set one apart; `never` against a review does."""
    scenario = vary(SCENARIO, {"organisation.review_days": 30.0, "designs.flat.review_days": "never"})
    w = words("en")
    assert departures(w, build("geographic", scenario), scenario) == []
    assert departures(w, build("flat", scenario), scenario) == [w("review_days.never")]
    assert DEFAULT_AXES["review_days"] == "never"


def test_policies_between_channels_set_a_design_apart() -> None:
    """By name, where they are not those of all designs; none against some is said too."""
    policies = {"shared_credit": {"share": 0.1}, "complaint_standard": {}}
    mine = vary(SCENARIO, {"designs.flat.policies": policies})
    for language in ("en", "zh"):
        w = words(language)
        named = w.listing([w("path.shared_credit"), w("path.complaint_standard")])
        assert departures(w, build("flat", mine), mine) == [w("apart.policies", what=named)]
    common = vary(SCENARIO, {"organisation.policies": policies, "designs.flat.policies": {}})
    assert departures(words("en"), build("geographic", common), common) == []
    assert departures(words("en"), build("flat", common), common) == [words("en")("apart.no_policies")]


def test_a_company_s_own_chart_tells_its_second_bosses_and_pools() -> None:
    """Read off the positions, not off axes that a chart does not have."""
    positions = [
        {"name": "Zhang", "role": "manager"},
        {"name": "Wu", "role": "manager"},
        {"name": "Li", "role": "rep", "reports_to": "Zhang", "second_boss": "Wu"},
        {"name": "Xu", "role": "support", "reports_to": "Zhang", "pool": "后勤"},
    ]
    scenario = small(designs={"ours": {"positions": positions}})
    w = words("zh")
    assert departures(w, build("ours", scenario), scenario) == [
        w("apart.counted", what=w("apart.second_bosses"), n="1"),
        w("apart.counted", what=w("apart.pool", name="后勤"), n="1"),
    ]


@pytest.mark.parametrize(
    ("unit", "chinese"),
    [
        ("contact to proposal / east", "初步接洽 至 方案 / east"),
        ("closing", "成交"),
        ("key accounts + inside desk", "大客户 + 内勤销售"),
        ("below 15,000 / north", "15,000 以下 / north"),
        ("15,000 to 60,000 + from 60,000", "15,000 至 60,000 + 60,000 以上"),
        ("all", "全部"),
        ("way to go", "way to go"),
        ("2026", "2026"),
    ],
)
def test_units_are_called_in_the_reports_language(unit: str, chinese: str) -> None:
    """Stages, size bands and presets' names are translated; regions and what the user named stay."""
    assert unit_name(words("zh"), unit, STAGES) == chinese
    assert (
        unit_name(words("en"), "below 15,000 / north + key accounts", STAGES) == "below 15,000 / north + key accounts"
    )
