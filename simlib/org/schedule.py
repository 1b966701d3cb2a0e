"""What a period's result pays: piecewise linear, with jumps; exact for the payroll, in expectation for who plans ahead.

Every part of a pay plan ends in such a schedule: a commission is one piece, tiers are several, a bonus is a jump, a
cap is a last flat piece. Who is paid by it knows what has been sold so far and, as a normal approximation, what can
still be sold in the period; what one more deal is worth then is a difference of two expectations.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

_ROOT_TWO, _ROOT_TWO_PI = math.sqrt(2.0), math.sqrt(2.0 * math.pi)


class Piece(NamedTuple):
    """A stretch of results paid at one rate."""

    begins: Fraction
    """Result from which it holds, itself included; the first piece holds below it too."""
    pays: Fraction
    """Pay at its beginning, in minor units."""
    rate: Fraction
    """Pay for each unit of the result beyond."""


@dataclass(frozen=True)
class Schedule:
    """Pay in minor units as a function of a period's result (minor units of money, or a count)."""

    pieces: tuple[Piece, ...]
    """By `begins`, rising."""

    def pay(self, result: int | Fraction) -> Fraction:
        """What a result pays, exactly; rounding is the plan's to do."""
        begins, pays, rate = self.piece_at(result)
        return pays + rate * (result - begins)

    def piece_at(self, result: int | Fraction) -> Piece:
        """The piece that holds for a result."""
        return self.pieces[max(bisect_right(self._begins, result) - 1, 0)]

    @cached_property
    def _begins(self) -> tuple[Fraction, ...]:
        return tuple(piece.begins for piece in self.pieces)

    @cached_property
    def linear(self) -> bool:
        """Whether every unit pays the same, however much was sold."""
        return len(self.pieces) == 1

    def expected(self, mean: float, sd: float = 0.0) -> float:
        """Expected pay of a normal result.

        Σ over pieces of (pays + rate·(μ − begins))·(Φ(b) − Φ(a)) + rate·σ·(φ(a) − φ(b)), a and b the standardised ends.
        """
        total = 0.0
        for begins, pays, rate, low, high in self._floats:
            if sd <= 0:
                if low <= mean < high:
                    return pays + rate * (mean - begins)
                continue
            a, b = (low - mean) / sd, (high - mean) / sd
            total += (pays + rate * (mean - begins)) * (_cdf(b) - _cdf(a)) + rate * sd * (_pdf(a) - _pdf(b))
        return total

    def magnitude(self, mean: float) -> float:
        """Size of the terms of which the pay of a result is summed: by these, not by their sum, a float rounds."""
        for begins, pays, rate, low, high in self._floats:
            if low <= mean < high:
                return abs(pays) + abs(rate) * (abs(mean) + abs(begins))
        return math.nan

    def marginal(self, mean: float, sd: float) -> float:
        """Expected pay of one more unit: the derivative of `expected` with respect to the mean.

        Σ rate·(Φ(b) − Φ(a)) + Σ jump·φ(a)/σ; without spread the rate of the piece in which the mean lies.
        """
        total, before = 0.0, None
        for begins, pays, rate, low, high in self._floats:
            if sd <= 0:
                if low <= mean < high:
                    return rate
                continue
            a, b = (low - mean) / sd, (high - mean) / sd
            jump = 0.0 if before is None else pays - (before[0] + before[1] * (begins - before[2]))
            total += rate * (_cdf(b) - _cdf(a)) + jump * _pdf(a) / sd
            before = pays, rate, begins
        return total

    @cached_property
    def _floats(self) -> tuple[tuple[float, float, float, float, float], ...]:
        """By piece: begins, pays, rate, and the ends within which it holds."""
        begins = [float(piece.begins) for piece in self.pieces]
        lows, highs = [-math.inf, *begins[1:]], [*begins[1:], math.inf]
        return tuple(
            (begin, float(piece.pays), float(piece.rate), low, high)
            for begin, piece, low, high in zip(begins, self.pieces, lows, highs, strict=True)
        )


def linear(rate: Fraction) -> Schedule:
    """Every unit of the result pays the same."""
    return Schedule((Piece(Fraction(0), Fraction(0), rate),))


