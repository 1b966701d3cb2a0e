"""One design becomes another: whose seat is whose, and what passes in which wave."""

from itertools import product

import numpy as np
import pytest

from simlib.errors import DesignError, ScenarioError
from simlib.org import Organisation, build
from simlib.org.lists import holders
from simlib.org.organisation import GONE
from simlib.scenario import Scenario, vary
from simlib.world import draw_world
from tests.worlds import DESIGNS, small


def changing(one: str, other: str, waves: int = 1) -> Scenario:
    """The small market in which one design becomes another after a week."""
    change = {"design": other, "on_day": 7.0, "waves": waves, "every_days": 5.0}
    return vary(small(), {"designs.reformed.becomes": None, f"designs.{one}.becomes": change})


def owners(organisation: Organisation, scenario: Scenario) -> np.ndarray:
    """Whose each need's account is, on the first leg."""
    needs = draw_world(scenario, seed=4, replication=0).needs
    return holders(organisation, organisation.legs[0], needs.cell, needs.account_share)[0]


STAYING = [name for name in DESIGNS if name != "reformed"]


@pytest.mark.parametrize(("one", "other"), list(product(("pyramid", "pooled", "small_firm"), STAYING)))
def test_every_account_has_one_owner_in_every_wave_and_passes_once(one, other):
    """From wave to wave a larger part of the accounts belongs to whom the new design gives them, the others to whom
    they belonged; nobody is without a seller, and in the end all is as in the new design."""
    scenario = changing(one, other, waves=3)
    try:
        organisation = build(one, scenario)
    except DesignError as error:
        # a relay cannot be joined half way, and without owners no account passes
        assert "other stages" in str(error) or "routing 'least_loaded'" in str(error)  # noqa: PT017
        return
    accounts = draw_world(scenario, seed=4, replication=0).needs.account
    before, *phases = (owners(each, scenario) for each in (organisation, *(p.organisation for p in organisation.later)))
    assert [phase.day for phase in organisation.later] == [14.0, 19.0, 24.0]
    after = phases[-1]
    passed = np.zeros(len(before), dtype=bool)
    for wave, now in enumerate(phases, start=1):
        assert (now >= 0).all()
        assert ((now == before) | (now == after)).all()
        assert (now == after)[passed].all()
        passed = now == after
        of_accounts = np.unique(accounts[before != after], return_index=True)[1]
        if len(of_accounts):
            share, chance = passed[before != after][of_accounts].mean(), np.sqrt(2 / 9 / len(of_accounts))
            assert abs(share - wave / 3) < 3.3 * chance  # 99.9%
    assert passed.all()


def test_in_the_end_it_is_the_new_design_with_other_numbers():
    """As many seats of every role, with the same customers, bosses' roles and authority; who has no seat is gone."""
    scenario = changing("pyramid", "matrix")
    organisation, other = build("pyramid", scenario), build("matrix", scenario)
    settled = organisation.later[-1].organisation
    there = [position for position in settled.positions if position.role != GONE]
    assert len(there) == len(other.positions)

    def told(positions, named):
        roles = {position.id: position.role for position in positions}
        return sorted(
            (p.role, p.unit, str(p.scope), str(p.authority), roles.get(p.boss, ""), roles.get(p.second_boss, ""))
            for p in named
        )

    assert told(settled.positions, there) == told(other.positions, other.positions)
    assert sorted(len(desk.positions) for desk in settled.desks) == sorted(len(d.positions) for d in other.desks)
    ids = [position.id for position in settled.positions]
    assert len(set(ids)) == len(ids)
    assert ids[: len(organisation.positions)] == [position.id for position in organisation.positions]


def test_a_design_that_becomes_itself_is_what_it_was():
    """No seat is gone, none comes, nobody has another place."""
    organisation = build("hybrid", changing("hybrid", "hybrid"))
    (phase,) = organisation.later
    assert phase.organisation.positions == organisation.positions
    assert phase.organisation.desks == organisation.desks


def test_stints_tell_how_long_a_seat_exists():
    """Seats of both designs exist throughout; the others to or from the change that gives them up or brings them."""
    organisation = build("pyramid", changing("pyramid", "flat", waves=2))
    stints = organisation.stints
    assert len(stints) > len(organisation.positions)
    assert {stint.from_day for stint in stints[len(organisation.positions) :]} == {14.0}
    bosses_gone = [stint for stint in stints if stint.to_day is not None]
    assert bosses_gone
    assert {stint.to_day for stint in bosses_gone} == {14.0}
    assert all(stint.position.role not in ("rep", GONE) for stint in bosses_gone)


def test_who_has_customers_to_give_up_stays_until_the_last_wave():
    """A design with fewer reps: those without a seat keep what has not passed, and go with the last wave."""
    scenario = vary(changing("flat", "geographic", waves=2), {"designs.flat.reps": 12, "designs.geographic.reps": 6})
    organisation = build("flat", scenario)
    first, last = (phase.organisation for phase in organisation.later)
    extra = [seat for seat in organisation.reps if last.positions[seat].role == GONE]
    assert len(extra) == 6
    assert all(first.positions[seat].scope for seat in extra)
    assert {organisation.stints[seat].to_day for seat in extra} == {19.0}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"design": "flatt"}, "designs.pyramid.becomes.design: got 'flatt'"),
        ({"design": "reformed"}, "which becomes another design itself"),
        ({"design": "flat", "on_day": 900.0}, "must be before their end"),
        ({"design": "flat", "waves": 0}, "waves: got 0"),
    ],
)
def test_a_change_that_cannot_be_is_refused_with_its_place(change, told):
    """An unknown design, a chain, a day behind the end, no wave."""
    with pytest.raises(ScenarioError, match=told):
        vary(small(), {"designs.pyramid.becomes": change})


def test_a_relay_cannot_be_joined_half_way():
    """A rep from end to end who becomes an opener would serve two parts of the way at once: said, with the way out."""
    with pytest.raises(DesignError, match=r"designs\.geographic\.becomes\.waves: .* must be 1"):
        build("geographic", changing("geographic", "functional", waves=2))
