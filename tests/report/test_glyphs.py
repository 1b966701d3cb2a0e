"""Chinese charts show characters, not boxes: some font of the theme has every character that the catalogue uses."""

import os
import shutil
import subprocess

import pytest

from simlib.report.theme import FONT
from simlib.report.words import words

UNASSIGNED = "\u0378"
"""A character that no font has."""
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"><rect width="24" height="24" fill="white"/>'
    '<text x="2" y="18" font-size="16" font-family="{font}">{letter}</text></svg>'
)


def letters() -> list[str]:
    """All that a Chinese report may write by itself, but for spaces."""
    texts = words("zh").messages.values()
    return sorted({letter for text in texts for letter in text if letter.isprintable() and letter > " "})


def missing(reason: str) -> None:
    """Fails in CI, which installs what is needed; skips elsewhere."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def test_a_font_of_the_theme_has_every_character() -> None:
    """What browsers choose from: one of the fonts that the theme names has all of them (fonts-noto-cjk on Debian)."""
    if shutil.which("fc-list") is None:
        missing("fontconfig is not installed")
    codes = " ".join(f"{ord(letter):x}" for letter in letters())
    command = ["fc-list", f":charset={codes}", "family"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    families = {name.strip() for line in listed.splitlines() for name in line.split(",")}
    if not families:
        missing("no CJK font is installed")
    assert families & {name.strip() for name in FONT.split(",")}


@pytest.mark.slow
def test_the_renderer_of_pictures_draws_every_character() -> None:
    """PNG files are drawn by vl-convert, which looks for fonts by itself: no character looks like one that no font has,
    or like nothing."""
    import vl_convert

    def drawn(letter: str) -> bytes:
        return bytes(vl_convert.svg_to_png(SVG.format(font=FONT, letter=letter)))

    box, nothing = drawn(UNASSIGNED), drawn(" ")
    if drawn("中") in (box, nothing):
        missing("no CJK font is installed")
    escaped = {"&": "&amp;", "<": "&lt;"}
    assert [letter for letter in letters() if drawn(escaped.get(letter, letter)) in (box, nothing)] == []
