"""Leads a second of the whole model beside the idiomatic funnel of the same stages, in one run."""

import sys
import time

from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import load_scenario, vary
from simlib.world import draw_world
from tests.benchmarks.idiomatic import Funnel


def textbook(root, size: float = 1.0):
    """The textbook, with `size` times the needs and the reps."""
    scenario = load_scenario(root / "scenarios" / "textbook.yaml", overrides=["compare.doubt=none"])
    changes = {
        f"demand.cells.{i}.needs_per_week": cell.needs_per_week * size for i, cell in enumerate(scenario.demand.cells)
    }
    return vary(scenario, {**changes, "costs.people_per_year": scenario.costs.people_per_year * size})


def best_of(function, *arguments, rounds: int = 3) -> float:
    """CPU seconds of the quickest of some rounds."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        function(*arguments)
        times.append(time.process_time() - start)
    return min(times)


def test_leads_per_second_beside_the_idiomatic_funnel(root, record_property, capsys):
    """All mechanisms on and everything recorded, against Resource and tuples."""
    scenario = textbook(root)
    world, organisation = draw_world(scenario, seed=1, replication=0), build("geographic", scenario)
    leads = len(simulate(organisation, world).leads)
    days = scenario.calendar.warm_up_days + scenario.calendar.horizon_days + scenario.calendar.drain_days
    ours = leads / best_of(simulate, organisation, world)
    funnel = leads / best_of(lambda: Funnel(leads, len(organisation.reps), scenario.stages, days, 1).run())
    rates = f"model {ours:,.0f} leads/s, idiomatic funnel {funnel:,.0f} leads/s, ratio {ours / funnel:.2f}"
    with capsys.disabled():
        sys.stdout.write(f"\n{leads} leads: {rates}\n")
    record_property("ratio", ours / funnel)
