"""Links between sellers of the same accounts, against a count of accounts one by one."""

import time

import numpy as np
import pytest
from hypothesis import given, settings

from simlib.org import Organisation, build
from simlib.org.links import links
from tests.org.test_axes import AXES, laid_out
from tests.worlds import small

ACCOUNTS = 600


def counted(organisation: Organisation) -> np.ndarray:
    """The docstring's sum, account by account and pair by pair."""
    shape = organisation.cells.needs_per_week.shape
    shares = (np.arange(ACCOUNTS) + 0.5) / ACCOUNTS
    depth = max(len(organisation.line(seat)) for seat in range(len(organisation.positions)))
    found = np.zeros(len(organisation.positions))

    def places(seat):
        (part,) = organisation.positions[seat].scope
        at = np.unravel_index(list(part.cells), shape)
        return set(zip(at[0].tolist(), at[2].tolist(), strict=True))

    def on(seat, length):
        (part,) = organisation.positions[seat].scope
        return (shares - part.start) % 1.0 < getattr(part, length)

    def distance(one, other):
        if set(organisation.bosses(one)) & set(organisation.bosses(other)):
            return 1
        common = organisation.common_boss(one, other)
        if common is None:
            return depth + 1
        return max(organisation.line(one).index(common), organisation.line(other).index(common))

    for one in organisation.sellers:
        needs = organisation.workload(one).sum(axis=(1, 3))
        for other in organisation.sellers:
            if one != other and needs.sum():
                mine = on(one, "own")
                common = (mine & on(other, "reach")).sum() / mine.sum()
                weight = sum(needs[place] for place in places(one) & places(other)) / needs.sum()
                found[one] += weight * common * distance(one, other)
    return found


@given(design=AXES)
@settings(max_examples=25)
def test_links_are_those_counted_account_by_account(design):
    """In any organisation: pooled, overlapping, in succession, with bosses who sell and second bosses."""
    organisation = laid_out(**{**design, "reps": min(design["reps"], 14)})
    expected = counted(organisation)
    assert links(organisation) == pytest.approx(expected, rel=0.05, abs=0.4)


def test_sellers_alone_with_their_accounts_have_no_links():
    """One seller per customer and no overlap: nobody need be told anything."""
    assert (links(laid_out("geographic", list_overlap=0.0)) == 0).all()


def test_two_product_lines_meet_at_every_account():
    """S5: one seller of each product in every region. In a line by product the two report to different managers under
    one director, two layers up. In a matrix their boss by region is the same."""
    demand = small().demand.model_dump()
    even = [{**cell, "products": {"machine": 1.0, "service": 1.0}} for cell in demand["cells"]]
    axes = {"reps": 6, "list_overlap": 0.0, "layers": 3}
    designs = {
        "line": {"structure": "product_line", "span": 3, **axes},
        "matrix": {"structure": "matrix", "span": 2, **axes},
    }
    scenario = small(demand={**demand, "cells": even}, designs=designs)
    for name, distance in (("line", 2.0), ("matrix", 1.0)):
        organisation = build(name, scenario)
        assert [links(organisation)[rep] for rep in organisation.reps] == [distance] * 6


def test_without_a_common_boss_a_link_goes_round_the_whole_house():
    """Six reps and no boss: one layer, so two a link."""
    alone = laid_out("product_line", reps=6, list_overlap=0.0, layers=1)
    assert links(alone).tolist() == [2.0] * 6


def test_a_team_desk_links_each_with_all():
    """Everybody may be sent to every account: n - 1 links of one layer."""
    team = laid_out("pooled", reps=5, layers=2, span=10)
    assert [links(team)[rep] for rep in team.reps] == pytest.approx([4.0] * 5)


def test_a_thousand_sellers_are_counted_in_a_second():
    """Vectorised: a table of all with all, in pieces that fit into memory."""
    large = laid_out("matrix", reps=1000)
    began = time.perf_counter()
    links(large)
    assert time.perf_counter() - began < 2.0
