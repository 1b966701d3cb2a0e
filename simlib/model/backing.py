"""What colleagues add to a stage before its gate: a pool works part of the hours, those who know more solve a problem,
the head of the line joins, a colleague lends a hand. The customer waits for each of them.

Who is asked is laid out before time starts, by stage, and anew when customers are divided anew; a stage to which nobody
adds anything has no parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp, log
from typing import TYPE_CHECKING, Protocol

from simlib.ledger import ACTIVITIES, HELP, SPONSORING
from simlib.model.deals import Asking, Deal, attended
from simlib.model.teamwork import Teamwork
from simlib.org.organisation import Organisation
from simlib.scenario.designs import ROLES, SUPPORT
from simlib.scenario.mechanisms import Help, Mechanisms, Sponsor
from simlib.scenario.schema import MOST_STAGES, Scenario
from simlib.units import GRID, minor_units

if TYPE_CHECKING:
    from simlib.model.firm import Firm

Desks = Sequence[int]
"""By desk of an organisation, its number in the firm, where there may be more since customers were divided anew."""


class Part(Protocol):
    """Something that colleagues add to a stage."""

    def add(self, firm: Firm, deal: Deal, stage: int) -> Asking:
        """Let them do it for a deal whose seller has worked on the stage."""


def backed(firm: Firm, deal: Deal, stage: int) -> Asking:
    """All that colleagues add to a stage, one after the other; what it does to the odds is for this gate only."""
    deal.unsolved = deal.sponsored = deal.joined = 0.0
    for part in firm.backing[stage]:
        there = yield from part.add(firm, deal, stage)
        if not there:
            return False
    return True


class PoolWork:
    """Support pools work a share of a stage's hours instead of the seller (`Pool.takes`), each at its own desk."""

    def __init__(self, organisation: Organisation, scenario: Scenario, desks: Desks) -> None:
        numbers = {stage.name: number for number, stage in enumerate(scenario.stages)}
        self._taken: dict[tuple[int, int], list[tuple[int, float]]] = {}
        for name, pool in (organisation.axes.pools or {}).items():
            for stage, share in pool.takes.items():
                for seat in _may_sell(organisation) if share else ():
                    desk = organisation.pool_desk(name, seat)
                    if desk is not None:
                        self._taken.setdefault((seat, numbers[stage]), []).append((desks[desk], share))
        self.stages = {stage for _, stage in self._taken}
        """Numbers of the stages of which a pool takes something."""

    def shares(self, seat: int, stage: int, hours: float) -> list[tuple[int, float]]:
        """Desks that work on a seller's stage, and how many of its hours each takes."""
        found, left = [], hours
        for desk, share in self._taken.get((seat, stage), ()):
            part = min(round(share * hours * GRID) / GRID, left)
            found.append((desk, part))
            left -= part
        return found

    def add(self, firm: Firm, deal: Deal, stage: int) -> Asking:
        for desk, hours in deal.pool_hours:
            task = firm.ask_colleague(deal, desk, len(ACTIVITIES) + stage)
            task.effort_h = hours
            there = yield from attended(deal, task)
            if not there:
                return False
        return True


