"""Where two designs change places as a company grows: the crossing and its interval, or that there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simlib.org import build
from simlib.runs.batch import contributions
from simlib.scenario import Scenario

RESAMPLES = 2_000


@dataclass(frozen=True)
class Crossing:
    """The size at which a difference changes its sign."""

    at: float | None
    """By the means over all worlds; None if they do not cross within the range."""
    low: float | None
    high: float | None
    """95% interval over resampled worlds, of those that cross; None where none does."""
    share: float
    """Share of resampled sets of worlds that cross within the range."""


@dataclass(frozen=True)
class Size:
    """Two designs in a company of one size."""

    heads: tuple[int, int]
    """People of each."""
    differences: NDArray[np.float64]
    """Contribution of the first minus the second, by world."""


def at_one_size(scenario: Scenario, pair: tuple[str, str], *, seed: int, replications: int, workers: int = 1) -> Size:
    """Two designs of a scenario in the same worlds.

    Raises DesignError if one of them cannot be laid out.
    """
    heads = len(build(pair[0], scenario).positions), len(build(pair[1], scenario).positions)
    found = contributions(scenario, pair, seed=seed, replications=replications, workers=workers)
    return Size(heads, np.array(found[pair[0]]) - np.array(found[pair[1]]))


def crossing(sizes: Sequence[float], differences: Sequence[NDArray[np.float64]], *, seed: int) -> Crossing:
    """Where the mean difference first passes zero, linear in the logarithm of size between the sizes tried.

    `sizes`: rising, such as heads. `differences`: by size, one number per world, the same worlds at every size.
    The interval is the bootstrap over worlds (Efron 1979).
    """
    logs, values = np.log(np.asarray(sizes, dtype=float)), np.stack(list(differences))
    worlds = np.random.default_rng(seed).integers(0, values.shape[1], (RESAMPLES, values.shape[1]))
    at = _first_zero(logs, values.mean(axis=1))
    drawn = [_first_zero(logs, values[:, rows].mean(axis=1)) for rows in worlds]
    crossed = [one for one in drawn if one is not None]
    low, high = np.quantile(crossed, [0.025, 0.975]).tolist() if crossed else (None, None)
    return Crossing(at, low, high, len(crossed) / RESAMPLES)


def _first_zero(logs: NDArray[np.float64], means: NDArray[np.float64]) -> float | None:
    """Where a broken line passes from one side of zero to the other; None if it stays on one."""
    signs = np.sign(means)
    for left in range(len(means) - 1):
        if signs[left] and signs[left] != signs[left + 1]:
            share = means[left] / (means[left] - means[left + 1])
            return float(np.exp(logs[left] + share * (logs[left + 1] - logs[left])))
    return None
