"""A YAML parser's complaint, in the words of somebody who never read the YAML specification."""

from __future__ import annotations

from ruamel.yaml.error import YAMLError

from simlib.errors import Fault

_FULL_WIDTH = (("：", "`: `"), ("，", "`, `"), ("【", "`[`"), ("｛", "`{`"))

_WORDS = (
    ("found character '\\t'", "got a tab, must be indented with spaces"),
    (
        "mapping values are not allowed",
        "got a second `: ` or a line that is indented too far, must be `name: value` (quote a value that holds `: `)",
    ),
    ("could not find expected ':'", "got a line without `: `, must be `name: value`"),
    ("expected <block end>", "got a line that does not stand under its neighbours, must be indented as they are"),
    ("did not find expected", "got a line that does not stand under its neighbours, must be indented as they are"),
    ("expected ',' or ']'", "got a list that is not closed, must be `[a, b]`"),
    ("expected ',' or '}'", "got a mapping that is not closed, must be `{name: value, name: value}`"),
    ("expected the node content", "got a list or mapping that is not closed, or an empty place in it; must be a value"),
    ("unexpected end of stream", "got a quote that is not closed, must be closed"),
    ("unexpected document separator", "got a quote that is not closed, must be closed"),
    ("sequence entries are not allowed", "got `- ` in the middle of a line, must begin a line of its own"),
    ("expected '<document start>'", "got something after the end of the value, must be one mapping"),
    ("unknown escape character", "got a backslash that is no escape, must be doubled (or use single quotes)"),
    ("expected escape sequence", "got a backslash that is no escape, must be doubled (or use single quotes)"),
)


def syntax_fault(error: YAMLError, file: str, text: str) -> Fault:
    """A parser's complaint about a file, at the place where the user can mend it."""
    problem, context = str(getattr(error, "problem", None) or error), str(getattr(error, "context", None) or "")
    mark, opened = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    if mark is None:
        return Fault(_plain_words(problem, context), file=file)
    lines = text.splitlines()
    first = mark if opened is None else opened
    near = "\n".join(lines[first.line : mark.line + 1])
    since = f" (opened in line {first.line + 1})" if "flow" in context and first.line != mark.line else ""
    if "simple key" in context or "quoted scalar" in context:
        mark = first  # the parser notices only further down
    return Fault(_plain_words(problem, context) + since + _full_width(near), "", file, mark.line + 1, mark.column + 1)


def _plain_words(problem: str, context: str) -> str:
    words = next((words for part, words in _WORDS if part in problem), "")
    if words:
        return words
    if "cannot start any token" in problem:
        return f"got {problem.removeprefix('found character ').split(' ')[0]}, must be quoted at the start of a value"
    detail = f"{problem} {context}".strip().splitlines()[0]
    return f"got a text that is no YAML ({detail[:100]}), must be YAML"


def _full_width(written: str) -> str:
    """A hint for lines in which a Chinese input method left its own punctuation; empty if there is none."""
    swaps = [f"{mark} instead of {plain}" for mark, plain in _FULL_WIDTH if mark in written]
    return f" (there is {' and '.join(swaps)})" if swaps else ""
