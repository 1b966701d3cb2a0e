"""On what do a page's numbers rest? Doubt, assumptions with their evidence, and what made them."""

from __future__ import annotations

from simlib.report import prose, tables
from simlib.report.page import Part
from simlib.report.provenance import Provenance
from simlib.report.words import Words
from simlib.scenario import Scenario


def sections(scenario: Scenario, made: Provenance, w: Words) -> list[Part]:
    """The last sections of a page, each with its heading."""
    return [
        prose.paragraph(w, "section.doubt"),
        prose.doubt(scenario, w),
        prose.paragraph(w, "section.evidence"),
        tables.evidence(scenario, w),
        prose.paragraph(w, "section.provenance"),
        tables.provenance(made, w),
    ]
