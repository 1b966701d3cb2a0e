"""How likely somebody is to leave: by pay beside others and before, by hours, conflict, and courses.

A proportional hazard: each reason multiplies it by exp(weight · reason), and every reason is 0 where nothing is amiss.
That pay, fairness, workload and conflict matter, and with which sign, is well founded (Griffeth, Hom and Gaertner 2000,
Journal of Management 26; Card, Mas, Moretti and Saez 2012, American Economic Review 102). How much is not: weights are
guesses until a company's own leavers are counted.
"""

from __future__ import annotations

import math
from typing import NamedTuple


class Reasons(NamedTuple):
    """Reasons to leave, or the weight of each; 0 = none."""

    market: float = 0.0
    """How far the pay falls short of what others pay, as a share of that."""
    reference: float = 0.0
    """How far it falls short of what one is used to."""
    unfairness: float = 0.0
    """How far it falls short of what peers are paid for as much."""
    overload: float = 0.0
    """Hours beyond those paid, as a share of them."""
    conflict: float = 0.0
    """Share of the hours spent in conflict."""
    courses: float = 0.0
    """None, less what courses received do for who received them: −n / (1 + n) for n that are not forgotten."""
    recognition: float = 0.0
    """The same of honours."""
    promotion: float = 0.0
    """The same of promotions."""
    passed_over: float = 0.0
    """n / (1 + n) for n times that somebody else was promoted, or nobody, and one has not forgotten."""


def leaving_rate(usual: float, *, reasons: Reasons, weights: Reasons) -> float:
    """Rate of leaving, in the unit of the usual one: usual · exp(Σ weight · reason) (Cox 1972, JRSS B 34)."""
    return usual * math.exp(math.fsum(weight * reason for weight, reason in zip(weights, reasons, strict=True)))


def shortfall(pay: float, *, reference: float, relief: float = 1.0) -> float:
    """How far pay falls short of a reference, as a share of it: from 1 (no pay) through 0, negative above it.

    `relief`: how much being ahead counts beside being behind: 1 = as much, 0 = not at all. Losses against a reference
    count about twice, .5 (Tversky and Kahneman 1992, Journal of Risk and Uncertainty 5; of pay: Mas 2006, QJE 121).
    Without a reference (0 or less) nothing is amiss.
    """
    if reference <= 0:
        return 0.0
    gap = (reference - pay) / reference
    return gap if gap >= 0 else relief * gap


def fair_pay(contribution: float, *, peers_pay: float, peers_contribution: float) -> float:
    """What one's contribution would be paid at the rate of one's peers: the reference of fairness (I7).

    Equity compares ratios of pay to contribution, not pay (Adams 1963, Journal of Abnormal and Social Psychology 67).
    Totals or means of the peers, both alike; 0 if they contributed nothing.
    """
    return contribution * peers_pay / peers_contribution if peers_contribution > 0 else 0.0


def overload(hours_worked: float, *, hours_paid: float) -> float:
    """Hours worked beyond those paid, as a share of them; 0 for who works less."""
    return max(hours_worked / hours_paid - 1, 0.0) if hours_paid > 0 else 0.0
