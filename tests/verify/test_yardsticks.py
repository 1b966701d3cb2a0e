"""The engine against answers known in advance, and engines with a fault, which the yardsticks must find."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from simlib import cli
from simlib.errors import SimlibError
from simlib.ledger import HELP
from simlib.model import backing, ranking, reporting
from simlib.model.channels import own_prices, prospect, stocks
from simlib.model.desk import Timesheet
from simlib.model.labour import Labour
from simlib.model.ramp import Pace
from simlib.model.way import Way
from simlib.org import as_charted, routing
from simlib.org.organisation import Organisation
from simlib.scenario import load_scenario
from simlib.verify import lines, listing
from simlib.verify.yardsticks import (
    REPLICATIONS,
    RULES,
    RUNS,
    YARDSTICKS,
    Check,
    scenario_of,
    settle,
    verify,
    yardstick,
)
from simlib.world import tenure
from simlib.world.draws import Dice

ONE_SERVER = {"arrival_rate": 0.8, "service_rate": 1.0, "servers": 1}
NAMES = ["erlang_c", "erlang_a", "erlang_b", "cobham", "pollaczek_khinchine", "little", "response_decay", "round_robin",
         "pooled_or_territories", "screening", "overlap", "compound_revenue", "knowledge_hierarchy",
         "hierarchy_polyarchy", "ramp_turnover_share", "staged_funnel", "rebate_rush", "chain_of_partners",
         "street_of_outlets", "site_beside_dealer"]  # fmt: skip

# Other parameters for which the answer is known too: extreme rates, few and many servers, light and heavy load.
ELSEWHERE: list[tuple[str, dict[str, Any]]] = [
    ("erlang_c", {"servers": 3, "arrival_rate": 2.1, "service_rate": 1}),
    ("erlang_c", {"servers": 1, "arrival_rate": 14, "service_rate": 20, "wait_over": 0.1}),
    ("erlang_c", {"servers": 50, "arrival_rate": 0.47, "service_rate": 0.01, "wait_over": 10}),
    ("erlang_a", {"servers": 3, "arrival_rate": 6, "service_rate": 1, "abandonment_rate": 2}),
    ("erlang_a", {"servers": 1, "arrival_rate": 0.02, "service_rate": 0.01, "abandonment_rate": 0.001}),
    ("erlang_b", {"servers": 1, "arrival_rate": 0.5}),
    ("erlang_b", {"servers": 50, "arrival_rate": 1000, "service_rate": 20}),
    ("cobham", {"rates": [1, 2, 3], "servers": 8}),
    ("cobham", {"rates": [3, 5], "servers": 10}),
    ("cobham", {"rates": [12.0], "service_rate": 20, "servers": 1}),
    ("pollaczek_khinchine", {"squared_cv": 0, "arrival_rate": 0.5}),
    ("pollaczek_khinchine", {"squared_cv": 2.5}),
    ("pollaczek_khinchine", {"squared_cv": 4, "arrival_rate": 0.005, "service_rate": 0.01}),
    ("response_decay", {**ONE_SERVER, "decay_rate": 0.5}),
    ("response_decay", {"decay_rate": 0}),
    ("round_robin", {"servers": 2, "arrival_rate": 1.6}),
    ("round_robin", {"servers": 1, "arrival_rate": 0.5}),
    ("pooled_or_territories", {"servers": 3, "arrival_rate": 1.5}),
    ("screening", {"pass_good": 0.7, "pass_bad": 0.1, "prior": 0.3, "gain": 2, "loss": 5}),
    ("screening", {"pass_good": 1, "pass_bad": 0, "prior": 1}),
    ("hierarchy_polyarchy", {"pass_good": 0.95, "pass_bad": 0.05, "prior": 0.2}),
    ("hierarchy_polyarchy", {"pass_good": 0.4, "pass_bad": 0.9, "prior": 0.7, "rule": "majority"}),
    ("hierarchy_polyarchy", {"pass_good": 0, "pass_bad": 1, "prior": 0}),
    ("hierarchy_polyarchy", {"pass_good": 0.5, "pass_bad": 0, "prior": 1, "rule": "both"}),
    ("overlap", {"sellers": 5, "call_probability": 0.2}),
    ("overlap", {"sellers": 7, "call_probability": 0.5}),
    ("overlap", {"sellers": 1, "call_probability": 1}),
    ("compound_revenue", {"arrival_rate": 3, "mean_value": 1000, "squared_cv": 0.5}),
    ("compound_revenue", {"arrival_rate": 0.5, "mean_value": 0.01, "squared_cv": 0}),
    ("little", {"servers": 2, "arrival_rate": 10, "service_rate": 1}),
    ("knowledge_hierarchy", {"helping_hours": 0.37, "knowledge": 0}),
    ("knowledge_hierarchy", {"helping_hours": 3, "knowledge": 4}),
    ("knowledge_hierarchy", {"helping_hours": 0.003, "knowledge": 0.5}),
    ("ramp_turnover_share", {"leaving_rate": 2, "vacancy": 10, "ramp": 1}),
    ("ramp_turnover_share", {"leaving_rate": 5, "vacancy": 0.02, "ramp": 0.3}),
    ("ramp_turnover_share", {"leaving_rate": 0.01, "vacancy": 30, "ramp": 0}),
    ("ramp_turnover_share", {"leaving_rate": 1, "vacancy": 0, "ramp": 3}),
    ("rebate_rush", {"rebate_rate": 0.1, "tier": 1.2}),
    ("rebate_rush", {"rebate_rate": 0.01, "tier": 2, "holding_per_year": 0.05}),
    ("rebate_rush", {"tier": 0.97}),
    ("chain_of_partners", {"tiers": 1, "unit_cost": 0.4}),
    ("chain_of_partners", {"tiers": 4, "unit_cost": 0.0}),
    ("street_of_outlets", {"outlets": 6, "unit_cost": 0.1, "transport_cost": 1.5}),
    ("site_beside_dealer", {"acceptance": 0.5, "retail": 0.7, "online": 0.3, "wholesale": 0.5}),
    ("staged_funnel", {"returns_to": 0}),
    ("staged_funnel", {"returns_to": 1, "arrival_rate": 3}),
    ("staged_funnel", {"returns_to": 3, "pass_probabilities": [1, 1, 0.5], "servers": [2, 9, 5], "arrival_rate": 3}),
    (
        "staged_funnel",
        {"servers": [2], "service_rates": [1], "pass_probabilities": [0.4], "returns_to": 1, "arrival_rate": 0.6},
    ),
    (
        "staged_funnel",
        {
            "servers": [1] * 6,
            "service_rates": [0.03] * 6,
            "pass_probabilities": [0.9] * 6,
            "returns_to": 4,
            "arrival_rate": 0.018,
        },
    ),
]


def outside(checks: list[Check]) -> set[str]:
    """Quantities whose theory the runs contradict."""
    return {check.quantity for check in checks if not check.inside}


def test_all_yardsticks_are_there() -> None:
    """The names that others call; those of rules have tests of their own."""
    assert set(RUNS) == set(NAMES)
    assert set(YARDSTICKS) == {*RUNS, *RULES}


@pytest.mark.parametrize("name", NAMES)
def test_theory_lies_inside_a_short_run(name: str) -> None:
    """Every yardstick through the engine: short, so the interval is wide, but the theory lies in it."""
    checks = verify(name, parameters={"customers": 400}, replications=6, seed=1)
    assert checks
    assert outside(checks) == set()


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("pollaczek_khinchine", {"arrival_rate": 0.6, "squared_cv": 0.0}),
        ("overlap", {"sellers": 5, "call_probability": 0.2}),
        ("little", {"customers": 300}),
    ],
)
def test_cheap_yardsticks_reach_their_precision(name: str, parameters: dict[str, Any]) -> None:
    """Customers are chosen from theory so that the interval is narrow enough; the theory lies inside all the same."""
    for check in verify(name, parameters=parameters, seed=2):
        assert check.inside, check
        assert check.precise, check


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_defaults_are_inside_and_precise(name: str) -> None:
    """What `simlib verify` runs, on another seed than its own."""
    for check in verify(name, seed=3, workers=2):
        assert check.inside, check
        assert check.precise, check


@pytest.mark.slow
@pytest.mark.parametrize(("name", "parameters"), ELSEWHERE)
def test_any_stable_parameters(name: str, parameters: dict[str, Any]) -> None:
    """The reduction is by settings alone, so it holds wherever a steady state exists."""
    checks = verify(name, parameters={**parameters, "customers": 3000}, replications=12, seed=4)
    assert outside(checks) == set()


# Engines with a fault


@pytest.fixture
def mutant(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Puts a fault into the engine for one test."""
    return monkeypatch


