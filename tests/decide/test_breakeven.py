"""Break-even: the factor of an input at which two designs are level, by reruns and by formula."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simlib.decide.breakeven import Estimate, break_even, money_break_even
from simlib.errors import SimlibError


def around(mean: float) -> Estimate:
    """An estimate with this mean."""
    return mean, mean - 1, mean + 1


def test_log_linear_difference_is_found_exactly() -> None:
    """If the difference is linear in the factor's logarithm so is the interpolation: 5 + 10 ln f is zero at e^-0.5."""
    (found,) = break_even(
        lambda _, factor: around(5 + 10 * math.log(factor)), ["stages.0.effort_hours"], at_one=around(5)
    )
    assert found.below == pytest.approx(math.exp(-0.5))
    assert found.above is None
    assert not found.holds
    assert str(found) == "stages.0.effort_hours: flips at x0.607"
    assert [point[0] for point in found.points] == [0.5, 0.71, 1, 1.41, 2]


def test_search_ends_at_the_first_crossing() -> None:
    """Reruns are dear: beyond the factor that flips the answer none is made."""
    asked = []

    def difference(path: str, factor: float) -> Estimate:
        asked.append(factor)
        return around(1 - 10 * abs(math.log(factor)))

    (found,) = break_even(difference, ["a"], at_one=around(1))
    assert sorted(asked) == [0.71, 1.41]
    assert found.below == pytest.approx(math.exp(-0.1))
    assert found.above == pytest.approx(math.exp(0.1))


def test_holds() -> None:
    """No change of sign from half to double: said so, with the range tried; one that shrinks to zero does flip."""
    steady, level = (
        break_even(lambda path, factor, end=end: around(-3 if factor < 2 else end), ["x"], at_one=around(-3))[0]
        for end in (-0.1, 0.0)
    )
    assert steady.holds
    assert str(steady) == "x: holds from x0.5 to x2"
    assert level.above == pytest.approx(2)


def test_forbidden_factor_narrows_the_range() -> None:
    """A share of .6 cannot be doubled: what is claimed ends at what was tried."""
    (found,) = break_even(lambda _, factor: around(4) if factor * 0.6 <= 1 else None, ["p"], at_one=around(4))
    assert str(found) == "p: holds from x0.5 to x1.41"


def test_already_level() -> None:
    """Designs that are level as stated flip at 1, without a rerun."""
    (found,) = break_even(lambda _, factor: pytest.fail("asked"), ["p"], at_one=around(0))
    assert (found.below, found.above) == (1, 1)
    assert str(found) == "p: flips at x1"


def test_each_path_by_itself() -> None:
    """One answer for each path, in order."""
    found = break_even(
        lambda path, factor: around(1 + (factor - 1) * {"a": 0, "b": -2}[path]), ["a", "b"], at_one=around(1)
    )
    assert [(each.path, each.holds) for each in found] == [("a", True), ("b", False)]


def test_faults() -> None:
    """A factor of zero or an undefined difference is refused."""
    with pytest.raises(SimlibError, match="ladder: got 0"):
        break_even(lambda *_: around(1), ["a"], at_one=around(1), ladder=[0])
    with pytest.raises(SimlibError, match="difference as stated: got a mean of nan"):
        break_even(lambda *_: around(1), ["a"], at_one=around(math.nan))
    with pytest.raises(SimlibError, match=r"difference a x 0\.71"):
        break_even(lambda *_: around(math.nan), ["a"], at_one=around(1))


MONEY = ("value", "people", "travel_hours", "unsound", "discounts")


def figures(parts: dict[str, float], *, margin: float, visit_hour: float, loss_share: float) -> dict[str, float]:
    """The books of a design, from what it does and the parameters that put a price on it."""
    travel, loss = visit_hour * parts["travel_hours"], loss_share * parts["unsound"]
    selling = parts["people"] + travel
    return {
        "contribution": margin * parts["value"] - parts["discounts"] - selling - loss,
        "selling_cost": selling,
        "loss_unsound": loss,
        "discounts": parts["discounts"],
        "cost_travel": travel,
        "cost_marketing": 0.0,
        "cost_tools": 0.0,
        "cost_training": 0.0,
    }


@given(
    st.fixed_dictionaries({name: st.floats(0, 1e3) for name in MONEY}),
    st.fixed_dictionaries({name: st.floats(0, 1e3) for name in MONEY}),
)
def test_money_break_even_balances_the_books(first: dict[str, float], second: dict[str, float]) -> None:
    """Multiplying the parameter by its break-even factor makes the two designs contribute the same."""
    prices = {"margin": 0.3, "visit_hour": 15.0, "loss_share": 0.8}
    names = {"costs.margin": "margin", "costs.visit_hour": "visit_hour", "costs.unsound_loss_share": "loss_share"}
    found = money_break_even(figures(first, **prices), figures(second, **prices))
    for each in found:
        if each.factor is None or each.factor > 1e6:
            continue
        name = names[each.path]
        changed = {**prices, name: prices[name] * each.factor}
        one, other = figures(first, **changed)["contribution"], figures(second, **changed)["contribution"]
        assert one == pytest.approx(other, abs=1e-5)


def test_money_break_even_known() -> None:
    """A earns 100 more at margin .5 (value 400 more, people 60 and discounts 40 more): level at half the margin;
    travel and losses are equal, so no visit hour and no loss share can make them level."""
    a = figures(dict(zip(MONEY, (1000, 160, 10, 5, 40), strict=True)), margin=0.5, visit_hour=1, loss_share=1)
    b = figures(dict(zip(MONEY, (600, 100, 10, 5, 0), strict=True)), margin=0.5, visit_hour=1, loss_share=1)
    found = {each.path: each.factor for each in money_break_even(a, b)}
    assert found["costs.margin"] == pytest.approx(0.5)
    assert found["costs.visit_hour"] is None
    assert found["costs.unsound_loss_share"] is None


def test_money_break_even_beyond_zero() -> None:
    """If only a negative price would level them, there is no break-even; a missing figure is named."""
    a = figures(dict(zip(MONEY, (1000, 100, 10, 0, 0), strict=True)), margin=1, visit_hour=1, loss_share=1)
    b = figures(dict(zip(MONEY, (500, 100, 20, 0, 0), strict=True)), margin=1, visit_hour=1, loss_share=1)
    assert {each.path: each.factor for each in money_break_even(a, b)}["costs.visit_hour"] is None
    with pytest.raises(SimlibError, match="means: got no contribution"):
        money_break_even({}, b)
