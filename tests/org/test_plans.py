"""Statements of pay: each rule by numbers worked by hand, the whole against a second payroll, and what always holds."""

import datetime as dt
import re
import time
from fractions import Fraction

import pytest

from simlib.org.chances import Chance
from simlib.org.credits import Credit, Employment, shares
from simlib.org.pay_periods import PayCalendar
from simlib.org.plan_parts import parts_of, stakes
from simlib.org.plans import statements
from simlib.scenario.pay import Crediting, Plan
from tests.org.pay_cases import random_case
from tests.org.payroll_oracle import Oracle

MINOR = 100
YEAR = PayCalendar(dt.date(2026, 1, 1), 365)
DAY = {name: 24.0 * day for name, day in (("january", 10), ("february", 40), ("april", 100), ("july", 200))}


def plan(*, components=None, **terms):
    """A plan as a user writes it; without base pay, so that only what varies is in the statements."""
    return Plan.model_validate({"base_per_year": 0.0, "components": components or {}, **terms})


def commission(rate=0.1, **more):
    """A rate, or tiers."""
    return {"kind": "commission", **({} if "tiers" in more else {"rate": rate}), **more}


def employed(name="ann", *, quota=None, days=(0, 365), **more):
    """Somebody on the plan called `plan`, on a seat of the same name; the quota in whole units."""
    spell = {"from_h": 24.0 * days[0], "to_h": 24.0 * days[1]}
    exact = None if quota is None else Fraction(quota * MINOR)
    return Employment(
        **{"person": name, "position": name, "unit": "east", "plan": "plan", "quota": exact, **spell, **more}
    )