def tiered(tiers: Sequence[tuple[Fraction, Fraction]], *, retroactive: bool = False) -> Schedule:
    """Tiers (result from which, rate): marginal, or each rate for the whole result once its tier is reached.

    The first tier's rate holds below its beginning too only if that is 0; else nothing is paid there.
    """
    steps = list(tiers) if tiers[0][0] == 0 else [(Fraction(0), Fraction(0)), *tiers]
    pieces, paid, last, rate_before = [], Fraction(0), Fraction(0), Fraction(0)
    for begins, rate in steps:
        paid = rate * begins if retroactive else paid + rate_before * (begins - last)
        pieces.append(Piece(begins, paid, rate))
        last, rate_before = begins, rate
    return Schedule(tuple(pieces))


def steps(bonuses: Iterable[tuple[Fraction, Fraction]]) -> Schedule:
    """Bonuses (result from which, amount): the amount of the highest step reached, nothing below the first."""
    found = [Piece(begins, amount, Fraction(0)) for begins, amount in bonuses]
    return Schedule((_nothing_below(found[0].begins), *found))


def curve(points: Sequence[tuple[Fraction, Fraction]]) -> Schedule:
    """Straight lines between points (result, pay): nothing below the first, no more above the last."""
    pieces = [Piece(begins, pays, (more - pays) / (ends - begins)) for (begins, pays), (ends, more) in pairwise(points)]
    begins, pays = points[-1]
    return Schedule((_nothing_below(points[0][0]), *pieces, Piece(begins, pays, Fraction(0))))


def from_nothing(schedule: Schedule) -> Schedule:
    """The same as it is for who sells something: what it says of results below 0 is not expected, though a normal
    approximation has them."""
    first = max((number for number, piece in enumerate(schedule.pieces) if piece.begins <= 0), default=0)
    return Schedule(schedule.pieces[first:])


def part_of(schedule: Schedule, share: Fraction) -> Schedule:
    """A share of what it pays."""
    if share == 1:
        return schedule
    return Schedule(tuple(Piece(begins, pays * share, rate * share) for begins, pays, rate in schedule.pieces))


def capped(schedule: Schedule, most: Fraction) -> Schedule:
    """The same, but never more than so much. Raises ValueError for a negative rate."""
    return Schedule(
        tuple(piece if below else Piece(piece.begins, most, Fraction(0)) for piece, below in _parted(schedule, most))
    )


def floored(schedule: Schedule, least: Fraction) -> Schedule:
    """The same, but never less than so much. Raises ValueError for a negative rate."""
    return Schedule(
        tuple(Piece(piece.begins, least, Fraction(0)) if below else piece for piece, below in _parted(schedule, least))
    )


def _parted(schedule: Schedule, level: Fraction) -> Iterator[tuple[Piece, bool]]:
    """The pieces, parted where they meet a level of pay, and whether each lies below it."""
    for number, piece in enumerate(schedule.pieces):
        if piece.rate < 0:
            raise ValueError(f"schedule: got the falling rate {piece.rate}, must be at least 0")
        if piece.rate == 0:
            yield piece, piece.pays < level
            continue
        meets = piece.begins + (level - piece.pays) / piece.rate
        if meets > piece.begins:
            yield piece, True
        elif not number:  # the first piece holds below its beginning too, and so down to where it meets the level
            yield Piece(meets, level, piece.rate), True
        last = number + 1 == len(schedule.pieces)
        if last or meets < schedule.pieces[number + 1].begins:
            begins = max(meets, piece.begins) if number else meets
            yield Piece(begins, piece.pays + piece.rate * (begins - piece.begins), piece.rate), False


def together(schedules: Sequence[Schedule]) -> Schedule:
    """The sum of what several pay for the same result."""
    if len(schedules) == 1:
        return schedules[0]
    edges = sorted({piece.begins for schedule in schedules for piece in schedule.pieces})
    pieces = []
    for edge in edges:
        pays = sum((schedule.pay(edge) for schedule in schedules), Fraction(0))
        pieces.append(Piece(edge, pays, sum((schedule.piece_at(edge).rate for schedule in schedules), Fraction(0))))
    return Schedule(tuple(pieces))


def _nothing_below(begins: Fraction) -> Piece:
    return Piece(begins - 1, Fraction(0), Fraction(0))


def _cdf(z: float) -> float:
    return 0.5 * math.erfc(-z / _ROOT_TWO)


def _pdf(z: float) -> float:
    return math.exp(-0.5 * z * z) / _ROOT_TWO_PI if math.isfinite(z) else 0.0
