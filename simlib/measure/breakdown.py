"""The figures of one run taken apart: by stage, activity, month, unit, role, position, person and kind of conflict."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simlib.ledger import ACTIVITIES, Ledger
from simlib.measure.channels import channel_parts
from simlib.measure.conflict import conflict_by_kind
from simlib.measure.customers import months_of_window, renewal_parts
from simlib.measure.managers import approval_waits
from simlib.measure.pay import Pay
from simlib.measure.view import WON, Floats, View, codes, summed
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY

WEEKS_OF_QUARTER = 14
"""The last one is one or two days long."""
Row = tuple[str, str, str, float, str]


def breakdown(ledger: Ledger) -> pd.DataFrame:
    """Figures of parts of a run: level, group, metric, value, unit.

    Levels: `stage` (leads that entered and passed), `activity` (reps' hours), `month` and `quarter_week` (of signature,
    in the window), `unit`, `role` (wait for approval and utilisation at each layer), `position`, `person`, `conflict`
    (kind), `pay` (base pay, and kinds of line of the statements, for the window), `channel` (mean price, goods sold
    outside the region). Renewals, by month and by the person
    whose customer renewed, stand where there are any.
    """
    view = View(ledger)
    rows: list[Row] = [*_stages(view), *_activities(view), *_signatures(view), *_people(view), *_conflicts(view)]
    rows += _pay(view, Pay(view))
    rows += renewal_parts(view)
    rows += channel_parts(view)
    return pd.DataFrame(rows, columns=["level", "group", "metric", "value", "unit"])


def _stages(view: View) -> Iterator[Row]:
    gates = view.ledger.gates
    mine = view.of_cohort(gates)
    stage, lead, passed = (
        codes(gates["stage"])[mine],
        np.asarray(gates["lead"])[mine],
        np.asarray(gates["passed"])[mine],
    )
    for number, name in enumerate(view.frame.stages):
        here = stage == number
        yield "stage", name, "entered", float(len(np.unique(lead[here]))), "count"
        yield "stage", name, "passed", float(len(np.unique(lead[here & passed]))), "count"


def _activities(view: View) -> Iterator[Row]:
    for name, hours in zip(
        [*ACTIVITIES, *view.frame.stages], view.hours_by_activity(view.work, view.sells), strict=True
    ):
        yield "activity", name, "hours", float(hours), "hours"


def _signatures(view: View) -> Iterator[Row]:
    """What was signed in the window, by month of the calendar and by week of its quarters, the 91st day on in the
    14th."""
    frame, leads = view.frame, view.ledger.leads
    closed = np.asarray(leads["closed_h"])
    signed = (codes(leads["outcome"]) == WON) & (closed >= frame.window_from_h) & (closed < frame.window_to_h)
    sound = np.asarray(view.ledger.needs["sound"])[np.asarray(leads["need"])]
    start = dt.date.fromisoformat(frame.start)
    dates = [start + dt.timedelta(days=int(day)) for day in np.floor(closed[signed] / HOURS_PER_DAY)]
    value = np.where(sound, view.signed_value, 0)[signed]
    months = np.array([date.isoformat()[:7] for date in dates], dtype=str)
    for month in months_of_window(view):
        yield from _booked("month", month, value[months == month])
    weeks = np.array([_week_of_quarter(date) for date in dates], dtype=int)
    for week in range(1, WEEKS_OF_QUARTER + 1):
        yield from _booked("quarter_week", str(week), value[weeks == week])


def _booked(level: str, group: str, value: Floats) -> Iterator[Row]:
    yield level, group, "revenue", float(value.sum()), "money"
    yield level, group, "won", float(len(value)), "count"


def _week_of_quarter(date: dt.date) -> int:
    first = dt.date(date.year, (date.month - 1) // 3 * 3 + 1, 1)
    return (date - first).days // 7 + 1


def _people(view: View) -> Iterator[Row]:
    leads, seats, n = view.leads, view.seats, len(view.parties)
    won = leads["outcome"] == WON
    owned = leads["owner"] >= 0
    handled = np.bincount(leads["owner"][owned], minlength=n)
    deals = np.bincount(leads["owner"][won], minlength=n)
    sold = won & leads["sound"]
    revenue = summed(leads["owner"][sold], leads["signed_value"][sold], n)
    hours, regular = view.hours_by_person(view.work), view.hours_by_person(view.regular)
    waits = approval_waits(view)
    desk_wait = waits["hours"].groupby(waits["desk"]).mean()
    columns = {
        "revenue": (revenue, "money"),
        "won": (deals, "count"),
        "leads": (handled, "count"),
        "hours": (hours, "hours"),
    }
    for level, groups in (
        ("position", seats["position"]),
        ("person", pd.Series(view.parties)),
        ("unit", seats["unit"]),
    ):
        who = view.sells if level == "unit" else np.ones(n, bool)
        for metric, (values, unit) in columns.items():
            yield from _totals(level, groups.astype(str).to_numpy()[who], metric, values[who], unit)
    everybody = np.ones(n, bool)
    regular, present = view.by_seat(regular, everybody), view.by_seat(view.present_h, everybody)
    for name, busy, there in zip(view.positions, regular, present, strict=True):
        yield "position", name, "utilisation", float(busy / there) if there else np.nan, "share"
        yield "position", name, "approval_wait_hours", float(desk_wait.get(name, np.nan)), "hours"
    role_of = dict(zip(seats["position"].astype(str), seats["role"].astype(str), strict=True))
    for role, hours_waited in waits["hours"].groupby(waits["desk"].map(role_of)):
        yield "role", str(role), "approval_wait_hours", float(hours_waited.mean()), "hours"
    roles, worked = seats["role"].astype(str).to_numpy(), view.hours_by_person(view.regular)
    for role in dict.fromkeys(roles):
        there = view.present_h[roles == role].sum()
        yield "role", role, "utilisation", float(worked[roles == role].sum() / there) if there else np.nan, "share"


def _totals(level: str, groups: Iterable[str], metric: str, values: NDArray[Any], unit: str) -> Iterator[Row]:
    totals: dict[str, float] = {}
    for group, value in zip(groups, values, strict=True):
        totals[group] = totals.get(group, 0.0) + float(value)
    for group, total in totals.items():
        yield level, group, metric, total, unit


def _conflicts(view: View) -> Iterator[Row]:
    hours, money = conflict_by_kind(view)
    for kind in hours:
        yield "conflict", kind, "hours", hours[kind], "hours"
        yield "conflict", kind, "money_direct", money[kind], "money"


def _pay(view: View, pay: Pay) -> Iterator[Row]:
    """Pay for the window by what it is for; pay and mean attainment of every person."""
    for kind, amount in {"base": float(pay.base_of_people.sum()), **pay.variable_by_kind}.items():
        yield "pay", kind, "amount", amount, "money"
    seated = (view.seated_h / HOURS_PER_DAY / DAYS_PER_YEAR).tolist()
    people = zip(view.parties, pay.of_people, pay.attainment_of_people, seated, strict=True)
    for person, earned, reached, years in people:
        yield "person", person, "pay", float(earned), "money"
        yield "person", person, "years", float(years), "years"
        if not np.isnan(reached):
            yield "person", person, "attainment", float(reached), "ratio"
