"""A rebate's schedule adds up its parts, exactly."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from simlib.model.channels.rebates import schedule_of
from simlib.scenario.stocks import Rebate

TIERS = ((100.0, 0.02), (500.0, 0.06))


@given(
    bought=st.integers(0, 10**6),
    before=st.one_of(st.none(), st.integers(0, 10**6)),
    part=st.sampled_from([Fraction(1), Fraction(86, 90), Fraction(1, 31)]),
    mode=st.sampled_from(["marginal", "retroactive"]),
)
def test_base_tier_and_growth_add_up(bought, before, part, mode):
    """To the fraction, written down once more: 1% of all, tiers of 2% and 6%, 3% of growth."""
    rule = Rebate(rate=0.01, tiers=TIERS, mode=mode, growth=0.03)
    schedule = schedule_of(rule, minor=100, part=part, before=None if before is None else Fraction(before))
    low, high = (10_000 * part, 50_000 * part)
    if mode == "marginal":
        tier = Fraction(2, 100) * max(min(bought, high) - low, 0) + Fraction(6, 100) * max(bought - high, 0)
    else:
        tier = bought * (Fraction(6, 100) if bought >= high else Fraction(2, 100) if bought >= low else 0)
    grown = 0 if before is None else Fraction(3, 100) * max(bought - before * part, 0)
    assert schedule.pay(bought) == Fraction(1, 100) * bought + tier + grown
