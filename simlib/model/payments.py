"""Who was paid what, when: sales, renewals, losses on unsound deals, travel, pay, hiring, courses and changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simlib.ledger import DUES, MADE, OPENING, OUTCOMES, RETRAINING, SCHEMA, TRAINING, TRAVEL, WAIT_ENDS
from simlib.model.channels.books import dues, hands
from simlib.model.employment import Base, base_pay
from simlib.model.firm import Firm
from simlib.model.pay_tables import settled_h
from simlib.model.payroll import Payroll
from simlib.model.seating import last_notice_day
from simlib.model.staff import Holder
from simlib.model.succession import VACANCY
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY, after_discount, minor_units
from simlib.world.cells import first_day

Columns = dict[str, Any]
Floats = NDArray[np.float64]
PAYMENTS = (
    "sale",
    "unsound loss",
    "travel",
    "salary",
    "hiring",
    "course",
    "severance",
    "retraining",
    "project",
    "variable pay",
    "renewal",
    "recognition",
    "goods",
    "cost of goods",
    *DUES,
)
SALE, UNSOUND, ROAD, SALARY, HIRING, COURSE, SEVERANCE, SCHOOLING, PROJECT, VARIABLE, *_OTHERS = range(len(PAYMENTS))
RENEWAL, RECOGNITION, SOLD_ON, MADE_FOR, FIRST_DUE, *_ = _OTHERS
_MONTH_DAYS = DAYS_PER_YEAR / 12


def payments(firm: Firm, paid: Payroll, books: Mapping[str, Columns]) -> Columns:
    """The table of money, from columns of the other tables by name. Parties are numbers: the people, then firm,
    customer, suppliers, and the parties of channels."""
    leads, work, waits, renewals = (books[name] for name in ("leads", "work", "waits", "renewals"))
    scenario, heads = firm.world.scenario, len(firm.staff.holders)
    minor, the_firm, customer, suppliers = minor_units(scenario.currency), heads, heads + 1, heads + 2
    won = leads["outcome"] == OUTCOMES.index("won")
    good, bad = won & leads["sound"].astype(bool), won & ~leads["sound"].astype(bool)
    road = (work["activity"] == TRAVEL) & (scenario.costs.visit_hour > 0)
    fares = np.rint((work["end_h"] - work["start_h"])[road] * scenario.costs.visit_hour * minor)
    losses = np.rint(leads["value"][bad] * scenario.costs.unsound_loss_share)
    sales = after_discount(leads["value"], leads["discount"])[good]
    kept = renewals["kept"].astype(bool)
    bases = base_pay(firm, paid.spells)
    paydays, salaries, payees = _salaries(firm, bases)
    parts: list[tuple[Any, ...]] = [
        (leads["closed_h"][good], SALE, sales, customer, the_firm, leads["lead"][good]),
        (leads["closed_h"][bad], UNSOUND, losses, the_firm, customer, leads["lead"][bad]),
        (work["end_h"][road], ROAD, fares, the_firm, suppliers, work["lead"][road]),
        (paydays, SALARY, salaries, the_firm, payees, -1),
        (*_hiring(firm), the_firm, suppliers, -1),
        (*_fees(firm, waits), the_firm, suppliers, -1),
        *_changes(firm, bases, waits, suppliers),
        (*_variable(firm, paid), -1),
        (renewals["at_h"][kept], RENEWAL, renewals["value"][kept], customer, the_firm, -1),
        (*_honours(firm), -1),
        *_through_channels(firm),
    ]
    columns = [
        np.concatenate([np.broadcast_to(part[number], np.shape(part[0])) for part in parts]) for number in range(6)
    ]
    return dict(zip(SCHEMA["money"], columns, strict=True))


def _through_channels(firm: Firm) -> list[tuple[Any, ...]]:
    """Goods paid for from hand to hand, and what is due beside them."""
    goods, due = hands(firm), dues(firm)
    paid = (goods["paid"] > 0) & (goods["kind"] != OPENING)
    kind = np.where(goods["kind"] == MADE, MADE_FOR, SOLD_ON)
    bought = [goods["at_h"], kind, *(goods[name] for name in ("paid", "taker", "giver", "lead"))]
    return [
        tuple(column[paid] for column in bought),
        (due["at_h"], due["kind"] + FIRST_DUE, *(due[name] for name in ("amount", "payer", "payee", "lead"))),
    ]


def _salaries(firm: Firm, bases: Sequence[Base]) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """Payday, amount and payee of every salary: monthly, for the part of the month in which one held the seat."""
    last = firm.end_h / HOURS_PER_DAY
    paydays = np.append(np.arange(_MONTH_DAYS, last, _MONTH_DAYS), last)
    edges = np.concatenate([[0.0], paydays])[:, None]
    comes, goes = (np.array([getattr(base, edge) for base in bases]) / HOURS_PER_DAY for edge in ("from_h", "to_h"))
    yearly = np.array([base.per_year for base in bases], dtype=float)
    earned = np.rint((np.clip(edges, comes, goes) - comes) / DAYS_PER_YEAR * yearly)
    paid = (edges[1:] > comes) & (edges[:-1] < goes)
    month, base = np.nonzero(paid)
    party = np.array([each.party for each in bases])
    # Where the base changes while somebody stays, the old one is settled on that day: from one salary to the next the
    # rate is the same.
    stays = goes < np.array([holder.to_h for holder in firm.staff.holders])[party] / HOURS_PER_DAY
    at = np.where(stays[base], np.minimum(paydays[month], goes[base]), paydays[month])
    return at * HOURS_PER_DAY, np.diff(earned, axis=0)[paid], party[base]


def _variable(firm: Firm, paid: Payroll) -> tuple[Any, ...]:
    """When every statement's variable pay is paid, how much, and the two parties."""
    party = {holder.name: number for number, holder in enumerate(firm.staff.holders)}
    start = first_day(firm.world.scenario)
    due = [each for each in paid.statements if each.variable]
    at = np.array([settled_h(each, start, firm.end_h) for each in due])
    payees = np.array([party[each.person] for each in due], dtype=float)
    return at, VARIABLE, np.array([float(each.variable) for each in due]), len(party), payees


