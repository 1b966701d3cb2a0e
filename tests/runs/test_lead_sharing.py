"""Who is paid for his own signatures hoards leads; a pool, or a part of the credit, lets them go to who wins them."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from simlib.ledger import Ledger
from simlib.odds import shifted
from simlib.org import build
from simlib.runs import simulate
from simlib.scenario import Scenario, switch_off, vary
from simlib.world import draw_world
from tests.worlds import small

P, SKILL = 0.4, 0.6
RATE = 0.01
COMMISSION = {"kind": "commission", "rate": RATE}
TEAM = {"kind": "pool", "rate": 0.06, "result_of": "unit"}
WEEK_H = 168.0


def firm(components: dict[str, Any], *, crediting: dict[str, Any] | None = None, **mechanisms: Any) -> Scenario:
    """A flat firm of six reps of different talent, always open, who sell in one stage of two hours."""
    cells = [
        {"region": region, "segment": "large", "needs_per_week": 6.0, "accounts": 40,
         "value": {"median": 20000.0, "log_sd": 1.0}, "products": {"machine": 1.0, "service": 1.0}}
        for region in ("east", "north", "west")
    ]  # fmt: skip
    rule = {"hours": 0.0, "discipline": 0.0}
    return small(
        calendar={"start": "2026-01-01", "horizon_days": 120.0, "drain_days": 60.0, "hours_per_week": None},
        mechanisms={"skill": {}, "lead_sharing": rule, **mechanisms},
        demand={"kind": "synthetic", "cells": cells},
        stages=[{"name": "visit", "effort_hours": 2.0, "pass_probability": P, "customer_delay_days": 12.0}],
        plans={"field": {"components": components, **({"crediting": crediting} if crediting else {})}},
        designs={"flat": {"structure": "flat", "partition": "none", "reps": 6, "pay": {"rep": "field"}}},
        organisation={"list_overlap": 0.0},
        people={"rep": {"count": 6, "skill_sd": SKILL}},
    )


def met(scenario: Scenario) -> Ledger:
    """The first world of a seed, met by the firm."""
    return simulate(build("flat", scenario), draw_world(scenario, seed=3, replication=0))


def passed_on(ledger: Ledger) -> pd.DataFrame:
    """Leads that were passed on."""
    return ledger.handovers[(ledger.handovers["reason"] == "passed on").to_numpy()].set_index("lead")


def talents(ledger: Ledger) -> pd.Series:
    """By person, log-odds as the gates have them."""
    return ledger.gates.groupby(ledger.gates["party"].astype(str))["skill"].first()


def test_in_a_pool_every_lead_goes_to_the_best_as_long_as_customers_wait():
    """Interest that never dies: whoever has it, the most talented is likelier to win, and a share of the pool is all
    that anybody gets. Nobody else works on anything."""
    ledger = met(firm({"team": TEAM}))
    off = met(switch_off(firm({"team": TEAM}), "lead_sharing"))
    best = talents(off).idxmax()
    assert set(ledger.gates["party"].astype(str)) == {best}
    passed = passed_on(ledger)
    assert set(passed["to"].astype(str)) == {best}
    owners = off.leads.set_index("lead")["owner"].astype(str)
    assert set(passed.index) >= set(
        owners.index[(owners != best) & off.leads.set_index("lead")["first_contact_h"].notna()]
    )
    assert not (passed["from"].astype(str) == best).any()
    known = ledger.leads.set_index("lead")["known_h"][passed.index]
    np.testing.assert_allclose(passed["at_h"], known, rtol=1e-9)


def test_plain_commission_hoards():
    """What a colleague wins pays nothing: the run is that of the mechanism off, to the bit."""
    scenario = firm({"own": COMMISSION}, interest={"kind": "exponential", "median_hours": 24.0})
    one, other = met(scenario), met(switch_off(scenario, "lead_sharing"))
    pd.testing.assert_frame_equal(one.work, other.work)
    pd.testing.assert_frame_equal(one.leads, other.leads)
    assert passed_on(one).empty


@pytest.mark.parametrize(("rate", "most"), [(0.0, 5), (0.002, 4), (0.004, 1), (0.01, 0)])
def test_commission_beside_a_pool_is_lost_with_the_lead(rate, most):
    """Passed on if and only if (s/n) · p₁ > (c + s/n) · p for the best of the colleagues: by hand, from the talents.

    The value of the deal drops out, and so does who owns the list.
    """
    components = {"team": TEAM, "own": {**COMMISSION, "rate": rate}}
    scenario = firm(components)
    skill = talents(met(switch_off(scenario, "lead_sharing")))
    chance = {rep: shifted(P, x) for rep, x in skill.items()}
    assert len(chance) == 6
    share, best = 0.06 / 6, max(chance, key=lambda rep: chance[rep])
    gives = {rep for rep in chance if share * chance[best] > (rate + share) * chance[rep] and rep != best}
    passed = passed_on(met(scenario))
    assert set(passed["from"].astype(str)) == gives
    assert set(passed["to"].astype(str)) <= {best}
    assert len(gives) == most


def test_a_part_of_the_credit_is_worth_a_lead_where_the_colleague_is_that_much_better():
    """With three tenths of the credit for who passes it on, p₁ · .3 must be more than p: given up only by reps less
    than a third as likely to win as the best. Then both have their part, by the hours of a briefing."""
    crediting = {"owner": 0.7, "helpers": 0.3}
    scenario = vary(
        firm({"own": COMMISSION}, crediting=crediting, lead_sharing={"hours": 0.1, "discipline": 0.0}),
        {"people.rep.skill_sd": 2.0},
    )
    skill = talents(met(switch_off(scenario, "lead_sharing")))
    chance = {rep: shifted(P, x) for rep, x in skill.items()}
    most = max(chance.values())
    ledger = met(scenario)
    passed = passed_on(ledger)
    gives = {rep for rep, p in chance.items() if 0.3 * most > p}
    assert gives
    assert set(passed["from"].astype(str)) <= gives
    parts = ledger.credits.assign(share=ledger.credits["share"].astype(str))
    shared = parts[parts["lead"].isin(passed.index)].groupby("lead")["share"].agg(lambda some: tuple(sorted(some)))
    assert len(shared) > 20
    assert (shared == ("3/10", "7/10")).all()
    briefed = ledger.work[ledger.work["activity"] == "briefing"]
    hours = (briefed["end_h"] - briefed["start_h"]).groupby(briefed["lead"]).sum()
    np.testing.assert_allclose(hours, 0.1, atol=1e-5)
    assert set(briefed["party"].astype(str)) == set(passed["from"].astype(str))


def test_who_has_too_much_on_the_desk_gives_leads_to_who_has_time():
    """Equal talents: what parts them is the wait alone. With a pool leads go from long queues to shorter ones, the
    customers wait less, and more are won; where interest never dies, nobody has a reason to."""
    scenario = vary(
        firm({"team": TEAM}, interest={"kind": "exponential", "median_hours": 100.0}),
        {"people.rep.skill_sd": 0.0, "stages.visit.effort_hours": 40.0, "stages.visit.effort_scv": 1.0},
    )
    on, off = met(scenario), met(switch_off(scenario, "lead_sharing"))
    assert len(passed_on(on)) > 50
    on_wait, off_wait = (float((one.leads["first_contact_h"] - one.leads["known_h"]).mean()) for one in (on, off))
    assert on_wait < off_wait
    assert (on.leads["outcome"] == "won").sum() > (off.leads["outcome"] == "won").sum()
    assert passed_on(met(switch_off(scenario, "interest"))).empty


def test_on_fixed_pay_only_those_share_who_care_for_the_firm():
    """No plan and no discipline: off, to the bit; with discipline to the best, as for a pool."""
    scenario = vary(firm({"own": COMMISSION}), {"designs.flat.pay": {}})
    one, other = met(scenario), met(switch_off(scenario, "lead_sharing"))
    pd.testing.assert_frame_equal(one.work, other.work)
    caring = met(vary(scenario, {"mechanisms.lead_sharing.discipline": 0.01}))
    assert set(caring.gates["party"].astype(str)) == {talents(other).idxmax()}
