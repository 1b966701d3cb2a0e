"""How long customers are interested: the draw, and the share of them that is left."""

import numpy as np
import pytest

from simlib.model.behaviour import interest_hours, survival
from simlib.scenario.mechanisms import Interest


@pytest.mark.parametrize(
    "interest",
    [
        Interest(kind="exponential", median_hours=30.0),
        Interest(kind="log_logistic", median_hours=30.0, shape=1.7),
        Interest(kind="table", table=((10.0, 0.7), (50.0, 0.2), (90.0, 0.1))),
    ],
)
def test_survival_is_the_inverse_of_the_draw(interest):
    """S(interest_hours(u)) = 1 − u as far as interest dies, falling from 1."""
    u = np.linspace(0.0, 0.89, 40)
    found = [survival(float(hours), interest) for hours in interest_hours(u, interest)]
    np.testing.assert_allclose(found, 1 - u, rtol=1e-12)
    assert survival(0.0, interest) == 1
    assert survival(1e9, interest) == pytest.approx(interest.table[-1][1] if interest.table else 0.0, abs=1e-9)


def test_survival_at_the_edges():
    """Off: for ever. A median of 0: gone with the first wait, there without one."""
    assert survival(1e9, None) == 1
    for kind in ("exponential", "log_logistic"):
        gone = Interest(kind=kind, median_hours=0.0)
        assert survival(0.0, gone) == 1
        assert survival(0.1, gone) == 0
