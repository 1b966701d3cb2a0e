"""Find the three fitted parameters of scenarios/textbook.yaml.

With them the pyramid gives coverage 85% (K1), a cycle of 45 days (K4) and an acquisition cost of ¥2,500 (K3).

    python scripts/fit_textbook.py            prints what it found, step by step
    python scripts/fit_textbook.py --write    also writes it into the scenario

Newton's method with differences over the same worlds, without doubt, until all three are within 1%. The report shows
the figures on another seed.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import numpy as np

from simlib import Scenario, load_scenario, run, vary
from simlib.scenario import keep_designs, value_at

PATH = Path(__file__).resolve().parent.parent / "scenarios" / "textbook.yaml"
FITTED = {"mechanisms.calls.probability": 0.03, "market.customer_delay_factor": 0.05, "market.win_log_odds": 0.1}
"""Parameters, and the step of each for the differences."""
SEED, WORLDS, STEPS = 20260101, 6, 4
ENOUGH = 0.01
"""Relative distance from the targets at which the search ends."""


def figures(scenario: Scenario, values: np.ndarray) -> np.ndarray:
    """The pyramid's mean figures, as shares of their targets."""
    varied = vary(scenario, dict(zip(FITTED, map(float, values), strict=True)))
    table = run(varied, seed=SEED, replications=WORLDS, workers=2).figures
    means = table.groupby("metric")["value"].mean()
    return np.array([means[metric] / target for metric, target in scenario.targets.items()])


def fit(scenario: Scenario) -> np.ndarray:
    """The values of the fitted parameters."""
    values = np.array([value_at(scenario, path) for path in FITTED])
    for step in range(STEPS):
        now = figures(scenario, values)
        print(step, dict(zip(FITTED, values.round(4), strict=True)), "figures / targets", now.round(4), flush=True)
        if np.abs(now - 1).max() < ENOUGH:
            break
        slopes = [
            (figures(scenario, values + size * unit) - now) / size
            for size, unit in zip(FITTED.values(), np.eye(len(values)), strict=True)
        ]
        # The slopes are noisy: no step is trusted beyond three of the differences' own.
        furthest = 3 * np.array(list(FITTED.values()))
        values = values + np.clip(np.linalg.solve(np.array(slopes).T, 1 - now), -furthest, furthest)
    return values


def write(values: np.ndarray) -> None:
    """Put the values into the scenario's text; everything else stays as it is."""
    text = PATH.read_text(encoding="utf-8")
    for path, value in zip(FITTED, values, strict=True):
        name = path.split(".")[-1]
        pattern = r"(calls: \{probability: )[-\d.]+" if name == "probability" else rf"(\b{name}: )[-\d.]+"
        text, found = re.subn(pattern, rf"\g<1>{value:.3f}", text, count=1)
        if found != 1:
            raise SystemExit(f"{PATH}: {path} not found")
    PATH.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Fit scenarios/textbook.yaml to its targets.")
    parser.add_argument("--write", action="store_true", help="write the values into the scenario")
    chosen = parser.parse_args()
    textbook = keep_designs(load_scenario(PATH, overrides=["compare.doubt=none"]), ["pyramid"])
    found = fit(textbook)
    if chosen.write:
        write(found)
