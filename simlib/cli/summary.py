"""What was understood of a scenario: window, demand, people, mechanisms, designs, a replayed log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simlib.org import Organisation
    from simlib.scenario.designs import Design
    from simlib.scenario.schema import Scenario


def summary(scenario: Scenario) -> list[str]:
    """What the file alone says."""
    import datetime as dt

    from simlib.scenario.digest import scenario_hash
    from simlib.scenario.schema import Synthetic
    from simlib.world.cells import first_day

    calendar, demand = scenario.calendar, scenario.demand
    first = first_day(scenario) + dt.timedelta(days=calendar.warm_up_days)
    window = f"{first} to {first + dt.timedelta(days=calendar.horizon_days)}"
    if isinstance(demand, Synthetic):
        a_week = sum(cell.needs_per_week for cell in demand.cells)
        source = f"synthetic, {a_week:g} needs a week in {len(demand.cells)} cells"
    else:
        source = f"replayed from {demand.export}"
    switches = {name: getattr(scenario.mechanisms, name) is not None for name in type(scenario.mechanisms).model_fields}
    grades = [evidence.grade for evidence in scenario.evidence.values()]
    return [
        f"{scenario.name}: {scenario.title}" if scenario.title else scenario.name,
        f"  window      {window} ({calendar.horizon_days:g} days; warm-up {calendar.warm_up_days:g} days)",
        f"  demand      {source}, {demand.inbound_share:.0%} inbound",
        f"  people      {_people(scenario)}",
        f"  on          {', '.join(name for name, on in switches.items() if on) or 'no mechanism'}",
        f"  off         {', '.join(name for name, on in switches.items() if not on) or 'no mechanism'}",
        *(
            f"  design      {name} ({_kind(design)}{', baseline' if name == scenario.baseline else ''})"
            for name, design in scenario.designs.items()
        ),
        f"  evidence    {', '.join(f'{grades.count(g)} {g}' for g in ('data', 'literature', 'expert', 'guess'))}",
        f"  hash        {scenario_hash(scenario)}",
    ]


def _kind(design: Design) -> str:
    """How a design is laid out, in a word or two."""
    return design.structure or (f"chart {design.chart}" if design.chart else f"{len(design.positions)} positions")


def plan_summary(scenario: Scenario, organisations: Sequence[Organisation]) -> list[str]:
    """Who is on which pay plan."""
    lines = []
    for name in scenario.plans:
        on = {
            organisation.name: [role for role, plan in (organisation.axes.pay or {}).items() if plan == name]
            for organisation in organisations
        }
        who = "; ".join(f"{', '.join(roles)} in {design}" for design, roles in on.items() if roles)
        lines.append(f"  pay plan    {name}: {who or 'nobody in any design'}")
    return lines


def doubt_summary(found: Sequence[tuple[str, str]]) -> list[str]:
    """What a scenario may say and yet hardly means."""
    return [f"  note        {path}: {message}" for path, message in found]


def _people(scenario: Scenario) -> str:
    baseline = scenario.designs[scenario.baseline]
    return (
        f"{scenario.people.rep.count} reps in the baseline" if baseline.structure else "those of the baseline's chart"
    )


def chart_summary(scenario: Scenario, organisation: Organisation) -> list[str]:
    """What was read of a company's own chart: its people, what they cost beside the budget, and notes."""
    from collections import Counter

    from simlib.org.chart import chart_of
    from simlib.units import minor_units

    design = scenario.designs[organisation.name]
    if design.structure:
        return []
    minor = minor_units(scenario.currency)
    idle = [name for name in organisation.axes.pools or {} if name not in (scenario.organisation.pools or {})]
    roles = Counter(position.role for position in organisation.positions)
    over = (organisation.payroll_per_year - organisation.budget_per_year) / minor
    beside = f"{abs(over):,.0f} {'more' if over > 0 else 'less'} than" if over else "exactly"
    return [
        f"  chart       {organisation.name}: {', '.join(f'{count} {role}' for role, count in roles.items())}",
        f"  payroll     {organisation.name}: {organisation.payroll_per_year / minor:,.0f} {scenario.currency} a year, "
        f"{beside} the people budget",
        *(f"  note        {note}" for note in chart_of(organisation.name, design, scenario).notes),
        *(f"  note        the pool {name!r} does nothing: organisation.pools does not say what" for name in idle),
    ]


def log_summary(scenario: Scenario) -> list[str]:
    """What was read of a replayed log: rows, what was set aside, faults and notes (in English, as all on a console)."""
    from simlib.org.structures import replay_notes
    from simlib.world.cells import export_of

    export = export_of(scenario)
    if export is None:
        return []
    from simlib.report.notes import counts, said
    from simlib.report.words import words

    w = words("en")
    return [
        f"  log         {export.rows:,} rows, {len(export.leads):,} replayed, {export.first_day} to {export.last_day}",
        f"  set aside   {'; '.join(counts(w, export.set_aside)) or 'none'}",
        *(f"  row fault   {fault}" for fault in export.faults[:5]),
        *(f"  note        {said(w, note)}" for note in replay_notes(scenario)),
    ]
