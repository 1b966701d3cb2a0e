"""Pay in the books of a run: credits, statements and money, against the ledger's other tables and a second payroll."""

import datetime as dt
import math
from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest

from simlib.ledger import SCHEMA, Ledger
from simlib.org import build
from simlib.org.chances import Chance
from simlib.org.credits import Credit
from simlib.runs import simulate
from simlib.runs.replicate import payroll_of
from simlib.scenario import Scenario, vary
from simlib.world import World, draw_world
from tests.org.payroll_oracle import Oracle, dates_of
from tests.paid import CALENDAR, FIELD, LEAD, give_away, paid, paid_and_steady, paid_at_random
from tests.worlds import MECHANISMS, UNMOVED, small


def world_of(scenario: Scenario, seed: int = 1) -> World:
    """The first world of a seed."""
    return draw_world(scenario, seed=seed, replication=0)


def lived(name: str, scenario: Scenario, seed: int = 1) -> Ledger:
    """The ledger of a design."""
    return simulate(build(name, scenario), world_of(scenario, seed))


@pytest.fixture(scope="module", params=["pyramid", "backed", "functional", "reformed", "dealt_out", "small_firm"])
def ledger(request) -> Ledger:
    """A run of designs with helpers, hand-offs, turnover, a change, and several sellers after the same deal."""
    return lived(request.param, paid(), seed=4)


class Remembering(Oracle):
    """A second payroll that keeps apart what each employment is paid."""

    def employment(self, one, owed, found):
        mine = {}
        owed = super().employment(one, owed, mine)
        found[one] = {first: lines for (_, _, first), (lines, _) in mine.items()}
        return owed


def credits_of(ledger: Ledger) -> list[Credit]:
    """The rows of the ledger as the payroll's."""
    return [
        Credit(
            *(row.party, row.lead, row.at_h, row.revenue, row.margin, row.product, row.segment, row.new_customer),
            *(row.stage, Fraction(row.share), row.signed_h, row.turned_bad),
        )
        for row in ledger.credits.itertuples()
    ]


def chances_of(ledger: Ledger) -> list[Chance]:
    """What could be won or kept, from the tables of leads and renewals."""
    leads = ledger.leads[((ledger.leads["outcome"] != "open") & ledger.leads["owner"].notna()).to_numpy()]
    found = [
        Chance(
            "win_rate",
            row.owner,
            row.lead,
            row.closed_h,
            row.product,
            row.segment,
            row.new_customer,
            row.outcome == "won",
        )
        for row in leads.itertuples()
    ]
    due = ledger.renewals.reset_index(drop=True)
    return found + [
        Chance(
            "customers_kept",
            row.owner,
            len(ledger.needs) + row.Index,
            row.at_h,
            row.product,
            row.segment,
            False,
            row.kept,
        )
        for row in due[due["owner"].notna()].itertuples()
    ]


def of_deals(ledger: Ledger, which: pd.Series) -> pd.DataFrame:
    """Rows of credits that are for deals, not for renewals."""
    return ledger.credits[(which & (ledger.credits["lead"] < len(ledger.needs))).to_numpy()]


