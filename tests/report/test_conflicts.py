"""Conflict by kind in the report: hours and money, with intervals, in both languages."""

from dataclasses import replace

import pandas as pd
import pytest

from simlib.ledger import CONFLICTS
from simlib.report import conflicts
from simlib.report.subject import open_subject
from simlib.report.words import words
from simlib.runs.results import Results


def test_every_kind_has_a_name_in_both_languages() -> None:
    """A kind that the ledger knows is never shown by its code."""
    for language in ("en", "zh"):
        known = words(language).messages
        assert [kind for kind in CONFLICTS if f"conflict.{kind}" not in known] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_kinds_that_happened_are_shown_with_their_intervals(results: Results, language: str) -> None:
    """Hours and money of crowding and of two bosses; none of credit, over which nobody quarrelled."""
    subject = open_subject(results, language=language)
    table, w = conflicts.by_kind(subject), subject.words
    assert {len(row) for row in table.rows} == {len(table.headers)} == {2 + len(subject.designs)}
    assert [row[0] for row in table.rows] == [
        w(f"conflict.{kind}") for kind in ("crowding", "crowding", "dual_reporting", "dual_reporting")
    ]
    hours, money = table.rows[2:]
    assert hours[1:3] == (subject.metric("conflict_hours"), w.value(0.0, "hours"))
    mean = 12.0 * (1 + 0.1 * 11.5)
    assert hours[3].split("\n")[0] == w.value(mean, "hours")
    assert money[3].split("\n")[0] == w.money(90 * mean)
    assert all("±" in cell for cell in (*hours[3:], *money[3:]))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_between_channels_what_they_lost_and_the_total_stand_beside_each_other(results: Results, language: str) -> None:
    """Direct of the channels, and total of the firm, which may be a gain: a row each, with the figure's name."""
    key = results.breakdown[["design", "replication"]].drop_duplicates()
    lost = {"money_channels": 5000.0, "money_total": -700.0}
    more = [
        key.assign(level="conflict", group="showrooming", metric=metric, value=value, unit="money")
        for metric, value in lost.items()
    ]
    breakdown = pd.concat([results.breakdown, *more], ignore_index=True)
    subject = open_subject(replace(results, breakdown=breakdown), language=language)
    w = subject.words
    rows = [row for row in conflicts.by_kind(subject).rows if row[0] == w("conflict.showrooming")]
    assert [row[1] for row in rows] == [subject.metric(f"conflict_{metric}") for metric in lost]
    assert [row[2].split("\n")[0] for row in rows] == [w.money(5000.0), w.money(-700.0)]


def test_nothing_to_show_is_no_table(results: Results) -> None:
    """Without a conflict there are no rows, and no empty table on the page."""
    kept = results.breakdown[results.breakdown["level"] != "conflict"].reset_index(drop=True)
    quiet = open_subject(replace(results, breakdown=kept))
    assert conflicts.by_kind(quiet).rows == ()
    assert conflicts.section(quiet) == []
    assert len(conflicts.section(open_subject(results))) == 3
