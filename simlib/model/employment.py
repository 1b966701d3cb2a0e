"""Who holds which position, on which pay plan and with which quota, from when to when (I1)?"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from simlib.model.firm import Firm
from simlib.model.staff import Holder
from simlib.org.credits import Employment, Raise, exact
from simlib.org.organisation import GONE, Organisation, Position
from simlib.org.potential import opening_quotas
from simlib.scenario.schema import Scenario
from simlib.units import HOURS_PER_DAY, minor_units

Absences = Mapping[int, Collection[int]]
"""By person, days of absence, counted from time zero."""


class Spell(NamedTuple):
    """An employment, with the number of the person."""

    party: int
    employment: Employment


@dataclass(frozen=True)
class Terms:
    """What a seat is for a while."""

    position: str
    unit: str
    plan: str | None
    bosses: tuple[str, ...]
    above: tuple[str, ...]
    quota: Fraction | None


class Base(NamedTuple):
    """Fixed pay of a person on a seat for a while."""

    party: int
    from_h: float
    to_h: float
    per_year: float
    """In minor units."""


def pays_by_plan(organisation: Organisation) -> bool:
    """Whether anybody is ever on a plan."""
    return any(phase.axes.pay for _, phase in _phases(organisation))


def spells(firm: Firm, organisation: Organisation, absences: Absences) -> list[Spell]:
    """Everybody's employments, person by person: a new one begins where a change of designs gives the seat another
    plan, unit, boss or quota."""
    terms = terms_of_seats(organisation, firm.world.scenario)
    found = []
    for party, holder in enumerate(firm.staff.holders):
        hired = int(holder.from_h // HOURS_PER_DAY) if holder.replaces or holder.starts else None
        absent = tuple(sorted(absences.get(party, ())))
        for from_h, to_h, held in _within(holder, terms[holder.seat]):
            employment = Employment(
                *(holder.name, held.position, held.unit, held.plan, from_h, to_h, held.bosses, held.above),
                pay_per_year=firm.pay_per_year[holder.seat],
                quota=held.quota,
                hired_day=hired,
                absent_days=absent,
                raises=firm.prospects.raises(holder.party),
            )
            found.append(Spell(party, employment))
    return found


def base_pay(firm: Firm, employed: Sequence[Spell]) -> list[Base]:
    """Everybody's fixed pay a year: the plan's, else the seat's fixed cost; and raises. `employed`: none where nobody
    is on a plan."""
    holders = firm.staff.holders
    return [
        step
        for base in _base_before_raises(firm, employed)
        for step in _raised(base, firm.prospects.raises(holders[base.party].party))
    ]


def _raised(base: Base, raises: Sequence[Raise]) -> Iterator[Base]:
    """Somebody's fixed pay from one raise to the next."""
    for given in (one for one in raises if one.per_year):
        at_h = given.from_day * HOURS_PER_DAY
        if base.from_h < at_h < base.to_h:
            yield base._replace(to_h=at_h)
            base = base._replace(from_h=at_h)
        if at_h < base.to_h:
            base = base._replace(per_year=base.per_year + given.per_year)
    yield base


def _base_before_raises(firm: Firm, employed: Sequence[Spell]) -> list[Base]:
    """The plan's, else the seat's fixed cost."""
    if not employed:
        holders = enumerate(firm.staff.holders)
        return [Base(party, one.from_h, one.to_h, firm.pay_per_year[one.seat]) for party, one in holders]
    plans, minor = firm.world.scenario.plans, minor_units(firm.world.scenario.currency)
    found: list[Base] = []
    for party, one in employed:
        stated = plans[one.plan].base_per_year if one.plan is not None else None
        yearly = float(one.pay_per_year if stated is None else exact(stated) * minor)
        if found and found[-1].party == party and found[-1].per_year == yearly:
            found[-1] = found[-1]._replace(to_h=one.to_h)
        else:
            found.append(Base(party, one.from_h, one.to_h, yearly))
    return found


def terms_of_seats(organisation: Organisation, scenario: Scenario) -> list[list[tuple[float, Terms]]]:
    """By seat, from which hour on it is what; a seat that is given up stays what it was, for the time of notice."""
    found: list[list[tuple[float, Terms]]] = [[] for _ in organisation.stints]
    for day, phase in _phases(organisation):
        quotas = _quotas(phase, scenario)
        for seat, position in enumerate(phase.positions):
            if position.role != GONE:
                terms = _terms(phase, seat, position, quotas.get(seat))
                if not found[seat] or found[seat][-1][1] != terms:
                    found[seat].append((day * HOURS_PER_DAY, terms))
    return found


def _phases(organisation: Organisation) -> Iterator[tuple[int, Organisation]]:
    """What it is from the beginning of which day on."""
    yield 0, organisation
    for phase in organisation.later:
        yield math.ceil(phase.day), phase.organisation


def _terms(organisation: Organisation, seat: int, position: Position, quota: Fraction | None) -> Terms:
    names = [other.id for other in organisation.positions]
    above: dict[int, None] = {}
    waiting = list(organisation.bosses(seat))
    while waiting:
        boss = waiting.pop(0)
        if boss not in above:
            above[boss] = None
            waiting += organisation.bosses(boss)
    return Terms(
        position=position.id,
        unit=position.unit,
        plan=(organisation.axes.pay or {}).get(position.role),
        bosses=tuple(names[boss] for boss in organisation.bosses(seat)),
        above=tuple(names[boss] for boss in above),
        quota=quota,
    )


def _quotas(organisation: Organisation, scenario: Scenario) -> dict[int, Fraction]:
    """By seat, the quota that it begins with, plan by plan."""
    on_plan: dict[str, list[int]] = {}
    for seat, position in enumerate(organisation.positions):
        plan = (organisation.axes.pay or {}).get(position.role)
        if plan is not None:
            on_plan.setdefault(plan, []).append(seat)
    found: dict[int, Fraction] = {}
    for plan, seats in on_plan.items():
        quota = scenario.plans[plan].quota
        if quota is not None:
            found |= opening_quotas(quota, organisation, scenario, seats)
    return found


def _within(holder: Holder, terms: Sequence[tuple[float, Terms]]) -> Iterator[tuple[float, float, Terms]]:
    """What a seat is while somebody holds it: from, to, what."""
    begins = [holder.from_h if not number else max(from_h, holder.from_h) for number, (from_h, _) in enumerate(terms)]
    ends = [*(min(from_h, holder.to_h) for from_h, _ in terms[1:]), holder.to_h]
    spans = [(begin, end, held) for begin, end, (_, held) in zip(begins, ends, terms, strict=True) if begin < end]
    # Who never sits within the run has a place in the books all the same.
    yield from spans or [(holder.from_h, holder.to_h, terms[0][1])]
