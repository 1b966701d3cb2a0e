"""Reading a scenario file: what is understood, and that every fault is told at its line."""

# ruff: noqa: E501 - a row of a table of faults is one line

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simlib.errors import ScenarioError
from simlib.scenario import load_scenario, value_at, vary

Write = Callable[..., Path]

FOREIGN = re.compile("Input should|pydantic|validation error|something else here|Traceback|ruamel", re.IGNORECASE)


def complaint(path: Path | str, **options: object) -> str:
    """What `load_scenario` complains about, without the folder's name."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path, **options)  # type: ignore[arg-type]
    text = str(caught.value)
    assert not FOREIGN.search(text)
    return text.replace(f"{Path(path).parent}/", "")


def test_small_scenario_is_read(small_yaml: str, write: Write) -> None:
    """Values arrive as written, `off` is no mechanism, a mechanism's `{}` is one, and the name is the file's stem."""
    scenario = load_scenario(write(small_yaml, "two_regions.yaml"))
    assert scenario.name == "two_regions"
    assert list(scenario.designs) == ["pyramid", "flat", "product_line"]
    assert scenario.mechanisms.overlap is None
    assert scenario.mechanisms.skill is not None
    assert scenario.stages[1].effort_hours == 6


@pytest.mark.parametrize("encode", [lambda t: b"\xef\xbb\xbf" + t.encode(), lambda t: t.replace("\n", "\r\n").encode()])
def test_windows_files_are_read(small_yaml: str, write: Write, encode: Callable[[str], bytes]) -> None:
    """A byte order mark and CRLF say nothing about the scenario."""
    plain, windows = write(small_yaml, "a/small.yaml"), write(encode(small_yaml), "b/small.yaml")
    assert load_scenario(windows) == load_scenario(plain)


def test_on_is_the_same_as_defaults(small_yaml: str, write: Write) -> None:
    """YAML 1.2 reads `on` as a text; as a mechanism it means `{}`."""
    on = load_scenario(write(small_yaml.replace("overlap: off", "overlap: on"), "a/small.yaml"))
    empty = load_scenario(write(small_yaml.replace("overlap: off", "overlap: {}"), "b/small.yaml"))
    assert on == empty
    assert on.mechanisms.overlap is not None


def test_names_that_yaml_takes_for_other_things_stay_text(small_yaml: str, write: Write) -> None:
    """`1`, `true` and a date are names where a name stands."""
    text = small_yaml.replace("product_line: {", "1: {structure: pooled}\n  true: {structure: flat}\n  2026-01-05: {")
    assert list(load_scenario(write(text)).designs)[2:] == ["1", "true", "2026-01-05"]


def test_merge_keys(small_yaml: str, write: Write) -> None:
    """`<<: *other` fills in what a mapping does not say itself."""
    text = small_yaml.replace("flat: {structure: flat", "flat: &f {structure: flat").replace(
        "product_line: {", "wide: {<<: *f, span: 30}\n  product_line: {"
    )
    designs = load_scenario(write(text)).designs
    assert (designs["wide"].structure, designs["wide"].span, designs["flat"].span) == ("flat", 30, 20)


# What is changed in the small scenario, and the complaint it must bring.
CHANGES = [
    ("span: 20", "span: -2", "own.yaml:46:33: designs.flat.span: got -2, must be at least 1"),
    ("span: 20", "span: 2.5", "46:33: designs.flat.span: got 2.5, must be a whole number"),
    ("span: 20", "span: true", "designs.flat.span: got true, must be a whole number"),
    ("span: 20", "spann: 20", "46:27: designs.flat.spann: got the unknown name 'spann', must be a known one (did you mean 'span'?)"),
    ("span: 20", "span_of_control: 20", "did you mean 'span'?"),
    ("span: 20", "span: .inf", "designs.flat.span: got .inf, must be a whole number"),
    ("visit_hour: 150", "visit_hour: .nan", "42:15: costs.visit_hour: got .nan, must be a finite number"),
    ("visit_hour: 150", "visit_hour: 1e400", "costs.visit_hour: got .inf, must be a finite number"),
    ("visit_hour: 150", "visit_hour: 1,500", "got '1,500', must be a number (write 1500, without quotes)"),
    ("visit_hour: 150", "visit_hour: 1,12", "got '1,12', must be a number (write 1.12, without quotes)"),
    ("visit_hour: 150", "visit_hour: 11.2万", "got '11.2万', must be a number (write 112000, without quotes)"),
    ("visit_hour: 150", "visit_hour: 112 000", "got '112 000', must be a number (write 112000, without quotes)"),
    ("visit_hour: 150", "visit_hour: 十五", "got '十五', must be a number (write digits only, such as 1200.5 or 100000)"),
    ("  rep_per_year: 112000\n  margin: 0.4", "  margin: 40", "costs.margin: got 40, must be at most 1 (for 40% write 0.4)"),
    ("log_sd: 0.8}", "log_sd: 0,8}", "demand.cells.0.value.log_sd: got 0,8, which reads as 0 and the name '8'; must be a number without commas (write 0.8)"),
    ("median: 60000,", "median: 60,000,", "got 60,000, which reads as 60 and the name '000'; must be a number without commas (write 60000)"),
    ("median: 60000,", "median: 1,060,000,", "got 1,060,000, which reads as 1 and the name '060' and the name '000'; must"),
    ("segments:", "size_bands: [5，2]\n  segments:", "market.size_bands.0: got '5，2', must be a number (there is ， instead of `, `)"),
    ("margin: 0.4", "margin: 40%", "41:11: costs.margin: got '40%', must be a number (write 0.4, without quotes)"),
    ("margin: 0.4", "margin: 1.4", "costs.margin: got 1.4, must be at most 1"),
    ("currency: CNY", "currency: yuan", "currency: got 'yuan', must be three capital letters such as CNY"),
    ("structure: flat,", "structure: flatt,", "designs.flat.structure: got 'flatt', must be 'pyramid', 'flat', 'matrix', 'geographic'"),
    ("2026-01-05", "2026-02-30", "3:19: calendar.start: got '2026-02-30', must be a day that exists"),
    ("2026-01-05", "20260105", "calendar.start: got 20260105, must be a date such as 2026-01-05"),
    ("2026-01-05", "0001-01-01", "calendar.start: got '0001-01-01', must be from the years 1970 to 2200"),
    ("horizon_days: 91", "horizon_days: '91'", "calendar.horizon_days: got '91', must be a number (write 91, without quotes)"),
    ("region: east\n", "region: 1\n", "demand.cells.0.region: got 1, must be text (put it in quotes)"),
    ("region: east\n", "region:\n", "19:7: demand.cells.0.region: got null, must be text"),
    ("overlap: off", "overlap:", "34:3: mechanisms.overlap: got nothing, must be `on`, `off` or its settings"),
    ("overlap: off", "overlap: of", "mechanisms.overlap: got 'of', must be `on`, `off` or its settings"),
    ("dispersion: 2", "season: [1, 2]", "demand.season: got a list of 2, must have at least 12 of them"),
    ("demand:", "demand:\n  kind: replai", "15:9: demand.kind: got 'replai', must be 'synthetic' or 'replay' (did you mean 'replay'?)"),
    ("demand:", "demand:\n  kind:", "15:3: demand.kind: got null, must be 'synthetic' or 'replay'"),
    ("  flat: {structure: flat, span: 20}", "  flat:", "46:3: designs.flat: got null, must be a mapping (name: value)"),
    ("interest: {", "interest: {kind: table, table: [[5, 1], [2, 0]], ", "mechanisms.interest.table: got [5, 1], [2, 0], must be two or more points"),
    ("segments:", "size_bands: [5, 2]\n  segments:", "market.size_bands: got 5, 2, must rise"),
    ("span: 20", "span: 20, span: 21", "46:37: got 'span' a second time, must be there once (first in line 46)"),
    ("span: 20", "span: !!python/object:os.system 20", "46:33: got the tag 'tag:yaml.org,2002:python/object:os.system', must be a value without a tag"),
    ("span: 20", "span: *nope", "46:33: got *nope, which stands for nothing"),
    ("span: 20", "span: &me [*me]", "got *me, which stands for a value inside which it stands"),
    ("structure: flat,", "<<: 3, structure: flat,", "got 3 after <<, must be an alias of a mapping"),
    ("evidence:", "? [a, b]\n: 1\nevidence:", "got a list of 2 as a name, must be text"),
    ("evidence:", ": 1\nevidence:", "got null as a name, must be text"),
    ("  regions:", "\tregions:", "6:1: got a tab, must be indented with spaces"),
    ("  rep_per_year", "   rep_per_year", "got a line that does not stand under its neighbours, must be indented as they are"),
    ("title: Two", "title: Two: x", "1:11: got a second `: ` or a line that is indented too far"),
    ("title: Two", 'title: "Two', "1:8: got a quote that is not closed, must be closed"),
    ("title: Two", "title: @Two", "1:8: got '@', must be quoted at the start of a value"),
    ("title: Two", 'title: "\\q" #', "got a backslash that is no escape, must be doubled"),
    ("title: Two", 'title: "\\UFFFFFFFF" #', "got an escape that is no character, must be a YAML text"),
    ("title: Two", 'title: "\\uD800" #', "1:8: got half a character"),
    ("title: Two", "title: T\x07wo", "1:9: got the invisible character U+0007"),
    ("flat, span: 20}", "flat, span: 20", "got a mapping that is not closed, must be `{name: value, name: value}` (opened in line 46)"),
    ("visit_hour: 150", "visit_hour：150", "42:3: got a line without `: `, must be `name: value` (there is ： instead of `: `)"),
    ("flat, span: 20}", "flat，span: 20}", "(there is ， instead of `, `)"),
    ("structure: flat,", f"structure: {'x' * 50000},", "… (50,000 characters), must be 'pyramid'"),
    ("  product_line: {", f"  {'x' * 500}: {{", "must have at most 300 characters"),
    ("  product_line: {", '  "a\\u0007": {', "designs.a\\x07: got 'a\\x07', must be one line of printable text"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), CHANGES)
def test_fault_of_one_place(old: str, new: str, expected: str, small_yaml: str, write: Write) -> None:
    """Every fault names its line and column, the path, the value met and the rule."""
    assert old in small_yaml
    assert expected in complaint(write(small_yaml.replace(old, new, 1)))


LAUGHS = "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}' if i else 'x'] * 9)}]\n" for i in range(12))

FILES = [
    (b"", "got an empty file, must be a scenario"),
    (b"# nothing but a comment\n", "got an empty file"),
    (b"- a\n- b\n", "own.yaml:1:1: got a list of 2, must be a mapping"),
    (b"hello", "got 'hello', must be a mapping"),
    (b"title: x\n", "designs: got nothing, must be stated"),
    (b"a: 1\n---\nb: 2\n", "own.yaml:2:1: got a second document, must be one document in a file"),
    (b"%YAML 9.0\n---\na: 1\n", "own.yaml:1:1: got a text that is no YAML"),
    (b"%YAML 1.3\n---\na: 1\n", "own.yaml:1: got a %YAML directive of an unknown version"),
    (bytes(range(256)), "got a binary file, must be a YAML text in UTF-8"),
    ("title: 两个地区\n".encode("gb18030"), "own.yaml:1: got a text that is not UTF-8; it reads as GB18030: save it as UTF-8"),
    ("title: größer\n".encode("latin-1"), "own.yaml:1: got bytes that are not UTF-8, must be a YAML text in UTF-8"),
    ("title: x\n".encode("utf-16"), "got a text in UTF-16, must be UTF-8: save it as UTF-8"),
    (b"# x\n" * 2_500_000, "got 10,000,000 bytes, must be at most 131,072"),
    (b"[" * 10_000, "own.yaml:1:41: got more than 40 levels of nesting, must be fewer"),
    (b"- " * 10_000, "got more than 40 levels of nesting"),
    (b"{a: " * 10_000, "got more than 40 levels of nesting"),
    (b"\n".join(b" " * i + b"a:" for i in range(400)), "got more than 40 levels of nesting"),
    (LAUGHS.encode(), "got more than 15,000 names and values (aliases expanded), must be fewer"),
    (b"extends:\n", "own.yaml:1:1: extends: got null, must be the path of a scenario file"),
    (b"extends: own.yaml\n", "own.yaml:1:10: extends: got 'own.yaml', which is built on this file itself"),
    (b"extends: ./\n", "own.yaml:1:10: extends: got a folder, must be a scenario file"),
    (b"extends: owm.yaml\n", "must be a scenario file (did you mean "),
    (b"demand: {kind: replay, export: leads}\n", "own.yaml:1:32: demand.export: got "),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), FILES, ids=range(len(FILES)))
def test_file_that_is_no_scenario(content: bytes, expected: str, write: Write) -> None:
    """Whatever stands in a file, the answer is a complaint in plain words."""
    assert expected in complaint(write(content))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("smal.yaml", "got no such file 'smal.yaml', must be a scenario file (did you mean 'small.yaml'?)"),
        (".", "got a folder, must be a scenario file, such as small.yaml"),
        ("nowhere/small.yaml", "(there is no folder 'nowhere')"),
        ("/dev/zero", "got a device or pipe, must be a file"),
        ("a\0b", "got no such file"),
        ("x" * 5000, "got a path that cannot be opened (File name too long)"),
    ],
)
def test_path_that_is_no_file(
    name: str, expected: str, small_yaml: str, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path that cannot be read is named, with the nearest file."""
    monkeypatch.chdir(write(small_yaml, "small.yaml").parent)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(name)
    assert expected in str(caught.value)