def test_last_in_first_out_is_found(mutant: pytest.MonkeyPatch) -> None:
    """Mean wait and chance to wait are the same whoever is served next; long waits are not."""
    mutant.setitem(ranking.NEXT_TASK, "oldest_first", lambda since, stage, grade, value: (-since,))
    case = {"servers": 2, "arrival_rate": 1.6, "wait_over": 2.0, "customers": 4000}
    wrong = outside(verify("erlang_c", parameters=case, replications=8))
    assert wrong == {"wait_over_share"}


def test_slower_service_is_found(mutant: pytest.MonkeyPatch) -> None:
    """5% more hours: at a load of 0.8 somebody is at work 84% of the time, and the mean wait is 38% longer."""
    hours = Labour.hours
    mutant.setattr(Labour, "hours", lambda *a: tuple(1.05 * part for part in hours(*a)))
    wrong = outside(verify("erlang_c", parameters={**ONE_SERVER, "customers": 6000}, replications=10))
    assert "wait_probability" in wrong


def test_a_partner_who_never_buys_ahead_is_found(mutant: pytest.MonkeyPatch) -> None:
    """Who orders what he lacks, whatever the rebate, is below the tier in some worlds where it would pay."""
    mutant.setattr(stocks, "best_order", lambda need, **_: need)
    assert outside(verify("rebate_rush", parameters={"customers": 400}, replications=6)) == {"ordered"}


