"""Close the books of a run: from the journal's rows to the tables of a ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simlib.ledger import (
    ACTIVITIES,
    CAUSES,
    CONFLICTS,
    CUSTOMER,
    FIRM,
    HANDOVERS,
    OUTCOMES,
    PROMOTIONS,
    REASONS,
    SCHEMA,
    SUPPLIERS,
    WAIT_ENDS,
    WORD,
    Frame,
    Ledger,
)
from simlib.model.channels.books import channel_tables, conflicts
from simlib.model.firm import Firm
from simlib.model.hours_worked import hours_worked
from simlib.model.pay_tables import credit_table, pay_table
from simlib.model.payments import PAYMENTS, payments
from simlib.model.payroll import Payroll, payroll
from simlib.model.seating import common_calendar
from simlib.org.organisation import Organisation
from simlib.units import HOURS_PER_DAY, minor_units
from simlib.world.cells import first_day

Columns = dict[str, Any]
Floats = NDArray[np.float64]
RATES = ("margin", "marketing_per_lead", "tools_per_head_per_year", "training_per_head_per_year", "other_per_year")


def close_books(firm: Firm, organisation: Organisation) -> tuple[Ledger, Payroll]:
    """The ledger of a run that has ended, and the payroll behind its tables of pay.

    `organisation`: as the run began with it, with what it became.
    """
    for desk in firm.office.desks:
        desk.close()
    firm.market.close()
    journal = firm.journal
    names = [holder.name for holder in firm.staff.holders]
    stages = [stage.name for stage in firm.way.stages]
    activities = [*ACTIVITIES, *stages]
    leads, work, waits = _leads(firm), hours_worked(firm), _rows("waits", journal.waits)
    gates, renewals = _by_person(firm, _rows("gates", journal.gates), "party"), _renewals(firm)
    books = {"leads": leads, "work": work, "waits": waits, "gates": gates, "renewals": renewals}
    paid = payroll(firm, organisation, books)
    parties = [*names, FIRM, CUSTOMER, SUPPLIERS, *firm.market.layout.names]
    cells = firm.organisation.cells
    place = {"region": cells.regions, "product": cells.products, "segment": cells.segments, "source": _sources(firm)}
    ledger = Ledger(
        frame=_frame(firm, stages),
        needs=_table("needs", _needs(firm), place),
        leads=_table("leads", leads, {**place, "outcome": OUTCOMES, "reason": REASONS, "owner": names}),
        work=_table("work", work, {"party": names, "activity": activities}),
        waits=_table("waits", waits, {"desk": firm.office.names, "kind": activities, "end": WAIT_ENDS}),
        gates=_table("gates", gates, {"stage": stages, "party": names}),
        handovers=_table(
            "handovers",
            _between_people(firm, _rows("handovers", journal.handovers)),
            {"from": names, "to": names, "reason": HANDOVERS},
        ),
        decisions=_table(
            "decisions",
            _by_person(firm, _rows("decisions", journal.decisions), "party"),
            {"party": names, "kind": ("approval",)},
        ),
        money=_table(
            "money",
            payments(firm, paid, books),
            {"kind": PAYMENTS, "payer": parties, "payee": parties},
        ),
        conflicts=_table(
            "conflicts",
            conflicts(firm),
            {"kind": CONFLICTS, "party": parties, "other": parties, "cause": CAUSES},
        ),
        efforts=_table("efforts", _by_person(firm, _rows("efforts", journal.efforts), "party"), {"party": names}),
        promotions=_promotions(firm, names),
        seats=_seats(firm, names),
        renewals=_table("renewals", renewals, {**place, "owner": names}),
        credits=credit_table(paid.credits, names),
        pay=pay_table(paid, firm),
        **{name: _table(name, columns, words) for name, (columns, words) in channel_tables(firm, parties).items()},
    )
    return ledger, paid


def _rows(name: str, journal: Any) -> Columns:
    """The journal's rows of a table as columns."""
    columns = list(SCHEMA[name])
    table = (
        np.frombuffer(journal, dtype=float).reshape(-1, len(columns)) if len(journal) else np.empty((0, len(columns)))
    )
    return {column: table[:, number] for number, column in enumerate(columns)}


