"""Honours and grades in a run: who wins follows from the books, raises are paid to the cent, and prizes move effort."""

import datetime as dt
import math
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simlib.ledger import SCHEMA, Ledger
from simlib.measure.kpis import figures
from simlib.model.payroll import Payroll
from simlib.org import build
from simlib.org.plans import BASE
from simlib.runs import simulate
from simlib.runs.replicate import payroll_of
from simlib.scenario import Scenario, switch_off, vary
from simlib.world import draw_world
from tests.org.payroll_oracle import Oracle
from tests.runs.test_payroll import credits_of
from tests.runs.test_reactions import EFFORT, first_efforts, met
from tests.runs.test_reactions import firm as flat
from tests.runs.test_satisfaction import firm, leavers, ledger_of
from tests.worlds import MECHANISMS

COMMISSION = {"c": {"kind": "commission", "rate": 0.02}}
HONOURS = {"among": "company", "winners": 2, "cost": 250.0}
LADDER = {"among": "company", "winners": 2, "review": "month", "raises_per_year": [7300.0, 3650.0, 1000.0]}
MONTHS = np.cumsum([0, 31, 28, 31, 30, 31, 30, 31])
"""Days on which months begin from the first of January 2026."""


def sold(ledger: Ledger, from_day: int, to_day: int) -> Counter[str]:
    """By person, what was credited in some days, from the books."""
    found: Counter[str] = Counter()
    for row in ledger.credits.itertuples():
        if not row.turned_bad and row.stage == "" and from_day * 24 <= row.at_h < to_day * 24:
            found[row.party] += row.revenue * Fraction(row.share)
    return found


def test_who_is_honoured_follows_from_the_books():
    """Every month the two who were credited with most in it, at midnight of its end, and the cost for each."""
    ledger = met(flat(COMMISSION, recognition=HONOURS))
    money = ledger.money[ledger.money["kind"] == "recognition"]
    assert (money["amount"] == 25_000).all()
    assert (money["payer"] == "firm").all()
    given = {(row.at_h, row.payee) for row in money.itertuples()}
    months = [(begins, ends) for begins, ends in pairwise(MONTHS) if ends * 24 < ledger.frame.end_h]
    assert given == {
        (ends * 24.0, name) for begins, ends in months for name, _ in sold(ledger, begins, ends).most_common(2)
    }
    assert len(given) == 2 * len(months) > 8


def test_a_share_of_each_unit_wins():
    """Half of three reps, rounded up, in each of three units, month by month, as far as they sold something."""
    ledger = ledger_of(firm(recognition={"winners": 0.5}, turnover="off"), "geographic")
    units = ledger.seats.set_index("party")["unit"].astype(str)
    money = ledger.money[ledger.money["kind"] == "recognition"]
    counts = Counter((row.at_h, units[row.payee]) for row in money.itertuples())
    assert set(counts.values()) <= {1, 2}
    assert {unit for _, unit in counts} == set(units[units.index.str.startswith("rep")])
    assert sum(counts.values()) > 60


def test_cost_of_honours_is_a_cost_of_people():
    """Selling cost is larger by it, and by nothing else."""
    free, dear = (
        figures(met(flat(COMMISSION, recognition={**HONOURS, "cost": cost}))).set_index("metric")["value"]
        for cost in (0.0, 250.0)
    )
    honours = 2 * sum(ends < 181 for ends in MONTHS[1:])
    for figure in ("selling_cost", "cost_people"):
        assert dear[figure] - free[figure] == pytest.approx(250.0 * honours)


