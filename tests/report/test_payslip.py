"""A statement of pay in words: every amount beside what it recomputes from, in both languages."""

import datetime as dt
import json
import re
from dataclasses import replace
from fractions import Fraction

import pytest
from click.testing import CliRunner

from simlib.cli import main
from simlib.org import build
from simlib.org.chances import Chance
from simlib.org.credits import Credit, Employment
from simlib.org.pay_periods import PayCalendar
from simlib.org.plans import Statement, statements
from simlib.report.payslip import payslip, payslip_table
from simlib.report.words import words
from simlib.runs import simulate
from simlib.scenario import keep_designs, load_scenario
from simlib.scenario.pay import Plan, Proration
from simlib.scenario.vary import plain
from simlib.world import draw_world
from tests.paid import paid
from tests.worlds import small

MARGIN = {"weight": 1.0, "on": "margin", "target": 9000.0, "curve": [[1.0, 1.0]]}
PLAN = Plan.model_validate(
    {
        "base_per_year": 36500.0,
        "quota": {"amount": 1000.0},
        "components": {
            "steep": {"kind": "commission", "tiers": [[0.0, 0.05], [1.0, 0.12]]},
            "visits": {"kind": "commission", "on": "deals", "rate": 30.0},
            "goal": {"kind": "bonus", "steps": [[1.0, 200.0]]},
            "card": {"kind": "scorecard", "pays": 99.0, "kpis": {"margin": MARGIN}},
            "team": {"kind": "pool", "rate": 0.01},
        },
        "cap": 300.0,
        "draw": {"amount": 100.0},
    }
)


def made() -> list[Statement]:
    """Two quarters of Ann, who shares a unit with Bob: 1,600 sold in the first, nothing in the second."""
    staff = [
        Employment(name, name, "east", "field", 0.0, 24.0 * 181, quota=Fraction(100_000)) for name in ("ann", "bob")
    ]
    rows = [Credit("ann", number, 240.0, 80_000, 20_000, "machine", "sme", True) for number in (1, 2)]
    found = statements({"field": PLAN}, staff, rows, calendar=PayCalendar(dt.date(2026, 1, 1), 181), minor_units=100)
    return [statement for statement in found if statement.person == "ann"]


def test_every_amount_is_explained():
    """122 for 1,600 on a quota of 1,000; 30 for each of two deals; half of the pool of 16; the cap; the total."""
    text = payslip(made()[0], words("en"))
    rows = {line.split("  ")[0]: " ".join(line.split()) for line in text.splitlines()}
    assert "ann · ann · plan field · January 1, 2026 to March 31, 2026" in text
    assert "¥50.00 at ¥1,000.00, then 12% ¥1,600.00 ¥1,000.00 160.0% ¥122.00" in rows["steep"]
    assert "¥30.00 each 2 ¥60.00" in rows["visits"]
    assert "¥200.00 from ¥1,000.00 on ¥1,600.00 ¥1,000.00 160.0% ¥200.00" in rows["goal"]
    assert "nothing yet ¥400.00 ¥9,000.00 4.4% ¥0.00" in rows["card / margin"]
    assert "1% of the result; 50.00% of it ¥1,600.00 ¥8.00" in rows["team"]
    assert "base pay 2026-01-01 to 2026-03-31 90 of 90 days ¥9,000.00" in " ".join(text.split())
    assert "over the cap" in text
    assert "−¥90.00" in text
    assert "¥9,300.00" in text.splitlines()[-1]