def test_every_fault_at_once(small_yaml: str, write: Write) -> None:
    """Faults of the text, of single fields and between fields are told together, in the file's order."""
    text = small_yaml
    for old, new in [
        ("currency: CNY", "currency: yuan"),
        ("baseline: pyramid", "baseline: pyramidd"),
        ("effort_hours: 1,", 'effort_hours: "1",'),
        ("span: 20", "span: 2.5"),
        ("visit_hour: 150", "visit_hour: 150\n  visit_hour: 160"),
    ]:
        text = text.replace(old, new, 1)
    paths = [line.split(": ")[1] for line in complaint(write(text)).splitlines()]
    expected = [
        "currency",
        "compare.baseline",
        "stages.0.effort_hours",
        "got 'visit_hour' a second time, must be there once (first in line 42)",
    ]
    assert paths == [*expected, "designs.flat.span"]


ONCE = [
    ("span: 20", "span: 20, becomes: &b {design: pyramid, on_day: x}", "product_line}", "product_line, becomes: *b}", "on_day: got 'x'"),
    ("span: 20", "span: 20, becomes: &b {dessign: pyramid, on_day: 3}", "product_line}", "product_line, becomes: *b}", "got the unknown name 'dessign'"),
    ("value: {median: 60000, log_sd: 0.8}", "value: &v {median: 60,000}", "value: {median: 50000}", "value: *v", "which reads as 60"),
    ("{name: contact,", "{name: contact, <<: &c {visits: -1},", "{name: close,", "{name: close, <<: *c,", "visits: got -1"),
]  # fmt: skip


