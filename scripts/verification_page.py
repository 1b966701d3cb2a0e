"""Write docs/verification.md from a real run: `simlib verify --json | python scripts/verification_page.py`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from simlib.verify.yardsticks import REPLICATIONS, YARDSTICKS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "verification.md"
HEAD = """\
# Verification: the engine against answers known in advance

A yardstick is an answer known in advance, and what in the engine must give it (`simlib verify NAME --show` prints it):

- a **run**: with the other mechanisms off, a scenario reduces to a formula of queueing or decision theory. It goes
  through the same `draw_world`, `build` and `simulate` as any other, and the figures are read off the ledger;
- a **rule**: the very function by which people in the engine decide, asked for its answer;
- an **optimum**: such functions called many times, for the best choice of many, or until everybody's choice answers
  everybody else's.

The formulas and their sources stand in `simlib/verify/theory.py`, those of a network of stages in
`simlib/verify/network.py`, those of pay in `simlib/verify/theory_of_pay.py`, of contests in
`simlib/verify/theory_of_contests.py`, those of channels in `simlib/verify/theory_of_channels.py`. The rules of
channels are asked twice: by the optima alone, and in runs where partners and customers ask them (`chain_of_partners`,
`street_of_outlets`, `site_beside_dealer`); the rule of orders (`ordering.py`) is asked by its yardstick only.

A quantity is *inside* if the theory lies in the 99.9% interval that the replications give, and *precise* if the
half-width of that interval is within the yardstick's stated precision (relative to the theory). `simlib verify` ends
with 1 if any theory lies outside, else with 3 if any interval is too wide, else with 0. L = λW is no estimate but an
identity: it must hold in every replication to 1e-9. So must the answers of rules and optima: nothing in them is drawn,
and low and high are the answer itself. A small difference of large numbers (`loss`) must hold to 1e-9 of these.
Prices of sellers in a row come of answers that are joined by straight lines: 1e-7 in `double_markup`.

How long a run must be follows from theory alone (`simlib/verify/planning.py`): asymptotic variances of the birth-death
chain give the customers, relaxation times the warm-up. Near saturation, or where what is measured hardly ever happens,
more customers would be needed than can be simulated; the interval is then widened by what theory says of the run's own
chance and of its empty start, and the verdict is *imprecise*.

Engines with a fault must fail; `tests/verify/test_yardsticks.py` holds that these are found: last in first out, 5%
slower service, hours of work drawn from the number that also gives the patience, one draw for all callers, one draw for
a whole panel, waits not written down, random dealing under the name of round robin, deals sent back to the wrong
stage or with the luck they had, a team that does not share its work, partners who put a fixed mark-up on
what they pay, who do not mind the way between them. Rules with a fault are in
`tests/verify/test_rules.py`: effort that ignores the jump of a bonus, its noise, or the higher of two tops, a quota
that must be passed rather than met, a discount that costs the lower rate, cost that does not count, risk felt twice,
hours shared in proportion, a rival whose luck is half forgotten, customers who do not mind the way, a rebate for the
units beyond a tier only.
"""


def main() -> None:
    """Read the checks from standard input and write the page."""
    checks = json.load(sys.stdin)
    names = list(dict.fromkeys(check["name"] for check in checks))
    missing = sorted(set(YARDSTICKS) - set(names))
    if missing:
        raise SystemExit(f"no checks of {', '.join(missing)}: run `simlib verify --json` without names")
    parts = [HEAD, "## Results", "", f"`simlib verify --json`: seed 0, {REPLICATIONS} replications.", ""]
    parts += [
        "| yardstick | through | quantity | theory | measured | 99.9% interval | half-width | precision | verdict |",
        "|---|---|---|---:|---:|---|---:|---:|---|",
    ]
    parts += [row(check) for check in checks]
    parts += ["", "## Cases", "", "| yardstick | case | parameters |", "|---|---|---|"]
    parts += [case(next(check for check in checks if check["name"] == name)) for name in names]
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text("\n".join(parts) + "\n", encoding="utf-8")


def row(check: dict[str, Any]) -> str:
    """One line of the table of results."""
    yardstick = YARDSTICKS[check["name"]]
    theory, mean, low, high = (check[name] for name in ("theory", "mean", "low", "high"))
    exact = yardstick.exact(check["quantity"])
    width = "-" if exact else f"{(high - low) / 2 / abs(theory):.1%}"
    wanted = "exact" if exact else f"{yardstick.precision:.0%}"
    verdict = "inside" if check["inside"] and check["precise"] else "imprecise" if check["inside"] else "**outside**"
    cells = [
        check["name"],
        check["through"],
        check["quantity"],
        f"{theory:.6f}",
        f"{mean:.6f}",
        f"{low:.6f} to {high:.6f}",
        width,
        wanted,
        verdict,
    ]
    return f"| {' | '.join(cells)} |"


def case(check: dict[str, Any]) -> str:
    """One line of the table of cases."""
    values = ", ".join(f"{name} {json.dumps(value)}" for name, value in check["parameters"].items())
    return f"| {check['name']} | {YARDSTICKS[check['name']].about} | {values} |"


if __name__ == "__main__":
    main()
