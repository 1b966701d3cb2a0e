"""Partners need the hours of channel managers: to be signed, onboarded, trained, and helped with customers (C9, W7).

Channel managers are the people of a support pool with `partners`; all that is asked of them waits at its desk, that of
partners on a higher rung first, then the oldest. Where an organisation has none, it waits until there are some.
"""

from __future__ import annotations

from collections.abc import Generator
from math import inf
from typing import TYPE_CHECKING, Any, Protocol

from simpy import Event

from simlib.ledger import ONBOARDING, PARTNER_HELP, PARTNER_TRAINING, SIGNING
from simlib.model.clock import ARRIVAL, Life, Moment, live
from simlib.model.desk import Desk, Task
from simlib.org.organisation import Organisation
from simlib.scenario import partners as rules
from simlib.units import HOURS_PER_DAY, on_grid

if TYPE_CHECKING:
    from simlib.model.firm import Firm

Steps = Generator[Event, Any, None]


class Support(Protocol):
    """What partners get of channel managers."""

    def adopt(self, organisation: Organisation) -> None:
        """From now on those of an organisation are asked, all seated."""

    def sign(self, party: int) -> Steps:
        """Until somebody has signed."""

    def onboard(self, party: int) -> Steps:
        """Until somebody who has signed can sell."""

    def knows_its_trade(self, party: int) -> None:
        """Somebody has long been a partner, and was trained some time ago."""

    def keep_up(self, party: int) -> None:
        """Somebody was onboarded now, and is trained again and again."""

    def trained(self, party: int) -> bool:
        """Whether a partner was trained in time."""

    def sold(self, need: int, party: int) -> None:
        """A partner has sold something, and may need help with it."""

    def drop(self, party: int) -> None:
        """Somebody is no partner any more."""


class NoSupport:
    """Support off: partners can do it alone."""

    def adopt(self, organisation: Organisation) -> None:
        pass

    def sign(self, party: int) -> Steps:
        yield from ()

    def onboard(self, party: int) -> Steps:
        yield from ()

    def knows_its_trade(self, party: int) -> None:
        pass

    def keep_up(self, party: int) -> None:
        pass

    def trained(self, party: int) -> bool:
        return True

    def sold(self, need: int, party: int) -> None:
        pass

    def drop(self, party: int) -> None:
        pass


class ChannelManagers:
    """Support on."""

    def __init__(self, firm: Firm, rule: rules.Support) -> None:
        self._firm, self._rule = firm, rule
        self._desk: Desk | None = None
        self._waiting: list[Task] = []
        """Asked, and perhaps not begun."""
        self._late: set[int] = set()
        """Partners who were not trained in time."""
        self._every_h = float(on_grid(rule.training_every_days * HOURS_PER_DAY))
        self._grace_h = float(on_grid(rule.grace_days * HOURS_PER_DAY))

    def adopt(self, organisation: Organisation) -> None:
        office, pools = self._firm.office, organisation.axes.pools or {}
        numbers = zip(organisation.desks, office.numbers(organisation), strict=True)
        of = [number for desk, number in numbers if desk.pool and pools[desk.pool].partners]
        self._desk = office.desks[of[0]] if of else None
        if self._desk:
            for task in self._still_waiting():
                if task.desk is None:
                    self._desk.submit(task)
                elif task.desk is not self._desk:
                    task.desk.hand_on(task, self._desk)

    def sign(self, party: int) -> Steps:
        if self._rule.signing_hours:
            yield self._ask(party, SIGNING, self._rule.signing_hours)

    def onboard(self, party: int) -> Steps:
        if self._rule.onboarding_hours:
            yield self._ask(party, ONBOARDING, self._rule.onboarding_hours)

    def knows_its_trade(self, party: int) -> None:
        key = self._firm.market.partners.now[party].key
        due = self._every_h * self._firm.world.dice.draw(key, "when a partner is trained")
        self._train(party, float(on_grid(due)))

    def keep_up(self, party: int) -> None:
        self._train(party, self._every_h)

    def trained(self, party: int) -> bool:
        return party not in self._late

    def sold(self, need: int, party: int) -> None:
        firm = self._firm
        u = firm.world.dice.draw(firm.needs["keys"][need], "partner asks for help")
        trained = self.trained(party)
        if u < self._rule.help_probability:
            live(self._help(need, party, trained))
        else:
            firm.journal.service.extend((need, party, firm.env.now, trained, False, False))

    def drop(self, party: int) -> None:
        self._late.discard(party)
        for task in self._still_waiting():
            if task.key[-1] == party and task.activity != PARTNER_HELP:  # customers are helped all the same
                if task.desk is None:
                    task.withdrawn = True
                else:
                    task.desk.withdraw(task)

    def _still_waiting(self) -> list[Task]:
        """Tasks that nobody has begun."""
        self._waiting = [task for task in self._waiting if task.started == inf and not task.withdrawn]
        return self._waiting

    def _train(self, party: int, after_h: float) -> None:
        if self._rule.training_hours:
            live(self._again_and_again(party, after_h))

    def _again_and_again(self, party: int, after_h: float) -> Life:
        """A training as often as it is due, as long as somebody is a partner. It has come in time if it is over when
        the days of grace are."""
        firm, now = self._firm, self._firm.market.partners.now
        spell = now[party]
        while True:
            yield Moment(firm.env, firm.env.now + after_h, ARRIVAL - 1)
            if now.get(party) is not spell:
                return
            task = self._ask(party, PARTNER_TRAINING, self._rule.training_hours)

            def over(_: Event, task: Task = task) -> None:
                if not task.processed and now.get(party) is spell:
                    self._late.add(party)
                    firm.market.service.know(party, self._rule.untrained_advice)

            Moment(firm.env, firm.env.now + self._grace_h, ARRIVAL - 1, over)
            yield task
            if now.get(party) is not spell:
                return
            self._late.discard(party)
            firm.market.service.know(party, 1.0)
            firm.market.trust.supported(party, came=True)
            after_h = self._every_h

    def _help(self, need: int, party: int, trained: bool) -> Life:
        firm, at, partners = self._firm, self._firm.env.now, self._firm.market.partners.now
        contract, helped = partners.get(party), True
        if self._rule.help_hours:
            task = self._ask(party, PARTNER_HELP, self._rule.help_hours, within_h=self._rule.help_within_days * 24)
            helped = (yield task) is not None
        firm.journal.service.extend((need, party, at, trained, True, helped))
        if partners.get(party) is contract:
            firm.market.trust.supported(party, came=helped)

    def _ask(self, party: int, activity: int, hours: float, *, within_h: float = inf) -> Task:
        """Put something on the channel managers' list. Its key ends with the partner's number."""
        env, spell = self._firm.env, self._firm.market.partners.now.get(party)
        task = Task(env, -1, activity, (-(spell.level if spell else 0), env.now, party))
        task.effort_h, task.patience_h = float(on_grid(hours)), float(on_grid(within_h))
        if self._desk:
            self._desk.submit(task)
        if self._desk or within_h == inf:
            self._waiting.append(task)
        else:  # nobody is there, and it will not wait for long
            Moment(env, env.now + task.patience_h, ARRIVAL - 1, lambda _: task.succeed(None))
        return task
