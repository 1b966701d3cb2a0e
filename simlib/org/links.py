"""Whom must a seller keep informed? Links between those who serve the same accounts, counted before the run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simlib.org.organisation import Organisation

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_ROWS = 512
"""Slices whose links are counted at once: so many rows of a table of all with all fit into memory."""


def links(organisation: Organisation) -> Floats:
    """Links of each seat with colleagues, weighted by what they share and how far apart they report (S2, S5, S8).

    L_i = Σ_j s_ij · d_ij over the other sellers j. s_ij: share of i's accounts, by expected needs, that j may be sent
    to as well, on whatever leg of the way and with whatever product. Accounts live in a place (region and segment),
    and slices are arcs of the circle [0, 1):

        s_ij = Σ_place w_i(place) · [j serves the place] · |own_i ∩ reach_j| / own_i        with Σ_place w_i = 1

    in a change of designs times the share of i's accounts whose turn falls to j's slice as well.

    d_ij: 1 with a direct boss in common (of either line), else the layers up to their lowest common boss, without one
    the organisation's layers + 1. Zero for those who serve nobody. Shape (positions,).
    """
    seats = np.array([seat for seat in organisation.sellers for _ in organisation.positions[seat].scope], dtype=int)
    parts = [part for seat in organisation.sellers for part in organisation.positions[seat].scope]
    start, own, reach = (np.array([getattr(part, name) for part in parts]) for name in ("start", "own", "reach"))
    needs, serves = _places(organisation)
    total = np.bincount(seats, needs.sum(axis=1), minlength=len(organisation.positions))[seats, None]
    weights = np.divide(needs, total, out=np.zeros_like(needs), where=total > 0)
    turns = np.array([part.turns for part in parts])
    distance = _Distances(organisation)
    found = np.zeros(len(organisation.positions))
    for first in range(0, len(parts), _ROWS):
        mine = slice(first, first + _ROWS)
        ahead, length = (start[mine, None] - start) % 1.0, own[mine, None]
        common = np.clip(reach - ahead, 0.0, length) + np.clip(ahead + length - 1.0, 0.0, reach)
        shared = weights[mine] @ serves.T * common / length * _together(turns[mine], turns)
        np.add.at(found, seats[mine], (shared * distance.between(seats[mine], seats)).sum(axis=1))
    return found


def _together(some: Floats, others: Floats) -> Floats:
    """Share of slices' turns that are others' too, shape (some, others)."""
    common = np.minimum(some[:, 1:], others[:, 1]) - np.maximum(some[:, :1], others[:, 0])
    return np.asarray(np.clip(common, 0.0, None) / (some[:, 1:] - some[:, :1]))


def _places(organisation: Organisation) -> tuple[Floats, Floats]:
    """By slice and place: expected needs a week of the own part, and 1 where it serves the place at all."""
    needs = organisation.cells.needs_per_week
    region, _, segment, _ = np.indices(needs.shape)
    place, flat, count = (region * needs.shape[2] + segment).ravel(), needs.ravel(), needs.shape[0] * needs.shape[2]
    rows, served = [], []
    for seat in organisation.sellers:
        for part in organisation.positions[seat].scope:
            cells = np.array(part.cells)
            rows.append(part.share * np.bincount(place[cells], flat[cells], minlength=count))
            served.append(np.bincount(place[cells], minlength=count) > 0)
    return np.array(rows), np.array(served, dtype=float)


class _Distances:
    """How far apart two seats report."""

    def __init__(self, organisation: Organisation) -> None:
        lines = [organisation.line(seat) for seat in range(len(organisation.positions))]
        self._layers = max(map(len, lines))
        self._above = np.array([[*line, *[-1] * (self._layers - len(line))] for line in lines])
        """By seat: itself, its boss, the boss's boss, …; -1 where nobody is."""
        seconds = [position.second_boss for position in organisation.positions]
        self._second = np.array([organisation.number(boss) if boss else -1 for boss in seconds])

    def between(self, some: Ints, others: Ints) -> Floats:
        """Distances, shape (some, others); 0 from a seat to itself."""
        found = np.full((len(some), len(others)), self._layers + 1.0)
        for up in reversed(range(self._layers)):
            # from the top down, so that the lowest common boss is the one that stays
            for mine, theirs in [*((up, below) for below in range(up + 1)), *((below, up) for below in range(up))]:
                boss = self._above[some, mine][:, None]
                found[(boss == self._above[others, theirs]) & (boss >= 0)] = up
        second = self._second[some][:, None]
        beside = (second == self._second[others]) & (second >= 0) & (some[:, None] != others)
        found[beside] = 1.0
        return found
