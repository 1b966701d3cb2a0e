"""What happened in one run: typed tables of facts, nothing computed.

Times are calendar hours since time zero; money is whole minor units of the currency. `SCHEMA` lists every table,
column and type. The run writes a `Journal` (rows of plain numbers, quick to append); `model/books.py` closes it
into a `Ledger`.
"""

from __future__ import annotations

import dataclasses
import json
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from simlib.store import read_tables, write_tables

OUTCOMES = ("open", "won", "lost", "abandoned")
REASONS = ("", "gate", "declined", "interest", "between hands")
"""Why a lead ended: a gate was not passed, approval was declined, the customer's interest died, it changed hands and
nobody took it up."""
ACTIVITIES = (
    *("idle", "absent", "travel", "call", "settling", "approval", "moving"),
    *("help", "coaching", "sponsoring", "meeting", "training", "retraining", "care"),
    *("teamwork", "briefing", "complaint", "signing", "onboarding", "partner training", "partner help"),
)
"""Activities before the stages; a stage's activity is its name."""
IDLE, ABSENT, TRAVEL, CALL, SETTLING, APPROVAL, MOVING, *_OTHERS = range(len(ACTIVITIES))
HELP, COACHING, SPONSORING, MEETING, TRAINING, RETRAINING, CARE, TEAMWORK, BRIEFING, COMPLAINT, *_FOR_PARTNERS = _OTHERS
SIGNING, ONBOARDING, PARTNER_TRAINING, PARTNER_HELP = _FOR_PARTNERS
WAIT_ENDS = ("served", "left", "dropped", "withdrawn", "open")
EFFECTS = (
    *("skill", "focus", "forgotten", "remote", "confusion", "crowding", "contested"),
    *("unsolved", "coaching", "sponsor", "training"),
    *("relationship", "resistance", "effort", "discount", "account_effort", "teamwork"),
)
"""Shifts of a gate's log-odds, one column of `gates` each."""
CONFLICTS = (
    *("duplicate_pursuit", "crowding", "wasted_call", "duty_gap", "dual_reporting", "credit"),
    *("showrooming", "encroachment", "territory", "complaint", "diversion"),
)
CAUSES = (
    "lists overlap", "several needs of one account", "duties unclear at a change of hands", "two bosses disagree",
    "shares of credit unclear", "learnt here, bought elsewhere", "the firm's own channel beside a partner",
    "own force and partner at one need", "complaint after a sale", "prices differ between areas",
)  # fmt: skip
HANDOVERS = ("served by another", "next leg", "replaced", "passed on")
"""Why a deal changed hands: a colleague at the same desk took the task, another seller serves the stage, somebody else
holds the seller's seat, or the seller passed the lead on before any work."""
GOODS = ("made", "moved", "sold", "opening", "received", "lost", "returned")
"""What happens to goods: the firm has them made, they go from hand to hand, a customer gets them; a partner had them at
time zero, they arrive at who bought them, they are lost, the firm takes them back."""
MADE, MOVED, SOLD, OPENING, RECEIVED, LOST, RETURNED = range(len(GOODS))
DUES = (
    *("commission", "duty", "handling", "policing", "penalty", "outlets", "set-up", "policies"),
    *("shared credit", "holding", "special", "rebate", "credit", "marketing", "partner bonus", "advertising"),
)
"""What channels cost beside the goods."""
COMMISSION, DUTY, HANDLING, POLICING, PENALTY, OUTLETS, SET_UP, POLICIES, *_MORE_DUES = range(len(DUES))
SHARED_CREDIT, HOLDING, SPECIAL, REBATE, CREDIT, MARKETING, PARTNER_BONUS, ADVERTISING = _MORE_DUES
REBATES_IN = ("cash", "credit", "fund")
"""How a rebate is paid."""
WHY_ENDED = ("", "score", "profit", "trust", "closed")
"""Why a partner is one no more: it still is, the firm ended it for its score, it left because it earned too little or
trusts the firm no more, the channel was closed."""
STAYS, LOW_SCORE, LOW_PROFIT, LOW_TRUST, CLOSED = range(len(WHY_ENDED))
TRUST_CAUSES = ("look", "support", "paid", "lost sale", "price cut", "undercut", "diversion", "conflict")
"""What moved a partner's trust; `look`: nothing, it is only written down."""
LOOK, SUPPORT, PAID, LOST_SALE, PRICE_CUT, UNDERCUT, DIVERSION, CONFLICT = range(len(TRUST_CAUSES))
NOWHERE = "nowhere"
"""Channel of a customer who did not buy."""
FIRM, CUSTOMER, SUPPLIERS = "firm", "customer", "suppliers"
"""Parties beside people and those who sell in channels, who stand behind them in the books."""

