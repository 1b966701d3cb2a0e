"""Random numbers depend on who, what for and which one, and on nothing else."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simlib.world.draws import Dice, child_keys, key


@given(
    seed=st.integers(-(2**70), 2**70),
    replication=st.integers(0, 10**6),
    entity=st.integers(0, 2**64 - 1),
    n=st.integers(0, 50),
)
def test_a_table_holds_the_same_numbers_as_single_draws(seed, replication, entity, n):
    """The cache changes nothing: to the bit."""
    dice = Dice(seed, replication)
    table = dice.table(np.array([entity], dtype=np.uint64), "gate", np.arange(n + 1))
    assert table[0, n] == dice.draw(entity, "gate", n)


def test_numbers_are_uniform_and_unrelated_across_entities_purposes_and_replications():
    """Kolmogorov–Smirnov on 20,000 numbers; correlations within 4.5 standard errors, in every way of counting on."""
    keys = child_keys(key("account", "east"), np.arange(20_000))
    columns = [
        Dice(1, 0).column(keys, "gate"),
        Dice(1, 0).column(keys, "gate", 1),
        Dice(1, 0).column(keys, "value"),
        Dice(1, 1).column(keys, "gate"),
        Dice(0, 0).column(keys, "gate"),
        Dice(1, 0).table(keys[:1], "gate", np.arange(20_000))[0],
    ]
    for column in columns:
        assert stats.kstest(column, "uniform").pvalue > 0.0005
    correlation = np.corrcoef(columns) - np.eye(len(columns))
    assert np.abs(correlation).max() < 4.5 / np.sqrt(20_000)


def test_zero_is_a_seed_like_another():
    """`if seed:` would let 0 mean 'none'."""
    assert Dice(0, 0).draw(1, "gate") != Dice(1, 0).draw(1, "gate")
    assert Dice(0, 0).draw(1, "gate") == Dice(0, 0).draw(1, "gate")


def test_names_do_not_run_together():
    """A key is fixed in width and knows where a part ends and of what type it is."""
    assert len({key("a", "bc"), key("ab", "c"), key("abc"), key("a", "b", "c"), key("1"), key(1)}) == 6


def test_coupling_by_inversion_cuts_the_variance_of_a_difference():
    """Exponential times of means 1 and 1/1.2 from the same numbers: variance of the difference (1 − 1/1.2)² = .02778.

    From independent ones it is 1 + 1/1.44.
    """
    u = Dice(3, 0).column(child_keys(key("customer"), np.arange(200_000)), "service")
    other = Dice(3, 1).column(child_keys(key("customer"), np.arange(200_000)), "service")
    slow, quick, unpaired = -np.log1p(-u), -np.log1p(-u) / 1.2, -np.log1p(-other) / 1.2
    assert abs(np.var(slow - quick) / (1 - 1 / 1.2) ** 2 - 1) < 0.05
    assert abs(np.var(slow - unpaired) / (1 + 1 / 1.44) - 1) < 0.05
