"""Where the own force and partners meet at one need (X1), and where they know of each other.

A seller calls an account that a partner has sold to, in vain. A partner whom the customer thought of offers beside the
own force: it loses odds, and hours to settle it. A registered need is left alone by the other side until it expires.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple, Protocol

from simlib.model.channels.accords import Accords
from simlib.model.channels.choice import FORCE, NOWHERE, Option
from simlib.model.channels.outlets import Layout
from simlib.model.channels.partners import Spell
from simlib.model.conflict import NOBODY, in_channel
from simlib.scenario.rivals import ChannelOverlap

if TYPE_CHECKING:
    from simlib.model.firm import Firm


class Border(Protocol):
    """How the own force and partners get along."""

    settling_hours: float
    """Of a seller who meets a partner."""

    def note(self, need: int, options: Sequence[Option], channels: Sequence[int]) -> None:
        """A customer has chosen the first of his options, which are sorted, of channels that may sell to him."""

    def rival(self, need: int, now: float) -> int:
        """The partner who is at a need now beside whoever has it, as a party of a conflict; -1 = nobody."""

    def log_odds(self, need: int, now: float) -> float:
        """What the own force loses by that at a gate."""


class Kept:
    """Channel-overlap off: each side knows what the other does."""

    settling_hours = 0.0

    def note(self, need: int, options: Sequence[Option], channels: Sequence[int]) -> None:
        pass

    def rival(self, need: int, now: float) -> int:
        return NOBODY

    def log_odds(self, need: int, now: float) -> float:
        return 0.0


class Rival(NamedTuple):
    """A partner who is at a need."""

    spell: Spell
    """While he is a partner."""
    from_h: float
    """From when on the own force may meet him there: registration has expired."""


class Open:
    """Channel-overlap on."""

    def __init__(self, firm: Firm, layout: Layout, accords: Accords, rule: ChannelOverlap) -> None:
        world = firm.world
        self._firm, self._layout, self._accords, self._rule = firm, layout, accords, rule
        self._unaware: list[float] = world.dice.column(world.needs.keys, "meets a partner").tolist()
        self._rivals: dict[int, Rival] = {}
        self.settling_hours = rule.settling_hours

    def note(self, need: int, options: Sequence[Option], channels: Sequence[int]) -> None:
        best, all_channels = options[0], self._layout.channels
        if best.channel == NOWHERE or not self._unaware[need] < self._rule.probability * self._accords.unplanned:
            return
        would_buy = takewhile(lambda option: option.channel != NOWHERE, options)
        theirs = [option for option in would_buy if all_channels[option.channel].by_partners]
        ours = best.outlet == FORCE
        sold = best in theirs[:1] and any(all_channels[channel].pursued for channel in channels)
        if theirs and (ours or sold):
            spell = self._firm.market.partners.now[theirs[0].outlet]
            self._rivals[need] = Rival(spell, self._accords.protected_until(need))

    def rival(self, need: int, now: float) -> int:
        found = self._rivals.get(need)
        if found is None or not found.from_h <= now < found.spell.to_h:
            return NOBODY
        return in_channel(found.spell.party)

    def log_odds(self, need: int, now: float) -> float:
        return 0.0 if self.rival(need, now) == NOBODY else self._rule.log_odds * self._accords.felt(need)


def border(firm: Firm, layout: Layout, accords: Accords) -> Border:
    """How the own force and partners get along in a run."""
    rule = firm.mechanisms.channel_overlap
    return Open(firm, layout, accords, rule) if rule else Kept()
