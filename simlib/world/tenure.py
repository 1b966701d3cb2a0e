"""How long people stay, and who comes after them: drawn by person, the same in every organisation (R, I7)."""

from __future__ import annotations

import math
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
    """Who holds a seat in `days` days: everybody stays for an exponential time, −ln(1 − u) / rate, rounded to days.

    Times without memory: who is there at time zero stays as long from then on as a newcomer. A newcomer who would
    stay for less than half a day does not come, and the search begins anew.
    """
    if turnover is None or not turnover.leaving_rate_per_year:
        return [Tenure(0, 0, days)]
    mean_days, vacant_days = DAYS_PER_YEAR / turnover.leaving_rate_per_year, round(turnover.vacancy_days)
    found: list[Tenure] = []
    first = vacancy = 0
    while first < days:
        u = dice.draw(person_key(role, person, vacancy), "tenure")
        stays = round(-math.log1p(-u) * mean_days) or int(not vacancy)
        if stays:
            found.append(Tenure(vacancy, first, min(first + stays, days)))
        first, vacancy = first + stays + vacant_days, vacancy + 1
    return found
