"""How does the report speak in a notebook? Paragraphs as Markdown, in which nothing that a user wrote has a meaning.

The functions return what IPython shows, so that a notebook's cell is one call.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from IPython.display import Markdown

from simlib.report import findings
from simlib.report.notes import counts, said
from simlib.report.page import anchor
from simlib.report.subject import Subject
from simlib.report.words import Words
from simlib.scenario import Scenario

_MEANING = re.compile(r"[!-/:-@\[-`{-~]")
"""ASCII punctuation: all that can mean something to Markdown or HTML."""


def escaped(text: str) -> str:
    """A text that Markdown shows as it is: punctuation as character references, one line."""
    return _MEANING.sub(lambda found: f"&#{ord(found.group())};", " ".join(text.split()))


def paragraph(w: Words, message: str, /, **values: str) -> Markdown:
    """A phrase of the catalogue, which may hold Markdown, with values, which may not."""
    return Markdown(w(message, **{name: escaped(value) for name, value in values.items()}))


def contents(w: Words, *entries: str | list[Any]) -> Markdown:
    """A list of the headings below, each a link to its own: ids of headings, or the parts of a section, the first of
    them its heading; a section without parts is left out."""
    headings = [w(entry) if isinstance(entry, str) else str(entry[0].data) for entry in entries if entry]
    titles = [heading.splitlines()[0].lstrip("# ") for heading in headings]
    return Markdown(
        "\n".join([w("contents.title"), "", *(f"- [{title}](#{quote(anchor(title))})" for title in titles)])
    )


def plain(text: str) -> Markdown:
    """A sentence that is there already, as a paragraph."""
    return Markdown(escaped(text))


def opening(subject: Subject) -> Markdown:
    """Title of the report, and what was compared over what time in how many worlds."""
    w, results = subject.words, subject.results
    scenario = results.scenario
    return paragraph(
        w,
        "opening.one_world" if subject.one_world else "opening.text",
        title=scenario.title or scenario.name,
        count=w.number(len(subject.designs)),
        worlds=w.number(results.replications),
        days=w.number(scenario.calendar.horizon_days),
        currency=scenario.currency,
    )


def verdict(subject: Subject) -> Markdown:
    """The verdict in words: the answer first, then a sentence for each design."""
    w = subject.words
    lines = [f"**{escaped(findings.verdicts(subject))}**", ""]
    lines += [f"- {escaped(findings.verdict_sentence(subject, design))}" for design in subject.others]
    lines += ["", w("verdict.how", confidence=escaped(w.percent(subject.comparison.confidence, 0)))]
    return Markdown("\n".join(lines))


def targets(subject: Subject) -> Markdown:
    """How to read the targets, or that there are none."""
    return paragraph(subject.words, "targets.some" if subject.results.scenario.targets else "targets.none")


def doubt(scenario: Scenario, w: Words) -> Markdown:
    """What is not known: how many parameters are guessed, and whether the intervals hold that doubt."""
    grades = [evidence.grade for evidence in scenario.evidence.values()]
    counted = {grade: w.number(grades.count(grade)) for grade in ("guess", "expert", "literature", "data")}
    lines = [w("doubt.count", **{name: escaped(text) for name, text in counted.items()})]
    lines += ["", w(f"doubt.{scenario.compare.doubt}")]
    return Markdown("\n".join(lines))


def break_even(subject: Subject) -> Markdown:
    """How to read the tables of break-even factors, or that no reruns were made."""
    return paragraph(subject.words, "break_even.none" if subject.break_even.empty else "break_even.reruns")


def notes(subject: Subject) -> Markdown:
    """What the run itself has to say: what was set aside, imputed, refused; or that there is nothing."""
    w, results = subject.words, subject.results
    told = [*counts(w, results.set_aside), *(said(w, note) for note in results.notes)]
    lines = [f"- {escaped(text)}" for text in told]
    return Markdown("\n".join([w("notes.some"), "", *lines]) if lines else w("notes.none"))
