"""Courses: hours that everybody gives up before other work, and what stays of them (P16)."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp2
from typing import TYPE_CHECKING, Protocol

from simlib.model.clock import ARRIVAL, Life, Moment, live
from simlib.model.person import Person
from simlib.model.staff import Holder
from simlib.scenario.staffing import Training
from simlib.units import HOURS_PER_DAY, on_grid

if TYPE_CHECKING:
    from simlib.model.firm import Firm


class Learning(Protocol):
    """What courses bring."""

    hours: float
    """Of a course; 0 = none is held."""
    every_h: float
    """Calendar hours between one person's courses."""

    def take(self, person: Person, now: float) -> None:
        """A person has been to a course."""

    def fresh(self, person: Person, now: float) -> float:
        """Courses of a person that are not forgotten, each counted as the share that is left of it."""

    def log_odds(self, person: Person, now: float) -> float:
        """What a person's courses add to the odds of a gate."""


class NoCourses:
    """Training off."""

    hours = every_h = 0.0

    def take(self, person: Person, now: float) -> None:
        """Nobody goes."""

    def fresh(self, person: Person, now: float) -> float:
        return 0.0

    def log_odds(self, person: Person, now: float) -> float:
        return 0.0


class Courses:
    """Training on: `log_odds` · Σ 2^(−age / half-life) over a person's courses."""

    def __init__(self, training: Training) -> None:
        self.hours, self.every_h = float(on_grid(training.hours)), training.every_days * HOURS_PER_DAY
        self._log_odds, self._half_life_h = training.log_odds, training.half_life_days * HOURS_PER_DAY

    def take(self, person: Person, now: float) -> None:
        person.learned, person.learned_h = 1 + self.fresh(person, now), now

    def log_odds(self, person: Person, now: float) -> float:
        return self._log_odds * self.fresh(person, now)

    def fresh(self, person: Person, now: float) -> float:
        return person.learned * exp2((person.learned_h - now) / self._half_life_h)


def learning(training: Training | None) -> Learning:
    """What courses bring in a scenario."""
    return Courses(training) if training else NoCourses()


def courses(firm: Firm, holders: Sequence[Holder]) -> Life:
    """From now on every course of some people in its time: a newcomer's first on the first day, that of a person who
    was there before at a time of the person's own, so that not all are away at once. Who is to stay for another time
    than stands here has other courses."""
    rule, dates = firm.training, []
    for number, holder in enumerate(holders) if rule.hours else ():
        at = holder.from_h
        if not holder.from_h:
            at = float(on_grid(rule.every_h * firm.world.dice.draw(holder.key, "course")))
        while at < min(holder.to_h, firm.end_h):
            if at >= firm.env.now:
                dates.append((at, holder.seat, number))
            at += float(on_grid(rule.every_h))
    for at, seat, number in sorted(dates):
        if at > firm.env.now:
            yield Moment(firm.env, at, ARRIVAL - 1)
        if firm.roster.expects(holders[number]):
            live(_attend(firm, seat))


def _attend(firm: Firm, seat: int) -> Life:
    person: Person = yield firm.ask_to_train(seat)
    firm.training.take(person, firm.env.now)
