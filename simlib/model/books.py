"""Close the books of a run: from the journal's rows to the tables of a ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simlib.ledger import (
    ABSENT,
    ACTIVITIES,
    CAUSES,
    CONFLICTS,
    CUSTOMER,
    FIRM,
    HANDOVERS,
    OUTCOMES,
    REASONS,
    SCHEMA,
    TRAVEL,
    WAIT_ENDS,
    WORD,
    Frame,
    Ledger,
)
from simlib.model.firm import Firm, common_calendar
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY, Calendar, minor_units
from simlib.world.cells import first_day

Columns = dict[str, Any]
Floats = NDArray[np.float64]
SUPPLIERS = "suppliers"
SALE, UNSOUND, ROAD, SALARY = "sale", "unsound loss", "travel", "salary"
RATES = ("margin", "marketing_per_lead", "tools_per_head_per_year", "training_per_head_per_year", "other_per_year")
_MONTH_DAYS = DAYS_PER_YEAR / 12


def close_books(firm: Firm) -> Ledger:
    """The ledger of a run that has ended."""
    for desk in firm.desks:
        desk.close()
    positions, journal = firm.organisation.positions, firm.journal
    names = [f"{position.role} {person.number + 1}" for position, person in zip(positions, firm.people, strict=True)]
    stages = [stage.name for stage in firm.stages]
    activities = [*ACTIVITIES, *stages]
    leads, work = _leads(firm), _work(firm)
    money = _money(firm, leads, work, len(names))
    parties = [*names, FIRM, CUSTOMER, SUPPLIERS]
    cells = firm.organisation.cells
    place = {"region": cells.regions, "product": cells.products, "segment": cells.segments, "source": _sources(firm)}
    return Ledger(
        frame=_frame(firm, stages),
        needs=_table("needs", _needs(firm), place),
        leads=_table("leads", leads, {**place, "outcome": OUTCOMES, "reason": REASONS, "owner": names}),
        work=_table("work", work, {"party": names, "activity": activities}),
        waits=_table(
            "waits",
            _rows("waits", journal.waits),
            {"desk": firm.desk_names, "kind": activities, "end": WAIT_ENDS},
        ),
        gates=_table("gates", _rows("gates", journal.gates), {"stage": stages, "party": names}),
        handovers=_table(
            "handovers",
            _rows("handovers", journal.handovers),
            {"from": names, "to": names, "reason": HANDOVERS},
        ),
        decisions=_table("decisions", _rows("decisions", journal.decisions), {"party": names, "kind": ("approval",)}),
        money=_table("money", money, {"kind": (SALE, UNSOUND, ROAD, SALARY), "payer": parties, "payee": parties}),
        conflicts=_table(
            "conflicts",
            _rows("conflicts", journal.conflicts),
            {"kind": CONFLICTS, "party": names, "other": names, "cause": CAUSES},
        ),
        seats=_seats(firm, names),
    )


def _rows(name: str, journal: Any) -> Columns:
    """The journal's rows of a table as columns."""
    columns = list(SCHEMA[name])
    table = (
        np.frombuffer(journal, dtype=float).reshape(-1, len(columns)) if len(journal) else np.empty((0, len(columns)))
    )
    return {column: table[:, number] for number, column in enumerate(columns)}


def _table(name: str, columns: Columns, words: dict[str, Sequence[str]]) -> pd.DataFrame:
    """Columns in their types; codes become words."""
    typed = {}
    for column, kind in SCHEMA[name].items():
        values = np.asarray(columns[column])
        typed[column] = (
            pd.Categorical.from_codes(values.astype(np.int32), categories=pd.Index(list(words[column])))
            if kind == WORD
            else values.astype(kind)
        )
    return pd.DataFrame(typed, copy=False)


