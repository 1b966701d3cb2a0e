"""Any organisation that can be stated runs to its end, whatever mechanisms act: no combination of axes is left out."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simpy import Environment

from simlib.ledger import Ledger
from simlib.org import Organisation, build
from simlib.org.lists import candidates
from simlib.runs import replicate, simulate
from simlib.scenario import Scenario, vary
from simlib.scenario.designs import PRESETS, ROLES
from simlib.world import draw_world
from tests.org.test_axes import AXES
from tests.runs.test_balance import check
from tests.worlds import MECHANISMS, STAGES, small

NAMES = [stage["name"] for stage in STAGES]
MOST_STEPS_A_LEAD, MOST_STEPS_A_SEAT_DAY, MOST_STEPS_ASIDE = 30, 3, 1_000


def pools(names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Support pools; together they take at most the whole of a stage."""
    share = st.sampled_from([0.2, 1 / len(names)])
    pool = st.fixed_dictionaries(
        {
            "share": st.sampled_from([0.1, 1.0]),
            "shared": st.booleans(),
            "answers": st.booleans(),
            "takes": st.dictionaries(st.sampled_from(NAMES), share, max_size=3),
        }
    )
    return st.fixed_dictionaries(dict.fromkeys(names, pool))


BESIDE = st.fixed_dictionaries(
    {
        "reps": st.one_of(st.just(1), st.integers(1, 40)),
        "layers": st.one_of(st.just(1), st.integers(1, 5)),
        "authority": st.sampled_from([{}, {"rep": 0.0}, dict.fromkeys(ROLES, 0.0)]),
        "final_word": st.sampled_from(["none", *ROLES]),
        "panel": st.sampled_from([{"members": 1, "needed": 1}, {"members": 3, "needed": 2}]),
        "pools": st.one_of(st.just({}), pools(["desk"]), pools(["desk", "drawing office"])),
        "review_days": st.sampled_from(["never", 2.0, 7.0]),
        "routing": st.sampled_from(["owner", "round_robin", "least_loaded", "best_fit", "random"]),
        "engagement": st.sampled_from(["keeps", "per_need"]),
        "clarity": st.sampled_from([0.0, 1.0]),
    }
)


class Counted(Environment):
    """A SimPy environment that gives up where a run does not end."""

    steps, most = 0, 0

    def step(self) -> None:
        self.steps += 1
        assert self.steps <= self.most, f"{self.steps} steps, and still at hour {self.now}"
        super().step()


def most_steps(organisation: Organisation, scenario: Scenario, leads: int) -> int:
    """A bound on the events of a run: some for each need, and for each day that somebody sits there."""
    calendar = scenario.calendar
    days = calendar.warm_up_days + calendar.horizon_days + calendar.drain_days
    seat_days = len(organisation.positions) * days
    return int(MOST_STEPS_A_LEAD * leads + MOST_STEPS_A_SEAT_DAY * seat_days) + MOST_STEPS_ASIDE


def lived(scenario: Scenario, name: str, seed: int) -> tuple[Organisation, Ledger]:
    """A run in which the events are counted."""
    organisation, world = build(name, scenario), draw_world(scenario, seed=seed, replication=0)
    with pytest.MonkeyPatch.context() as patch:
        counted = type("Counted", (Counted,), {"most": most_steps(organisation, scenario, len(world.needs.keys))})
        patch.setattr(replicate, "Environment", counted)
        return organisation, simulate(organisation, world)


def nobody_idles_beside_work(organisation: Organisation, ledger: Ledger) -> None:
    """Assert that no task that they may do waits at a desk while one of its people is at work and free."""
    work, waits = ledger.work, ledger.waits
    of_one = waits["kind"].isin(["meeting", "settling", "training", "moving", "care"])
    idle = work[work["activity"] == "idle"]
    party = ledger.seats["party"].astype(str).tolist()
    for desk in organisation.desks:
        there = waits[(waits["desk"] == desk.id) & ~(of_one & (len(desk.positions) > 1))]
        queued = there[there["to_h"] > there["from_h"]].sort_values("from_h")
        free = idle[idle["party"].isin([party[seat] for seat in desk.positions])]
        ends = np.maximum.accumulate(queued["to_h"].to_numpy())
        begun = np.searchsorted(queued["from_h"].to_numpy(), free["end_h"].to_numpy())
        waited_until = np.concatenate([[-np.inf], ends])[begun]
        assert not (waited_until > free["start_h"].to_numpy()).any(), desk


def nobody_is_forgotten(ledger: Ledger) -> None:
    """Assert that where no customer takes time, each open lead waits at a desk or is worked on when the run ends."""
    waiting = set(ledger.waits["lead"][ledger.waits["end"] == "open"])
    there = ledger.work[ledger.work["activity"] != "absent"].sort_values(["start_h", "end_h"])
    in_hand = set(there.drop_duplicates("party", keep="last")["lead"])
    assert set(ledger.leads["lead"][ledger.leads["outcome"] == "open"]) <= waiting | in_hand


