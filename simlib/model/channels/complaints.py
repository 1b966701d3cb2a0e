"""Complaints after a sale, who answers them, and what it costs not to (X8).

Where the own force has sold, whoever signed answers; for the firm's outlets the seller on whose list the account
stands: in hours that others lack. Partners answer themselves, or do not. An account that was left without an answer
wants less of that channel from then on; where it goes elsewhere for that, the margin is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from simlib.ledger import COMPLAINT
from simlib.model.channels.choice import FORCE, NOWHERE, Asked, Customers, Option, Regulars
from simlib.model.clock import ARRIVAL, EXPIRY, Life, Moment, live
from simlib.model.conflict import COMPLAINED, NOBODY, Met, in_channel
from simlib.model.desk import Task
from simlib.odds import shifted
from simlib.scenario.rivals import Complaints
from simlib.units import HOURS_PER_DAY, on_grid

if TYPE_CHECKING:
    from simlib.model.firm import Firm
    from simlib.model.person import Person

_BEHIND_DEALS, _FIRST = 0.6, -1
"""Class of an answer among the tasks of a desk: behind deals and care and before calls, or before all of them."""


class AfterSales(Protocol):
    """What becomes of customers after they have bought."""

    def options(self, need: int, channels: Sequence[int], price: Asked) -> list[Option]:
        """Every way that is open to a need, the best first."""

    def chosen(self, need: int, way: Option) -> None:
        """A customer has bought at an outlet, or the own force is to come."""

    def signed(self, need: int, seat: int) -> None:
        """The own force has sold to him."""


class Content:
    """Complaints off: nobody complains."""

    def __init__(self, firm: Firm, customers: Customers | Regulars) -> None:
        self._firm, self._customers = firm, customers

    def options(self, need: int, channels: Sequence[int], price: Asked) -> list[Option]:
        return self._customers.options(need, channels, price)

    def chosen(self, need: int, way: Option) -> None:
        pass

    def signed(self, need: int, seat: int) -> None:
        pass


class Complaining:
    """Complaints on."""

    def __init__(self, firm: Firm, customers: Customers | Regulars, rule: Complaints) -> None:
        dice, keys = firm.world.dice, firm.world.needs.keys
        self._firm, self._customers, self._rule = firm, customers, rule
        self._mood: list[float] = dice.column(keys, "complains").tolist()
        self._partner: list[float] = dice.column(keys, "partner answers").tolist()
        self._resents: dict[int, set[int]] = {}
        """By account, the channels that left it without an answer."""
        self._awaited: dict[int, Option] = {}
        """Ways of those to whom the own force is to come."""

    def options(self, need: int, channels: Sequence[int], price: Asked) -> list[Option]:
        resented = self._resents.get(self._firm.needs["account"][need], set())
        pleased = self._customers.options(need, channels, price)
        if not resented:
            return pleased

        def asked(channel: int, outlet: int) -> float:
            return price(channel, outlet) + (self._rule.soured if channel in resented else 0.0)

        options = self._customers.options(need, channels, asked)
        if pleased[0].channel in resented and options[0].channel != pleased[0].channel:
            self._note_loss(need, pleased[0], options[0])
        return options

    def _note_loss(self, need: int, would: Option, chosen: Option) -> None:
        """An account goes elsewhere because it was left without an answer."""
        firm = self._firm
        winner = NOBODY if chosen.outlet == FORCE else in_channel(chosen.outlet)
        if would.outlet == FORCE:
            party, first = self._owner(need), firm.needs["first_stage"][need]
            lost = firm.way.margin_at_stake(need, first) * firm.way.base_probability[first]
        else:
            party, lost = in_channel(would.outlet), firm.market.rivalry.margin(need, would.outlet)
        firm.conflicts.write(Met(COMPLAINED, party, winner, need), firm.env.now, lost=lost)

    def chosen(self, need: int, way: Option) -> None:
        if way.outlet == FORCE:
            self._awaited[need] = way
        elif way.channel != NOWHERE:
            self._sold(need, way, NOBODY)

    def signed(self, need: int, seat: int) -> None:
        if need in self._awaited:
            self._sold(need, self._awaited[need], seat)

    def _sold(self, need: int, way: Option, seat: int) -> None:
        layout, rule = self._firm.market.layout, self._rule
        learnt = layout.channels[layout.channel_of[way.learnt] if way.learnt != FORCE else way.channel]
        waits = rule.delivery_log_odds * layout.channels[way.channel].delivery_days
        if self._mood[need] < shifted(rule.probability, waits - rule.advice_log_odds * learnt.advice):
            live(self._complaint(need, way, seat))

    def _complaint(self, need: int, way: Option, seat: int) -> Life:
        """A customer complains, and is answered or not."""
        firm, rule, partners = self._firm, self._rule, self._firm.market.partners.now
        contract = partners.get(way.outlet)
        yield Moment(firm.env, float(on_grid(firm.env.now + rule.after_days * HOURS_PER_DAY)), ARRIVAL + need)
        due = float(on_grid(firm.env.now + rule.response_hours))
        party = in_channel(way.outlet) if way.outlet != FORCE else seat
        if firm.market.layout.channels[way.channel].by_partners:
            willing = self._partner[need] < firm.market.accords.answered_by_partners(rule.partners_answer)
            yield Moment(firm.env, due, ARRIVAL + need)
            answered = willing and partners.get(way.outlet) is contract  # who has left answers nobody
        else:
            task = self._ask(need, firm.office.heir(self._owner(need) if seat == NOBODY else seat), due)
            live(self._answer(task))
            yield Moment(firm.env, due, EXPIRY + need)
            answered = task.started <= due
        if not answered:
            self._resents.setdefault(firm.needs["account"][need], set()).add(way.channel)
            firm.conflicts.write(Met(COMPLAINED, party, NOBODY, need), firm.env.now)

    def _ask(self, need: int, seat: int, due: float) -> Task:
        """Put an answer on somebody's list, until it is too late."""
        firm = self._firm
        rank = _FIRST if firm.market.accords.policies.complaint_standard else _BEHIND_DEALS
        task = Task(firm.env, need, COMPLAINT, (rank, firm.env.now, need))
        task.deadline, task.person = due, firm.people[seat]
        return firm.desk_of[seat].submit(task)

    def _answer(self, task: Task) -> Life:
        person: Person | None = yield task
        if person is not None:
            met = Met(COMPLAINED, person.seat, NOBODY, task.need)
            self._firm.conflicts.write(met, self._firm.env.now, hours=task.hours)

    def _owner(self, need: int) -> int:
        """The seat on whose list the account stands."""
        owner: int = self._firm.assigned.leg_of[0].owners[need]
        return owner


def after_sales(firm: Firm, customers: Customers | Regulars) -> AfterSales:
    """What becomes of customers after they have bought, in a run."""
    rule = firm.mechanisms.complaints
    return Complaining(firm, customers, rule) if rule else Content(firm, customers)