@pytest.mark.parametrize("case", ONCE, ids=range(len(ONCE)))
def test_a_fault_that_an_alias_repeats_is_told_once(case: tuple[str, ...], small_yaml: str, write: Write) -> None:
    """It is written in one place and mended there; how often it is used is said."""
    old, new, old_too, new_too, expected = case
    text = complaint(write(small_yaml.replace(old, new, 1).replace(old_too, new_too, 1)))
    told = [line for line in text.splitlines() if expected in line]
    assert len(told) == 1
    assert told[0].endswith("(written once, used 2 times)")


def test_the_same_fault_of_two_places_is_told_twice(small_yaml: str, write: Write) -> None:
    """Two values that are wrong in the same way, and two things that are missing in one place, are two faults."""
    text = complaint(
        write(small_yaml.replace("visits: 1", "visits: -1").replace("name: close,", "name: close, visits: -1,"))
    )
    assert text.count("visits: got -1") == 2
    text = complaint(write(small_yaml.replace("source: field guide, grade: expert", "")))
    assert text.count("got nothing, must be stated") == 2


@pytest.mark.parametrize("pairs", ["[1, 2, 3]", "[[1, 1, 1]]", "[[1，1]]"])
def test_faulty_items_do_not_make_a_list_too_short(pairs: str, small_yaml: str, write: Write) -> None:
    """What is wrong with the items is told; that none is left, or that nothing else is stated, only follows from it."""
    for plan in (f"{{kind: bonus, by: amount, steps: {pairs}}}", f"{{kind: commission, by: amount, tiers: {pairs}}}"):
        text = complaint(write(small_yaml + f"plans: {{field: {{components: {{c: {plan}}}}}}}\n"))
        assert len(text.splitlines()) == (3 if pairs == "[1, 2, 3]" else 1)
        assert "at least" not in text


