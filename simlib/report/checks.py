"""The checks of `verify` for people: a line each, under headings."""

from __future__ import annotations

from simlib.report.width import padded, padded_left
from simlib.report.words import Words
from simlib.verify.yardsticks import Check

_WIDTHS = (21, 21, -12, -12, -27)
"""Columns of what stands before the verdict; negative: numbers, which stand to the right."""


def heading(w: Words) -> str:
    """Heads of the columns of `line`."""
    heads = ("yardstick", "quantity", "theory", "mean", "interval", "verdict")
    return _row(*(w(f"verify.{head}") for head in heads))


def line(check: Check, w: Words) -> str:
    """A check on one line."""
    interval = f"[{check.low:.6g}, {check.high:.6g}]"
    return _row(check.name, check.quantity, f"{check.theory:.6g}", f"{check.mean:.6g}", interval, verdict(check, w))


def verdict(check: Check, w: Words) -> str:
    """`OUTSIDE`: theory and runs differ; `imprecise`: they agree, but the interval is too wide to say much."""
    if not check.inside:
        return w("verify.outside")
    return w("verify.inside" if check.precise else "verify.imprecise")


def _row(*cells: str) -> str:
    first = (
        padded(cell, size) if size > 0 else padded_left(cell, -size) for cell, size in zip(cells, _WIDTHS, strict=False)
    )
    return "  ".join([*first, cells[-1]])
