"""A statement of pay in words: every amount beside what it recomputes from, in both languages."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from simlib.org.credits import Credit, Employment
from simlib.org.pay_periods import PayCalendar
from simlib.org.plans import Statement, statements
from simlib.report.payslip import payslip, payslip_table
from simlib.report.words import words
from simlib.scenario.pay import Plan

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