def _frame(firm: Firm, stages: list[str]) -> Frame:
    scenario = firm.world.scenario
    spec = scenario.calendar
    opens = spec.warm_up_days * HOURS_PER_DAY
    return Frame(
        design=firm.organisation.name,
        seed=firm.world.dice.seed,
        replication=firm.world.dice.replication,
        currency=scenario.currency,
        minor_units=minor_units(scenario.currency),
        start=first_day(scenario).isoformat(),
        window_from_h=opens,
        window_to_h=opens + spec.horizon_days * HOURS_PER_DAY,
        end_h=firm.end_h,
        stages=tuple(stages),
        rates={name: getattr(scenario.costs, name) for name in RATES},
        targets=dict(scenario.targets),
    )


def _sources(firm: Firm) -> list[str]:
    return sorted({str(source) for source in firm.world.needs.source})


def _source_codes(firm: Firm) -> NDArray[np.int64]:
    names, needs = _sources(firm), firm.world.needs
    if len(names) < 2:
        return np.zeros(len(needs), dtype=np.int64)
    return np.array([names.index(str(source)) for source in needs.source], dtype=np.int64)


def _needs(firm: Firm) -> Columns:
    needs, spec = firm.world.needs, firm.world.scenario.calendar
    opens = spec.warm_up_days * HOURS_PER_DAY
    inside = (needs.at_h >= opens) & (needs.at_h < opens + spec.horizon_days * HOURS_PER_DAY)
    return {
        **vars(needs),
        "need": np.arange(len(needs)),
        "source": _source_codes(firm),
        "cohort": inside & ~needs.opening,
    }


def _leads(firm: Firm) -> Columns:
    needs, leads = firm.world.needs, list(firm.leads.values())
    for deal in (deal for lead in leads for deal in lead.deals):
        if deal.task is not None and deal.task.started < firm.end_h:
            deal.lead.note_contact(deal.task.started)  # a first contact that was in hand when the run ended
    row = np.array([lead.need for lead in leads], dtype=np.int64)
    column = {
        name: np.array([getattr(lead, name) for lead in leads])
        for name in ("known_h", "first_contact_h", "closed_h", "outcome", "reason", "owner")
    }
    chosen = {name: getattr(needs, name)[row] for name in ("account", "region", "product", "segment", "value", "sound")}
    return {"lead": row, "need": row, "source": _source_codes(firm)[row], **chosen, **column}


def _work(firm: Firm) -> Columns:
    """Spells cut at the end of the run and at closing times, with the days of absence; what a person did while
    already at work (queueing off) is overtime."""
    table = np.frombuffer(firm.journal.work, dtype=float).reshape(-1, 5)
    party, lead, activity, start, end = table.T
    end = np.minimum(end, firm.end_h)
    calendars = _by_calendar(firm)
    calendar_of = np.zeros(len(firm.people), dtype=int)
    for number, seats in enumerate(calendars.values()):
        calendar_of[seats] = number
    real = np.flatnonzero(start < end)
    kept = calendar_of[party[real].astype(int)]
    order = np.argsort(kept, kind="stable")
    edges = np.searchsorted(kept[order], np.arange(len(calendars) + 1))
    parts = []
    for calendar, first, last in zip(calendars, edges, edges[1:], strict=False):
        mine = real[order[first:last]]
        spell, begins, ends = calendar.pieces(start[mine], end[mine])
        parts.append(np.stack([party[mine][spell], lead[mine][spell], activity[mine][spell], begins, ends]))
    parts.append(_absences(firm))
    party, lead, activity, start, end = np.concatenate(parts, axis=1)
    order = np.lexsort((end, start, party))
    rows = {
        "party": party[order],
        "lead": lead[order],
        "activity": activity[order],
        "start_h": start[order],
        "end_h": end[order],
    }
    return _with_overtime(rows)


def _by_calendar(firm: Firm) -> dict[Calendar, list[int]]:
    seats: dict[Calendar, list[int]] = {}
    for person in firm.people:
        seats.setdefault(person.calendar, []).append(person.seat)
    return seats


