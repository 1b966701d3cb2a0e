"""Write docs/claims.md from a real run: `simlib claims --seed 1 --json | python scripts/claims_page.py`."""

from __future__ import annotations

import json
import math
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from simlib.claims.field_guide import FILE
from simlib.report.claims import not_tried
from simlib.report.words import Words, words
from simlib.scenario import load_scenario

PAGE = Path(__file__).resolve().parent.parent / "docs" / "claims.md"
HEAD = """\
# Claims on trial

What the field guide says that structures are good at and what they cost, each as a small experiment: two designs, the
same worlds (30, seed 1), one figure, one sweep; intervals of 95% for each claim's levels together (Holm). The market is
`simlib/claims/market.yaml`, committed before a claim was run and not changed for an outcome. `simlib claims` prints
this, `simlib claims S5a` one of them, and `--market FILE` tries them in a market of your own.

*Holds*: proved at every level or, where the claim is about a movement, from the first level to the last. *Holds only
if*: proved at some. *Does not hold*: proved nowhere, and its opposite somewhere. *Not told apart*: chance is larger. No
claim is true by definition: designs differ in their axes only, and the last column says through which mechanisms an
effect could come. Which design is best in which market is in [trials.md](trials.md).
"""


def main() -> None:
    """Read the JSON of a run, write the page."""
    rows = json.load(sys.stdin)
    w = replace(words("en"), currency=load_scenario(FILE).currency)
    count = {
        outcome: sum(row["outcome"] == outcome for row in rows) for outcome in dict.fromkeys(r["outcome"] for r in rows)
    }
    lines = [HEAD, f"Of {len(rows)} claims: " + ", ".join(f"{n} {outcome}" for outcome, n in count.items()) + ".", ""]
    lines += [
        "| id | claim | outcome | figure: design − against | at level: difference | through |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_row(row, w) for row in rows]
    lines += ["", "## Not tried", "", *(f"- **{sentence}:** {reason}." for sentence, reason in not_tried(w))]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _row(row: dict[str, Any], w: Words) -> str:
    pair = f"`{row['figure']}`: {row['design']} − {row['against']}"
    levels = "<br>".join(f"{level['level']}: {_told(level, row['unit'], w)}" for level in row["levels"])
    return f"| {row['id']} | {row['says']} | **{row['outcome']}** | {pair} | {levels} | {row['mechanism']} |"


def _told(level: dict[str, Any], unit: str, w: Words) -> str:
    ends = (math.nan if level[end] is None else level[end] for end in ("mean", "low", "high"))
    mean, low, high = (w.signed(end, unit) for end in ends)
    return f"{mean} ({low} to {high}), {level['verdict']}"


if __name__ == "__main__":
    main()
