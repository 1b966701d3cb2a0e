"""What customers find at every outlet now: whether it sells, its advice, and what a good is worth that is bought there.

Laid out by outlet, for customers to look up; who works at an outlet changes it now and then.
"""

from __future__ import annotations

from simlib.model.channels.outlets import Layout
from simlib.scenario.partners import PartnerEffort


class Service:
    """Of every outlet, by its number; as its channel says, unless a partner does otherwise."""

    def __init__(self, layout: Layout) -> None:
        channels = [layout.channels[number] for number in layout.channel_of]
        self.sells = [True] * len(channels)
        self.advice = [channel.advice for channel in channels]
        self.acceptance = [channel.acceptance for channel in channels]
        self._usual = list(zip(self.advice, self.acceptance, strict=True))
        self._effort, self._learnt = [(1.0, 1.0)] * len(channels), [1.0] * len(channels)

    def rest(self, party: int) -> None:
        """Somebody begins there, and does as the channel says."""
        self._effort[party], self._learnt[party] = (1.0, 1.0), 1.0
        self._lay_out(party)

    def work(self, party: int, rule: PartnerEffort, level: float) -> None:
        """Somebody works there at a level of effort e from now on: advice · e^a, acceptance · e^b."""
        self._effort[party] = level**rule.advice, level**rule.acceptance
        self._lay_out(party)

    def know(self, party: int, share: float) -> None:
        """Of what somebody there could advise, only a share is up to date from now on."""
        self._learnt[party] = share
        self._lay_out(party)

    def _lay_out(self, party: int) -> None:
        (advice, acceptance), (advises, draws) = self._usual[party], self._effort[party]
        self.advice[party] = min(advice * self._learnt[party] * advises, 1.0)
        self.acceptance[party] = acceptance * draws