def _by_person(firm: Firm, table: Columns, *columns: str) -> Columns:
    """A table with seats as one with those who held them last before the row's instant."""
    held = {column: firm.staff.latest(table[column].astype(int), table["at_h"]) for column in columns}
    return {**table, **held}


def _between_people(firm: Firm, table: Columns) -> Columns:
    """A table of changes of hands with people by their numbers in the books."""
    return {**table, **{column: firm.staff.numbers(table[column]) for column in ("from", "to")}}


def _table(name: str, columns: Columns, words: Mapping[str, Sequence[str]]) -> pd.DataFrame:
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
    felt = firm.mechanisms.effort.cost_per_week if firm.mechanisms.effort else 0.0
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
        rates={**{name: getattr(scenario.costs, name) for name in RATES}, "effort_cost_per_week": felt},
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
        for name in ("known_h", "first_contact_h", "closed_h", "outcome", "reason", "owner", "discount", "new_customer")
    }
    decided = np.where(np.isnan(column["closed_h"]), firm.end_h, column["closed_h"])
    column["owner"] = firm.staff.latest(column["owner"].astype(int), decided)
    chosen = {name: getattr(needs, name)[row] for name in ("account", "region", "product", "segment", "value", "sound")}
    return {"lead": row, "need": row, "source": _source_codes(firm)[row], **chosen, **column}


def _renewals(firm: Firm) -> Columns:
    """Each with what its customer is; accounts without a need are numbered behind those that have one."""
    customer, at, asked, given, u, p, kept, seat = np.frombuffer(firm.journal.renewals, dtype=float).reshape(-1, 8).T
    row, there, accounts = customer.astype(int), firm.clientele.there, firm.world.needs.accounts
    place, has_need = np.searchsorted(accounts, there.keys[row]), np.isin(there.keys[row], accounts)
    chosen = {name: getattr(there, name)[row] for name in ("region", "product", "segment")}
    counted = {"care_asked": asked, "care_given": given, "u": u, "p": p, "kept": kept}
    return {
        "account": np.where(has_need, place, len(accounts) + row),
        "at_h": at,
        "value": np.array(firm.clientele.value, dtype=np.int64)[row],
        "owner": firm.staff.latest(seat.astype(int), at),
        **chosen,
        **counted,
    }


def _promotions(firm: Firm, names: list[str]) -> pd.DataFrame:
    rows = firm.prospects.promotions
    party, becomes = (
        firm.staff.numbers(np.array([getattr(row, who) for row in rows], dtype=float)) for who in ("party", "becomes")
    )
    places = list(dict.fromkeys(place for row in rows for place in (row.was, row.to)))
    columns = {
        "at_h": [row.at_h for row in rows],
        "party": party,
        "from": np.array([places.index(row.was) for row in rows], dtype=int),
        "to": np.array([places.index(row.to) for row in rows], dtype=int),
        "becomes": becomes,
        "reason": np.array([PROMOTIONS.index(row.reason) for row in rows], dtype=int),
    }
    words = {"party": names, "from": places, "to": places, "becomes": names, "reason": PROMOTIONS}
    return _table("promotions", columns, words)


def _seats(firm: Firm, names: list[str]) -> pd.DataFrame:
    holders = firm.staff.holders
    positions = [firm.stints[holder.seat].position for holder in holders]
    calendar = common_calendar(firm.world)
    words = {name: [getattr(position, name) for position in positions] for name in ("unit", "role", "home")}
    columns = {
        "party": names,
        "position": [position.id for position in positions],
        **words,
        "boss": [position.boss for position in positions],
        "from_h": [holder.from_h for holder in holders],
        "to_h": [holder.to_h for holder in holders],
        "paid_h": [calendar.hours_between(holder.from_h, holder.to_h) for holder in holders],
    }
    return pd.DataFrame(columns)[list(SCHEMA["seats"])].astype(SCHEMA["seats"])
