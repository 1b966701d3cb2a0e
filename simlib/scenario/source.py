"""The text of a scenario file: found, small enough, UTF-8, and free of characters that no scenario needs."""

from __future__ import annotations

import re
from pathlib import Path

from simlib.errors import Fault, ScenarioError
from simlib.scenario.wording import nearest, shown

LARGEST_BYTES = 131_072
"""Reading YAML costs up to 15 µs a byte, and a scenario of 700 cells has 60,000 bytes."""

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]{2}")


def read_text(path: Path, *, asked_by: Fault | None = None, kind: str = "a scenario file") -> str:
    """The text of a scenario file, or of another `kind` of YAML file, without a byte order mark.

    `asked_by` is the place of the `extends` that names the file; a file that cannot be opened is its fault.
    Raises ScenarioError if there is no such file, or if it is no UTF-8 text of at most `LARGEST_BYTES` bytes.
    """
    problem = _unreadable(path, kind)
    if problem:
        place = asked_by or Fault("", file=label(path))
        raise ScenarioError([Fault(problem, place.path, place.file, place.line, place.column)])
    try:
        raw = path.read_bytes()
    except OSError as error:
        message = f"got a file that cannot be read ({error.strerror}), must be readable"
        raise ScenarioError([Fault(message, file=label(path))]) from None
    return _decoded(raw, label(path))


def label(path: Path) -> str:
    """A path as faults name it, on one line."""
    text = str(path)
    return text if text.isprintable() else repr(text)[1:-1]


def _unreadable(path: Path, kind: str) -> str:
    try:
        if path.is_dir():
            inside = sorted(file.name for file in path.iterdir() if file.suffix in (".yaml", ".yml"))[:5]
            hint = f", such as {', '.join(str(path / name) for name in inside)}" if inside else ""
            return f"got a folder, must be {kind}{hint}"
        if not path.exists():
            return f"got no such file {shown(str(path))}, must be {kind}{_near_file(path)}"
        if not path.is_file():
            return "got a device or pipe, must be a file"
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return f"got a path that cannot be opened ({reason}), must be {kind}"
    if size > LARGEST_BYTES:
        rule = f"must be at most {LARGEST_BYTES:,} (data belong into an export, named by demand.export)"
        return f"got {size:,} bytes, {rule}"
    return ""


def _near_file(path: Path) -> str:
    if not path.parent.is_dir():
        return f" (there is no folder {shown(str(path.parent))})"
    names = [file.name for file in path.parent.iterdir() if file.is_file()]
    name = nearest(path.name, names)
    return f" (did you mean {shown(str(path.parent / name))}?)" if name else ""


def _decoded(raw: bytes, file: str) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ScenarioError([Fault("got a text in UTF-16, must be UTF-8: save it as UTF-8", file=file)])
    if b"\0" in raw:
        raise ScenarioError([Fault("got a binary file, must be a YAML text in UTF-8", file=file)])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ScenarioError([Fault(f"got {_encoding(raw)}", file=file, line=line)]) from None
    odd = _UNPRINTABLE.search(text)
    if odd:
        before = text[: odd.start()]
        line, column = before.count("\n") + 1, odd.start() - before.rfind("\n")
        message = f"got the invisible character U+{ord(odd[0]):04X}, must be a YAML text: delete it"
        raise ScenarioError([Fault(message, file=file, line=line, column=column)])
    return text


def _encoding(raw: bytes) -> str:
    """What bytes that are not UTF-8 probably are, and the way out."""
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        return "bytes that are not UTF-8, must be a YAML text in UTF-8"
    if _UNPRINTABLE.search(text) or not _CHINESE.search(text):
        return "bytes that are not UTF-8, must be a YAML text in UTF-8"
    return "a text that is not UTF-8; it reads as GB18030: save it as UTF-8"
