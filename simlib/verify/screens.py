"""Yardsticks of approval as a screen: who must agree before a deal is signed, and what that earns (Sah and Stiglitz).

Each case is an organisation whose bosses pass sound and unsound deals with stated probabilities; what it lets through
is what so many of so many independent screeners would. Nobody waits for anybody here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simlib.errors import SimlibError
from simlib.ledger import Ledger
from simlib.scenario.schema import Scenario
from simlib.verify import theory
from simlib.verify.planning import bernoulli
from simlib.verify.reduction import bare, cell
from simlib.verify.theory import Quantities
from simlib.verify.yardstick import Parameters, Plan, Span, Yardstick

_UNIT = 1e6
"""Currency units in one unit of a yardstick's money: deal values are whole units."""
_PER_TIME = 10.0
"""Leads per unit of time; time plays no part."""
_LINE = {"structure": "flat", "partition": "none", "layers": 2, "span": 1, "reps": 3, "authority": {"rep": 0.0}}
SINGLE, BOTH, EITHER, MAJORITY, ALL = "single", "both", "either", "majority", "all"
"""Rules of decision; `all` of them."""
BREAK_EVEN = "break_even_prior"


@dataclass(frozen=True)
class Screen:
    """An organisation that decides by a rule: it passes a deal as `needed` of `members` independent screeners would."""

    rule: str
    members: int
    needed: int
    design: Mapping[str, Any]

    def passes(self, probability: float) -> float:
        """Probability that it passes a deal which each of its people passes with a stated one."""
        return theory.panel_pass(probability, members=self.members, needed=self.needed)


def _panel(rule: str, members: int, needed: int) -> Screen:
    return Screen(rule, members, needed, {**_LINE, "panel": {"members": members, "needed": needed}})


_TWO_LAYERS = Screen(BOTH, 2, 2, {**_LINE, "layers": 3, "authority": {"rep": 0.0, "manager": 0.0}})
"""The boss, then the boss's boss."""
_TWO_BOSSES = Screen(MAJORITY, 3, 2, {**_LINE, "layers": 3, "span": 2, "reps": 4, "second_line": "product"})
"""Two bosses who must agree, else their common boss decides: p² + 2p(1 - p)p, as a majority of three."""


@dataclass(frozen=True)
class Screens:
    """Organisations to be held against each other as screens, by the quantity that each one's profit is."""

    name: str
    both: str
    """The quantity of the hierarchy, whose break-even with the polyarchy is looked for."""
    either: str
    screens: Mapping[str, Screen]

    def chosen(self, p: Parameters) -> dict[str, Screen]:
        """Those that decide by the rule asked for, or all."""
        rule = p.get("rule", ALL)
        return {quantity: screen for quantity, screen in self.screens.items() if rule in (ALL, screen.rule)}

    def theory(self, p: Parameters) -> Quantities:
        """Profit a deal of each, the break-even, and the share of sound deals."""
        if p["gain"] <= 0:
            raise SimlibError(f"{self.name}.gain: got {p['gain']:g}, must be above 0: a deal has a value")
        known = theory.screening(p["pass_good"], **{n: p[n] for n in ("pass_bad", "prior", "gain", "loss")})
        good, bad = p["prior"] * p["gain"], (1 - p["prior"]) * p["loss"]
        chosen = self.chosen(p)
        found = {quantity: good * screen.passes(p["pass_good"]) - bad * screen.passes(p["pass_bad"])
                 for quantity, screen in chosen.items()}  # fmt: skip
        if {self.both, self.either} <= set(chosen) and not math.isnan(known[BREAK_EVEN]) and 0 < p["prior"] < 1:
            # Else no two screens differ, or there are no deals of one kind to tell how often they pass.
            found[BREAK_EVEN] = known[BREAK_EVEN]
        return {**found, "sound_share": p["prior"]}

    def plan(self, p: Parameters) -> Plan:
        """Profits vary with who passes; their spread by the delta method for the break-even."""
        prior, gain, loss = p["prior"], p["gain"], p["loss"]
        deviations = {"sound_share": math.sqrt(bernoulli(prior))}
        for quantity, screen in self.chosen(p).items():
            good, bad = (bernoulli(screen.passes(p[kind])) for kind in ("pass_good", "pass_bad"))
            deviations[quantity] = math.sqrt(gain**2 * prior * good + loss**2 * (1 - prior) * bad)
        good, bad = (2 * bernoulli(p[kind]) for kind in ("pass_good", "pass_bad"))
        total = gain * good + loss * bad
        if total and 0 < prior < 1:
            spread = bad**2 * bernoulli(good) / prior + good**2 * bernoulli(bad) / (1 - prior)
            deviations[BREAK_EVEN] = gain * loss * math.sqrt(spread) / total**2
        return Plan(arrival_rate=_PER_TIME, fastest=_PER_TIME, deviations=deviations, drain=10.0)

    def scenario(self, p: Parameters, phases: Span) -> Scenario:
        """One design for each, in the same worlds; two bosses are asked where a design has two."""
        approval = {"hours": 0.0, "pass_good": p["pass_good"], "pass_bad": p["pass_bad"]}
        return bare(
            self.name,
            phases,
            cells=[cell(_PER_TIME, phases.hour, customers=p["customers"], value={"median": p["gain"] * _UNIT})],
            demand={"sound_share": p["prior"]},
            mechanisms={"queueing": "off", "approval": approval, "dual_reporting": {}},
            stages=[{"name": "signature", "effort_hours": 0.0, "approval": True}],
            costs={"unsound_loss_share": p["loss"] / p["gain"]},
            designs={quantity: dict(screen.design) for quantity, screen in self.chosen(p).items()},
        )

    def measure(self, ledgers: Mapping[str, Ledger], p: Parameters, hour: float) -> Quantities:
        """Profits by the stated share of sound deals, which is itself a quantity, so that its chance does not blur
        them."""
        needs = next(iter(ledgers.values())).needs
        sound = needs["sound"].to_numpy()[needs["cohort"].to_numpy()]
        found: Quantities = {"sound_share": float(sound.mean())}
        shares: dict[str, tuple[float, float]] = {}
        for name, ledger in ledgers.items():
            good, bad = (_money_per_deal(ledger, kind, int(count)) for kind, count in (
                ("sale", sound.sum()), ("unsound loss", (~sound).sum())))  # fmt: skip
            shares[name] = good / p["gain"], bad / p["loss"] if p["loss"] else math.nan
            found[name] = (p["prior"] * good if p["prior"] else 0.0) - (
                (1 - p["prior"]) * bad if p["prior"] < 1 else 0.0
            )
        if {self.both, self.either} <= set(shares):
            good, bad = (shares[self.either][side] - shares[self.both][side] for side in (0, 1))
            total = p["gain"] * good + p["loss"] * bad
            found[BREAK_EVEN] = p["loss"] * bad / total if total else math.nan
        return found