def test_a_draw_used_twice_is_found(mutant: pytest.MonkeyPatch) -> None:
    """If the hours of work came from the number that also says how long a customer waits, the patient ones would be
    the slow ones: more would leave than theory says."""
    table = Dice.table
    mutant.setattr(Dice, "table", lambda self, entities, purpose, numbers: table(
        self, entities, "interest" if purpose == "effort" else purpose, numbers))  # fmt: skip
    case = {"servers": 2, "arrival_rate": 3.0, "abandonment_rate": 1.0, "customers": 2000}
    assert "abandoned_share" in outside(verify("erlang_a", parameters=case, replications=8))


def test_one_draw_for_all_callers_is_found(mutant: pytest.MonkeyPatch) -> None:
    """If all sellers looked at the same number, either all would call or nobody: two always meet."""
    column = Dice.column
    mutant.setattr(Dice, "column", lambda self, entities, purpose, n=0: column(
        self, entities, purpose, 0 if purpose == "call" else n))  # fmt: skip
    wrong = outside(verify("overlap", parameters={"customers": 400}, replications=8))
    assert {"touched_share", "wasted_share"} <= wrong


def test_one_draw_for_the_whole_panel_is_found(mutant: pytest.MonkeyPatch) -> None:
    """Three who always agree screen no better than one."""
    draw = Dice.draw
    mutant.setattr(Dice, "draw", lambda self, entity, purpose, n=0: draw(
        self, entity, purpose, 0 if purpose == "screen" else n))  # fmt: skip
    wrong = outside(verify("screening", parameters={"customers": 600}, replications=8))
    assert "profit_majority" in wrong
    assert "profit_single" not in wrong


def test_two_bosses_who_look_at_one_number_are_found(mutant: pytest.MonkeyPatch) -> None:
    """They would always agree, and screen no better than one; the panel, whose draws are its own, would."""
    draw = Dice.draw
    mutant.setattr(Dice, "draw", lambda self, entity, purpose, n=0: draw(
        self, entity, "screen" if purpose == "second screen" else purpose, n))  # fmt: skip
    wrong = outside(verify("hierarchy_polyarchy", parameters={"customers": 600}, replications=8))
    assert wrong == {"two_bosses"}


