"""Complaints after a sale, who answers them, and what it costs not to (X8).

Where the own force has sold, whoever signed answers; for the firm's outlets the seller on whose list the account
stands: in hours that others lack. Partners answer themselves, or do not. An account that was left without an answer
wants less of that channel from then on; where it goes elsewhere for that, the margin is lost (`rivalry.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

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


class Ways(NamedTuple):
    """Every way that is open to a need, the best first."""

    now: list[Option]
    pleased: list[Option]
    """The same, had every complaint of the account been answered."""


class Sale(NamedTuple):
    """What a customer buys, or is to buy of the own force."""

    need: int
    way: Option
    advice: float
    """What he was told before he chose, from 0 to 1."""


class AfterSales(Protocol):
    """What becomes of customers after they have bought."""

    def ways(self, need: int, channels: Sequence[int], price: Asked) -> Ways:
        """Every way that is open to a need."""

    def chosen(self, need: int, way: Option) -> None:
        """A customer has bought at an outlet, or the own force is to come."""

    def signed(self, need: int, seat: int) -> None:
        """The own force has sold to him."""


class Content:
    """Complaints off: nobody complains."""

    def __init__(self, firm: Firm, customers: Customers | Regulars) -> None:
        self._firm, self._customers = firm, customers

    def ways(self, need: int, channels: Sequence[int], price: Asked) -> Ways:
        options = self._customers.options(need, channels, price)
        return Ways(options, options)

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
        self._awaited: dict[int, Sale] = {}
        """Those to whom the own force is to come."""

    def ways(self, need: int, channels: Sequence[int], price: Asked) -> Ways:
        pleased = self._customers.options(need, channels, price)
        resented = self._resents.get(self._firm.needs["account"][need])
        if not resented:
            return Ways(pleased, pleased)

        def asked(channel: int, outlet: int) -> float:
            return price(channel, outlet) + (self._rule.soured if channel in resented else 0.0)

        return Ways(self._customers.options(need, channels, asked), pleased)

    def chosen(self, need: int, way: Option) -> None:
        if way.channel == NOWHERE:
            return
        sale = Sale(need, way, self._advice(way))
        if way.outlet == FORCE:
            self._awaited[need] = sale
        else:
            self._sold(sale, NOBODY)

    def signed(self, need: int, seat: int) -> None:
        if need in self._awaited:
            self._sold(self._awaited[need], seat)

    def _advice(self, way: Option) -> float:
        """What a customer has just learnt where he learns: of whoever works there now."""
        market = self._firm.market
        if way.learnt == FORCE:
            return market.layout.channels[way.channel].advice
        return market.service.advice[way.learnt]

    def _sold(self, sale: Sale, seat: int) -> None:
        rule, channel = self._rule, self._firm.market.layout.channels[sale.way.channel]
        shift = rule.delivery_log_odds * channel.delivery_days - rule.advice_log_odds * sale.advice
        if self._mood[sale.need] < shifted(rule.probability, shift):
            live(self._complaint(sale.need, sale.way, seat))

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
