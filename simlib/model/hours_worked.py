"""Who worked on what, from when to when: the journal's spells cut at closing times, with the days of absence."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simlib.ledger import ABSENT
from simlib.model.firm import Firm
from simlib.model.seating import common_calendar
from simlib.units import Calendar

Columns = dict[str, Any]
Floats = NDArray[np.float64]


def hours_worked(firm: Firm) -> Columns:
    """Spells cut at the end of the run and at closing times, each of who held the seat then, with the days of absence;
    what a person did while already at work (queueing off) is overtime."""
    table = np.frombuffer(firm.journal.work, dtype=float).reshape(-1, 5)
    seat, lead, activity, start, end = table.T
    end = np.minimum(end, firm.end_h)
    calendars = _by_calendar(firm)
    calendar_of = np.zeros(len(firm.people), dtype=int)
    for number, seats in enumerate(calendars.values()):
        calendar_of[seats] = number
    real = np.flatnonzero(start < end)
    kept = calendar_of[seat[real].astype(int)]
    order = np.argsort(kept, kind="stable")
    edges = np.searchsorted(kept[order], np.arange(len(calendars) + 1))
    parts = []
    for calendar, first, last in zip(calendars, edges, edges[1:], strict=False):
        mine = real[order[first:last]]
        spell, begins, ends = calendar.pieces(start[mine], end[mine])
        parts.append(np.stack([seat[mine][spell], lead[mine][spell], activity[mine][spell], begins, ends]))
    parts.append(_absences(firm))
    seat, lead, activity, start, end = np.concatenate(parts, axis=1)
    seat, lead, activity, start, end = _cut_at_arrivals(firm, np.stack([seat, lead, activity, start, end]))
    party = firm.staff.at_work(seat.astype(int), start)
    order = np.lexsort((end, start, party))
    order = order[np.searchsorted(party[order], 0) :]  # no hours of a vacant seat
    rows = {
        "party": party[order],
        "lead": lead[order],
        "activity": activity[order],
        "start_h": start[order],
        "end_h": end[order],
    }
    return _with_overtime(rows)


def _cut_at_arrivals(firm: Firm, rows: Floats) -> Floats:
    """Spells in which somebody else takes the seat, in two: where nothing ever closes, nothing else cuts them."""
    for holder in firm.staff.holders:
        if holder.replaces:
            seat, _, _, start, end = rows
            both = (seat == holder.seat) & (start < holder.from_h) & (holder.from_h < end)
            if both.any():
                later = rows[:, both]
                later[3], rows[4, both] = holder.from_h, holder.from_h
                rows = np.concatenate([rows, later], axis=1)
    return rows


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
