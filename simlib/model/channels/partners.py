"""Who is a partner with an outlet, from when to when: signed by and by, at work, gone (C9).

Partners are signed in an order of their own, the same in every design, at dates that the channel's programme sets; how
long it takes until they sell is the channel managers' to say (`support.py`). The market tells all others who sells now
(`Marketplace.meet`).
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf, nan
from typing import TYPE_CHECKING

from simlib.ledger import CLOSED, STAYS
from simlib.model.channels.outlets import Layout
from simlib.model.channels.support import ChannelManagers, NoSupport, Support
from simlib.model.channels.takings import Takings
from simlib.model.clock import ARRIVAL, Life, Moment, live
from simlib.org.organisation import Organisation
from simlib.units import DAYS_PER_YEAR, HOURS_PER_DAY, on_grid
from simlib.world.draws import key

if TYPE_CHECKING:
    from simlib.model.channels.marketplace import Marketplace
    from simlib.model.firm import Firm

_BEFORE_CHOICES = 8
_MONTH_H = DAYS_PER_YEAR / 12 * HOURS_PER_DAY


class Spell:
    """For how long somebody is a partner."""

    __slots__ = ("before", "deals", "from_h", "key", "level", "new", "party", "reviews", "sells_h", "to_h", "why")

    def __init__(self, party: int, from_h: float, *, key: int, before: Takings) -> None:
        self.party, self.from_h, self.sells_h, self.to_h, self.why = party, from_h, nan, inf, STAYS
        self.key, self.before = key, before
        """Of its luck; and what those who stood there before had taken."""
        self.level = 0
        """Rung of the ladder; 0 = below the first."""
        self.deals = self.new = self.reviews = 0
        """Sales, those of them to customers who had not bought before, and reviews so far."""


class Partners:
    """Partners of one run."""

    def __init__(self, firm: Firm, layout: Layout, market: Marketplace) -> None:
        self._firm, self._layout, self._market, self._service = firm, layout, market, market.service
        rule = firm.mechanisms.support
        self.support: Support = ChannelManagers(firm, rule) if rule else NoSupport()
        self._known: set[int] = set()
        """Accounts that bought at an outlet."""
        self._outlets = {
            outlet.number: outlet.channel
            for outlet in layout.outlets
            if outlet.chain or layout.channels[outlet.channel].commission
        }
        """Channel by partner."""
        self.keys = {party: key("partner", layout.names[party]) for party in self._outlets}
        """Of whoever is the first in each place."""
        self.spells: list[Spell] = []
        """All there were."""
        self.now: dict[int, Spell] = {}
        """Those that run, by party."""
        self._opened: dict[int, object] = {}
        """By channel, a mark of the time for which it is open."""
        for party in self._outlets:
            self._service.sells[party] = False

    def selling(self) -> dict[int, Spell]:
        """Partners who sell now, in the order of their numbers."""
        return {party: self.now[party] for party in sorted(self.now) if self._service.sells[party]}

    def buying(self) -> set[int]:
        """Partners who buy and sell on now: those who serve customers, and those above them while they do."""
        sells = self._service.sells
        return {party for outlet in self._layout.outlets if sells[outlet.number] for party in outlet.chain}

    def adopt(self, organisation: Organisation, *, closed: Iterable[int], opened: Iterable[int]) -> None:
        """Channels close and open, and others support partners from now on."""
        self.support.adopt(organisation)
        for channel in sorted(closed):
            self.close(channel)
        for channel in sorted(opened):
            self.open(channel)

    def sold(self, need: int, outlet: int) -> None:
        """A customer has bought at an outlet."""
        account, goods = self._firm.needs["account"][need], self._firm.needs["value"][need]
        if outlet in self.now:
            spell = self.now[outlet]
            spell.deals += 1
            spell.new += account not in self._known and account not in self._firm.customers
            self._market.accounts.brought(outlet, goods)
            self.support.sold(need, outlet)
        self._known.add(account)

    def open(self, channel: int) -> None:
        """A channel opens: partners come in their time."""
        here = [party for party, of in self._outlets.items() if of == channel]
        mark = self._opened[channel] = object()
        rule, now = self._layout.channels[channel], self._firm.env.now
        if rule.signed_from_day is None:
            for party in here:
                self._begin(party)
                self.support.knows_its_trade(party)
                self._sell(party)
            return
        draw = self._firm.world.dice.draw
        here.sort(key=lambda party: draw(self.keys[party], "when a partner is signed"))
        day = self._firm.world.scenario.calendar.warm_up_days + rule.signed_from_day
        first = max(now, float(on_grid(day * HOURS_PER_DAY)))
        step = _MONTH_H / rule.signed_per_month if rule.signed_per_month else 0.0
        dates = [(first + float(on_grid(number * step)), party) for number, party in enumerate(here)]
        live(self._sign_up(dates, mark))

    def close(self, channel: int) -> None:
        """A channel is closed: nobody is its partner any more."""
        self._opened.pop(channel, None)
        for party in [party for party, of in self._outlets.items() if of == channel]:
            if party in self.now:
                self.leave(party, CLOSED)
            else:
                self.support.drop(party)  # who was about to sign

    def leave(self, party: int, why: int) -> None:
        """Somebody is a partner no more."""
        spell = self.now.pop(party)
        spell.to_h, spell.why = self._firm.env.now, why
        self._service.sells[party] = False
        self.support.drop(party)
        self._market.expect_change()
        if why != CLOSED:
            live(self._replace(party))

    def _replace(self, party: int) -> Life:
        """Another one is signed in the place of who has left, where the programme says so."""
        channel, now = self._outlets[party], self._firm.env.now
        mark, after_days = self._opened[channel], self._layout.channels[channel].replaced_after_days
        if after_days is not None:
            at = float(on_grid(now + after_days * HOURS_PER_DAY))
            yield Moment(self._firm.env, at, ARRIVAL - _BEFORE_CHOICES)  # after the market knows of who has left
            if self._open_still(party, mark):
                yield from self._welcome(party, mark)

    def _sign_up(self, dates: list[tuple[float, int]], mark: object) -> Life:
        for at, party in dates:
            if at > self._firm.env.now:
                yield Moment(self._firm.env, at, ARRIVAL - _BEFORE_CHOICES)
            if self._open_still(party, mark):
                live(self._welcome(party, mark))

    def _welcome(self, party: int, mark: object) -> Life:
        """Sign, onboard, sell."""
        yield from self.support.sign(party)
        if not self._open_still(party, mark):
            return
        spell = self._begin(party)
        yield from self.support.onboard(party)
        if spell.to_h == inf:
            self._sell(party)
            self._market.expect_change()
            self.support.keep_up(party)

    def _open_still(self, party: int, mark: object) -> bool:
        return self._opened.get(self._outlets[party]) is mark

    def _begin(self, party: int) -> Spell:
        before = sum(spell.party == party for spell in self.spells)
        luck = key("partner", self._layout.names[party], before) if before else self.keys[party]
        spell = Spell(party, self._firm.env.now, key=luck, before=self._market.accounts.of(party))
        self.now[party] = spell
        self.spells.append(spell)
        self._service.rest(party)
        self._market.trust.begin(party)
        return spell

    def _sell(self, party: int) -> None:
        self.now[party].sells_h = self._firm.env.now
        self._service.sells[party] = True
