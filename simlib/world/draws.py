"""Random numbers without a stream: each is a pure function of who, what for, and which one.

`draw(entity, purpose, n)` depends on (seed, replication, entity, purpose, n) and on nothing else: not on the
order of calls, not on what else exists, not on the design. That is what makes every design meet the same
world. Each (seed, replication, purpose, entity) owns one SplitMix64 sequence (Steele, Lea and Flood 2014,
'Fast splittable pseudorandom number generators'); n is the position in it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

Keys = NDArray[np.uint64]
_MASK = (1 << 64) - 1
_GOLDEN, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def key(*parts: str | int) -> int:
    """The 64-bit key of an entity named by its parts: `key("account", "east", "enterprise")`.

    Parts are set apart and carry their type, so that no two names run together.
    """
    text = "\x1f".join(f"{type(part).__name__}:{part}" for part in parts)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def child_keys(parents: int | Keys, numbers: ArrayLike) -> Keys:
    """Keys of numbered children, one for each pair of parent and number (broadcast)."""
    with np.errstate(over="ignore"):
        steps = (np.asarray(numbers, dtype=np.uint64) + np.uint64(1)) * np.uint64(_GOLDEN)
        return _mix_all(_mix_all(np.asarray(parents, dtype=np.uint64)) + steps)


@dataclass(frozen=True)
class Dice:
    """All random numbers of one world."""

    seed: int
    """Any integer; 0 is a seed like another."""
    replication: int

    def draw(self, entity: int, purpose: str, n: int = 0) -> float:
        """The n-th uniform number in (0, 1) of an entity for a purpose."""
        state = _mix(_root(self.seed, self.replication, purpose) ^ entity)
        return ((_mix((state + (n + 1) * _GOLDEN) & _MASK) >> 12) + 0.5) * 2.0**-52

    def column(self, entities: Keys, purpose: str, n: int = 0) -> NDArray[np.float64]:
        """The n-th number of every entity: the same numbers as `draw`, drawn at once. Shape (entities,)."""
        return self.table(entities, purpose, [n])[:, 0]

    def table(self, entities: Keys, purpose: str, numbers: ArrayLike) -> NDArray[np.float64]:
        """Numbers `numbers` of every entity, shape (entities, numbers)."""
        root = np.uint64(_root(self.seed, self.replication, purpose))
        steps = np.asarray(numbers, dtype=np.uint64) + np.uint64(1)
        with np.errstate(over="ignore"):
            state = (
                _mix_all(np.asarray(entities, dtype=np.uint64) ^ root)[:, None] + (steps * np.uint64(_GOLDEN))[None, :]
            )
        bits = _mix_all(state) >> np.uint64(12)
        return (bits.astype(np.float64) + 0.5) * 2.0**-52


@lru_cache(maxsize=4096)
def _root(seed: int, replication: int, purpose: str) -> int:
    return key("draw", seed, replication, purpose)


def _mix(z: int) -> int:
    z = ((z ^ (z >> 30)) * _FIRST) & _MASK
    z = ((z ^ (z >> 27)) * _SECOND) & _MASK
    return z ^ (z >> 31)


def _mix_all(z: Keys) -> Keys:
    with np.errstate(over="ignore"):
        z = (z ^ (z >> np.uint64(30))) * np.uint64(_FIRST)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(_SECOND)
        return z ^ (z >> np.uint64(31))
