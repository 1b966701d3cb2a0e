"""How hard everybody works, as they think about it now and then (`effort.py`): what it does to hours and odds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from simlib.model.clock import ARRIVAL, Life, Moment
from simlib.model.effort import Stake, effort
from simlib.model.races import Prize
from simlib.model.stakes import WEEK_H, Stakeholding
from simlib.org.schedule import Piece, Schedule
from simlib.scenario import reactions
from simlib.units import HOURS_PER_DAY, minor_units, on_grid

if TYPE_CHECKING:
    from simlib.model.firm import Firm

_LEAST_WEEKS = 0.5
"""At the very end of a period effort is chosen as for half a week."""


class Drive:
    """By seat, what effort does now; 1 and 0 where somebody works as usual."""

    def __init__(self, seats: int) -> None:
        self.pace = [1.0] * seats
        """Hours that work takes, relative to the usual."""
        self.odds = [0.0] * seats
        """Log-odds at gates."""

    def rest(self, seats: Iterable[int]) -> None:
        """Some work as usual again."""
        for seat in seats:
            self.pace[seat], self.odds[seat] = 1.0, 0.0

    def set(self, seat: int, rule: reactions.Effort, level: float) -> None:
        """Somebody works at a level of effort from now on."""
        self.pace[seat], self.odds[seat] = level**-rule.pace, rule.log_odds * math.log(level)


def think(firm: Firm, rule: reactions.Effort) -> Life:
    """Again and again everybody on a plan chooses an effort."""
    env, every_h = firm.env, float(on_grid(rule.every_days * HOURS_PER_DAY))
    minor = minor_units(firm.world.scenario.currency)
    while True:
        for seat in firm.earnings.paid:
            held = firm.earnings.at_stake(seat)
            level = chosen(held, rule, minor, env.now, prizes=firm.prospects.prizes(seat))
            firm.drive.set(seat, rule, level)
            firm.journal.efforts.extend((seat, env.now, level))
        yield Moment(env, env.now + every_h, ARRIVAL - 1)


def chosen(
    held: Sequence[Stakeholding], rule: reactions.Effort, minor: int, now: float, *, prizes: Iterable[Prize] = ()
) -> float:
    """The effort at which a seller's week is worth most to him.

    Every stake is judged over the weeks w until its period ends, a week at a time: E W(y + X) / w, where what is
    expected moves with effort e by the factor 1 + response · (e − 1) (a straight line through the elasticity at 1).
    `prizes`: what there is to win beside pay, judged in the same way.
    """
    stakes = []
    for stake in held:
        weeks = max((stake.ends_h - now) / WEEK_H, _LEAST_WEEKS)
        flow = stake.pot.expected(now)
        open_weeks = stake.pot.open_weeks(now, stake.ends_h)
        coming = stake.own(now) * open_weeks * rule.response
        usual = stake.pot.result + flow.mean * open_weeks - coming
        stakes.append(Stake(_by_week(stake.schedule, weeks), usual, coming, math.sqrt(flow.variance * open_weeks)))
    for prize in prizes:
        weeks = max((prize.ends_h - now) / WEEK_H, _LEAST_WEEKS)
        coming = prize.coming * rule.response
        stakes.append(Stake(_by_week(prize.schedule, weeks), prize.mean - coming, coming, prize.sd))
    return effort(
        stakes,
        cost=rule.cost_per_week * minor,
        usual=1.0,
        within=(rule.least, rule.most),
        risk_aversion=rule.risk_aversion / minor,
    )


def _by_week(schedule: Schedule, weeks: float) -> Schedule:
    share = 1 / weeks
    pieces = (Piece(begins, float(pays) * share, float(rate) * share) for begins, pays, rate in schedule.pieces)  # type: ignore[arg-type]
    return Schedule(tuple(pieces))