class KnowledgeHierarchy:
    """A problem is solved by the first who knows enough: the seller, the pool that answers, bosses upwards.

    Its difficulty is exponential of mean 1 (Garicano 2000, 'Hierarchies and the organization of knowledge in
    production', JPE 108): with u uniform and p the probability of a problem, ln(p / u) is the difficulty, and negative
    where there is none. A seller knows (rep_knows + layer_knows · layer) · e^focus, those above that without focus.
    """

    def __init__(self, organisation: Organisation, rule: Help, probabilities: Iterable[float], desks: Desks) -> None:
        self._unsolved, self._probabilities = rule.unsolved, list(probabilities)
        desk_of = _desk_of(organisation, desks)
        pools = [name for name, pool in (organisation.axes.pools or {}).items() if pool.answers]
        self._knows = {seat: _known(organisation, seat, rule) for seat in _may_sell(organisation)}
        self.above: dict[int, list[tuple[int, float]]] = {}
        """By seller: desks to ask, in order, and what they know there."""
        for seat in _may_sell(organisation):
            of_pools = [organisation.pool_desk(pool, seat) for pool in pools]
            answers = [(desks[desk], rule.pool_knows) for desk in of_pools[:1] if desk is not None]
            bosses = [(desk_of[boss], _known(organisation, boss, rule)) for boss in organisation.line(seat)[1:]]
            self.above[seat] = answers + bosses

    def add(self, firm: Firm, deal: Deal, stage: int) -> Asking:
        need, seat = deal.lead.need, deal.seat
        u = firm.world.dice.draw(firm.needs["keys"][need], "problem", stage + deal.rounds * MOST_STAGES)
        difficulty = log(self._probabilities[stage] / u)
        if difficulty <= self._knows[seat] * exp(firm.assigned.knowledge[seat][firm.needs["cell"][need]]):
            return True
        for desk, known in self.above[seat]:
            there = yield from attended(deal, firm.ask_colleague(deal, desk, HELP))
            if not there:
                return False
            if difficulty <= known:
                return True
        deal.unsolved = self._unsolved
        return True


class Sponsorship:
    """The head of the seller's line joins a large deal; a seller without a boss has no sponsor."""

    def __init__(self, organisation: Organisation, rule: Sponsor, minor: int, desks: Desks) -> None:
        self._log_odds, self._from_value = rule.log_odds, rule.from_value * minor
        desk_of = _desk_of(organisation, desks)
        lines = {seat: organisation.line(seat) for seat in _may_sell(organisation)}
        self._head = {seat: desk_of[line[-1]] for seat, line in lines.items() if len(line) > 1}

    def add(self, firm: Firm, deal: Deal, stage: int) -> Asking:
        head = self._head.get(deal.seat)
        if head is None or firm.needs["value"][deal.lead.need] < self._from_value:
            return True
        there = yield from attended(deal, firm.ask_colleague(deal, head, SPONSORING))
        deal.sponsored = self._log_odds
        return there


def backing(
    organisation: Organisation, scenario: Scenario, mechanisms: Mechanisms, desks: Desks
) -> tuple[PoolWork, list[list[Part]]]:
    """What pools take over, and by stage what colleagues may add to it, in the order in which they are asked."""
    pools = PoolWork(organisation, scenario, desks)
    problems = [stage.problem_probability for stage in scenario.stages]
    parts: list[list[Part]] = [[pools] if number in pools.stages else [] for number in range(len(scenario.stages))]
    if mechanisms.help:
        hierarchy = KnowledgeHierarchy(organisation, mechanisms.help, problems, desks)
        for number, probability in enumerate(problems):
            parts[number] += [hierarchy] if probability else []
    if mechanisms.sponsor:
        sponsorship = Sponsorship(organisation, mechanisms.sponsor, minor_units(scenario.currency), desks)
        for number, stage in enumerate(scenario.stages):
            parts[number] += [sponsorship] if stage.sponsored else []
    if mechanisms.teamwork:
        teamwork = Teamwork(organisation, mechanisms.teamwork)
        for number in range(len(parts)):
            parts[number].append(teamwork)
    return pools, parts


def _desk_of(organisation: Organisation, desks: Desks) -> dict[int, int]:
    """Number of the desk at which each position sits."""
    return {seat: desks[number] for number, desk in enumerate(organisation.desks) for seat in desk.positions}


def _may_sell(organisation: Organisation) -> list[int]:
    """Everybody in the line: a boss without customers may get some when they are divided anew, and whose seat is given
    up finishes what is in hand."""
    return [seat for seat, position in enumerate(organisation.positions) if position.role != SUPPORT]


def _known(organisation: Organisation, seat: int, rule: Help) -> float:
    """Difficulty up to which somebody of a seat's layer solves problems; support staff know as much as reps."""
    role = organisation.positions[seat].role
    return rule.rep_knows + rule.layer_knows * (ROLES.index(role) if role in ROLES else 0)
