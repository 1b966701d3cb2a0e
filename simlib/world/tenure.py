"""How long people stay, and who comes after them: drawn by person, the same in every organisation (R, I7)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

from simlib.scenario.staffing import Turnover
from simlib.units import DAYS_PER_YEAR
from simlib.world.draws import Dice, child_keys, key


class Tenure(NamedTuple):
    """A person's time on a seat, in whole days counted from time zero."""

    vacancy: int
    """How often the seat was vacant before: 0 for who is there at time zero."""
    from_day: int
    """First day."""
    to_day: int
    """The day after the last."""


def person_key(role: str, person: int, vacancy: int = 0) -> int:
    """The key of a person of a role's pool, or of the replacement who comes after the n-th vacancy of the seat."""
    return int(child_keys(key("replacement", role, vacancy) if vacancy else key("person", role), person))


def tenures(dice: Dice, role: str, person: int, turnover: Turnover | None, days: int) -> list[Tenure]:
    """Who holds a seat in `days` days if everybody leaves at the usual rate: the person, then each replacement."""
    if turnover is None or not turnover.leaving_rate_per_year:
        return [Tenure(0, 0, days)]
    found = takewhile(lambda tenure: tenure.from_day < days, come_and_go(dice, role, person, turnover, (0, 0)))
    return [tenure._replace(to_day=min(tenure.to_day, days)) for tenure in found]


def come_and_go(dice: Dice, role: str, person: int, turnover: Turnover, since: tuple[int, int]) -> Iterator[Tenure]:
    """Who holds a seat one after the other, without end: everybody stays for as long as `patience` says, rounded to
    days. `since`: number of the vacancy, and day, with which it begins.

    Times without memory: who is there at time zero stays as long from then on as a newcomer. A newcomer who would
    stay for less than half a day does not come, and the search begins anew.
    """
    vacancy, first = since
    vacant_days = round(turnover.vacancy_days)
    while True:
        stays = round(patience(dice, person_key(role, person, vacancy), turnover)) or int(not vacancy)
        if stays:
            yield Tenure(vacancy, first, first + stays)
        first, vacancy = first + stays + vacant_days, vacancy + 1


def patience(dice: Dice, person: int, turnover: Turnover) -> float:
    """Days for which somebody stays at the usual rate of leaving: exponential, −ln(1 − u) / rate. `person`: the key."""
    return -math.log1p(-dice.draw(person, "tenure")) * (DAYS_PER_YEAR / turnover.leaving_rate_per_year)