def _absences(firm: Firm) -> Floats:
    """One row per person and day of absence, columns as in the journal."""
    whole = np.array([0.0]), np.array([firm.end_h])
    rows = [np.empty((5, 0))]
    everyday = common_calendar(firm.world).pieces(*whole)[1:]
    for calendar, seats in _by_calendar(firm).items():
        present = calendar.pieces(*whole)[1]
        away = ~np.isin(everyday[0], present)
        for seat in seats if away.any() else ():
            begins, ends = everyday[0][away], everyday[1][away]
            rows.append(
                np.stack(
                    [np.full(len(begins), seat), np.full(len(begins), -1), np.full(len(begins), ABSENT), begins, ends]
                )
            )
    return np.concatenate(rows, axis=1)


def _with_overtime(rows: Columns) -> Columns:
    """Part each spell where the person was already at work; rows are sorted by party and start."""
    party, start, end = rows["party"], rows["start_h"], rows["end_h"]
    if not len(party):
        return {**rows, "overtime": np.zeros(0, bool)}
    apart = party * (2 * end.max() + 1)
    covered = np.concatenate([[-np.inf], np.maximum.accumulate(end + apart)[:-1]]) - apart
    over = np.clip(covered, start, end)
    if (over == start).all():
        return {**rows, "overtime": np.zeros(len(party), bool)}
    twice = {name: np.concatenate([column, column]) for name, column in rows.items()}
    twice["end_h"] = np.concatenate([over, end])
    twice["start_h"] = np.concatenate([start, over])
    overtime = np.repeat([True, False], len(party))
    kept = twice["end_h"] > twice["start_h"]
    return {**{name: column[kept] for name, column in twice.items()}, "overtime": overtime[kept]}


def _money(firm: Firm, leads: Columns, work: Columns, heads: int) -> Columns:
    """Sales, losses on unsound deals, travel and salaries.

    Parties are numbers: the people, then firm, customer, suppliers.
    """
    scenario = firm.world.scenario
    minor, the_firm, customer, suppliers = minor_units(scenario.currency), heads, heads + 1, heads + 2
    won = leads["outcome"] == OUTCOMES.index("won")
    good, bad = won & leads["sound"].astype(bool), won & ~leads["sound"].astype(bool)
    road = (work["activity"] == TRAVEL) & (scenario.costs.visit_hour > 0)
    fares = np.rint((work["end_h"] - work["start_h"])[road] * scenario.costs.visit_hour * minor)
    losses = np.rint(leads["value"][bad] * scenario.costs.unsound_loss_share)
    paydays = np.append(np.arange(_MONTH_DAYS, firm.end_h / HOURS_PER_DAY, _MONTH_DAYS), firm.end_h / HOURS_PER_DAY)
    yearly = np.array(firm.pay_per_year, dtype=float)
    earned = np.rint(np.concatenate([[0.0], paydays])[:, None] / DAYS_PER_YEAR * yearly)
    parts: list[tuple[Any, ...]] = [
        (leads["closed_h"][good], 0, leads["value"][good], customer, the_firm, leads["lead"][good]),
        (leads["closed_h"][bad], 1, losses, the_firm, customer, leads["lead"][bad]),
        (work["end_h"][road], 2, fares, the_firm, suppliers, work["lead"][road]),
        (
            np.repeat(paydays * HOURS_PER_DAY, heads),
            3,
            np.diff(earned, axis=0).ravel(),
            the_firm,
            np.tile(np.arange(heads), len(paydays)),
            -1,
        ),
    ]
    columns = [
        np.concatenate([np.broadcast_to(part[number], np.shape(part[0])) for part in parts]) for number in range(6)
    ]
    return dict(zip(SCHEMA["money"], columns, strict=True))


def _seats(firm: Firm, names: list[str]) -> pd.DataFrame:
    positions = firm.organisation.positions
    paid = common_calendar(firm.world).hours_between(0.0, firm.end_h)
    words = {name: [getattr(position, name) for position in positions] for name in ("unit", "role", "home")}
    columns = {
        "party": names,
        "position": [position.id for position in positions],
        **words,
        "boss": [position.boss for position in positions],
        "from_h": 0.0,
        "to_h": firm.end_h,
        "paid_h": paid,
    }
    return pd.DataFrame(columns)[list(SCHEMA["seats"])].astype(SCHEMA["seats"])