@pytest.mark.parametrize("name", ["geographic", "paid", "pooled"])
def test_with_all_weights_and_amounts_0_the_run_is_that_without_either(name):
    """To the bit, every table but the honours and promotions themselves: nobody leaves sooner, tries harder, or is paid
    more."""
    weights = dict.fromkeys(("recognition", "promotion", "passed_over"), 0.0)
    stated = {
        "recognition": {"winners": 0.5},
        "career": {"review": "month", "raises_per_year": [0.0, 0.0], "winners": 0.5},
        "satisfaction": {**MECHANISMS["satisfaction"], "weights": {**MECHANISMS["satisfaction"]["weights"], **weights}},
    }
    scenario = firm({}, **{**MECHANISMS, **stated})
    one, other = ledger_of(scenario, name), ledger_of(switch_off(switch_off(scenario, "recognition"), "career"), name)
    for table in SCHEMA:
        if table not in ("money", "promotions"):
            pd.testing.assert_frame_equal(getattr(one, table), getattr(other, table))
    assert len(one.promotions) > 5
    assert other.promotions.empty
    honours = (one.money["kind"] == "recognition").to_numpy()
    assert honours.sum() > 20
    assert not one.money["amount"][honours].any()
    left, right = (
        money.astype({"kind": str, "payer": str, "payee": str}).reset_index(drop=True)
        for money in (one.money[~honours], other.money)
    )
    pd.testing.assert_frame_equal(left, right)


def test_honours_and_promotions_keep_people_and_being_passed_over_drives_them_out():
    """Against the same worlds and draws without the weight; nothing else of it acts."""
    recognition = {"winners": 0.5, "half_life_days": 90.0}
    career = {"winners": 1, "review": "quarter", "raises_per_year": [0.0, 0.0, 0.0]}

    def left(weight: str) -> int:
        rule = {"weights": {weight: 5.0} if weight else {}}
        return leavers(firm(satisfaction=rule, recognition=recognition, career=career), seeds=range(5))

    usual = left("")
    assert usual == leavers(firm(), seeds=range(5))
    assert left("recognition") < usual
    assert left("promotion") < usual
    assert left("passed_over") > usual


def level(**mechanisms: Any) -> float:
    """Mean of what reps on a plan choose in the first week."""
    return float(first_efforts(met(flat(COMMISSION, effort=EFFORT, **mechanisms))).mean())


def test_effort_rises_with_the_prize():
    """An honour's worth, or a raise's: nothing for nothing, more for more, and in proportion while it is small."""
    usual = level()
    extra = [level(recognition={**HONOURS, "worth": worth}) - usual for worth in (0.0, 10.0, 20.0, 500.0)]
    assert extra[0] == 0.0
    assert extra[2] == pytest.approx(2 * extra[1], rel=0.02)
    assert 0 < extra[1] < extra[2] < extra[3]
    raises = [
        level(career={**LADDER, "raises_per_year": [amount], "discount_rate_per_year": rate}) - usual
        for amount, rate in ((0.0, 0.3), (6.0, 0.3), (12.0, 0.6), (12.0, 0.3))
    ]
    assert raises[0] == 0.0
    assert raises[1] == pytest.approx(extra[2], rel=1e-9)
    assert raises[2] == pytest.approx(raises[1], rel=1e-9)
    assert raises[3] > raises[1]


def gain_of_one_more(means: Sequence[float], number: int, winners: int) -> float:
    """By how much somebody's chance to be among the best grows with the mean: all normal, with variance = mean. Summed
    over who of the others is better, and integrated; the derivative by differences."""
    rivals = [mean for place, mean in enumerate(means) if place != number]

    def wins(x: float) -> float:
        better = [0.5 * math.erfc((x - mean) / math.sqrt(2 * mean)) for mean in rivals]
        return sum(
            math.prod(chance if place in ahead else 1 - chance for place, chance in enumerate(better))
            for size in range(winners)
            for ahead in combinations(range(len(rivals)), size)
        )

    own, step = means[number], 1e-3
    spread = np.linspace(-8, 8, 1601) * math.sqrt(own)
    density = np.exp(-(spread**2) / (2 * own)) / math.sqrt(2 * math.pi * own)
    low, high = (np.trapezoid(density * [wins(own + by + x) for x in spread], spread) for by in (-step, step))
    return float(high - low) / (2 * step)


