"""What pay is worth before the result is known: expected gain from a deal, spread of pay, its certainty equivalent.

All amounts are minor units of money, as floats; risk aversion is per minor unit (the coefficient of CARA utility).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from simlib.org.schedule import Schedule

_ROOT_TWO, _ROOT_TWO_PI = math.sqrt(2.0), math.sqrt(2.0 * math.pi)

_NEARLY_NEUTRAL = 1e-12
"""Square of r × sd of pay below which the next term of the series is beyond a float, and rounding is not."""


class Outlook(NamedTuple):
    """A part of the pay, and what is known of the result by which it will be paid."""

    schedule: Schedule
    mean: float
    """Of the period's result: what was credited so far and what is expected still to come."""
    sd: float = 0.0
    """Of what is still to come; 0 at the very end of the period."""


def worth(outlook: Outlook, amount: float) -> float:
    """Expected pay for so much more of the result: E W(y + amount + X) − E W(y + X), y + X ~ N(mean, sd²)."""
    schedule, mean, sd = outlook
    return schedule.expected(mean + amount, sd) - schedule.expected(mean, sd)


def variance(schedule: Schedule, mean: float, sd: float) -> float:
    """Variance of the pay for a normal result.

    E(W − m)², m = E W. On a piece of [a, b] standard deviations, where W − m = v + s·z with s = rate·σ, it is
    v²·(Φ(b) − Φ(a)) + 2vs·(φ(a) − φ(b)) + s²·(Φ(b) − Φ(a) + aφ(a) − bφ(b)).
    """
    if sd <= 0:
        return 0.0
    middle = schedule.expected(mean, sd)
    total = 0.0
    for part in _parts(schedule, mean, sd):
        v, s, within, drop = part.pays - middle, part.slope, part.within, pdf(part.low) - pdf(part.high)
        total += v * v * within + 2 * v * s * drop
        total += s * s * (within + _times_pdf(part.low) - _times_pdf(part.high))
    return max(total, 0.0)


def variance_slope(schedule: Schedule, mean: float, sd: float) -> float:
    """By how much the variance of the pay grows with the mean of the result.

    E 2(W − m)·rate + Σ over jumps ((W₊ − m)² − (W₋ − m)²)·φ/σ, m = E W: m's own change drops out.
    """
    if sd <= 0:
        return 0.0
    middle = schedule.expected(mean, sd)
    total, before = 0.0, None
    for part in _parts(schedule, mean, sd):
        v, drop = part.pays - middle, pdf(part.low) - pdf(part.high)
        total += 2 * part.slope / sd * (v * part.within + part.slope * drop)
        if before is not None:
            reached, left = v + part.slope * part.low, before.pays - middle + before.slope * part.low
            total += (reached * reached - left * left) * pdf(part.low) / sd
        before = part
    return total


def certainty_equivalent(outlook: Outlook, *, risk_aversion: float) -> float:
    """The sure pay that is worth as much as the uncertain one to who has constant absolute risk aversion r.

    −ln E exp(−rW) / r; on a piece with W = v + s·z, z in [a, b], the expectation is
    exp(−rv + r²s²/2)·(Φ(b + rs) − Φ(a + rs)). For a linear schedule it is the mean less r·Var/2 (Pratt 1964,
    Econometrica 32; Holmström and Milgrom 1987, Econometrica 55). Holds up to r × sd of pay of about 30, beyond which
    the tail that decides is out of a float's reach. At r = 0 the expected pay.
    """
    schedule, mean, sd = outlook
    expected = schedule.expected(mean, sd)
    spread = variance(schedule, mean, sd)
    if risk_aversion * risk_aversion * spread < _NEARLY_NEUTRAL:
        return expected - risk_aversion * spread / 2
    logs = []
    for part in _parts(schedule, mean, sd):
        moved = risk_aversion * part.slope
        within = between(part.low + moved, part.high + moved)
        if within > 0:
            logs.append(math.log(within) - risk_aversion * (part.pays - expected) + moved * moved / 2)
    return expected - _log_sum(logs) / risk_aversion


def certainty_equivalent_of(pays: Sequence[float], *, risk_aversion: float) -> float:
    """The same for pays that came out, each as likely as the other: −ln mean exp(−r·pay) / r."""
    mean = math.fsum(pays) / len(pays)
    if risk_aversion == 0:
        return mean
    logs = [-risk_aversion * (pay - mean) for pay in pays]
    if max(map(abs, logs)) < 1:
        return mean - math.log1p(math.fsum(map(math.expm1, logs)) / len(pays)) / risk_aversion
    return mean - (_log_sum(logs) - math.log(len(pays))) / risk_aversion


class _Part(NamedTuple):
    """A piece of a schedule as a normal result meets it: pays + slope·z while z is in [low, high]."""

    pays: float
    slope: float
    low: float
    high: float
    within: float
    """Probability of the piece."""


def _parts(schedule: Schedule, mean: float, sd: float) -> Iterator[_Part]:
    pieces = schedule.pieces
    low = -math.inf
    for number, (begins, pays, rate) in enumerate(pieces):
        high = (float(pieces[number + 1].begins) - mean) / sd if number + 1 < len(pieces) else math.inf
        slope = float(rate)
        yield _Part(float(pays) + slope * (mean - float(begins)), slope * sd, low, high, between(low, high))
        low = high


def _log_sum(logs: Sequence[float]) -> float:
    largest = max(logs)
    return largest + math.log(math.fsum(math.exp(part - largest) for part in logs))


def _times_pdf(z: float) -> float:
    return z * pdf(z) if math.isfinite(z) else 0.0


def cdf(z: float) -> float:
    """Φ: chance that a standard normal number is below z."""
    return 0.5 * math.erfc(-z / _ROOT_TWO)


def between(low: float, high: float) -> float:
    """Φ(high) − Φ(low), from the tails where both are on one side."""
    return cdf(-low) - cdf(-high) if low > 0 else cdf(high) - cdf(low)


def pdf(z: float) -> float:
    """φ: density of a standard normal number."""
    return math.exp(-0.5 * z * z) / _ROOT_TWO_PI if math.isfinite(z) else 0.0
