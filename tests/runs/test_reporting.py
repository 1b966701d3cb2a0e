"""Two bosses (S3, X4): both must agree, a dispute takes their hours, their common boss has the last word."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simlib.ledger import Ledger
from simlib.org import Organisation, build
from simlib.runs import simulate
from simlib.scenario import Scenario, switch_off, vary
from simlib.world import draw_world
from tests.runs.test_balance import check
from tests.worlds import STEADY, small

UNSURE = {**STEADY, "approval": {"hours": 1.0, "pass_good": 0.6, "pass_bad": 0.5}}


def matrix(mechanisms=UNSURE, **axes) -> Scenario:
    """A matrix whose reps may decide nothing alone, and whose managers decide everything."""
    design = {"structure": "matrix", "reps": 12, "authority": {"rep": 0.0}, **axes}
    return small(mechanisms=mechanisms, designs={"matrix": design})


def met(scenario: Scenario, seed: int = 5) -> tuple[Organisation, Ledger]:
    """The design laid out, and what it does in the first world of a seed."""
    organisation = build("matrix", scenario)
    return organisation, simulate(organisation, draw_world(scenario, seed=seed, replication=0))


def opinions(organisation: Organisation, ledger: Ledger) -> dict[int, list[tuple[int, bool]]]:
    """By decided lead, who said what, as seat and consent."""
    seat = {str(party): number for number, party in enumerate(ledger.seats["party"])}
    decided = set(ledger.leads["lead"][ledger.leads["outcome"].isin(["won", "lost"])])
    found: dict[int, list[tuple[int, bool]]] = {}
    for row in ledger.decisions.itertuples():
        if row.lead in decided:
            found.setdefault(row.lead, []).append((seat[str(row.party)], row.granted > 0))
    return found


def test_both_must_agree_and_the_common_boss_decides_between_them():
    """Two yes pass, two no do not; where they differ a third opinion is asked, and only that one counts."""
    organisation, ledger = met(matrix())
    declined = set(ledger.leads["lead"][ledger.leads["reason"] == "declined"])
    ways = set()
    for lead, said in opinions(organisation, ledger).items():
        (one, first), (other, second) = said[:2]
        bosses = {organisation.bosses(rep) for rep in organisation.reps}
        assert (one, other) in bosses or (other, one) in bosses
        if first == second:
            assert len(said) == 2
            assert (lead in declined) == (not first)
        elif len(said) == 3:
            assert said[2][0] == organisation.common_boss(one, other)
            assert (lead in declined) == (not said[2][1])
        ways.add((first, second, len(said)))
    assert {(True, True, 2), (False, False, 2)} <= ways
    assert any(len_ == 3 for *_, len_ in ways)


def test_a_dispute_takes_the_hours_of_both_bosses():
    """Conflict of kind dual_reporting: a row for each, at their pay, and the same hours in their work."""
    _, ledger = met(matrix({**UNSURE, "credit": "off"}))
    rows = ledger.conflicts[ledger.conflicts["kind"] == "dual_reporting"]
    assert len(rows) > 10
    assert (rows["hours"] == 1.5).all()
    assert (rows["amount"] > 0).all()
    assert rows.groupby("lead").size().eq(2).all()
    assert set(zip(rows["party"], rows["lead"], strict=True)) == {
        (other, lead) for other, lead in zip(rows["other"], rows["lead"], strict=True)
    }
    work = ledger.work
    settled = work[(work["activity"] == "settling") & work["party"].isin(set(rows["party"]))]
    begun = set(zip(settled["party"], settled["lead"], strict=True))
    assert begun <= set(zip(rows["party"], rows["lead"], strict=True))
    assert (settled["end_h"] - settled["start_h"]).sum() == pytest.approx(1.5 * len(begun), abs=3.0)


def test_the_deal_waits_for_the_later_of_the_two():
    """They are asked at the same instant, and nothing goes on before both have answered."""
    _, ledger = met(matrix())
    asked = ledger.waits[ledger.waits["kind"] == "approval"]
    pairs = asked.groupby("lead")["from_h"].agg(lambda times: times.nsmallest(2).nunique())
    assert (pairs == 1).mean() > 0.9  # a request given up by one boss is not always followed by the other's
    last = ledger.decisions.groupby("lead")["at_h"].max()
    closed = ledger.leads.set_index("lead")["closed_h"]
    gone_on = closed.reindex(last.index).dropna()
    assert (gone_on >= last.reindex(gone_on.index)).all()
    assert len(gone_on) > 20


@pytest.mark.parametrize("layers", [2, 3])
def test_without_somebody_above_both_the_first_boss_decides(layers):
    """Several heads have no common boss; a single head who is the boss himself need not ask himself again."""
    scenario = switch_off(matrix(layers=layers, span=1 if layers == 2 else 40), "attention")  # one pursuit a lead
    organisation, ledger = met(scenario)
    declined = set(ledger.leads["lead"][ledger.leads["reason"] == "declined"])
    disputes = 0
    for lead, said in opinions(organisation, ledger).items():
        by_seat = dict(said)
        assert len(said) == 2
        (boss,) = {
            boss for boss, second in map(organisation.bosses, organisation.reps) if {boss, second} == set(by_seat)
        }
        assert (lead in declined) == (not by_seat[boss])
        disputes += len(set(by_seat.values())) == 2
    assert disputes > 3


def test_off_second_bosses_are_asked_nothing():
    """Only the first boss looks at a deal, with the same eyes as ever."""
    scenario = matrix()
    organisation, ledger = met(switch_off(scenario, "dual_reporting"))
    second = {organisation.bosses(rep)[1] for rep in organisation.reps}
    said = opinions(organisation, ledger)
    assert not second & {seat for row in said.values() for seat, _ in row}
    both = opinions(*met(scenario))
    first = {lead: dict(row) for lead, row in both.items()}
    shared = [lead for lead in said if lead in first and said[lead][0][0] in first[lead]]
    assert len(shared) > 20
    assert all(first[lead][said[lead][0][0]] == said[lead][0][1] for lead in shared)


def test_a_deal_climbs_on_from_where_it_was_decided():
    """Who was asked between two bosses is not asked again on the way up."""
    limits = {"rep": 0.0, "manager": 0.0, "director": 0.0, "executive": 0.0}
    alone = {**UNSURE, "overlap": "off"}  # a colleague's pursuit would ask for itself
    organisation, ledger = met(matrix(alone, layers=4, span=2, authority=limits))
    several = 0
    for said in opinions(organisation, ledger).values():
        seats = [seat for seat, _ in said]
        assert len(seats) == len(set(seats))
        several += len(seats) > 3
    assert several > 5


def test_who_has_only_a_second_boss_asks_him():
    """One layer, no first line: the product manager is the boss."""
    organisation, ledger = met(matrix(layers=1))
    said = opinions(organisation, ledger)
    assert said
    assert all(len(row) == 1 and organisation.bosses(0) for row in said.values())


def test_a_panel_sits_on_the_first_line_only():
    """Two of two managers of the first line and the one second boss: at most three opinions before a dispute."""
    organisation, ledger = met(matrix(panel={"members": 2, "needed": 2}))
    seconds = {organisation.bosses(rep)[1] for rep in organisation.reps}
    for said in opinions(organisation, ledger).values():
        assert sum(seat in seconds for seat, _ in said) == 1


@pytest.mark.slow
@given(
    axes=st.fixed_dictionaries(
        {
            "reps": st.integers(1, 15),
            "layers": st.integers(1, 5),
            "span": st.integers(1, 6),
            "second_line": st.sampled_from(["region", "product", "segment"]),
            "relay": st.integers(1, 3),
            "pooled": st.booleans(),
            "panel": st.sampled_from([{"members": 1, "needed": 1}, {"members": 3, "needed": 2}]),
            "authority": st.sampled_from([{"rep": 0.0}, {"rep": 0.0, "manager": 0.0, "director": 20000.0}]),
            "list_overlap": st.sampled_from([0.0, 1.0]),
        }
    ),
    queueing=st.booleans(),
    notices=st.sampled_from(["leaves_list", "found_at_contact"]),
    seed=st.integers(0, 1000),
)
@settings(max_examples=30)
def test_no_dispute_hangs(axes, queueing, notices, seed):
    """Any second line, any hierarchy down to one person: the books balance, and whoever waits is at a desk.

    An open lead is one for which somebody's task waits or runs when the run ends, or whose customer considers.
    """
    on = {**UNSURE, "interest": {**STEADY["interest"], "notices": notices}}
    scenario = matrix(on if queueing else {**on, "queueing": "off"}, **axes)
    scenario = vary(
        scenario, {f"stages.{name}.customer_delay_days": 0.0 for name in ("contact", "proposal", "closing")}
    )
    _, ledger = met(scenario, seed)
    check(ledger)
    open_leads = set(ledger.leads["lead"][ledger.leads["outcome"] == "open"])
    waiting = set(ledger.waits["lead"][ledger.waits["end"] == "open"])
    end = ledger.frame.end_h
    running = set(ledger.work["lead"][ledger.work["end_h"] > end - 24 * 14])  # whoever has it may be absent
    assert open_leads <= waiting | running
