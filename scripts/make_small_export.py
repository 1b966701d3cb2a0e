"""Writes scenarios/exports/small_leads: a small, invented log of a loan desk, with the traps that real logs have.

The log comes from a simple random process of its own, not from the simulator and not from anybody's data:

- days: a gamma factor on each day's mean makes arrivals over-dispersed, two campaign days stand out; a quarter of the
  leads come in the evening or at night;
- a quarter of the leads are refused by a machine within two minutes, without an owner and without a contact;
- the others pass three gates (offer made, offer returned, loan granted) with the probabilities of `GATES`; people work
  Monday to Saturday from 8 to 20 and act at the next opening; many leads are never given an owner;
- several companies ask more than once; some leads name no company; some amounts are unknown;
- the snapshot of `SNAPSHOT` finds deals that are still open: their close date is the expected one.

There is no region and no product, as in the log of a loan desk. The period is that of the public log for which
scenarios/loan_leads.yaml was written, so that one scenario fits both. Same script, same bytes:

    python scripts/make_small_export.py
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from random import Random

FOLDER = Path(__file__).resolve().parents[1] / "scenarios" / "exports" / "small_leads"
SEED = 20111001
FIRST_DAY = dt.datetime(2011, 10, 1)  # noqa: DTZ001 - the log's clock has no zone
DAYS = 61
SNAPSHOT = dt.datetime(2011, 12, 12, 18)  # noqa: DTZ001
LEADS_PER_DAY = (26.0, 25.0, 26.0, 25.0, 20.0, 11.0, 10.0)
"""Mean by weekday, Monday first."""
DAY_SCV = 0.15
"""Squared coefficient of variation of a day's gamma factor."""
CAMPAIGNS = {40: 2.5, 47: 2.5}
"""Day -> factor on that day's leads."""
REFUSED_SHARE = 0.26
NIGHT_SHARE = 0.25
GATES = (("offer", 0.51), ("return", 0.67), ("grant", 0.72))
GATE_DAYS = (3.5, 10.0, 2.5)
"""Mean days from one step to the next."""
OWNERS = ("anna", "bram", "chloe", "daan", "eva", "finn")
COLUMNS = (
    "deal_id", "create_date", "first_contact_date", "close_date", "is_closed", "is_won", "amount", "currency",
    "owner_id", "company_id", "source", "lost_reason",
)  # fmt: skip


def main() -> None:
    """Write deals.csv, activities.csv and owners.csv."""
    dice = Random(SEED)
    deals, activities = [], []
    for number, created in enumerate(arrivals(dice)):
        row, work = lead(100_001 + 3 * number, created, dice)
        deals.append(row)
        activities += work
    FOLDER.mkdir(parents=True, exist_ok=True)
    write("deals.csv", COLUMNS, deals)
    write("activities.csv", ("deal_id", "owner_id", "type", "start_at", "end_at"), activities)
    owners = [{"owner_id": name, "manager_id": "greta", "team": "desk", "role": "rep"} for name in OWNERS]
    write("owners.csv", ("owner_id", "manager_id", "team", "role"), owners)


def arrivals(dice: Random) -> list[dt.datetime]:
    """Times of all leads, rising."""
    times = []
    for day in range(DAYS):
        midnight = FIRST_DAY + dt.timedelta(days=day)
        mean = LEADS_PER_DAY[midnight.weekday()] * CAMPAIGNS.get(day, 1.0)
        mean *= dice.gammavariate(1 / DAY_SCV, DAY_SCV)
        times += [midnight + dt.timedelta(hours=hour_of_day(dice)) for _ in range(poisson(mean, dice))]
    return sorted(times)


def poisson(mean: float, dice: Random) -> int:
    """Number of exponential gaps that fit into one day."""
    count, passed = 0, dice.expovariate(mean)
    while passed < 1:
        count, passed = count + 1, passed + dice.expovariate(mean)
    return count


def hour_of_day(dice: Random) -> float:
    """Between 8 and 20 by day; in the evening or at night otherwise."""
    if dice.random() < NIGHT_SHARE:
        return (20 + 12 * dice.triangular(0, 1, 0.1)) % 24
    return dice.uniform(8, 20)