WORD = "category"
SCHEMA: dict[str, dict[str, str]] = {
    "needs": {
        "need": "int32", "account": "int32", "region": WORD, "product": WORD, "segment": WORD, "source": WORD,
        "at_h": "float64", "window_end_h": "float64", "value": "int64", "sound": "bool", "inbound": "bool",
        "opening": "bool", "cohort": "bool",
    },
    "leads": {
        "lead": "int32", "need": "int32", "account": "int32", "region": WORD, "product": WORD, "segment": WORD,
        "source": WORD, "known_h": "float64", "first_contact_h": "float64", "closed_h": "float64", "outcome": WORD,
        "reason": WORD, "value": "int64", "owner": WORD,
        "discount": "float64", "new_customer": "bool",
    },
    "work": {
        "party": WORD, "lead": "int32", "activity": WORD, "start_h": "float64", "end_h": "float64", "overtime": "bool",
    },
    "waits": {"lead": "int32", "desk": WORD, "kind": WORD, "from_h": "float64", "to_h": "float64", "end": WORD},
    "gates": {
        "lead": "int32", "stage": WORD, "party": WORD, "at_h": "float64", "u": "float64", "p": "float64",
        "passed": "bool", **dict.fromkeys(EFFECTS, "float64"),
    },
    "handovers": {"lead": "int32", "at_h": "float64", "from": WORD, "to": WORD, "reason": WORD},
    "decisions": {
        "lead": "int32", "party": WORD, "kind": WORD, "at_h": "float64", "asked": "int64", "granted": "int64",
    },
    "money": {"at_h": "float64", "kind": WORD, "amount": "int64", "payer": WORD, "payee": WORD, "lead": "int32"},
    "conflicts": {
        "conflict": "int32", "kind": WORD, "at_h": "float64", "party": WORD, "other": WORD, "lead": "int32",
        "cause": WORD, "hours": "float64", "amount": "int64",
    },
    "efforts": {"party": WORD, "at_h": "float64", "level": "float64"},
    "seats": {
        "party": WORD, "position": WORD, "unit": WORD, "role": WORD, "home": WORD, "boss": WORD,
        "from_h": "float64", "to_h": "float64", "paid_h": "float64",
    },
    "renewals": {
        "account": "int32", "region": WORD, "product": WORD, "segment": WORD, "at_h": "float64", "value": "int64",
        "care_asked": "int32", "care_given": "int32", "u": "float64", "p": "float64", "kept": "bool", "owner": WORD,
    },
    "credits": {
        "party": WORD, "lead": "int32", "stage": WORD, "at_h": "float64", "signed_h": "float64", "revenue": "int64",
        "margin": "int64", "product": WORD, "segment": WORD, "new_customer": "bool", "share": WORD, "turned_bad": WORD,
    },
    "pay": {
        "party": WORD, "position": WORD, "plan": WORD, "kind": WORD, "component": WORD, "kpi": WORD,
        "from_h": "float64", "to_h": "float64", "days": "int32", "of_days": "int32", "on": WORD, "result": "float64",
        "target": "float64", "on_quota": "bool", "share": "float64", "amount": "int64", "settled_h": "float64",
    },
    "choices": {
        "need": "int32", "at_h": "float64", "channel": WORD, "outlet": WORD, "learnt": WORD, "instead": WORD,
        "price": "float64", "goods": "int64", "paid": "int64", "missed": WORD, "diverted": "bool",
    },
    "prices": {"at_h": "float64", "party": WORD, "price": "float64"},
    "goods": {
        "at_h": "float64", "kind": WORD, "giver": WORD, "taker": WORD, "goods": "int64", "paid": "int64",
        "lead": "int32",
    },
    "rebates": {
        "party": WORD, "from_h": "float64", "to_h": "float64", "bought": "int64", "before": "float64", "paid_in": WORD,
        "amount": "int64",
    },
    "partners": {
        "party": WORD, "channel": WORD, "from_h": "float64", "sells_h": "float64", "to_h": "float64", "why": WORD,
        "level": "int32",
    },
    "partner_efforts": {"party": WORD, "at_h": "float64", "level": "float64"},
    "partner_reviews": {
        "party": WORD, "at_h": "float64", "sales": "int64", "profit": "int64", "score": "float64", "level": "int32",
        "trust": "float64",
    },
    "trust": {"party": WORD, "at_h": "float64", "cause": WORD, "by": "float64", "level": "float64"},
    "service": {
        "lead": "int32", "party": WORD, "at_h": "float64", "trained": "bool", "asked": "bool", "helped": "bool",
    },
}  # fmt: skip
"""Table -> column -> type. `lead` is the number of the lead's need, -1 where none is concerned; `first_contact_h` and
`closed_h` are NaN where it has not happened. `seats` has a row for every person who held a
seat, from `from_h` to `to_h`; `paid_h` are the paid hours of that time and equal the person's hours of `work` without
overtime (idle and absence are recorded activities).

`efforts` has a row whenever somebody on a plan chose an effort (1 = as usual), which holds until the next.
`renewals` has a row for each date at which an existing customer renewed or left, empty where retention is off:
`account` as in `leads` (numbers beyond theirs are accounts without a need), care since the last renewal (or time zero);
who leaves before a renewal has p = 0.

`credits` has a row for each person's part (`share`, as the text of a fraction) of the credit for a deal, whose whole
`revenue` and `margin` it states; `stage` is empty for the signature; where `turned_bad` says why, it is taken back.
A `lead` beyond the last need is a renewal: `lead` less the number of needs is the row of `renewals`.
`pay` has a row for each line of a statement but base pay: `from_h` to `to_h` is the part of its period for which the
person was there, `target` is NaN where nothing goes by attainment, `on_quota` says whether it is the person's own
quota. Both are empty where nobody is on a plan.

`choices` has a row for each need that came to the market, empty where a design has no channels: where its customer
chose to buy (`channel`, `nowhere`; `outlet` is empty there and where the own force is to come), where he had `learnt`,
which channel he would have chosen `instead`, the `price` relative to the list price, goods at list price, and what he
`paid` at once, nothing to the force; it is `diverted` if the outlet is one of another region. `missed` is the outlet
where he would have bought if it had had enough.
`goods` has a row for each time that goods, at list price, change hands, and what the taker `paid` the giver for them:
`money` has the same payments, but for goods that a partner had at time zero (`opening`: what the firm had got).
Goods that were moved are the taker's at once, and in his stock when they are `received` (giver and taker are the same);
where nobody keeps stock that is at once, and no row. `lost` is what nobody gets.
`rebates` has a row for each period of each partner who has a rebate: what he paid for what he `bought` in it, and had
paid `before` in as long a time (NaN in the first one), and what the firm owes him for it: `money` has it when it is
paid.
`prices` has a row for each price, relative to the list price, that a partner came to ask at a review, which holds until
the next; empty where own prices are off.

Who meets whom in `conflicts` may be people or those who sell in channels: `hours` of people are hours of `work`, those
of an outlet are hours of advice, and `amount` is what the conflict took from `party`.

`partners` has a row for each time that somebody was a partner with an outlet (of the last tier, an agent, a platform):
from its signature (or the opening of the channel) to `to_h`, `sells_h` when it began to sell (NaN: it never did), the
`level` it came to. `partner_efforts` has a row whenever one chose an effort, which holds until the next;
`partner_reviews` what one was reviewed by; `trust` every event that moved it, `by` a weight, negative if it shook it,
and the `level` after it. `service` has a row for each sale of a partner while `support` is on: whether the partner was
`trained` in time, `asked` for help, and was `helped` in time. All but `partners` are empty where the mechanism is
off."""


