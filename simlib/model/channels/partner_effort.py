"""How hard a partner serves customers: until a little more effort costs as much as it earns (C9).

The rule is that of sellers (`simlib/model/effort.py`), with pay that is a straight line in the result: a partner keeps
all of its margin.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from simlib.model.channels.partners import Spell
from simlib.model.channels.takings import Takings
from simlib.model.clock import ARRIVAL, Life, Moment
from simlib.model.effort import Stake, effort
from simlib.org.schedule import Piece, Schedule
from simlib.scenario.partners import PartnerEffort
from simlib.units import HOURS_PER_DAY, minor_units, on_grid

if TYPE_CHECKING:
    from simlib.model.firm import Firm

_BEFORE_CHOICES = 7
_DAYS_PER_WEEK = 7
_ALL_OF_IT = Schedule((Piece(Fraction(0), Fraction(0), Fraction(1)),))


def chosen_effort(margin_per_week: float, rule: PartnerEffort, *, minor: int = 1, beyond: float = 0.0) -> float:
    """The effort e = e₀ + response · margin / cost, within bounds (Holmström and Milgrom 1987, with the whole margin as
    the share and the cost of effort ½ · cost · (e − e₀)² a week).

    `margin_per_week`: in minor units, `minor` in a unit of the currency. `beyond`: what is made for nothing beside
    `unpaid`, e₀ = unpaid + beyond, not below 0.
    """
    return effort(
        [Stake(_ALL_OF_IT, 0.0, margin_per_week * rule.response)],
        cost=rule.cost_per_week * minor,
        usual=max(rule.unpaid + beyond, 0.0),
        within=(rule.least, rule.most),
    )


def strive(firm: Firm, rule: PartnerEffort) -> Life:
    """Again and again every partner that has sold for so long chooses an effort, by what it earned meanwhile."""
    market, minor = firm.market, minor_units(firm.world.scenario.currency)
    every_h = float(on_grid(rule.every_days * HOURS_PER_DAY))
    seen: dict[Spell, Takings] = {}
    while True:
        yield Moment(firm.env, firm.env.now + every_h, ARRIVAL - _BEFORE_CHOICES)
        for party, spell in market.partners.selling().items():
            takings = market.accounts.of(party)
            earned = takings.since(seen.get(spell, spell.before)).profit
            seen[spell] = takings
            if spell.sells_h > firm.env.now - every_h:
                continue  # it does not know yet what it earns
            margin = earned * _DAYS_PER_WEEK / rule.every_days
            level = chosen_effort(margin, rule, minor=minor, beyond=market.trust.shift(party))
            market.service.work(party, rule, level)
            firm.journal.partner_efforts.extend((party, firm.env.now, level))
