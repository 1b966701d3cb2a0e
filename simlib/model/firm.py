"""An organisation at work in a world: its people at their desks, what each knows, and the journal they write.

Everything the event loop looks up is laid out here, before time starts.
"""

from __future__ import annotations

from typing import Any

from simpy import Environment

from simlib.ledger import (
    ACTIVITIES,
    APPROVAL,
    CALL,
    COACHING,
    HELP,
    MEETING,
    MOVING,
    SETTLING,
    SPONSORING,
    TRAINING,
    Journal,
)
from simlib.model.assignment import Assignment, Row, agenda
from simlib.model.backing import backing
from simlib.model.behaviour import interest_hours, remote_losses
from simlib.model.coaching import coaching_of
from simlib.model.conflict import ConflictBook, claims_to_credit, losses_between_hands, overlap_rules
from simlib.model.deals import Deal, Lead
from simlib.model.desk import Desk, EndlessDesk, Task, Timesheet
from simlib.model.person import Person
from simlib.model.ranking import NEXT_TASK
from simlib.model.reporting import dispute_rules
from simlib.model.staff import let_come, seat_people
from simlib.model.team_desk import TeamDesk
from simlib.model.training import learning
from simlib.odds import shifted
from simlib.org import organisation as org
from simlib.org.budget import pay_per_year
from simlib.org.organisation import Organisation
from simlib.org.routing import ROUTING, Choice
from simlib.scenario.mechanisms import Mechanisms, Queueing
from simlib.units import DAYS_PER_YEAR, GRID, HOURS_PER_DAY, minor_units, on_grid
from simlib.world import World
from simlib.world.demand import run_days