class Journal:
    """Rows as they are written during a run: per table one array of numbers, words as codes."""

    def __init__(self) -> None:
        """Rows hold the columns of `SCHEMA` in order (`work` without `overtime`): `journal.waits.extend((...))`."""
        self.work, self.waits, self.gates = array("d"), array("d"), array("d")
        self.handovers, self.decisions, self.conflicts = array("d"), array("d"), array("d")
        """Parties of conflicts: seats, -1 = nobody, and from -2 downwards those of channels (`conflict.in_channel`)."""
        self.efforts = array("d")
        self.choices, self.goods, self.dues, self.rebates = array("d"), array("d"), array("d"), array("d")
        self.prices = array("d")
        """As in `SCHEMA`, parties of channels by number (`dues` as `money`)."""
        self.partner_efforts, self.partner_reviews = array("d"), array("d")
        self.trust, self.service = array("d"), array("d")
        self.renewals = array("d")
        """As columns: customer, at_h, care_asked, care_given, u, p, kept, owner."""


@dataclass(frozen=True)
class Frame:
    """What a reader of the tables must know of the run that wrote them."""

    design: str
    seed: int
    replication: int
    currency: str
    minor_units: int
    """Minor units in one unit of the currency (100 for CNY)."""
    start: str
    """ISO date of time zero."""
    window_from_h: float
    window_to_h: float
    end_h: float
    """When the run stopped."""
    stages: tuple[str, ...]
    rates: Mapping[str, float] = field(default_factory=dict)
    """Rates of cost and margin as they held in this world, in whole units of the currency."""
    targets: Mapping[str, float] = field(default_factory=dict)
    """Values wanted for figures."""


