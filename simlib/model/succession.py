"""Who follows a boss who has left: somebody from outside, or the best seller of those who reported to him (I5).

That firms promote by sales, though the best seller need not make the best boss, is the Peter principle (Benson, Li and
Shue 2019, Quarterly Journal of Economics 134: 214 firms); what makes a good boss is not in the model, what is lost on
the seat that the seller leaves is.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simlib.ledger import PROMOTIONS
from simlib.model.clock import live
from simlib.model.races import Race
from simlib.model.training import courses
from simlib.scenario.staffing import Turnover
from simlib.units import HOURS_PER_DAY

if TYPE_CHECKING:
    from simlib.model.firm import Firm

VACANCY = PROMOTIONS[1]


def candidates(firm: Firm, race: Race, boss: int, from_below: float) -> list[int]:
    """Seats of the reps who may take a boss's seat on the first day of a replacement, the best first; none where
    somebody comes from outside.

    `race`: by whose results in the running period direct reports are ranked. `from_below`: share of such seats that are
    filled from below, decided by a number drawn for the replacement. Nobody rises who is leaving, or has sold nothing.
    """
    reports = [seat for seat, above in enumerate(firm.boss) if above == boss and _stays(firm, seat)]
    able = [seat for seat in reports if race.result(seat) > 0]
    if not able:
        return []
    key = next(one.key for one in firm.roster.staff().holders if one.party == firm.people[boss].party)
    inside = firm.world.dice.draw(key, "promoted") < from_below
    return sorted(able, key=lambda seat: -race.result(seat)) if inside else []


def _last_day_behind(firm: Firm, seat: int) -> int:
    """The day after the last on a seat for who leaves it as soon as what is in hand is done, today at the soonest."""
    return max(int(firm.env.now // HOURS_PER_DAY) + 1, math.ceil(firm.people[seat].until_h / HOURS_PER_DAY))


def _stays(firm: Firm, seat: int) -> bool:
    """Whether a rep is there, and not to leave before he could take another seat."""
    person = firm.people[seat]
    if firm.organisation.positions[seat].role != "rep" or person.until_h >= person.leaves_h:
        return False
    return person.leaves_h > _last_day_behind(firm, seat) * HOURS_PER_DAY


def vacate(firm: Firm, seat: int, turnover: Turnover) -> None:
    """A rep leaves a seat for another; whoever comes after him does so as after any other leaver."""
    incumbent = firm.roster.incumbent(seat, turnover)
    if incumbent is None:
        raise RuntimeError("only who holds a seat is promoted from it")
    tenure = incumbent.tenure._replace(to_day=_last_day_behind(firm, seat))
    changed = firm.roster.let_leave(seat, tenure, turnover)
    firm.desk_of[seat].note_hours()
    firm.staff = firm.roster.staff()
    live(courses(firm, changed))