@pytest.mark.parametrize(
    ("language", "told", "nothing"),
    [
        ("en", "2 of 3; ¥50.00 at 50.0%, then ¥1.00 a percentage point", "the target counts as met"),
        ("zh", "3 中的 2；50.0% 处为 ¥50.00，其后 每个百分点 ¥1.00", "视为达标"),
    ],
)
def test_a_share_says_of_how_many(language, told, nothing):
    """Two of three leads were won, in the first quarter; 100 are paid from 100% of the target, and a point is worth 1.
    In the second nothing was decided."""
    kpi = {"weight": 1.0, "on": "win_rate", "target": 1.0, "curve": [[0.5, 0.5], [1.0, 1.0]]}
    card = {"kind": "scorecard", "pays": 100.0, "kpis": {"won": kpi}}
    staff = [Employment("ann", "ann", "east", "field", 0.0, 24.0 * 181)]
    rows = [Chance("win_rate", "ann", number, 240.0, "machine", "sme", True, number < 2) for number in range(3)]
    plans = {"field": Plan.model_validate({"base_per_year": 0.0, "components": {"card": card}})}
    found = statements(plans, staff, rows, calendar=PayCalendar(dt.date(2026, 1, 1), 181), minor_units=100)
    first, second = (" ".join(payslip(one, words(language)).split()) for one in found)
    assert told in first
    assert "66.7% 100.0% 66.7% ¥66.67" in first
    assert nothing in second
    assert "100.0% 100.0% 100.0% ¥100.00" in second


def test_what_is_owed_is_said():
    """Nothing sold in the second quarter: 100 advanced and owed, the bonus not reached."""
    second = made()[1]
    assert second.owed_after == 10_000
    text = payslip(second, words("en"))
    assert "Owed before: ¥0.00; owed now: ¥100.00." in text
    assert "advanced by the draw" in text


def test_days_that_do_not_count_are_said():
    """A period in part says how many of its days were there."""
    one = made()[0]
    line = one.lines[1]._replace(days=45)
    assert "(45 of 90 days)" in str(payslip_table(replace(one, lines=(line,)), words("en")))


@pytest.mark.parametrize(("prorated", "counts"), [(True, {"goal", "card", "steep"}), (False, set())])
def test_days_are_said_only_where_they_matter(prorated, counts):
    """Of 91 days of the quarter 51 are in the run: a rate pays the same, thresholds and lump sums shrink, and nothing
    does in a plan that prorates nothing; base pay is always by days."""
    plan = PLAN.model_copy(update={"proration": Proration(days=prorated)})
    staff = [Employment("ann", "ann", "east", "field", 0.0, 24.0 * 141, quota=Fraction(100_000))]
    calendar = PayCalendar(dt.date(2026, 1, 1), 141)
    second = statements({"field": plan}, staff, [], calendar=calendar, minor_units=100)[1]
    text = str(payslip_table(second, words("en")))
    named = {line.split("  ")[0].split(" / ")[0] for line in text.splitlines() if "(51 of 91 days)" in line}
    assert named - {"team"} == counts
    assert "base pay" in text
    assert "  51 of 91 days" in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_said_in_every_language(language):
    """All kinds of line have words; the user's own names stay."""
    for statement in made():
        text = payslip(statement, words(language))
        assert "payslip." not in text
        assert "steep" in text
    if language == "zh":
        assert "佣金" in text
        assert "合计" in text


def test_other_currencies_have_their_own_minor_unit():
    """A yen has no hundredths."""
    yen = replace(words("en"), currency="JPY")
    assert "JP¥5,000 at JP¥100,000, then 12%" in payslip(made()[0], yen)


NAMES = {"period", "all", "field", "lead", "steep", "handed", "on", "team", "month", "below", "Q", "pyramid"}
"""Words in a payslip that are names of the user's own, or an option's."""
ENGLISH = re.compile(r"[A-Za-z]+")


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """A scenario with plans as a file, and one without."""
    folder = tmp_path_factory.mktemp("payslips")
    for name, scenario in (("paid", paid()), ("plain", small())):
        text = json.dumps(plain(keep_designs(scenario, ["pyramid", "flat"])), default=str, ensure_ascii=False)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / "paid.yaml"


