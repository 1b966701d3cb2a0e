"""scenarios/structures.yaml, the picture book: every structure of the field guide, every mechanism at work."""

from pathlib import Path

from simlib.org import build
from simlib.scenario import load_scenario, value_at
from simlib.scenario.designs import PRESETS
from simlib.scenario.mechanisms import Mechanisms


def test_the_picture_book_has_every_structure_and_every_mechanism(root: Path) -> None:
    """All presets as they are, all mechanisms on that can act, a stated budget that pays for each, the baseline's 24
    reps."""
    scenario = load_scenario(root / "scenarios" / "structures.yaml")
    assert [design.structure for design in scenario.designs.values()] == list(scenario.designs)
    assert set(scenario.designs) == set(PRESETS)
    # Its designs stay as they are, on fixed salaries, and nobody is a customer yet: changes, reactions to pay and
    # retention have nothing to act on, nor what partners do; weights of reasons to leave would be made up.
    off = [name for name in Mechanisms.model_fields if getattr(scenario.mechanisms, name) is None]
    reactions = ["account_effort", "attention", "buying", "career", "discount", "effort", "lead_sharing", "recognition"]
    partners = ["channel_overlap", "complaints", "diversion", "exchange", "own_prices", "partner_effort"]
    partners += ["partner_review", "stock", "support", "trust"]
    others = ["retention", "satisfaction", "teamwork", "timing", "transition"]
    assert sorted(off) == sorted([*reactions, *partners, *others])
    assert scenario.costs.people_per_year is not None
    laid_out = {name: build(name, scenario) for name in scenario.designs}
    assert len(laid_out["pyramid"].reps) == scenario.people.rep.count == 24
    assert all(organisation.payroll_per_year <= organisation.budget_per_year for organisation in laid_out.values())


def test_its_values_have_their_evidence(root: Path) -> None:
    """Every effect on odds is graded a guess, so that doubt is drawn with it."""
    scenario = load_scenario(root / "scenarios" / "structures.yaml")
    effects = (
        *("travel.remote_log_odds", "overlap.confusion", "overlap.crowding", "hand_off.forgotten"),
        *("help.unsolved", "coaching.most", "sponsor.log_odds", "focus.exponent"),
    )
    for name in effects:
        path = f"mechanisms.{name}"
        assert value_at(scenario, path) > 0
        assert scenario.evidence[path].grade == "guess"
