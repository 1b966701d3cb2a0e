"""What a run costs (docs/performance.md), as ratios in one session: machines are noisy. `make bench` prints them."""

import subprocess
import sys
import time

import pytest

from simlib.ledger import SCHEMA, WORD
from simlib.org import build
from simlib.runs import run, simulate
from simlib.scenario import keep_designs, load_scenario, vary
from simlib.world import draw_world
from tests.benchmarks.idiomatic import Funnel


def textbook(root, size: float = 1.0, days: float = 182.0):
    """The textbook with `size` times the needs and the people, and a window of so many days."""
    scenario = load_scenario(root / "scenarios" / "textbook.yaml", overrides=["compare.doubt=none"])
    rates = {
        f"demand.cells.{i}.needs_per_week": cell.needs_per_week * size for i, cell in enumerate(scenario.demand.cells)
    }
    budget = scenario.costs.people_per_year * size
    return vary(scenario, {**rates, "costs.people_per_year": budget, "calendar.horizon_days": days})


@pytest.fixture
def say(capsys):
    """Print past pytest's capture."""

    def line(text: str) -> None:
        with capsys.disabled():
            print(f"\n{text}")

    return line


def seconds(function, *arguments) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    function(*arguments)
    return time.process_time() - start


def test_leads_per_second_beside_the_idiomatic_funnel(root, say):
    """All mechanisms on and everything recorded, against Resource and tuples, alternating; the best of five."""
    scenario = textbook(root)
    world, organisation = draw_world(scenario, seed=1, replication=0), build("geographic", scenario)
    leads = len(simulate(organisation, world).leads)
    days = scenario.calendar.warm_up_days + scenario.calendar.horizon_days + scenario.calendar.drain_days
    rounds = [
        (
            seconds(simulate, organisation, world),
            seconds(Funnel(leads, len(organisation.reps), scenario, days, 1).run),
        )
        for _ in range(5)
    ]
    ours, funnel = (leads / min(column) for column in zip(*rounds, strict=True))
    say(f"{leads} leads: model {ours:,.0f}/s, idiomatic funnel {funnel:,.0f}/s, ratio {ours / funnel:.2f}")


def test_cost_per_lead_as_the_run_grows(root, say):
    """From about 2,000 leads to about 50,000 leads and 200 reps, per lead and per task.

    A larger firm does more for a lead: with as many regions, more colleagues have it on their lists and call.
    """
    costs, tasks = {}, {}
    for size, days in ((0.25, 182.0), (3.3, 400.0)):
        scenario = textbook(root, size, days)
        world, organisation = draw_world(scenario, seed=1, replication=0), build("geographic", scenario)
        ledger = simulate(organisation, world)
        leads = len(ledger.leads)
        costs[leads] = min(seconds(simulate, organisation, world) for _ in range(2)) / leads
        tasks[leads] = len(ledger.waits) / leads
        say(
            f"{leads} leads, {len(organisation.reps)} reps: {costs[leads] * 1e6:.0f} µs a lead, "
            f"{tasks[leads]:.1f} tasks a lead, {costs[leads] / tasks[leads] * 1e6:.1f} µs a task"
        )
    few, many = sorted(costs)
    growth, more = costs[many] / costs[few], tasks[many] / tasks[few]
    say(f"growth: per lead {growth - 1:+.0%}, tasks per lead {more - 1:+.0%}, per task {growth / more - 1:+.0%}")


def test_bytes_of_a_record(root, say, tmp_path):
    """In memory and on disk, for every four columns of a record (the index left out)."""
    scenario = textbook(root)
    ledger = simulate(build("geographic", scenario), draw_world(scenario, seed=1, replication=0))
    ledger.to_parquet(tmp_path)
    for name in ("work", "waits", "gates", "leads"):
        table = getattr(ledger, name)
        sets, rows = len(SCHEMA[name]) / 4, len(table)
        memory = sum(
            table[c].cat.codes.nbytes if kind == WORD else table[c].to_numpy().nbytes
            for c, kind in SCHEMA[name].items()
        )
        disk = (tmp_path / f"{name}.parquet").stat().st_size
        say(f"{name}: {memory / rows / sets:.1f} bytes in memory, {disk / rows / sets:.1f} on disk")


def test_two_workers(root, say):
    """Wall time of one worker over that of two, start-up included."""
    scenario = keep_designs(textbook(root), ["pyramid", "geographic"])
    times = []
    for workers in (1, 2):
        start = time.perf_counter()
        run(scenario, seed=1, replications=8, workers=workers)
        times.append(time.perf_counter() - start)
    say(f"one worker {times[0]:.1f} s, two {times[1]:.1f} s: {times[0] / times[1]:.2f} times")


@pytest.mark.parametrize(
    "words",
    [["-c", "import simlib"], ["-m", "simlib", "--help"], ["-m", "simlib", "check", "scenarios/textbook.yaml"]],
    ids=" ".join,
)
def test_start(root, say, words):
    """Wall time of a command from a cold interpreter, the best of five, less that of an empty one."""

    def wall(arguments: list[str]) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], cwd=root, check=True, capture_output=True)
        return time.perf_counter() - start

    empty, best = (min(wall(words) for _ in range(5)) for words in (["-c", ""], words))
    say(f"{' '.join(words)}: {best:.2f} s, of which the interpreter {empty:.2f} s")
