"""Hours that people spend with each other (S2, S8, P17), credit they quarrel about (X5), rules of engagement (X1)."""

import pandas as pd
import pytest
from simpy import Environment

from simlib.ledger import Journal, Ledger
from simlib.model.desk import Desk, Task, Timesheet
from simlib.model.person import Person
from simlib.model.team_desk import TeamDesk
from simlib.org import build
from simlib.org.links import links
from simlib.runs import simulate
from simlib.scenario import Scenario, vary
from simlib.units import OfficeHours
from simlib.world import draw_world
from tests.worlds import STEADY, small, steady


def ledger_of(scenario: Scenario, name: str) -> Ledger:
    """The first world of a seed, met by one design."""
    return simulate(build(name, scenario), draw_world(scenario, seed=5, replication=0))


def meeting_hours(ledger: Ledger) -> list[float]:
    """Hours of coordination by seat."""
    work = ledger.work[ledger.work["activity"] == "meeting"]
    hours = (work["end_h"] - work["start_h"]).groupby(work["party"].astype(str)).sum()
    return hours.reindex(ledger.seats["party"].astype(str), fill_value=0.0).tolist()


def alone(coordination: dict, **changes) -> Scenario:
    """Only coordination acts, in ten weeks."""
    return small(mechanisms={"coordination": coordination}, people={"rep": {"count": 9}}, **changes)


def test_a_matrix_rep_sits_in_two_meetings():
    """One hour a week with each boss: ten or twenty hours in ten weeks; a boss of nobody would sit in none."""
    scenario = alone({"meeting_hours": 1.0})
    organisation = build("matrix", scenario)
    hours = meeting_hours(ledger_of(scenario, "matrix"))
    for number, spent in enumerate(hours):
        reports = any(number in organisation.bosses(other) for other in range(len(hours)))
        assert spent == 10 * (len(organisation.bosses(number)) + reports)
    assert {hours[rep] for rep in organisation.reps} == {20.0}


def test_the_cadence_of_meetings_is_kept():
    """Every fortnight there are half as many; a daily one is left out on days off, and where long work goes on."""
    weekly, fortnightly, daily = (
        sum(meeting_hours(ledger_of(alone({"meeting_hours": 0.5, "meeting_every_days": days}), "flat")))
        for days in (7.0, 14.0, 1.0)
    )
    assert fortnightly == weekly / 2
    assert 0.95 * 5 * weekly < daily <= 5 * weekly


def test_talks_take_the_hours_of_boss_and_report():
    """A quarter of an hour a week with each of k reports is k quarters of the boss's, and one of each report's."""
    scenario = alone({"report_hours_per_week": 0.25})
    organisation = build("pyramid", scenario)
    hours = meeting_hours(ledger_of(scenario, "pyramid"))
    for number, spent in enumerate(hours):
        reports = sum(number in organisation.bosses(other) for other in range(len(hours)))
        assert spent == 2.5 * (reports + len(organisation.bosses(number)))


def test_links_take_hours_in_proportion():
    """Half an hour a week on each link, as counted before the run."""
    scenario = alone({"link_hours_per_week": 0.5})
    organisation = build("product_line", scenario)
    hours = meeting_hours(ledger_of(scenario, "product_line"))
    assert hours == pytest.approx((5 * links(organisation)).tolist(), abs=1e-4)
    assert max(hours) > 5


def test_meetings_come_before_all_other_work():
    """While a meeting waits for somebody, nothing else is begun at the desk, whatever lies on it."""
    ledger = ledger_of(steady(), "pyramid")
    assert (ledger.work["lead"][ledger.work["activity"] == "meeting"] == -1).all()
    waited = 0
    for _, rows in ledger.waits[ledger.waits["end"] == "served"].groupby("desk", observed=True):
        meeting = (rows["kind"] == "meeting").to_numpy()
        others = rows["to_h"].to_numpy()[~meeting]
        for row in rows[meeting].itertuples():
            assert not ((others >= row.from_h) & (others < row.to_h)).any()
            waited += row.to_h > row.from_h + 24
    assert waited > 3


def test_more_meetings_than_time_leave_nobody_behind():
    """Forty hours of meetings a day: everybody meets all day, misses most, and the firm sells nothing."""
    scenario = small(mechanisms={**STEADY, "coordination": {"meeting_hours": 40.0, "meeting_every_days": 1.0}})
    ledger = ledger_of(scenario, "flat")
    meetings = ledger.waits[ledger.waits["kind"] == "meeting"]
    assert (meetings["end"] == "dropped").mean() > 0.5
    assert (ledger.leads["outcome"] != "won").all()


def test_at_a_team_desk_everybody_meets_where_hours_are_endless():
    """With queueing off nobody sits in for a colleague."""
    scenario = small(mechanisms={"queueing": "off", "coordination": {"meeting_hours": 1.0}})
    organisation, hours = build("pooled", scenario), meeting_hours(ledger_of(scenario, "pooled"))
    assert {hours[rep] for rep in organisation.reps} == {10.0}


@pytest.mark.parametrize("name", ["pooled", "agile"])
def test_at_a_team_desk_everybody_meets_in_person(name):
    """A weekly hour with the boss is ten hours of each report in ten weeks, though whoever is free serves customers;
    also in squads that are formed anew."""
    scenario = alone({"meeting_hours": 1.0})
    organisation, hours = build(name, scenario), meeting_hours(ledger_of(scenario, name))
    bosses = {boss for seat in range(len(hours)) for boss in organisation.bosses(seat)}
    assert max(len(desk.positions) for desk in organisation.desks) > 1
    assert {hours[seat] for seat in range(len(hours)) if seat not in bosses} == {10.0}


