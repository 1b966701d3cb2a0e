"""Runs: one organisation in one world (`simulate`), and all designs in many (`run`)."""

from simlib.runs.batch import run
from simlib.runs.replicate import simulate
from simlib.runs.results import Results

__all__ = ["Results", "run", "simulate"]
