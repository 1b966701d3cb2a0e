"""What a log says about itself: what its own organisation achieved, where its dimensions come from, what it lacks.

All of this is for calibration and for warnings; none of it reaches a run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from simlib.world.crm_notes import Note, Value
from simlib.world.crm_table import Table

LEAST_DEALS = 5
"""An owner with fewer deals says nothing about where a dimension comes from."""
CUT_DAYS = 28
"""A log whose first close comes this long after its first creation lacks the deals decided before."""


def observed(deals: pd.DataFrame, refused: pd.DataFrame) -> dict[str, float]:
    """Figures of the log's own organisation over the deals that are replayed; `refused` are the automatic refusals.

    win_rate = won ÷ decided; win_rate_with_refusals counts those too; response = creation to first contact by a person
    (hours); cycle = first contact to signature of won deals (days; from creation where the contact is unknown);
    dispersion = variance ÷ mean of the daily number of leads within a weekday, averaged over weekdays.
    A figure that the log does not tell is NaN.
    """
    won = deals[deals["won"].fillna(False)]
    decided, lost_at_once = deals["won"].notna().sum(), refused["won"].notna().sum()
    response = (deals["first_contact"] - deals["created"]).dt.total_seconds() / 3600
    cycle = (won["closed"] - won["first_contact"].fillna(won["created"])).dt.total_seconds() / 86400
    days = max((deals["created"].max().normalize() - deals["created"].min().normalize()).days + 1, 1)
    logs = np.log(deals["amount"].where(deals["amount"] > 0).dropna())
    return {
        "leads": float(len(deals)),
        "leads_per_week": len(deals) / days * 7,
        "dispersion": _dispersion(deals["created"]),
        "open": float((~deals["is_closed"]).fillna(False).sum()),
        "won": float(len(won)),
        "win_rate": float(len(won) / decided) if decided else np.nan,
        "win_rate_with_refusals": float(len(won) / (decided + lost_at_once)) if decided else np.nan,
        "touched_share": float(deals["touched"].mean()) if deals["touched"].any() else np.nan,
        "response_median_hours": float(response.median()),
        "response_90_hours": float(response.quantile(0.9)),
        "cycle_mean_days": float(cycle.mean()),
        "cycle_median_days": float(cycle.median()),
        "owners": float(deals["owner"].nunique()),
        "deals_without_owner": float(deals["owner"].isna().sum()),
        "accounts": float(deals["company"].nunique() + deals["company"].isna().sum()),
        "amount_mean": float(deals["amount"].mean()),
        "amount_median": float(deals["amount"].median()),
        "amount_log_sd": float(logs.std()),
    }


def _dispersion(created: pd.Series) -> float:
    per_day = created.dt.normalize().value_counts().asfreq("D", fill_value=0)
    groups = per_day.groupby(per_day.index.day_of_week)
    return float((groups.var() / groups.mean()).mean())


def months(deals: pd.DataFrame) -> pd.DataFrame:
    """By month of creation: month (`2026-01`), leads, decided, won."""
    frame = pd.DataFrame({"month": deals["created"].dt.strftime("%Y-%m"), "leads": 1})
    frame["decided"] = deals["won"].notna().astype(int)
    frame["won"] = deals["won"].fillna(False).astype(int)
    return frame.groupby("month", as_index=False).sum()


@dataclass(frozen=True)
class OwnerEvidence:
    """What speaks for a dimension's coming from the owner: each of them has one value only."""

    dimension: str
    owners: int
    """Owners with at least `LEAST_DEALS` deals."""
    listed: bool
    """Whether `owners.csv` has the same values."""
    companies: int
    """Companies with several deals."""
    several: int
    """Those of them that were sold to under two or more values: then it cannot be the customer's."""

    @property
    def follows(self) -> bool:
        """Whether the dimension follows from the owner: nothing speaks for the customer, and something against."""
        return bool(self.several or (self.listed and not self.companies))

    def __str__(self) -> str:
        parts = [f"{self.owners} of {self.owners} owners have one {self.dimension} each"]
        if self.listed:
            parts.append("owners.csv says the same")
        if self.companies:
            parts.append(f"{self.several:,} of {self.companies:,} companies were sold to under two or more")
        return "; ".join(parts)

    def note(self) -> Note:
        """That it is nevertheless taken as the customer's."""
        values: dict[str, Value] = {"dimension": self.dimension, "owners": self.owners, "companies": self.companies}
        return Note("customers_own_listed" if self.listed else "customers_own", values)


def owner_evidence(deals: pd.DataFrame, dimension: str, owners: pd.Series | None) -> OwnerEvidence | None:
    """What speaks for a dimension's coming from the owner; None if owners have several values, or are too few to tell.

    `owners` is the list of owners, if there is one: owner -> value. Companies with several deals have one value each
    where the value is the customer's, and owners follow from it.
    """
    known = deals[deals["owner"].notna() & deals[dimension].notna()]
    sizes = known.groupby("owner")[dimension].agg(["size", "nunique", "first"])
    sizes = sizes[sizes["size"] >= LEAST_DEALS]
    if len(sizes) < 2 or sizes["first"].nunique() < 2 or (sizes["nunique"] > 1).any():
        return None
    listed = owners is not None and bool(sizes["first"].eq(owners.reindex(sizes.index)).all())
    values = known[known["company"].notna()].groupby("company")[dimension].agg(["size", "nunique"])
    values = values[values["size"] > 1]
    return OwnerEvidence(dimension, len(sizes), listed, len(values), int((values["nunique"] > 1).sum()))


def owner_values(table: Table | None, column: str) -> pd.Series | None:
    """Owner -> value of a column of `owners.csv`; None if there is none."""
    if table is None or not table.has(column) or not table.has("owner_id"):
        return None
    return pd.Series(table.column(column).to_numpy(), index=table.column("owner_id")).groupby(level=0).first()


def cut_off(deals: pd.DataFrame) -> list[Note]:
    """What the log lacks: deals decided before it began, amounts of deals that were not won."""
    notes = []
    first, closes = deals["created"].min(), deals["closed"].dropna()
    if len(closes) and (closes.min() - first).days > CUT_DAYS:
        notes.append(Note("left_truncated", {"day": closes.min().date(), "days": (closes.min() - first).days}))
    known = deals["amount"].notna()
    is_won = deals["won"].fillna(False)
    is_lost = (~deals["won"]).fillna(False)
    if is_won.any() and is_lost.any() and known[is_won].mean() > 0.95 and known[is_lost].mean() < 0.05:
        notes.append(Note("amounts_of_won_only"))
    return notes
