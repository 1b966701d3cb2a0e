"""Approval: what exceeds a seat's authority climbs the line, and each layer screens it.

Every boss tells sound from unsound deals with error rates (Sah and Stiglitz 1986, 'The architecture of economic
systems', AER 76), alone or as a panel whose members are asked one after the other until the outcome is certain. A
second boss (S3) is asked at the same time as the first line; if the two disagree it is a dispute (X4), which takes the
hours of both, and then their common boss decides alone.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from simpy import Environment, Event

from simlib.model.clock import Life, live
from simlib.model.conflict import DUAL_REPORTING, Met
from simlib.model.deals import Deal
from simlib.model.desk import Task
from simlib.model.firm import Firm

_PANEL_LIMIT = 64
"""Members of a layer's panel for whom draws are kept apart."""
FIRST_LINE, SECOND_BOSS, COMMON_BOSS = "screen", "second screen", "last screen"
"""Purposes of the draws: who looks at a deal in which place never shares a draw with another."""
Answer = Generator[Any, Any, bool | None]
"""Whether a deal is granted, or None if the customer left meanwhile."""


def approve(firm: Firm, deal: Deal, seat: int) -> Answer:
    """Let a deal climb from a seat until somebody may decide alone.

    Returns whether it is granted, or None if the customer left meanwhile. Where a common boss has decided between two,
    it climbs on from there.
    """
    value = firm.needs["value"][deal.lead.need]
    layer = 0
    while True:
        seat = firm.office.heir(seat)  # who was given up meanwhile decides nothing any more
        limit, boss, second = firm.authority[seat], firm.boss[seat], firm.second_boss[seat]
        if limit is None or value <= limit or boss is None:
            return True
        if second is None:
            granted, decider = (yield from _panel(firm, deal, boss, layer)), boss
        else:
            granted, decider = yield from _both(firm, deal, (boss, second), layer)
        if not granted:
            return granted
        line = firm.organisation.line(boss)
        layer += 1 + (line.index(decider) if decider in line else 0)  # the line may have changed meanwhile
        seat = decider


def _panel(firm: Firm, deal: Deal, boss: int, layer: int) -> Answer:
    """The boss and, where a panel is wanted, peers of the boss's layer: granted with `needed` consents of `members`."""
    panel = firm.organisation.axes.panel
    if panel is None:
        raise RuntimeError("a deal climbs the line only where the axes are resolved")
    asked = firm.panel[boss]
    needed = min(panel.needed, len(asked))
    consents = 0
    for number, member in enumerate(asked):
        task = firm.ask_boss(deal, member)
        person = yield task
        deal.done_with(task)
        if person is None or not deal.open:
            return None
        consents += _consents(firm, deal, member, FIRST_LINE, layer * _PANEL_LIMIT + number)
        if consents == needed:
            return True
        if consents + len(asked) - number - 1 < needed:
            return False
    return False


def _both(firm: Firm, deal: Deal, bosses: tuple[int, int], layer: int) -> Generator[Any, Any, tuple[bool | None, int]]:
    """The first line and the second boss at the same time: the answer, and the seat whose word it was."""
    boss, second = bosses
    waited = deal.waited_h
    request = firm.ask_second_boss(deal, second)
    beside = _one(firm, deal, (request, second), SECOND_BOSS, layer)
    answers = Answers(firm.env, _panel(firm, deal, boss, layer), beside)
    yield answers
    deal.waited_h = max(deal.waited_h, waited + request.waited)
    first, other = answers.given
    if first is None or other is None or first == other:
        return (None if other is None else first), boss
    yield from _dispute(firm, deal, bosses)
    arbiter = firm.disputes.arbiter(boss, second)
    if not deal.open:
        return None, boss
    if arbiter in bosses:  # one of the two stands above the other: that word counts
        return (first if arbiter == boss else other), arbiter
    request = firm.ask_boss(deal, arbiter)
    granted = yield from _one(firm, deal, (request, arbiter), COMMON_BOSS, layer)
    deal.waited_h += request.waited
    return granted, arbiter


def _one(firm: Firm, deal: Deal, asked: tuple[Task, int], purpose: str, number: int) -> Answer:
    """One person of whom a task is asked."""
    request, member = asked
    person = yield request
    return None if person is None or not deal.open else _consents(firm, deal, member, purpose, number)


def _consents(firm: Firm, deal: Deal, member: int, purpose: str, number: int) -> bool:
    """Whether somebody consents, by the need's own draw; written down."""
    needs, need, approval = firm.needs, deal.lead.need, firm.mechanisms.approval
    if approval is None:
        raise RuntimeError("a deal climbs the line only where approval is on")
    passes = approval.pass_good if needs["sound"][need] else approval.pass_bad
    consent = firm.world.dice.draw(needs["keys"][need], purpose, number) < passes
    value = needs["value"][need]
    firm.journal.decisions.extend((need, member, 0, firm.env.now, value, value if consent else 0))
    return consent


def _dispute(firm: Firm, deal: Deal, bosses: tuple[int, int]) -> Life:
    """Two bosses disagree: both settle it before anything else, while the deal waits."""
    need, hours = deal.lead.need, firm.disputes.hours
    tasks = [firm.ask_to_settle(need, boss, hours) for boss in bosses]
    for boss, other in (bosses, bosses[::-1]):
        firm.conflicts.write(Met(DUAL_REPORTING, boss, other, need), firm.env.now, hours=hours)
    yield Answers(firm.env, *map(_done, tasks))
    deal.waited_h += max(task.waited for task in tasks)


def _done(task: Task) -> Answer:
    """The end of a task that nobody gives up."""
    yield task
    return True


class Answers(Event):
    """What several who are asked at the same time say; it happens with the last, or if the customer leaves before."""

    def __init__(self, env: Environment, *asked: Answer) -> None:
        super().__init__(env)
        self.given: list[bool | None] = [None] * len(asked)
        """By the order in which they were asked; None of those who have not answered."""
        self._missing = len(asked)
        for place, answer in enumerate(asked):
            live(self._note(place, answer))

    def _note(self, place: int, answer: Answer) -> Life:
        self.given[place] = given = yield from answer
        self._missing -= 1
        if not self.triggered and (given is None or not self._missing):
            self.succeed()
