"""Who leaves sooner or later than usual, and for which reasons? Everybody weighs them month by month (I4, I7).

Somebody's patience is as long as the stay would be at the usual rate of leaving: −ln(1 − u) / rate, u drawn by person.
With reasons to leave it is used up exp(Σ weight · reason) times as fast (`leaving.py`): a proportional hazard, as a
change of time. So the same person leaves sooner where there is more reason to, and without reasons on the day that
Turnover says. When a month is over the last day follows from the patience that is left, if it goes on like this; it is
certain `notice_days` before.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from math import exp2
from typing import TYPE_CHECKING

from simlib.model.clock import ARRIVAL, Life, Moment, live
from simlib.model.diary import Diary, Month
from simlib.model.leaving import Reasons, fair_pay, leaving_rate, overload, shortfall
from simlib.model.roster import Incumbent
from simlib.model.staff import Holder
from simlib.model.training import courses
from simlib.org.organisation import GONE
from simlib.scenario import reactions
from simlib.scenario.staffing import Turnover
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY, minor_units

if TYPE_CHECKING:
    from simlib.model.firm import Firm

_MONTH_DAYS = DAYS_PER_YEAR / 12


def weigh(firm: Firm, rule: reactions.Satisfaction, turnover: Turnover) -> Life:
    """Month by month everybody thinks of leaving; without a usual rate of leaving nobody ever does."""
    if not turnover.leaving_rate_per_year:
        return
    minds, diary = Minds(firm, rule, turnover), Diary(firm)
    for day in firm.earnings.calendar.months_begin():
        yield Moment(firm.env, day * HOURS_PER_DAY, ARRIVAL - 3)  # before the month's results begin anew
        changed = minds.made_up(day, diary.month())
        if changed:
            firm.staff = firm.roster.staff()
            live(courses(firm, changed))


class Memory:
    """A mean in which what is past counts less and less."""

    def __init__(self) -> None:
        self._total = self._weight = 0.0

    def add(self, value: float, keeps: float) -> None:
        """Another month; of those before a share stays."""
        self._total, self._weight = self._total * keeps + value, self._weight * keeps + 1

    @property
    def mean(self) -> float:
        """0 before the first month."""
        return self._total / self._weight if self._weight else 0.0


class Mind:
    """What somebody remembers, and how patience is used up."""

    def __init__(self, party: int, from_day: int) -> None:
        self.party = party
        self.day, self.used_days, self.hurry = from_day, 0.0, 1.0
        """When patience was last reckoned, how much had been used up by then, and how fast it is since."""
        self.pay, self.brought = Memory(), Memory()

    def reckon(self, day: int) -> None:
        """It is another day."""
        self.used_days += self.hurry * (day - self.day)
        self.day = day

    def to_day(self, incumbent: Incumbent) -> int:
        """The day after the last, if it goes on as it is; where nothing is ever amiss the one that Turnover says."""
        first = incumbent.tenure.from_day
        return first + round(self.day - first + (incumbent.patience_days - self.used_days) / self.hurry)


class Minds:
    """Everybody's mind."""

    def __init__(self, firm: Firm, rule: reactions.Satisfaction, turnover: Turnover) -> None:
        self._firm, self._rule, self._turnover = firm, rule, turnover
        self._minds: dict[int, Mind] = {}
        """By seat, of who holds it."""
        stated = rule.market_pay_per_year
        self._market = None if stated is None else stated * minor_units(firm.world.scenario.currency)
        self._weights = Reasons(**rule.weights.model_dump())
        self._keeps = exp2(-_MONTH_DAYS / rule.memory_days)
        self._notice_days, self._end_day = round(rule.notice_days), math.ceil(firm.end_h / HOURS_PER_DAY)

    def made_up(self, day: int, month: Month) -> list[Holder]:
        """A month is over. Returned: who leaves on another day than stood so far, and who is to come after."""
        present = dict(self._present())
        for seat, incumbent in present.items():
            mind = self._minds.get(seat)
            if mind is None or mind.party != incumbent.holder.party:
                mind = self._minds[seat] = Mind(incumbent.holder.party, incumbent.tenure.from_day)
            mind.reckon(day)
        there = [seat for seat, incumbent in present.items() if incumbent.holder.from_h <= month.begins_h]
        for seat, reasons in self._reasons(there, month).items():
            self._minds[seat].hurry = leaving_rate(1.0, reasons=reasons, weights=self._weights)
        changed: list[Holder] = []
        for seat, incumbent in present.items():
            changed += self._decided(seat, incumbent)
        return changed

    def _present(self) -> Iterable[tuple[int, Incumbent]]:
        """Who sits where; who has been told to go has nothing to decide."""
        for seat, position in enumerate(self._firm.organisation.positions):
            incumbent = self._firm.roster.incumbent(seat, self._turnover)
            if incumbent is not None and position.role != GONE:
                yield seat, incumbent

    def _decided(self, seat: int, incumbent: Incumbent) -> list[Holder]:
        mind, stands, in_hand_h = self._minds[seat], incumbent.tenure.to_day, self._firm.people[seat].until_h
        soonest = mind.day + self._notice_days
        # What is in hand was reckoned with the last day as it stands: it is neither cut nor made shorter by another.
        if stands < soonest or stands * HOURS_PER_DAY < in_hand_h:
            return []
        to_day = max(mind.to_day(incumbent), soonest, math.ceil(in_hand_h / HOURS_PER_DAY))
        if to_day == stands or min(to_day, stands) >= self._end_day:
            return []
        holders = self._firm.roster.let_leave(seat, incumbent.tenure._replace(to_day=to_day), self._turnover)
        self._firm.desk_of[seat].note_hours()
        return holders

    def _reasons(self, there: list[int], month: Month) -> Mapping[int, Reasons]:
        """Reasons of those who were there for the whole month; newcomers wait for their first one."""
        pay, usual = {}, {}
        for seat in there:
            mind = self._minds[seat]
            raised = sum(each.per_year for each in self._firm.prospects.raises(mind.party))
            pay[seat] = self._firm.earnings.pay_a_year(seat, self._firm.env.now) + raised
            usual[seat] = mind.pay.mean
            mind.pay.add(pay[seat], self._keeps)
            mind.brought.add(float(month.brought[seat]), self._keeps)
        return {seat: self._reasons_of(seat, (pay[seat], usual[seat]), there, month) for seat in there}

    def _reasons_of(self, seat: int, pay: tuple[float, float], there: list[int], month: Month) -> Reasons:
        firm, now = self._firm, self._firm.env.now
        person, roles = firm.people[seat], [position.role for position in firm.organisation.positions]
        peers = [self._minds[other] for other in there if other != seat and roles[other] == roles[seat]]
        own, present_h = self._minds[seat], person.calendar.hours_between(month.begins_h, now)
        prospects = firm.prospects
        return Reasons(
            market=self._behind(pay[0], self._market if roles[seat] == "rep" else None),
            reference=self._behind(pay[0], pay[1] or None),
            unfairness=self._behind(own.pay.mean, _fair(own, peers)),
            overload=overload(float(month.worked_h[seat]), hours_paid=present_h * self._rule.bearable_load),
            conflict=float(month.conflict_h[seat]) / present_h if present_h else 0.0,
            courses=-_felt(firm.training.fresh(person, now)),
            recognition=-_felt(prospects.honoured.left(own.party, now)),
            promotion=-_felt(prospects.promoted.left(own.party, now)),
            passed_over=_felt(prospects.passed_over.left(own.party, now)),
        )

    def _behind(self, pay: float, reference: float | None) -> float:
        """How far pay falls short of a reference, if there is one; twice the reference is as good as more."""
        return 0.0 if reference is None else shortfall(pay, reference=max(reference, pay / 2), relief=self._rule.relief)


def _felt(times: float) -> float:
    """What so many times that are not forgotten amount to: less and less for each more."""
    return times / (1 + times)


def _fair(own: Mind, peers: Collection[Mind]) -> float | None:
    """What somebody's contribution would be paid at the peers' rate; nothing if they brought nothing in."""
    pay, brought = sum(peer.pay.mean for peer in peers), sum(peer.brought.mean for peer in peers)
    return fair_pay(own.brought.mean, peers_pay=pay, peers_contribution=brought) if brought > 0 else None