def test_a_common_boss_who_repeats_the_first_is_found(mutant: pytest.MonkeyPatch) -> None:
    """If the first boss's word counted in every dispute, two bosses would be one."""
    mutant.setattr(reporting.TwoBosses, "arbiter", lambda self, boss, second: boss)
    case = {"customers": 600, "rule": "majority"}
    assert outside(verify("hierarchy_polyarchy", parameters=case, replications=8)) == {"two_bosses"}


def test_the_published_architectures() -> None:
    """Sah and Stiglitz at 0.8 and 0.3: both .275, either .225, one .25, two of three .34, break-even .567568."""
    chosen = yardstick("hierarchy_polyarchy")
    found = chosen.theory(settle(chosen, {}, replications=REPLICATIONS))
    profits = {"single": 0.25, "both": 0.275, "both_in_panel": 0.275, "either": 0.225, "majority": 0.34}
    wanted = {**profits, "two_bosses": 0.34, "break_even_prior": 0.567568, "sound_share": 0.5}
    assert found == pytest.approx(wanted, abs=1e-6)
    one_rule = chosen.theory(settle(chosen, {"rule": "both"}, replications=REPLICATIONS))
    assert set(one_rule) == {"both", "both_in_panel", "sound_share"}


def test_the_published_funnel() -> None:
    """Three SDR, five AE, one closer who sends a fifth back: flows 5, 2.222222, 1.111111 for 5 leads, L 19.215584."""
    chosen = yardstick("staged_funnel")
    found = chosen.theory(settle(chosen, {}, replications=REPLICATIONS))
    flows = {"flow_per_lead_1": 1.0, "flow_per_lead_2": 2.222222 / 5, "flow_per_lead_3": 1.111111 / 5}
    wanted = {**flows, "mean_number": 19.215584, "mean_time": 3.843117, "won_share": 0.177778}
    assert found == pytest.approx(wanted, abs=1e-6)


def test_waits_not_written_down_are_found(mutant: pytest.MonkeyPatch) -> None:
    """Hours of customers who leave the list belong to L: the books must hold them."""

    def silent(self: Timesheet, task: Any, desk: int, end: int) -> None:
        task.withdrawn = True
        task.waited = self.env.now - task.since
        task.succeed(None)

    mutant.setattr(Timesheet, "give_up", silent)
    assert outside(verify("little", parameters={"customers": 500}, replications=3)) == {"mean_number"}


def test_random_dealing_called_round_robin_is_found(mutant: pytest.MonkeyPatch) -> None:
    """Dealt at random the leads wait three times as long as dealt in turn."""
    mutant.setitem(routing.ROUTING, "round_robin", routing.random)
    wrong = outside(verify("round_robin", parameters={"arrival_rate": 2.5, "customers": 1500}, replications=8))
    assert wrong == {"mean_wait"}


@pytest.mark.parametrize("fault", ["knows more", "slower", "asks twice"])
def test_a_fault_in_helping_is_found(mutant: pytest.MonkeyPatch, fault: str) -> None:
    """Reps who know a tenth more, help that takes a tenth longer, a problem that is brought twice."""
    if fault == "knows more":
        mutant.setattr(backing, "log", lambda x: 0.9 * math.log(x))
    elif fault == "slower":
        hours = Labour.hours
        mutant.setattr(Labour, "hours", lambda self, task, person: tuple(
            part * (1.1 if task.activity == HELP else 1) for part in hours(self, task, person)))  # fmt: skip
    else:
        line = Organisation.line
        mutant.setattr(Organisation, "line", lambda self, number: [*line(self, number), *line(self, number)[1:]])
        mutant.setattr(backing, "_known", lambda organisation, seat, rule: 1.5)
    wrong = outside(verify("knowledge_hierarchy", parameters={"customers": 12_000}, replications=8))
    assert wrong == {"load_per_rep", "span"}


RETURNS = {"arrival_rate": 3.0, "pass_probabilities": [0.7, 0.6, 0.5], "servers": [4, 9, 4], "customers": 1000}
"""Half of those who come to the last stage are sent back, and no stage is busy."""


