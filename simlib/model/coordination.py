"""Coordination: the hours that people spend with each other and with no customer (S2, S8, P17).

Each boss meets the direct reports, and speaks with each of them alone; sellers who serve the same accounts keep each
other informed. A matrix rep sits in the meetings of two bosses. The hours are laid out before time starts; they come
at a cadence, before all other work, and what has not begun when the next comes round is left out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simlib.ledger import MEETING
from simlib.model.clock import ARRIVAL, Life, Moment
from simlib.model.desk import Task
from simlib.model.firm import Firm
from simlib.org.links import links
from simlib.org.organisation import Organisation
from simlib.scenario.mechanisms import Coordination
from simlib.scenario.policies import Policies
from simlib.units import HOURS_PER_DAY, on_grid

Floats = NDArray[np.float64]
WEEK_DAYS = 7.0


def coordinate(firm: Firm, every_days: float, hours: Floats) -> Life:
    """Hours by seat that come round, the first at time zero, until the firm is organised in another way."""
    busy = [(int(seat), float(hours[seat])) for seat in np.flatnonzero(hours)]
    period, organisation = float(on_grid(every_days * HOURS_PER_DAY)), firm.organisation
    at = -(-firm.env.now // period) * period
    while busy:
        yield Moment(firm.env, at, ARRIVAL - 1)
        if firm.organisation is not organisation:
            return
        at += period
        for seat, spent in busy:
            task = Task(firm.env, -1, MEETING, (-2, firm.env.now, seat))
            task.effort_h, task.deadline, task.person = spent, at, firm.people[seat]
            firm.desk_of[seat].submit(task)


def rounds(organisation: Organisation, coordination: Coordination | None) -> list[tuple[float, Floats]]:
    """Days from one round to the next, and hours of each round by seat: of meetings, and of every week's talks.

    Meetings: `meeting_hours` · (bosses + 1 if there are direct reports). A week: `report_hours_per_week` · (direct
    reports + bosses) + `link_hours_per_week` · links. Where channels plan together (X7): the hours of every boss.
    """
    plans = (organisation.axes.policies or Policies()).joint_plans
    if coordination is None and plans is None:
        return []
    seats = range(len(organisation.positions))
    bosses, reports = np.zeros(len(seats)), np.zeros(len(seats))
    for seat in seats:
        above = organisation.bosses(seat)
        bosses[seat] = len(above)
        reports[list(above)] += 1
    found = [] if plans is None else [(plans.every_days, on_grid(plans.hours * (reports > 0)))]
    if coordination is None:
        return found
    talks = coordination.report_hours_per_week * (reports + bosses)
    if coordination.link_hours_per_week:
        talks = talks + coordination.link_hours_per_week * links(organisation)
    meetings = coordination.meeting_hours * (bosses + (reports > 0))
    return [(coordination.meeting_every_days, on_grid(meetings)), (WEEK_DAYS, on_grid(talks)), *found]