def lead(number: int, created: dt.datetime, dice: Random) -> tuple[dict[str, str], list[dict[str, str]]]:
    """One row of deals.csv and what people did with it."""
    amount = max(1000, 500 * round(dice.lognormvariate(9.21, 0.8) / 500))
    row = dict.fromkeys(COLUMNS, "")
    row |= {"deal_id": str(number), "create_date": stamp(created), "currency": "EUR"}
    row["amount"] = "" if dice.random() < 0.04 else str(amount)
    row["company_id"] = company(number, dice)
    row["source"] = dice.choices(("web", "broker", "branch"), (6, 3, 1))[0]
    if dice.random() < REFUSED_SHARE:
        closed = created + dt.timedelta(seconds=dice.uniform(4, 115))
        return row | closing(closed, won=False, reason="declined"), []
    return worked(row, created, dice)


def company(number: int, dice: Random) -> str:
    """A customer who returns, one seen once, or nobody that the log names."""
    chance = dice.random()
    if chance < 0.15:
        return f"C{dice.randrange(1, 61):04d}"
    return f"C{number}" if chance < 0.7 else ""


def worked(row: dict[str, str], created: dt.datetime, dice: Random) -> tuple[dict[str, str], list[dict[str, str]]]:
    """The life of a lead that people worked on, as far as the snapshot saw it."""
    owner = dice.choice(OWNERS)
    start = opening(created + dt.timedelta(hours=dice.expovariate(1 / 4)))
    moment, passed, work = start, True, [task(row, owner, "complete application", start, dice)]
    for (kind, probability), days in zip(GATES, GATE_DAYS, strict=True):
        passed = dice.random() < probability
        moment = opening(moment + dt.timedelta(days=dice.expovariate(1 / days)))
        if not passed:
            break
        if kind != "grant":
            name = "call after offer" if kind == "offer" else "validate application"
            work += [task(row, owner, name, moment, dice) for _ in range(dice.randrange(1, 4))]
    work = [entry for entry in work if entry["start_at"] < stamp(SNAPSHOT)]
    row["first_contact_date"] = min((entry["start_at"] for entry in work if entry["owner_id"]), default="")
    row["owner_id"] = owner if passed or dice.random() < 0.3 else ""
    if moment < SNAPSHOT:
        return row | closing(moment, won=passed, reason=dice.choice(("declined", "cancelled"))), work
    expected = created + dt.timedelta(days=30 + dice.randrange(15))
    return row | {"is_closed": "False", "close_date": f"{expected:%Y-%m-%d} 00:00:00"}, work


def closing(closed: dt.datetime, *, won: bool, reason: str) -> dict[str, str]:
    """Columns of a closed deal."""
    return {
        "close_date": stamp(closed),
        "is_closed": "True",
        "is_won": str(won),
        "lost_reason": "" if won else reason,
    }


def task(row: dict[str, str], owner: str, kind: str, start: dt.datetime, dice: Random) -> dict[str, str]:
    """One row of activities.csv; a fifth of them name nobody, some are done by a colleague."""
    begun = start + dt.timedelta(minutes=dice.uniform(0, 30))
    minutes = dice.gammavariate(0.8, 15 / 0.8) if kind == "validate application" else dice.gammavariate(0.8, 6 / 0.8)
    who = "" if dice.random() < 0.2 else owner if dice.random() < 0.6 else dice.choice(OWNERS)
    end = begun + dt.timedelta(minutes=minutes)
    return {"deal_id": row["deal_id"], "owner_id": who, "type": kind, "start_at": stamp(begun), "end_at": stamp(end)}


def opening(time: dt.datetime) -> dt.datetime:
    """The moment itself, or the next opening: Monday to Saturday from 8 to 20."""
    if time.hour >= 20:
        time = time.replace(hour=8, minute=0, second=0) + dt.timedelta(days=1)
    elif time.hour < 8:
        time = time.replace(hour=8, minute=0, second=0)
    return time + dt.timedelta(days=1) if time.weekday() == 6 else time


def stamp(time: dt.datetime) -> str:
    """A time as the log writes it."""
    return f"{time:%Y-%m-%d %H:%M:%S}"


def write(name: str, columns: tuple[str, ...], rows: list[dict[str, str]]) -> None:
    """One CSV file, with the same line ends on every system."""
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


if __name__ == "__main__":
    main()
