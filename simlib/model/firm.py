"""An organisation at work in a world: its people at their desks, what each knows, and the journal they write.

Everything the event loop looks up is laid out here, before time starts.
"""

from __future__ import annotations

from math import inf
from typing import Any

from simpy import Environment

from simlib.ledger import APPROVAL, BRIEFING, CALL, MOVING, RETRAINING, SETTLING, TEAMWORK, TRAINING, Journal
from simlib.model.assignment import Assignment, Row, agenda
from simlib.model.attention import index
from simlib.model.backing import backing
from simlib.model.behaviour import interest_hours, remote_losses
from simlib.model.channels.marketplace import Marketplace
from simlib.model.clientele import Clientele
from simlib.model.coaching import coaching_of, discipline
from simlib.model.conflict import ConflictBook, Doors, claims_to_credit, losses_between_hands, overlap_rules
from simlib.model.deals import Deal, Lead
from simlib.model.desk import Desk, Task, Timesheet
from simlib.model.devotion import Devotion
from simlib.model.drive import Drive
from simlib.model.earnings import Earnings
from simlib.model.endless_desk import EndlessDesk
from simlib.model.labour import FIRST_STAGE, Labour
from simlib.model.lead_sharing import LeadSharing
from simlib.model.office import Office
from simlib.model.period_end import Moves, NoMoves
from simlib.model.person import Person
from simlib.model.prospects import Prospects
from simlib.model.ranking import NEXT_TASK
from simlib.model.reporting import dispute_rules
from simlib.model.roster import Roster
from simlib.model.shared_credit import watched
from simlib.model.team_desk import TeamDesk
from simlib.model.training import learning
from simlib.model.upheaval import upheaval
from simlib.model.way import Way
from simlib.org.budget import pay_per_year
from simlib.org.organisation import Organisation
from simlib.org.routing import ROUTING, Choice
from simlib.scenario.mechanisms import Mechanisms, Queueing
from simlib.scenario.reactions import Attention
from simlib.scenario.terms import on_terms
from simlib.units import DAYS_PER_YEAR, GRID, HOURS_PER_DAY, minor_units, on_grid
from simlib.world import World
from simlib.world.demand import run_days