def _money_per_deal(ledger: Ledger, kind: str, deals: int) -> float:
    """Money of a kind that the window's leads moved, per deal, in the yardstick's unit; NaN for no deal."""
    inside = ledger.needs["cohort"].to_numpy()
    rows = ledger.money[(ledger.money["kind"] == kind).to_numpy()]
    amount = rows["amount"].to_numpy()[inside[rows["lead"].to_numpy()]].sum()
    return float(amount) / ledger.frame.minor_units / _UNIT / deals if deals else math.nan


_PANELS = Screens(
    "screening",
    both="profit_both",
    either="profit_either",
    screens={
        "profit_single": _panel(SINGLE, 1, 1),
        "profit_both": _TWO_LAYERS,
        "profit_either": _panel(EITHER, 2, 1),
        "profit_majority": _panel(MAJORITY, 3, 2),
    },
)
_ARCHITECTURES = Screens(
    "hierarchy_polyarchy",
    both="both",
    either="either",
    screens={
        "single": _panel(SINGLE, 1, 1),
        "both": _TWO_LAYERS,
        "both_in_panel": _panel(BOTH, 2, 2),
        "either": _panel(EITHER, 2, 1),
        "majority": _panel(MAJORITY, 3, 2),
        "two_bosses": _TWO_BOSSES,
    },
)
_DEFAULTS = {"pass_good": 0.8, "pass_bad": 0.3, "prior": 0.5, "gain": 1.0, "loss": 1.0}
SCREENING = Yardstick(
    name=_PANELS.name,
    about="approval as a screen (Sah and Stiglitz): profit a deal of one, both of two, either, two of three",
    defaults=_DEFAULTS,
    precision=0.05,
    theory=_PANELS.theory,
    plan=_PANELS.plan,
    scenario=_PANELS.scenario,
    measure=_PANELS.measure,
)
HIERARCHY_POLYARCHY = Yardstick(
    name=_ARCHITECTURES.name,
    about="who must agree: one, both (two layers, a panel), either, two of three (a panel, two bosses and theirs)",
    defaults={**_DEFAULTS, "rule": ALL},
    precision=0.05,
    theory=_ARCHITECTURES.theory,
    plan=_ARCHITECTURES.plan,
    scenario=_ARCHITECTURES.scenario,
    measure=_ARCHITECTURES.measure,
    choices={"rule": (ALL, SINGLE, BOTH, EITHER, MAJORITY)},
)