def call(*said: object) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of `simlib payslip`."""
    result = CliRunner().invoke(main, ["payslip", *map(str, said)], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def test_everybodys_totals_are_what_the_ledger_says(file):
    """Variable pay by person as in the table of money, to the cent; the last row sums them."""
    scenario = load_scenario(file)
    ledger = simulate(build("pyramid", scenario), draw_world(scenario, seed=3, replication=1))
    code, out, _ = call(file, "--seed", 3, "--replication", 1, "--period", "all", "--json")
    told = json.loads(out)
    assert code == 0
    paid_out: dict[str, int] = {}
    for one in told["statements"]:
        paid_out[one["person"]] = paid_out.get(one["person"], 0) + round(one["variable"] * 100)
        assert one["total"] == pytest.approx(sum(line["amount"] for line in one["lines"]))
    money = ledger.money[(ledger.money["kind"] == "variable pay").to_numpy()]
    booked = money.groupby(money["payee"].astype(str))["amount"].sum().to_dict()
    assert {person: amount for person, amount in paid_out.items() if amount} == booked
    table = call(file, "--seed", 3, "--replication", 1, "--period", "all")[1]
    assert f"¥{sum(booked.values()) / 100:,.2f}" in table.splitlines()[-1]
    assert all(person in table for person in booked)


def test_one_persons_payslips_are_explained(file):
    """Each statement with its lines; a period picks those that lie in it."""
    code, out, _ = call(file, "--person", "rep 1", "--period", "all")
    assert code == 0
    assert out.count("rep 1 ·") == out.count("base pay") == 2
    assert "¥200.00 each" in out
    quarter = call(file, "--person", "rep 1", "--period", "2026-Q2")[1]
    assert quarter.count("rep 1 ·") == 1
    assert "April 1, 2026 to June 30, 2026" in quarter
    assert quarter in out
    assert call(file, "--person", "rep 1", "--period", "2026")[1] == out


def test_what_follows_the_window_is_left_out_and_said(file):
    """The window is 25 January to 14 April; of the second quarter 15 of 45 days in the run lie in it."""
    code, out, _ = call(file, "--person", "rep 1")
    assert code == 0
    assert out.count("rep 1 ·") == 1
    assert "January 1, 2026 to March 31, 2026" in out
    said = "as most of their days lie outside the window of January 25, 2026 to April 14, 2026; `--period all` shows"
    assert f"Statements left out: 1, {said}" in out
    assert said in call(file)[1]
    assert json.loads(call(file, "--json")[1])["left_out"] > 1
    assert "left out" not in call(file, "--period", "all")[1]
    assert "left out" not in call(file, "--period", "2026")[1]


def test_a_window_in_which_no_settlement_lies_leaves_nothing_out(file):
    """Eight days are not half of a quarter; an empty page would say nothing."""
    code, out, _ = call(file, "--set", "calendar.horizon_days=8")
    assert code == 0
    assert "rep 1" in out
    assert "left out" not in out


@pytest.mark.parametrize("person", [None, "rep 1", "代表 1", "manager 1"])
def test_nothing_english_is_left_in_chinese(file, person):
    """But the user's own names: of plans, components and designs."""
    code, out, _ = call(file, "--language", "zh", *(["--person", person] if person else []))
    assert code == 0
    assert set(ENGLISH.findall(out)) <= NAMES
    assert "代表 1" in out or "经理 1" in out


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        (["--person", "rap 1"], "--person: got 'rap 1', must be .*did you mean 'rep 1'"),
        (["--person", "director 1"], "--person: got 'director 1', who has the fixed salary only; must be "),
        (["--period", "2026-Q5"], "--period: got '2026-Q5', must be a year, a quarter or a month"),
        (["--period", "9999"], "--period: got '9999', must be a year, a quarter or a month"),
        (["--period", "0000-Q1"], "--period: got '0000-Q1', must be a year"),
        (["--period", "2031"], "--period: got 2031, must hold a statement of 2026-01-01 to 2026-06-30"),
        (["--design", "flet"], "--design: got 'flet', must be .*did you mean 'flat'"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(file, said, complaint):
    """Bad input: exit 2, one line, no traceback."""
    code, out, err = call(file, *said)
    assert (code, out) == (2, "")
    assert re.search(complaint, err)


def test_without_a_plan_it_says_what_to_state(file):
    """Nobody is on a plan: the place, and how to put somebody on one."""
    code, _, err = call(file.with_name("plain.yaml"), "--design", "flat")
    assert code == 2
    assert "designs.flat.pay: got nobody on a pay plan, must name a plan for a role: `pay: {rep: NAME}`" in err
    assert "such as 'field'" in err
