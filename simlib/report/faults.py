"""What is said of a fault, in another language: whole or not at all.

Below the report a fault is worded in English, where it is found. `faults/<language>.po` is keyed by that wording, with
what varies in braces: `must be at least {least}`. A message is a wording of the catalogue whose braces hold a value, or
another wording, and so on down: `got {met}, {rule}` holds `nothing` and `must be stated`. What holds a word that no
wording accounts for stays in English, all of it.

Names in braces say what may stand there: `rule`, `fault` and `hint` another wording only; those of `NAMES` what the
user or the schema has named, as it is; `reason` what another program says, in words if there are any; all others a
value (number, quotation, name) or a wording.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from string import Formatter

from simlib.errors import Fault, ScenarioError, SimlibError

FOLDER = Path(__file__).with_name("faults")
WORDINGS = frozenset({"rule", "fault", "hint"})
"""Names of places that another wording fills."""
NAMES = frozenset({"names", "path", "place", "column", "measure", "role"})
"""Names of places that hold names given by the user or the schema."""
REASON = "reason"
"""Name of the place of what another program says."""
_QUOTED = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`"
_NUMBER = r"[-+]?[0-9][0-9,]*(?:\.[0-9]+)?"
_VALUE = re.compile(rf"(?:{_QUOTED})|{_NUMBER}|\[[^\]a-z]*\]|[^\s'\"`,;()]*[^\s'\"`,;():]")
_WORD = re.compile("[a-z]+")
_LISTED = re.compile("(?<=')，(?=')")
"""Between two quotations there is a list, whichever wording has parted them."""
_WIDE = "[\u3000-\u9fff\uff00-\uffef]"
_SPACE = re.compile(f"(?<={_WIDE}) (?=\0{_WIDE})|(?<={_WIDE}\0) (?={_WIDE})")
"""A space at the border of what braces hold, between two Chinese characters."""


def told(error: SimlibError, language: str) -> str:
    """The message of an error, a line for each fault."""
    if isinstance(error, ScenarioError):
        return "\n".join(str(Fault(in_words(each.message, language), *_where(each))) for each in error.faults)
    whole = in_words(str(error), language)
    return "\n".join(in_words(line, language) for line in whole.split("\n")) if whole == str(error) else whole


def _where(fault: Fault) -> tuple[str, str, int | None, int | None]:
    return fault.path, fault.file, fault.line, fault.column


def in_words(message: str, language: str) -> str:
    """A fault's message in a language, or as it is where the catalogue does not account for all of it."""
    if not (FOLDER / f"{language}.po").exists():
        return message
    bare = message.strip()
    said = _wordings(language).said(bare)
    return message if said is None else message.replace(bare, _LISTED.sub("、", said))


class Wordings:
    """The wordings of a catalogue, and what is said for a text that they account for."""

    def __init__(self, messages: Mapping[str, str]) -> None:
        found = [(_parsed(english), _parsed(other)) for english, other in messages.items()]
        found.sort(key=lambda pair: -sum(map(len, pair[0][0])))
        self._found = found
        self._prose = {word for (texts, _), _ in found for text in texts for word in _WORD.findall(_plain(text))}
        self._known: dict[str, str | None] = {}

    def said(self, text: str) -> str | None:
        """The text in the catalogue's language; None if no wording accounts for all of it."""
        if text not in self._known:
            self._known[text] = None  # a wording that would hold itself accounts for nothing
            self._known[text] = next(self._readings(text), None)
        return self._known[text]

    def _readings(self, text: str) -> Iterator[str]:
        for (texts, names), (others, order) in self._found:
            if text.startswith(texts[0]) and text.endswith(texts[-1]) and all(part in text for part in texts):
                for values in self._filled(texts, names, text):
                    yield _joined(others, [values[name] for name in order])

    def _filled(self, texts: list[str], names: list[str], text: str) -> Iterator[dict[str, str]]:
        """Every way in which a wording accounts for a text: what its braces hold, in the catalogue's language."""
        rest = text[len(texts[0]) :]
        if not text.startswith(texts[0]):
            return
        if not names:
            if not rest:
                yield {}
            return
        for end in _ends(rest, texts[1], last=len(names) == 1):
            said = self._held(names[0], rest[:end])
            if said is not None:
                for others in self._filled(texts[1:], names[1:], rest[end:]):
                    yield {**others, names[0]: said}

    def _held(self, name: str, text: str) -> str | None:
        """What braces hold, in the catalogue's language; None if it may not stand there."""
        if name in NAMES:
            return None if not text or self._speaks(text) else text
        said = self.said(text)
        if said is not None or name in WORDINGS:
            return said
        return text if name == REASON or (_VALUE.fullmatch(text) and text not in self._prose) else None

    def _speaks(self, text: str) -> bool:
        """Whether two words in a row are of the wordings: no name, but a sentence."""
        words = _plain(text).split(" ")
        return any(one in self._prose and other in self._prose for one, other in pairwise(words))


@cache
def _wordings(language: str) -> Wordings:
    from babel.messages.pofile import read_po  # only where a fault is told in another language

    with (FOLDER / f"{language}.po").open("rb") as stream:
        return Wordings({str(entry.id): str(entry.string) for entry in read_po(stream) if entry.id and entry.string})


def _parsed(template: str) -> tuple[list[str], list[str]]:
    """A wording's fixed texts and, between them, the names in braces: one text more than names."""
    texts, names = [""], []
    for text, name, _, _ in Formatter().parse(template):
        texts[-1] += text
        if name is not None:
            names.append(name)
            texts.append("")
    return texts, names


def _plain(text: str) -> str:
    """A text without what it quotes."""
    return re.sub(_QUOTED, "", text)


def _ends(text: str, after: str, *, last: bool) -> Iterator[int]:
    """Where what braces hold may end: before each place at which the wording goes on."""
    if last and not after:
        yield len(text)
        return
    end = text.find(after, 1)
    while end > 0:
        yield end
        end = text.find(after, end + 1)


def _joined(texts: list[str], values: list[str]) -> str:
    """Fixed texts and what stands between them; no space between two Chinese characters."""
    parts = [texts[0], *(part for pair in zip(values, texts[1:], strict=True) for part in pair)]
    return _SPACE.sub("", "\0".join(parts)).replace("\0", "")
