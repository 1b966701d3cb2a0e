"""What measures read of a ledger: the cohort's leads and the window's hours, as arrays.

Leads are followed by cohort: needs that arose in the window, to their decision, whenever that came. Hours and pay
belong to the window itself (design 3.6).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simlib.ledger import (
    ABSENT,
    ACTIVITIES,
    APPROVAL,
    BRIEFING,
    COACHING,
    COMPLAINT,
    HELP,
    IDLE,
    MEETING,
    MOVING,
    ONBOARDING,
    OUTCOMES,
    PARTNER_HELP,
    PARTNER_TRAINING,
    RETRAINING,
    SETTLING,
    SIGNING,
    TRAINING,
    TRAVEL,
    Frame,
    Ledger,
)
from simlib.units import after_discount

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
OPEN, WON, LOST, ABANDONED = range(len(OUTCOMES))
NOT_WORK = (IDLE, ABSENT)
FOR_PARTNERS = (SIGNING, ONBOARDING, PARTNER_TRAINING, PARTNER_HELP)
NOT_SELLING = (
    *(IDLE, ABSENT, TRAVEL, SETTLING, APPROVAL, MOVING, HELP, COACHING, MEETING, TRAINING, RETRAINING),
    *(BRIEFING, COMPLAINT, *FOR_PARTNERS),
)
Columns = dict[str, NDArray[Any]]


def codes(column: pd.Series) -> Ints:
    """Codes of a column of words; -1 where there is none."""
    return np.asarray(column.cat.codes.to_numpy(), dtype=np.int64)


def summed(groups: Ints, values: NDArray[Any], count: int) -> Floats:
    """Sum of the values of each group 0, 1, … `count` - 1."""
    return np.asarray(np.bincount(groups, values, minlength=count), dtype=np.float64)


@dataclass(frozen=True)
class View:
    """One ledger, read for measuring."""

    ledger: Ledger

    @property
    def frame(self) -> Frame:
        return self.ledger.frame

    @cached_property
    def cohort(self) -> Bools:
        """By need: whether it arose in the window."""
        return np.asarray(self.ledger.needs["cohort"])

    def of_cohort(self, table: pd.DataFrame) -> Bools:
        """By row of a table with a column `lead`: whether it concerns a lead of the cohort."""
        lead = np.asarray(table["lead"])
        mine = lead >= 0
        mine[mine] = self.cohort[lead[mine]]
        return mine

    @cached_property
    def need_value(self) -> Floats:
        """By need, in whole units of the currency."""
        return np.asarray(self.ledger.needs["value"]) / self.frame.minor_units

    @cached_property
    def signed_value(self) -> Floats:
        """By lead, its value less the discount given at its signature, in whole units of the currency."""
        leads = self.ledger.leads
        return np.asarray(after_discount(leads["value"], leads["discount"]) / self.frame.minor_units)

    @cached_property
    def leads(self) -> Columns:
        """Columns of the cohort's leads; owner as the number of the party, value and `signed_value` (less the discount)
        in whole units."""
        table = self.ledger.leads
        need = np.asarray(table["need"])
        mine = self.cohort[need]
        columns = {
            name: np.asarray(table[name])[mine]
            for name in ("need", "account", "known_h", "first_contact_h", "closed_h")
        }
        columns["outcome"], columns["owner"] = codes(table["outcome"])[mine], codes(table["owner"])[mine]
        columns["value"] = self.need_value[columns["need"]]
        columns["signed_value"] = self.signed_value[mine]
        for name in ("inbound", "sound", "window_end_h"):
            columns[name] = np.asarray(self.ledger.needs[name])[columns["need"]]
        return columns

    @cached_property
    def work(self) -> Columns:
        """Columns of the window's work: party and activity as numbers, hours within the window, overtime."""
        table, frame = self.ledger.work, self.frame
        start = np.maximum(np.asarray(table["start_h"]), frame.window_from_h)
        end = np.minimum(np.asarray(table["end_h"]), frame.window_to_h)
        inside = end > start
        return {
            "party": codes(table["party"])[inside],
            "activity": codes(table["activity"])[inside],
            "hours": (end - start)[inside],
            "overtime": np.asarray(table["overtime"])[inside],
        }

    @cached_property
    def regular(self) -> Columns:
        """Columns of the window's work without overtime."""
        regular = ~self.work["overtime"]
        return {name: column[regular] for name, column in self.work.items()}

    @cached_property
    def parties(self) -> list[str]:
        """Names of the people, by number."""
        return list(self.ledger.work["party"].cat.categories)

    @cached_property
    def seats(self) -> pd.DataFrame:
        """One row per person, in the order of their numbers."""
        seats = self.ledger.seats
        return seats.set_index(seats["party"].astype(str)).loc[self.parties].reset_index(drop=True)

    @cached_property
    def seat(self) -> Ints:
        """By person: number of the seat held; persons who hold the same one after the other share it."""
        return np.asarray(pd.factorize(self.seats["position"].astype(str))[0], dtype=np.int64)

    @cached_property
    def positions(self) -> list[str]:
        """Ids of the positions, by number of the seat."""
        return list(dict.fromkeys(self.seats["position"].astype(str)))

    @cached_property
    def seated_h(self) -> Floats:
        """By person: calendar hours of the window in which a seat was held."""
        from_h, to_h = (np.asarray(self.seats[edge], dtype=float) for edge in ("from_h", "to_h"))
        window = self.frame.window_from_h, self.frame.window_to_h
        return np.asarray(np.clip(to_h, *window) - np.clip(from_h, *window))

    @cached_property
    def share_in_window(self) -> Floats:
        """By person: part of the time on the seat that falls into the window; 0 for who never sat on it."""
        held = np.asarray(self.seats["to_h"] - self.seats["from_h"], dtype=float)
        return np.asarray(np.divide(self.seated_h, held, out=np.zeros(len(held)), where=held > 0))

    def by_seat(self, values: NDArray[Any], who: Bools) -> Floats:
        """Values of some persons added up by seat, those seats alone."""
        seats, place = np.unique(self.seat[who], return_inverse=True)
        return summed(np.asarray(place, dtype=np.int64), values[who], len(seats))

    @cached_property
    def sells(self) -> Bools:
        """By person: whether a rep."""
        return np.asarray(self.seats["role"].astype(str) == "rep")

    @cached_property
    def paid_h(self) -> Floats:
        """By person: paid hours in the window, each of them worked, idle or absent."""
        return summed(self.regular["party"], self.regular["hours"], len(self.parties))

    @cached_property
    def present_h(self) -> Floats:
        """By person: paid hours in the window without absence."""
        work = self.regular
        away = work["activity"] == ABSENT
        return self.paid_h - summed(work["party"][away], work["hours"][away], len(self.parties))

    def hours_by_activity(self, work: Columns, who: Bools) -> Floats:
        """Hours of some people by activity, of all work (`view.work`) or without overtime (`view.regular`)."""
        mine = who[work["party"]]
        return summed(work["activity"][mine], work["hours"][mine], len(ACTIVITIES) + len(self.frame.stages))

    def hours_by_person(self, work: Columns) -> Floats:
        """Hours worked by person, of all work (`view.work`) or without overtime (`view.regular`)."""
        busy = ~np.isin(work["activity"], NOT_WORK)
        return summed(work["party"][busy], work["hours"][busy], len(self.parties))
