"""What there is to win beside pay: honours, and grades with a raise; who won what, and how it is felt (I4, I5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from simlib.ledger import PROMOTIONS
from simlib.model.clock import ARRIVAL, Life, Moment
from simlib.model.races import Fading, Prize, Race
from simlib.model.succession import VACANCY, candidates, vacate
from simlib.org.credits import Raise
from simlib.scenario.honours import Career, Recognition
from simlib.units import HOURS_PER_DAY, minor_units

if TYPE_CHECKING:
    from simlib.model.firm import Firm


class Promotion(NamedTuple):
    """Somebody rises; people by their numbers in the run."""

    at_h: float
    party: int
    was: str
    """Grade, or position."""
    to: str
    becomes: int
    """Who that is in the books from then on."""
    reason: str
    """One of `ledger.PROMOTIONS`."""


class Honours:
    """Recognition on."""

    def __init__(self, firm: Firm, rule: Recognition, felt: Fading) -> None:
        """`felt`: where honours are remembered."""
        self._firm, self._felt = firm, felt
        self._worth = rule.worth * minor_units(firm.world.scenario.currency)
        self.race = Race(firm, rule, rule.every, lambda seat: "")
        self.given: list[tuple[float, int]] = []
        """When, and to whom, by the number in the run."""

    def decide(self) -> None:
        """A period is over."""
        now = self._firm.env.now
        for _, winners in self.race.results():
            honoured = [self._firm.people[seat].party for seat in winners]
            self._felt.add(honoured, now)
            self.given += [(now, party) for party in honoured]

    def prize(self, seat: int) -> Prize | None:
        """What somebody can win now."""
        return self.race.prize(seat, self._worth)


class Ladder:
    """Career on: who is on which grade."""

    def __init__(self, firm: Firm, rule: Career, promoted: Fading, passed_over: Fading) -> None:
        """`promoted`, `passed_over`: where that is remembered."""
        self._firm, self._promoted, self._passed_over = firm, promoted, passed_over
        minor = minor_units(firm.world.scenario.currency)
        self._raises = [round(amount * minor) for amount in rule.raises_per_year]
        self._to_boss = rule.to_boss
        self._rate, self._least_h = rule.discount_rate_per_year, rule.least_days * HOURS_PER_DAY
        self.race = Race(firm, rule, rule.review, self._grade_to_rise_from)
        self.raised: dict[int, list[Raise]] = {}
        """By person, by the number in the run: one raise for each grade above the first."""
        self.promotions: list[Promotion] = []

    def _grade_to_rise_from(self, seat: int) -> int | None:
        """The grade among whose holders somebody is considered; none on the last, and for who is not long on it."""
        firm, party = self._firm, self._firm.people[seat].party
        had = self.raised.get(party, [])
        if len(had) == len(self._raises):
            return None
        since_h = had[-1].from_day * HOURS_PER_DAY if had else self._came_h(party)
        return len(had) if firm.env.now - since_h >= self._least_h else None

    def _came_h(self, party: int) -> float:
        return next(holder.from_h for holder in self._firm.staff.holders if holder.party == party)

    def decide(self) -> None:
        """A review."""
        now = self._firm.env.now
        for field, winners in list(self.race.results()):
            rise = [self._firm.people[seat].party for seat in winners]
            self._promoted.add(rise, now)
            self._passed_over.add([self._firm.people[seat].party for seat in field if seat not in winners], now)
            for party in rise:
                had = self.raised.setdefault(party, [])
                was, to = (f"grade {1 + len(had) + more}" for more in (0, 1))
                self.promotions.append(Promotion(now, party, was, to, party, PROMOTIONS[0]))
                had.append(Raise(int(now // HOURS_PER_DAY), self._raises[len(had)]))

    def fill(self, boss: int) -> None:
        """Somebody takes a boss's vacant seat: the best of those who report there, or who comes from outside."""
        firm, now, turnover = self._firm, self._firm.env.now, self._firm.mechanisms.turnover
        field = candidates(firm, self.race, boss, self._to_boss) if self._to_boss else []
        if not field or turnover is None:
            return
        best, head, positions = firm.people[field[0]], firm.people[boss], firm.organisation.positions
        was, to = positions[best.seat].id, positions[boss].id
        self.promotions.append(Promotion(now, best.party, was, to, head.party, VACANCY))
        self._promoted.add([head.party], now)
        self._passed_over.add([firm.people[seat].party for seat in field[1:]], now)
        head.talent = best.talent
        vacate(firm, best.seat, turnover)

    def prize(self, seat: int) -> Prize | None:
        """What somebody can win now: the next raise, for ever, discounted."""
        had = self.raised.get(self._firm.people[seat].party, [])
        return self.race.prize(seat, self._raises[len(had)] / self._rate) if len(had) < len(self._raises) else None


class Prospects:
    """Everything there is to win; nothing where recognition and career are off."""

    def __init__(self, firm: Firm) -> None:
        recognition, career = firm.mechanisms.recognition, firm.mechanisms.career
        self._firm = firm
        self.honoured = Fading(recognition.half_life_days) if recognition else Fading()
        self.promoted = Fading(career.half_life_days) if career else Fading()
        self.passed_over = Fading(career.half_life_days) if career else Fading()
        self._honours = Honours(firm, recognition, self.honoured) if recognition else None
        self._ladder = Ladder(firm, career, self.promoted, self.passed_over) if career else None
        self._contests = [contest for contest in (self._honours, self._ladder) if contest]
        self.watched = [contest.race.watched for contest in self._contests]
        """Results of every rep that must be added up, and the period."""

    @property
    def honours(self) -> list[tuple[float, int]]:
        """When somebody was honoured, and who, by the number in the run."""
        return self._honours.given if self._honours else []

    def fill(self, seat: int) -> None:
        """Somebody takes a seat that was another's."""
        if self._ladder:
            self._ladder.fill(seat)

    @property
    def promotions(self) -> list[Promotion]:
        """Who rose, in the order of time."""
        return self._ladder.promotions if self._ladder else []

    def raises(self, party: int) -> tuple[Raise, ...]:
        """What somebody was given, by the number in the run."""
        return tuple(self._ladder.raised.get(party, ())) if self._ladder else ()

    def prizes(self, seat: int) -> Iterator[Prize]:
        """What somebody can win in the periods that run."""
        found = (contest.prize(seat) for contest in self._contests)
        return (prize for prize in found if prize is not None)

    def live(self) -> Life:
        """Month after month: where a period is over, its best win."""
        firm = self._firm
        for day in firm.earnings.calendar.months_begin() if self._contests else ():
            yield Moment(
                firm.env, day * HOURS_PER_DAY, ARRIVAL - 4
            )  # before results begin anew, and reasons are weighed
            for contest in self._contests:
                if contest.race.over(firm.earnings.calendar.months[day]):
                    contest.decide()