@dataclass(frozen=True)
class Ledger:
    """The facts of one run; each table of `SCHEMA` is an attribute (`ledger.leads`)."""

    frame: Frame
    needs: pd.DataFrame
    leads: pd.DataFrame
    work: pd.DataFrame
    waits: pd.DataFrame
    gates: pd.DataFrame
    handovers: pd.DataFrame
    decisions: pd.DataFrame
    money: pd.DataFrame
    conflicts: pd.DataFrame
    efforts: pd.DataFrame
    seats: pd.DataFrame
    renewals: pd.DataFrame
    credits: pd.DataFrame
    pay: pd.DataFrame
    choices: pd.DataFrame
    prices: pd.DataFrame
    goods: pd.DataFrame
    rebates: pd.DataFrame
    partners: pd.DataFrame
    partner_efforts: pd.DataFrame
    partner_reviews: pd.DataFrame
    trust: pd.DataFrame
    service: pd.DataFrame

    def to_parquet(self, folder: str | Path) -> None:
        """Write one parquet file per table, and the frame with the words of each column as JSON, into a folder."""
        folder = Path(folder)
        plain = {name: getattr(self, name).astype(dict.fromkeys(_word_columns(name), "str")) for name in SCHEMA}
        write_tables(plain, folder)
        words = {
            name: {column: list(getattr(self, name)[column].cat.categories) for column in _word_columns(name)}
            for name in SCHEMA
        }
        stored = {**dataclasses.asdict(self.frame), "words": words}
        (folder / "frame.json").write_text(json.dumps(stored, ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def from_parquet(cls, folder: str | Path) -> Ledger:
        """Read what `to_parquet` wrote: the same values and types, the words of a column in the same order."""
        folder = Path(folder)
        stored: dict[str, Any] = json.loads((folder / "frame.json").read_text(encoding="utf-8"))
        stored["stages"] = tuple(stored["stages"])
        words = stored.pop("words")
        tables = {
            name: table.astype(
                {**SCHEMA[name], **{column: pd.CategoricalDtype(known) for column, known in words[name].items()}}
            )
            for name, table in read_tables(SCHEMA, folder).items()
        }
        return cls(Frame(**stored), **tables)


def _word_columns(name: str) -> list[str]:
    return [column for column, kind in SCHEMA[name].items() if kind == WORD]