@pytest.mark.parametrize("winners", [1, 3, 5])
def test_effort_for_a_prize_is_that_of_theory(winners):
    """Each of six whose lists differ: e grows by worth · (gain in the chance for one more deal) · deals that effort
    brings / cost (Lazear and Rosen 1981). What each expects of his list is seen in the effort without a prize, rate ·
    deals a week · response / cost; deals come as a Poisson flow, so their variance is their mean. Amounts are small, so
    that the bar stays where it is."""
    rate, worth = 1.0, 10.0
    usual, driven = (
        first_efforts(met(flat({"c": {"kind": "commission", "on": "deals", "rate": rate}}, effort=EFFORT, **prize)))
        for prize in ({}, {"recognition": {**HONOURS, "on": "deals", "winners": winners, "worth": worth}})
    )
    weekly = ((usual - 1) * EFFORT["cost_per_week"] / EFFORT["response"] / rate).tolist()
    month = [flow * 31 / 7 for flow in weekly]
    expected = [
        worth * gain_of_one_more(month, number, winners) * flow * EFFORT["response"] / EFFORT["cost_per_week"]
        for number, flow in enumerate(weekly)
    ]
    assert (driven - usual).tolist() == pytest.approx(expected, rel=0.02, abs=1e-7)
    assert max(expected) > 5e-4


def test_nobody_tries_harder_for_what_everybody_gets():
    """Six honours for six reps are no contest."""
    assert level(recognition={**HONOURS, "winners": 6, "worth": 500.0}) == level()


def test_one_prize_for_more_contestants_drives_less():
    """Of n alike ones E[largest of n]/n, which falls from four on: three to a unit's prize, against nine to the firm's,
    0.282 to 0.165."""

    def mean(among: str) -> float:
        rule = {"winners": 1, "worth": 10.0, "among": among}
        efforts = {**EFFORT, "every_days": 300.0}
        plan = {"components": COMMISSION}
        ledgers = [
            ledger_of(vary(firm(effort=efforts, turnover="off", **given), {"plans.field": plan}), "paid")
            for given in ({"recognition": rule}, {})
        ]
        with_prize, without = (first_efforts(ledger).mean() for ledger in ledgers)
        return float(with_prize - without)

    assert mean("company") < mean("unit")
    assert mean("company") > 0


# The ladder


def risen(scenario: Scenario, seed: int = 3) -> tuple[Ledger, Payroll]:
    """The ledger of the flat firm, and its payroll."""
    world, organisation = draw_world(scenario, seed=seed, replication=0), build("flat", scenario)
    return simulate(organisation, world), payroll_of(organisation, world)


def test_who_rises_follows_from_the_books_and_is_paid_for_it():
    """Month by month the best two of each grade, by what was credited in it; nobody beyond the last grade, or before
    forty days on a grade."""
    ledger, payroll = risen(flat(COMMISSION, career={**LADDER, "least_days": 40.0}))
    grades: dict[str, list[int]] = {name: [] for name in ledger.seats["party"].astype(str)}
    for begins, ends in pairwise(MONTHS.tolist()):
        if ends * 24 >= ledger.frame.end_h:
            break
        results = sold(ledger, begins, ends)
        for grade in (0, 1, 2):
            field = [
                name
                for name, had in grades.items()
                if len(had) == grade and (not had or had[-1] < ends) and ends - (had[-1] if had else 0) >= 40
            ]
            best = sorted((name for name in field if results[name]), key=lambda name: -results[name])[:2]
            for name in best:
                grades[name].append(ends)
    found = {spell.employment.person: [given.from_day for given in spell.employment.raises] for spell in payroll.spells}
    assert found == grades
    assert max(map(len, grades.values())) > 1
    rows = ledger.promotions
    booked: dict[str, list[int]] = {name: [] for name in grades}
    for row in rows.itertuples():
        booked[row.party].append(round(row.at_h / 24))
    assert booked == grades
    for _, mine in rows.groupby("party", observed=True):
        assert mine["from"].tolist() == [f"grade {number + 1}" for number in range(len(mine))]
        assert mine["to"].tolist() == [f"grade {number + 2}" for number in range(len(mine))]
    assert (rows["becomes"].astype(str) == rows["party"].astype(str)).all()
    assert set(rows["reason"]) == {"review"}
    amounts = {given.per_year for spell in payroll.spells for given in spell.employment.raises[:1]}
    assert amounts == {730_000}


