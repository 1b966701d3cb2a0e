"""How do five answers become a scenario to go on with? A commented file, whose every value is a start and graded so.

The numbers are those of `scenarios/quick_start.yaml` by head; only names, sizes and designs follow the answers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from string import Template
from types import MappingProxyType

from simlib.errors import SimlibError
from simlib.report.answers import Answers
from simlib.report.words import Words
from simlib.scenario.source import label
from simlib.scenario.tree import plain_scalar

SUFFIXES = (".yaml", ".yml")
NEEDS_PER_REP = 3.5
"""Needs a week for each rep: half of them announce themselves."""
PIPELINE_PER_REP = 6
ZONE_PER_REP = 20_000
"""A difference in yearly contribution that matters, for each rep."""
PLAIN = re.compile(r"[^\W\d_][\w -]*")
"""Texts that YAML takes as they are, unless they are one of its words."""
WORDS_OF_YAML = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
"""Read as something else by one version of YAML or the other."""

TEMPLATE = """\
# $note_head
# $note_change
# $note_editor
title: $title
currency: CNY                # $note_currency

calendar:                    # $note_calendar
  start: 2026-01-01
  warm_up_days: 90
  horizon_days: 91
  drain_days: 92
  hours_per_week: 40

compare:
  baseline: $baseline
  zone_per_year: $zone      # $note_zone

market:
  regions:                   # $note_regions
$regions
  products:                  # $note_products
$products
  segments:                  # $note_segments
$segments

demand:                      # $note_demand
  dispersion: 2              # $note_dispersion
  inbound_share: 0.5         # $note_inbound
  sound_share: 0.92          # $note_sound
  window_days: 90            # $note_window
  opening_pipeline: $pipeline
  cells:                     # $note_cells
$cells

people:
  rep: {count: $size, skill_sd: 0.25, absence_share: 0.04}     # $note_people

mechanisms:                  # $note_mechanisms
  queueing: {next_task: new_leads_first}
  interest: {median_hours: 200, shape: 1.5}     # $note_interest
  skill: on
  focus: {exponent: 0.1}     # $note_focus
  travel: {remote_share: 0.3}
  approval: {hours: 1, pass_good: 0.95, pass_bad: 0.4}     # $note_approval
  calls: {probability: 0.7, hours: 1}
  overlap: {confusion: 0.4, crowding: 0.3, settling_hours: 1}
$pay_mechanisms
stages:                      # $note_stages
  - {name: contact, effort_hours: 1.5, effort_scv: 0.5, pass_probability: 0.75, customer_delay_days: 4}
  - name: proposal
    effort_hours: 6
    effort_scv: 0.5
    pass_probability: 0.8
    customer_delay_days: 10
    visits: 1
    approval: true
  - {name: negotiation, effort_hours: 4, effort_scv: 0.5, pass_probability: 0.8, customer_delay_days: 12, visits: 1}

costs:
  rep_per_year: 112000       # $note_rep
  layer_pay_ratio: 1.6       # $note_layers
  margin: 0.35               # $note_margin
  visit_hour: 60
  unsound_loss_share: 0.5    # $note_unsound

organisation:                # $note_organisation
  partition: $partition
  layers: 3
  span: 6
  authority: {rep: 50000, manager: 300000}      # $note_authority
$pay_plans
designs:                     # $note_designs
$designs

evidence:                    # $note_evidence
  costs.margin: &guess {source: $source, grade: guess}
$evidence
"""
"""Ids of comments begin with `note_`: their words are `new.note.…`."""
PAY_MECHANISMS = "  effort: {cost_per_week: 2000, log_odds: 0.4}     # $note_effort\n"
PAY_PLANS = """
plans:                       # $note_plans
  commission:
    base_per_year: 80000
    components: {all: {kind: commission, rate: 0.03}}
  bonus:
    base_per_year: 80000
    quota: {method: potential, stretch: 0.6}     # $note_quota
    components: {quarter: {kind: bonus, steps: [[0.8, 4000], [1, 10000]]}}
