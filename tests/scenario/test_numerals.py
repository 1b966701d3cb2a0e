"""Which number is meant by a text that is none: customs of writing numbers in three languages."""

import pytest

from simlib.scenario.numerals import looks_like_a_number, meant

MEANT = [
    ("1,500", 1500),
    ("1,112,000.5", 1112000.5),
    ("112 000", 112000),
    ("1'000", 1000),
    ("1_000", 1000),
    ("11，200", 11200),
    ("1,12", 1.12),
    ("0,035", 0.035),
    ("0，02", 0.02),
    ("1.120,5", 1120.5),
    ("1 234,5", 1234.5),
    ("1234,567", 1234.567),
    ("40%", 0.4),
    ("40％", 0.4),
    ("-2,5 %", -0.025),
    ("11.2万", 112000),
    ("3亿", 3e8),
    ("￥11.2万元", 112000),
    ("5千", 5000),
    ("2百万", 2e6),
    ("12k", 12000),
    ("112000元", 112000),
    ("112 000 CNY", 112000),
    ("¥60,000", 60000),
    ("\uff11\uff11\uff12\uff10\uff10\uff10", 112000),
    ("1e5", 1e5),
]


@pytest.mark.parametrize(("text", "number"), MEANT)
def test_customs_of_writing_numbers(text, number):
    """Only groups of three are joined: a wrong advice is worse than none."""
    assert meant(text) == number


@pytest.mark.parametrize(
    "text", ["3 0", "1,12,000", "0,0.02", "1,5,2", "十万", "x", "", "12 apples", "1,1234,000", "."]
)
def test_what_cannot_be_told_is_not_guessed(text):
    """Two numbers, a date, a word: no number is advised."""
    assert meant(text) is None


@pytest.mark.parametrize(
    ("text", "so"), [("3 0", True), ("十万", True), ("￥ 5/年", True), ("x", False), ("off", False)]
)
def test_what_was_meant_as_a_number(text, so):
    """It begins with a digit, or is written in Chinese."""
    assert looks_like_a_number(text) == so
