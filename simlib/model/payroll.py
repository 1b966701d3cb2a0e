"""What was everybody credited with in a run, and what were they paid for it? Computed after the run, from its books."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simlib.ledger import ABSENT, ACTIVITIES, BRIEFING, OUTCOMES, TEAMWORK
from simlib.model.churn import CHURN, departures, taken_back
from simlib.model.employment import Spell, pays_by_plan, spells
from simlib.model.firm import Firm
from simlib.org.chances import CUSTOMERS_KEPT, WIN_RATE, Chance
from simlib.org.credits import SIGNATURE, Credit, shares
from simlib.org.organisation import Organisation
from simlib.org.pay_periods import PayCalendar
from simlib.org.plans import Statement, statements
from simlib.scenario.pay import Crediting, Plan
from simlib.scenario.pay_components import Counted, Kpi, Scorecard
from simlib.units import HOURS_PER_DAY, after_discount, minor_units
from simlib.world.cells import first_day

Columns = dict[str, Any]
Hours = dict[str, float]
"""By person."""
DEFAULT = "default"
_HOUR_DIGITS = 2
"""Hours by which credit is split are those of a timesheet: to a hundredth."""
_FIRST_STAGE = len(ACTIVITIES)
_OPEN, _WON = OUTCOMES.index("open"), OUTCOMES.index("won")


@dataclass(frozen=True)
class Payroll:
    """Who was employed, credited and paid; all empty where nobody is on a plan."""

    spells: tuple[Spell, ...] = ()
    credits: tuple[Credit, ...] = ()
    statements: tuple[Statement, ...] = ()


def payroll(firm: Firm, organisation: Organisation, books: Mapping[str, Columns]) -> Payroll:
    """The payroll of a run that has ended, from columns of its tables by name (people, stages, activities as numbers).

    `organisation`: as the run began with it, with what it became.
    """
    if not pays_by_plan(organisation):
        return Payroll()
    scenario = firm.world.scenario
    employed = spells(firm, organisation, _absences(books["work"]))
    crediting = _Crediting(firm, employed, books["leads"], books["work"])
    left = departures(firm, books["leads"], books["renewals"])
    given = [*crediting.credits(books["gates"], left), *crediting.renewals(books["renewals"])]
    paid = statements(
        scenario.plans,
        [spell.employment for spell in employed],
        [*given, *crediting.chances(books["renewals"])],
        calendar=PayCalendar(first_day(scenario), math.ceil(firm.end_h / HOURS_PER_DAY)),
        minor_units=minor_units(scenario.currency),
    )
    return Payroll(tuple(employed), tuple(given), tuple(paid))


def _absences(work: Columns) -> dict[int, set[int]]:
    away = work["activity"] == ABSENT
    found: dict[int, set[int]] = {}
    days = (work["start_h"][away] // HOURS_PER_DAY).astype(int)
    for party, day in zip(work["party"][away].tolist(), days.tolist(), strict=True):
        found.setdefault(party, set()).add(day)
    return found


class _Crediting:
    """Gives credit for signatures and passed stages, and takes back what turned bad."""

    def __init__(self, firm: Firm, employed: Sequence[Spell], leads: Columns, work: Columns) -> None:
        self._firm, self._leads, self._work = firm, leads, work
        self._names = [holder.name for holder in firm.staff.holders]
        self._spells: dict[int, list[Spell]] = {}
        for spell in employed:
            self._spells.setdefault(spell.party, []).append(spell)
        scenario, cells = firm.world.scenario, firm.organisation.cells
        self._plans, self._costs = scenario.plans, scenario.costs
        self._row = {int(need): row for row, need in enumerate(leads["lead"].tolist())}
        self._products = [cells.products[number] for number in leads["product"].tolist()]
        self._segments = [cells.segments[number] for number in leads["segment"].tolist()]

    def credits(self, gates: Columns, left: Mapping[int, float]) -> Iterator[Credit]:
        """All rows: signatures with what is taken back of them, then stages. `left`: by account, when it leaves."""
        signed = list(self._signatures())
        yield from signed
        yield from taken_back((credit for credit in signed if not credit.turned_bad), self._account, left)
        named = _stages_paid_for(self._plans.values())
        wanted = {number: stage.name for number, stage in enumerate(self._firm.way.stages) if stage.name in named}
        if wanted:
            yield from self._stages(gates, wanted)

    def renewals(self, table: Columns) -> Iterator[Credit]:
        """Renewals of existing customers are their owner's, as deals numbered behind the last need; who leaves takes
        back the credit for renewing the last time."""
        cells, first = self._firm.organisation.cells, len(self._firm.world.needs)
        last: dict[int, Credit] = {}
        for row in range(len(table["at_h"])):
            account, at, owner = int(table["account"][row]), float(table["at_h"][row]), int(table["owner"][row])
            if not table["kept"][row]:
                if account in last:
                    renewed = last.pop(account)
                    yield renewed._replace(at_h=at, signed_h=renewed.at_h, turned_bad=CHURN)
            elif owner < 0:
                last.pop(account, None)  # the last renewal is nobody's, and not that of who had the customer before
            else:
                value = int(table["value"][row])
                margin = value - round(value * (1 - self._costs.margin))
                product, segment = (
                    cells.products[int(table["product"][row])],
                    cells.segments[int(table["segment"][row])],
                )
                last[account] = Credit(self._names[owner], first + row, at, value, margin, product, segment, False)
                yield last[account]

    def _account(self, credit: Credit) -> int:
        return int(self._leads["account"][self._row[credit.deal]])

    def chances(self, renewals: Columns) -> Iterator[Chance]:
        """What could be won or kept, as far as some plan pays for it: leads of whoever had them when they were decided
        (also when the customer's interest died), and customers of whoever had them when they renewed or left."""
        paid_for = {one.on for one in _counted(self._plans.values())}
        leads, cells, first = self._leads, self._firm.organisation.cells, len(self._firm.world.needs)
        decided = (leads["outcome"] != _OPEN) & (leads["owner"] >= 0) & (WIN_RATE in paid_for)
        for row in np.flatnonzero(decided).tolist():
            deal = (self._names[int(leads["owner"][row])], int(leads["lead"][row]), float(leads["closed_h"][row]))
            kind = (self._products[row], self._segments[row], bool(leads["new_customer"][row]))
            yield Chance(WIN_RATE, *deal, *kind, taken=bool(leads["outcome"][row] == _WON))
        for row in np.flatnonzero((renewals["owner"] >= 0) & (CUSTOMERS_KEPT in paid_for)).tolist():
            renewal = (self._names[int(renewals["owner"][row])], first + row, float(renewals["at_h"][row]))
            bought = (cells.products[int(renewals["product"][row])], cells.segments[int(renewals["segment"][row])])
            yield Chance(CUSTOMERS_KEPT, *renewal, *bought, new_customer=False, taken=bool(renewals["kept"][row]))

    def _signatures(self) -> Iterator[Credit]:
        leads = self._leads
        hours = self._hours(by_stage=False)
        late_h, end_h = self._costs.default_after_days * HOURS_PER_DAY, self._firm.end_h
        values = after_discount(leads["value"], leads["discount"]).tolist()
        for row in np.flatnonzero(leads["outcome"] == _WON).tolist():
            at, value = float(leads["closed_h"][row]), values[row]
            deal = self._deal(row, at, SIGNATURE, value, bool(leads["new_customer"][row]))
            given = list(self._shared(deal, int(leads["owner"][row]), hours.get((row, 0), {})))
            yield from given
            if not leads["sound"][row] and at + late_h < end_h:
                yield from (credit._replace(at_h=at + late_h, signed_h=at, turned_bad=DEFAULT) for credit in given)

    def _stages(self, gates: Columns, wanted: Mapping[int, str]) -> Iterator[Credit]:
        """Credit for the first time that a lead passes a stage, to whose work passed it and who worked on it there; of
        the value that is asked, before a discount."""
        hours, bought, met = self._hours(by_stage=True), self._first_bought(), set()
        rows = np.flatnonzero(gates["passed"].astype(bool) & np.isin(gates["stage"], list(wanted)))
        for place in rows[np.argsort(gates["at_h"][rows], kind="stable")].tolist():
            row, stage, at = self._row[int(gates["lead"][place])], int(gates["stage"][place]), gates["at_h"][place]
            if (row, stage) not in met:
                met.add((row, stage))
                new = not bought.get(int(self._leads["account"][row]), math.inf) < at
                deal = self._deal(row, float(at), wanted[stage], int(self._leads["value"][row]), new)
                yield from self._shared(deal, int(gates["party"][place]), hours.get((row, stage), {}))

    def _deal(self, row: int, at: float, stage: str, revenue: int, new: bool) -> Credit:
        """Credit for a whole deal, nobody's yet."""
        margin = revenue - round(int(self._leads["value"][row]) * (1 - self._costs.margin))
        lead, product, segment = int(self._leads["lead"][row]), self._products[row], self._segments[row]
        return Credit("", lead, at, revenue, margin, product, segment, new, stage)

    def _shared(self, deal: Credit, owner: int, hours: Hours) -> Iterator[Credit]:
        """Each one's part by the plan that the owner is on."""
        name = self._names[owner]
        others = {person: round(worked, _HOUR_DIGITS) for person, worked in hours.items() if person != name}
        for person, share in shares(self._rule(owner, deal.at_h), name, others).items():
            if share:
                yield deal._replace(person=person, share=share)

    def _rule(self, party: int, at_h: float) -> Crediting:
        """How credit is split by the plan that somebody is on, or was on last."""
        held = [spell.employment for spell in self._spells[party] if spell.employment.from_h <= at_h]
        plan = (held or [self._spells[party][0].employment])[-1].plan
        return Crediting() if plan is None else self._plans[plan].crediting

    def _hours(self, *, by_stage: bool) -> dict[tuple[int, int], Hours]:
        """Hours of each person until the lead was decided, by row of the lead and number of the stage (0 for all, where
        who lent a hand or passed the lead on counts too)."""
        work = self._work
        counted = work["activity"] >= _FIRST_STAGE
        if not by_stage:
            counted |= np.isin(work["activity"], (TEAMWORK, BRIEFING))
        mine = np.flatnonzero(counted & (work["lead"] >= 0))
        needs = self._leads["lead"]
        order = np.argsort(needs)
        row = order[np.searchsorted(needs, work["lead"][mine], sorter=order)]
        closed = self._leads["closed_h"][row]
        end = np.where(np.isnan(closed), work["end_h"][mine], np.minimum(work["end_h"][mine], closed))
        worked = np.maximum(end - work["start_h"][mine], 0.0)
        stage = work["activity"][mine].astype(int) - _FIRST_STAGE if by_stage else np.zeros(len(mine), dtype=int)
        stages, people = len(self._firm.way.stages), len(self._names)
        keys, place = np.unique((row * stages + stage) * people + work["party"][mine].astype(int), return_inverse=True)
        sums = np.bincount(place, worked, minlength=len(keys))
        found: dict[tuple[int, int], Hours] = {}
        for key, spent in zip(keys.tolist(), sums.tolist(), strict=True):
            lead, number = divmod(key // people, stages)
            found.setdefault((lead, number), {})[self._names[key % people]] = spent
        return found

    def _first_bought(self) -> dict[int, float]:
        """By account, when it first signed; before time zero where it was a customer then."""
        needs, leads = self._firm.world.needs, self._leads
        found = dict.fromkeys(needs.account[needs.existing].tolist(), -math.inf)
        won = leads["outcome"] == _WON
        for account, at in zip(leads["account"][won].tolist(), leads["closed_h"][won].tolist(), strict=True):
            found[account] = min(found.get(account, math.inf), at)
        return found


def _stages_paid_for(plans: Iterable[Plan]) -> set[str]:
    """Names of the stages for which some plan gives credit."""
    return {stage for one in _counted(plans) for stage in one.stages}


def _counted(plans: Iterable[Plan]) -> list[Counted | Kpi]:
    """All that some plan pays for, a scorecard line by line."""
    components = [component for plan in plans for component in plan.components.values()]
    return [one for each in components for one in (each.kpis.values() if isinstance(each, Scorecard) else (each,))]
