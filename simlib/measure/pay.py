"""What people earned in the window, how equally, and what of their quotas they reached (I1, I2, I6).

Variable pay belongs to the time for which it is paid: a line of a statement counts in the window by the part of its
period, as far as the person was there, that lies in it.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd

from simlib.ledger import Ledger
from simlib.measure.ratios import gini, proportionality, ratio
from simlib.measure.view import WON, Bools, Floats, Ints, View, codes, summed
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY


class Pay:
    """The pay of a run, read for measuring; money in whole units of the currency."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._window = np.array([view.frame.window_from_h, view.frame.window_to_h])

    @cached_property
    def variable(self) -> Floats:
        """By line of a statement, what of it is pay for the window."""
        return np.asarray(variable_between(self._view.ledger, self._window)[0])

    @cached_property
    def variable_by_kind(self) -> dict[str, float]:
        """What of the window's variable pay each kind of line is."""
        kinds = self._view.ledger.pay["kind"]
        sums = summed(codes(kinds), self.variable, len(kinds.cat.categories))
        return dict(zip(map(str, kinds.cat.categories), sums.tolist(), strict=True))

    @cached_property
    def base_of_people(self) -> Floats:
        """By person, salaries for the time on the seat that falls into the window."""
        view, money = self._view, self._view.ledger.money
        salary = (money["kind"] == "salary").to_numpy()
        amount = np.asarray(money["amount"])[salary] / view.frame.minor_units
        return summed(codes(money["payee"])[salary], amount, len(view.parties)) * view.share_in_window

    @cached_property
    def of_people(self) -> Floats:
        """By person, all pay for the window."""
        who = codes(self._view.ledger.pay["party"])
        return self.base_of_people + summed(who, self.variable, len(self._view.parties))

    @cached_property
    def attainments(self) -> tuple[Ints, Floats, Floats]:
        """For each period in which a person had a quota: the person, result ÷ quota, and hours of it in the window.

        Several components that go by the same quota in the same period are one."""
        table = self._view.ledger.pay
        table = table[table["on_quota"].to_numpy() & (table["target"] > 0).to_numpy()]
        table = table.drop_duplicates(["party", "from_h", "to_h"])
        reached = np.asarray(table["result"] / table["target"], dtype=float)
        inside = np.clip(table["to_h"], *self._window) - np.clip(table["from_h"], *self._window)
        return codes(table["party"]), reached, np.asarray(inside, dtype=float)

    @cached_property
    def attainment_of_people(self) -> Floats:
        """By person, mean attainment over the window; NaN without a quota."""
        who, reached, hours = self.attainments
        count = len(self._view.parties)
        weight = summed(who, hours, count)
        total = summed(who, reached * hours, count)
        return np.asarray(np.divide(total, weight, out=np.full(count, np.nan), where=weight > 0))


def variable_between(ledger: Ledger, edges_h: Floats) -> Floats:
    """Variable pay of each spell between two instants, by line of the statements, in whole units of the currency.

    A line is spread evenly over the part of its period for which the person was there. Shape (edges - 1, lines).
    """
    table = ledger.pay
    from_h, to_h = (np.asarray(table[edge], dtype=float) for edge in ("from_h", "to_h"))
    hours = np.diff(np.clip(np.asarray(edges_h)[:, None], from_h, to_h), axis=0)
    amount = np.asarray(table["amount"]) / ledger.frame.minor_units
    return np.asarray(amount * (hours / (to_h - from_h)), dtype=np.float64)


def brought_in(view: View) -> Floats:
    """By person, the margin of what he signed in the window, sound or not, and of what renewed with him, in whole units
    of the currency."""
    frame, leads, renewals = view.frame, view.ledger.leads, view.ledger.renewals
    margin, count = frame.rates["margin"], len(view.parties)
    signed = (codes(leads["outcome"]) == WON) & _in_window(view, leads["closed_h"])
    value = np.asarray(leads["value"]) / frame.minor_units
    of_deals = summed(codes(leads["owner"])[signed], (view.signed_value - value * (1 - margin))[signed], count)
    kept = np.asarray(renewals["kept"]) & (codes(renewals["owner"]) >= 0) & _in_window(view, renewals["at_h"])
    renewed = np.asarray(renewals["value"]) / frame.minor_units * margin
    return of_deals + summed(codes(renewals["owner"])[kept], renewed[kept], count)


def _in_window(view: View, at_h: pd.Series) -> Bools:
    return np.asarray((at_h >= view.frame.window_from_h) & (at_h < view.frame.window_to_h))


def pay_figures(view: View, pay: Pay) -> dict[str, float]:
    """Reps' pay a year, its inequality and fairness, and attainment; a seat's holders are taken together."""
    years = view.by_seat(view.seated_h, view.sells) / HOURS_PER_DAY / DAYS_PER_YEAR
    earned = view.by_seat(pay.of_people, view.sells)
    yearly = earned[years > 0] / years[years > 0]
    who, reached, hours = pay.attainments
    mine = view.sells[who]
    reached, hours = reached[mine], hours[mine]
    return {
        "pay_per_head": ratio(earned.sum(), years.sum()),
        "pay_gini": gini(yearly),
        "pay_fairness": proportionality(earned, view.by_seat(brought_in(view), view.sells)),
        "pay_ratio_top": ratio(yearly.max(), float(np.median(yearly))) if len(yearly) else np.nan,
        **_effort(view),
        "attainment_mean": ratio(float(reached @ hours), hours.sum()),
        "quota_reached_share": ratio(hours[reached >= 1].sum(), hours.sum()),
    }


def _effort(view: View) -> dict[str, float]:
    """Mean effort of who chose one in the window, and what it costs who makes it: ½ · c · (e − 1)² a week, a year."""
    table, frame = view.ledger.efforts, view.frame
    at = np.asarray(table["at_h"])
    level = np.asarray(table["level"])[(at >= frame.window_from_h) & (at < frame.window_to_h)]
    if not len(level):
        return {"effort_mean": np.nan, "effort_felt": np.nan}
    felt = 0.5 * frame.rates["effort_cost_per_week"] * float(((level - 1) ** 2).mean())
    return {"effort_mean": float(level.mean()), "effort_felt": felt * DAYS_PER_YEAR / 7}
