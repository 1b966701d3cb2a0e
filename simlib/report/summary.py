"""What was understood of a scenario: window, demand, people, mechanisms, designs, a replayed log."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from simlib.org import Organisation
from simlib.org.chart import chart_of
from simlib.org.structures import replay_notes
from simlib.report.faults import in_words
from simlib.report.notes import counts, said
from simlib.report.width import padded
from simlib.report.words import Words
from simlib.scenario.designs import Design
from simlib.scenario.digest import scenario_hash
from simlib.scenario.schema import Scenario, Synthetic
from simlib.units import minor_units
from simlib.world.cells import export_of, first_day

_HEAD = 12
"""Columns of what stands before a line's text."""
_MOST_ROW_FAULTS = 5
_GRADES = ("data", "literature", "expert", "guess")


def line(head: str, text: str) -> str:
    """A line of a summary: what it is about, then what is said."""
    return f"  {padded(head, _HEAD)}{text}"


def item(w: Words, name: str, text: str) -> str:
    """`name: text`."""
    return w("check.item", name=name, text=text)


def summary(scenario: Scenario, w: Words) -> list[str]:
    """What the file alone says."""
    switches = {name: getattr(scenario.mechanisms, name) is not None for name in type(scenario.mechanisms).model_fields}
    grades = Counter[str](evidence.grade for evidence in scenario.evidence.values())
    graded = (w("check.graded", count=str(grades[grade]), grade=w.word("grade", grade)) for grade in _GRADES)
    designs = ((name, _kind(design, w)) for name, design in scenario.designs.items())
    return [
        item(w, scenario.name, scenario.title) if scenario.title else scenario.name,
        line(w("check.window"), _window(scenario, w)),
        line(w("check.demand"), _demand(scenario, w)),
        line(w("check.people"), _people(scenario, w)),
        line(w("check.on"), _mechanisms((name for name, on in switches.items() if on), w)),
        line(w("check.off"), _mechanisms((name for name, on in switches.items() if not on), w)),
        *(
            line(
                w("check.design"),
                w("check.baseline" if name == scenario.baseline else "check.kind", name=name, kind=kind),
            )
            for name, kind in designs
        ),
        line(w("check.evidence"), w("join.parts").join(graded)),
        line(w("check.hash"), scenario_hash(scenario)),
    ]


def _window(scenario: Scenario, w: Words) -> str:
    calendar = scenario.calendar
    first = first_day(scenario) + dt.timedelta(days=calendar.warm_up_days)
    return w(
        "check.window_days",
        first=str(first),
        last=str(first + dt.timedelta(days=calendar.horizon_days)),
        days=f"{calendar.horizon_days:g}",
        warm_up=f"{calendar.warm_up_days:g}",
    )


def _demand(scenario: Scenario, w: Words) -> str:
    demand, share = scenario.demand, f"{scenario.demand.inbound_share:.0%}"
    if not isinstance(demand, Synthetic):
        return w("check.replayed", export=str(demand.export), share=share)
    a_week = sum(cell.needs_per_week for cell in demand.cells)
    return w("check.synthetic", needs=f"{a_week:g}", cells=str(len(demand.cells)), share=share)


def _people(scenario: Scenario, w: Words) -> str:
    stated = scenario.designs[scenario.baseline].structure
    return w("check.reps", count=str(scenario.people.rep.count)) if stated else w("check.people_of_chart")


def _mechanisms(names: Iterable[str], w: Words) -> str:
    return w("join.parts").join(w.word("path", name) for name in names) or w("check.no_mechanism")


def _kind(design: Design, w: Words) -> str:
    """How a design is laid out, in a word or two."""
    if design.structure:
        return w.word("structure", design.structure)
    if design.chart:
        return w("check.of_chart", file=str(design.chart))
    return w("check.of_positions", count=str(len(design.positions)))


def plan_summary(scenario: Scenario, organisations: Sequence[Organisation], w: Words) -> list[str]:
    """Who is on which pay plan."""
    lines = []
    for name in scenario.plans:
        on = {
            organisation.name: [role for role, plan in (organisation.axes.pay or {}).items() if plan == name]
            for organisation in organisations
        }
        who = w("join.apart").join(
            w("check.on_plan", roles=w("join.parts").join(w.word("role", role) for role in roles), design=design)
            for design, roles in on.items()
            if roles
        )
        lines.append(line(w("check.plan"), item(w, name, who or w("check.nobody"))))
    return lines


def doubt_summary(found: Sequence[tuple[str, str]], w: Words) -> list[str]:
    """What a scenario may say and yet hardly means."""
    return [line(w("check.note"), item(w, path, in_words(message, w.language))) for path, message in found]


def chart_summary(scenario: Scenario, organisation: Organisation, w: Words) -> list[str]:
    """What was read of a company's own chart: its people, what they cost beside the budget, and notes."""
    design = scenario.designs[organisation.name]
    if design.structure:
        return []
    minor = minor_units(scenario.currency)
    idle = [name for name in organisation.axes.pools or {} if name not in (scenario.organisation.pools or {})]
    roles = Counter(position.role for position in organisation.positions)
    people = (w("check.role_count", count=str(count), role=w.word("role", role)) for role, count in roles.items())
    over = (organisation.payroll_per_year - organisation.budget_per_year) / minor
    payroll = w(
        f"check.budget_{'more' if over > 0 else 'less' if over else 'exactly'}",
        payroll=f"{organisation.payroll_per_year / minor:,.0f} {scenario.currency}",
        beside=f"{abs(over):,.0f}",
    )
    notes = [in_words(note, w.language) for note in chart_of(organisation.name, design, scenario).notes]
    return [
        line(w("check.chart"), item(w, organisation.name, w("join.parts").join(people))),
        line(w("check.payroll"), item(w, organisation.name, payroll)),
        *(line(w("check.note"), note) for note in notes),
        *(line(w("check.note"), w("check.idle_pool", pool=repr(name))) for name in idle),
    ]


def log_summary(scenario: Scenario, w: Words) -> list[str]:
    """What was read of a replayed log: rows, what was set aside, faults and notes."""
    export = export_of(scenario)
    if export is None:
        return []
    read = w(
        "check.log_rows",
        rows=f"{export.rows:,}",
        replayed=f"{len(export.leads):,}",
        first=str(export.first_day),
        last=str(export.last_day),
    )
    return [
        line(w("check.log"), read),
        line(w("check.aside"), w("join.apart").join(counts(w, export.set_aside)) or w("check.nothing")),
        *(line(w("check.row"), in_words(str(fault), w.language)) for fault in export.faults[:_MOST_ROW_FAULTS]),
        *(line(w("check.note"), said(w, note)) for note in replay_notes(scenario)),
    ]
