"""What a run's books have of partners: who was one, their efforts and reviews, their trust, and how they served."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simlib.ledger import SCHEMA, TRUST_CAUSES, WHY_ENDED

if TYPE_CHECKING:
    from simlib.model.firm import Firm

Columns = dict[str, Any]


def partner_tables(firm: Firm) -> dict[str, tuple[Columns, dict[str, Any]]]:
    """By name of a table, its columns and the words of their codes."""
    market, journal = firm.market, firm.journal
    names = {"party": market.layout.names}
    rows = [
        (
            spell.party,
            market.layout.channel_of[spell.party],
            *(spell.from_h, spell.sells_h, min(spell.to_h, firm.end_h), spell.why, spell.level),
        )
        for spell in market.partners.spells
    ]
    return {
        "partners": (
            _columns("partners", rows),
            {**names, "channel": market.layout.channel_names, "why": WHY_ENDED},
        ),
        "partner_efforts": (_columns("partner_efforts", journal.partner_efforts), names),
        "partner_reviews": (_columns("partner_reviews", journal.partner_reviews), names),
        "trust": (_columns("trust", journal.trust), {**names, "cause": TRUST_CAUSES}),
        "service": (_columns("service", journal.service), names),
    }


def _columns(name: str, rows: Any) -> Columns:
    columns = list(SCHEMA[name])
    table = np.array(rows, dtype=float).reshape(-1, len(columns))
    return dict(zip(columns, table.T, strict=True))
