"""How wide is a text where a Chinese character takes two columns? Widths, padding, lines of a width."""

from __future__ import annotations

import unicodedata


def columns(text: str) -> int:
    """Width of a text in columns of a Latin letter; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def padded(text: str, width: int) -> str:
    """A text with spaces after it, `width` columns in all."""
    return text + " " * (width - columns(text))


def padded_left(text: str, width: int) -> str:
    """A text with spaces before it, `width` columns in all."""
    return " " * (width - columns(text)) + text


def wrapped(text: str, most: int = 92) -> list[str]:
    """A text in lines of at most `most` columns, cut at spaces, or before any Chinese character."""
    lines, line, word = [], "", ""
    for letter in [*text, " "]:
        wide = columns(letter) == 2 and unicodedata.category(letter).startswith("L")
        if letter != " " and not wide:
            word += letter
            continue
        if line and columns(line + word) > most:
            lines.append(line.rstrip())
            line = ""
        line, word = line + word + (" " if letter == " " else ""), letter if wide else ""
        if wide and columns(line + word) > most:
            lines.append(line.rstrip())
            line = ""
    return [*lines, line.rstrip()] if line.strip() else lines