def test_thousands_of_faults_are_counted_not_told(small_yaml: str, write: Write) -> None:
    """Who has that many has given the wrong file; the first hundred will do."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(write(small_yaml + "".join(f"zz{i}: 1\n" for i in range(300))))
    assert len(caught.value.faults) <= 102
    assert "200 faults more" in str(caught.value)


def test_extends_merges_mappings_and_replaces_lists(small_yaml: str, write: Write) -> None:
    """A child says only what differs; lists are replaced whole, `null` replaces, name and title are its own."""
    write(small_yaml.replace("overlap: off", "overlap: {confusion: 0.3}"), "base/small.yaml")
    child = write(
        "extends: base/small.yaml\nmechanisms: {skill: off, overlap: on}\norganisation: {authority: null}\n"
        "stages: [{name: only, effort_hours: 3, approval: true}]\ndesigns: {flat: {span: 15}, pooled: {structure: pooled}}\n",
        "child.yaml",
    )
    scenario = load_scenario(child)
    assert (scenario.name, scenario.title) == ("child", "")
    assert scenario.mechanisms.skill is None
    assert scenario.mechanisms.overlap is not None
    assert scenario.mechanisms.overlap.confusion == 0.3, "`on` keeps the settings that are there"
    assert scenario.organisation.authority is None
    assert scenario.organisation.layers == 3
    assert [stage.name for stage in scenario.stages] == ["only"]
    assert (scenario.designs["flat"].span, scenario.designs["flat"].structure) == (15, "flat")
    assert list(scenario.designs) == ["pyramid", "flat", "product_line", "pooled"]


def test_fault_of_a_base_names_the_base(small_yaml: str, write: Write) -> None:
    """Where a value was written is where it must be mended; faults of both files are told."""
    write(small_yaml.replace("margin: 0.4", "margin: 4"), "base.yaml")
    text = complaint(write("extends: base.yaml\ncosts: {visit_hour: -1}\n", "child.yaml"))
    assert "base.yaml:41:11: costs.margin: got 4, must be at most 1" in text
    assert "child.yaml:2:21: costs.visit_hour: got -1, must be at least 0" in text


def test_circle_of_files(write: Write) -> None:
    """Two files that extend each other are told so, at the line that closes the circle."""
    write("extends: own.yaml\n", "other.yaml")
    assert "other.yaml:1:10: extends: got 'own.yaml', which is built on this file itself" in complaint(
        write("extends: other.yaml\n")
    )


def test_another_kind_of_demand_replaces_the_base(small_yaml: str, write: Write) -> None:
    """A replay has no cells; those of a synthetic base would only be in its way. The export is found from the child."""
    write(small_yaml, "base.yaml")
    folder = write("deal_id\n", "sub/leads/deals.csv").parent
    child = write("extends: ../base.yaml\ndemand: {kind: replay, export: leads}\n", "sub/child.yaml")
    assert load_scenario(child).demand.export == str(folder)  # type: ignore[union-attr]


def test_overrides(small_yaml: str, write: Write) -> None:
    """`path=value` reads its value as YAML, reaches list items by name or index, and may add what a file left out."""
    scenario = load_scenario(
        write(small_yaml),
        overrides=[
            "designs.flat.span=12",
            "stages.contact.effort_hours=2.5",
            "demand.cells.1.products={machine: 1, service: 3}",
            "organisation.authority.rep=null",
            "mechanisms.overlap=on",
            "mechanisms.overlap.confusion=0.2",
            "title=a=b",
        ],
    )
    assert value_at(scenario, "designs.flat.span") == 12
    assert value_at(scenario, "stages.contact.effort_hours") == 2.5
    assert value_at(scenario, "demand.cells.1.products.service") == 3
    assert value_at(scenario, "organisation.authority.rep") is None
    assert value_at(scenario, "mechanisms.overlap.confusion") == 0.2
    assert scenario.title == "a=b"
    assert load_scenario(write(small_yaml), overrides={"designs.flat.span": 12}).designs["flat"].span == 12


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("designs.flat.spann=3", "--set designs.flat.spann=3: designs.flat.spann: got the unknown name 'spann', must be a known one (did you mean 'span'?)"),
        ("designs.flat.span=x", "--set designs.flat.span=x: designs.flat.span: got 'x', must be a whole number"),
        ("stages.contract.effort_hours=1", "must use a name that stages has (did you mean 'contact'?)"),
        ("demand.cells.7.region=east", "got the path 'demand.cells.7.region', must use a name that demand.cells has (0, 1)"),
        ("costs.margin.x=1", "but costs.margin is the single value 0.4; must lead to a value"),
        ("mechanisms.overlap.confusion=1", "but mechanisms.overlap is off; must be turned on first (mechanisms.overlap=on)"),
        ("designs.flatt.span=3", "--set designs.flatt.span=3: designs.flatt.span: got the unknown name 'flatt' in designs.flatt.span, must be a known one (did you mean 'flat'?), or be stated whole: designs.flatt={…}"),
        ("designs.flat.span=2,5", "got '2,5', must be a whole number (write digits only"),
        ("plans.field.cap=3", "got the unknown name 'field' in plans.field.cap, must be there before, or be stated whole: plans.field={…}"),
        ("market.products.machin.complexity=1", "(did you mean 'machine'?)"),
        ("mechanisms.ovrlap.confusion=1", "--set mechanisms.ovrlap.confusion=1: mechanisms.ovrlap: got the unknown name 'ovrlap', must be a known one (did you mean 'overlap'?)"),
        ("costs.margin=[1", "--set costs.margin=[1: costs.margin: got a list that is not closed"),
        ("costs.margin=!!int 1", "got the tag"),
        ("costs.margin", "--set costs.margin: got 'costs.margin', must be path=value"),
        ("=1", "must be path=value"),
        ("extends=a.yaml", "got extends in an override, must stand in a file"),
        ("compare.baseline=nobody", "--set compare.baseline=nobody: compare.baseline: got 'nobody', must be 'pyramid'"),
    ],
)  # fmt: skip
def test_fault_of_an_override(override: str, expected: str, small_yaml: str, write: Write) -> None:
    """A fault that an override makes names the override, not the file."""
    assert expected in complaint(write(small_yaml), overrides=[override])


def test_export_in_an_override_is_seen_from_the_current_folder(
    small_yaml: str, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who types a path means it from where they are."""
    file = write(small_yaml, "scenarios/small.yaml")
    folder = write("deal_id\n", "leads/deals.csv").parent
    monkeypatch.chdir(folder.parent)
    scenario = load_scenario(file, overrides=["demand={kind: replay}", "demand.export=leads"])
    assert scenario.demand.export == str(folder)  # type: ignore[union-attr]