class Firm:
    """The state of one run."""

    def __init__(self, env: Environment, organisation: Organisation, world: World, mechanisms: Mechanisms) -> None:
        scenario = world.scenario
        self.env, self.world, self.mechanisms = env, world, mechanisms
        self.stints = organisation.stints
        self.changes_h = [phase.day * HOURS_PER_DAY for phase in organisation.later]
        """When it becomes another organisation, wave by wave."""
        self.end_h = run_days(scenario) * HOURS_PER_DAY
        self.journal = Journal()
        self.leads: dict[int, Lead] = {}
        """Leads by the number of their need."""
        self.customers = set(world.needs.account[world.needs.existing].tolist())
        """Accounts that have signed, or were customers before time zero."""
        self.seen = [0] * world.cells.needs_per_week.size
        """By cell, how many leads became known since the customers were last divided."""

        self.needs: dict[str, list[Any]] = world.needs.lists
        self._cell, self._region, self._value = (self.needs[name] for name in ("cell", "region", "value"))
        self.way = Way(world)
        self.interest_h: list[float] = on_grid(interest_hours(world.needs.interest_u, mechanisms.interest)).tolist()
        self._leaves_list = mechanisms.interest is not None and mechanisms.interest.notices == "leaves_list"

        self.roster = Roster(env, organisation, world, mechanisms)
        self.people, self.staff = self.roster.people, self.roster.staff()
        self.roster.let_come(self._greet)
        self.training = learning(mechanisms.training)
        self.drive = Drive(len(self.stints))
        self._doors: Doors = {}
        self.upheaval = upheaval(mechanisms.transition)
        self.labour = Labour(self)
        self.timesheet = Timesheet(env, self.journal, self.labour.hours)
        kinds = (Desk, TeamDesk) if mechanisms.queueing else (EndlessDesk, EndlessDesk)
        self.office = Office(self.people, self.timesheet, kinds)
        self.desk_of = self.office.desk_of
        self._rank = NEXT_TASK[(mechanisms.queueing or Queueing()).next_task]
        grades = [scenario.market.segment(name).grade for name in world.cells.segments]
        self._grade = [grades[segment] for segment in self.needs["segment"]]

        self.coaching = coaching_of(mechanisms.coaching)
        yearly_hours = (scenario.calendar.hours_per_week or 7 * HOURS_PER_DAY) * DAYS_PER_YEAR / 7
        minor = minor_units(scenario.currency)
        self.pay_per_year = [
            position.pay_per_year if position.pay_agreed else round(pay_per_year(position.role, scenario.costs) * minor)
            for position in (stint.position for stint in self.stints)
        ]
        self.conflicts = ConflictBook(self.journal, [pay / yearly_hours for pay in self.pay_per_year])
        self.open_deals = [0] * len(self.stints)
        """By seat."""
        self.clientele = Clientele(world, mechanisms.retention)
        self.prospects = Prospects(self)
        followed = [*self.prospects.watched, *watched(mechanisms)]
        self.earnings = Earnings(world, self.pay_per_year, len(self.stints), self.clientele, watched=followed)
        self.moves: Moves | NoMoves = Moves(self, mechanisms.timing) if mechanisms.timing else NoMoves()
        self.bargains = [mechanisms.discount if stage.negotiated else None for stage in self.way.stages]
        """By stage, what may be given away there."""
        self.market = Marketplace(self, on_terms(scenario.channels, organisation.axes.terms))
        self._attention = mechanisms.attention
        self._devotion = Devotion(mechanisms.account_effort) if mechanisms.account_effort else None
        self.agenda: list[Row] = []
        """What comes by itself, in the order of time."""
        self.take_shape(organisation)

    def _greet(self, seat: int) -> None:
        """Somebody replaces another: nothing is credited yet, and nothing decided."""
        self.earnings.begin_anew(seat, self.env.now)
        self.drive.rest([seat])
        if self._devotion:
            self._devotion.begin_anew(seat)

    def take_shape(self, organisation: Organisation) -> None:
        """Sit, report, decide and serve as an organisation has it, from now on; what is in hand goes on."""
        mechanisms, axes = self.mechanisms, organisation.axes
        self.organisation = organisation
        self.hand_off = losses_between_hands(mechanisms.hand_off, axes.clarity or 0.0)
        self.claims = claims_to_credit(mechanisms.credit, axes.clarity or 0.0)
        self.rules = overlap_rules(mechanisms.overlap, axes.engagement, self._doors)
        self.seat(organisation)
        self.authority = [position.authority if mechanisms.approval else None for position in organisation.positions]
        self.disputes = dispute_rules(mechanisms.dual_reporting, organisation)
        self.boss, self.second_boss = self.disputes.bosses, self.disputes.second_bosses
        members = axes.panel.members if axes.panel else 1
        self.panel = {boss: organisation.peers(boss)[:members] for boss in dict.fromkeys(self.boss) if boss is not None}
        """By boss, those who are asked in the boss's layer."""
        self.back(organisation)
        self._route = ROUTING[axes.routing or "owner"]
        self.remote = remote_losses(axes, mechanisms.travel, self.way.visits)
        self.market.adopt(organisation)
        self.assign(organisation)

    def assign(self, organisation: Organisation) -> None:
        """Divide the customers as an organisation of the same seats does, from now on."""
        self.assigned = Assignment(organisation, self.world, self.mechanisms)
        lists = self.assigned.leg_of[0].lists
        callers = lists if self.rules.colleagues_call else lists[:1]
        self.clientele.divide(organisation)
        self.earnings.adopt(organisation, [leg.lists[0] for leg in self.assigned.leg_of], self.env.now)
        self.drive.rest(seat for seat in range(len(self.stints)) if seat not in self.earnings.paid)
        self.agenda = agenda(self.world, callers, self.mechanisms.calls, from_h=self.env.now, end_h=self.end_h)

    def seat(self, organisation: Organisation) -> None:
        """Everybody sits down where an organisation of the same seats has them. Deals of a team stay with the team."""
        left = self.office.seat(organisation)
        for lead in self.leads.values():
            for deal in lead.deals:
                team = left.get(deal.routed_to) if deal.open else None
                if team and team.people:
                    self.reassign(deal, team.people[0].seat)

    def back(self, organisation: Organisation) -> None:
        """From now on those help whom an organisation of the same seats, all seated, has for it."""
        desks = self.office.numbers(organisation)
        self.pools, self.backing = backing(organisation, self.world.scenario, self.mechanisms, desks)
        rule = self.mechanisms.lead_sharing
        self.sharing = LeadSharing(organisation, rule) if rule else None

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
            self.open_deals.__getitem__, lambda seat: self.assigned.knowledge[seat][cell]))  # fmt: skip
        leg.turns[team] = turn + 1
        leg.given += 1
        leg.last_given[seat] = leg.given
        return seat

    def known(self, need: int, at: float) -> Lead:
        """A need becomes a lead."""
        lead = self.leads[need] = Lead(need, at)
        self.seen[self.needs["cell"][need]] += 1
        return lead

    def open_deal(self, lead: Lead, seat: int) -> Deal:
        """A seller begins to pursue a lead."""
        self.open_deals[seat] += 1
        return Deal(lead, seat)

    def reassign(self, deal: Deal, seat: int) -> None:
        """Another seller goes on with a deal."""
        self.open_deals[deal.routed_to] -= 1
        self.open_deals[seat] += 1
        deal.routed_to = seat

    def close_deal(self, deal: Deal) -> None:
        """A pursuit ends; what it still asks of a desk is withdrawn."""
        deal.open = False
        deal.lead.open_deals -= 1
        self.open_deals[deal.routed_to] -= 1
        for task in (deal.task, deal.second_request):
            if task is not None and task.desk is not None:
                task.desk.withdraw(task)

    def lost_interest(self, deal: Deal) -> bool:
        """Whether the customer has waited for us longer than interest lives."""
        return deal.waited_h > self.interest_h[deal.lead.need]

    def is_new(self, need: int) -> bool:
        """Whether the account of a need has not signed yet."""
        return self.needs["account"][need] not in self.customers

    def ask_seller(self, deal: Deal, stage: int) -> Task:
        """Ask the seller for the work of a stage."""
        own = self.way.effort_hours(deal, stage)
        if self._devotion:
            pay, margin = self._brings(deal)
            cares = discipline(self, deal.routed_to, self._devotion.rule.discipline)
            level = self._devotion.level(deal.routed_to, stage, pay + cares * margin)
            own, deal.devotion = own * level, self._devotion.log_odds(level)
        task = self._ask(deal, self.desk_of[deal.routed_to], stage, FIRST_STAGE + stage)
        deal.pool_hours = self.pools.shares(deal.routed_to, stage, own)
        own -= sum(hours for _, hours in deal.pool_hours)
        task.effort_h, deal.extra_hours = own + deal.extra_hours, 0.0
        return task

    def _own_rank(self, attention: Attention, deal: Deal, stage: int) -> tuple[float, ...]:
        """Where a deal stands for its seller: by what an hour on it is expected to bring."""
        (own, margin), chance, hours = self._brings(deal), self.way.chance(stage), self.way.hours_ahead[stage]
        cares = discipline(self, deal.routed_to, attention.discipline)
        brings = index(chance * own, company_value=chance * margin, discipline=cares, hours=hours)
        return -brings, self.env.now

    def _brings(self, deal: Deal) -> tuple[float, float]:
        """The seller's own pay, and the firm's margin, if a deal were signed now."""
        need = deal.lead.need
        own = self.earnings.gains(deal.routed_to, need, self.env.now, new_customer=self.is_new(need))
        return own(deal.discount), self.way.margin(need, deal.discount)

    def ask_colleague(self, deal: Deal, desk: int, activity: int) -> Task:
        """Ask a desk for what its people add to a stage."""
        return self._ask(deal, self.office.desks[desk], 0, activity)

    def ask_to_join(self, deal: Deal, seat: int) -> Task:
        """Ask one colleague to lend a hand."""
        return self._ask(deal, self.desk_of[seat], 0, TEAMWORK, self.people[seat])

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
        return self._talk(need, seat, hours, SETTLING)

    def ask_to_brief(self, need: int, seat: int, hours: float) -> Task:
        """Have somebody tell a colleague what he knows of a customer, before anything else."""
        return self._talk(need, seat, hours, BRIEFING)

    def _talk(self, need: int, seat: int, hours: float, activity: int) -> Task:
        task = Task(self.env, need, activity, (-1, self.env.now, need))
        seat = self.office.heir(seat)
        task.effort_h, task.person = round(hours * GRID) / GRID, self.people[seat]
        return self.desk_of[seat].submit(task)

    def ask_to_move(self, seat: int) -> None:
        """Have somebody change place, before anything else."""
        if self.labour.fixed_hours[MOVING]:
            self._send(seat, MOVING)

    def ask_to_retrain(self, seat: int) -> None:
        """Have somebody learn the new way, before anything else."""
        if self.upheaval.retraining_hours:
            self._send(seat, RETRAINING)

    def ask_to_train(self, seat: int) -> Task:
        """Send somebody to a course, before anything else."""
        return self._send(seat, TRAINING)

    def _send(self, seat: int, activity: int) -> Task:
        """Have somebody do what concerns no customer."""
        task = Task(self.env, -1, activity, (-1, self.env.now, seat))
        task.person = self.people[seat]
        return self.desk_of[seat].submit(task)

    def _ask(self, deal: Deal, desk: Desk, stage: int, activity: int, person: Person | None = None) -> Task:
        need, env = deal.lead.need, self.env
        desk = self.office.stand_in(desk)
        if self._attention is None:
            rank = self._rank(env.now, stage, self._grade[need], self._value[need])
        elif activity < FIRST_STAGE:
            rank = -inf, env.now  # what colleagues ask comes first
        else:
            rank = self._own_rank(self._attention, deal, stage)
        task = deal.task = Task(env, need, activity, (0, *rank, need))
        task.person = person
        if self._leaves_list:
            task.patience_h = max(self.interest_h[need] - deal.waited_h, 0.0)
        return desk.submit(task)