def lines_by_oracle(employments, ledger: Ledger, scenario: Scenario):
    """(person, position, component or kind, line, from, to, amount) of every line, and pay by person and payday."""
    start = dt.date.fromisoformat(ledger.frame.start)
    oracle = Remembering(
        *(scenario.plans, employments, [*credits_of(ledger), *chances_of(ledger)], start),
        *(math.ceil(ledger.frame.end_h / 24), ledger.frame.minor_units),
    )
    lines, settled = [], Counter()
    for one, found in oracle.payroll().items():
        for first, amounts in found.items():
            span = scenario.plans[one.plan].settled
            length = {"month": 1, "quarter": 3, "year": 12}[span]
            whole = dates_of((first.year, (first.month - 1) // length), span)
            for (name, kpi, dates), amount in amounts.items():
                begin, end = dates or (whole[0], whole[-1])
                if name != "base":
                    clipped = max((begin - start).days * 24, one.from_h), min(((end - start).days + 1) * 24, one.to_h)
                    lines.append((one.person, one.position, name, kpi, *clipped, amount))
                    settled[one.person, min(((whole[-1] - start).days + 1) * 24, ledger.frame.end_h)] += amount
    return sorted(lines), {key: amount for key, amount in settled.items() if amount}


@pytest.mark.parametrize("name", ["pyramid", "reformed", "backed", "matrix", "functional", "hybrid"])
@pytest.mark.parametrize("seed", range(3))
def test_pay_recomputes_from_credits_by_a_second_payroll(name, seed):
    """To the cent, line by line and payday by payday: random plans of all kinds, people who come, go and are absent,
    hand-offs, support staff, two bosses, a change of designs and plans; some leave for their pay, some rise, and
    customers leave early."""
    reacting = {f"mechanisms.{name}": MECHANISMS[name] for name in ("satisfaction", "recognition", "career")}
    reacting["mechanisms.retention"] = {**MECHANISMS["retention"], "leaving_rate_per_year": 3.0}
    scenario = vary(paid_at_random(seed), reacting)
    world = world_of(scenario, seed)
    ledger, payroll = simulate(build(name, scenario), world), payroll_of(build(name, scenario), world)
    lines, settled = lines_by_oracle([spell.employment for spell in payroll.spells], ledger, scenario)
    booked = sorted(
        (row.party, row.position, row.component or row.kind, row.kpi, row.from_h, row.to_h, row.amount)
        for row in ledger.pay.itertuples()
    )
    assert booked == lines
    money = ledger.money[ledger.money["kind"] == "variable pay"]
    assert {(row.payee, row.at_h): row.amount for row in money.groupby(["payee", "at_h"], observed=True)["amount"]
            .sum().reset_index().itertuples()} == settled  # fmt: skip


def test_a_share_changes_pay_and_no_hour_of_who_does_not_react():
    """With every mechanism on but the reactions, a scorecard on shares that pays ten times as much changes pay alone;
    with them the same deals are signed at other discounts."""

    def run_of(pays: float, **reactions: Any) -> Ledger:
        kpi = {"weight": 1.0, "on": "win_rate", "target": 0.3, "curve": [[1.0, 1.0]]}
        card = {"kind": "scorecard", "pays": pays, "kpis": {"won": kpi}}
        field = {**FIELD, "components": {**FIELD["components"], "card": card}}
        return lived("pyramid", paid({"field": field, "lead": LEAD}, mechanisms={**UNMOVED, **reactions}))

    little, much = run_of(100.0), run_of(1000.0)
    pd.testing.assert_frame_equal(little.work, much.work)
    pd.testing.assert_frame_equal(little.leads, much.leads)
    assert 0 < little.pay["amount"].sum() < much.pay["amount"].sum()
    moved = [run_of(pays, discount=MECHANISMS["discount"]).leads["discount"] for pays in (100.0, 1000.0)]
    assert moved[0].mean() < moved[1].mean()


def test_variable_pay_in_the_money_is_the_sum_of_the_lines(ledger):
    """Whatever is on a statement beside base pay is paid, to that person, by the firm, and never negative."""
    money = ledger.money[ledger.money["kind"] == "variable pay"]
    paid_out = money.groupby(money["payee"].astype(str))["amount"].sum()
    lines = ledger.pay.groupby(ledger.pay["party"].astype(str))["amount"].sum()
    assert paid_out.to_dict() == lines[lines != 0].to_dict()
    assert (money["amount"] > 0).all()
    assert (money["payer"] == "firm").all()
    assert money["amount"].sum() > 0


def test_every_signature_is_credited_and_every_default_taken_back(ledger):
    """Once each, sound or not: its value, and the value less the cost of what was sold; an unsound one is taken back 20
    days later, if the run lasts so long."""
    leads = ledger.leads[(ledger.leads["outcome"] == "won").to_numpy()].set_index("lead")
    sound = ledger.needs["sound"]
    rows = of_deals(ledger, ledger.credits["stage"] == "")
    given, back = rows[(rows["turned_bad"] == "").to_numpy()], rows[(rows["turned_bad"] == "default").to_numpy()]
    assert set(given["lead"]) == set(leads.index)
    for row in given.itertuples():
        lead = leads.loc[row.lead]
        assert row.at_h == row.signed_h == lead["closed_h"]
        assert row.revenue == lead["value"]
        assert row.margin == lead["value"] - round(lead["value"] * 0.6)
        assert (row.product, row.segment) == (lead["product"], lead["segment"])
        assert row.new_customer == lead["new_customer"]
    late = leads.index[~sound[leads.index].to_numpy() & (leads["closed_h"] + 480 < ledger.frame.end_h).to_numpy()]
    assert set(back["lead"]) == set(late)
    assert (back["at_h"] == back["signed_h"] + 480).all()
    pairs = rows.groupby("lead", observed=True)
    for lead in late:
        mine = pairs.get_group(lead)
        shares = [
            sorted(zip(each["party"].astype(str), each["share"].astype(str), strict=True))
            for each in (mine[(mine["turned_bad"] == cause).to_numpy()] for cause in ("", "default"))
        ]
        assert shares[0] == shares[1]


def test_credit_is_split_as_the_owners_plan_says(ledger):
    """Whoever had it alone has all; else the owner has 0.7, and the others 0.3 by the hours, to a hundredth, that they
    worked on it before the signature."""
    work = ledger.work[ledger.work["activity"].isin(ledger.frame.stages)]
    owners = ledger.leads.set_index("lead")[["owner", "closed_h"]]
    rows = of_deals(ledger, (ledger.credits["stage"] == "") & (ledger.credits["turned_bad"] == ""))
    helped = 0
    for lead, mine in rows.groupby("lead"):
        owner, closed = owners.loc[lead]
        share = {row.party: Fraction(row.share) for row in mine.itertuples()}
        hours: dict[str, float] = defaultdict(float)
        for row in work[work["lead"] == lead].itertuples():
            hours[row.party] += max(min(row.end_h, closed) - row.start_h, 0.0)
        timesheet = {party: Fraction(str(round(spent, 2))) for party, spent in hours.items()}
        others = {party: spent for party, spent in timesheet.items() if party != owner and spent}
        plan_has_it = owner.startswith("rep")
        if others and plan_has_it:
            helped += 1
            assert sum(share.values()) == 1
            assert share[owner] == Fraction(7, 10)
            whole = sum(others.values())
            for party, spent in others.items():
                assert share[party] == Fraction(3, 10) * spent / whole
        else:
            assert share == {owner: 1}
    assert helped or not work.groupby("lead")["party"].nunique().gt(1).any()


def test_stages_are_credited_to_whose_work_passed_them_once_each(ledger):
    """Only the stage that a plan pays for, at its first passed gate, won or not."""
    gates = ledger.gates[(ledger.gates["stage"] == "contact").to_numpy() & ledger.gates["passed"].to_numpy()]
    first = gates.sort_values("at_h", kind="stable").drop_duplicates("lead").set_index("lead")
    rows = ledger.credits[(ledger.credits["stage"] != "").to_numpy()]
    assert set(rows["stage"]) == {"contact"}
    assert set(rows["lead"]) == set(first.index)
    for lead, mine in rows.groupby("lead"):
        assert (mine["at_h"] == first.loc[lead, "at_h"]).all()
        assert first.loc[lead, "party"] in set(mine["party"])
        total = sum(Fraction(share) for share in mine["share"])
        assert total == 1


def test_a_customer_is_new_until_the_first_signature():
    """Stage credits too: an account that has signed, or was a customer before time zero, is no new one."""
    scenario = vary(paid(), {"demand.existing_share": 0.5})
    world = world_of(scenario)
    ledger = simulate(build("pyramid", scenario), world)
    before = set(ledger.needs["account"][world.needs.existing])
    leads = ledger.leads.set_index("lead")
    won = leads[(leads["outcome"] == "won").to_numpy()]
    signed = won.groupby("account")["closed_h"].min()
    for row in of_deals(ledger, ledger.credits["share"] != "").itertuples():
        account = leads.loc[row.lead, "account"]
        assert row.new_customer == (account not in before and not signed.get(account, math.inf) < row.signed_h)
    assert ledger.credits["new_customer"].nunique() == 2


def test_a_lead_that_is_lost_is_a_new_customers_too():
    """Whoever has not signed when it is decided: else the share won of leads of new customers would be one."""
    scenario = vary(paid(), {"demand.existing_share": 0.5})
    world = world_of(scenario)
    ledger = simulate(build("pyramid", scenario), world)
    before = set(ledger.needs["account"][world.needs.existing])
    leads = ledger.leads[(ledger.leads["outcome"] != "open").to_numpy()]
    signed = leads[(leads["outcome"] == "won").to_numpy()].groupby("account")["closed_h"].min()
    for lead in leads.itertuples():
        assert lead.new_customer == (
            lead.account not in before and not signed.get(lead.account, math.inf) < lead.closed_h
        )
    assert len(leads.groupby(["outcome", "new_customer"], observed=True)) == 6


def test_employments_are_what_the_seats_say():
    """One for each holder: plan by role, days as in the table of seats, absence as in the table of work, everybody
    above up to the top, and the day of hiring of who came."""
    scenario = paid()
    world = world_of(scenario)
    ledger, payroll = simulate(build("pyramid", scenario), world), payroll_of(build("pyramid", scenario), world)
    seats = ledger.seats.set_index(ledger.seats["party"].astype(str))
    boss_of = {str(row.position): row.boss for row in ledger.seats.itertuples()}
    absent = ledger.work[(ledger.work["activity"] == "absent").to_numpy()]
    assert [spell.employment.person for spell in payroll.spells] == list(seats.index)
    for _, one in payroll.spells:
        seat = seats.loc[one.person]
        assert (one.position, one.unit, one.from_h, one.to_h) == (
            *(seat["position"], seat["unit"]),
            *(seat["from_h"], seat["to_h"]),
        )
        assert one.plan == {"rep": "field", "manager": "lead"}.get(seat["role"])
        assert one.absent_days == tuple(
            sorted({int(at // 24) for at in absent[(absent["party"] == one.person).to_numpy()]["start_h"]})
        )
        chain, boss = [], seat["boss"]
        while isinstance(boss, str):
            chain.append(boss)
            boss = boss_of[boss]
        assert one.above == tuple(chain)
        assert one.bosses == tuple(chain[:1])
        assert one.hired_day == (int(seat["from_h"] // 24) if seat["from_h"] else None)
        assert (one.quota is not None) == (seat["role"] == "rep")


def test_a_change_of_designs_changes_the_plan():
    """Until the day of the change by the old plan, then by the new one: two employments that meet, each paid by its
    days."""
    becomes = {"design": "flat", "on_day": 25.0}
    designs = {
        "before": {"structure": "pyramid", "span": 3, "becomes": becomes},
        "flat": {"structure": "flat", "pay": {"rep": "lead"}},
    }
    scenario = paid(designs=designs)
    payroll = payroll_of(build("before", scenario), world_of(scenario))
    change_h = (CALENDAR["warm_up_days"] + 25.0) * 24
    reps = [one for _, one in payroll.spells if one.position.startswith("rep")]
    assert {one.plan for one in reps if one.from_h < change_h} == {"field"}
    assert {one.plan for one in reps if one.from_h >= change_h} == {"lead"}
    assert all(one.to_h <= change_h or one.from_h >= change_h for one in reps)
    ledger = lived("before", scenario)
    salary = ledger.money[(ledger.money["kind"] == "salary").to_numpy()]
    for person in {one.person for one in reps}:
        days = {plan: sum(one.to_h - one.from_h for one in reps if (one.person, one.plan) == (person, plan)) / 24
                for plan in ("field", "lead")}  # fmt: skip
        expected = (60000 * days["field"] + 100000 * days["lead"]) / 365 * 100
        rows = salary[(salary["payee"] == person).to_numpy()]["amount"]
        assert rows.sum() == pytest.approx(expected, abs=len(rows))


def test_a_plans_base_is_the_salary():
    """60,000 a year instead of the seat's 100,000, paid monthly; who is on a plan without one has the seat's cost."""
    ledger = lived("pyramid", paid_and_steady())
    salary = ledger.money[(ledger.money["kind"] == "salary").to_numpy()]
    by_person = salary.groupby(salary["payee"].astype(str))["amount"].sum()
    days = ledger.frame.end_h / 24
    for row in ledger.seats.itertuples():
        yearly = {"rep": 60000, "manager": 160000, "director": 256000, "executive": 409600}[row.role]
        assert by_person[row.party] == pytest.approx(yearly * days / 365 * 100, abs=12)


def test_plans_that_nobody_is_on_change_no_byte():
    """Every table but those of pay is the same as where no plan is stated, and those of pay are empty."""
    without = small(calendar=CALENDAR)
    nobody = small(calendar=CALENDAR, plans={"field": FIELD, "lead": LEAD})
    for name in ("pyramid", "reformed"):
        one, other = lived(name, without), lived(name, nobody)
        for table in SCHEMA:
            pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table), check_exact=True)
        assert not len(other.credits)
        assert not len(other.pay)


def test_who_is_paid_does_not_change_what_happens():
    """The payroll only looks at what happened: all but pay, salaries and credits is as without it."""
    plain, with_pay = lived("backed", small(calendar=CALENDAR, mechanisms=UNMOVED)), lived("backed", paid())
    for table in set(SCHEMA) - {"credits", "pay", "money"}:
        pd.testing.assert_frame_equal(getattr(plain, table), getattr(with_pay, table), check_exact=True)


def test_what_is_given_away_is_neither_sold_nor_credited(monkeypatch):
    """Sales, and revenue credited, are the value less the discount, to the minor unit; the margin bears all of it."""
    give_away(monkeypatch, 0.07)
    ledger = lived("pyramid", paid())
    leads = ledger.leads.set_index("lead")
    sales = ledger.money[(ledger.money["kind"] == "sale").to_numpy()].set_index("lead")["amount"]
    won = leads[(leads["outcome"] == "won").to_numpy()]
    sound = won[ledger.needs["sound"][won.index].to_numpy()]
    assert sales.sort_index().to_dict() == {lead: round(value * 0.93) for lead, value in sound["value"].items()}
    rows = of_deals(ledger, ledger.credits["stage"] == "")
    for row in rows.itertuples():
        value = won.loc[row.lead, "value"]
        assert row.revenue == round(value * 0.93)
        assert row.margin == row.revenue - round(value * 0.6)
