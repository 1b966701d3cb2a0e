"""Which waiting task is taken next (P2, P4, P12): plain functions that rank by what is known of each."""

from __future__ import annotations

from collections.abc import Callable

Rank = Callable[[float, int, int, int], tuple[float, ...]]
"""A rule that ranks waiting tasks by what is known of each: since when it waits, its stage, the customer's service
grade, the deal's value. The smallest rank is taken first."""


def oldest_first(since: float, stage: int, grade: int, value: int) -> tuple[float, ...]:
    """First come, first served."""
    return (since,)


def new_leads_first(since: float, stage: int, grade: int, value: int) -> tuple[float, ...]:
    """First contacts before everything else, the oldest first (P4)."""
    return (stage > 0, since)


def by_grade(since: float, stage: int, grade: int, value: int) -> tuple[float, ...]:
    """By service grade, 1 first (P2, P12)."""
    return (grade, since)


def highest_value_first(since: float, stage: int, grade: int, value: int) -> tuple[float, ...]:
    """The largest deal first."""
    return (-value, since)


NEXT_TASK: dict[str, Rank] = {
    "oldest_first": oldest_first,
    "new_leads_first": new_leads_first,
    "by_grade": by_grade,
    "highest_value_first": highest_value_first,
}
