"""An organisation at work in a world: its people at their desks, what each knows, and the journal they write.

Everything the event loop looks up is laid out here, before time starts.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import Any

import numpy as np
from numpy.typing import NDArray
from simpy import Environment

from simlib.ledger import ACTIVITIES, APPROVAL, CALL, SETTLING, TRAINING, Journal
from simlib.model.behaviour import interest_hours, knowledge, road_hours
from simlib.model.conflict import ConflictBook, losses_between_hands, overlap_rules
from simlib.model.deals import Deal, Lead
from simlib.model.desk import NEXT_TASK, Desk, EndlessDesk, Person, Task, Timesheet
from simlib.model.staff import let_come, seat_people
from simlib.model.training import learning
from simlib.odds import shifted
from simlib.org.budget import pay_per_year
from simlib.org.lists import candidates, holders
from simlib.org.organisation import Organisation
from simlib.org.routing import ROUTING, Choice
from simlib.scenario.mechanisms import Calls, Mechanisms, Queueing
from simlib.scenario.schema import Scenario
from simlib.units import (
    DAYS_PER_YEAR,
    GRID,
    HOURS_PER_DAY,
    minor_units,
    on_grid,
)
from simlib.world import World
from simlib.world.demand import run_days

_FIRST_STAGE = len(ACTIVITIES)


class Firm:
    """The state of one run."""

    def __init__(self, env: Environment, organisation: Organisation, world: World, mechanisms: Mechanisms) -> None:
        scenario = world.scenario
        market = scenario.market
        self.env, self.organisation, self.world, self.mechanisms = env, organisation, world, mechanisms
        self.end_h = run_days(scenario) * HOURS_PER_DAY
        self.journal = Journal()
        self.leads: dict[int, Lead] = {}
        """Leads by the number of their need."""

        self.needs: dict[str, list[Any]] = world.needs.lists
        self._effort, self._cell, self._region = self.needs["effort_h"], self.needs["cell"], self.needs["region"]
        self._value = self.needs["value"]
        self.stages = scenario.stages
        self.needs_approval = [stage.approval for stage in self.stages]
        self.base_probability = [shifted(stage.pass_probability, market.win_log_odds) for stage in self.stages]
        self._chance_ahead = _chance_ahead(self.base_probability)
        names = [stage.name for stage in self.stages]
        self.fails_to = [names.index(stage.fails_to) if stage.fails_to else None for stage in self.stages]
        self.hand_off = losses_between_hands(mechanisms.hand_off, organisation.axes.clarity or 0.0)
        self._stakes = {True: scenario.costs.margin, False: -scenario.costs.unsound_loss_share}
        self.interest_h: list[float] = on_grid(interest_hours(world.needs.interest_u, mechanisms.interest)).tolist()
        self._leaves_list = mechanisms.interest is not None and mechanisms.interest.notices == "leaves_list"

        self.people, self.staff = seat_people(organisation, world, mechanisms)
        let_come(env, self.people, self.staff)
        self.training = learning(mechanisms.training)
        self.knowledge, self._pace, self._road = _abilities(organisation, scenario, mechanisms)
        self._visits = [stage.visits for stage in self.stages]
        self.rules = overlap_rules(mechanisms.overlap)
        self._fixed_hours = {
            CALL: float(on_grid(mechanisms.calls.hours)) if mechanisms.calls else 0.0,
            SETTLING: float(on_grid(self.rules.settling_hours)),
            APPROVAL: float(on_grid(mechanisms.approval.hours)) if mechanisms.approval else 0.0,
            TRAINING: self.training.hours,
        }
        self.timesheet = Timesheet(env, self.journal, self._hours)
        kind = Desk if mechanisms.queueing else EndlessDesk
        self.desks = [
            kind(number, [self.people[seat] for seat in desk.positions], self.timesheet)
            for number, desk in enumerate(organisation.desks)
        ]
        self.desk_of = {
            seat: self.desks[number] for number, desk in enumerate(organisation.desks) for seat in desk.positions
        }
        self._rank = NEXT_TASK[(mechanisms.queueing or Queueing()).next_task]
        grades = [market.segment(name).grade for name in world.cells.segments]
        self._grade = [grades[segment] for segment in self.needs["segment"]]

        positions = organisation.positions
        self.authority = [position.authority if mechanisms.approval else None for position in positions]
        self.boss = [organisation.number(position.boss) if position.boss else None for position in positions]
        yearly_hours = (scenario.calendar.hours_per_week or 7 * HOURS_PER_DAY) * DAYS_PER_YEAR / 7
        minor = minor_units(scenario.currency)
        self.pay_per_year = [round(pay_per_year(position.role, scenario.costs) * minor) for position in positions]
        self.conflicts = ConflictBook(self.journal, [pay / yearly_hours for pay in self.pay_per_year])

        self._served = [position.stages for position in positions]
        self._legs = [Leg(organisation, world, leg) for leg in organisation.legs]
        self._leg_of = {
            stage: leg for leg, stages in zip(self._legs, organisation.legs, strict=True) for stage in stages
        }
        lists = self._legs[0].lists
        self.agenda = agenda(world, lists if self.rules.colleagues_call else lists[:1], mechanisms.calls, self.end_h)
        self._route = ROUTING[organisation.axes.routing or "owner"]
        self._open_deals = [0] * len(positions)

    def serves(self, seat: int, stage: int) -> bool:
        """Whether a seat serves a stage of its customers' deals."""
        return stage in self._served[seat]

    def route(self, need: int, stage: int) -> int:
        """The seat that gets an inbound lead, or takes a deal over at a stage."""
        cell, leg = self.needs["cell"][need], self._leg_of[stage]
        team = leg.team[cell]
        turn = leg.turns[team]
        leg.turns[team] = turn + 1
        return self._route(Choice(
            leg.owners[need], leg.candidates[cell], turn,
            lambda: self.world.dice.draw(self.needs["keys"][need], "route", leg.number),
            self._open_deals.__getitem__, lambda seat: self.knowledge[seat][cell]))  # fmt: skip

    def gate_u(self, deal: Deal, stage: int) -> float:
        """The number that decides a gate."""
        need = deal.lead.need
        if deal.rounds:
            return self.world.luck_again(need, stage, deal.rounds).gate_u
        return float(self.needs["gate_u"][stage][need])

    def customer_delay(self, deal: Deal, stage: int) -> float:
        """Calendar hours that the customer takes after a stage."""
        need = deal.lead.need
        if deal.rounds:
            return self.world.luck_again(need, stage, deal.rounds).delay_h
        return float(self.needs["delay_h"][stage][need])

    def margin_at_stake(self, need: int, stage: int) -> float:
        """Expected margin, in minor units, of a deal as if it passed the gate of a stage; negative if unsound."""
        return float(self.needs["value"][need] * self._stakes[self.needs["sound"][need]] * self._chance_ahead[stage])

    def open_deal(self, lead: Lead, seat: int) -> Deal:
        """A seller begins to pursue a lead."""
        self._open_deals[seat] += 1
        return Deal(lead, seat)

    def reassign(self, deal: Deal, seat: int) -> None:
        """Another seller goes on with a deal."""
        self._open_deals[deal.routed_to] -= 1
        self._open_deals[seat] += 1
        deal.routed_to = seat

    def close_deal(self, deal: Deal) -> None:
        """A pursuit ends; what it still asks of a desk is withdrawn."""
        deal.open = False
        deal.lead.open_deals -= 1
        self._open_deals[deal.routed_to] -= 1
        if deal.task is not None and deal.task.desk is not None:
            deal.task.desk.withdraw(deal.task)

    def lost_interest(self, deal: Deal) -> bool:
        """Whether the customer has waited for us longer than interest lives."""
        return deal.waited_h > self.interest_h[deal.lead.need]

    def ask_seller(self, deal: Deal, stage: int) -> Task:
        """Ask the seller for the work of a stage."""
        need = deal.lead.need
        own = self.world.luck_again(need, stage, deal.rounds).effort_h if deal.rounds else self._effort[stage][need]
        task = self._ask(deal, self.desk_of[deal.routed_to], stage, _FIRST_STAGE + stage)
        task.effort_h, deal.extra_hours = own + deal.extra_hours, 0.0
        return task

    def ask_boss(self, deal: Deal, boss: int) -> Task:
        """Ask somebody above to look at a deal."""
        return self._ask(deal, self.desk_of[boss], 0, APPROVAL)

    def ask_caller(self, need: int, seat: int) -> Task:
        """Put a call on a seller's list, behind everything else, for as long as the need is open to sellers."""
        task = Task(self.env, need, CALL, (1, self.env.now, need))
        task.deadline = self.needs["window_end_h"][need]
        self.desk_of[seat].submit(task)
        return task

    def ask_to_settle(self, need: int, seat: int) -> None:
        """Have a seller settle with a colleague, before anything else."""
        self.desk_of[seat].submit(Task(self.env, need, SETTLING, (-1, self.env.now, need)))

    def ask_to_train(self, seat: int) -> Task:
        """Send somebody to a course, before anything else."""
        return self.desk_of[seat].submit(Task(self.env, -1, TRAINING, (-1, self.env.now, seat)))

    def _ask(self, deal: Deal, desk: Desk | EndlessDesk, stage: int, activity: int) -> Task:
        need, env = deal.lead.need, self.env
        rank = self._rank(env.now, stage, self._grade[need], self._value[need])
        task = deal.task = Task(env, need, activity, (0, *rank, need))
        if self._leaves_list:
            task.patience_h = max(self.interest_h[need] - deal.waited_h, 0.0)
        return desk.submit(task)

    def _hours(self, task: Task, person: Person) -> tuple[float, float]:
        """Hours on the road and at work that a task takes a person."""
        stage = task.activity - _FIRST_STAGE
        if stage < 0:
            hours = self._fixed_hours[task.activity]
            return 0.0, hours if task.activity == TRAINING else self._at_pace(person, 0.0, hours)
        need, seat = task.need, person.seat
        labour = task.effort_h * self._pace[seat][self._cell[need]]
        visits = self._visits[stage]
        road = visits * self._road[seat][self._region[need]] if visits else 0.0
        if person.pace:
            labour = self._at_pace(person, road, labour)
        return round(road * GRID) / GRID, round(labour * GRID) / GRID

    def _at_pace(self, person: Person, road: float, labour: float) -> float:
        """Hours of work for so much labour, behind the road, while people on the seat learn."""
        if not person.pace:
            return labour
        worked = person.calendar.hours_between(0.0, self.env.now) + road
        return round(person.pace.hours(worked, labour) * GRID) / GRID


