"""What a log says about itself: what its own organisation achieved, where its dimensions come from, what it lacks.

All of this is for calibration and for warnings; none of it reaches a run.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

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


def owner_evidence(deals: pd.DataFrame, dimension: str, owners: pd.Series | None) -> tuple[str, bool]:
    """Whether a dimension follows from the owner: the evidence in words, and the verdict.

    It does if every owner (of at least `LEAST_DEALS` deals) has one value only, and either the list of owners
    (`owners`: owner -> value) says the same or some company was sold to under two values. It does not if companies
    with several deals have one value each: then the value is the customer's, and owners follow from it.
    The evidence is empty if owners have several values, or there are too few of them to tell.
    """
    known = deals[deals["owner"].notna() & deals[dimension].notna()]
    sizes = known.groupby("owner")[dimension].agg(["size", "nunique", "first"])
    sizes = sizes[sizes["size"] >= LEAST_DEALS]
    if len(sizes) < 2 or sizes["first"].nunique() < 2 or (sizes["nunique"] > 1).any():
        return "", False
    evidence = [f"{len(sizes)} of {len(sizes)} owners have one {dimension} each"]
    listed = owners is not None and sizes["first"].eq(owners.reindex(sizes.index)).all()
    if listed:
        evidence.append("owners.csv says the same")
    values = known[known["company"].notna()].groupby("company")[dimension].agg(["size", "nunique"])
    values = values[values["size"] > 1]
    several = int((values["nunique"] > 1).sum())
    if len(values):
        evidence.append(f"{several:,} of {len(values):,} companies were sold to under two or more")
    follows = bool(several or (listed and values.empty))
    return "; ".join(evidence), follows


def owner_values(table: Table | None, column: str) -> pd.Series | None:
    """Owner -> value of a column of `owners.csv`; None if there is none."""
    if table is None or not table.has(column) or not table.has("owner_id"):
        return None
    return pd.Series(table.column(column).to_numpy(), index=table.column("owner_id")).groupby(level=0).first()


def cut_off(deals: pd.DataFrame) -> list[str]:
    """Sentences on what the log lacks: deals decided before it began, amounts of deals that were not won."""
    notes = []
    first, closes = deals["created"].min(), deals["closed"].dropna()
    if len(closes) and (closes.min() - first).days > CUT_DAYS:
        notes.append(
            f"no deal closes before {closes.min():%Y-%m-%d}, {(closes.min() - first).days} days after the first was "
            "created: deals decided earlier are not in the log (left-truncated), so early arrivals are too few"
        )
    known = deals["amount"].notna()
    is_won = deals["won"].fillna(False)
    is_lost = (~deals["won"]).fillna(False)
    if is_won.any() and is_lost.any() and known[is_won].mean() > 0.95 and known[is_lost].mean() < 0.05:
        notes.append("the amount is known for won deals only: amounts drawn for the others follow the won ones")
    return notes