def _hiring(firm: Firm) -> tuple[Floats, int, Floats]:
    """When replacements were hired, and what each cost; who was promoted to a seat was not hired for it."""
    rule = firm.mechanisms.turnover
    rose = {promotion.becomes for promotion in firm.prospects.promotions if promotion.reason == VACANCY}
    came = np.array([one.from_h for one in firm.staff.holders if one.replaces and one.party not in rose])
    return came, HIRING, np.full(len(came), _fee(firm, rule.hiring_cost if rule else 0.0))


def _honours(firm: Firm) -> tuple[Any, ...]:
    """When somebody was honoured, what it cost, and the two parties: it is spent on who was."""
    rule, given = firm.mechanisms.recognition, firm.prospects.honours
    at = np.array([at_h for at_h, _ in given])
    cost = np.full(len(given), _fee(firm, rule.cost if rule else 0.0))
    honoured = firm.staff.numbers(np.array([float(party) for _, party in given]))
    return at, RECOGNITION, cost, len(firm.staff.holders), honoured


def _fees(firm: Firm, waits: Columns) -> tuple[Floats, int, Floats]:
    """When courses began, and what each cost."""
    rule = firm.mechanisms.training
    begun = _begun(waits, TRAINING)
    return begun, COURSE, np.full(len(begun), _fee(firm, rule.cost_per_course if rule else 0.0))


def _begun(waits: Columns, activity: int) -> Floats:
    """When work of a kind was begun."""
    return np.asarray(waits["to_h"][(waits["kind"] == activity) & (waits["end"] == WAIT_ENDS.index("served"))])


def _changes(firm: Firm, bases: Sequence[Base], waits: Columns, suppliers: int) -> list[tuple[Any, ...]]:
    """What a change of designs costs beside people's hours: the plan, new seats, seats given up, courses."""
    rule, the_firm = firm.mechanisms.transition, len(firm.staff.holders)
    if rule is None or not firm.changes_h:
        return []
    came = np.array([h.from_h for h in firm.staff.holders if h.starts and h.from_h < firm.end_h])
    gone = [(party, h) for party, h in enumerate(firm.staff.holders) if _dismissed(firm, h)]
    left = np.array([holder.to_h for _, holder in gone])
    last = {base.party: base.per_year for base in bases}
    pay = np.rint([last[party] / 12 * rule.severance_months for party, _ in gone])
    begun = _begun(waits, RETRAINING)
    return [
        (np.array(firm.changes_h[:1]), PROJECT, _fee(firm, rule.project_cost), the_firm, suppliers, -1),
        (came, HIRING, _fee(firm, rule.hiring_cost), the_firm, suppliers, -1),
        (left, SEVERANCE, pay, the_firm, np.array([party for party, _ in gone], dtype=float), -1),
        (begun, SCHOOLING, _fee(firm, rule.retraining_cost), the_firm, suppliers, -1),
    ]


def _dismissed(firm: Firm, holder: Holder) -> bool:
    """Whether somebody is there to the last day of a seat that a change gives up, within the run."""
    to_day = firm.stints[holder.seat].to_day
    return to_day is not None and holder.to_h == last_notice_day(to_day) * HOURS_PER_DAY < firm.end_h


def _fee(firm: Firm, amount: float) -> float:
    """An amount in minor units."""
    return round(amount * minor_units(firm.world.scenario.currency))