class Leg:
    """A leg of the way as the event loop looks it up: who serves which need on it."""

    def __init__(self, organisation: Organisation, world: World, stages: range) -> None:
        self.number = organisation.legs.index(stages)
        self.candidates = candidates(organisation, stages)
        """By cell, the seats that serve it."""
        self.lists = holders(organisation, stages, world.needs.cell, world.needs.account_share)
        """By slot, the seat on whose list each need's account stands."""
        self.owners: list[int] = self.lists[0].tolist()
        teams = {rivals: number for number, rivals in enumerate(dict.fromkeys(self.candidates))}
        self.team = [teams[rivals] for rivals in self.candidates]
        """By cell, the number of its candidates' team: who take turns together."""
        self.turns = [0] * len(teams)


def agenda(
    world: World, lists: Sequence[NDArray[np.int64]], calls: Calls | None, end_h: float
) -> list[tuple[float, int, int]]:
    """What comes by itself, in the order of time: (instant, need, seat of the caller), caller -1 for an inbound need.

    `lists`: by slot, the seat on whose list each need's account stands, -1 where there is none. A caller wants to call
    at any time while the need is open to sellers; his draws are keyed by need and slot.
    """
    needs = world.needs
    inbound = np.flatnonzero(needs.inbound)
    parts = [(needs.at_h[inbound], inbound, np.full(len(inbound), -1))]
    open_h = needs.window_end_h - needs.at_h
    for slot, seats in enumerate(lists if calls else ()):
        assert calls is not None
        wanted = world.dice.column(needs.keys, "call", slot) < calls.probability
        rows = np.flatnonzero(wanted & ~needs.inbound & (seats >= 0))
        calls_at = needs.at_h[rows] + on_grid(open_h[rows] * world.dice.column(needs.keys[rows], "call time", slot))
        within = calls_at < end_h
        parts.append((calls_at[within], rows[within], seats[rows][within]))
    at, need, seat = (np.concatenate([part[column] for part in parts]) for column in range(3))
    order = np.lexsort((seat, need, at))
    return list(zip(at[order].tolist(), need[order].tolist(), seat[order].tolist(), strict=True))


def _abilities(
    organisation: Organisation, scenario: Scenario, mechanisms: Mechanisms
) -> tuple[list[list[float]], list[list[float]], list[list[float]]]:
    """By seat: knowledge in log-odds by cell, factor of the hours by cell, road hours of a visit by region."""
    shape = organisation.cells.needs_per_week.shape
    focus, travel, market = mechanisms.focus, mechanisms.travel, scenario.market
    ignorant, at_home = [0.0] * int(np.prod(shape)), [0.0] * shape[0]
    seats = range(len(organisation.positions))
    known = [knowledge(organisation, seat, focus, market).tolist() if focus else ignorant for seat in seats]
    road = [road_hours(organisation, seat, travel, market).tolist() if travel else at_home for seat in seats]
    return known, [[exp(-x) for x in row] for row in known], road


def _chance_ahead(probabilities: list[float]) -> list[float]:
    """Chance to pass all gates behind each stage."""
    ahead = [1.0]
    for p in reversed(probabilities[1:]):
        ahead.append(ahead[-1] * p)
    return ahead[::-1]