"""
GRADED = (
    *("costs.layer_pay_ratio", "costs.visit_hour", "costs.unsound_loss_share"),
    *("people.rep.skill_sd", "people.rep.absence_share"),
    *("demand.dispersion", "demand.inbound_share", "demand.sound_share", "demand.window_days"),
    *("mechanisms.interest.median_hours", "mechanisms.focus.exponent", "mechanisms.travel.remote_share"),
    *("mechanisms.approval.hours", "mechanisms.approval.pass_bad"),
    *("mechanisms.calls.probability", "mechanisms.calls.hours"),
    *("mechanisms.overlap.confusion", "mechanisms.overlap.crowding"),
    *(
        f"stages.{stage}.{what}"
        for stage in ("contact", "proposal", "negotiation")
        for what in ("effort_hours", "pass_probability", "customer_delay_days")
    ),
)
"""What the file states without knowing it, beside the margin and the cells."""
DESIGNS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "structure": {"pyramid": "{structure: pyramid}", "flat": "{structure: flat}"},
        "layers": {
            "pyramid": "{structure: pyramid, span: 6}",
            "narrow": "{structure: pyramid, span: 4}",
            "wide": "{structure: pyramid, layers: 3, span: 10}",
            "flat": "{structure: flat}",
        },
        "speed": {
            "flat": "{structure: flat}",
            "least_loaded": "{structure: flat, partition: none, list_overlap: 1, routing: least_loaded}",
            "pooled": "{structure: pooled}",
            "agile": "{structure: agile}",
        },
        "pay": {
            "salary": "{structure: flat}",
            "commission": "{structure: flat, pay: {rep: commission}}",
            "bonus": "{structure: flat, pay: {rep: bonus}}",
        },
    }
)
"""By goal, the designs to compare, the first as the baseline."""


def require_new(file: Path) -> None:
    """Raises SimlibError unless a new scenario can be written there: nothing is overwritten."""
    if file.suffix.lower() not in SUFFIXES:
        raise SimlibError(f"new: got {label(file)!r}, must be a file whose name ends in {' or '.join(SUFFIXES)}")
    if file.exists() or file.is_symlink():
        raise SimlibError(f"new: got {label(file)!r}, which is there already, must be the name of a new file")


def write_scenario(answers: Answers, file: Path, w: Words) -> None:
    """Write the scenario into a new file; raises SimlibError if it is there already or cannot be written."""
    require_new(file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(scenario_text(answers, label(Path(file.name)), w))
    except OSError as error:
        reason = error.strerror or str(error)
        raise SimlibError(f"new: got {label(file)!r}, which cannot be written ({reason}), must be a new file") from None


def scenario_text(answers: Answers, name: str, w: Words) -> str:
    """The file's text. `name`: how its comments call the file."""
    pays = answers.goal == "pay"
    designs = _designs(answers)
    cells = list(_cells(answers))
    width = max(map(len, designs)) + 1
    values = {
        "title": quoted(w("new.title", size=w.number(answers.size), goal=w(f"new.goal.{answers.goal}"))),
        "baseline": next(iter(designs)),
        "zone": str(ZONE_PER_REP * answers.size),
        "regions": "\n".join(_regions(answers.regions)),
        "products": "\n".join(f"    {quoted(each)}: {{complexity: 0.5}}" for each in answers.products),
        "segments": "\n".join(f"    {quoted(each)}: {{grade: {n}}}" for n, each in enumerate(answers.customers, 1)),
        "pipeline": str(PIPELINE_PER_REP * answers.size),
        "cells": "\n".join(cells),
        "size": str(answers.size),
        "partition": _partition(answers),
        "designs": "\n".join(f"  {design + ':':<{width}} {axes}" for design, axes in designs.items()),
        "source": json.dumps(w("new.source"), ensure_ascii=False),
        "evidence": "\n".join(f"  {path}: *guess" for path in _graded(len(cells), pays=pays)),
    }
    text = TEMPLATE.replace("$pay_mechanisms", PAY_MECHANISMS if pays else "")
    text = text.replace("$pay_plans", PAY_PLANS if pays else "")
    template = Template(text.replace("$note_designs", "$note_same_people") if pays else text)
    notes = [each for each in template.get_identifiers() if each not in values]
    told = {each: w(f"new.note.{each.removeprefix('note_')}", file=name) for each in notes}
    # All at once, so that a name such as $size stays as it is.
    return template.substitute(values, **told)


def quoted(text: str) -> str:
    """A text as YAML takes it for that text, in quotes only where it needs them."""
    plain = PLAIN.fullmatch(text) and text == text.strip() and text.lower() not in WORDS_OF_YAML
    return text if plain and plain_scalar(text) == text else json.dumps(text, ensure_ascii=False)


def _regions(names: Sequence[str]) -> Iterator[str]:
    """Hours to the edge of the region itself, and one way to each of the others that follow."""
    for number, name in enumerate(names):
        hours = [f"{quoted(name)}: 1", *(f"{quoted(other)}: 3" for other in names[number + 1 :])]
        yield f"    {quoted(name)}: {{travel_hours: {{{', '.join(hours)}}}}}"


def _cells(answers: Answers) -> Iterator[str]:
    """The same needs in each region and customer type, all products alike."""
    needs = NEEDS_PER_REP * answers.size / (len(answers.regions) * len(answers.customers))
    products = ", ".join(f"{quoted(product)}: 1" for product in answers.products)
    for region in answers.regions:
        for customer in answers.customers:
            yield (
                f"    - {{region: {quoted(region)}, segment: {quoted(customer)}, needs_per_week: {needs:.3g}, "
                f"products: {{{products}}}, value: {{median: 30000, log_sd: 0.8}}}}"
            )


def _designs(answers: Answers) -> dict[str, str]:
    """The goal's designs; for the goal `structure` also by each dimension that has more than one value."""
    designs = dict(DESIGNS[answers.goal])
    if answers.goal != "structure":
        return designs
    by = {"geographic": answers.regions, "product_line": answers.products, "customer_type": answers.customers}
    designs |= {name: f"{{structure: {name}}}" for name, values in by.items() if len(values) > 1}
    return {**designs, "pooled": "{structure: pooled}"}


def _partition(answers: Answers) -> str:
    """The first dimension by which customers can be divided."""
    by = {"region": answers.regions, "segment": answers.customers, "product": answers.products}
    return next((name for name, values in by.items() if len(values) > 1), "none")


def _graded(cells: int, *, pays: bool) -> Iterator[str]:
    """Paths of what is guessed."""
    yield from GRADED
    # Where pay is the question, the salary is a choice as the plans are, and no guess.
    effort = ("mechanisms.effort.cost_per_week", "mechanisms.effort.log_odds")
    yield from effort if pays else ("costs.rep_per_year",)
    yield from (f"demand.cells.{number}.needs_per_week" for number in range(cells))
