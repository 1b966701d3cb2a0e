"""Draws the pictures of the README anew, from the small firm of scenarios/quick_start.yaml: `make pictures`."""

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
    return {name: png(themed(chart), scale=SCALE) for name, chart in charts.items()}


def main() -> None:
    """Run the small firm and write the pictures."""
    scenario = load_scenario(ROOT / "scenarios" / "quick_start.yaml")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, picture in drawn(run(scenario, seed=SEED, replications=WORLDS, workers=2)).items():
        (FOLDER / f"{name}.png").write_bytes(picture)
        print(FOLDER / f"{name}.png", f"{len(picture) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
