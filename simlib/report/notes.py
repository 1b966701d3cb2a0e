"""What does a replayed log have to say? Its notes in words, for the report and for the console."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from simlib.report.words import Words
from simlib.world.crm_notes import Note, Value


def said(w: Words, note: Note) -> str:
    """A note as a sentence, in plain text."""
    return w(f"log.{note.code}", **{name: _shown(w, name, value) for name, value in note.values.items()})


def counts(w: Words, set_aside: Mapping[str, int]) -> list[str]:
    """How many rows were set aside, for each reason that there was."""
    return [f"{w.label('set_aside', reason)}: {w.number(count)}" for reason, count in set_aside.items() if count]


def _shown(w: Words, name: str, value: Value) -> str:
    if isinstance(value, dt.date):
        return w.date(value)
    if isinstance(value, tuple):
        return w.listing(value)
    if isinstance(value, int | float):
        return w.number(value)
    return w.label("dimension", value) if name == "dimension" else value