@given(
    axes=AXES,
    beside=BESIDE,
    notices=st.sampled_from(["leaves_list", "found_at_contact"]),
    next_task=st.sampled_from(["oldest_first", "new_leads_first", "by_grade", "highest_value_first"]),
    considered=st.booleans(),
    seed=st.integers(0, 1000),
)
@settings(max_examples=200)
def test_any_organisation_runs_to_its_end(
    axes: dict[str, Any], beside: dict[str, Any], notices: str, next_task: str, considered: bool, seed: int
) -> None:
    """Any axes in any combination, all mechanisms on: the books balance, nobody idles beside work, nobody is forgotten.

    One-person firms, vacant tops, who has the final word, panels, two lines, relays, pools that answer and take work,
    and customers divided anew every other day are among them.
    """
    mechanisms = {
        **MECHANISMS,
        "interest": {**MECHANISMS["interest"], "notices": notices},
        "queueing": {"next_task": next_task},
    }
    design = {**axes, **beside}
    scenario = small(mechanisms=mechanisms, designs={"tried": design})
    if not considered:
        scenario = vary(scenario, {f"stages.{name}.customer_delay_days": 0.0 for name in NAMES})
    organisation, ledger = lived(scenario, "tried", seed)
    check(ledger)
    if design["review_days"] == "never":
        nobody_idles_beside_work(organisation, ledger)
    if not considered:
        nobody_is_forgotten(ledger)


@pytest.mark.slow
def test_a_thousand_reps_run_to_their_end() -> None:
    """Every axis at once in a firm of a thousand reps, five layers, two lines, two pools, for 160 leads."""
    design = {
        "structure": "matrix",
        "reps": 1000,
        "layers": 5,
        "span": 7,
        "relay": 3,
        "bosses_sell": 0.5,
        "list_overlap": 0.5,
        "review_days": 7.0,
        "panel": {"members": 3, "needed": 2},
        "overlays": {"key accounts": {"grade": "first"}, "desk": {"from_value": 60000.0, "pooled": True}},
        "pools": {"drawing office": {"takes": {"proposal": 0.3}}, "experts": {"shared": False, "answers": True}},
    }
    # So many colleagues on every list: with all the links there are, nobody would have an hour for customers.
    linked = {**MECHANISMS["coordination"], "link_hours_per_week": 0.002}
    scenario = small(mechanisms={**MECHANISMS, "coordination": linked}, designs={"large": design})
    organisation, ledger = lived(scenario, "large", seed=1)
    assert len(organisation.reps) == 1000
    assert len({position.role for position in organisation.positions}) == len(ROLES) + 1
    check(ledger)
    assert (ledger.leads["outcome"] == "won").any()


def without_west() -> dict[str, Any]:
    """Demand in which nothing ever arises in the west."""
    demand = small().demand.model_dump()
    cells = [
        {**cell, "needs_per_week": cell["needs_per_week"] * (cell["region"] != "west")} for cell in demand["cells"]
    ]
    return {**demand, "cells": cells}


@pytest.mark.parametrize("structure", sorted(PRESETS))
def test_customers_who_need_nothing_keep_nobody_busy(structure: str) -> None:
    """A scope that no need reaches: its cells have an owner all the same, and the run ends with balanced books."""
    scenario = small(demand=without_west(), designs={"tried": {"structure": structure, "partition": "region"}})
    organisation, ledger = lived(scenario, "tried", seed=2)
    check(ledger)
    assert set(ledger.needs["region"]) == {"east", "north"}
    for leg in organisation.legs:
        assert all(candidates(organisation, leg))


def test_a_position_whose_customers_need_nothing_waits_for_ever() -> None:
    """The rep for the west in a company's own chart meets the boss and works for no customer but those there are."""
    positions = [
        {"name": "Ann", "role": "rep", "region": ["east", "north"], "reports_to": "Cem"},
        {"name": "Bo", "role": "rep", "region": "west", "reports_to": "Cem"},
        {"name": "Cem", "role": "manager"},
    ]
    organisation, ledger = lived(
        small(demand=without_west(), designs={"ours": {"positions": positions}}), "ours", seed=2
    )
    check(ledger)
    nobody_idles_beside_work(organisation, ledger)
    bo = ledger.seats["party"][organisation.number("Bo")]
    done = ledger.work[ledger.work["party"] == bo]
    assert set(done["activity"]) <= {"idle", "absent", "meeting", "coaching", "training", "care"}
    assert (done["activity"] == "meeting").any()


def test_pools_that_serve_units_of_one_name_have_desks_of_their_own() -> None:
    """A rep and a boss who sells on one list: two parts of a pool would serve a unit of the same name."""
    design = {"structure": "agile", "partition": "region", "pooled": False, "second_line": "region",
              "bosses_sell": 0.5, "reps": 2, "span": 2, "pools": {"desk": {"share": 1.0, "shared": False}}}  # fmt: skip
    organisation, ledger = lived(small(designs={"tried": design}), "tried", seed=0)
    assert len({desk.id for desk in organisation.desks}) == len(organisation.desks)
    check(ledger)


def test_a_boss_whom_a_review_gives_customers_has_problems_as_others_have() -> None:
    """His first report was at a team desk, where a boss needs no list, and then is not: now he sells too, and asks for
    help above."""
    design = {"structure": "agile", "partition": "region", "pooled": True, "span": 1, "bosses_sell": 0.5, "reps": 4,
              "list_overlap": 1.0, "review_days": 2.0, "overlays": {"key accounts": {"grade": "first"}}}  # fmt: skip
    organisation, ledger = lived(small(designs={"tried": design}), "tried", seed=0)
    check(ledger)
    late = set(ledger.gates["party"]) - {ledger.seats["party"][seat] for seat in organisation.sellers}
    assert late
