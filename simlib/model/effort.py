"""How hard somebody works who is paid by results: until a little more effort costs as much as it pays.

Whoever is paid chooses the effort e in [least, most] that makes most of

    Σ E Wᵢ(yᵢ + kᵢ·e + Xᵢ) − ½·c·(e − e₀)² − ½·r·Σ Var Wᵢ,    Xᵢ ~ N(0, σᵢ²)

where the i-th part of the pay follows the schedule Wᵢ, yᵢ was credited so far (with what comes without effort), kᵢ
comes by each unit of effort, c is the cost of effort, e₀ the effort that would be made for nothing, r the risk
aversion. What a plan is called never matters: a schedule is all that is looked at.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from math import erfc, exp
from typing import NamedTuple

from simlib.model.outlook import variance, variance_slope
from simlib.model.search import highest
from simlib.org.schedule import Schedule

_AT_A_JUMP = (-8.0, -5.0, -4.0, -3.0, -2.25, -1.5, -0.75, 0.0, 0.75, 1.5, 3.0, 8.0)
"""Standard deviations from a jump of the pay at which the utility is looked at first. It is convex only below the jump,
so it is looked at more closely there."""
_AT_A_BEND = (-8.0, -3.0, -1.5, 0.0, 1.5, 3.0, 8.0)
"""The same where only the rate changes."""
_SHARP = 1e-9
"""Spread, relative to the results, that stands for none."""
_STEEPEST, _ROOT_HALF = 1 / math.sqrt(2 * math.pi), math.sqrt(0.5)
"""φ(0), and √½."""


class Stake(NamedTuple):
    """A part of the pay, and what effort does to the result by which it is paid."""

    schedule: Schedule
    result: float
    """Credited so far, and expected whatever the effort."""
    per_effort: float
    """What one unit of effort adds to the mean; 0 where effort does nothing."""
    sd: float = 0.0
    """Of what is still to come. The results of several stakes are taken as independent; that matters only to who is
    averse to risk, and parts paid on one result are then better added up to one schedule."""


class _Joint(NamedTuple):
    """Where two pieces of a schedule meet, at effort e standing z = offset + per_effort·e standard deviations away."""

    offset: float
    per_effort: float
    bend: float
    """Change of the rate, for one standard deviation of the result."""
    jump: float


def effort(
    stakes: Sequence[Stake],
    *,
    cost: float,
    usual: float = 0.0,
    within: tuple[float, float] = (0.0, math.inf),
    risk_aversion: float = 0.0,
) -> float:
    """The effort chosen, the least if several are as good.

    Linear pay: e = e₀ + Σ kᵢ·rateᵢ / c, bounded, whatever the risk aversion (Holmström and Milgrom 1987, Econometrica
    55). Else the highest of all local maxima, at each of which Σ kᵢ·(expected marginal pay) = c·(e − e₀); a quota bonus
    has two, and effort falls off where the quota is out of reach or safely met (Steenburgh 2008, QME 6).
    `cost`: of effort, above 0. `within`: least and most.
    """
    least, most = within
    moved = [stake for stake in stakes if stake.per_effort > 0]
    start = math.fsum(float(stake.schedule.pieces[0].rate) * stake.per_effort for stake in moved)
    if all(stake.schedule.linear for stake in moved):
        return min(max(usual + start / cost, least), most)
    joints = [joint for stake in moved for joint in _joints(stake)]

    def utility(e: float) -> tuple[float, float]:
        """What an effort is worth, and by how much that grows with it."""
        worth, slope = start * e - 0.5 * cost * (e - usual) ** 2, start - cost * (e - usual)
        for offset, per_effort, bend, jump in joints:
            z = offset + per_effort * e
            below, density = 0.5 * erfc(-_ROOT_HALF * z), _STEEPEST * exp(-0.5 * z * z)  # Φ and φ
            worth += (bend * z + jump) * below + bend * density
            slope += per_effort * (bend * below + jump * density)
        return worth, slope

    def wary(e: float) -> tuple[float, float]:
        """The same less what the risk is felt to cost."""
        worth, slope = utility(e)
        risk, growth = _risk(moved, e)
        return worth - 0.5 * risk_aversion * risk, slope - 0.5 * risk_aversion * growth

    points = _points(joints, start, cost, usual)
    first, last = max(min(points), least), min(max(points), most)
    if first >= last:
        return min(first, most)
    looked = [first, last, *(point for point in points if first < point < last)]
    return highest(wary if risk_aversion else utility, looked)


def _joints(stake: Stake) -> list[_Joint]:
    pieces, result, found = stake.schedule.pieces, stake.result, []
    begun, paid, rate = map(float, pieces[0])
    for piece in pieces[1:]:
        begins, pays, next_rate = map(float, piece)
        sd = max(stake.sd, _SHARP * max(abs(begins), abs(result), stake.per_effort))
        jump = pays - (paid + rate * (begins - begun))
        if abs(jump) <= _SHARP * abs(pays):
            jump = 0.0  # rounding: the pieces meet
        found.append(_Joint((result - begins) / sd, stake.per_effort / sd, (next_rate - rate) * sd, jump))
        begun, paid, rate = begins, pays, next_rate
    return found


def _points(joints: Sequence[_Joint], start: float, cost: float, usual: float) -> list[float]:
    """Efforts at which to look first: around each joint, and the best one on each piece if it went on for ever. Beyond
    the first and the last of them nothing can be best."""
    points, slope, steepest = [usual, usual + start / cost], start, 0.0
    for offset, per_effort, bend, jump in sorted(joints, key=lambda joint: -joint.offset / joint.per_effort):
        points += [(look - offset) / per_effort for look in (_AT_A_JUMP if jump else _AT_A_BEND)]
        slope += per_effort * bend
        points.append(usual + slope / cost)
        steepest += per_effort * (abs(bend) + _STEEPEST * abs(jump))
    return [*points, usual + (start - steepest) / cost, usual + (start + steepest) / cost]


def _risk(stakes: Sequence[Stake], e: float) -> tuple[float, float]:
    """Variance of the pay at an effort, and by how much it grows with it."""
    total, growth = 0.0, 0.0
    for schedule, result, per_effort, sd in stakes:
        mean = result + per_effort * e
        total += variance(schedule, mean, sd)
        growth += per_effort * variance_slope(schedule, mean, sd)
    return total, growth