def sale(value, at="january", name="ann", **more):
    """Credit for a deal of so many whole units."""
    at_h = DAY.get(at, at)
    row = {"deal": 1, "margin": value * MINOR // 4, "product": "machine", "segment": "sme", "new_customer": False}
    return Credit(**{"person": name, "at_h": at_h, "revenue": value * MINOR, **row, **more})


def paid(one, rows, *, staff=None, plans=None, calendar=YEAR):
    """{(person, first day of the settlement): {component or kind: whole units}}; base pay left out."""
    found = statements(plans or {"plan": one}, staff or [employed()], rows, calendar=calendar, minor_units=MINOR)
    result = {}
    for statement in found:
        lines = result.setdefault((statement.person, statement.first_day.isoformat()), {})
        for line in statement.lines:
            if line.kind != "base" and line.amount:
                name = " ".join(part for part in (line.component or line.kind, line.kpi) if part)
                lines[name] = lines.get(name, 0) + line.amount / MINOR
    return {key: lines for key, lines in result.items() if lines}


FIRST, SECOND, THIRD = (("ann", f"2026-{month}-01") for month in ("01", "04", "07"))


def test_a_commission_on_revenue_margin_and_deals():
    """Ten per cent of 1,000 is 100; of its margin (a quarter) 25; 30 for each of two deals is 60."""
    rows = [sale(600), sale(400)]
    assert paid(plan(components={"c": commission()}), rows) == {FIRST: {"c": 100}}
    assert paid(plan(components={"c": commission(on="margin")}), rows) == {FIRST: {"c": 25}}
    assert paid(plan(components={"c": commission(30.0, on="deals")}), rows) == {FIRST: {"c": 60}}


def test_what_counts_is_filtered():
    """By product, customer type, kind of customer and stage: each row but one misses a filter."""
    wanted = {"products": ["machine"], "segments": ["sme"], "customers": "new"}
    new = sale(100, new_customer=True)
    rows = [
        new,
        sale(100),
        new._replace(product="service"),
        new._replace(segment="enterprise"),
        new._replace(stage="contact"),
    ]
    assert paid(plan(components={"c": commission(**wanted)}), rows) == {FIRST: {"c": 10}}
    assert paid(plan(components={"c": commission(5.0, on="deals", stages=["contact"])}), rows) == {FIRST: {"c": 5}}
    assert paid(plan(components={"c": commission(7.0, on="new_customers")}), rows) == {FIRST: {"c": 21}}
    assert paid(plan(components={"c": commission(customers="existing")}), rows) == {FIRST: {"c": 10}}


def test_tiers_by_attainment_of_the_quota():
    """Quota 1,000: 5% up to it and 12% beyond pay 50 + 72 for 1,600; retroactively 192."""
    tiers = [[0.0, 0.05], [1.0, 0.12]]
    staff, rows = [employed(quota=1000)], [sale(800), sale(800)]
    quota = {"amount": 1000.0}
    assert paid(plan(components={"c": commission(tiers=tiers)}, quota=quota), rows, staff=staff) == {FIRST: {"c": 122}}
    whole = plan(components={"c": commission(tiers=tiers, mode="retroactive")}, quota=quota)
    assert paid(whole, rows, staff=staff) == {FIRST: {"c": 192}}


def test_tiers_by_amount():
    """The same without a quota: 5% up to 1,000, 12% beyond."""
    one = plan(components={"c": commission(tiers=[[0.0, 0.05], [1000.0, 0.12]], by="amount")})
    assert paid(one, [sale(1600)]) == {FIRST: {"c": 122}}


def test_a_bonus_by_month_quarter_and_year():
    """500 from 1,000 on: 600 in January and in February make it in the quarter and the year, in no month."""
    rows = [sale(600), sale(600, "february")]

    def bonus(period):
        return plan(components={"b": {"kind": "bonus", "steps": [[1000.0, 500.0]], "by": "amount", "period": period}})

    assert paid(bonus("month"), rows) == {}
    assert paid(bonus("quarter"), rows) == {FIRST: {"b": 500}}
    assert paid(bonus("year"), rows) == {("ann", "2026-10-01"): {"b": 500}}


def test_a_scorecard_weighs_its_measures():
    """1,000 in full: 60% for revenue at 90% of 1,000 (half-way from 50% to 100%: 75%), 40% for deals at target."""
    curve = [[0.8, 0.5], [1.0, 1.0]]
    kpis = {
        "revenue": {"weight": 0.6, "target": 1000.0, "curve": curve},
        "deals": {"weight": 0.4, "on": "deals", "target": 2.0, "curve": curve},
    }
    one = plan(components={"card": {"kind": "scorecard", "pays": 1000.0, "kpis": kpis}})
    assert paid(one, [sale(450), sale(450)]) == {FIRST: {"card revenue": 450, "card deals": 400}}


def test_a_special_counts_what_is_signed_on_its_days():
    """50 for each deal from 1 to 9 February (day 40 is the 10th): none; up to the 10th: one."""
    for last, expected in (("2026-02-09", {}), ("2026-02-10", {FIRST: {"s": 50}})):
        special = {"kind": "special", "on": "deals", "rate": 50.0, "first_day": "2026-02-01", "last_day": last}
        assert paid(plan(components={"s": special}), [sale(900), sale(900, "february")]) == expected


POOL = {"kind": "pool", "rate": 0.1}


@pytest.mark.parametrize(
    ("shared", "ann", "bob"),
    [("equally", 50, 50), ("by_contribution", 70, 30), ("by_pay", 60, 40)],
)
def test_a_pool_is_shared(shared, ann, bob):
    """Ten per cent of the unit's 1,000, of which Ann made 700; her pay is 60% of theirs."""
    staff = [employed("ann", pay_per_year=600), employed("bob", pay_per_year=400), employed("far", unit="west")]
    rows = [sale(700), sale(300, name="bob"), sale(5000, name="far")]
    one = plan(components={"p": {**POOL, "shared": shared}}, base_per_year=None)
    found = paid(one, rows, staff=staff)
    assert (found["ann", FIRST[1]]["p"], found["bob", FIRST[1]]["p"]) == (ann, bob)


def test_a_pool_of_the_firm_counts_every_unit():
    """Also the results of somebody who is on no plan, who has no part in it."""
    staff = [employed("ann"), employed("bob", unit="west"), employed("eve", plan=None)]
    found = paid(plan(components={"p": {**POOL, "result_of": "company"}}), [sale(600, name="eve")], staff=staff)
    assert found == {FIRST: {"p": 30}, ("bob", FIRST[1]): {"p": 30}}


def test_days_there_share_a_pool():
    """Bob came for the last 45 of the quarter's 90 days: a third of 90 is his."""
    staff = [employed("ann"), employed("bob", days=(45, 365))]
    found = paid(plan(components={"p": POOL}), [sale(900)], staff=staff)
    assert (found["ann", FIRST[1]]["p"], found["bob", FIRST[1]]["p"]) == (60, 30)


def test_an_override_pays_on_direct_or_all_reports():
    """1% of 1,000 of a direct report, and 1% of 500 of one below; the boss's own deals do not count."""
    boss = employed("boss", plan="lead")
    staff = [
        boss,
        employed("ann", bosses=("boss",), above=("boss",)),
        employed("bob", bosses=("ann",), above=("ann", "boss")),
    ]
    rows = [sale(1000), sale(500, name="bob"), sale(9000, name="boss")]
    for reports, expected in (("direct", 10), ("all", 15)):
        lead = plan(components={"o": {"kind": "override", "rate": 0.01, "reports": reports}})
        found = paid(None, rows, staff=staff, plans={"plan": plan(), "lead": lead})
        assert found == {("boss", FIRST[1]): {"o": expected}}


def test_a_boss_attains_the_sum_of_the_quotas_below():
    """Quotas of 600 and 400: 1,000 together is an attainment of 1, which pays the boss 100."""
    team = {"bosses": ("boss",), "above": ("boss",)}
    staff = [employed("boss", plan="lead"), employed("ann", quota=600, **team), employed("bob", quota=400, **team)]
    lead = plan(components={"o": {"kind": "override", "steps": [[1.0, 100.0]]}}, quota={"amount": 1.0})
    plans = {"plan": plan(quota={"amount": 1.0}), "lead": lead}
    rows = [sale(700), sale(300, name="bob")]
    assert paid(None, rows, staff=staff, plans=plans) == {("boss", FIRST[1]): {"o": 100}}
    assert paid(None, rows[:1], staff=staff, plans=plans) == {}


def test_a_cap_of_a_component_and_of_the_plan():
    """10% of 1,000 capped at 60; with a bonus of 50 the plan's cap of 80 takes 30 off."""
    parts = {"c": commission(cap=60.0), "b": {"kind": "bonus", "by": "amount", "steps": [[1.0, 50.0]]}}
    assert paid(plan(components=parts, cap=80.0), [sale(1000)]) == {FIRST: {"c": 60, "b": 50, "cap": -30}}


def test_a_recoverable_draw_is_paid_back_out_of_later_pay():
    """Draw 100: 40 is topped up by 60, which is taken from what later exceeds 100: 50 of 150, and 10 of 130."""
    one = plan(components={"c": commission()}, draw={"amount": 100.0})
    rows = [sale(400), sale(1500, "april"), sale(1300, "july")]
    found = paid(one, rows)
    assert found[FIRST] == {"c": 40, "draw": 60}
    assert found[SECOND] == {"c": 150, "repaid": -50}
    assert found[THIRD] == {"c": 130, "repaid": -10}


def test_a_draw_that_is_given_and_a_floor_are_not_owed():
    """Both top 40 up to 100 and leave the next period alone."""
    for terms, name in (({"draw": {"amount": 100.0, "recoverable": False}}, "draw"), ({"floor": 100.0}, "floor")):
        found = paid(plan(components={"c": commission()}, **terms), [sale(400), sale(1500, "april")])
        assert found[FIRST] == {"c": 40, name: 60}
        assert found[SECOND] == {"c": 150}


BAD = {"turned_bad": "default", "signed_h": DAY["february"]}


def test_a_claw_back_is_negative_credit_when_the_deal_turns_bad():
    """Signed on day 40, bad on day 100: 1,000 less in the second quarter; by another cause or too late, nothing."""
    rows = [sale(1000, "february"), sale(1500, "april"), sale(1000, "april", **BAD)]
    terms = {"components": {"c": commission()}}
    assert paid(plan(**terms, claw_back={}), rows)[SECOND] == {"c": 50}
    assert paid(plan(**terms, claw_back={"share": 0.5}), rows)[SECOND] == {"c": 100}
    for kept in (None, {"within_days": 59}, {"causes": ["churn"]}):
        assert paid(plan(**terms, claw_back=kept), rows)[SECOND] == {"c": 150}


def test_the_first_cause_that_the_plan_lists_takes_back_once():
    """Signed on day 40, the customer left on day 85 and did not pay on day 100: one of them counts, and each where the
    plan lists it alone. Where both come too late neither does."""
    left = sale(1000, 24.0 * 85, turned_bad="churn", signed_h=DAY["february"])
    rows = [sale(1000, "february"), sale(1500, "april"), sale(1000, "april", **BAD), left]
    terms = {"components": {"c": commission()}}

    def taken(**rule):
        return paid(plan(**terms, claw_back=rule), rows)

    assert taken() == taken(causes=["churn"]) == {SECOND: {"c": 150}}
    assert taken(causes=["default"]) == {FIRST: {"c": 100}, SECOND: {"c": 50}}
    assert taken(within_days=30) == taken(causes=["default"], within_days=30) == {FIRST: {"c": 100}, SECOND: {"c": 150}}


def decided(at, *, taken, of="win_rate", deal=1, **more):
    """A lead that was decided on some day, or a customer that came up for renewal."""
    return Chance(of, "ann", deal, DAY.get(at, at), **{"product": "machine", "segment": "sme", **more},
                  new_customer=False, taken=taken)  # fmt: skip


def share_card(on="win_rate", target=0.5, **more):
    """A scorecard that pays 100 on one share: half of it at half the target, in a straight line up to twice."""
    kpi = {"weight": 1.0, "on": on, "target": target, "curve": [[0.5, 0.5], [2.0, 2.0]], **more}
    return plan(components={"card": {"kind": "scorecard", "pays": 100.0, "kpis": {"share": kpi}}}, claw_back={})


def test_a_share_pays_for_what_was_won_of_what_was_decided():
    """Two of five in the first quarter are 0.8 of the target of a half; all of one in the second is twice the target;
    nothing was decided in the third and the fourth, which count as the target met. A customer kept is no lead."""
    rows = [decided("january", taken=number < 2, deal=number) for number in range(5)]
    rows += [decided("april", taken=True), decided("july", taken=False, of="customers_kept")]
    found = paid(share_card(), rows)
    assert [lines["card share"] for lines in found.values()] == [80, 200, 100, 100]


def test_a_share_is_neither_divided_by_days_nor_moved_by_what_is_filtered_out():
    """There for half of the first quarter, with one of two won: the target of a half is met, and half of 100 paid; a
    lost lead of another product does not count where one is named."""
    rows = [decided(24.0 * 50, taken=True), decided(24.0 * 51, taken=False, deal=2)]
    assert paid(share_card(), rows, staff=[employed(days=(45, 90))])[FIRST] == {"card share": 50}
    assert paid(share_card(), [*rows, decided(24.0 * 52, taken=False, product="service")])[FIRST]["card share"] < 100
    assert paid(share_card(products=["service"]), rows)[FIRST] == {"card share": 100}


def test_a_win_that_is_taken_back_is_one_less_where_the_plan_takes_back():
    """Won in the first quarter, bad in the second, in which one of two is won: none is left; without a claw-back it
    stays one, and the first quarter is paid as it was."""
    rows = [decided("february", taken=True), sale(1000, "february"), sale(1000, "april", **BAD)]
    rows += [decided("april", taken=True, deal=2), decided("april", taken=False, deal=3)]
    found = paid(share_card(), rows)
    assert found[FIRST] == {"card share": 200}
    assert SECOND not in found
    kept = paid(share_card().model_copy(update={"claw_back": None}), rows)
    assert (kept[FIRST], kept[SECOND]) == ({"card share": 200}, {"card share": 100})


def test_customers_kept_are_counted_by_head():
    """Three of four due stayed; the target is three quarters."""
    rows = [decided("january", taken=number > 0, of="customers_kept", deal=number) for number in range(4)]
    assert paid(share_card("customers_kept", 0.75), rows)[FIRST] == {"card share": 100}


@pytest.mark.parametrize(
    ("kpi", "place", "rule"),
    [
        ({"on": "win_rate"}, "target", "got null for win_rate, must be stated: a share above 0 and at most 1"),
        ({"on": "win_rate", "target": 30.0}, "target", "got 30, must be at most 1: win_rate is a share"),
        ({"on": "win_rate", "target": 0.3, "stages": ["contact"]}, "stages", "must be empty"),
        ({"on": "customers_kept", "target": 0.9, "customers": "new"}, "customers", "new customers do not renew"),
        ({"on": "satisfaction", "target": 0.9}, "on", "satisfaction"),
    ],
)
def test_a_share_says_what_it_needs(kpi, place, rule):
    """A target of its own of at most 1, nothing by stages, customers that can renew."""
    with pytest.raises(ValueError, match=re.escape(rule)) as caught:
        plan(
            components={
                "c": {"kind": "scorecard", "pays": 1.0, "kpis": {"k": {"weight": 1.0, "curve": [[1.0, 1.0]], **kpi}}}
            }
        )
    assert place in str(caught.value)


def test_pay_is_never_negative_and_the_rest_is_owed():
    """100 taken back where nothing was sold: nothing is paid, 100 is owed and taken from the 150 that follow."""
    rows = [sale(1000, "february"), sale(1000, "april", **BAD), sale(1500, "july")]
    carried = paid(plan(components={"c": commission()}, claw_back={}), rows)
    assert carried[SECOND] == {"c": -100, "deficit": 100}
    assert carried[THIRD] == {"c": 150, "repaid": -100}
    given = paid(plan(components={"c": commission()}, claw_back={"carried": False}), rows)
    assert given[THIRD] == {"c": 150}


def test_who_is_gone_has_nothing_taken_back():
    """The deal turns bad after its seller's last day."""
    rows = [sale(1000, "february"), sale(1000, "april", **BAD)]
    found = paid(plan(components={"c": commission()}, claw_back={}), rows, staff=[employed(days=(0, 90))])
    assert found == {FIRST: {"c": 100}}


def test_joining_in_the_period_prorates_quota_lump_sum_and_cap():
    """There for 45 of 90 days: half the quota of 1,000 is reached with 500, half the bonus of 200 is paid, and half the
    cap of 160 holds."""
    bonus = {"kind": "bonus", "steps": [[1.0, 200.0]]}
    terms = {"components": {"b": bonus}, "quota": {"amount": 1000.0}}
    staff = [employed(quota=1000, days=(45, 365))]
    rows = [sale(500, 24.0 * 50)]
    assert paid(plan(**terms), rows, staff=staff) == {FIRST: {"b": 100}}
    assert paid(plan(**terms, cap=160.0), rows, staff=staff) == {FIRST: {"b": 100, "cap": -20}}
    assert paid(plan(**terms, proration={"days": False}), rows, staff=staff) == {}
    assert paid(plan(**terms, proration={"days": False}), [sale(1000, 24.0 * 50)], staff=staff) == {FIRST: {"b": 200}}


def test_absence_counts_only_where_the_plan_says_so():
    """Ann was absent for 45 of the quarter's 90 days."""
    staff = [employed(quota=1000, absent_days=tuple(range(20, 65)))]
    terms = {"components": {"b": {"kind": "bonus", "steps": [[1.0, 200.0]]}}, "quota": {"amount": 1000.0}}
    assert paid(plan(**terms), [sale(500)], staff=staff) == {}
    assert paid(plan(**terms, proration={"absence": True}), [sale(500)], staff=staff) == {FIRST: {"b": 100}}


def test_a_period_cut_by_the_run_is_a_part_of_one():
    """A run from 15 February has 45 of the quarter's 90 days, and one to that day the other 45."""
    one = plan(components={"b": {"kind": "bonus", "by": "amount", "steps": [[1000.0, 200.0]]}})
    for calendar in (PayCalendar(dt.date(2026, 2, 15), 45), PayCalendar(dt.date(2026, 1, 1), 45)):
        staff = [employed(days=(0, 45))]
        assert paid(one, [sale(499)], staff=staff, calendar=calendar) == {}
        assert list(paid(one, [sale(500)], staff=staff, calendar=calendar).values()) == [{"b": 100}]


def test_season_spreads_the_years_quota():
    """Weights of 2 in the first three months and of 1 in the others: 6 of 15 parts of a year's 4,000 are 1,600."""
    season = [2.0] * 3 + [1.0] * 9
    one = plan(components={"b": {"kind": "bonus", "steps": [[1.0, 9.0]]}}, quota={"amount": 1000.0, "season": season})
    staff = [employed(quota=1000)]
    assert paid(one, [sale(1599), sale(800, "april")], staff=staff) == {SECOND: {"b": 9}}
    assert paid(one, [sale(1600), sale(799, "april")], staff=staff) == {FIRST: {"b": 9}}


def test_a_new_hires_quota_ramps_up_by_month():
    """Hired on the first day: nothing in January, half in February, all of March: 500 of the quarter's 1,000."""
    one = plan(components={"b": {"kind": "bonus", "steps": [[1.0, 9.0]]}}, quota={"amount": 1000.0, "ramp": [0.0, 0.5]})
    new = [employed(quota=1000, hired_day=0)]
    by_days = Fraction(1000, 3) * Fraction(3, 2)
    assert by_days == 500
    assert paid(one, [sale(500)], staff=new) == {FIRST: {"b": 9}}
    assert paid(one, [sale(499)], staff=new) == {}
    assert paid(one, [sale(500)], staff=[employed(quota=1000)]) == {}


def test_the_next_quota_follows_the_last_result():
    """Weight 0.5, growth 10%: after 2,000 on a quota of 1,000 the next is 500 + 1,100 = 1,600."""
    quota = {"method": "history", "amount": 1000.0, "weight": 0.5, "growth": 0.1}
    one = plan(components={"b": {"kind": "bonus", "steps": [[1.0, 9.0]]}}, quota=quota)
    staff = [employed(quota=1000)]
    assert SECOND not in paid(one, [sale(2000), sale(1599, "april")], staff=staff)
    assert paid(one, [sale(2000), sale(1600, "april")], staff=staff)[SECOND] == {"b": 9}


def test_where_nothing_is_expected_only_the_first_tier_pays():
    """A quota of 0 has no attainment: 5% for all, and no bonus."""
    parts = {"c": commission(tiers=[[0.0, 0.05], [1.0, 0.12]]), "b": {"kind": "bonus", "steps": [[0.5, 9.0]]}}
    one = plan(components=parts, quota={"amount": 1.0})
    assert paid(one, [sale(1000)], staff=[employed(quota=None)]) == {FIRST: {"c": 50}}


def test_base_pay_by_days_and_rounding_once_a_line():
    """36,500 a year is 100 a day; a third of a deal of 1.00 at 5% is 1.67 minor units: 2, taken back −2; halves go up
    by default and to the even cent by choice."""
    one = plan(base_per_year=36500.0)
    found = statements({"plan": one}, [employed(days=(0, 31))], [], calendar=YEAR, minor_units=MINOR)
    assert [statement.total for statement in found] == [31 * 100 * MINOR]
    third = sale(1, share=Fraction(1, 3))
    assert paid(plan(components={"c": commission(0.05)}), [third]) == {FIRST: {"c": 0.02}}
    half = sale(1)._replace(revenue=50)
    assert paid(plan(components={"c": commission(0.05)}), [half]) == {FIRST: {"c": 0.03}}
    assert paid(plan(components={"c": commission(0.05)}, rounding="half_even"), [half]) == {FIRST: {"c": 0.02}}


def test_rates_are_what_is_written():
    """0.1 + 0.2 is no 0.3 in binary: 0.07 of 1,350.50 is exactly 94.535, which rounds up."""
    row = sale(1)._replace(revenue=135050)
    assert paid(plan(components={"c": commission(0.07)}), [row]) == {FIRST: {"c": 94.54}}


def test_credit_is_split_by_hours_or_equally():
    """Owner 70%, helpers 30% by 2 and 1 hours; alone the owner has all of it; twice where the plan says so."""
    split = Crediting(owner=0.7, helpers=0.3)
    tenths = {name: Fraction(tenth, 10) for name, tenth in (("ann", 7), ("bob", 2), ("eve", 1))}
    assert shares(split, "ann", {"bob": 2.0, "eve": 1.0}) == tenths
    equal = shares(Crediting(owner=0.5, helpers=0.5, split="equally"), "ann", {"bob": 2.0, "eve": 1.0})
    assert equal["bob"] == equal["eve"] == Fraction(1, 4)
    assert sum(equal.values()) == 1
    assert shares(split, "ann", {"bob": 0.0}) == {"ann": 1}
    assert sum(shares(Crediting(owner=1.0, helpers=1.0, double=True), "ann", {"bob": 1.0}).values()) == 2


def test_stakes_hold_cap_and_floor_where_one_result_is_paid():
    """Commission and bonus on the same result are one schedule, capped; with a second kind of result no floor is in."""
    parts = {"c": commission(), "b": {"kind": "bonus", "by": "amount", "steps": [[500.0, 50.0]]}}
    one = plan(components=parts, cap=120.0, floor=20.0)

    def scheduled(one):
        return [(part, part.schedule(Fraction(1), None)) for part in parts_of(one, MINOR)]

    (stake,) = stakes(one, scheduled(one), MINOR, Fraction(1))
    assert [stake.schedule.pay(value * MINOR) / MINOR for value in (0, 300, 500, 1000)] == [20, 30, 100, 120]
    two = plan(components={**parts, "d": commission(9.0, on="deals")}, cap=120.0, floor=20.0)
    assert [stake.schedule.pay(0) for stake in stakes(two, scheduled(two), MINOR, Fraction(1))] == [0, 0]


def amounts(seed):
    """A random case through the payroll: ({(person, position, first day): ({line: amount}, owed)}, the case)."""
    plans, staff, rows, start, days, minor = random_case(seed)
    found = {}
    for statement in statements(plans, staff, rows, calendar=PayCalendar(start, days), minor_units=minor):
        lines = {}
        for line in statement.lines:
            period = (line.first_day, line.last_day) if line.component else ""
            lines[line.component or line.kind, line.kpi, period] = line.amount
        assert len(lines) == len(statement.lines)
        assert sum(lines.values()) == statement.total
        found[statement.person, statement.position, statement.first_day] = (lines, statement.owed_after)
    return found, (plans, staff, rows, start, days, minor)


def agrees(seed):
    """Whether both payrolls pay the same."""
    found, case = amounts(seed)
    return found == Oracle(*case).payroll()


@pytest.mark.parametrize("block", range(4))
def test_a_second_payroll_agrees_to_the_cent(block):
    """Two hundred random plans, staffs and results: every line and what is owed, by decimals and loops over days."""
    assert [seed for seed in range(50 * block, 50 * block + 50) if not agrees(seed)] == []


@pytest.mark.slow
def test_a_second_payroll_agrees_to_the_cent_a_thousand_times():
    """The same for a thousand."""
    assert [seed for seed in range(1000, 2000) if not agrees(seed)] == []


@pytest.mark.parametrize("seed", range(0, 200, 5))
def test_a_cap_never_raises_pay(seed):
    """Line by line without and with a cap: what falls due is the same, and its sum no higher than the cap."""
    plans, staff, rows, start, days, minor = random_case(seed)
    free = {name: one.model_copy(update={"cap": None, "floor": 0.0, "draw": None}) for name, one in plans.items()}
    tight = {name: one.model_copy(update={"cap": 100.0}) for name, one in free.items()}
    calendar = PayCalendar(start, days)
    without = statements(free, staff, rows, calendar=calendar, minor_units=minor)
    within = statements(tight, staff, rows, calendar=calendar, minor_units=minor)
    for one, other in zip(without, within, strict=True):
        earned = [sum(line.amount for line in each.lines if line.component) for each in (one, other)]
        assert earned[0] == earned[1]
        assert other.variable <= 100 * minor
        assert other.variable <= max(one.variable, 0) or one.owed_before


def test_more_result_never_pays_less():
    """Where no retroactive rate falls, one more deal lowers no line of who signed it; quotas by history, which follow
    the result, are left out. At least sixty random cases."""
    asked = 0
    for seed in range(600):
        plans, staff, rows, start, days, minor = random_case(seed)
        sold = [row for row in rows if isinstance(row, Credit) and not row.turned_bad and row.margin >= 0]
        if not sold or not all(map(never_falls, plans.values())):
            continue
        asked += 1
        calendar = PayCalendar(start, days)
        before = statements(plans, staff, rows, calendar=calendar, minor_units=minor)
        after = statements(plans, staff, [*rows, sold[0]._replace(deal=1000)], calendar=calendar, minor_units=minor)
        lines, more = (
            [line for one in each if one.person == sold[0].person for line in one.lines if line.component]
            for each in (before, after)
        )
        assert all(new.amount >= old.amount for old, new in zip(lines, more, strict=True)), seed
    assert asked >= 60


def never_falls(one):
    """Whether no more of a result can pay less under a plan."""
    if one.quota is not None and one.quota.method == "history":
        return False
    for component in one.components.values():
        tiers = [rate for _, rate in getattr(component, "tiers", ())]
        if getattr(component, "mode", "") == "retroactive" and tiers != sorted(tiers):
            return False
    return True


@pytest.mark.parametrize("seed", range(0, 100, 5))
def test_nothing_credited_pays_nothing(seed):
    """Without credits every line of a component is 0; floor and draw remain. A share of nothing counts as its target
    met, and the cap and what is owed may take of it."""
    plans, staff, _, start, days, minor = random_case(seed)
    for statement in statements(plans, staff, [], calendar=PayCalendar(start, days), minor_units=minor):
        shares = any(line.chances == 0 for line in statement.lines)
        kinds = {line.kind for line in statement.lines if line.amount and line.kind != "base" and line.chances is None}
        assert kinds <= ({"floor", "draw", "cap", "repaid"} if shares else {"floor", "draw"})


@pytest.mark.parametrize("seed", range(0, 100, 5))
def test_shares_of_a_fund_sum_to_the_whole(seed):
    """Of everybody on the plan, unit by unit and period by period."""
    plans, staff, rows, start, days, minor = random_case(seed)
    where = {(one.person, one.position): one for one in staff}
    parts = {}
    for statement in statements(plans, staff, rows, calendar=PayCalendar(start, days), minor_units=minor):
        one = where[statement.person, statement.position]
        for line in statement.lines:
            if line.kind == "pool":
                of = plans[statement.plan].components[line.component].result_of
                key = (statement.plan, line.component, one.unit if of == "unit" else "", line.first_day)
                parts.setdefault(key, []).append(line.share)
    assert all(sum(each) == 1 for each in parts.values())


def test_a_large_payroll_takes_no_time():
    """Sixty people, four quarters, five components, 3,000 credits: far below the seconds of a run."""
    parts = {
        "c": commission(tiers=[[0.0, 0.03], [1.0, 0.06]]),
        "b": {"kind": "bonus", "steps": [[1.0, 5000.0]]},
        "card": {
            "kind": "scorecard",
            "pays": 3000.0,
            "kpis": {"a": {"weight": 1.0, "curve": [[0.8, 0.5], [1.0, 1.0]]}},
        },
        "s": {"kind": "special", "on": "deals", "rate": 100.0},
        "p": {"kind": "pool", "rate": 0.01, "shared": "by_contribution"},
    }
    one = plan(components=parts, quota={"amount": 1.0}, cap=90000.0)
    staff = [employed(f"rep {number}", quota=250_000, unit=f"unit {number % 6}") for number in range(60)]
    rows = [sale(10_000 + 7 * number, 24.0 * (number % 365), f"rep {number % 60}") for number in range(3000)]
    took = []
    for _ in range(3):
        began = time.perf_counter()
        statements({"plan": one}, staff, rows, calendar=YEAR, minor_units=MINOR)
        took.append(time.perf_counter() - began)
    assert min(took) < 1.0