def test_at_a_team_desk_those_settle_who_are_in_conflict():
    """Whoever settles over a lead has a conflict about it, and for no more hours."""
    ledger, _ = quarrels(0.0)
    work = ledger.work[ledger.work["activity"] == "settling"]
    spent = (work["end_h"] - work["start_h"]).groupby([work["lead"], work["party"].astype(str)]).sum()
    rows = ledger.conflicts
    due = rows.groupby(["lead", rows["party"].astype(str)])["hours"].sum()
    assert len(spent) > 20
    assert (spent <= due.reindex(spent.index, fill_value=0.0) + 1e-6).all()


def test_a_list_of_ones_own_comes_before_the_queue_and_moves_along():
    """Of two at a desk the absent one's meeting waits for him while the other serves; when he changes desk it goes
    along, and to a desk of his own too."""
    env, journal = Environment(), Journal()
    always, late = OfficeHours(range(40), 24.0), OfficeHours(range(2, 40), 24.0)
    there, absent = Person(0, 0, always, 0.0), Person(1, 1, late, 0.0)
    sheet = Timesheet(env, journal, lambda task, _: (0.0, task.effort_h))
    team, other, alone = TeamDesk(0, [there, absent], sheet), TeamDesk(1, [], sheet), Desk(2, [], sheet)
    began: list[tuple[int, float]] = []

    def ask(number: int, key: tuple[float, ...], person: Person | None = None) -> Task:
        task = Task(env, number, 0, key)
        task.effort_h, task.person = 5.0, person
        assert task.callbacks is not None
        task.callbacks.append(lambda event: began.append((number, task.started)))
        return team.submit(task)

    for number in range(3):
        ask(number, (0, number))
    ask(3, (-2, 0), absent)
    ask(4, (-2, 0), there)
    env.run(until=30.0)
    assert began == [(4, 0.0), (0, 5.0), (1, 10.0), (2, 15.0)]
    team.move(absent, other)
    other.move(absent, alone)
    env.run(until=100.0)
    assert began[4:] == [(3, 48.0)]


def quarrels(clarity: float, name: str = "pooled") -> tuple[Ledger, pd.DataFrame]:
    """A run in which all unclear shares are disputed, and its conflicts about credit."""
    scenario = vary(
        small(mechanisms={**STEADY, "credit": {"dispute_probability": 1.0, "hours": 2.0}}),
        {f"designs.{name}.clarity": clarity, "organisation.list_overlap": 0.6},
    )
    ledger = ledger_of(scenario, name)
    return ledger, ledger.conflicts[ledger.conflicts["kind"] == "credit"]


def test_all_who_worked_on_a_won_deal_dispute_its_credit():
    """Each party once, two hours each: those between whom it changed hands. Nobody quarrels about a lost deal."""
    ledger, rows = quarrels(0.0)
    hands = {
        lead: set(table["from"].astype(str)) | set(table["to"].astype(str))
        for lead, table in ledger.handovers.groupby("lead")
    }
    won = set(ledger.leads["lead"][ledger.leads["outcome"] == "won"])
    wanted = {(lead, party) for lead, parties in hands.items() if lead in won for party in parties}
    assert set(zip(rows["lead"], rows["party"].astype(str), strict=True)) == wanted
    assert len(rows) == len(wanted) > 20
    assert (rows["hours"] == 2.0).all()
    assert (rows["party"].astype(str) != rows["other"].astype(str)).all()


def test_a_duplicate_pursuit_is_disputed_too():
    """Whoever worked on a lead that a colleague signed wants a share, though it never changed hands in work."""
    ledger, rows = quarrels(0.0, "dealt_out")
    assert (ledger.handovers["reason"] == "passed on").all()  # without a briefing: the giver has no share
    assert len(rows) > 5
    assert set(rows["lead"]) <= set(ledger.leads["lead"][ledger.leads["outcome"] == "won"])


def test_clear_shares_are_not_disputed():
    """Clarity takes its share off: none left at 1, and of the same needs at one half."""
    (_, none), (_, half), (_, every) = (quarrels(clarity) for clarity in (1.0, 0.5, 0.0))
    assert len(none) == 0
    assert 0 < half["lead"].nunique() < every["lead"].nunique()


@pytest.mark.parametrize("engagement", ["keeps", "per_need"])
def test_a_design_may_choose_its_rules_of_engagement(engagement):
    """Stated by the design it is as if the mechanism said it; without it the mechanism does."""
    base = vary(steady(), {"organisation.list_overlap": 0.8})
    other = "keeps" if engagement == "per_need" else "per_need"
    by_design = vary(base, {"designs.dealt_out.engagement": engagement, "mechanisms.overlap.account_owner": other})
    by_mechanism = vary(base, {"mechanisms.overlap.account_owner": engagement})
    one, two = ledger_of(by_design, "dealt_out"), ledger_of(by_mechanism, "dealt_out")
    pd.testing.assert_frame_equal(one.work, two.work)
    assert not one.work.equals(ledger_of(vary(base, {"mechanisms.overlap.account_owner": other}), "dealt_out").work)