_FIRST_STAGE = len(ACTIVITIES)
_ON_THE_CLOCK = frozenset({TRAINING, MEETING, COACHING, MOVING})
"""Activities that take the same hours however practised somebody is."""


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
        self.seen = [0] * world.cells.needs_per_week.size
        """By cell, how many leads became known since the customers were last divided."""

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
        self.claims = claims_to_credit(mechanisms.credit, organisation.axes.clarity or 0.0)
        self._stakes = {True: scenario.costs.margin, False: -scenario.costs.unsound_loss_share}
        self.interest_h: list[float] = on_grid(interest_hours(world.needs.interest_u, mechanisms.interest)).tolist()
        self._leaves_list = mechanisms.interest is not None and mechanisms.interest.notices == "leaves_list"

        self.people, self.staff = seat_people(organisation, world, mechanisms)
        let_come(env, self.people, self.staff)
        self.training = learning(mechanisms.training)
        self._visits = [stage.visits for stage in self.stages]
        self.rules = overlap_rules(mechanisms.overlap, organisation.axes.engagement)
        self._fixed_hours = {
            CALL: float(on_grid(mechanisms.calls.hours)) if mechanisms.calls else 0.0,
            APPROVAL: float(on_grid(mechanisms.approval.hours)) if mechanisms.approval else 0.0,
            MOVING: float(on_grid(mechanisms.review.hours)) if mechanisms.review else 0.0,
            HELP: float(on_grid(mechanisms.help.hours)) if mechanisms.help else 0.0,
            COACHING: float(on_grid(mechanisms.coaching.hours)) if mechanisms.coaching else 0.0,
            SPONSORING: float(on_grid(mechanisms.sponsor.hours)) if mechanisms.sponsor else 0.0,
            TRAINING: self.training.hours,
        }
        self.timesheet = Timesheet(env, self.journal, self._hours)
        self.desk_names: list[str] = []
        self.desks: list[Desk] = []
        for desk in organisation.desks:
            self._set_up(desk, [self.people[seat] for seat in desk.positions])
        self.desk_of = {person.seat: desk for desk in self.desks for person in desk.people}
        self._rank = NEXT_TASK[(mechanisms.queueing or Queueing()).next_task]
        grades = [market.segment(name).grade for name in world.cells.segments]
        self._grade = [grades[segment] for segment in self.needs["segment"]]

        positions = organisation.positions
        self.authority = [position.authority if mechanisms.approval else None for position in positions]
        self.disputes = dispute_rules(mechanisms.dual_reporting, organisation)
        self.boss, self.second_boss = self.disputes.bosses, self.disputes.second_bosses
        members = organisation.axes.panel.members if organisation.axes.panel else 1
        self.panel = {boss: organisation.peers(boss)[:members] for boss in dict.fromkeys(self.boss) if boss is not None}
        """By boss, those who are asked in the boss's layer."""
        self.back(organisation)
        self.coaching = coaching_of(mechanisms.coaching)
        yearly_hours = (scenario.calendar.hours_per_week or 7 * HOURS_PER_DAY) * DAYS_PER_YEAR / 7
        minor = minor_units(scenario.currency)
        self.pay_per_year = [
            position.pay_per_year if position.pay_agreed else round(pay_per_year(position.role, scenario.costs) * minor)
            for position in positions
        ]
        self.conflicts = ConflictBook(self.journal, [pay / yearly_hours for pay in self.pay_per_year])

        self._route = ROUTING[organisation.axes.routing or "owner"]
        self._open_deals = [0] * len(positions)
        self.remote = remote_losses(organisation.axes, mechanisms.travel, self._visits)
        self.agenda: list[Row] = []
        """What comes by itself, in the order of time."""
        self.assign(organisation)

    def assign(self, organisation: Organisation) -> None:
        """Divide the customers as an organisation of the same seats does, from now on."""
        self.assigned = Assignment(organisation, self.world, self.mechanisms)
        lists = self.assigned.leg_of[0].lists
        callers = lists if self.rules.colleagues_call else lists[:1]
        self.agenda = agenda(self.world, callers, self.mechanisms.calls, from_h=self.env.now, end_h=self.end_h)

    def seat(self, organisation: Organisation) -> None:
        """Everybody sits down where an organisation of the same seats has them. Deals of a team stay with the team."""
        left: dict[int, Desk] = {}
        for desk in organisation.desks:
            if desk.id not in self.desk_names:
                self._set_up(desk, [])
            there = self.desks[self.desk_names.index(desk.id)]
            for seat in desk.positions:
                if self.desk_of[seat] is not there:
                    left[seat] = self.desk_of[seat]
                    left[seat].move(self.people[seat], there)
                    self.desk_of[seat] = there
        for lead in self.leads.values():
            for deal in lead.deals:
                team = left.get(deal.routed_to) if deal.open else None
                if team and team.people:
                    self.reassign(deal, team.people[0].seat)

    def back(self, organisation: Organisation) -> None:
        """From now on those help whom an organisation of the same seats, all seated, has for it."""
        desks = [self.desk_names.index(desk.id) for desk in organisation.desks]
        self.pools, self.backing = backing(organisation, self.world.scenario, self.mechanisms, desks)

    def _set_up(self, desk: org.Desk, people: list[Person]) -> None:
        """Set up a desk with those who sit at it so far; somebody's own desk is called like the seat."""
        own = [self.organisation.positions[seat].id for seat in desk.positions] == [desk.id]
        kind = (Desk if own else TeamDesk) if self.mechanisms.queueing else EndlessDesk
        self.desk_names.append(desk.id)
        self.desks.append(kind(len(self.desks), people, self.timesheet))

    def serves(self, seat: int, stage: int) -> bool:
        """Whether a seat serves a stage of its customers' deals."""
        return stage in self.assigned.stages[seat]

    def route(self, need: int, stage: int) -> int:
        """The seat that gets an inbound lead, or takes a deal over at a stage."""
        cell, leg = self.needs["cell"][need], self.assigned.leg_of[stage]
        team = leg.team[cell]
        turn = leg.turns[team]
        seat = self._route(Choice(
            leg.owners[need], leg.candidates[cell], turn,
            lambda: self.world.dice.draw(self.needs["keys"][need], "route", leg.number),
            self._open_deals.__getitem__, lambda seat: self.assigned.knowledge[seat][cell]))  # fmt: skip
        leg.turns[team] = turn + 1
        leg.given += 1
        leg.last_given[seat] = leg.given
        return seat

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

    def known(self, need: int, at: float) -> Lead:
        """A need becomes a lead."""
        lead = self.leads[need] = Lead(need, at)
        self.seen[self.needs["cell"][need]] += 1
        return lead

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
        for task in (deal.task, deal.second_request):
            if task is not None and task.desk is not None:
                task.desk.withdraw(task)

    def lost_interest(self, deal: Deal) -> bool:
        """Whether the customer has waited for us longer than interest lives."""
        return deal.waited_h > self.interest_h[deal.lead.need]

    def ask_seller(self, deal: Deal, stage: int) -> Task:
        """Ask the seller for the work of a stage."""
        need = deal.lead.need
        own = self.world.luck_again(need, stage, deal.rounds).effort_h if deal.rounds else self._effort[stage][need]
        task = self._ask(deal, self.desk_of[deal.routed_to], stage, _FIRST_STAGE + stage)
        deal.pool_hours = self.pools.shares(deal.routed_to, stage, own)
        own -= sum(hours for _, hours in deal.pool_hours)
        task.effort_h, deal.extra_hours = own + deal.extra_hours, 0.0
        return task

    def ask_colleague(self, deal: Deal, desk: int, activity: int) -> Task:
        """Ask a desk for what its people add to a stage."""
        return self._ask(deal, self.desks[desk], 0, activity)

    def ask_boss(self, deal: Deal, boss: int) -> Task:
        """Ask somebody above to look at a deal."""
        return self._ask(deal, self.desk_of[boss], 0, APPROVAL)

    def ask_caller(self, need: int, seat: int) -> Task:
        """Put a call on a seller's list, behind everything else, for as long as the need is open to sellers."""
        task = Task(self.env, need, CALL, (1, self.env.now, need))
        task.deadline = self.needs["window_end_h"][need]
        self.desk_of[seat].submit(task)
        return task

    def ask_second_boss(self, deal: Deal, boss: int) -> Task:
        """Ask somebody above to look at a deal beside somebody else, who is asked next."""
        task = deal.second_request = self.ask_boss(deal, boss)
        return task

    def ask_to_settle(self, need: int, seat: int, hours: float) -> Task:
        """Have somebody settle with a colleague, before anything else."""
        task = Task(self.env, need, SETTLING, (-1, self.env.now, need))
        task.effort_h, task.person = round(hours * GRID) / GRID, self.people[seat]
        return self.desk_of[seat].submit(task)

    def ask_to_move(self, seat: int) -> None:
        """Have somebody change place, before anything else."""
        if self._fixed_hours[MOVING]:
            self._send(seat, MOVING)

    def ask_to_train(self, seat: int) -> Task:
        """Send somebody to a course, before anything else."""
        return self._send(seat, TRAINING)

    def _send(self, seat: int, activity: int) -> Task:
        """Have somebody do what concerns no customer."""
        task = Task(self.env, -1, activity, (-1, self.env.now, seat))
        task.person = self.people[seat]
        return self.desk_of[seat].submit(task)

    def _ask(self, deal: Deal, desk: Desk, stage: int, activity: int) -> Task:
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
            hours = self._fixed_hours.get(task.activity, task.effort_h)
            return 0.0, hours if task.activity in _ON_THE_CLOCK else self._at_pace(person, 0.0, hours)
        need, seat = task.need, person.seat
        assigned = self.assigned
        labour = task.effort_h * assigned.pace[seat][self._cell[need]] * assigned.craft_pace[seat][stage]
        visits = self._visits[stage]
        road = visits * assigned.road[seat][self._region[need]] if visits else 0.0
        if person.pace:
            labour = self._at_pace(person, road, labour)
        return round(road * GRID) / GRID, round(labour * GRID) / GRID

    def _at_pace(self, person: Person, road: float, labour: float) -> float:
        """Hours of work for so much labour, behind the road, while people on the seat learn."""
        if not person.pace:
            return labour
        worked = person.calendar.hours_between(0.0, self.env.now) + road
        return round(person.pace.hours(worked, labour) * GRID) / GRID


def _chance_ahead(probabilities: list[float]) -> list[float]:
    """Chance to pass all gates behind each stage."""
    ahead = [1.0]
    for p in reversed(probabilities[1:]):
        ahead.append(ahead[-1] * p)
    return ahead[::-1]