@pytest.mark.parametrize(
    ("fault", "wrong"),
    [
        ("same luck where it passed", {"flow_per_lead_3", "won_share"}),
        ("to the first stage", {"flow_per_lead_1", "flow_per_lead_2", "flow_per_lead_3", "won_share"}),
        ("not at all", {"flow_per_lead_2", "flow_per_lead_3", "won_share"}),
        ("lists of their own", {"mean_number", "mean_time"}),
    ],
)
def test_a_fault_in_sending_back_is_found(mutant: pytest.MonkeyPatch, fault: str, wrong: set[str]) -> None:
    """A deal that comes back and meets, at the gates it has passed, the numbers with which it passed them; one that
    begins from the start, or is lost; people of a stage who do not share their work."""
    init, gate_u = Way.__init__, Way.gate_u
    back_to = {"to the first stage": [None, None, 0], "not at all": [None, None, None]}

    def faulty(way: Way, *given: Any) -> None:
        init(way, *given)
        way.fails_to = back_to[fault]

    if fault in back_to:
        mutant.setattr(Way, "__init__", faulty)
    elif fault == "lists of their own":
        teams = as_charted._teams
        mutant.setattr(as_charted, "_teams", lambda found, pooled: teams(found, pooled=False))
    else:
        mutant.setattr(Way, "gate_u", lambda way, deal, stage: (
            gate_u(way, deal, stage) if stage == 2 else way._gate_u[stage][deal.lead.need]))  # fmt: skip
    found = outside(verify("staged_funnel", parameters=RETURNS, replications=8))
    assert wrong <= found


def test_a_return_that_never_gets_new_luck_claims_nothing(mutant: pytest.MonkeyPatch) -> None:
    """Who fails once fails for ever, and is still on the way when the run ends: no figure is told of the others."""
    mutant.setattr(Way, "gate_u", lambda way, deal, stage: way._gate_u[stage][deal.lead.need])
    checks = verify("staged_funnel", parameters={**RETURNS, "customers": 100}, replications=2)
    assert not any(check.precise for check in checks)


def test_a_span_that_was_never_used_claims_nothing() -> None:
    """No problem came up in any replication: the inverse of nothing is no number."""
    checks = verify("knowledge_hierarchy", parameters={"knowledge": 14, "customers": 100}, replications=3)
    assert [(check.inside, check.precise) for check in checks] == [(True, False)] * 2


@pytest.mark.parametrize("fault", ["no ramp", "leaves sooner", "never vacant"])
def test_a_fault_in_coming_and_going_is_found(mutant: pytest.MonkeyPatch, fault: str) -> None:
    """Newcomers at full speed, stays of two thirds, seats that are never vacant."""
    wrong = {"productive_share"}
    if fault == "no ramp":
        mutant.setattr(Pace, "hours", lambda self, worked, labour: labour)
    elif fault == "leaves sooner":
        wrong.add("seated_share")
        mutant.setattr(tenure, "DAYS_PER_YEAR", 365 / 1.5)
    else:
        wrong.add("seated_share")
        mutant.setattr(
            tenure, "round", lambda days: 0 if abs(days - round(days)) < 1e-9 else round(days), raising=False
        )
    assert outside(verify("ramp_turnover_share", parameters={"customers": 250}, replications=8)) == wrong


# Intervals that claim no more than they know


def test_near_saturation_is_imprecise_not_false() -> None:
    """The start has not been forgotten after so few customers: the interval says so, and holds the theory."""
    checks = verify("pollaczek_khinchine", parameters={"arrival_rate": 0.99, "customers": 1000}, replications=6)
    assert [(check.inside, check.precise) for check in checks] == [(True, False)]


def test_who_was_not_served_is_not_left_out(mutant: pytest.MonkeyPatch) -> None:
    """If the run ends before everybody is served, nothing is claimed: those left out would be the slow ones."""
    mutant.setattr(lines, "CERTAINTY", 0.0)
    checks = verify("pollaczek_khinchine", parameters={"arrival_rate": 0.95, "customers": 200}, replications=4)
    assert [(check.inside, check.precise, listing.record(check)["low"]) for check in checks] == [(True, False, None)]


def test_rare_events_are_imprecise_not_false() -> None:
    """Nobody waits in any replication: a spread of zero is not certainty."""
    case = {"servers": 50, "arrival_rate": 10.0, "customers": 200}
    for check in verify("erlang_c", parameters=case, replications=4):
        assert check.mean == 0
        assert (check.inside, check.precise) == (True, False)


