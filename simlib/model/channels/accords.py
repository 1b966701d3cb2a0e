"""What policies against conflict change between channels, and what they cost (X1, X5, X7).

What each policy is says `simlib/scenario/policies.py`; which are in force is an axis of the organisation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from simlib.ledger import SHARED_CREDIT
from simlib.model.channels.choice import Option, Streets
from simlib.model.channels.outlets import FIRM, Layout
from simlib.model.channels.service import Service
from simlib.model.conflict import NOBODY, Met, Row, in_channel
from simlib.scenario.policies import Policies
from simlib.units import HOURS_PER_DAY, minor_units

if TYPE_CHECKING:
    from simlib.model.firm import Firm


class Credit(NamedTuple):
    """What a partner got of a sale that another made."""

    party: int
    amount: int
    """In minor units."""


NO_CREDIT = Credit(-1, 0)


class InForce:
    """For how long policies cost something."""

    __slots__ = ("from_h", "per_year", "to_h")

    def __init__(self, per_year: float, from_h: float, to_h: float) -> None:
        self.per_year, self.from_h, self.to_h = per_year, from_h, to_h


class Exclusive(NamedTuple):
    """A territory by numbers; None = all."""

    channels: frozenset[int]
    regions: frozenset[int] | None
    products: frozenset[int] | None
    segments: frozenset[int] | None


class Accords:
    """Policies of one run."""

    def __init__(self, firm: Firm, layout: Layout, service: Service) -> None:
        self._firm, self._layout = firm, layout
        self._streets = Streets(firm.world, layout, service, {})
        self.policies = Policies()
        """In force now."""
        self.spells: list[InForce] = []
        """When policies cost how much."""
        self._split: list[Exclusive] = []
        self._left: frozenset[int] = frozenset()
        self._heard: set[int] = set()
        """Needs over which a conflict has been heard."""
        self._minor = minor_units(firm.world.scenario.currency)
        firm.conflicts.listeners.append(self.arbitrate)

    def adopt(self, policies: Policies) -> None:
        """From now on these are in force, and no others."""
        now, cells = self._firm.env.now, self._firm.world.cells
        for spell in self.spells:
            spell.to_h = min(spell.to_h, now)
        self.spells.append(InForce(policies.cost_per_year, now, self._firm.end_h))
        self.policies = policies
        self._left = _numbers(
            policies.rules_of_engagement.leaves if policies.rules_of_engagement else (), cells.segments
        )
        self._split = [
            Exclusive(
                _numbers(part.channels, self._layout.channel_names),
                _only(part.regions, cells.regions),
                _only(part.products, cells.products),
                _only(part.segments, cells.segments),
            )
            for part in (policies.territories.split if policies.territories else ())
        ]

    @property
    def comparable(self) -> float:
        """Share of a good's worth that is left to who learnt of it elsewhere."""
        return 1 - self.policies.models.unlike if self.policies.models else 1.0

    @property
    def unplanned(self) -> float:
        """Share of the conflicts between channels that joint plans do not avoid."""
        return 1 - self.policies.joint_plans.avoided if self.policies.joint_plans else 1.0

    def felt(self, need: int) -> float:
        """Share of what conflicts with partners at a need do that is left: all, until arbitration has heard one."""
        rule = self.policies.arbitration
        return 1 - rule.eased if rule and need in self._heard else 1.0

    def answered_by_partners(self, by_themselves: float) -> float:
        """Share of complaints that partners answer in time, of so many that they would without a standard."""
        rule = self.policies.complaint_standard
        return 1 - (1 - by_themselves) * (1 - rule.partners_follow) if rule else by_themselves

    def protected_until(self, need: int) -> float:
        """Until when the other side keeps away from a need that somebody has now: its registration."""
        rule, now = self.policies.deal_registration, self._firm.env.now
        if rule is None or self._firm.world.dice.draw(self._firm.needs["keys"][need], "duplicates") < rule.missed:
            return now
        return now + rule.window_days * HOURS_PER_DAY

    def arbitrate(self, row: Row) -> None:
        """The head of the line that holds an account hears a conflict with a partner, once a need."""
        rule, met = self.policies.arbitration, row.met
        with_partner = [party for party in (met.seller, met.other) if self._is_partner(party)]
        if rule is None or not with_partner or met.need in self._heard:
            return
        if row.amount < rule.from_amount * self._minor:
            return
        self._heard.add(met.need)
        if rule.hours:
            self._hear(met, with_partner[0], rule.hours)

    def _hear(self, met: Met, partner: int, hours: float) -> None:
        """It takes hours of the head's."""
        firm = self._firm
        head: int = firm.assigned.leg_of[0].owners[met.need]
        while (above := firm.boss[head]) is not None:
            head = above
        firm.ask_to_settle(met.need, head, hours)
        firm.conflicts.write(Met(met.kind, head, partner, met.need), firm.env.now, hours=hours)

    def _is_partner(self, party: int) -> bool:
        """Whether a party of a conflict is a partner."""
        if party >= NOBODY:
            return False
        return self._layout.channels[self._layout.channel_of[in_channel(party)]].by_partners

    def may_sell(self, need: int, channels: Sequence[int]) -> Sequence[int]:
        """Those of some channels that may sell to a need."""
        needs = self._firm.needs
        return self.may_sell_to((needs["region"][need], needs["product"][need], needs["segment"][need]), channels)

    def may_sell_to(self, cell: tuple[int, int, int], channels: Sequence[int]) -> Sequence[int]:
        """Those of some channels that may sell to customers of a region, product and segment."""
        region, product, segment = cell
        for part in self._split:
            held = (part.regions, region), (part.products, product), (part.segments, segment)
            if all(chosen is None or value in chosen for chosen, value in held):
                channels = [channel for channel in channels if channel in part.channels]
                break
        if segment in self._left:
            channels = [channel for channel in channels if not self._layout.channels[channel].pursued]
        return channels

    def share(self, need: int, sold: Option, paid: int) -> Credit:
        """The firm shares what it has sold online with the partner who is nearest, if it has said so."""
        rule, channel = self.policies.shared_credit, self._layout.channels[sold.channel]
        partner = self._nearest_partner(need) if rule and channel.online and not channel.by_partners else -1
        if rule is None or partner < 0:
            return NO_CREDIT
        amount = round(paid * rule.share)
        if amount:
            self._firm.journal.dues.extend((self._firm.env.now, SHARED_CREDIT, amount, FIRM, partner, need))
        return Credit(partner, amount)

    def _nearest_partner(self, need: int) -> int:
        """The outlet of an open partner who may sell to a need that is nearest in the region; of equal ones that of the
        first channel; -1 = no partner is there."""
        channels = self._layout.channels
        near = [
            (way, outlet)
            for channel in self.may_sell(need, self._firm.market.open)
            if channels[channel].by_partners and not channels[channel].online
            for outlet, way in self._streets.near(need, channel)
        ]
        return min(near, key=lambda each: each[0])[1] if near else -1


def _only(chosen: Sequence[str], names: Sequence[str]) -> frozenset[int] | None:
    return _numbers(chosen, names) if chosen else None


def _numbers(chosen: Sequence[str], names: Sequence[str]) -> frozenset[int]:
    return frozenset(names.index(name) for name in chosen if name in names)