NASTY = (
    "null", "[]", "{}", "[1, 2]", "{a: 1}", ".nan", "-.inf", "-1", "1e308", "99999999999999999999", "true", "off", "&a x", "*a", "!x y",
    "- ", "? ", "| ", "> ", "%", "@", "\t", "\u2028", "\ufeff", "：", "中文", '"', "'", "[", "{", "}", "]", ": ", "#", "<<: *a", "\n---\n",
    "\n", "  ", "%YAML 1.3\n---\n", "\r", '"\\x', '"\\ud800"', '"\\U0011FFFF"', ".", "=",
)  # fmt: skip


@settings(
    max_examples=60,
    deadline=timedelta(seconds=20),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_text_is_read_or_refused(data: st.DataObject, small_yaml: str, tmp_path: Path) -> None:
    """However a text is mangled, it is a scenario or a complaint in our own words; nothing else is ever raised."""
    text = small_yaml
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.sampled_from([0, 0, 1, 5, 40]))
        text = text[:at] + data.draw(st.sampled_from(NASTY) | st.text(max_size=3)) + text[at + cut :]
    file = tmp_path / "mangled.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    messages: list[str] = []
    try:
        scenario = load_scenario(file)
    except ScenarioError as error:
        messages = [fault.message for fault in error.faults] or ["no fault told"]
    else:
        messages = [] if vary(scenario, {}) == scenario else ["changed by a variation of nothing"]
    assert [text for text in messages if FOREIGN.search(text) or not text.startswith("got ")] == []
