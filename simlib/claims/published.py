"""Published findings on pay, put on trial as claims are: does the model show the sign, and how large is it here?

Each differs from its counterpart in the reps' plan alone, not at equal pay: so did the studies. What is found must
come from the reactions (`scenario/reactions.py`), none of which knows a plan's name.
"""

from __future__ import annotations

from pathlib import Path

from simlib.claims.field_guide import AS_IS, level
from simlib.claims.trial import Claim, at_every_level

FILE = Path(__file__).with_name("pay_market.yaml")
"""The market in which they are tried, as shipped; another needs the same designs."""

EASY, USUAL, HARD = (
    level(f"quota_{word}", **{f"plans__{plan}__quota__stretch": stretch for plan in ("accelerator", "bonus")})
    for word, stretch in (("easy", 0.5), ("usual", 0.7), ("hard", 0.9))
)
FINDINGS: tuple[Claim, ...] = (
    Claim("misra_nair", "linear", "capped", "revenue", 1, (AS_IS,), at_every_level),
    Claim("larkin", "accelerator", "linear", "discount_mean", 1, (EASY, USUAL, HARD), at_every_level),
    Claim("oyer", "bonus", "linear", "quarter_end_ratio", 1, (EASY, USUAL, HARD), at_every_level),
    Claim("steenburgh", "bonus", "salary", "revenue", 1, (EASY, USUAL, HARD), at_every_level),
    Claim("kishore_sales", "linear", "bonus", "revenue", 1, (EASY, USUAL, HARD), at_every_level),
    Claim("kishore_timing", "linear", "bonus", "quarter_end_ratio", -1, (EASY, USUAL, HARD), at_every_level),
    Claim("chung_weak", "bonus", "annual_bonus", "territory_gini_revenue", -1, (AS_IS,), at_every_level),
    Claim("chung_best", "accelerator", "bonus", "territory_gini_revenue", 1, (EASY, USUAL), at_every_level),
    Claim("one_sided", "linear", "margin", "discount_mean", 1, (AS_IS,), at_every_level),
    Claim(
        "free_riding", "pool", "linear", "effort_mean", -1,
        (level("pool_of_5", designs__pool__reps=5, designs__linear__reps=5), AS_IS), at_every_level,
    ),
)  # fmt: skip
