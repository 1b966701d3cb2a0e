"""Opening quotas: what a seat's customers are expected to sign, and a firm's target broken down to seats."""

import math
from fractions import Fraction

import pytest

from simlib.org.potential import broken_down, expected_a_week, opening_quotas
from simlib.org.structures import build
from simlib.scenario import load_scenario, vary
from simlib.scenario.pay import Quota

WEEKS = 365 / 7


@pytest.fixture
def firm(root):
    """The small firm, all of whose numbers are stated."""
    return load_scenario(root / "scenarios" / "quick_start.yaml")


def by_hand(scenario, on):
    """The same sum without arrays: Σ cells, products needs · share · mean value · known · odds · sound (· margin)."""
    known = 0.5 + 0.5 * 0.7
    odds = math.prod(stage.pass_probability for stage in scenario.stages)
    total = 0.0
    for cell in scenario.demand.cells:
        for product, weight in cell.products.items():
            factor = scenario.market.products[product].value_factor
            mean = cell.value.median * factor * math.exp(cell.value.log_sd**2 / 2)
            share = cell.needs_per_week * weight / sum(cell.products.values()) * known * odds
            worth = {"deals": 1.0, "revenue": mean * 0.92, "margin": mean * 0.92 * 0.35}[on]
            total += share * worth
    return total


@pytest.mark.parametrize("on", ["deals", "revenue", "margin"])
def test_what_is_expected_a_week(firm, on):
    """Over all cells the sum worked out one by one; size bands part it and change nothing of it."""
    organisation = build("pyramid", firm)
    assert expected_a_week(on, firm, organisation.cells).sum() == pytest.approx(by_hand(firm, on))
    banded = vary(firm, {"market.size_bands": [20000.0, 80000.0]})
    cells = build("pyramid", banded).cells
    assert expected_a_week(on, banded, cells).sum() == pytest.approx(by_hand(firm, on))


def test_potentials_of_disjoint_lists_sum_to_the_markets(firm):
    """Every account is somebody's own, so a quarter's quotas by potential are the market's, but for rounding."""
    organisation = build("pyramid", vary(firm, {"organisation.list_overlap": 0.0}))
    quotas = opening_quotas(Quota(method="potential"), organisation, firm, organisation.reps)
    quarter = by_hand(firm, "revenue") * WEEKS / 4 * 100
    assert float(sum(quotas.values())) == pytest.approx(quarter, abs=len(quotas))
    stretched = opening_quotas(Quota(method="potential", stretch=1.1), organisation, firm, organisation.reps)
    assert stretched == {seat: amount * Fraction(11, 10) for seat, amount in quotas.items()}


def test_who_has_no_customers_has_no_potential(firm):
    """Bosses who only manage are left out; a stated amount is everybody's."""
    organisation = build("pyramid", firm)
    seats = range(len(organisation.positions))
    assert set(opening_quotas(Quota(method="potential"), organisation, firm, seats)) == set(organisation.reps)
    stated = opening_quotas(Quota(amount=1000.0, stretch=1.5), organisation, firm, seats)
    assert stated == dict.fromkeys(seats, Fraction(150_000))
    deals = opening_quotas(Quota(on="deals", method="history", amount=7.0), organisation, firm, seats)
    assert set(deals.values()) == {7}


def test_a_firms_amount_is_broken_down_level_by_level(firm):
    """Equally: regions alike, in each its units, in each its seats; by weight in proportion; both sum to the whole."""
    organisation = build("pyramid", firm)
    seats = organisation.reps
    equal = broken_down(Fraction(900), organisation, seats, {})
    regions = {}
    for seat, amount in equal.items():
        home = organisation.positions[seat].home
        regions[home] = regions.get(home, 0) + amount
    assert set(regions.values()) == {Fraction(900, len(regions))}
    weights = {seat: Fraction(number + 1) for number, seat in enumerate(seats)}
    by_weight = broken_down(Fraction(900), organisation, seats, weights)
    whole = sum(weights.values())
    assert by_weight == {seat: 900 * weight / whole for seat, weight in weights.items()}
    assert sum(equal.values()) == sum(by_weight.values()) == 900


def test_top_down_follows_the_potential_or_is_shared_equally(firm):
    """A target of a million: seats in proportion to their potential, or level by level alike."""
    organisation = build("pyramid", firm)
    potential = opening_quotas(Quota(method="potential"), organisation, firm, organisation.reps)
    down = opening_quotas(Quota(method="top_down", amount=1e6), organisation, firm, organisation.reps)
    whole = sum(potential.values())
    assert down == {seat: 100_000_000 * amount / whole for seat, amount in potential.items()}
    alike = opening_quotas(
        Quota(method="top_down", amount=1e6, broken_down="equally"), organisation, firm, organisation.reps
    )
    assert alike == broken_down(Fraction(100_000_000), organisation, organisation.reps, {})


def test_a_log_has_no_stated_values(firm, root):
    """Who asks for a replay's potential all the same is told so."""
    replay = load_scenario(root / "scenarios" / "my_crm.yaml")
    with pytest.raises(ValueError, match="got a replay, must be stated demand"):
        expected_a_week("revenue", replay, build("pyramid", firm).cells)
