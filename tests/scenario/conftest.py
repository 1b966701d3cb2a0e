"""Scenario texts for the tests of reading and varying."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from simlib.scenario.load import load_scenario
from simlib.scenario.schema import Scenario

SMALL = """\
title: Two regions, two products, three designs
currency: CNY
calendar: {start: 2026-01-05, warm_up_days: 14, horizon_days: 91, drain_days: 60, hours_per_week: 40}
compare: {baseline: pyramid, zone_per_year: 100000, confidence: 0.95}
market:
  regions:
    east: {travel_hours: {east: 1, north: 4}}
    north: {travel_hours: {north: 2}}
  products:
    machine: {complexity: 0.7}
    service: {complexity: 0.2}
  segments:
    enterprise: {}
demand:
  dispersion: 2
  inbound_share: 0.5
  window_days: 90
  cells:
    - region: east
      segment: enterprise
      needs_per_week: 12
      products: {machine: 0.6, service: 0.4}
      value: {median: 60000, log_sd: 0.8}
    - {region: north, segment: enterprise, needs_per_week: 6, products: {machine: 1}, value: {median: 50000}}
people:
  rep: {count: 12, skill_sd: 0.3}
mechanisms:
  interest: {median_hours: 200, shape: 1.5}
  skill: {}
  focus: {exponent: 0.1}
  travel: {remote_share: 0.25}
  approval: {hours: 0.5}
  calls: {probability: 0.76, hours: 0.5}
  overlap: off
stages:
  - {name: contact, effort_hours: 1, pass_probability: 0.6, customer_delay_days: 3}
  - {name: proposal, effort_hours: 6, effort_scv: 0.5, pass_probability: 0.7, visits: 1}
  - {name: close, effort_hours: 2, pass_probability: 0.75, approval: true}
costs:
  rep_per_year: 112000
  margin: 0.4
  visit_hour: 150
organisation: {layers: 3, span: 8, authority: {rep: 50000, manager: null}}
designs:
  pyramid: {structure: pyramid, partition: region}
  flat: {structure: flat, span: 20}
  product_line: {structure: product_line}
evidence:
  mechanisms.focus.exponent: {source: power law of practice, grade: guess, low: 0.05, high: 0.2}
  people.rep.skill_sd: {source: field guide, grade: expert}
"""


@pytest.fixture(scope="session")
def small_yaml() -> str:
    """Text of a valid small scenario."""
    return SMALL


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a text (or bytes) into a file of the test's folder: `write(text, "base.yaml")`."""

    def to_file(text: str | bytes, name: str = "own.yaml") -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return to_file


@pytest.fixture
def small(small_yaml: str, write: Callable[..., Path]) -> Scenario:
    """The small scenario, loaded."""
    return load_scenario(write(small_yaml, "small.yaml"))