def test_replications_are_repeatable_and_differ() -> None:
    """The same seed gives the same checks; another one others; 0 is a seed."""
    case = {"parameters": {"customers": 200}, "replications": 3}
    assert verify("overlap", **case, seed=0) == verify("overlap", **case, seed=0)
    assert verify("overlap", **case, seed=0) != verify("overlap", **case, seed=1)


@pytest.mark.slow
def test_workers_change_nothing() -> None:
    """A replication depends on the seed and its number only."""
    case = {"parameters": {"customers": 300}, "replications": 4}
    assert verify("cobham", **case, workers=2) == verify("cobham", **case)


# What is refused, and what is shown


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("erlang_cc", {}, "did you mean 'erlang_c'"),
        ("erlang_c", {"sevrers": 3}, "did you mean 'servers'"),
        ("erlang_c", {"servers": 2.5}, "whole number"),
        ("erlang_c", {"servers": [1]}, "must be a number"),
        ("erlang_c", {"arrival_rate": 10}, "arrival_rate: got 10, must be below"),
        ("erlang_c", {"arrival_rate": float("nan")}, "must be a number"),
        ("erlang_c", {"customers": 3}, "customers"),
        ("cobham", {"rates": 3}, "list of numbers"),
        ("cobham", {"rates": []}, "rates"),
        ("cobham", {"rates": [0.5, 0.6]}, "sum of rates"),
        ("screening", {"prior": 1.2}, "prior"),
        ("screening", {"gain": 0}, "gain"),
        ("hierarchy_polyarchy", {"pass_bad": -0.1}, "pass_bad"),
        ("hierarchy_polyarchy", {"rule": "bot"}, "did you mean 'both'"),
        ("little", {"arrival_rate": 500}, "servers"),
        ("little", {"service_rate": 0}, "service_rate"),
        ("erlang_a", {"abandonment_rate": 0}, "abandonment_rate"),
        ("compound_revenue", {"squared_cv": -1}, "squared_cv"),
        ("knowledge_hierarchy", {"helping_hours": 0}, "helping_hours"),
        ("knowledge_hierarchy", {"knowledge": -0.1}, "knowledge"),
        ("knowledge_hierarchy", {"knowledge": 40}, "knowledge: got 40, must be at most 15"),
        ("ramp_turnover_share", {"leaving_rate": 0}, "leaving_rate"),
        ("ramp_turnover_share", {"vacancy": -1}, "vacancy"),
        ("ramp_turnover_share", {"ramp": 200}, "ramp: got 200, must be at most 50 mean stays"),
        ("staged_funnel", {"servers": [3, 4, 1]}, "stage 2: got a flow of 2.22222, must be below .* = 2"),
        ("staged_funnel", {"servers": [3, 5.5, 1]}, "servers, stage 2: got 5.5"),
        ("staged_funnel", {"servers": [300, 300, 1]}, "servers: got 601 in all"),
        ("staged_funnel", {"servers": []}, "servers: got 0 stages"),
        ("staged_funnel", {"servers": [1] * 7}, "must be from 1 to 6"),
        ("staged_funnel", {"service_rates": [1]}, "service_rates: got 1, must be 3"),
        ("staged_funnel", {"service_rates": [1, 0, 1]}, "service_rates, stage 2"),
        ("staged_funnel", {"pass_probabilities": [0.4, 1.2, 0.8]}, "pass_probabilities, stage 2"),
        ("staged_funnel", {"returns_to": 4}, "returns_to: got 4, must be a stage from 1 to 3"),
        ("staged_funnel", {"arrival_rate": 0}, "arrival_rate: got 0"),
    ],
)
def test_bad_parameters_are_refused(name: str, parameters: dict[str, Any], message: str) -> None:
    """Before anything is simulated, with the rule and the nearest name."""
    with pytest.raises(SimlibError, match=message):
        verify(name, parameters=parameters)


@pytest.mark.parametrize("name", NAMES)
def test_the_scenario_shown_is_the_scenario_run(name: str, tmp_path: Path) -> None:
    """What `--show` prints can be read back, and is the same scenario."""
    chosen = yardstick(name)
    scenario = scenario_of(chosen, settle(chosen, {}, replications=REPLICATIONS))
    file = tmp_path / "shown.yaml"
    file.write_text(listing.as_yaml(scenario), encoding="utf-8")
    assert load_scenario(file) == scenario


