"""Random plans, people and credits for the tests of the payroll: all kinds, periods, terms, joins, leaves and moves."""

import datetime as dt
import random
from fractions import Fraction

from simlib.org.chances import Chance
from simlib.org.credits import Credit, Employment
from simlib.scenario.pay import Plan

SPANS = ("month", "quarter", "year")
MEASURES = ("revenue", "margin", "deals", "new_customers")
SHARES = (Fraction(1), Fraction(1), Fraction(1), Fraction(1, 2), Fraction(7, 10), Fraction(1, 3), Fraction(2, 3))


def random_case(seed):
    """(plans, employments, credits, start, days, minor units)."""
    dice = random.Random(seed)
    start = dt.date(dice.choice([2024, 2025, 2026]), dice.randint(1, 12), dice.randint(1, 28))
    days = dice.randint(20, 500)
    plans = {name: Plan.model_validate(random_plan(dice, start)) for name in ("field", "lead")[: dice.randint(1, 2)]}
    employments = random_people(dice, plans, days)
    rows = [random_credit(dice, employments, days) for _ in range(dice.randint(0, 60))]
    rows += [turned_bad(dice, row, days) for row in rows for _ in range(2) if dice.random() < 0.25]
    rows += [random_chance(dice, employments, rows, days) for _ in range(dice.randint(0, 60))]
    return plans, employments, rows, start, days, dice.choice([100, 100, 1, 1000])


def random_plan(dice, start):
    """A plan as a user writes it."""
    quota = None
    if dice.random() < 0.8:
        quota = {
            "method": dice.choice(["stated", "history"]),
            "amount": 1.0,
            "on": dice.choice(MEASURES[:3]),
            "period": dice.choice(SPANS),
            "season": [float(dice.choice([0, 1, 1, 2])) for _ in range(11)] + [1.0],
            "ramp": dice.choice([[], [0.0, 0.5], [0.25, 0.5, 0.75]]),
            "weight": dice.choice([0.0, 0.3, 1.0]),
            "growth": dice.choice([-0.1, 0.0, 0.05]),
        }
    components = {f"c{number}": random_component(dice, quota, start) for number in range(dice.randint(1, 4))}
    return {
        "base_per_year": dice.choice([None, 60000.0, 81234.56]),
        "components": components,
        "quota": quota,
        "settled": dice.choice(SPANS),
        "cap": dice.choice([None, None, 900.0, 5000.0]),
        "floor": dice.choice([0.0, 0.0, 33.33]),
        "draw": dice.choice([None, {"amount": 210.5, "recoverable": True}, {"amount": 120.0, "recoverable": False}]),
        "claw_back": dice.choice(
            [None, {"within_days": 60}, {"share": 0.5, "causes": ["default"]}, {"carried": False}]
        ),
        "proration": {"days": dice.random() < 0.8, "absence": dice.random() < 0.5},
        "rounding": dice.choice(["half_up", "half_even"]),
    }


def random_component(dice, quota, start):
    """A component as a user writes it."""
    kind = dice.choice(["commission", "bonus", "scorecard", "special", "pool", "override"])
    period, cap = dice.choice(SPANS), dice.choice([None, None, 400.0])
    if kind == "scorecard":
        kpis = {
            "one": {
                "weight": 0.7,
                **random_filter(dice),
                "target": 900.0,
                "curve": [[0.5, 0.2], [1.0, 1.0], [1.5, 1.8]],
            },
            "two": {"weight": 0.3, "curve": [[1.0, 1.0]], **on_quota(quota)},
        }
        if dice.random() < 0.6:
            kpis = {**kpis, "two": {**kpis["two"], "weight": 0.1}, "share": random_share(dice)}
        return {"kind": kind, "period": period, "pays": dice.choice([1000.0, 777.77]), "kpis": kpis}
    counted = random_filter(dice)
    if kind != "special":
        counted = {**counted, "target": dice.choice([2.0, 2500.0])} if dice.random() < 0.5 else on_quota(quota)
    money = counted["on"] in ("revenue", "margin")
    rates = [0.0, 0.0125, 0.05, 0.12] if money else [0.0, 10.0, 33.33, 50.0]
    if kind == "special":
        first = start + dt.timedelta(days=dice.randint(-20, 200))
        window = {"first_day": first, "last_day": first + dt.timedelta(days=dice.randint(0, 90))}
        return {"kind": kind, **counted, "rate": dice.choice(rates), "period": period, "cap": cap, **window}
    found = {"kind": kind, **counted, "period": period, "cap": cap}
    ways = {"commission": ["rate", "tiers"], "bonus": ["steps"]}.get(kind, ["rate", "tiers", "steps"])
    way = dice.choice(ways)
    found |= {"rate": dice.choice(rates)} if way == "rate" else random_scale(dice, way, rates, found)
    if kind == "pool":
        found |= {
            "result_of": dice.choice(["unit", "company"]),
            "shared": dice.choice(["equally", "by_contribution", "by_pay"]),
        }
    if kind == "override":
        found["reports"] = dice.choice(["direct", "all"])
    return found