@pytest.mark.slow
@pytest.mark.parametrize("settled", ["month", "quarter"])
@pytest.mark.parametrize("name", ["paid", "reformed"])
def test_base_pay_with_raises_recomputes_by_a_second_payroll(name, settled):
    """To the cent, settlement by settlement, with people who come and go; salaries in the money are the same sums, and
    each rounded once."""
    on_plan = {f"designs.{design}.pay": {"rep": "field"} for design in ("reformed", "flat")}
    scenario = vary(
        firm({}, **{**MECHANISMS, "career": {**LADDER, "among": "unit"}}), {**on_plan, "plans.field.settled": settled}
    )
    world, organisation = draw_world(scenario, seed=2, replication=0), build(name, scenario)
    ledger, payroll = simulate(organisation, world), payroll_of(organisation, world)
    employments = [spell.employment for spell in payroll.spells]
    assert sum(len(one.raises) for one in employments) > 10
    oracle = Oracle(
        *(scenario.plans, employments, credits_of(ledger), dt.date.fromisoformat(ledger.frame.start)),
        *(math.ceil(ledger.frame.end_h / 24), ledger.frame.minor_units),
    )
    expected: Counter[tuple[Any, ...]] = Counter()
    keep = oracle.employment

    def remembering(one: Any, owed: int, found: dict[Any, Any]) -> int:
        mine: dict[Any, Any] = {}
        owed = keep(one, owed, mine)
        for (person, position, first), (lines, _) in mine.items():
            expected[person, position, one.from_h, first] += lines["base", "", ""]
        return owed

    oracle.employment = remembering  # type: ignore[method-assign]
    oracle.payroll()
    given = {
        (one.person, one.position, one.from_h, one.first_day): line.amount
        for one in payroll.statements
        for line in one.lines
        if line.kind == BASE
    }
    assert given == dict(expected)
    salary = ledger.money[ledger.money["kind"] == "salary"]
    booked = salary.groupby(salary["payee"].astype(str))["amount"].sum()
    stated: Counter[str] = Counter()
    for (person, *_), amount in given.items():
        stated[person] += amount
    for person, amount in stated.items():
        whole_stay = all(one.plan for one in employments if one.person == person)
        if whole_stay:
            assert booked[person] == pytest.approx(amount, abs=40)


def test_who_is_on_no_plan_is_paid_the_raise_by_days():
    """A fixed salary of 100,000 a year, and 7,300 more for each day from the promotion on."""
    scenario = flat({}, career={**LADDER, "winners": 1, "raises_per_year": [7300.0]})
    scenario = vary(scenario, {"designs.flat.pay": {}})
    ledger = met(scenario)
    usual = met(switch_off(scenario, "career"))
    more = {
        name: (sums := [
            each.money["amount"][((each.money["kind"] == "salary") & (each.money["payee"] == name)).to_numpy()].sum()
            for each in (ledger, usual)
        ])[0] - sums[1]
        for name in ledger.seats["party"].astype(str)
    }  # fmt: skip
    days = [(ledger.frame.end_h / 24 - begins) * 2000 for begins in MONTHS[1:] if begins * 24 < ledger.frame.end_h]
    assert sorted(amount for amount in more.values() if amount) == pytest.approx(sorted(days)[-6:], abs=8)


def test_a_newcomer_begins_on_the_first_grade():
    """Raises are the person's, not the seat's."""
    scenario = vary(firm({}, **{**MECHANISMS, "career": {**LADDER, "among": "unit"}}), {})
    organisation, world = build("paid", scenario), draw_world(scenario, seed=2, replication=0)
    came = [spell.employment for spell in payroll_of(organisation, world).spells if spell.employment.hired_day]
    assert any(one.raises for one in came)
    assert all(given.from_day > one.hired_day for one in came if one.hired_day for given in one.raises)
