"""Draws the pictures of the README anew, from the small firm of scenarios/quick_start.yaml: `make pictures`."""

import struct
import zlib
from pathlib import Path

from simlib import Results, load_scenario, run
from simlib.report import pictures
from simlib.report.subject import open_subject
from simlib.report.theme import png, themed

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
WORLDS, SEED = 20, 1
SCALE = 1.4
"""Sharp enough for a page, small enough for a clone."""
SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHARTED = "product_line"
"""The design whose org chart is shown."""


def drawn(results: Results) -> dict[str, bytes]:
    """By name, each picture as a PNG file."""
    subject = open_subject(results)
    (differences,), (hours,) = pictures.differences(subject), pictures.hours(subject)
    charts = {
        "differences": differences,
        "hours": hours,
        "organisation": pictures.organisation(subject, CHARTED),
    }
    return {name: packed(png(themed(chart), scale=SCALE)) for name, chart in charts.items()}


def packed(picture: bytes) -> bytes:
    """The same PNG file, its pixels packed as tightly as zlib can; the renderer packs them in haste."""
    chunks, at = [], len(SIGNATURE)
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        chunks.append((picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]))
        at += 12 + length
    pixels = zlib.decompress(b"".join(content for kind, content in chunks if kind == b"IDAT"))
    first, *others = [chunk for chunk in chunks if chunk[0] != b"IDAT"]
    again = [first, *others[:-1], (b"IDAT", zlib.compress(pixels, 9)), others[-1]]
    return SIGNATURE + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in again
    )


def main() -> None:
    """Run the small firm and write the pictures."""
    scenario = load_scenario(ROOT / "scenarios" / "quick_start.yaml")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, picture in drawn(run(scenario, seed=SEED, replications=WORLDS, workers=2)).items():
        (FOLDER / f"{name}.png").write_bytes(picture)
        print(FOLDER / f"{name}.png", f"{len(picture) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