def random_scale(dice, way, rates, counted):
    """Tiers or steps, by attainment or amount."""
    by = dice.choice(["attainment", "amount"])
    money = counted["on"] in ("revenue", "margin")
    begins = sorted(dice.sample([0.5, 0.8, 1.0, 1.2, 2.0], dice.randint(1, 3)))
    if by == "amount":
        begins = [begin * (3000.0 if money else 2.0) for begin in begins]
    found = {"by": by}
    if way == "steps":
        lumps = sorted(float(dice.randint(0, 500)) for _ in begins)
        return found | {"steps": [list(step) for step in zip(begins, lumps, strict=True)]}
    tiers = [[begin, dice.choice(rates)] for begin in begins]
    found["mode"] = dice.choice(["marginal", "retroactive"])
    return found | {"tiers": [[0.0, dice.choice(rates)], *tiers] if dice.random() < 0.7 else tiers}


def on_quota(quota):
    """Nothing filtered and no target of its own where the plan has a quota."""
    if quota is None:
        return {"on": "deals", "target": 3.0}
    return {"on": quota["on"], "products": [], "segments": [], "stages": [], "customers": "any"}


def random_filter(dice):
    """What counts."""
    return {
        "on": dice.choice(MEASURES),
        "products": dice.choice([[], [], ["machine"]]),
        "segments": dice.choice([[], [], ["sme"]]),
        "customers": dice.choice(["any", "any", "new", "existing"]),
        "stages": dice.choice([[], [], [], ["contact"]]),
    }


def random_people(dice, plans, days):
    """A chief, and people below who come, go and move."""
    end = 24.0 * days
    found = [person("chief", "top", "all", dice, plans, (0.0, end))]
    for number in range(dice.randint(1, 5)):
        boss = dice.choice([one for one in found if one.position.startswith("seat") is False])
        above = (boss.position, *boss.above)
        lead = dice.random() < 0.25
        position = f"{'lead' if lead else 'seat'} {number}"
        unit = dice.choice(["east", "west"])
        first, leaves = 0.0, end
        if dice.random() < 0.4:
            leaves = 24.0 * dice.randint(1, days)
        if dice.random() < 0.3:
            first = min(24.0 * dice.randint(0, days - 1), leaves - 24.0)
        one = person(f"person {number}", position, unit, dice, plans, (max(first, 0.0), leaves), above)
        found.append(one)
        if leaves < end - 24.0 and dice.random() < 0.5:  # somebody comes, or the same person goes elsewhere
            moves = dice.random() < 0.5
            who = f"person {number}" if moves else f"newcomer {number}"
            where = f"{position} again" if moves else position
            later = 24.0 * dice.randint(int(leaves / 24), days - 1)
            found.append(person(who, where, unit, dice, plans, (later, end), above))
    return found


def person(name, position, unit, dice, plans, spell, above=()):
    """Somebody on a position."""
    first = int(spell[0] / 24)
    return Employment(
        *(name, position, unit, dice.choice([*plans, *plans, None]), *spell),
        bosses=above[:1],
        above=above,
        pay_per_year=dice.choice([6_000_000, 7_123_457]),
        quota=dice.choice([None, Fraction(3), Fraction(250_000), Fraction(1_234_567, 10)]),
        hired_day=dice.choice([None, first, first - 40]),
        absent_days=tuple(sorted(dice.sample(range(first, first + 60), 9))),
    )


def random_share(dice):
    """A line of a scorecard that is no sum."""
    on = dice.choice(["win_rate", "customers_kept"])
    curve = dice.choice([[[1.0, 1.0]], [[0.5, 0.2], [1.0, 1.0], [1.2, 1.3]]])
    counted = {**random_filter(dice), "on": on, "stages": []}
    if on == "customers_kept":
        counted["customers"] = "any"
    return {"weight": 0.2, **counted, "target": dice.choice([0.3, 0.85, 1.0]), "curve": curve}


def random_chance(dice, employments, rows, days):
    """A lead that was decided, or a customer that came up for renewal; now and then a deal that is credited too."""
    of, signed = dice.choice(["win_rate", "win_rate", "customers_kept"]), [row for row in rows if not row.stage]
    row = dice.choice(signed) if signed and dice.random() < 0.5 else random_credit(dice, employments, days)
    at_h = row.at_h if row.signed_h is None else row.signed_h
    return Chance(of, row.person, row.deal, at_h, row.product, row.segment, row.new_customer, dice.random() < 0.5)


def random_credit(dice, employments, days):
    """Somebody's credit; now and then of one who is not there."""
    one = dice.choice(employments)
    inside = dice.random() < 0.9
    at_h = dice.uniform(one.from_h, one.to_h) if inside else dice.uniform(0, 24.0 * days)
    revenue = dice.choice([100_000, 250_000, dice.randint(1, 900_000)])
    return Credit(
        *(one.person, dice.randint(1, 99), at_h, revenue, dice.choice([revenue // 3, -revenue // 10])),
        *(dice.choice(["machine", "service"]), dice.choice(["sme", "enterprise"]), dice.random() < 0.4),
        stage=dice.choice(["", "", "", "contact"]),
        share=dice.choice(SHARES),
    )


def turned_bad(dice, row, days):
    """The same credit, taken back later; now and then twice, for two causes."""
    later = min(row.at_h + 24.0 * dice.randint(1, 120), 24.0 * days - 1)
    return row._replace(at_h=later, signed_h=row.at_h, turned_bad=dice.choice(["default", "churn"]))
