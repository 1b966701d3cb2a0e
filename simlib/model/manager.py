"""Approval: what exceeds a seat's authority climbs the line, and each layer screens it.

Every boss tells sound from unsound deals with error rates (Sah and Stiglitz 1986, 'The architecture of economic
systems', AER 76), alone or as a panel whose members are asked one after the other until the outcome is certain.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from simlib.model.deals import Deal
from simlib.model.firm import Firm

_PANEL_LIMIT = 64
"""Members of a layer's panel for whom draws are kept apart."""


def approve(firm: Firm, deal: Deal, seat: int) -> Generator[Any, Any, bool | None]:
    """Let a deal climb from a seat until somebody may decide alone.

    Returns whether it is granted, or None if the customer left meanwhile.
    """
    value = firm.needs["value"][deal.lead.need]
    layer = 0
    while True:
        limit, boss = firm.authority[seat], firm.boss[seat]
        if limit is None or value <= limit or boss is None:
            return True
        granted = yield from _panel(firm, deal, boss, layer)
        if not granted:
            return granted
        seat, layer = boss, layer + 1


def _panel(firm: Firm, deal: Deal, boss: int, layer: int) -> Generator[Any, Any, bool | None]:
    """The boss and, where a panel is wanted, peers of the boss's layer: granted with `needed` consents of `members`."""
    need, approval, panel = deal.lead.need, firm.mechanisms.approval, firm.organisation.axes.panel
    if approval is None or panel is None:
        raise RuntimeError("a deal climbs the line only where approval is on and the axes are resolved")
    asked = firm.panel[boss]
    needed = min(panel.needed, len(asked))
    value = firm.needs["value"][need]
    passes = approval.pass_good if firm.needs["sound"][need] else approval.pass_bad
    key = firm.needs["keys"][need]
    consents = 0
    for number, member in enumerate(asked):
        task = firm.ask_boss(deal, member)
        person = yield task
        deal.done_with(task)
        if person is None or not deal.open:
            return None
        consent = firm.world.dice.draw(key, "screen", layer * _PANEL_LIMIT + number) < passes
        firm.journal.decisions.extend((need, member, 0, firm.env.now, value, value if consent else 0))
        consents += consent
        if consents == needed:
            return True
        if consents + len(asked) - number - 1 < needed:
            return False
    return False
