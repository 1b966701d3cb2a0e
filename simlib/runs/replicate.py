"""One run: an organisation in a world, from time zero to the end of the drain."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from simpy import Environment

from simlib.ledger import Ledger
from simlib.model.books import close_books
from simlib.model.clock import live
from simlib.model.drive import think
from simlib.model.employment import pays_by_plan
from simlib.model.firm import Firm
from simlib.model.payroll import Payroll
from simlib.model.period_end import pay_periods
from simlib.model.retention import keep_customers
from simlib.model.satisfaction import weigh
from simlib.model.training import courses
from simlib.model.transition import begin, transition
from simlib.org.organisation import Organisation
from simlib.scenario.mechanisms import Mechanisms
from simlib.world import World


def simulate(organisation: Organisation, world: World, *, mechanisms: Mechanisms | None = None) -> Ledger:
    """What happens when an organisation meets a world: a pure function of the two.

    `mechanisms`: what acts; by default the mechanisms of the world's scenario.
    """
    with _rare_collections():
        return _lived_through(organisation, world, mechanisms or world.scenario.mechanisms)[0]


def payroll_of(organisation: Organisation, world: World) -> Payroll:
    """Who was employed, credited and paid in the same run, with all that a payslip tells; empty without plans."""
    with _rare_collections():
        return _lived_through(organisation, world, world.scenario.mechanisms)[1]


def _lived_through(organisation: Organisation, world: World, mechanisms: Mechanisms) -> tuple[Ledger, Payroll]:
    env = Environment()
    firm = Firm(env, organisation, world, mechanisms)
    live(firm.market.live())
    begin(firm)
    live(courses(firm, firm.staff.holders))
    live(keep_customers(firm))
    live(transition(firm, organisation))
    if mechanisms.satisfaction and mechanisms.turnover:
        live(weigh(firm, mechanisms.satisfaction, mechanisms.turnover))
    live(firm.prospects.live())
    paid = pays_by_plan(organisation)
    if paid or firm.prospects.watched:
        live(pay_periods(firm))
    if paid and mechanisms.effort:
        live(think(firm, mechanisms.effort))
    env.run(until=firm.end_h)
    return close_books(firm, organisation)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Keep the cyclic collector from rescanning a growing journal; its settings are restored, and the run's own cycles
    are freed."""
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        # Before the rest is unfrozen: only what the run made is looked at. The next freeze would age it past finding.
        gc.collect()
        gc.unfreeze()