def test_longer_where_it_must_be() -> None:
    """Customers follow the load: more near saturation, up to a limit."""
    customers = [settle(YARDSTICKS["erlang_c"], {"arrival_rate": rate}, replications=REPLICATIONS)["customers"]
                 for rate in (5.0, 8.0, 9.9)]  # fmt: skip
    light, usual, heavy = customers
    assert usual < light  # few wait at all: rare events need many customers
    assert usual < heavy <= 1_000_000


def simlib(*arguments: str) -> Any:
    """Runs a command in this process."""
    return CliRunner().invoke(cli.main, ["verify", *arguments])


def test_list_as_json() -> None:
    """Every yardstick's name, quantities and defaults."""
    entries = {entry["name"]: entry for entry in json.loads(simlib("--list", "--json").stdout)}
    assert set(entries) == set(YARDSTICKS)
    assert entries["cobham"]["parameters"]["rates"] == [0.3, 0.5]
    assert entries["erlang_c"]["quantities"] == ["wait_probability", "mean_wait", "wait_over_share"]
    assert all(entries[name]["parameters"]["customers"] > 0 for name in NAMES)
    assert all(line for line in simlib("--list").stdout.splitlines())


def test_checks_as_json() -> None:
    """The keys of the contract, numbers as numbers; exit 3, for so few customers are imprecise."""
    result = simlib("overlap", "--set", "sellers=2", "--set", "call_probability=.5", "--set", "customers=100",
                    "--replications", "3", "--workers", "1", "--json")  # fmt: skip
    checks = json.loads(result.stdout)
    assert set(checks[0]) == {
        "name", "through", "quantity", "parameters", "theory", "mean", "low", "high", "inside", "precise",
    }  # fmt: skip
    assert [check["theory"] for check in checks] == pytest.approx([0.75, 0.25, 0.25])
    assert checks[0]["parameters"] == {"sellers": 2, "call_probability": 0.5, "customers": 100}
    assert result.exit_code == 3


def test_exit_codes(mutant: pytest.MonkeyPatch) -> None:
    """0 inside and precise, 1 outside, 2 bad input."""
    few = ("--replications", "8", "--workers", "1")
    result = simlib("little", *few, "--set", "customers=200")
    assert (result.exit_code, result.stdout.splitlines()[1].split()[-1]) == (0, "inside")
    assert simlib("little", "--set", "customers=many").exit_code == 2
    assert simlib("little", "--set", "customers").exit_code == 2
    assert simlib("litle").exit_code == 2
    mutant.setitem(routing.ROUTING, "round_robin", routing.random)
    result = simlib("round_robin", *few, "--set", "arrival_rate=2.5", "--set", "customers=1500")
    assert result.exit_code == 1
    assert "OUTSIDE" in result.stdout


def test_values_are_read_as_written() -> None:
    """Numbers with or without a leading zero, lists with or without brackets, null."""
    texts = ["a=.8", "b=3", "rates=[1, 2,3]", "more=0.3,0.5", "customers=null"]
    found = listing.read_parameters(texts)
    assert found == {"a": 0.8, "b": 3, "rates": [1, 2, 3], "more": [0.3, 0.5], "customers": None}
    assert np.isclose(found["a"], 0.8)


def test_partners_with_a_fixed_mark_up_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fifth on what each pays, whatever customers would bear."""
    monkeypatch.setattr(own_prices, "best_price", lambda demand, *, cost, least, most: 1.2 * cost)
    checks = verify("chain_of_partners", parameters={"customers": 400}, replications=6, seed=1)
    assert "bought_share" in outside(checks)


def test_neighbours_who_do_not_mind_the_way_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """They fear to lose every customer to whoever is cheaper, and ask hardly more than they pay."""
    real = prospect._nearest

    def no_way(outlets: Any, places: Any) -> Any:
        order, far = real(outlets, places)
        return order, 0 * far

    monkeypatch.setattr(prospect, "_nearest", no_way)
    checks = verify("street_of_outlets", parameters={"customers": 1200}, replications=6, seed=1)
    assert "price" in outside(checks)
